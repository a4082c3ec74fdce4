"""How Chinese names are spelled in Latin letters outside the mainland: 新光 Hsin Kuang, 周大福 Chow Tai Fook.

Taiwan spells by Wade and Giles, without their marks and by many habits; Hong Kong and the South Seas by what is
spoken there. A character has therefore several *spellings*, and a name in Latin letters answers to a word if it
is one spelling of each of its characters, in their order. Spellings by Wade and Giles follow from pinyin, those
by Cantonese from a table.

Worked example: 长 is chang, in Hong Kong cheung or cheong; 江 is chiang, or kong. So 长江 may be Chang Chiang
and Cheung Kong, but never Chang Kung.

>>> spelt_overseas("新光", "hsinkuang"), spelt_overseas("周大福", "chowtaifook")
(True, True)
>>> spelt_overseas("新光", "hsinkung"), spelt_overseas("长", "cheung")
(False, False)
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Final

from tallystick.identity.names.lexicon import characters, simplified
from tallystick.identity.names.syllables import SYLLABLES
from tallystick.identity.names.text import rewritten

LONGEST: Final = 5
"""Characters of a word that is spelled so."""

MOST_WAYS: Final = 24
_LONGEST_SYLLABLE: Final = 7
"""Ways in which letters are taken for pinyin, and letters of the longest syllable that is spelled otherwise."""

_PINYIN: Final = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)")

_INITIALS: Final = {
    "b": "b p",
    "d": "d t",
    "g": "g k",
    "j": "j ch",
    "q": "q ch",
    "x": "x hs sh s",
    "zh": "zh ch j",
    "z": "z ts tz",
    "c": "c ts",
    "r": "r j",
}
"""How pinyin begins a syllable -> how it is begun elsewhere too."""

_FINALS: Final = {
    "ong": "ong ung",
    "ian": "ian ien",
    "ie": "ie ieh",
    "ue": "ue ueh",
    "uo": "uo o",
    "e": "e eh o",
    "ui": "ui uei",
    "iu": "iu iou",
    "i": "i ih ee",
    "u": "u oo",
    "un": "un uen",
    "v": "v u",
    "en": "en ern",
    "eng": "eng ung",
    "er": "er erh",
    "a": "a ah",
    "an": "an ann",
}
"""How pinyin ends a syllable -> how it is ended elsewhere too."""

_WHOLE: Final = {
    "zhi": "chih chi",
    "chi": "chih",
    "shi": "shih",
    "ri": "jih",
    "zi": "tzu tze",
    "ci": "tzu tsu",
    "si": "szu ssu sze",
    "yi": "i yih yee",
    "you": "yu yow",
    "yan": "yen",
    "ye": "yeh",
    "yue": "yueh",
    "yong": "yung",
    "ge": "ko",
    "ke": "ko",
    "he": "ho",
    "wei": "wai way",
    "hua": "hwa",
    "guan": "kwan",
    "guang": "kwang kong",
    "kun": "kuen kwun",
    "quan": "chuan chuen",
    "xuan": "shuan hsuan",
}
"""Syllable -> further ways to spell it as a whole."""


@lru_cache(maxsize=5_000)
def _by_wade_giles(syllable: str) -> frozenset[str]:
    """A syllable of pinyin as Taiwan spells it.

    >>> sorted(_by_wade_giles("guo"))
    ['go', 'guo', 'ko', 'kuo']
    """
    begins, ends = _PINYIN.fullmatch(syllable).groups()  # type: ignore[union-attr]
    firsts = _INITIALS.get(begins, begins).split() or [""]
    lasts = _FINALS.get(ends, ends).split() or [""]
    parts = {first + last for first, last in product(firsts, lasts)}
    return frozenset(parts | set(_WHOLE.get(syllable, "").split()))


@lru_cache(maxsize=1)
def _cantonese() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for character, spellings in characters("cantonese.txt"):
        found[character] = found.get(character, frozenset()) | set(spellings.split(","))
    return found


@lru_cache(maxsize=20_000)
def _spellings(character: str) -> tuple[frozenset[str], frozenset[str]]:
    """How a character is spelled in Taiwan, and in Hong Kong."""
    from pypinyin import Style, pinyin

    told = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    syllables = {one.replace("ü", "v") for one in (told[0] if told else [])}
    taiwan = frozenset().union(*[_by_wade_giles(one) for one in syllables if one.isascii()])
    return taiwan, _cantonese().get(character, frozenset())


_VOWELS: Final = frozenset("aeiou")

_SYLLABLES: Final = re.compile(
    "(?:(?:zh|ch|sh|hs|ts|tz|sz|kw|hw|[bpmfdtnlgkhjqxsywrzc])?[aeiou]{1,3}[wy]?(?:ng|rn|[nmktph])?)+"
)
"""Latin letters that may be syllables of a Chinese name."""

_REDUCED: Final = (
    (re.compile("(?<=[hk])w(?=[aeiou])"), ""),
    (re.compile("[aeiou]+(?:[wy](?![aeiou]))?"), "a"),
    (re.compile("ng|rn"), "n"),
    (re.compile("hs|sh|sz|x"), "s"),
    (re.compile("zh|ch|ts|tz|[jqzc]"), "c"),
    (re.compile("b"), "p"),
    (re.compile("d"), "t"),
    (re.compile("g"), "k"),
    (re.compile("(?<=a)h(?!a)"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def may_be_spelt(name: str) -> bool:
    """Whether a name may be spelled otherwise than in pinyin: it is written as the mainland does not write."""
    return simplified(name) != name


@lru_cache(maxsize=50_000)
def reduced(letters: str) -> str:
    """What is left of Chinese in Latin letters, whatever the habit of spelling: enough to file a name by. Empty
    of letters that are none.

    >>> reduced("hsinkuang"), reduced("shinkong"), reduced("strand")
    ('sankan', 'sankan', '')
    """
    if not _SYLLABLES.fullmatch(letters):
        return ""
    return rewritten(letters, _REDUCED)


def spoken_overseas(word: str) -> frozenset[str]:
    """A word of Chinese characters as it is spelled in Taiwan and in Hong Kong, reduced."""
    from pypinyin import lazy_pinyin

    plain = simplified(word)
    ways, table = [[one.replace("ü", "u") for one in lazy_pinyin(plain)]], _cantonese()
    if all(character in table for character in plain):
        ways.append([min(table[character], key=lambda s: (len(s), s)) for character in plain])
    return frozenset("".join(map(reduced, way)) for way in ways)


@lru_cache(maxsize=50_000)
def spelt_overseas(word: str, letters: str) -> bool:
    """Whether letters are a way of spelling a word of two to five Chinese characters outside the mainland."""
    if not 2 <= len(word) <= LONGEST or len(letters) < 2 * len(word):
        return False
    return any(len(letters) in ends[-1] for ends in _ends(word, letters))


@lru_cache(maxsize=50_000)
def begun_overseas(word: str, letters: str) -> bool:
    """Whether letters spell the beginning of such a word, so that more of them may spell it whole.

    >>> begun_overseas("周大福", "chow"), begun_overseas("周大福", "tai")
    (True, False)
    """
    if not 2 <= len(word) <= LONGEST:
        return False
    return any(len(letters) in end for ends in _ends(word, letters) for end in ends[1:-1])


@lru_cache(maxsize=5_000)
def in_pinyin(letters: str) -> tuple[str, ...]:
    """What letters may be in pinyin if they are two to five syllables as they are spelled outside the mainland,
    `MOST_WAYS` at most; none where they are pinyin themselves.

    >>> in_pinyin("hsinkuang"), "zhoudafu" in in_pinyin("chowtaifook"), in_pinyin("borealis")
    (('xinguang', 'xinkuang'), True, ())
    """
    if not _SYLLABLES.fullmatch(letters):
        return ()
    ways: list[dict[tuple[str, ...], None]] = [{(): None}, *({} for _ in letters)]
    for at, begun in enumerate(ways[:-1]):
        for end in range(at + 1, min(at + _LONGEST_SYLLABLE, len(letters)) + 1):
            for one in _in_pinyin().get(letters[at:end], ()):
                ways[end].update({(*way, one): None for way in begun if len(way) < LONGEST})
        ways[at + 1] = dict.fromkeys(sorted(ways[at + 1], key=lambda w: (len(w), w))[:MOST_WAYS])
    found = ["".join(way) for way in ways[-1] if len(way) > 1]
    return () if letters in found else tuple(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _in_pinyin() -> dict[str, list[str]]:
    """A syllable as it is spelled in Taiwan or Hong Kong -> what it may be in pinyin, without tones."""
    from pypinyin import lazy_pinyin

    told = {(way, one) for one in SYLLABLES for way in _by_wade_giles(one)}
    for character, ways in _cantonese().items():
        (one,) = lazy_pinyin(character)
        told |= {(way, one.replace("ü", "v")) for way in ways}
    found: dict[str, list[str]] = {}
    for way, one in sorted(told):
        if not _VOWELS.isdisjoint(way):  # 吴 is Ng, but so does many a syllable end
            found.setdefault(way, []).append(one)
    return found


def _ends(word: str, letters: str) -> list[list[set[int]]]:
    """For Taiwan and for Hong Kong: after how many letters the spelling of each character may end, beginning
    with that of none."""
    both, found = [_spellings(character) for character in simplified(word)], []
    for kind in (0, 1):
        ends = [{0}]
        for one in both:
            ends.append(
                {at + len(s) for at in ends[-1] for s in one[kind] if letters[at:].startswith(s)}
            )
        found.append(ends)
    return found
