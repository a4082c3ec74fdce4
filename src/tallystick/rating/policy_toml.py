"""Writing tables of tables as TOML with a comment above each field; the standard library only reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(tree: Mapping[str, Any], comment: Callable[[str], str], title: str = "") -> str:
    """The text. `comment`: path of a field -> what is said above it, once for each wording; "" for nothing."""
    said: set[str] = set()

    def about(path: str) -> Iterator[str]:
        words = comment(path)
        if words and words not in said:
            said.add(words)
            yield from (f"# {line}" for line in words.splitlines())

    head = [f"# {line}" for line in title.splitlines()] + [""] if title else []
    return "\n".join([*head, *_table(tree, (), about)]).lstrip("\n") + "\n"


def _table(
    tree: Mapping[str, Any], path: tuple[str, ...], about: Callable[[str], Iterator[str]]
) -> Iterator[str]:
    """Lines of a table: its own fields first, then the tables in it."""
    for name, value in tree.items():
        if not isinstance(value, Mapping):
            yield from about(".".join((*path, name)))
            yield f"{_key(name)} = {_value(value)}"
    for name, value in tree.items():
        if isinstance(value, Mapping):
            inner = (*path, name)
            yield ""
            yield from about(".".join(inner))
            if not value or any(not isinstance(item, Mapping) for item in value.values()):
                yield f"[{'.'.join(map(_key, inner))}]"
            yield from _table(value, inner, about)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: int | float | str) -> str:
    if isinstance(value, str):
        return _text(value)
    return float.__repr__(value) if isinstance(value, float) else str(value)


def _text(value: str) -> str:
    """A text in quotes; JSON escapes as TOML does, but for one letter."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
