"""Elements of an XML tree by their paths, found in one walk that goes only where a path leads.

Idea: a reader knows all the paths that it will ask for. They make a tree of names, and the document is walked
along it once: branches that nobody asks for are never entered, and each question after that is one look into a
dictionary. Names are local: namespaces change with versions, names hardly.

Worked example: with the paths `("A/B", "A/C/D")` the document `<x><A><B>1</B><E><B>2</B></E></A></x>` gives
`{"A/B": [<B>]}`, its text "1", its place "A/B:1".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tallystick.evidence.formats.xmlsafe import Element

_PATH: Final = ""
"""Key of a branch under which its own path stands where somebody asks for it."""

Branch = dict[str, Any]
"""Local name -> branch below; `_PATH` -> the path of the branch."""


def branches(paths: Iterable[str]) -> Branch:
    """The tree of names that some paths make."""
    top: Branch = {}
    for path in paths:
        node = top
        for name in path.split("/"):
            node = node.setdefault(name, {})
        node[_PATH] = path
    return top


class Found:
    """The elements of one document at the paths of a tree of names."""

    def __init__(
        self, root: Element, wanted: Branch, names: Mapping[str, str] | None = None
    ) -> None:
        """`names`: other local names -> the ones that the paths use."""
        self.at: dict[str, list[Element]] = {}
        self._local: dict[str, str] = {}
        self._other = names or {}
        self._walk(root, wanted)

    def _walk(self, parent: Element, wanted: Branch) -> None:
        local, at = self._local, self.at
        for child in parent:
            tag = child.tag
            name = local.get(tag)
            if name is None:
                plain = tag.rpartition("}")[2]
                name = local[tag] = self._other.get(plain, plain)
            branch = wanted.get(name)
            if branch is None:
                continue
            path = branch.get(_PATH)
            if path is not None:
                at.setdefault(path, []).append(child)
            if path is None or len(branch) > 1:
                self._walk(child, branch)

    def elements(self, *paths: str) -> Iterator[Element]:
        """Elements with text at all the paths, in their order."""
        for path in paths:
            for element in self.at.get(path, ()):
                if text_of(element):
                    yield element

    def first(self, *paths: str) -> Element | None:
        """The first element with text of the first path that has one."""
        return next(self.elements(*paths), None)

    def texts(self, *paths: str) -> list[str]:
        """Texts at all the paths."""
        return [text_of(element) for element in self.elements(*paths)]

    def text(self, *paths: str) -> str | None:
        """The first text of the first path that has one."""
        element = self.first(*paths)
        return None if element is None else text_of(element)


def text_of(element: Element) -> str:
    """Text of an element with its white space squeezed; "" where it has none."""
    return " ".join((element.text or "").split())


def place(element: Element, below: Element | None = None) -> str:
    """Where an element stands: its path in the document's own names, from below the root (or from below an
    element around it), and its line."""
    names = []
    step = element
    while step is not None and step is not below and (parent := step.getparent()) is not None:
        names.append(step.tag.rpartition("}")[2])
        step = parent
    return "/".join(reversed(names)) + f":{element.sourceline}"
