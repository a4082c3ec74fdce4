"""EDIFACT: each message of the loop, what qualifiers mean, and how broken interchanges are refused."""

from __future__ import annotations

import io
import re
from time import process_time
from typing import IO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.edifact import looks_like_edifact, read_edifact
from tallystick.evidence.formats.edifact.parts import text_date
from tallystick.evidence.formats.readers import reader_of
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

SELLER = "NAD+SU+4012345500004::9++Nordlicht GmbH+Hafenweg 5+Hamburg++20457+DE'RFF+VA:DE136695976'"
BUYER = "NAD+BY+5412345000013::9++Mega Retail NV+Kaai 1+Gent++9000+BE'"
PARTIES = SELLER + BUYER


def message(kind: str, body: str, number: str = "1") -> str:
    count = body.count("'") - body.count("?'") + 2
    return f"UNH+{number}+{kind}:D:96A:UN:EAN008'{body}UNT+{count}+{number}'"


def read(text: str | bytes) -> list[Said | Reject]:
    data = text if isinstance(text, bytes) else text.encode()
    assert looks_like_edifact(data[:65_536])
    return list(read_edifact(io.BytesIO(data), "f.edi"))


def said(kind: str, body: str) -> Said:
    (item,) = read(message(kind, body))
    assert isinstance(item, Said), item
    assert canonicalise([item], Contributor("c")).rejects.to_pylist() == []
    return item


INVOICE = (
    "BGM+380+INV7+9'DTM+137:20260105:102'RFF+ON:PO1'DTM+171:20251201:102'RFF+DQ:DN9'"
    + PARTIES
    + "FII+RB+DE89370400440532013000:Nordlicht'CUX+2:EUR:4'PAT+1'DTM+13:20260204:102'TOD+3++CIF'"
    "LIN+1++4012345000009:EN'QTY+47:2:PCE'MOA+203:50'LIN+2++4012345000016:EN'QTY+47:1,5:PCE'"
    "MOA+203:50'UNS+S'MOA+79:100'MOA+124:19'MOA+77:119,00'TAX+7+VAT+++:::19'MOA+9:1'"
)


def test_lines_may_be_set_in() -> None:
    text = "UNA:+.? 'UNB+UNOA:3+A+B+260105:1200+1'" + message("INVOIC", INVOICE) + "UNZ+1+1'"
    for gap in ("\n\t\t", "\r\n  ", "\n\n"):
        (item,) = read(gap + re.sub(r"(?<![?])'(?=[A-Z])", f"'{gap}", text).replace(". ?", ".? "))
        assert isinstance(item, Said) and (item.number, item.amount) == ("INV7", "119.00")


def test_a_bill_between_who_sends_and_who_gets_it() -> None:
    sides = "NAD+MS+9900000000017::9++Netz GmbH++++DE'NAD+MR+++Strom AG++++DE'"
    item = said("INVOIC", f"BGM+380+7+9'DTM+137:20260105:102'{sides}CUX+2:EUR:4'UNS+S'MOA+9:5'")
    assert {role: p.name for role, p in item.parties.items()} == {
        "issuer": "Netz GmbH", "recipient": "Strom AG", "seller": "Netz GmbH", "buyer": "Strom AG",
    }  # fmt: skip
    (own,) = read(message("INVOIC", f"BGM+389+7+9'DTM+137:20260105:102'{sides}UNS+S'MOA+9:5'"))
    assert isinstance(own, Said) and "seller" not in own.parties


