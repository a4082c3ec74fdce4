"""Bytes of an ISO 20022 file to `Said` and `Reject`: messages of every version, in any envelope, as a stream.

Nothing here raises for what a file holds. A file that breaks off yields what stood before, and a reject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import IO, Final

from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.iso20022.enclosed import enclosed
from tallystick.evidence.formats.iso20022.jsonform import as_xml
from tallystick.evidence.formats.iso20022.messages import (
    ASKED,
    MESSAGES,
    Message,
    Read,
    message_of,
)
from tallystick.evidence.formats.iso20022.transfers import Items
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.formats.jsonfile import MAX_WHOLE, pointed
from tallystick.evidence.formats.money import fault_of
from tallystick.evidence.formats.xmlpaths import LOCAL
from tallystick.evidence.formats.xmlsafe import Element, ReaderError, stream
from tallystick.evidence.said import Reject, Said

HEAD: Final = 65_536
_SPACES: Final = (b"urn:iso:std:iso:20022:", b"six-interbank-clearing.com")
_ROOTS: Final = "|".join(MESSAGES)
_ROOT: Final = re.compile(
    rf"<(?:[\w.-]{{1,40}}:)?((?:{_ROOTS})(?:V\d\d)?|(?:pain|pacs|camt)\.\d{{3}}[\d.]{{0,8}})[\s/>]".encode()
)
_KEY: Final = re.compile(rf'"(?:\w{{1,20}}:)?({_ROOTS})"\s*:'.encode(), re.IGNORECASE)
_DOCUMENT: Final = re.compile(
    rb"<(?:[\w.-]{1,40}:)?Document\b[^>]{0,4000}>\s{0,400}<(?:[\w.-]{1,40}:)?(\w{1,60})"
)
_NOISE: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_WHO: Final = {
    "buyer": "ask the bank for messages that name the debtor (Dbtr), or the owner of the account (Acct/Ownr)",
    "bank": "name the debtor's bank (DbtrAgt), or give the debtor's account as an IBAN",
}
_ONLY: Final = (
    "send pain.001, pain.002, pacs.002, pacs.004, pacs.008, camt.029, .052 to .056 or remt.001"
)


def looks_like_iso20022(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an ISO 20022 message, in XML or in JSON."""
    begin = _plain(head)
    if begin.startswith(b"<"):
        return any(space in begin for space in _SPACES) or bool(_roots(begin))
    if begin.startswith(b"{"):
        return _SPACES[0] in begin or _KEY.search(begin) is not None
    return False


def read_iso20022(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the messages of a file say; `row` counts their statements from 1. `source` must be able to seek.

    Never raises for content.
    """
    return framed(map(_checked, _items(source)), name)


def _plain(head: bytes) -> bytes:
    return head.replace(b"\0", b"").lstrip(_NOISE)


def _checked(item: Said | Reject) -> Said | Reject:
    if isinstance(item, Reject):
        return item
    missing = next((role for role in _WHO if role not in item.parties), "")
    return fault_of(item, _WHO.get(missing, "")) or item


def _items(source: IO[bytes]) -> Items:
    head = source.read(HEAD)
    begin = _plain(head)
    source.seek(0)
    if begin.startswith(b"{"):
        yield from _in_json(source)
        return
    _refuse_others(begin)
    walk = _Walk()
    for element in stream(enclosed(source, head), _names(begin)):
        yield from walk.ended(element)
    if not walk.messages:
        raise ReaderError(
            "message-unknown", "the file holds no message of ISO 20022 that is read", _ONLY
        )


def _in_json(source: IO[bytes]) -> Items:
    data = source.read(MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        message = f"the message has more than {MAX_WHOLE:,} bytes of JSON"
        raise ReaderError("json-too-large", message, "export the message as XML, which is streamed")
    made, pointers = as_xml(data)
    for item in _items(BytesIO(made)):
        if isinstance(item, Said):
            item.places = {name: pointed(place, pointers) for name, place in item.places.items()}
        yield item


def _refuse_others(begin: bytes) -> None:
    """Say at once, and not after a gigabyte, that a message is of another kind."""
    found = _DOCUMENT.search(begin)
    if found is not None and not _roots(begin):
        raise ReaderError(
            "not-of-the-loop",
            f"a message {found.group(1).decode()!r} says nothing of a payment that is not said elsewhere",
            _ONLY,
        )


def _roots(begin: bytes) -> list[str]:
    """Names of the messages that begin in the head of a file."""
    roots = dict.fromkeys(found.decode() for found in _ROOT.findall(begin))
    return [root for root in roots if message_of(root) is not None]


def _names(begin: bytes) -> set[str]:
    """Local names of the elements to stop at. `RmtInf` is a record in remt.001 only."""
    roots = _roots(begin)
    advice = bool(roots) and roots[0] == "RmtAdvc"
    wanted = [m for root, m in MESSAGES.items() if (root == "RmtAdvc") == advice]
    return {*MESSAGES, *roots, *(name for message in wanted for name in message.elements)}


class _Walk:
    """Where in the file we are: the open elements from the root of the message down."""

    def __init__(self) -> None:
        self.open: list[Node] = []
        self.messages = 0
        self.whole = False
        self.message: Message | None = None
        self.readers: Mapping[str, Read] = {}

    def ended(self, element: Element) -> Items:
        """What an element says that has just ended; nothing where it is none of a message."""
        node = self._placed(element)
        if node is None or self.message is None:
            return
        self.whole |= node.name == self.message.part
        read = self.readers.get(node.name)
        if read is None and not node.told:
            read = self.message.whole if node.parent is None else self.message.groups.get(node.name)
        if read is not None:
            told = False
            for item in read(node):
                told = True
                yield item
            for outer in self.open[:-1] if told else ():
                outer.told = True
        elif node.parent is None and not node.told:
            yield _empty(node, self.message, self.whole)

    def _placed(self, element: Element) -> Node | None:
        """The node of an element below those that are open, which are read now: later they may be gone."""
        opened = {node.element: n for n, node in enumerate(self.open)}
        chain, outer = [], element
        while outer not in opened:
            chain.append(outer)
            if message_of(LOCAL[outer.tag]) is not None:
                break
            if (outer := outer.getparent()) is None:
                return None
        known = opened.get(outer, -1)
        if known < 0:
            self._begin(LOCAL[outer.tag])
        behind = self.open[known + 1].element if known + 1 < len(self.open) else None
        del self.open[known + 1 :]
        if not chain:
            return self.open[-1] if behind is None else self.open[-1].renew(behind, ASKED)
        while chain:
            wanted = chain.pop()
            inner = chain[-1] if chain else None
            self.open.append(Node(wanted, self.open[-1] if self.open else None, ASKED, inner))
        return self.open[-1]

    def _begin(self, root: str) -> None:
        self.messages += 1
        self.whole = False
        self.message = message_of(root)
        self.readers = self.message.readers() if self.message is not None else {}


def _empty(root: Node, message: Message, whole: bool) -> Reject:
    if message.part and not whole:
        return Reject(
            None,
            None,
            root.name,
            "message-incomplete",
            f"the {message.name} has no {message.part}, which its schema demands",
            "export the message again, whole",
        )
    return Reject(
        None,
        None,
        root.name,
        "nothing-stated",
        f"the {message.name} holds no {message.holds}, so nothing is recorded",
        "nothing to do",
    )
