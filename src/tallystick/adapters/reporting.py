"""Gathering what a report or an explanation is made of, out of a cut and its linked evidence.

The weights of single promises are not kept in a cut. They are made anew for the promises asked for, with
the very SQL of the record stage, so that they add up to the track record to the last micro-unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters import closeby
from tallystick.adapters.background import with_background
from tallystick.adapters.cuts import Cut
from tallystick.adapters.peers import lateness_of_all, lateness_of_own
from tallystick.adapters.rates import rates_among, rates_version
from tallystick.adapters.relating import related_ppm, relations
from tallystick.adapters.state import FACTS
from tallystick.adapters.struck_of import struck_of
from tallystick.engine import Engine, Question, Step
from tallystick.evidence.ledger import Batch
from tallystick.promises import PROMISE
from tallystick.rating import Policy, horizons
from tallystick.rating.choosing import WayUp
from tallystick.rating.prior import Floats, Prior
from tallystick.rating.score import ladder
from tallystick.rating.terms import TERMS, terms_of
from tallystick.rating.wayup import Known, way_up
from tallystick.record import Few, counterparties, known_to_others, weights
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
    return gather_near(cut, company, engine, batches, with_plan)[0]


def gather_near(
    cut: Cut, company: int, engine: Engine, batches: Sequence[Batch], with_plan: bool = False
) -> tuple[Material, closeby.Evidence]:
    """The same, and the evidence about its deals."""
    records = records_of(cut, [company])
    records = records.sort_by([(key, "ascending") for key in ("company", "kind")])
    dealings = closeby.dealings(engine, cut, company)
    own = dealings.filter(pc.equal(dealings["promisor"], company))
    promises = weighed(cut, engine, own, records)
    row = _rows(cut, "companies", "company", [company]).to_pylist()[0]
    few = _dealt(cut, company, dealings)
    way = _way_up(cut, engine, few, promises, row) if with_plan else None
    deals = pc.unique(promises["deal"])
    near = closeby.evidence_of(engine, cut, deals, company)
    shown = to_show(promises)
    prior = cut.prior()
    kinds = records["kind"].to_pylist()
    ratings = _rows(cut, "ratings", "company", [company])
    home = pa.array([row["country"] or ""] * len(records), pa.string())
    whole = with_background(cut, records.append_column("country", home))
    broken = closeby.breaks_of(engine, near, deals)
    named = {*pc.unique(promises["promisee"]).to_pylist(), *companies_in(broken)}
    material = Material(
        company=row,
        ratings=ratings.to_pylist(),
        horizons=horizons(records, ratings, cut.policy, cut.as_of_day).to_pylist(),
        records=dict(zip(kinds, records.to_pylist(), strict=True)),
        steps=_by_kind(whole, ladder, cut, prior),
        terms={
            kind: dict(zip(TERMS, found, strict=True))
            for kind, found in _by_kind(whole, terms_of, cut, prior).items()
        },
        counterparties=_counterparties(engine, few, company),
        way_up=way,
        prior=prior,
        promises=promises,
        names=names_of(cut, named),
        breaks=broken,
        facts=_facts(engine, near, company, cut),
        struck=struck_of(cut, company),
        related=relations(cut, company),
        documents=documents_in(engine, near, {p["deal"] for p in shown}, cut).to_pylist(),
        documents_by_batch=_by_batch(engine, near, deals, cut),
        batches={batch.version: batch for batch in batches},
        own_lateness=lateness_of_own(promises.select(PROMISE.names), cut, engine),
        lateness=lateness_of_all(cut, engine),
        made=made(cut, batches),
    )
    return material, near


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


def _dealt(cut: Cut, company: int, dealings: pa.Table) -> Few:
    """The promises by and to a company, and what is known of it and of those to whom it made any."""
    made, taken = (
        dealings.filter(pc.equal(dealings[side], company)) for side in ("promisor", "promisee")
    )
    promises = pa.concat_tables([made, taken])
    known = [*pc.unique(made["promisee"]).to_pylist(), company]
    return Few(
        promises=promises,
        rates=rates_among(promises, cut.as_of_day),
        medians=cut.read("medians"),
        as_of_day=cut.as_of_day,
        policy=cut.policy.record,
        credibility=_rows(cut, "credibility", "company", known),
        reach=_rows(cut, "reach", "company", known),
        within=_rows(cut, "within", "owner", [company]),
    )


def _counterparties(engine: Engine, few: Few, company: int) -> dict[str, list[dict[str, Any]]]:
    """Kind -> what each counterparty gives to the record."""
    out: dict[str, list[dict[str, Any]]] = {}
    for row in counterparties(engine, few, company).to_pylist():
        out.setdefault(row["kind"], []).append(row)
    return out


def _way_up(cut: Cut, engine: Engine, few: Few, promises: pa.Table, company: Row) -> WayUp | None:
    """The way up of a company. `promises`: those that it made, with their values."""
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
            reach=known_to_others(engine, few, company["company"]),
            credibility=few.credibility,
            medians=few.medians,
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


def documents_of(engine: Engine, deals: Iterable[int], cut: Cut) -> pa.Table:
    """As `documents_in`, of deals whose evidence is made readable first."""
    wanted = sorted(deals)
    near = closeby.evidence_of(engine, cut, pa.array(wanted, pa.int64()))
    return documents_in(engine, near, wanted, cut)


def documents_in(
    engine: Engine, near: closeby.Evidence, deals: Iterable[int], cut: Cut
) -> pa.Table:
    """The documents of deals with where they came from, by deal, day, kind and document, out of the evidence
    about these deals."""
    asked = pa.table({"deal": pa.array(sorted(deals), pa.int64())})
    return _live_sorted(engine.answer(_DOCUMENTS, _read(near) | {"asked": asked}), cut)


_PAPERS: Final = Step(
    "paper", "SELECT DISTINCT doc_id, number, source, row, version FROM document_near"
)
_DOCUMENTS: Final = Question(
    "SELECT l.*, d.number, d.source, d.row, d.version FROM doc_linked l "
    "JOIN asked a ON a.deal = l.deal JOIN paper d ON d.doc_id = l.doc_id",
    (_PAPERS,),
)
_ABOUT: Final = Question(
    "SELECT l.kind, l.status, l.day, l.deal, l.doc_id, d.number, d.source, d.row, d.version "
    "FROM doc_linked l JOIN document_near d ON d.doc_id = l.doc_id "
    "JOIN asked a ON a.company = l.subject "
    f"WHERE l.kind IN {FACTS}"
)
_FIRST: Final = Question(
    "SELECT version, COUNT(*) AS documents FROM ("
    "  SELECT d.doc_id, MIN(d.version) AS version FROM document_near d"
    "  JOIN live v ON v.version = d.version"
    "  JOIN doc_linked l ON l.doc_id = d.doc_id JOIN asked a ON a.deal = l.deal"
    "  GROUP BY d.doc_id) first_copy GROUP BY version ORDER BY version"
)


def _read(near: closeby.Evidence) -> dict[str, pa.Table]:
    """Documents and where they came from, by the names under which questions read them."""
    return {"doc_linked": near.linked, "document_near": near.papers.drop_columns(["named"])}


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
    rates, nobody = rates_among(promises, cut.as_of_day), pa.table({})
    few = Few(promises, rates, medians, cut.as_of_day, cut.policy.record, *[nobody] * 3)
    rows = weights(engine, few)
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


def _facts(engine: Engine, near: closeby.Evidence, company: int, cut: Cut) -> list[dict[str, Any]]:
    """The newest document of each kind of fact about a company."""
    asked = pa.table({"company": pa.array([company], pa.int64())})
    rows = engine.answer(_ABOUT, _read(near) | {"asked": asked})
    latest = {row["kind"]: row for row in _live_sorted(rows, cut).to_pylist()}
    return [latest[kind] for kind in sorted(latest)]


def _by_batch(engine: Engine, near: closeby.Evidence, deals: pa.Array, cut: Cut) -> dict[int, int]:
    """Version of a batch -> documents of the deals that it was the first to bring."""
    live = pa.table({"version": pa.array(list(cut.snapshot.live), pa.int64())})
    rows = engine.answer(_FIRST, _read(near) | {"asked": pa.table({"deal": deals}), "live": live})
    pairs = zip(rows["version"].to_pylist(), rows["documents"].to_pylist(), strict=True)
    return dict(pairs)


def _live_sorted(rows: pa.Table, cut: Cut) -> pa.Table:
    live = pa.array(list(cut.snapshot.live), pa.int64())
    keys = ("deal", "day", "kind", "doc_id", "version")
    rows = rows.filter(pc.is_in(rows["version"], live))
    return rows.sort_by([(key, "ascending") for key in keys])
