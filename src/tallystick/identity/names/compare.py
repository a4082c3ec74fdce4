"""Whether two names mean one company, with the reason: lines of evidence whose weights add up.

A weight is in thousandths of a bit: +1000 makes "the same company" twice as likely, -1000 half as likely.

>>> match = compare_names("深圳市华强电子有限公司", "HUAQIANG ELEC SZ")
>>> match.verdict, match.weight == sum(line.weight for line in match.evidence)
('same', True)
>>> for line in compare_names("Huawei Technologies", "Huawei Device").evidence:
...     print(line.weight, line.text)
9000 the same name word: huawei
-8000 each says what the other does not: technologies; device
>>> [compare_names("ABC 1 Ltd", "ABC 2 Ltd").verdict, compare_names("test", "test").verdict]
['different', 'unsure']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from tallystick.identity.names.align import begins_within, lay_side_by_side
from tallystick.identity.names.pairs import Pair, written
from tallystick.identity.names.tokens import Name, Token, read_name, says, stands_for
from tallystick.identity.names.weights import (
    INITIALS,
    MOST_AGREE,
    ORDER,
    SHORT_SLIP,
    conflict_weight,
    form_evidence,
    is_short_slip,
    missing_weight,
    pair_weight,
    place_conflict,
    slip_weight,
)

SAME_FROM: Final = 6000
"""Thousandths of a bit from which two names are taken for one company's."""

DIFFERENT_BELOW: Final = 2500
"""Thousandths of a bit below which they are taken for two companies'."""

TEXTS: Final = {
    "same": "the same name word: {}",
    "meaning": "the same in two languages: {} = {}",
    "sound": "the same sound in two scripts: {} = {}",
    "spelling": "two spellings of one word: {} = {}",
    "gloss": "the same by the dictionary: {} = {}",
    "joined": "written together and apart: {} = {}",
    "typo": "nearly the same spelling: {} ~ {}",
    "near": "a letter apart, and by no slip of the hand: {} ~ {}",
    "short": "an abbreviation: {} = {}",
    "homophone": "the same sound, other characters: {} ~ {}",
    "begins": "begins with {}: {}",
    "initials": "the initials of the other: {} = {}",
    "conflict": "each says what the other does not: {}; {}",
    "number": "different numbers: {}; {}",
    "place": "different places: {}; {}",
    "order": "the same words of their own in another order: {}; {}",
    "missing": "only one of them says {}{}",
    "form-same": "the same kind of legal form: {}",
    "form-other": "different kinds of legal form: {}; {}",
    "branch": "only one of them is a branch",
    "no-name": "a placeholder is no name",
}
"""Code of an evidence line -> its words; the places are what either name says."""


