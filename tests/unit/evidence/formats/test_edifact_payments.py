"""Money in EDIFACT: orders to pay and what banks booked. All messages were made for these tests."""

from __future__ import annotations

import io

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.edifact import read_edifact
from tallystick.evidence.formats.readers import reader_of
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said


def read(kind: str, body: str) -> list[Said | Reject]:
    segments = [s for s in body.replace("\n", "").split("'") if s]
    text = f"UNA:+.? 'UNH+1+{kind}:D:96A:UN'{''.join(s + chr(39) for s in segments)}"
    text += f"UNT+{len(segments) + 2}+1'"
    data = text.encode()
    reader = reader_of(data)
    assert reader is not None and reader.name == "edifact"
    return list(read_edifact(io.BytesIO(data), "f"))


def said(kind: str, body: str) -> list[Said]:
    items = read(kind, body)
    assert all(isinstance(item, Said) for item in items), items
    assert canonicalise(items, Contributor("c", "bank")).rejects.to_pylist() == []
    return [item for item in items if isinstance(item, Said)]


HEAD = "BGM+452+MSG-1+9'DTM+137:20260210:102'"
ACCOUNT = """LIN+1'DTM+203:20260212:102'RFF+AEK:BATCH-1'MOA+9:130.00:GBP'
FII+OR+12345678:BUYER LTD::GBP+:::400515:154:133+GB'NAD+OY+++BUYER LTD+1 HIGH STREET+LEEDS++LS1 1AA+GB'"""
FIRST = """SEQ++1'MOA+9:100.00:GBP'RFF+CR:PAY-1'RFF+PQ:INV 7'
FII+BF+DE89370400440532013000:SELLER GMBH+COBADEFFXXX:25:5+DE'NAD+BE+++SELLER GMBH+AM WEG 2+KOELN++50667+DE'
PRC+8'FTX+PMD+++INVOICE 7'"""
SECOND = (
    "SEQ++2'MOA+9:30.00:GBP'RFF+CR:SALE'FII+BF+87654321:OTHER LTD:OF YORK:GBP+:::403124:154:133+GB'"
)


def test_an_order_over_many_payments_is_a_statement_each() -> None:
    one, two = said("PAYMUL", HEAD + ACCOUNT + FIRST + SECOND + "CNT+39:1'")
    assert (one.kind, one.number, one.amount, one.currency) == (
        "payment_instruction", "PAY-1", "100.00", "GBP",
    )  # fmt: skip
    assert (one.issued_on, one.due_on) == ("2026-02-10", "2026-02-12")
    assert (one.parties["buyer"].name, one.parties["seller"].name) == ("BUYER LTD", "SELLER GMBH")
    details = one.parties["seller"].details
    assert details is not None and details.accounts == ("DE89370400440532013000",)
    assert one.parties["bank"].ids == [("id:clearing.gbdsc", "400515")]
    assert one.references == [("payment_instruction", "INV 7", None)]
    assert one.note == "INVOICE 7"
    assert one.places["amount"] == "MOA 11" and one.places["due_on"] == "DTM 5"
    assert (two.number, two.amount) == ("SALE", "30.00")
    assert two.parties["seller"].name == "OTHER LTD OF YORK"  # the holder of the account
    assert two.parties["seller"].country == "GB"


def test_a_single_order_is_flat_and_may_name_its_bills() -> None:
    flat = (
        HEAD
        + "DTM+203:20260101:102'MOA+9:1500.00:EUR'FII+OR+DE89370400440532013000'NAD+MS+++BUYER AG'"
    )
    flat += "FII+BF+NL91ABNA0417164300+ABNANL2A:25:5'NAD+BE+++SELLER BV'RFF+IV:INV-9'"
    (one,) = said("PAYORD", flat)
    assert (one.number, one.due_on) == ("MSG-1", one.issued_on)  # a past day means at once
    assert one.parties["buyer"].name == "BUYER AG"  # who sends it
    assert one.parties["bank"].ids == [("id:iban.bank", "DE37040044")]
    assert one.references == [("invoice", "INV-9", None)]
    bills = "DOC+380+INV-1'MOA+12:1000.00:EUR'DOC+380+INV-2'MOA+12:600.00:EUR'DOC+381+CN-1'MOA+12:100.00:EUR'"
    shares = said("PAYEXT", flat.replace("RFF+IV:INV-9'", "") + bills)
    assert [(s.amount, s.references) for s in shares] == [
        ("900.00", [("invoice", "INV-1", None)]),
        ("600.00", [("invoice", "INV-2", None)]),
    ]


CREDIT = """BGM+X1+7'DTM+137:20260215:102'LIN+1'DTM+202:20260214:102'DTM+209:20260215:102'MOA+60:100.00:DKK'
RFF+ACK:3825004191'FII+BF+4069208428+:::3237:80:130'SEQ++1'RFF+CR:some words'RFF+PQ:PAY-1'
RFF+BID:000000012345674'MOA+98:100.00:DKK'%sFTX+PMD+++INVOICE 7'"""
PAYER = "NAD+BE+++SELLER A/S++++2100+DK'NAD+OY+++BUYER GMBH++++50667+DE'"


def test_what_a_bank_booked_is_a_payment() -> None:
    (one,) = said("CREMUL", CREDIT % PAYER)
    assert (one.kind, one.status, one.amount, one.currency) == (
        "payment",
        "settled",
        "100.00",
        "DKK",
    )
    assert (one.number, one.happened_at) == ("3825004191", "2026-02-14")
    assert one.references == [("payment_instruction", "PAY-1", None)]
    assert one.note == "INVOICE 7 / payment reference: 000000012345674"


def test_whoever_owns_the_account_is_known_by_it_alone() -> None:
    (one,) = said("CREMUL", CREDIT % "NAD+OY++/DE1234:BUYER GMBH:AM WEG 2'")
    assert one.parties["buyer"].name == "BUYER GMBH"  # the line before is its account
    assert [scheme for scheme, _ in one.parties["seller"].ids] == ["id:account"]


@pytest.mark.parametrize(
    ("kind", "body", "rule", "field"),
    [
        ("CREMUL", CREDIT % "", "party-missing", "buyer"),
        ("PAYORD", HEAD + "MOA+9:5.00:EUR'NAD+OY+++A AG'", "party-missing", "bank"),
        ("PAYMUL", HEAD + ACCOUNT + "SEQ++1'BUS+1:SAL'MOA+9:5:GBP'", "not-a-trade-payment", "BUS 11"),
        ("PAYMUL", HEAD + ACCOUNT + SECOND.replace(":GBP'R", "'R"), "amount-without-currency", "amount"),
        ("FINSTA", "BGM+54+4711+9'", "nothing-stated", None),
        ("BANSTA", "BGM+43+4711+9'", "nothing-stated", None),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(kind: str, body: str, rule: str, field: str | None) -> None:
    (item,) = read(kind, body)
    assert isinstance(item, Reject)
    assert (item.rule, item.field) == (rule, field)
    assert item.fix
