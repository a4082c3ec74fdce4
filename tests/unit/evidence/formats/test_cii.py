"""CII: both versions of its names, what a bill becomes, and the PDF that carries it."""

from __future__ import annotations

import io
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.cii import (
    looks_like_cii,
    looks_like_pdf_invoice,
    read_cii,
    read_pdf_invoice,
)
from tallystick.evidence.formats.cii.pdf import MAX_PDF
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

UNECE = "urn:un:unece:uncefact:data:standard:"
PARTY = """<ram:{role}><ram:ID>K7</ram:ID>
<ram:GlobalID schemeID="0088">{gln}</ram:GlobalID><ram:Name>{name}</ram:Name>
<ram:PostalTradeAddress><ram:PostcodeCode>20457</ram:PostcodeCode><ram:LineOne>Hafenweg 5</ram:LineOne>
<ram:CityName>Hamburg</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID></ram:SpecifiedTaxRegistration>
</ram:{role}>"""
SELLER = PARTY.format(role="SellerTradeParty", gln="4012345500004", name="Nordlicht GmbH")
BUYER = PARTY.format(role="BuyerTradeParty", gln="5412345000013", name="Mega Retail NV")

BODY = f"""<rsm:ExchangedDocument><ram:ID>INV7</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20260105</udt:DateTimeString></ram:IssueDateTime>
<ram:IncludedNote><ram:Content>Thank  you</ram:Content></ram:IncludedNote></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedLineTradeDelivery>
<ram:BilledQuantity unitCode="H87">2.5</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
</ram:IncludedSupplyChainTradeLineItem><ram:ApplicableHeaderTradeAgreement>{SELLER}{BUYER}
<ram:ApplicableTradeDeliveryTerms><ram:DeliveryTypeCode>DAP</ram:DeliveryTypeCode></ram:ApplicableTradeDeliveryTerms>
<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO1</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery><ram:DespatchAdviceReferencedDocument>
<ram:IssuerAssignedID>DN9</ram:IssuerAssignedID></ram:DespatchAdviceReferencedDocument>
</ram:ApplicableHeaderTradeDelivery><ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradeSettlementPaymentMeans>
<ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE89370400440532013000</ram:IBANID>
</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:SpecifiedTradePaymentTerms><ram:Description>30 days</ram:Description><ram:DueDateDateTime>
<udt:DateTimeString format="102">20260204</udt:DateTimeString></ram:DueDateDateTime>
</ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>119.00</ram:GrandTotalAmount>
<ram:TotalPrepaidAmount>0</ram:TotalPrepaidAmount><ram:DuePayableAmount>119.00</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>"""


def cii(body: str = BODY) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice'
        f' xmlns:rsm="{UNECE}CrossIndustryInvoice:100"'
        f' xmlns:udt="{UNECE}UnqualifiedDataType:100"'
        f' xmlns:ram="{UNECE}ReusableAggregateBusinessInformationEntity:100">{body}</rsm:CrossIndustryInvoice>'
    ).encode()


OLDER = [
    ("CrossIndustryInvoice:100", "CrossIndustryDocument:invoice:1p0"),
    (UNECE + "CrossIndustryDocument", "urn:ferd:CrossIndustryDocument"),
    ("CrossIndustryInvoice", "CrossIndustryDocument"),
    ("rsm:ExchangedDocument", "rsm:HeaderExchangedDocument"),
    ("rsm:SupplyChainTradeTransaction", "rsm:SpecifiedSupplyChainTradeTransaction"),
    ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
    ("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery"),
    ("SettlementHeaderMonetarySummation", "SettlementMonetarySummation"),
    ("IssuerAssignedID", "ID"),
]


def zugferd1() -> bytes:
    """The same bill in the names of ZUGFeRD 1.0."""
    text = cii().decode()
    for new, old in OLDER:
        text = text.replace(new, old)
    return text.encode()


def read(data: bytes) -> list[Said | Reject]:
    return list(read_cii(io.BytesIO(data), "f.xml"))


def said(data: bytes) -> Said:
    item = read(data)[0]
    assert isinstance(item, Said), item
    assert canonicalise([item], Contributor("c")).rejects.to_pylist() == []
    return item


