"""What each UBL document type becomes, in documents made for the purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.evidence.details import Details
from tallystick.evidence.formats.ubl import read_ubl
from tallystick.evidence.formats.ubl.parties import scheme_of
from tallystick.evidence.formats.ubl.shapes import SHAPES
from tallystick.evidence.kinds import KINDS, ROLES
from tallystick.evidence.said import PartySaid, Reject, Said

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


def total(name: str, value: str) -> str:
    return f'<a:{name}><b:PayableAmount currencyID="EUR">{value}</b:PayableAmount></a:{name}>'


TRADE = party("S", "SellerSupplierParty") + party("B", "BuyerCustomerParty")
BILL = party("S", "AccountingSupplierParty") + party("B", "AccountingCustomerParty")


def names(said: Said) -> dict[str, str | None]:
    return {role: p.name for role, p in said.parties.items()}


def test_the_table_speaks_of_known_kinds_and_roles() -> None:
    for name, shape in SHAPES.items():
        assert shape.kind in KINDS, name
        assert set(shape.parties) <= set(ROLES), name
        if not KINDS[shape.kind].due_on:
            assert not shape.due_on, name
        if shape.reader != "responses":
            assert set(KINDS[shape.kind].needs) <= set(shape.parties), name


def test_every_document_type_of_the_loop_is_read() -> None:
    for name, shape in SHAPES.items():
        items = list(read_ubl(ubl(name, ""), "f.xml"))
        if shape.reader in ("withdrawal", "responses"):
            assert [i.rule for i in items if isinstance(i, Reject)] == ["nothing-stated"], name
        else:
            assert [i.kind for i in items if isinstance(i, Said)] == [shape.kind], name
            assert isinstance(items[0], Said) and items[0].issued_on == "2026-03-02"
            assert (items[0].source, items[0].row) == ("f.xml", 1)


def test_order() -> None:
    said = one(
        "Order",
        "<a:QuotationDocumentReference><b:ID>Q1</b:ID></a:QuotationDocumentReference>"
        "<a:Contract><b:ID>K1</b:ID></a:Contract>"
        + TRADE
        + party("O", "OriginatorCustomerParty")
        + "<a:Delivery><a:RequestedDeliveryPeriod><b:EndDate>2026-04-01+02:00</b:EndDate>"
        "</a:RequestedDeliveryPeriod><a:Despatch><b:RequestedDespatchDate>2026-03-20"
        "</b:RequestedDespatchDate></a:Despatch></a:Delivery>"
        "<a:DeliveryTerms><b:ID>fob</b:ID></a:DeliveryTerms>"
        + total("AnticipatedMonetaryTotal", "1234.50")
        + "".join(
            f'<a:OrderLine><a:LineItem><b:Quantity unitCode="KGM">{q}</b:Quantity></a:LineItem></a:OrderLine>'
            for q in ("1.5", "2", "3.25")
        ),
    )
    assert (said.due_on, said.deliver_on) == ("2026-03-20", "2026-04-01")
    assert (said.amount, said.currency) == ("1234.50", "EUR")
    assert (said.quantity, said.unit) == ("6.75", "KGM")
    assert said.incoterm == "FOB"
    assert names(said) == {"seller": "S", "buyer": "B", "issuer": "O"}
    assert said.references == [("quotation", "Q1", None), ("contract", "K1", None)]


def test_originator_is_the_buyer_of_an_offer_and_not_named_twice() -> None:
    asked = one("RequestForQuotation", party("O", "OriginatorCustomerParty"))
    assert names(asked) == {"buyer": "O"}
    same = one("Order", TRADE + party("B", "OriginatorCustomerParty"))
    assert names(same) == {"seller": "S", "buyer": "B"}


def test_lines_in_several_units_have_no_sum() -> None:
    lines = "".join(
        f'<a:InvoiceLine><b:InvoicedQuantity unitCode="{unit}">1</b:InvoicedQuantity></a:InvoiceLine>'
        for unit in ("KGM", "EA")
    )
    said = one("Invoice", BILL + lines)
    assert (said.quantity, said.unit) == (None, None)


def test_the_latest_line_is_the_day_of_the_whole_order() -> None:
    lines = "".join(
        "<a:OrderLine><a:LineItem><a:Delivery><a:RequestedDeliveryPeriod>"
        f"<b:EndDate>2026-04-{day}</b:EndDate></a:RequestedDeliveryPeriod></a:Delivery></a:LineItem></a:OrderLine>"
        for day in ("03", "09", "05")
    )
    assert one("Order", TRADE + lines).deliver_on == "2026-04-09"


ANSWERS = [
    ("OrderResponseSimple", "<b:AcceptedIndicator>true</b:AcceptedIndicator>", "accepted"),
    ("OrderResponseSimple", "<b:AcceptedIndicator>false</b:AcceptedIndicator>", "rejected"),
    ("OrderResponse", "<b:OrderResponseCode>AP</b:OrderResponseCode>", "accepted"),
    ("OrderResponse", "<b:OrderResponseCode>RE</b:OrderResponseCode>", "rejected"),
    ("OrderResponse", "<b:OrderResponseCode>CA</b:OrderResponseCode>", "amended"),
    ("OrderResponse", "<b:OrderResponseCode>30</b:OrderResponseCode>", "amended"),
    ("OrderResponse", "<b:OrderResponseCode>AB</b:OrderResponseCode>", None),
    ("OrderResponse", "", None),
]


@pytest.mark.parametrize(("name", "body", "status"), ANSWERS)
def test_answer_to_an_order(name: str, body: str, status: str | None) -> None:
    said = one(name, body + "<a:OrderReference><b:ID>34</b:ID></a:OrderReference>" + TRADE)
    assert (said.kind, said.status, said.references) == (
        "order_confirmation",
        status,
        [("order", "34", None)],
    )


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (["5", "5"], "accepted"),
        (["5", "3"], "amended"),
        (["7", "7"], "rejected"),
        (["NoStatus"], None),
    ],
)
def test_answer_by_its_lines(codes: list[str], status: str | None) -> None:
    lines = "".join(
        f"<a:OrderLine><a:LineItem><b:LineStatusCode>{c}</b:LineStatusCode></a:LineItem></a:OrderLine>"
        for c in codes
    )
    assert one("OrderResponse", TRADE + lines).status == status


RECEIPTS = [
    ({"Received": "90", "Short": "10"}, "short"),
    ({"Received": "90"}, "accepted"),
    ({"Received": "90", "Rejected": "5", "Short": "10"}, "damaged"),
    ({"Received": "90", "Rejected": "90"}, "rejected"),
]


@pytest.mark.parametrize(("quantities", "status"), RECEIPTS)
def test_receipt(quantities: dict[str, str], status: str) -> None:
    line = "".join(
        f'<b:{k}Quantity unitCode="EA">{v}</b:{k}Quantity>' for k, v in quantities.items()
    )
    said = one(
        "ReceiptAdvice",
        "<a:DespatchDocumentReference><b:ID>D1</b:ID></a:DespatchDocumentReference>"
        + party("B", "DeliveryCustomerParty")
        + party("S", "DespatchSupplierParty")
        + "<a:Shipment><a:Delivery><b:ActualDeliveryDate>2026-03-01</b:ActualDeliveryDate>"
        "<b:ActualDeliveryTime>11:30:00Z</b:ActualDeliveryTime></a:Delivery></a:Shipment>"
        f"<a:ReceiptLine>{line}<b:RejectReasonCode>BROKEN</b:RejectReasonCode></a:ReceiptLine>",
    )
    assert (said.kind, said.status, said.quantity, said.unit) == ("receipt", status, "90", "EA")
    assert (said.happened_at, said.reason) == ("2026-03-01T11:30:00Z", "BROKEN")
    assert names(said) == {"seller": "S", "buyer": "B", "issuer": "B"}


def test_fulfilment_cancellation_takes_back_the_receipt_or_the_despatch() -> None:
    both = (
        "<a:DespatchDocumentReference><b:ID>D1</b:ID></a:DespatchDocumentReference>"
        "<a:ReceiptDocumentReference><b:ID>R1</b:ID></a:ReceiptDocumentReference>" + TRADE
    )
    said = one("FulfilmentCancellation", both)
    assert (said.kind, said.action, said.number) == ("receipt", "retract", "R1")
    assert said.references == [("dispatch", "D1", None)] and names(said)["issuer"] == "B"
    said = one("FulfilmentCancellation", both.replace("Receipt", "Other"))
    assert (said.kind, said.number, names(said)["issuer"]) == ("dispatch", "D1", "S")


def test_transport_events_are_one_statement_each() -> None:
    def event(day: str, code: str, text: str) -> str:
        return (
            f"<a:TransportEvent><b:OccurrenceDate>2026-03-{day}</b:OccurrenceDate><a:CurrentStatus>"
            f"<b:ConditionCode>{code}</b:ConditionCode><b:Description>{text}</b:Description>"
            "</a:CurrentStatus></a:TransportEvent>"
        )

    body = "<a:Consignment><b:ID>C9</b:ID></a:Consignment>" + bare("T", "SenderParty")
    body += (
        event("03", "13", "")
        + event("07", "", "not delivered")
        + event("08", "", "Delivered, damaged")
    )
    found = said_of("TransportationStatus", body + event("09", "21", "ok"))
    assert [(s.happened_at, s.status) for s in found] == [
        ("2026-03-03", "collected"),
        ("2026-03-07", None),
        ("2026-03-08", "damaged"),
        ("2026-03-09", "delivered"),
    ]
    assert found[0].references == [("shipment", "C9", None)] and names(found[0])["carrier"] == "T"


def test_typed_references_of_a_waybill_and_a_declaration() -> None:
    def ref(wrap: str, number: str, code: str, words: str) -> str:
        return (
            f"<a:{wrap}><b:ID>{number}</b:ID><b:DocumentTypeCode>{code}</b:DocumentTypeCode>"
            f"<b:DocumentType>{words}</b:DocumentType></a:{wrap}>"
        )

    said = one(
        "Waybill",
        ref("DocumentReference", "O1", "", "Order")
        + ref("DocumentReference", "X", "130", "Timesheet")
        + bare("C", "CarrierParty"),
    )
    assert said.references == [("order", "O1", None)]
    said = one("ImportCustomsDeclaration", ref("AdditionalDocumentReference", "I1", "N380", ""))
    assert said.references == [("invoice", "I1", None)]


def test_a_consignment_without_carrier_is_no_reference() -> None:
    shipment = "<a:Shipment><a:Consignment><b:ID>1</b:ID>{}</a:Consignment></a:Shipment>"
    assert one("DespatchAdvice", shipment.format("")).references == []
    with_carrier = one("DespatchAdvice", shipment.format(bare("C", "CarrierParty")))
    assert with_carrier.references == [("shipment", "1", None)]


def test_party_in_full() -> None:
    inner = (
        '<b:EndpointID schemeID="0088">7300010000001</b:EndpointID>'
        '<a:PartyIdentification><b:ID schemeID="0199">529900T8BM49AURSDO55</b:ID></a:PartyIdentification>'
        "<a:PartyIdentification><b:ID>Supp123</b:ID></a:PartyIdentification>"
        "<a:PostalAddress><a:Country><b:IdentificationCode>DE</b:IdentificationCode></a:Country></a:PostalAddress>"
        "<a:PartyTaxScheme><b:CompanyID>DE 136 695 976</b:CompanyID>"
        "<a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:PartyTaxScheme>"
        "<a:PartyTaxScheme><b:CompanyID>201/113/40209</b:CompanyID>"
        "<a:TaxScheme><b:ID>FC</b:ID></a:TaxScheme></a:PartyTaxScheme>"
        "<a:PartyLegalEntity><b:RegistrationName>S AG</b:RegistrationName>"
        '<b:CompanyID schemeID="0192">987654325</b:CompanyID></a:PartyLegalEntity>'
    )
    said = one("Invoice", party("S", "AccountingSupplierParty", inner))
    assert said.parties["seller"] == PartySaid(
        "S",
        "DE",
        [
            ("gln", "7300010000001"),
            ("lei", "529900T8BM49AURSDO55"),
            ("id.0192", "987654325"),
            ("vat", "DE 136 695 976"),
        ],
        Details(other_names=("S AG",)),
    )


ADDRESS = (
    "<b:StreetName>High Street</b:StreetName><b:BuildingNumber>1</b:BuildingNumber>"
    "<b:CityName>Leeds</b:CityName><b:PostalZone>LS1</b:PostalZone>"
    "<a:AddressLine><b:Line>Floor 2</b:Line></a:AddressLine>"
    "<a:Country><b:IdentificationCode>GB</b:IdentificationCode></a:Country>"
)
PAY_TO = (
    "<a:PaymentMeans><b:PaymentMeansCode>30</b:PaymentMeansCode>"
    "<a:PayeeFinancialAccount><b:ID>GB82WEST12345698765432</b:ID></a:PayeeFinancialAccount>"
    "</a:PaymentMeans>"
)


def test_what_relates_companies() -> None:
    inner = (
        f"<b:WebsiteURI>www.s.co.uk</b:WebsiteURI><a:PostalAddress>{ADDRESS}</a:PostalAddress>"
        f"<a:PartyLegalEntity><b:RegistrationName>S Ltd</b:RegistrationName>"
        f"<a:RegistrationAddress>{ADDRESS}</a:RegistrationAddress></a:PartyLegalEntity>"
        "<a:Contact><b:ElectronicMail>info@s.co.uk</b:ElectronicMail></a:Contact>"
    )
    seller, buyer = party("S", "AccountingSupplierParty", inner), party("B", "BuyerCustomerParty")
    said = one("Invoice", seller + buyer + PAY_TO)
    details = Details(
        ("High Street 1, Floor 2, LS1 Leeds, GB",),
        ("GB82WEST12345698765432",),
        ("www.s.co.uk", "info@s.co.uk"),
        ("S Ltd",),
    )
    assert said.parties["seller"].details == details
    assert said.parties["buyer"].details is None


def test_the_account_of_another_payee_and_of_a_credit_is_not_the_sellers() -> None:
    payee = bare("Factor", "PayeeParty")
    for name, more in (("Invoice", payee), ("CreditNote", "")):
        assert one(name, BILL + PAY_TO + more).parties["seller"].details is None
    assert one("FreightInvoice", BILL + PAY_TO).parties["carrier"].details is not None


def test_an_originator_with_another_contact_is_still_the_buyer() -> None:
    mail = "<a:Contact><b:ElectronicMail>{}@b.de</b:ElectronicMail></a:Contact>"
    buyer = party("B", "BuyerCustomerParty", mail.format("orders"))
    asked = party("B", "OriginatorCustomerParty", mail.format("lab"))
    assert "issuer" not in one("Order", buyer + asked).parties


SCHEMES = [
    ("0088", "gln"),
    ("GLN", "gln"),
    ("0199", "lei"),
    ("0060", "duns"),
    ("9930", "vat"),
    ("DKVAT", "vat"),
    ("9958", "id.9958"),
    ("SE:ORGNR", "id.se.orgnr"),
    ("ZZZ", None),
    ("EM", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "scheme"), SCHEMES)
def test_schemes(written: str, scheme: str | None) -> None:
    assert scheme_of(written) == scheme


def test_the_reference_names_every_document_and_its_kind() -> None:
    page = Path(__file__).resolve().parents[4] / "docs" / "reference" / "ubl.md"
    rows = [
        line.split("|") for line in page.read_text("utf-8").splitlines() if line.startswith("| ")
    ]
    told = {row[1].strip(): row[2] for row in rows}
    for name, shape in SHAPES.items():
        assert f"`{shape.kind}`" in told[name], name
