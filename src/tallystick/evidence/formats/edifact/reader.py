"""Files of EDIFACT to `Said` and `Reject`; the table in `shapes` says what is read from which segment.

Nothing here raises for what a file holds. A message that is broken is a reject of its own; a file that breaks
off yields what stood before, and a reject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import IO, Final

from tallystick.evidence.formats.edifact.codes import ACTIONS
from tallystick.evidence.formats.edifact.envelope import Fault, Message, Segment, messages
from tallystick.evidence.formats.edifact.finish import STEPS, function_of, reason_of, reason_words
from tallystick.evidence.formats.edifact.parts import (
    DOCUMENT,
    Found,
    Parts,
    decimal_of,
    parties,
    references,
    split,
    text_date,
)
from tallystick.evidence.formats.edifact.payments import UNTOLD, read_payments
from tallystick.evidence.formats.edifact.shapes import SERVICE, SHAPES, Codes, Shape
from tallystick.evidence.formats.edifact.stream import begins
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.numbers import total
from tallystick.evidence.formats.ubl.codes import DOCUMENT_CODES, INCOTERMS
from tallystick.evidence.formats.ubl.finish import transport_status
from tallystick.evidence.formats.ubl.references import EVENT, NO_NUMBER
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Reject, Said
from tallystick.evidence.schema import MAX_REFS

_HEAD_MONEY: Final = (*DOCUMENT, "NAD", "RFF", "CUX")
"""Groups before the lines whose `MOA` speak of the whole document."""

_ISSUED: Final = ("137", "3", "4")


def looks_like_edifact(head: bytes) -> bool:
    """Whether the first bytes of a file begin with UNA, UNB, UNG or UNH and a separator."""
    return begins(head) is not None


def read_edifact(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the messages of a file say; `row` counts statements and rejects from 1.

    Most messages are one statement. A REMADV is one per bill that it pays, a COMDIS one per bill that it
    disputes, an IFTSTA one per status. Never raises for content.
    """
    return framed(_items(source), name)


def _items(source: IO[bytes]) -> Iterator[Said | Reject]:
    for item in messages(source):
        if isinstance(item, Fault):
            yield Reject(None, None, None, item.rule, item.message, item.fix)
        else:
            yield from _read(item)


def _read(message: Message) -> Iterator[Said | Reject]:
    shape = SHAPES.get(message.type)
    if shape is not None:
        if len([s for s in message.segments if s.tag == "BGM"]) > 1:
            yield _refused(
                "edifact-second-document",
                f"the message {message.number[:40]} holds BGM more than once",
                "send one document per message, each from UNH to UNT",
            )
            return
        for item in READERS[shape.reader](shape, message.segments):
            yield _dated(item, message.prepared)
    elif message.type in UNTOLD:
        yield _refused("nothing-stated", *UNTOLD[message.type])
    elif message.type in SERVICE:
        yield _refused(
            "nothing-stated",
            f"a message {message.type} answers a message, not what it says, so nothing is recorded",
            "nothing to do; answers to orders are ORDRSP, those to bills REMADV or COMDIS",
        )
    else:
        yield _refused(
            "not-of-the-loop",
            f"a message {message.type[:20]!r} says nothing about a trade from request to payment",
            "leave it out; docs/reference/formats/edifact.md lists the messages that are read",
        )


def _dated(item: Said | Reject, prepared: str) -> Said | Reject:
    """What has no day of its own was said on that of its interchange."""
    if isinstance(item, Said) and not item.issued_on and not item.happened_at and prepared:
        day = text_date(prepared, "101" if len(prepared) == 6 else "102")
        if len(day) == 10:
            item.issued_on, item.places["issued_on"] = day, "UNB"
    return item


def _refused(rule: str, message: str, fix: str) -> Reject:
    return Reject(None, None, None, rule, message, fix)


def plain(shape: Shape, segments: list[Segment]) -> Said:
    """One statement of one message, as its shape has it."""
    parts = Parts(segments)
    bgm = parts.first("BGM")
    named = parties(parts, shape.roles)
    said = Said(
        shape.kinds.get(bgm.get(0), shape.kind) if bgm else shape.kind,
        number=(bgm.get(1) or None) if bgm else None,
        parties={role: party for role, (party, _) in named.items()},
        incoterm=_incoterm(parts),
        note=parts.notes(MAX_NOTE),
    )
    if shape.reader == "plain" and said.kind != "customs_event":
        said.action = ACTIONS.get(function_of(parts), "state")
    said.places = {role: segment.place for role, (_, segment) in named.items()}
    if bgm and said.number:
        said.places["number"] = bgm.place
    _put_dates(said, shape, parts)
    _put_amounts(said, shape, parts)
    _put_references(said, parts)
    for step in shape.finish:
        STEPS[step](said, parts)
    return said


