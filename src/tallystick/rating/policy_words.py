"""What the fields of a policy mean, in plain words, in English and Chinese: one table for files, screens
and the model card."""

from __future__ import annotations

import re
from typing import Final

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "": (
        "A policy of the rating: every number that turns a record of promises into a grade.\n"
        "Units: _ppm parts per million (500000 is a half), _micro millionths of a promise.\n"
        "See what it would move with `tallystick policy try FILE`; put it in force with\n"
        "`tallystick policy commit FILE --note TEXT`.",
        "评级参数：把履约记录换算成等级的全部数字。\n"
        "单位：_ppm 为百万分之一（500000 即一半），_micro 为百万分之一个承诺。\n"
        "用 `tallystick policy try FILE` 试算影响；用\n"
        "`tallystick policy commit FILE --note TEXT` 使其生效。",
    ),
    "format": ("format of this file", "文件格式"),
    "name": ("name of the policy, its own for each content", "参数名称，内容不同则名称不同"),
    "valid_from": ("first day on which it may be in force", "最早生效日"),
    "party_constant": (
        "evidence at which a company counts half towards what is expected of its peers",
        "企业对同类预期的影响达到一半所需的证据量",
    ),
    "root_constant": (
        "promises that the level of the whole market weighs in what is expected of a kind",
        "市场总体水平在某类承诺预期中所占的权重（承诺数）",
    ),
    "group_constant": (
        "promises that the kind as a whole weighs in what is expected of a country",
        "该类承诺总体在国别预期中所占的权重（承诺数）",
    ),
    "coverage_ppm": ("how often the interval is to hold", "区间的覆盖率"),
    "exposure_ppm": (
        "proven exposure for each dollar of promises kept before a witness in the last year",
        "近一年每一美元有佐证的履约所对应的已证实敞口",
    ),
    "exposure_floor_medians": (
        "proven exposure of anybody, in usual promises of the kind",
        "任何企业的最低敞口，以该类承诺的通常金额计",
    ),
    "min_evidence_micro": (
        "evidence below which there is no grade but NR, not enough evidence",
        "证据少于此数不评级，列为 NR（证据不足）",
    ),
    "cards": (
        "One card per kind of promise, `others` for all kinds without one of their own: the "
        "log-odds\n"
        "of breaking the next promise, as a sum of weighted terms",
        "每类承诺一张评分卡，`others` 用于没有单独评分卡的各类：违约对数几率等于各项加权之和",
    ),
    "cards.*": ("the card of a kind of promise", "该类承诺的评分卡"),
    "cards.*.intercept": ("log-odds added to everybody's", "人人相同的基准对数几率"),
    "cards.*.prior": ("weight of what is expected of peers", "同类预期的权重"),
    "cards.*.half_30": (
        "weight of the own record, halved every 30 days",
        "自身记录的权重（30 天半衰）",
    ),
    "cards.*.half_180": (
        "weight of the own record, halved every 180 days",
        "自身记录的权重（180 天半衰）",
    ),
    "cards.*.half_730": (
        "weight of the own record, halved every two years",
        "自身记录的权重（两年半衰）",
    ),
    "cards.*.half_all": ("weight of the own record since ever", "自身全部记录的权重"),
    "cards.*.level": (
        "weight of the market's last 30 days against its last 180",
        "市场近 30 天相对近 180 天的权重",
    ),
    "cards.*.entrants": (
        "weight of how newcomers differ from all",
        "新企业与总体差异的权重",
    ),
    "cards.*.week": ("alarm of a break, fading over a week", "违约警示，约一周内消退"),
    "cards.*.day": ("alarm of a break, fading over a day", "违约警示，约一天内消退"),
    "cards.*.last": ("alarm where the last outcome was a break", "最近一次为违约时的警示"),
    "cards.*.others": (
        "weight of what promises of other kinds say",
        "其他种类承诺表现的权重",
    ),
    "cards.*.standing": (
        "weight of what registers, certificates and courts say",
        "登记、认证与司法状况的权重",
    ),
    "cards.*.kin": (
        "weight of what related companies did that began earlier",
        "先于其成立的关联企业表现的权重",
    ),
    "cards.*.kappa": (
        "promises that what is expected of peers weighs against the own record",
        "同类预期相对自身记录的权重（承诺数）",
    ),
    "cards.*.deep": (
        "share in which all that both sides, a marketplace or a witness tell speaks against a company, "
        "without a bound, where it is worse than what counts",
        "双方、平台或见证方的全部陈述（不设上限）劣于计入部分时，对企业不利的采信比例",
    ),
    "cards.*.precision_peers": (
        "how alike companies are: 1 / variance of the log-odds of those without a record of their own",
        "企业之间的相似程度：无自身记录者的对数几率方差的倒数",
    ),
    "cards.*.precision_own": (
        "promises that each promise of own evidence tells as much as, for the interval",
        "计算区间时，自身证据中每个承诺相当于几个承诺的信息量",
    ),
    "cards.*.sure_peers": (
        "certainty of the months to come that everybody has, in promises",
        "对未来数月，人人都有的确定程度（承诺数）",
    ),
    "cards.*.sure_own": (
        "certainty of the months to come that each promise of own evidence adds",
        "对未来数月，每个自身承诺的证据所增加的确定程度",
    ),
    "record": (
        "How evidence is added up to a track record",
        "证据如何累计为履约记录",
    ),
    "record.cap_micro": (
        "evidence that rests on one counterparty is curbed around this",
        "来自单一交易方的证据以此为限",
    ),
    "record.seen_micro": (
        "cap on what an independent witness saw, of all counterparties together",
        "独立佐证所见的证据合计上限（不论交易方）",
    ),
    "record.told_micro": (
        "cap on what both sides, a marketplace or a witness tell, of all counterparties together",
        "双方、平台或佐证所述的证据合计上限（不论交易方）",
    ),
    "record.word_micro": (
        "cap on what anybody at all says, of all counterparties together",
        "任何一方所言的证据合计上限（不论交易方）",
    ),
    "record.few_partners": (
        "of a company with at most so many partners it is asked which the promisor deals with too",
        "伙伴数不超过此值的公司，须查其伙伴是否也与承诺方交易",
    ),
    "record.known_micro": (
        "witnessed dealings with others at which a counterparty counts half",
        "交易方与他人的有佐证往来达到此数时计一半",
    ),
    "record.unverified_ppm": (
        "what a counterparty counts that no register knows",
        "未经登记核验的交易方的折算比例",
    ),
    "record.young_ppm": (
        "the least that a registered counterparty counts; after a year it counts whole, until then by its days",
        "已登记交易方的最低折算比例；满一年按全额计，未满则按天数折算",
    ),
    "record.unvalued_ppm": (
        "weight of a promise whose value nobody told",
        "金额不明的承诺的权重",
    ),
    "record.floor_medians": (
        "money that nobody known stands behind proves at most so many usual promises",
        "无已知交易方支持的金额，最多证实若干个通常金额的承诺",
    ),
    "fitted": (
        "Where the cards come from: what they were fitted to, and what was measured out of time",
        "评分卡的来历：拟合所用的数据，以及样本外的检验结果",
    ),
    "fitted.state": ("state of the evidence that was learnt from", "拟合所用证据的状态"),
    "fitted.as_of": ("last day that was learnt from", "拟合所用的最后一日"),
    "fitted.version": ("version of Tallystick that fitted", "拟合所用的 Tallystick 版本"),
    "fitted.numbers": (
        "names the numbers that were measured; others since: edited by hand",
        "所检验数值的摘要；不符即事后经人工修改",
    ),
    "fitted.promises": (
        "promises that were learnt from, by kind",
        "拟合所用的承诺数，按类别",
    ),
    "fitted.measured": (
        "figures measured on promises that the fit had not seen, by kind",
        "在拟合未见过的承诺上测得的指标，按类别",
    ),
    "signed": (
        "Who put this policy in force, when and why, and the signature (Ed25519) over all of it",
        "何人何时因何使其生效，及对全部内容的签名（Ed25519）",
    ),
}
"""Path of a field, `*` for a key of a dictionary -> English and Chinese."""

_KEYED: Final = re.compile(r"^(cards)\.[^.]+")


def means(path: str, lang: str = "en") -> str:
    """What a field means, given its path as in the file; "" where the words above it say enough."""
    words = FIELDS.get(path) or FIELDS.get(_KEYED.sub(r"\1.*", path)) or ("", "")
    return words[1 if lang == "zh" else 0]
