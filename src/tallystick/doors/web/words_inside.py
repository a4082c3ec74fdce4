"""Words of the pages behind the first look: comparing, one deal, the model, one's own page, handing in."""

from __future__ import annotations

from typing import Final

INSIDE: Final[dict[str, tuple[str, str]]] = {
    # comparing
    "w.x.title": ("Compare companies", "比较企业"),
    "w.x.lead": (
        "Two or three companies side by side: the chance that each breaks its next promise, and what "
        "makes the "
        "difference.",
        "并排比较两家或三家企业：各自下一项承诺违约的概率，以及差异来自哪里。",
    ),
    "w.x.nth": ("Company {n}", "企业 {n}"),
    "w.x.third": ("Company 3 (may be left empty)", "企业 3（可不填）"),
    "w.x.do": ("Compare", "比较"),
    "w.x.better": (
        "{best} is the better risk: a chance of {low} against {high} of {other}.",
        "{best} 的风险较低：违约概率 {low}，{other} 为 {high}。",
    ),
    "w.x.overlap": (
        "{best} looks better than {other} ({low} against {high}), but their intervals overlap: the "
        "evidence does "
        "not part them for sure.",
        "{best} 看来优于 {other}（{low} 对 {high}），但区间重叠：现有证据尚不足以确定。",
    ),
    "w.x.not": (
        "They cannot be ranked: of {names} too little is known.",
        "无法排序：关于 {names} 的证据不足。",
    ),
    "w.x.kinds": ("By kind of promise", "按承诺种类"),
    "w.x.only": (
        "A dash: the company made no such promise, and so cannot be compared in it.",
        "短横表示该企业没有此类承诺，无从比较。",
    ),
    "w.x.facts": ("Side by side", "对照"),
    "w.x.several": (
        "“{q}” may mean several companies. Choose one:",
        "“{q}” 可能指多家企业，请选择：",
    ),
    "w.x.unknown": ("There is no company “{q}”.", "没有名为“{q}”的企业。"),
    "w.x.promises": ("Promises in the record", "记录中的承诺数"),
    # one deal
    "w.d.part": (
        "You see the part of this deal that names you or that you handed in.",
        "您看到的是与您有关或由您提交的部分。",
    ),
    "w.d.ask": (
        "A deal shows names and amounts. Say for which purpose you look: it is logged, and its "
        "companies can read it.",
        "交易详情含名称与金额。请说明查看目的：该查看将被记录，相关企业可以读到。",
    ),
    # the model
    "w.m.lead": (
        "One page for whoever must judge the rating: what it is for, how it works, with which numbers, "
        "and how well "
        "it does.",
        "为需要评估本评级者准备：用途、方法、参数与效果，都在一页。",
    ),
    "w.m.in_force": ("Policy in force", "现行评级规则"),
    "w.m.since": ("Valid from {day}, digest {digest}", "自 {day} 起有效，摘要 {digest}"),
    "w.m.shipped": (
        "It is the policy that comes with the program; none was put in force by the operator.",
        "为程序自带的默认规则；运营方未另行设定。",
    ),
    "w.m.signed": ("Put in force on {day} by {by}: {note}", "{day} 由 {by} 设定：{note}"),
    "w.m.grades": ("Grades and what they mean", "等级及其含义"),
    "w.m.from": ("Chance from", "概率自"),
    "w.m.to": ("to", "至"),
    "w.m.words": ("In words", "说明"),
    "w.m.companies": ("Companies", "企业数"),
    "w.m.companies_note": (
        "How many companies of this book stand where now.",
        "本账簿现有企业在各等级的数量。",
    ),
    "w.m.reasons": ("Reasons and their codes", "原因代码"),
    "w.m.reasons_note": (
        "Each reason adds or takes points; with the base they add up to the score exactly.",
        "每项原因加分或减分，与基准分相加恰为得分。",
    ),
    "w.m.for": ("Speaks for a company when", "有利情形"),
    "w.m.against": ("Speaks against it when", "不利情形"),
    "w.m.validation": ("Does it come true?", "评级是否应验"),
    "w.m.interval": ("95 % interval", "95 % 区间"),
    "w.m.validated": (
        "Validated on {day}, on evidence up to {as_of}.",
        "检验日期 {day}，证据截至 {as_of}。",
    ),
    "w.m.validated_other": (
        "It was made of another policy than the one in force.",
        "该检验针对的不是现行政策。",
    ),
    "w.m.validation_none": (
        "No validation of this book is kept here. The operator makes one with tallystick validate --publish; "
        "figures of other books say nothing certain about this one.",
        "此处没有本账簿的检验结果。运营方可用 tallystick validate --publish 生成；"
        "其他账簿的指标不能代表本账簿。",
    ),
    "w.m.made_with": ("Made with", "生成命令："),
    "w.m.findings": ("What was asked of it, and whether it holds", "检验项目与结论"),
    "w.m.whole": ("The whole validation", "完整检验报告"),
    "w.m.drift": ("Does it drift?", "是否漂移"),
    "w.m.fairness": ("Is it fair to small firms and to every country?", "对小企业与各国是否公平"),
    "w.m.fairness_note": (
        "Observed over expected above 1: more was broken than the rating said, so it is too kind; below 1: too "
        "harsh. False rejection: by how many percentage points more often than all others.",
        "实际/预期大于 1 表示评级过宽，小于 1 表示过严。误拒差：本应履约却低于授信线的比例，与其余企业之差"
        "（百分点）。",
    ),
    "w.m.no_segments": (
        "{what}: of too few companies of this book is it known, so nothing can be said.",
        "{what}：本账簿中已知者太少，无从判断。",
    ),
    "w.m.attack": ("What does it cost to fake?", "伪造评级的代价"),
    "w.m.attacked": (
        "Attacked on {day}, in made-up markets of 400 honest sellers (markets: {n}, {costs}), by somebody who "
        "knows the method and searches for the cheapest way.",
        "攻击测试日期 {day}：在 400 家诚实卖家的模拟市场中（市场数 {n}，{costs}），由熟知方法者寻找最低代价。",
    ),
    "w.m.costs.lab": ("laboratory prices", "实验室价格"),
    "w.m.costs.market": ("market prices", "市场价格"),
    "w.m.attack_none": (
        "No attack on this rating was published here. The operator makes one with tallystick attack --publish.",
        "此处没有攻击测试结果。运营方可用 tallystick attack --publish 生成。",
    ),
    "w.m.attack_note": (
        "The cheapest way that was found; a cheaper one may exist. “Not found”: no budget that was "
        "tried reached it.",
        "为已找到的最低代价，可能存在更低者；“未达到”表示所试预算均未达到。",
    ),
    "w.m.from_bad": (
        "To lift a bad record (4 of 8 promises broken):",
        "抬升不良记录（8 项承诺违约 4 项）的代价：",
    ),
    "w.m.from_fresh": ("To lift a firm without a record:", "抬升无记录企业的代价："),
    "w.m.rating": ("Rating", "评级方法"),
    "w.m.mark_80": ("above 80 % of sellers", "超过 80 % 的卖家"),
    "w.m.mark_grade": ("one grade better", "提高一级"),
    "w.m.not_found": ("not found", "未达到"),
    "w.m.slander": (
        "To harm an honest firm: its percentile among honest sellers, before and after.",
        "抹黑诚实企业：其在诚实卖家中的百分位，攻击前后。",
    ),
    "w.m.scheme": ("Scheme", "手法"),
    "w.m.untouched": ("untouched", "未攻击"),
    "w.m.spent": ("{budget} spent", "花费 {budget}"),
    "w.m.parameters": ("All parameters in words", "全部参数及说明"),
    # my page
    "w.me.title": ("My page", "我的页面"),
    "w.me.account_text": (
        "{login} ({name}), signed in as {role}.",
        "{login}（{name}），以{role}身份登录。",
    ),
    "w.me.company": ("My company as others see it", "他人所见的本企业"),
    "w.me.company_open": ("Open the page as the public sees it", "打开公开页面"),
    "w.me.company_whole": ("Open it with all evidence", "打开含全部证据的页面"),
    "w.me.company_none": ("This account speaks for no company.", "此账户不代表任何企业。"),
    "w.me.improve": ("What the next grade needs", "升至上一等级的条件"),
    "w.me.next": (
        "The next grade up is {grade}: a chance of a broken promise of {most} at most. It is {now} now.",
        "上一等级为 {grade}：违约概率不超过 {most}，目前为 {now}。",
    ),
    "w.me.best": ("It has the best grade there is.", "已是最高等级。"),
    "w.me.next_any": ("Each of these alone would lift the grade:", "以下任一做法即可提升等级："),
    "w.me.next_none": (
        "No single step of those that were tried lifts the grade. These help most:",
        "经试算，任何单项做法均不足以提升等级。以下最有帮助：",
    ),
    "w.me.next_all": (
        "The whole way up, by role and kind of promise",
        "完整的改善路径（按角色与承诺种类）",
    ),
    "w.me.path": ("How the grade came about", "等级变化"),
    "w.me.path_note": (
        "Changes of the grade since it is served here.",
        "自在此展示评级以来的等级变化。",
    ),
    "w.me.path_all": ("All moves, within a grade too", "全部变动（含等级内变动）"),
    "w.me.path_none": (
        "The grade has not changed since it is served here.",
        "自在此展示评级以来，等级未变。",
    ),
    "w.me.views": ("Who looked", "谁查看过"),
    "w.me.views_note": (
        "Looks at what is not public, newest first. Values are not logged, but which version was shown is.",
        "对非公开内容的查看，最新在前。不记录数值，只记录所示版本。",
    ),
    "w.me.views_none": (
        "Nobody else has looked at what is not public.",
        "没有他人查看过非公开内容。",
    ),
    "w.me.views_earlier": ("Earlier looks", "更早的查看"),
    "w.me.shown": ("Who was shown the public page or rating", "谁看到过公开页面或评级"),
    "w.me.shown_row": (
        "{role}: accounts {accounts}, times {times}, last on {last}",
        "{role}：{accounts} 个账户，共 {times} 次，最近一次 {last}",
    ),
    "w.me.shown_none": (
        "Nobody who was signed in, other than you.",
        "除您之外，没有已登录的账户看到过。",
    ),
    "w.me.shown_note": (
        "What is public needs no account and no purpose, so most who read it are not known, and those who are "
        "signed in are counted here without names. They are kept so that a correction reaches them.",
        "公开内容无需账户和目的，因此多数读者未知；已登录者在此只计数、不列名。保留该记录是为了使更正能够送"
        "达。",
    ),
    "w.me.views_own": ("With the looks of my own company", "含本企业自己的查看"),
    "w.me.views_others": ("Only the looks of others", "仅显示他人的查看"),
    "w.look.page": ("company page", "企业页面"),
    "w.look.report": ("report", "报告"),
    "w.look.report file": ("report as a file", "单文件报告"),
    "w.look.report PDF": ("report as PDF", "PDF 报告"),
    "w.look.deals": ("deals", "交易"),
    "w.look.promises": ("promises", "承诺明细"),
    "w.look.explanation": ("explanation of the rating", "评级说明"),
    "w.look.export promises": ("promises of all companies", "全部企业的承诺"),
    "w.look.deal": ("deal {code}", "交易 {code}"),
    "w.me.when": ("When (UTC)", "时间（UTC）"),
    "w.me.who": ("Who", "谁"),
    "w.me.what": ("What", "内容"),
    "w.me.purpose": ("Purpose", "目的"),
    "w.me.keys": ("Keys for programs", "程序密钥"),
    "w.me.keys_none": ("There is no key yet.", "尚无密钥。"),
    "w.me.key_label": ("What it is for", "用途"),
    "w.me.key_scopes": ("What it may do", "权限"),
    "w.me.key_made": ("Made", "创建时间"),
    "w.me.key_state": ("State", "状态"),
    "w.me.key_works": ("works", "有效"),
    "w.me.key_ended": ("revoked", "已撤销"),
    "w.me.key_revoke": ("Revoke", "撤销"),
    "w.me.key_new": ("Make a key", "创建密钥"),
    "w.me.key_all_note": (
        "Tick what the key may be used for; without a tick it may do everything that this account may.",
        "勾选该密钥的用途；不勾选则具有此账户的全部权限。",
    ),
    "w.me.key_once": (
        "This is the key. It is shown once and kept nowhere: copy it now.",
        "密钥如下，仅显示一次且不保存，请立即复制。",
    ),
    "w.c.watch": ("Watch", "关注"),
    "w.c.unwatch": ("Stop watching", "取消关注"),
    "w.me.watches": ("Companies that I watch", "我关注的企业"),
    "w.me.watch_url": ("Webhook", "回调地址"),
    "w.me.watch_end": ("End it", "取消"),
    "w.me.watches_none": (
        "None yet. The button Watch on the page of a company has you told here whenever its rating moves.",
        "尚无。在企业页面点击“关注”，其评级变化时将在此通知。",
    ),
    "w.me.notices": ("Notices", "通知"),
    "w.me.notices_none": ("Nothing to tell.", "没有通知。"),
    # handing in
    "w.h.title": ("Hand evidence in", "提交数据"),
    "w.h.lead": (
        "Orders, shipments, invoices, payments: tables (CSV, Excel), XML, EDIFACT, bank statements, or a zip "
        "of them. Try it first; nothing is taken in until you say so, and all of it can be taken back.",
        "订单、运单、发票、付款：表格（CSV、Excel）、XML、EDIFACT、银行对账单，或其压缩包。可先试读，确认后才收录，"
        "收录后仍可撤回。",
    ),
    "w.h.as": ("You hand in as {name} ({kind}).", "提交方：{name}（{kind}）。"),
    "w.h.nobody": (
        "This account is no contributor: the operator says under which name it hands in.",
        "此账户不是数据提供方：由运营方指定提交名称。",
    ),
    "w.h.file": ("File", "文件"),
    "w.h.file_hint": ("up to 64 MB; drop it here or choose it", "不超过 64 MB；可拖放或选择"),
    "w.h.mapping_label": ("Mapping (TOML)", "映射（TOML）"),
    "w.h.mapping": (
        "Mapping (TOML), only for a table of your own",
        "映射（TOML），仅用于自有格式的表格",
    ),
    "w.h.mapping_hint": (
        "Says which column is what. Have one drafted from your table, look it through, then try it.",
        "说明各列的含义。可由表格自动起草，检查后再试读。",
    ),
    "w.h.draft": ("Draft a mapping", "起草映射"),
    "w.h.try": ("Try it", "试读"),
    "w.h.take": ("Hand it in", "正式提交"),
    "w.h.no_file": ("Choose a file first.", "请先选择文件。"),
    "w.h.drafted": (
        "Draft for {name}. Each line says how sure it is. Look it through; then choose the file again "
        "and try it.",
        "已为 {name} 起草映射，各行注明把握程度。请检查，然后重新选择文件并试读。",
    ),
    "w.h.list": ("What was handed in", "提交记录"),
    "w.h.list_none": ("Nothing yet.", "尚无记录。"),
    "w.h.name": ("File", "文件"),
    "w.h.when": ("Received (UTC)", "收到时间（UTC）"),
    "w.h.state": ("State", "状态"),
    "w.h.accepted": ("Accepted", "已收录"),
    "w.h.duplicate": ("Known before", "重复"),
    "w.h.held": ("Held", "搁置"),
    "w.h.rejected": ("Rejected", "拒绝"),
    "w.state.received": ("in work", "处理中"),
    "w.state.taken": ("taken in", "已收录"),
    "w.state.rated": ("taken in and rated", "已收录并评级"),
    "w.state.checked": ("tried, not taken in", "已试读，未收录"),
    "w.state.failed": ("could not be read", "无法读取"),
    "w.state.retracted": ("taken back", "已撤回"),
    "w.h.filled": ("What the documents hold", "单据字段完整率"),
    "w.h.filled_note": (
        "Shares of the newest {n} documents of the book as it is rated now, most frequent kinds first. A bill "
        "without a due date makes no promise to pay, a document without references finds no deal, and a party "
        "named by a number is taken for no other.",
        "当前评级所用账簿中最新 {n} 份单据的占比，常见种类在前。"
        "无到期日的发票不形成付款承诺；无引用的单据难以归入交易；"
        "以号码标识的当事方不会被误认。",
    ),
    "w.h.has.number": ("number", "编号"),
    "w.h.has.date": ("date", "日期"),
    "w.h.has.amount": ("amount", "金额"),
    "w.h.has.due": ("due date", "到期日"),
    "w.h.has.references": ("references", "引用"),
    "w.h.has.terms": ("terms", "付款条件"),
    "w.h.has.parties": ("parties by number", "当事方有号码"),
    "w.h.receipt_of": ("Receipt for {name}", "{name} 的回执"),
    "w.h.checked_text": (
        "This was a try: nothing was taken in. Below stands what handing it in would say, compared with the "
        "book as it is now; what it would do to ratings is told once it is in. If it is as you want it, choose "
        "the same file and hand it in.",
        "仅为试读，未收录。以下为正式提交时的结果，已与当前账簿比对；对评级的影响在收录后显示。如结果无误，"
        "请选择同一文件并正式提交。",
    ),
    "w.h.known": (
        "{name}: exactly this was handed in before, with the counts that it had then. Handing it in again "
        "changes nothing.",
        "{name}：完全相同的内容此前已提交，所示为当时的计数；再次提交不会有任何变化。",
    ),
    "w.h.working_text": ("It is being taken in. Look again in a moment.", "正在收录，请稍后刷新。"),
    "w.h.again": ("Look again", "刷新"),
    "w.h.taken_text": (
        "It is in the book. Ratings of the companies it touches follow within seconds.",
        "已收录入账簿，相关企业的评级将在数秒内更新。",
    ),
    "w.h.retracted_text": (
        "It was taken back: ratings are as if it had never been handed in.",
        "已撤回：评级恢复为从未提交时的状态。",
    ),
    "w.h.rejects": ("What was not taken, and how to mend it", "未收录的内容及修改方法"),
    "w.h.rejects_csv": ("All of it as CSV", "下载 CSV"),
    "w.h.rejects_most": ("The first {n} are shown.", "仅显示前 {n} 条。"),
    "w.h.rejects_none": ("Everything in it could be read.", "全部内容均可读取。"),
    "w.h.row": ("Row", "行"),
    "w.h.field": ("Field", "字段"),
    "w.h.rule": ("Rule", "规则"),
    "w.h.message": ("What is wrong", "问题"),
    "w.h.fix": ("How to mend it", "修改方法"),
    "w.h.need_mapping": (
        "It is a table of your own. Choose it once more, open Mapping below and press Draft a mapping; look "
        "the draft through and try again.",
        "这是自有格式的表格。请重新选择该文件，展开下方“映射”，点击“起草映射”，检查草稿后再试读。",
    ),
    "w.h.health": ("How well it can be read", "数据质量"),
    "w.h.worst": ("What goes wrong most, and how to mend it", "最常见的问题及修改方法"),
    "w.h.times": ("Times", "次数"),
    "w.h.health_note": (
        "Every document of the newest {n} uploads that were handed in is counted, tries left out. Of each "
        "fault one example is shown.",
        "最近 {n} 次正式提交的全部单据的合计，不含试读；每类问题示例一条。",
    ),
    "w.h.health_tries": (
        "Nothing was handed in yet, so the tries are counted ({n}). Of each fault one example is shown.",
        "尚未正式提交，此处为 {n} 次试读的合计；每类问题示例一条。",
    ),
    "w.h.did": ("What it did", "影响"),
    "w.h.did_text": (
        "It names {companies} companies; the ratings of {moves} of them have moved by evidence since.",
        "涉及 {companies} 家企业；此后其中 {moves} 家的评级因新证据而变化。",
    ),
    "w.h.did_note": (
        "A rating follows all evidence, so others may have had a part in it. Ratings follow within seconds.",
        "评级依据全部证据，变化也可能与他方数据有关；评级在数秒内更新。",
    ),
    "w.h.retract": ("Take it back", "撤回"),
    "w.h.retract_text": (
        "All documents of this upload leave the book. Earlier states stay readable.",
        "本次提交的全部单据将移出账簿；以往状态仍可查阅。",
    ),
    "w.h.why": ("Why", "理由"),
    "w.h.why_short": ("Say why, in at least three letters.", "请填写理由（至少三个字符）。"),
    "w.h.not_taken": (
        "It is not in the book ({state}); only what was taken in can be taken back.",
        "该提交不在账簿中（{state}）；只有已收录的内容才能撤回。",
    ),
    "w.h.back": ("Back to the list", "返回列表"),
}
"""Key -> (English, Chinese)."""
