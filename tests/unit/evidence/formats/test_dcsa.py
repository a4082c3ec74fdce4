"""DCSA messages: what events and documents become, and what is refused."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from tests.mutated import mutated, oddly

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.dcsa import looks_like_dcsa, read_dcsa
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

FLAT: dict[str, Any] = {
    "eventID": "e-1",
    "eventCreatedDateTime": "2026-01-23T12:34:56Z",
    "eventType": "TRANSPORT",
    "eventClassifierCode": "ACT",
    "eventDateTime": "2026-01-20T14:12:56+01:00",
    "transportEventTypeCode": "ARRI",
    "changeRemark": "Bad weather",
    "transportCall": {
        "UNLocationCode": "FRPAR",
        "vessel": {
            "vesselOperatorCarrierCode": "MAEU",
            "vesselOperatorCarrierCodeListProvider": "NMFTA",
        },
    },
    "documentReferences": [
        {"documentReferenceType": "BKG", "documentReferenceValue": "B-1"},
        {"documentReferenceType": "TRD", "documentReferenceValue": "T-1"},
    ],
    "references": [{"referenceType": "PO", "referenceValue": "PO-7"}],
}
NESTED: dict[str, Any] = {
    "eventRouting": {
        "originatingParty": {
            "partyCode": "EXCO",
            "codeListProvider": "SMDG",
            "codeListName": "LCL",
            "partyFunction": "CA",
        }
    },
    "eventID": "e-2",
    "eventDateTime": "2026-01-15T09:00:00Z",
    "eventUpdatedDateTime": "2026-01-10T01:23:45Z",
    "eventClassification": {
        "eventTypeCode": "SHIPMENT",
        "eventClassifierCode": "ACT",
        "shipmentEventTypeCode": "CONF",
    },
    "shipmentDetails": {
        "documentReference": {"typeCode": "BKG", "reference": "B-1"},
        "additionalDocumentReferences": [{"typeCode": "TRD", "reference": "T-1"}],
    },
}
BILL: dict[str, Any] = {
    "transportDocumentReference": "T-1",
    "transportDocumentTypeCode": "BOL",
    "transportDocumentStatus": "ISSUED",
    "issueDate": "2026-01-12",
    "declaredValue": 1231.10,
    "declaredValueCurrency": "DKK",
    "carrierCode": "MMCU",
    "carrierCodeListProvider": "NMFTA",
    "transports": {"plannedArrivalDate": "2026-02-07"},
    "documentParties": {
        "shipper": {
            "partyName": "Maker",
            "address": {"street": "High St", "city": "Yiwu", "countryCode": "CN"},
            "partyContactDetails": [{"name": "Li", "email": "li@maker.cn"}],
            "taxLegalReferences": [{"type": "VAT", "countryCode": "DE", "value": "DE136695976"}],
        },
        "consignee": {
            "partyName": "Shop",
            "identifyingCodes": [
                {"codeListProvider": "GLEIF", "partyCode": "529900T8BM49AURSDO55"}
            ],
        },
    },
    "consignmentItems": [
        {
            "carrierBookingReference": "B-1",
            "cargoItems": [{"outerPackaging": {"numberOfPackages": 400}}],
        }
    ],
}
NOTICE: dict[str, Any] = {
    "issueDateTime": "2026-03-04T00:00:00Z",
    "carrierCode": "HLCU",
    "carrierCodeListProvider": "NMFTA",
    "transportDocumentReference": "T-1",
    "documentParties": [{"partyFunction": "CN", "partyName": "Shop"}],
    "transport": {"portOfDischargeArrivalDate": {"value": "2026-03-10", "classifier": "EST"}},
}


def read(record: Any) -> list[Said | Reject]:
    data = record if isinstance(record, bytes) else json.dumps(record).encode()
    return list(read_dcsa(io.BytesIO(data), "f"))


def one(record: Any) -> Said:
    (said,) = read(record)
    assert isinstance(said, Said), said
    assert canonicalise([said], Contributor("c", "carrier")).rejects.num_rows == 0
    return said


def rule(record: Any) -> str:
    (item,) = read(record)
    assert isinstance(item, Reject) and item.fix, item
    return item.rule


def test_an_arrival_that_happened_names_booking_bill_order_and_carrier() -> None:
    said = one([FLAT])
    assert (said.kind, said.status, said.number) == ("transport_event", "arrived", "e-1")
    assert said.references == [
        ("booking", "B-1", None), ("shipment", "T-1", None), ("order", "PO-7", None),
    ]  # fmt: skip
    assert said.parties["carrier"].ids == [("id:nmfta", "MAEU")]
    assert said.note == "FRPAR / Bad weather"
    assert said.places["happened_at"] == "/0/eventDateTime"


def test_what_is_expected_has_not_happened() -> None:
    said = one([FLAT | {"eventClassifierCode": "EST"}])
    assert (said.status, said.happened_at) == (None, "2026-01-23T12:34:56Z")
    assert said.note is not None and said.note.startswith("expected 2026-01-20T14:12:56+01:00")


def classified(**codes: str) -> dict[str, Any]:
    return NESTED | {"eventClassification": {"eventClassifierCode": "ACT"} | codes}


@pytest.mark.parametrize(
    ("codes", "more", "status"),
    [
        ({"eventTypeCode": "TRANSPORT", "transportEventTypeCode": "DEPA"}, {}, "departed"),
        ({"eventTypeCode": "EQUIPMENT", "equipmentEventTypeCode": "GTOT"},
         {"emptyIndicatorCode": "LADEN", "movementType": "IMPORT"}, "delivered"),
        ({"eventTypeCode": "EQUIPMENT", "equipmentEventTypeCode": "GTIN"},
         {"emptyIndicatorCode": "LADEN", "movementType": "EXPORT"}, "collected"),
        ({"eventTypeCode": "EQUIPMENT", "equipmentEventTypeCode": "GTIN"},
         {"emptyIndicatorCode": "EMPTY", "movementType": "EXPORT"}, None),
        ({"eventTypeCode": "SHIPMENT", "shipmentEventTypeCode": "HOLD"}, {}, "held"),
    ],
)  # fmt: skip
def test_codes_say_what_happened(
    codes: dict[str, str], more: dict[str, str], status: str | None
) -> None:
    assert one({"events": [classified(**codes) | {"equipmentDetails": more}]}).status == status


def test_a_confirmed_booking_is_the_booking_and_an_issued_bill_the_shipment() -> None:
    said = one({"events": [NESTED]})
    assert (said.kind, said.number, said.namespace) == ("booking", "B-1", None)
    assert said.references == [("shipment", "T-1", None)]
    issued = classified(eventTypeCode="SHIPMENT", shipmentEventTypeCode="ISSU")
    details = {"documentReference": {"typeCode": "TRD", "reference": "T-1"}}
    assert one({"events": [issued | {"shipmentDetails": details}]}).kind == "shipment"


def test_customs_hold_is_an_event_of_customs() -> None:
    held = classified(eventTypeCode="SHIPMENT", shipmentEventTypeCode="HOLD")
    details = {"documentReference": {"typeCode": "CUS", "reference": "C-1"}}
    said = one({"events": [held | {"shipmentDetails": details}]})
    assert (said.kind, said.status) == ("customs_event", "held")


def test_a_bill_of_lading_keeps_its_value_as_text_and_its_parties() -> None:
    text = json.dumps({"document": BILL, "issueTo": {"partyName": "Bank"}}).replace(
        "1231.1", "1231.10"
    )
    said = one(text.encode())
    assert (said.kind, said.number, said.due_on) == ("shipment", "T-1", "2026-02-07")
    assert (said.amount, said.currency, said.quantity) == ("1231.10", "DKK", "400")
    assert said.references == [("booking", "B-1", None)]
    assert said.parties["seller"].ids == [("vat", "DE136695976")]
    details = said.parties["seller"].details
    assert details is not None
    assert (details.addresses, details.domains) == (("High St, Yiwu, CN",), ("li@maker.cn",))
    assert said.parties["buyer"].ids == [("lei", "529900T8BM49AURSDO55")]
    assert said.parties["recipient"].name == "Bank"
    assert said.places["amount"] == "/document/declaredValue"


def test_an_arrival_notice_restates_the_day_or_says_that_it_came() -> None:
    said = one({"arrivalNotices": [NOTICE]})
    assert (said.kind, said.number, said.due_on) == ("shipment", "T-1", "2026-03-10")
    came = {"portOfDischargeArrivalDate": {"value": "2026-03-11", "classifier": "ACT"}}
    said = one({"arrivalNotices": [NOTICE | {"transport": came}]})
    assert (said.kind, said.status, said.happened_at) == (
        "transport_event",
        "arrived",
        "2026-03-11",
    )
    bare = {n: NOTICE[n] for n in ("issueDateTime", "transportDocumentReference")} | came
    came["portOfDischargeArrivalDate"]["classifier"] = "EST"
    assert one({"arrivalNoticeNotifications": [bare]}).note == "expected 2026-03-11"


def test_surrender_names_the_bill_and_who_hands_it_back() -> None:
    chain = [{"actionDateTime": "2026-06-12T14:54:00Z", "actionCode": "SURR",
              "actor": {"partyName": "Shop"}, "recipient": {"partyName": "Line"}}]  # fmt: skip
    said = one({"surrenderRequestReference": "S-1", "transportDocumentReference": "T-1",
                "surrenderRequestCode": "SREQ", "endorsementChain": chain})  # fmt: skip
    assert (said.reason, said.references) == ("surrender SREQ", [("shipment", "T-1", None)])
    assert (said.parties["issuer"].name, said.parties["carrier"].name) == ("Shop", "Line")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"transportDocumentTypeCode": "BOL"}, "dcsa-draft"),
        ({"shipmentLocations": [], "receiptTypeAtOrigin": "CY"}, "dcsa-draft"),
        ({"events": [classified(eventTypeCode="REEFER")]}, "not-of-the-loop"),
        ([FLAT | {"eventID": 7}], "dcsa-event-id"),
        ({"statusCode": 404, "errors": []}, "not-of-the-loop"),
        ([{"someEvents": []}], "dcsa-unknown"),
        ([None], "dcsa-unknown"),
        (b'{"events": [', "json-truncated"),
        (b"{not json}", "json"),
        (b"[]", "nothing-stated"),
    ],
)
def test_what_is_refused_says_why(record: Any, expected: str) -> None:
    assert rule(record) == expected


FILES = [
    json.dumps(r).encode()
    for r in ([FLAT], {"events": [NESTED]}, BILL, {"arrivalNotices": [NOTICE]})
]


@settings(max_examples=150, deadline=2000)
@given(mutated(FILES))
def test_nothing_that_a_file_holds_raises(data: bytes) -> None:
    looks_like_dcsa(data)
    items = read(data)
    assert items and all(isinstance(item, Said | Reject) for item in items)
    canonicalise(items, Contributor("c", "carrier"))


@settings(max_examples=150, deadline=2000)
@given(oddly([[FLAT], {"events": [NESTED]}, BILL, {"arrivalNotices": [NOTICE]}]))
def test_members_of_another_type_are_read_or_refused(data: bytes) -> None:
    canonicalise(read(data), Contributor("c", "carrier"))


def test_files_are_recognised_by_content() -> None:
    assert all(looks_like_dcsa(data) for data in FILES)
    assert not looks_like_dcsa(b'{"eventTime": "2026"}')


def test_events_as_carriers_spell_them() -> None:
    """Lists by type, other letters, and no type beside the code that tells it."""
    spelt = {
        {"eventID": "eventId", "documentID": "documentId"}.get(name, name): value
        for name, value in FLAT.items()
    } | {"eventType": str(FLAT["eventType"]).capitalize()}
    assert one(spelt).number == "e-1" and one(spelt).status == "arrived"
    bare = {
        name: value
        for name, value in FLAT.items()
        if name not in ("eventType", "eventClassifierCode")
    }
    assert one([bare]).status == "arrived"
    grouped = {
        "shipmentEvent": [],
        "transportEvent": [spelt],
        "equipmentEvent": [spelt | {"eventType": "x"}],
    }
    first, second = read(grouped)
    assert (
        isinstance(first, Said) and first.places["happened_at"] == "/transportEvent/0/eventDateTime"
    )
    assert isinstance(second, Reject) and second.rule == "not-of-the-loop"


REQUEST: dict[str, Any] = {
    "transportDocumentTypeCode": "SWB",
    "carrierBookingReference": "B-1",
    "documentParties": [
        {
            "partyFunction": "OS",
            "party": {
                "partyName": "Maker",
                "identifyingCodes": [
                    {"DCSAResponsibleAgencyCode": "LEI", "partyCode": "529900T8BM49AURSDO55"}
                ],
            },
        }
    ],
    "consignmentItems": [{"cargoItems": [{"numberOfPackages": 18}]}],
}


def test_a_bill_of_the_first_versions_holds_the_instruction_that_it_answers() -> None:
    told = {
        "transportDocumentReference": "T-1",
        "issueDate": "2026-01-12",
        "carrierCode": "HLC",
        "carrierCodeListProvider": "SMDG",
        "shippingInstruction": REQUEST,
    }
    said = one(told)
    assert (said.kind, said.number, said.issued_on) == ("shipment", "T-1", "2026-01-12")
    assert said.parties["seller"].ids == [("lei", "529900T8BM49AURSDO55")]
    assert said.parties["carrier"].ids == [("id:smdg", "HLC")]
    assert (said.quantity, said.references) == ("18", [("booking", "B-1", None)])
    assert said.places["seller"] == "/shippingInstruction/documentParties"
    assert said.places["number"] == "/transportDocumentReference"
    assert rule(REQUEST) == "dcsa-draft"


def test_a_booking_that_was_confirmed_in_the_first_version() -> None:
    told = {
        "carrierBookingReference": "B-1",
        "shipmentCreatedDateTime": "2026-01-03T10:00:00Z",
        "carrierCode": "HLC",
        "booking": {"expectedDepartureDate": "2026-01-20", "incoTerms": "FCA"} | REQUEST,
    }
    said = one(told)
    assert (said.kind, said.number, said.issued_on) == ("booking", "B-1", "2026-01-03")
    assert (said.due_on, said.incoterm) == ("2026-01-20", "FCA")
    assert said.places["due_on"] == "/booking/expectedDepartureDate"


def test_a_bill_in_a_wrapper_and_one_that_is_a_draft() -> None:
    assert one({"transportDocument": BILL}).places["number"].startswith("/transportDocument/")
    draft = BILL | {"transportDocumentStatus": "DRAFT", "shippedOnBoardDate": "2026-01-11"}
    del draft["issueDate"]
    assert rule(draft) == "dcsa-draft"


def test_documents_that_an_event_names_by_itself() -> None:
    bare = {k: v for k, v in FLAT.items() if k != "documentReferences"}
    said = one([bare | {"carrierBookingReference": "B-1", "transportDocumentReference": "T-1"}])
    assert said.references[:2] == [("booking", "B-1", None), ("shipment", "T-1", None)]
