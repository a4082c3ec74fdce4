"""The most that two names can weigh, told by their words as numbers, without comparing them.

Idea: of the pairs that share a key most contradict each other: each has a word that no word of the other can
answer to. Whatever else the two share, they weigh no more than all that can agree less that contradiction.
Words are few, and whether two of them may answer to one another is found out once; so a hundred thousand pairs
are looked at in the time that a few thousand comparisons take.

It is a bound, not a verdict: where anything is in doubt there is none, and the names are compared.

>>> from tallystick.identity.linking.words import words_of
>>> words = words_of(["Acme Toys Ltd", "Acme Sports Ltd", "Acme Toys", "Acme Sport Ltd"])
>>> ceilings(words, np.array([[0, 1], [0, 2], [1, 3]])).tolist() == [6000, NONE, NONE]
True
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.identity.linking.candidates import distinct
from tallystick.identity.linking.weigh import LEAST_OF_PLACES, contradiction, least_of_missing
from tallystick.identity.linking.words import Read, Words
from tallystick.identity.names.align import begins_within, may_answer, may_be_part
from tallystick.identity.names.tokens import LEAST_OF_BEGINNINGS, Token, says, stands_for
from tallystick.identity.names.weights import FORM_SAME, HARDLY_SAID, MOST_AGREE

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NONE: Final = 1 << 40
"""The ceiling of names of which nothing is sure."""

PART: Final = 100_000
"""Pairs that are looked at in one go."""

MOST_ASKED: Final = 500
"""Thousandths of a look at two words, shared by all pairs that need it, above which a pair is not worth a
ceiling: two looks take the time of comparing it."""

FEW: Final = 2000
"""So many looks are always few enough."""

WIDEST: Final = 8
"""Words of a name above which there is no ceiling; few names have more."""

_KINDS: Final = ("core", "field", "weak")
"""What a word is where it contradicts, the most telling first; numbers and letters count as `core`."""

_WEAK: Final = _KINDS.index("weak")
_LITTLE: Final = len(_KINDS)
"""Of a word that contradicts nothing."""

_OF_PLACE: Final = {"city": _LITTLE + 1, "country": _LITTLE + 2}
_PLACES: Final = tuple(_OF_PLACE.values())
"""Of words that contradict others of their kind alone."""

MOST: Final = MOST_AGREE + FORM_SAME
"""The most that any names weigh, in thousandths of a bit."""

OTHER_PLACE: Final = MOST + LEAST_OF_PLACES
"""The ceiling of names that name different places."""

ANSWERS, PART_OF, BEGINS = 1, 2, 4
"""What two words may be to one another: answers; one is the beginning of a word written apart; one begins
as the other does, which may have been cut off."""


def ceilings(words: Words, pairs: Ints) -> Ints:
    """Thousandths of a bit that each pair of names (places in `words`, shape (n, 2)) weighs at most."""
    found = np.full(len(pairs), NONE, np.int64)
    read = words.read
    told = _Table.of(read)
    counts = read.counts[pairs]
    fit = ((counts > 0) & (counts <= WIDEST)).all(axis=1)
    fit &= ~(_unheard(read) | _said_twice(read))[pairs].any(axis=1)
    fit &= (counts > 1).all(axis=1) | (counts < 3).all(axis=1)  # one word may be initials of others
    rows = np.flatnonzero(fit)
    rows = rows[
        np.argsort(counts[rows].max(axis=1), kind="stable")
    ]  # short names look at few words
    for begin in range(0, len(rows), PART):
        part = rows[begin : begin + PART]
        width = int(counts[part[-1]].max())
        one_cut = read.cut[pairs[part, 0]] | read.cut[pairs[part, 1]]
        found[part] = told.ceilings(pairs[part], width, one_cut)
    return found


def _unheard(read: Read) -> Flags:
    """Names with a word that has no sound, which may be part of any other."""
    silent = np.array([not token.text for token in read.tokens], bool)
    of_name = np.repeat(np.arange(len(read.counts)), read.counts)
    found = np.zeros(len(read.counts), dtype=bool)
    found[of_name[silent[read.token]]] = True
    return found


def _said_twice(read: Read) -> Flags:
    """Names with a word that says a line of business, which the other name may say in a word of its own, or
    that is the initials of the others: comparing passes over such."""
    of_name = np.repeat(np.arange(len(read.counts)), read.counts)
    tells = np.array([bool(says(token)) for token in read.tokens], bool)
    found = np.zeros(len(read.counts), dtype=bool)
    found[of_name[tells[read.token]]] = True
    length = np.array([len(token.native) for token in read.tokens], np.int64)
    others = read.counts[of_name] - 1
    initials = (length >= 3)[read.token] & np.isin(length[read.token] - others, (0, 1))
    initials |= (length >= LEAST_OF_BEGINNINGS)[read.token] & _begin_alike(read, of_name)
    places = distinct(of_name[initials & (others > 1)])
    for place, name in zip(places.tolist(), read.some(places).names(), strict=True):
        found[place] |= any(stands_for(token, name) for token in name.tokens)
    return found


def _begin_alike(read: Read, of_name: Ints) -> Flags:
    """The words of names that begin with the same two letters as another word of theirs."""
    number: dict[str, int] = {}
    begins = [number.setdefault(token.native[:2], len(number)) for token in read.tokens]
    code = of_name * len(begins) + np.array(begins, np.int64)[read.token]
    _, place, count = np.unique(code, return_inverse=True, return_counts=True)
    found: Flags = count[place] > 1
    return found


class _Table:
    """Names as rows of numbers of words, and what is known of the words."""

    def __init__(self, rows: Ints, tokens: list[Token], text: Ints, kind: Ints) -> None:
        self._rows, self._tokens, self._text, self._kind = rows, tokens, text, kind
        self._known: dict[int, int] = {}

    @classmethod
    def of(cls, read: Read) -> _Table:
        """Of names; those of too many words are cut off. The place after the last word is that of none."""
        none, counts = len(read.tokens), read.counts
        width = int(counts.clip(max=WIDEST).max(initial=1))
        begins = np.cumsum(counts) - counts
        place = begins[:, None] + np.arange(width)
        there = np.arange(width) < counts[:, None]
        rows = np.full(there.shape, none, np.int64)
        rows[there] = read.token[place[there]]
        number: dict[str, int] = {}
        texts = [number.setdefault(token.text, len(number)) for token in read.tokens]
        kinds = [_kind(token) for token in read.tokens]
        return cls(rows, read.tokens, np.array([*texts, -1]), np.array([*kinds, _LITTLE]))

    def ceilings(self, pairs: Ints, width: int, one_cut: Flags) -> Ints:
        """The ceilings of pairs of names of so many words at most; `one_cut`: whether one may lack its end."""
        left, right = (self._rows[:, :width][names] for names in pairs.T)
        open_left, open_right = self._open(left, right)
        both = open_left[:, :, None] & open_right[:, None, :]
        between = np.zeros(both.shape, np.int8)
        pair, x, y = np.nonzero(both)
        between[pair, x, y], dear = self._between(left[pair, x], right[pair, y], pair)
        answered = (between & ANSWERS) != 0
        mine = self._kind[left], open_left & ~answered.any(axis=2)
        yours = self._kind[right], open_right & ~answered.any(axis=1)
        found = _CEILING[_strongest(*mine), _strongest(*yours)]
        for place in _PLACES:
            differ = _has(place, *mine) & _has(place, *yours)
            found[differ] = np.minimum(found[differ], OTHER_PLACE)
        said = np.bitwise_or.reduce(between.reshape(len(found), -1), axis=1)
        found[((said & PART_OF) != 0) | (one_cut & ((said & BEGINS) != 0))] = NONE
        found[dear] = NONE
        return found

    def _open(self, left: Ints, right: Ints) -> tuple[Flags, Flags]:
        """The words of each that are not sure to be answered by the same word of the other."""
        there_left, there_right = left != len(self._tokens), right != len(self._tokens)
        alike = self._text[left][:, :, None] == self._text[right][:, None, :]
        alike &= there_left[:, :, None] & there_right[:, None, :]
        once = (alike.sum(axis=2) == 1)[:, :, None] & (alike.sum(axis=1) == 1)[:, None, :]
        met = once & alike & (left[:, :, None] == right[:, None, :])
        return there_left & ~met.any(axis=2), there_right & ~met.any(axis=1)

    def _between(self, x: Ints, y: Ints, pair: Ints) -> tuple[Ints, Ints]:
        """What words may be to one another, and which of the pairs of names are too dear to find it out: those
        with words that hardly any other pair has."""
        count, known = len(self._tokens), self._known
        asked, place, times = np.unique(x * count + y, return_inverse=True, return_counts=True)
        new = np.array([code not in known for code in asked.tolist()], bool)
        dear = np.zeros(0, np.int64)
        if new.sum() > FEW:
            dear = np.flatnonzero(np.bincount(pair, (new * 1000 // times)[place]) > MOST_ASKED)
            new[:] &= np.bincount(place[~np.isin(pair, dear)], minlength=len(asked)) > 0
        for code in asked[new].tolist():
            known[code] = _relation(*(self._tokens[n] for n in divmod(code, count)))
        told = np.array([known.get(code, 0) for code in asked.tolist()], np.int64)
        return told[place], dear


def _strongest(kind: Ints, sure: Flags) -> Ints:
    """The most telling kind among the words that are sure to stay unanswered."""
    found: Ints = np.where(sure, kind, _LITTLE).min(axis=1).clip(max=_LITTLE)
    return found


def _has(kind: int, kinds: Ints, sure: Flags) -> Flags:
    found: Flags = (sure & (kinds == kind)).any(axis=1)
    return found


def _relation(x: Token, y: Token) -> int:
    return (
        ANSWERS * may_answer(x, y)
        | PART_OF * may_be_part(x, y)
        | BEGINS * (begins_within(x, y) or begins_within(y, x))
    )


def _kind(token: Token) -> int:
    if token.role in ("number", "letter"):
        return 0
    if token.role == "weak" and token.text in HARDLY_SAID:
        return _LITTLE
    return _KINDS.index(token.role) if token.role in _KINDS else _OF_PLACE[token.role]


def _table() -> Ints:
    """The ceiling by the most telling word that only one, and that only the other is sure to have."""
    found = np.full((_LITTLE + 1, _LITTLE + 1), NONE, np.int64)
    for n, mine in enumerate(_KINDS):
        for m, yours in enumerate(_KINDS):
            found[n, m] = MOST + contradiction(mine, yours)
    lacking = MOST + least_of_missing()
    found[:_WEAK, _LITTLE] = found[_LITTLE, :_WEAK] = lacking
    return found


_CEILING: Final = _table()
