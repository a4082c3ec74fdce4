"""Which of the pairs that share a key are different at first sight, so that they need not be compared in full.

Idea: a full comparison costs as much as a hundred looks at a word. Where each name has words of its own that
the other lacks, and what is left of one looks nothing like what is left of the other, the two contradict each
other, whatever else they share. They count as compared, at `CONTRADICTION`.

>>> clearly_different([("rajawali maju makmur", "rajawali jaya makmur"), ("hua qiang", "huaqiang")]).tolist()
[True, False]
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.identity.names import glosses, japanese, overseas, read_name
from tallystick.identity.names.sound import skeleton
from tallystick.identity.names.tokens import Token

CONTRADICTION: Final = -10_000
"""Thousandths of a bit that such a pair weighs."""

ALIKE: Final = {False: 0.62, True: 0.45}
"""Whether the longer of what is left of two names is short -> likeness from which they are compared in full."""

SHORT: Final = 6
"""Letters up to which one that differs makes much of a word."""

_VOWELLESS: Final = frozenset(("arabic", "hebrew", "thai"))

_SHORTEST: Final = 3
"""Letters of what is left below which it may be initials or an abbreviation."""


_CHINESE, _ENGLISH = "~", "="
"""What the words of a name begin with that may mean what another says, or say what another means."""


def own_words(name: str) -> str:
    """The words of a name that are its own, as they sound, with blanks between them; nothing of a name that may
    sound otherwise: of scripts that write few vowels, and of characters that may be read in Japan or spelled
    otherwise in Taiwan. Before them stands a sign where they may be translated.

    >>> own_words("佛山市蓝天家具有限公司"), own_words("Blue Sky Furniture"), own_words("Lantian Furniture")
    ('~lantian', '=blu ski', 'lantian')
    """
    read = read_name(name)
    own = [token for token in read.tokens if token.role == "core"]
    if any(token.script in _VOWELLESS for token in own):
        return ""
    if japanese.may_be_read(name) and any(japanese.ways(token.native, 1) for token in own):
        return ""
    if overseas.may_be_spelt(name) and any(token.script == "han" for token in own):
        return ""
    return _sign(own) + " ".join([skeleton(token.text) for token in own])


def _sign(own: list[Token]) -> str:
    if any(token.script == "han" and not token.known for token in own):
        return _CHINESE
    words = [word for token in own for word in token.native.split()]
    return _ENGLISH if words and all(map(glosses.is_english, words)) else ""


def clearly_different(pairs: list[tuple[str, str]]) -> npt.NDArray[np.bool_]:
    """Of pairs of `own_words`, those that contradict each other at first sight."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cpdist

    left, right, rows = [], [], []
    for n, (a, b) in enumerate(pairs):
        if a == b or {a[:1], b[:1]} == {_CHINESE, _ENGLISH}:
            continue
        mine, yours = a.lstrip(_CHINESE + _ENGLISH).split(), b.lstrip(_CHINESE + _ENGLISH).split()
        x = "".join([word for word in mine if word not in yours])
        y = "".join([word for word in yours if word not in mine])
        if len(x) >= _SHORTEST and len(y) >= _SHORTEST:
            left.append(x)
            right.append(y)
            rows.append(n)
    found = np.zeros(len(pairs), dtype=bool)
    if rows:
        alike = cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float32)
        least = [ALIKE[max(len(x), len(y)) <= SHORT] for x, y in zip(left, right, strict=True)]
        found[np.array(rows)[alike < np.array(least)]] = True
    return found
