"""Fields of a SWIFT message out of its lines, and the groups of them that are one payment.

>>> import io
>>> lines = ":20:A", ":25:DE89", ":60F:C260107EUR1,", ":61:260107C5,NTRFX", ":86:Rent", "of May", ":62F:C"
>>> (group,) = groups(io.BytesIO("\\r\\n".join(lines).encode()))
>>> group.account, group.currency, [(part.tag, part.text, part.line) for part in group.fields]
('DE89', 'EUR', [('61', '260107C5,NTRFX', 4), ('86', 'Rent\\nof May', 5)])
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from tallystick.evidence.formats.xmlsafe import ReaderError
from tallystick.units import CURRENCIES

MAX_LINE: Final = 10_000
MAX_FIELD: Final = 100
"""Bytes of a line and lines of a field: ten times what any bank sends."""

_TAG: Final = re.compile(r":(\d\d[A-Z]?|NS):(.*)", re.DOTALL)
STATEMENTS: Final = frozenset({"940", "942"})
_UETR: Final = re.compile(r"\{121:([0-9A-Fa-f-]{36})\}")
_TYPE: Final = re.compile(r"\{2:[IO](\d{3})")
_BLOCKS: Final = re.compile(r"(?=\{2:)|(?<=\{4:)")
_END: Final = re.compile(r"-\s*(\}.*)?")


@dataclass(slots=True)
class Field:
    """One field: its tag (`61`, `60F`), its text with its line breaks, and the line where it begins, from 1."""

    tag: str
    text: str
    line: int


@dataclass(slots=True)
class Group:
    """One payment: its line (`61`) and what is said of it, under the account of its statement and the currency
    of the opening balance. `interim`: reported during the day (MT942). `kind`: the type of a message that is no
    statement; of a transfer (103) the fields are all of its own."""

    account: str | None
    currency: str | None
    interim: bool
    fields: list[Field] = field(default_factory=list)
    kind: str = ""


def groups(source: IO[bytes]) -> Iterator[Group]:
    """The payments of a file, in its order. Raises `ReaderError` where it cannot be read on."""
    head = Group(None, None, False)
    group: Group | None = None
    number: Field | None = None
    for part in fields(source):
        tag = part.tag
        if group is not None and _goes_on(group, tag):
            group.fields.append(part)
            continue
        if group is not None:
            yield group
            group = None
        if tag == "61":
            group = Group(head.account, head.currency, head.interim, [part])
        elif tag == "type" and part.text not in STATEMENTS:
            group = Group(None, None, False, [part], kind=part.text)
        elif tag == "23B" and number is not None:  # a transfer without the blocks before its text
            group = Group(None, None, False, [number, number, part], kind="103")
        else:
            number = part if tag == "20" else None
            head = _headed(head, part)
    if group is not None:
        yield group


def _goes_on(group: Group, tag: str) -> bool:
    """Whether a field with that tag belongs to what is open: to a line what is said of it, to a transfer all up
    to the next message."""
    if not group.kind:
        return tag in ("86", "NS")
    return tag != "type" and not (tag == "20" and any(part.tag == "20" for part in group.fields))


def _headed(head: Group, part: Field) -> Group:
    """What a field before the lines says of all of them."""
    tag = part.tag
    if tag in ("20", "type"):
        return Group(None, None, part.text == "942")
    if tag in ("25", "25P"):
        head.account = part.text.partition("\n")[0].strip() or None
    elif tag in ("60F", "60M"):
        head.currency = _currency(part.text[7:10])
    elif tag == "34F":
        head.interim, head.currency = True, head.currency or _currency(part.text[:3])
    return head


def _currency(code: str) -> str | None:
    return code.upper() if code.upper() in CURRENCIES else None


def fields(source: IO[bytes]) -> Iterator[Field]:
    """The fields of all messages; the number of a message's type stands as a field `type` before its own."""
    current: Field | None = None
    count = 0
    for number, text in _lines(source):
        tagged = _TAG.match(text)
        if tagged is None and not text.startswith("{") and not _END.fullmatch(text):
            if current is not None and text.strip():
                count += 1
                if count <= MAX_FIELD:
                    current.text += f"\n{text.strip()}"
            continue
        if current is not None:
            yield current
        current, count = None, 0
        if tagged is not None:
            current = Field(tagged.group(1), tagged.group(2).strip(), number)
        elif kind := _TYPE.search(text):
            yield Field("type", kind.group(1), number)
        if tagged is None and (unique := _UETR.search(text)):
            yield Field("121", unique.group(1), number)
    if current is not None:
        yield current


def _lines(source: IO[bytes]) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := source.readline(MAX_LINE):
        number += 1
        if len(raw) == MAX_LINE:
            raise ReaderError(
                "swift-line-too-long",
                f"line {number} has more than {MAX_LINE:,} bytes; a SWIFT line has at most 65",
                "send the statement as the bank gave it, with its line breaks",
            )
        text = _decoded(raw).replace("\0", "")
        if number == 1:
            text = text.removeprefix("\ufeff")
        text = text.rstrip("\r\n")
        for part in _BLOCKS.split(text) if "{" in text else (text,):
            yield number, part


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
