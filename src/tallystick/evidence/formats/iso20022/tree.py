"""Elements of a message by their local names, each knowing where it stands.

Idea: a `Node` is an element seen from the message's root downwards. Its children are listed once, when they
are first asked for, and every node knows its parent, so that the place of a fact costs nothing until it is
asked for. Namespaces do not count: half of the files in use carry another one than that of ISO, or none.

>>> from lxml import etree
>>> root = Node(etree.fromstring('<Stmt xmlns="urn:x"><Ntry><Amt Ccy="EUR"> 8.85 </Amt></Ntry></Stmt>'))
>>> amount = root.first("Ntry/Amt")
>>> amount.text, amount.get("Ccy"), amount.place
('8.85', 'EUR', 'Ntry/Amt:1')
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from tallystick.evidence.formats.xmlsafe import Element

Kids = dict[str, list["Node"]]


class _Local(dict[object, str]):
    """Tag -> local name, worked out once per tag; what is no element (an entity) has the name ""."""

    def __missing__(self, tag: object) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


_MOST_NAMES: Final = 10_000
LOCAL: Final = _Local()


class Node:
    """One element. The root of a message has no parent, and no place names it."""

    __slots__ = ("_kids", "element", "name", "parent")

    def __init__(self, element: Element, parent: Node | None = None) -> None:
        self.element, self.parent = element, parent
        self.name = LOCAL[element.tag]
        self._kids: Kids | None = None

    @property
    def kids(self) -> Kids:
        """Children by local name, in document order, as they were when first asked for."""
        if self._kids is None:
            self._kids = self._listed()
        return self._kids

    def renew(self) -> Node:
        """The node with the children that have come since; those that have been let go of stay known."""
        self._kids = {**self.kids, **self._listed()}
        return self

    def _listed(self) -> Kids:
        kids: Kids = {}
        for element in self.element:
            node = Node(element, self)
            if node.name in kids:
                kids[node.name].append(node)
            else:
                kids[node.name] = [node]
        return kids

    def all(self, path: str) -> list[Node]:
        """The nodes at `A/B/C` below this one, in document order."""
        steps = _steps(path)
        nodes = self.kids.get(steps[0], [])
        for step in steps[1:]:
            nodes = [kid for node in nodes for kid in node.kids.get(step, ())]
        return nodes

    def some(self, *paths: str) -> Iterator[Node]:
        """The nodes with a text at each of the paths in turn."""
        return (node for path in paths for node in self.all(path) if node.text)

    def first(self, *paths: str) -> Node | None:
        """The first node with a text at the first of the paths that has one."""
        for path in paths:
            for node in self.all(path):
                if node.text:
                    return node
        return None

    def said(self, *paths: str) -> str | None:
        """The text of `first`."""
        node = self.first(*paths)
        return node.text if node is not None else None

    def branch(self, *paths: str) -> Node | None:
        """The first node at the first of the paths that is there, whether or not it has a text."""
        for path in paths:
            nodes = self.all(path)
            if nodes:
                return nodes[0]
        return None

    @property
    def text(self) -> str:
        """The text with its white space squeezed; "" where there is none."""
        written = self.element.text
        return " ".join(written.split()) if written else ""

    def get(self, name: str) -> str:
        """An attribute, trimmed; "" where it is not there."""
        return (self.element.get(name) or "").strip()

    @property
    def place(self) -> str:
        """Path of local names below the message's root, and the line: `Stmt/Ntry/Amt:47`."""
        names: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            names.append(node.name)
            node = node.parent
        return f"{'/'.join(reversed(names))}:{self.element.sourceline}"


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))
