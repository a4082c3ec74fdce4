"""Where the documents of a deal disagree, and what they refer to that never came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tallystick.book import Book
from tallystick.report.blocks import Breaks

INVOICE = "2024-02-03 invoice I1 ->order:PO-7 due=2024-03-04 amount=100 USD by=seller\n"
ORDER = "2024-01-06 order PO-7 due=2024-02-01 amount=100 USD\n"


@pytest.fixture
def missing(tell: Callable[[str], Book]) -> Callable[[str], list[tuple[str, str]]]:
    """(between which kinds, number) of each missing document that a ledger leads to."""

    def found(text: str) -> list[tuple[str, str]]:
        book = tell(text)
        rows = book.breaks(book.cut(date(2024, 12, 31))).to_pylist()
        return [(r["between_kinds"], r["unit"]) for r in rows if r["kind"] == "missing document"]

    return found


Missing = Callable[[str], list[tuple[str, str]]]


def test_a_reference_to_a_document_that_never_came_is_a_break(missing: Missing) -> None:
    assert missing(INVOICE) == [("invoice and order", "PO-7")]


def test_a_document_that_came_is_not_missing(missing: Missing) -> None:
    assert missing(INVOICE + ORDER) == []


def test_the_same_reference_by_several_documents_of_a_kind_is_missing_once(
    missing: Missing,
) -> None:
    again = INVOICE.replace("I1", "I2")
    sent = "2024-02-01 dispatch D1 ->order:PO-7\n"
    assert missing(INVOICE + again + sent) == [
        ("dispatch and order", "PO-7"),
        ("invoice and order", "PO-7"),
    ]


def test_each_of_several_references_is_looked_for(missing: Missing) -> None:
    paid = "2024-03-01 payment P1 ->invoice:I1 ->invoice:I9 ->order:PO-7 amount=100 USD by=bank\n"
    assert missing(INVOICE + ORDER + paid) == [("payment and invoice", "I9")]


def test_the_number_of_a_transaction_is_no_document(missing: Missing) -> None:
    assert missing(ORDER.replace("PO-7", "PO-7 ->deal:T1")) == []
    sent = "2024-02-01 dispatch D1 ->deal:T1 ->order:PO-8\n"
    assert missing(sent) == [("dispatch and order", "PO-8")]


def test_a_document_that_was_taken_back_is_missing(missing: Missing) -> None:
    assert missing(INVOICE + ORDER + "2024-01-09 order PO-7 action=retract\n") == [
        ("invoice and order", "PO-7")
    ]


DE = "DE89370400440532013000"

STORY = f"""
2024-01-02 quotation Q-1 due=2024-01-20 amount=1000 USD quantity=100 unit=kg by=seller
2024-01-05 order PO-7 ->quotation:Q-1 due=2024-02-01 amount=1000 USD quantity=100 unit=kg by=buyer
2024-01-06 order_confirmation OC-7 ->order:PO-7 due=2024-02-01 amount=1000 USD quantity=100 unit=kg by=seller
2024-01-30 dispatch D-7 ->order:PO-7 quantity=100 unit=kg by=seller
2024-01-30 policy IP-7 ->order:PO-7 due=2024-04-01 amount=1100 USD insurer=Cover by=insurer
2024-01-31 transport_event TE-1 ->order:PO-7 status=departed carrier=FastShip by=carrier
2024-01-31 export_declaration EX-7 ->order:PO-7 ->invoice:I-7 amount=1000 USD quantity=100 unit=kg by=customs
2024-01-31 invoice I-7 ->order:PO-7 due=2024-03-15 amount=1000 USD quantity=100 unit=kg account={DE} by=seller
2024-02-25 transport_event TE-2 ->order:PO-7 status=delivered carrier=FastShip by=carrier
2024-02-26 receipt R-7 ->order:PO-7 quantity=100 unit=kg by=buyer
2024-02-27 import_declaration IM-7 ->order:PO-7 ->invoice:I-7 amount=1000 USD quantity=100 unit=kg by=customs
2024-03-10 payment P-7 ->invoice:I-7 ->order:PO-7 amount=1000 USD account={DE} by=bank
"""
"""A deal that closes: every break below is this one with a line altered."""

OTHER_ACCOUNT = "account=GB29NWBK60161331926819"

ALTERED: dict[str, tuple[str, str, str, set[tuple[str, str, str]]]] = {
    "nothing": ("", "", "", set()),
    "quoted lower": ("quotation", "amount=1000", "amount=900", {
        ("amount", "quotation and order", "buyer,seller"),
        ("price", "quotation and order", "buyer,seller")}),
    "confirmed less": ("order_confirmation", "quantity=100", "quantity=80", {
        ("quantity", "order and order_confirmation", "seller"),
        ("price", "order and order_confirmation", "seller")}),
    "sent less": ("dispatch", "quantity=100", "quantity=90", {
        ("quantity", "order and dispatch", "seller"),
        ("quantity", "dispatch and receipt", "buyer,carrier,seller")}),
    "received less, by the buyer's word": ("receipt", "quantity=100", "quantity=90", {
        ("quantity", "dispatch and receipt", "buyer,carrier,seller")}),
    "received less, by the warehouse's": (
        "receipt", "quantity=100 unit=kg by=buyer", "quantity=90 unit=kg by=warehouse", {
        ("quantity", "dispatch and receipt", "carrier,seller")}),
    "billed for more goods": ("invoice", "quantity=100", "quantity=110", {
        ("quantity", "order and invoice", "seller"),
        ("price", "order and invoice", "seller"),
        ("quantity", "invoice and export_declaration", "seller"),
        ("quantity", "invoice and import_declaration", "buyer")}),
    "billed more": ("invoice", "amount=1000", "amount=1050", {
        ("amount", "order and invoice", "seller"),
        ("price", "order and invoice", "seller"),
        ("payment", "invoice and payment", "bank,buyer"),
        ("declaration", "invoice and export_declaration", "seller"),
        ("declaration", "invoice and import_declaration", "buyer")}),
    "billed in another currency": ("invoice", "amount=1000 USD", "amount=1000 EUR", {
        ("currency", "documents in two currencies", "buyer,seller"),
        ("currency", "invoice and payment", "bank,buyer")}),
    "billed by another": ("order", " due=2024-02-01", " seller=Twin due=2024-02-01", {
        ("party", "order and invoice", "seller"), ("party", "order and dispatch", "seller"),
        ("missing document", "order and quotation", "buyer,seller")}),
    "another buyer on the bill": ("invoice", "due=", "buyer=Uncle due=", {
        ("party", "order and invoice", "seller"), ("party", "invoice and payment", "buyer,seller"),
        ("party", "invoice and import_declaration", "buyer"),
        ("missing document", "invoice and order", "buyer,seller")}),
    "paid by a third party": ("payment", "amount=", "buyer=Uncle amount=", {
        ("party", "invoice and payment", "buyer,seller"), ("missing document", "payment and order", "buyer")}),
    "paid to another": ("payment", "amount=", "seller=Twin amount=", {
        ("party", "invoice and payment", "buyer,seller"),
        ("missing document", "payment and invoice", "seller")}),
    "exported under another name": ("export_declaration", "amount=", "seller=Twin amount=", {
        ("party", "invoice and export_declaration", "seller"),
        ("missing document", "export_declaration and invoice", "seller")}),
    "paid to a changed account": ("payment", f"account={DE}", OTHER_ACCOUNT, {
        ("account", "invoice and payment", "buyer,seller")}),
    "paid less": ("payment", "amount=1000", "amount=900", {("payment", "invoice and payment", "bank,buyer")}),
    "a bank's fee": ("payment", "amount=1000", "amount=996", set()),
    "paid more": (
        "payment", "amount=1000", "amount=1100", {("payment", "more paid than billed", "buyer,seller")}),
    "paid in another currency": ("payment", "amount=1000 USD", "amount=930 EUR", {
        ("currency", "invoice and payment", "bank,buyer")}),
    "declared less on leaving": ("export_declaration", "amount=1000", "amount=600", {
        ("declaration", "invoice and export_declaration", "seller")}),
    "declared less on coming": ("import_declaration", "amount=1000", "amount=600", {
        ("declaration", "invoice and import_declaration", "buyer")}),
    "declared fewer": ("export_declaration", "quantity=100", "quantity=60", {
        ("quantity", "invoice and export_declaration", "seller")}),
    "insured below value": ("policy", "amount=1100", "amount=800", {
        ("insurance", "invoice and policy", "buyer,seller")}),
    "damaged under cover": ("transport_event", "status=delivered", "status=damaged", set()),
    "shipped before ordered": ("dispatch", "2024-01-30", "2024-01-03", {
        ("order of events", "dispatch before order", "seller")}),
    "collected before ordered": ("transport_event", "2024-01-31", "2024-01-02", {
        ("order of events", "collection before order", "carrier,seller")}),
    "received before sent": ("receipt", "2024-02-26", "2024-01-20", {
        ("order of events", "receipt before dispatch", "buyer,seller")}),
    "received before collected": ("transport_event", "2024-01-31", "2024-02-29", {
        ("order of events", "receipt before collection", "buyer,carrier"),
        ("order of events", "delivery before collection", "carrier")}),
    "declared before ordered": ("export_declaration", "2024-01-31", "2024-01-04", {
        ("order of events", "declaration before order", "seller")}),
    "billed before ordered": ("invoice", "2024-01-31", "2024-01-03", {
        ("order of events", "invoice before order", "seller")}),
    "paid before billed": ("payment", "2024-03-10", "2024-01-10", {
        ("order of events", "payment before invoice", "buyer,seller")}),
}  # fmt: skip
"""What is done -> (the line that is altered, old words, new words, the breaks that appear)."""

ADDED: dict[str, tuple[str, set[tuple[str, str, str]]]] = {
    "billed twice": (
        "2024-02-02 invoice I-8 ->order:PO-7 due=2024-03-15 amount=1000 USD quantity=100 unit=kg by=seller", {
        ("billed twice", "invoice and invoice", "seller"), ("amount", "order and invoice", "seller"),
        ("quantity", "order and invoice", "seller"), ("payment", "invoice and payment", "bank,buyer"),
        ("declaration", "invoice and export_declaration", "seller"),
        ("declaration", "invoice and import_declaration", "buyer"),
        ("quantity", "invoice and export_declaration", "seller"),
        ("quantity", "invoice and import_declaration", "buyer"),
        ("insurance", "invoice and policy", "buyer,seller")}),
    "told by both banks": ("2024-03-11 payment Q-1 ->invoice:I-7 amount=998 USD by=payment_service", set()),
    "a bill with another account": ("2024-01-20 proforma PF-1 ->order:PO-7 due=2024-03-01 amount=100 USD "
        + OTHER_ACCOUNT + " by=seller", {
        ("account", "bills of one seller", "seller")}),
    "an account that no bill before had": ("2023-10-01 invoice I-1 due=2023-11-01 amount=70 USD "
        + OTHER_ACCOUNT + " by=seller", {("account", "bill and earlier bill", "seller")}),
    "assigned to two": (
        "2024-02-03 assignment A-1 ->invoice:I-7 recipient=Factor amount=800 USD by=bank\n"
        "2024-02-05 assignment A-2 ->invoice:I-7 recipient=Bank amount=900 USD by=bank:Bank", {
        ("financing", "assignment and assignment", "seller"),
        ("financing", "assignment and payment", "buyer,seller")}),
    "financed above the bill": (
        "2024-03-20 assignment A-1 ->invoice:I-7 recipient=Factor amount=1300 USD by=bank", {
        ("financing", "invoice and assignment", "seller")}),
    "claimed above the cover": (
        "2024-03-02 claim C-1 ->policy:IP-7 ->order:PO-7 amount=1300 USD insurer=Cover by=insurer", {
        ("insurance", "policy and claim", "buyer,seller")}),
    "insured after the loss": (
        "2024-01-20 transport_event TE-9 ->order:PO-7 status=lost carrier=FastShip by=carrier", {
        ("insurance", "policy after loss", "buyer,seller")}),
    "lost after the cover": (
        "2024-05-20 transport_event TE-9 ->order:PO-7 status=lost carrier=FastShip by=carrier", {
        ("insurance", "loss after cover ended", "buyer,seller")}),
    "changed by the buyer and sent so": (
        "2024-01-10 order_change OX-1 ->order:PO-7 quantity=100 unit=kg amount=1000 USD by=buyer", set()),
}  # fmt: skip
"""What comes on top -> (its lines, the breaks that appear)."""

Found = set[tuple[str, str, str]]


def found_in(book: Book) -> Found:
    rows = book.breaks(book.cut(date(2024, 12, 31))).to_pylist()
    return {(row["kind"], row["between_kinds"], row["caused_by"]) for row in rows}


@pytest.mark.parametrize("case", ALTERED)
def test_a_line_altered_is_a_break(tell: Callable[[str], Book], case: str) -> None:
    line, old, new, wanted = ALTERED[case]
    lines = STORY.splitlines(keepends=True)
    told = "".join(
        text.replace(old, new) if old and f" {line} " in text and old in text else text
        for text in lines
    )
    assert not old or told != STORY
    assert found_in(tell(told)) == wanted


@pytest.mark.parametrize("case", ADDED)
def test_a_line_added_is_a_break(tell: Callable[[str], Book], case: str) -> None:
    lines, wanted = ADDED[case]
    assert found_in(tell(STORY + lines + "\n")) == wanted


def test_goods_that_nobody_shipped(tell: Callable[[str], Book]) -> None:
    received = "2024-02-20 receipt R1 ->order:PO-7 quantity=5 unit=KGM by=buyer\n"
    other = "2024-03-20 dispatch D9 ->order:PO-9 quantity=5 unit=KGM by=seller\n"
    wanted = {("goods", "receipt without shipment", "buyer,carrier,seller")}
    found = found_in(tell(ORDER + received + other))
    assert {row for row in found if row[0] != "missing document"} == wanted


def test_where_no_shipment_is_ever_told_of_none_is_missed(tell: Callable[[str], Book]) -> None:
    received = "2024-02-20 receipt R1 ->order:PO-7 quantity=5 unit=KGM by=buyer\n"
    assert found_in(tell(ORDER + received)) == set()


def test_a_missing_document_is_told_by_its_number(tell: Callable[[str], Book]) -> None:
    book = tell(INVOICE)
    cut = book.cut(date(2024, 12, 31))
    for lang, between, found in (
        ("en", "invoice and order", "not in the book"),
        ("zh", "发票与订单", "账簿中没有"),
    ):
        row = book.report("Shop", cut, lang).block(Breaks).rows[0]
        assert (row.between, row.expected, row.found) == (between, "PO-7", found)
