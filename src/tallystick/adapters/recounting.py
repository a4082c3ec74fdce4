"""Adding up and rating again the companies that new documents touch, out of a cut that was rated.

Idea: what all have in common (medians, how well companies are known, the prior) is sums, to which what is new
is added and from which what it replaces is taken away. Those in the touched deals come first, and are told at
once (`tell`); then whoever promised them anything, since they are otherwise known; then all whom the prior
moves.

Worked example: a payment arrives for one invoice. The records of payer and payee are added up from their
promises, the sums of the prior are changed by two records, and both are rated: for that no other record was
read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.background import put_kin, with_background, with_country
from tallystick.adapters.cuts import Cut
from tallystick.adapters.laying import Laid
from tallystick.adapters.state import (
    Progress,
    count,
    put_reach,
    rate_all,
    register_rates,
)
from tallystick.adapters.ties import EDGES, MINE, grow_ties, keep_ties
from tallystick.engine import Engine
from tallystick.rating import SUMMED, Prior, change_sums, prior_from, prior_sums, rate
from tallystick.rating.background import KIN
from tallystick.record import (
    LATENESS,
    PROMISES_PER_BUCKET,
    RECORD,
    SIZE,
    add_counts,
    find_sizes,
    find_ties,
    lateness,
    medians_of,
    records_of,
    summarise,
)

Tell = Callable[[Cut, pa.Table], None]
"""Takes the ratings (schema RATING) of those in the touched deals while the cut they belong to is being
made."""

_PROMISED: Final = (
    f"SELECT * FROM promise_near WHERE promisor IN ({MINE}) "
    "AND deal NOT IN (SELECT deal FROM deal_again) UNION ALL SELECT * FROM promise_fresh"
)
"""All that those in the touched deals promise."""


def ready(base: Cut, engine: Engine, scratch: Path) -> None:
    """Have a cut know the sums that it grows by: `sizes`, `edges` and `lateness`."""
    if (base.folder / "edges").exists():
        return
    base.register(engine, "promise", "promises")
    register_rates(engine, base.as_of_day)
    work = Cut(scratch / "ready", base.as_of_day, base.snapshot, base.policy)
    work.put("sizes", find_sizes(engine, base.as_of_day))
    work.put("lateness", lateness(engine, "promise", base.as_of_day))
    engine.register("credibility", base.read("credibility"))
    find_ties(engine, base.as_of_day, base.policy.record, base.read("medians"))
    work.put("edges", engine.fetch(f"{EDGES} ORDER BY a, b"))
    for name in ("sizes", "lateness", "edges"):
        try:
            (work.folder / name).rename(base.folder / name)
        except OSError:  # another process was quicker
            continue


def recount(
    base: Cut,
    cut: Cut,
    engine: Engine,
    ground: Laid,
    regrown: bool,
    progress: Progress,
    tell: Tell | None,
) -> None:
    """Write sizes, lateness, medians, edges, reach, within, records, sums and ratings of a cut.

    Reads `company_again`, the companies in the deals that were read again (`deal_again`), `promise_gone` and
    `promise_fresh`, the promises of these as they were and are, `promise_near`, at least all that these
    companies promised before, and `credibility`. `regrown`: whether companies are otherwise described.
    """
    engine.define("promise_mine", _PROMISED)
    engine.define("promise", "SELECT * FROM promise_mine UNION ALL SELECT * FROM promise_gone")
    register_rates(engine, cut.as_of_day)
    medians = _medians_again(base, cut, engine)
    _lateness_again(base, cut, engine)
    engine.define("promise", "SELECT * FROM promise_mine")
    if not medians.equals(base.read("medians")):
        _all_again(cut, engine, medians, progress)
        return
    same = cut.read("credibility").equals(base.read("credibility"))
    find = grow_ties if same else _ties_anew
    others, owners = find(base, cut, engine, medians)
    keep_ties(engine, MINE, "edge_mine" if same else "edge")
    mine = _add_up(cut, engine, medians, "promise_mine")
    if tell is not None and not regrown:
        _tell_first(base, cut, engine, mine, tell)
    more = _others(cut, engine, ground, medians, others, owners)
    progress("rating", 0, 1)
    again = engine.fetch(f"{MINE} UNION SELECT company FROM record_more ORDER BY company")
    fresh = pa.concat_tables([mine, more])
    layer = cut.build_on(base, "records", again["company"].combine_chunks())
    cut.put("records", fresh, layer)
    _rate_again(base, cut, fresh, again["company"].combine_chunks(), regrown)
    progress("rating", 1, 1)


def _medians_again(base: Cut, cut: Cut, engine: Engine) -> pa.Table:
    gone, fresh = (find_sizes(engine, cut.as_of_day, f"promise_{n}") for n in ("gone", "fresh"))
    sizes = add_counts([(base.read("sizes"), 1), (gone, -1), (fresh, 1)], SIZE)
    medians = medians_of(sizes)
    cut.put("sizes", sizes)
    cut.put("medians", medians)
    return medians


def _lateness_again(base: Cut, cut: Cut, engine: Engine) -> None:
    gone, fresh = (lateness(engine, f"promise_{n}", cut.as_of_day) for n in ("gone", "fresh"))
    parts = [(base.read("lateness"), 1), (gone, -1), (fresh, 1)]
    cut.put("lateness", add_counts(parts, LATENESS))


def _put_ties(cut: Cut, engine: Engine, medians: pa.Table) -> None:
    """Find how well all are known."""
    cut.register(engine, "promise", "promises")
    register_rates(engine, cut.as_of_day)
    put_reach(cut, engine, medians)
    cut.put("edges", engine.fetch(f"{EDGES} ORDER BY a, b"))
    engine.drop("dealt")


def _ties_anew(base: Cut, cut: Cut, engine: Engine, medians: pa.Table) -> tuple[pa.Array, pa.Array]:
    """As `grow_ties`, where the standing of a company is another one, and every tie to it with that."""
    _put_ties(cut, engine, medians)
    for name, table in (("edge", "edges"), ("reach", "reach"), ("within", "within")):
        cut.register(engine, name, table)
    known = [
        _differing(base, cut, name, ["company"], column)
        for name, column in (("reach", "reach"), ("credibility", "credibility_ppm"))
    ]
    owners = _differing(base, cut, "within", ["owner", "promisee"], "within")
    return pa.concat_arrays(known), owners


def _differing(base: Cut, cut: Cut, name: str, keys: list[str], column: str) -> pa.Array:
    """The first key of the rows of a table that are not as they were."""
    both = base.read(name).join(cut.read(name), keys, join_type="full outer", right_suffix="_now")
    same = pc.fill_null(pc.equal(both[column], both[f"{column}_now"]), False)
    return both.filter(pc.invert(same))[keys[0]].combine_chunks()


def _all_again(cut: Cut, engine: Engine, medians: pa.Table, progress: Progress) -> None:
    """Add up and rate all: every weight hangs on the medians."""
    _put_ties(cut, engine, medians)
    scratch, total = cut.folder / "scratch" / "records", count(engine, "promise")
    policy = cut.policy.record
    cut.take("records", summarise(engine, cut.as_of_day, scratch, total, policy, medians))
    rate_all(cut, progress)


def _add_up(cut: Cut, engine: Engine, medians: pa.Table, promises: str) -> pa.Table:
    """The track records (schema RECORD) of companies whose promises are in a table and whose ties are kept."""
    engine.define("promise", f"SELECT * FROM {promises}")
    day, policy = cut.as_of_day, cut.policy.record
    total = count(engine, promises)
    if total <= PROMISES_PER_BUCKET:
        return records_of(engine, day, policy, medians)
    scratch = cut.folder / "scratch" / promises
    files = summarise(engine, day, scratch, total, policy, medians)
    return pa.concat_tables(pq.read_table(path, partitioning=None).cast(RECORD) for path in files)


def _others(
    cut: Cut,
    engine: Engine,
    ground: Laid,
    medians: pa.Table,
    known: pa.Array,
    owners: pa.Array,
) -> pa.Table:
    """The track records of those who promised anything to a company that is otherwise known to all (`known`)
    or to them (`owners`); keeps who they are as `record_more`."""
    engine.register("known_otherwise", pa.table({"company": known}))
    engine.register("owner_again", pa.table({"company": owners}))
    cut.register(engine, "promise_all", "promises")
    engine.keep(
        "record_more",
        "SELECT company FROM (SELECT company FROM owner_again UNION SELECT promisor FROM promise_all "
        f"WHERE promisee IN (SELECT company FROM known_otherwise)) m WHERE company NOT IN ({MINE})",
    )
    who = "SELECT company FROM record_more"
    ground.keep_promises(engine, cut, "promise_more", engine.fetch(who)["company"].to_numpy())
    engine.define("promise", "SELECT * FROM promise_more")
    register_rates(engine, cut.as_of_day)
    keep_ties(engine, who)
    return _add_up(cut, engine, medians, "promise_more")


def _tell_first(base: Cut, cut: Cut, engine: Engine, mine: pa.Table, tell: Tell) -> None:
    """Rate those in the touched deals. Who has relatives waits until these are rated."""
    _, prior = _prior_again(base, cut, mine, engine.fetch(MINE)["company"].combine_chunks())
    related = cut.read("related")
    ends = pa.concat_arrays([related[end].combine_chunks() for end in "ab"])
    alone = mine.filter(pc.invert(pc.is_in(mine["company"], ends)))
    told = with_country(cut, _in_order(alone))
    asked = with_background(cut, told, KIN.empty_table())
    tell(cut, rate(asked, prior, cut.read("gates"), cut.policy, cut.as_of_day))


def _prior_again(base: Cut, cut: Cut, fresh: pa.Table, again: pa.Array) -> tuple[pa.Table, Prior]:
    """Sums and prior, given those of `base`, when the records of some companies are `fresh`."""
    policy, day = cut.policy, cut.as_of_day
    gone = base.rows("records", "company", again, SUMMED)
    parts = [prior_sums([with_country(cut, part)], policy, day) for part in (gone, fresh)]
    sums = change_sums(base.read("sums"), *parts)
    return sums, prior_from(sums, policy)


def _rate_again(base: Cut, cut: Cut, fresh: pa.Table, companies: pa.Array, regrown: bool) -> None:
    """Rate the companies whose record, prior or standing changed."""
    if regrown:
        told = with_country(cut, cut.read("records", SUMMED))
        sums = prior_sums([told], cut.policy, cut.as_of_day)
        prior = prior_from(sums, cut.policy)
    else:
        sums, prior = _prior_again(base, cut, fresh, companies)
    cut.put("sums", sums)
    cut.put_prior(prior)
    put_kin(cut, prior)
    changed = [companies, *_moved_by(base, cut, prior), *_judged_otherwise(base, cut, regrown)]
    again = pc.unique(pa.concat_arrays(changed)).sort()
    records = _in_order(cut.rows("records", "company", again))
    asked = with_background(cut, with_country(cut, records))
    layer = cut.build_on(base, "ratings", again)
    rated = rate(asked, prior, cut.read("gates"), cut.policy, cut.as_of_day)
    cut.put("ratings", rated, layer)


def _moved_by(base: Cut, cut: Cut, prior: Prior) -> list[pa.Array]:
    """Companies of whom another prior expects something else."""
    moved = sorted(prior.differs(base.prior()), key=str)
    if not moved:
        return []
    told = with_country(cut, cut.read("records", ["company", "kind"]))
    found = []
    for kind, country in moved:
        rows = pc.equal(told["kind"], kind)
        if country is not None:
            rows = pc.and_(rows, pc.equal(pc.fill_null(told["country"], ""), country))
        found.append(told.filter(rows)["company"].combine_chunks())
    return found


def _judged_otherwise(base: Cut, cut: Cut, regrown: bool) -> list[pa.Array]:
    """Companies whose standing, relatives or country are not as they were."""
    found = []
    gates, gates_before = cut.read("gates"), base.read("gates")
    if not gates.equals(gates_before):
        found += [gates["company"].combine_chunks(), gates_before["company"].combine_chunks()]
    tables: Sequence[tuple[str, str]] = [("standing", "standing_ppm"), ("kin", "kin_ppm")]
    for name, column in [*tables, *([("companies", "country")] if regrown else [])]:
        now, before = (one.read(name, ["company", column]) for one in (cut, base))
        if not now.equals(before):
            found.append(_changed(before, now, column))
    return found


def _changed(before: pa.Table, now: pa.Table, column: str) -> pa.Array:
    """The companies of the rows of a table that are not as they were."""
    both = before.join(now, ["company"], join_type="full outer", right_suffix="_now")
    nothing = "" if pa.types.is_string(before.schema.field(column).type) else 0
    old, new = (pc.fill_null(both[name], nothing) for name in (column, f"{column}_now"))
    return both.filter(pc.not_equal(old, new))["company"].combine_chunks()


def _in_order(records: pa.Table) -> pa.Table:
    return records.sort_by([("company", "ascending"), ("kind", "ascending")])
