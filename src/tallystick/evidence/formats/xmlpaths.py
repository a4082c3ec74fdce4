"""Elements of an XML tree by their paths, found in one walk that goes only where a path leads.

Idea: a reader knows all the paths that it will ask for. They make a tree of names, and the document is walked
along it once: branches that nobody asks for are never entered, and each question after that is one look into a
dictionary. A path names its element, so where a fact stands needs no way back up to the root.

Worked example: with the paths `("A/B", "A/C/D")` the document `<x><A><B>1</B><E><B>2</B></E></A></x>` gives
`{"A/B": [("A/B", "1", <B>)]}`, its place "A/B:1".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from tallystick.evidence.formats.numbers import decimal_of, total
from tallystick.evidence.formats.xmlsafe import Element

Spot = tuple[str, str, Element]
"""The path at which an element was found, its text with white space squeezed ("" where it has none), and it."""

Rows = tuple[str | tuple[str, ...], ...]
"""Paths of the lines of an address: a tuple shares one line, a bare path has a line for each of its texts."""

_MOST_TAGS: Final = 10_000
"""Tags that are kept by name: more than all vocabularies have, fewer than a hostile file could make up."""

_MOST_CHILDREN: Final = 200
"""The same of one branch, of which there are hundreds."""

_LONGEST_TAG: Final = 300
"""Characters of a tag that is kept."""


class Names(dict[str, str]):
    """Tag of an element -> the name that paths use for it, worked out when a tag comes first."""

    def __init__(
        self, within: tuple[str, ...] = (), other: Mapping[str, str] | None = None
    ) -> None:
        """`within`: namespaces outside of which no element has a name, any where none is given: namespaces
        change with versions, names hardly. `other`: other local names -> the ones that the paths use."""
        super().__init__()
        self._within, self.other = within, other or {}

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):  # an entity or an instruction, which is no element
            return ""
        space, _, local = tag.rpartition("}")
        is_named = not self._within or space[1:] in self._within
        name = self.other.get(local, local) if is_named else ""
        if len(self) < _MOST_TAGS and len(tag) < _LONGEST_TAG:
            self[tag] = name
        return name


LOCAL: Final = Names()
"""Every element by its local name."""


class Branch(dict[str, "tuple[str, Branch | None] | None"]):
    """What is asked below an element: tag -> (path, "" where only something below is asked; what that is, None
    where nothing is), None where nobody asks. A tag is looked up by its name when it comes first."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.steps: dict[str, tuple[str, Branch]] = {}

    def __missing__(self, tag: str) -> tuple[str, Branch | None] | None:
        step: tuple[str, Branch | None] | None = self.steps.get(self.names[tag])
        if step is not None and not step[1].steps:  # type: ignore[union-attr]
            step = step[0], None
        if len(self) < _MOST_CHILDREN and len(tag) < _LONGEST_TAG:
            self[tag] = step
        return step


def branches(paths: Iterable[str], names: Names = LOCAL, passed: Iterable[str] = ()) -> Branch:
    """The tree of names that some paths make. `passed`: names at the top that only wrap what is asked for, in
    some versions or choices: what stands in them is found as if they were not there."""
    top = Branch(names)
    top.steps = dict.fromkeys(passed, ("", top))
    for path in paths:
        *above, last = path.split("/")
        branch = top
        for name in above:
            branch = branch.steps.setdefault(name, ("", Branch(names)))[1]
        below = branch.steps[last][1] if last in branch.steps else Branch(names)
        branch.steps[last] = (path, below)
    return top


def paths_of(rows: Rows) -> Iterator[str]:
    """All that rows ask for."""
    for row in rows:
        yield from (row,) if isinstance(row, str) else row


