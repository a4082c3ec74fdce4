"""A million companies with 20 million promises rated again, and a policy fitted to 10 million promises.

    python -m benchmarks rescore --scale 0.1

The promises are drawn at random, with companies as unlike in size as in trade: what is measured is adding up
and rating, not how good the ratings are. The credibility of counterparties is a part of adding up, and measured
apart. The peer is the engine itself: the least text that counts kept and broken promises of company and kind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.common import apart, cache, say, table
from tallystick.promises.derive import PROMISE

COMPANIES: Final = 1_000_000
PROMISES: Final = 20_000_000
FIT_PROMISES: Final = 10_000_000
CHUNK: Final = 1_000_000
AS_OF_DAY: Final = 20_454
KINDS: Final = ("deliver", "dispatch", "conform", "pay", "receive", "order", "respond", "confirm")
LEAST: Final = """
SELECT promisor, kind, COUNT(*) AS n, SUM(CASE WHEN outcome = 'kept' THEN 0 ELSE 1 END) AS broken
FROM promise GROUP BY promisor, kind
"""


def made(companies: int, promises: int) -> Path:
    """The folder of drawn promises, made if it is not there; making them is part of no figure."""
    folder = cache() / f"promises-{companies}-{promises}-2"
    if not folder.exists():
        say(
            f"drawing {promises:,} promises of {companies:,} companies in {folder} (kept for later runs)"
        )
        apart("benchmarks.rescore:draw", str(folder), companies, promises)
    return folder


def draw(folder: str, companies: int, promises: int) -> int:
    """A piece: write the promises, a file per chunk."""
    work = Path(folder).with_suffix(".part")
    work.mkdir(parents=True, exist_ok=True)
    activity = np.cumsum((np.arange(companies) + 3.0) ** -0.9)
    for n, start in enumerate(range(0, promises, CHUNK)):
        count = min(CHUNK, promises - start)
        pq.write_table(
            _chunk(n, start, count, activity), work / f"{n:04d}.parquet", compression="zstd"
        )
    work.rename(folder)
    return promises


def _chunk(n: int, start: int, count: int, activity: np.ndarray) -> pa.Table:
    rng = np.random.default_rng([7, n])
    sides = [np.searchsorted(activity, rng.random(count) * activity[-1]) + 1 for _ in range(2)]
    sides[1] = np.where(sides[0] == sides[1], sides[1] % len(activity) + 1, sides[1])
    broken = rng.random(count) < 0.03 + 0.1 * (sides[0] * 2_654_435_761 % 1_000 / 1_000) ** 2
    due = AS_OF_DAY - rng.integers(1, 720, count)
    witness = rng.choice([1, 2, 3], size=count, p=[0.3, 0.1, 0.6])
    strength = np.array([350_000, 350_000, 850_000])[witness - 1]
    bits = np.where(witness == 3, 8 | 1 << 16 << rng.integers(0, 20, count), 4)
    whole = {
        "deal": start + np.arange(count),
        "item": np.zeros(count, np.int64),
        "kind": pa.array(np.array(KINDS)[rng.integers(0, len(KINDS), count)]),
        "promisor": sides[0],
        "promisee": sides[1],
        "made_day": due - rng.integers(2, 40, count),
        "first_due_day": due,
        "due_day": due,
        "revisions": np.zeros(count),
        "done_day": due,
        "matured_day": due,
        "outcome": pa.array(np.where(broken, "broken", "kept")),
        "late_days": np.zeros(count),
        "kept_ppm": np.where(broken, 0, 1_000_000),
        "fault": pa.nulls(count, pa.string()),
        "value_minor": np.exp(rng.normal(12, 1.2, count)).astype(np.int64),
        "currency": pa.repeat("USD", count),
        "mask": bits,
        "anchored": (witness == 3).astype(int),
        "witness": witness,
        "strength_ppm": strength,
        "link_ppm": np.full(count, 1_000_000),
    }
    columns = {f.name: whole[f.name] for f in PROMISE}
    return pa.table({name: _cast(values, name) for name, values in columns.items()}, schema=PROMISE)


def _cast(values: Any, name: str) -> pa.Array:
    if isinstance(values, np.ndarray):
        return pa.array(values).cast(PROMISE.field(name).type, safe=False)
    return values


def opened(folder: str, promises: int, scratch: str) -> Any:
    """An engine with the first so many promises, rates, and a register that knows every second company."""
    from tallystick.adapters.engines import open_engine
    from tallystick.adapters.rates import usd_rates
    from tallystick.settings import load_settings

    engine = open_engine("duckdb", Path(scratch), load_settings({}).memory_mb)
    files = sorted(Path(folder).glob("*.parquet"))[: -(-promises // CHUNK)]
    engine.register_parquet("promise", files)
    engine.register("fx", usd_rates(AS_OF_DAY - 800, AS_OF_DAY))
    known = np.arange(1, COMPANIES, 2)
    standing = {"company": known, "credibility_ppm": np.full(len(known), 1_000_000)}
    engine.register("credibility", pa.table(standing))
    return engine


def credibility(folder: str, promises: int, scratch: str) -> int:
    """A piece: how well known every company is, out of all dealings that witnesses saw; the number of edges."""
    from tallystick.rating import Policy
    from tallystick.record import find_medians, find_reach

    engine = opened(folder, promises, scratch)
    medians = find_medians(engine, AS_OF_DAY)
    find_reach(engine, AS_OF_DAY, Policy().record, medians)
    return int(engine.fetch("SELECT COUNT(*) AS n FROM tie")["n"][0].as_py())


def rescore(folder: str, promises: int, scratch: str) -> int:
    """A piece: medians, credibility, track records, prior and ratings; the number of companies rated."""
    from tallystick.rating import Policy, fit_prior, rate
    from tallystick.record import find_medians, find_reach, summarise

    policy, engine = Policy(), opened(folder, promises, scratch)
    medians = find_medians(engine, AS_OF_DAY)
    find_reach(engine, AS_OF_DAY, policy.record, medians)
    out = Path(scratch) / "records"
    files = summarise(engine, AS_OF_DAY, out, promises, policy.record, medians)
    engine.close()

    def part(path: Path) -> pa.Table:
        rows = pq.read_table(path)
        return rows.append_column("country", pa.repeat("", len(rows)))

    prior = fit_prior((part(path) for path in files), policy, AS_OF_DAY)
    gates = pa.table({"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())})
    rated = 0
    for n, path in enumerate(files):
        ratings = rate(part(path), prior, gates, policy, AS_OF_DAY)
        pq.write_table(ratings, Path(scratch) / f"ratings-{n}.parquet", compression="zstd")
        rated += pc.sum(pc.equal(ratings["scope"], "headline")).as_py()
    return rated


def fitted(folder: str, promises: int, scratch: str) -> int:
    """A piece: a policy fitted to the first so many promises; the number of cards."""
    from tallystick.adapters.fitting import learn
    from tallystick.rating import Policy

    engine = opened(folder, promises, scratch)
    every = np.arange(1, COMPANIES + 1)
    country = pa.table({"company": every, "country": np.array(["CN", "DE", "US", "VN"])[every % 4]})
    return len(learn(engine, AS_OF_DAY, country, Policy()).policy.cards)


def least(folder: str, promises: int, scratch: str) -> int:
    """A piece: the engine alone, counting kept and broken promises."""
    engine = opened(folder, promises, scratch)
    return len(engine.write(LEAST, Path(scratch) / "least"))


def main(scale: float) -> dict[str, float]:
    """Print what each step takes, beside the least text."""
    import tempfile

    companies, promises = round(COMPANIES * scale), round(PROMISES * scale)
    folder, rows = str(made(companies, promises)), []
    steps = (("least", promises), ("credibility", promises), ("rescore", promises))
    figures: dict[str, float] = {}
    for name, count in (*steps, ("fitted", round(FIT_PROMISES * scale))):
        with tempfile.TemporaryDirectory(dir=cache()) as scratch:
            taken = apart(f"benchmarks.rescore:{name}", folder, count, scratch)
        rows.append([name, count, taken.clock, taken.processor, taken.peak_mb, taken.found])
        figures[f"{name}_s"] = taken.clock
    heads = ["what", "promises", "s by the clock", "s of processor", "peak MB", "found"]
    table(f"{companies:,} companies", heads, rows)
    return figures
