"""Gathering what a report or an explanation is made of, out of a cut and its linked evidence.

The weights of single promises are not kept in a cut. They are made anew for the promises asked for, with
the very SQL of the record stage, so that they add up to the track record to the last micro-unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters import closeby
from tallystick.adapters.background import with_background
from tallystick.adapters.cuts import SCHEMAS, Cut
from tallystick.adapters.peers import lateness_of_all, lateness_of_own
from tallystick.adapters.rates import rates_version
from tallystick.adapters.relating import related_ppm, relations
from tallystick.adapters.state import FACTS, register_rates
from tallystick.adapters.struck_of import struck_of
from tallystick.deals import breaks
from tallystick.engine import Engine
from tallystick.evidence.ledger import Batch
from tallystick.promises import PROMISE
from tallystick.rating import Policy, horizons
from tallystick.rating.prior import Floats, Prior
from tallystick.rating.score import ladder
from tallystick.rating.terms import TERMS, terms_of
from tallystick.rating.wayup import Known, WayUp, way_up
from tallystick.record import counterparties, known_to_others, weigh
from tallystick.report.compose import to_show
from tallystick.report.disagreement import companies_in
from tallystick.report.material import Made, Material, Row


def made(cut: Cut, batches: Sequence[Batch]) -> Made:
    """What made the numbers of a cut; `known_at` is the moment of the newest batch that counts."""
    known = [batch.recorded_at_us for batch in batches if batch.version in cut.snapshot.live]
    return Made(
        as_of_day=cut.as_of_day,
        known_at_us=max(known, default=None),
        policy=cut.policy,
        rates=rates_version(),
        code=version("tallystick"),
        cut=cut.folder.name,
    )


def gather(
    cut: Cut, company: int, engine: Engine, batches: Sequence[Batch], with_plan: bool = False
) -> Material:
    """Everything about one company, and its way up if asked, read with an engine."""
    records = _layered(cut, engine, "records", f"company = {int(company)}")
    records = records.sort_by([(key, "ascending") for key in ("company", "kind")])
    dealings = closeby.dealings(engine, cut, company)
    own = dealings.filter(pc.equal(dealings["promisor"], company))
    promises = weighed(cut, engine, own, records)
    row = _rows(cut, "companies", "company", [company]).to_pylist()[0]
    pairs = _counterparties(cut, engine, company, dealings)
    way = _way_up(cut, engine, promises, row) if with_plan else None
    deals = pc.unique(promises["deal"])
    closeby.evidence_of(engine, cut, deals, company)
    shown = to_show(promises)
    prior = cut.prior()
    kinds = records["kind"].to_pylist()
    ratings = _layered(cut, engine, "ratings", f"company = {int(company)}")
    home = pa.array([row["country"] or ""] * len(records), pa.string())
    whole = with_background(cut, records.append_column("country", home))
    broken = breaks(engine, pa.table({"deal": deals}), closeby.NEAR).to_pylist()
    named = {*pc.unique(promises["promisee"]).to_pylist(), *companies_in(broken)}
    return Material(
        company=row,
        ratings=ratings.to_pylist(),
        horizons=horizons(records, ratings, cut.policy, cut.as_of_day).to_pylist(),
        records=dict(zip(kinds, records.to_pylist(), strict=True)),
        steps=_by_kind(whole, ladder, cut, prior),
        terms={
            kind: dict(zip(TERMS, found, strict=True))
            for kind, found in _by_kind(whole, terms_of, cut, prior).items()
        },
        counterparties=pairs,
        way_up=way,
        prior=prior,
        promises=promises,
        names=names_of(cut, named),
        breaks=broken,
        facts=_facts(engine, company, cut),
        struck=struck_of(cut, company),
        related=relations(cut, company),
        documents=documents_in(engine, {p["deal"] for p in shown}, cut).to_pylist(),
        documents_by_batch=_by_batch(engine, deals.to_pylist()),
        batches={batch.version: batch for batch in batches},
        own_lateness=lateness_of_own(promises.select(PROMISE.names), cut, engine),
        lateness=lateness_of_all(cut, engine),
        made=made(cut, batches),
    )


def _by_kind(
    records: pa.Table,
    told: Callable[[pa.Table, Prior, Policy, int], Floats],
    cut: Cut,
    prior: Prior,
) -> dict[str, list[float]]:
    """Kind -> what `told` says of the company's record, to which its country and background belong."""
    if not len(records):
        return {}
    rows = told(records, prior, cut.policy, cut.as_of_day)
    return dict(zip(records["kind"].to_pylist(), rows.tolist(), strict=True))


