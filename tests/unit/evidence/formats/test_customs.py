"""Customs messages: what they become. All messages here were made for these tests."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from tests.mutated import mutated

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.customs import looks_like_customs, read_customs
from tallystick.evidence.formats.customs.wco import ANSWERS
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

EXPORT = b"""<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
<md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode><md:WCOTypeName>DEC</md:WCOTypeName>
<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2" xmlns:p="urn:wco:datamodel:WCO:Declaration_DS:DMS:2">
<AcceptanceDateTime><p:DateTimeString formatCode="304">20260302104604+01</p:DateTimeString></AcceptanceDateTime>
<FunctionCode>9</FunctionCode><FunctionalReferenceID>LRN-7</FunctionalReferenceID><TypeCode>EXD</TypeCode>
<TotalPackageQuantity>10</TotalPackageQuantity>
<Consignment><Carrier><ID>GB025115100010</ID></Carrier></Consignment>
<Declarant><ID>GB427168118378</ID></Declarant><Exporter><ID>GB427168118378</ID></Exporter>
<GoodsShipment><Consignee><Name>Packing Import Inc</Name><Address><CityName>New York</CityName>
<CountryCode>US</CountryCode><Line>1 Bags Avenue</Line></Address></Consignee>
<GovernmentAgencyGoodsItem><StatisticalValueAmount currencyID="GBP">200.50</StatisticalValueAmount>
<AdditionalDocument><CategoryCode>N</CategoryCode><ID>INV-9</ID><TypeCode>935</TypeCode></AdditionalDocument>
<AdditionalDocument><CategoryCode>C</CategoryCode><ID>LIC</ID><TypeCode>705</TypeCode></AdditionalDocument>
</GovernmentAgencyGoodsItem>
<GovernmentAgencyGoodsItem><StatisticalValueAmount currencyID="GBP">99.5</StatisticalValueAmount>
</GovernmentAgencyGoodsItem>
<PreviousDocument><ID>6GB427168118378-7</ID><TypeCode>DCR</TypeCode></PreviousDocument>
<PreviousDocument><ID>BL-3</ID><TypeCode>705</TypeCode></PreviousDocument>
<TradeTerms><ConditionCode>FOB</ConditionCode></TradeTerms></GoodsShipment></Declaration></md:MetaData>"""

IMPORT = (
    EXPORT.replace(b"EXD", b"IMA")
    .replace(b"<TotalPackageQuantity>", b"<ID>26GB1</ID><InvoiceAmount currencyID='USD'>864.95"
             b"</InvoiceAmount><TotalPackageQuantity>")
    .replace(b"<Consignee>", b"<Importer><ID>GB896458895015</ID></Importer><Consignee>")
)  # fmt: skip


def answer(code: str, more: str = "", number: str = "LRN-7") -> bytes:
    return f"""<MetaData><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>RES</WCOTypeName>
