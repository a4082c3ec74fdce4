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

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from tallystick.evidence.formats.xmlsafe import Element

Kids = dict[str, list["Node"]]

_NONE: Final[Sequence[Node]] = ()
_EMPTY: Final[Kids] = {}
_MOST_NAMES: Final = 10_000
_NAMES: Final[dict[object, str]] = {}


def local(tag: object) -> str:
    """The local name of a tag, worked out once; that of what is no element (an entity) is ""."""
    name = _NAMES.get(tag)
    if name is None:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(_NAMES) < _MOST_NAMES:
            _NAMES[tag] = name
    return name


class Node:
    """One element. `above`: path of local names from below the root of the message down to what it stands in,
    with a slash behind it; `text`: its text with white space squeezed, "" where it has none or holds elements;
    `parent`: what a record stands in, and that in turn. Only there: a record that nothing refers to any more
    is gone at once. `told`: whether anything in it has been read already."""

    element: Element
    name: str
    above: str
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

    def get(self, name: str) -> str:
        """An attribute, trimmed; "" where it is not there."""
        return (self.element.get(name) or "").strip()

    @property
    def place(self) -> str:
        """Path of local names below the message's root, and the line: `Stmt/Ntry/Amt:47`."""
        return f"{self.above}{self.name}:{self.element.sourceline}"


def grow(element: Element, parent: Node | None, but: Element | None = None) -> Node:
    """An element and all that it holds as nodes; not what its child `but` holds, which is still being read."""
    above = "" if parent is None or parent.parent is None else f"{parent.above}{parent.name}/"
    if but is None:
        node = _tree(element, above, root=parent is None)
    else:
        node = Node()
        node.element, node.name, node.above = element, local(element.tag), above
        _put(node, (child for child in element if child is not but), root=parent is None)
    node.parent = parent
    return node


def renew(node: Node, since: Element) -> Node:
    """Adds to a node the children that came behind its child `since`."""
    _put(node, since.itersiblings(), root=node.parent is None)
    return node


def _put(node: Node, children: Iterable[Element], *, root: bool) -> None:
    kids = node.kids = {name: list(nodes) for name, nodes in node.kids.items()}
    below = "" if root else f"{node.above}{node.name}/"
    for child in children:
        kids.setdefault(local(child.tag), []).append(_tree(child, below))


def _tree(element: Element, above: str, *, root: bool = False) -> Node:
    """An element with all below it, in one pass in document order: the number of its children says when an
    element is at its end. (Going down from child to child takes lxml twice as long.)"""
    elements = element.iter()
    top = Node()
    top.element, top.name, top.above = next(elements), local(element.tag), above
    top.text = " ".join((element.text or "").split())
    kids = top.kids = {}
    left, below = len(element), "" if root else f"{above}{top.name}/"
    outer: list[tuple[Kids, int, str]] = []
    for inner in elements:
        while not left:
            kids, left, below = outer.pop()
        left -= 1
        node = Node()
        node.element, node.name, node.above = inner, local(inner.tag), below
        if node.name in kids:
            kids[node.name].append(node)
        else:
            kids[node.name] = [node]
        if size := len(inner):
            outer.append((kids, left, below))
            kids = node.kids = {}
            left, below = size, f"{below}{node.name}/"
        elif written := inner.text:
            node.text = " ".join(written.split())
    return top


@cache
def _steps(path: str) -> tuple[str, tuple[str, ...]]:
    first, *rest = path.split("/")
    return first, tuple(rest)
