"""By how little two words differ in their letters: slips, habits of spelling, beginnings.

>>> letters_apart("borealis", "boraelis", 1), letters_apart("borealis", "acme", 2)
(1, None)
>>> telling_letters("trdg", "trading")
True
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.sound import bare_bones, consonants, latin, skeleton, spelt
from tallystick.identity.names.tokens import Token

ABJADS: Final = frozenset({"arabic", "hebrew"})
"""Scripts that leave out most vowels."""

THAI_ENDS: Final = re.compile("[nr]+")
"""Consonants that sound n at the end of a Thai syllable, as `consonants` gives them."""

LONG: Final = 7
"""Letters of a word from which on one that is doubled, or a vowel spelt by another habit, changes little."""

SHORTEST_TYPO: Final = 5
"""Words of fewer letters that differ by one are different words."""


def letters_apart(x: str, y: str, allowed: int) -> int | None:
    """Letters that differ, neighbours that changed places as one; None where there are more than allowed."""
    if abs(len(x) - len(y)) > allowed:
        return None
    edits = _distance()(x, y, score_cutoff=allowed)
    return edits if edits <= allowed else None


@lru_cache(maxsize=1)
def _distance() -> Callable[..., int]:
    from rapidfuzz.distance import OSA

    return OSA.distance


_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_VOWELS: Final = "aeiouy", "аеёиоуыэюяіїє"
_TAKEN_FOR: Final = (
    "il ec oc uv hn nm iй vw bv fp gj gh gy jz jt ck cz kq sz dz hx kx iy jy гґ".split()
)
"""Letters that are drawn alike, and letters that habits of romanising write for one another, so that one stands
for the other. Not c for s: sunrice is no sunrise."""

_DRAWN_ALIKE: Final = (("rn", "m"), ("cl", "d"), ("vv", "w"))

_BESIDE: Final = frozenset(frozenset(row[n : n + 2]) for row in _ROWS for n in range(len(row) - 1))
_MISTAKEN: Final = (
    _BESIDE
    | frozenset(frozenset((a, b)) for row in _VOWELS for a in row for b in row)
    | frozenset(map(frozenset, _TAKEN_FOR))
)


@lru_cache(maxsize=50_000)
def is_slip(x: str, y: str) -> bool:
    """Whether what differs between two words that are a letter or two apart is a slip of hand, eye or ear: a
    letter left out, doubled, in another place, or taken for its neighbour on the keyboard, a vowel or one drawn
    or heard alike. The first letter is seldom mistaken: only for its neighbour, or left out of a long word.
    Everything else is another word: sunrise and sunrice.

    >>> is_slip("caterpillar", "catepillar"), is_slip("panasonic", "panasomic"), is_slip("bridge", "fridge")
    (True, True, False)
    >>> is_slip("sunrise", "sunrice"), is_slip("modern", "modem")
    (False, True)
    """
    from rapidfuzz.distance import OSA, Levenshtein

    if x[0] != y[0] and not _first_slipped(x, y):
        return False
    if _drawn_alike(x, y, _DRAWN_ALIKE):
        return True
    edits = Levenshtein.editops(x, y)
    if len(edits) > OSA.distance(x, y):
        return True  # neighbours changed places
    if same_bones(x, y) and consonants(x[0]) == consonants(y[0]):
        return True  # another habit of romanising: g and k, l and r
    return all(
        e.tag != "replace" or frozenset((x[e.src_pos], y[e.dest_pos])) in _MISTAKEN for e in edits
    )


def _first_slipped(x: str, y: str) -> bool:
    short, long = sorted((x, y), key=len)
    if long[1:] == short:
        return len(long) > SHORTEST_TYPO
    if x[:2] == y[1::-1]:
        return True  # the first two changed places
    if {x[0], y[0]} <= set(_VOWELS[0]):
        return True
    heard = consonants(x[0])
    return frozenset((x[0], y[0])) in _BESIDE or (heard == consonants(y[0]) != "")


@lru_cache(maxsize=50_000)
def is_doubled(x: str, y: str) -> bool:
    """Whether two words differ only in letters that stand once or twice, or have changed places, or are drawn
    alike within the word."""
    if _once(x) == _once(y) or (len(x) == len(y) and sorted(x) == sorted(y)):
        return True
    return _drawn_alike(x, y, (*_DRAWN_ALIKE, ("l", "i"), ("e", "c")))


def _drawn_alike(x: str, y: str, taken_for: Sequence[tuple[str, str]]) -> bool:
    """Whether two words are one where some letters are taken for others."""
    return any(
        seen in x + y and x.replace(seen, meant) == y.replace(seen, meant)
        for seen, meant in taken_for
    )


def _once(word: str) -> str:
    return "".join(c for n, c in enumerate(word) if word[n - 1 : n] != c)


@lru_cache(maxsize=50_000)
def digits(word: str) -> str:
    """The digits of a word."""
    return "".join(c for c in word if c.isdigit())


@lru_cache(maxsize=50_000)
def umlaut(word: str) -> str:
    """A word with umlauts written out or not, as one."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def same_bones(x: str, y: str) -> bool:
    """Whether two words differ in nothing but vowels, as habits of romanising do: Seongyeong, Sungyoung."""
    bones = consonants(x)
    long = len(bones) >= 3 and min(len(x), len(y)) >= SHORTEST_TYPO
    return long and bones == consonants(y) and letters_apart(x, y, 3) is not None


