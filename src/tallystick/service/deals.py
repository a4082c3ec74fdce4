"""Deals, and how much of one somebody may see.

Buyer and seller see their deal whole, as do operators and auditors. A carrier, bank, insurer or warehouse sees
the documents that name it and the promises that it made or was made, since what the goods cost is none of its
business; a contributor sees what it handed in. Where nothing is left, the deal is not there.

Worked example: of a deal of twelve documents a carrier sees two transport events and its promise to arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tallystick.adapters.dealing import gather_deal
from tallystick.adapters.store.accounts import Account
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import EvidenceError
from tallystick.promises.kinds import PROMISES
from tallystick.report import DealMaterial, Timeline, timeline
from tallystick.service import views
from tallystick.service.live import Service
from tallystick.service.looking import cut_of, dealings
from tallystick.units import code_of, day_of

_PRINCIPALS: Final = ("buyer", "seller")
Row = Mapping[str, Any]


def seen_by(
    material: DealMaterial, company: int | None, contributor: str | None
) -> tuple[DealMaterial, str] | None:
    """What of a deal a company or a contributor may see, and `whole` or `part`; None where it is nothing."""
    documents = material.documents
    if company and any(row.get(role) == company for row in documents for role in _PRINCIPALS):
        return material, "whole"

    def shown(row: Row) -> bool:
        named = company and any(row.get(role) == company for role in ROLES)
        batch = material.batches.get(row["version"])
        handed = contributor and batch is not None and batch.contributor.name == contributor
        return bool(named or handed)

    kept = [row for row in documents if shown(row)]
    sides = ("promisor", "promisee")
    promises = [p for p in material.promises if company and company in [p[side] for side in sides]]
    if not kept and not promises:
        return None
    told = {row[role] for row in kept for role in ROLES if row.get(role)}
    told |= {promise[side] for promise in promises for side in sides}
    names = {key: name for key, name in material.names.items() if key in told}
    return (
        replace(material, documents=kept, promises=promises, breaks=[], inferred=[], names=names),
        "part",
    )


def look(
    service: Service, code: str, lang: str, account: Account, everything: bool, purpose: str
) -> tuple[Timeline, str] | None:
    """A deal as a timeline, as far as an account may see it (`everything`: whole), and `whole` or `part`; None
    where there is no such deal or nothing to see. The look is logged for both sides before it is shown."""
    cut = cut_of(service)
    try:
        with service.book.reading() as engine:
            found = gather_deal(code, cut, engine, service.book.batches())
    except EvidenceError:
        return None
    whole = (found, "whole")
    shown = whole if everything else seen_by(found, account.company, account.contributor)
    if shown is None:
        return None
    sides = {row[side] for row in found.documents for side in _PRINCIPALS if row.get(side)}
    for company in sorted(sides) if everything else [account.company]:
        views.note(service, account, f"deal {code}", purpose, company)
    return timeline(shown[0], lang), shown[1]


def of_company(service: Service, company: int, begin: int, limit: int) -> dict[str, Any]:
    """A page of the deals in which a company promised something or was promised, newest first."""
    by_deal: dict[int, list[dict[str, Any]]] = {}
    for row in dealings(service, company):
        by_deal.setdefault(row["deal"], []).append(row)
    lines = [_line(deal, company, some) for deal, some in by_deal.items()]
    lines.sort(key=lambda line: (line["begun_on"] or "", line["deal"]), reverse=True)
    more = str(begin + limit) if begin + limit < len(lines) else None
    return {"items": lines[begin : begin + limit], "next": more}


def _line(deal: int, company: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    days = [row["made_day"] for row in rows if row["made_day"] is not None]
    own = {PROMISES[row["kind"]].role for row in rows if row["promisor"] == company}
    others = {row[side] for row in rows for side in ("promisor", "promisee")} - {company, 0}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    return {
        "deal": code_of(deal, "D"),
        "begun_on": day_of(min(days)).isoformat() if days else None,
        "roles": sorted(own),
        "counterparties": sorted(code_of(other, "C") for other in others),
        "promises": dict(sorted(counts.items())),
    }
