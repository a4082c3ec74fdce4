"""Whether a good act ever lowers a rating, or a bad one lifts it: random histories, each with one act.

    python -m benchmarks monotone                10,000 histories; prints what breaks the law, smallest first

Each history is rated by the very SQL and terms of the product, before and after the act; prior, medians and
what is known of counterparties stay as they are. Integers are rounded down at several places, so a change of
up to `SLACK_PPM` is no violation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.common import say, table

HISTORIES: Final = 10_000
SLACK_PPM: Final = 2
AS_OF: Final = 20_000
KINDS: Final = ("pay", "dispatch")
USUAL_CENTS: Final = 100_000
BANK, CARRIER = 8, 16
STRENGTH: Final = {0: 150_000, 1: 350_000, 2: 350_000, 4: 350_000}
GOOD: Final = ("open becomes kept", "one more kept", "another witness")
BAD: Final = ("one more broken", "open becomes broken")

Row = dict[str, Any]
Rng = np.random.Generator


def main(scale: float = 1.0) -> dict[str, float]:
    """Print how many histories break the law; returns that number."""
    histories = [random_history(np.random.default_rng(n)) for n in range(round(HISTORIES * scale))]
    acts = [act(history, np.random.default_rng(n)) for n, history in enumerate(histories)]
    found = violations(histories, acts)
    rows = [(name, *_counted(name, acts, found)) for name in (*GOOD, *BAD)]
    table("random histories that break the law; target: none", ("act", "tried", "violations"), rows)
    for n, name, before, after in found[:3]:
        say(f"history {n}, {name}: {before:.0f} ppm before, {after:.0f} after")
        for row in histories[n]:
            say(f"    {told(row)}")
        say(f"  act: {told(acts[n][1])}")
    return {"histories": len(histories), "violations": len(found)}


def _counted(name: str, acts: Sequence[Any], found: Sequence[Any]) -> tuple[int, int]:
    return sum(a[0] == name for a in acts), sum(f[1] == name for f in found)


def told(row: Row) -> str:
    """A promise in one line."""
    names = ("promisee", "outcome", "matured_day", "witness", "strength_ppm", "value_minor", "mask")
    return " ".join(f"{name}={row[name]}" for name in names)


def random_history(rng: Rng) -> list[Row]:
    """Promises of one kind to a few counterparties, seen by all sorts of witnesses, of few contributors."""
    kind = str(rng.choice(KINDS))
    count = int(rng.integers(1, 24))
    return [random_promise(rng, kind, item, int(rng.integers(1, 7))) for item in range(count)]


def random_promise(rng: Rng, kind: str, item: int, promisee: int, outcome: str = "") -> Row:
    """A promise with what stands behind its outcome."""
    outcome = outcome or str(rng.choice(["kept", "kept", "kept", "late", "broken", "open"]))
    day = AS_OF - int(rng.choice([0, 1, 10, 90, 400, 1500]) * rng.random())
    row = {
        "deal": item, "item": 0, "kind": kind, "promisor": 0, "promisee": promisee,
        "made_day": day - 30, "due_day": day, "matured_day": day,
        "done_day": None if outcome in ("broken", "open") else day, "outcome": outcome,
        "late_days": {"kept": 0, "late": 3}.get(outcome), "kept_ppm": 0 if outcome == "broken" else 10**6,
        "value_minor": int(USUAL_CENTS * rng.choice([0.1, 0.5, 1, 3])), "currency": "USD",
    }  # fmt: skip
    bad = outcome in ("late", "broken")
    return row | seen_by(rng, int(rng.choice([4, 2, 3, 3] if bad else [0, 1, 2, 3, 3, 3])))


def seen_by(rng: Rng, witness: int) -> Row:
    """Columns of a witness: of one independent contributor mostly, now and then of two."""
    mask, strength = 1, STRENGTH.get(witness, 850_000)
    if witness == 3:
        two = rng.random() < 0.25
        first = 1 << int(rng.integers(16, 19))
        mask = BANK | first | ((CARRIER | 1 << 20) if two else 0)
        strength = 1_000_000 if two else 850_000
    return {
        "witness": witness,
        "anchored": int(witness == 3),
        "strength_ppm": strength,
        "mask": mask,
    }


def act(history: Sequence[Row], rng: Rng) -> tuple[str, Row, list[Row]]:
    """One act: its name, the promise that it makes or changes, and the history after it."""
    name = str(rng.choice([*GOOD, *BAD]))
    kind, item = history[0]["kind"], len(history)
    if name.startswith("one more"):
        promisee = int(rng.integers(1, 8))
        row = random_promise(rng, kind, item, promisee, name.removeprefix("one more "))
        return name, row, [*history, row]
    if name == "another witness":
        place = next((n for n, row in enumerate(history) if row["outcome"] == "kept"), None)
        row = {} if place is None else _seen_better(history[place], rng)
    else:
        place = next((n for n, row in enumerate(history) if row["outcome"] == "open"), None)
        outcome = name.rpartition(" ")[2]
        row = {} if place is None else _settled(history[place], outcome, rng)
    if place is None:
        return (
            act(history, rng)
            if any(True for _ in history) and rng.random() < 0.9
            else _more(history, rng)
        )
    return name, row, [*history[:place], row, *history[place + 1 :]]


def _more(history: Sequence[Row], rng: Rng) -> tuple[str, Row, list[Row]]:
    row = random_promise(rng, history[0]["kind"], len(history), 7, "kept")
    return "one more kept", row, [*history, row]


def _settled(row: Row, outcome: str, rng: Rng) -> Row:
    return random_promise(rng, row["kind"], row["deal"], row["promisee"], outcome) | {
        name: row[name] for name in ("made_day", "due_day", "matured_day", "value_minor")
    }


def _seen_better(row: Row, rng: Rng) -> Row:
    """A kept promise with a witness more: the other side, an independent one, or a second one."""
    if row["witness"] < 2:
        return row | seen_by(rng, int(rng.choice([2, 3])))
    more = seen_by(rng, 3)
    if row["witness"] == 3:
        more |= {"mask": row["mask"] | CARRIER | 1 << 21, "strength_ppm": 1_000_000}
    return row | more


def violations(
    histories: Sequence[Sequence[Row]], acts: Sequence[tuple[str, Row, list[Row]]]
) -> list[tuple[int, str, float, float]]:
    """(history, act, ppm before, ppm after) where a good act raised the chance of a break, or a bad one lowered
    it; short histories first."""
    before = rated(histories)
    after = rated([changed for _, _, changed in acts])
    found = []
    for n, (name, _, _) in enumerate(acts):
        worse = after[n] - before[n] if name in GOOD else before[n] - after[n]
        if worse > SLACK_PPM:
            found.append((n, name, before[n], after[n]))
    return sorted(found, key=lambda row: len(histories[row[0]]))


def rated(histories: Sequence[Sequence[Row]]) -> np.ndarray[Any, Any]:
    """The chance of a break, in ppm, of each history, by a card that weighs everything."""
    from tallystick.adapters.engines import open_engine
    from tallystick.promises import PROMISE
    from tallystick.rating import Policy, Prior, Scorecard
    from tallystick.rating.score import ladder
    from tallystick.record import records_of

    policy = Policy(
        cards={"": replace(Scorecard(), half_30=0.3, week=0.5, day=0.2, last=0.4, deep=0.5)}
    )
    rows = [row | {"promisor": 10 + n} for n, history in enumerate(histories) for row in history]
    empty: Row = dict.fromkeys(PROMISE.names) | {"revisions": 0, "link_ppm": 10**6}
    promises = pa.Table.from_pylist([empty | row for row in rows], PROMISE)
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_engine("duckdb", Path(scratch), 2048)
        engine.register("promise", promises)
        _surroundings(engine)
        medians = pa.table({"kind": list(KINDS), "median_cents": [USUAL_CENTS] * len(KINDS)})
        records = records_of(engine, AS_OF, policy.record, medians)
        engine.close()
    share = dict.fromkeys(KINDS, 0.08)
    prior = Prior(share, share, share, share, {})
    home = pa.array([""] * len(records), pa.string())
    p = ladder(records.append_column("country", home), prior, policy, AS_OF)[:, -1]
    out = np.empty(len(histories))
    out[records["company"].to_numpy() - 10] = p * 1e6
    return out


def _surroundings(engine: Any) -> None:
    """How well counterparties are known: from well to not at all, with all sorts of standing."""
    from tallystick.adapters.rates import usd_rates

    known = pa.array(range(1, 8), pa.int64())
    reach = pa.array([12_000_000, 5_000_000, 3_000_000, 1_000_000, 300_000, 8_000_000, 2_000_000])
    standing = pa.array([1_000_000, 400_000, 300_000, 1_000_000, 300_000, 0, 1_000_000])
    engine.register("reach", pa.table({"company": known, "reach": reach}))
    engine.register("credibility", pa.table({"company": known, "credibility_ppm": standing}))
    nobody = pa.array([], pa.int64())
    engine.register("tie", pa.table(dict.fromkeys(("a", "b", "tie_a", "tie_b"), nobody)))
    engine.register("within", pa.table(dict.fromkeys(("owner", "promisee", "within"), nobody)))
    engine.register("fx", usd_rates(AS_OF - 1600, AS_OF))
