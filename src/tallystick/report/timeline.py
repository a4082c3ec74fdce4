"""One deal as a timeline: what happened when, who said so, what was promised, and where it does not fit.

Idea: this is a pure function from rows (documents, promises, breaks, inferred links) to frozen blocks; the
terminal, the JSON, the page and the picture only lay them out. Documents that say the same, told by several,
are one event with several who told it; documents that differ stay apart, since that is what a break is about.

Worked example: an order of 100.00 GBP due for dispatch on day 10, its dispatch on day 13 and an invoice of
107.50 GBP are three events in the lanes words, goods and money; the promise `dispatch` is a span from the order
over day 10 to day 13, late by 3 days; the break "order and invoice" (+7.50 GBP) lies between the
first and the third.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tallystick.evidence.kinds import KINDS, ROLES
from tallystick.promises.fault import PLAIN, Share, shares
from tallystick.promises.kinds import PROMISES
from tallystick.report import figures
from tallystick.report.explain_promise import behind
from tallystick.report.material import Row
from tallystick.report.phrases import Phrases
from tallystick.report.timeline_blocks import (
    LANE_OF,
    LANE_OF_PROMISE,
    DealMaterial,
    Disagreement,
    Event,
    Guess,
    Reference,
    Span,
    Timeline,
    Told,
)
from tallystick.report.timeline_sums import balances
from tallystick.report.timeline_ties import disagreements, guesses
from tallystick.units import code_of

PLACED: Final = ("amount", "issued_on", "happened_at", "due_on", "deliver_on")
"""Fields whose place in the source is shown: amount and dates."""

OUTCOMES: Final = ("kept", "late", "partial", "broken", "excused", "disputed", "open")

_SAME: Final = (
    "kind day due_day deliver_day amount_minor currency quantity_milli unit status reason issuer item"
).split()
"""What documents of one number must have in common to be one event."""

_COURSE: Final = {kind: place for place, kind in enumerate(KINDS)}
"""Kind -> its place in the course of a deal, for events of one day."""


def timeline(material: DealMaterial, lang: str = "en") -> Timeline:
    """The timeline of a deal. Raises ValueError for a language that there is not."""
    say = Phrases(lang)
    events = _events(material, say)
    breaks = disagreements(material.breaks, events, material.names, say)
    found = guesses(material.inferred, events, say)
    events = tuple(_tied(event, breaks, found) for event in events)
    spans = _spans(material, events, say)
    return Timeline(
        lang=lang,
        deal=code_of(material.deal, "D"),
        parties=_parties(material, say),
        sentences=tuple(_sentences(events, spans, breaks, found, say)),
        events=events,
        spans=spans,
        breaks=breaks,
        guesses=found,
        balances=balances(events, say),
        made=material.made,
    )


def _events(material: DealMaterial, say: Phrases) -> tuple[Event, ...]:
    """One event for all documents that say the same, by day and course."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in material.documents:
        own = row.get("own")
        same = (row["doc_id"] if own is None else own, row["number"])
        groups.setdefault((*same, *(row.get(name) for name in _SAME)), []).append(row)
    ordered = sorted(groups.values(), key=lambda rows: _place(rows[0]))
    events = [_event(f"e{n}", rows, material, say) for n, rows in enumerate(ordered, start=1)]
    events = list(_named(events))
    by_number: dict[tuple[str, str | None], str] = {}
    for event in events:
        by_number.setdefault((event.kind, event.number), event.anchor)
    return tuple(
        replace(event, refers=_references(rows, event, by_number, say))
        for event, rows in zip(events, ordered, strict=True)
    )


def _named(events: Sequence[Event]) -> Iterable[Event]:
    """The events, those that are called the same told apart by amount, or else by day."""
    alike: dict[str, list[Event]] = {}
    for event in events:
        alike.setdefault(event.name, []).append(event)
    for event in events:
        others = alike[event.name]
        amounts = {(other.amount_minor, other.currency) for other in others}
        apart = figures.iso(event.day) or "–"
        if event.amount_minor is not None and len(amounts) == len(others):
            apart = figures.money(event.amount_minor, event.currency)
        yield replace(event, name=f"{event.name} ({apart})") if len(others) > 1 else event