def _counterparties(
    cut: Cut, engine: Engine, company: int, dealings: pa.Table
) -> dict[str, list[dict[str, Any]]]:
    """Kind -> what each counterparty gives to the record. `dealings`: promises by and to the company."""
    made, taken = (
        dealings.filter(pc.equal(dealings[side], company)) for side in ("promisor", "promisee")
    )
    register_promises(cut, engine, pa.concat_tables([made, taken]))
    known = pc.unique(made["promisee"]).to_pylist()
    for name in ("reach", "credibility"):
        engine.register(name, _rows(cut, name, "company", [*known, company]))
    engine.register("within", _rows(cut, "within", "owner", [company]))
    found = counterparties(engine, cut.as_of_day, cut.policy.record, cut.read("medians"), company)
    out: dict[str, list[dict[str, Any]]] = {}
    for row in found.to_pylist():
        out.setdefault(row["kind"], []).append(row)
    return out


def _way_up(cut: Cut, engine: Engine, promises: pa.Table, company: Row) -> WayUp | None:
    """The way up of a company; reads what `_counterparties` registered."""
    usd = promises.select(PROMISE.names)
    for name, values in (
        ("value_minor", promises["value_cents"]),
        ("currency", pa.repeat("USD", len(promises))),
    ):
        usd = usd.set_column(PROMISE.get_field_index(name), PROMISE.field(name), values)
    return way_up(
        engine,
        Known(
            promises=usd.cast(PROMISE),
            country=company["country"] or "",
            reach=known_to_others(engine, company["company"]),
            credibility=engine.fetch("SELECT company, credibility_ppm FROM credibility"),
            medians=cut.read("medians"),
            prior=cut.prior(),
            policy=cut.policy,
            as_of_day=cut.as_of_day,
            **_background(cut, company["company"]),
        ),
    )


def _background(cut: Cut, company: int) -> dict[str, int]:
    """What is known of a company beside its record, by the names of `wayup.Known`."""
    one = with_background(cut, pa.table({"company": pa.array([company], pa.int64())}))
    return {name: one[name][0].as_py() for name in ("standing_ppm", "kin_ppm")}


def register_promises(cut: Cut, engine: Engine, promises: pa.Table) -> None:
    """Make some promises readable as `promise`, and the exchange rates of their days as `fx`."""
    engine.register("promise", promises)
    register_rates(engine, cut.as_of_day)


def documents_of(engine: Engine, deals: Iterable[int], cut: Cut) -> pa.Table:
    """As `documents_in`, of deals whose evidence is made readable first."""
    wanted = sorted(deals)
    closeby.evidence_of(engine, cut, pa.array(wanted, pa.int64()))
    return documents_in(engine, wanted, cut)


def documents_in(engine: Engine, deals: Iterable[int], cut: Cut) -> pa.Table:
    """The documents of deals with where they came from, by deal, day, kind and document. Reads what
    `closeby.evidence_of` made readable of these deals."""
    engine.register("asked_deal", pa.table({"deal": pa.array(sorted(deals), pa.int64())}))
    engine.keep("asked_paper", "SELECT l.* FROM doc_linked l JOIN asked_deal a ON a.deal = l.deal")
    rows = engine.fetch(
        "SELECT l.*, d.number, d.source, d.row, d.version FROM asked_paper l "
        "JOIN (SELECT DISTINCT doc_id, number, source, row, version FROM document_near "
        "WHERE doc_id IN (SELECT doc_id FROM asked_paper)) d ON d.doc_id = l.doc_id"
    )
    return _live_sorted(rows, cut)


def promises_of(cut: Cut, deal: int, kind: str | None = None) -> pa.Table:
    """The promises of a deal (schema PROMISE), of one kind or all."""
    found = _rows(cut, "promises", "deal", [deal])
    if kind is not None:
        found = found.filter(pc.equal(found["kind"], kind))
    return found.sort_by([(key, "ascending") for key in ("kind", "item", "promisor")])


