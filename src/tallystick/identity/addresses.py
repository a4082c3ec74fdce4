"""Addresses, compared: the same, the same house, near, elsewhere, or not to be told.

Idea: numbers (house, postcode, floor) must agree, words only mostly: their order, spelling of "street" and
the language differ from contributor to contributor. Where one tells a postcode, a floor or a district more, it
is the same house. Between scripts the numbers speak, the cities that the tables know, and the consonants.

>>> compare_addresses("No. 12 Keyuan Rd, Nanshan, Shenzhen 518057", "12 Keyuan Road, Shenzhen, 518057")
'same'
>>> compare_addresses("12 Keyuan Road, Shenzhen 518057", "深圳市南山区科苑路12号 518057")
'same'
>>> compare_addresses("ul. Kirova 38 of. 627 Kazan", "г. Казань, ул. Кирова, д. 38")
'house'
>>> compare_addresses("12 Keyuan Road, Shenzhen 518057", "88 Binhe Road, Shenzhen 518001")
'near'
>>> compare_addresses("12 Keyuan Road, Shenzhen", "Bahnhofstr. 3, Bremen"), compare_addresses("China", "Ulm")
('elsewhere', 'unknown')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.sound import bare_bones, latin, skeleton
from tallystick.identity.names.text import WORD, plain, runs

LEVELS: Final = ("same", "house", "near", "elsewhere", "unknown")

_COMMON: Final = frozenset(
    """street st str strasse road rd avenue ave av boulevard blvd lane ln drive dr way square sq pl court
    building bldg block blk floor fl flr room rm suite ste unit no nr apt apartment tower house hao lu jie
    dao shi qu sheng xian zhen cun lou shi ceng dasha city district dist county province prov town village
    state rue via calle rua ulica ul cadde cad sokak sok mah mahallesi the of and de la del di da do dos bis
    industrial zone area park estate plot sector box po cedex near opp behind main""".split()
)
_HAN_MARKS: Final = re.compile("[省市区區县縣镇鎮村路街道号號楼樓室层層栋棟座幢巷弄里]+")
_DIGITS: Final = re.compile(r"\d+")
_GLUED: Final = re.compile("(?<=[a-z]{3})str(asse)?$")
_HOUSE_DIGITS: Final = 4
"""A lone number of more digits is a postcode; one of as many may be, and needs three words beside it."""


_ROADS: Final = frozenset(
    "road rd street st strasse str avenue ave lu jie dao rua calle via ul rue".split()
)
"""Words before which a city is the name of a street."""

_CITY_ENDS: Final = ("시", "-shi", "市")
_ALIKE: Final = frozenset(("latin", "cyrillic", "greek", "digit"))
"""Scripts whose words are compared as they are romanised."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address read. `numbers`: all of them without leading zeros; `words`: those that tell a place, in Latin
    letters; `script`: the one it is in, "latin" for all that are romanised letter by letter; `written`: all
    words in their order."""

    numbers: frozenset[str]
    words: frozenset[str]
    script: str
    written: tuple[str, ...]


@lru_cache(maxsize=200_000)
def read_address(text: str) -> Address:
    """Read an address in any script."""
    words: set[str] = set()
    numbers: set[str] = set()
    script = "latin"
    written = tuple(WORD.findall(_HAN_MARKS.sub(" ", plain(text))))
    for word in written:
        for piece, kind in runs(word):
            script = script if kind in _ALIKE else kind
            spoken = latin(piece, kind)
            numbers |= {n.lstrip("0") or "0" for n in _DIGITS.findall(spoken)}
            letters = _DIGITS.sub("", spoken)
            if len(letters) > 1 and letters not in _COMMON:
                words.add(letters)
    return Address(frozenset(numbers), frozenset(words), script, written)


@lru_cache(maxsize=200_000)
def cities_of(text: str) -> frozenset[str]:
    """The cities that an address names, as the tables call them; streets may be called after others.

    >>> sorted(cities_of("深圳市南山区科苑路12号")), sorted(cities_of("3 Beijing Road, Ho Chi Minh City"))
    (['shenzhen'], ['hochiminh'])
    """
    words = [lexicon.simplified(word) for word in read_address(text).written]
    found = set()
    at = 0
    while at < len(words):
        phrase = lexicon.phrase_from(words, at)
        size, entry = phrase or (1, lexicon.lookup((words[at],)) or _without_end(words[at]))
        at += size
        if entry and entry.kind == "city" and (at >= len(words) or words[at] not in _ROADS):
            found.add(entry.text)
    return frozenset(found)


def _without_end(word: str) -> lexicon.Entry | None:
    end = next((end for end in _CITY_ENDS if word.endswith(end)), "")
    return lexicon.lookup((word.removesuffix(end),)) if end else None


@lru_cache(maxsize=200_000)
def _bones(words: frozenset[str]) -> frozenset[str]:
    """The consonants of the words, for scripts that write vowels otherwise."""
    return frozenset(bones for word in words if len(bones := bare_bones(word)) > 1)


@lru_cache(maxsize=200_000)
def _sounds(words: frozenset[str]) -> frozenset[str]:
    """The words as they sound, whatever the habit of spelling."""
    return frozenset(map(skeleton, words))


@lru_cache(maxsize=100_000)
def compare_addresses(a: str, b: str) -> str:
    """One of LEVELS."""
    one, other = read_address(a), read_address(b)
    if one.words == other.words and one.numbers == other.numbers and one.numbers and one.words:
        return "same"
    cities = cities_of(a), cities_of(b)
    mixed = one.script != other.script
    if cities[0] and cities[1] and cities[0].isdisjoint(cities[1]):
        return "elsewhere"
    shared, fewer = _shared(one, other, mixed)
    met = one.numbers & other.numbers
    if met and (met in (one.numbers, other.numbers) or len(met) > 1):
        if len(met) == max(len(one.numbers), len(other.numbers)):
            if mixed or 2 * shared >= fewer:
                return "same"
        elif shared >= 2 or (mixed and (shared or cities[0] & cities[1])):
            return "house"
    if met and shared >= 2 and shared == fewer:  # one tells a floor, the other a postcode
        return "house"
    if shared or cities[0] & cities[1]:
        return "near"
    if mixed:
        return "unknown" if met or not (one.numbers and other.numbers) else "elsewhere"
    return "elsewhere" if fewer > 1 and not met else "unknown"


def _shared(one: Address, other: Address, mixed: bool) -> tuple[int, int]:
    """How many words the two have in common, and how many the one with fewer has."""
    of = _bones if mixed else _sounds
    mine, yours = of(one.words), of(other.words)
    return len(mine & yours), min(len(mine), len(yours))


def one_place(text: str) -> str | None:
    """The numbers and words of an address that two spellings of it share; None where it names a town or a post
    office and no house, at which two firms could meet.

    >>> one_place("Flat 3, 10 High Street, London") == one_place("LONDON, High St. 10 (flat 3)")
    True
    >>> one_place("10115 Berlin"), one_place("8001 Zürich, Switzerland"), one_place("Shenzhen")
    (None, None, None)
    """
    read = read_address(text)
    words = {_GLUED.sub("", word) for word in read.words}
    if len(read.numbers) == 1:
        digits = len(next(iter(read.numbers)))
        if digits > _HOUSE_DIGITS or len(words) < (2 if digits < _HOUSE_DIGITS else 3):
            return None
    elif not (read.numbers and words):
        return None
    return " ".join([*sorted(read.numbers), *sorted(words)])
