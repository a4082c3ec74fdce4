"""Members of JSON objects by paths, quickly: every member of every record is asked this way.

A path is `value/amount`; with a slash before it, as JSON pointers have, it is the same path.

>>> text_at({"value": {"amount": 5}}, "value/amount"), text_at({"value": None}, "/value/amount", "amount")
('5', None)
"""

from __future__ import annotations

from typing import Any, Final

Record = dict[str, Any]


class _Steps(dict[str, tuple[tuple[str, ...], str]]):
    """Path -> its steps down to the last, and that, taken apart when it is first asked for; readers write the
    paths, so they are few."""

    def __missing__(self, path: str) -> tuple[tuple[str, ...], str]:
        *above, last = path.removeprefix("/").split("/")
        self[path] = steps = tuple(above), last
        return steps


_STEPS: Final = _Steps()


def value_at(record: Any, path: str) -> Any:
    """What stands at `a/b/c`; None where nothing does."""
    above, last = _STEPS[path]
    for step in above:
        if type(record) is not dict:
            return None
        record = record.get(step)
    return record.get(last) if type(record) is dict else None


def text_at(record: Any, *paths: str) -> str | None:
    """The text or whole number at the first of the paths that holds one, as trimmed text."""
    for path in paths:
        above, last = _STEPS[path]
        holder = record
        for step in above:
            holder = holder.get(step) if type(holder) is dict else None
        if type(holder) is dict:
            # As `text_of`, which would be called for every member of every record.
            value = holder.get(last)
            if type(value) is str:
                if text := value.strip():
                    return text
            elif type(value) is int:
                return str(value)
    return None


def text_of(value: Any) -> str | None:
    """A text, trimmed, or a whole number; None for anything else: numbers with a fraction are texts already."""
    if type(value) is str:
        return value.strip() or None
    return str(value) if type(value) is int else None


def objects(value: Any) -> list[tuple[int, Record]]:
    """(position, object) of the objects in a list; none where it is no list."""
    if type(value) is not list:
        return []
    return [(n, item) for n, item in enumerate(value) if type(item) is dict]
