"""UBL in odd clothes, cut short, mutilated or too large: always read or rejected, never raised."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.formats.ubl import looks_like_ubl, read_ubl
from tallystick.evidence.formats.ubl.shapes import SHAPES
from tallystick.evidence.said import Reject, Said

NS = "urn:oasis:names:specification:ubl:schema:xsd:"


def party(name: str, wrap: str, inner: str = "") -> str:
    body = f"<a:PartyName><b:Name>{name}</b:Name></a:PartyName>{inner}"
    return f"<a:{wrap}><a:Party>{body}</a:Party></a:{wrap}>"


def bare(name: str, wrap: str) -> str:
    return f"<a:{wrap}><a:PartyName><b:Name>{name}</b:Name></a:PartyName></a:{wrap}>"


def ubl(name: str, body: str, number: str = "7") -> bytes:
    head = f"<b:ID>{number}</b:ID><b:IssueDate>2026-03-02</b:IssueDate>"
    return (
        f'<x:{name} xmlns:x="{NS}{name}-2" xmlns:a="{NS}CommonAggregateComponents-2" '
        f'xmlns:b="{NS}CommonBasicComponents-2">{head}{body}</x:{name}>'
    ).encode()


def one(name: str, body: str, number: str = "7") -> Said:
    (said,) = said_of(name, body, number)
    return said


def said_of(name: str, body: str, number: str = "7") -> list[Said]:
    found = list(read_ubl(ubl(name, body, number), "f.xml"))
    assert all(isinstance(item, Said) for item in found), found
    return [item for item in found if isinstance(item, Said)]


def reject(data: bytes) -> Reject:
    (item,) = read_ubl(data, "f.xml")
    assert isinstance(item, Reject)
    return item


def total(name: str, value: str) -> str:
    return f'<a:{name}><b:PayableAmount currencyID="EUR">{value}</b:PayableAmount></a:{name}>'


TRADE = party("S", "SellerSupplierParty") + party("B", "BuyerCustomerParty")
BILL = party("S", "AccountingSupplierParty") + party("B", "AccountingCustomerParty")


def remittance_line(debit: str, credit: str, reference: str) -> str:
    return (
        f'<a:RemittanceAdviceLine><b:DebitLineAmount currencyID="EUR">{debit}</b:DebitLineAmount>'
        f'<b:CreditLineAmount currencyID="EUR">{credit}</b:CreditLineAmount>'
        f"<a:BillingReference>{reference}</a:BillingReference></a:RemittanceAdviceLine>"
    )


def invoice_ref(number: str) -> str:
    return f"<a:InvoiceDocumentReference><b:ID>{number}</b:ID></a:InvoiceDocumentReference>"


CREDIT_REF = "<a:CreditNoteDocumentReference><b:ID>C1</b:ID></a:CreditNoteDocumentReference>"


def response(code: str, reason: str = "", kind: str = "380", more: str = "") -> str:
    status = (
        f"<a:Status><b:StatusReasonCode>{reason}</b:StatusReasonCode></a:Status>" if reason else ""
    )
    return (
        bare("B", "SenderParty")
        + bare("S", "ReceiverParty")
        + f"<a:DocumentResponse><a:Response><b:ResponseCode>{code}</b:ResponseCode>{status}</a:Response>"
        f"<a:DocumentReference><b:ID>inv021</b:ID><b:DocumentTypeCode>{kind}</b:DocumentTypeCode>"
        f"</a:DocumentReference>{more}</a:DocumentResponse>"
    )


def test_prefixes_extensions_and_signatures_do_not_matter() -> None:
    plain = ubl("Invoice", BILL + total("LegalMonetaryTotal", "5"))
    ext = (
        f'<e:UBLExtensions xmlns:e="{NS}CommonExtensionComponents-2"><e:UBLExtension><e:ExtensionContent>'
        "<b:ID>not this</b:ID></e:ExtensionContent></e:UBLExtension></e:UBLExtensions>"
        '<ID xmlns="urn:elsewhere">nor this</ID><a:Signature><b:ID>nor that</b:ID></a:Signature>'
    )
    other = plain.replace(b"<b:ID>7", ext.encode() + b"<b:ID>7", 1)
    other = (
        other.replace(b"<b:", b"<cbc:")
        .replace(b"</b:", b"</cbc:")
        .replace(b"xmlns:b=", b"xmlns:cbc=")
    )
    assert list(read_ubl(other, "f.xml")) == list(read_ubl(plain, "f.xml"))


def test_an_envelope_is_opened() -> None:
    sbd = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    inside = "<StandardBusinessDocumentHeader/>" + ubl("Order", TRADE).decode()
    data = f'<StandardBusinessDocument xmlns="{sbd}">{inside}</StandardBusinessDocument>'
    (said,) = read_ubl(data.encode(), "f.xml")
    assert isinstance(said, Said) and said.kind == "order"


def test_an_embedded_file_of_two_megabytes_is_fine() -> None:
    file = (
        "<a:AdditionalDocumentReference><b:ID>pdf</b:ID><a:Attachment><b:EmbeddedDocumentBinaryObject>"
        + "QUJD" * 500_000
        + "</b:EmbeddedDocumentBinaryObject></a:Attachment></a:AdditionalDocumentReference>"
    )
    assert one("Invoice", file + BILL).kind == "invoice"


REJECTS = [
    (b"<a/>", "not-ubl"),
    (b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-1.0"/>', "not-ubl"),
    (ubl("Catalogue", ""), "not-of-the-loop"),
    (ubl("Forecast", ""), "not-of-the-loop"),
    (b"<!DOCTYPE x><x/>", "xml-doctype"),
    (ubl("Order", TRADE)[:-20], "xml-truncated"),
    (b"", "xml-empty"),
]


@pytest.mark.parametrize(("data", "rule"), REJECTS, ids=[row[1] for row in REJECTS])
def test_rejects(data: bytes, rule: str) -> None:
    item = reject(data)
    assert (item.rule, item.outcome, item.source) == (rule, "rejected", "f.xml")
    assert item.message and item.fix


def test_looks_like_ubl() -> None:
    head = b'<?xml version="1.0"?>' + ubl("Order", "")[:300]
    assert looks_like_ubl(head)
    assert looks_like_ubl(b"\xef\xbb\xbf" + head)
    assert looks_like_ubl(head.decode().encode("utf-16"))
    assert not looks_like_ubl(b"<a/>")
    assert not looks_like_ubl(b"see " + head)
    assert not looks_like_ubl(b"kind,number\norder,7\n")


def test_a_large_document_is_read_in_time() -> None:
    events = "<a:TransportEvent/><b:Note>n</b:Note>" * 60_000
    began = time.process_time()
    assert len(said_of("TransportationStatus", events)) == 60_000
    assert time.process_time() - began < 10


SEED = ubl(
    "Invoice",
    "<b:DueDate>2026-04-01</b:DueDate><a:OrderReference><b:ID>1</b:ID></a:OrderReference>"
    + BILL
    + total("LegalMonetaryTotal", "12.50")
    + '<a:InvoiceLine><b:InvoicedQuantity unitCode="EA">4</b:InvoicedQuantity></a:InvoiceLine>',
)
MADE = [
    SEED,
    ubl("RemittanceAdvice", BILL + remittance_line("1", "2", CREDIT_REF) * 3),
    ubl("ApplicationResponse", response("RE", "QUA")),
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(MADE),
    st.lists(st.tuples(st.integers(0, 2_000), st.binary(max_size=6)), max_size=6),
    st.integers(0, 3_000),
)
def test_mutilated_documents_never_raise(
    data: bytes, edits: list[tuple[int, bytes]], length: int
) -> None:
    for at, bytes_in in edits:
        data = data[:at] + bytes_in + data[at + len(bytes_in) :]
    for item in read_ubl(data[:length] if length < 2_500 else data, "f.xml"):
        assert isinstance(item, Said | Reject)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(SHAPES)), st.text(max_size=30), st.text(max_size=30))
def test_odd_texts_never_raise(name: str, number: str, value: str) -> None:
    def escape(text: str) -> str:
        kept = "".join(c for c in text if c.isprintable())
        return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    body = (
        BILL
        + total("LegalMonetaryTotal", escape(value))
        + remittance_line(escape(value), "1", invoice_ref("I")) * 2
    )
    for item in read_ubl(ubl(name, body, escape(number)), "f.xml"):
        assert isinstance(item, Said | Reject)


@given(st.binary(max_size=200))
def test_any_bytes_never_raise(data: bytes) -> None:
    looks_like_ubl(data)
    assert all(isinstance(item, Reject) for item in read_ubl(data, "f.xml"))