class Evidence(NamedTuple):
    """A line of evidence. `code`: a key of TEXTS; `weight` in thousandths of a bit; `left`, `right`: what the
    names say."""

    code: str
    weight: int
    left: str = ""
    right: str = ""

    @property
    def text(self) -> str:
        """The line in words."""
        return TEXTS[self.code].format(self.left, self.right)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The outcome. `weight`: sum of the evidence; `verdict`: same, unsure or different."""

    weight: int
    verdict: str
    evidence: tuple[Evidence, ...]

    @property
    def score(self) -> float:
        """The weight as a probability where same and different are as likely beforehand, for showing."""
        return 1 / (1 + 2 ** (-self.weight / 1000))


def compare_names(
    a: str,
    b: str,
    rarity: Mapping[str, int] | None = None,
    read: Callable[[str], Name] = read_name,
) -> NameMatch:
    """Compare two names. `rarity`: what `count_words` gives; without it words weigh by their role. `read`:
    gives a name as it was read, where that was done before."""
    first, second = sorted((a, b))  # so that the outcome does not depend on the order of the two
    found = evidence_of(read(first), read(second), rarity)
    if first != a:
        found = [Evidence(e.code, e.weight, e.right, e.left) for e in found]
    lines = tuple(sorted(found, key=lambda line: -line.weight))
    weight = sum(line.weight for line in lines)
    return NameMatch(weight, _verdict(weight, lines), lines)


def count_words(names: list[str]) -> dict[str, int]:
    """How many of the names hold each word; the number of names stands under "".

    >>> count_words(["Acme Trading", "Borealis Trading Ltd"])["trading"]
    2
    """
    counts = {"": len(names)}
    for name in names:
        for text in {token.text for token in read_name(name).tokens}:
            counts[text] = counts.get(text, 0) + 1
    return counts


def _verdict(weight: int, lines: tuple[Evidence, ...]) -> str:
    if any(line.code == "no-name" for line in lines):
        return "unsure"
    if weight >= SAME_FROM:
        return "same"
    return "different" if weight < DIFFERENT_BELOW else "unsure"


def evidence_of(a: Name, b: Name, rarity: Mapping[str, int] | None = None) -> list[Evidence]:
    """The lines of evidence, in no order, of two names as read, the first by the alphabet first."""
    if not a.is_name or not b.is_name:
        return [Evidence("no-name", 0)]
    initials = _initials(a, b)
    if initials:
        return [initials, *_forms(a, b)]
    sides = lay_side_by_side(a, b)
    if a.cut:
        _forget_cut(a, sides.left, sides.right)
    if b.cut:
        _forget_cut(b, sides.right, sides.left)
    _forget_said(a, b, sides.pairs, sides.left)
    _forget_said(b, a, sides.pairs, sides.right)
    bare = _says_little(a) or _says_little(b)
    lines = _agreeing(sides.pairs, bare, rarity) + _order(sides.pairs, b)
    return [*lines, *_differences(sides.left, sides.right, bare), *_forms(a, b)]


def _forget_cut(cut: Name, mine: list[Token], yours: list[Token]) -> None:
    """Leave out what one name lacks because it was cut off: the end of its last word and what came after."""
    last = cut.tokens[-1]
    if last not in mine:
        return
    begun = next((token for token in yours if begins_within(last, token)), None)
    if not begun:
        return
    mine.remove(last)
    yours.remove(begun)
    yours[:] = [token for token in yours if token.role in ("core", "number", "letter")]


def _forget_said(mine: Name, yours: Name, pairs: list[Pair], left: list[Token]) -> None:
    """Leave out what one name says that is in a word both have ("Sberbank" and "Sberbank Bank", 鞍钢 and
    "Angang Steel"), and initials of all its words beside them ("CSN Companhia Siderúrgica Nacional")."""
    if not left:
        return
    said: set[str] = set()
    if any(token.role == "field" for token in left):
        said.update(*[says(token) for pair in pairs for token in (*pair.a, *pair.b)])
    left[:] = [
        token
        for token in left
        if not (token.role == "field" and token.text in said)
        and not (stands_for(token, mine) and _has_all(yours, mine, token))
    ]


def _has_all(yours: Name, mine: Name, but: Token) -> bool:
    texts = {token.text for token in yours.tokens}
    return all(token.text in texts for token in mine.tokens if token is not but)


def _says_little(name: Name) -> bool:
    """A name without a word of its own, such as "Bank of China": then its common words are the name."""
    return "core" not in [token.role for token in name.tokens]


def _agreeing(pairs: list[Pair], bare: bool, rarity: Mapping[str, int] | None) -> list[Evidence]:
    """What agrees. A second word of the name's own tells half, and so on: words of one name come together. All
    of them weigh no more than `MOST_AGREE` less what is amiss in them, so that no length of a name outweighs a
    contradiction."""
    weighed = [(pair_weight(pair, bare, rarity), pair) for pair in pairs]
    if len(weighed) > 1:
        weighed.sort(key=lambda found: (-found[0], found[1].left, found[1].right))
    slips = sum([slip_weight(pair) for pair in pairs])
    alone = sum([_is_own(pair) for pair in pairs]) == 1
    lines, own, left = [], 0, max(0, MOST_AGREE - slips)
    for weight, pair in weighed:
        is_own = _is_own(pair) and weight > 0
        weight -= SHORT_SLIP if alone and is_own and is_short_slip(pair) else 0
        told = min(left, weight >> min(own, 3) if is_own else weight)
        left -= told
        lines.append(Evidence(pair.how, told, pair.left, pair.right))
        own += is_own
    return lines


def _is_own(pair: Pair) -> bool:
    return pair.a[0].role == pair.b[0].role == "core"


def _order(pairs: list[Pair], b: Name) -> list[Evidence]:
    """What it says that own words stand in another order. A line of business or a place changes its place with
    the language; a name's own words hardly ever do: "Cedar Harbour" and "Harbour Cedar" are two firms."""
    if len(pairs) < 2:
        return []
    own = [
        pair
        for pair in pairs
        if pair.a[0].role == pair.b[0].role == "core" and pair.a[0].script == pair.b[0].script
    ]
    places = [b.tokens.index(pair.b[0]) for pair in own]
    once = len({pair.b[0].text for pair in own}) == len(own)
    if not once or places == sorted(places):
        return []
    turned = [pair for _, pair in sorted(zip(places, own, strict=True), key=lambda found: found[0])]
    left, right = (" ".join(pair.left for pair in order) for order in (own, turned))
    return [Evidence("order", ORDER, left, right)]