def test_bookings_of_container_lines() -> None:
    head = "DTM+137:20260105:102'NAD+CA+++Line AG'NAD+CZ+++Nordlicht GmbH'"
    asked = said("IFTMBF", f"BGM+335+OWN1+9'{head}RFF+BN:C77'GID+1+14:PK'")
    given = said("IFTMBC", f"BGM+770++6'{head}RFF+BN:C77'RFF+BM:L1'TDT+20'DTM+133:20260201:102'")
    assert (asked.kind, asked.number) == ("booking", "OWN1")
    assert asked.references == [("booking", "C77", None)]
    assert (given.kind, given.number, given.due_on) == ("booking", "C77", "2026-02-01")
    assert given.references == [("shipment", "L1", None)]
    paper = said("IFTMCS", f"BGM+705+L1+9'{head}RFF+BN:C77'TDT+20'DTM+132:20260301:102'")
    assert (paper.kind, paper.number, paper.due_on) == ("shipment", "L1", "2026-03-01")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("level", ["UNOA", "UNOC", "UNOX", "UNOY"])
def test_an_interchange_in_utf_16_says_the_same(encoding: str, level: str) -> None:
    """With and without its mark, in either order, whatever level its envelope names."""
    body = message("INVOIC", INVOICE.replace("Nordlicht", "Süd 中文"))
    text = f"UNA:+.? 'UNB+{level}:3+A+B+260105:1200+1'\r\n{body}UNZ+1+1'"
    data = text.encode(encoding)
    reader = reader_of(data[:1001])
    assert reader is not None and reader.name == "edifact"
    (item,) = reader.statements(io.BytesIO(data), "f.edi")
    (plain,) = read(text)
    assert item == plain and isinstance(item, Said)
    assert item.parties["seller"].name == "Süd 中文 GmbH"
    (broken,) = reader.statements(io.BytesIO(data[:-41]), "f.edi")
    assert isinstance(broken, Reject) and broken.rule == "edifact-truncated"


def test_an_invoice_is_read_with_the_places_of_its_facts() -> None:
    item = said("INVOIC", INVOICE)
    assert (item.kind, item.number, item.amount, item.currency) == (
        "invoice",
        "INV7",
        "119.00",
        "EUR",
    )
    assert (item.issued_on, item.due_on, item.terms) == ("2026-01-05", "2026-02-04", "open_account")
    assert (item.quantity, item.unit, item.incoterm) == ("3.5", "PCE", "CIF")
    assert item.references == [("order", "PO1", None), ("dispatch", "DN9", None)]
    seller = item.parties["seller"]
    assert (seller.name, seller.country) == ("Nordlicht GmbH", "DE")
    assert seller.ids == [("gln", "4012345500004"), ("vat", "DE136695976")]
    assert seller.details is not None
    assert seller.details.addresses == ("Hafenweg 5, 20457 Hamburg, DE",)
    assert seller.details.accounts == ("DE89370400440532013000",)
    assert item.places["amount"] == "MOA 24" and item.places["due_on"] == "DTM 13"
    assert item.places["seller"] == "NAD 7" and item.places["references"] == "RFF 4, RFF 6"


BILLS = [
    ("381", "119", {"kind": "credit_note", "due_on": None, "terms": None}),
    ("383", "119", {"kind": "debit_note"}),
    ("386", "119", {"kind": "proforma"}),
    ("384", "119", {"kind": "invoice"}),
    ("380", "-119", {"kind": "credit_note", "amount": "119"}),
    ("381", "-119", {"kind": "debit_note", "amount": "119"}),
    ("380", "0", {"kind": "invoice", "amount": "0"}),
]


@pytest.mark.parametrize(("code", "amount", "wanted"), BILLS)
def test_a_bill_by_its_name_and_sign(code: str, amount: str, wanted: dict[str, str]) -> None:
    body = INVOICE.replace("BGM+380", f"BGM+{code}").replace("119,00", amount)
    item = said("INVOIC", body)
    assert {name: getattr(item, name) for name in wanted} == wanted


def test_a_bill_of_carriage_is_the_carriers() -> None:
    item = said("INVOIC", INVOICE.replace("BGM+380", "BGM+780"))
    assert item.kind == "freight_invoice"
    assert (item.parties["carrier"].name, item.parties["recipient"].name) == (
        "Nordlicht GmbH",
        "Mega Retail NV",
    )


