"""Standing and kin: bounded, one way in time, and gone with one's own promises kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.identity import RELATED
from tallystick.rating import Policy, Prior
from tallystick.rating.background import KIN_MOST, find_kin, kin_term
from tallystick.rating.score import STEPS, ladder, points
from tallystick.record import HALF_LIVES, RECORD
from tallystick.units import PPM

AS_OF = 20_000
PRIOR = Prior(*({"pay": 0.1} for _ in range(4)), {})


def record(company: int, began: int, kept: float, broken: float) -> dict[str, Any]:
    """A track record with so many promises that count in full."""
    row: dict[str, Any] = {f.name: 0 for f in RECORD} | {"company": company, "kind": "pay"}
    row |= dict.fromkeys(("last_day", "last_broken_day", "last_broke")) | {"first_day": began}
    for h in HALF_LIVES:
        for name, lost in (
            ("raw", "rawb"),
            ("cor", "corb"),
            ("val", "valb"),
            ("cap", "capb"),
            ("n", "s"),
        ):
            row[f"{name}{h}"] = round((kept + broken) * PPM)
            row[f"{lost}{h}"] = round(broken * PPM)
    return row


def relation(a: int, b: int, sort: str, ppm: int) -> dict[str, Any]:
    return {"a": a, "b": b, "sort": sort, "weight_ppm": ppm, "detail": ""}


def kin(records: list[dict[str, Any]], *relations: dict[str, Any]) -> dict[int, int]:
    related = pa.Table.from_pylist(list(relations), schema=RELATED)
    found = find_kin(related, pa.Table.from_pylist(records, schema=RECORD), PRIOR)
    return dict(zip(*(column.to_pylist() for column in found.columns), strict=True))


def chances(row: dict[str, Any], **told: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The ladder of one record with what is told of its company beside it."""
    table = pa.Table.from_pylist([row], schema=RECORD).append_column("country", pa.array(["DE"]))
    for name, value in told.items():
        table = table.append_column(name, pa.array([value], pa.int64()))
    return ladder(table, PRIOR, Policy(), AS_OF)[0]


OLD_BAD, OLD_GOOD, NEW = record(1, 100, 4, 4), record(2, 100, 20, 0), record(3, 900, 0, 0)


def test_a_newcomer_with_the_account_of_a_bad_elder_starts_lower() -> None:
    shared = relation(1, 3, "account", 900_000)
    assert kin([OLD_BAD, NEW], shared) == {3: round(0.9 * np.log(5 / 1.8) * PPM)}
    before, after = chances(NEW), chances(NEW, kin_ppm=kin([OLD_BAD, NEW], shared)[3])
    assert after[-1] > before[-1]
    lost = points(before)[-1] - points(after)[-1]
    assert lost == pytest.approx(
        points(after)[-2] - points(after)[-1]
    )  # the last step is the reason
    assert STEPS[-1] == "R18"


def test_the_nearer_the_relation_the_more_it_takes() -> None:
    found = [
        kin([OLD_BAD, NEW], relation(1, 3, sort, ppm))[3]
        for sort, ppm in (("address", 50_000), ("domain", 700_000), ("account", 900_000))
    ]
    assert found == sorted(found)


@pytest.mark.parametrize(
    "records, relations",
    [
        ([OLD_GOOD, NEW], [relation(2, 3, "account", 900_000)]),  # the elder kept its promises
        (
            [OLD_BAD, record(3, 50, 0, 0)],
            [relation(1, 3, "account", 900_000)],
        ),  # it began before it
        ([OLD_BAD, record(3, 100, 0, 0)], [relation(1, 3, "account", 900_000)]),  # the same day
        ([OLD_BAD, NEW], []),  # nothing in common
        ([OLD_BAD, NEW], [relation(1, 9, "account", 900_000)]),  # a relative without promises
    ],
)
def test_nobody_else_does(records: list[dict[str, Any]], relations: list[dict[str, Any]]) -> None:
    assert not kin(records, *relations)


def test_a_family_answers_for_its_elders_wholly() -> None:
    rows = [relation(1, 9, "ultimate_parent", PPM), relation(3, 9, "ultimate_parent", PPM)]
    whole = kin([OLD_BAD, NEW], *rows)
    assert whole == {3: round(np.log(5 / 1.8) * PPM)}
    later = record(4, 950, 5, 0)
    assert kin([OLD_BAD, NEW, later], *rows, relation(4, 9, "ultimate_parent", PPM)) == whole | {
        4: whole[3]
    }


def test_no_relative_sinks_a_firm() -> None:
    ruined = record(1, 100, 0, 10_000)
    found = kin([ruined, NEW], relation(1, 3, "account", 900_000))[3]
    assert found == round(KIN_MOST * PPM)
    assert points(chances(NEW))[-1] - points(chances(NEW, kin_ppm=found))[-1] == pytest.approx(
        40, abs=0.1
    )


masses = st.floats(0, 50)


@settings(deadline=None, max_examples=100)
@given(masses, masses, st.floats(0.1, 10), st.integers(0, round(KIN_MOST * PPM)), st.booleans())
def test_a_good_act_takes_it_away_and_a_bad_one_does_not(
    kept: float, broken: float, more: float, odds: int, good: bool
) -> None:
    before, after = (
        chances(record(3, 900, k, b), kin_ppm=odds)[-1]
        for k, b in ((kept, broken), (kept + more * good, broken + more * (not good)))
    )
    assert after <= before + 1e-6 if good else after >= before - 1e-6


def test_it_fades_to_a_tenth_by_27_promises_kept() -> None:
    table = pa.Table.from_pylist([record(3, 900, 27, 5)], schema=RECORD)
    table = table.append_column("kin_ppm", pa.array([PPM], pa.int64()))
    assert kin_term(table)[0] == pytest.approx(0.1)
