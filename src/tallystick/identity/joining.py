"""Joining what shares an identifier, unless a register or a person says that it is two companies.

Idea: descriptions and identifiers are nodes, and a *tie* says that two of them mean one company. Components of
the graph are companies, as long as none holds two different *marks* of one kind: two LEI, or the two sides of a
judgement that keeps apart. Such a component is joined anew, tie by tie: people's judgements first, then the
strongest identifiers, and a tie that would bring two marks of a kind together is refused. Registers do not
stop a person from joining; only another person's `apart` does.

Worked example: two firms with different LEI name the account of one payment agent. The three nodes would be
one company; taken anew, each LEI goes to its firm, the account to the first, and its tie to the other is
refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.evidence.identifiers import strength
from tallystick.evidence.registers import only_one, single_schemes

Ints = npt.NDArray[np.int64]

EXCLUSIVE: Final = ("lei", "cn.uscc", "vat", "eori", "duns")
"""Registers that give a firm one number: two different ones are two firms (for VAT and EORI, two of one
country). So do most national registers, see `registers.tsv`."""

_IN_SEVERAL_LANGUAGES: Final = "vat:CHE"
"""A Swiss VAT number ends in MWST, TVA or IVA; the number within it keeps two firms apart."""

BY_PERSON: Final = "judged:"
"""How the reference of a tie begins that a person made; the document's id follows."""

COMPARED: Final = "compared"
"""What forbids to join nodes that were compared and found different, where it is no mark."""

Marks = dict[int, dict[str, str]]
"""Place of a node -> kind of mark -> the mark."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties between nodes: places `a` and `b` among the nodes, and the reference behind each."""

    a: Ints
    b: Ints
    refs: list[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A tie that was not followed: key of the party, the reference that it was made by, and the kind of mark
    that forbade it."""

    party: int
    ref: str
    mark: str


def register_of(ref: str) -> str | None:
    """The exclusive register of an identifier, or None; VAT and EORI count per country.

    >>> [register_of(ref) for ref in ("vat:DE136695976", "reg.dk:61056416", "id:tradeport.member:17")]
    ['vat:DE', 'reg.dk', None]
    """
    scheme, _, value = ref.partition(":")
    if scheme not in EXCLUSIVE:
        return only_one(ref)
    if ref.startswith(_IN_SEVERAL_LANGUAGES):
        return None
    return f"{scheme}:{value[:2]}" if scheme in ("vat", "eori") else scheme


@cache
def exclusive_refs() -> str:
    """A pattern (RE2) of the references that may be of an exclusive register."""
    return f"^(?:{'|'.join(map(re.escape, (*EXCLUSIVE, *single_schemes())))}):"


def marks_of(numbers: Iterable[tuple[int, str]], apart: Iterable[tuple[int, int, str]]) -> Marks:
    """The marks of nodes: `numbers`, (node, identifier), and judgements `apart`, (node, node, document).

    >>> marks_of([(1, "lei:x"), (1, "id:shop:7")], [(1, 2, "d")])
    {1: {'lei': 'lei:x', 'judged:d': 'a'}, 2: {'judged:d': 'b'}}
    """
    marks: Marks = {}
    for node, ref in numbers:
        register = register_of(ref)
        if register:
            marks.setdefault(node, {})[register] = ref
    for a, b, doc in apart:
        marks.setdefault(a, {})[BY_PERSON + doc] = "a"
        marks.setdefault(b, {})[BY_PERSON + doc] = "b"
    return marks


def join_anew(nodes: Ints, labels: Ints, ties: Ties, marks: Marks) -> tuple[Ints, list[Refusal]]:
    """Labels in which no component of these ties holds two marks of a kind, and the ties refused for it."""
    labels, fresh = labels.copy(), int(labels.max()) + 1
    by_label: dict[int, list[int]] = defaultdict(list)
    for n, label in enumerate(labels[ties.b].tolist()):
        by_label[label].append(n)
    refused: list[Refusal] = []
    for label in sorted(by_label):
        members = np.flatnonzero(labels == label).tolist()
        groups = Groups(members, marks)
        for n in sorted(
            by_label[label], key=lambda n: (_rank(ties.refs[n]), int(nodes[ties.a[n]]))
        ):
            ref = ties.refs[n]
            mark = groups.join(int(ties.a[n]), int(ties.b[n]), ref.startswith(BY_PERSON))
            if mark is not None:
                refused.append(Refusal(int(nodes[ties.a[n]]), ref, mark))
        numbers: dict[int, int] = {}
        for member in members:
            labels[member] = fresh + numbers.setdefault(groups.top(member), len(numbers))
        fresh += len(numbers)
    return labels, refused


def _rank(ref: str) -> tuple[int, str]:
    return (-1, ref) if ref.startswith(BY_PERSON) else strength(ref)


class Groups:
    """Sets of nodes that grow together unless something keeps two of them apart. `apart`: node -> nodes that it
    is never together with, told of both."""

    def __init__(
        self, members: Sequence[int], marks: Marks, apart: Mapping[int, set[int]] | None = None
    ) -> None:
        self._parent = {node: node for node in members}
        self._members = {node: [node] for node in members}
        self._held = {node: dict(marks.get(node, {})) for node in members}
        self._apart = apart or {}

    def top(self, node: int) -> int:
        """The smallest node that this one is together with."""
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def join(self, a: int, b: int, judged: bool = False) -> str | None:
        """Join two nodes; what forbids it where something does (a kind of mark, or COMPARED), else None.
        `judged`: a person joins them, whom only another person's judgement stops."""
        low, high = sorted((self.top(a), self.top(b)))
        if low == high:
            return None
        forbids = clash(self._held[low], self._held[high], judged) or self._told_apart(low, high)
        if forbids is None:
            self._parent[high] = low
            self._held[low].update(self._held.pop(high))
            mine, yours = sorted((self._members.pop(high), self._members[low]), key=len)
            yours.extend(mine)
            self._members[low] = yours
        return forbids

    def _told_apart(self, low: int, high: int) -> str | None:
        small, large = sorted((low, high), key=lambda top: len(self._members[top]))
        others = (other for node in self._members[small] for other in self._apart.get(node, ()))
        return COMPARED if any(self.top(other) == large for other in others) else None


def clash(
    mine: Mapping[str, str] | None, yours: Mapping[str, str] | None, judged: bool = False
) -> str | None:
    """The first kind of which two have different marks, None where there is none. `judged`: only judgements of
    people count.

    >>> clash({"lei": "a", "vat:DE": "1"}, {"vat:DE": "2"}), clash({"lei": "a"}, {"lei": "b"}, judged=True)
    ('vat:DE', None)
    """
    if not mine or not yours:
        return None
    for kind in sorted(yours):
        if mine.get(kind, yours[kind]) != yours[kind] and (
            not judged or kind.startswith(BY_PERSON)
        ):
            return kind
    return None