def weighed(cut: Cut, engine: Engine, promises: pa.Table, records: pa.Table) -> pa.Table:
    """Promises with what each weighs: the columns of 10_counted.sql after those of PROMISE, then `related_ppm`,
    how far the two sides are related.

    `records`: track records (schema RECORD) that have the median value of each of their kinds.
    """
    medians = records.group_by("kind").aggregate([("median_cents", "max")])
    medians = medians.rename_columns(["kind", "median_cents"])
    register_promises(cut, engine, promises)
    weigh(engine, cut.as_of_day, cut.policy.record, medians, "v.*")
    rows = engine.fetch("SELECT * FROM weighed")
    keys = ("deal", "kind", "item", "promisor")
    rows = rows.sort_by([(key, "ascending") for key in keys])
    sides = (rows[side].to_pylist() for side in ("promisor", "promisee"))
    return rows.append_column("related_ppm", pa.array(related_ppm(cut, *sides), pa.int64()))


def records_of(cut: Cut, companies: Sequence[int]) -> pa.Table:
    """The track records of some companies (schema RECORD)."""
    return _rows(cut, "records", "company", companies)


def names_of(cut: Cut, companies: Iterable[int]) -> dict[int, str]:
    """Company -> its name, for those that have one."""
    rows = _rows(cut, "companies", "company", sorted(companies), ["company", "name"])
    pairs = zip(rows["company"].to_pylist(), rows["name"].to_pylist(), strict=True)
    return {company: name for company, name in pairs if name}


def _rows(
    cut: Cut, name: str, key: str, wanted: Sequence[int], columns: list[str] | None = None
) -> pa.Table:
    return cut.rows(name, key, pa.array(wanted, pa.int64()), columns)


def _layered(cut: Cut, engine: Engine, name: str, where: str) -> pa.Table:
    """The rows of a layered table that an engine finds, which skips what it need not read."""
    cut.register(engine, f"{name}_of_all", name)
    found = engine.fetch(f"SELECT * FROM {name}_of_all WHERE {where}")
    return found.select(SCHEMAS[name].names).cast(SCHEMAS[name])


def _facts(engine: Engine, company: int, cut: Cut) -> list[dict[str, Any]]:
    """The newest document of each kind of fact about a company."""
    listed = ", ".join(f"'{kind}'" for kind in FACTS)
    rows = engine.fetch(
        "SELECT l.kind, l.status, l.day, l.deal, l.doc_id, d.number, d.source, d.row, d.version "
        "FROM doc_linked l JOIN document_near d ON d.doc_id = l.doc_id "
        f"WHERE l.subject = {int(company)} AND l.kind IN ({listed})"
    )
    latest = {row["kind"]: row for row in _live_sorted(rows, cut).to_pylist()}
    return [latest[kind] for kind in sorted(latest)]


def _by_batch(engine: Engine, deals: Sequence[int]) -> dict[int, int]:
    """Version of a batch -> documents of the deals that it was the first to bring."""
    engine.register("asked_deal", pa.table({"deal": pa.array(deals, pa.int64())}))
    rows = engine.fetch(
        "SELECT version, COUNT(*) AS documents FROM ("
        "  SELECT d.doc_id, MIN(d.version) AS version FROM document_near d"
        "  JOIN live v ON v.version = d.version"
        "  JOIN doc_linked l ON l.doc_id = d.doc_id JOIN asked_deal a ON a.deal = l.deal"
        "  GROUP BY d.doc_id) first_copy GROUP BY version ORDER BY version"
    )
    pairs = zip(rows["version"].to_pylist(), rows["documents"].to_pylist(), strict=True)
    return dict(pairs)


def _live_sorted(rows: pa.Table, cut: Cut) -> pa.Table:
    live = pa.array(list(cut.snapshot.live), pa.int64())
    keys = ("deal", "day", "kind", "doc_id", "version")
    rows = rows.filter(pc.is_in(rows["version"], live))
    return rows.sort_by([(key, "ascending") for key in keys])