TERMS = [
    ("PAT+1++5:3:D:30'", "2026-02-04", "open_account"),
    ("PAT+1++5:3:W:2'", "2026-01-19", "open_account"),
    ("PAT+22++5:3:D:10'PAT+3'DTM+13:20260131:102'", "2026-01-31", "open_account"),
    ("PAT+22'DTM+13:20260110:102'", None, None),
    ("PAT+1++81:3:D:30'", None, "open_account"),
    ("PAI+::48'", None, "card"),
    ("PAT+1++5:3:D:999'PAT+1++5:3:M:1'", "2028-09-30", "open_account"),
]


@pytest.mark.parametrize(("given_terms", "due", "terms"), TERMS)
def test_terms_of_payment(given_terms: str, due: str | None, terms: str | None) -> None:
    item = said("INVOIC", INVOICE.replace("PAT+1'DTM+13:20260204:102'", given_terms))
    assert (item.due_on, item.terms) == (due, terms)


ORDER = "BGM+220+PO1+9'DTM+137:20260101:102'DTM+2:20260201:102'DTM+10:20260120:102'RFF+CT:K4'"
LINES = "LIN+1++4012345000009:EN'QTY+21:8:PCE'RFF+PD:99'DTM+171:20300101:102'UNS+S'MOA+86:400:USD'"


def test_an_order_its_change_and_its_cancellation() -> None:
    item = said("ORDERS", ORDER + PARTIES + LINES)
    assert (item.kind, item.number, item.amount, item.currency) == ("order", "PO1", "400", "USD")
    assert (item.due_on, item.deliver_on, item.quantity) == ("2026-01-20", "2026-02-01", "8")
    assert item.references == [("contract", "K4", None)]
    change = said(
        "ORDCHG", ORDER.replace("220+PO1+9", "230+C1+4") + "RFF+ON:PO1'" + PARTIES + LINES
    )
    assert (change.kind, change.number, change.action) == ("order_change", "C1", "state")
    assert change.references[0] == ("order", "PO1", None)
    off = said("ORDERS", ORDER.replace("PO1+9", "PO1+1") + PARTIES + LINES)
    assert (off.kind, off.action, off.due_on) == ("order_cancellation", "state", None)
    assert off.references[0] == ("order", "PO1", None)
    assert off.parties["issuer"] == off.parties["buyer"]
    again = said("ORDERS", ORDER.replace("PO1+9", "PO1+5") + PARTIES + LINES)
    assert (again.kind, again.action) == ("order", "correct")


ANSWERS = [
    ("29", "", "accepted"),
    ("27", "", "rejected"),
    ("4", "", "amended"),
    ("9", "5 5", "accepted"),
    ("9", "5 7", "amended"),
    ("9", "7 7", "rejected"),
    ("9", "", None),
    ("6", "", "accepted"),
]


@pytest.mark.parametrize(("code", "lines", "status"), ANSWERS)
def test_the_answer_to_an_order(code: str, lines: str, status: str | None) -> None:
    acts = "".join(f"LIN+{n}+{act}'QTY+113:1'" for n, act in enumerate(lines.split(), 1))
    body = f"BGM+231+R1+{code}'DTM+137:20260102:102'DTM+69:20260203:102'RFF+ON:PO1'{PARTIES}{acts}UNS+S'"
    item = said("ORDRSP", body)
    assert (item.kind, item.status, item.deliver_on) == ("order_confirmation", status, "2026-02-03")
    assert item.references == [("order", "PO1", None)]


def test_asking_and_offering() -> None:
    ask = said("REQOTE", f"BGM+311+Q1+9'DTM+137:20260101:102'DTM+36:20260110:102'{PARTIES}UNS+S'")
    assert (ask.kind, ask.number, ask.due_on) == ("rfq", "Q1", "2026-01-10")
    offer = said(
        "QUOTES",
        "BGM+310+O1+9'DTM+137:20260102:102'DTM+273:2026010220260131:718'RFF+AHU:Q1'"
        f"{PARTIES}CUX+2:USD:9'LIN+1'QTY+1:4'UNS+S'MOA+86:400'",
    )
    assert (offer.kind, offer.due_on, offer.amount, offer.currency) == (
        "quotation",
        "2026-01-31",
        "400",
        "USD",
    )
    assert offer.references == [("rfq", "Q1", None)]