@pytest.mark.parametrize("data", [cii(), zugferd1()], ids=["D16B", "ZUGFeRD 1.0"])
def test_an_invoice_of_either_version(data: bytes) -> None:
    assert looks_like_cii(data)
    item = said(data)
    assert (item.kind, item.number, item.amount, item.currency) == (
        "invoice",
        "INV7",
        "119.00",
        "EUR",
    )
    assert (item.issued_on, item.due_on, item.terms) == ("2026-01-05", "2026-02-04", "open_account")
    assert (item.quantity, item.unit, item.incoterm, item.note) == (
        "2.5",
        "H87",
        "DAP",
        "Thank you",
    )
    assert item.references == [("order", "PO1", None), ("dispatch", "DN9", None)]
    seller = item.parties["seller"]
    assert seller.ids == [("gln", "4012345500004"), ("vat", "DE136695976")]
    assert (seller.name, seller.country, item.parties["buyer"].name) == (
        "Nordlicht GmbH",
        "DE",
        "Mega Retail NV",
    )
    assert seller.details is not None
    assert seller.details.addresses == ("Hafenweg 5, 20457 Hamburg, DE",)
    assert seller.details.accounts == ("DE89370400440532013000",)


def line(word: str) -> int:
    return cii()[: cii().index(word.encode())].count(b"\n") + 1


def test_places_are_paths_and_lines() -> None:
    places = said(cii()).places
    trade = "SupplyChainTradeTransaction/ApplicableHeaderTrade"
    assert places["number"] == "ExchangedDocument/ID:1"
    assert places["amount"] == (
        f"{trade}Settlement/SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount"
        f":{line('<ram:DuePayableAmount')}"
    )
    assert places["due_on"].endswith(f"/DueDateDateTime/DateTimeString:{line('>20260204')}")
    assert places["seller"] == f"{trade}Agreement/SellerTradeParty:{line('<ram:SellerTradeParty')}"
    assert places["references"].count(", ") == 1
    assert said(zugferd1()).places["number"] == "HeaderExchangedDocument/ID:1"


BILLS = [
    ("381", "119.00", {"kind": "credit_note", "due_on": None, "terms": None}),
    ("383", "119.00", {"kind": "debit_note"}),
    ("386", "119.00", {"kind": "proforma"}),
    ("384", "119.00", {"kind": "invoice"}),
    ("380", "-20", {"kind": "invoice", "amount": "0"}),
]


@pytest.mark.parametrize(("code", "amount", "wanted"), BILLS)
def test_a_bill_by_its_name_and_sign(code: str, amount: str, wanted: dict[str, str]) -> None:
    body = BODY.replace(">380<", f">{code}<").replace(
        "<ram:DuePayableAmount>119.00", f"<ram:DuePayableAmount>{amount}"
    )
    item = said(cii(body))
    assert {name: getattr(item, name) for name in wanted} == wanted


def test_a_negative_invoice_is_a_credit_note() -> None:
    item = said(cii(BODY.replace("119.00", "-119.00")))
    assert (item.kind, item.amount, item.due_on) == ("credit_note", "119.00", None)


def test_what_was_paid_too_much_is_owed_back() -> None:
    body = BODY.replace("<ram:DuePayableAmount>119.00", "<ram:DuePayableAmount>-20.00")
    bill, owed = read(cii(body))
    assert isinstance(bill, Said) and isinstance(owed, Said)
    assert (bill.amount, owed.kind, owed.amount) == ("0", "refund_approval", "20.00")
    assert owed.references == [("invoice", "INV7", None)] and (bill.row, owed.row) == (1, 2)


def test_a_self_billed_invoice_and_one_paid_to_a_factor() -> None:
    item = said(cii(BODY.replace(">380<", ">389<")))
    assert item.parties["issuer"] == item.parties["buyer"]
    payee = "<ram:PayeeTradeParty><ram:Name>Factor AG</ram:Name></ram:PayeeTradeParty>"
    factored = said(
        cii(BODY.replace("<ram:InvoiceCurrencyCode>", payee + "<ram:InvoiceCurrencyCode>"))
    )
    assert factored.parties["seller"].details is not None
    assert factored.parties["seller"].details.accounts == ()


def test_the_creditor_reference_by_which_a_bill_is_to_be_paid() -> None:
    given = "<ram:PaymentReference>RF18 5390 0754 7034</ram:PaymentReference>"
    item = said(cii(BODY.replace("<ram:InvoiceCurrencyCode>", given + "<ram:InvoiceCurrencyCode>")))
    assert item.note == "Thank you / payment reference: RF18539007547034"


