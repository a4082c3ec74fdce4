"""The mapping file: what each key does to a row, and what is said about a wrong one."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.adapters.ledger.tables import whole
from tallystick.adapters.tables import stage_table
from tallystick.evidence.formats.conditions import columns_of, parse
from tallystick.evidence.formats.mapping import columns_named, load_mapping, template_parts
from tallystick.evidence.formats.suggest import draft
from tallystick.evidence.formats.suggest_fields import Sample
from tallystick.evidence.formats.table_values import Columns, literal
from tallystick.evidence.ledger import Contributor, EvidenceError
from tallystick.evidence.schema import DOCUMENT

BASE = """
[[document]]
kind = "order"
number = "no"
seller = { name = { const = "ACME" } }
buyer = { name = { const = "Bob" } }
"""
WEEKS = 'issued_on = { column = "week", start = 2015-01-05, step_days = 7, plus_days = -7 }'


def one(folder: Path, cells: dict[str, str], more: str, read: str = "") -> dict[str, Any]:
    """What one row becomes: its document, or the reject under `rule`."""
    quoted = ('"' + text.replace('"', '""') + '"' for text in cells.values())
    path = folder / "t.csv"
    path.write_text(f"{','.join(cells)}\n{','.join(quoted)}\n", encoding="utf-8")
    mapping = load_mapping(f"[read]\n{read}\n{BASE}{more}")
    staged = stage_table(path, mapping, Contributor("x"), folder / "s")
    assert not isinstance(staged.documents, pa.Table)
    found = [
        *whole(staged.documents, DOCUMENT, "documents").to_pylist(),
        *staged.rejects.to_pylist(),
    ]
    assert len(found) == staged.document_count <= 1
    return found[0] if found else {}


DAY = 'issued_on = "day"\n'
AMOUNT = DAY + 'currency = { const = "EUR" }\n'


@pytest.mark.parametrize(
    ("cells", "more", "read", "field", "value"),
    [
        ({"day": "2024-01-02"}, DAY, "", "issued_on", "2024-01-02"),
        ({"day": "02/01/2024"}, DAY, 'dates = ["%d/%m/%Y"]', "issued_on", "2024-01-02"),
        ({"day": "1/2/2024"}, DAY, 'dates = ["%Y.%m.%d", "%m/%d/%Y"]', "issued_on", "2024-01-02"),
        (
            {"day": "2.1.2024"},
            'issued_on = { column = "day", dates = "%d.%m.%Y" }',
            "",
            "issued_on",
            "2024-01-02",
        ),
        ({"week": "1"}, WEEKS.replace(", plus_days = -7", ""), "", "issued_on", "2015-01-12"),
        ({"week": "2"}, WEEKS, "", "issued_on", "2015-01-12"),
        ({"week": "x"}, WEEKS, "", "rule", "date-impossible"),
        (
            {"day": "2024-01-02"},
            DAY + 'due_on = { column = "day", plus_days = 30 }',
            "",
            "due_on",
            "2024-02-01",
        ),
        (
            {"day": "2024-01-02", "credit": "60"},
            DAY + 'due_on = { column = "day", plus_days = "credit" }',
            "",
            "due_on",
            "2024-03-02",
        ),
        (
            {"at": "2024-01-02 08:00"},
            'happened_at = "at"',
            'timezone = "Asia/Shanghai"',
            "happened_at",
            "2024-01-02 00:00:00+00:00",
        ),
        (
            {"at": "2024-01-02T08:00Z"},
            'happened_at = "at"',
            "",
            "happened_at",
            "2024-01-02 08:00:00+00:00",
        ),
        (
            {"a": "1.234,50"},
            AMOUNT + 'amount = "a"',
            'decimal = ","\nthousands = "."',
            "amount_minor",
            "123450",
        ),
        ({"a": "1,234.50"}, AMOUNT + 'amount = "a"', 'thousands = ","', "amount_minor", "123450"),
        ({"a": "1,5"}, AMOUNT + 'amount = "a"', 'thousands = ","', "rule", "amount-not-a-number"),
        *(
            ({"a": cell}, AMOUNT + 'amount = "a"', read, "amount_minor", "123450")
            for cell, read in (
                ("€ 1234.50", 'beside = "€"'),
                ("1234.50€", 'beside = ["€"]'),
                ("US $1234.50", 'beside = ["US $"]'),
                ("US$1,234.50", 'thousands = ","\nbeside = ["$", "US$"]'),
                ("1\u202f234,50 EUR", 'decimal = ","\nthousands = "\u202f"\nbeside = ["EUR"]'),
                ("CHF 1'234.50", 'thousands = "\'"\nbeside = ["CHF"]'),
            )
        ),
        ({"a": "1€2"}, AMOUNT + 'amount = "a"', 'beside = "€"', "rule", "amount-not-a-number"),
        ({"a": "£ 12"}, AMOUNT + 'amount = "a"', 'beside = "€"', "rule", "amount-not-a-number"),
        ({"a": "1.234,50"}, AMOUNT + 'amount = "a"', "", "rule", "amount-not-a-number"),
        ({"a": "1.5"}, AMOUNT + 'amount = "a"', 'decimal = ","', "rule", "amount-not-a-number"),
        (
            {"a": "-3"},
            AMOUNT + 'amount = { column = "a", negative = "abs" }',
            "",
            "amount_minor",
            "300",
        ),
        ({"a": "-3"}, AMOUNT + 'amount = "a"', "", "rule", "amount-negative"),
        (
            {"a": "3", "b": "0.5"},
            AMOUNT + 'amount = { sum = ["a", "b"] }',
            "",
            "amount_minor",
            "350",
        ),
        ({"a": "3", "b": ""}, AMOUNT + 'amount = { sum = ["a", "b"] }', "", "amount_minor", "300"),
        (
            {"a": "3", "b": "x"},
            AMOUNT + 'amount = { sum = ["a", "b"] }',
            "",
            "rule",
            "amount-not-a-number",
        ),
        (
            {"a": "3", "b": "0.5"},
            AMOUNT + 'amount = { sum = ["a"], minus = ["b"] }',
            "",
            "amount_minor",
            "250",
        ),
        (
            {"a": "3"},
            AMOUNT + 'amount = { column = "a", times = 1000 }',
            "",
            "amount_minor",
            "300000",
        ),
        (
            {"s": "4"},
            DAY + 'score = { column = "s", lowest = 1, highest = 5 }',
            "",
            "score_ppm",
            "750000",
        ),
        ({"q": "NA"}, DAY + 'quantity = "q"', 'null = ["NA"]', "quantity_milli", "None"),
        (
            {"r": "late"},
            DAY + 'reason = { column = "r", map = { late = "delay" } }',
            "",
            "reason",
            "delay",
        ),
        (
            {"r": "odd"},
            DAY + 'reason = { column = "r", map = { late = "delay" } }',
            "",
            "rule",
            "value-unmapped",
        ),
        (
            {"r": "odd"},
            DAY + 'reason = { column = "r", map = { a = "b" }, else = "z" }',
            "",
            "reason",
            "z",
        ),
        (
            {"r": "odd"},
            DAY + 'reason = { column = "r", map = { a = "b" }, else = "" }',
            "",
            "reason",
            "None",
        ),
        (
            {"r": "odd"},
            DAY + 'reason = { column = "r", map = { a = "b" }, keep = true }',
            "",
            "reason",
            "odd",
        ),
        ({"r": ""}, DAY + 'reason = { column = "r", map = { a = "b" } }', "", "reason", "None"),
        ({"r": ""}, DAY + 'reason = { column = "r", default = "none" }', "", "reason", "none"),
        (
            {"r": "x", "s": "y"},
            DAY + 'reason = { template = "{r}/{s}{{}}" }',
            "",
            "reason",
            "x/y{}",
        ),
        ({"r": "", "s": "y"}, DAY + 'reason = { first = ["r", "s"] }', "", "reason", "y"),
        (
            {"r": "it's"},
            DAY + 'reason = { column = "r", map = { "it\'s" = "o\'k" } }',
            "",
            "reason",
            "o'k",
        ),
    ],
)
def test_a_key_does_what_it_says(
    tmp_path: Path, cells: dict[str, str], more: str, read: str, field: str, value: str
) -> None:
    given = {"no": "7", "day": "2024-01-02"} | cells
    assert str(one(tmp_path, given, more, read)[field]) == value


@pytest.mark.parametrize(
    ("when", "passes"),
    [
        ("s == 'paid'", True),
        ("s = 'paid' and n != 'x'", True),
        ("s in ['open', 'paid']", True),
        ("s not in ('open', 'paid')", False),
        ("empty is null and s is not null", True),
        ("empty != 'x'", True),
        ("empty == 'x'", False),
        ("not empty == 'x'", True),
        ("number(n) > 9", True),
        ("n > '9'", False),
        ("n < 9.5", False),
        ("date(d) >= '2024-01-02'", True),
        ("date(d) < date(day)", False),
        ("\"two words\" == 'it''s'", True),
        ("s == 'open' or (s == 'paid' and not (n is null))", True),
        ("s == '''; DROP TABLE raw; --'", False),
    ],
)
def test_when_lets_rows_pass(tmp_path: Path, when: str, passes: bool) -> None:
    cells = {"no": "1", "day": "2024-01-02", "d": "2024-01-03", "s": "paid", "n": "10"}
    cells |= {"empty": "", "two words": "it's"}
    assert bool(one(tmp_path, cells, f"{DAY}when = {json.dumps(when)}")) is passes


NASTY = ("infinity", "-infinity", "nan", "1e308", "-1e308", "9" * 40, "epoch", "0x10", "'", "\\")
NASTY += ("290000-01-01", "2024-01-01 (BC)", "9999999999", "32767", "-99999999999999999.5", "\x01")


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_stops_the_others(tmp_path: Path, text: str) -> None:
    more = """
    happened_at = "day"
    issued_on = { column = "x", start = 2015-01-05, step_days = 366, plus_days = "x" }
    due_on = { column = "x", plus_days = 36500 }
    deliver_on = "x"
    amount = { sum = ["x", "x"], minus = ["x"], times = 1000 }
    currency = { const = "KWD" }
    quantity = "x"
    score = { column = "x", lowest = 0.5, highest = 5 }
    note = { column = "x", map = { a = "b" }, keep = true }
    """
    cells = {"no": "7", "day": "2024-01-02", "x": text}
    assert one(tmp_path, cells, more)["rule"]
    for line in more.strip().splitlines()[2:]:
        assert one(tmp_path, cells, DAY + line)


@pytest.mark.parametrize(
    "text", ["", "a ==", "a == 'x", "a; b", "(a == 1", "a === 1", "a in []", "1 ~ 2"]
)
def test_a_filter_that_makes_no_sense(text: str) -> None:
    with pytest.raises(EvidenceError, match="not understood"):
        parse(text)


@given(st.text(max_size=60))
def test_any_filter_is_read_or_refused(text: str) -> None:
    with suppress(EvidenceError):
        columns_of(parse(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[document]]\nkind = "order"\nnumbr = "x"', "did you mean `number`"),
        ('[[document]]\nkind = "ordr"', "did you mean 'order'"),
        ('[[document]]\nkind = "order"\namount = { colum = "x" }', "did you mean `column`"),
        ('[[document]]\nkind = "order"\nseller = { nam = "x" }', "did you mean `name`"),
        (
            '[[document]]\nkind = "order"\nreferences = [{ kind = "ordre", number = "x" }]',
            "'order'",
        ),
        ('[[document]]\nkind = "order"\namount = { column = "x", const = "y" }', "exactly one"),
        ('[[document]]\nkind = "order"\ncurrency = { const = "EUX" }', "no currency"),
        ('[[document]]\nkind = "order"\nseller = {}', "needs an `id` or a `name`"),
        ('[[document]]\nkind = "order"\nwhen = "a ==="', "not understood"),
        ('[[document]]\nnumber = "x"', "`kind` is missing"),
        ('[read]\ndecimal = ","\nthousands = ","\n[[document]]\nkind = "order"', "same mark"),
        ('[raed]\n[[document]]\nkind = "order"', "did you mean `read`"),
        ("", "`document` is missing"),
        ("kind = ", "not TOML"),
    ],
)
def test_a_wrong_mapping_is_one_clear_sentence(text: str, says: str) -> None:
    with pytest.raises(EvidenceError, match=says) as error:
        load_mapping(text, "orders.toml")
    assert str(error.value).startswith("orders.toml") and "\n" not in str(error.value)


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(EvidenceError, match="did you mean 'Order No'"):
        Columns({"Order No": "c0"}).sql("order_no")


def test_every_column_of_a_mapping_is_named() -> None:
    more = 'when = "w == 1"\nnote = { template = "{t}" }\nreason = { first = ["f", "no"] }'
    assert columns_named(load_mapping(BASE + more)) == ["w", "no", "f", "t"]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30).filter(lambda text: "\0" not in text))
def test_constants_stay_constants(text: str) -> None:
    import duckdb

    assert duckdb.sql(f"SELECT {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize("template", ["{a", "a}", "{}", "{a}{"])
def test_a_brace_without_its_pair(template: str) -> None:
    with pytest.raises(EvidenceError, match="without its pair"):
        template_parts(template)


def test_a_draft_names_a_party_by_its_id_and_its_name_and_reads_ship_by() -> None:
    samples = [
        Sample("Order No", ("PO-1", "PO-2")),
        Sample("Order date", ("2026-09-01", "2026-09-03")),
        Sample("Ship by", ("2026-09-10", "2026-09-12")),
        Sample("Supplier", ("深圳市华强电子有限公司", "Yiwu Star Trading")),
        Sample("Supplier ID", ("S1", "S2")),
        Sample("Customer", ("Nairobi Imports", "Lagos Foods")),
    ]
    text = draft(samples, "orders.csv")
    (document,) = load_mapping(text.replace("TODO", "shop")).document
    assert document.number is not None and document.due_on is not None
    assert 'column = "Supplier ID" }, name = "Supplier"' in text
    assert 'due_on = "Ship by"' in text
    assert "not used so far" not in text


ORDERS = [
    Sample("Order No", ("PO-1", "PO-2", "PO-3", "PO-4")),
    Sample("Order date", ("2026-01-05", "2026-01-07", "2026-01-09", "9 January")),
    Sample("Seller", ("Star Trading",) * 4),
    Sample("Buyer", ("Acme", "Acme", "Beta", "Beta")),
    Sample("Amount", ("1,200.00", "980.00", "tbd", "12")),
    Sample("Currency", ("USD",) * 4),
]


def test_orders_that_say_when_they_were_due_and_paid_are_drafted_as_invoices() -> None:
    due = Sample("Due date", ("2026-02-04", "2026-02-06", "2026-02-08", "soon"))
    paid = Sample("Paid on", ("2026-02-03", "2026-02-20"))
    invoice, payment = load_mapping(draft([*ORDERS, due, paid], "orders.csv")).document
    assert (invoice.kind.const, payment.kind.const) == ("invoice", "payment")
    assert invoice.issued_on is not None and invoice.amount is not None
    for other in ([*ORDERS, due], [*ORDERS, Sample("Ship by", due.values), paid]):
        documents = load_mapping(draft(other, "orders.csv")).document
        assert [document.kind.const for document in documents] == ["order"]
        assert documents[0].happened_at is None, "an order is not of the day on which it was paid"


@pytest.mark.parametrize(
    "names",
    [
        ("Ship by", "Shipped on", "Delivered on", "Due date", "Paid on"),
        ("最晚发货日期", "发货日期", "签收日期", "付款期限", "付款日期"),
        ("Ship by", "Seller's day shipped", "Delivered", "Payment due", "Buyer's paid day"),
        ("Versand bis", "Versandt am", "Geliefert am", "Fällig am", "Bezahlt am"),
    ],
)
def test_what_became_of_orders_is_drafted_as_documents_of_their_own(names: tuple[str, ...]) -> None:
    days = ("2026-02-04", "2026-02-06", "2026-02-08", "2026-02-09")
    further = [Sample(name, days) for name in names]
    text = draft([*ORDERS, *further], "orders.csv")
    order, dispatch, event, invoice, payment = load_mapping(text).document
    kinds = [d.kind.const for d in (order, dispatch, event, invoice, payment)]
    assert kinds == ["order", "dispatch", "transport_event", "invoice", "payment"]
    told = (order.due_on, dispatch.happened_at, event.happened_at, invoice.due_on)
    assert [x and x.column for x in (*told, payment.happened_at)] == list(names)
    assert invoice.issued_on is not None and invoice.issued_on.column == names[1]
    assert all(d.seller and d.buyer for d in (dispatch, event, invoice, payment))
    assert "not used so far" not in text


def test_a_column_of_countries_is_known_in_chinese() -> None:
    columns = [Sample("客户", ("Acme Ltd", "Beta Inc")), Sample("客户国家", ("US", "DE"))]
    text = draft([*ORDERS[:2], *columns], "orders.csv")
    assert 'buyer = { name = "客户", country = "客户国家" }' in text


def test_what_was_handed_to_a_carrier_has_left_and_what_is_planned_has_not_happened() -> None:
    days = ("2026-02-04", "2026-02-06", "2026-02-08", "2026-02-09")
    names = ("delivered_to_carrier_date", "delivered_date", "estimated_delivery_date")
    text = draft([*ORDERS, *(Sample(name, days) for name in names)], "orders.csv")
    order, dispatch, event = load_mapping(text).document
    found = (dispatch.happened_at, event.happened_at, order.due_on)
    assert [x and x.column for x in found] == list(names)


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        (("1.200,00 €", "€ 7", "-12,50€"), 'currency = { const = "EUR" }  # confidence'),
        (("zł 1 200,00", "zł 950", "12"), 'thousands = " "'),
        (("$1,200.00", "$7", "$8"), 'currency = { const = "USD" }  # confidence'),
        (("kr 1.200,00", "kr 7", "kr 8"), "amounts have kr; say which currency"),
        (("1'200.00", "7", "CHF 8"), 'beside = ["CHF"]'),
        (("€ 5", "$ 5", "$ 6"), "amounts have $, €; say which currency"),
    ],
)
def test_a_draft_reads_amounts_with_their_currency(amounts: tuple[str, ...], says: str) -> None:
    columns = [s for s in ORDERS if s.name not in {"Amount", "Currency"}]
    text = draft([*columns, Sample("Amount", amounts)], "orders.csv")
    (document,) = load_mapping(text).document
    assert document.amount is not None and document.amount.column == "Amount"
    assert says in text


def test_a_drafted_party_has_its_own_country_and_number_and_its_payment_the_seller_of_the_bill() -> (
    None
):
    more = [
        Sample("Supplier VAT", ("DK61056416",) * 4),
        Sample("Customer country", ("DE", "DE", "FR", "FR")),
        Sample("Due", ("2026-02-04", "2026-02-06", "2026-02-08", "2026-02-09")),
        Sample("Paid", ("2026-02-03", "2026-02-20")),
    ]
    samples = [
        Sample({"Seller": "Supplier", "Buyer": "Customer"}.get(s.name, s.name), s.values)
        for s in ORDERS
    ]
    bill, payment = load_mapping(draft([*samples, *more], "orders.csv")).document
    for said in (bill, payment):
        assert said.seller is not None and said.buyer is not None
        assert said.seller.country is None and said.buyer.country is not None
        assert [(one.scheme, one.column) for one in said.seller.id] == [("vat", "Supplier VAT")]
    alone = draft([*samples, Sample("Country", ("DE",) * 4)], "orders.csv")
    assert alone.count('country = "Country"') == 2


def test_a_draft_of_reviews_survives_a_score_that_is_none() -> None:
    scores = Sample("Score", ("4,5", "3", "n/b", "5"))
    text = draft([ORDERS[1], ORDERS[3], scores], "reviews.csv")
    assert "lowest = 1, highest = 5" in text


def test_a_draft_sees_what_relates_companies() -> None:
    samples = [
        Sample("Invoice No", ("I-1", "I-2")),
        Sample("Invoice date", ("2026-09-01", "2026-09-03")),
        Sample("Supplier", ("Star Trading Ltd", "Acme Foods Ltd")),
        Sample("Supplier street address", ("1 High Street", "2 Mill Lane")),
        Sample("Supplier City", ("Leeds", "York")),
        Sample("Supplier Website", ("www.star.com", "acme.co.uk")),
        Sample("Supplier e-mail", ("info@star.com", "info@acme.co.uk")),
        Sample("IBAN", ("GB82WEST12345698765432", "DE89370400440532013000")),
        Sample("Customer", ("Nairobi Imports", "Lagos Foods")),
        Sample("Customer trading name", ("NI", "Lagos")),
        Sample("Customer founded", ("05.06.1987", "28.02.1990")),
        Sample("Ship to address", ("Dock 1", "Dock 2")),
    ]
    text = draft(samples, "invoices.csv")
    (document,) = load_mapping(text).document
    assert document.seller is not None and document.buyer is not None
    told = {
        role.name.column: {
            name: [v.column for v in values] for name, values in role.details().items()
        }
        for role in (document.seller, document.buyer)
        if role.name is not None
    }
    assert told == {
        "Supplier": {
            "address": ["Supplier street address", "Supplier City"],
            "account": ["IBAN"],
            "domain": ["Supplier Website", "Supplier e-mail"],
        },
        "Customer": {"other_names": ["Customer trading name"], "founded": ["Customer founded"]},
    }
    assert document.buyer.founded is not None and document.buyer.founded.dates == ("%d.%m.%Y",)
    assert "check whose IBAN are" in text and "#   Ship to address" in text


def test_a_draft_leaves_out_details_of_nobody_in_particular() -> None:
    samples = [
        Sample("Order No", ("PO-1", "PO-2")),
        Sample("Order date", ("2026-09-01", "2026-09-03")),
        Sample("Supplier", ("Star Trading Ltd", "Acme Foods Ltd")),
        Sample("Customer", ("Nairobi Imports", "Lagos Foods")),
        Sample("Address", ("1 High Street", "2 Mill Lane")),
        Sample("Account", ("Key", "Small")),
        Sample("Supplier City", ("Leeds", "York")),
    ]
    (document,) = load_mapping(draft(samples, "orders.csv")).document
    assert all(not party.details() for party in document.parties().values())
    alone = draft([s for s in samples if s.name != "Customer"], "orders.csv")
    assert 'address = ["Address", "Supplier City"]' in alone and "check whose Address are" in alone