_OF_FORMS: Final = frozenset("aclgs")
"""First letters of legal forms that initials end with: Aktiebolag, Corporation, Limited, Gesellschaft."""

_CONTRADICTING: Final = (("number", ("number",)), ("place", ("city", "country")))
"""Code of a line of evidence -> roles of words that contradict others of their kind alone."""


def _differences(left: list[Token], right: list[Token], bare: bool) -> list[Evidence]:
    """What only one of the names says; where each says something of one sort, they contradict each other."""
    lines: list[Evidence] = []
    for code, roles in _CONTRADICTING if left and right else ():
        mine, yours = _of_roles(left, roles), _of_roles(right, roles)
        weight = place_conflict(mine, yours) if mine and yours and not bare else 0
        if weight:
            lines.append(Evidence(code, weight, written(mine), written(yours)))
            left, right = _less(left, mine), _less(right, yours)
    weight = conflict_weight(left, right, bare)
    if weight:
        return [*lines, Evidence("conflict", weight, written(left), written(right))]
    return lines + [
        Evidence("missing", missing_weight(token, n, bare), token.native)
        for tokens in (left, right)
        for n, token in enumerate(sorted(tokens, key=lambda t: t.role))
    ]


def _of_roles(tokens: list[Token], roles: tuple[str, ...]) -> list[Token]:
    return [token for token in tokens if token.role in roles]


def _less(tokens: list[Token], gone: list[Token]) -> list[Token]:
    return [token for token in tokens if token not in gone]


def _forms(a: Name, b: Name) -> list[Evidence]:
    if not a.forms and not b.forms:
        return []
    scripts = [{token.script for token in name.tokens} - {"digit"} for name in (a, b)]
    found = form_evidence(a.forms, b.forms, bool(scripts[0] & scripts[1]))
    return [Evidence(*found)] if found else []


@lru_cache(maxsize=100_000)
def _initials_of(name: Name) -> str:
    latin = all(token.script in ("latin", "digit") for token in name.tokens)
    return "".join(w[0] for token in name.tokens for w in token.native.split()) if latin else ""


def _is_initials(word: str, name: Name) -> bool:
    """Whether a word is the initials of a name, perhaps with that of its legal form: NTPC of "National Thermal
    Power Corporation"."""
    initials = _initials_of(name)
    return word == initials or (
        len(initials) >= 3 and bool(name.forms) and word[:-1] == initials and word[-1] in _OF_FORMS
    )


def _initials(a: Name, b: Name) -> Evidence | None:
    for short, long, turned in ((a, b, False), (b, a, True)):
        if len(short.tokens) != 1 or len(long.tokens) < 2:
            continue
        (word,) = short.tokens
        if len(word.native) >= 3 and _is_initials(word.native, long):
            said = (word.native, written(long.tokens))
            return Evidence(
                "initials", INITIALS[min(len(word.native), 5)], *said[:: -1 if turned else 1]
            )
    return None
