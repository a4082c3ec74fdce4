"""The leaderboard of `world-1`: our rating, baselines, or somebody's CSV, against the oracle.

A world is made and what was known at `as_of` taken into a book (both are kept in the cache). Every rating is
asked about the promises that honest firms made in the ninety days after. `oracle` knows the hidden state at
`as_of`. `filter` knows no state, only how it is spread, and infers it from the outcomes: what is left between
it and the oracle nobody can learn from the record. It reads the book's promises, or (`witness`) the true
outcomes of all promises due by then, as if every contributor saw everything and none erred.
`--ratings FILE.csv` with the columns company, kind, probability (and low, high) is scored beside these.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.common import apart, cache, say, table
from tallystick.world.board import Board, Exam, score, set_exam

COMPANIES: Final = 10_000
SEED: Final = 1
EPOCH: Final = date(1970, 1, 1)
COUNTED: Final = ("kept", "late", "partial", "broken")
OUTCOME: Final = ["kind", "promisor", "outcome", "matured_day"]
"""What is read of the promises of a book: of a million companies there are twenty million."""

PROMISE: Final = ["kind", "promisor", "made_on", "due_on", "p_true", "broken", "planted"]
SLACK: Final = 0.10
"""Variance that shocks and chains add to a state on average."""


def make(folder: str, companies: int, seed: int) -> dict[str, Any]:
    """A piece: make a world and a book of what was known; returns its day as a day number."""
    from tallystick import open_book
    from tallystick.world import WorldConfig, simulate
    from tallystick.world.config import DEALS_PER_COMPANY

    base = Path(folder)
    shutil.rmtree(base, ignore_errors=True)
    deals = round(companies * DEALS_PER_COMPANY)
    config = WorldConfig(companies, deals, seed, world="world-1")
    summary = simulate(config, base / "world")
    day = EPOCH + timedelta(days=config.as_of_day)
    with open_book(base / "book", create=True) as book:
        book.ingest([base / "world" / "known"], recorded_at=_end_of(day))
    found = {"as_of": config.as_of_day, "documents": summary.document_count}
    (base / "ready.json").write_text(json.dumps(found) + "\n")
    return found


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), UTC)


def rate(folder: str, as_of: int) -> int:
    """A piece: rate by the book, as of a day, by the shipped policy (`cold.parquet`) and by one fitted to what
    was known then (`ours.parquet`); writes `record.parquet` too."""
    from tallystick import open_book

    base = Path(folder)
    day = EPOCH + timedelta(days=as_of)
    with open_book(base / "book") as book:
        cut = book.cut(day, _end_of(day))
        refs = _refs(book.companies(cut))
        pq.write_table(_ours(cut.read("ratings"), refs), base / "cold.parquet")
        pq.write_table(_told(cut.read("promises", OUTCOME), refs, as_of), base / "record.parquet")
        fitted = book.fit(cut, "fitted").policy
    with open_book(base / "book", policy=fitted) as book:
        rated = book.cut(day, _end_of(day)).read("ratings")
        pq.write_table(_ours(rated, refs), base / "ours.parquet")
    return len(rated)


def _refs(companies: pa.Table) -> pa.Table:
    """Key of the book -> the platform's id, under which the truth knows a company."""
    ids = companies["ids"].combine_chunks()
    key = companies["company"].combine_chunks().take(pc.list_parent_indices(ids))
    both = pa.table({"key": key, "company": pc.list_flatten(ids)})
    return both.filter(pc.starts_with(both["company"], "id:tradeport.member:"))


def _known_as(table: pa.Table, column: str, refs: pa.Table) -> tuple[pa.Array, pa.Array]:
    place = pc.index_in(table[column].combine_chunks(), value_set=refs["key"].combine_chunks())
    return refs["company"].combine_chunks().take(place), pc.is_valid(place)


def _ours(rated: pa.Table, refs: pa.Table) -> pa.Table:
    rated = rated.filter(pc.equal(rated["scope"], "kind"))
    company, known = _known_as(rated, "company", refs)
    columns = {"company": company, "kind": rated["kind"]}
    for name, own in (("probability", "broken_ppm"), ("low", "low_ppm"), ("high", "high_ppm")):
        columns[name] = pc.divide(pc.cast(rated[own], pa.float64()), 1e6)
    return pa.table(columns).filter(known)


def _told(promises: pa.Table, refs: pa.Table, as_of: int) -> pa.Table:
    """Outcomes as the book has them."""
    counted = pc.is_in(promises["outcome"], value_set=pa.array(COUNTED))
    promises = promises.filter(pc.and_(counted, pc.less_equal(promises["matured_day"], as_of)))
    company, known = _known_as(promises, "promisor", refs)
    broken = pc.not_equal(promises["outcome"], "kept")
    columns = {"company": company, "kind": promises["kind"], "broken": broken}
    return pa.table({**columns, "day": promises["matured_day"]}).filter(known)


