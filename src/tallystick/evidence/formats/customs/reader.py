"""Files of customs messages to `Said` and `Reject`: the WCO data model, and China's e-commerce messages.

Nothing here raises for what a file holds. China's messages hold many orders, so they are read as streams; a
WCO declaration is a document of its own and is read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import IO, Any, Final

from tallystick.evidence.formats.customs.ceb import ELEMENTS, MESSAGES, NAMESPACE, read_ceb
from tallystick.evidence.formats.customs.status import DETAILS, read_status
from tallystick.evidence.formats.customs.tree import local
from tallystick.evidence.formats.customs.wco import read_declaration, read_response
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.xmlsafe import MAX_BYTES, Element, parse, stream
from tallystick.evidence.said import Reject, Said

_WCO: Final = b"urn:wco:datamodel:WCO:"
_BARE: Final = b"WCODataModelVersionCode"
_CEB: Final = NAMESPACE.encode()
_NAME: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?(CEB\d{3}\w{0,40})[\s>]")
_FIX: Final = (
    "send declarations, answers of customs or messages of docs/reference/formats/customs.md"
)


def looks_like_customs(head: bytes) -> bool:
    """Whether the first bytes of a file (some thousands) are those of a customs message."""
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return begin.startswith(b"<") and any(mark in begin for mark in (_WCO, _BARE, _CEB))


def read_customs(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the messages of a file say; `row` counts its statements from 1. `source` must be able to seek."""
    what = "the file holds no declaration and no answer of customs"
    return framed(_items(source), name, (what, _FIX))


def _items(source: IO[bytes]) -> Iterator[Said | Reject]:
    begin = source.read(65_536)
    source.seek(0)
    if _CEB in begin.replace(b"\0", b""):
        yield from _ceb(source, begin)
    else:
        yield from _wco(parse(source.read(MAX_BYTES + 1)))


def _wco(root: Element) -> Iterator[Said | Reject]:
    readers: dict[str, Any] = {
        "Declaration": read_declaration,
        "Response": read_response,
        DETAILS: read_status,
    }
    holders = [root] if local(root) in readers else list(_within(root))
    for element in holders:
        found = readers[local(element)](element)
        yield from (found,) if isinstance(found, Said | Reject) else found


def _within(root: Element) -> Iterator[Element]:
    """Declarations and answers below any wrapper; a declaration within an answer belongs to that."""
    for child in root:
        if local(child) in ("Declaration", "Response", DETAILS):
            yield child
        else:
            yield from _within(child)


def _ceb(source: IO[bytes], begin: bytes) -> Iterator[Said | Reject]:
    """Orders, payments, waybills and lists, one after the other."""
    named = _NAME.search(begin)
    message = "" if named is None or named[1][:6].decode() in MESSAGES else named[1].decode()
    for element in stream(source, ELEMENTS):
        message = message or _message(element)
        direction = MESSAGES.get(message[:6])
        if direction is None:
            break
        said = read_ceb(element, direction)
        if said is not None:
            yield said
    if message and message[:6] not in MESSAGES:
        what = f"the message {message[:40]} says nothing of a trade by itself"
        yield Reject(None, None, None, "not-of-the-loop", what, _FIX)


def _message(element: Element) -> str:
    """The name of the message that an element stands in, the nearest one where messages are wrapped."""
    holders = chain((element,), element.iterancestors())
    return next((n for e in holders if (n := local(e)).startswith("CEB")), "another")
