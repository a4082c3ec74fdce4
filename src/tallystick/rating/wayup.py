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
from tallystick.rating.choosing import Act, Row, WayUp, chosen
from tallystick.rating.policy import Policy
from tallystick.rating.prior import Prior
from tallystick.rating.rate import rate
from tallystick.record import NOBODY_WITHIN, Few, records_of_few
from tallystick.units import PPM

Bools = npt.NDArray[np.bool_]

COUNTS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30)
"""How many more promises, witnesses or registered counterparties are tried."""

DAYS: Final = (*range(7, 64, 7), *range(90, 1081, 30))
"""Days ahead that are tried."""

MOST_ROWS: Final = 1_500_000
"""Promises in all histories together; a company with more is told nothing rather than kept waiting."""

WELL_KNOWN: Final = 9_000_000
"""Ties (micro-units) of a counterparty that is well known: to nine partners of good standing."""

USUAL_DAYS: Final = 30
"""From promise to due date where the company has made none of the kind that has one."""

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
class _History:
    """A supposed history: an act and the promises after it of the kinds that it touches, with what is known of
    new counterparties. What it does not touch is added up as it is now."""

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
    return chosen([h.act for h in histories], _rated(engine, known, histories))


def _rated(engine: Engine, known: Known, histories: Sequence[_History]) -> list[list[Row]]:
    """The ratings of each history."""
    standing: dict[int, tuple[int, int]] = {}
    for history in histories:
        standing |= history.standing
    sizes = [len(history.promises) for history in histories]
    promisor = pa.array(np.repeat(np.arange(1, len(sizes) + 1), sizes))
    promises = pa.concat_tables(history.promises.select(_READ) for history in histories)
    at = _READ.index("promisor")
    promises = promises.set_column(at, PROMISE.field("promisor"), promisor)
    records = _with_untouched(records_of_few(engine, _few(known, promises, standing)), len(sizes))
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


def _with_untouched(records: pa.Table, histories: int) -> pa.Table:
    """Track records of all histories, of which 1 is that of now, with its records of the kinds that another one
    does not touch; by company and kind."""
    company, kinds = records["company"].to_numpy(), records["kind"].to_pylist()
    now = [n for n, one in enumerate(company) if one == 1]
    told = set(zip(company.tolist(), kinds, strict=True))
    lacking = [
        (history, n)
        for history in range(2, histories + 1)
        for n in now
        if (history, kinds[n]) not in told
    ]
    if not lacking:
        return records
    whose, which = (np.array(part, np.int64) for part in zip(*lacking, strict=True))
    rows = records.take(pa.array(np.concatenate([np.arange(len(company)), which])))
    at = records.schema.get_field_index("company")
    column = pa.array(np.concatenate([company, whose]))
    rows = rows.set_column(at, records.schema.field("company"), column)
    return rows.sort_by([("company", "ascending"), ("kind", "ascending")])


_READ: Final = (
    *"kind promisor promisee made_day matured_day outcome late_days kept_ppm value_minor currency".split(),
    *"anchored witness strength_ppm".split(),
)
"""What is read of a promise where it is added up."""
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
        mine = known.promises.filter(pc.equal(known.promises["kind"], kind))
        for n in COUNTS:
            grown = pa.concat_tables([mine, kept.slice(0, n)])
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
        promises = _touched(_with(known.promises, there, evidence), there)
        yield _History(Act(code, _only_kind(rows, places[:n]), n, known.as_of_day), promises, {})


def _touched(promises: pa.Table, there: Bools) -> pa.Table:
    """The promises of the kinds of which there are any in some rows."""
    kinds = pc.unique(promises["kind"].filter(pa.array(there)))
    return promises.filter(pc.is_in(promises["kind"], value_set=kinds))


def _with(promises: pa.Table, there: Bools, columns: Mapping[str, Any]) -> pa.Table:
    """The promises with other values (one, or one for each) in some rows, of the columns that there are."""
    for name, values in columns.items():
        at = promises.schema.get_field_index(name)
        if at < 0:
            continue
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
        there = pc.is_in(column, value_set=pa.array(who[:n], pa.int64()))
        promises = _touched(promises, there.to_numpy(zero_copy_only=False))
        yield _History(Act("registered", "", n, known.as_of_day), promises, told)


def _time(known: Known) -> Iterable[_History]:
    """Days ahead: what is open is kept when it falls due, and everything gets older."""
    promises = known.promises
    due = pc.fill_null(promises["matured_day"], -1).to_numpy()
    waits = pc.equal(promises["outcome"], "open").to_numpy() & (due >= known.as_of_day)
    kept = {"outcome": "kept", "late_days": 0, "kept_ppm": PPM} | _usual_evidence(promises)
    promises = promises.select(_READ)
    for ahead in DAYS:
        there = waits & (due <= known.as_of_day + ahead)
        moved = _with(promises, there, kept) if there.any() else promises
        for name in ("made_day", "matured_day"):
            earlier = pc.subtract(moved[name], pa.scalar(ahead, moved[name].type))
            moved = moved.set_column(_READ.index(name), PROMISE.field(name), earlier)
        yield _History(Act("time", "", int(there.sum()), known.as_of_day + ahead), moved, {})


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
