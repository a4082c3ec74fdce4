"""The blocks of a report: what each says, as numbers with their sentence beside them.

Shares are in ppm, money in US cents or in minor units of the currency named beside it, points in tenths,
days are ISO dates. Sentences are in the language of the report; codes (`grade`, `kind`, `outcome` ...) are
the same in all languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeVar

from tallystick.report.curve_blocks import Concentration, Survival

STATES = ("rated", "not_enough_evidence", "no_record", "sanctioned", "default")
"""`default`: insolvency or dissolution decides; `no_record`: known, but never promised anything."""


@dataclass(frozen=True, slots=True)
class Headline:
    """Who, how good, how sure. Without a record the numbers are None. `country_by`: the number that tells the
    country where no document states one."""

    key: ClassVar[str] = "headline"
    name: str
    code: str
    country: str | None
    ids: tuple[str, ...]
    other_names: tuple[str, ...]
    state: str
    grade: str
    grade_words: str
    sentence: str
    broken_ppm: int | None
    low_ppm: int | None
    high_ppm: int | None
    coverage_ppm: int
    evidence_level: str
    evidence_words: str
    evidence_micro: int
    exposure_cents: int
    as_of: str
    known_at: str | None
    country_by: str | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the grade means for the terms of a deal; `because` are the facts that decide, if any do."""

    key: ClassVar[str] = "meaning"
    state: str
    title: str
    sentences: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One step of the waterfall: from `before_tenths` by `tenths`."""

    code: str
    tenths: int
    before_tenths: int
    text: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """The base and the reasons: their tenths add up to `score_tenths` exactly. Empty without a record."""

    key: ClassVar[str] = "reasons"
    score_tenths: int
    lines: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """The track record in one kind of promise. `kept_ppm` is the plain share kept of those that count;
    `peers_ppm` what is expected of peers now; lateness in days."""

    kind: str
    role: str
    text: str
    grade: str
    evidence_level: str
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    peers_ppm: int
    score_tenths: int
    counts: dict[str, int]
    kept_ppm: int | None
    late_days_p50: int | None
    late_days_p90: int | None
    counterparties: int
    value_cents: int
    last_day: str | None
    last_broken_day: str | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """The rating in one role."""

    role: str
    text: str
    grade: str
    evidence_level: str
    broken_ppm: int
    low_ppm: int
    high_ppm: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Promises of one quarter of a year that count, how many of them were kept, and the interval of the
    share."""

    label: str
    counted: int
    kept: int
    low_ppm: int
    high_ppm: int


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What became of its promises, by kind, role and quarter."""

    key: ClassVar[str] = "track_record"
    kinds: tuple[KindRow, ...]
    roles: tuple[RoleRow, ...]
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """What the next promise and those of so many days after it come to, of one scope (headline or kind; `name`:
    of which): thousandths of promises that are expected, the chance that at least one is broken with its
    interval, and the chance that all are kept."""

    scope: str
    name: str
    text: str
    days: int
    promises_milli: int
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    kept_ppm: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """The chance of any break within 90 and 365 days, the headline first; empty without a record."""

    key: ClassVar[str] = "horizon"
    rows: tuple[HorizonRow, ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise. `id` is what `explain` takes; `against`: shown for what it weighs against the company,
    not for being new; `mass_micro` is what it weighs in the record now."""

    id: str
    against: bool
    kind: str
    text: str
    to: str
    made: str | None
    due: str | None
    done: str | None
    outcome: str
    outcome_words: str
    late_days: int | None
    value_minor: int | None
    currency: str | None
    strength_ppm: int
    mass_micro: int
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A promise on the strip plot: days after the due date (negative: early; None: never done)."""

    due_day: int
    after_days: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises that weigh most against the company and the newest ones, out of `total`."""

    key: ClassVar[str] = "promises"
    total: int
    rows: tuple[PromiseRow, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class BreakRow:
    """Two documents of a deal that disagree; `expected`, `found` and `caused_by` (who could have caused it)
    are ready to read."""

    deal: str
    kind: str
    between: str
    expected: str | None
    found: str | None
    unit: str | None
    caused_by: str


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where the documents of its deals disagree: the first of `total` rows."""

    key: ClassVar[str] = "breaks"
    total: int
    rows: tuple[BreakRow, ...]


@dataclass(frozen=True, slots=True)
class StruckRow:
    """A document that named the company and was decided to be wrong; `reason`: code of what was wrong, `why`:
    in the words of who decided."""

    on: str
    kind: str
    paper: str
    number: str | None
    contributor: str | None
    reason: str
    text: str
    why: str | None

    @property
    def document(self) -> str:
        """What was struck, with its number."""
        return " ".join(filter(None, (self.paper, self.number)))

    @property
    def because(self) -> str:
        """What was wrong with it, with what was written beside."""
        return ": ".join(filter(None, (self.text, self.why)))


@dataclass(frozen=True, slots=True)
class Struck:
    """The documents about it that count nowhere any more: the newest strikes of `total`."""

    key: ClassVar[str] = "struck"
    total: int = 0
    rows: tuple[StruckRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One relation. `how`: owner, head, owned, member, sister (what the other is), account, domain, address
    (what the two share); `related_ppm`: how much less the promises between the two count, by all that relates
    them; `promises`: how many this company made to the other."""

    name: str
    code: str
    country: str | None
    how: str
    text: str
    related_ppm: int
    promises: int
    since: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Related:
    """Who is related to it: the first of `total` rows."""

    key: ClassVar[str] = "related"
    total: int
    rows: tuple[RelatedRow, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One kind of promise after `kept` more were kept in full, each to another counterparty that others know
    well and before an independent witness. `headline_ppm`: the chance over all kinds, their mix as it is."""

    kept: int
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    grade: str
    headline_ppm: int


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One honest act and what the rating of a scope (headline, role or kind; `name`: of which) would then be,
    found by rating the company as if it were done. `code`: new, more, witness, both, registered or time (see
    `rating.wayup.Act`); `n`: how many; `day`: from when it counts; `lifts`: the grade gets better."""

    code: str
    kind: str
    n: int
    day: str
    scope: str
    name: str
    grade: str
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    lifts: bool
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would improve the rating or narrow the interval; `plan`: the way up, soonest first."""

    key: ClassVar[str] = "outlook"
    kind: str | None
    kind_text: str
    sentences: tuple[str, ...]
    plan: tuple[PlanStep, ...]
    what_if: tuple[WhatIf, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One document behind a promise that is shown; `number` counts the notes from 1."""

    note: int
    deal: str
    kind: str
    document: str | None
    day: str | None
    contributor: str
    contributor_kind: str
    batch: str
    source: str
    row: int | None


@dataclass(frozen=True, slots=True)
class ContributorRow:
    """How many documents of the company's deals came from one contributor."""

    name: str
    kind: str
    kind_words: str
    documents: int
    batches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the evidence comes from."""

    key: ClassVar[str] = "provenance"
    documents: int
    contributors: tuple[ContributorRow, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """What made these numbers: the same versions give the same report."""

    key: ClassVar[str] = "versions"
    policy: str
    policy_digest: str
    rates: str
    code: str
    cut: str
    as_of: str
    known_at: str | None


Block = (
    Headline
    | Meaning
    | Reasons
    | TrackRecord
    | Survival
    | Concentration
    | Horizon
    | Promises
    | Breaks
    | Struck
    | Related
    | Outlook
    | Provenance
    | Versions
)
B = TypeVar("B", bound=Block)


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language: its blocks in reading order."""

    lang: str
    blocks: tuple[Block, ...]

    def block(self, kind: type[B]) -> B:
        """The block of that type; every report has one of each."""
        for block in self.blocks:
            if isinstance(block, kind):
                return block
        raise LookupError(kind.__name__)
