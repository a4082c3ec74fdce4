"""By how little two words differ in their letters: slips, habits of spelling, beginnings.

>>> letters_apart("borealis", "boraelis", 1), letters_apart("borealis", "acme", 2)
(1, None)
>>> telling_letters("trdg", "trading")
True
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.sound import bare_bones, consonants, latin, spelt
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
        loose = consonants if told.script not in ABJADS else bare_bones
        bones = loose(spoken), loose(word.text)
        if bones[0] == bones[1] and (len(bones[0]) >= 3 or spoken == word.text):
            return "sound", 0
    if word.script not in ("latin", "cyrillic", "greek") or digits(word.native):
        return None
    cities = told.role in ("city", "country")
    best: tuple[str, int] | None = None
    for spelling in lexicon.spellings(told.text):
        found = _slip_of(word.native, spelling, cities)
        if found and (best is None or found[1] < best[1]):
            best = found
    return best


def _slip_of(word: str, spelling: str, city: bool) -> tuple[str, int] | None:
    if word[0] != spelling[0] or len(word) < 3 + 3 * city:
        return None
    if spelling.startswith(word) and len(spelling) >= len(word) + 2:
        return None if city else ("short", 0)
    if len(word) < SHORTEST_TYPO:
        return None
    edits = letters_apart(word, spelling, 1 if city or len(word) < 9 else 2)
    return ("typo", edits) if edits else None


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
