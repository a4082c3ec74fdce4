"""What speaks for and against two companies being one: the name, and what relates them.

Idea: every line of evidence has a weight in thousandths of a bit, and the weights add up. Names count as
`compare_names` weighs them; an address, an account, a website or a founding day that agrees or differs adds
to that. What many share tells nothing: the account of a payment agent, the address of a business centre.

Worked example: two shops "Shenzhen Huaqiang Electronics" (+14 bits) with the same bank account (+13) at two
addresses in different places (-6) weigh 21 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.evidence.identifiers import normalise_name
from tallystick.identity.addresses import compare_addresses
from tallystick.identity.linking.settle import JOIN_FROM
from tallystick.identity.names import Name, compare_names, read_name
from tallystick.identity.names.compare import Evidence, evidence_of
from tallystick.identity.names.text import has_look_alikes
from tallystick.identity.names.weights import CONFLICT, DIFFERENT_PLACES, MISSING

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TRAIT_TEXTS: Final = {
    "exact": "the whole name, word for word",
    "look-alike": "only one of them has letters that look like others",
    "alike": "names so alike can be two companies'",
    "account": "the same bank account",
    "account-other": "different bank accounts",
    "domain": "the same website or mail domain",
    "domain-other": "different websites or mail domains",
    "address": "the same address: {}",
    "address-house": "the same house: {}; {}",
    "address-near": "addresses near one another: {}; {}",
    "address-elsewhere": "addresses in different places: {}; {}",
    "founded": "founded on the same day: {}",
    "founded-other": "founded in different years: {}; {}",
    "two-ids": "one contributor has them under two numbers: {}; {}",
    "sisters": "names that contradict each other, and one thing in common: firms of one group have that",
    "country": "different countries: {}; {}",
}
"""Code of a line of evidence beside the name -> its words."""

TRAIT_WEIGHTS: Final = {
    "account": 13000,
    "account-other": -6500,
    "domain": 9000,
    "domain-other": -4500,
    "address": 12500,
    "address-house": 11000,
    "address-near": -1800,
    "address-elsewhere": -6000,
    "founded": 8500,
    "founded-other": -6000,
    "two-ids": -6000,
    "country": -8000,
}
"""Code -> weight in thousandths of a bit. That of "two-ids" was counted on simulated worlds, where a
marketplace has one company in twenty under two numbers: of pairs under two numbers of one contributor whose
names agree in everything, and that nothing else speaks for, four in five are one company, which is what 7 to
7.5 bits say. Where an address or an account agrees besides, all were."""

BRANCH: Final = -1000
"""What it weighs that only one of the names is a branch: in law it is the company itself."""

ALIKE: Final = -2500
"""What it weighs that names differ by a slip, a word or a legal form: so do those of shell companies that
imitate another. An address or an account that agrees outweighs it."""

LOOK_ALIKE: Final = -6000
"""What it weighs that one of two names has letters of another script that look alike, which nobody types."""

CONTRADICTS: Final = frozenset({"conflict", "number", "place", "order", "look-alike", "no-name"})
"""Codes of what two names say that cannot be of one company; the others say more, less or nearly the same."""

_OF_SISTERS: Final = CONTRADICTS - {"look-alike", "order"}
"""Those in which firms of one group differ; the others are slips, or shells that would be one."""

_DOUBTED: Final = frozenset({"look-alike", "form-other"})
"""Codes of lines with which a name is not the same, though it is word for word."""

_DIFFERS: Final = frozenset({"typo", "near", "homophone", "form-other", "initials"})

EXACT_FLOOR: Final = 9000
"""What a name is worth at least that is the same word for word, has a word of its own, and is of no other legal
form: "Forge Paper LLC" and "Forge Paper Inc." are often two."""

MOST_SHARE: Final = 8
"""Companies from which on a trait that they share says nothing about who is who."""

_OWN: Final = frozenset({"core", "number", "letter", "field"})
ADDRESS_CODES: Final = {
    "same": "address",
    "house": "address-house",
    "near": "address-near",
    "elsewhere": "address-elsewhere",
}
MOST_ADDRESSES: Final = 4
"""Addresses of a company that are compared; most have one."""


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of one of the two beside its names. `traits`: sort -> values; `ids`: the numbers that
    contributors gave it, by their scheme."""

    country: str | None = None
    traits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)


