"""Elements of an XML tree by their paths, found in one walk that goes only where a path leads.

Idea: a reader knows all the paths that it will ask for. They make a tree of names, and the document is walked
along it once: branches that nobody asks for are never entered, and each question after that is one look into a
dictionary. A path names its element, so where a fact stands needs no way back up to the root.

Worked example: with the paths `("A/B", "A/C/D")` the document `<x><A><B>1</B><E><B>2</B></E></A></x>` gives
`{"A/B": [<B>]}`, its text "1", its place "A/B:1".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tallystick.evidence.formats.numbers import decimal_of, total
from tallystick.evidence.formats.xmlsafe import Element

Spot = tuple[str, Element]
"""An element and the path at which it was found."""

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


class Branch(dict[str, "tuple[str, Branch] | None"]):
    """What is asked below an element: tag -> (path, "" where only something below is asked; what that is), None
    where nobody asks. A tag is looked up by its name when it comes first."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.steps: dict[str, tuple[str, Branch]] = {}

    def __missing__(self, tag: str) -> tuple[str, Branch] | None:
        step = self.steps.get(self.names[tag])
        if len(self) < _MOST_CHILDREN and len(tag) < _LONGEST_TAG:
            self[tag] = step
        return step


def branches(paths: Iterable[str], names: Names = LOCAL) -> Branch:
    """The tree of names that some paths make."""
    top = Branch(names)
    for path in paths:
        *above, last = path.split("/")
        branch = top
        for name in above:
            branch = branch.steps.setdefault(name, ("", Branch(names)))[1]
        below = branch.steps[last][1] if last in branch.steps else Branch(names)
        branch.steps[last] = (path, below)
    return top


class Found:
    """The elements at the paths of a tree of names, below one element."""

    __slots__ = ("_base", "at")

    def __init__(self, root: Element, wanted: Branch, base: str | None = "") -> None:
        """`base`: path from the root of the document to `root`, with "/" at its end; None where the document
        has other names than the paths."""
        self.at: dict[str, list[Element]] = {}
        self._base = None if wanted.names.other else base
        _walk(root, wanted, self.at)

    def below(self, path: str, wanted: Branch) -> list[Found]:
        """What stands below each element at a path."""
        base = f"{self._base}{path}/" if self._base is not None else None
        return [Found(element, wanted, base) for element in self.at.get(path, ())]

    def elements(self, *paths: str) -> list[Element]:
        """Elements with text at all the paths, in their order."""
        at = self.at
        return [e for path in paths if path in at for e in at[path] if has_text(e)]

    def some(self, *paths: str) -> list[Element]:
        """Elements with text at the first path that has any."""
        for path in paths:
            if path in self.at and (found := self.elements(path)):
                return found
        return []

    def spot(self, *paths: str) -> Spot | None:
        """The first element with text of the first path that has one, and that path."""
        for path in paths:
            for element in self.at.get(path, ()):
                if has_text(element):
                    return path, element
        return None

    def texts(self, *paths: str) -> list[str]:
        """Texts at all the paths."""
        at = self.at
        return [text for path in paths if path in at for e in at[path] if (text := text_of(e))]

    def text(self, *paths: str) -> str | None:
        """The first text of the first path that has one."""
        for path in paths:
            for element in self.at.get(path, ()):
                if text := text_of(element):
                    return text
        return None

    def place(self, spot: Spot) -> str:
        """Where an element stands: its path in the document's own names, from below the root, and its line."""
        path, element = spot
        return (
            f"{self._base}{path}:{element.sourceline}" if self._base is not None else place(element)
        )


def _walk(parent: Element, wanted: Branch, at: dict[str, list[Element]]) -> None:
    for child in parent:
        step = wanted[child.tag]
        if step is None:
            continue
        path, below = step
        if path in at:
            at[path].append(child)
        elif path:
            at[path] = [child]
        if below.steps:
            _walk(child, below, at)


def has_text(element: Element) -> bool:
    """Whether an element holds more than white space."""
    text = element.text
    return bool(text) and not text.isspace()


def text_of(element: Element) -> str:
    """Text of an element with its white space squeezed; "" where it has none."""
    text = element.text
    return " ".join(text.split()) if text else ""


def sum_of(elements: Sequence[Element]) -> tuple[str | None, str | None, Element]:
    """Sum of the quantities of some elements, their unit, and the element that shows it: the first.

    (None, None, None) where there are none or they have several units: kilograms and pieces do not add up. A
    quantity that is no number is handed on as it stands, for the rules to refuse, and is the one shown.
    """
    units = {element.get("unitCode") for element in elements}
    if len(units) != 1:
        return None, None, None
    unit, numbers = units.pop(), []
    for element in elements:
        number = decimal_of(text := text_of(element))
        if number is None:
            return text, unit, element
        numbers.append(number)
    return total(numbers), unit, elements[0]


def place(element: Element, below: Element | None = None) -> str:
    """Where an element stands: its path in the document's own names, from below the root (or from below an
    element around it), and its line."""
    names = []
    step = element
    while step is not None and step is not below and (parent := step.getparent()) is not None:
        names.append(step.tag.rpartition("}")[2])
        step = parent
    return "/".join(reversed(names)) + f":{element.sourceline}"
