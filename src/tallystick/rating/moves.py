"""Whom another policy would move, by how much, and why: two sets of headlines of the same evidence compared.

Idea: points add up to the score under either policy, so their differences add up to the move: the reason with
the largest difference is why a company moves. Grades count in steps; a step up is a better grade. NR and X
are off the scale: who comes from there or goes there is counted apart.

Worked example: B with 540.0 points before, BB with 561.5 after, of which R11 (the cap per counterparty)
gives 20.0: one grade up, +21.5 points, because of R11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.policy import GRADES
from tallystick.rating.score import STEPS

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CODES: Final = ("base", *STEPS)
NEWCOMER_BELOW: Final = 3
"""A company with fewer promises that came to an outcome is a newcomer (method S6)."""

_OUTCOMES: Final = ("n_kept", "n_late", "n_partial", "n_broken")
_OFF: Final = pa.array(["NR", "X"])
_COMPARED: Final = ("grade", "broken_ppm", "score_tenths")
_BESIDE: Final = ("low_ppm", "high_ppm", "exposure_cents", "evidence_level", "evidence_micro")

MOVE: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("evidence_level", pa.string(), nullable=False),
        pa.field("newcomer", pa.bool_(), nullable=False),
        pa.field("grade_before", pa.string(), nullable=False),
        pa.field("grade_after", pa.string(), nullable=False),
        pa.field("grades", pa.int64()),
        pa.field("broken_ppm_before", pa.int64(), nullable=False),
        pa.field("broken_ppm_after", pa.int64(), nullable=False),
        pa.field("tenths", pa.int64(), nullable=False),
        *(pa.field(f"{code}_tenths", pa.int64(), nullable=False) for code in CODES),
        pa.field("because", pa.string(), nullable=False),
    ]
)
"""A move: key `company`. `grades`: steps, positive is better, null where either grade is off the scale;
`tenths`: points gained, the sum of those per reason; `because`: the reason with the largest difference, ""
where no points moved. `evidence_level`, `newcomer`: as they are now."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What happens to the companies of a segment. `by`: all, country, evidence or newcomers; `tenths`: points
    gained on average over all of them; `ppm_before`, `ppm_after`: probability on average."""

    by: str
    name: str
    companies: int
    up: int
    down: int
    tenths: int
    ppm_before: int
    ppm_after: int


@dataclass(frozen=True, slots=True)
class Because:
    """A reason of the moves. `companies`: in how many it makes the largest difference; `tenths`: what it gives
    those on average."""

    code: str
    companies: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Moves:
    """What another policy would do. `moves`: schema MOVE, the largest falls first; `beside`: companies of whom
    only interval, exposure or evidence differ; `table`: (grade before, grade after, companies)."""

    companies: int
    moves: pa.Table
    beside: int
    table: list[tuple[str, str, int]]
    segments: list[Segment]
    because: list[Because]

    def count(self, what: str) -> int:
        """How many go `up` or `down` a grade, are `graded` who were not, or are `ungraded` who were."""
        before, after = (
            pc.is_in(self.moves[f"grade_{when}"], value_set=_OFF) for when in ("before", "after")
        )
        found = {
            "up": pc.greater(self.moves["grades"], 0),
            "down": pc.less(self.moves["grades"], 0),
            "graded": pc.and_not(before, after),
            "ungraded": pc.and_not(after, before),
        }[what]
        return int(pc.sum(pc.fill_null(found, False)).as_py() or 0)


def compare(before: pa.Table, after: pa.Table) -> Moves:
    """The moves between the headlines (schema RATING with `country`) of two policies on the same evidence."""
    before, after = before.sort_by("company"), after.sort_by("company")
    if not before["company"].equals(after["company"]):
        raise ValueError("only ratings of the same companies can be compared")
    differs, beside = (_differs(before, after, names) for names in (_COMPARED, _BESIDE))
    rows = _rows(before, after)
    moved = rows.filter(pa.array(differs))
    order = [("grades", "ascending"), ("tenths", "ascending"), ("company", "ascending")]
    pairs = rows.group_by(["grade_before", "grade_after"], use_threads=False).aggregate(
        [("company", "count")]
    )
    table = [
        (str(r["grade_before"]), str(r["grade_after"]), int(r["company_count"]))
        for r in pairs.to_pylist()
    ]
    return Moves(
        len(rows),
        moved.sort_by(order),
        int((beside & ~differs).sum()),
        sorted(table, key=lambda row: (_place(row[0]), _place(row[1]))),
        list(_segments(rows)),
        _becauses(moved),
    )


def _place(grade: str) -> int:
    return GRADES.index(grade) if grade in GRADES else len(GRADES) + ord(grade[0])


def _differs(before: pa.Table, after: pa.Table, names: tuple[str, ...]) -> Flags:
    out = np.zeros(len(before), dtype=bool)
    for name in names:
        out |= pc.not_equal(before[name], after[name]).to_numpy()
    return out


def _rows(before: pa.Table, after: pa.Table) -> pa.Table:
    """Every company as a row of MOVE."""
    scale = pa.array(GRADES)
    steps = pc.subtract(
        pc.index_in(before["grade"], value_set=scale), pc.index_in(after["grade"], value_set=scale)
    )
    gained = np.array(
        [after[f"{c}_tenths"].to_numpy() - before[f"{c}_tenths"].to_numpy() for c in CODES]
    )
    largest = np.abs(gained).argmax(axis=0) if len(before) else np.empty(0, np.int64)
    none = ~gained.any(axis=0)
    because = pa.array(np.where(none, len(CODES), largest))
    outcomes = np.sum([before[name].to_numpy() for name in _OUTCOMES], axis=0)
    columns = {
        "company": before["company"],
        "country": pc.fill_null(before["country"], ""),
        "evidence_level": before["evidence_level"],
        "newcomer": pa.array(outcomes < NEWCOMER_BELOW),
        "grade_before": before["grade"],
        "grade_after": after["grade"],
        "grades": pc.cast(steps, pa.int64()),
        "broken_ppm_before": before["broken_ppm"],
        "broken_ppm_after": after["broken_ppm"],
        "tenths": pc.subtract(after["score_tenths"], before["score_tenths"]),
        **{f"{code}_tenths": gained[n] for n, code in enumerate(CODES)},
        "because": pa.array([*CODES, ""]).take(because),
    }
    return pa.table({f.name: columns[f.name] for f in MOVE}, schema=MOVE)


def _segments(rows: pa.Table) -> Iterator[Segment]:
    yield _segment("all", "", rows)
    for by, column in (("country", "country"), ("evidence", "evidence_level")):
        for name in pc.unique(rows[column]).sort().to_pylist():
            yield _segment(by, name, rows.filter(pc.equal(rows[column], name)))
    for name, mask in (("yes", rows["newcomer"]), ("no", pc.invert(rows["newcomer"]))):
        yield _segment("newcomers", name, rows.filter(mask))


def _segment(by: str, name: str, rows: pa.Table) -> Segment:
    steps = pc.fill_null(rows["grades"], 0).to_numpy()
    columns = ("tenths", "broken_ppm_before", "broken_ppm_after")
    return Segment(
        by,
        name,
        len(rows),
        int((steps > 0).sum()),
        int((steps < 0).sum()),
        *(_mean(rows[column].to_numpy()) for column in columns),
    )


def _becauses(moved: pa.Table) -> list[Because]:
    out = []
    for code in CODES:
        mine = moved.filter(pc.equal(moved["because"], code))
        if len(mine):
            out.append(Because(code, len(mine), _mean(mine[f"{code}_tenths"].to_numpy())))
    return sorted(out, key=lambda row: (-row.companies, row.code))


def _mean(values: Ints) -> int:
    """The mean of integers, rounded."""
    return round(int(values.sum()) / len(values)) if len(values) else 0
