"""Finding companies by name: few candidates by the words they share, then each compared with the reason told.

What is asked for may be a part of a name, begin a word, be misspelled, or be written in another script.

>>> import pyarrow as pa
>>> from tallystick.identity.word_index import build_index
>>> index = build_index(pa.array([["深圳市华强电子有限公司"], ["Borealis Trading Ltd"]]))
>>> candidates(index, "huaq")[0].tolist(), candidates(index, "Baltic Lux")[0].tolist()
([0], [])
>>> [reason.text for reason in judge("huaq", "深圳市华强电子有限公司").why]
['begins with huaq: 华强']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.evidence.identifiers import normalise_name
from tallystick.identity.names import Name, Token, compare_names, read_name
from tallystick.identity.names.align import align
from tallystick.identity.names.compare import TEXTS
from tallystick.identity.names.glosses import is_english, written_in_chinese
from tallystick.identity.names.overseas import in_pinyin
from tallystick.identity.names.pairs import Pair
from tallystick.identity.names.sound import consonants, skeleton
from tallystick.identity.names.text import LONGEST
from tallystick.identity.names.weights import pair_weight, slip_weight, word_weight
from tallystick.identity.word_index import Ints, Rows, SearchIndex, letters_of, sound_of

MOST: Final = 40
"""Candidates that are compared in full."""

MOST_ASKED: Final = 8
"""Words of what is asked by which candidates are drawn, the most telling."""

MOST_LIKE: Final = 40
"""Words of the index that answer to one that is asked."""

MOST_ROWS: Final = 100_000
"""Companies that are drawn by words that only resemble what is asked."""

COARSE: Final = 1000 * 16
"""Thousandths of thousandths of a bit in the unit in which candidates are told apart."""

ENOUGH_PPM: Final = 600_000
"""Share of what was asked for that a name must have, by the weight of the words."""

CHINESE: Final = 940
"""Likeness of a word in Chinese characters that may mean what is asked or be spelled so, in thousandths."""

SHORTEST_SOUND: Final = 8
"""Letters of a name that is met by how all of it sounds."""

SOUND_PPM: Final = 900_000
"""Share of what was asked for that such a name has."""

LIKE_PERCENT: Final = 80
"""Likeness of the letters of two names from which one is shown where the other was asked for."""


_PAIRS: Final = "same meaning gloss sound spelling joined typo near short homophone begins".split()
REASONS: Final = {code: TEXTS[code] for code in _PAIRS} | {
    "exact": "the same name",
    "contains": "contains {}",
    "letters": "nearly the same letters: {} ~ {}",
    "code": "has the code {}",
    "identifier": "has the identifier {}",
}
"""Code of a reason -> its words; the places are what is asked and what the company has."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a company is an answer. `code`: a key of REASONS; `left`: of what is asked, `right`: of the name."""

    code: str
    left: str = ""
    right: str = ""

    @property
    def text(self) -> str:
        """The reason in words."""
        return REASONS[self.code].format(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Found:
    """How well a name answers. `asked`, `name`: what was compared; `share_ppm`: of what was asked for; `why`:
    the reasons; `exact`: the same name but for case and legal form."""

    asked: str
    name: str
    exact: bool
    share_ppm: int
    why: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        """The weight of the whole comparison, in thousandths of a bit; it is made when it is asked for, since
        only what is otherwise as good is told apart by it."""
        return compare_names(self.asked, self.name).weight


def candidates(index: SearchIndex, text: str, most: int = MOST) -> tuple[Ints, Ints]:
    """Rows of the companies that have most of what is asked by the weight of the words, best first, among
    equals those whose name has about as many words; and that weight of each, in a unit of its own."""
    asked = read_name(text).tokens
    met = [(_weight(token), _answers(index, asked, n)) for n, token in enumerate(asked)]
    met = sorted((m for m in met if m[1]), key=lambda m: -m[0])[:MOST_ASKED]
    none = np.zeros(0, np.int64)
    if not met:
        return none, none
    total = _totals(index, met)
    drawn = np.concatenate([rows for answers in _needed(met) for _, rows in answers])
    if not len(drawn):
        return none, none
    reached = total[drawn]
    row = np.sort(drawn[reached >= reached.max() // 2])
    row = row[np.flatnonzero(np.diff(row, prepend=-1))].astype(np.int64)
    said = len({token.text for token in asked})
    length = np.abs(index.shortest[row].astype(np.int64) - said)
    rank = (total[row].astype(np.int64) << 8) - length
    if len(row) > most:
        kept = np.flatnonzero(rank >= np.partition(rank, len(rank) - most)[len(rank) - most])
        row, rank = row[kept], rank[kept]
    best = row[np.argsort(-rank, kind="stable")[:most]]
    return best, total[best].astype(np.int64)


def _totals(index: SearchIndex, met: list[tuple[int, Answers]]) -> npt.NDArray[np.uint16]:
    """For each company the weight of the words that it has, coarse enough for short numbers."""
    total = np.zeros(index.companies, np.uint16)
    gained = np.zeros(index.companies, np.uint16)
    for weight, answers in met:
        if len(answers) == 1:
            total[answers[0][1]] += weight * answers[0][0] // COARSE
            continue
        for likeness, rows in answers:  # the best answer comes last and stays
            gained[rows] = weight * likeness // COARSE
        for _, rows in answers:
            total[rows] += gained[rows]
            gained[rows] = 0  # so that a company that has several of the words gains once
    return total


Answers = list[tuple[int, Rows]]
"""(likeness in thousandths, companies) of words that answer to one that is asked, the least like first."""


def _weight(token: Token) -> int:
    return word_weight(token.text, token.role, None)


def _needed(met: list[tuple[int, Answers]]) -> Iterator[Answers]:
    """The answers one of which a company must have, or it lacks too much: those with the fewest companies."""
    ordered = sorted(met, key=lambda m: sum(len(rows) for _, rows in m[1]))
    left = full = sum(weight for weight, _ in met)
    for weight, answers in ordered:
        if left * 2 < full:
            return
        yield answers
        left -= weight


def _answers(index: SearchIndex, asked: tuple[Token, ...], n: int) -> Answers:
    """The companies that have a word like the n-th that is asked."""
    word = letters_of(asked[n].text)
    if not word:
        return []
    found: list[tuple[int, Rows]] = []
    size = 0
    for likeness, place in _like(index, asked[n], word):
        rows = index.rows(place)
        size += len(rows)
        if likeness == 1000 or size <= MOST_ROWS:
            found.append((likeness, rows))
    if asked[n].role == "core":
        joined = [a.text + b.text for a, b in pairwise(asked) if asked[n] in (a, b)]
        places = [index.place_of(letters_of(text)) for text in joined]
        found += [(950, index.rows(place)) for place in places if place is not None]
        if not found or found[0][0] < 1000:
            found += [(950, rows) for rows in _apart(index, word)]
        sounds = {*_meant_in_chinese(asked, n), *_spelt_overseas(asked, n)}
        places = [index.place_of(sound) for sound in sorted(sounds)]
        found += [(CHINESE, index.rows(place)) for place in places if place is not None]
    return sorted(found, key=lambda answer: answer[0])


def _meant_in_chinese(asked: tuple[Token, ...], n: int) -> Iterator[str]:
    """How words in Chinese characters sound that may mean what is asked, by itself or with a neighbour."""
    for words in (asked[n : n + 1], asked[n : n + 2], asked[max(0, n - 1) : n + 1]):
        said = tuple(word for token in words for word in token.native.split())
        if len(said) > 2 or not all(token.script == "latin" for token in words):
            continue
        if not all(map(is_english, said)):
            continue
        yield from map(sound_of, written_in_chinese(said))


def _spelt_overseas(asked: tuple[Token, ...], n: int) -> Iterator[str]:
    """The pinyin of what is spelled so in Taiwan or Hong Kong, by one word that is asked or by up to three side
    by side."""
    for size in (1, 2, 3):
        for first in range(max(0, n - size + 1), min(n, len(asked) - size) + 1):
            words = asked[first : first + size]
            if any(token.script != "latin" or token.role != "core" for token in words):
                continue
            yield from in_pinyin("".join(token.native.replace(" ", "") for token in words))


def _like(index: SearchIndex, token: Token, word: str) -> list[tuple[int, int]]:
    """(likeness, number) of the words that a word may stand for, the most like first."""
    exact = index.place_of(word)
    found = [] if exact is None else [(1000, exact)]
    if token.role in ("core", "letter", "field", "weak") and not token.known:
        if len(word) < 3:
            first = index.first_from(word)
            near = list(range(first, min(first + MOST_LIKE, len(index.words))))
        else:
            near = index.like(word)
        names = index.words.take(near).to_pylist() if near else []
        likely = [(_likeness(word, name), place) for name, place in zip(names, near, strict=True)]
        found += sorted((x for x in likely if 0 < x[0] < 1000), key=lambda x: (-x[0], x[1]))
    return found[:MOST_LIKE]


def _apart(index: SearchIndex, word: str) -> Iterator[Rows]:
    """The companies that write a word as two."""
    for cut in range(2, len(word) - 1):
        first = index.place_of(word[:cut])
        second = index.place_of(word[cut:]) if first is not None else None
        if first is not None and second is not None:
            yield np.intersect1d(index.rows(first), index.rows(second), assume_unique=True)


@lru_cache(maxsize=20_000)
def _likeness(asked: str, word: str) -> int:
    """How much a word is like what is asked, in thousandths; 0 where it is another."""
    from rapidfuzz.distance import OSA

    if word.startswith(asked):
        return 1000 if word == asked else 930
    if len(asked) < 3:
        return 0
    if asked in word:
        return 850
    edits = int(OSA.distance(asked, word, score_cutoff=4))
    if edits > 4:
        return 0
    if skeleton(asked) == skeleton(word):
        return 900
    if len(asked) >= 4 and edits <= min(3, len(asked) // 3):
        return 900 - 120 * edits
    bones = consonants(asked)
    return 600 if len(bones) >= 2 and bones == consonants(word) else 0


def judge(asked: str, name: str) -> Found | None:
    """How a name answers what was asked for; None where too little of it does."""
    key, own = _key(asked), normalise_name(name[: 4 * LONGEST])
    if key and key == own:
        return Found(asked, name, True, 1_000_000, (Reason("exact"),))
    if key and all(word in own for word in key.split()):
        return Found(asked, name, False, 1_000_000, (Reason("contains", key),))
    if key and name.casefold().startswith(asked.casefold()):  # it may be all legal form
        return Found(asked, name, False, 1_000_000, (Reason("begins", asked, name),))
    query, said = read_name(asked), read_name(name)
    pairs = align(query, said, prefix=True)
    bare = not any(token.role == "core" for token in query.tokens)
    full = sum(map(_weight, query.tokens))
    got = sum(_got(pair, bare) for pair in pairs)
    if not pairs or 1_000_000 * sum(map(_full, pairs)) // full < ENOUGH_PPM or got <= 0:
        return _by_sound(query, said, asked, name) or _by_letters(asked, key, own, name)
    why = tuple(Reason(pair.how, pair.left, pair.right) for pair in pairs)
    return Found(asked, name, False, 1_000_000 * got // full, why)


def _by_sound(query: Name, said: Name, asked: str, name: str) -> Found | None:
    """Where words that the tables know are spelled as they sound: "dian zi ke ji" for 电子科技."""
    spelled, heard = ("".join(sound_of(t.native) for t in read.tokens) for read in (query, said))
    short, long = sorted((skeleton(spelled), skeleton(heard)), key=len)
    if len(short) < SHORTEST_SOUND or short not in long or len(long) > 2 * len(short):
        return None
    why = Reason("sound", spelled, " ".join(token.native for token in said.tokens))
    return Found(asked, name, False, SOUND_PPM, (why,))


def _by_letters(asked: str, key: str, own: str, name: str) -> Found | None:
    """Where no words answer to one another: names that are nearly the same letter by letter."""
    alike = likeness(key, own)
    if min(len(key), len(own)) < 5 or alike < LIKE_PERCENT:
        return None
    why = Reason("letters", key, own)
    return Found(asked, name, False, alike * 5000, (why,))


def likeness(asked: str, name: str) -> int:
    """How much two texts are alike letter by letter, in percent."""
    from rapidfuzz.fuzz import ratio

    return int(ratio(asked[:LONGEST], name[:LONGEST]))


def best_of(asked: str, names: Iterable[str]) -> Found | None:
    """The best answer among the names of one company."""
    found = [answer for name in names if (answer := judge(asked, name))]
    if len(found) < 2:
        return found[0] if found else None
    return max(found, key=lambda f: (f.exact, f.share_ppm, f.weight), default=None)


def _full(pair: Pair) -> int:
    """What the asked words of a pair are worth if they are met exactly."""
    return sum(map(_weight, pair.a))


def _got(pair: Pair, bare: bool) -> int:
    """What they are worth as they are met: where one word answers to several, it has all that they say."""
    full = _full(pair)
    told = pair_weight(pair, bare, None) if len(pair.a) == 1 else full - slip_weight(pair)
    return max(0, min(full, told))


@lru_cache(maxsize=64)
def _key(asked: str) -> str:
    return normalise_name(asked[: 4 * LONGEST])
