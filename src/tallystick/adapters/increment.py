"""A cut on top of an earlier one: only what new documents touch is derived anew.

Idea: new documents touch nodes of the graph of deals; the deals of those nodes, and of the sellers for whom
inference may now answer otherwise, and those with anybody in them who is otherwise related than before, are
linked and read again; the companies in them are added up and rated
again. All else is shared with the earlier cut. The result is that of deriving everything from the
evidence alone, value for value: a law in tests/properties holds the two together.

It declines, and everything is derived anew, where that would not be so: batches were retracted, documents
corrected, repeated or struck, new evidence changes who is who among known parties, or there is too much of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.background import (
    STANDING_KINDS,
    find_standing,
    keep_standing_papers,
    put_kin,
    with_background,
    with_country,
)
from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.filing import drop_filing, share_filing, standing_companies
from tallystick.adapters.laying import ROWS, laid, lay_out, newer
from tallystick.adapters.relinking import relink
from tallystick.adapters.spreading import spreader
from tallystick.adapters.state import (
    Progress,
    count,
    find_gates,
    live_parties,
    put_companies,
    put_reach,
    put_related,
    rate_all,
    register_credibility,
    register_evidence,
    register_rates,
    register_related,
)
from tallystick.deals import define_linked, define_said, live_table
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Snapshot
from tallystick.identity import by_party, grow, moved, resolve, standing
from tallystick.promises import derive
from tallystick.rating import fit_prior, rate
from tallystick.record import find_medians, summarise

MAX_LAYERS: Final = 30
MAX_SHARE: Final = 20
"""A cut is extended by at most one document in so many of those that it holds."""

_WHO: Final = ("parties", "judged", "companies", "merged", "judgements", "links")
"""The tables of who is who."""


def find_base(root: Path, kin: str, cut: Cut) -> Cut | None:
    """The cut under `root` that holds most of the batches of `cut` and none besides."""
    best: tuple[int, Path] | None = None
    live = set(cut.snapshot.live)
    for folder in sorted(root.iterdir()):
        if not (folder / DONE).exists():
            continue
        facts = Cut(folder, cut.as_of_day, cut.snapshot, cut.policy).facts()
        held = set(facts.get("live", ()))
        same = facts.get("family") == kin and facts.get("struck", "") == cut.snapshot.struck.key()
        if same and not facts.get("resurrect") and held and held < live:
            best = max(best or (0, folder), (len(held), folder))
    return Cut(best[1], cut.as_of_day, cut.snapshot, cut.policy) if best else None


def extend(base: Cut, cut: Cut, engine: Engine, progress: Progress) -> bool:
    """Fill the folder of `cut` on top of `base`; False, with nothing written, where that cannot be exact."""
    if cut.snapshot.resurrect or base.layer("promises") >= MAX_LAYERS:
        return False
    progress("what the new documents touch", 0, 1)
    held = base.facts()["live"]
    ground = laid(base) or lay_out(_as_held(base, cut, held), engine, cut.folder / "scratch")
    if ground is None:
        return False
    new = newer(cut.snapshot, held)
    register_evidence(engine, new, texts=True)
    fresh = _same_companies(base, cut, engine, new)
    if fresh is None:
        return False
    if _new_statements(cut, engine, new):
        return _nothing_written(cut)
    documents = ground.count()
    if count(engine, "said_new") * MAX_SHARE > documents:
        return _nothing_written(cut)
    related = _relate_again(base, cut, engine, fresh)
    _find_moved(base, cut, engine, new)
    if count(engine, "said_moved") * MAX_SHARE > documents:
        return _nothing_written(cut)
    dropped = relink(base, cut, engine, ground, related)
    ground.share(cut, engine, "said_new")
    progress("reading promises off the deals", 0, 1)
    companies = _promises_again(base, cut, engine, dropped, related)
    progress("adding up track records", 0, 1)
    _records_again(base, cut, engine, companies, progress)
    return True


def _as_held(base: Cut, cut: Cut, held: Sequence[int]) -> Cut:
    """The cut that an earlier one is, with the evidence that it was made of."""
    live = {version: cut.snapshot.live[version] for version in held}
    return replace(base, snapshot=replace(cut.snapshot, live=live))


def _new_statements(cut: Cut, engine: Engine, new: Snapshot) -> bool:
    """Keep what new documents state as `said_new`; True, and nothing is kept, where they correct or retract."""
    merged, struck = cut.read("merged"), new.struck
    if define_said(engine, new.live, merged, cut.as_of_day, False, struck, texts=True):
        return True
    engine.keep("said_new", f"SELECT {ROWS} FROM said")
    engine.register("live", live_table(cut.snapshot.live, merged))
    return False


def _all_statements(cut: Cut, engine: Engine) -> None:
    """Define `said` over the whole evidence, for the few steps that cannot do with less."""
    register_evidence(engine, cut.snapshot)
    live, struck = cut.snapshot.live, cut.snapshot.struck
    define_said(engine, live, cut.read("merged"), cut.as_of_day, False, struck)


def _nothing_written(cut: Cut) -> bool:
    for name in (*_WHO, "related"):
        for path in cut.files(name):
            path.unlink()
    drop_filing(cut)
    return False


def _same_companies(base: Cut, cut: Cut, engine: Engine, new: Snapshot) -> bool | None:
    """Resolve again if there are new descriptions (True) or not (False); None where a known party now means
    another company, or somebody judged who is who."""
    if len(standing(engine, new.live)):
        return None
    fresh = _not_known(base, engine, live_parties(engine, new))
    if not len(fresh):
        cut.share(base, _WHO)
        share_filing(base, cut)
        return False
    known, judged = base.read("parties"), base.read("judged")
    parties = _together(known, fresh)
    spread = spreader(len(fresh))
    before = standing_companies(base)
    found = grow(before, known, parties, judged, spread) if before else None
    found = found or resolve(parties, judged, spreader(len(parties)))
    merged = before.merged if before else base.read("merged")
    if not _as_before(merged, known, found.merged):
        return None
    put_companies(cut, parties, judged, found)
    return True


def _not_known(base: Cut, engine: Engine, told: pa.Table) -> pa.Table:
    """Descriptions of parties that say more than a cut knows of them."""
    engine.register_parquet("party_known", base.files("parties"))
    engine.register("party_told", told.select(["party"]))
    asked = "SELECT * FROM party_known WHERE party IN (SELECT party FROM party_told)"
    held = engine.fetch(asked).select(told.column_names).to_pylist()
    rows, parties = {repr(row) for row in held}, {row["party"] for row in held}
    more = [
        repr(row) not in rows and not (row["party"] in parties and _is_bare(row))
        for row in told.to_pylist()
    ]
    return told.filter(pa.array(more, pa.bool_()))


def _is_bare(row: Mapping[str, Any]) -> bool:
    """Whether a description says nothing but one identifier, as in `state.live_parties`."""
    return (
        row["name"] is None
        and row["country"] is None
        and len(row["ids"]) <= 1
        and not row["traits"]
    )


def _together(known: pa.Table, fresh: pa.Table) -> pa.Table:
    """All descriptions: a party that was known by an identifier alone is no more where it is now described."""
    again = known.filter(pc.is_in(known["party"], fresh["party"].combine_chunks()))
    bare = [row["party"] for row in again.to_pylist() if _is_bare(row)]
    kept = known.filter(pc.invert(pc.is_in(known["party"], pa.array(bare, pa.int64()))))
    return by_party(pa.concat_tables([kept, fresh.cast(kept.schema)]))


def _as_before(before: pa.Table, known: pa.Table, merged: pa.Table) -> bool:
    """Whether all that was known means the companies that it meant."""
    told = pa.concat_arrays([known["party"].combine_chunks(), before["party"].combine_chunks()])
    seen = merged.filter(pc.is_in(merged["party"], told))
    return bool(seen.sort_by("party").equals(before.sort_by("party")))


def _relate_again(base: Cut, cut: Cut, engine: Engine, fresh: bool) -> bool:
    """Write who is related, found anew if there are new descriptions or ownership; whether anybody is."""
    owns = engine.fetch("SELECT COUNT(*) AS n FROM said_new WHERE kind = 'ownership'")
    if fresh or owns["n"][0].as_py():
        _all_statements(cut, engine)
        return put_related(cut, engine, cut.read("parties"), cut.read("merged"))
    cut.share(base, ["related"])
    return register_related(engine, base.read("related"))


def _find_moved(base: Cut, cut: Cut, engine: Engine, new: Snapshot) -> None:
    """Keep the old statements by or about companies that are now otherwise related as `said_moved`."""
    companies = moved(base.read("related"), cut.read("related"))
    if not len(companies):
        engine.keep("said_moved", "SELECT doc_id, thread FROM said_new WHERE 1 = 0")
        return
    engine.register("company_moved", pa.table({"company": companies}))
    engine.register("new_version", pa.table({"version": pa.array(list(new.live), pa.int64())}))
    about = " OR ".join(
        f"{end} IN (SELECT company FROM company_moved)" for end in ("contributor_party", *ROLES)
    )
    old = "version NOT IN (SELECT version FROM new_version)"
    engine.keep("said_moved", f"SELECT doc_id, thread FROM said WHERE {old} AND ({about})")


_SIDES: Final = ("promisor", "promisee")
"""What one promises the other also ties the two: how well each is known may look otherwise from both."""


def _promises_again(
    base: Cut, cut: Cut, engine: Engine, dropped: pa.Array, related: bool
) -> pa.Array:
    """Write the promises of the touched deals as a layer; returns the companies in them, old and new."""
    scratch, documents = cut.folder / "scratch" / "promises", count(engine, "said_part")
    fresh = derive(engine, cut.as_of_day, scratch, documents, related=related)
    layer = cut.build_on(base, "promises", dropped)
    base.register(engine, "promise_before", "promises")
    engine.register_parquet("promise_fresh", fresh)
    before = "promise_before WHERE deal IN (SELECT deal FROM deal_again)"
    tables = (before, "promise_fresh")
    parts = (f"SELECT {side} AS company FROM {table}" for table in tables for side in _SIDES)
    engine.keep("company_again", " UNION ".join(parts))
    cut.take("promises", fresh, layer)
    rows = engine.fetch("SELECT company FROM company_again ORDER BY company")
    return rows.column("company").combine_chunks()


def _records_again(
    base: Cut, cut: Cut, engine: Engine, companies: pa.Array, progress: Progress
) -> None:
    cut.register(engine, "promise", "promises")
    register_rates(engine, cut.as_of_day)
    medians = find_medians(engine, cut.as_of_day)
    cut.put("medians", medians)
    scratch, policy = cut.folder / "scratch" / "records", cut.policy.record
    _standing_again(base, cut, engine)
    put_reach(cut, engine, medians)
    if not medians.equals(base.read("medians")):
        total = count(engine, "promise")
        cut.take("records", summarise(engine, cut.as_of_day, scratch, total, policy, medians))
        rate_all(cut, progress)
        return
    again = _known_otherwise(base, cut, engine, companies)
    only = "WHERE promisor IN (SELECT company FROM record_again)"
    cut.register(engine, "promise", "promises", only)
    fresh = summarise(engine, cut.as_of_day, scratch, count(engine, "promise"), policy, medians)
    cut.take("records", fresh, cut.build_on(base, "records", again))
    _rate_again(base, cut, again, progress)


def _standing_again(base: Cut, cut: Cut, engine: Engine) -> None:
    """Gates and credibility: found anew where new documents tell of the standing of companies."""
    listed = ", ".join(f"'{kind}'" for kind in STANDING_KINDS)
    told = engine.fetch(f"SELECT COUNT(*) AS n FROM said_new WHERE kind IN ({listed})")["n"][0]
    if told.as_py():
        _all_statements(cut, engine)
        define_linked(engine, cut.read("nodes"), cut.read("inferred"))
        keep_standing_papers(engine)
        cut.put("gates", find_gates(engine))
        cut.put("standing", find_standing(engine, cut.as_of_day))
        register_credibility(cut, engine)
        return
    cut.share(base, ["gates", "standing", "credibility"])
    engine.register("credibility", base.read("credibility"))


def _known_otherwise(base: Cut, cut: Cut, engine: Engine, companies: pa.Array) -> pa.Array:
    """Keep as `record_again`, and return, the companies whose record may differ: those of the touched deals,
    and those who promised anything to a company that is now otherwise known, to all or to them."""
    known = [
        _changed(base, cut, name, ["company"], column)
        for name, column in (("reach", "reach"), ("credibility", "credibility_ppm"))
    ]
    engine.register("known_otherwise", pa.table({"company": pa.concat_arrays(known)}))
    owners = _changed(base, cut, "within", ["owner", "promisee"], "within")
    touched = pa.concat_arrays([companies.cast(pa.int64()), owners])
    engine.register("touched_company", pa.table({"company": touched}))
    engine.keep(
        "record_again",
        "SELECT company FROM touched_company UNION SELECT promisor FROM promise "
        "WHERE promisee IN (SELECT company FROM known_otherwise)",
    )
    return engine.fetch("SELECT company FROM record_again ORDER BY company")[
        "company"
    ].combine_chunks()


def _changed(base: Cut, cut: Cut, name: str, keys: list[str], column: str) -> pa.Array:
    """The first key of the rows of a table that are not as they were."""
    both = base.read(name).join(cut.read(name), keys, join_type="full outer", right_suffix="_now")
    same = pc.equal(both[column], both[f"{column}_now"])
    return both.filter(pc.invert(pc.fill_null(same, False)))[keys[0]].combine_chunks()


def _rate_again(base: Cut, cut: Cut, companies: pa.Array, progress: Progress) -> None:
    """Rate the companies whose record, prior or standing changed."""
    progress("rating", 0, 1)
    records = with_country(cut, cut.read("records"))
    prior = fit_prior([records], cut.policy, cut.as_of_day)
    before = base.prior()
    cut.put_prior(prior)
    changed = [companies]
    for kind, country in sorted(prior.differs(before), key=str):
        rows = pc.equal(records["kind"], kind)
        if country is not None:
            rows = pc.and_(rows, pc.equal(pc.fill_null(records["country"], ""), country))
        changed.append(records.filter(rows)["company"].combine_chunks())
    gates, gates_before = cut.read("gates"), base.read("gates")
    if not gates.equals(gates_before):
        changed += [gates["company"].combine_chunks(), gates_before["company"].combine_chunks()]
    put_kin(cut, prior)
    changed += [
        _changed(base, cut, name, ["company"], f"{name}_ppm") for name in ("standing", "kin")
    ]
    again = pc.unique(pa.concat_arrays(changed)).sort()
    asked = with_background(cut, records.filter(pc.is_in(records["company"], again)))
    asked = asked.sort_by([("company", "ascending"), ("kind", "ascending")])
    layer = cut.build_on(base, "ratings", again)
    cut.put("ratings", rate(asked, prior, gates, cut.policy, cut.as_of_day), layer)
    progress("rating", 1, 1)
