"""Exports that are known by their columns: what their rows become, and that no header breaks the mapping."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.adapters.tables import preview, suggest_mapping
from tallystick.evidence.formats.known_exports import Export, _exports, draft_known
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.formats.suggest_fields import Sample
from tallystick.evidence.formats.suggest_parties import Own

OWN = Own("Hansa Import GmbH", "DE")
SHOPIFY = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Total,Created at,\
Lineitem quantity,Billing Name,Billing Company,Billing Country,Cancelled at
#1001,a@acme-lamps.de,paid,2026-01-05 10:00:00 +0100,fulfilled,2026-01-07 23:30:00 +0100,EUR,12.50,\
2026-01-05 09:59:00 +0100,1,Anna,Acme Lamps,DE,
#1001,a@acme-lamps.de,,,,,,,2026-01-05 09:59:00 +0100,2,,,,
#1002,b@example.org,refunded,2026-01-06 10:00:00 +0100,unfulfilled,,EUR,7.00,2026-01-06 09:59:00 +0100,1,Bob,,\
FR,2026-01-08 12:00:00 +0100
"""
EBAY = """\
Sales Record Number,Order Number,Buyer Username,Buyer Country,Quantity,Total Price,Sale Date,Ship By Date,\
Shipped On Date
101,12-1-1,acme_1,Germany,1,"US $1,045.99",Jan-25-26,Jan-28-26,Jan-27-26
102,12-1-2,bob_2,France,1,US $9.00,Jan-26-26,Jan-29-26,
"""
ETSY = """\
Sale Date,Order ID,Buyer User ID,Date Shipped,Ship Country,Currency,Order Total
01/25/26,9001,17,01/27/26,Canada,CAD,76.00
01/26/26,9002,18,,United States,CAD,30.30
"""
PAYPAL = """\
Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,\
Reference Txn ID,Invoice Number
01/25/2026,10:00:00,PST,Acme Lamps,Express Checkout Payment,Completed,USD,"1,200.00",-30.00,"1,170.00",\
a@acme-lamps.de,me@hansa.de,7AB,,INV-1
01/26/2026,10:00:00,PST,Acme Lamps,Payment Refund,Completed,USD,-200.00,0.00,-200.00,me@hansa.de,\
a@acme-lamps.de,8CD,7AB,INV-1
01/27/2026,10:00:00,PST,,General Withdrawal,Completed,USD,-500.00,0.00,-500.00,,,9EF,,
01/28/2026,10:00:00,PST,Late Payer,Express Checkout Payment,Pending,USD,5.00,0.00,5.00,l@late.de,,0GH,,
"""
FILES = {
    "shopify": (SHOPIFY, [["order", "dispatch"], [], ["order", "order_cancellation"]]),
    "ebay": (EBAY, [["order", "dispatch"], ["order"]]),
    "etsy": (ETSY, [["order", "dispatch"], ["order"]]),
    "paypal": (PAYPAL, [["payment"], ["refund"], [], []]),
}


def documents(tmp_path: Path, text: str) -> list[list[dict[str, object]]]:
    file = tmp_path / "export.csv"
    file.write_text(text, encoding="utf-8")
    rows = preview(file, load_mapping(suggest_mapping(file, OWN)))
    assert not [reject for row in rows for reject in row.rejects]
    return [row.documents for row in rows]


@pytest.mark.parametrize("name", FILES)
def test_each_row_becomes_what_it_tells(tmp_path: Path, name: str) -> None:
    text, kinds = FILES[name]
    assert [[d["kind"] for d in row] for row in documents(tmp_path, text)] == kinds


def test_a_known_export_is_read_as_it_is_meant(tmp_path: Path) -> None:
    (order, dispatch), (other,) = documents(tmp_path, EBAY)
    told = {
        "amount_minor": 104599,
        "currency": "USD",
        "namespace": "ebay",
        "buyer": "id:ebay.user:acme_1",
    }
    assert told.items() <= order.items() and order["seller"] == OWN.name
    days = [str(order[field]) for field in ("issued_on", "due_on")] + [
        str(dispatch["happened_at"])[:10]
    ]
    assert days == ["2026-01-25", "2026-01-28", "2026-01-27"]
    assert other["number"] == "12-1-2"


def test_what_stands_above_the_header_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    bare = documents(tmp_path / "bare", EBAY)
    for above in ("\n", "Orders report\nsep=,\n", "Orders report of 3 March 2026,,,\n,,,\n"):
        assert documents(tmp_path, above + EBAY) == bare


def test_a_refund_is_of_its_payment_and_its_amount_has_no_sign(tmp_path: Path) -> None:
    _, (refund,), *_ = documents(tmp_path, PAYPAL)
    assert refund["amount_minor"] == 20000 and refund["buyer"] == "Acme Lamps"


def drafted(header: Iterable[str], own: Own | None = OWN) -> str | None:
    return draft_known([Sample(name, ()) for name in header], "x\n]", [], own)


def test_without_an_owner_a_line_is_left_to_fill_in() -> None:
    text = drafted(ETSY.splitlines()[0].split(","), None) or ""
    assert text.count('# seller = { name = "..." }  # TODO') == 2 and load_mapping(text)


def test_columns_are_known_however_they_are_spelt_and_absent_ones_leave_their_lines_out() -> None:
    spelt = ("SALE DATE", "order_id", "Buyer user-id", "Date shipped", "Order total")
    order, dispatch = load_mapping(drafted(spelt) or "").document
    assert order.number is not None and order.number.column == "order_id"
    assert order.currency is None and dispatch.happened_at is not None
    assert drafted(spelt[1:]) is None


@given(st.sampled_from(_exports()), st.data())
def test_whatever_header_it_has_the_mapping_loads(export: Export, data: st.DataObject) -> None:
    dressing = st.text(st.sampled_from(" *'\"\\#\n«»{}="), max_size=3)
    header = [data.draw(dressing) + name + data.draw(dressing) for name in sorted(export.columns)]
    text = drafted(header)
    assert text is None or load_mapping(text).document