REFUSED = [
    (b"", "xml-empty"),
    (cii()[:900], "xml-truncated"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + cii(), "xml-doctype"),
    (b"<a/>", "not-cii"),
    (b"<testSet>" + cii()[38:] + b"</testSet>", "not-cii"),
]


@pytest.mark.parametrize(("data", "rule"), REFUSED)
def test_what_is_no_cii_is_refused(data: bytes, rule: str) -> None:
    (item,) = read(data)
    assert isinstance(item, Reject) and (item.rule, item.source) == (rule, "f.xml")
    assert item.message and item.fix


def test_a_snippet_is_refused_as_what_it_is() -> None:
    (item,) = read(b"<testSet>" + cii()[38:] + b"</testSet>")
    assert isinstance(item, Reject) and "wraps such documents, or parts of them" in item.message


def test_an_empty_bill_is_refused_by_the_rules_and_raises_nothing() -> None:
    (item,) = read(cii(""))
    assert isinstance(item, Said)
    assert canonicalise([item], Contributor("c")).rejects.num_rows == 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=6), st.floats(0, 1))
def test_mutilated_bills_never_raise(edits: list[tuple[float, bytes]], keep: float) -> None:
    for item in read(mutilated(cii(), edits, keep)):
        assert isinstance(item, Said | Reject)


def mutilated(data: bytes, edits: list[tuple[float, bytes]], keep: float) -> bytes:
    for place, patch in edits:
        at = int(place * len(data))
        data = data[:at] + patch + data[at + len(patch) :]
    return data[: int(keep * len(data))] if keep < 0.5 else data


@cache
def pdf(*attached: tuple[str, bytes], password: str = "") -> bytes:
    """A PDF of one blank page with files attached, as the library writes it."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for name, content in attached:
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def read_pdf(data: bytes) -> list[Said | Reject]:
    assert looks_like_pdf_invoice(data)
    return list(read_pdf_invoice(io.BytesIO(data), "f.pdf"))


UBL = b"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>U1</cbc:ID></Invoice>"""


@pytest.mark.parametrize("name", ["factur-x.xml", "zugferd-invoice.xml", "any name"])
def test_the_invoice_in_a_pdf_is_the_invoice(name: str) -> None:
    (item,) = read_pdf(pdf(("terms.txt", b"30 days"), (name, cii())))
    (bare,) = read(cii())
    assert isinstance(item, Said) and isinstance(bare, Said)
    assert (item.source, item.places, item.amount) == ("f.pdf", bare.places, bare.amount)
    (old,) = read_pdf(pdf((name, zugferd1())))
    assert isinstance(old, Said) and old.number == "INV7"


def test_a_pdf_may_carry_ubl() -> None:
    (item,) = read_pdf(pdf(("xrechnung.xml", UBL)))
    assert isinstance(item, Said) and item.number == "U1"


PDFS = [
    (pdf(), "pdf-without-invoice", "nothing is attached"),
    (pdf(("a.txt", b"x"), ("b.xml", b"<a/>")), "pdf-without-invoice", "none of its 2 attachments"),
    (pdf(("factur-x.xml", cii()), password="s"), "pdf-encrypted", "locked"),
    (b"%PDF-1.7\nrubbish", "pdf-broken", "cannot be opened"),
    (pdf(("factur-x.xml", cii()[:900])), "xml-truncated", "ends before"),
]


@pytest.mark.parametrize(("data", "rule", "words"), PDFS)
def test_a_pdf_without_an_invoice_is_refused(data: bytes, rule: str, words: str) -> None:
    (item,) = read_pdf(data)
    assert isinstance(item, Reject) and (item.rule, item.source) == (rule, "f.pdf")
    assert words in item.message and item.fix


def test_a_pdf_that_is_too_large_is_not_opened() -> None:
    (item,) = read_pdf(b"%PDF-1.7" + bytes(MAX_PDF))
    assert isinstance(item, Reject) and item.rule == "pdf-too-large"


@settings(max_examples=100, deadline=2_000)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=8), st.floats(0, 1))
def test_mutilated_pdfs_never_raise_nor_hang(edits: list[tuple[float, bytes]], keep: float) -> None:
    data = mutilated(pdf(("factur-x.xml", cii())), edits, keep)
    for item in read_pdf_invoice(io.BytesIO(data), "f.pdf"):
        assert isinstance(item, Said | Reject)
