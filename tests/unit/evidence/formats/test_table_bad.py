"""Bad tables: every row is accounted for, and what is wrong is said with file, row, field, rule and fix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tallystick.adapters.files import find_files
from tallystick.adapters.intake import table_contributor
from tallystick.adapters.tables import stage_table
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.identifiers import describe
from tallystick.evidence.ledger import Contributor

WHO = Contributor("Harbour Market", "marketplace")
GOOD = {
    "kind": "invoice",
    "number": "7",
    "issued_on": "2024-01-02",
    "due_on": "2024-02-01",
    "amount": "100",
    "currency": "EUR",
    "seller_name": "ACME",
    "buyer_name": "Bob",
}
BAD = [
    ("issued_on", "2024-02-30", "issued_on", "date-impossible"),
    ("issued_on", "1024-02-03", "issued_on", "date-out-of-range"),
    ("due_on", "2023-12-31", "due_on", "due-before-made"),
    ("amount", "-5", "amount", "amount-negative"),
    ("amount", "1e16", "amount", "amount-absurd"),
    ("amount", "12,50", "amount", "amount-not-a-number"),
    ("amount", "1.234,50", "amount", "amount-not-a-number"),
    ("currency", "EUX", "currency", "currency-unknown"),
    ("currency", "", "currency", "amount-without-currency"),
    ("buyer_name", " \u00a0", "buyer", "party-missing"),
    ("buyer_name", "...", "buyer", "party-without-identity"),
    ("buyer_name", "N/A", "buyer", "party-without-identity"),
    ("buyer_name", "同上", "buyer", "party-without-identity"),
    ("seller_name", "x" * 201, "name", "text-too-long"),
    ("kind", "invoce", "kind", "kind-unknown"),
]


def quoted(cells: dict[str, str]) -> str:
    return ",".join(f'"{cell}"' for cell in cells.values())


@pytest.mark.parametrize(("column", "text", "field", "rule"), BAD)
def test_what_is_said(tmp_path: Path, column: str, text: str, field: str, rule: str) -> None:
    path = tmp_path / "bad.csv"
    rows = [GOOD, GOOD | {"number": "8", column: text}, GOOD | {"number": "9"}]
    path.write_text("\n".join([",".join(GOOD), *map(quoted, rows)]), encoding="utf-8")
    staged = stage_table(path, None, WHO, tmp_path / "s", source="in/bad.csv")
    (told,) = staged.rejects.to_pylist()
    assert (told["source"], told["row"]) == ("in/bad.csv", 2)
    assert (told["field"], told["rule"], told["outcome"]) == (field, rule, "rejected")
    assert len(told["message"]) > 10 and len(told["fix"]) > 10
    assert staged.document_count == 3


def test_a_number_that_is_no_number_is_shown_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    row = quoted(GOOD | {"amount": "12,50"})
    path.write_text(f"{','.join(GOOD)}\n{row}\n", encoding="utf-8")
    (told,) = stage_table(path, None, WHO, tmp_path / "s").rejects.to_pylist()
    assert told["value"] == "12,50"
    assert 'decimal = ","' in told["fix"]


FULL = """
import resource, sys
from pathlib import Path
from tallystick.adapters.tables import stage_table
from tallystick.evidence.ledger import Contributor, EvidenceError
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    stage_table(Path(sys.argv[1]), None, Contributor("x"), Path(sys.argv[2]))
except EvidenceError as error:
    print(error)
"""


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_a_full_disk_is_one_sentence(tmp_path: Path, ending: str) -> None:
    import gzip

    rows = "\n".join(quoted(GOOD | {"number": str(n)}) for n in range(20_000))
    content = f"{','.join(GOOD)}\n{rows}\n".encode()
    path = tmp_path / f"large{ending}"
    path.write_bytes(gzip.compress(content, mtime=0) if ending.endswith("gz") else content)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(tmp_path / "s")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert path.name in done.stdout and done.stdout.count("\n") == 1


def test_links_are_passed_over_and_sources_named_within_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "in" / "bank-01"
    inside.mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("kind\n")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "a.csv").write_text("kind\n")
    found = find_files([tmp_path / "in"])
    assert [found.named[file] for file in found.tables] == ["bank-01/a.csv"]
    assert [path.name for path, _ in found.passed_over] == ["link.csv"]


def test_the_mapping_names_the_contributor_and_its_company(tmp_path: Path) -> None:
    text = """
    [contributor]
    name = "Harbour Bank"
    kind = "bank"
    id = "lei:529900T8BM49AURSDO55"
    [[document]]
    kind = "payment"
    buyer = "buyer"
    """
    company = describe(None, None, [("lei", "529900T8BM49AURSDO55")])
    assert company is not None
    who = table_contributor(tmp_path / "t.csv", load_mapping(text), None)
    assert who == Contributor("Harbour Bank", "bank", company.party)
    assert table_contributor(tmp_path / "t.csv", load_mapping(text), WHO) == WHO
