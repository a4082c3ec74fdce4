"""Words of two names that answer to one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tallystick.identity.names.tokens import Token


class Pair(NamedTuple):
    """Words that answer to one another. `how`: same, meaning, sound, spelling (two habits of spelling), joined
    (written together and apart), gloss (the same by the dictionary), typo, near (a letter apart, by no slip),
    short (abbreviated), homophone or begins; `edits`: letters that differ."""

    how: str
    a: tuple[Token, ...]
    b: tuple[Token, ...]
    edits: int = 0

    @property
    def left(self) -> str:
        """The words of the first name as written."""
        return written(self.a)

    @property
    def right(self) -> str:
        """The words of the second name as written."""
        return written(self.b)


def written(tokens: Sequence[Token]) -> str:
    """Words as they are written."""
    return tokens[0].native if len(tokens) == 1 else " ".join([token.native for token in tokens])


Open = dict[int, Token]
"""Words of a name that have no answer yet, by their place in it."""

Placed = tuple[int, Pair]
"""A pair with the place of its first word in the first name."""