def _witnessed(promises: pa.Table, as_of: int) -> pa.Table:
    """Outcomes of everything that was due, as they were; sham deals look kept, as on paper."""
    due = pc.cast(promises["due_on"], pa.int32())
    names = {"promisor": "company", "kind": "kind", "broken": "broken"}
    table = promises.select(list(names)).rename_columns(list(names.values()))
    table = table.set_column(1, "kind", pc.cast(table["kind"], pa.string()))
    return table.append_column("day", due).filter(pc.less_equal(due, as_of))


class Record:
    """Counts of kept and broken promises for each company and kind of an exam, from outcomes."""

    def __init__(self, exam: Exam, outcomes: pa.Table, as_of: int) -> None:
        both = ["company", "kind"]
        self.pairs = pa.concat_tables([exam.pairs.select(both), exam.frauds.select(both)])
        kind = pc.cast(self.pairs["kind"], pa.string())
        keys = pc.binary_join_element_wise(self.pairs["company"], kind, "\t").combine_chunks()
        mine = pc.binary_join_element_wise(outcomes["company"], outcomes["kind"], "\t")
        place = pc.index_in(mine.combine_chunks(), value_set=keys)
        known = np.asarray(pc.is_valid(place).to_numpy(zero_copy_only=False))
        self._at = pc.fill_null(place, 0).to_numpy()[known]
        self._broken = outcomes["broken"].to_numpy()[known]
        self._age = as_of - outcomes["day"].to_numpy()[known]
        self.n, self.b = self.counts(np.ones(len(self._at)))

    def counts(self, weight: Any) -> tuple[Any, Any]:
        """Weighted number of promises and of broken ones."""
        size = len(self.pairs)
        n = np.bincount(self._at, weights=weight, minlength=size)
        return n, np.bincount(self._at, weights=weight * self._broken, minlength=size)

    def table(self, p: Any, half_width: Any = None) -> pa.Table:
        """A rating of all pairs; `p` and `half_width` in log odds where the latter is given."""
        columns = {"company": self.pairs["company"], "kind": self.pairs["kind"]}
        if half_width is None:
            return pa.table({**columns, "probability": p})
        ends = {"low": _sigmoid(p - half_width), "high": _sigmoid(p + half_width)}
        shrunk = _sigmoid(p / np.sqrt(1 + np.pi * (half_width / 1.645) ** 2 / 8))
        return pa.table({**columns, "probability": shrunk, **ends})

    def raw(self) -> pa.Table:
        """Broken over all; who has no record has no rate."""
        table = self.table(self.b / np.maximum(self.n, 1))
        return table.filter(pa.array(self.n > 0))

    def beta(self) -> pa.Table:
        """Beta reputation: one kept and one broken promise beforehand."""
        return self.table((1 + self.b) / (2 + self.n))

    def filtered(self, countries: pa.Array) -> pa.Table:
        """The best guess of the hidden state by who knows how it is spread: Newton steps to the mode of
        a company's common state and of its own part for each kind. The interval is as wide as the curvature
        says and as what may have moved since the evidence."""
        from tallystick.world import latent
        from tallystick.world.companies import PROMISES
        from tallystick.world.places import COUNTRIES

        firm = self.pairs["company"].combine_chunks().dictionary_encode().indices.to_numpy()
        kinds = pc.cast(self.pairs["kind"], pa.string())
        base = latent.bases()[pc.index_in(kinds, value_set=pa.array(PROMISES)).to_numpy()]
        codes = [c.code for c in COUNTRIES]
        lean = np.array([c.lean for c in COUNTRIES]) * latent.COUNTRY
        mean = lean[pc.index_in(countries, value_set=pa.array(codes)).to_numpy()]
        lasting, moving = latent.DISPOSITION**2, latent.DRIFT**2 + SLACK
        alike = (lasting + moving * latent.PERSISTENCE ** (self._age / 30)) / (lasting + moving)
        n, b = self.counts(alike**2)
        common, own = np.zeros(firm.max() + 1), np.zeros(len(firm))
        tight, loose = 1 / (lasting + moving), 1 / latent.OWN**2
        variance = lasting + moving + latent.OWN**2
        shift = np.empty(len(firm))
        for name in pc.unique(kinds).to_pylist():
            mine = pc.equal(kinds, name).to_numpy(zero_copy_only=False)
            shift[mine] = _level((base + mean)[mine], n[mine], b[mine], variance)
        for _ in range(40):
            p = _sigmoid(base + mean + shift + common[firm] + own)
            bend = np.bincount(firm, weights=n * p * (1 - p)) + tight
            common += 0.6 * (np.bincount(firm, weights=b - n * p) - common * tight) / bend
            p = _sigmoid(base + mean + shift + common[firm] + own)
            own += 0.6 * (b - n * p - own * loose) / (n * p * (1 - p) + loose)
        p = _sigmoid(base + mean + shift + common[firm] + own)
        bend = np.bincount(firm, weights=n * p * (1 - p)) + tight
        old = np.bincount(firm, weights=self.counts(latent.PERSISTENCE ** (self._age / 30))[0])
        fresh = old / np.maximum(np.bincount(firm, weights=self.n), 1)
        moved = moving * (1 - fresh**2) * (1 - tight / bend)
        spread = np.sqrt(1 / bend[firm] + moved[firm] + 1 / (n * p * (1 - p) + loose))
        return self.table(base + mean + shift + common[firm] + own, 1.645 * spread)


