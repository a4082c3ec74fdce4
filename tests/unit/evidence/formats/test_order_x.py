"""Order-X: an order, its change, its cancellation and the answers to it."""

from __future__ import annotations

import io

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.readers import reader_of
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Said

UNECE = "urn:un:unece:uncefact:data:"
ROOT = "SCRDMCCBDACIOMessageStructure"
SPACES = (
    f'xmlns:udt="{UNECE}standard:UnqualifiedDataType:128" '
    f'xmlns:ram="{UNECE}standard:ReusableAggregateBusinessInformationEntity:128"'
)


def day(name: str, text: str) -> str:
    code = "203" if len(text) == 12 else "102"
    return (
        f'<ram:{name}><udt:DateTimeString format="{code}">{text}</udt:DateTimeString></ram:{name}>'
    )


def party(role: str, name: str) -> str:
    country = "<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"
    return f"<ram:{role}><ram:Name>{name}</ram:Name>{country}</ram:{role}>"


def line(quantity: str, *, by: str = "", status: str = "", agreed: str = "") -> str:
    document = f"<ram:LineStatusCode>{status}</ram:LineStatusCode>" if status else ""
    period = (
        f"<ram:OccurrenceSpecifiedPeriod>{day('EndDateTime', by)}</ram:OccurrenceSpecifiedPeriod>"
    )
    event = (
        f"<ram:RequestedDeliverySupplyChainEvent>{period}</ram:RequestedDeliverySupplyChainEvent>"
    )
    given = f'<ram:AgreedQuantity unitCode="C62">{agreed}</ram:AgreedQuantity>' if agreed else ""
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"{document}</ram:AssociatedDocumentLineDocument><ram:SpecifiedLineTradeDelivery>"
        f'<ram:RequestedQuantity unitCode="C62">{quantity}</ram:RequestedQuantity>{given}'
        f"{event if by else ''}</ram:SpecifiedLineTradeDelivery></ram:IncludedSupplyChainTradeLineItem>"
    )


def order_x(
    code: str, head: str = "", lines: str = "", more: str = "", delivery: str = "", root: str = ROOT
) -> bytes:
    space = f"{UNECE}{root if root == ROOT else 'standard:' + root}:100"
    kind = f"<ram:TypeCode>{code}</ram:TypeCode>" if code else ""
    return (
        f'<rsm:{root} xmlns:rsm="{space}" {SPACES}><rsm:ExchangedDocument><ram:ID>D1</ram:ID>{kind}'
        f"{day('IssueDateTime', '202603021130')}{head}</rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{lines}<ram:ApplicableHeaderTradeAgreement>"
        f"{party('SellerTradeParty', 'S')}{party('BuyerTradeParty', 'B')}{more}"
        f"</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery>{delivery}"
        "</ram:ApplicableHeaderTradeDelivery><ram:ApplicableHeaderTradeSettlement>"
        "<ram:OrderCurrencyCode>EUR</ram:OrderCurrencyCode>"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "<ram:LineTotalAmount>100</ram:LineTotalAmount><ram:GrandTotalAmount>120.00</ram:GrandTotalAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        f"</rsm:SupplyChainTradeTransaction></rsm:{root}>"
    ).encode()


def one(data: bytes) -> Said:
    reader = reader_of(data)
    assert reader is not None and reader.name == "cii"
    (item,) = reader.statements(io.BytesIO(data), "f.xml")
    assert isinstance(item, Said), item
    assert canonicalise([item], Contributor("c")).rejects.to_pylist() == []
    return item


def numbered(name: str, number: str) -> str:
    named = f"ram:{name}ReferencedDocument"
    return f"<{named}><ram:IssuerAssignedID>{number}</ram:IssuerAssignedID></{named}>"


def test_an_order() -> None:
    lines = line("2", by="20260401") + line("3.5", by="20260410")
    item = one(order_x("220", lines=lines, more=numbered("Quotation", "Q1")))
    assert (item.kind, item.number, item.issued_on) == ("order", "D1", "2026-03-02")
    assert (item.amount, item.currency, item.deliver_on) == ("120.00", "EUR", "2026-04-10")
    assert (item.quantity, item.unit) == ("5.5", "C62")
    assert {role: p.name for role, p in item.parties.items()} == {"seller": "S", "buyer": "B"}
    assert item.references == [("quotation", "Q1", None)]
    assert item.places["amount"].startswith(
        "SupplyChainTradeTransaction/ApplicableHeaderTradeSettle"
    )


def test_the_day_of_the_whole_delivery_stands_before_those_of_lines() -> None:
    event = f"<ram:OccurrenceDateTime>{day('X', '20260405')[7:-8]}</ram:OccurrenceDateTime>"
    delivery = (
        f"<ram:RequestedDeliverySupplyChainEvent>{event}</ram:RequestedDeliverySupplyChainEvent>"
    )
    item = one(order_x("220", lines=line("1", by="20260410"), delivery=delivery))
    assert item.deliver_on == "2026-04-05"


OLD = numbered("BuyerOrder", "PO1")


@pytest.mark.parametrize(
    ("code", "purpose", "kind", "references"),
    [
        ("220", "9", "order", [("order", "PO1", None)]),
        ("230", "4", "order_change", [("order", "PO1", None)]),
        ("230", "1", "order_cancellation", [("order", "PO1", None)]),
        ("220", "1", "order_cancellation", [("order", "D1", None), ("order", "PO1", None)]),
    ],
)
def test_an_order_changed_and_called_off(
    code: str, purpose: str, kind: str, references: list[tuple[str, str, None]]
) -> None:
    head = f"<ram:PurposeCode>{purpose}</ram:PurposeCode>"
    item = one(order_x(code, head, line("1", by="20260410"), OLD))
    assert (item.kind, item.references) == (kind, references)
    assert (item.deliver_on is None) == (kind == "order_cancellation")


@pytest.mark.parametrize(
    ("head", "lines", "status"),
    [
        ("<ram:PurposeCode>29</ram:PurposeCode>", "", "accepted"),
        ("<ram:PurposeCode>27</ram:PurposeCode>", "", "rejected"),
        ("<ram:PurposeCode>9</ram:PurposeCode><ram:StatusCode>4</ram:StatusCode>", "", "amended"),
        ("", line("2", status="5") + line("1", status="5"), "accepted"),
        ("", line("2", status="5") + line("1", status="7"), "amended"),
        ("", line("2", status="7"), "rejected"),
        ("", line("2"), None),
    ],
)
def test_an_answer(head: str, lines: str, status: str | None) -> None:
    item = one(order_x("231", head, lines, OLD))
    assert (item.kind, item.status) == ("order_confirmation", status)
    assert item.references == [("order", "PO1", None)]


def test_agreed_quantities_stand_before_those_asked_for() -> None:
    assert one(order_x("231", "", line("5", agreed="4"), OLD)).quantity == "4"


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ("CrossIndustryOrder", "order"),
        ("CrossIndustryOrderChange", "order_change"),
        ("CrossIndustryOrderResponse", "order_confirmation"),
        ("CrossIndustryQuotation", "quotation"),
        ("CrossIndustryRequestForQuotation", "rfq"),
    ],
)
def test_the_messages_of_the_un(root: str, kind: str) -> None:
    until = f"<ram:EffectiveSpecifiedPeriod>{day('EndDateTime', '20260501')}</ram:EffectiveSpecifiedPeriod>"
    item = one(order_x("", until, root=root))
    assert item.kind == kind
    assert item.due_on == ("2026-05-01" if kind in ("quotation", "rfq") else None)
