"""The tables of words: legal forms, words of business, places, proper names of several spellings.

Each is a file of facts beside this module, a row per meaning, so 贸易, "ticaret" and "trading" are one row.
The legal forms are seeded from the Entity Legal Forms code list (ISO 20275, public domain).

>>> lookup(("贸易",)), lookup(("shen", "zhen"))
(Entry(kind='weak', text='trading'), Entry(kind='city', text='shenzhen'))
>>> form(("gmbh",))
Form(family='limited', place='any')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from tallystick.identity.names.text import UNSPACED, WORD, plain, script_of

_HERE: Final = Path(__file__).parent
STOPS: Final = frozenset(
    """the al of city and de du des la le les el los las und et for da do dos das del della di van von der den
    ve og och та và en au aux com www net ऑफ एंड एण्ड""".split()
)
"""Words that carry nothing, in the spelling of `plain`."""

LONGEST_PHRASE: Final = 6
"""Words of the longest phrase in the tables."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word that the tables know. `kind`: weak, field, country, city or known; `text`: its meaning."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form. `family`: limited, joint-stock ...; `place`: end, start, both or any."""

    family: str
    place: str


def lookup(words: tuple[str, ...]) -> Entry | None:
    """What a phrase means, in any language; words as `plain` gives them."""
    return _entries().get(words)


def form(words: tuple[str, ...]) -> Form | None:
    """The legal form that a phrase is."""
    return _forms().get(words)


@lru_cache(maxsize=1)
def unspaced_forms() -> tuple[tuple[str, str], ...]:
    """(spelling, family) of forms that are written into a name without a space, the longest first."""
    found = [(w[0], f.family) for w, f in _forms().items() if len(w) == 1 and _is_unspaced(w[0])]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


@lru_cache(maxsize=1)
def longest_unspaced() -> int:
    """Letters of the longest entry that is written without spaces."""
    return max(len(words[0]) for words in _entries() if len(words) == 1 and _is_unspaced(words[0]))


@lru_cache(maxsize=1)
def simplified() -> dict[int, str]:
    """A table for `str.translate`: traditional and Japanese characters into simplified ones."""
    pairs = "".join(_lines("variants.txt")).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


@lru_cache(maxsize=1)
def first_words_inside() -> frozenset[str]:
    """Words that begin a form which may stand inside a name."""
    return frozenset(words[0] for words, found in _forms().items() if found.place == "any")


def spell(text: str) -> tuple[str, ...]:
    """The words of a phrase: plain, Chinese characters simplified."""
    return tuple(WORD.findall(plain(text).translate(simplified())))


def _telling(text: str) -> tuple[str, ...]:
    words = spell(text)
    return tuple(word for word in words if word not in STOPS) or words


def _is_unspaced(text: str) -> bool:
    return script_of(text[0]) in UNSPACED


@lru_cache(maxsize=1)
def _entries() -> dict[tuple[str, ...], Entry]:
    found: dict[tuple[str, ...], Entry] = {}
    for line in _lines("known.tsv"):
        text, spellings = line.split("\t")
        key = text.replace(" ", "")
        for spelling in (text, *spellings.split("|")):
            found.setdefault(_telling(spelling), Entry("known", key))
    for name in ("places.tsv", "words.tsv"):
        for line in _lines(name):
            text, kind, spellings = line.split("\t")
            for spelling in spellings.split("|"):
                found.setdefault(_telling(spelling), Entry(kind, text))
    found.pop((), None)
    return found


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], Form]:
    found: dict[tuple[str, ...], Form] = {}
    for line in _lines("forms.tsv"):
        family, place, spellings = line.split("\t")
        for spelling in spellings.split("|"):
            words = spell(spelling)
            earlier = found.get(words)
            if earlier and earlier.place != place and "any" not in (earlier.place, place):
                place_now = "both"
            else:
                place_now = earlier.place if earlier else place
            found[words] = Form(earlier.family if earlier else family, place_now)
    found.pop((), None)
    return found


def _lines(name: str) -> Iterator[str]:
    text = (_HERE / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