def _level(base: Any, n: Any, b: Any, variance: float) -> float:
    """What is added to the log odds of a kind so that as many break as did, on average over the spread."""
    low, high = -2.0, 2.0
    scale = np.sqrt(1 + np.pi * variance / 8)
    firms = n / np.maximum(n, 1) ** 0.5
    for _ in range(40):
        middle = (low + high) / 2
        expected = (firms * _sigmoid((base + middle) / scale)).sum()
        wanted = (firms * b / np.maximum(n, 1e-9)).sum()
        low, high = (middle, high) if expected < wanted else (low, middle)
    return (low + high) / 2


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def main(
    scale: float = 1.0, companies: int | None = None, ratings: Path | None = None
) -> dict[str, float]:
    """Print the board; returns the watched figures of our rating."""
    count = companies or max(200, round(COMPANIES * scale))
    folder = cache() / f"world-1-{count}-{SEED}"
    if not (folder / "ready.json").exists():
        taken = apart("benchmarks.world_board:make", str(folder), count, SEED)
        say(f"world and book made in {taken.clock:.0f} s, peak {taken.peak_mb:,.0f} MB")
    as_of = int(json.loads((folder / "ready.json").read_text())["as_of"])
    taken = apart("benchmarks.world_board:rate", str(folder), as_of)
    say(f"rated in {taken.processor:.0f} processor seconds, peak {taken.peak_mb:,.0f} MB")
    truth = {
        name: pq.read_table(folder / "world" / "truth" / f"{name}.parquet", columns=columns)
        for name, columns in (("promises", PROMISE), ("state", None), ("companies", None))
    }
    exam = set_exam(truth["promises"], truth["state"], truth["companies"], as_of)
    boards = {
        name: score(exam, rated) for name, rated in _entries(folder, truth, exam, as_of, ratings)
    }
    _show(boards)
    ours = boards["ours"].overall
    return {"auc": ours.auc, "oracle_auc": ours.oracle_auc, "ece": ours.ece}


def _entries(
    folder: Path, truth: dict[str, pa.Table], exam: Exam, as_of: int, given: Path | None
) -> list[tuple[str, pa.Table]]:
    told = Record(exam, pq.read_table(folder / "record.parquet"), as_of)
    witness = Record(exam, _witnessed(truth["promises"], as_of), as_of)
    known = truth["companies"]
    place = pc.index_in(told.pairs["company"], value_set=known["company"].combine_chunks())
    countries = known["country"].combine_chunks().take(place.combine_chunks())
    entries = [
        ("ours", pq.read_table(folder / "ours.parquet")),
        ("ours, not fitted", pq.read_table(folder / "cold.parquet")),
        ("raw kept rate", told.raw()),
        ("beta reputation", told.beta()),
        ("filter", told.filtered(countries)),
        ("filter, witness", witness.filtered(countries)),
    ]
    if given:
        entries.append((given.stem, pyarrow.csv.read_csv(given)))
    return entries


def _show(boards: dict[str, Board]) -> None:
    heads = "AUC ± oracle logloss oracle's Brier ECE ECE(true) O/E T/E Spearman rated".split()
    rows = []
    for name, board in boards.items():
        rows.append((name, *_cells(board), f"{board.spearman:.3f}", f"{board.rated:.1%}"))
    first = next(iter(boards.values())).overall
    what = f"{first.promises:,} promises of honest firms in 90 days, {first.broken:,} broken"
    table(what, ("rating", *heads), rows)
    frauds = [
        (name, d.scheme, d.pairs, f"{d.rated:.4f}", f"{d.true:.4f}")
        for name, board in boards.items()
        for d in board.deceived
    ]
    heading = "who gains by fraud: rated and true probability of breaking the next promise"
    table(heading, ("rating", "scheme", "pairs", "rated", "true"), frauds)
    for name, board in boards.items():
        segments = [
            (what, which, f"{found.promises:,}", *_cells(board, found))
            for (what, which), found in sorted(board.segments.items())
        ]
        table(f"{name}: segments", ("what", "which", "promises", *heads[:-2]), segments)
        shares = [(c.depth, c.pairs, f"{c.covered:.1%}", f"{c.width:.3f}") for c in board.coverage]
        if shares:
            heading = f"{name}: true probability within the interval, by depth of file"
            table(heading, ("promises due", "pairs", "covered", "width"), shares)


def _cells(board: Board, found: Any = None) -> tuple[str, ...]:
    f = found or board.overall
    return (
        f"{f.auc:.4f}",
        f"{1.96 * f.auc_error:.4f}",
        f"{f.oracle_auc:.4f}",
        f"{f.log_loss:.4f}",
        f"{f.oracle_log_loss:.4f}",
        f"{f.brier:.4f}",
        f"{f.ece:.4f}",
        f"{f.ece_true:.4f}",
        f"{f.observed_expected:.3f}",
        f"{f.true_expected:.3f}",
    )