def test_goods_go_and_come() -> None:
    gone = said(
        "DESADV",
        "BGM+351+DN9+9'DTM+137:20260120:102'DTM+11:202601201430:203'DTM+17:20260125:102'"
        f"RFF+ON:PO1'{PARTIES}TDT+20++30'CPS+1'PAC+2'LIN+1'QTY+12:480:PCE'LIN+2'QTY+12:100:PCE'",
    )
    assert (gone.kind, gone.due_on, gone.quantity) == ("dispatch", "2026-01-25", "580")
    assert gone.happened_at == "2026-01-20T14:30:00"


RECEIPTS = [
    ("QTY+12:100'QTY+194:100'", "accepted", "100"),
    ("QTY+12:100'QTY+194:96'", "short", "96"),
    ("QTY+48:100'QTY+124:2'", "damaged", "100"),
    ("QTY+48:100'QTY+195:100'", "rejected", "100"),
    ("QTY+48:90'QTY+119:10'", "short", "90"),
]


@pytest.mark.parametrize(("quantities", "status", "quantity"), RECEIPTS)
def test_a_receipt(quantities: str, status: str, quantity: str) -> None:
    body = f"BGM+632+RA1+9'DTM+50:202601251000:203'RFF+DQ:DN9'{PARTIES}LIN+1'{quantities}"
    item = said("RECADV", body)
    assert (item.kind, item.status, item.quantity) == ("receipt", status, quantity)
    assert item.happened_at == "2026-01-25T10:00:00"


PAYING = (
    "BGM+481+RM1+9'DTM+137:20260220:102'DTM+203:20260222:102'NAD+PR+5412345000013::9'"
    "NAD+PE+4012345500004::9'CUX+2:EUR:9'"
)


def test_a_remittance_is_one_statement_per_bill_and_adds_up() -> None:
    body = PAYING + (
        "DOC+380+INV7'MOA+9:119'MOA+12:119'DTM+137:20260105:102'"
        "DOC+380+INV8'MOA+9:50'MOA+12:40'AJT+4'"
        "DOC+381+CN1'MOA+12:29'"
        "DOC+380+INV9'MOA+9:70'MOA+12:0'AJT+5'FTX+ABO+1++Price not agreed'"
        "UNS+S'MOA+12:130'"
    )
    items = [item for item in read(message("REMADV", body)) if isinstance(item, Said)]
    assert [(i.kind, i.references[0][:2], i.amount, i.reason) for i in items] == [
        ("remittance", ("invoice", "INV7"), "90", None),
        ("remittance", ("invoice", "INV8"), "40", "QTY"),
        ("dispute", ("invoice", "INV9"), "70", "PRI"),
    ]
    assert items[0].happened_at == "2026-02-22" and items[0].issued_on == "2026-02-20"
    assert items[0].places["amount"] == "MOA 10" and items[0].places["references"] == "DOC 8"
    refused = items[2]
    assert refused.note == "Price not agreed" and refused.happened_at is None
    assert refused.parties["issuer"] == refused.parties["buyer"]
    assert canonicalise(items, Contributor("c")).rejects.to_pylist() == []


def test_a_remittance_without_bills_is_one_statement() -> None:
    account = "FII+PB+DE02120300000000202051'FII+BF+DE89370400440532013000'"
    item = said("REMADV", PAYING + account + "RFF+PQ:E2E1'UNS+S'MOA+12:130'")
    assert item.parties["seller"].details is not None
    assert item.parties["seller"].details.accounts == ("DE89370400440532013000",)
    assert (item.amount, item.references) == ("130", [("payment_instruction", "E2E1", None)])


