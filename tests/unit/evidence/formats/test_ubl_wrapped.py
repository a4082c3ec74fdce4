"""UBL in what countries wrap it in, and in JSON; made for the purpose."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.formats.readers import reader_of, unknown
from tallystick.evidence.formats.ubl import read_ubl
from tallystick.evidence.said import Reject, Said

NS = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES = f'xmlns:a="{NS}CommonAggregateComponents-2" xmlns:b="{NS}CommonBasicComponents-2"'
SIDES = "".join(
    f"<a:{role}><a:Party><a:PartyName><b:Name>{name}</b:Name></a:PartyName><a:PartyLegalEntity>"
    f'<b:CompanyID schemeAgencyName="CO, DIAN" schemeName="31" schemeID="{digit}">{nit}</b:CompanyID>'
    f"</a:PartyLegalEntity></a:Party></a:{role}>"
    for role, name, digit, nit in (
        ("AccountingSupplierParty", "Café del Sur SAS", "7", "900123456"),
        ("AccountingCustomerParty", "Importadora Ñ", "1", "800197268"),
    )
)
INVOICE = (
    f'<?xml version="1.0" encoding="ISO-8859-1"?><Invoice xmlns="{NS}Invoice-2" {SPACES}>'
    f"<b:ID>FE470</b:ID><b:IssueDate>2026-06-20</b:IssueDate>{SIDES}<a:LegalMonetaryTotal>"
    f'<b:PayableAmount currencyID="COP">119000.00</b:PayableAmount></a:LegalMonetaryTotal></Invoice>'
)


def one(data: bytes) -> Said:
    reader = reader_of(data[:65_536])
    assert reader is not None and reader.name == "ubl"
    (item,) = read_ubl(data, "f")
    assert isinstance(item, Said), item
    return item


def test_an_invoice_that_a_container_carries_as_text() -> None:
    attached = (
        f'<?xml version="1.0"?><AttachedDocument xmlns="{NS}AttachedDocument-2" {SPACES}><b:ID>1</b:ID>'
        f"<a:Attachment><a:ExternalReference><b:Description><![CDATA[{INVOICE}]]></b:Description>"
        f"</a:ExternalReference></a:Attachment></AttachedDocument>"
    )
    item = one(attached.encode())
    assert (item.kind, item.number, item.amount, item.currency) == (
        "invoice",
        "FE470",
        "119000.00",
        "COP",
    )
    assert item.parties["seller"].name == "Café del Sur SAS"
    empty = attached.replace(INVOICE, "see the other file")
    (refused,) = read_ubl(empty.encode(), "f")
    assert isinstance(refused, Reject) and refused.rule == "not-of-the-loop"
    hidden = attached.replace("<Invoice", "<!DOCTYPE x [<!ENTITY e 'e'>]><Invoice")
    (refused,) = read_ubl(hidden.encode(), "f")
    assert isinstance(refused, Reject) and refused.rule == "xml-doctype"


def test_codes_of_a_countrys_own_list_are_kept_under_that_country() -> None:
    """Colombia's check digit is no scheme: two firms with the same digit have no more in common than others."""
    item = one(INVOICE.replace("ISO-8859-1", "UTF-8").encode())
    assert item.parties["seller"].ids == [("id.co.31", "900123456")]
    assert item.parties["buyer"].ids == [("id.co.31", "800197268")]
    nowhere = INVOICE.replace("ISO-8859-1", "UTF-8").replace('schemeAgencyName="CO, DIAN" ', "")
    assert one(nowhere.encode()).parties["seller"].ids == []


def test_a_soap_body() -> None:
    body = INVOICE.partition("?>")[2]
    soap = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )
    assert one(soap.encode()).number == "FE470"


def party(name: str) -> list[dict[str, Any]]:
    return [{"Party": [{"PartyName": [{"Name": [{"_": name}]}]}]}]


