"""What of a message is read, and where it stands: records by the paths that are asked of them.

Idea: namespaces do not count, since half of the files in use carry another one than that of ISO, or none. A
record is walked once and whole, of what it stands in only what came before it: that is still being read.

>>> from lxml import etree
>>> entry = etree.fromstring('<Stmt xmlns="urn:x"><Ntry><Amt Ccy="EUR"> 8.85 </Amt></Ntry></Stmt>')
>>> told = Node(entry, None, branches(["Ntry/Amt"]))
>>> told.text("Ntry/Amt"), told.place_of("Ntry/Amt")
('8.85', 'Ntry/Amt:1')
"""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.evidence.formats.xmlpaths import LOCAL, Branch, Found, branches
from tallystick.evidence.formats.xmlsafe import Element

__all__ = ["Node", "branches"]


class Node(Found):
    """An element of a message that is read by itself: a record, or what one stands in. `parent`: what it stands
    in, None of the message; `told`: whether anything in it has been read already."""

    __slots__ = ("element", "name", "parent", "told")

    def __init__(
        self,
        element: Element,
        parent: Node | None,
        wanted: Branch,
        before: Element | None = None,
    ) -> None:
        self.element, self.name, self.parent, self.told = element, LOCAL[element.tag], parent, False
        super().__init__(element, wanted, f"{parent.base}{self.name}/" if parent else "", before)

    def renew(self, since: Element, wanted: Branch) -> Node:
        """The node with what stands behind its child `since`, which it had not when it was read."""
        self.take(since.itersiblings(), wanted)
        return self

    @property
    def here(self) -> str:
        """Where it stands itself: path of local names below the root of the message, and line."""
        return f"{(self.base or self.name).removesuffix('/')}:{self.element.sourceline}"

    def up(self) -> Iterator[Node]:
        """The node, and what it stands in, up to the message."""
        here: Node | None = self
        while here is not None:
            yield here
            here = here.parent

    @property
    def top(self) -> Node:
        """The message."""
        return self if self.parent is None else self.parent.top
