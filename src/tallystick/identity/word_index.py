"""An index of the words of companies' names, from which few candidates are drawn for what is asked.

Idea: a million companies have far fewer distinct words. Each word, as it sounds or means in Latin letters,
stands with the companies that bear it; groups of three letters lead to the words that begin with, hold or
nearly spell what is asked. So 深圳, "shenzhen" and "shenzen" lead to one place, and a search reads short lists.

>>> index = build_index(pa.array([["深圳市华强电子有限公司"], ["Borealis Trading Ltd"]]))
>>> index.words.to_pylist()
['borealis', 'dianzi', 'electronics', 'huaqiang', 'shenzhen', 'shenzhenshi', 'trading']
>>> index.rows(3).tolist(), index.like("huaq")
([0], [3])
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.names.bulk import Spread, read_names
from tallystick.identity.names.sound import latin
from tallystick.identity.names.text import script_of
from tallystick.identity.ordering import repeated, stretches

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_OTHER: Final = re.compile(f"[^{_LETTERS}]")
_BASE: Final = len(_LETTERS) + 1
GRAMS: Final = _BASE**3
_CODES: Final = np.zeros(256, np.int32)
_CODES[np.frombuffer(_LETTERS.encode(), np.uint8)] = np.arange(1, _BASE)
MOST_GRAMS: Final = 40
NO_WORDS: Final = 255
"""`shortest` of a company without a name that says anything."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Where each word stands. `words`: distinct, by the alphabet; `postings[offsets[w]:offsets[w + 1]]`: rows
    of the companies that have word `w`, ascending; `of_gram[gram_offsets[g]:gram_offsets[g + 1]]`: the words
    with a group `g` of three letters; `shortest`: words of each company's shortest name."""

    words: pa.Array
    offsets: Ints
    postings: Rows
    gram_offsets: Ints
    of_gram: Rows
    shortest: npt.NDArray[np.uint8]

    @property
    def companies(self) -> int:
        """How many companies there are."""
        return len(self.shortest)

    def rows(self, word: int) -> Rows:
        """The companies that have a word."""
        return self.postings[self.offsets[word] : self.offsets[word + 1]]

    def place_of(self, word: str) -> int | None:
        """The number of a word."""
        place = self.first_from(word)
        return place if place < len(self.words) and self.words[place].as_py() == word else None

    def first_from(self, text: str) -> int:
        """The number of the first word that is not before a text in the alphabet."""
        return bisect_left(self.words, text, key=pa.StringScalar.as_py)

    def like(self, word: str, most: int = 60) -> list[int]:
        """The numbers of words that have most groups of letters in common with a word, those of like length
        first."""
        grams = _distinct(_grams_of(pa.array([word], pa.string()))[0])
        shared = np.zeros(len(self.words), np.uint8)
        for gram in grams[:MOST_GRAMS]:
            shared[self.of_gram[self.gram_offsets[gram] : self.gram_offsets[gram + 1]]] += 1
        found = np.flatnonzero(shared >= _least_shared(len(grams)))
        lengths = pc.binary_length(self.words.take(pa.array(found))).to_numpy()
        rank = 64 * shared[found].astype(np.int64) - np.minimum(63, abs(lengths - len(word)))
        best: list[int] = found[np.argsort(-rank, kind="stable")[:most]].tolist()
        return best