def telling_letters(short: str, long: str) -> bool:
    """Whether the letters of an abbreviation stand in the word in this order, without most of its vowels."""
    if sum(c in "aeiouyаеиоуыэюя" for c in short[1:]) > 1 or 3 * len(short) < len(long):
        return False
    rest = iter(long)
    return all(c in rest for c in short) and short[-1] in long[-3:]


@lru_cache(maxsize=200_000)
def spelling_of(word: Token, told: Token) -> tuple[str, int] | None:
    """How a word is a spelling of what another means, and letters that differ."""
    if word.script != told.script and word.script == "latin":
        spoken = latin(told.native.replace(" ", ""), told.script)
        if _heard_as(spoken, word.text, told.script):
            return "sound", 0
    if told.script == "latin" != word.script and word.script not in ("han", "cyrillic", "greek"):
        bones = consonants(word.text), consonants(_SOFT_C.sub("s", told.native.replace(" ", "")))
        if bones[0] == bones[1] and len(bones[0]) >= 4:
            return "sound", 0
    if word.script not in ("latin", "cyrillic", "greek") or digits(word.native):
        return None
    cities = told.role in ("city", "country")
    best: tuple[str, int] | None = None
    for spelling in lexicon.spellings(told.text, word.native[0]):
        found = _slip_of(word.native, spelling, cities)
        if found and (best is None or found[1] < best[1]):
            best = found
    return best


_SOFT_C: Final = re.compile("c(?=[eiy])")


def _heard_as(spoken: str, word: str, script: str) -> bool:
    """Whether a word in Latin letters is that of another script as it is spoken."""
    loose = consonants if script not in ABJADS else bare_bones
    bones = loose(spoken), loose(word)
    if bones[0] != bones[1]:
        return False
    if len(bones[0]) >= 3 or spoken == word:
        return True
    firsts = skeleton(spoken)[:1], skeleton(word)[:1]
    long = len(bones[0]) == 2 and len(word) >= SHORTEST_TYPO
    return script in ABJADS and long and firsts[0] == firsts[1]


def _slip_of(word: str, spelling: str, city: bool) -> tuple[str, int] | None:
    if word[0] != spelling[0] or len(word) < 3 + 3 * city:
        return None
    if spelling.startswith(word) and len(spelling) >= len(word) + 2:
        return None if city else ("short", 0)
    if len(word) < SHORTEST_TYPO:
        return None
    edits = letters_apart(word, spelling, 1 if city or len(word) < 9 else 2)
    return ("typo", edits) if edits and is_slip(word, spelling) else None


def nearly_joined(run: str, y: Token, script: str) -> int | None:
    """Letters by which words written together differ from a long word: a vowel spelt otherwise, a slip."""
    if min(len(run), len(y.text)) < LONG or run[0] != y.text[0] or run.isdigit():
        return None
    if script != y.script:
        bones = consonants(run), consonants(y.text)
        if "thai" in (script, y.script):
            bones = THAI_ENDS.sub("n", bones[0]), THAI_ENDS.sub("n", bones[1])
        return (
            1
            if bones[0] == bones[1] and len(bones[0]) > 3 and "han" not in (script, y.script)
            else None
        )
    if script in ABJADS or script == "han":
        return None
    return 1 if spelt(run) == spelt(y.text) or letters_apart(run, y.text, 1) is not None else None
