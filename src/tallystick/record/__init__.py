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
from tallystick.record.few import (
    NOBODY_WITHIN,
    Few,
    counterparties,
    known_to_others,
    records_of_few,
    weights,
)
from tallystick.record.lateness import LAST_DAY, LATENESS, lateness, lateness_among
from tallystick.record.medians import SIZE, find_sizes, medians_of
from tallystick.record.schema import HALF_LIVES, MOMENT, RECORD, RecordPolicy
from tallystick.record.summarise import (
    PROMISES_PER_BUCKET,
    add_up_ties,
    at_moments,
    find_medians,
    find_reach,
    find_ties,
    find_within,
    records_of,
    summarise,
    weigh,
)

__all__ = [
    "HALF_LIVES",
    "LAST_DAY",
    "LATENESS",
    "MOMENT",
    "NOBODY_WITHIN",
    "PROMISES_PER_BUCKET",
    "RECORD",
    "SIZE",
    "Few",
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
    "lateness_among",
    "medians_of",
    "records_of",
    "records_of_few",
    "summarise",
    "weigh",
    "weights",
]
