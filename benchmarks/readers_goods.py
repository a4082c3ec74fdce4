"""Readers of goods movement, customs and marketplaces beside the bare parser on the same bytes.

The bare parser is `json.loads` of the whole file, or `lxml.etree.iterparse` that lets each record go. Both run
in turn, each in a process of its own; the processor time of reading counts, without the start of Python. Two
sizes show whether memory is bounded.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.common import apart, in_turn, table

RECORDS: Final = 40_000
TURNS: Final = 2
TARGET: Final = 0.5
RECORD_TAGS: Final = ("ObjectEvent", "Order", "Declaration")


def _goods(n: int) -> dict[str, Any]:
    """An event without an id, so that its hash must be taken; every other one has an id."""
    party = f"urn:epc:id:pgln:4012345.{n % 10_000:05d}"
    event = {
        "type": "ObjectEvent",
        "eventTime": f"2026-03-{n % 28 + 1:02d}T{n % 24:02d}:{n % 60:02d}:30.000+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": [f"urn:epc:id:sscc:4012345.{n % 10**10:010d}"],
        "action": "OBSERVE",
        "bizStep": "receiving" if n % 3 else "shipping",
        "disposition": "in_progress",
        "readPoint": {"id": f"urn:epc:id:sgln:4012345.{n % 500:05d}.0"},
        "bizTransactionList": [
            {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:4012345000009:PO-{n}"}
        ],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:0614141.00000"}],
        "destinationList": [{"type": "owning_party", "destination": party}],
    }
    return event | ({"eventID": f"urn:uuid:{n:032x}"} if n % 2 else {})


def _shipped(n: int) -> dict[str, Any]:
    return {
        "eventRouting": {
            "originatingParty": {
                "partyCode": "EXCO",
                "codeListProvider": "SMDG",
                "partyFunction": "CA",
            }
        },
        "eventID": f"{n:032x}",
        "eventDateTime": f"2026-01-{n % 28 + 1:02d}T09:00:00Z",
        "eventUpdatedDateTime": "2026-01-25T01:23:45Z",
        "eventLocation": {"locationName": "Terminal", "UNLocationCode": "GBSOU"},
        "eventClassification": {
            "eventTypeCode": "TRANSPORT",
            "eventClassifierCode": "ACT",
            "transportEventTypeCode": "DEPA",
        },
        "shipmentDetails": {
            "documentReference": {"typeCode": "BKG", "reference": f"B{n}"},
            "additionalDocumentReferences": [{"typeCode": "TRD", "reference": f"T{n}"}],
        },
    }


def _sold(n: int) -> dict[str, Any]:
    return {
        "orderId": f"123-{n:07d}",
        "createdTime": "2026-03-05T10:30:00Z",
        "lastUpdatedTime": "2026-03-06T14:45:00Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"},
        "buyer": {"buyerEmail": f"b{n}@marketplace.example"},
        "proceeds": {"grandTotal": {"amount": "154.99", "currencyCode": "USD"}},
        "fulfillment": {
            "fulfillmentStatus": "SHIPPED",
            "shipByWindow": {"latestDateTime": "2026-03-07T23:59:59Z"},
            "deliverByWindow": {"latestDateTime": "2026-03-10T23:59:59Z"},
        },
        "orderItems": [{"orderItemId": "1", "quantityOrdered": 2}],
    }


def _events_xml(n: int) -> str:
    e = _goods(n)
    given = f"<eventID>{e['eventID']}</eventID>" if "eventID" in e else ""
    return (
        f"<ObjectEvent><eventTime>{e['eventTime']}</eventTime>"
        f"<eventTimeZoneOffset>+01:00</eventTimeZoneOffset>{given}"
        f"<epcList><epc>{e['epcList'][0]}</epc></epcList><action>OBSERVE</action>"
        f"<bizStep>urn:epcglobal:cbv:bizstep:{e['bizStep']}</bizStep>"
        "<disposition>urn:epcglobal:cbv:disp:in_progress</disposition>"
        f"<readPoint><id>{e['readPoint']['id']}</id></readPoint><bizTransactionList>"
        '<bizTransaction type="urn:epcglobal:cbv:btt:po">'
        f"{e['bizTransactionList'][0]['bizTransaction']}</bizTransaction></bizTransactionList>"
        '<sourceList><source type="urn:epcglobal:cbv:sdt:owning_party">'
        f"{e['sourceList'][0]['source']}</source></sourceList><destinationList>"
        '<destination type="urn:epcglobal:cbv:sdt:owning_party">'
        f"{e['destinationList'][0]['destination']}</destination></destinationList></ObjectEvent>\n"
    )


def _order_xml(n: int) -> str:
    return (
        f"<ceb:Order><ceb:OrderHead><ceb:guid>{n:036d}</ceb:guid><ceb:appType>1</ceb:appType>"
        f"<ceb:appTime>20260507153001</ceb:appTime><ceb:orderNo>O-{n}</ceb:orderNo>"
        "<ceb:ebpCode>3301963H79</ceb:ebpCode><ceb:ebpName>平台</ceb:ebpName>"
        "<ceb:ebcCode>3301960001</ceb:ebcCode><ceb:ebcName>义乌某某有限公司</ceb:ebcName>"
        "<ceb:goodsValue>120.5</ceb:goodsValue><ceb:currency>142</ceb:currency></ceb:OrderHead>"
        "<ceb:OrderList><ceb:gnum>1</ceb:gnum><ceb:itemName>toy</ceb:itemName><ceb:qty>2</ceb:qty>"
        "<ceb:price>60.25</ceb:price></ceb:OrderList></ceb:Order>\n"
    )


def _json(
    name: str, record: Callable[[int], dict[str, Any]], more: dict[str, Any]
) -> Iterator[str]:
    yield json.dumps(more)[:-1] + f', "{name}": ['
    for n in itertools.count():
        yield ("" if n == 0 else ",\n") + json.dumps(record(n))


def _xml(begin: str, record: Callable[[int], str]) -> Iterator[str]:
    yield begin
    yield from map(record, itertools.count())


CONTEXT: Final = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
FORMATS: Final[dict[str, tuple[Callable[[], Iterator[str]], str]]] = {
    "epcis json": (
        lambda: _json("eventList", _goods, {"@context": CONTEXT, "type": "EPCISDocument"}),
        "]}",
    ),
    "epcis xml": (
        lambda: _xml(
            '<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2"><EPCISBody><EventList>',
            _events_xml,
        ),
        "</EventList></EPCISBody></e:EPCISDocument>",
    ),
    "dcsa json": (lambda: _json("events", _shipped, {"page": 1}), "]}"),
    "customs xml": (
        lambda: _xml('<ceb:CEB303Message xmlns:ceb="http://www.chinaport.gov.cn/ceb">', _order_xml),
        "</ceb:CEB303Message>",
    ),
    "amazon json": (lambda: _json("orders", _sold, {"sellingPartnerId": "A3TH"}), "]}"),
}
"""Format -> (texts of a file without end, what closes it)."""


def write_file(path: Path, name: str, records: int) -> None:
    """A file of a format with so many records."""
    texts, end = FORMATS[name]
    with path.open("w", encoding="utf-8") as file:
        file.writelines(itertools.islice(texts(), records + 1))
        file.write(end)


def bare(path: str) -> float:
    """A piece: the file is parsed and let go, record by record where it is XML. Processor seconds."""
    from lxml import etree

    start = time.process_time()
    with Path(path).open("rb") as source:
        if path.endswith(".json"):
            json.loads(source.read())
            return time.process_time() - start
        for _, element in etree.iterparse(source):
            if element.tag.rpartition("}")[2] in RECORD_TAGS:
                element.clear()
    return time.process_time() - start


def ours(path: str) -> float:
    """A piece: the file is recognised and read into statements. Processor seconds."""
    from tallystick.evidence.formats.readers import HEAD, reader_of

    start = time.process_time()
    with Path(path).open("rb") as source:
        reader = reader_of(source.read(HEAD))
        source.seek(0)
        assert reader is not None
        for _ in reader.read(source, "file"):
            pass
    return time.process_time() - start


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    lines: list[tuple[Any, ...]] = []
    figures: dict[str, float] = {}
    for name in FORMATS:
        for size in (RECORDS, RECORDS * 4) if name.startswith("epcis") else (RECORDS,):
            records = max(1_000, round(size * scale))
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"file.{name.split()[1]}"
                write_file(path, name, records)
                pieces = {
                    piece: partial(apart, f"benchmarks.readers_goods:{piece}", str(path))
                    for piece in ("bare", "ours")
                }
                taken = in_turn(pieces, TURNS)
                megabytes = path.stat().st_size / 1e6
            floor, own = (max(taken[p].found, 0.001) for p in ("bare", "ours"))
            rates = (records / floor, records / own, megabytes / own)
            lines.append((name, records, megabytes, *rates, floor / own, taken["ours"].peak_mb))
            figures[name.replace(" ", "_")] = floor / own
    heads = ("format", "records", "MB", "bare/s", "ours/s", "MB/s", "ratio", "peak MB")
    table(f"by processor seconds; target: ratio of {TARGET}", heads, lines)
    return figures