def sorted_traits(
    traits: Iterable[str], common: frozenset[str] = frozenset()
) -> dict[str, frozenset[str]]:
    """Traits `sort:value` by their sort, but for those that too many share.

    >>> sorted_traits(["account:1f", "domain:2e"], frozenset({"domain:2e"}))
    {'account': frozenset({'1f'})}
    """
    found: dict[str, set[str]] = {}
    for trait in traits:
        if trait not in common:
            sort, _, value = trait.partition(":")
            found.setdefault(sort, set()).add(value)
    return {sort: frozenset(values) for sort, values in found.items()}


def name_evidence(a: str, b: str, read: Callable[[str], Name] = read_name) -> list[Evidence]:
    """Lines of evidence of two names; a placeholder is none. `read`: gives a name as it was read."""
    lines = [_as_of_one_company(line) for line in compare_names(a, b, read=read).evidence]
    return lines + _as_written(lines, a, b, read)


def _as_written(
    lines: Sequence[Evidence], a: str, b: str, read: Callable[[str], Name]
) -> list[Evidence]:
    """What the letters of two names add to what their words say."""
    more: list[Evidence] = []
    if any(line.code in _DIFFERS or _tells(line) for line in lines):
        more.append(Evidence("alike", ALIKE))
    if has_look_alikes(a) != has_look_alikes(b):
        more.append(Evidence("look-alike", LOOK_ALIKE))
    weight = sum([line.weight for line in (*lines, *more)])
    doubted = any(line.code in _DOUBTED for line in (*lines, *more))
    if weight < EXACT_FLOOR and not doubted and _word_for_word(a, b, read):
        more.append(Evidence("exact", EXACT_FLOOR - weight))
    return more


def _as_of_one_company(line: Evidence) -> Evidence:
    """A line of evidence as it weighs where companies are linked, and more than the name is known of them."""
    if line.code == "branch":
        return line._replace(weight=BRANCH)
    if line.code == "conflict":
        return line._replace(weight=_softened(line.weight))
    return line


def _softened(conflict: int) -> int:
    return conflict * 3 // 4


LEAST_OF_PLACES: Final = max(_softened(CONFLICT["core", "core"]), DIFFERENT_PLACES["city"])
"""What it weighs at least against two names that they name different places."""


