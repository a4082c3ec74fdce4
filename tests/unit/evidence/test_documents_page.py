"""docs/reference/documents.md tells every kind and every column as the program has them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tallystick.evidence.kinds import FAULTS, KINDS, TERMS, Kind
from tallystick.evidence.schema import DOCUMENT

PAGE = Path(__file__).parents[3] / "docs/reference/documents.md"


def kind_line(kind: Kind) -> str:
    statuses = " ".join(f"`{status}`" for status in kind.statuses)
    cells = (
        f"`{kind.name}`",
        kind.numbered_by,
        ", ".join(kind.needs),
        kind.meaning,
        kind.due_on,
        statuses,
    )
    return f"| {' | '.join(cells)} |"


def column_start(field: pa.Field) -> str:
    kind = "list of (kind, number, namespace)" if pa.types.is_list(field.type) else str(field.type)
    return f"| `{field.name}` | {kind} |"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_is_on_the_page(kind: Kind) -> None:
    assert kind_line(kind) in PAGE.read_text(encoding="utf-8").splitlines()


def test_every_column_is_on_the_page_in_order() -> None:
    text = PAGE.read_text(encoding="utf-8")
    places = [text.find(column_start(field)) for field in DOCUMENT]
    assert -1 not in places and places == sorted(places)


def test_every_code_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [code for code in (*TERMS, *FAULTS) if f"`{code}`" not in text] == []
