"""A dry run tells what a commit brings, value for value, and a commit changes no earlier answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tallystick.book import Book, open_book
from tallystick.rating import Policy, Scorecard
from tallystick.rating.moves import CODES
from tallystick.record import RecordPolicy
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

AS_OF = date(2025, 12, 30)

LATER = {
    "kind": "profile",
    "issued_on": "2024-01-01",
    "parties": {"subject": {"name": "Firm A", "country": "DE", "ids": {"id:shop": "a"}}},
}

OTHERS = [
    Policy(name="kappa", cards={"": Scorecard(kappa=8.0)}),
    Policy(name="cards", cards={"": Scorecard(), "pay": Scorecard(0.4, 0.8, 0.3, 0.5, week=0.7)}),
    Policy(name="prior", party_constant=20.0, root_constant=0.5),
    Policy(name="words-alone"),
    Policy(name="interval", coverage_ppm=600_000, exposure_ppm=100_000),
    Policy(name="floor", min_evidence_micro=9_000_000),
    Policy(name="cap", record=RecordPolicy(cap_micro=200_000)),
    Policy(name="young", record=RecordPolicy(young_ppm=0, unverified_ppm=900_000)),
    Policy(name="both", cards={"": Scorecard(kappa=2.0)}, record=RecordPolicy(word_micro=1)),
]


def new_book(folder: Path, policy: Policy | None = None) -> Book:
    return open_book(folder, True, Settings(folder, "duckdb", 512, 1), policy)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "world"
    simulate(WorldConfig(companies=40, deals=600, seed=3), folder)
    return folder


@pytest.fixture(scope="module")
def book(world: Path) -> Iterator[Book]:
    """A book whose cut was extended once, so that its tables lie in layers."""
    with new_book(world.parent / "tried.book") as book:
        book.ingest([world])
        book.cut(as_of=AS_OF)
        book.add([LATER], "the market")
        assert book.cut(as_of=AS_OF).layer("records") == 1
        yield book


def rows(ratings: pa.Table) -> dict[str, dict[str, Any]]:
    heads = ratings.filter(pc.equal(ratings["scope"], "headline"))
    return {row["company"]: row for row in heads.to_pylist()}


@pytest.mark.parametrize("policy", OTHERS, ids=lambda policy: policy.name)
def test_the_ratings_after_a_commit_are_those_of_the_dry_run(
    book: Book, tmp_path: Path, policy: Policy
) -> None:
    cut = book.cut(as_of=AS_OF)
    before = book.ratings(cut=cut)
    moves = book.try_policy(policy, cut)
    assert book.ratings(as_of=AS_OF).equals(before)  # nothing was put in force

    book.commit_policy(policy, "as tried", "Ada")
    after = book.ratings(as_of=AS_OF)
    told = {row["company"]: row for row in moves.moves.to_pylist()}
    earlier, later = rows(before), rows(after)
    assert moves.companies == len(earlier) == len(later)
    for company, old in earlier.items():
        new, row = later[company], told.pop(company, None)
        names = ("grade", "broken_ppm", "score_tenths")
        assert (row is None) == all(old[name] == new[name] for name in names)
        if row is None:
            continue
        assert (row["grade_before"], row["grade_after"]) == (old["grade"], new["grade"])
        assert (row["broken_ppm_before"], row["broken_ppm_after"]) == (
            old["broken_ppm"],
            new["broken_ppm"],
        )
        assert row["tenths"] == new["score_tenths"] - old["score_tenths"]
        for code in CODES:
            assert row[f"{code}_tenths"] == new[f"{code}_tenths"] - old[f"{code}_tenths"]
        assert row["tenths"] == sum(row[f"{code}_tenths"] for code in CODES)
    assert not told

    anew = tmp_path / "anew.book"
    shutil.copytree(book.path, anew, ignore=shutil.ignore_patterns("derived", "policies"))
    with new_book(anew, policy) as other:  # from the evidence alone
        assert other.ratings(as_of=AS_OF).equals(after)
        assert other.promises(as_of=AS_OF).equals(book.promises(as_of=AS_OF))


def test_earlier_moments_keep_the_policy_that_was_in_force_then(book: Book) -> None:
    then, was = datetime.now(UTC), book.policy_at()
    before = book.ratings(as_of=AS_OF, known_at=then)
    book.commit_policy(Policy(name="harsh", cards={"": Scorecard(intercept=2.0)}), "n", "Ada")
    assert not book.ratings(as_of=AS_OF).equals(before)
    assert book.ratings(as_of=AS_OF, known_at=then).equals(before)
    assert book.cut(as_of=AS_OF, known_at=then).policy == was
    book.commit_policy(was, "too harsh", "Ada")
    assert book.ratings(as_of=AS_OF).equals(before)


def test_one_that_waits_for_its_day_changes_nothing_yet(book: Book) -> None:
    before = book.ratings(as_of=AS_OF)
    waiting = replace(OTHERS[0], name="waiting", valid_from="2099-01-01")
    book.commit_policy(waiting, "for later", "Ada")
    assert book.ratings(as_of=AS_OF).equals(before)


def test_a_policy_that_is_given_goes_before_what_was_committed(book: Book) -> None:
    with new_book(book.path, OTHERS[5]) as other:
        assert other.cut(as_of=AS_OF).policy == OTHERS[5]


def test_the_evidence_grows_on_a_cut_that_came_of_a_dry_run(book: Book) -> None:
    policy = replace(OTHERS[6], name="grown")
    book.try_policy(policy, book.cut(as_of=AS_OF))
    book.commit_policy(policy, "as tried", "Ada")
    more = {"subject": {"name": "Firm B", "country": "FR", "ids": {"id:shop": "b"}}}
    book.add([LATER | {"parties": more}], "the market")
    grown = book.ratings(as_of=AS_OF)
    for folder in (book.path / "derived").iterdir():
        if folder.is_dir():
            folder.rename(folder.with_name(f"gone-{folder.name}"))
            (folder.with_name(f"gone-{folder.name}") / "done.json").unlink(missing_ok=True)
    assert book.ratings(as_of=AS_OF).equals(grown)
