"""Reason codes: what each step of the score means, in a plain sentence, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tallystick.rating.score import STEPS


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its points; positive is in favour. The points of all reasons and the base add up to
    the score exactly."""

    code: str
    points: float
    english: str
    chinese: str


REASONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "base": (
        "what is expected of anybody in this kind of promise",
        "what is expected of anybody in this kind of promise",
        "同类承诺的一般水平",
        "同类承诺的一般水平",
    ),
    "R08c": (
        "companies of the same country keep such promises more often",
        "companies of the same country break such promises more often",
        "同国企业守约较多",
        "同国企业违约较多",
    ),
    "R09": (
        "the market as a whole has kept more of them lately",
        "the market as a whole has broken more of them lately",
        "近期市场整体守约较多",
        "近期市场整体违约较多",
    ),
    "R02": ("promises kept", "promises kept", "已履行的承诺", "已履行的承诺"),
    "R01": (
        "promises broken or late",
        "promises broken or late",
        "违约或迟延的承诺",
        "违约或迟延的承诺",
    ),
    "R06": (
        "no promise was broken lately",
        "a promise was broken lately",
        "近期没有违约",
        "近期有违约",
    ),
    "R13": (
        "breaks that few independent sources confirm count less",
        "promises kept that few independent sources confirm count less",
        "缺乏独立佐证的违约按较低权重计",
        "缺乏独立佐证的履约按较低权重计",
    ),
    "R15": (
        "breaks over small amounts count less",
        "promises kept over small amounts count less",
        "小额违约按较低权重计",
        "小额履约按较低权重计",
    ),
    "R11": (
        "breaks towards few counterparties are capped",
        "promises kept to few counterparties are capped",
        "对少数交易方的违约设上限",
        "对少数交易方的履约设上限",
    ),
    "R20": (
        "its promises of other kinds are kept more often than usual",
        "its promises of other kinds are broken more often than usual",
        "其他种类的承诺守约多于通常",
        "其他种类的承诺违约多于通常",
    ),
    "R12": (
        "breaks towards counterparties that nobody independent knows count as one",
        "promises kept to counterparties that nobody independent knows count as one",
        "对无独立记录的交易方的违约合并计为一方",
        "对无独立记录的交易方的履约合并计为一方",
    ),
    "R17": (
        "registers and certificates speak for it",
        "a lapsed registration or an insolvency speaks against it",
        "登记与认证状况有利",
        "登记失效或曾经破产",
    ),
    "R18": (
        "related companies that began earlier kept their promises",
        "it is related to a company that began earlier and broke promises; fades as it keeps its own",
        "先成立的关联企业守约",
        "与先成立且违约较多的企业有关联；随自身守约而消退",
    ),
}
"""Code -> English and Chinese sentences, in favour and against: (en +, en -, zh +, zh -)."""


def reasons_of(rating: Mapping[str, Any]) -> list[Reason]:
    """The base and the reasons of one rating (a row of schema RATING), largest first after the base.

    `sum(r.points for r in reasons_of(row))` is `row["score_tenths"] / 10`.
    """
    found = [_reason(code, rating[f"{code}_tenths"]) for code in STEPS]
    told = sorted((r for r in found if r.points), key=lambda r: (-abs(r.points), r.code))
    return [_reason("base", rating["base_tenths"]), *told]


def _reason(code: str, tenths: int) -> Reason:
    english_for, english_against, chinese_for, chinese_against = REASONS[code]
    good = tenths >= 0
    return Reason(
        code,
        tenths / 10,
        english_for if good else english_against,
        chinese_for if good else chinese_against,
    )
