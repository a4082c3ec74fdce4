"""The official EPCIS examples of GS1 and the vectors of its event hash.

Skipped, saying so, where the samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES). The tables here
are those of docs/reference/formats/epcis.md.
"""

from __future__ import annotations

import io
import os
from collections import Counter
from pathlib import Path

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.epcis import looks_like_epcis, read_epcis
from tallystick.evidence.formats.epcis.event_hash import event_hash
from tallystick.evidence.formats.epcis.events import json_events, xml_events
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples"))
EPCIS = SAMPLES / "logistics" / "epcis"
HASHES = SAMPLES / "logistics" / "epcis-hash" / "tests"


@pytest.fixture(autouse=True)
def _samples() -> None:
    if not EPCIS.is_dir() or not HASHES.is_dir():
        pytest.skip(f"no sample files in {EPCIS.parent}; set TALLYSTICK_SAMPLES")


def hashes(file: Path, data: bytes | None = None) -> list[str]:
    source = io.BytesIO(file.read_bytes() if data is None else data)
    found = xml_events(source) if file.suffix == ".xml" else json_events(source)
    return [event_hash(event.expand(), event.ignored) for event in found]


def vectors() -> list[Path]:
    folder = HASHES / "examples"
    return sorted(f for f in folder.glob("*") if f.suffix in (".xml", ".jsonld"))


def test_every_published_hash_comes_out() -> None:
    counted = 0
    for file in vectors():
        wanted = file.with_suffix(".hashes").read_text().split()
        assert hashes(file) == wanted, file.name
        counted += len(wanted)
    assert (len(vectors()), counted) == (39, 89)


def test_events_that_are_equal_have_one_hash() -> None:
    files = sorted((HASHES / "expected_equal").iterdir())
    assert len(files) == 11
    for file in files:
        assert len(set(hashes(file))) == 1, file.name


def test_events_that_differ_have_different_hashes() -> None:
    """Over all vectors: as many hashes as there are published ones, none shared by two events of a file,
    but for the files that repeat one event with fields that are to be ignored."""
    for file in vectors():
        found = hashes(file)
        repeats = "IgnoreFields" in file.name and file.suffix == ".jsonld"
        assert len(set(found)) == (1 if repeats else len(found)), file.name


def test_identical_events_of_gs1_have_one_hash_in_six_of_seven_files() -> None:
    """Six of the files open with a DOCTYPE, which is refused; without it they are read. The second has another
    `eventTimeZoneOffset`, which the published vectors hash as a fact of its own: another local time."""
    files = sorted((EPCIS / "XML" / "WithEventHashID").iterdir())
    found = [hashes(f, f.read_bytes().replace(b"<!DOCTYPE project>", b"")) for f in files]
    assert (len(files), len(set(map(str, found)))) == (7, 2)
    assert found.count(found[0]) == 6 and found[1] != found[0]


TABLE = {
    # set: files, events read, of them retractions, not of the loop, nothing stated, refused otherwise
    "epcis/JSON": (47, 35, 6, 21, 0, 0),
    "epcis/JSON-Schema": (5, 2, 0, 2, 0, 1),
    "epcis/JSON-simple-context": (46, 33, 1, 21, 0, 0),
    "epcis/XML": (38, 25, 0, 28, 6, 12),
    "epcis-hash/tests": (50, 70, 0, 49, 0, 0),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_becomes_of_each_set(name: str) -> None:
    folder = SAMPLES / "logistics" / name
    files = [f for f in sorted(folder.rglob("*")) if f.suffix in (".xml", ".json", ".jsonld")]
    files = [f for f in files if f.parent.name != "schemas"]
    rules: Counter[str] = Counter()
    for file in files:
        assert looks_like_epcis(file.read_bytes()[:65_536]), file
        with file.open("rb") as source:
            items = list(read_epcis(source, file.name))
        rules.update(i.rule if isinstance(i, Reject) else i.action for i in items)
        checked = canonicalise(items, Contributor("c", "firm")).rejects.num_rows
        assert checked == sum(isinstance(i, Reject) for i in items), file
    row = (
        len(files),
        rules.pop("state", 0) + rules["retract"],
        rules.pop("retract", 0),
        rules.pop("not-of-the-loop", 0),
        rules.pop("nothing-stated", 0),
    )
    print(name, row, dict(rules))
    assert (*row, sum(rules.values())) == TABLE[name]
    assert set(rules) <= {"xml-doctype", "epcis-event-unknown"}
