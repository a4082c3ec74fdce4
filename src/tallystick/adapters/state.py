"""Everything right of the evidence, derived for one cut of it and kept as Parquet until it is deleted.

A cut is (what was known, as of which day, policy, rates, engine). Its folder can be deleted at any time and
comes back the same. It is built under another name and moved into place, so that a crash leaves none
half-made and two processes that build the same one do not disturb each other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.background import (
    find_standing,
    keep_standing_papers,
    put_kin,
    with_background,
    with_country,
)
from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.filing import put_filing
from tallystick.adapters.rates import rates_version, usd_rates
from tallystick.adapters.spreading import spreader
from tallystick.adapters.striking import register_struck, without_dropped
from tallystick.deals import close, define_linked, define_said
from tallystick.engine import Engine, fill
from tallystick.evidence.ledger import Snapshot
from tallystick.evidence.schema import STORED
from tallystick.identity import (
    Companies,
    by_party,
    families,
    owned,
    relate,
    resolve,
    standing,
    ties,
    with_numbers,
)
from tallystick.promises import derive
from tallystick.rating import Policy, prior_from, prior_sums, rate
from tallystick.record import find_medians, find_reach, summarise
from tallystick.units import digest

LAYOUT: Final = "21"
"""Goes up when what lies in the folder of a cut changes."""

KEPT_CUTS: Final = 6
PINNED: Final = "pinned"
"""File in the folder of a cut that is never among those that are forgotten."""
_UNREAD: Final = ("places", "references", "note")
"""Columns of a document that no step reads: what is shown of one is looked up where it is asked for."""

FACTS: Final = ("sanction", "insolvency", "registration")
"""Documents that are about a company rather than about a deal."""

Progress = Callable[[str, int, int], None]


def quiet(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def register_evidence(engine: Engine, snapshot: Snapshot, texts: bool = False) -> None:
    """Make the documents of a snapshot that are not struck readable as the table `document`. Of all, what they
    refer to, as they wrote it, is `document_named` (doc_id, version, named); their words are `document_text`
    (doc_id, version, number, note). `texts`: True to have both in `document` too."""
    parts = []
    if snapshot.documents:
        engine.register_parquet("document_sealed", snapshot.documents)
        parts.append("document_sealed")
    if len(snapshot.inbox_documents) or not parts:
        engine.register("document_inbox", snapshot.inbox_documents)
        parts.append("document_inbox")
    unread = _UNREAD[:2] if texts else _UNREAD
    columns = ", ".join(name for name in STORED.names if name not in unread)
    columns += ", d.references AS named" if texts else ""
    rows = " UNION ALL ".join(f"SELECT {columns} FROM {part} d" for part in parts)
    register_struck(engine, snapshot.struck, rows)
    named = "SELECT d.doc_id, d.version, d.references AS named FROM {} d"
    engine.define("document_named", " UNION ALL ".join(map(named.format, parts)))
    text = "SELECT d.doc_id, d.version, d.number, d.note FROM {} d"
    engine.define("document_text", " UNION ALL ".join(map(text.format, parts)))


def newest_day(engine: Engine, snapshot: Snapshot, today: int) -> int | None:
    """The day of the newest document until today; today's judgements make no old book new."""
    register_evidence(engine, snapshot)
    day = "COALESCE(unix_date(CAST(happened_at AS DATE)), unix_date(issued_on))"
    trade = "kind NOT IN ('identity', 'strike')"
    sql = f"SELECT MAX({day}) AS newest FROM document WHERE {day} <= {today} AND {trade}"
    newest: int | None = engine.fetch(sql).column("newest")[0].as_py()
    return newest


