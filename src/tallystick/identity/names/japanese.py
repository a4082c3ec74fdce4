"""How Chinese characters are read outside China: 藤川 is Fujikawa, 東洋 Toyo, 三星 Samseong.

A character has several readings, native ones and those that came with it from China, and only whoever knows the
firm knows which it chose. So a word has several *ways* of being read, the likely ones first (all native, all
Chinese), and a name in Latin letters answers to it if it is one of them. Sounds change within a word (kawa,
gawa; nichi and shin make nisshin) and are spelled by several habits; they are compared as they are *heard*.

>>> spoken("藤川"), ways("東洋", 2), in_korea("三星")
('fujikawa', ('toyo', 'higashihiro'), 'samseong')
>>> reads_as("石村", "ishimura"), reads_as("日新", "nissin"), reads_as("石村", "ishikawa")
(True, True, False)
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, product
from typing import Final, NamedTuple

from tallystick.identity.names.lexicon import characters, simplified
from tallystick.identity.names.text import rewritten

_JAPANESE: Final = re.compile("[\u3041-\u30fa]|株式会社|有限会社|合同会社|合資会社|合名会社")
_CHINESE: Final = re.compile("公司|厂|廠|集团|集團|省|商行|经营部")
_IDEOGRAPH: Final = re.compile("[\u3005-\u3007\u3400-\u9fff]")
_FAMILY: Final = re.compile("[田川山村本井野岛崎泽口木原桥森林谷藤松竹杉冈池坂堀户]")
"""Characters of the names of families, simplified."""

LONGEST: Final = 5
"""Characters of a word that is read so."""

MOST_WAYS: Final = 600
"""Ways of reading a word that are tried."""

_END: Final = re.compile("(?:[kt]u|[kt]i)$")
_HEARD: Final = (
    (re.compile("shi"), "si"),
    (re.compile("sh|sy"), "s"),
    (re.compile("tch"), "ch"),
    (re.compile("chi"), "ti"),
    (re.compile("ch|ty"), "t"),
    (re.compile("ts|tz"), "t"),
    (re.compile("dz(?=u)"), "t"),
    (re.compile("dz|d(?=i)|j|zy"), "z"),
    (re.compile("[fbp]"), "h"),
    (re.compile("m(?=h)"), "n"),
    (re.compile("oh(?![aeiou])|ou|oo"), "o"),
    (re.compile("uu"), "u"),
    (re.compile("[^a-z]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
_VOICED: Final = str.maketrans({"g": "k", "z": "s", "d": "t"})


class Readings(NamedTuple):
    """Of a character: `native` and `chinese` readings in Japan, `korean` ones in Korea."""

    native: tuple[str, ...]
    chinese: tuple[str, ...]
    korean: tuple[str, ...]


@lru_cache(maxsize=1)
def _readings() -> dict[str, Readings]:
    found: dict[str, Readings] = {}
    for character, told in characters("readings.txt"):
        japanese, _, korean = told.partition("/")
        both = japanese.split(",")
        native = tuple(reading for reading in both if reading.islower())
        chinese = tuple(reading.lower() for reading in both if reading.isupper())
        readings = Readings(native, chinese, tuple(filter(None, korean.split(","))))
        found.setdefault(simplified(character), readings)
    return found


@lru_cache(maxsize=20_000)
def _read(word: str) -> tuple[Readings, ...]:
    """The readings of a word, as a whole where the table has it, else one by one; none where it lacks one."""
    table, plain = _readings(), simplified(word)
    for size in (3, 2):  # a name of its own, such as Hitachi, alone or before another word
        if plain[:size] in table and len(plain) > size:
            rest = _read(plain[size:])
            return (table[plain[:size]], *rest) if rest else ()
    if plain in table:
        return (table[plain],)
    told = [table[character] for character in plain if character in table]
    return tuple(told) if len(told) == len(plain) <= LONGEST else ()


def is_japanese(text: str) -> bool:
    """Whether a name is Japanese by its legal form or its kana."""
    return _JAPANESE.search(text) is not None


def has_characters(word: str) -> bool:
    """Whether a word has Chinese characters."""
    return not word.isascii() and _IDEOGRAPH.search(word) is not None


def may_be_read(name: str) -> bool:
    """Whether a name may be read otherwise than in China: it has characters, and no word that only China knows.

    >>> may_be_read("石村建材商事"), may_be_read("深圳市华强电子有限公司"), may_be_read("Acme")
    (True, False, False)
    """
    return has_characters(name) and not _CHINESE.search(name)


@lru_cache(maxsize=20_000)
def ways(word: str, most: int = 8) -> tuple[str, ...]:
    """So many ways at most in which a word may be read in Japan, the likely first; none where the table lacks a
    character. Families and their places are read in native words, other names in those from China."""
    readings = _read(word)
    if not readings:
        return ()
    native = [r.native or r.chinese for r in readings]
    chinese = [r.chinese or r.native for r in readings]
    likely = (native, chinese) if _FAMILY.search(simplified(word)) else (chinese, native)
    first = ["".join(one[0] for one in kind) for kind in likely]
    begun = [_ends(r[:1]) for r in chinese[:-1]]
    if any(begun):  # nichi and shin make nisshin
        ends = (_END.sub("", e[0]) if e else r[0] for e, r in zip(begun, chinese, strict=False))
        first.append("".join([*ends, chinese[-1][0]]))
    every = map("".join, islice(product(*[r.native + r.chinese for r in readings]), most))
    return tuple(dict.fromkeys([*first, *every]))[:most]


def spoken(word: str) -> str | None:
    """A word of several characters as it is likely to be read in Japan; None where the table does not tell."""
    return next(iter(ways(word)), None) if len(word) > 1 else None


@lru_cache(maxsize=20_000)
def in_korea(word: str) -> str | None:
    """A word of Chinese characters as it is read in Korea."""
    table = _readings()
    told = [table[c].korean for c in simplified(word) if c in table and table[c].korean]
    return "".join(korean[0] for korean in told) if 1 < len(told) == len(word) else None


@lru_cache(maxsize=50_000)
def heard(romaji: str) -> str:
    """Japanese in Latin letters as it is heard, whatever the habit of spelling.

    >>> heard("Fujikawa") == heard("hudigawa"), heard("Ohashi") == heard("Oohasi")
    (True, True)
    """
    word = rewritten(romaji.lower(), _HEARD)
    return re.sub(r"(.)\1+", r"\1", word.translate(_VOICED))


@lru_cache(maxsize=20_000)
def _heard_ways(word: str) -> frozenset[str]:
    readings, kinds = _read(word), []
    for n, reading in enumerate(readings):
        every = reading.native + reading.chinese
        if n + 1 < len(readings):  # before another, the end of what came from China is swallowed
            every += tuple(_END.sub("", spelt) for spelt in _ends(reading.chinese))
        kinds.append(every)
    found = islice(product(*kinds), MOST_WAYS) if kinds else ()
    return frozenset(heard("".join(way)) for way in found)


def _ends(chinese: tuple[str, ...]) -> list[str]:
    plain = [reading.replace("chi", "ti").replace("tsu", "tu") for reading in chinese]
    return [reading for reading in plain if len(reading) > 2 and _END.search(reading)]


@lru_cache(maxsize=50_000)
def reads_as(word: str, romaji: str) -> bool:
    """Whether a word in Latin letters is a way of reading one of Chinese characters in Japan."""
    sound = heard(romaji)
    return len(sound) > 2 and sound in _heard_ways(word)
