"""The legal forms of a name, found and taken off it.

A form stands at the end of a name, at its beginning, or anywhere, as its row of the table says. It is never
taken where nothing of the name would be left, and what follows a branch may be the place of that.

>>> pieces = [(word, "latin") for word in ("velbrunn", "as", "londra", "subesi")]
>>> kept, families = without_forms(pieces)
>>> [word for word, _ in kept], sorted(families)
(['velbrunn', 'londra'], ['branch', 'joint-stock'])
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.text import UNSPACED

Piece = tuple[str, str]
"""A word and its script."""

_TRANSLATED: Final = frozenset(
    (("co", "ltd"), ("company", "limited"), ("co", "limited"), ("company", "ltd"))
)
_LAST: Final = frozenset(("end", "both", "any", "whole"))
_FIRST: Final = frozenset(("start", "both", "any", "whole"))
_INSIDE: Final = frozenset(("any",))


def is_translated(pieces: list[Piece]) -> bool:
    """Whether a name ends in "Co., Ltd.", as firms of every form do in the English of East Asia."""
    words = [piece for piece, _ in pieces]
    return any(pair in _TRANSLATED for pair in pairwise(words[-4:]))


def without_form_cut(pieces: list[Piece]) -> str | None:
    """Take away the beginning of a legal form at the end of a name; its family where that can be told. What is
    a whole form stays."""
    words = tuple(piece for piece, _ in pieces)
    if any(lexicon.form(words[-size:]) for size in range(1, min(len(words), lexicon.LONGEST_FORM))):
        return None
    for size in range(min(len(words) - 1, lexicon.LONGEST_FORM), 1, -1):
        family = lexicon.form_begun(words[-size:])
        if family:
            del pieces[-size:]
            return family
    if len(words) > 2 and lexicon.begins_form(words[-1]):
        pieces.pop()
    return None


def without_forms(pieces: list[Piece]) -> tuple[list[Piece], set[str]]:
    """The pieces (word, script) of a name without its legal forms, and the families of those."""
    families: set[str] = set()
    bare: list[Piece] = []
    for pair in pieces:
        if pair[1] in UNSPACED:
            bare += [(part, pair[1]) for part in _strip_unspaced(pair[0], families)]
        else:
            bare.append(pair)
    words = [piece for piece, _ in bare]
    if lexicon.form_lengths()[0].keys().isdisjoint(words):
        return bare, families
    gone: set[int] = set()
    _strip_end(words, gone, families)
    at_end = len(gone)
    _strip_start(words, gone, families)
    _strip_inside(words, gone, families)
    if len(gone) > at_end:
        _strip_end(words, gone, families)
    if "branch" in families:
        _strip_before_branch(words, gone, families)
    return [pair for n, pair in enumerate(bare) if n not in gone], families


def _strip_unspaced(piece: str, families: set[str]) -> list[str]:
    """The parts of a piece that are left without the legal forms written into it."""
    found = lexicon.unspaced_form(piece)
    if not found:
        return [piece] if piece else []
    begin, end, family = found
    families.add(family)
    return _strip_unspaced(piece[:begin], families) + _strip_unspaced(piece[end:], families)


def _strip_end(words: list[str], gone: set[int], families: set[str]) -> None:
    end, lengths = len(words), lexicon.form_lengths()[1]
    while end > 0:
        longest = 0 if end - 1 in gone else min(lengths.get(words[end - 1], 0), end)
        for size in range(longest, 0, -1):
            if _strip(words, gone, families, end - size, end, _LAST):
                break
        else:
            if end - 1 not in gone:
                return
        end -= 1


def _strip_start(words: list[str], gone: set[int], families: set[str]) -> None:
    lengths = lexicon.form_lengths()[0]
    for begin, word in enumerate(words):
        if begin in gone:
            continue
        for size in range(min(lengths.get(word, 0), len(words) - begin), 0, -1):
            if _strip(words, gone, families, begin, begin + size, _FIRST):
                break
        else:
            return


def _strip_inside(words: list[str], gone: set[int], families: set[str]) -> None:
    lengths = lexicon.form_lengths()[0]
    for begin, word in enumerate(words):
        for size in range(min(lengths.get(word, 0), len(words) - begin), 0, -1):
            if gone.isdisjoint(range(begin, begin + size)):
                _strip(words, gone, families, begin, begin + size, _INSIDE)


def _strip_before_branch(words: list[str], gone: set[int], families: set[str]) -> None:
    """Take away the form that stands before a branch, and perhaps the place of that: "Bankası A.Ş. Londra"."""
    kept = [n for n in range(len(words)) if n not in gone]
    for end in (len(kept), len(kept) - 1):
        before = kept[: max(end, 0)]
        for size in range(min(3, len(before) - 1), 0, -1):
            begin, last = before[-size], before[-1]
            if last - begin + 1 == size and _strip(words, gone, families, begin, last + 1, _LAST):
                return


def _strip(
    words: list[str],
    gone: set[int],
    families: set[str],
    begin: int,
    end: int,
    places: frozenset[str],
) -> bool:
    """Take these words away if they are a legal form that may stand there and something of the name is left."""
    found = lexicon.form(tuple(words[begin:end]))
    if not found or found.place not in places or len(gone.union(range(begin, end))) == len(words):
        return False
    gone.update(range(begin, end))
    families.add(found.family)
    return True
