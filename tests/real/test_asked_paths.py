"""No reader of XML asks for a path that it has not named: the walk passes it over, and a fact would be missed
without a word.

Skipped, saying so, where the samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tallystick.evidence.formats.readers import HEAD, READERS
from tallystick.evidence.formats.xmlpaths import Branch, Found, Spot, branches
from tallystick.evidence.formats.xmlsafe import Element, parse

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples"))
FOLDERS = ("trade", "payments")
_LARGEST = 300_000


class _Strict(dict[str, list[Spot]]):
    """What was found, which refuses to be asked for anything else than was wanted."""

    wanted: frozenset[str]

    def __contains__(self, path: object) -> bool:
        assert path in self.wanted, f"{path} is asked for and not named"
        return super().__contains__(path)


def _named(wanted: Branch) -> frozenset[str]:
    """All paths of a tree of names, whose wrappers lead back to its top."""
    paths, seen, left = {""}, set[int](), [wanted]
    while left:
        branch = left.pop()
        if id(branch) not in seen:
            seen.add(id(branch))
            paths |= {path for path, _ in branch.steps.values()}
            left += [below for _, below in branch.steps.values()]
    return frozenset(paths)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    take, known = Found.take, dict[int, frozenset[str]]()

    def strictly(self: Found, children: Iterable[Element], wanted: Branch) -> None:
        take(self, children, wanted)
        found = _Strict(self.at)
        if id(wanted) not in known:
            known[id(wanted)] = _named(wanted)
        self.at, found.wanted = found, known[id(wanted)]

    monkeypatch.setattr(Found, "take", strictly)


@pytest.mark.usefixtures("strict")
def test_a_path_that_was_not_named_is_noticed() -> None:
    told = Found(parse(b"<a><B>1</B></a>"), branches(("B",)))
    assert told.text("B") == "1"
    with pytest.raises(AssertionError, match="C is asked for"):
        told.text("C")


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", ["ubl", "cii", "iso20022"])
def test_every_path_that_is_asked_for_was_named(name: str) -> None:
    reader, count = next(reader for reader in READERS if reader.name == name), 0
    for path in sorted(path for folder in FOLDERS for path in (SAMPLES / folder).rglob("*")):
        if path.is_file() and path.stat().st_size <= _LARGEST:
            data = path.read_bytes()
            if reader.recognises(data[:HEAD]):
                count += 1
                list(reader.read(io.BytesIO(data), path.name))
    if not count:
        pytest.skip(f"no samples in {SAMPLES}; set TALLYSTICK_SAMPLES")
