"""What the timeline of a deal says: events in lanes, promises as spans, where documents disagree, sums by day.

Days are day numbers, money minor units, quantities thousandths, strengths ppm: the renderers word them.
Sentences and titles are in the language of the timeline; codes (`kind`, `lane`, `outcome` ...) are the same in
all. An `anchor` (`e3`, `p1`, `b2`, `l1`) names a thing inside its timeline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.ledger import Batch
from tallystick.promises.fault import Share
from tallystick.report.material import Made, Row

LANES: Final = {
    "words": "rfq quotation quotation_withdrawal order order_change order_confirmation order_cancellation "
    "contract letter_of_credit profile registration certificate sanction insolvency ownership identity strike",
    "goods": "dispatch booking shipment transport_event receipt inspection warehouse_receipt release_order "
    "warehouse_release stock_count return",
    "customs": "export_declaration import_declaration transit_declaration customs_event certificate_of_origin "
    "policy claim claim_settlement",
    "money": "proforma invoice freight_invoice credit_note debit_note reminder statement remittance "
    "payment_instruction payment payment_return refund_approval refund assignment escrow_hold escrow_release",
    "disputes": "dispute dispute_response dispute_ruling force_majeure_notice review",
}
"""Lane -> its kinds of document, in the order in which the lanes are shown."""

LANE_OF: Final = {kind: lane for lane, kinds in LANES.items() for kind in kinds.split()}

PROMISE_LANES: Final = {
    "words": "respond quote confirm order",
    "goods": "dispatch deliver conform receive collect arrive hold release_goods",
    "customs": "declare declare_import cover settle",
    "money": "refund deposit pay remit release_escrow",
    "disputes": "claim resolve",
}
"""Lane -> the kinds of promise that belong to it."""

LANE_OF_PROMISE: Final = {
    kind: lane for lane, kinds in PROMISE_LANES.items() for kind in kinds.split()
}


@dataclass(frozen=True, slots=True)
class DealMaterial:
    """Everything about one deal.

    `documents`: rows of `reporting.documents_in` with `thread`, `references` and `places` besides; `promises`:
    rows of PROMISE; `breaks`: rows of `deals.breaks`; `inferred`: rows of INFERRED that placed one of the
    documents; `names`: company -> name; `batches`: by version.
    """

    deal: int
    documents: Sequence[Row]
    promises: Sequence[Row]
    breaks: Sequence[Row]
    inferred: Sequence[Row]
    names: Mapping[int, str]
    batches: Mapping[int, Batch]
    made: Made


@dataclass(frozen=True, slots=True)
class Told:
    """Who said it, and where. `places`: (field, where in the source it stands), of amount and dates."""

    contributor: str
    kind: str
    kind_words: str
    batch: str
    version: int
    source: str
    row: int | None
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that one names: `event` is its anchor where the deal has it."""

    kind: str
    title: str
    number: str
    event: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, told by one contributor or by several in the same words. `name` is its title and number,
    with amount or day where another in the deal is called the same; `due` is the date that the
    document names and `due_words` what it means; `own` and `thread` are nodes of the graph of deals."""

    anchor: str
    day: int | None
    lane: str
    kind: str
    title: str
    name: str
    number: str | None
    amount_minor: int | None
    currency: str | None
    quantity_milli: int | None
    unit: str | None
    status: str | None
    status_words: str | None
    reason: str | None
    issuer: str | None
    due: int | None
    due_words: str
    deliver: int | None
    link_ppm: int
    told: tuple[Told, ...]
    refers: tuple[Reference, ...]
    doc_ids: frozenset[str]
    own: int | None
    thread: int | None
    breaks: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A promise from the day on which it was made to those on which it was due and done. `fault`: whose it is
    in the record; `faults`: its shares with reasons."""

    anchor: str
    lane: str
    kind: str
    text: str
    role: str
    promisor: int
    promisor_name: str
    promisee: int | None
    promisee_name: str
    made: int | None
    first_due: int | None
    due: int | None
    done: int | None
    outcome: str
    outcome_words: str
    late_days: int | None
    kept_ppm: int
    fault: str | None
    fault_words: str | None
    faults: tuple[Share, ...]
    value_minor: int | None
    currency: str | None
    strength_ppm: int
    link_ppm: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A break. `expected` and `found` are what the two sides say, in words; `size` is how far they are apart;
    `caused_by` who could have caused it, as far as that is known; `sides` the events on each side."""

    anchor: str
    kind: str
    title: str
    between: str
    between_words: str
    expected: str | None
    found: str | None
    size: str | None
    caused_by: tuple[str, ...]
    sides: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Guess:
    """A link that no document states: from the event that was placed to those that it belongs to."""

    anchor: str
    event: str
    to: tuple[str, ...]
    rule: str
    words: str
    ppm: int
    part_minor: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """What had come together by the end of a day, in the order of the names of the balance."""

    day: int
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """Running sums of money in one currency (minor units) or of goods in one unit (thousandths)."""

    measure: str
    unit: str
    names: tuple[str, ...]
    points: tuple[Point, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """One deal. `parties`: (role, its word, name); `sentences` sum it up; `events` by day."""

    lang: str
    deal: str
    parties: tuple[tuple[str, str, str], ...]
    sentences: tuple[str, ...]
    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    breaks: tuple[Disagreement, ...]
    guesses: tuple[Guess, ...]
    balances: tuple[Balance, ...]
    made: Made

    def event(self, anchor: str) -> Event:
        """The event with that anchor. Raises KeyError for none."""
        place = int(anchor[1:]) - 1 if anchor[:1] == "e" and anchor[1:].isdecimal() else -1
        if not 0 <= place < len(self.events):
            raise KeyError(anchor)
        return self.events[place]
