"""From material to blocks. Pure: the same material gives the same report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.evidence.ledger import Batch
from tallystick.promises.kinds import PROMISES
from tallystick.rating.reasons import reasons_of
from tallystick.rating.score import STEPS
from tallystick.report import blocks as b
from tallystick.report import disagreement, figures
from tallystick.report.concentration import concentration
from tallystick.report.material import Made, Material, Row
from tallystick.report.outlook import outlook
from tallystick.report.phrases import Phrases
from tallystick.report.proportion import wilson
from tallystick.report.related import related
from tallystick.report.standing import headline, meaning
from tallystick.report.survival import survival
from tallystick.units import PPM, code_of, day_of

SHOWN_AGAINST: Final = 12
SHOWN_NEWEST: Final = 12
SHOWN_BREAKS: Final = 20
SHOWN_STRUCK: Final = 20
DOTS: Final = 400
OUTCOMES: Final = ("kept", "late", "partial", "broken", "excused", "disputed", "open")


def compose(material: Material, lang: str = "en") -> b.Report:
    """The report in one language. Raises `ValueError` for a language that it does not speak."""
    say = Phrases(lang)
    shown = to_show(material.promises)
    sources = _sources(material, shown)
    head = headline(material, say)
    return b.Report(
        lang,
        (
            head,
            meaning(material, head, say),
            _reasons(material, say),
            _track_record(material, say),
            survival(material, say),
            concentration(material, say),
            _horizon(material, say),
            _promises(material, shown, sources, say),
            _breaks(material, say),
            _struck(material, say),
            related(material, say),
            outlook(material, head, say),
            _provenance(material, sources, say),
            _versions(material.made),
        ),
    )


def to_show(promises: pa.Table) -> list[dict[str, Any]]:
    """The promises worth a row each: those that weigh most against their promisor (marked `against`), then
    the newest. `promises`: of one company, PROMISE with the columns of 10_counted.sql."""
    broken = promises.filter(
        pc.and_(pc.equal(promises["counted"], 1), pc.greater(promises["broken_ppm"], 0))
    )
    against = broken.append_column("against", _mass(broken))
    rest = [("deal", "ascending"), ("kind", "ascending"), ("item", "ascending")]
    against = against.sort_by([("against", "descending"), *rest]).slice(0, SHOWN_AGAINST)
    newest = promises.sort_by([("made_day", "descending"), *rest]).slice(0, SHOWN_NEWEST)
    rows = [row | {"against": True} for row in against.drop_columns("against").to_pylist()]
    known = {_key(row) for row in rows}
    return rows + [row | {"against": False} for row in newest.to_pylist() if _key(row) not in known]


def _key(promise: Row) -> tuple[int, str, int]:
    return promise["deal"], promise["kind"], promise["item"]


def mass_of(promise: Row) -> int:
    """What a promise weighs in the record now, in micro-units, before the cap per counterparty."""
    return int(promise["weight"] * promise["w180"] // 1_000_000) if promise["counted"] else 0


def _mass(promises: pa.Table) -> pa.Array:
    return pa.array(
        [
            w * decay // 1_000_000 * broken // 1_000_000
            for w, decay, broken in zip(
                promises["weight"].to_pylist(),
                promises["w180"].to_pylist(),
                promises["broken_ppm"].to_pylist(),
                strict=True,
            )
        ],
        pa.int64(),
    )


def _reasons(material: Material, say: Phrases) -> b.Reasons:
    row = material.rating("headline")
    if row is None:
        return b.Reasons(0, ())
    lines, running = [], 0
    for reason in reasons_of(row):
        tenths = int(row["base_tenths" if reason.code == "base" else f"{reason.code}_tenths"])
        text = reason.chinese if say.lang == "zh" else reason.english
        lines.append(b.ReasonLine(reason.code, tenths, running, text))
        running += tenths
    assert running == row["base_tenths"] + sum(row[f"{code}_tenths"] for code in STEPS)
    return b.Reasons(int(row["score_tenths"]), tuple(lines))


def _track_record(material: Material, say: Phrases) -> b.TrackRecord:
    kinds = [row for row in material.ratings if row["scope"] == "kind"]
    order = list(PROMISES)
    kinds.sort(key=lambda row: order.index(row["kind"]))
    roles = [row for row in material.ratings if row["scope"] == "role"]
    return b.TrackRecord(
        tuple(_kind_row(row, material, say) for row in kinds),
        tuple(
            b.RoleRow(
                role=row["role"],
                text=say.either("role", row["role"]),
                grade=row["grade"],
                evidence_level=row["evidence_level"],
                broken_ppm=row["broken_ppm"],
                low_ppm=row["low_ppm"],
                high_ppm=row["high_ppm"],
            )
            for row in roles
        ),
        quarters(material.promises, material.made.policy.coverage_ppm),
    )


def _horizon(material: Material, say: Phrases) -> b.Horizon:
    order = ["", *PROMISES]
    rows = [row for row in material.horizons if row["scope"] != "role"]
    rows.sort(key=lambda row: (order.index(row["kind"]), row["days"]))
    return b.Horizon(
        tuple(
            b.HorizonRow(
                scope=row["scope"],
                name=row["kind"],
                text=say.kind(row["kind"]) if row["kind"] else say("horizon.all"),
                days=row["days"],
                promises_milli=row["promises_milli"],
                broken_ppm=row["broken_ppm"],
                low_ppm=row["low_ppm"],
                high_ppm=row["high_ppm"],
                kept_ppm=PPM - row["broken_ppm"],
            )
            for row in rows
        )
    )


def _kind_row(row: Row, material: Material, say: Phrases) -> b.KindRow:
    record = material.records[row["kind"]]
    counts = {outcome: int(row[f"n_{outcome}"]) for outcome in OUTCOMES}
    counted = sum(counts[outcome] for outcome in ("kept", "late", "partial", "broken"))
    return b.KindRow(
        kind=row["kind"],
        role=row["role"],
        text=say.kind(row["kind"]),
        grade=row["grade"],
        evidence_level=row["evidence_level"],
        broken_ppm=row["broken_ppm"],
        low_ppm=row["low_ppm"],
        high_ppm=row["high_ppm"],
        peers_ppm=round(material.steps[row["kind"]][2] * 1_000_000),
        score_tenths=row["score_tenths"],
        counts=counts,
        kept_ppm=counts["kept"] * 1_000_000 // counted if counted else None,
        late_days_p50=record["late_days_p50"],
        late_days_p90=record["late_days_p90"],
        counterparties=row["n_counterparties"],
        value_cents=row["value_cents"],
        last_day=figures.iso(row["last_day"]),
        last_broken_day=figures.iso(row["last_broken_day"]),
    )


def quarters(
    promises: pa.Table, coverage_ppm: int = 900_000, last: int = 12
) -> tuple[b.Quarter, ...]:
    """The last quarters in which promises fell due that count, with the empty ones between."""
    counted = promises.filter(pc.equal(promises["counted"], 1))
    if not len(counted):
        return ()
    days = counted["matured_day"].cast(pa.int32()).cast(pa.date32())
    number = pc.add(pc.multiply(pc.year(days), 4), pc.subtract(pc.quarter(days), 1))
    kept = pc.equal(counted["outcome"], "kept").cast(pa.int64())
    table = pa.table({"quarter": number, "kept": kept}).group_by("quarter", use_threads=False)
    table = table.aggregate([("kept", "sum"), ("kept", "count")])
    found = {row["quarter"]: row for row in table.to_pylist()}
    newest = max(found)
    first = max(min(found), newest - last + 1)
    sums = {q: (row["kept_count"], row["kept_sum"]) for q, row in found.items()}
    return tuple(
        b.Quarter(f"{q // 4} Q{q % 4 + 1}", counted, kept, *wilson(kept, counted, coverage_ppm))
        for q in range(first, newest + 1)
        for counted, kept in [sums.get(q, (0, 0))]
    )


def _promises(
    material: Material, shown: Sequence[Row], sources: Sequence[b.Source], say: Phrases
) -> b.Promises:
    notes: dict[str, list[int]] = {}
    for source in sources:
        notes.setdefault(source.deal, []).append(source.note)
    by_note = {source.note: source for source in sources}
    rows = []
    for p in shown:
        kind = PROMISES[p["kind"]]
        wanted = {*kind.made_by, *kind.settled_by}
        mine = [n for n in notes.get(code_of(p["deal"], "D"), []) if by_note[n].kind in wanted]
        rows.append(_promise_row(p, tuple(mine), material, say))
    return b.Promises(len(material.promises), tuple(rows), dots(material.promises))


def _promise_row(p: Row, notes: tuple[int, ...], material: Material, say: Phrases) -> b.PromiseRow:
    return b.PromiseRow(
        id=figures.promise_id(p["deal"], p["kind"], p["item"]),
        against=p["against"],
        kind=p["kind"],
        text=say.kind(p["kind"]),
        to=material.names.get(p["promisee"], "") or say("unknown_party"),
        made=figures.iso(p["made_day"]),
        due=figures.iso(p["due_day"]),
        done=figures.iso(p["done_day"]),
        outcome=p["outcome"],
        outcome_words=say(f"outcome.{p['outcome']}"),
        late_days=p["late_days"],
        value_minor=p["value_minor"],
        currency=p["currency"],
        strength_ppm=p["strength_ppm"],
        mass_micro=mass_of(p),
        documents=notes,
    )


def dots(promises: pa.Table) -> tuple[b.Dot, ...]:
    """The newest promises that have a due date, in its order."""
    due = promises.filter(pc.is_valid(promises["due_day"]))
    keys = [("due_day", "descending"), ("deal", "ascending"), ("kind", "ascending")]
    rows = due.sort_by(keys).slice(0, DOTS).select(["due_day", "done_day", "outcome"]).to_pylist()
    return tuple(
        b.Dot(
            row["due_day"],
            None if row["done_day"] is None else row["done_day"] - row["due_day"],
            row["outcome"],
        )
        for row in reversed(rows)
    )


def _breaks(material: Material, say: Phrases) -> b.Breaks:
    rows = [
        b.BreakRow(
            deal=code_of(row["deal"], "D"),
            kind=row["kind"],
            between=say.between(row["between_kinds"]),
            expected=disagreement.expected(row, material.names),
            found=disagreement.found(row, material.names, say),
            unit=row["unit"],
            caused_by=disagreement.caused_by(row, say),
        )
        for row in material.breaks[:SHOWN_BREAKS]
    ]
    return b.Breaks(len(material.breaks), tuple(rows))


def _struck(material: Material, say: Phrases) -> b.Struck:
    rows = [
        b.StruckRow(
            on=row["on"],
            kind=row["kind"],
            paper=say.paper(row["kind"]),
            number=row["number"],
            contributor=row["contributor"],
            reason=row["reason"],
            text=say.either("wrong", row["reason"]),
            why=row["why"],
        )
        for row in material.struck[:SHOWN_STRUCK]
    ]
    return b.Struck(len(material.struck), tuple(rows))


def _sources(material: Material, shown: Sequence[Row]) -> tuple[b.Source, ...]:
    """Documents that made or settled a promise that is shown, each once, numbered from 1."""
    wanted: dict[int, set[str]] = {}
    for p in shown:
        kind = PROMISES[p["kind"]]
        wanted.setdefault(p["deal"], set()).update(kind.made_by, kind.settled_by)
    rows = [row for row in material.documents if row["kind"] in wanted.get(row["deal"], ())]
    return tuple(source_of(row, material.batches, n) for n, row in enumerate(rows, start=1))


def source_of(row: Row, batches: Mapping[int, Batch], note: int = 0) -> b.Source:
    """Where a document came from; `row`: of `documents_of`."""
    batch = batches[row["version"]]
    return b.Source(
        note=note,
        deal=code_of(row["deal"], "D"),
        kind=row["kind"],
        document=row["number"],
        day=figures.iso(row["day"]),
        contributor=batch.contributor.name,
        contributor_kind=batch.contributor.kind,
        batch=batch.batch_id[:12],
        source=row["source"] or batch.source,
        row=row["row"],
    )


def _provenance(material: Material, sources: tuple[b.Source, ...], say: Phrases) -> b.Provenance:
    found: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for version, documents in material.documents_by_batch.items():
        batch = material.batches[version]
        who = (batch.contributor.name, batch.contributor.kind)
        total, batches = found.get(who, (0, []))
        found[who] = (total + documents, [*batches, batch.batch_id[:12]])
    rows = [
        b.ContributorRow(name, kind, say.either("who", kind), total, tuple(batches))
        for (name, kind), (total, batches) in found.items()
    ]
    rows.sort(key=lambda row: (-row.documents, row.name))
    return b.Provenance(sum(row.documents for row in rows), tuple(rows), sources)


def _versions(made: Made) -> b.Versions:
    return b.Versions(
        policy=made.policy.name,
        policy_digest=made.policy.digest(),
        rates=made.rates,
        code=made.code,
        cut=made.cut,
        as_of=day_of(made.as_of_day).isoformat(),
        known_at=figures.iso_moment(made.known_at_us),
    )
