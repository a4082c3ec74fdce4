"""Horizons: the closed form is its integral, and more time or more promises never mean less."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv

from tallystick.rating import HORIZON, Policy, Prior, horizons, rate
from tallystick.rating.horizon import all_kept
from tallystick.record import HALF_LIVES, RECORD
from tallystick.units import PPM

AS_OF = 20_000
KINDS = ("deliver", "dispatch", "pay")
PRIOR = Prior(
    *(dict(zip(KINDS, (0.02, 0.1, 0.3), strict=True)) for _ in range(4)),
    {},
)


def record(kind: str, kept: int, broken: int, begun: int, value: int) -> dict[str, Any]:
    """A track record whose promises count in full, however old they are."""
    row: dict[str, Any] = {f.name: 0 for f in RECORD} | {"company": 7, "kind": kind}
    for name in ("raw", "cor", "val", "cap", "n"):
        lost = {"raw": "rawb", "n": "s"}.get(name, f"{name}b")
        for h in HALF_LIVES:
            row[f"{name}{h}"], row[f"{lost}{h}"] = (kept + broken) * PPM, broken * PPM
    never = dict.fromkeys(("last_day", "last_broken_day", "last_broke"))
    return row | never | {"first_day": AS_OF - begun, "value_cents": value, "value365_cents": value}


def said(
    rows: list[dict[str, Any]], days: tuple[int, ...] = (90, 365)
) -> dict[Any, dict[str, int]]:
    """(scope, kind, days) -> row of HORIZON, with days 1 for the rating of the next promise."""
    rows = sorted(rows, key=lambda row: row["kind"])
    records = pa.Table.from_pylist(rows, schema=RECORD)
    home = records.append_column("country", pa.array(["DE"] * len(rows)))
    none = pa.table({"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())})
    ratings = rate(home, PRIOR, none, Policy(), AS_OF)
    found = horizons(records, ratings, Policy(), AS_OF)
    assert found.schema == HORIZON
    out = {(r["scope"], r["kind"], r["days"]): r for r in found.to_pylist()}
    return out | {(r["scope"], r["kind"], 1): r for r in ratings.to_pylist()}


history = st.builds(
    record,
    kind=st.sampled_from(KINDS),
    kept=st.integers(0, 3000),
    broken=st.integers(0, 300),
    begun=st.integers(0, 3000),
    value=st.integers(0, 10**9),
)
histories = st.lists(history, min_size=1, max_size=3, unique_by=lambda row: row["kind"])


@pytest.mark.parametrize("promises, seen, days", [(0.5, 60, 90), (40, 200, 365), (5_000, 320, 365)])
@pytest.mark.parametrize("p, strength", [(0.004, 3.0), (0.1, 7.5), (0.6, 300.0)])
def test_the_closed_form_is_the_integral(
    p: float, strength: float, promises: float, seen: float, days: float
) -> None:
    alpha, beta, share = p * strength, (1 - p) * strength, 1.0
    drawn = betaincinv(alpha, beta, (np.arange(200_000) + 0.5) / 200_000)
    integral = np.mean((1 - drawn) ** share * (1 + drawn * days / seen) ** -promises)
    values = (np.array([v]) for v in (alpha, beta, promises, seen))
    assert all_kept(*values, days, np.array([share]))[0] == pytest.approx(integral, abs=2e-5)


@settings(deadline=None, max_examples=60)
@given(histories)
def test_a_year_is_no_safer_than_a_quarter_nor_that_than_the_next_promise(
    rows: list[dict[str, Any]],
) -> None:
    found = said(rows)
    for scope, kind, days in found:
        if days == 90:
            steps = [found[scope, kind, d] for d in (1, 90, 365)]
            for name in ("low_ppm", "broken_ppm", "high_ppm"):
                values = [step[name] for step in steps]
                assert values == sorted(values), (name, values)
            assert steps[1]["promises_milli"] <= steps[2]["promises_milli"]
            for step in steps:
                assert step["low_ppm"] <= step["broken_ppm"] <= step["high_ppm"]


@settings(deadline=None, max_examples=60)
@given(histories, st.integers(1, 500))
def test_who_promises_more_is_more_likely_to_break_one_at_the_same_conduct(
    rows: list[dict[str, Any]], more: int
) -> None:
    busier = [row | {"raw180": row["raw180"] + more * PPM} for row in rows]  # p does not look at it
    before, after = said(rows), said(busier)
    for key, row in after.items():
        if key[2] > 1:
            assert row["broken_ppm"] >= before[key]["broken_ppm"]
            assert row["promises_milli"] > before[key]["promises_milli"]


@settings(deadline=None, max_examples=60)
@given(history)
def test_the_headline_of_one_kind_is_that_kind(row: dict[str, Any]) -> None:
    found = said([row])
    for days in (90, 365):
        whole, kind = found["headline", "", days], found["kind", row["kind"], days]
        for name in ("promises_milli", "broken_ppm", "low_ppm", "high_ppm"):
            assert whole[name] == kind[name]


def test_without_a_record_there_is_no_horizon() -> None:
    none = RECORD.empty_table()
    assert not len(horizons(none, pa.table({}), Policy(), AS_OF))


def test_a_horizon_beyond_a_year_is_refused() -> None:
    with pytest.raises(ValueError, match="365"):
        horizons(RECORD.empty_table(), pa.table({}), Policy(), AS_OF, [3650])
