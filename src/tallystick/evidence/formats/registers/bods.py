"""BODS ownership statements: entities, persons as pseudonyms, and who holds what share of whom.

Idea: a statement names others by their record, so each entity and person is known by a hash of publisher
and record id; an entity has its register numbers beside it, and identity joins the two. Of a person
nothing but the hash is kept. An entity is a `profile`, a relationship an `ownership`.

Worked example: interests `[{"type": "shareholding", "share": {"exact": 25}}]` yield score "0.25", reason
"shareholding". `recordStatus` updated is a correction, closed a retraction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.registers.numbers import by_scheme
from tallystick.evidence.formats.registers.tree import Record, at, branch, many, text
from tallystick.evidence.said import PartySaid, Said

_ACTIONS: Final = {"updated": "correct", "closed": "retract"}
_OLD_KINDS: Final = {
    "entityStatement": "entity",
    "personStatement": "person",
    "ownershipOrControlStatement": "relationship",
}


def read_bods(record: Record) -> Iterator[Said]:
    """What a statement says, of version 0.4 or of 0.2 and 0.3. Nothing for a type that is not known."""
    kind = at(record, "recordType") or _OLD_KINDS.get(at(record, "statementType") or "")
    if kind in ("entity", "person"):
        yield from _entity(record, kind == "person")
    elif kind == "relationship":
        yield from _relationship(record)


def _base(record: Record, kind: str) -> Said:
    return Said(
        kind,
        action=_ACTIONS.get(at(record, "recordStatus") or "", "state"),
        number=_pseudonym(record, _own_id(record)),
        namespace="bods",
        issued_on=at(record, "statementDate", "publicationDetails/publicationDate"),
    )


def _own_id(record: Record) -> str | None:
    return at(record, "recordId", "statementId", "statementID")


def _pseudonym(record: Record, name: str | None) -> str | None:
    """A record id as a hash: it may hold a person's name, and is unique within its publisher only."""
    if name is None:
        return None
    publisher = at(record, "publicationDetails/publisher/name") or ""
    return hashlib.sha256(f"{publisher}\x1f{name}".encode()).hexdigest()[:32]


def _party(record: Record, name: str | None) -> PartySaid:
    hashed = _pseudonym(record, name)
    return PartySaid(ids=[("id:bods.record", hashed)] if hashed else [])


def _entity(record: Record, person: bool) -> Iterator[Said]:
    subject = _party(record, _own_id(record))
    said = replace(_base(record, "profile"), reason="person" if person else "entity")
    told = branch(record, "recordDetails") or record
    if not person:
        code = at(told, "jurisdiction/code", "incorporatedInJurisdiction/code")
        subject.country = code[:2].upper() if code else None
        subject.name = at(told, "name")
        subject.details = _details(told)
        for item in many(told.get("identifiers")):
            scheme, number = at(item, "scheme"), at(item, "id")
            subject.ids += by_scheme(scheme, at(item, "schemeName"), number, subject.country)
    said.parties = {"subject": subject}
    yield said
    yield from _replaced(record, said)
    ended = None if person else at(told, "dissolutionDate")
    if ended and said.issued_on and ended[:10] <= said.issued_on[:10]:
        yield replace(said, kind="registration", status="dissolved", reason=f"dissolved {ended}")


def _details(told: Record) -> Details | None:
    uri = at(told, "uri")
    found = Details(
        tuple(dict.fromkeys(line for a in many(told.get("addresses")) if (line := _address(a)))),
        domains=(uri,) if uri else (),
        other_names=tuple(name for n in many(told.get("alternateNames")) if (name := text(n))),
        founded=at(told, "foundingDate"),
    )
    return found if any(found.texts()) else None


def _address(address: Any) -> str | None:
    """An address in one line; None where no more than its country is given."""
    lines = [at(address, "address"), at(address, "postCode", "postcode")]
    country = at(address, "country/code", "country/name", "country")
    return ", ".join(line for line in (*lines, country) if line) if any(lines) else None


def _replaced(record: Record, said: Said) -> Iterator[Said]:
    """Retractions of what a statement of 0.2 or 0.3 replaces."""
    for old in many(record.get("replacesStatements")):
        yield replace(said, action="retract", number=_pseudonym(record, str(old)))


def _relationship(record: Record) -> Iterator[Said]:
    told = branch(record, "recordDetails") or record
    interests = [i for i in many(told.get("interests")) if isinstance(i, dict)]
    said = _base(record, "ownership")
    said.reason = ",".join(sorted({t for i in interests if (t := at(i, "type"))}))[:200] or None
    said.score = _score(interests)
    ended = [at(i, "endDate") for i in interests]
    said.status = "ended" if ended and all(ended) else "active"
    said.note = _periods(interests)
    said.parties = {"subject": _party(record, _other(told.get("subject")))}
    owner = _party(record, _other(told.get("interestedParty")))
    why = at(told, "interestedParty/reason", "interestedParty/unspecified/reason")
    if owner.ids:
        said.parties["issuer"] = owner
    elif why:  # why nobody is named, as an exception of GLEIF says it
        said.status, said.reason = "exception", why[:200]
    yield said
    yield from _replaced(record, said)


def _other(value: Any) -> str | None:
    """The record that a relationship names; None where it says why it names none."""
    if isinstance(value, dict):
        return at(value, "describedByEntityStatement", "describedByPersonStatement")
    return value if isinstance(value, str) else None


def _score(interests: list[Record]) -> str | None:
    """The largest share, 0 to 1: exact, else the least that a range promises."""
    shares = [at(i, "share/exact", "share/minimum", "share/exclusiveMinimum") for i in interests]
    try:
        found = [Decimal(share) for share in shares if share]
    except InvalidOperation:
        return next(share for share in shares if share)
    return str(max(found) / 100) if found and max(found).is_finite() else None


def _periods(interests: list[Record]) -> str | None:
    told = [
        f"{at(i, 'type') or 'interest'} {(at(i, 'startDate') or '…')[:10]}"
        f" to {(at(i, 'endDate') or '…')[:10]}"
        for i in interests
    ]
    return "; ".join(told)[:4000] or None
