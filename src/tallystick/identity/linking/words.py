"""Distinct names as linking knows them: each read once, and what of it is needed kept as numbers.

Idea: the same few words make up most names, and most pairs of names that share a key are ruled out by
looking at which words they share. So words are numbered, and a name is a row of such numbers.

>>> words = words_of(["Acme Trading Ltd", "Borealis Trading Ltd"])
>>> [words.read.tokens[n].text for n in words.read.token.tolist()], words.read.counts.tolist(), words.own
(['acme', 'trading', 'borealis', 'trading'], [2, 2], ['akme', 'borealis'])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tallystick.identity.linking.keys import name_keys
from tallystick.identity.linking.screen import own_words
from tallystick.identity.names import Name, Token, read_name
from tallystick.identity.names.bulk import Spread
from tallystick.identity.ordering import stretches

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PART: Final = 5000
"""Names that are read in one go."""


@dataclass(frozen=True, slots=True)
class Read:
    """Names as they were read: `token`, the words of name after name as places in `tokens`, and `counts`, how
    many each has; `form`, its legal forms as a place in `forms`; `is_name` and `cut` (see `Name`)."""

    token: Ints
    counts: Ints
    tokens: list[Token]
    form: Ints
    forms: list[tuple[str, ...]]
    is_name: Flags
    cut: Flags

    def some(self, places: Ints) -> Read:
        """The same of some names alone, and of their words."""
        counts = self.counts[places]
        begin = np.cumsum(self.counts)[places] - counts
        said, token = np.unique(self.token[stretches(begin, counts)], return_inverse=True)
        tokens = [self.tokens[n] for n in said.tolist()]
        return Read(
            token,
            counts,
            tokens,
            self.form[places],
            self.forms,
            self.is_name[places],
            self.cut[places],
        )

    def names(self) -> list[Name]:
        """Each as `read_name` gives it."""
        tokens = list(map(self.tokens.__getitem__, self.token.tolist()))
        ends = np.cumsum(self.counts).tolist()
        rows = zip(
            [0, *ends],
            ends,
            self.form.tolist(),
            self.is_name.tolist(),
            self.cut.tolist(),
            strict=False,
        )
        return [
            Name(tuple(tokens[begin:end]), self.forms[form], is_name, cut)
            for begin, end, form, is_name, cut in rows
        ]


@dataclass(frozen=True, slots=True)
class Words:
    """`keys`, name after name, and `key_counts`, how many each has; the names as they were `read`, and the own
    words of each."""

    keys: Ints
    key_counts: Ints
    read: Read
    own: list[str]


class _Part(NamedTuple):
    """What a process tells of some names; `words`: of each distinct word what makes a `Token`."""

    keys: bytes
    key_counts: list[int]
    token: list[int]
    counts: list[int]
    words: list[tuple[str, str, str, str, bool]]
    forms: list[tuple[str, ...]]
    is_name: list[bool]
    cut: list[bool]
    own: list[str]


def words_of(names: Sequence[str], spread: Spread = map) -> Words:
    """What is known of distinct names, in their order."""
    parts: list[_Part] = list(
        spread(_read_part, (names[n : n + PART] for n in range(0, len(names), PART)))
    )
    number: dict[tuple[str, str, str, str, bool], int] = {}
    token = [np.zeros(0, np.int64)]
    for part in parts:
        here = [number.setdefault(word, len(number)) for word in part.words]
        token.append(np.array(here, np.int64)[np.array(part.token, np.int64)])
    form: dict[tuple[str, ...], int] = {}
    read = Read(
        np.concatenate(token),
        _flat([part.counts for part in parts]),
        [Token(*word) for word in number],
        np.array([form.setdefault(f, len(form)) for part in parts for f in part.forms], np.int64),
        list(form),
        np.array([is_name for part in parts for is_name in part.is_name], bool),
        np.array([cut for part in parts for cut in part.cut], bool),
    )
    return Words(
        np.frombuffer(b"".join([part.keys for part in parts]), np.int64),
        _flat([part.key_counts for part in parts]),
        read,
        [own for part in parts for own in part.own],
    )


def _flat(lists: Sequence[Sequence[int]]) -> Ints:
    return np.array([count for counts in lists for count in counts], np.int64)


def _read_part(names: Sequence[str]) -> _Part:
    places: dict[Token, int] = {}
    part = _Part(b"", [], [], [], [], [], [], [], [])
    keys: list[int] = []
    for name in names:
        mine, read, own = _read_again(name)
        keys += mine
        part.key_counts.append(len(mine))
        part.token.extend([places.setdefault(token, len(places)) for token in read.tokens])
        part.counts.append(len(read.tokens))
        part.forms.append(read.forms)
        part.is_name.append(read.is_name)
        part.cut.append(read.cut)
        part.own.append(own)
    part.words.extend([(t.text, t.native, t.role, t.script, t.known) for t in places])
    return part._replace(keys=np.array(keys, np.int64).tobytes())


@lru_cache(maxsize=50_000)
def _read_again(name: str) -> tuple[list[int], Name, str]:
    """Keys, reading and own words of a name. Whoever adds a few descriptions to a book asks for those of the
    same names up to four times."""
    return name_keys(name), read_name(name), own_words(name)
