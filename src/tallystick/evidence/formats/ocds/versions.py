"""Versioned releases taken apart again: what each release changed, as a release of its own.

Idea: a versioned release keeps, in place of each value, all that it ever was, each with the release that said
so. For one release the tree is what every value was by then; and of its sections only those say something new
in which a value is of that very release. So an award that was amended once is told twice, the second time as
its release has it.

Worked example: a contract whose `value/amount` is 10 by release 1 and 12 by release 2 is told with 10 by the
one and with 12 by the other.

Source: Open Contracting Data Standard 1.1, "Merging": versioned releases.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from typing import Any, Final

from tallystick.evidence.formats.jsonpaths import Record, text_at

MAX_RELEASES: Final = 200
"""Releases of one process that are told apart: of more, those before are taken with the first of the newest."""
MAX_STEPS: Final = 500_000
"""Values times releases: where a tree is so large that this is less, fewer releases are told apart."""
MAX_DEPTH: Final = 20

_Point = tuple[str, str]
"""Day and id of a release."""
_SECTIONS: Final = ("/tender", "/awards/", "/contracts/", "/bids/details/")


class _Versions:
    """All that a value was, in the order of the releases."""

    __slots__ = ("points", "values")

    def __init__(self, given: list[Record]) -> None:
        ordered = sorted(given, key=_point)
        self.points = [_point(version) for version in ordered]
        self.values = [version["value"] for version in ordered]


class _Tree:
    """A versioned release with its values in order: built once, asked once per release."""

    def __init__(self, versioned: Record) -> None:
        self.tags: dict[_Point, list[Any]] = {}
        self.leaves = 0
        self.top = self._made(versioned, MAX_DEPTH)

    def _made(self, value: Any, depth: int) -> Any:
        if depth == 0:
            return None
        if _is_list(value):
            for version in value:
                given = version.get("releaseTag")
                self.tags.setdefault(_point(version), given if isinstance(given, list) else [])
            self.leaves += 1
            return _Versions(value)
        if isinstance(value, dict):
            return {name: self._made(one, depth - 1) for name, one in value.items()}
        if isinstance(value, list):
            return [self._made(one, depth - 1) for one in value]
        return value

    def newest(self) -> list[_Point]:
        """The releases that are told apart, in their order."""
        return sorted(self.tags)[-max(1, min(MAX_RELEASES, MAX_STEPS // max(1, self.leaves))) :]


def is_versioned(told: Any) -> bool:
    """Whether a release keeps versions: then it has no date of its own, and some member lists them."""
    if not isinstance(told, dict) or "date" in told:
        return False
    below = [one for one in told.values() if isinstance(one, dict)]
    return any(_is_list(one) for within in (told, *below) for one in within.values())


def releases_in(versioned: Record) -> Iterator[tuple[Record, frozenset[str]]]:
    """Each release in its order, and the pointers of the sections that it says something new in."""
    tree = _Tree(versioned)
    for n, point in enumerate(tree.newest()):
        new: set[str] = set()
        told, _ = _state(tree.top, point, not n, "", new)
        yield (
            {**(told or {}), "date": point[0], "id": point[1], "tag": tree.tags[point]},
            frozenset(new),
        )


def _is_list(value: Any) -> bool:
    """Whether these are versions of one value."""
    return isinstance(value, list) and bool(value) and all(map(_is_version, value))


def _is_version(item: Any) -> bool:
    return isinstance(item, dict) and "value" in item and isinstance(item.get("releaseDate"), str)


def _point(version: Record) -> _Point:
    return version["releaseDate"], text_at(version, "releaseID") or ""


def _state(value: Any, point: _Point, first: bool, pointer: str, new: set[str]) -> tuple[Any, bool]:
    """What a value was by a release, and whether it became that then (`first`: then or before): so were the
    sections that are added to `new`. An object of a list keeps its place; what was not there yet is None."""
    if isinstance(value, _Versions):
        at = bisect_right(value.points, point) - 1
        return (value.values[at], first or value.points[at] == point) if at >= 0 else (None, False)
    if isinstance(value, dict):
        parts = {k: _state(v, point, first, f"{pointer}/{k}", new) for k, v in value.items()}
        there = {name: part for name, (part, _) in parts.items() if part is not None}
        bare = not any(isinstance(one, dict | list | _Versions) for one in value.values())
        known = bare or any(isinstance(value[k], dict | list | _Versions) for k in there)
        return _told(there if known else None, parts.values(), pointer, new)
    if isinstance(value, list):
        states = [_state(v, point, first, f"{pointer}/{n}", new) for n, v in enumerate(value)]
        whole = [part for part, _ in states]
        return _told(whole if any(p is not None for p in whole) else None, states, pointer, new)
    return value, False


def _told(
    state: Any, parts: Collection[tuple[Any, bool]], pointer: str, new: set[str]
) -> tuple[Any, bool]:
    became = any(changed for _, changed in parts)
    if became and pointer.startswith(_SECTIONS):
        new.add(pointer)
    return state, became
