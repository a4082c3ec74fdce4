"""The JSON Schema says what the checks do, and the committed copy is the current one."""

import json
from pathlib import Path

import jsonschema
import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.plain import said_of
from tallystick.evidence.json_schema import document_schema
from tallystick.evidence.ledger import Contributor

COPY = Path(__file__).parents[3] / "docs/reference/document.schema.json"
GOOD = {
    "kind": "invoice",
    "number": "A00095678",
    "issued_on": "2005-06-21",
    "due_on": "2005-07-21",
    "amount": "107.50",
    "currency": "GBP",
    "parties": {"seller": {"name": "Consortial"}, "buyer": {"name": "IYT Corporation"}},
    "references": [{"kind": "order", "number": "AEG012345"}],
}


def test_the_committed_schema_is_current() -> None:
    assert json.loads(COPY.read_text(encoding="utf-8")) == document_schema()


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"kind": "bill"},
        {"action": "undo"},
        {"currency": "XXZ"},
        {"parties": {"seller": {"name": "Consortial"}}},
        {"references": [{"kind": "order"}]},
        {"terms": "whenever"},
        {"colour": "blue"},
        {"issued_on": None},
        {"kind": "inspection", "status": "maybe"},
        {"kind": "inspection", "status": "failed"},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_schema_and_checks_agree(change: dict[str, object]) -> None:
    document = {k: v for k, v in (GOOD | change).items() if v is not None}
    valid = jsonschema.Draft202012Validator(document_schema()).is_valid(document)
    taken = len(canonicalise([said_of(document)], Contributor("me")).documents) == 1
    assert valid == taken
