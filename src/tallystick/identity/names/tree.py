"""Spellings as a tree of letters: the longest one at a place is read off letter by letter.

>>> tree = Tree({"深圳": "city", "深圳湾": "bay"})
>>> tree.longest("深圳华强"), tree.longest("深圳湾"), tree.longest("华强")
((2, 'city'), (3, 'bay'), None)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

Meaning = TypeVar("Meaning")


class Tree(Generic[Meaning]):
    """A tree of spellings, each with what it means."""

    def __init__(self, spellings: Mapping[str, Meaning]) -> None:
        self._root: dict[str, Any] = {}
        for spelling, meaning in spellings.items():
            node = self._root
            for letter in spelling:
                node = node.setdefault(letter, {})
            node[""] = meaning

    def longest(self, text: str) -> tuple[int, Meaning] | None:
        """(letters, meaning) of the longest spelling that a text begins with."""
        node, found = self._root, None
        for size, letter in enumerate(text, 1):
            node = node.get(letter)  # type: ignore[assignment]
            if node is None:
                break
            if "" in node:
                found = size, node[""]
        return found

    def firsts(self) -> str:
        """The letters that spellings begin with, in order."""
        return "".join(sorted(self._root))
