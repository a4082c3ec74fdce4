"""The way up: which few honest acts would lift a grade, each found by rating the company as if it were done.

Idea: an act is a change of promises: more of them kept, a witness for those that have none, time passing. Each
supposed history is added up and rated by the very stages that made the rating, all in one go: a history is
a promisor of its own. What is expected of peers, and how well others know a counterparty, stays as it is.

Worked example: a payer has grade BB. With one, two, three ... more invoices paid in time to those it deals with
already, seen by a bank, its histories are rated BB, BB, BBB: the act is "three more", and what it lifts to
is BBB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.engine import Engine
from tallystick.promises import PROMISE
from tallystick.rating.policy import GRADES, Policy
from tallystick.rating.prior import Prior
from tallystick.rating.rate import rate
from tallystick.record import NOBODY_WITHIN, Few, records_of_few
from tallystick.units import PPM

Row = dict[str, Any]
Bools = npt.NDArray[np.bool_]

COUNTS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30)
"""How many more promises, witnesses or registered counterparties are tried."""

SHOWN_COUNTS: Final = (5, 10, 20)

DAYS: Final = (*range(7, 64, 7), *range(90, 1081, 30))
"""Days ahead that are tried."""

MOST_ROWS: Final = 1_500_000
"""Promises in all histories together; a company with more is told nothing rather than kept waiting."""

WELL_KNOWN: Final = 9_000_000
"""Ties (micro-units) of a counterparty that is well known: to nine partners of good standing."""

USUAL_DAYS: Final = 30
"""From promise to due date where the company has made none of the kind that has one."""

SHOWN_STEPS: Final = 5
"""Acts that are told of each scope."""

PARTNERS: Final = 5
"""More promises to those that it deals with already go to so many of them in turn."""

_ONE: Final = {"witness": 3, "anchored": 1, "strength_ppm": 850_000, "mask": 8}
_BOTH: Final = {"witness": 2, "anchored": 0, "strength_ppm": 350_000, "mask": 3}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a company. `promises`: schema PROMISE, values in US cents; `reach` (company, reach): the
    ties of its counterparties to others than it; `credibility` (company, credibility_ppm) of these;
    `standing_ppm`, `kin_ppm`: what is known of it beside its record (rating/background.py)."""

    promises: pa.Table
    country: str
    reach: pa.Table
    credibility: pa.Table
    medians: pa.Table
    prior: Prior
    policy: Policy
    as_of_day: int
    standing_ppm: int = 0
    kin_ppm: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `code`: new (kept to others, well known), more (kept to those it deals with), witness (one for
    kept promises that have none), both (the other side's word for such that have only one), registered
    (counterparties that no register knew), time (nothing but keeping what is open). `n`: how many; `day`: from
    when it counts; `kind`: of promise, "" where it is about several; `whom`: which counterparties, in turn."""

    code: str
    kind: str
    n: int
    day: int
    whom: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An act with what it makes of the rating of one scope (headline, role or kind; `name`: of which). `lifts`:
    the grade gets better."""

    act: Act
    scope: str
    name: str
    grade: str
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    lifts: bool


@dataclass(frozen=True, slots=True)
class WayUp:
    """The steps of every scope, soonest first, and those of the act `new` by kind, for 0 and more promises."""

    steps: tuple[Step, ...]
    narrowest: Step | None
    more: dict[str, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class _History:
    """A supposed history: an act and the promises after it, with what is known of new counterparties."""

    act: Act
    promises: pa.Table
    standing: dict[int, tuple[int, int]]


def way_up(engine: Engine, known: Known) -> WayUp | None:
    """The way up of a company; None where it has no promises, or too many to try."""
    if not len(known.promises):
        return None
    histories = [_History(Act("now", "", 0, known.as_of_day), known.promises, {})]
    for make in (_new, _more, _witness, _both, _registered, _time):
        for history in make(known):
            histories.append(history)
            if len(histories) * len(known.promises) > MOST_ROWS:
                return None
    return _chosen([h.act for h in histories], _rated(engine, known, histories))


def _rated(engine: Engine, known: Known, histories: Sequence[_History]) -> list[list[Row]]:
    """The ratings of each history."""
    standing: dict[int, tuple[int, int]] = {}
    for history in histories:
        standing |= history.standing
    sizes = [len(history.promises) for history in histories]
    promisor = pa.array(np.repeat(np.arange(1, len(sizes) + 1), sizes))
    promises = pa.concat_tables(history.promises for history in histories)
    at = PROMISE.get_field_index("promisor")
    promises = promises.set_column(at, PROMISE.field("promisor"), promisor)
    records = records_of_few(engine, _few(known, promises, standing))
    home = pa.array([known.country] * len(records), pa.string())
    nobody = pa.table({"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())})
    records = records.append_column("country", home)
    for name, odds in (("standing_ppm", known.standing_ppm), ("kin_ppm", known.kin_ppm)):
        column = pa.repeat(pa.scalar(odds, pa.int64()), len(records))
        records = records.append_column(name, column)
    found = rate(records, known.prior, nobody, known.policy, known.as_of_day)
    out: list[list[Row]] = [[] for _ in histories]
    for row in found.select(_TOLD).to_pylist():
        out[row["company"] - 1].append(row)
    return out


_TOLD: Final = ("company", "scope", "role", "kind", "grade", "broken_ppm", "low_ppm", "high_ppm")


def _few(known: Known, promises: pa.Table, standing: dict[int, tuple[int, int]]) -> Few:
    """Promises of supposed histories, with what is known of those to whom they are made. `reach` is that to
    others already."""
    days = pc.unique(promises["made_day"].combine_chunks())
    cents = pa.array(np.full(len(days), 10**9))
    usd = pa.repeat("USD", len(days))
    told = []
    for place, (name, table) in enumerate(
        (("reach", known.reach), ("credibility_ppm", known.credibility))
    ):
        fresh = pa.table(
            {
                "company": pa.array(list(standing), pa.int64()),
                name: pa.array([both[place] for both in standing.values()], pa.int64()),
            }
        )
        told.append(pa.concat_tables([table.select(["company", name]).cast(fresh.schema), fresh]))
    reach, credibility = told
    return Few(
        promises=promises,
        rates=pa.table({"currency": usd, "day": days, "nano_cents": cents}),
        medians=known.medians,
        as_of_day=known.as_of_day,
        policy=known.policy.record,
        credibility=credibility,
        reach=reach,
        within=NOBODY_WITHIN,
    )


def _kept(known: Known, kind: str, promisees: Sequence[int]) -> pa.Table:
    """Promises of a kind kept today, of the usual value, before an independent witness."""
    usual = dict(
        zip(*(known.medians[c].to_pylist() for c in ("kind", "median_cents")), strict=True)
    )
    day = known.as_of_day
    row = dict.fromkeys(PROMISE.names) | {
        "item": 0, "kind": kind, "promisor": 0, "made_day": day, "due_day": day, "first_due_day": day,
        "revisions": 0, "done_day": day, "matured_day": day, "outcome": "kept", "late_days": 0,
        "kept_ppm": PPM, "value_minor": usual.get(kind), "currency": "USD", "link_ppm": PPM, **_ONE,
    }  # fmt: skip
    rows = [row | {"deal": -1 - n, "promisee": who} for n, who in enumerate(promisees)]
    return pa.Table.from_pylist(rows, PROMISE)


def _kinds(known: Known) -> list[str]:
    return sorted(pc.unique(known.promises["kind"]).to_pylist())


def _falls_due(known: Known, kind: str) -> int:
    """When a promise made today would fall due, as the company's promises of the kind usually do."""
    mine = known.promises.filter(pc.equal(known.promises["kind"], kind))
    days = pc.drop_null(pc.subtract(mine["due_day"], mine["made_day"])).to_numpy()
    return known.as_of_day + (int(np.median(days)) if len(days) else USUAL_DAYS)


def _new(known: Known) -> Iterable[_History]:
    others = {1_000_000 + n: (WELL_KNOWN, PPM) for n in range(max(COUNTS))}
    return _grown(known, "new", list(others), others)


def _more(known: Known) -> Iterable[_History]:
    return _grown(known, "more", _partners(known), {})


def _grown(
    known: Known, code: str, partners: Sequence[int], standing: dict[int, tuple[int, int]]
) -> Iterable[_History]:
    promisees = [partners[i % len(partners)] for i in range(max(COUNTS))] if partners else []
    for kind in _kinds(known) if partners else ():
        kept, due = _kept(known, kind, promisees), _falls_due(known, kind)
        for n in COUNTS:
            grown = pa.concat_tables([known.promises, kept.slice(0, n)])
            whom = () if standing else tuple(promisees[: min(n, PARTNERS)])
            yield _History(Act(code, kind, n, due, whom), grown, standing)


def _partners(known: Known) -> list[int]:
    """Its counterparties, those first that others know best; none where nobody knows any."""
    mine = set(pc.unique(known.promises["promisee"]).to_pylist())
    standing = _standing(known)
    reach = zip(*(known.reach[c].to_pylist() for c in ("company", "reach")), strict=True)
    worth = {c: standing(c) * r**2 // (r + 1) for c, r in reach if c in mine and r > 0}
    best = sorted(worth, key=lambda c: (-worth[c], c))
    return [c for c in best if worth[c]][:PARTNERS]


def _standing(known: Known) -> Callable[[int], int]:
    rows = zip(
        *(known.credibility[c].to_pylist() for c in ("company", "credibility_ppm")), strict=True
    )
    told = dict(rows)
    return lambda company: int(told.get(company, known.policy.record.unverified_ppm))


def _witness(known: Known) -> Iterable[_History]:
    return _seen(known, "witness", lambda p: p["witness"] < 3, _ONE)


def _both(known: Known) -> Iterable[_History]:
    return _seen(known, "both", lambda p: p["witness"] == 0, _BOTH)


def _seen(
    known: Known, code: str, lacking: Callable[[Row], bool], evidence: Row
) -> Iterable[_History]:
    """Evidence for kept promises that lack it, the newest first."""
    names = ("outcome", "witness", "matured_day", "deal", "kind")
    rows = known.promises.select(names).to_pylist()
    places = [n for n, p in enumerate(rows) if p["outcome"] == "kept" and lacking(p)]
    places = [n for n in places if (rows[n]["matured_day"] or 0) <= known.as_of_day]
    places.sort(key=lambda n: (-rows[n]["matured_day"], rows[n]["deal"], rows[n]["kind"]))
    for n in _counts(len(places)):
        there = np.zeros(len(rows), dtype=bool)
        there[places[:n]] = True
        promises = _with(known.promises, there, evidence)
        yield _History(Act(code, _only_kind(rows, places[:n]), n, known.as_of_day), promises, {})


def _with(promises: pa.Table, there: Bools, columns: Mapping[str, Any]) -> pa.Table:
    """The promises with other values (one, or one for each) in some rows."""
    for name, values in columns.items():
        at = PROMISE.get_field_index(name)
        value = (
            values if isinstance(values, pa.Array) else pa.scalar(values, PROMISE.field(name).type)
        )
        column = pc.if_else(pa.array(there), value, promises[name].combine_chunks())
        promises = promises.set_column(at, PROMISE.field(name), column)
    return promises


def _only_kind(rows: Sequence[Row], places: Sequence[int]) -> str:
    kinds = {rows[place]["kind"] for place in places}
    return kinds.pop() if len(kinds) == 1 else ""


def _counts(most: int) -> list[int]:
    """The numbers that are tried, and all there are."""
    return sorted({*(n for n in COUNTS if n < most), min(most, 100)} - {0})


def _registered(known: Known) -> Iterable[_History]:
    """Register extracts of counterparties that others deal with, those with most promises first."""
    standing = _standing(known)
    reach = dict(zip(*(known.reach[c].to_pylist() for c in ("company", "reach")), strict=True))
    column = known.promises["promisee"].combine_chunks()
    counts = pc.value_counts(column).to_pylist()
    lacking = [
        (-row["counts"], row["values"])
        for row in counts
        if reach.get(row["values"], 0) > 0 and 0 < standing(row["values"]) < PPM
    ]
    who = [company for _, company in sorted(lacking)]
    for n in _counts(len(who)):
        aliases = {company: 2_000_000 + place for place, company in enumerate(who[:n])}
        renamed = pa.array([aliases.get(c, c) for c in column.to_pylist()], pa.int64())
        at = PROMISE.get_field_index("promisee")
        promises = known.promises.set_column(at, PROMISE.field("promisee"), renamed)
        told = {alias: (reach[company], PPM) for company, alias in aliases.items()}
        yield _History(Act("registered", "", n, known.as_of_day), promises, told)


def _time(known: Known) -> Iterable[_History]:
    """Days ahead: what is open is kept when it falls due, and everything gets older."""
    promises = known.promises
    due = pc.fill_null(promises["matured_day"], -1).to_numpy()
    waits = pc.equal(promises["outcome"], "open").to_numpy() & (due >= known.as_of_day)
    usual = _usual_evidence(promises)
    done = {"outcome": "kept", "done_day": promises["due_day"].combine_chunks(), "late_days": 0}
    for ahead in DAYS:
        there = waits & (due <= known.as_of_day + ahead)
        moved = _with(promises, there, done | {"kept_ppm": PPM} | usual)
        for name in _DAYS:
            at = PROMISE.get_field_index(name)
            earlier = pc.subtract(moved[name], pa.scalar(ahead, moved[name].type))
            moved = moved.set_column(at, PROMISE.field(name), earlier)
        yield _History(Act("time", "", int(there.sum()), known.as_of_day + ahead), moved, {})


_DAYS: Final = ("made_day", "first_due_day", "due_day", "done_day", "matured_day")
_EVIDENCE: Final = ("witness", "anchored", "strength_ppm", "mask")
_OWN_WORD: Final = (0, 0, 150_000, 1)


def _usual_evidence(promises: pa.Table) -> dict[str, pa.Array]:
    """What mostly stands behind the promises of the same kind that the company kept, for each promise; its own
    word if nothing does."""
    kept = promises.filter(pc.equal(promises["outcome"], "kept"))
    counts = kept.group_by(["kind", *_EVIDENCE], use_threads=False).aggregate([([], "count_all")])
    keys = [("count_all", "ascending"), *((name, "descending") for name in _EVIDENCE)]
    best = {r["kind"]: tuple(r[e] for e in _EVIDENCE) for r in counts.sort_by(keys).to_pylist()}
    rows = [best.get(kind, _OWN_WORD) for kind in promises["kind"].to_pylist()]
    return {
        name: pa.array([row[n] for row in rows], PROMISE.field(name).type)
        for n, name in enumerate(_EVIDENCE)
    }


def _chosen(acts: Sequence[Act], ratings: Sequence[Sequence[Row]]) -> WayUp:
    """For each scope the least of every sort of act that lifts its grade; where none does, the one that lowers
    its chance most. A single role is the whole, so nothing is said of it."""
    now = {_scope(row): row for row in ratings[0]}
    steps = [
        _step(act, row, now[_scope(row)])
        for act, rows in zip(acts[1:], ratings[1:], strict=True)
        for row in rows
        if _scope(row) in now
    ]
    roles = sum(scope == "role" for scope, _ in now)
    chosen: list[Step] = []
    for scope in now:
        if scope[0] == "role" and roles == 1:
            continue
        mine = [step for step in steps if (step.scope, step.name) == scope]
        chosen += _least(mine)[:SHOWN_STEPS] or _lowest(mine, now[scope])
    return WayUp(tuple(chosen), _narrowest(steps, now), _more_by_kind(steps))


def _narrowest(steps: Sequence[Step], now: Mapping[tuple[str, str], Row]) -> Step | None:
    """What evidence about what is past would narrow the interval of the headline most."""
    width = now["headline", ""]["high_ppm"] - now["headline", ""]["low_ppm"]
    told = [
        step
        for step in steps
        if step.scope == "headline" and step.act.code in ("witness", "both", "registered")
        if step.high_ppm - step.low_ppm < width
    ]
    return min(told, key=lambda s: (s.high_ppm - s.low_ppm, s.act.n), default=None)


def _least(steps: Sequence[Step]) -> list[Step]:
    """Of every sort of act the fewest that lift the grade, soonest first."""
    best: dict[str, Step] = {}
    for step in sorted(steps, key=lambda s: (s.act.n, s.act.day, s.act.kind)):
        first = best.setdefault(step.act.code, step) if step.lifts else step
        if step.lifts and step.act.code == "time" and step.act.day < first.act.day:
            best["time"] = step
    return sorted(best.values(), key=lambda s: (s.act.day, s.act.n, s.act.code))


def _lowest(steps: Sequence[Step], now: Row) -> list[Step]:
    lower = [step for step in steps if step.broken_ppm < now["broken_ppm"]]
    return [min(lower, key=lambda s: (s.broken_ppm, s.act.n))] if lower else []


def _more_by_kind(steps: Sequence[Step]) -> dict[str, tuple[Step, ...]]:
    out: dict[str, tuple[Step, ...]] = {}
    for step in steps:
        shown = (step.scope, step.name) in (("kind", step.act.kind), ("headline", ""))
        if step.act.code == "new" and step.act.n in SHOWN_COUNTS and shown:
            out[step.act.kind] = (*out.get(step.act.kind, ()), step)
    return out


def _scope(row: Row) -> tuple[str, str]:
    scope = row["scope"]
    return scope, "" if scope == "headline" else row[scope]


def _step(act: Act, row: Row, now: Row) -> Step:
    ends = row["broken_ppm"], row["low_ppm"], row["high_ppm"]
    return Step(act, *_scope(row), row["grade"], *ends, _rank(row["grade"]) < _rank(now["grade"]))


def _rank(grade: str) -> int:
    """Place of a grade; none at all comes last."""
    return GRADES.index(grade) if grade in GRADES else len(GRADES)
