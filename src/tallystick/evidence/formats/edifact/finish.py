"""What qualifiers alone cannot say: whether an order was accepted, goods were short, credit was given.

Each step takes a `Said` that the shape has filled and the parts of its message, and completes it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tallystick.evidence.formats.bills import (
    BILLS,
    put_accounts,
    put_self_billed,
    put_terms,
    turn_negative,
)
from tallystick.evidence.formats.edifact.codes import (
    ANSWERS,
    CUSTOMS,
    CUSTOMS_REFERENCES,
    CUSTOMS_WORDS,
    EXPORT_CODES,
    LINE_ANSWERS,
    NO_DUE,
    REASONS,
    SELF_BILLED,
)
from tallystick.evidence.formats.edifact.envelope import Segment
from tallystick.evidence.formats.edifact.parts import (
    DOCUMENT,
    Parts,
    accounts,
    decimal_of,
    text_date,
)
from tallystick.evidence.links import ordered_references
from tallystick.evidence.rules import MAX_TEXT
from tallystick.evidence.said import Said
from tallystick.evidence.schema import MAX_REFS

Step = Callable[[Said, Parts], None]

_DUE: Final = ("13", "140", "265")
_PERIODS: Final = {"D": 1, "CD": 1, "W": 7}
"""2151 of a payment term -> days."""

_MONTH: Final = "M"

_FROM_INVOICE: Final = frozenset({"", "5", "3", "29"})
"""2475 of a payment term: counted from the date of the invoice."""


def function_of(parts: Parts) -> str:
    """Message function (1225) of `BGM`."""
    bgm = parts.first("BGM")
    return bgm.get(2) if bgm else ""


def reason_of(parts: Parts) -> str | None:
    """Reason of the first adjustment in the codes of a dispute; None where nothing is adjusted."""
    codes = [segment.get(0) for segment in parts.of("AJT")]
    return next((REASONS[code] for code in codes if code in REASONS), "OTH" if codes else None)


def _cancelled(said: Said, parts: Parts) -> None:
    """An order or its change with function 1 calls the order off."""
    if function_of(parts) != "1":
        return
    named = any(kind == "order" for kind, _, _ in said.references)
    if said.number and not named:
        said.references = [("order", said.number, None), *said.references][:MAX_REFS]
    said.kind, said.action = "order_cancellation", "state"
    said.due_on = said.deliver_on = said.quantity = said.unit = None
    if "buyer" in said.parties:
        said.parties.setdefault("issuer", said.parties["buyer"])


def _answer(said: Said, parts: Parts) -> None:
    """Accepted, rejected or amended: by the function of the message, or else by what the lines say."""
    code = function_of(parts)
    said.status = ANSWERS.get(code) or _by_lines(parts) or ("accepted" if code == "6" else None)
    if said.status and (bgm := parts.first("BGM")):
        said.places["status"] = bgm.place if code in ANSWERS or code == "6" else "LIN"


def _by_lines(parts: Parts) -> str | None:
    lines = {LINE_ANSWERS.get(segment.get(1)) for segment in parts.of("LIN")}
    if len(lines) > 1:
        return "amended" if lines & {"amended", "rejected"} else None
    return lines.pop() if lines else None


def _receipt(said: Said, parts: Parts) -> None:
    """Status by the quantities of the lines: refused outweighs damaged, damaged outweighs short."""
    sums = {code: _sum(parts, code) for code in ("12", "48", "194", "195", "196", "124", "119")}
    refused, damaged = sums["195"] + sums["196"], sums["124"]
    came = sums["48"] or sums["194"] + refused
    short = sums["119"] or (sums["12"] - came if sums["12"] and came else 0)
    if refused + damaged > 0:
        said.status = "rejected" if refused >= came > 0 else "damaged"
    elif came or short:
        said.status = "short" if short > 0 else "accepted"


def _sum(parts: Parts, code: str) -> Decimal:
    found = (decimal_of(s.get(0, 1)) for s in parts.of("QTY") if s.get(0) == code)
    return sum((value for value in found if value), Decimal(0))


def _carriage(said: Said, parts: Parts) -> None:
    """A waybill promises the arrival, a booking the collection."""
    if said.kind == "shipment":
        said.due_on, said.deliver_on = said.deliver_on, None
        if "deliver_on" in said.places:
            said.places["due_on"] = said.places.pop("deliver_on")


def _booked(said: Said, parts: Parts) -> None:
    """A confirmation bears the number that the carrier gave to the booking."""
    segment = next((s for s in parts.of("RFF") if s.get(0) == "BN" and s.get(0, 1)), None)
    if segment is not None and said.kind == "booking":
        said.number, said.places["number"] = segment.get(0, 1), segment.place
        said.references = [ref for ref in said.references if ref[:2] != ("booking", said.number)]


def _sides(said: Said, parts: Parts) -> None:
    """A bill that names no seller is of who sends it to who gets it, unless the buyer wrote it."""
    bgm = parts.first("BGM")
    if "seller" in said.parties or bgm is None or bgm.get(0) in SELF_BILLED:
        return
    for role, sender in (("seller", "issuer"), ("buyer", "recipient")):
        if role not in said.parties and sender in said.parties:
            said.parties[role], said.places[role] = said.parties[sender], said.places[sender]


def _customs(said: Said, parts: Parts) -> None:
    """What customs answered, and on which declaration."""
    said.status, place = _customs_status(parts)
    if place:
        said.places["status"] = place
    bgm = parts.first("BGM")
    export = bgm is not None and bgm.get(0) in EXPORT_CODES
    roles = {segment.get(0) for segment in parts.of("NAD")}
    kind = (
        "export_declaration" if export or roles & {"EX"} > roles & {"IM"} else "import_declaration"
    )
    for segment in parts.of("RFF"):
        if segment.get(0) in CUSTOMS_REFERENCES and (text := segment.get(0, 1)):
            said.references.append((kind, text, None))
    said.references = ordered_references(list(dict.fromkeys(said.references)))[:MAX_REFS]


def _customs_status(parts: Parts) -> tuple[str | None, str | None]:
    if errors := parts.first("ERC"):
        return "refused", errors.place
    indicators = [(s.get(0), s) for s in parts.of("GIS")] + [(s.get(1), s) for s in parts.of("GEI")]
    for code, segment in indicators:
        if code in CUSTOMS:
            return CUSTOMS[code], segment.place
    for status, pattern in CUSTOMS_WORDS:
        for segment in parts.of("FTX"):
            if pattern.search(" ".join(segment.all(3))):
                return status, segment.place
    return None, None


def _negative(said: Said, parts: Parts) -> None:
    turn_negative(said)


def _freight(said: Said, parts: Parts) -> None:
    """Who bills carriage is the carrier, and who is billed need not be the buyer of the goods."""
    if said.kind == "freight_invoice":
        for role, other in (("seller", "carrier"), ("buyer", "recipient")):
            if role in said.parties:
                said.parties[other] = said.parties.pop(role)
                said.places[other] = said.places.pop(role)


def _due(said: Said, parts: Parts) -> None:
    """The day of payment: as a date, or as days from the date of the invoice."""
    if said.kind == "credit_note":
        return
    found = [
        (text_date(segment.get(0, 1), segment.get(0, 2)), segment)
        for segment, terms in _with_terms(parts)
        if segment.get(0) in _DUE and terms not in NO_DUE and segment.get(0, 1)
    ]
    if found:
        text, segment = max(found, key=lambda pair: pair[0])
        said.due_on, said.places["due_on"] = text[:10], segment.place
        return
    for pat in parts.of("PAT"):
        day = _later(said.issued_on, pat) if pat.get(2) in _FROM_INVOICE else None
        if day:
            said.due_on, said.places["due_on"] = day, pat.place
            return


def _with_terms(parts: Parts) -> Iterator[tuple[Segment, str]]:
    """Dates of the document and of its payment terms, with the kind of term (4279)."""
    terms = ""
    for segment in parts.segments:
        if segment.tag == "PAT":
            terms = segment.get(0)
        elif segment.tag == "DTM" and segment.owner == "PAT":
            yield segment, terms
        elif segment.tag == "DTM" and segment.owner in DOCUMENT:
            yield segment, ""


def _term(pat: Segment) -> tuple[int, int]:
    """Days and months of a payment term, (0, 0) where it gives none."""
    count = pat.get(2, 3)
    if pat.get(0) in NO_DUE or not (count.isascii() and count.isdigit() and len(count) < 4):
        return 0, 0
    per = pat.get(2, 2)
    return _PERIODS.get(per, 0) * int(count), int(count) if per == _MONTH else 0


def _later(day: str | None, pat: Segment) -> str | None:
    """The day on which a term ends: so many days on, or that day of so many months on, or their last day."""
    days, months = _term(pat)
    try:
        start = date.fromisoformat(day or "")
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        last = monthrange(year, month + 1)[1]
        end = date(year, month + 1, min(start.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return end.isoformat() if days or months else None


def _terms(said: Said, parts: Parts) -> None:
    """Whether credit was given: paid by card, or payable after the day of issue."""
    put_terms(said, None, None, (segment.get(0, 2) for segment in parts.of("PAI")), ())
    if said.kind in BILLS and not (said.terms or said.due_on):
        said.terms = "open_account" if any(any(_term(pat)) for pat in parts.of("PAT")) else None


def _account(said: Said, parts: Parts) -> None:
    """The accounts that a bill asks to be paid to are those of who sent it, unless it names another payee. What
    is paid goes to the payee, who is the seller there."""
    payee = any(segment.get(0) == "PE" for segment in parts.of("NAD"))
    if not payee or said.kind == "remittance":
        put_accounts(said, accounts(parts, ("RB", "BF")), [said.note or ""])


def _self_billed(said: Said, parts: Parts) -> None:
    bgm = parts.first("BGM")
    if bgm is not None and bgm.get(0) in SELF_BILLED:
        put_self_billed(said)


STEPS: Final[dict[str, Step]] = {
    "cancelled": _cancelled,
    "answer": _answer,
    "receipt": _receipt,
    "carriage": _carriage,
    "booked": _booked,
    "sides": _sides,
    "customs": _customs,
    "negative": _negative,
    "freight": _freight,
    "due": _due,
    "terms": _terms,
    "account": _account,
    "self_billed": _self_billed,
}


def reason_words(parts: Parts) -> str | None:
    """First free text of an adjustment, where there is one."""
    return next((words[:MAX_TEXT] for s in parts.of("FTX") if (words := " ".join(s.all(3)))), None)