class Found:
    """What stands at the paths of a tree of names, below one element. `base`: path from the root of the
    document to that, with "/" at its end; None where the document has other names than the paths."""

    __slots__ = ("at", "base")

    def __init__(
        self,
        root: Element,
        wanted: Branch,
        base: str | None = "",
        before: Element | None = None,
    ) -> None:
        """`before`: the child of `root` that is still being read, with all behind it."""
        self.at: dict[str, list[Spot]] = {}
        self.base = None if wanted.names.other else base
        self.take(root[:] if before is None else root[: root.index(before)], wanted)

    def take(self, children: Iterable[Element], wanted: Branch) -> None:
        """Add some children of the element, with all that is asked below them."""
        _walk(children, wanted, self.at)

    def below(self, path: str, wanted: Branch) -> list[Found]:
        """What stands below each element at a path."""
        if path not in self.at:
            return []
        base = f"{self.base}{path}/" if self.base is not None else None
        return [Found(element, wanted, base) for _, _, element in self.at[path]]

    def inside(self, path: str, wanted: Branch) -> Found | None:
        """What stands below the first element at a path, whether or not that is anything."""
        if path not in self.at:
            return None
        base = f"{self.base}{path}/" if self.base is not None else None
        return Found(self.at[path][0][2], wanted, base)

    def spots(self, *paths: str) -> list[Spot]:
        """Elements with text at all the paths, in their order."""
        at = self.at
        return [spot for path in paths if path in at for spot in at[path] if spot[1]]

    def some(self, *paths: str) -> list[Spot]:
        """Elements with text at the first path that has any."""
        for path in paths:
            if path in self.at and (found := self.spots(path)):
                return found
        return []

    def spot(self, *paths: str) -> Spot | None:
        """The first element with text of the first path that has one."""
        at = self.at
        for path in paths:
            if path in at:
                for spot in at[path]:
                    if spot[1]:
                        return spot
        return None

    def texts(self, *paths: str) -> list[str]:
        """Texts at all the paths."""
        at = self.at
        return [spot[1] for path in paths if path in at for spot in at[path] if spot[1]]

    def text(self, *paths: str) -> str | None:
        """The first text of the first path that has one."""
        at = self.at
        for path in paths:
            if path in at:
                for spot in at[path]:
                    if spot[1]:
                        return spot[1]
        return None

    def lines(self, rows: Rows) -> list[str]:
        """The rows that hold anything: of several paths the first text at each with a blank between, of a
        bare one each of its texts."""
        at, lines = self.at, []
        for row in rows:
            if type(row) is str:
                if row in at:
                    lines += [spot[1] for spot in at[row] if spot[1]]
                continue
            line = ""
            for path in row:
                if path in at:
                    for _, text, _ in at[path]:
                        if text:
                            line = f"{line} {text}" if line else text
                            break
            if line:
                lines.append(line)
        return lines

    def address(self, rows: Rows, *country: str) -> str:
        """An address in one line, its country last; "" where no more than its country is given."""
        lines = self.lines(rows)
        if lines and (land := self.text(*country)):
            lines.append(land)
        return ", ".join(lines)

    def place(self, spot: Spot) -> str:
        """Where an element stands: its path in the document's own names, from below the root, and its line."""
        path, _, element = spot
        return (
            f"{self.base}{path}:{element.sourceline}" if self.base is not None else place(element)
        )

    def place_of(self, path: str) -> str:
        """Where the first element at a path stands, with or without text."""
        return self.place(self.at[path][0])


def _walk(children: Iterable[Element], wanted: Branch, at: dict[str, list[Spot]]) -> None:
    for child in children:
        if (step := wanted[child.tag]) is None:
            continue
        path, below = step
        if path:
            text = child.text  # as `text_of`, which is called less
            spot = (path, " ".join(text.split()) if text else "", child)
            if path in at:
                at[path].append(spot)
            else:
                at[path] = [spot]
        if below is not None:
            _walk(child[:], below, at)  # all children at once: lxml is slower one by one


def text_of(element: Element) -> str:
    """Text of an element with its white space squeezed; "" where it has none."""
    text = element.text
    return " ".join(text.split()) if text else ""


def attribute(element: Element, name: str) -> str:
    """An attribute, trimmed; "" where it is not there."""
    return (element.get(name) or "").strip()


def sum_of(spots: Sequence[Spot]) -> tuple[str | None, str | None, Spot | None]:
    """Sum of the quantities of some elements, their unit, and the element that shows it: the first.

    (None, None, None) where there are none or they have several units: kilograms and pieces do not add up. A
    quantity that is no number is handed on as it stands, for the rules to refuse, and is the one shown.
    """
    units = {element.get("unitCode") for _, _, element in spots}
    if len(units) != 1:
        return None, None, None
    unit, numbers = units.pop(), []
    for spot in spots:
        number = decimal_of(spot[1])
        if number is None:
            return spot[1], unit, spot
        numbers.append(number)
    return total(numbers), unit, spots[0]


def place(element: Element, below: Element | None = None) -> str:
    """Where an element stands: its path in the document's own names, from below the root (or from below an
    element around it), and its line."""
    names = []
    step = element
    while step is not None and step is not below and (parent := step.getparent()) is not None:
        names.append(step.tag.rpartition("}")[2])
        step = parent
    return "/".join(reversed(names)) + f":{element.sourceline}"
