"""How much each kind of evidence weighs, in thousandths of a bit.

A word of its own is worth nine bits: one company in five hundred of those that are ever compared shares it by
chance. With a table of counts the rarity in the table speaks instead: a word in 8 of 8,192 names is worth ten.

>>> word_weight("borealis", "core", None), word_weight("borealis", "core", {"": 8192, "borealis": 8})
(9000, 10000)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2
from typing import Final

from tallystick.identity.names.pairs import Pair
from tallystick.identity.names.spelling import is_doubled
from tallystick.identity.names.tokens import Token

AGREE: Final = {"core": 9000, "number": 4000, "letter": 2000, "city": 2500, "country": 1500} | {
    "field": 1500,
    "weak": 500,
}
"""Role of a word -> weight where both names have it."""

MOST_AGREE: Final = 13_000
"""What all agreeing words of a name weigh at most, in thousandths of a bit."""

SHORT: Final = {1: 4000, 2: 5500, 3: 7500}
"""Letters of a short core word in a script with letters -> its weight."""

ALONE: Final = {"country": 4000, "city": 4500, "field": 5000, "weak": 3000, "number": 4000}
"""Weights of agreeing words where one of the names has no word of its own."""

LESS_BY: Final = {"spelling": 200, "joined": 200, "sound": 0} | {
    "typo": 400,
    "short": 2500,
    "begins": 2500,
    "gloss": 2000,
}
"""How words agree -> what that takes from their weight."""

_WHOLE: Final = frozenset({"same", "meaning", "homophone", "near"})
"""How words answer to one another where nothing is taken from their weight for it."""

_OF_PINYIN: Final = 800
"""What it takes that one or two characters are only told by their sound, which others share."""

PER_EDIT: Final = {"sound": 1200, "spelling": 2500}
"""How words agree -> what each letter takes that differs; PER_SLIP for the others."""

PER_SLIP: Final = {True: 3500, False: 2300}
"""Whether a word has fewer than seven letters -> what each letter takes that differs."""

SHORT_SLIP: Final = 1200
"""What it takes besides that the only own word of both names is short, and has a letter less or another: so
many words are a letter apart that a name of one such word and its business is not known by it."""

NEAR: Final = {True: -5000, False: -2000}
"""Whether a word has fewer than eight letters -> weight of two that are a letter apart by no slip (sunrise,
sunrice): they are two words, and only so long as one is it likelier that it was mistaken. Less than words that
have nothing in common: an address and an account still say so."""

HOMOPHONE: Final = -1500
"""Other characters of the same sound: hardly ever a slip, since each is chosen for its meaning."""

MISSING: Final = {"core": -5500, "field": -3600, "weak": -800, "country": -4500, "city": -1200} | {
    "number": -6000,
    "letter": -3000,
}
"""Role -> weight of a word that only one of the names has."""

TELLS_BODIES: Final = frozenset({"national", "united", "general", "royal"})
"""Common words that tell apart what has no name of its own: "National Bank of Greece" and "Bank of Greece"."""

_OF_BODIES: Final = frozenset({"national", "united"})
"""Those of them that tell as much as a line of business beside a name: "Arab National Bank", "Arab Bank"."""

APART: Final = frozenset(
    {
        "insurance",
        "life",
        "reinsurance",
        "securities",
        "leasing",
        "fund",
        "asset",
        "factoring",
        "real-estate",
    }
)
"""Lines of business that the law has a group keep in firms of their own: "Crédit Agricole" does not insure,
"Crédit Agricole Assurances" does."""

_APART: Final = -5500

HARDLY_SAID: Final = frozenset({"group", "holding", "company", "associates", "shop", "doctor"})
"""Common words that are left out and put in at will."""

CONFLICT: Final = {
    ("core", "core"): -12_000,
    ("core", "field"): -10_000,
    ("field", "field"): -10_000,
    ("core", "weak"): -8000,
    ("field", "weak"): -8000,
    ("weak", "weak"): -7000,
}
"""The strongest roles of the words that only one and only the other has -> weight."""

DIFFERENT_PLACES: Final = {"number": -14_000, "country": -12_000, "city": -9000}
"""Role -> weight of numbers or places that differ."""

ORDER: Final = -3000
"""What it weighs that the own words of two names are the same in another order. Set by hand: no habit that is
simulated changes that order, and none of the pairs of names does; but people swap two names now and then."""

FORM_SAME: Final = 500
"""What legal forms of one kind weigh."""

NO_FIRM: Final = -6500
"""What it weighs that only one of them is a foundation, a trust or an association: those of a firm's name are
beside it, not it."""

INITIALS: Final = {3: 5000, 4: 6500, 5: 8000}
"""Letters that are the initials of the other name -> weight."""

_RANK: Final = ("core", "number", "letter", "field", "city", "country", "weak")


def word_weight(text: str, role: str, rarity: Mapping[str, int] | None) -> int:
    """What a word is worth that both names have: by its rarity where a table is given, else by its role."""
    if rarity and rarity.get("", 0) > 1:
        bits = round(1000 * log2(rarity[""] / max(1, rarity.get(text, 1))))
        return max(300, min(14_000 if role == "core" else AGREE[role] * 2, bits))
    if role == "core":
        return SHORT.get(len(text), AGREE["core"])
    return AGREE[role]


def pair_weight(pair: Pair, bare: bool, rarity: Mapping[str, int] | None) -> int:
    """The weight of words that answer to one another. `bare`: a name has no word of its own."""
    token = pair.b[0] if len(pair.a) > 1 else pair.a[0]
    if pair.b[0].known and not token.known and not (pair.how == "short" and len(pair.b) > 1):
        token = pair.b[0]
    if bare and token.role in ALONE:
        return ALONE[token.role]
    if pair.how == "homophone":
        return HOMOPHONE
    if pair.how == "near":
        return NEAR[_shorter(pair) < 8]
    if pair.how == "gloss":
        token = _told_of_gloss(pair)
    full = word_weight(token.text, token.role, rarity)
    if pair.how == "meaning" and token.role == "core":
        full = max(full, AGREE["core"])
    if token.script == "han" and token.role == "core" and len(token.native) == 1:
        full = min(full, SHORT[2])
    return max(300, full - slip_weight(pair))


def _told_of_gloss(pair: Pair) -> Token:
    """The word that says how much it is worth that words mean the same by the dictionary: that of a name's own,
    unless a common word says it alone, as 港 and "port"."""
    (own,), english = (pair.a, pair.b) if pair.a[0].script != "latin" else (pair.b, pair.a)
    return english[0] if len(english) == 1 and english[0].known else own


def slip_weight(pair: Pair) -> int:
    """What is taken from the weight of words that answer to one another but are not the same."""
    if pair.how in _WHOLE:
        return 0
    if pair.how == "sound" and not pair.edits:
        return _OF_PINYIN * any(t.script == "han" and len(t.native) < 3 for t in (*pair.a, *pair.b))
    per_edit = PER_EDIT.get(pair.how, PER_SLIP[_shorter(pair) < 7])
    return LESS_BY[pair.how] + per_edit * min(pair.edits, 3)


def _shorter(pair: Pair) -> int:
    return min(len(pair.a[0].text), len(pair.b[0].text))


def is_short_slip(pair: Pair) -> bool:
    """Whether a short word has a letter less or another, and none that is doubled, turned round or drawn
    alike."""
    slipped = pair.how == "typo" and _shorter(pair) < 7
    return slipped and not is_doubled(pair.a[0].native, pair.b[0].native)


def missing_weight(token: Token, nth: int, bare: bool) -> int:
    """The weight of a word that only one name has; `nth`: how many such words came before."""
    if token.text in HARDLY_SAID and token.role == "weak":
        return -300
    if bare and (token.role != "weak" or token.text in TELLS_BODIES):
        return -6000
    full = MISSING["field"] if token.text in _OF_BODIES else MISSING[token.role]
    full = _APART if token.text in APART else full
    return full if nth == 0 else full // 2


def place_conflict(mine: Sequence[Token], yours: Sequence[Token]) -> int:
    """The weight of numbers or places that differ; 0 where one may lie within the other."""
    kinds = {token.role for token in mine}, {token.role for token in yours}
    if kinds[0] & kinds[1]:
        role = min(kinds[0] & kinds[1])
        return DIFFERENT_PLACES[role]
    return 0


def conflict_weight(left: Sequence[Token], right: Sequence[Token], bare: bool) -> int:
    """The weight of words that only one and words that only the other has; 0 unless both have some."""
    if not left or not right:
        return 0
    roles = _strongest(left, bare), _strongest(right, bare)
    if not roles[0] or not roles[1]:
        return 0
    first, second = sorted(roles)
    return CONFLICT[first, second]


def _strongest(tokens: Sequence[Token], bare: bool) -> str:
    """The most telling sort of word among them; places tell nothing here but where the name is bare."""
    found = []
    for token in tokens:
        if token.role == "weak" and token.text in HARDLY_SAID:
            continue
        if token.role in ("city", "country"):
            found += ["core"] if bare else []
        else:
            found.append("core" if token.role in ("number", "letter") else token.role)
    return min(found, key=_RANK.index, default="")


def form_evidence(
    a: Sequence[str], b: Sequence[str], one_script: bool
) -> tuple[str, int, str, str] | None:
    """(code, weight, left, right) of what the legal forms say; None where they say nothing."""
    if ("branch" in a) != ("branch" in b):
        return "branch", -4000, "", ""
    mine, yours = (set(forms) - {"branch", "company", "translated"} for forms in (a, b))
    if not mine or not yours:
        return None
    if mine & yours:
        return "form-same", FORM_SAME, min(mine & yours), min(mine & yours)
    translated = "translated" in (*a, *b) and mine | yours <= {"limited", "joint-stock"}
    weight = -500 if translated or not one_script else -3500
    if ("foundation" in mine) != ("foundation" in yours):
        weight = NO_FIRM
    return "form-other", weight, ", ".join(sorted(mine)), ", ".join(sorted(yours))