def live_parties(engine: Engine, snapshot: Snapshot) -> pa.Table:
    """Distinct party descriptions of the batches that count, with all that their numbers can be read as."""
    parts = ["party_inbox"]
    engine.register("party_inbox", snapshot.inbox_parties)
    if snapshot.parties:
        engine.register_parquet("party_sealed", snapshot.parties)
        parts.append("party_sealed")
    engine.register(
        "live_version", pa.table({"version": pa.array(list(snapshot.live), pa.int64())})
    )
    columns = "party, ref, name, name_key, country, ids, traits"
    rows = " UNION ALL ".join(f"SELECT {columns}, version FROM {part}" for part in parts)
    engine.define(
        "party_live",
        f"SELECT * FROM ({rows}) p WHERE version IN (SELECT version FROM live_version)"
        f"{without_dropped(engine, snapshot)}",
    )
    told = (
        "name IS NOT NULL OR country IS NOT NULL OR CARDINALITY(ids) > 1 OR CARDINALITY(traits) > 0"
    )
    described = engine.fetch(f"SELECT DISTINCT {columns} FROM party_live WHERE {told}")
    bare = engine.fetch(
        f"SELECT party, MIN(ref) AS ref FROM party_live WHERE NOT ({told}) GROUP BY party"
    )
    known = pc.is_in(bare["party"], value_set=described["party"].combine_chunks())
    bare = bare.filter(pc.invert(known))
    return by_party(with_numbers(pa.concat_tables([described, _bare(bare, described.schema)])))


def _bare(parties: pa.Table, schema: pa.Schema) -> pa.Table:
    """Parties of which nothing is known but one identifier, as descriptions."""
    count = len(parties)
    ids = pa.ListArray.from_arrays(
        pa.array(range(count + 1), pa.int32()), parties["ref"].combine_chunks()
    )
    nothing = pa.nulls(count, pa.string())
    none = pa.ListArray.from_arrays(pa.array([0] * (count + 1), pa.int32()), nothing[:0])
    columns = [parties["party"], parties["ref"], nothing, nothing, nothing, ids, none]
    return pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)


def cut_key(snapshot: Snapshot, as_of_day: int, policy: Policy, engine: str) -> str:
    """Name of a cut: equal names give equal bytes."""
    return digest(snapshot.key(), family(as_of_day, policy, engine))[:32]


def family(as_of_day: int, policy: Policy, engine: str) -> str:
    """What two cuts must share for one to be built on the other."""
    return digest(LAYOUT, str(as_of_day), policy.digest(), rates_version(), engine)[:32]


