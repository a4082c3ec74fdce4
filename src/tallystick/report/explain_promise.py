"""A promise, a deal and their documents explained, each with the place in a file that it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from tallystick.evidence.ledger import Batch
from tallystick.promises.kinds import PROMISES
from tallystick.rating.policy import Scorecard
from tallystick.rating.terms import OWN
from tallystick.report import disagreement, figures
from tallystick.report.compose import source_of
from tallystick.report.explanation import Explanation
from tallystick.report.material import Made, Row
from tallystick.report.phrases import Phrases
from tallystick.report.standing import where
from tallystick.units import PPM, code_of

SOURCE_BITS: Final = tuple(1 << n for n in range(12))
"""Bits of a mask, each with words `x.source.<bit>` for who spoke (deals.link.SOURCE_BIT)."""

KINDS: Final = sum(SOURCE_BITS)
"""What of a mask says which kinds of contributors spoke; the bits above say which ones."""


def promise(
    p: Row, made: Made, batches: Mapping[int, Batch], documents: Sequence[Row], say: Phrases
) -> Explanation:
    """One promise: its outcome, what it weighs and why, its documents."""
    halves = used(made.policy.card(p["kind"]))
    return Explanation(
        figures.promise_id(p["deal"], p["kind"], p["item"]),
        _outcome(p, say),
        "\n".join((_dates(p, say), _strength(p, say), _weight(p, made, halves, say))),
        {
            "strength_ppm": p["strength_ppm"],
            "weight_micro": p["weight"],
            "broken_ppm": p["broken_ppm"],
            "witness": p["witness"],
            "value_cents": p["value_cents"],
        }
        | {f"decay{h}_ppm": p[f"w{h}"] for h in halves}
        | {f"e{h}_micro": mass_at(p, h) for h in halves}
        | {f"b{h}_micro": broken_of(p, h) for h in halves}
        | ({"related_ppm": p["related_ppm"]} if p["related_ppm"] else {}),
        tuple(document(row, batches, say) for row in behind(p, documents)),
    )


def _outcome(p: Row, say: Phrases) -> str:
    outcome = say(f"outcome.{p['outcome']}")
    if p["outcome"] == "late":
        return say("x.late", outcome=outcome, days=p["late_days"])
    if p["outcome"] == "partial":
        return say("x.partial", outcome=outcome, kept=f"{p['kept_ppm'] / 1e4:.1f} %")
    return outcome


def _dates(p: Row, say: Phrases) -> str:
    moved = ""
    if p["first_due_day"] not in (None, p["due_day"]):
        moved = say("x.first", day=figures.iso(p["first_due_day"]))
    return say(
        "x.dates",
        made=figures.iso(p["made_day"]),
        due=figures.iso(p["due_day"]) or "–",
        moved=moved,
        done=figures.iso(p["done_day"]) or "–",
        worth=figures.money(p["value_minor"], p["currency"]),
        fault=say("x.fault", who=say(f"x.party.{p['fault']}")) if p["fault"] else "",
    )


def _strength(p: Row, say: Phrases) -> str:
    spoke = [say(f"x.source.{bit}") for bit in SOURCE_BITS if p["mask"] & bit]
    link = ""
    if p["link_ppm"] != PPM:
        link = say("x.inferred", ppm=f"{p['link_ppm'] / PPM:.2f}")
    if p["related_ppm"]:
        link += say("x.related", left=f"{1 - p['related_ppm'] / PPM:.4f}")
    return say(
        "x.strength",
        who=say.joined(spoke or [say("x.source.none")]),
        link=link,
        strength=f"{p['strength_ppm'] / PPM:.4f}",
    )


def mass_at(p: Row, h: str) -> int:
    """What a promise weighs at a half-life, in micro-units, before the cap per counterparty."""
    return int(p["weight"] * p[f"w{h}"] // PPM) if p["counted"] else 0


def broken_of(p: Row, h: str) -> int:
    """How much of that is broken."""
    return int(mass_at(p, h) * p["broken_ppm"] // PPM)


def used(card: Scorecard) -> list[str]:
    """The half-lives that a card weighs; that of 180 days where it weighs none."""
    return [h for h, term in OWN.items() if getattr(card, term)] or ["180"]


def _weight(p: Row, made: Made, halves: Sequence[str], say: Phrases) -> str:
    if not p["counted"]:
        return say("x.not_counted")
    factor = p["weight"] / p["strength_ppm"] if p["strength_ppm"] else 0.0
    cents = p["value_cents"]
    decays = [f"× {p[f'w{h}'] / PPM:.4f} = {mass_at(p, h) / PPM:.6f}" for h in halves]
    if len(halves) > 1:
        decays = [f"{told} ({say(f'x.half.{h}')})" for told, h in zip(decays, halves, strict=True)]
    return say(
        "x.weighs",
        strength=f"{p['strength_ppm'] / PPM:.4f}",
        factor=f"{factor:.4f}",
        worth=say("x.worth_unknown") if cents is None else figures.money_usd(cents),
        age=made.as_of_day - p["matured_day"],
        decays=say.joined(decays),
        share=f"{p['broken_ppm'] / PPM:.2f}",
    )


def behind(p: Row, documents: Sequence[Row]) -> list[Row]:
    """The documents that made or settled a promise: of its deal and kinds, and of its item if it has one."""
    kind = PROMISES[p["kind"]]
    wanted = {*kind.made_by, *kind.settled_by}
    mine = [d for d in documents if d["deal"] == p["deal"] and d["kind"] in wanted]
    if p["item"]:
        return [d for d in mine if d["item"] in (None, p["item"])]
    return mine


def document(row: Row, batches: Mapping[int, Batch], say: Phrases) -> Explanation:
    """One document with its batch and the place in a file that it was read from."""
    source = source_of(row, batches)
    said = [figures.iso(row["day"]) or "–"]
    if row["amount_minor"] is not None:
        said.append(figures.money(row["amount_minor"], row["currency"]))
    if row["due_day"] is not None:
        said.append(say("x.due", day=figures.iso(row["due_day"])))
    said += [str(row[name]) for name in ("status", "reason") if row[name]]
    if _speaks_for(row, batches):
        said.append(say("x.speaks_for", who=say(f"x.source.{row['mask'] & KINDS}")))
    return Explanation(
        f"{say.paper(source.kind)} {source.document or ''}".strip(),
        ", ".join(said),
        say(
            "x.place",
            where=where(source.source, source.row),
            batch=source.batch,
            who=source.contributor,
            kind=say(f"who.{source.contributor_kind}"),
        ),
        {
            "doc_id": row["doc_id"],
            "source": source.source,
            "row": source.row,
            "batch": source.batch,
            "contributor": source.contributor,
        },
    )


def _speaks_for(row: Row, batches: Mapping[int, Batch]) -> bool:
    """Whether a contributor that is neither seller nor buyer counts as one of them, being related to it."""
    who, side = (
        batches[row["version"]].contributor,
        {1: "seller", 2: "buyer"}.get(row.get("mask", 0) & KINDS),
    )
    return side is not None and who.kind != "firm" and who.party != row[side]


def explain_promises(
    promises: Sequence[Row],
    names: Mapping[int, str],
    made: Made,
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
    say: Phrases,
) -> Explanation:
    """The promises of one id: as a rule one, or one for each company that made it."""
    nodes = []
    for p in promises:
        node = promise(p, made, batches, documents, say)
        nodes.append(
            replace(node, value=say("x.told", who=_parties(p, names, say), what=node.value))
        )
    if len(nodes) == 1:
        return nodes[0]
    return Explanation(nodes[0].title, say("x.promises", n=len(nodes)), children=tuple(nodes))


def explain_deal(
    deal: int,
    promises: Sequence[Row],
    breaks: Sequence[Row],
    names: Mapping[int, str],
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
    say: Phrases,
) -> Explanation:
    """The promises of a deal, where its documents disagree, and the documents."""
    told = [
        Explanation(
            figures.promise_id(p["deal"], p["kind"], p["item"]),
            _outcome(p, say),
            say("x.also", who=_parties(p, names, say), what=_dates(p, say)),
        )
        for p in promises
    ]
    disagree = [
        Explanation(
            say(
                "x.break",
                kind=say.either("break", row["kind"]),
                between=say.between(row["between_kinds"]),
            ),
            _disagreement(row, names, say),
        )
        for row in breaks
    ]
    papers = [document(row, batches, say) for row in documents]
    groups = (("promises", told), ("breaks", disagree), ("documents", papers))
    return Explanation(
        say("x.deal", code=code_of(deal, "D")),
        say("x.deal_value", papers=len(papers), promises=len(told), breaks=len(disagree)),
        children=tuple(
            Explanation(say(f"x.group.{group}"), str(len(nodes)), children=tuple(nodes))
            for group, nodes in groups
            if nodes
        ),
    )


def _disagreement(row: Row, names: Mapping[int, str], say: Phrases) -> str:
    first, second = disagreement.expected(row, names), disagreement.found(row, names, say)
    said = say("x.against", first=first, second=second) if second else str(first)
    who = disagreement.caused_by(row, say)
    return say("x.caused", said=said, who=who) if who else said


def _parties(p: Row, names: Mapping[int, str], say: Phrases) -> str:
    promisor, promisee = (
        names.get(company) or (code_of(company, "C") if company else say("x.unknown"))
        for company in (p["promisor"], p["promisee"])
    )
    return say("x.to", promisor=promisor, promisee=promisee)