def test_the_currency_of_a_bill_is_that_of_the_message() -> None:
    item = said("REMADV", PAYING + "DOC+380+INV7'MOA+12:119'")
    assert (item.amount, item.currency) == ("119", "EUR")


MANY = [
    message("IFTSTA", "BGM+77+S'" + "RFF+ON:1'" * 2_000 + "STS+1+13'" * 2_000),
    message("REMADV", PAYING + "FTX+AAA+++a'" * 2_000 + "DOC+380+I'MOA+12:1'" * 2_000),
    "UNB+UNOA:1'" * 10_000 + message("ORDERS", ORDER),
]


@pytest.mark.parametrize("text", MANY, ids=["statuses", "bills", "interchanges"])
def test_work_grows_with_the_message_and_not_faster(text: str) -> None:
    """A header of thousands of segments is read once, not for each of thousands of groups."""
    start = process_time()
    assert read(text)
    assert process_time() - start < 4, "seconds; a few tenths where it grows in proportion"


def test_a_dispute() -> None:
    body = f"BGM+456+D1+9'DTM+137:20260301:102'{PARTIES}CUX+2:EUR:9'DOC+380+INV7'MOA+165:19'AJT+3'"
    item = said("COMDIS", body)
    assert (item.kind, item.reason, item.amount, item.currency) == ("dispute", "QUA", "19", "EUR")
    assert item.references == [("invoice", "INV7", None)]
    assert (item.parties["issuer"].name, item.parties["recipient"].name) == (
        "Mega Retail NV",
        "Nordlicht GmbH",
    )


CARRIER = "NAD+CA+5411234512309::9'NAD+CZ+4012345500004::9'NAD+CN+5412345000013::9'"


def test_carriage_is_booked_and_billed_on_a_waybill() -> None:
    body = "DTM+137:20260118:102'DTM+200:20260120:102'DTM+2:202601251100:203'RFF+ON:PO1'"
    book = said("IFTMIN", f"BGM+610+B1+9'{body}{CARRIER}GID+1+14:PK'")
    assert (book.kind, book.number) == ("booking", "B1")
    assert (book.due_on, book.deliver_on) == ("2026-01-20", "2026-01-25")
    bill = said("IFTMIN", f"BGM+705+BL1+9'{body}RFF+BN:B1'{CARRIER}GID+1+14:PK'")
    assert (bill.kind, bill.due_on, bill.deliver_on) == ("shipment", "2026-01-25", None)
    assert bill.references == [("order", "PO1", None), ("booking", "B1", None)]
    assert bill.places["due_on"] == "DTM 5"


def test_events_are_one_statement_per_status() -> None:
    body = (
        f"BGM+77+S1+5'DTM+137:20260126:102'{CARRIER}"
        "CNI+1+BL1'STS+1+13'RFF+BN:B1'DTM+334:202601201020:203'STS+1+21'DTM+334:202601251105+02:203'"
        "CNI+2+BL2'STS+1+99'DTM+7:20260126:102'FTX+AVA+++PACKAGE IS HELD BY CUSTOMS'"
    ).replace("202601251105+02:203", "202601251105?+0200:205")
    items = [item for item in read(message("IFTSTA", body)) if isinstance(item, Said)]
    assert [(i.status, i.happened_at, i.references) for i in items] == [
        (
            "collected",
            "2026-01-20T10:20:00",
            [("shipment", "BL1", None), ("booking", "B1", None)],
        ),
        ("delivered", "2026-01-25T11:05:00+02:00", [("shipment", "BL1", None)]),
        ("held", "2026-01-26", [("shipment", "BL2", None)]),
    ]
    assert {item.action for item in items} == {"state"} and [item.row for item in items] == [
        1,
        2,
        3,
    ]
    assert canonicalise(items, Contributor("c")).rejects.to_pylist() == []


