"""A promise, a deal and their documents explained, each with the place in a file that it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tallystick.evidence.ledger import Batch
from tallystick.promises.kinds import PROMISES
from tallystick.report import figures
from tallystick.report.compose import mass_of, reading, source_of
from tallystick.report.explanation import Explanation
from tallystick.report.material import Made, Row
from tallystick.report.standing import where
from tallystick.units import PPM, code_of

SOURCES: Final = {
    1: "the seller",
    2: "the buyer",
    4: "a marketplace",
    8: "a bank or payment service",
    16: "a carrier",
    32: "an insurer",
    64: "customs",
    128: "a court",
    256: "a registry",
    512: "an inspector",
    1024: "a warehouse",
    2048: "another firm",
}
"""Bit of a mask -> who spoke (deals.link.SOURCE_BIT)."""


def promise(
    p: Row,
    names: Mapping[int, str],
    made: Made,
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
) -> Explanation:
    """One promise: its outcome, what it weighs and why, its documents."""
    return Explanation(
        figures.promise_id(p["deal"], p["kind"], p["item"]),
        _outcome(p),
        "\n".join((_dates(p), _strength(p), _weight(p, made))),
        {
            "strength_ppm": p["strength_ppm"],
            "weight_micro": p["weight"],
            "decay_ppm": p["w180"],
            "mass_micro": mass_of(p),
            "broken_micro": mass_of(p) * p["broken_ppm"] // PPM,
            "value_cents": p["value_cents"],
        },
        tuple(document(row, batches) for row in behind(p, documents)),
    )


def _outcome(p: Row) -> str:
    late = f" by {p['late_days']} days" if p["outcome"] == "late" else ""
    part = f", {p['kept_ppm'] / 1e4:.1f} % of it kept" if p["outcome"] == "partial" else ""
    return f"{p['outcome']}{late}{part}"


def _dates(p: Row) -> str:
    moved, worth = "", figures.money(p["value_minor"], p["currency"])
    if p["first_due_day"] not in (None, p["due_day"]):
        moved = f" (first {figures.iso(p['first_due_day'])})"
    fault = f"; at fault: {p['fault']}" if p["fault"] else ""
    return (
        f"made {figures.iso(p['made_day'])}, due {figures.iso(p['due_day']) or '–'}{moved}, "
        f"done {figures.iso(p['done_day']) or '–'}; worth {worth}{fault}"
    )


def _strength(p: Row) -> str:
    spoke = [who for bit, who in SOURCES.items() if p["mask"] & bit] or ["one side"]
    link = ""
    if p["link_ppm"] != PPM:
        link = f" × {p['link_ppm'] / PPM:.2f} for a link that was inferred"
    return f"confirmed by {', '.join(spoke)}{link}: strength {p['strength_ppm'] / PPM:.4f}"


def _weight(p: Row, made: Made) -> str:
    if not p["counted"]:
        return "does not count: it is open, excused, disputed or not yet due"
    factor = p["weight"] / p["strength_ppm"] if p["strength_ppm"] else 0.0
    age = made.as_of_day - p["matured_day"]
    share = p["broken_ppm"] / PPM
    worth = "unknown" if p["value_cents"] is None else figures.money_usd(p["value_cents"])
    return (
        f"weighs {p['strength_ppm'] / PPM:.4f} × {factor:.4f} (value {worth}) × {p['w180'] / PPM:.4f} "
        f"({age} days old) = {mass_of(p) / PPM:.6f}, {share:.2f} of it broken"
    )


def behind(p: Row, documents: Sequence[Row]) -> list[Row]:
    """The documents that made or settled a promise: of its deal and kinds, and of its item if it has one."""
    kind = PROMISES[p["kind"]]
    wanted = {*kind.made_by, *kind.settled_by}
    mine = [d for d in documents if d["deal"] == p["deal"] and d["kind"] in wanted]
    if p["item"]:
        return [d for d in mine if d["item"] in (None, p["item"])]
    return mine


def document(row: Row, batches: Mapping[int, Batch]) -> Explanation:
    """One document with its batch and the place in a file that it was read from."""
    source = source_of(row, batches)
    said = [figures.iso(row["day"]) or "–"]
    if row["amount_minor"] is not None:
        said.append(figures.money(row["amount_minor"], row["currency"]))
    if row["due_day"] is not None:
        said.append(f"due {figures.iso(row['due_day'])}")
    said += [str(row[name]) for name in ("status", "reason") if row[name]]
    return Explanation(
        f"{source.kind} {source.document or ''}".strip(),
        ", ".join(said),
        f"{where(source.source, source.row)}, batch {source.batch} of {source.contributor} "
        f"({source.contributor_kind})",
        {
            "doc_id": row["doc_id"],
            "source": source.source,
            "row": source.row,
            "batch": source.batch,
            "contributor": source.contributor,
        },
    )


def explain_promises(
    promises: Sequence[Row],
    names: Mapping[int, str],
    made: Made,
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
) -> Explanation:
    """The promises of one id: as a rule one, or one for each company that made it."""
    nodes = []
    for p in promises:
        node = promise(p, names, made, batches, documents)
        who = f"{_name(p['promisor'], names)} to {_name(p['promisee'], names)}"
        nodes.append(
            Explanation(
                node.title, f"{who}: {node.value}", node.formula, node.numbers, node.children
            )
        )
    if len(nodes) == 1:
        return nodes[0]
    return Explanation(nodes[0].title, f"{len(nodes)} promises", children=tuple(nodes))


def explain_deal(
    deal: int,
    promises: Sequence[Row],
    breaks: Sequence[Row],
    names: Mapping[int, str],
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
) -> Explanation:
    """The promises of a deal, where its documents disagree, and the documents."""
    told = [
        Explanation(
            figures.promise_id(p["deal"], p["kind"], p["item"]),
            _outcome(p),
            f"{_name(p['promisor'], names)} to {_name(p['promisee'], names)}; {_dates(p)}",
        )
        for p in promises
    ]
    disagree = [
        Explanation(
            f"{row['kind']}: {row['between_kinds']}",
            f"{reading(row['kind'], row['expected'], row['unit']) or row['unit']} against "
            f"{reading(row['kind'], row['found'], row['unit']) or '–'}",
        )
        for row in breaks
    ]
    papers = [document(row, batches) for row in documents]
    groups = (("promises", told), ("documents disagree", disagree), ("documents", papers))
    return Explanation(
        f"deal {code_of(deal, 'D')}",
        f"{len(papers)} documents, {len(told)} promises, {len(disagree)} disagreements",
        children=tuple(
            Explanation(title, str(len(nodes)), children=tuple(nodes))
            for title, nodes in groups
            if nodes
        ),
    )


def _name(company: int, names: Mapping[int, str]) -> str:
    return names.get(company) or (code_of(company, "C") if company else "an unknown party")
