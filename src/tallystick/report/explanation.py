"""An explanation: a number, the arithmetic that gives it, and the numbers under it, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from rich.text import Text
from rich.tree import Tree

FORMAT: Final = "tallystick.explanation/1"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number. `formula` says how it follows, with the actual figures; `numbers` has them unrounded
    (integers in the units that their names end in, or floats); `children` are what it is made of."""

    title: str
    value: str = ""
    formula: str = ""
    numbers: dict[str, int | float | str | None] = field(default_factory=dict)
    children: tuple[Explanation, ...] = ()


def render_explanation(explanation: Explanation) -> Tree:
    """The explanation as a tree for `rich.console.Console.print`."""
    tree = Tree(_label(explanation), guide_style="dim")
    _grow(tree, explanation)
    return tree


def _grow(tree: Tree, explanation: Explanation) -> None:
    for child in explanation.children:
        _grow(tree.add(_label(child)), child)


def _label(node: Explanation) -> Text:
    text = Text(node.title)
    if node.value:
        text = Text.assemble(node.title, "  ", (node.value, "bold"))
    for line in node.formula.splitlines():
        text.append(f"\n{line}", "dim")
    return text


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation for `json.dumps`: keys title, value, formula, numbers, children; `format` on top."""
    return {"format": FORMAT} | _plain(explanation)


def _plain(node: Explanation) -> dict[str, Any]:
    return {
        "title": node.title,
        "value": node.value,
        "formula": node.formula,
        "numbers": dict(node.numbers),
        "children": [_plain(child) for child in node.children],
    }
