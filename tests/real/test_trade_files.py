"""Trade documents that others wrote, per sample set: how many files are read, and why the rest is not.

The tables of docs/reference/formats/edifact.md, cii.md and ocds.md are held here. Skipped, saying so, where the
samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.cii import read_cii
from tallystick.evidence.formats.edifact import looks_like_edifact, read_edifact
from tallystick.evidence.formats.ocds import looks_like_ocds, read_ocds
from tallystick.evidence.formats.ubl import read_ubl
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples")) / "trade"
Reader = Callable[[IO[bytes], str], Iterator[Said | Reject]]


def files(folder: str, pattern: str = "*") -> list[Path]:
    found = sorted(path for path in (SAMPLES / folder).rglob(pattern) if path.is_file())
    if not found:
        pytest.skip(f"no sample files in {SAMPLES / folder}; set TALLYSTICK_SAMPLES")
    return found


def read(path: Path, reader: Reader) -> list[Said | Reject]:
    with path.open("rb") as stream:
        return list(reader(stream, path.name))


def outcome(items: list[Said | Reject]) -> str:
    """Kinds of what was said and passes the rules, or the rule that refused it."""
    checked = canonicalise(items, Contributor("c"))
    kinds = sorted(set(checked.documents["kind"].to_pylist()))
    return " ".join(kinds) or " ".join(sorted(set(checked.rejects["rule"].to_pylist())))


EDIFACT = {
    "order": ["order.edi"],
    "party-without-identity": ["invoice1.edi", "invoice_with_colon_at_end.edi", "order2.edi"],
    "party-missing": ["wikipedia_de.edi"],
    "not-of-the-loop": ["patient1.edi", "patient2.edi", "wikipedia_en.edi"],
    "edifact-count": ["aperak.edi", "aperak.edi", "aperak_rejected.edi", "aperak_rejected.edi",
                      "huge_file2.edi", "sage_coala.ped"],
    "edifact-truncated": ["patient3.edi"],
    "edifact-no-message": ["hl7.lab"],
}  # fmt: skip


def test_edifact_files() -> None:
    found: dict[str, list[str]] = {}
    for path in files("edifact-pydifact"):
        assert looks_like_edifact(path.read_bytes()[:65_536])
        found.setdefault(outcome(read(path, read_edifact)), []).append(path.name)
    assert {rule: sorted(names) for rule, names in found.items()} == EDIFACT


def test_a_credit_note_of_1999_names_its_order() -> None:
    (path,) = files("edifact-pydifact", "invoice1.edi")
    (item,) = read(path, read_edifact)
    assert isinstance(item, Said)
    assert (item.kind, item.number, item.amount, item.currency, item.issued_on) == (
        "credit_note",
        "1060113800026",
        "1960.29",
        "EUR",
        "1999-10-06",
    )
    assert (item.parties["buyer"].name, item.references) == (
        "VAUXHALL MOTORS LTD",
        [("order", "X18V00003", None)],
    )


def test_the_table_of_the_documentation_is_the_one_measured() -> None:
    page = (_ROOT / "docs/reference/formats/edifact.md").read_text(encoding="utf-8")
    for rule, names in EDIFACT.items():
        assert f"| {len(names)} | `{rule}` |" in page, rule


def statements(items: list[Said | Reject]) -> list[str]:
    return sorted(item.kind for item in items if isinstance(item, Said))


def test_cii_files() -> None:
    found = Counter(
        " ".join(statements(read(path, read_cii))) for path in files("zugferd-corpus", "*.cii.xml")
    )
    assert found == {"invoice": 25, "credit_note": 1, "invoice refund_approval": 1}
    older = files("zugferd-corpus/ZUGFeRDv2", "*.xml")
    assert [statements(read(path, read_cii)) for path in older] == [["invoice"], ["invoice"]]
    snippets = files("peppol-billing/rules", "unit-CII-*/*.xml")
    refused = [item for path in snippets for item in read(path, read_cii)]
    assert Counter(item.rule for item in refused if isinstance(item, Reject)) == {"not-cii": 82}
    assert all(
        "wraps such documents" in item.message for item in refused if isinstance(item, Reject)
    )


SAME = "kind issued_on number due_on currency unit terms incoterm references row"


def test_the_same_bill_in_cii_and_ubl_is_read_alike() -> None:
    pairs = 0
    for path in files("zugferd-corpus/XML-Rechnung/CII", "*.cii.xml"):
        other = path.parent.parent / "UBL" / path.name.replace(".cii.", ".ubl.")
        if not other.exists():
            continue
        pairs += 1
        theirs = list(read_ubl(other.read_bytes(), other.name))
        for one, two in zip(read(path, read_cii), theirs, strict=True):
            assert isinstance(one, Said) and isinstance(two, Said)
            for name in SAME.split():
                assert getattr(one, name) == getattr(two, name), (path.name, name)
            assert Decimal(one.amount or 0) == Decimal(two.amount or 0)
            assert Decimal(one.quantity or 0) == Decimal(two.quantity or 0)
            for role, party in one.parties.items():
                same = two.parties[role]
                assert (party.name, party.country) == (same.name, same.country), path.name
                assert sorted(party.ids) == sorted(same.ids), path.name
        checked = canonicalise(theirs, Contributor("c"))
        assert checked.rejects.num_rows == 0
    assert pairs == 27


OCDS = {
    "01-planning": "nothing-stated",
    "02-tender": "rfq",
    "03-tenderAmendment": "rfq",
    "04-award": "nothing-stated",
    "05-contract": "order quotation",
    "06-implementation": "order payment payment quotation",
    "": "order order payment payment quotation quotation rfq rfq",
    "record": "order payment payment quotation rfq",
    "withversions 1.0": "order payment payment quotation rfq",
    "withversions 1.1": "order payment payment quotation rfq rfq",
}


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_ocds_files(version: str) -> None:
    for path in files(f"ocds/fictional-example/{version}", "*.json"):
        assert looks_like_ocds(path.read_bytes()[:65_536])
        items = read(path, read_ocds)
        part = path.stem[21:].lstrip("-") or ("record" if path.parent.name == "record" else "")
        part += f" {version}" if part == "withversions" else ""
        rules = sorted({item.rule for item in items if isinstance(item, Reject)})
        assert " ".join(statements(items) or rules) == OCDS[part], path.name
        deals = [item.references[0] for item in items if isinstance(item, Said)]
        assert set(deals) <= {("deal", "ocds-213czf-000-00001", "ocds")}


def test_a_process_is_one_deal_however_often_it_is_told() -> None:
    items = [
        item
        for path in files("ocds/fictional-example/1.1", "*.json")
        for item in read(path, read_ocds)
    ]
    checked = canonicalise([i for i in items if isinstance(i, Said)], Contributor("c"))
    assert checked.rejects.num_rows == 0
    kinds = Counter(checked.documents["kind"].to_pylist())
    assert kinds == {"rfq": 3, "quotation": 1, "order": 1, "payment": 2}


def test_a_contract_of_the_older_example_ends_before_it_was_signed() -> None:
    (path,) = files("ocds/fictional-example/1.0", "*05-contract.json")
    checked = canonicalise(read(path, read_ocds), Contributor("c"))
    assert checked.rejects["rule"].to_pylist() == ["due-before-made"]


UBL = [
    ("ubl-oasis", "*.xml", {"read": 40, "not-of-the-loop": 35, "not-ubl": 1}),
    ("peppol-billing/rules/examples", "*.xml", {"read": 9}),
    ("peppol-billing/rules/national-examples", "*.xml", {"read": 3}),
    ("peppol-billing/rules/snippets", "*.xml", {"read": 15}),
    ("peppol-billing/rules", "unit-UBL-*/*.xml", {"not-ubl": 144}),
    ("zugferd-corpus/XML-Rechnung/UBL", "*.xml", {"read": 28}),
]


@pytest.mark.parametrize(("folder", "pattern", "wanted"), UBL, ids=[row[0] for row in UBL])
def test_ubl_files(folder: str, pattern: str, wanted: dict[str, int]) -> None:
    found: Counter[str] = Counter()
    for path in files(folder, pattern):
        items = list(read_ubl(path.read_bytes(), path.name))
        rules = {item.rule for item in items if isinstance(item, Reject)}
        found["read" if not rules else " ".join(sorted(rules))] += 1
        assert canonicalise(items, Contributor("c")).rejects.num_rows == len(rules)
        for item in items:
            if isinstance(item, Said):
                assert {"number", "issued_on"} <= set(item.places), path.name
            elif folder.startswith("peppol"):
                assert "wraps such documents" in item.message
    assert found == wanted
