"""Why two firms are one company, or are not: what decides, what is weighed, and what came of it.

A *firm* is what shares identifiers: the descriptions that need no weighing to be one. Two firms are joined by
evidence whose weights add up; registers and people's judgements decide without being weighed.

Worked example: 深圳市华强电子有限公司 and "HUAQIANG ELEC SZ" weigh 14 bits, the line is 9: joined. With another
"Huaqiang" in Dongguan that fits about as well it is held, and `others` names that rival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tallystick.identity.joining import register_of
from tallystick.identity.linking.calibration import probability_ppm
from tallystick.identity.linking.screen import clearly_different, own_words
from tallystick.identity.linking.settle import (
    ASK_FROM,
    HELD,
    JOIN_FROM,
    JOINED,
    OUTCOMES,
    WEAKER,
)
from tallystick.identity.linking.weigh import (
    Side,
    name_evidence,
    sisters,
    text_of,
    trait_evidence,
)
from tallystick.identity.names.compare import Evidence
from tallystick.units import code_of

MOST_NAMES: Final = 12
"""Names of a firm that are compared to find the best pair."""


@dataclass(frozen=True, slots=True)
class Firm:
    """One side. `key`: of the firm, `company`: the company that it is of; `ref` as `judge` takes it."""

    key: int
    company: int
    ref: str
    names: tuple[str, ...]
    country: str | None
    ids: tuple[str, ...]
    side: Side


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides without being weighed. `code`: shared-id, judged-same, two-numbers, judged-apart; `left` and
    `right`: identifiers; of a judgement who, when and why."""

    code: str
    left: str = ""
    right: str = ""
    by: str = ""
    day: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """A third firm that matters: a rival, a better one, or a step between the two."""

    ref: str
    name: str
    company: int
    weight: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Why:
    """The evidence on two firms. `weight`: sum of `lines`, in thousandths of a bit; `outcome`: one of OUTCOMES,
    or `one` (identifiers or a person joined them), `chain` (one company by way of others), `unmet` (never
    compared: too little of their names is shared by few); `apart`: below the lines."""

    a: Firm
    b: Firm
    name_a: str | None
    name_b: str | None
    rules: tuple[Rule, ...]
    lines: tuple[Evidence, ...]
    weight: int
    outcome: str
    others: tuple[Other, ...]
    join_from: int = JOIN_FROM
    ask_from: int = ASK_FROM


def explain_pair(
    a: Firm,
    b: Firm,
    link: Mapping[str, Any] | None,
    rules: Sequence[Rule] = (),
    others: Iterable[Other] = (),
) -> Why:
    """The evidence on two firms. `link`: their row of the table LINK with `name_a` that of `a`, None where it
    has none; `others`: the third firms that either is compared with, or the steps of their chain."""
    names = (link["name_a"], link["name_b"]) if link else best_names(a.names, b.names)
    lines = list(name_evidence(*names)) if names[0] and names[1] else []
    beside = trait_evidence(a.side, b.side)
    lines += [*beside, *sisters(lines, beside)]
    weight = sum(line.weight for line in lines)
    outcome = _outcome(a, b, link, weight, rules)
    kept = _matter(outcome, link, tuple(others))
    told = (tuple(rules), tuple(lines), weight, outcome, kept)
    return Why(a, b, names[0], names[1], *told)


def best_names(
    mine: Sequence[str], yours: Sequence[str]
) -> tuple[str, str] | tuple[str | None, str | None]:
    """The names of two firms that fit best; None where one of them has no name."""
    pairs = [(x, y) for x in mine[:MOST_NAMES] for y in yours[:MOST_NAMES]]
    if not pairs:
        return (mine[0] if mine else None, yours[0] if yours else None)
    gone = clearly_different([(own_words(x), own_words(y)) for x, y in pairs]).tolist()
    weights = [sum(line.weight for line in name_evidence(x, y)) for x, y in pairs]
    best = max(range(len(pairs)), key=lambda n: (not gone[n], weights[n], -n))
    return pairs[best]


def two_numbers(mine: Iterable[str], yours: Iterable[str]) -> list[Rule]:
    """The registers in which two have different numbers, as rules that keep them apart."""
    held = {register_of(ref): ref for ref in sorted(mine, reverse=True) if register_of(ref)}
    other = {register_of(ref): ref for ref in sorted(yours, reverse=True) if register_of(ref)}
    return [
        Rule("two-numbers", held[register], other[register])
        for register in held
        if register in other and other[register] != held[register]
    ]


def _outcome(
    a: Firm, b: Firm, link: Mapping[str, Any] | None, weight: int, rules: Sequence[Rule]
) -> str:
    if a.key == b.key:
        return "one"
    if a.company == b.company:
        return "joined" if link and link["outcome"] == JOINED else "chain"
    if link:
        return OUTCOMES[link["outcome"]]
    if rules:
        return "forbidden"
    return "unmet" if weight >= ASK_FROM else "apart"


def _matter(
    outcome: str, link: Mapping[str, Any] | None, others: tuple[Other, ...]
) -> tuple[Other, ...]:
    """Of the third firms those that explain the outcome."""
    if outcome == OUTCOMES[HELD]:
        wanted = {OUTCOMES[HELD]}
    elif outcome == OUTCOMES[WEAKER]:
        wanted = {OUTCOMES[HELD], OUTCOMES[JOINED]}
        others = tuple(o for o in others if link and o.weight >= link["weight"])
    elif outcome == "chain":
        return others
    else:
        return ()
    return tuple(
        sorted((o for o in others if o.outcome in wanted), key=lambda o: (-o.weight, o.ref))
    )


def told(why: Why) -> dict[str, Any]:
    """The evidence as a dictionary, for machines."""
    lines = [
        {"code": x.code, "weight": x.weight, "a": x.left, "b": x.right, "text": text_of(x)}
        for x in why.lines
    ]
    return {
        "a": side_told(why.a) | {"name": why.name_a},
        "b": side_told(why.b) | {"name": why.name_b},
        "outcome": why.outcome,
        "weight": why.weight,
        "probability_ppm": probability_ppm(why.weight),
        "join_from": why.join_from,
        "ask_from": why.ask_from,
        "rules": [
            {key: getattr(rule, key) for key in ("code", "left", "right", "by", "day", "why")}
            for rule in why.rules
        ],
        "lines": lines,
        "others": [
            {"ref": x.ref, "name": x.name, "company": code_of(x.company, "C"), "weight": x.weight,
             "outcome": x.outcome} for x in why.others
        ],
    }  # fmt: skip


def side_told(firm: Firm) -> dict[str, Any]:
    """One side as a dictionary."""
    return {
        "company": code_of(firm.company, "C"),
        "ref": firm.ref,
        "names": list(firm.names),
        "country": firm.country,
        "ids": list(firm.ids),
    }