def _place(row: Row) -> tuple[bool, int, int, str, str]:
    day = row["day"]
    return (day is None, day or 0, _COURSE.get(row["kind"], 0), row["number"] or "", row["doc_id"])


def _event(anchor: str, rows: Sequence[Row], material: DealMaterial, say: Phrases) -> Event:
    row = rows[0]
    status = row["status"]
    return Event(
        anchor=anchor,
        day=row["day"],
        lane=LANE_OF.get(row["kind"], "words"),
        kind=row["kind"],
        title=say.paper(row["kind"]),
        name=f"{say.paper(row['kind'])} {row['number'] or ''}".strip(),
        number=row["number"],
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        quantity_milli=row.get("quantity_milli"),
        unit=row.get("unit"),
        status=status,
        status_words=say.either("t.status", status) if status else None,
        reason=row.get("reason"),
        issuer=material.names.get(row["issuer"]),
        due=row["due_day"],
        due_words=say.either("t.due", KINDS[row["kind"]].due_on if row["kind"] in KINDS else ""),
        deliver=row.get("deliver_day"),
        link_ppm=min(one["link_ppm"] for one in rows),
        told=_told(rows, material, say),
        refers=(),
        doc_ids=frozenset(one["doc_id"] for one in rows),
        own=row.get("own"),
        thread=row.get("thread"),
    )


def _told(rows: Sequence[Row], material: DealMaterial, say: Phrases) -> tuple[Told, ...]:
    """Who said it: each batch once."""
    found: dict[int, Told] = {}
    for row in rows:
        batch = material.batches[row["version"]]
        who = batch.contributor
        words, places = say.either("who", who.kind), places_of(row.get("places"))
        source = row["source"] or batch.source
        told = Told(
            who.name,
            who.kind,
            words,
            batch.batch_id[:12],
            row["version"],
            source,
            row["row"],
            places,
        )
        found.setdefault(row["version"], told)
    return tuple(found.values())


def places_of(stored: str | None) -> tuple[tuple[str, str], ...]:
    r"""Where amount and dates stand in the source, out of the stored column `places`.

    >>> places_of("amount=MOA 14\x1enumber=BGM 2\x1edue_on=DTM 9")
    (('amount', 'MOA 14'), ('due_on', 'DTM 9'))
    """
    pairs = [text.partition("=")[::2] for text in (stored or "").split("\x1e")]
    found = {name: place for name, place in pairs if place}
    return tuple((name, found[name]) for name in PLACED if name in found)


def _references(
    rows: Sequence[Row], event: Event, known: Mapping[tuple[str, str | None], str], say: Phrases
) -> tuple[Reference, ...]:
    """What the documents of an event name, each once; the number of a whole transaction is no document."""
    named = [ref for row in rows for ref in row.get("references") or ()]
    pairs = dict.fromkeys((ref["kind"], ref["number"]) for ref in named if ref["kind"] != "deal")
    return tuple(
        Reference(kind, say.paper(kind), number, known.get((kind, number)))
        for kind, number in pairs
        if (kind, number) != (event.kind, event.number)
    )


def _tied(event: Event, breaks: Sequence[Disagreement], found: Sequence[Guess]) -> Event:
    """The event with the breaks that it lies on, and the inferred links that placed it."""
    on = tuple(b.anchor for b in breaks if any(event.anchor in side for side in b.sides))
    by = tuple(guess.anchor for guess in found if guess.event == event.anchor)
    return replace(event, breaks=on, inferred=by) if on or by else event


def _spans(material: DealMaterial, events: Sequence[Event], say: Phrases) -> tuple[Span, ...]:
    """The promises by the day on which they were made, then due."""
    of_document = {doc_id: event.anchor for event in events for doc_id in event.doc_ids}
    rows = sorted(material.promises, key=_made_then_due)
    return tuple(
        _span(f"p{n}", row, material, of_document, say) for n, row in enumerate(rows, start=1)
    )


def _made_then_due(row: Row) -> tuple[int, int, int, int]:
    made, due = row["made_day"], row["due_day"]
    first = made if made is not None else due if due is not None else 1 << 30
    return (
        first,
        due if due is not None else 1 << 30,
        list(PROMISES).index(row["kind"]),
        row["item"],
    )


