"""Members of JSON objects by paths, quickly: every member of every release is asked this way.

>>> text_at({"value": {"amount": 5}}, "value/amount"), text_at({"value": None}, "value/amount", "amount")
('5', None)
"""

from __future__ import annotations

from functools import cache
from typing import Any

Record = dict[str, Any]


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def value_at(record: Any, path: str) -> Any:
    """What stands at `a/b/c`; None where nothing does."""
    for step in _steps(path):
        if type(record) is not dict:
            return None
        record = record.get(step)
    return record


def text_at(record: Any, *paths: str) -> str | None:
    """The text or number at the first of the paths that holds one, trimmed."""
    for path in paths:
        value = value_at(record, path)
        if type(value) is str:
            if text := value.strip():
                return text
        elif type(value) is int:  # no bool; numbers with a fraction are texts already
            return str(value)
    return None


def objects(value: Any) -> list[tuple[int, Record]]:
    """(position, object) of the objects in a list; none where it is no list."""
    if type(value) is not list:
        return []
    return [(n, item) for n, item in enumerate(value) if type(item) is dict]