def _least_shared(grams: int) -> int:
    """Groups that a word must share with one of so many: a short one that lies within, or one misspelled."""
    return max(1, grams - 2) if grams < 5 else max(2, grams // 3)


def letters_of(text: str) -> str:
    """A word as it is indexed: nothing but Latin letters and digits."""
    return _OTHER.sub("", text)


@lru_cache(maxsize=100_000)
def sound_of(native: str) -> str:
    """A word as it is indexed by its sound."""
    native = native.replace(" ", "")
    return letters_of(latin(native, script_of(native[0])))


def build_index(names: pa.Array, spread: Spread = map) -> SearchIndex:
    """The index of companies by row. `names`: the list of names of each. It holds nothing that does not follow
    from them."""
    words, word, row, shortest = _read(names, spread)
    return _indexed(words, _distinct(word * max(1, len(names)) + row), shortest)


def extend_index(
    base: SearchIndex, moved: Ints, names: pa.Array, spread: Spread = map
) -> SearchIndex:
    """The index of `names` made out of that of an earlier list, the same as if it were built anew. `moved`: for
    each row of the earlier list the row that now has its names, ascending; -1 where none has."""
    count = max(1, len(names))
    fresh = np.ones(len(names), bool)
    fresh[moved[moved >= 0]] = False
    anew = np.flatnonzero(fresh)
    words, word, row, newest = _read(names.take(pa.array(anew)), spread)
    known = pa.concat_arrays([base.words, words]).unique().sort()
    kept = moved[base.postings]
    old = np.repeat(_places(base.words, known), np.diff(base.offsets))[kept >= 0]
    old_keys = old * count + kept[kept >= 0]
    keys = _distinct(_places(words, known)[word] * count + anew[row]) if len(word) else old_keys[:0]
    keys = np.insert(old_keys, np.searchsorted(old_keys, keys), keys)
    shortest = np.full(len(names), NO_WORDS, np.uint8)
    shortest[moved[moved >= 0]] = base.shortest[moved >= 0]
    shortest[anew] = newest
    used = np.zeros(len(known), bool)
    used[keys // count] = True
    place = np.cumsum(used) - 1
    return _indexed(
        known.filter(pa.array(used)), place[keys // count] * count + keys % count, shortest
    )


def _places(words: pa.Array, among: pa.Array) -> Ints:
    places: Ints = pc.index_in(words, value_set=among).to_numpy().astype(np.int64)
    return places


def _indexed(words: pa.Array, keys: Ints, shortest: npt.NDArray[np.uint8]) -> SearchIndex:
    """`keys`: word * companies + row, ascending and distinct."""
    word, row = np.divmod(keys, max(1, len(shortest)))
    offsets = np.searchsorted(word, np.arange(len(words) + 1))
    grams, owners = _grams_of(words)
    found = _distinct(grams * max(1, len(words)) + owners)
    gram, owner = np.divmod(found, max(1, len(words)))
    gram_offsets = np.searchsorted(gram, np.arange(GRAMS + 1))
    return SearchIndex(
        words,
        offsets.astype(np.int64),
        row.astype(np.int32),
        gram_offsets.astype(np.int64),
        owner.astype(np.int32),
        shortest,
    )


def _grams_of(words: pa.Array) -> tuple[Ints, Ints]:
    """(group of three letters, word that has it): each word with a blank before and after it."""
    spaced = pc.binary_join_element_wise(" ", words, " ", "")
    text = "".join(spaced.to_pylist()).encode()
    letters = _CODES[np.frombuffer(text, np.uint8)].astype(np.int64)
    lengths = pc.binary_length(spaced).to_numpy().astype(np.int64)
    owners = np.repeat(np.arange(len(words), dtype=np.int64), lengths)
    within = np.flatnonzero(letters[1:-1]) + 1
    grams = (letters[within - 1] * _BASE + letters[within]) * _BASE + letters[within + 1]
    return grams, owners[within]


def _read(names: pa.Array, spread: Spread) -> tuple[pa.Array, Ints, Ints, npt.NDArray[np.uint8]]:
    """The distinct words of some companies in alphabetical order; (word, row) as often as a name has it; the
    words of each company's shortest name."""
    encoded = names.flatten().dictionary_encode()
    row = pc.list_parent_indices(names).to_numpy().astype(np.int64)
    name = encoded.indices.to_numpy().astype(np.int64)
    read = read_names(encoded.dictionary.cast(pa.string()), spread)
    words, ends, word, length = _words(read)
    counts = np.diff(ends)[name]
    said = word[stretches(ends[:-1][name], counts)]
    shortest = np.full(len(names), NO_WORDS, np.int64)
    length[length == 0] = NO_WORDS
    np.minimum.at(shortest, row, length[name])
    return words, said, np.repeat(row, counts), shortest.astype(np.uint8)


def _words(read: pa.Table) -> tuple[pa.Array, Ints, Ints, Ints]:
    """The distinct words of names read, by the alphabet; those of each name, `word[ends[n]:ends[n + 1]]`; how
    many it says. A word that the tables know is one both as it means and as it sounds."""
    texts = read["text"].combine_chunks()
    place = pc.list_parent_indices(texts).to_numpy().astype(np.int64)
    known = np.flatnonzero(read["known"].combine_chunks().flatten().to_numpy(zero_copy_only=False))
    meant = texts.flatten().dictionary_encode()
    heard = read["native"].combine_chunks().flatten().take(pa.array(known)).dictionary_encode()
    meanings = [letters_of(text) for text in meant.dictionary.to_pylist()]
    sounds = [sound_of(native) for native in heard.dictionary.to_pylist()]
    words = sorted({*meanings, *sounds} - {""})
    number = {word: n for n, word in enumerate(words)} | {"": -1}
    count = max(1, len(words))
    means = np.array([number[text] for text in meanings], np.int64)[meant.indices.to_numpy()]
    sound = np.array([number[text] for text in sounds], np.int64)[heard.indices.to_numpy()]
    means = _distinct((place * count + means)[means >= 0])
    length = np.bincount(means // count, minlength=len(read)).astype(np.int64)
    sound = _distinct((place[known] * count + sound)[sound >= 0])
    said = _distinct(np.concatenate([means, sound]))
    ends = np.searchsorted(said, np.arange(len(read) + 1) * count).astype(np.int64)
    return pa.array(words, pa.string()), ends, said % count, length


def _distinct(keys: Ints) -> Ints:
    """The distinct numbers, ascending: of millions sooner than `numpy.unique` gives them."""
    keys = np.sort(keys)
    return keys[~repeated(keys)]
