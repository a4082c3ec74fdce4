"""The 63 example messages of DCSA's conformance gateway.

Skipped, saying so, where the samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES). The table here is
that of docs/reference/formats/dcsa.md.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.dcsa import looks_like_dcsa, read_dcsa
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples"))
DCSA = SAMPLES / "logistics" / "dcsa"

TABLE: dict[str, tuple[int, dict[str, int]]] = {
    # folder: files, what becomes of their messages (rules of rejects, kinds of documents)
    "adoption": (1, {"not-of-the-loop": 1}),
    "arrival-notice": (5, {"shipment": 4, "transport_event": 1}),
    "booking": (8, {"dcsa-draft": 7, "not-of-the-loop": 1}),
    "commercial-schedules": (6, {"not-of-the-loop": 10}),
    "core": (2, {"dcsa-draft": 2}),
    "ebl": (11, {"dcsa-draft": 10, "not-of-the-loop": 1}),
    "ebl-issuance": (2, {"shipment": 1, "not-of-the-loop": 1}),
    "ebl-surrender": (2, {"json": 1, "not-of-the-loop": 1}),
    "jit": (5, {"json": 4, "not-of-the-loop": 1}),
    "ovs": (3, {"not-of-the-loop": 11}),
    "pint": (2, {"shipment": 1, "not-of-the-loop": 1}),
    "port-call": (2, {"not-of-the-loop": 2}),
    "tnt": (12, {"booking": 2, "transport_event": 28, "not-of-the-loop": 6, "dcsa-unknown": 2,
                 "dcsa-event-id": 1, "date-missing": 1, "date-impossible": 1}),
    "vgm": (2, {"not-of-the-loop": 2}),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_becomes_of_each_folder(name: str) -> None:
    if not DCSA.is_dir():
        pytest.skip(f"no sample files in {DCSA}; set TALLYSTICK_SAMPLES")
    files = sorted((DCSA / name).rglob("*.json"))
    found: Counter[str] = Counter()
    for file in files:
        assert looks_like_dcsa(file.read_bytes()[:65_536]), file.name
        with file.open("rb") as source:
            items = list(read_dcsa(source, file.name))
        assert all(item.fix for item in items if isinstance(item, Reject))
        checked = canonicalise(items, Contributor("line", "carrier"))
        rules = [row["rule"] for row in checked.rejects.to_pylist()]
        kinds = Counter(i.kind for i in items if not isinstance(i, Reject))
        own = [i.rule for i in items if isinstance(i, Reject)]
        kinds["transport_event"] -= len(rules) - len(own)  # refused by the rules: events of `tnt`
        found += Counter(rules) + kinds
    print(name, len(files), dict(found))
    assert (len(files), dict(found)) == TABLE[name]


def test_the_table_is_of_all_files() -> None:
    assert sum(files for files, _ in TABLE.values()) == 63
