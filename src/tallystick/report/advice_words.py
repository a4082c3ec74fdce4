"""What a grade means for terms, and what to do next, in English and Chinese.

`….unproven` is for a record that has proven no exposure, such as a carrier's whose promises have no amounts.
"""

from __future__ import annotations

from typing import Final

ADVISING: Final[dict[str, tuple[str, str]]] = {
    "terms.top": (
        "Usual terms fit this record. Credit up to the proven exposure of {exposure} is covered by "
        "what it has already shown.",
        "该记录支持常规条件。已验证敞口 {exposure} 以内的赊销有既往履约支撑。",
    ),
    "terms.fair": (
        "Credit up to the proven exposure of {exposure} fits this record. Secure what goes beyond it: "
        "a deposit, milestones or cover.",
        "已验证敞口 {exposure} 以内的赊销与其记录相称；超出部分宜以定金、分期或保险作保障。",
    ),
    "terms.mixed": (
        "Keep unsecured exposure within {exposure}, which is what it has shown. For more, ask for a deposit, "
        "pay by milestones or inspect before payment.",
        "无担保敞口宜控制在 {exposure} 以内；超出部分宜收取定金、分期付款或先验货后付款。",
    ),
    "terms.weak": (
        "Prefer secured terms: escrow, letter of credit, inspection before payment. Unsecured exposure "
        "beyond {exposure} is not supported by its record.",
        "宜采用有保障的方式：托管、信用证、先验货后付款。其记录不支持超过 {exposure} 的无担保敞口。",
    ),
    "terms.top.unproven": (
        "Usual terms fit this record. It proves no amount yet, so raise credit step by step.",
        "该记录支持常规条件，但尚未验证任何金额，赊销宜逐步增加。",
    ),
    "terms.fair.unproven": (
        "The record is fair but proves no amount yet: begin with little unsecured, and secure the rest.",
        "记录尚可，但尚未验证任何金额：无担保敞口宜由小额开始，其余部分应有保障。",
    ),
    "terms.mixed.unproven": (
        "The record supports no unsecured exposure yet. Ask for a deposit, pay by "
        "milestones or inspect before payment.",
        "其记录尚不支持无担保敞口；宜收取定金、分期付款或先验货后付款。",
    ),
    "terms.weak.unproven": (
        "Prefer secured terms: escrow, letter of credit, inspection before payment. Its record supports no "
        "unsecured exposure.",
        "宜采用有保障的方式：托管、信用证、先验货后付款。其记录不支持任何无担保敞口。",
    ),
    "terms.poor": (
        "Deal only where nothing depends on its word: payment against documents, full security or escrow.",
        "仅宜在完全有保障的条件下交易：凭单付款、全额担保或托管。",
    ),
    "plan": ("The way up", "改善路径"),
    "plan.step": ("What to do", "做法"),
    "plan.then": ("What follows", "结果"),
    "plan.note": (
        "Each was tried: so the same rules would rate it, with peers and what is known of others as today.",
        "每项均经试算：按同一规则重新评级所得，同类企业与他人情况按今日计。",
    ),
    "plan.rest": (
        "{n} further steps, by role and kind of promise",
        "其他 {n} 项，按角色与承诺种类",
    ),
    "plan.kinds": ("of several kinds", "多种承诺"),
    "plan.new": (
        "Keep {n} more of this: {kind}; each to another counterparty that others know well, before an "
        "independent witness",
        "再履行 {n} 项承诺（{kind}），面向不同的、广为人知的交易方，并有独立见证",
    ),
    "plan.more": (
        "Keep {n} more of this: {kind}; to those it deals with already, before an independent witness: "
        "in turn to {whom}",
        "对现有交易方（依次为 {whom}）再履行 {n} 项承诺（{kind}），并有独立见证",
    ),
    "plan.more_discreet": (
        "Keep {n} more of this: {kind}; to those it deals with already, before an independent witness",
        "对现有交易方再履行 {n} 项承诺（{kind}），并有独立见证",
    ),
    "plan.witness": (
        "Hand in what an independent witness, such as a bank or carrier, saw of kept promises that have none: "
        "the newest {n} ({kind})",
        "为 {n} 项缺少独立佐证的已履行承诺（{kind}）提交银行、承运人等独立来源的凭证",
    ),
    "plan.both": (
        "Have the other side confirm kept promises of which only one side speaks: the newest {n} ({kind})",
        "请对方确认 {n} 项仅有一方陈述的已履行承诺（{kind}）",
    ),
    "plan.registered": (
        "Hand in extracts of the register for counterparties: {n}",
        "提交 {n} 个交易方的登记证明",
    ),
    "plan.time": (
        "Keep what is open and falls due by {day}: {n}",
        "按期履行 {day} 前到期的 {n} 项承诺",
    ),
    "plan.wait": (
        "Nothing but time: what was broken fades",
        "仅待时间推移：既往违约的影响逐渐减弱",
    ),
    "plan.lifts": ("{grade}, {chance}, from {day}", "{day} 起：{grade}，{chance}"),
    "plan.lowers": ("same grade, {chance}, from {day}", "{day} 起：等级不变，{chance}"),
    "plan.narrows": (
        "What would narrow the interval most, to {low} – {high}: {what}.",
        "最能收窄区间的做法（收窄至 {low} – {high}）：{what}。",
    ),
    "terms.wide": (
        "The figure is uncertain: the true chance may well lie anywhere from {low} to {high}.",
        "该数字尚不确定：真实概率可能在 {low} 至 {high} 之间。",
    ),
    "advice.peers": (
        "The figure shown ({peers}) is what is expected of its peers, no finding about this company.",
        "所示数字（{peers}）主要反映同类企业的一般水平，并非对该企业的认定。",
    ),
    "advice.start": (
        "Deal as with any new partner: begin small, agree dates in writing, keep the documents.",
        "可按新伙伴对待：由小额开始，书面约定日期，保存单据。",
    ),
    "advice.enough": (
        "Evidence as heavy as {more} more confirmed promises would be enough for a grade; the company or "
        "its partners can hand it in.",
        "再有相当于 {more} 项佐证承诺的证据即可评级，企业或其伙伴均可提交。",
    ),
    "advice.sanction": (
        "Dealing with it may be unlawful where you are. Check that the entry means this company, and ask "
        "your compliance officer or a lawyer.",
        "在您所在地与其交易可能违法。请核对名单条目确指该企业，并咨询合规人员或律师。",
    ),
    "advice.default": (
        "Claims go to the insolvency office or liquidator; deal with the estate only against payment in "
        "advance or full security.",
        "债权应向破产管理人或清算人申报；与其交易宜预收款或取得全额担保。",
    ),
}
"""Key -> (English, Chinese); see `phrases`."""
