"""Judging who is who: from what a person types to a judgement, what it would do, and how a company came to be.

Worked example: `judge same id:tradeport.member:17 lei:5299…` becomes a document of the kind `identity` whose
subject and recipient bear those identifiers. Before it is handed in, the same document on top of the
evidence shows which ratings it would move.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.ledger.tables import some_documents, some_parties
from tallystick.evidence.details import by_another_name
from tallystick.evidence.identifiers import describe, split_ref
from tallystick.evidence.ledger import EvidenceError, Snapshot, Staged
from tallystick.evidence.said import PartySaid, Said
from tallystick.evidence.schema import STORED, STORED_PARTY
from tallystick.evidence.sentences import say
from tallystick.identity import BY_PERSON, VERDICTS
from tallystick.units import hash64


def party_meant(text: str, cut: Cut, company: int | None) -> PartySaid:
    """The description that an identifier `scheme:value`, `name:…|CC` as `how` shows it, or else the company
    with the key `company` means."""
    scheme, value = split_ref(text)
    if scheme == "name":
        told = _described(cut, {hash64(text)}).get(hash64(text))
        if told is None:
            raise EvidenceError(say("nobody", text=text))
        return PartySaid(told["name"], told["country"])
    row = describe(None, None, [(scheme, value)]) if value else None
    if row is not None:
        return PartySaid(ids=[split_ref(row.ref)])
    if company is None:
        raise EvidenceError(say("nothing-meant", text=text))
    ref = _rows(cut, "companies", [company])[0]["ref"]
    return party_meant(ref, cut, None)


def judgement(a: PartySaid, b: PartySaid, verdict: str, why: str, at: datetime) -> Said:
    """The document that says so. Raises `EvidenceError` for what is no judgement."""
    if verdict not in VERDICTS:
        raise EvidenceError(say("verdict", verdict=verdict, allowed=", ".join(VERDICTS)))
    if not why.strip():
        raise EvidenceError(say("judge-why"))
    left, right = (describe(p.name, p.country, p.ids) for p in (a, b))
    if left is None or right is None or left.party == right.party:
        raise EvidenceError(say("judge-two"))
    return Said(
        "identity",
        happened_at=at.isoformat(),
        status=verdict,
        note=why,
        parties={"subject": a, "recipient": b},
    )


def supposing(snapshot: Snapshot, staged: Staged) -> Snapshot:
    """The state of the evidence as it would be with a small batch more."""
    version = max(snapshot.live, default=0) + 1
    if not isinstance(staged.documents, pa.Table) or not isinstance(staged.parties, pa.Table):
        raise EvidenceError("only a batch that fits in memory can be supposed")
    fields = {"version": version, "duplicate": False}
    documents = _with(staged.documents, fields).select(STORED.names).cast(STORED)
    parties = _with(staged.parties, fields).select(STORED_PARTY.names).cast(STORED_PARTY)
    return replace(
        snapshot,
        inbox_documents=pa.concat_tables([snapshot.inbox_documents.cast(STORED), documents]),
        inbox_parties=pa.concat_tables([snapshot.inbox_parties.cast(STORED_PARTY), parties]),
        live={**snapshot.live, version: staged.contributor},
    )


def _with(table: pa.Table, values: dict[str, Any]) -> pa.Table:
    for name, value in values.items():
        table = table.append_column(name, pa.array([value] * len(table)))
    return table


def moved(before: Cut, after: Cut) -> list[dict[str, Any]]:
    """Headline ratings that differ between two cuts: company, and grade and broken_ppm before and after
    (None where there is no such company), by company."""
    told: dict[int, dict[str, Any]] = {}
    for when, cut in (("before", before), ("after", after)):
        rows = cut.read("ratings", ["company", "scope", "grade", "broken_ppm"])
        for row in rows.filter(pc.equal(rows["scope"], "headline")).to_pylist():
            mine = told.setdefault(row["company"], {"company": row["company"]})
            mine[f"grade_{when}"], mine[f"broken_ppm_{when}"] = row["grade"], row["broken_ppm"]
    out = []
    for key in sorted(told):
        blank = dict.fromkeys(
            ("grade_before", "grade_after", "broken_ppm_before", "broken_ppm_after")
        )
        row = {"company": key} | blank | told[key]
        if (row["grade_before"], row["broken_ppm_before"]) != (
            row["grade_after"],
            row["broken_ppm_after"],
        ):
            out.append(row)
    return out


def history(cut: Cut, company: int, judged: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """How a company came to be: one row per description or identifier that means it, the strongest first.

    Each has ref, name, country, `bad_ids` (identifiers with wrong check digits, which nothing is matched by),
    `reason` (why it is this company), `detail`, and where a person judged `by`, `day` and `why`, out of
    `judged` (documents of judgements by their id). Refused joins of its members follow.
    """
    merged = _rows(cut, "merged", [company])
    members = {company, *(row["party"] for row in merged)}
    about = cut.rows("judgements", "party", pa.array(sorted(members), pa.int64())).to_pylist()
    described = _described(cut, members)
    described |= _named(cut, company, members - set(described))
    _tell_bad_ids(cut.snapshot, described)
    reasons = {row["party"]: row for row in about if row["company"] == company}
    refused = [row for row in about if row["company"] != company]
    out = []
    for party in sorted(members, key=lambda key: (key != company, described[key]["ref"])):
        row = reasons.get(party, {"reason": "its strongest reference", "detail": ""})
        out.append(_told(described[party], row, judged))
    for row in refused:
        out.append(_told(described[row["party"]], row, judged))
    return out


def judged_by(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """Who judged, on which day and why, by the id of the judgement's document."""
    operators = [version for version, who in snapshot.live.items() if who.kind == "operator"]
    if not operators:  # as in most books: no document need be looked at
        return {}
    columns = ["doc_id", "happened_at", "note", "version"]
    kind = (pc.field("kind") == "identity") & pc.field("version").isin(operators)
    out: dict[str, dict[str, Any]] = {}
    for table in some_documents(snapshot, columns, kind):
        for row in table.to_pylist():
            at = row["happened_at"]
            out[row["doc_id"]] = {
                "by": snapshot.live[row["version"]].name,
                "day": at.date().isoformat() if at is not None else None,
                "why": row["note"],
            }
    return out


