"""Files of DCSA messages to `Said` and `Reject`: bare messages, lists, and the pages that interfaces answer.

Nothing here raises for what a file holds. A file that breaks off yields what stood before, and a reject.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from tallystick.evidence.formats.dcsa.codes import OTHERS
from tallystick.evidence.formats.dcsa.documents import read_document
from tallystick.evidence.formats.dcsa.events import is_event, read_event
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.jsonfile import open_json
from tallystick.evidence.said import Reject, Said

_LISTS: Final = {
    name: (f"/{name}",)
    for name in (
        "events arrivalNotices arrivalNoticeNotifications transportDocuments VGMDeclarations bookings"
    ).split()
}
_MARKS: Final = (
    b'"eventClassifierCode"', b'"transportDocumentTypeCode"', b'"arrivalNotices"',
    b'"arrivalNoticeNotifications"', b'"surrenderRequestReference"', b'"carrierBookingReference"',
    b'"receiptTypeAtOrigin"', b'"vesselSchedules"', b'"VGMDeclarations"', b'"portCallID"',
    b'"portCallServiceID"', b'"apiCallsStatsByStandards"', b'"providerCorrelationReference"',
    b'"universalServiceReference"', b'"UNLocationCode"',
)  # fmt: skip


def looks_like_dcsa(head: bytes) -> bool:
    """Whether the first bytes of a file (some thousands) are those of a DCSA message."""
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begin[:1] in (b"{", b"[") and any(mark in begin for mark in _MARKS)


def read_dcsa(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the messages of a file say; `row` counts them from 1. `source` must be able to seek."""
    return framed(_items(source), name, ("the file holds no message", _FIX))


def _items(source: IO[bytes]) -> Iterator[Said | Reject]:
    for pointer, record in open_json(source, _LISTS).records:
        grouped = [name for name in _GROUPS if isinstance(record, dict) and _is_list(record, name)]
        for name in grouped:
            for n, event in enumerate(record[name]):
                yield _of_record(event, f"{pointer}/{name}/{n}")
        if not grouped:
            yield _of_record(record, pointer)


_GROUPS: Final = ("shipmentEvent", "transportEvent", "equipmentEvent")
"""Lists of events of one type each, as carriers gave them in the first version."""


def _is_list(record: dict[str, Any], name: str) -> bool:
    return isinstance(record.get(name), list)


_FIX: Final = "send events, transport documents, bookings or arrival notices"


def _of_record(record: Any, pointer: str) -> Said | Reject:
    if not isinstance(record, dict):
        what = type(record).__name__
        return Reject(None, None, None, "dcsa-unknown", f"a message is an object, not {what}", _FIX)
    if is_event(record):
        return read_event(record, pointer)
    found = read_document(record, pointer)
    if found is not None:
        return found
    other = next((what for member, what in OTHERS.items() if member in record), None)
    if other:
        message = f"{other} says nothing of a trade between request and payment"
        return Reject(None, None, None, "not-of-the-loop", message, f"leave it out; {_FIX}")
    shown = ", ".join(list(map(str, record))[:4])[:120] or "nothing"
    message = f"the message holds {shown}, which no message of the standards does"
    return Reject(None, None, None, "dcsa-unknown", message, _FIX)
