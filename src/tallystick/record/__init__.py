"""Track record: what a company did with its promises of each kind, as integer sums at a date.

Idea: every promise that has matured adds a mass to the record of its promisor: strength of evidence times
value at stake, halved every 30, 180 or 730 days by a table of integers, or never. Sums of integers do not
depend on order or engine. The mass that rests on one counterparty is capped, and proves as much as others know
that counterparty (30_pair.sql); all counterparties together count as one would besides (50_record.sql).

Worked example: two promises kept to two buyers whom everybody knows (q = 1), each of strength .85 and of at
least median value, due today: mass 1,700,000 micro-units; capped per counterparty at 3,000,000, 0.85 * 3 / 3.85
= 0.662 each.
"""

from tallystick.record.counts import add_counts
from tallystick.record.lateness import LAST_DAY, LATENESS, lateness
from tallystick.record.medians import SIZE, find_sizes, medians_of
from tallystick.record.summarise import (
    HALF_LIVES,
    MOMENT,
    PROMISES_PER_BUCKET,
    RECORD,
    RecordPolicy,
    add_up_ties,
    at_moments,
    counterparties,
    find_medians,
    find_reach,
    find_ties,
    find_within,
    known_to_others,
    records_of,
    summarise,
    weigh,
)

__all__ = [
    "HALF_LIVES",
    "LAST_DAY",
    "LATENESS",
    "MOMENT",
    "PROMISES_PER_BUCKET",
    "RECORD",
    "SIZE",
    "RecordPolicy",
    "add_counts",
    "add_up_ties",
    "at_moments",
    "counterparties",
    "find_medians",
    "find_reach",
    "find_sizes",
    "find_ties",
    "find_within",
    "known_to_others",
    "lateness",
    "medians_of",
    "records_of",
    "summarise",
    "weigh",
]