DOCUMENT: dict[str, Any] = {
    "_D": f"{NS}Invoice-2",
    "_A": f"{NS}CommonAggregateComponents-2",
    "_B": f"{NS}CommonBasicComponents-2",
    "Invoice": [
        {
            "UBLExtensions": [{"x": [{"_": "y"}]}],
            "ID": [{"_": "INV-1"}],
            "IssueDate": [{"_": "2026-03-02"}],
            "AccountingSupplierParty": party("Maju Sdn Bhd"),
            "AccountingCustomerParty": party("Lim Trading"),
            "BillingReference": [{"InvoiceDocumentReference": [{"ID": [{"_": "INV-0"}]}]}],
            "LegalMonetaryTotal": [{"PayableAmount": [{"_": 1436.50, "currencyID": "MYR"}]}],
            "InvoiceLine": [
                {"InvoicedQuantity": [{"_": 2, "unitCode": "C62"}]},
                {"InvoicedQuantity": [{"_": 1, "unitCode": "C62"}]},
            ],
        }
    ],
}


def test_the_json_of_oasis_says_what_the_xml_says() -> None:
    item = one(json.dumps(DOCUMENT).encode())
    assert (item.kind, item.number, item.issued_on) == ("invoice", "INV-1", "2026-03-02")
    assert (item.amount, item.currency, item.quantity, item.unit) == ("1436.5", "MYR", "3", "C62")
    assert item.references == [("invoice", "INV-0", None)]
    assert item.parties["seller"].name == "Maju Sdn Bhd"
    assert item.places["amount"] == "/Invoice/0/LegalMonetaryTotal/0/PayableAmount/0"
    assert item.places["quantity"] == "/Invoice/0/InvoiceLine/0/InvoicedQuantity/0"


def test_version_1_of_the_json_and_values_without_arrays() -> None:
    told = json.dumps(DOCUMENT)
    for new, old in (
        ('"_": "INV-1"', '"IdentifierContent": "INV-1"'),
        ('"_": 1436.5', '"AmountContent": 1436.5'),
    ):
        assert new in told
        told = told.replace(new, old)
    told = told.replace('"currencyID"', '"AmountCurrencyIdentifier"')
    assert (one(told.encode()).amount, one(told.encode()).currency) == ("1436.5", "MYR")
    bare = json.loads(json.dumps(DOCUMENT))
    bare["Invoice"][0]["ID"] = "INV-1"
    assert one(json.dumps(bare).encode()).number == "INV-1"
    two = json.loads(json.dumps(DOCUMENT))
    two["Invoice"].append({**two["Invoice"][0], "ID": [{"_": "INV-2"}]})
    assert [
        item.number for item in read_ubl(json.dumps(two).encode(), "f") if isinstance(item, Said)
    ] == [
        "INV-1",
        "INV-2",
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["ID", "_", "Party", "LegalMonetaryTotal", "x y"]), inner
            )
        ),
    )
)
def test_json_of_any_shape_never_raises(value: Any) -> None:
    for document in ({**DOCUMENT, "Invoice": value}, {"_D": f"{NS}Invoice-2", "Invoice": [value]}):
        for item in read_ubl(json.dumps(document).encode(), "f"):
            assert isinstance(item, Said | Reject)


def test_blank_lines_before_the_declaration_and_a_second_document() -> None:
    plain = INVOICE.replace("ISO-8859-1", "UTF-8")
    for before in ("\r\n\r\n", "\ufeff\n", " "):
        assert one((before + plain).encode()).number == "FE470"
    (refused,) = read_ubl((plain + "\n" + plain).encode(), "f")
    assert isinstance(refused, Reject) and refused.message.startswith("a second document begins")
    hidden = "\n" + plain.replace("<Invoice", "<!DOCTYPE x><Invoice")
    (refused,) = read_ubl(hidden.encode(), "f")
    assert isinstance(refused, Reject) and refused.rule == "xml-doctype"


def test_what_is_no_document_is_told_for_what_it_is() -> None:
    for head, words in (
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "web page"),
        (b"PK\x03\x04....", "workbook"),
        (b"\x1f\x8b\x08....", "named .gz"),
        ("Dear Sirs, please find".encode("utf-16"), "a text"),
        (b"ISA*00*          *00*", "ANSI X12"),
        (b"101 09100001912345678902610010900A094101OUR BANK", "NACHA"),
        (b"01,122099999,123456789,040621,0200,1,65,,2/", "BAI2"),
        (b"HNHBK:1:3+000000003652+300", "FinTS"),
    ):
        assert reader_of(head) is None and words in unknown(head)
