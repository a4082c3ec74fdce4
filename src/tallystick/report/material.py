"""What a report is made of: rows of earlier stages about one company, already read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tallystick.evidence.ledger import Batch
from tallystick.rating import Policy
from tallystick.rating.choosing import WayUp
from tallystick.rating.prior import Prior

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What made the numbers: as of which day, from what was known when, by which versions."""

    as_of_day: int
    known_at_us: int | None
    policy: Policy
    rates: str
    code: str
    cut: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything about one company.

    `company`: row of COMPANY; `ratings`, `horizons`: its rows of RATING and HORIZON; `records`: kind -> row of
    RECORD; `steps`: kind -> the ladder of `rating.score`; `terms`: kind -> the terms of its scorecard by name;
    `counterparties`: kind -> rows of COUNTERPARTY; `way_up`: what would lift the grade, if asked for;
    `promises`: its promises, PROMISE with the columns of 10_counted.sql and `related_ppm`; `names`: company ->
    name of its counterparties; `breaks`: rows of `deals.breaks`; `facts`: the newest sanction, insolvency and
    registration document about it; `struck`: what was struck about it (rows of `struck_of`); `related`: who is
    related to it (rows of `relating.relations`);
    `documents`: documents of the deals of the promises that are shown; `documents_by_batch`: version ->
    documents of its deals; `batches`: by version; `own_lateness`, `lateness`: how soon it and everybody keep
    their promises (schema LATENESS).
    """

    company: Row
    ratings: Sequence[Row]
    horizons: Sequence[Row]
    records: Mapping[str, Row]
    steps: Mapping[str, Sequence[float]]
    terms: Mapping[str, Mapping[str, float]]
    counterparties: Mapping[str, Sequence[Row]]
    way_up: WayUp | None
    prior: Prior
    promises: pa.Table
    names: Mapping[int, str]
    breaks: Sequence[Row]
    facts: Sequence[Row]
    struck: Sequence[Row]
    related: Sequence[Row]
    documents: Sequence[Row]
    documents_by_batch: Mapping[int, int]
    batches: Mapping[int, Batch]
    own_lateness: pa.Table
    lateness: pa.Table
    made: Made

    def rating(self, scope: str, name: str = "") -> Row | None:
        """The headline, or the rating of a role or kind."""
        for row in self.ratings:
            if row["scope"] == scope and (scope == "headline" or row[scope] == name):
                return row
        return None
