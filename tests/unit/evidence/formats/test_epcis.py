"""EPCIS events: what they become, and that one event has one number however it is written."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mutated import mutated, oddly

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.epcis import looks_like_epcis, read_epcis
from tallystick.evidence.formats.epcis.event_hash import event_hash
from tallystick.evidence.formats.epcis.keys import digital_link, gln_of
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-04T11:00:30+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.987", "urn:epc:id:sgtin:4012345.011111.988"],
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:PO-7"},
        {"type": "desadv", "bizTransaction": "urn:epc:id:gdti:0614141.00001.55"},
    ],
    "sourceList": [
        {"type": "possessing_party", "source": "urn:epc:id:pgln:0614141.00777"},
        {"type": "owning_party", "source": "urn:epc:id:pgln:0614141.00000"},
    ],
    "destinationList": [{"type": "owning_party", "destination": "urn:epc:id:pgln:4012345.00000"}],
    "example:grade": "A",
}


def document(*events: Any, **more: Any) -> bytes:
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
    head = {"@context": [*context, {"example": "https://ns.example.com/"}], "type": "EPCISDocument"}
    return json.dumps(head | {"epcisBody": {"eventList": list(events)}} | more).encode()


def read(data: bytes) -> list[Said | Reject]:
    return list(read_epcis(io.BytesIO(data), "f"))


def one(**changes: Any) -> Said:
    (said,) = read(document(EVENT | changes))
    assert isinstance(said, Said), said
    return said


XML = b"""<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:e="https://ns.example.com/">
<EPCISBody><EventList><ObjectEvent>
<eventTime>2026-03-04T10:00:30.000Z</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
<epcList><epc>https://id.gs1.org/01/04012345111118/21/988</epc>
<epc>urn:epc:id:sgtin:4012345.011111.987</epc></epcList>
<action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>
<disposition>https://ref.gs1.org/cbv/Disp-in_transit</disposition>
<bizTransactionList>
<bizTransaction type="urn:epcglobal:cbv:btt:desadv">urn:epc:id:gdti:0614141.00001.55</bizTransaction>
<bizTransaction type="urn:epcglobal:cbv:btt:po">urn:epcglobal:cbv:bt:4012345000009:PO-7</bizTransaction>
</bizTransactionList>
<extension>
<sourceList><source type="urn:epcglobal:cbv:sdt:owning_party">https://id.gs1.org/417/0614141000005</source>
<source type="urn:epcglobal:cbv:sdt:possessing_party">urn:epc:id:pgln:0614141.00777</source></sourceList>
<destinationList>
<destination type="urn:epcglobal:cbv:sdt:owning_party">urn:epc:id:pgln:4012345.00000</destination>
</destinationList></extension><e:grade>A</e:grade>
</ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"""


def test_shipping_is_a_dispatch_of_the_owner_with_its_order_and_advice() -> None:
    said = one()
    assert (said.kind, said.status, said.reason) == ("dispatch", None, "shipping in_transit")
    assert said.parties["seller"].ids == [("gln", "0614141000005")]
    assert said.parties["buyer"].ids == [("gln", "4012345000009")]
    assert said.references == [("dispatch", "061414100001255", "gs1"), ("order", "PO-7", None)]
    assert (said.quantity, said.unit) == ("2", "EA")
    assert said.happened_at == "2026-03-04T10:00:30.000Z"
    assert said.places["happened_at"] == "/epcisBody/eventList/0/eventTime"


def test_the_same_event_in_xml_is_the_same_document() -> None:
    (xml,) = read(XML)
    assert isinstance(xml, Said)
    assert xml.number == one().number
    both = canonicalise([one(), xml], Contributor("c", "firm"))
    references = [row["references"] for row in both.documents.to_pylist()]
    assert both.rejects.num_rows == 0
    assert sorted(map(str, references[0])) == sorted(map(str, references[-1]))
    assert xml.places["happened_at"] == "eventTime:3"


def test_the_order_of_what_is_listed_makes_no_other_document() -> None:
    turned = EVENT | {
        name: list(reversed(EVENT[name]))
        for name in ("epcList", "bizTransactionList", "sourceList")
    }
    both = canonicalise(read(document(EVENT, turned)), Contributor("c", "firm"))
    assert (both.documents.num_rows, both.repeated) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "kind", "status"),
    [
        ({"bizStep": "receiving", "disposition": "in_progress"}, "receipt", None),
        ({"bizStep": "receiving", "disposition": "damaged"}, "receipt", "damaged"),
        ({"bizStep": "accepting"}, "receipt", "accepted"),
        ({"bizStep": "https://ref.gs1.org/cbv/BizStep-arriving"}, "transport_event", "arrived"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:departing"}, "transport_event", "departed"),
        ({"bizStep": "transporting", "disposition": "stolen"}, "transport_event", "lost"),
        ({"bizStep": "inspecting", "disposition": "non_conformant"}, "inspection", "failed"),
        ({"bizStep": "shipping", "disposition": "returned"}, "return", None),
        ({"bizStep": "packing"}, "transport_event", None),
        ({"bizStep": "shipping", "sourceList": [], "bizTransactionList": []},
         "transport_event", "departed"),
    ],
)  # fmt: skip
def test_step_and_disposition_say_what_it_is(
    changes: dict[str, Any], kind: str, status: str | None
) -> None:
    said = one(**changes)
    assert (said.kind, said.status) == (kind, status)
    assert canonicalise([said], Contributor("c", "firm")).rejects.num_rows == 0


def test_goods_sent_back_go_from_the_buyer_to_the_seller() -> None:
    said = one(disposition="returned", bizTransactionList=[])
    assert said.parties["buyer"].ids == [("gln", "0614141000005")]
    assert said.places["buyer"] == "/epcisBody/eventList/0/sourceList"


def test_a_step_within_a_plant_is_no_trade() -> None:
    inner = {"type": "ObjectEvent", "eventTime": "2026-03-04T11:00:30Z", "bizStep": "commissioning"}
    (item,) = read(document(inner))
    assert isinstance(item, Reject)
    assert (item.rule, item.row) == ("not-of-the-loop", 1)


def test_an_error_declaration_takes_back_the_event_of_the_same_number() -> None:
    error = {"declarationTime": "2026-03-05T08:00:00Z", "reason": "incorrect_data",
             "correctiveEventIDs": ["urn:uuid:1"]}  # fmt: skip
    said = one(errorDeclaration=error, recordTime="2026-03-05T08:00:01Z")
    assert (said.action, said.kind, said.number) == ("retract", "dispatch", one().number)
    assert (said.reason, said.note) == ("incorrect_data", "put right by urn:uuid:1")
    assert said.happened_at == "2026-03-05T08:00:00.000Z"
    assert one(eventID="urn:uuid:9", errorDeclaration=error).number == "urn:uuid:9"


def test_quantities_of_one_unit_add_up_and_others_do_not() -> None:
    lines = [{"epcClass": "a", "quantity": 1.5, "uom": "KGM"}, {"quantity": 2, "uom": "KGM"}]
    said = one(epcList=[], quantityList=lines)
    assert (said.quantity, said.unit) == ("3.5", "KGM")
    assert one(epcList=[], quantityList=[*lines, {"quantity": 1}]).quantity is None


@pytest.mark.parametrize(
    ("uri", "link"),
    [
        ("urn:epc:id:sscc:4012345.0000000333", "00/040123450000003338"),
        ("urn:epc:id:sgln:4012345.00011.0", "414/4012345000115"),
        ("urn:epc:id:sgln:4012345.00011.987", "414/4012345000115/254/987"),
        ("urn:epc:id:pgln:999999999999.", "417/9999999999994"),
        ("urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234",
         "8010/061414111111111111111-A%23%2F/8011/1234"),
        ("urn:epc:class:lgtin:4012345.012345.Lot987", "01/04012345123456/10/Lot987"),
        ("urn:epc:idpat:itip:4012345.012345.01.02.*", "8006/040123451234560102"),
        ("https://shop.example.com/x/gtin/780345418913/lot/3/ser/4", "01/00780345418913/21/4"),
    ],
)  # fmt: skip
def test_keys_have_one_spelling(uri: str, link: str) -> None:
    assert digital_link(uri) == f"https://id.gs1.org/{link}"


@pytest.mark.parametrize(
    "uri", ["urn:epc:id:sgtin:1.2.3", "https://example.com/orders/7", "urn:epc:id:zz:1234567.1"]
)
def test_what_is_no_key_stays_as_it_is(uri: str) -> None:
    assert digital_link(uri) is None
    assert gln_of(uri) is None


shifts = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(st.permutations(list(EVENT)), shifts, st.permutations(EVENT["epcList"]))
def test_neither_order_nor_time_zone_moves_the_hash(
    names: list[str], zone: timezone, epcs: list[str]
) -> None:
    again = {name: EVENT[name] for name in names} | {"epcList": epcs, "recordTime": "x"}
    at = datetime.fromisoformat(EVENT["eventTime"]).astimezone(zone)
    assert event_hash(again | {"eventTime": at.isoformat()}) == event_hash(EVENT)


@given(st.sampled_from([n for n in EVENT if n != "type"]))
def test_what_is_left_out_moves_the_hash(name: str) -> None:
    assert event_hash({n: v for n, v in EVENT.items() if n != name}) != event_hash(EVENT)


def test_a_file_that_breaks_off_yields_what_stood_before() -> None:
    said, reject = read(XML[: XML.index(b"</EventList>")])
    assert isinstance(said, Said) and isinstance(reject, Reject)
    assert (reject.rule, reject.row) == ("xml-truncated", 2)


def test_a_long_file_is_read_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [EVENT | {"eventID": f"urn:uuid:{n}"} for n in range(50)]
    whole = read(document(*events, EVENT))
    monkeypatch.setattr("tallystick.evidence.formats.jsonfile.MAX_WHOLE", 1000)
    assert read(document(*events, EVENT)) == whole
    *before, last = read(document(*events)[:-100])
    assert len(before) == 49
    assert isinstance(last, Reject)


FILES = [XML, document(EVENT), json.dumps(EVENT).encode()]


@settings(max_examples=150, deadline=2000)
@given(mutated(FILES))
def test_nothing_that_a_file_holds_raises(data: bytes) -> None:
    looks_like_epcis(data)
    items = read(data)
    assert all(isinstance(item, Said | Reject) for item in items)
    canonicalise(items, Contributor("c", "firm"))


@settings(max_examples=150, deadline=2000)
@given(oddly([{"eventList": [EVENT]}, EVENT]))
def test_members_of_another_type_are_read_or_refused(data: bytes) -> None:
    canonicalise(read(data), Contributor("c", "firm"))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"<a/>", b"[1, null, {}]", b"[" * 100_000,
                                  b'{"a":' * 50_000, document({"type": "ObjectEvent", "a": []})])  # fmt: skip
def test_what_is_no_event_is_refused_with_a_reason(data: bytes) -> None:
    items = read(data)
    assert items
    assert all(isinstance(item, Reject) and item.fix for item in items)


def test_files_are_recognised_by_content() -> None:
    assert all(looks_like_epcis(data) for data in FILES)
    assert not looks_like_epcis(b'{"eventDateTime": "2026"}')
    assert not looks_like_epcis(b"<Invoice/>")


MASTER = {
    "epcisMasterData": {
        "vocabularyList": [
            {
                "type": "urn:epcglobal:epcis:vtype:Party",
                "vocabularyElementList": [
                    {
                        "id": "urn:epc:id:pgln:0614141.00000",
                        "attributes": [
                            {"id": "cbvmda:name", "attribute": "Maker Ltd"},
                            {"id": "cbvmda:streetAddressOne", "attribute": "1 High Street"},
                            {"id": "cbvmda:city", "attribute": "Leeds"},
                            {"id": "cbvmda:countryCode", "attribute": "gb"},
                        ],
                    },
                    {"id": "urn:epc:id:pgln:4012345.00000", "attributes": "none"},
                    {"id": "urn:epc:idpat:sgtin:4012345.011111.*", "attributes": []},
                ],
            }
        ]
    }
}
HEADER = b"""<EPCISHeader><extension><EPCISMasterData><VocabularyList>
<Vocabulary type="urn:epcglobal:epcis:vtype:Location"><VocabularyElementList>
<VocabularyElement id="urn:epc:id:sgln:0614141.00000.0">
<attribute id="urn:epcglobal:cbv:mda#name">Maker Ltd</attribute>
<attribute id="urn:epcglobal:cbv:mda#streetAddressOne">1 High Street</attribute>
<attribute id="urn:epcglobal:cbv:mda#city">Leeds</attribute>
<attribute id="urn:epcglobal:cbv:mda#countryCode">GB</attribute>
</VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension></EPCISHeader>
"""


@pytest.mark.parametrize(
    "data",
    [document(EVENT, epcisHeader=MASTER), XML.replace(b"<EPCISBody>", HEADER + b"<EPCISBody>")],
    ids=["json", "xml"],
)
def test_parties_bear_the_names_of_the_master_data(data: bytes) -> None:
    (said,) = read(data)
    assert isinstance(said, Said)
    seller, buyer = said.parties["seller"], said.parties["buyer"]
    assert (seller.name, seller.country, seller.ids) == (
        "Maker Ltd", "GB", [("gln", "0614141000005")],
    )  # fmt: skip
    assert seller.details is not None and seller.details.addresses == ("1 High Street, Leeds",)
    assert (buyer.name, buyer.ids) == (None, [("gln", "4012345000009")])
    bare = read(document(EVENT) if data.startswith(b"{") else XML)
    ids = [
        row["doc_id"]
        for item in (said, *bare)
        for row in canonicalise([item], Contributor("c", "firm")).documents.to_pylist()
    ]
    assert ids[0] == ids[1]  # a name makes no other document


def test_a_key_of_odd_digits_is_none() -> None:
    for digits in ("01\N{SUPERSCRIPT TWO}11", "0\N{ARABIC-INDIC DIGIT ONE}111"):
        assert digital_link(f"urn:epc:id:pgln:4012345.{digits}") is None