def _told(
    party: dict[str, Any], row: dict[str, Any], judged: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    told = party | {"reason": row["reason"], "detail": row["detail"]}
    return told | judged.get(row["detail"].removeprefix(BY_PERSON), {})


def _described(cut: Cut, members: set[int]) -> dict[int, dict[str, Any]]:
    """What the members are called in the descriptions that have them by name."""
    rows = cut.rows("parties", "party", pa.array(sorted(members), pa.int64())).to_pylist()
    rows.sort(
        key=lambda row: (
            row["party"],
            by_another_name(row["traits"]),
            row["name"] or "￿",
            row["country"] or "",
        )
    )
    out: dict[int, dict[str, Any]] = {}
    for row in rows:
        out.setdefault(row["party"], {name: row[name] for name in ("ref", "name", "country")})
    return out


def _named(cut: Cut, company: int, keys: set[int]) -> dict[int, dict[str, Any]]:
    """Members that are identifiers of others and described by no document of their own."""
    refs = {hash64(ref): ref for ref in _rows(cut, "companies", [company])[0]["ids"]}
    return {key: {"ref": refs.get(key, ""), "name": None, "country": None} for key in keys}


def _tell_bad_ids(snapshot: Snapshot, described: dict[int, dict[str, Any]]) -> None:
    """Add to what is told of each description the identifiers that cannot be right."""
    among = pc.field("party").isin(pa.array(sorted(described), pa.int64()))
    columns = ["party", "bad_ids", "version"]
    bad: dict[int, set[str]] = {party: set() for party in described}
    for table in some_parties(snapshot, columns, among):
        for row in table.to_pylist():
            if row["version"] in snapshot.live:
                bad[row["party"]].update(row["bad_ids"])
    for party, told in described.items():
        told["bad_ids"] = sorted(bad[party])


def _rows(cut: Cut, table: str, companies: list[int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cut.rows(
        table, "company", pa.array(companies, pa.int64())
    ).to_pylist()
    return found
