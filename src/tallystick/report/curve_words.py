"""Words of the charts that are drawn from a report, in English and Chinese."""

from __future__ import annotations

from typing import Final

CURVES: Final[dict[str, tuple[str, str]]] = {
    "plan.more_attached": (
        "What lifts single kinds of promise stands in report.json.",
        "针对单类承诺的改善路径见 report.json。",
    ),
    "attached": (
        "The file report.json in this document holds every figure of it for machines.",
        "本文件附有 report.json，包含全部数字，供程序读取。",
    ),
    "fonts_missing": (
        "Words in scripts for which no font was found are written in Latin letters; report.json has them "
        "as they are.",
        "部分文字因缺少字体以拉丁字母转写，原文见 report.json。",
    ),
    "page_of": ("{n} of {total}", "第 {n} 页，共 {total} 页"),
    "day": ("Day", "日期"),
    "as_table": ("The same as a table", "以表格显示"),
    "handed": ("Documents by day", "每日单据"),
    "handed.desc": (
        "Documents handed in from {first} to {last} (days with any: {n}): {told}.",
        "{first} 至 {last} 共 {n} 天提交的单据：{told}。",
    ),
    "handed.note": (
        "Days (UTC) on which something was handed in, tries left out.",
        "仅列有提交的日期（UTC），不含试读。",
    ),
    "handed.accepted": ("accepted", "已收录"),
    "handed.duplicate": ("known before", "重复"),
    "handed.held": ("held", "搁置"),
    "handed.rejected": ("rejected", "拒绝"),
    "lateness": ("Days from event to report", "事件至提交的天数"),
    "lateness.desc": (
        "Documents with a date, handed in from {first} to {month} (months with any: {n}). In "
        "{month} half came within {median} days of what they tell, nine of ten within {most}.",
        "{first} 至 {month} 提交的有日期单据（共 {n} 个月）。{month} 有一半在事件后 {median} 天内提交，"
        "九成在 {most} 天内。",
    ),
    "lateness.note": (
        "Days from when it was so to when it was handed in; the axis grows by factors. Facts about companies "
        "(registers, certificates) are left out.",
        "自事件发生至提交的天数；纵轴按倍数递增。不含企业事实类单据（登记、证书等）。",
    ),
    "lateness.month": ("Month", "月份"),
    "lateness.p50": ("median", "中位数"),
    "lateness.p90": ("90th percentile", "第 90 百分位"),
    "moved": ("Ratings that moved", "评级变化"),
    "moved.desc": (
        "Of {n} companies with a rating before, {better} moved to a smaller chance of breaking their next "
        "promise, {worse} to a greater one.",
        "{n} 家已有评级的企业中，{better} 家违约概率下降，{worse} 家上升。",
    ),
    "moved.note": (
        "From the ring to the mark: a dot where it got better, a square where it got worse. The {n} widest "
        "moves.",
        "从空心圆到标记：圆点为改善，方块为变差。显示变化最大的 {n} 家。",
    ),
    "moved.before": ("Before", "之前"),
    "moved.after": ("After", "之后"),
    "quarter": ("Quarter", "季度"),
    "fell_due": ("Fell due", "到期项数"),
    "quarters_note": (
        "Dot: share kept; bar through it: {coverage} interval. Below: how many promises fell due and count.",
        "圆点为履约比例，竖线为{coverage}区间；下方为到期并计入的承诺项数。",
    ),
    "quarters.told": (
        "{label}: {kept} of {counted} kept, {share}; interval {low} to {high}",
        "{label}：{counted} 项中履行 {kept} 项，{share}；区间 {low} 至 {high}",
    ),
    "quarters.desc": (
        "Share of promises kept in {n} quarters, {first} to {last}: from {lowest} to {highest}, {latest} in "
        "the newest.",
        "{first} 至 {last} 共 {n} 个季度的履约比例：最低 {lowest}，最高 {highest}，最近一季 {latest}。",
    ),
    "survival": ("How soon it keeps its promises", "履约及时程度"),
    "survival.across": ("days after the due date", "到期后天数"),
    "survival.upwards": ("kept by then", "累计履约比例"),
    "survival.own": ("this company", "该企业"),
    "survival.peers": ("peers", "同类"),
    "survival.sentence": (
        "Of {n} promises with a date, {first} were kept by that date (peers: {first_peers}) and {later} within "
        "{days} days of it (peers: {later_peers}).",
        "{n} 项有期限的承诺中，按期履行 {first}（同类 {first_peers}），到期后 {days} 天内履行 {later}"
        "（同类 {later_peers}）。",
    ),
    "survival.alone": (
        "Of {n} promises with a date, {first} were kept by that date and {later} within {days} days of it. "
        "Nobody else in the book makes such promises.",
        "{n} 项有期限的承诺中，按期履行 {first}，到期后 {days} 天内履行 {later}。"
        "账簿中没有其他企业作出同类承诺。",
    ),
    "survival.told": (
        "within {days} days: {kept} ({low} to {high}), peers {peers}",
        "{days} 天内：{kept}（{low} 至 {high}），同类 {peers}",
    ),
    "survival.note": (
        "Line: share kept so soon; shade: {coverage} interval. Dashes: {peers} promises of the same kinds by "
        "other companies, mixed as its own. What is still open counts for as long as it was watched "
        "(Kaplan–Meier).",
        "实线为履约比例，阴影为{coverage}区间；虚线为其他企业的 {peers} 项同类承诺，按该企业的种类构成加权。"
        "尚未到结果的承诺仅计入已观察的天数（Kaplan–Meier）。",
    ),
    "survival.kinds": ("Kinds of promise with a date: {kinds}.", "有期限的承诺种类：{kinds}。"),
    "days": ("Days", "天数"),
    "concentration": ("With how many it deals", "交易方集中度"),
    "concentration.value": (
        "The largest of {n} counterparties makes {share} of the value of its deals; as concentrated as "
        "{equal} equal ones.",
        "{n} 个交易方中，最大者占交易金额的 {share}；集中程度相当于 {equal} 个规模相同的交易方。",
    ),
    "concentration.deals": (
        "The largest of {n} counterparties makes {share} of its deals; as concentrated as {equal} equal ones.",
        "{n} 个交易方中，最大者占交易笔数的 {share}；集中程度相当于 {equal} 个规模相同的交易方。",
    ),
    "concentration.one": (
        "All of its deals are with one counterparty.",
        "其全部交易仅有一个交易方。",
    ),
    "concentration.number": ("No. {n}", "第 {n} 位"),
    "concentration.others": ("{n} others", "其余 {n} 个"),
    "concentration.share": ("Share", "占比"),
    "concentration.note": (
        "Counterparties are numbered from the largest and not named. A deal counts once, at its highest value.",
        "交易方按规模编号，不列名称。每笔交易仅计一次，取其最高金额。",
    ),
    "deals": ("Deals", "交易笔数"),
    "history": ("Grade over time", "等级变化"),
    "history.desc": (
        "The score from {first} to {last}, {n} changes: {from_grade} at the beginning, {to_grade} at the end.",
        "{first} 至 {last} 的得分，共 {n} 次变化：期初 {from_grade}，期末 {to_grade}。",
    ),
    "history.told": (
        "{day}: {grade}, {score} points ({low} to {high}). {causes}",
        "{day}：{grade}，{score} 分（{low} 至 {high}）。{causes}",
    ),
    "history.note": (
        "Line: score; shade: {coverage} interval; numbers: what changed it, below.",
        "折线为得分，阴影为{coverage}区间；编号对应下列变化原因。",
    ),
    "history.day": ("Day", "日期"),
    "history.causes": ("What changed it", "变化原因"),
    "compare": ("Chance that the next promise is broken", "下一项承诺违约的概率"),
    "compare.desc": ("The interval of each: {each}.", "各企业的区间：{each}。"),
    "compare.told": (
        "{name}: {grade}, {mean} ({low} to {high})",
        "{name}：{grade}，{mean}（{low} 至 {high}）",
    ),
    "compare.company": ("Company", "企业"),
    "factors": ("What makes the difference", "差异来源"),
    "factors.desc": (
        "Points for each reason of {names}; the widest difference: {widest}.",
        "{names} 各项原因的分数；差异最大：{widest}。",
    ),
    "factors.told": ("{text}: {name} {points}", "{text}：{name} {points}"),
}
"""Key -> (English, Chinese)."""
