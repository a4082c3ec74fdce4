"""Walking customs messages by local names, whatever namespaces and prefixes they use, and where a fact stands.

Customs offices send the same message with and without namespaces, so a path such as `"Declarant/ID"` names
elements by their local names. `Facts` collects what was found, and the path and line of each.

>>> from tallystick.evidence.formats.xmlsafe import parse
>>> root = parse(b"<d:A xmlns:d='u'><d:B>1</d:B><d:B> 2 </d:B></d:A>")
>>> [text_of(element) for element in find_all(root, "B")], first(root, "C", "B")
(['1', '2'], '1')
"""

from __future__ import annotations

import re
from typing import Final

from tallystick.evidence.formats.xmlpaths import LOCAL, Spot, text_of
from tallystick.evidence.formats.xmlsafe import Element

_STAMP: Final = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?(\d{3})?)?(Z|[+-]\d{2}(?::?\d{2})?)?"
)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return LOCAL[element.tag]


def find_all(node: Element, path: str) -> list[Element]:
    """Elements at `path` below `node`, in document order."""
    nodes, names = [node], LOCAL
    for step in path.split("/"):
        nodes = [child for parent in nodes for child in parent if names[child.tag] == step]
    return nodes


def first(node: Element, *paths: str) -> str | None:
    """The first text of the first of the paths that has one."""
    for path in paths:
        for element in find_all(node, path):
            if text := text_of(element):
                return text
    return None


class Facts:
    """What is read out of one message: `take` gives a text and keeps its place, path and line; `text` gives it
    only. The children of the message are gone through once, since most paths are one step."""

    def __init__(self, node: Element) -> None:
        self.node = node
        self.places: dict[str, str] = {}
        self._children: dict[str, list[Spot]] = {}
        names, children = LOCAL, self._children
        for child in node[:]:
            name, text = names[child.tag], child.text
            spot = name, " ".join(text.split()) if text else "", child
            if name in children:
                children[name].append(spot)
            else:
                children[name] = [spot]

    def find(self, path: str) -> list[Element]:
        """Elements at `path`, in document order."""
        return [element for _, _, element in self._spots(path)]

    def _spots(self, path: str) -> list[Spot]:
        if "/" not in path:
            return self._children.get(path, [])
        step, _, rest = path.partition("/")
        holders = self._children.get(step, ())
        return [(path, text_of(e), e) for _, _, child in holders for e in find_all(child, rest)]

    def text(self, *paths: str) -> str | None:
        """The first text of the paths."""
        children = self._children
        for path in paths:
            if path in children or "/" in path:
                for _, text, _ in children[path] if path in children else self._spots(path):
                    if text:
                        return text
        return None

    def take(self, field: str, *paths: str) -> str | None:
        """The first text of the paths, as the source of `field`."""
        children = self._children
        for path in paths:
            if path in children or "/" in path:
                for _, text, element in children[path] if path in children else self._spots(path):
                    if text:
                        self.at(field, element, path)
                        return text
        return None

    def at(self, field: str, element: Element, path: str) -> None:
        """`field` stands at that element, where it was not found before."""
        if field not in self.places:
            self.places[field] = f"{path}:{element.sourceline or 0}"


def moment(text: str | None, zone: str = "") -> str | None:
    """`20210302104604+01` (formats 102, 204 and 304 of UN/EDIFACT 2379) as ISO text; ISO text and what is
    neither stay as they are. `zone`: of texts that name none.

    >>> moment("20210302104604+01"), moment("20210311"), moment("20180507153001", "+08:00")
    ('2021-03-02T10:46:04+01:00', '2021-03-11', '2018-05-07T15:30:01+08:00')
    """
    match = _STAMP.fullmatch(text) if text else None
    if match is None:
        return text
    year, month, day, hour, minute, second, milli, own = match.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return date
    own = own or zone
    shown = own if own in ("", "Z") else f"{own[:3]}:{own[-2:] if len(own) > 3 else '00'}"
    return f"{date}T{hour}:{minute}:{second or '00'}{f'.{milli}' if milli else ''}{shown}"
