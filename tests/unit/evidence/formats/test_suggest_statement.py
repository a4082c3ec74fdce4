"""Bank statements as tables become payments in and out, which find the bills that they name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tallystick.adapters.tables import suggest_mapping
from tallystick.book import open_book
from tallystick.evidence.formats.mapping import Mapping, load_mapping
from tallystick.evidence.formats.suggest_fields import Sample
from tallystick.evidence.formats.suggest_parties import Own
from tallystick.evidence.formats.suggest_statement import draft_statement

OWN = Own("Hansa Import GmbH", "DE")
GERMAN = """\
"Auftragskonto";"Buchungstag";"Buchungstext";"Verwendungszweck";"Beguenstigter/Zahlungspflichtiger";\
"Kontonummer/IBAN";"Betrag";"Waehrung"
"DE89370400440532013000";"27.02.26";"GUTSCHR. UEBERWEISUNG";"RE 18000017 DANKE";"Rossi Lampade Srl";\
"IT60X0542811101000000123456";"1.234,50";"EUR"
"DE89370400440532013000";"26.02.26";"ONLINE-UEBERWEISUNG";"Rechnung 4711 Lampen";\
"Shenzhen Huaqiang Electronics";"DE02120300000000202051";"-980,00";"EUR"
"""
CHINESE = """\
交易日期,摘要,收入金额,支出金额,余额,对方户名,对方账号
2026-01-05,货款 00000001,"1,234.50",,"5,000.00",深圳市华强电子有限公司,6222020200012345678
2026-01-06,运费,,300.00,"4,700.00",宁波海田国际货运有限公司,6222020200012345679
"""
BILLS = """\
Customer,Invoice No,Invoice date,Due date,Amount,Currency
Rossi Lampade Srl,18000017,2026-01-20,2026-02-19,1234.50,EUR
Acme Lamps Ltd,18000018,2026-01-21,2026-02-20,99.00,EUR
"""


def put(folder: Path, name: str, text: str) -> tuple[Path, Mapping]:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file, load_mapping(suggest_mapping(file, OWN))


@pytest.mark.parametrize(
    ("text", "said", "other", "amounts"),
    [
        (GERMAN, "Verwendungszweck", "Beguenstigter/Zahlungspflichtiger", ("Betrag", "Betrag")),
        (CHINESE, "摘要", "对方户名", ("收入金额", "支出金额")),
    ],
)
def test_a_line_is_a_payment_by_or_to_the_other_side(
    tmp_path: Path, text: str, said: str, other: str, amounts: tuple[str, str]
) -> None:
    _, mapping = put(tmp_path, "umsaetze.csv", text)
    came, went = mapping.document
    for payment, mine, theirs, amount in (
        (came, came.seller, came.buyer, amounts[0]),
        (went, went.buyer, went.seller, amounts[1]),
    ):
        assert payment.kind.const == "payment" and mine is not None and theirs is not None
        assert mine.name is not None and mine.name.const == OWN.name
        assert (
            theirs.name is not None and theirs.name.column == other and theirs.details()["account"]
        )
        assert payment.note is not None and payment.note.column == said
        assert payment.amount is not None and payment.amount.column == amount


def test_a_payment_finds_the_bill_whose_number_stands_in_its_words(tmp_path: Path) -> None:
    with open_book(tmp_path / "book", create=True) as book:
        for name, text in (("bills.csv", BILLS), ("umsaetze.csv", GERMAN)):
            file, mapping = put(tmp_path, name, text)
            book.ingest([file], mapping)
        cut = book.cut(date(2026, 4, 1))
        rows = cut.read("promises").to_pylist()
    found = {row["value_minor"]: row for row in rows if row["kind"] == "pay"}
    assert (found[123450]["outcome"], found[123450]["late_days"]) == ("late", 8)
    assert found[9900]["outcome"] == "broken"


@pytest.mark.parametrize(
    "header",
    [
        ("Date", "Customer name", "Description", "Amount", "Due date"),
        ("Invoice date", "Invoice No", "Name", "Description", "Amount"),
        ("Date", "Description", "Amount"),
    ],
)
def test_what_is_no_statement_is_none(header: tuple[str, ...]) -> None:
    cells = {"Amount": ("10.00", "-5.00"), "Description": ("Lamps", "Credit")}
    cells |= {name: ("2026-01-05", "2026-01-06") for name in header if "ate" in name}
    samples = [Sample(name, cells.get(name, ("Acme Lamps", "Bolt Ltd"))) for name in header]
    assert draft_statement(samples, "export.csv") is None
