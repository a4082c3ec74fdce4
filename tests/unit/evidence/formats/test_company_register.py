"""The example mapping of a national register, on a table of our own."""

from __future__ import annotations

from pathlib import Path

from tallystick.adapters.files import Found
from tallystick.adapters.intake import stage_tables
from tallystick.adapters.ledger.tables import whole
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.schema import DOCUMENT, PARTY

MAPPING = Path(__file__).resolve().parents[4] / "examples" / "mappings" / "company-register.toml"
TABLE = """CompanyName,CompanyNumber,CompanyCategory,CompanyStatus,IncorporationDate,Address,PreviousName,AsAt
ACME WIDGETS LTD,07524813,Private Limited Company,Active,10/02/2011,"1 High St, X",OLD WIDGETS LTD,01/03/2026
OLD MILL LTD,00001234,Private Limited Company,Active - Proposal to Strike off,03/04/1899,"2 Mill Ln",,01/03/2026
GONE LTD,01111111,Private Limited Company,Dissolved,10/02/1990,"3 End Rd",,01/03/2026
SUNK LTD,02222222,Private Limited Company,Liquidation,10/02/1991,"4 Sea Rd",,01/03/2026
NOBODY LTD,03333333,Private Limited Company,Active,10/02/1991,"5 Sea Rd",,31/02/2026
"""


def test_a_register_says_who_stands_and_who_does_not(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(TABLE, encoding="utf-8")
    mapping = load_mapping(MAPPING.read_text(encoding="utf-8"))
    (staged,) = stage_tables(Found(tables=[file]), mapping, None, tmp_path / "staging")
    documents = whole(staged.documents, DOCUMENT, "documents").to_pylist()
    told = sorted((d["kind"], d["number"], d["status"] or "") for d in documents)
    assert told == [
        ("insolvency", "02222222", "opened"),
        ("profile", "07524813 OLD WIDGETS LTD", ""),
        ("registration", "00001234", "active"),
        ("registration", "01111111", "dissolved"),
        ("registration", "02222222", "active"),
        ("registration", "07524813", "active"),
    ]
    parties = whole(staged.parties, PARTY, "parties").to_pylist()
    names = {p["name"] for p in parties if p["ref"] == "reg.gb:07524813"}
    assert names == {"ACME WIDGETS LTD", "OLD WIDGETS LTD"}
    traits = {
        p["name"]: p["traits"] for p in parties if p["ref"] == "reg.gb:07524813" and p["traits"]
    }
    told = ["address:1 High St, X", "founded:2011-02-10"]
    assert traits["ACME WIDGETS LTD"] == told
    assert traits["OLD WIDGETS LTD"] == [*told, "name:ACME WIDGETS LTD"]
    rejects = staged.rejects.to_pylist()
    assert {(r["row"], r["field"], r["rule"]) for r in rejects} == {
        (5, "happened_at", "date-impossible")
    }
    assert staged.contributor.kind == "registry"