<Response><FunctionCode>{code}</FunctionCode><FunctionalReferenceID>n-1</FunctionalReferenceID>
<IssueDateTime><DateTimeString formatCode="304">20260303113135Z</DateTimeString></IssueDateTime>{more}
<Declaration><FunctionalReferenceID>{number}</FunctionalReferenceID><ID>26GB1</ID></Declaration>
<Declaration><FunctionCode>9</FunctionCode></Declaration></Response></MetaData>""".encode()


def ceb(message: str, body: str) -> bytes:
    tags = body.replace("</", "\1").replace("<", "<ceb:").replace("\1", "</ceb:")
    return (
        f'<ceb:{message}Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="g">{tags}'
        f"</ceb:{message}Message>"
    ).encode()


WHO = "<ebpCode>3301963H79</ebpCode><ebpName>平台</ebpName><ebcCode>91330106MA2KJU5D0X</ebcCode>"
WHO += "<ebcName>义乌某某有限公司</ebcName>"
HEAD = (
    "<guid>g1</guid><appType>1</appType><appTime>20260507153001</appTime><appStatus>2</appStatus>"
)
CARRY = "<logisticsCode>4101986180</logisticsCode><logisticsName>圆通</logisticsName>"
ORDER = ceb("CEB303", f"<Order><OrderHead>{HEAD}<orderNo>O-1</orderNo>{WHO}<goodsValue>120.5"
            "</goodsValue><currency>142</currency></OrderHead></Order>")  # fmt: skip
PAYMENT = ceb("CEB403", f"<Receipts>{HEAD}{WHO}<orderNo>O-1</orderNo><payCode>P1</payCode><payName>付"
              "</payName><payNo>N-1</payNo><charge>120.5</charge><currency>142</currency>"
              "<accountingDate>20260508</accountingDate></Receipts>")  # fmt: skip
WAYBILL = ceb("CEB505", f"<Logistics>{HEAD}{CARRY}<logisticsNo>L-1</logisticsNo></Logistics>")
LIST = ceb("CEB603", f"<Inventory><InventoryHead>{HEAD}{WHO}<orderNo>O-1</orderNo>{CARRY}"
           "<logisticsNo>L-1</logisticsNo><copNo>C-1</copNo></InventoryHead>"
           "<InventoryList><currency>142</currency><qty>2</qty><unit>011</unit><totalPrice>100</totalPrice>"
           "</InventoryList><InventoryList><currency>142</currency><qty>1</qty><unit>011</unit>"
           "<totalPrice>20.5</totalPrice></InventoryList></Inventory>")  # fmt: skip
RETURN = ceb("CEB604", "<InventoryReturn><guid>r1</guid><ebcCode>91330106MA2KJU5D0X</ebcCode><copNo>C-1"
             "</copNo><returnStatus>800</returnStatus><returnTime>20260509101112345</returnTime>"
             "<returnInfo>放行</returnInfo></InventoryReturn>")  # fmt: skip


def read(data: bytes) -> list[Said | Reject]:
    return list(read_customs(io.BytesIO(data), "f"))


def one(data: bytes) -> Said:
    (said,) = read(data)
    assert isinstance(said, Said), said
    assert canonicalise([said], Contributor("c", "customs")).rejects.to_pylist() == []
    return said


def rule(data: bytes) -> str:
    (item,) = read(data)
    assert isinstance(item, Reject) and item.fix, item
    return item.rule


def test_an_export_declaration_is_the_exporters_word_on_value_and_goods() -> None:
    said = one(EXPORT)
    assert (said.kind, said.number, said.namespace) == (
        "export_declaration",
        "LRN-7",
        None,
    )
    assert (said.issued_on, said.incoterm, said.quantity) == ("2026-03-02", "FOB", "10")
    assert (said.amount, said.currency) == ("300.00", "GBP")
    assert said.parties["seller"].ids == [("eori", "GB427168118378")]
    assert (said.parties["buyer"].name, said.parties["buyer"].country) == (
        "Packing Import Inc",
        "US",
    )
    assert said.parties["carrier"].ids == [("eori", "GB025115100010")]
    assert "issuer" not in said.parties  # it declares for itself
    assert set(said.references) == {
        ("deal", "LRN-7", "customs.lrn"), ("invoice", "INV-9", None),
        ("shipment", "6GB427168118378-7", "ducr"), ("shipment", "BL-3", None),
    }  # fmt: skip
    assert said.places["number"] == "FunctionalReferenceID:5"
    path = "GoodsShipment/GovernmentAgencyGoodsItem/StatisticalValueAmount"
    assert said.places["amount"] == f"{path}:11"


def test_an_import_declaration_has_the_invoiced_amount_and_its_own_number() -> None:
    said = one(IMPORT)
    assert (said.kind, said.number, said.namespace) == ("import_declaration", "26GB1", None)
    assert (said.amount, said.currency) == ("864.95", "USD")
    assert said.parties["buyer"].ids == [("eori", "GB896458895015")]
    assert ("deal", "26GB1", "customs.mrn") in said.references
    assert said.parties["issuer"].ids == [("eori", "GB427168118378")]


@pytest.mark.parametrize(
    ("code", "name", "status"),
    [("01", "DMSACC", "accepted"), ("03", "DMSREJ", "refused"), ("5", "DMSCTL", "held"),
     ("09", "DMSCLE", "released"), ("13", "DMSTAX", None), ("16", "DMSEOG", None)],
)  # fmt: skip
def test_answers_are_events_of_customs(code: str, name: str, status: str | None) -> None:
    said = one(answer(code))
    assert (said.kind, said.reason, said.status) == ("customs_event", name, status)
    assert said.happened_at == "2026-03-03T11:31:35Z"
    assert said.references == [("deal", "LRN-7", "customs.lrn"), ("deal", "26GB1", "customs.mrn")]


def test_declaration_and_answer_meet_in_the_traders_reference() -> None:
    assert set(one(EXPORT).references) & set(one(answer("09")).references)


def test_an_answer_says_why() -> None:
    error = "<Error><ValidationCode>CDS12050</ValidationCode></Error>"
    assert one(answer("03", error)).note == "error CDS12050"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (EXPORT.replace(b"EXD", b"INV"), "customs-request"),
        (EXPORT.replace(b"EXD", b"COR"), "customs-request"),
        (EXPORT.replace(b"AcceptanceDateTime", b"Other"), "customs-undated"),
        (answer("99"), "customs-answer-unknown"),
        (answer("01").replace(b"<Declaration>", b"<D>").replace(b"</Declaration>", b"</D>"),
         "nothing-stated"),
        (b"<a/>", "nothing-stated"),
        (ceb("CEB701", f"<Order><OrderHead>{HEAD}</OrderHead></Order>"), "not-of-the-loop"),
        (EXPORT[:900], "xml-truncated"),
        (b"<!DOCTYPE a><a/>", "xml-doctype"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(data: bytes, expected: str) -> None:
    assert rule(data) == expected


def test_order_payment_waybill_and_list_of_china_meet() -> None:
    order, payment, waybill, declared = map(one, (ORDER, PAYMENT, WAYBILL, LIST))
    assert (order.number, order.namespace, order.issued_on) == (
        "O-1",
        "ceb:3301963H79",
        "2026-05-07",
    )
    assert (order.amount, order.currency) == ("120.5", "CNY")
    assert order.parties["seller"].ids == [("cn.uscc", "91330106MA2KJU5D0X")]
    assert order.parties["platform"].ids == [("id:cn.customs", "3301963H79")]
    assert order.happened_at == "2026-05-07T15:30:01+08:00"
    own = ("order", "O-1", "ceb:3301963H79")
    assert (payment.kind, payment.status, payment.happened_at) == (
        "payment",
        "settled",
        "2026-05-08",
    )
    assert payment.references == [own]
    assert payment.parties["buyer"] == order.parties["buyer"]
    assert (waybill.kind, waybill.number) == ("shipment", "L-1")
    assert (declared.kind, declared.number) == ("export_declaration", "C-1")
    assert declared.references == [own, ("shipment", "L-1", waybill.namespace)]
    assert (declared.amount, declared.quantity, declared.unit) == ("120.5", "3", "011")


def test_the_answer_to_a_list_names_it() -> None:
    said, declared = one(RETURN), one(LIST)
    assert (said.kind, said.status, said.note) == ("customs_event", "released", "放行")
    assert said.references == [("export_declaration", declared.number, declared.namespace)]
    assert one(RETURN.replace(b">800<", b">503<")).status == "held"
    assert one(RETURN.replace(b">800<", b">3<")).status is None


def test_a_consumer_is_a_pseudonym_that_stays_the_same() -> None:
    person = "<buyerIdNumber>33010619900101001X</buyerIdNumber><buyerName>王五</buyerName>"
    orders = [
        ceb("CEB311", f"<Order><OrderHead>{HEAD}<orderNo>{n}</orderNo>{WHO}<acturalPaid>1</acturalPaid>"
            f"<currency>142</currency>{person}</OrderHead></Order>")
        for n in ("A", "B")
    ]  # fmt: skip
    first, second = map(one, orders)
    assert first.parties["buyer"] == second.parties["buyer"]
    assert "王五" not in str(first) and "33010619900101001X" not in str(first)
    masked = [order.replace(b"33010619900101001X", b"330***********001X") for order in orders]
    first, second = map(one, masked)
    assert first.parties["buyer"] != second.parties["buyer"], "a masked number is of many"


def test_a_changed_order_corrects_and_a_deleted_one_retracts() -> None:
    for code, action in ((b"2", "correct"), (b"3", "retract")):
        changed = ORDER.replace(b"<ceb:appType>1<", b"<ceb:appType>" + code + b"<")
        assert one(changed).action == action


def test_a_message_of_many_orders_is_a_statement_each() -> None:
    many = ORDER.replace(b"</ceb:CEB303Message>", b"")
    body = many[many.index(b"<ceb:Order>") :]
    items = read(many + body * 3 + b"</ceb:CEB303Message>")
    assert [item.row for item in items] == [1, 2, 3, 4]
    assert all(isinstance(item, Said) for item in items)


FILES = [EXPORT, IMPORT, answer("01"), ORDER, PAYMENT, WAYBILL, LIST, RETURN]


@settings(max_examples=150, deadline=2000)
@given(mutated(FILES))
def test_nothing_that_a_file_holds_raises(data: bytes) -> None:
    looks_like_customs(data)
    items = read(data)
    assert items and all(isinstance(item, Said | Reject) for item in items)
    canonicalise(items, Contributor("c", "customs"))


def test_files_are_recognised_by_content() -> None:
    assert all(looks_like_customs(data) for data in FILES)
    assert not looks_like_customs(b"<Invoice/>")


def test_every_answer_has_a_status_that_its_kind_knows() -> None:
    from tallystick.evidence.kinds import KINDS

    assert {s for _, s in ANSWERS.values()} <= {None, *KINDS["customs_event"].statuses}


STATE = b"""<p:DeclarationStatusResponse xmlns:p="http://gov.uk/customs/declarationInformationRetrieval/status/v2"
 xmlns:p2="urn:wco:datamodel:WCO:DEC-DMS:2"><p:DeclarationStatusDetails><p:Declaration>%s<p:ICS>22</p:ICS>