def _put(said: Said, name: str, found: Found | None, limit: int | None = None) -> None:
    if found is not None:
        setattr(said, name, found[0][:limit])
        said.places[name] = found[1].place


def _put_dates(said: Said, shape: Shape, parts: Parts) -> None:
    def dated(codes: Codes) -> Found | None:
        """In the header, or else in the lines, or else in the transport."""
        owners: tuple[Codes, ...] = (DOCUMENT, ("LIN", "SCC"), ("TDT",))
        return next((found for o in owners if (found := parts.date(codes, o))), None)

    _put(said, "issued_on", parts.date(_ISSUED, DOCUMENT), 10)
    _put(said, "due_on", dated(shape.due_on), 10)
    _put(said, "deliver_on", dated(shape.deliver_on), 10)
    _put(said, "happened_at", dated(shape.happened_at))


def _put_amounts(said: Said, shape: Shape, parts: Parts) -> None:
    found = parts.amount(shape.amount, ("UNS",)) or parts.amount(shape.amount, _HEAD_MONEY)
    _put(said, "amount", found)
    if found is not None:
        said.currency = found[1].get(0, 2) or _currency(parts)
    count, said.unit = parts.quantity(shape.quantity)
    _put(said, "quantity", count)


def _currency(parts: Parts) -> str | None:
    """The reference currency of the message (CUX 6347 2), or the only one."""
    named = parts.of("CUX")
    chosen = next((segment for segment in named if segment.get(0) == "2"), None)
    chosen = chosen or next(iter(named), None)
    return chosen.get(0, 1) or None if chosen else None


def _incoterm(parts: Parts) -> str | None:
    codes = (segment.get(2).upper() for segment in parts.of("TOD"))
    return next((code for code in codes if code in INCOTERMS), None)


def _put_references(said: Said, parts: Parts, before: Sequence[Reference] = ()) -> None:
    """At most `MAX_REFS` references, those first that tie deals together; `before`: those of the header."""
    found: dict[Reference, str] = dict.fromkeys(before, said.places.get("references", ""))
    for kind, number, segment in references(parts):
        stray = kind == "shipment" and (
            said.kind == "shipment" or not ("carrier" in said.parties or said.kind == EVENT)
        )
        own = (kind, number) == (said.kind, said.number)
        if number.lower() not in NO_NUMBER and not stray and not own:
            found.setdefault((kind, number, None), segment.place)
    said.references = ordered_references(list(found))[:MAX_REFS]
    if said.references:
        places = dict.fromkeys(found[ref] for ref in said.references)
        said.places["references"] = ", ".join(places)


def _plain(shape: Shape, segments: list[Segment]) -> Iterator[Said]:
    yield plain(shape, segments)


def _with_group(whole: Said, shape: Shape, group: list[Segment]) -> Said:
    """A statement of the header completed by what one group says. The header is read once, not once per group:
    the work stays in proportion to the message."""
    parts = Parts(group)
    said = replace(whole, parties=dict(whole.parties), places=dict(whole.places))
    for role, (party, segment) in parties(parts, shape.roles).items():
        if role not in said.parties:
            said.parties[role], said.places[role] = party, segment.place
    notes = [note for note in (whole.note, parts.notes(MAX_NOTE)) if note]
    said.note = " / ".join(dict.fromkeys(notes))[:MAX_NOTE] or None
    _put_references(said, parts, whole.references)
    return said


def _events(shape: Shape, segments: list[Segment]) -> Iterator[Said]:
    """One statement per status of each consignment; a message without a status is itself the event."""
    head, consignments = split(segments, ("CNI",))
    if not consignments:
        head, consignments = split(segments, ("STS",))
    whole = plain(shape, head)
    _put(whole, "happened_at", _happened(shape, Parts(head)))
    for consignment in consignments or [[]]:
        common, statuses = split(consignment, ("STS",))
        shared = _with_group(whole, shape, common)
        _put(shared, "happened_at", Parts(common).date(shape.happened_at))
        for status in statuses or [[]]:
            yield _event(shared, shape, status)


