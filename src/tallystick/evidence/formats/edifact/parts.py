"""Parts of a message: dates, amounts, quantities, references and parties, each with the segment it stands in.

Idea: a qualifier says what a value is and the group says whose: `DTM+171` behind `RFF` is the date of the
reference, not of the document. `Parts` asks by qualifiers and by the groups in which they count.

Worked example: `DTM+13:260204:101` is the day 2026-02-04; `QTY+12:2,5:KGM` twice is 5.0 of `KGM`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.edifact.codes import (
    AGENCIES,
    DATE_FORMATS,
    PARTY_REFERENCES,
    PRIVATE_AGENCIES,
    REFERENCES,
)
from tallystick.evidence.formats.edifact.envelope import Segment
from tallystick.evidence.formats.numbers import total
from tallystick.evidence.formats.ubl.codes import DOCUMENT_CODES
from tallystick.evidence.said import PartySaid

Found = tuple[str, Segment]
"""A value and the segment that it stands in."""

DOCUMENT: Final = ("UNH", "BGM")
"""Owners of what is said of the document as a whole."""

_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_NUMBER: Final = re.compile(r"[+-]?(\d{1,18}([.,]\d{0,18})?|[.,]\d{1,18})")
_ZONE: Final = re.compile(r"(UTC|GMT|Z|([+-])(\d{2}):?(\d{2}))?$")


def text_date(text: str, form: str) -> str:
    """A date or moment in ISO form; the end of a period. What cannot be read stays, for the rules to refuse.

    >>> text_date("20260204", "102"), text_date("040226", "2"), text_date("202602041530", "203")
    ('2026-02-04', '2026-02-04', '2026-02-04T15:30:00')
    >>> text_date("20260101-20260331", "718"), text_date("202602041530UTC", "303")
    ('2026-03-31', '2026-02-04T15:30:00Z')
    """
    if form in DATE_FORMATS:
        text = _reordered(text, DATE_FORMATS[form])
    if form.startswith("71"):
        text = _end_of_period(text)
    match = _DIGITS.match(text)
    if match is None:
        return text
    year, month, day, hour, minute, second = match.groups()
    iso = f"{year}-{month}-{day}"
    if hour is None or not _is_time(hour, minute, second or "00"):
        return iso
    zone = _zone(text[match.end() :]) if form in ("205", "303", "304") else ""
    return iso if zone is None else f"{iso}T{hour}:{minute}:{second or '00'}{zone}"


def _reordered(text: str, order: str) -> str:
    """A date as yyyymmdd and, where it has one, its time. Years without a century lie in 1970 to 2069."""
    if len(text) != len(order) or not text.isdigit():
        return text
    part = dict.fromkeys("ydmHMS", "")
    for letter, digit in zip(order, text, strict=True):
        part[letter] += digit
    year = part["y"] if len(part["y"]) == 4 else ("19" if part["y"] >= "70" else "20") + part["y"]
    return year + part["m"] + part["d"] + part["H"] + part["M"] + part["S"]


def _end_of_period(text: str) -> str:
    first, dash, last = text.partition("-")
    half = len(text) // 2
    return last if dash else text[half:] if half in (8, 12, 14) else first


def _is_time(hour: str, minute: str, second: str) -> bool:
    return hour < "24" and minute < "60" and second < "60"


def _zone(text: str) -> str | None:
    """Offset of a time; None where a zone is named that is not known here: the hour is then no hour."""
    match = _ZONE.match(text.strip())
    if match is None or not text.strip():
        return None if text.strip() else ""
    return f"{match[2]}{match[3]}:{match[4]}" if match[2] else "Z"


def number(text: str) -> str:
    """A number with a full stop; ISO 9735 allows either mark and no other between digits."""
    return text.replace(",", ".") if _NUMBER.fullmatch(text) else text


def decimal_of(text: str | None) -> Decimal | None:
    """The number of a text, None where it is none."""
    return Decimal(number(text)) if text and _NUMBER.fullmatch(text) else None


class Parts:
    """Segments of a message, or of one group of it, asked by qualifier."""

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.by_tag: dict[str, list[Segment]] = {}
        for segment in segments:
            self.by_tag.setdefault(segment.tag, []).append(segment)

    def of(self, tag: str) -> list[Segment]:
        """Segments with a tag."""
        return self.by_tag.get(tag, [])

    def first(self, tag: str) -> Segment | None:
        """The first segment with a tag."""
        return next(iter(self.of(tag)), None)

    def date(self, codes: Iterable[str], owners: Collection[str] = ()) -> Found | None:
        """The latest date of the first qualifier that has one: by then all of it is due."""
        for code in codes:
            found = [
                (text_date(segment.get(0, 1), segment.get(0, 2)), segment)
                for segment in self.of("DTM")
                if segment.get(0) == code
                and segment.get(0, 1)
                and (not owners or segment.owner in owners)
            ]
            if found:
                return max(found, key=lambda pair: pair[0])
        return None

    def amount(self, codes: Iterable[str], owners: Collection[str] = ()) -> Found | None:
        """The first amount of the first qualifier that has one."""
        for code in codes:
            for segment in self.of("MOA"):
                counts = segment.get(0) == code and (not owners or segment.owner in owners)
                if counts and (text := segment.get(0, 1)):
                    return number(text), segment
        return None

    def quantity(self, codes: Iterable[str]) -> tuple[Found | None, str | None]:
        """Sum over the lines of the first qualifier that has any, and their unit; None where units differ."""
        for code in codes:
            found = [
                s for s in self.of("QTY") if s.get(0) == code and s.get(0, 1) and s.owner == "LIN"
            ]
            if found:
                units = {segment.get(0, 2) or None for segment in found}
                values = [decimal_of(segment.get(0, 1)) for segment in found]
                if len(units) > 1:
                    return None, None
                odd = next((s for s, v in zip(found, values, strict=True) if v is None), None)
                text = odd.get(0, 1) if odd else total(v for v in values if v is not None)
                return (text, odd or found[0]), units.pop()
        return None, None

    def notes(self, limit: int) -> str | None:
        """Free texts joined."""
        words = dict.fromkeys(" ".join(segment.all(3)) for segment in self.of("FTX"))
        return " / ".join(word for word in words if word)[:limit] or None


def parties(
    parts: Parts, roles: dict[str, tuple[str, ...]]
) -> dict[str, tuple[PartySaid, Segment]]:
    """Role -> party and its `NAD`, for every role that a qualifier names; the first qualifier counts."""
    groups: dict[str, list[Segment]] = {}
    current: list[Segment] | None = None
    for segment in parts.segments:
        if segment.tag == "NAD":
            current = [segment]
            groups.setdefault(segment.get(0), current)
        elif current is not None and segment.tag in _IN_PARTY:
            current.append(segment)
        else:
            current = None
    found = {}
    for role, codes in roles.items():
        for code in codes:
            if code in groups:
                party = party_of(groups[code])
                if party.name or party.ids or groups[code][0].get(1):
                    found[role] = (party, groups[code][0])
                    break
    _add_local_codes(found)
    return {role: pair for role, pair in found.items() if pair[0].name or pair[0].ids}


def _add_local_codes(found: dict[str, tuple[PartySaid, Segment]]) -> None:
    """A code that one trader gave the other is unique among the codes of who gave it, if it says who it is."""
    strong = {
        role: value
        for role, (party, _) in found.items()
        for scheme, value in party.ids[:1]
        if scheme in AGENCIES.values()
    }
    for party, nad in found.values():
        giver = strong.get(_GIVERS.get(nad.get(1, 2), ""))
        own = next((value for scheme, value in party.ids if scheme in AGENCIES.values()), None)
        if giver and giver != own and nad.get(1):
            party.ids.append((f"id.edifact.{giver}", nad.get(1)))


_GIVERS: Final = {"91": "seller", "92": "buyer"}
"""3055 -> who gave the code."""

_IN_PARTY: Final = frozenset({"LOC", "FII", "RFF", "DTM", "DOC", "CTA", "COM", "CCI", "CAV"})


def party_of(group: list[Segment]) -> PartySaid:
    """The party that a `NAD` and the segments of its group describe."""
    nad = group[0]
    name = " ".join(nad.all(3, 5)) or next(iter(nad.all(2)), None)
    if name and _AGENCY.fullmatch(name) and not nad.get(1, 2):
        name = None  # NAD+SU+1694901+31B: the agency in the place of a name
    ids = list(_ids(group))
    code = nad.get(1)
    if not name and " " in code:  # no identifier holds a blank: a name in the wrong place
        name = code
    return PartySaid(name, _country(nad), ids, _details(group, name))


_AGENCY: Final = re.compile(r"\d{1,3}[A-Z]?|ZZZ?")
"""3055 as it is written."""


def _country(nad: Segment) -> str | None:
    """The country, also where one element too few stands before it, so that it is where the postal code was."""
    return nad.get(8) or (nad.get(7) if _is_shifted(nad) else "") or None


def _is_shifted(nad: Segment) -> bool:
    code = nad.get(7)
    return not nad.get(8) and len(code) == 2 and code.isalpha() and code.isupper()


def _ids(group: list[Segment]) -> Iterator[tuple[str, str]]:
    code, agency = group[0].get(1), group[0].get(1, 2)
    if not agency and not group[0].all(3) and _AGENCY.fullmatch(group[0].get(2)):
        agency = group[0].get(2)
    if code and agency in AGENCIES:
        yield AGENCIES[agency], code
    elif code and agency not in PRIVATE_AGENCIES:
        yield f"id.edifact.{agency.lower()}", code
    for segment in group[1:]:
        if segment.tag == "RFF" and segment.get(0) in PARTY_REFERENCES and segment.get(0, 1):
            yield PARTY_REFERENCES[segment.get(0)], segment.get(0, 1)


def _details(group: list[Segment], name: str | None) -> Details | None:
    nad = group[0]
    streets = nad.all(4) or [line for line in nad.all(2) if line != name and name]
    post, region = (nad.get(6), "") if _is_shifted(nad) else (nad.get(7), nad.get(6))
    town = " ".join(text for text in (post, nad.get(5)) if text)
    address = ", ".join(line for line in (*streets, town, region) if line)
    if address and (country := _country(nad)):
        address += f", {country}"
    domains = (s.get(0) for s in group if s.tag == "COM" and s.get(0, 1) in ("EM", "AH"))
    found = Details(
        addresses=(address,) if address else (), domains=tuple(dict.fromkeys(filter(None, domains)))
    )
    return found if any(found.texts()) else None


def accounts(parts: Parts, codes: Collection[str]) -> tuple[str, ...]:
    """Numbers of the bank accounts that `FII` names in the given parts (3035: RB receiver, BF beneficiary)."""
    found = (segment.get(1) for segment in parts.of("FII") if segment.get(0) in codes)
    return tuple(dict.fromkeys(text for text in found if text))


def references(parts: Parts) -> Iterator[tuple[str, str, Segment]]:
    """(kind, number, segment) of each document that the parts name."""
    for segment in parts.segments:
        if segment.tag == "RFF":
            kind, number = REFERENCES.get(segment.get(0)), segment.get(0, 1)
        elif segment.tag == "DOC":
            kind, number = DOCUMENT_CODES.get(segment.get(0)), segment.get(1)
        elif segment.tag == "CNI":
            kind, number = "shipment", segment.get(1)
        else:
            continue
        if kind and number:
            yield kind, number, segment


def split(
    segments: list[Segment], tags: Collection[str]
) -> tuple[list[Segment], list[list[Segment]]]:
    """What stands before the first of the tags, and the groups that each of them begins; `UNS` ends all."""
    head: list[Segment] = []
    groups: list[list[Segment]] = []
    current = head
    for segment in segments:
        if segment.tag == "UNS":
            current = head
        elif segment.tag in tags:
            current = []
            groups.append(current)
        current.append(segment)
    return head, groups