@contextmanager
def building(root: Path, cut: Cut) -> Iterator[Cut]:
    """A folder beside that of the cut to build it in; moved into place at the end."""
    root.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="building-", dir=root))
    try:
        yield Cut(work, cut.as_of_day, cut.snapshot, cut.policy)
        shutil.rmtree(work / "scratch", ignore_errors=True)
        _publish(work, cut.folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _forget_old(root, cut.folder)


def _publish(work: Path, folder: Path) -> None:
    work.chmod(0o755)
    try:
        work.rename(folder)
    except OSError:
        if not (folder / DONE).exists():
            raise


def pin(root: Path, cuts: Collection[Cut]) -> None:
    """Keep these cuts, however many others are made, and no longer those that were pinned before: a service
    reads the one that it serves for as long as nothing new comes in."""
    wanted = {cut.folder for cut in cuts}
    for folder in wanted:
        (folder / PINNED).touch()
    for mark in root.glob(f"*/{PINNED}"):
        if mark.parent not in wanted:
            mark.unlink(missing_ok=True)


def _forget_old(root: Path, keep: Path) -> None:
    cuts = [
        p for p in root.iterdir() if (p / DONE).exists() and p != keep and not (p / PINNED).exists()
    ]
    for old in sorted(cuts, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT_CUTS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    os.utime(keep)


def derive_all(cut: Cut, engine: Engine, progress: Progress) -> None:
    """Fill the folder of a cut from the evidence alone."""
    progress("who is who", 0, 1)
    register_evidence(engine, cut.snapshot)
    parties = live_parties(engine, cut.snapshot)
    judged = standing(engine, cut.snapshot.live)
    found = resolve(parties, judged, spreader(len(parties)))
    put_companies(cut, parties, judged, found)
    progress("linking documents into deals", 0, 1)
    live, resurrect, struck = cut.snapshot.live, cut.snapshot.resurrect, cut.snapshot.struck
    define_said(engine, live, found.merged, cut.as_of_day, resurrect, struck)
    related = put_related(cut, engine, parties, found.merged)
    linked = close(engine, usd_rates, related)
    cut.put("nodes", linked.nodes)
    cut.put("inferred", linked.inferred)
    scratch = cut.folder / "scratch"
    files = derive(
        engine,
        cut.as_of_day,
        scratch / "promises",
        count(engine, "document"),
        lambda done, total: progress("reading promises off the deals", done, total),
        related,
    )
    cut.take("promises", files)
    add_up(cut, engine, progress)
    cut.put("gates", find_gates(engine))
    cut.put("standing", find_standing(engine, cut.as_of_day))
    rate_all(cut, progress)


def add_up(cut: Cut, engine: Engine, progress: Progress) -> None:
    """Add the promises of a cut up to its track records; reads `doc_linked` too."""
    progress("adding up track records", 0, 1)
    cut.register(engine, "promise", "promises")
    register_rates(engine, cut.as_of_day)
    medians = find_medians(engine, cut.as_of_day)
    cut.put("medians", medians)
    keep_standing_papers(engine)
    register_credibility(cut, engine)
    put_reach(cut, engine, medians)
    engine.drop("dealt")
    files = summarise(
        engine,
        cut.as_of_day,
        cut.folder / "scratch" / "records",
        count(engine, "promise"),
        cut.policy.record,
        medians,
        lambda done, total: progress("adding up track records", done, total),
    )
    cut.take("records", files)


def put_companies(cut: Cut, parties: pa.Table, judged: pa.Table, found: Companies) -> None:
    """Write who is who: what it was found from, and what was found."""
    cut.put("parties", parties)
    cut.put("judged", judged)
    cut.put("companies", found.companies)
    cut.put("merged", found.merged)
    cut.put("judgements", found.judgements)
    cut.put("links", found.links)
    put_filing(cut, found.filed)


def put_related(cut: Cut, engine: Engine, parties: pa.Table, merged: pa.Table) -> bool:
    """Find who is related by the statements of the view `said`, write it, and register it."""
    related = relate(parties, merged, owned(engine, cut.snapshot.live))
    cut.put("related", related)
    return register_related(engine, related)


def register_related(engine: Engine, related: pa.Table) -> bool:
    """Make relations (schema RELATED) readable as `related_tie` (a, b, ppm) and `family` (company, head);
    False where there are none, and nobody need look."""
    engine.register("related_tie", ties(related))
    engine.register("family", families(related))
    return len(related) > 0


def register_rates(engine: Engine, as_of_day: int) -> None:
    """Make the exchange rates of the days of the view `promise` readable as `fx`."""
    found = engine.fetch("SELECT MIN(made_day) AS first_day FROM promise")
    first = found.column("first_day")[0].as_py()
    engine.register("fx", usd_rates(first if first is not None else as_of_day, as_of_day))


def find_gates(engine: Engine) -> pa.Table:
    """(company, grade) of the companies whose standing decides, by company."""
    return engine.fetch(GATES).sort_by([("company", "ascending"), ("grade", "ascending")])


def rate_all(cut: Cut, progress: Progress) -> None:
    """Rate every company of the cut's records; the prior is kept with the cut's facts."""
    progress("rating", 0, 1)
    parts = [with_country(cut, part) for part in _records(cut)]
    sums = prior_sums(parts, cut.policy, cut.as_of_day)
    prior = prior_from(sums, cut.policy)
    cut.put("sums", sums)
    gates = cut.read("gates")
    put_kin(cut, prior)
    parts = [with_background(cut, part) for part in parts]
    for n, part in enumerate(parts, start=1):
        cut.put("ratings", rate(part, prior, gates, cut.policy, cut.as_of_day))
        progress("rating", n, len(parts))
    cut.put_prior(prior)


def _records(cut: Cut) -> list[pa.Table]:
    """The track records of a cut, whole companies in each part, by company and kind."""
    if cut.layer("records") == 0:
        return [cut.part("records", path) for path in cut.files("records")]
    return [cut.read("records").sort_by([("company", "ascending"), ("kind", "ascending")])]


def linked_evidence(engine: Engine, cut: Cut) -> None:
    """Make the documents of a cut readable as `doc_linked`, from the links that it holds."""
    register_evidence(engine, cut.snapshot)
    live, resurrect, struck = cut.snapshot.live, cut.snapshot.resurrect, cut.snapshot.struck
    define_said(engine, live, cut.read("merged"), cut.as_of_day, resurrect, struck)
    related = register_related(engine, cut.read("related"))
    define_linked(engine, cut.read("nodes"), cut.read("inferred"), related=related)


def put_reach(cut: Cut, engine: Engine, medians: pa.Table) -> None:
    """Find how well known companies are by their dealings, keep that in the engine, and write it."""
    find_reach(engine, cut.as_of_day, cut.policy.record, medians)
    cut.put(
        "reach",
        engine.fetch("SELECT company, CAST(reach AS BIGINT) AS reach FROM reach ORDER BY company"),
    )
    sums = "SELECT owner, promisee, CAST(within AS BIGINT) AS within FROM within"
    cut.put("within", engine.fetch(f"{sums} ORDER BY owner, promisee"))


def register_credibility(cut: Cut, engine: Engine) -> None:
    """Find what registers and sanctions lists say of the standing of companies, write it, and make it readable
    as `credibility` (company, credibility_ppm)."""
    policy = cut.policy.record
    values = {"as_of": cut.as_of_day, "young": policy.young_ppm}
    found = engine.fetch(fill(CREDIBILITY, values)).sort_by("company")
    cut.put("credibility", found)
    engine.register("credibility", found)


CREDIBILITY: Final = """
SELECT subject AS company, CASE WHEN MAX(sanctioned) = 1 OR MIN(registered_day) IS NULL THEN 0
  ELSE CAST(LEAST(1000000, GREATEST({young}, FLOOR(({as_of} - MIN(registered_day)) * 1e6 / 365))) AS BIGINT)
  END AS credibility_ppm
FROM (
  SELECT subject, CASE WHEN kind = 'sanction' AND COALESCE(status, 'listed') = 'listed' AND place = 1
                       THEN 1 ELSE 0 END AS sanctioned,
         CASE WHEN kind = 'registration' AND last_status <> 'dissolved' THEN issued_day END
           AS registered_day
  FROM (
    SELECT subject, kind, status, issued_day,
           ROW_NUMBER() OVER (PARTITION BY subject, kind ORDER BY day DESC, doc_id DESC) AS place,
           FIRST_VALUE(COALESCE(status, 'active'))
             OVER (PARTITION BY subject, kind ORDER BY day DESC, doc_id DESC) AS last_status
    FROM standing_paper WHERE kind IN ('sanction', 'registration')
  ) told
) latest
WHERE sanctioned = 1 OR registered_day IS NOT NULL
GROUP BY subject
"""
"""Registered a year ago or more: fully credible; since less: by its share of the year, so that an identity
that was bought last month counts little; listed by sanctions: not at all."""

GATES: Final = """
SELECT subject AS company, CASE WHEN MAX(sanctioned) = 1 THEN 'X' ELSE 'D' END AS grade FROM (
  SELECT subject, kind, CASE WHEN kind = 'sanction' THEN 1 ELSE 0 END AS sanctioned, status,
         ROW_NUMBER() OVER (PARTITION BY subject, kind ORDER BY day DESC, doc_id DESC) AS place
  FROM standing_paper WHERE kind IN ('sanction', 'insolvency', 'registration')
) latest
WHERE place = 1 AND ((kind = 'sanction' AND COALESCE(status, 'listed') = 'listed')
   OR (kind = 'insolvency' AND COALESCE(status, 'opened') = 'opened')
   OR (kind = 'registration' AND status = 'dissolved'))
GROUP BY subject
"""


def count(engine: Engine, table: str) -> int:
    """Number of rows of a table."""
    return int(engine.fetch(f"SELECT COUNT(*) AS n FROM {table}").column("n")[0].as_py())
