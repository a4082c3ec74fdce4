"""The reader of tables and the reader of single documents judge alike.

A canonical table goes through DuckDB; the same rows, as `Said`, go through `canonicalise`. Documents,
parties, rejects and repeats must come out the same, down to `doc_id` and link keys.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.adapters.ledger.tables import whole
from tallystick.adapters.tables import stage_table
from tallystick.evidence.details import FIELDS, Details
from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.identifiers import PartyRow, describe_all, split_refs
from tallystick.evidence.kinds import KINDS, ROLES
from tallystick.evidence.ledger import Contributor, Staged
from tallystick.evidence.links import REFERENCE_ORDER
from tallystick.evidence.said import PartySaid, Said
from tallystick.evidence.schema import DOCUMENT, PARTY

CONTRIBUTOR = Contributor("Harbour Market", "marketplace")
TEXTS = (
    *("kind", "action", "number", "namespace", "issued_on", "due_on", "deliver_on", "happened_at"),
    *("amount", "currency", "quantity", "unit", "status", "reason", "fault", "terms", "incoterm"),
    *("score", "note"),
)
REFERENCES = ("deal", "order", "invoice", "quotation", "rfq", "proforma", "claim", "shipment")
COLUMNS = (
    *TEXTS,
    *(f"{role}_{part}" for role in ROLES for part in ("id", "name", "country", *FIELDS)),
    *(f"ref_{kind}" for kind in REFERENCES),
)
Row = dict[str, str]
GOOD: Row = {
    "kind": "invoice",
    "number": "9",
    "issued_on": "2024-01-02",
    "seller_name": "ACME Ltd",
    "seller_country": "GB",
    "buyer_id": "id:market:B7",
}


def said_of(row: Row, number: int) -> Said:
    parties = {}
    for role in ROLES:
        name, country, ref = (row.get(f"{role}_{part}") for part in ("name", "country", "id"))
        details = details_of(row, role)
        if name or country or ref or details:
            ids = split_refs(ref) if ref else []
            parties[role] = PartySaid(name or None, country or None, ids, details)
    texts = {name: row[name] for name in TEXTS if row.get(name)}
    kinds = [*REFERENCE_ORDER, *(kind for kind in KINDS if kind not in REFERENCE_ORDER)]
    references = [(kind, row[f"ref_{kind}"], None) for kind in kinds if row.get(f"ref_{kind}")]
    return Said(
        **{"kind": "", **texts},
        parties=parties,
        references=references,
        source="table.csv",
        row=number,
    )


def details_of(row: Row, role: str) -> Details | None:
    given = {field: row.get(f"{role}_{field}", "").strip() for field in FIELDS}
    if not any(given.values()):
        return None
    account, domain, other_names = (
        tuple(part.strip() for part in given[field].split(";") if part.strip())
        for field in ("account", "domain", "other_names")
    )
    address = (given["address"],) if given["address"] else ()
    return Details(address, account, domain, other_names, given["founded"] or None)


def staged(rows: Sequence[Row], folder: Path) -> Staged:
    path = folder / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return stage_table(path, None, CONTRIBUTOR, folder / "staging")


def documents(staged: Staged) -> list[dict[str, Any]]:
    assert not isinstance(staged.documents, pa.Table)
    table = whole(staged.documents, DOCUMENT, "documents")
    return sorted(table.to_pylist(), key=lambda row: row["row"])


def check(rows: Sequence[Row]) -> None:
    with tempfile.TemporaryDirectory() as name:
        table = staged(rows, Path(name))
        single = canonicalise([said_of(row, n) for n, row in enumerate(rows, 1)], CONTRIBUTOR)
        rejects = [(r["row"], r["rule"]) for r in table.rejects.to_pylist()]
        assert rejects == [(r["row"], r["rule"]) for r in single.rejects.to_pylist()]
        assert documents(table) == single.documents.to_pylist()
        assert table.repeated == single.repeated
        assert table.document_count == single.document_count == len(rows)
        parties = [pq.read_table(path) for path in table.parties]  # type: ignore[union-attr]
        told = {repr(p) for p in pa.concat_tables(parties).to_pylist()}
        # a table describes parties before it judges documents, so it may know more of them
        assert told >= {repr(p) for p in single.parties.to_pylist()}


CASES: dict[str, Row] = {
    "good": {},
    "all filled": {
        "due_on": "2024-02-01",
        "deliver_on": "2024-02-03",
        "happened_at": "2024-01-02T10:00:00.123456+02:00",
        "amount": "1234.505",
        "currency": "eur",
        "quantity": "2.0005",
        "unit": "kg",
        "reason": "late",
        "fault": "carrier",
        "terms": "open_account",
        "incoterm": "FOB",
        "note": 'first, "second"\nthird',
        "ref_order": "7",
        "ref_deal": "D 1",
    },
    "many references": {f"ref_{kind}": f"n{n}" for n, kind in enumerate(REFERENCES)},
    "namespace": {"namespace": "market", "ref_order": "7"},
    "no kind": {"kind": ""},
    "odd kind": {"kind": "invoce"},
    "odd action": {"action": "steal"},
    "retraction": {"action": "retract"},
    "retraction of what": {"action": "retract", "number": ""},
    "correction of what": {"action": "correct", "number": " "},
    "long number": {"number": "x" * 201},
    "longest number": {"number": "é" * 200},
    "long note": {"note": "x" * 4001},
    "long reference": {"ref_order": "x" * 201},
    "impossible date": {"issued_on": "2024-02-30"},
    "compact date": {"issued_on": "20240102"},
    "moment as date": {"issued_on": "2024-01-02 23:59:00"},
    "year 21": {"issued_on": "0021-02-03"},
    "no date": {"issued_on": ""},
    "moment for a date": {"issued_on": "", "happened_at": "2024-01-02 03:04"},
    "odd moment": {"happened_at": "yesterday"},
    "due before made": {"due_on": "2024-01-01"},
    "due when made": {"due_on": "2024-01-02"},
    "arrival before": {"deliver_on": "2023-12-31"},
    "decimal comma": {"amount": "12,50", "currency": "EUR"},
    "no currency": {"amount": "12.50"},
    "currency alone": {"currency": "EUR"},
    "odd currency": {"amount": "12.50", "currency": "EUX"},
    "absurd amount": {"amount": "1e20", "currency": "EUR"},
    "largest amount": {"amount": "10000000000000", "currency": "EUR"},
    "beyond it": {"amount": "10000000000000.01", "currency": "EUR"},
    "yen": {"amount": "1234.5", "currency": "JPY"},
    "dinars": {"amount": "1.2345", "currency": "KWD"},
    "tie to even": {"amount": "0.125", "currency": "EUR"},
    "just below a tie": {"amount": "1.0149999999999999", "currency": "EUR"},
    "negative": {"amount": "-1", "currency": "EUR"},
    "negative balance": {"kind": "statement", "amount": "-1", "currency": "EUR"},
    "odd quantity": {"quantity": "two"},
    "negative quantity": {"quantity": "-2"},
    "huge quantity": {"quantity": "1e15"},
    "score": {"score": "0.3333333"},
    "score of 5": {"score": "5"},
    "odd status": {"kind": "payment", "status": "perhaps"},
    "status": {"kind": "payment", "status": "settled", "ref_invoice": "9"},
    "odd terms": {"terms": "whenever"},
    "odd fault": {"fault": "weather"},
    "seller without identity": {"seller_name": ""},
    "no seller": {"seller_name": "", "seller_country": ""},
    "bad identifier only": {"buyer_id": "lei:529900T8BM49AURSDO56"},
    "bad identifier and name": {"buyer_id": "lei:529900T8BM49AURSDO56", "buyer_name": "Bob"},
    "long name": {"buyer_name": "x" * 201},
    "odd blanks": {"number": "\u3000 9\u00a0\t", "buyer_id": " id:market:B7\t"},
    "two ids": {"buyer_id": "id:market:B7; lei:529900T8BM49AURSDO55"},
    "two ids, one bad": {"buyer_id": "id:market:B7;lei:529900T8BM49AURSDO56"},
    "id in capitals": {"buyer_id": "ID:Market:B7"},
    "id of a register": {
        "buyer_id": "reg.de:HRB 17",
        "buyer_name": "Bob &  Sons",
        "buyer_country": "de",
    },
    "odd country": {"buyer_name": "Bob", "buyer_id": "id:market:B7", "buyer_country": "Kenya"},
    "name without letters": {"buyer_name": "...", "buyer_id": "id:market:B7"},
    "placeholder beside an id": {"buyer_name": "N/A", "buyer_id": "id:market:B7"},
    "placeholder in Chinese": {"buyer_name": " 同上 ", "buyer_id": "id:market:B7"},
    "placeholder alone": {"seller_name": "Test"},
    "placeholder with a trading name": {"seller_name": "-", "seller_other_names": "N/A; Acme Toys"},
    "longest id": {"buyer_id": "id:market:" + "x" * 190},
    "long id": {"buyer_id": "id:market:" + "x" * 191},
    "all details": {
        "buyer_name": "Bob",
        "buyer_address": "1 High  Street; Leeds",
        "buyer_account": "DE89 3704 0044 0532 0130 00; 12345678",
        "buyer_domain": "www.bob.co.uk; info@gmail.com",
        "buyer_other_names": "Bob's Toys; Bobby ;Bob",
        "buyer_founded": "1987-06-05",
    },
    "details of a name": {"seller_address": "1 High Street", "seller_other_names": "ACME"},
    "bad details": {
        "buyer_account": "DE89370400440532013001",
        "buyer_domain": "nowhere",
        "buyer_founded": "1987",
    },
    "placeholders": {"buyer_address": "N/A", "buyer_domain": "-", "buyer_other_names": "同上;"},
    "account to pay": {"seller_account": "DE89 3704 0044 0532 0130 00"},
    "several accounts to pay": {"seller_account": "DE89370400440532013000; 12345678"},
    "account of a carrier": {"carrier_id": "id:market:C1", "carrier_account": "12345678"},
    "details without a company": {"carrier_account": "12345678"},
    "longest address": {"buyer_address": "x" * 500},
    "long address": {"buyer_address": "x" * 501},
    "long account": {"buyer_account": "1" * 201},
    "long domain": {"buyer_domain": "x" * 201},
    "long other name": {"buyer_other_names": "x;" + "x" * 201},
    "long founding": {"buyer_founded": "1987-06-05" + "x" * 200},
    "moment of founding": {"buyer_founded": "1987-06-05T00:00:00Z"},
    "blanks": {"number": "  9 ", "seller_name": " ACME  Ltd "},
    "claim": {"kind": "claim", "insurer_name": "Safe", "number": "C1"},
    "settlement": {"kind": "claim_settlement", "insurer_name": "Safe", "ref_claim": "C1"},
    "payment of a proforma": {"kind": "payment", "ref_proforma": "P1"},
}


@pytest.mark.parametrize("name", CASES)
def test_one_row(name: str) -> None:
    check([GOOD | CASES[name]])


def test_all_rows_in_one_table_twice() -> None:
    rows = [GOOD | case for case in CASES.values()]
    check([*rows, *rows])


def _some(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", "", *texts))


ODD_ROWS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*KINDS, "invoice", "order", "payment", "", "x"]),
        "number": _some("7", "a'b", 'q"', "数字", "x" * 201),
        "namespace": _some("market"),
        "issued_on": _some("2024-01-02", "2024-13-01", "2151-01-01"),
        "due_on": _some("2024-01-01", "2024-03-01"),
        "happened_at": _some("2024-01-02T00:00:00Z", "2024-01-02 12:00:00-05:00"),
        "amount": st.one_of(
            _some("abc", "-5", "99999999999999999"),
            st.decimals(-1000, 10**9, places=5).map(lambda d: f"{d:f}"),
        ),
        "currency": _some("EUR", "JPY", "KWD", "XXX"),
        "quantity": st.one_of(_some("x"), st.decimals(-1, 1000, places=4).map(str)),
        "score": _some("0.5", "1.01", "nan"),
        "status": _some("settled", "accepted", "odd"),
        "terms": _some("open_account", "odd"),
        "seller_name": _some("ACME Ltd", "深圳市华强电子有限公司"),
        "seller_country": _some("GB"),
        "buyer_id": _some("id:market:B7", "vat:DE136695976", "vat:DE136695977"),
        "seller_address": _some("1 High Street", "x" * 501, "n/a"),
        "seller_other_names": _some("ACME Toys", "ACME Toys; Safe"),
        "seller_account": _some("DE89370400440532013000", "12345678", "12345678;87654321"),
        "carrier_id": _some("id:market:C1"),
        "carrier_account": _some("12345678"),
        "buyer_account": _some("DE89370400440532013000", "DE89370400440532013001", "x" * 201),
        "buyer_domain": _some("https://bob.de/shop", "bob@qq.com", "bob@"),
        "buyer_founded": _some("1987-06-05", "1987"),
        "insurer_name": _some("Safe"),
        "ref_order": _some("7"),
        "ref_invoice": _some("9"),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ODD_ROWS, min_size=1, max_size=40))
def test_any_rows(rows: list[Row]) -> None:
    check(rows)


MAPPED = """
[[document]]
kind = "invoice"
number = "n"
issued_on = { const = "2024-01-02" }
buyer = { name = "Buyer" }
[document.seller]
id = { scheme = "id:shop", column = "shop" }
name = "name"
country = { const = "GB" }
address = ["street", "city"]
account = "iban"
domain = ["web", "mail"]
other_names = "dba"
founded = { column = "since", dates = ["%d/%m/%Y"] }
"""
CELLS = {
    "shop": _some("7", "8", " 8"),
    "name": _some("ACME Ltd", "Bob"),
    "street": _some("1 High Street", "N/A"),
    "city": _some("Leeds"),
    "iban": _some("GB82WEST12345698765432", "GB82WEST12345698765433"),
    "web": _some("www.acme.co.uk", "acme"),
    "mail": _some("info@acme.co.uk", "acme@163.com"),
    "dba": _some("ACME Toys", "Toys;ACME Ltd"),
    "since": _some("05/06/1987", "1987"),
}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=30))
def test_what_a_mapping_says_of_parties_is_what_one_document_says(rows: list[Row]) -> None:
    """Most descriptions by an id are made in SQL, those with details in code: both as `describe_all` has it."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "t.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ("n", "Buyer", *CELLS))
            writer.writeheader()
            writer.writerows({"n": n, "Buyer": "B", **row} for n, row in enumerate(rows))
        table = stage_table(path, load_mapping(MAPPED), CONTRIBUTOR, Path(name) / "staging")
        told = whole(table.parties, PARTY, "parties").to_pylist()
    expected = [row for cells in rows for row in _seller(cells)]
    assert {repr(p) for p in told} == {repr(asdict(row)) for row in [*expected, *BUYER]}
    assert len(told) == len({repr(p) for p in told})


BUYER = describe_all("B", None, [])


def _seller(cells: Row) -> tuple[PartyRow, ...]:
    given = {name: text.strip() for name, text in cells.items()}
    address = ", ".join(text for text in (given["street"], given["city"]) if text)
    names = tuple(text.strip() for text in given["dba"].split(";") if text)
    since = {"05/06/1987": "1987-06-05"}.get(given["since"], given["since"])
    details = Details(
        (address,) if address else (),
        (given["iban"],) if given["iban"] else (),
        tuple(text for text in (given["web"], given["mail"]) if text),
        names,
        since or None,
    )
    ids = [("id:shop", given["shop"])] if given["shop"] else []
    return describe_all(given["name"] or None, "GB", ids, details)