CUSTOMS = [
    ("BGM+830+X'", "GIS+4'", "released", "export_declaration"),
    ("BGM+929+X'", "GIS+5'", "held", "import_declaration"),
    ("BGM+961+X'", "GEI+6+2'", "refused", "import_declaration"),
    ("BGM+961+X'", "FTX+AHN+++REJECTED:errors'ERP+1'ERC+15'", "refused", "import_declaration"),
    ("BGM+961+X'", "FTX+AHN+++CONSOLIDATED STATUS:HELD'", "held", "import_declaration"),
    ("BGM+961+X'", "", None, "import_declaration"),
]


@pytest.mark.parametrize(("bgm", "answer", "status", "kind"), CUSTOMS)
def test_customs_answer(bgm: str, answer: str, status: str | None, kind: str) -> None:
    body = f"{bgm}DTM+9:20260122113851494730:ZZZ'RFF+ABT:24GB1'NAD+CM+66015286036::95'{answer}"
    item = said("CUSRES", body)
    assert (item.kind, item.status, item.happened_at) == (
        "customs_event",
        status,
        "2026-01-22T11:38:51",
    )
    assert item.references == [(kind, "24GB1", None)]


DATES = [
    ("20260204", "102", "2026-02-04"),
    ("199910060000", "102", "1999-10-06T00:00:00"),
    ("260204", "101", "2026-02-04"),
    ("991231", "101", "1999-12-31"),
    ("04022026", "4", "2026-02-04"),
    ("020426", "3", "2026-02-04"),
    ("2602041530", "201", "2026-02-04T15:30:00"),
    ("20260204153012", "204", "2026-02-04T15:30:12"),
    ("202602041530+0100", "205", "2026-02-04T15:30:00+01:00"),
    ("202602041530EST", "303", "2026-02-04"),
    ("202602049930", "203", "2026-02-04"),
    ("2026010120260331", "718", "2026-03-31"),
    ("soon", "102", "soon"),
    ("", "", ""),
]


@pytest.mark.parametrize(("text", "form", "wanted"), DATES)
def test_dates(text: str, form: str, wanted: str) -> None:
    assert text_date(text, form) == wanted


def test_codes_that_the_other_gave_are_kept_under_who_gave_them() -> None:
    body = ORDER + "NAD+SU+V-77::92++Nordlicht GmbH'" + BUYER + LINES
    seller = said("ORDERS", body).parties["seller"]
    assert seller.ids == [("id.edifact.5412345000013", "V-77")]
    plain = said("ORDERS", ORDER + "NAD+SU+V-77::92++Nordlicht'NAD+BY+++Mega Retail'" + LINES)
    assert plain.parties["seller"].ids == []


TWO = message("ORDERS", ORDER + PARTIES + LINES, "1") + message("INVOIC", INVOICE, "2")
UNB = "UNB+UNOC:3+4012345500004:14+5412345000013:14+260105:1200+I1'"
UNG = "UNG+ORDERS+A+B+260105:1200+1+UN+D:96A'"

ENVELOPES = [
    TWO,
    UNB + TWO,
    UNB + TWO + "UNZ+2+I1'",
    UNB + TWO + "UNZ+2+I1",
    UNB + UNG + TWO + "UNE+2+1'UNZ+1+I1'",
    "UNA:+.? '" + UNB + TWO + "UNZ+2+I1'",
    "\r\n " + (UNB + TWO + "UNZ+2+I1'").replace("'", "'\r\n"),
    "From: a@b.de'UNA:+.? '" + UNB + TWO + "UNZ+2+I1'",
]


@pytest.mark.parametrize("text", ENVELOPES)
def test_envelopes_may_be_missing(text: str) -> None:
    items = read(text)
    assert [item.kind for item in items if isinstance(item, Said)] == ["order", "invoice"]
    assert len(items) == 2 and [item.row for item in items] == [1, 2]