def least_of_missing() -> int:
    """What it weighs at least against two names that one has a telling word which the other lacks: the second
    of those that are missing counts half."""
    half = max(weight // 2 for role, weight in MISSING.items() if role in _OWN)
    return MISSING["city"] + half + ALIKE


def contradiction(one: str, other: str) -> int:
    """What it weighs at least against two names that each has a word which the other lacks, of these roles."""
    return _softened(CONFLICT[min(one, other), max(one, other)])


def _tells(line: Evidence) -> bool:
    """Whether a line says that a word is missing which is not left out at will, as that of a city is."""
    return line.code == "missing" and line.weight not in (-300, -1200, -600)


def name_weights(
    pairs: Iterable[tuple[str, str]], read: Callable[[str], Name] = read_name
) -> list[tuple[int, int]]:
    """What the names of each pair weigh, and how they contradict each other: one of `CONTRADICT`. `read` as in
    `name_evidence`, whose lines these are, in any order."""
    found = []
    for pair in pairs:
        a, b = sorted(pair)
        lines = [_as_of_one_company(line) for line in evidence_of(read(a), read(b))]
        lines += _as_written(lines, a, b, read)
        found.append((sum([line.weight for line in lines]), contradict(lines)))
    return found


NOWISE, AS_SLIPS, AS_SISTERS = CONTRADICT = range(3)
"""How two names contradict each other: not; as slips and shells do; as firms of one group do."""


def contradict(names: Iterable[Evidence]) -> int:
    """How two names contradict each other, by their lines of evidence: one of `CONTRADICT`."""
    said = {line.code for line in names}
    if said.isdisjoint(CONTRADICTS):
        return NOWISE
    return AS_SLIPS if said.isdisjoint(_OF_SISTERS) else AS_SISTERS


def _word_for_word(a: str, b: str, read: Callable[[str], Name]) -> bool:
    """Whether two names are the same but for case, accents and legal form, and each more than common words:
    "S/A Shop" is, where S/A is read as a word, but "Shop" is not."""
    if normalise_name(a) != normalise_name(b):
        return False
    names = (read(a), read(b))
    return all(name.is_name and any(token.role in _OWN for token in name.tokens) for name in names)


def trait_evidence(a: Side, b: Side) -> list[Evidence]:
    """Lines of evidence beside the names."""
    lines = []
    if a.country and b.country and a.country != b.country:
        lines.append(_line("country", a.country, b.country))
    if a.traits and b.traits:
        lines += _of_keys(a, b) + _of_addresses(a, b) + _of_founding(a, b)
    return lines + _of_numbers(a, b)


def _line(code: str, left: str = "", right: str = "") -> Evidence:
    return Evidence(code, TRAIT_WEIGHTS[code], left, right)


def _of_keys(a: Side, b: Side) -> list[Evidence]:
    """Bank accounts and domains: a firm may have several, so that one in common is enough."""
    lines = []
    for sort in ("account", "domain"):
        mine, yours = a.traits.get(sort), b.traits.get(sort)
        if mine and yours:
            lines.append(_line(sort if mine & yours else f"{sort}-other"))
    return lines


def _of_addresses(a: Side, b: Side) -> list[Evidence]:
    mine, yours = (sorted(side.traits.get("address", ()))[:MOST_ADDRESSES] for side in (a, b))
    levels = {compare_addresses(x, y): (x, y) for x in mine for y in yours}
    for level, code in ADDRESS_CODES.items():
        if level in levels:
            return [_line(code, *levels[level])]
    return []


def _of_founding(a: Side, b: Side) -> list[Evidence]:
    mine, yours = a.traits.get("founded"), b.traits.get("founded")
    if not mine or not yours:
        return []
    if mine & yours:
        return [_line("founded", min(mine & yours))]
    years = [{int(day[:4]) for day in days} for days in (mine, yours)]
    if years[0] & years[1]:
        return []
    return [_line("founded-other", min(mine), min(yours))]


def _of_numbers(a: Side, b: Side) -> list[Evidence]:
    """Customer numbers of one contributor: two of them are mostly two customers, but not always."""
    for scheme in sorted(a.ids.keys() & b.ids.keys()):
        if not a.ids[scheme] & b.ids[scheme]:
            return [_line("two-ids", min(a.ids[scheme]), min(b.ids[scheme]))]
    return []


def sisters(names: Sequence[Evidence], beside: Sequence[Evidence]) -> list[Evidence]:
    """What takes one thing that two have in common (an address, an account, a website) below the line from
    which they are one, where their names contradict each other: firms of a group share a house, and a cashier.

    >>> house = trait_evidence(*[Side("DE", {"address": frozenset({"12 Ulmer Str., Stuttgart 70469"})})] * 2)
    >>> one = name_evidence("Bosch Trading GmbH", "Bosch Logistics GmbH")
    >>> sum(line.weight for line in [*one, *house, *sisters(one, house)]) < JOIN_FROM
    True
    """
    alone = sum(line.weight for line in names)
    weight = alone + sum(line.weight for line in beside)
    agree = sum(line.weight > 0 for line in beside)
    if contradict(names) != AS_SISTERS or not lifted(*map(np.array, (alone, weight, agree))):
        return []
    return [Evidence("sisters", JOIN_FROM - 1 - weight)]


def lifted(names: Ints, weight: Ints, agree: Ints) -> Flags:
    """Which names too light to say that two are one come to say so by one thing that those have in common.
    `weight`: all together; `agree`: how many such things there are."""
    found: Flags = (agree == 1) & (names < JOIN_FROM) & (weight >= JOIN_FROM)
    return found


def text_of(line: Evidence) -> str:
    """A line of evidence in words."""
    words = TRAIT_TEXTS.get(line.code)
    return words.format(line.left, line.right) if words else line.text
