"""Elements of a message by their local names, each knowing where it stands.

Idea: a `Node` is an element seen from the message's root downwards, with its children by name, its text and
the path that leads to it. A record is made into nodes once and whole; of what it stands in, only what came
before it. Namespaces do not count: half of the files in use carry another one than that of ISO, or none.

>>> from lxml import etree
>>> root = grow(etree.fromstring('<Stmt xmlns="urn:x"><Ntry><Amt Ccy="EUR"> 8.85 </Amt></Ntry></Stmt>'), None)
>>> amount = root.first("Ntry/Amt")
>>> amount.text, amount.get("Ccy"), amount.place
('8.85', 'EUR', 'Ntry/Amt:1')
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from tallystick.evidence.formats.xmlpaths import LOCAL
from tallystick.evidence.formats.xmlsafe import Element

Kids = dict[str, list["Node"]]

_NONE: Final[Sequence[Node]] = ()
_EMPTY: Final[Kids] = {}


class Node:
    """One element. `above`: path of local names from below the root of the message down to what it stands in,
    with a slash behind it; `text`: its text with white space squeezed, "" where it has none or holds elements;
    `parent`: what a record stands in, and that in turn. Only there: a record that nothing refers to any more
    is gone at once. `told`: whether anything in it has been read already."""

    element: Element
    name: str
    above: str = ""
    kids: Kids = _EMPTY
    text: str = ""
    parent: Node | None = None
    told: bool = False

    def all(self, path: str) -> Sequence[Node]:
        """The nodes at `A/B/C` below this one, in document order."""
        kids = self.kids.get(path)
        if kids is not None or "/" not in path:
            return kids or _NONE
        first, rest = _steps(path)
        nodes: Sequence[Node] = self.kids.get(first, _NONE)
        for step in rest:
            if len(nodes) == 1:
                nodes = nodes[0].kids.get(step, _NONE)
            else:
                nodes = [kid for node in nodes for kid in node.kids.get(step, _NONE)]
            if not nodes:
                return _NONE
        return nodes

    def some(self, *paths: str) -> list[Node]:
        """The nodes with a text at each of the paths in turn."""
        return [node for path in paths for node in self.all(path) if node.text]

    def first(self, *paths: str) -> Node | None:
        """The first node with a text at the first of the paths that has one."""
        kids = self.kids
        for path in paths:
            for node in kids[path] if path in kids else self.all(path) if "/" in path else _NONE:
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

    def get(self, name: str) -> str:
        """An attribute, trimmed; "" where it is not there."""
        return (self.element.get(name) or "").strip()

    @property
    def place(self) -> str:
        """Path of local names below the message's root, and the line: `Stmt/Ntry/Amt:47`."""
        return f"{self.above}{self.name}:{self.element.sourceline}"


def grow(element: Element, parent: Node | None, but: Element | None = None) -> Node:
    """An element as a node with all that it holds; where its child `but` is still being read, with what came
    before that."""
    node = Node()
    node.element, node.name, node.parent = element, LOCAL[element.tag], parent
    if parent is not None and parent.parent is not None:
        node.above = f"{parent.above}{parent.name}/"
    _fill(node, but)
    return node


def renew(node: Node, since: Element) -> Node:
    """Adds to a node the children that came behind its child `since`."""
    for element in since.itersiblings():
        child = Node()
        child.element, child.name, child.above = element, LOCAL[element.tag], _below(node)
        _fill(child, None)
        node.kids.setdefault(child.name, []).append(child)
    return node


def _below(node: Node) -> str:
    """What the paths of the children of a node begin with; that of the message itself is left out."""
    return f"{node.above}{node.name}/" if node.above or node.parent is not None else ""


def _fill(top: Node, but: Element | None) -> None:
    """Give a node all below it, in one pass in document order: the number of its children says when an element
    is at its end. (Going down from child to child takes lxml twice as long.)"""
    elements, names = top.element.iter(), LOCAL
    left = len(next(elements))
    kids: Kids = {}
    below = _below(top)
    top.kids, top.text = kids, "" if left else " ".join((top.element.text or "").split())
    outer: list[tuple[Kids, int, str]] = []
    for inner in elements:
        if inner is but:
            return
        while not left:
            kids, left, below = outer.pop()
        left -= 1
        node = Node()
        node.element, node.above = inner, below
        name = node.name = names[inner.tag]
        if name in kids:
            kids[name].append(node)
        else:
            kids[name] = [node]
        if size := len(inner):
            outer.append((kids, left, below))
            kids = node.kids = {}
            left, below = size, f"{below}{name}/"
        elif written := inner.text:
            node.text = " ".join(written.split())


@cache
def _steps(path: str) -> tuple[str, tuple[str, ...]]:
    first, *rest = path.split("/")
    return first, tuple(rest)
