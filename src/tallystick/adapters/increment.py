"""A cut on top of an earlier one: only what new documents touch is derived anew.

Idea: new documents touch nodes of the graph of deals; the deals of those nodes, and of the sellers for whom
inference may now answer otherwise, and those with anybody in them who is otherwise related than before, are
linked and read again; the companies in them are added up and rated again. What stands no more, since it was
corrected or retracted (`amending`) or is said again of a company that was joined (`rejoining`), touches like
what is new. All else is shared with the earlier cut. The result is that of deriving everything from the
evidence alone, value for value: laws in tests/properties hold the two together.

It declines, and everything is derived anew, where that would not be so: batches were retracted or documents
struck since, people judged who is who, a join concerns what was amended or may be struck, or there is too much
that is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.amending import settle
from tallystick.adapters.background import (
    STANDING_KINDS,
    find_standing,
    keep_standing_papers,
)
from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.filing import drop_filing, share_filing, standing_companies
from tallystick.adapters.laying import ROWS, Ints, Laid, laid, lay_out, listed, newer
from tallystick.adapters.recounting import Tell, ready, recount
from tallystick.adapters.rejoining import (
    may_be_read_again,
    moved_parties,
    read_again,
    say_again,
)
from tallystick.adapters.relinking import relink
from tallystick.adapters.spreading import spreader
from tallystick.adapters.state import (
    Progress,
    count,
    find_gates,
    live_parties,
    put_companies,
    put_related,
    register_credibility,
    register_evidence,
    register_related,
)
from tallystick.deals import define_linked, define_said, live_table
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Snapshot
from tallystick.identity import by_party, grow, moved, read_numbers, resolve
from tallystick.promises import derive

MAX_SHARE: Final = 20
"""A cut is extended by at most one document in so many of those that it holds, all together since it was made
from the evidence alone."""

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


def prepare(cut: Cut, engine: Engine, scratch: Path) -> Laid | None:
    """Have all ready that a cut grows by, once; None where its folder is gone. `scratch`: a folder to work in,
    on the same file system."""
    found = laid(cut) or lay_out(cut, engine, scratch)
    if found is not None:
        ready(cut, engine, scratch)
    return found


def extend(
    base: Cut, cut: Cut, engine: Engine, progress: Progress, tell: Tell | None = None
) -> bool:
    """Fill the folder of `cut` on top of `base`; False, with nothing written, where that cannot be exact.
    `tell`: who takes the ratings of those in the touched deals, as soon as they are known."""
    if cut.snapshot.resurrect:
        return False
    progress("what the new documents touch", 0, 1)
    held = base.facts()["live"]
    ground = prepare(_as_held(base, cut, held), engine, cut.folder / "scratch")
    if ground is None:  # another process was quicker, and its cut is gone again
        return False
    new = newer(cut.snapshot, held)
    register_evidence(engine, new, texts=True)
    found = _companies_again(base, cut, engine, new)
    if found is None:
        return False
    fresh, moved = found
    if len(moved):
        if not may_be_read_again(cut, moved):
            return _nothing_written(cut)
        read_again(cut, engine, held, moved)
        register_evidence(engine, new, texts=True)
    _new_statements(cut, engine, new)
    near = ground.near(engine)
    amended, documents = settle(engine, ground, near), ground.count()
    if len(moved) and (amended or not say_again(engine, near)):
        return _nothing_written(cut)
    if (count(engine, "said_new") + ground.added()) * MAX_SHARE > documents:
        return _nothing_written(cut)
    related = _relate_again(base, cut, engine, fresh)
    _find_moved(base, cut, engine, new)
    if count(engine, "said_moved") * MAX_SHARE > documents:
        return _nothing_written(cut)
    ground.share(cut, engine, amended)
    dropped = relink(base, cut, engine, near, related)
    progress("reading promises off the deals", 0, 1)
    _promises_again(base, cut, engine, ground, dropped, related)
    progress("adding up track records", 0, 1)
    _standing_again(base, cut, engine, bool(len(moved)))
    recount(base, cut, engine, ground, fresh, progress, tell)
    return True


def _as_held(base: Cut, cut: Cut, held: Sequence[int]) -> Cut:
    """The cut that an earlier one is, with the evidence that it was made of."""
    live = {version: cut.snapshot.live[version] for version in held}
    return replace(base, snapshot=replace(cut.snapshot, live=live))


def _new_statements(cut: Cut, engine: Engine, new: Snapshot) -> None:
    """Keep what new documents say as `said_fresh`."""
    merged = cut.read("merged")
    define_said(engine, new.live, merged, cut.as_of_day, False, new.struck, texts=True)
    engine.keep("said_fresh", f"SELECT {ROWS} FROM said_raw")
    engine.register("live", live_table(cut.snapshot.live, merged))


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


def _companies_again(
    base: Cut, cut: Cut, engine: Engine, new: Snapshot
) -> tuple[bool, Ints] | None:
    """Resolve again if there are new descriptions (True) or not (False), and the known parties that mean
    another company now; None where somebody judged who is who."""
    if _judged(engine, new):
        return None
    fresh = _not_known(base, engine, live_parties(engine, new))
    if not len(fresh):
        cut.share(base, _WHO)
        share_filing(base, cut)
        return False, np.empty(0, np.int64)
    known, judged = base.read("parties"), base.read("judged")
    parties = _together(known, fresh)
    spread = spreader(len(fresh))
    before = standing_companies(base)
    found = grow(before, known, parties, judged, spread) if before else None
    found = found or resolve(parties, judged, spreader(len(parties)))
    merged = before.merged if before else base.read("merged")
    put_companies(cut, parties, judged, found)
    told = (known["party"].to_numpy(), merged["party"].to_numpy())
    return True, moved_parties(np.union1d(*told), merged, found.merged)


def _judged(engine: Engine, new: Snapshot) -> bool:
    """Whether new documents judge who is who, or withdraw that somebody did."""
    operators = [version for version, who in new.live.items() if who.kind == "operator"]
    engine.register("operator", pa.table({"version": pa.array(operators, pa.int64())}))
    judging = "kind = 'identity' AND version IN (SELECT version FROM operator)"
    return bool(operators) and count(engine, f"(SELECT 1 FROM document WHERE {judging}) d") > 0


def _not_known(base: Cut, engine: Engine, told: pa.Table) -> pa.Table:
    """Descriptions of parties that say more than a cut knows of them."""
    engine.register_parquet("party_known", base.files("parties"))
    bare = pa.array([_is_bare(row) for row in told.to_pylist()], pa.bool_())
    named, alone = told.filter(pc.invert(bare)), told.filter(bare)
    known = {repr(row) for row in _known(engine, named, told.column_names).to_pylist()}
    more = pa.array([repr(row) not in known for row in named.to_pylist()], pa.bool_())
    met = _known(engine, alone, ["party"])["party"].combine_chunks()
    unmet = pc.invert(pc.is_in(alone["party"], met))
    return pa.concat_tables([named.filter(more), alone.filter(unmet)])


def _known(engine: Engine, told: pa.Table, columns: Sequence[str]) -> pa.Table:
    """What `party_known` says of some parties."""
    if not len(told):
        return told.select(columns)
    among = listed(engine, "party_told", told["party"].to_numpy())
    asked = f"SELECT {', '.join(columns)} FROM party_known WHERE party IN ({among})"
    return engine.fetch(asked)


def _is_bare(row: Mapping[str, Any]) -> bool:
    """Whether a description says nothing but one identifier, as in `state.live_parties`, and what that can be
    read as."""
    return (
        row["name"] is None
        and row["country"] is None
        and (len(row["ids"]) <= 1 or row["ids"] == read_numbers([row["ref"]]))
        and not row["traits"]
    )


def _together(known: pa.Table, fresh: pa.Table) -> pa.Table:
    """All descriptions: a party that was known by an identifier alone is no more where it is now described."""
    again = known.filter(pc.is_in(known["party"], fresh["party"].combine_chunks()))
    bare = [row["party"] for row in again.to_pylist() if _is_bare(row)]
    kept = known.filter(pc.invert(pc.is_in(known["party"], pa.array(bare, pa.int64()))))
    return by_party(pa.concat_tables([kept, fresh.cast(kept.schema)]))


def _relate_again(base: Cut, cut: Cut, engine: Engine, fresh: bool) -> bool:
    """Write who is related, found anew if there are new descriptions or ownership; whether anybody is."""
    if fresh or _told(engine, ["ownership"]):
        _all_statements(cut, engine)
        return put_related(cut, engine, cut.read("parties"), cut.read("merged"))
    cut.share(base, ["related"])
    return register_related(engine, base.read("related"))


def _told(engine: Engine, kinds: Iterable[str]) -> bool:
    """Whether what stands now and did not, or stands no more, is of some kinds."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    parts = (
        f"SELECT 1 AS one FROM {n} WHERE kind IN ({listed})" for n in ("said_new", "said_gone")
    )
    return count(engine, f"({' UNION ALL '.join(parts)}) t") > 0


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
    base: Cut, cut: Cut, engine: Engine, ground: Laid, dropped: pa.Array, related: bool
) -> None:
    """Write the promises of the touched deals as a layer; keep them, as they were and are, as `promise_gone`
    and `promise_fresh`, the companies in them as `company_again`, and all promises that these made, as they
    were, as `promise_near`."""
    scratch, documents = cut.folder / "scratch" / "promises", count(engine, "said_part")
    fresh = derive(engine, cut.as_of_day, scratch, documents, related=related)
    layer = cut.build_on(base, "promises", dropped)
    # Whoever promised anything in a deal is a party of a statement in it
    parties = np.union1d(*(_parties_of(engine, name) for name in ("said_part", "said_gone")))
    ground.keep_promises(engine, base, "promise_near", parties)
    gone = "SELECT * FROM promise_near WHERE deal IN (SELECT deal FROM deal_again)"
    engine.keep("promise_gone", gone)
    engine.register_parquet("promise_written", fresh)
    engine.keep("promise_fresh", "SELECT * FROM promise_written")
    engine.drop("promise_written")
    tables = ("promise_gone", "promise_fresh")
    parts = (f"SELECT {side} AS company FROM {table}" for table in tables for side in _SIDES)
    engine.keep("company_again", " UNION ".join(parts))
    cut.take("promises", fresh, layer)


def _parties_of(engine: Engine, table: str) -> Ints:
    """All parties of some statements."""
    parts = (f"SELECT {role} AS party FROM {table} WHERE {role} IS NOT NULL" for role in ROLES)
    found: Ints = engine.fetch(" UNION ".join(parts))["party"].to_numpy()
    return found


def _standing_again(base: Cut, cut: Cut, engine: Engine, joined: bool) -> None:
    """Gates and credibility: found anew where new documents tell of the standing of companies, or some were
    `joined`."""
    if joined or _told(engine, STANDING_KINDS):
        _all_statements(cut, engine)
        define_linked(engine, cut.read("nodes"), cut.read("inferred"))
        keep_standing_papers(engine)
        cut.put("gates", find_gates(engine))
        cut.put("standing", find_standing(engine, cut.as_of_day))
        register_credibility(cut, engine)
        return
    cut.share(base, ["gates", "standing", "credibility"])
    engine.register("credibility", base.read("credibility"))