<p:ReceivedDateTime><p:DateTimeString formatCode="304">20260313115414Z</p:DateTimeString></p:ReceivedDateTime>%s
</p:Declaration><p2:Declaration><p2:TypeCode>IMA</p2:TypeCode><p2:GoodsShipment><p2:PreviousDocument>
<p2:ID>6GB553202734852-7</p2:ID><p2:TypeCode>DCR</p2:TypeCode></p2:PreviousDocument></p2:GoodsShipment>
</p2:Declaration></p:DeclarationStatusDetails></p:DeclarationStatusResponse>"""
GONE = b"""<p:GoodsReleasedDateTime><p:DateTimeString formatCode="304">20260313120418Z</p:DateTimeString>
</p:GoodsReleasedDateTime>"""


def test_the_state_of_a_declaration_is_an_event_that_meets_it() -> None:
    said = one(STATE % (b"<p:ID>26GB1</p:ID>", GONE))
    assert (said.kind, said.status, said.happened_at) == (
        "customs_event", "released", "2026-03-13T12:04:18Z",
    )  # fmt: skip
    assert said.note == "ICS 22"
    assert said.references == [
        ("deal", "26GB1", "customs.mrn"),
        ("shipment", "6GB553202734852-7", "ducr"),
    ]
    received = one(STATE % (b"<p:ID>26GB1</p:ID>", b""))
    assert (received.status, received.happened_at) == (None, "2026-03-13T11:54:14Z")
    assert rule(STATE % (b"", b"")) == "nothing-stated"


@pytest.mark.parametrize(
    ("data", "code", "side"), [(EXPORT, b"00400", "seller"), (IMPORT, b"00500", "buyer")]
)
def test_a_trader_that_declares_for_itself_is_the_declarant(
    data: bytes, code: bytes, side: str
) -> None:
    bare = data.replace(b"<Exporter><ID>GB427168118378</ID></Exporter>", b"")
    bare = bare.replace(b"<Importer><ID>GB896458895015</ID></Importer>", b"")
    bare = bare.replace(b"Consignee>", b"NotifyParty>")
    assert side not in one(bare).parties
    told = (
        b"<AdditionalInformation><StatementCode>"
        + code
        + b"</StatementCode></AdditionalInformation>"
    )
    itself = one(
        bare.replace(b"<GovernmentAgencyGoodsItem>", b"<GovernmentAgencyGoodsItem>" + told)
    )
    assert itself.parties[side].ids == [("eori", "GB427168118378")]
    assert "issuer" not in itself.parties


def test_an_answer_of_china_that_says_nothing_of_a_trade_is_named() -> None:
    (item,) = read(ceb("CEB312", "<OrderReturn><guid>g</guid><orderNo>7</orderNo></OrderReturn>"))
    assert isinstance(item, Reject)
    assert item.rule == "not-of-the-loop" and "CEB312Message" in item.message
