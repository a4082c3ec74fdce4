"""Two sets of headlines compared: who moves, by how much, and why."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tallystick.rating import RATING, compare
from tallystick.rating.moves import CODES, MOVE


def headline(company: int, grade: str, score: int, **given: Any) -> dict[str, Any]:
    """A headline of which all points stand in the base unless told otherwise."""
    row: dict[str, Any] = {f.name: 0 for f in RATING if f.type == pa.int64()}
    row |= {"scope": "headline", "role": "", "kind": "", "evidence_level": "E2", "country": "KE"}
    row |= {"company": company, "grade": grade, "score_tenths": score, "n_kept": 9} | given
    rest = sum(row[f"{code}_tenths"] for code in CODES if code != "base")
    return row | {"base_tenths": score - rest}


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=RATING.append(pa.field("country", pa.string())))


def test_a_company_moves_because_of_the_reason_with_the_largest_difference() -> None:
    before = headline(1, "B", 5400, R11_tenths=-300, broken_ppm=60_000)
    after = headline(1, "BB", 5615, R11_tenths=-100, broken_ppm=30_000)
    (row,) = compare(table(before), table(after)).moves.to_pylist()
    assert (row["grades"], row["tenths"], row["because"]) == (1, 215, "R11")
    assert (row["R11_tenths"], row["base_tenths"]) == (200, 15)
    assert (row["broken_ppm_before"], row["broken_ppm_after"]) == (60_000, 30_000)


def test_the_largest_falls_come_first_and_those_off_the_scale_last() -> None:
    before = table(
        headline(1, "A", 6500),
        headline(2, "A", 6500),
        headline(3, "NR", 6000),
        headline(4, "A", 6500),
        headline(5, "A", 6500),
        headline(6, "X", 6500),
    )
    after = table(
        headline(6, "X", 6400),
        headline(5, "A", 6500, low_ppm=7),
        headline(4, "AA", 6700),
        headline(3, "BB", 6000),
        headline(2, "BBB", 6300),
        headline(1, "B", 6000),
    )
    moves = compare(before, after)
    assert moves.moves["company"].to_pylist() == [1, 2, 4, 6, 3]
    assert moves.moves["grades"].to_pylist() == [-3, -1, 1, None, None]
    counts = {name: moves.count(name) for name in ("up", "down", "graded", "ungraded")}
    assert counts == {"up": 1, "down": 2, "graded": 1, "ungraded": 0}
    assert moves.beside == 1  # of company 5 only the interval differs
    assert ("A", "BBB", 1) in moves.table and sum(n for *_, n in moves.table) == 6
    assert moves.moves.schema == MOVE


def test_segments_count_everybody_and_newcomers_by_their_outcomes() -> None:
    before = table(
        headline(1, "A", 6500, n_kept=2),
        headline(2, "A", 6500, n_kept=2, n_late=1, country=None, evidence_level="E1"),
    )
    after = table(
        headline(1, "BBB", 6300, n_kept=2),
        headline(2, "A", 6501, n_kept=2, n_late=1, country=None, evidence_level="E1"),
    )
    found = {(s.by, s.name): s for s in compare(before, after).segments}
    assert (found["all", ""].companies, found["all", ""].down) == (2, 1)
    assert found["all", ""].tenths == -100  # the mean of -200 and +1, rounded
    assert found["country", "KE"].tenths == -200 and found["country", ""].companies == 1
    assert found["newcomers", "yes"].companies == found["newcomers", "no"].companies == 1
    assert found["newcomers", "yes"].down == 1
    assert found["evidence", "E1"].up == found["evidence", "E1"].down == 0


def test_nothing_moves_between_the_same_ratings_and_in_an_empty_book() -> None:
    rows = table(headline(1, "A", 6500))
    same = compare(rows, rows)
    assert (same.companies, len(same.moves), same.beside, same.because) == (1, 0, 0, [])
    empty = compare(table(), table())
    assert (empty.companies, len(empty.moves), empty.table) == (0, 0, [])


def test_only_the_same_companies_can_be_compared() -> None:
    with pytest.raises(ValueError, match="same companies"):
        compare(table(headline(1, "A", 1)), table(headline(2, "A", 1)))
