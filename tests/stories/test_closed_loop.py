"""The worked deal of examples/closed-loop: it closes, and with one document altered the right break appears.

Money that went to another than the seller names a bill of that other, which nobody has: a missing document.

All alterations stand in one book: each is a copy of the folder whose numbers end in the number of the case, and
numbers tell deals of the same parties apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tallystick.book import Book, open_book
from tallystick.settings import Settings

FOLDER = Path(__file__).parents[2] / "examples" / "closed-loop"
END = date(2026, 6, 1)
NUMBERS = re.compile(
    "RQ-2026-014|QU-8811|PO-4500123|OC-77031|DN-77031|NSB-55102|NSL-BL-90017|nsl-[0-9]|PK-EX-0031|BH-IM-0007|"
    "26GB00PK31EX0000A1|26DE00BH07IM0000B2|HM-CARGO-3310|KS-30[0-9]|RA-7719|BH-E2E-0217|RE-2026-0217|"
    "KHB2026031800417|0a6a2d1f7c11"
)

CASES: tuple[tuple[str, str, str, str], ...] = (
    ("", "", "", ""),
    # quantities
    ("03-order", ">1000<", ">800<", "quantity: order and dispatch"),
    ("04-ordrsp", "113:1000", "113:900", "quantity: order and order_confirmation"),
    ("05-desadv", "12:1000", "12:900", "quantity: order and dispatch"),
    ("05-desadv", "12:1000", "12:1200", "quantity: dispatch and receipt"),
    ("06-invoice", ">1000<", ">1100<", "quantity: order and invoice"),
    ("14-received", ": 1000", ": 940", "quantity: dispatch and receipt"),
    ("16-receipt", ">1000<", ">900<", "quantity: dispatch and receipt"),
    ("15-stock", "2026-03-16,,1000", "2026-03-16,,1100", "quantity: warehouse_receipt and warehouse_release"),
    # amounts and prices
    ("02-quotation", "12500.00", "11000.00", "amount: quotation and order"),
    ("02-quotation", ">1000<", ">1250<", "price: quotation and order"),
    ("03-order", "12500.00", "11900.00", "amount: order and invoice; price: order and invoice"),
    ("04-ordrsp", "12500.00", "13500.00",
     "amount: order and order_confirmation; price: order and order_confirmation"),
    ("06-invoice", "12500.00", "13900.00",
     "amount: order and invoice; price: order and invoice; payment: invoice and payment; "
     "declaration: invoice and export_declaration; declaration: invoice and import_declaration"),
    ("+06-invoice", "RE-2026-0217", "RE-2026-0218", "billed twice: invoice and invoice"),
    # money
    ("18-camt053", "12500.00", "11000.00", "payment: invoice and payment"),
    ("18-camt053", "12500.00", "12400.00", "payment: payment_instruction and payment"),
    ("18-camt053", "12500.00", "14000.00", "payment: more paid than billed"),
    ("18-camt053", 'Ccy="EUR"', 'Ccy="USD"', "currency: invoice and payment"),
    ("06-invoice", "EUR", "USD", "currency: documents in two currencies"),
    ("02-quotation", "EUR", "GBP", "currency: documents in two currencies"),
    # accounts
    ("18-camt053", "GB29NWBK60161331926819", "GB77BARC20201530093459", "account: invoice and payment"),
    ("06-invoice", "GB29NWBK60161331926819", "GB77BARC20201530093459", "account: invoice and payment"),
    # parties
    ("03-order", "SELLER", "TWIN", "party: order and invoice"),
    ("18-camt053", "BUYER", "TWIN", "party: invoice and payment"),
    ("18-camt053", "SELLER", "TWIN", "missing document: payment and invoice"),
    ("06-invoice", "BUYER", "TWIN", "party: invoice and payment"),
    ("09-export", "GB123456789000", "GB987654321000", "party: invoice and export_declaration"),
    ("10-import", "DE1234567", "DE7654321", "party: invoice and import_declaration"),
    ("05-desadv", "SELLER", "TWIN", "party: order and dispatch"),
    # declared
    ("09-export", "12500.00", "6000.00", "declaration: invoice and export_declaration"),
    ("10-import", "12500.00", "6000.00", "declaration: invoice and import_declaration"),
    ("10-import", "12500.00", "15000.00", "declaration: invoice and import_declaration"),
    # cover
    ("13-policy", "13750.00", "9000.00", "insurance: invoice and policy"),
    # days
    ("05-desadv", "20260217", "20260110", "order of events: dispatch before order"),
    ("08-events", "2026-02-18T", "2026-01-10T", "order of events: collection before order"),
    ("08-events", "2026-03-10T05", "2026-02-01T05", "order of events: delivery before collection"),
    ("14-received", "2026-03-12T11", "2026-02-01T11", "order of events: receipt before dispatch"),
    ("16-receipt", "Date>2026-03-12", "Date>2026-02-10", "order of events: receipt before dispatch"),
    ("09-export", "20260217104604", "20260110104604", "order of events: declaration before order"),
    ("06-invoice", "20260217", "20260110", "order of events: invoice before order"),
    ("18-camt053", "<Dt>2026-03-18", "<Dt>2026-02-01", "order of events: payment before invoice"),
    # documents that are not there
    ("02-quotation", "", "", "missing document: order and quotation"),
    ("03-order", "", "", "missing document: invoice and order"),
    ("05-desadv", "", "", "missing document: invoice and dispatch"),
    ("06-invoice", "", "", "missing document: payment and invoice"),
    ("06-booking", "", "", "missing document: shipment and booking"),
    ("07-bill", "", "", "missing document: transport_event and shipment"),
    ("17-pain001", "", "", "missing document: payment and payment_instruction"),
)  # fmt: skip
"""(file, old words, new words, the breaks that appear at least); without words the file is not there, and with
`+` the altered one stands beside it."""


SELLER = ("Pennine Kettles Ltd", "5012345670010", "213800PENNINEKETT185", "GB123456782")
BUYER = ("Baltik Haushalt GmbH", "4012345670011", "391200BALTIKHAUS2288", "DE136695976")
TWIN = ("Twin Trading Ltd", "5098765000002", "213800TWINTRADING039", "GB980780684")


def altered(text: str, old: str, new: str) -> str:
    """The text with other words; SELLER and BUYER stand for all that names them, and become TWIN."""
    sides = {"SELLER": SELLER, "BUYER": BUYER}
    pairs = zip(sides[old], TWIN, strict=True) if old in sides else [(old, new)]
    changed = text
    for one, other in pairs:
        changed = changed.replace(one, other)
    assert changed != text, old
    return changed


def put(target: Path, text: str, n: int) -> None:
    """Write a file of case n."""
    if target.suffix != ".toml":
        text = NUMBERS.sub(lambda m: m[0] + f"-{n:02d}", text)
    target.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A book with a copy of the deal for each case."""
    base = tmp_path_factory.mktemp("loop")
    for n, (name, old, new, _) in enumerate(CASES):
        changed = 0
        for path in sorted(FOLDER.glob("*/*")):
            text = path.read_text(encoding="utf-8")
            target = base / "in" / f"{n:02d}" / path.relative_to(FOLDER)
            target.parent.mkdir(parents=True, exist_ok=True)
            if name and path.name.startswith(name.lstrip("+")):
                changed += 1
                if name.startswith("+"):
                    put(target.with_stem("again"), altered(text, old, new), n)
                elif old:
                    text = altered(text, old, new)
                else:
                    continue
            put(target, text, n)
        assert changed == (1 if name else 0), name
    settings = Settings(base, "duckdb", 1024, 1)
    with open_book(base / "loop.book", create=True, settings=settings) as made:
        made.ingest([base / "in"])
        yield made


