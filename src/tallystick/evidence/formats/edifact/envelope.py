"""Segments to messages: what `UNH` and `UNT` enclose, with or without the interchange and groups around it.

Idea: the envelope counts what it holds, so that a loss is noticed. A message whose count or reference is wrong
is a `Fault`, for a segment of it may be missing; the messages beside it stand. `UNB`, `UNG`, `UNE` and `UNZ`
may be absent: then nothing is counted.

>>> import io
>>> found = messages(io.BytesIO(b"UNH+1+ORDERS:D:96A:UN'BGM+220+7'UNT+3+1'UNH+2+ORDERS:D:96A:UN'UNT+9+2'"))
>>> [item.rule if isinstance(item, Fault) else (item.type, len(item.segments)) for item in found]
[('ORDERS', 2), 'edifact-count']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from tallystick.evidence.formats.edifact.stream import RawSegment, raw_segments
from tallystick.evidence.formats.xmlsafe import ReaderError

MAX_SEGMENTS: Final = 200_000
"""Segments of one message; what has more is no document of one trade."""

OPENERS: Final = frozenset(
    "UNH BGM RFF NAD TAX CUX PAT TDT TOD ALC PAC SCC LIN CPS DOC CNI STS AJT GID EQD UNS".split()
)
"""Segments that begin a group: those that follow belong to them until the next one."""

_AGAIN: Final = "send the message again, whole"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `at`: its number in the message, `UNH` being 1; `owner`: tag of the group it is in."""

    tag: str
    at: int
    owner: str
    elements: list[str | list[str]]

    def get(self, element: int, component: int = 0) -> str:
        """Text of an element (from 0) or of its component, "" where there is none."""
        if element >= len(self.elements):
            return ""
        value = self.elements[element]
        if isinstance(value, str):
            return value.strip() if component == 0 else ""
        return value[component].strip() if component < len(value) else ""

    def all(self, element: int, limit: int = 9) -> list[str]:
        """Components of an element that hold something, at most the first `limit`."""
        if element >= len(self.elements):
            return []
        value = self.elements[element]
        parts = [value] if isinstance(value, str) else value[:limit]
        return [text for part in parts if (text := part.strip())]

    @property
    def place(self) -> str:
        """Tag and number, as `Said.places` has it."""
        return f"{self.tag} {self.at}"


@dataclass(slots=True)
class Message:
    """One message. `type`: ORDERS, INVOIC ...; `number`: its reference in `UNH`; `segments` without `UNT`;
    `prepared`: date of its interchange as `UNB` has it (yymmdd or yyyymmdd), "" where it has none."""

    type: str
    number: str
    segments: list[Segment] = field(default_factory=list)
    prepared: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a message or an interchange cannot be relied on."""

    rule: str
    message: str
    fix: str = _AGAIN


def messages(source: IO[bytes]) -> Iterator[Message | Fault]:
    """The messages of a file in their order. Never raises for content: a `Fault` ends what cannot be read."""
    envelope = _Envelope()
    try:
        for raw in raw_segments(source):
            yield from envelope.take(raw)
        yield from envelope.end()
    except ReaderError as error:
        yield Fault(error.rule, str(error), error.fix)


class _Envelope:
    """What is open: a message, a group, an interchange, and how many each has held."""

    def __init__(self) -> None:
        self.open: Message | None = None
        self.owner = self.prepared = ""
        self.seen = self.in_group = self.in_interchange = self.groups = 0

    def take(self, raw: RawSegment) -> Iterator[Message | Fault]:
        """Whatever the segment completes."""
        tag = (raw[0] if isinstance(raw[0], str) else raw[0][0]).strip()
        if tag in _SERVICE:
            if self.open is not None and tag != "UNT":
                yield self._unclosed(f"{tag} stands")
            yield from _SERVICE[tag](self, raw)
        elif self.open is not None:
            self._append(tag, raw)

    def _append(self, tag: str, raw: RawSegment) -> None:
        assert self.open is not None
        if len(self.open.segments) >= MAX_SEGMENTS:
            raise ReaderError(
                "edifact-too-many-segments",
                f"the message {self.open.number} has more than {MAX_SEGMENTS:,} segments",
                "send one document per message",
            )
        self.owner = tag if tag in OPENERS else self.owner
        at = len(self.open.segments) + 1
        self.open.segments.append(Segment(tag, at, self.owner, raw[1:]))

    def end(self) -> Iterator[Fault]:
        """What the end of the file leaves open."""
        if self.open is not None:
            yield self._unclosed("the file ends")
        if not self.seen:
            yield Fault(
                "edifact-no-message",
                "the file holds no message: no segment UNH",
                "send messages in their envelope, each from UNH to UNT",
            )

    def _unclosed(self, what: str) -> Fault:
        assert self.open is not None
        number, self.open = self.open.number, None
        return Fault("edifact-truncated", f"{what} before the message {number[:40]} ends with UNT")

    def interchange(self, raw: RawSegment) -> Iterator[Fault]:
        """`UNB`: what was counted belongs to the interchange before."""
        self.in_interchange = self.in_group = self.groups = 0
        self.prepared = Segment("UNB", 1, "", raw[1:]).get(3)
        yield from ()

    def group(self, raw: RawSegment) -> Iterator[Fault]:
        """`UNG`."""
        self.groups, self.in_group = self.groups + 1, 0
        yield from ()

    def message(self, raw: RawSegment) -> Iterator[Fault]:
        """`UNH`."""
        header = Segment("UNH", 1, "UNH", raw[1:])
        self.open = Message(header.get(1).upper(), header.get(0), [header], self.prepared)
        self.owner = "UNH"
        self.seen, self.in_group = self.seen + 1, self.in_group + 1
        self.in_interchange += 1
        yield from ()

    def close(self, raw: RawSegment) -> Iterator[Message | Fault]:
        """`UNT`: the message, or why it is not to be relied on."""
        done, self.open = self.open, None
        if done is None:
            return
        trailer = Segment("UNT", len(done.segments) + 1, "", raw[1:])
        counted, number = trailer.get(0), trailer.get(1)
        if number != done.number:
            yield Fault(
                "edifact-reference",
                f"the message {done.number[:40]!r} is closed as {number[:40]!r}",
            )
        elif not _is_count(counted, trailer.at):
            what = f"UNT counts {counted[:20]!r} segments, the message {number[:40]} holds {trailer.at}"
            yield Fault("edifact-count", what)
        else:
            yield done

    def close_group(self, raw: RawSegment) -> Iterator[Fault]:
        """`UNE`."""
        yield from _miscounted(raw, "UNE", self.in_group, "messages")

    def close_interchange(self, raw: RawSegment) -> Iterator[Fault]:
        """`UNZ`: counts the groups where there are any."""
        held, what = (self.groups, "groups") if self.groups else (self.in_interchange, "messages")
        yield from _miscounted(raw, "UNZ", held, what)


_SERVICE: Final = {
    "UNB": _Envelope.interchange,
    "UNG": _Envelope.group,
    "UNH": _Envelope.message,
    "UNT": _Envelope.close,
    "UNE": _Envelope.close_group,
    "UNZ": _Envelope.close_interchange,
}


def _is_count(text: str, held: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and int(text) == held


def _miscounted(raw: RawSegment, tag: str, held: int, what: str) -> Iterator[Fault]:
    counted = Segment(tag, 1, "", raw[1:]).get(0)
    if not _is_count(counted, held):
        yield Fault(
            "edifact-count",
            f"{tag} counts {counted[:20]!r} {what}, but {held} came",
            "send those that are missing again; the ones that came are read",
        )