def _span(
    anchor: str, row: Row, material: DealMaterial, of_document: Mapping[str, str], say: Phrases
) -> Span:
    kind, names, unknown = PROMISES[row["kind"]], material.names, say("unknown_party")
    papers = [of_document[doc["doc_id"]] for doc in behind(row, material.documents)]
    fault = row["fault"]
    parts = tuple(shares(row, material.documents, material.made.as_of_day))
    return Span(
        anchor=anchor,
        lane=LANE_OF_PROMISE[row["kind"]],
        kind=row["kind"],
        text=say.kind(row["kind"]),
        role=kind.role,
        promisor=row["promisor"],
        promisor_name=names.get(row["promisor"], unknown),
        promisee=row["promisee"] or None,
        promisee_name=names.get(row["promisee"], unknown),
        made=row["made_day"],
        first_due=row["first_due_day"],
        due=row["due_day"],
        done=row["done_day"],
        outcome=row["outcome"],
        outcome_words=_outcome(row, say),
        late_days=row["late_days"],
        kept_ppm=row["kept_ppm"],
        fault=fault,
        fault_words=_at_fault(fault, parts, say),
        faults=parts,
        value_minor=row["value_minor"],
        currency=row["currency"],
        strength_ppm=row["strength_ppm"],
        link_ppm=row["link_ppm"],
        events=tuple(dict.fromkeys(papers)),
    )


def _at_fault(fault: str | None, parts: Sequence[Share], say: Phrases) -> str | None:
    """Whose fault it is: shares with reasons where other documents account for a delay."""
    if all(part.reason in PLAIN for part in parts):
        return say.either("x.party", fault) if fault else None
    return say.joined(
        [
            say(
                "t.share",
                party=say.either("x.party", part.party),
                share=figures.percent(part.ppm),
                reason=say(f"t.reason.{part.reason}"),
            )
            for part in parts
        ]
    )


def _outcome(row: Row, say: Phrases) -> str:
    words = say(f"outcome.{row['outcome']}")
    if row["outcome"] == "late":
        return say("t.late_by", outcome=words, n=row["late_days"])
    if row["outcome"] == "partial":
        return say("t.in_part", outcome=words, kept=figures.percent(row["kept_ppm"]))
    return words


def _parties(material: DealMaterial, say: Phrases) -> tuple[tuple[str, str, str], ...]:
    """The first company in each role that takes part."""
    found = []
    for role in ROLES[2:]:
        names = [material.names.get(row[role]) for row in material.documents if row.get(role)]
        told = next((name for name in names if name), None)
        if told:
            found.append((role, say.either("x.party", role), told))
    return tuple(found)


def _sentences(
    events: Sequence[Event],
    spans: Sequence[Span],
    breaks: Sequence[Disagreement],
    found: Sequence[Guess],
    say: Phrases,
) -> Iterable[str]:
    yield _papers(events, say)
    counts = {name: sum(span.outcome == name for span in spans) for name in OUTCOMES}
    words = [say("t.count", n=n, what=say(f"outcome.{name}")) for name, n in counts.items() if n]
    yield say("t.sum.promises", counts=say.joined(words)) if words else say("t.sum.no_promises")
    yield say("t.sum.breaks", n=len(breaks)) if breaks else say("t.sum.no_breaks")
    if found:
        yield say("t.sum.guesses", n=len(found))


def _papers(events: Sequence[Event], say: Phrases) -> str:
    days = [event.day for event in events if event.day is not None]
    people = list(dict.fromkeys(told.contributor for event in events for told in event.told))
    who = people[0] if len(people) == 1 else say("t.sum.contributors", n=len(people))
    n = sum(len(event.doc_ids) for event in events)
    documents = say("t.sum.one" if n == 1 else "t.sum.several", n=n)
    if not days:
        return say("t.sum.undated", documents=documents, who=who)
    first, last = figures.iso(min(days)), figures.iso(max(days))
    if first == last:
        return say("t.sum.one_day", documents=documents, first=first, who=who)
    return say("t.sum.papers", documents=documents, first=first, last=last, who=who)
