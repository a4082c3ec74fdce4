"""Goods under way, told by several in their own formats: the pieces meet in one deal, and promises follow.

All messages were made for these tests.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from tallystick.book import open_book
from tallystick.evidence.formats.amazon import read_amazon
from tallystick.evidence.formats.customs import read_customs
from tallystick.evidence.formats.dcsa import read_dcsa
from tallystick.evidence.formats.epcis import read_epcis
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

Read = Callable[[IO[bytes], str], Iterator[Said | Reject]]


def told(read: Read, data: bytes, kind: str) -> tuple[list[Said], Contributor]:
    items = list(read(io.BytesIO(data), "f"))
    assert all(isinstance(item, Said) for item in items), items
    return [item for item in items if isinstance(item, Said)], Contributor(f"the {kind}", kind)


def deals(tmp_path: Path, *batches: tuple[list[Said], Contributor]) -> tuple[list[str], Any]:
    """The kinds of document of each deal, and promise -> (outcome, days late)."""
    with open_book(tmp_path / "book", create=True) as book:
        for said, who in batches:
            assert book.add(said, who).batch.rejected == 0
        cut = book.cut(as_of=date(2026, 9, 1))
        rows = book.promises(cut=cut).to_pylist()
        kinds = [row["kinds"] for row in book.deals(cut).to_pylist()]
    return kinds, {row["kind"]: (row["outcome"], row["late_days"]) for row in rows}


def carried(code: str, day: str) -> dict[str, Any]:
    return {
        "eventID": f"e-{code}",
        "eventType": "TRANSPORT",
        "eventClassifierCode": "ACT",
        "eventDateTime": f"{day}T08:00:00Z",
        "transportEventTypeCode": code,
        "transportCall": {
            "vessel": {
                "vesselOperatorCarrierCode": "MMCU",
                "vesselOperatorCarrierCodeListProvider": "NMFTA",
            }
        },
        "documentReferences": [
            {"documentReferenceType": "TRD", "documentReferenceValue": "T-1"},
        ],
    }


BILL = {
    "transportDocumentReference": "T-1",
    "transportDocumentTypeCode": "BOL",
    "issueDate": "2026-01-12",
    "carrierCode": "MMCU",
    "carrierCodeListProvider": "NMFTA",
    "transports": {"plannedArrivalDate": "2026-02-07"},
    "documentParties": {"shipper": {"partyName": "Maker"}, "consignee": {"partyName": "Shop"}},
}


def test_a_bill_of_lading_and_its_events_tell_how_late_the_carrier_was(tmp_path: Path) -> None:
    events = json.dumps([carried("DEPA", "2026-01-14"), carried("ARRI", "2026-02-09")]).encode()
    kinds, promises = deals(
        tmp_path,
        told(read_dcsa, json.dumps(BILL).encode(), "carrier"),
        told(read_dcsa, events, "carrier"),
    )
    assert kinds == ["shipment, transport_event"]
    assert promises["arrive"] == ("late", 2)


def goods(step: str, day: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": f"{day}T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sgtin:4012345.011111.1"],
        "bizStep": step,
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:0614141.00000"}],
        "destinationList": [
            {"type": "owning_party", "destination": "urn:epc:id:pgln:4012345.00000"}
        ],
        "bizTransactionList": [
            {"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:PO-1"}
        ],
    } | more


def test_events_of_goods_meet_the_order_by_the_buyers_own_number(tmp_path: Path) -> None:
    order = {
        "kind": "order",
        "number": "PO-1",
        "issued_on": "2026-01-02",
        "due_on": "2026-01-10",
        "parties": {
            "seller": {"ids": {"gln": "0614141000005"}},
            "buyer": {"ids": {"gln": "4012345000009"}},
        },
    }
    document = {"type": "EPCISDocument", "epcisBody": {"eventList": [
        goods("shipping", "2026-01-13"), goods("receiving", "2026-01-20"),
    ]}}  # fmt: skip
    said, who = told(read_epcis, json.dumps(document).encode(), "firm")
    with open_book(tmp_path / "book", create=True) as book:
        assert book.add([order], Contributor("shop", "firm")).batch.rejected == 0
        assert book.add(said, who).batch.rejected == 0
        cut = book.cut(as_of=date(2026, 9, 1))
        (deal,) = book.deals(cut).to_pylist()
        rows = {row["kind"]: row for row in book.promises(cut=cut).to_pylist()}
    assert deal["kinds"] == "dispatch, order, receipt"
    assert (rows["dispatch"]["outcome"], rows["dispatch"]["late_days"]) == ("late", 3)


def test_an_event_that_was_declared_wrong_counts_for_nothing(tmp_path: Path) -> None:
    right = goods("receiving", "2026-01-20")
    wrong = right | {"errorDeclaration": {"declarationTime": "2026-01-21T08:00:00Z"}}
    kinds, _ = deals(
        tmp_path,
        told(read_epcis, json.dumps(right).encode(), "firm"),
        told(read_epcis, json.dumps(wrong).encode(), "firm"),
    )
    assert kinds == []


def ceb(message: str, body: str) -> bytes:
    space = "http://www.chinaport.gov.cn/ceb"
    return f'<{message}Message xmlns="{space}">{body}</{message}Message>'.encode()


def test_order_payment_waybill_list_and_customs_answer_are_one_deal(tmp_path: Path) -> None:
    head = "<guid>g</guid><appType>1</appType><appTime>20260507153001</appTime>"
    who = "<ebpCode>3301963H79</ebpCode><ebcCode>3301960001</ebcCode><orderNo>O-1</orderNo>"
    carry = "<logisticsCode>4101986180</logisticsCode><logisticsNo>L-1</logisticsNo>"
    money = "<currency>142</currency>"
    kinds, _ = deals(
        tmp_path,
        told(read_customs, ceb("CEB303", f"<Order><OrderHead>{head}{who}<goodsValue>9</goodsValue>"
                               f"{money}</OrderHead></Order>"), "marketplace"),
        told(read_customs, ceb("CEB403", f"<Receipts>{head}{who}<payCode>P</payCode><payNo>N</payNo>"
                               f"<charge>9</charge>{money}</Receipts>"), "payment_service"),
        told(read_customs, ceb("CEB505", f"<Logistics>{head}{carry}</Logistics>"), "carrier"),
        told(read_customs, ceb("CEB603", f"<Inventory><InventoryHead>{head}{who}{carry}<copNo>C</copNo>"
                               "</InventoryHead></Inventory>"), "firm"),
        told(read_customs, ceb("CEB604", "<InventoryReturn><guid>r</guid><ebcCode>3301960001</ebcCode>"
                               "<copNo>C</copNo><returnStatus>800</returnStatus>"
                               "<returnTime>20260509101112345</returnTime></InventoryReturn>"), "customs"),
    )  # fmt: skip
    assert kinds == ["customs_event, export_declaration, order, payment, shipment"]


def test_what_the_marketplace_orders_is_sent_and_billed_in_one_deal(tmp_path: Path) -> None:
    buyer, maker = {"partyId": "ABCD"}, {"partyId": "999US"}
    order = {"purchaseOrderNumber": "L1", "orderDetails": {
        "purchaseOrderDate": "2026-03-01T10:00:00Z", "buyingParty": buyer, "sellingParty": maker,
        "shipWindow": "2026-03-02T07:00:00Z--2026-03-08T07:00:00Z"}}  # fmt: skip
    sent = {"shipmentIdentifier": "S1", "shipmentConfirmationDate": "2026-03-06T12:00:00Z",
            "sellingParty": maker, "shipToParty": {"partyId": "FC1"},
            "shippedItems": [{"itemDetails": {"purchaseOrderNumber": "L1"}}]}  # fmt: skip
    bill = {"invoiceType": "Invoice", "id": "I1", "date": "2026-03-07", "remitToParty": maker,
            "billToParty": buyer, "paymentTerms": {"netDueDays": 30},
            "invoiceTotal": {"amount": "10.00", "currencyCode": "USD"},
            "items": [{"purchaseOrderNumber": "L1"}]}  # fmt: skip
    kinds, promises = deals(
        tmp_path,
        *(
            told(read_amazon, json.dumps({name: [record]}).encode(), "marketplace")
            for name, record in (
                ("orders", order),
                ("shipmentConfirmations", sent),
                ("invoices", bill),
            )
        ),
    )
    assert kinds == ["dispatch, invoice, order"]
    assert promises["dispatch"][0] == "kept"
    assert promises["pay"][0] == "broken"
