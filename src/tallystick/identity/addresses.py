"""Addresses in one spelling, so that two ways to write one place are equal and two places are not.

Idea: case, accents, punctuation, word order and common abbreviations do not matter; numbers do. What has no
house number or only names a town is no place at which two firms could meet, and gives nothing.

>>> normalise_address("Flat 3, 10 High Street, London") == normalise_address("LONDON, High St. 10 (flat 3)")
True
>>> normalise_address("10 High Street, London") == normalise_address("11 High Street, London")
False
>>> normalise_address("10115 Berlin"), normalise_address("Shenzhen, China")
('', '')
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_PART: Final = re.compile(r"(\d+)(?:(?:st|nd|rd|th)\b)?|([^\W\d_]+)")
_SHORT: Final = {
    long: short
    for short, longs in {
        "apt": "apartment appartement",
        "ave": "avenue av avenida avda",
        "bldg": "building bld",
        "blvd": "boulevard bd",
        "c": "calle",
        "cres": "crescent",
        "dist": "district",
        "dr": "drive",
        "e": "east",
        "fl": "floor flr",
        "gt": "great",
        "hwy": "highway",
        "ind": "industrial",
        "ln": "lane",
        "mt": "mount",
        "n": "north",
        "pkwy": "parkway",
        "pl": "place platz plaza",
        "prov": "province",
        "rd": "road",
        "rm": "room",
        "s": "south",
        "sq": "square",
        "st": "street saint",
        "ste": "suite",
        "str": "strasse",
        "w": "west",
    }.items()
    for long in longs.split()
}
"""The long form of a word -> the short one: a short form may stand for several, a long one never does."""

_NOTHING: Final = frozenset("and de di do du la le no nr number of the und".split())
_GLUED: Final = re.compile(r"(?<=[a-z]{3})strasse$")
_CJK: Final = re.compile("[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")

_POSTCODE_DIGITS: Final = 5
"""A lone number of so many digits is that of a post office, not of a house."""

_LEAST_WORDS: Final = 3
"""Beside a lone number: house, street and town. Two characters of Chinese or Japanese count as a word."""


def normalise_address(address: str) -> str:
    """An address as its numbers and words in alphabetical order; "" where it names no single place."""
    text = unicodedata.normalize("NFKD", address.casefold())
    if not text.isascii():
        text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
        text = unicodedata.normalize("NFC", text).replace("ı", "i")
    numbers: list[int] = []
    words: set[str] = set()
    for number, word in _PART.findall(text):
        if number:
            numbers.append(int(number[:30]))
        else:
            word = _GLUED.sub("str", word)
            words.add(_SHORT.get(word, word))
    words -= _NOTHING
    if not _one_place(numbers, words):
        return ""
    return " ".join([*map(str, sorted(numbers)), *sorted(words)])


def _one_place(numbers: list[int], words: set[str]) -> bool:
    if len(numbers) != 1:
        return bool(numbers and words)
    size = sum(max(1, len(_CJK.findall(word)) // 2) for word in words)
    return len(str(numbers[0])) < _POSTCODE_DIGITS and size >= _LEAST_WORDS
