"""Finding companies by name: few candidates by the letters they share, then each compared with the reason told.

Every name is indexed under the groups of three letters of its words as they sound or mean in Latin letters, so
深圳 and "shenzhen" lie in one place. What is asked for may be a part of a name, begin a word, or be misspelled.

>>> companies = pa.table({"names": [["深圳市华强电子有限公司"], ["Borealis Trading Ltd"]]})
>>> index = build_index(companies)
>>> candidates(index, "huaq").tolist(), candidates(index, "Baltic Lux").tolist()
([0], [])
>>> judge("huaq", "深圳市华强电子有限公司").why
('begins with huaq: 华强',)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tallystick.evidence.identifiers import normalise_name
from tallystick.identity.names import compare_names, read_name
from tallystick.identity.names.align import Pair, align
from tallystick.identity.names.compare import TEXTS
from tallystick.identity.names.weights import pair_weight, word_weight

MOST: Final = 120
"""Candidates that are compared in full."""

ENOUGH_PPM: Final = 600_000
"""Share of what was asked for that a name must have, by the weight of the words."""

LIKE_PERCENT: Final = 80
"""Likeness of the letters of two names from which one is shown where the other was asked for."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_BASE: Final = len(_LETTERS) + 1
GRAMS: Final = _BASE**3
_CODES: Final = np.zeros(256, np.int32)
_CODES[np.frombuffer(_LETTERS.encode(), np.uint8)] = np.arange(1, _BASE)


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Where each group of three letters stands. `postings[offsets[g]:offsets[g + 1]]`: rows of the companies
    that have group `g`, ascending; `companies`: how many there are."""

    offsets: npt.NDArray[np.int64]
    postings: npt.NDArray[np.int32]
    companies: int


@dataclass(frozen=True, slots=True)
class Found:
    """How well a name answers. `share_ppm`: of what was asked for; `weight`: of the whole comparison, in
    thousandths of a bit; `why`: the reasons in words; `exact`: the same name but for case and legal form."""

    exact: bool
    share_ppm: int
    weight: int
    why: tuple[str, ...]


def build_index(companies: pa.Table) -> SearchIndex:
    """The index of the companies' `names`, by row. It holds nothing that does not follow from them."""
    texts = [_words(names) for names in companies["names"].to_pylist()]
    lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
    letters = _CODES[np.frombuffer("".join(texts).encode(), np.uint8)].astype(np.int64)
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    grams = _grams(letters)
    within = letters[1:-1][: len(grams)] != 0
    keys = np.unique(grams[within] * max(1, len(texts)) + rows[: len(grams)][within])
    gram, row = np.divmod(keys, max(1, len(texts)))
    offsets = np.searchsorted(gram, np.arange(GRAMS + 1))
    return SearchIndex(offsets.astype(np.int64), row.astype(np.int32), len(texts))


def candidates(index: SearchIndex, text: str, most: int = MOST) -> npt.NDArray[np.int64]:
    """Rows of the companies that share most with the text, by the rarity of what is shared, best first."""
    codes = _CODES[np.frombuffer(_words([text]).encode(), np.uint8)].astype(np.int64)
    grams = [int(g) for g in np.unique(_grams(codes)[codes[1:-1] != 0])]
    sizes = {g: int(index.offsets[g + 1] - index.offsets[g]) for g in grams}
    known = sorted((g for g in grams if sizes[g]), key=lambda g: (sizes[g], g))
    if not known:
        return np.zeros(0, np.int64)
    score = np.zeros(index.companies, np.int32)
    for nth, gram in enumerate(known):
        if nth >= 6 and sizes[gram] > index.companies // 20:
            break  # common letters add little once rarer ones have spoken
        worth = max(1, (2 * index.companies // sizes[gram]).bit_length())
        score[index.postings[index.offsets[gram] : index.offsets[gram + 1]]] += worth
    least = max(1, int(score.max()) // 3)
    rows = np.flatnonzero(score >= least)
    best = np.lexsort((rows, -score[rows]))[:most]
    return rows[best].astype(np.int64)


def judge(asked: str, name: str) -> Found | None:
    """How a name answers what was asked for; None where too little of it does."""
    key, own = normalise_name(asked), normalise_name(name)
    weight = compare_names(asked, name).weight
    if key and key == own:
        return Found(True, 1_000_000, weight, ("the same name",))
    if key and all(word in own for word in key.split()):
        return Found(False, 1_000_000, weight, (f"contains {key}",))
    query = read_name(asked)
    pairs = align(query, read_name(name), prefix=True)
    bare = not any(token.role == "core" for token in query.tokens)
    full = sum(word_weight(token.text, token.role, None) for token in query.tokens)
    got = sum(max(0, min(_full(pair), pair_weight(pair, bare, None))) for pair in pairs)
    share = 1_000_000 * got // full if full else 0
    if not pairs or 1_000_000 * sum(map(_full, pairs)) // full < ENOUGH_PPM or got <= 0:
        return _by_letters(key, own, weight)
    why = tuple(TEXTS[pair.how].format(pair.left, pair.right) for pair in pairs)
    return Found(False, share, weight, why)


def _by_letters(asked: str, name: str, weight: int) -> Found | None:
    """Where no words answer to one another: names that are nearly the same letter by letter."""
    from rapidfuzz.fuzz import ratio

    likeness = int(ratio(asked, name))
    if min(len(asked), len(name)) < 5 or likeness < LIKE_PERCENT:
        return None
    return Found(False, likeness * 5000, weight, (f"nearly the same letters: {asked} ~ {name}",))


def best_of(asked: str, names: Iterable[str]) -> Found | None:
    """The best answer among the names of one company."""
    found = [answer for name in names if (answer := judge(asked, name))]
    return max(found, key=lambda f: (f.exact, f.share_ppm, f.weight), default=None)


def _full(pair: Pair) -> int:
    """What the asked words of a pair are worth if they are met exactly."""
    return sum(word_weight(token.text, token.role, None) for token in pair.a)


def _words(names: Iterable[str]) -> str:
    """The words of some names as they are indexed: as they sound or mean, with a space about each."""
    words = {token.text for name in names for token in read_name(name).tokens}
    kept = {"".join(c for c in word if c in _LETTERS) for word in words}
    return "".join(f" {word} " for word in sorted(kept) if word) or " "


def _grams(letters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The groups of three at each place of a text, as numbers."""
    if len(letters) < 3:
        return np.zeros(0, np.int64)
    return letters[:-2] * _BASE * _BASE + letters[1:-1] * _BASE + letters[2:]