FAULTS = [
    (UNB + TWO + "UNZ+3+I1'", "edifact-count", 2),
    (UNB + UNG + TWO + "UNE+1+1'UNZ+1+I1'", "edifact-count", 2),
    (re.sub(r"UNT\+\d+\+1'", "", TWO), "edifact-truncated", 1),
    (TWO[:-40], "edifact-truncated", 1),
    (TWO.replace("+1'UNH+2", "+3'UNH+2"), "edifact-reference", 1),
    (TWO.replace("DTM+2:20260201:102'", ""), "edifact-count", 1),
    (message("PAORES", "MSG+1:45'") + TWO, "not-of-the-loop", 2),
    (message("APERAK", "BGM+27+1'ERC+1'") + TWO, "nothing-stated", 2),
    (message("ORDERS", ORDER + ORDER) + TWO, "edifact-second-document", 2),
    (UNB + "H`12`", "edifact-truncated", 0),
    (UNB + "HDR+1'", "edifact-no-message", 0),
    ("UNA++.? '" + UNB + TWO, "edifact-separators", 0),
    ((UNB.replace("UNOC", "UNOW") + TWO.replace("Kaai", "\xfc")).encode("latin-1"), "edifact-encoding", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "read_all_the_same"), FAULTS)
def test_what_is_broken_is_refused_and_the_rest_stands(
    text: str | bytes, rule: str, read_all_the_same: int
) -> None:
    items = read(text)
    rejects = [item for item in items if isinstance(item, Reject)]
    assert rule in {item.rule for item in rejects}, rejects
    assert all(item.message and item.fix for item in rejects)
    assert sum(isinstance(item, Said) for item in items) == read_all_the_same


@pytest.mark.parametrize(
    ("level", "charset"),
    [
        ("UNOC", "latin-1"),
        ("UNOE", "iso8859-5"),
        ("UNOW", "utf-8"),
        ("UNOY", "utf-8"),
        ("UNOB", "utf-8"),
        ("UNOA", "latin-1"),
    ],
)
def test_character_sets(level: str, charset: str) -> None:
    name = "Торг" if charset in ("utf-8", "iso8859-5") else "Café"
    text = (UNB.replace("UNOC", level) + TWO).replace("Nordlicht GmbH", name)
    order = read(text.encode(charset))[0]
    assert isinstance(order, Said) and order.parties["seller"].name == name


def test_interchanges_of_other_separators_and_sets_follow_one_another() -> None:
    plain = UNB + TWO + "UNZ+2+I1'"
    odd = plain.translate(str.maketrans("+:'", "*|~")).replace("Mega", "M?*ga").encode()
    level_b = plain.translate(str.maketrans("+:'", "\x1d\x1f\x1c")).encode()
    cyrillic = plain.replace("UNOC", "UNOE").replace("Mega", "Торг").encode("iso8859-5")
    first = read(b"UNA|*.? ~" + odd + b"\n" + b"UNA:+.? '" + cyrillic + b"\n" + plain.encode())
    names = [item.parties["buyer"].name for item in first if isinstance(item, Said)]
    assert names == ["M*ga Retail NV"] * 2 + ["Торг Retail NV"] * 2 + ["Mega Retail NV"] * 2
    assert [type(item) for item in read(level_b)] == [Said, Said]


def test_released_separators_and_a_blank_release_character() -> None:
    text = TWO.replace("Hafenweg 5", "O?'Neill?+Sons ??")
    order = read(text)[0]
    assert isinstance(order, Said) and order.parties["seller"].details is not None
    assert order.parties["seller"].details.addresses[0].startswith("O'Neill+Sons ?, ")
    assert [type(item) for item in read("UNA:+.  '" + TWO)] == [Said, Said]