def _happened(shape: Shape, parts: Parts) -> Found | None:
    return parts.date(shape.happened_at) or parts.date(("137",))


def _event(shared: Said, shape: Shape, status: list[Segment]) -> Said:
    said, parts = _with_group(shared, shape, status), Parts(status)
    _put(said, "happened_at", parts.date(shape.happened_at))
    step = parts.first("STS")
    codes = [step.get(1)] if step else []
    words = [step.get(1, 3), step.get(2, 3)] if step else []
    said.status = transport_status(codes, [w for w in (*words, said.note or "") if w])
    if step:
        said.places["status"] = step.place
    return said


def _remittances(shape: Shape, segments: list[Segment]) -> Iterator[Said]:
    """One statement per bill, each with its own amount; one in all where no bill is named.

    A credit note that is set off lowers the bills beside it, so that the statements add up to what is paid.
    A bill of which nothing is paid, for a reason that is given, is a dispute.
    """
    head, groups = split(segments, ("DOC",))
    whole = plain(shape, head)
    whole.currency = whole.currency or _currency(Parts(head))
    bills = [said for group in groups if (said := _bill(shape, whole, group)).references]
    if not bills:
        yield whole
        return
    off = -sum((v for said in bills if (v := decimal_of(said.amount)) and v < 0), Decimal(0))
    for said in bills:
        value = decimal_of(said.amount)
        if value is not None and value < 0:
            continue
        if said.kind == "remittance" and value is not None:
            taken = min(off, value)
            off -= taken
            said.amount = total([value, -taken])
        yield said


def _bill(shape: Shape, whole: Said, group: list[Segment]) -> Said:
    """What is said of one bill: paid with an amount, or refused."""
    said, parts = _with_group(whole, shape, group), Parts(group)
    kind = DOCUMENT_CODES.get(group[0].get(0), "invoice")
    _refer(said, kind, group[0])
    paid = parts.amount(("12",)) or parts.amount(("9", "77", "39"))
    _put_money(said, paid)
    value = decimal_of(said.amount)
    said.reason = reason_of(parts)
    if said.reason and value == 0:
        _put_money(said, parts.amount(("9", "77", "39")))
        said.kind, said.happened_at = "dispute", None
        said.note = reason_words(parts) or said.note
        _put_sides(said)
    elif kind == "credit_note" and value and value > 0:
        said.amount = "-" + str(said.amount)
    return said


def _refer(said: Said, kind: str, doc: Segment) -> None:
    """The bill that a group speaks of comes first among its references."""
    number = doc.get(1)
    if number and number.lower() not in NO_NUMBER:
        own: Reference = (kind, number, None)
        others = [ref for ref in said.references if ref != own]
        said.references = [own, *others][:MAX_REFS]
        said.places["references"] = doc.place


def _put_money(said: Said, found: Found | None) -> None:
    said.amount = None
    said.places.pop("amount", None)
    _put(said, "amount", found)
    if found is not None:
        said.currency = found[1].get(0, 2) or said.currency


def _put_sides(said: Said) -> None:
    """Who complains about whom: the buyer about the seller, unless the message says who speaks."""
    for role, side in (("issuer", "buyer"), ("recipient", "seller")):
        if role not in said.parties and side in said.parties:
            said.parties[role] = said.parties[side]


def _disputes(shape: Shape, segments: list[Segment]) -> Iterator[Said]:
    """One statement per bill that is disputed; one in all where the message names them by reference only."""
    head, groups = split(segments, ("DOC",))
    whole = plain(shape, head)
    whole.currency = whole.currency or _currency(Parts(head))
    answers = function_of(Parts(head)) == "11"
    for group in groups or [head]:
        said, parts = _with_group(whole, shape, group), Parts(group)
        if groups:
            _refer(said, DOCUMENT_CODES.get(group[0].get(0), "invoice"), group[0])
        _put_money(said, parts.amount(shape.amount))
        said.reason = reason_of(parts)
        if answers:
            said.kind, said.reason = "dispute_response", None
        _put_sides(said)
        yield said


READERS: Final[dict[str, Callable[[Shape, list[Segment]], Iterator[Said | Reject]]]] = {
    "plain": _plain,
    "events": _events,
    "remittances": _remittances,
    "disputes": _disputes,
    "payments": read_payments,
}
