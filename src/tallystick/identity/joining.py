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

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.evidence.identifiers import strength

Ints = npt.NDArray[np.int64]

EXCLUSIVE: Final = ("lei", "cn.uscc", "vat", "eori", "duns")
"""Registers that give a firm one number: two different ones are two firms (for VAT and EORI, two of one
country)."""

BY_PERSON: Final = "judged:"
"""How the reference of a tie begins that a person made; the document's id follows."""

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

    >>> register_of("vat:DE136695976"), register_of("id:tradeport.member:17")
    ('vat:DE', None)
    """
    scheme, _, value = ref.partition(":")
    if scheme not in EXCLUSIVE:
        return None
    return f"{scheme}:{value[:2]}" if scheme in ("vat", "eori") else scheme


def join_anew(nodes: Ints, labels: Ints, ties: Ties, marks: Marks) -> tuple[Ints, list[Refusal]]:
    """Labels in which no component of these ties holds two marks of a kind, and the ties refused for it."""
    labels, fresh = labels.copy(), int(labels.max()) + 1
    by_label: dict[int, list[int]] = defaultdict(list)
    for n, label in enumerate(labels[ties.b].tolist()):
        by_label[label].append(n)
    refused: list[Refusal] = []
    for label in sorted(by_label):
        members = np.flatnonzero(labels == label).tolist()
        forest = _Forest(members, marks)
        for n in sorted(
            by_label[label], key=lambda n: (_rank(ties.refs[n]), int(nodes[ties.a[n]]))
        ):
            ref = ties.refs[n]
            mark = forest.join(int(ties.a[n]), int(ties.b[n]), ref.startswith(BY_PERSON))
            if mark is not None:
                refused.append(Refusal(int(nodes[ties.a[n]]), ref, mark))
        numbers: dict[int, int] = {}
        for member in members:
            labels[member] = fresh + numbers.setdefault(forest.top(member), len(numbers))
        fresh += len(numbers)
    return labels, refused


def _rank(ref: str) -> tuple[int, str]:
    return (-1, ref) if ref.startswith(BY_PERSON) else strength(ref)


class _Forest:
    """Nodes of one component, each under the smallest of those that it is joined with."""

    def __init__(self, members: list[int], marks: Marks) -> None:
        self._parent = {node: node for node in members}
        self._held = {node: dict(marks.get(node, {})) for node in members}

    def top(self, node: int) -> int:
        """The smallest node that this one is joined with."""
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def join(self, a: int, b: int, judged: bool) -> str | None:
        """Join two nodes; the kind of mark that forbids it where one does, else None."""
        low, high = sorted((self.top(a), self.top(b)))
        if low == high:
            return None
        held, coming = self._held[low], self._held[high]
        for kind in sorted(coming):
            differ = held.get(kind, coming[kind]) != coming[kind]
            if differ and (not judged or kind.startswith(BY_PERSON)):
                return kind
        self._parent[high] = low
        held.update(coming)
        return None