class _Drip(io.BytesIO):
    """A source that gives a few bytes at a time."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        super().__init__(data)
        self.sizes = sizes

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() == 0:
            return super().read(60)
        self.sizes = [*self.sizes[1:], self.sizes[0]]
        return super().read(self.sizes[0])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_how_the_bytes_arrive_makes_no_difference(sizes: list[int]) -> None:
    text = "UNA:+.? '" + UNB + TWO.replace("Kaai", "??'?+?'Kaai") + "UNZ+2+I1'UNA|*.? ~"
    data = text.encode() + (UNB + TWO).translate(str.maketrans("+:'", "*|~")).encode()
    drip = cast(IO[bytes], _Drip(data, sizes))
    assert list(read_edifact(drip, "f.edi")) == read(data)


_SEEDS = [message(kind, body).encode() for kind, body in (
    ("INVOIC", INVOICE), ("ORDERS", ORDER + PARTIES + LINES), ("REMADV", PAYING + "DOC+380+I'MOA+12:0'AJT+5'"),
    ("IFTSTA", f"BGM+77+S'{CARRIER}CNI+1+B'STS+1+13'DTM+334:20260120:102'"), ("CUSRES", "BGM+961+X'GIS+4'"),
)]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(_SEEDS),
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=6),
    st.floats(0, 1),
)
def test_mutilated_messages_never_raise(
    one: bytes, other: bytes, edits: list[tuple[float, bytes]], cut: float
) -> None:
    data = UNB.encode() + one[: int(cut * len(one))] + other
    for place, patch in edits:
        at = int(place * len(data))
        data = data[:at] + patch + data[at + len(patch) :]
    for item in read_edifact(io.BytesIO(data), "f"):
        assert isinstance(item, Said | Reject)


def test_other_files_are_not_taken_for_edifact() -> None:
    for head in (
        b"",
        b"<xml/>",
        b"UNHAPPY,1",
        b"kind,number\nUNB+1",
        b"UNA is a name of",
        b"\x89PNG",
    ):
        assert not looks_like_edifact(head)
    (refused,) = read_edifact(io.BytesIO(b"a,b\n1,2\n"), "f")
    assert isinstance(refused, Reject) and refused.rule == "not-edifact"


def test_utf_8_under_the_name_of_latin_1_is_read_as_what_it_is() -> None:
    text = "UNB+UNOC:3+A+B+260105:0900+7'" + message(
        "INVOIC", INVOICE.replace("Hafenweg", "Lüdeweg")
    )
    for data in (text.encode(), text.encode("latin-1")):
        (item,) = read(data + b"UNZ+1+7'")
        assert isinstance(item, Said)
        details = item.parties["seller"].details
        assert details is not None and details.addresses[0].startswith("Lüdeweg")


def test_parties_in_the_wrong_elements() -> None:
    """The agency where the name belongs is none, or two traders would be one; a country one element early."""
    body = INVOICE.replace(PARTIES, "NAD+SU+1694901+31B'NAD+BY+0113111+31B'")
    sides = said("INVOIC", body).parties
    assert sides["seller"].ids == [("id.edifact.31b", "1694901")] and sides["seller"].name is None
    assert sides["buyer"].ids == [("id.edifact.31b", "0113111")]
    body = INVOICE.replace("+Hafenweg 5+Hamburg++20457+DE'", "+Hafenweg 5+Hamburg+20457+DE'")
    seller = said("INVOIC", body).parties["seller"]
    assert seller.country == "DE" and seller.details is not None
    assert seller.details.addresses == ("Hafenweg 5, 20457 Hamburg, DE",)


def test_terms_in_months_and_messages_without_a_date() -> None:
    body = INVOICE.replace("20260105", "20251231").replace(
        "PAT+1'DTM+13:20260204:102'", "PAT+1++5:3:M:2'"
    )
    assert said("INVOIC", body).due_on == "2026-02-28"
    answer = message("CUSRES", "BGM+961+X1'GIS+1'RFF+ABT:E1'")
    (item,) = read("UNB+UNOA:3+A+B+090224:0604+106'" + answer + "UNZ+1+106'")
    assert isinstance(item, Said)
    assert (item.issued_on, item.places["issued_on"]) == ("2009-02-24", "UNB")


def test_an_event_refers_to_its_parcel() -> None:
    (item,) = read(message("IFTSTA", "BGM+23'RFF+CW:1Z3F4W57'CNI+1'STS+1+21'DTM+78:20160714:102'"))
    assert isinstance(item, Said) and item.references == [("shipment", "1Z3F4W57", None)]
