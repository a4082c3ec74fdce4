"""Addresses, compared: the same, near, elsewhere, or not to be told.

Idea: numbers (house, postcode, floor) must agree, words only mostly: their order, spelling of "street" and
the language differ from contributor to contributor. Between scripts the numbers speak.

>>> compare_addresses("No. 12 Keyuan Rd, Nanshan, Shenzhen 518057", "12 Keyuan Road, Shenzhen, 518057")
'same'
>>> compare_addresses("12 Keyuan Road, Shenzhen 518057", "深圳市南山区科苑路12号 518057")
'same'
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

from tallystick.identity.names.sound import latin
from tallystick.identity.names.text import WORD, plain, runs

LEVELS: Final = ("same", "near", "elsewhere", "unknown")

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


@dataclass(frozen=True, slots=True)
class Address:
    """An address read. `numbers`: all of them without leading zeros; `words`: those that tell a place, in Latin
    letters; `script`: han or other, since words are not compared between the two."""

    numbers: frozenset[str]
    words: frozenset[str]
    script: str


@lru_cache(maxsize=200_000)
def read_address(text: str) -> Address:
    """Read an address in any script."""
    words: set[str] = set()
    numbers: set[str] = set()
    script = "other"
    for word in WORD.findall(_HAN_MARKS.sub(" ", plain(text))):
        for piece, kind in runs(word):
            script = "han" if kind == "han" else script
            spoken = latin(piece, kind)
            numbers |= {n.lstrip("0") or "0" for n in _DIGITS.findall(spoken)}
            letters = _DIGITS.sub("", spoken)
            if len(letters) > 1 and letters not in _COMMON:
                words.add(letters)
    return Address(frozenset(numbers), frozenset(words), script)


def compare_addresses(a: str, b: str) -> str:
    """One of LEVELS."""
    one, other = read_address(a), read_address(b)
    fewer = min(len(one.words), len(other.words))
    shared = len(one.words & other.words)
    mixed = one.script != other.script
    met = one.numbers & other.numbers
    agree = met and (met in (one.numbers, other.numbers) or len(met) > 1)
    if agree and (mixed or 2 * shared >= fewer):
        all_met = len(met) == max(len(one.numbers), len(other.numbers))
        return "same" if mixed or all_met else "near"
    if mixed:
        return "unknown" if met or not (one.numbers and other.numbers) else "elsewhere"
    if shared:
        return "near"
    return "elsewhere" if fewer > 1 and not met else "unknown"


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
