"""Chinese names in Latin letters, syllable by syllable: "Heng De Chang" is one word, Hengdechang.

Written apart, a syllable can look like a small word ("de", "la") or mean something elsewhere ("san", "van").
Where two or more stand side by side they are syllables of one word, unless they are a phrase that the tables
know, such as a city.

>>> joined([("heng", "latin"), ("de", "latin"), ("chang", "latin"), ("trading", "latin")])
[('heng de chang', 'latin'), ('trading', 'latin')]
>>> joined([("shen", "latin"), ("zhen", "latin"), ("casa", "latin"), ("de", "latin")])
[('shen', 'latin'), ('zhen', 'latin'), ('casa', 'latin'), ('de', 'latin')]
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.text import rewritten

_FINALS: Final = {
    "": "ai an ang ao er",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong u uan uo v",
    "l": "a ai an ang ao e ei eng i ian iang iao ie in ing iu ong ou u uan un uo v",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
"""How a syllable begins -> how it can end."""

SYLLABLES: Final = frozenset(
    first + last for first, ends in _FINALS.items() for last in ends.split()
)

_MOST_OF_WORD: Final = 4
"""Syllables of the longest word of the tables that is looked for."""

Piece = tuple[str, str]


@lru_cache(maxsize=50_000)
def is_pinyin(letters: str) -> bool:
    """Whether letters are syllables of pinyin, one after the other.

    >>> is_pinyin("hengjia"), is_pinyin("hengjai")
    (True, False)
    """
    ends = {0}
    for at in range(len(letters)):
        if at in ends:
            ends |= {end for end in range(at + 1, at + 7) if letters[at:end] in SYLLABLES}
    return len(letters) in ends


_SOUTHERN: Final = ((re.compile("ng"), "n"), (re.compile("(?<=[zcs])h"), ""))


def in_the_south(letters: str) -> str:
    """Pinyin as it is heard where -ng is as -n, and zh, ch, sh are as z, c, s."""
    return rewritten(letters, _SOUTHERN)


def joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces (word, script) of a name, syllables side by side as one piece with blanks."""
    words = [word for word, _ in pieces]
    if SYLLABLES.isdisjoint(words):
        return pieces
    found: list[Piece] = []
    at = 0
    while at < len(pieces):
        of_phrase = words[at] in lexicon.STOPS and at > 0 and not _is_city(words[at - 1])
        end = at if of_phrase else _end_of_run(words, at)
        if end - at > 1 and not lexicon.STOPS.issuperset(words[at:end]):
            found.append((" ".join(words[at:end]), "latin"))
        else:
            end = at + (lexicon.phrase_from(words, at) or (1,))[0]
            found += pieces[at:end]
        at = end
    return found


def known_words(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a name, syllables that together are a word of the tables or of a legal form as that word.

    >>> known_words([(word, "latin") for word in "tai li hua gong you xian gong si".split()])
    [('tai', 'latin'), ('li', 'latin'), ('huagong', 'latin'), ('youxian', 'latin'), ('gongsi', 'latin')]
    """
    words = [word for word, _ in pieces]
    if SYLLABLES.isdisjoint(words):
        return pieces
    found: list[Piece] = []
    at = 0
    while at < len(pieces):
        size = _known_from(words, at)
        found += [("".join(words[at : at + size]), "latin")] if size > 1 else pieces[at : at + 1]
        at += size
    return found


def _known_from(words: list[str], at: int) -> int:
    """How many syllables make the longest known word that begins at a place; 1 where none does."""
    end = _end_of_run(words, at)
    for size in range(min(_MOST_OF_WORD, end - at), 1, -1):
        word = "".join(words[at : at + size])
        if lexicon.lookup((word,)) or word in lexicon.form_words():
            return size
    return 1


def _is_city(word: str) -> bool:
    entry = lexicon.lookup((word,))
    return entry is not None and entry.kind == "city"


def _end_of_run(words: list[str], at: int) -> int:
    """Where the syllables end that begin at a place, before any phrase that the tables know."""
    while at < len(words) and words[at] in SYLLABLES and not lexicon.phrase_from(words, at):
        at += 1
    return at