@pytest.fixture(scope="module")
def breaks(book: Book) -> list[dict[str, str]]:
    """For each case `kind: between` -> who could have caused it."""
    cut = book.cut(END)
    papers = book.documents_of(cut, book.deals(cut)["deal"].to_pylist()).to_pylist()
    case_of: dict[int, set[int]] = {}
    for row in papers:
        case = re.search(r"-([0-9]{2})$", row["number"] or "")
        case_of.setdefault(row["deal"], set()).update({int(case[1])} if case else ())
    found: list[dict[str, str]] = [{} for _ in CASES]
    for row in book.breaks(cut).to_pylist():
        for case in case_of[row["deal"]]:
            found[case][f"{row['kind']}: {row['between_kinds']}"] = row["caused_by"]
    assert all(len(cases) <= 1 for cases in case_of.values()), case_of
    return found


def test_nothing_altered_is_no_break(breaks: list[dict[str, str]]) -> None:
    assert breaks[0] == {}


@pytest.mark.parametrize("n", range(1, len(CASES)))
def test_one_document_altered_is_a_break(breaks: list[dict[str, str]], n: int) -> None:
    wanted = CASES[n][3].split("; ")
    assert not {*wanted} - {*breaks[n]}, breaks[n]


def test_every_promise_of_the_deal_is_kept(book: Book) -> None:
    cut = book.cut(END)
    papers = book.documents_of(cut, book.deals(cut)["deal"].to_pylist()).to_pylist()
    (deal,) = {row["deal"] for row in papers if row["number"] == "PO-4500123-00"}
    made = [row for row in book.promises(cut=cut).to_pylist() if row["deal"] == deal]
    assert {row["kind"] for row in made} == {
        "respond", "quote", "confirm", "order", "dispatch", "deliver", "conform", "receive", "declare",
        "declare_import", "collect", "arrive", "hold", "release_goods", "remit", "pay",
    }  # fmt: skip
    assert {row["outcome"] for row in made} == {"kept"}
