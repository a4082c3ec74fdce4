"""LEI Level 1: who is who. One record is a `registration`, and a `profile` for each further name.

Idea: what a register says of a company's standing decides a grade, so only what says that the company has
been wound up becomes `dissolved`. A LAPSED LEI is a fee that was not paid; INACTIVE alone may be a merger.

Worked example: EntityStatus INACTIVE with EntityExpirationReason CORPORATE_ACTION is `lapsed`; with
DISSOLVED, or with a completed LIQUIDATION among the events, it is `dissolved`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.registers.numbers import by_authority
from tallystick.evidence.formats.registers.tree import Record, at, branch, many, text
from tallystick.evidence.said import PartySaid, Said

NAMESPACE: Final = "gleif"
_ENDED: Final = frozenset({"DISSOLUTION", "LIQUIDATION"})
_GOOD: Final = frozenset({"ISSUED", "PENDING_TRANSFER", "PENDING_ARCHIVAL"})
_ADDRESS: Final = (
    "FirstAddressLine",
    "AddressNumber",
    "AdditionalAddressLine",
    "City",
    "Region",
    "PostalCode",
    "Country",
)
_OTHER_NAMES: Final = (
    ("OtherEntityNames", "OtherEntityName"),
    ("TransliteratedOtherEntityNames", "TransliteratedOtherEntityName"),
)


def read_lei(record: Record) -> Iterator[Said]:
    """What an `LEIRecord` says."""
    lei, entity = at(record, "LEI") or "", branch(record, "Entity")
    country = country_of(entity)
    entry = _registration(record, lei, country)
    yield entry
    for kind, name in _further_names(entity):
        parties = {role: party for role, party in entry.parties.items() if role != "recipient"}
        parties["subject"] = _also_named(entry.parties["subject"], name)
        yield replace(
            entry,
            kind="profile",
            number=f"{lei} {kind} {name}"[:200],
            due_on=None,
            status=None,
            reason=kind,
            note=None,
            parties=parties,
        )


def _also_named(subject: PartySaid, name: str) -> PartySaid:
    details = (subject.details or Details())._replace(other_names=(name,))
    return replace(subject, details=details)


def country_of(entity: Record | None) -> str | None:
    """Where a company is registered, else where its legal address is."""
    found = at(entity, "LegalJurisdiction", "LegalAddress/Country")
    return found[:2].upper() if found else None


def deleted_at(record: Record) -> str | None:
    """When the register took a record out, where a delta file says so."""
    return at(record, "Extension/Deletion/DeletedAt", "Deletion/DeletedAt")


def lou(record: Record) -> dict[str, PartySaid]:
    """The issuer of LEIs that keeps the record, as the issuer of the statement."""
    lei = at(record, "Registration/ManagingLOU")
    return {"issuer": PartySaid(ids=[("lei", lei)])} if lei else {}


def _registration(record: Record, lei: str, country: str | None) -> Said:
    entity, entry = branch(record, "Entity"), branch(record, "Registration")
    parties = lou(record)
    ids = _ids(entity, lei, country)
    parties["subject"] = PartySaid(at(entity, "LegalName"), country, ids, _details(entity))
    if successor := at(entity, "SuccessorEntity/SuccessorLEI"):
        parties["recipient"] = PartySaid(ids=[("lei", successor)])
    gone = deleted_at(record)
    return Said(
        "registration",
        action="retract" if gone else "state",
        number=lei or None,
        namespace=NAMESPACE,
        issued_on=at(entry, "InitialRegistrationDate"),
        happened_at=gone or at(entry, "LastUpdateDate"),
        due_on=_renewal(entry),
        status=_status(entity, entry),
        reason=_reason(entity, entry),
        note=_note(entity),
        parties=parties,
    )


def _details(entity: Record | None) -> Details | None:
    addresses = [_address(branch(entity, name)) for name in ("LegalAddress", "HeadquartersAddress")]
    told = Details(
        tuple(dict.fromkeys(text for text in addresses if text)),
        founded=at(entity, "EntityCreationDate"),
    )
    return told if any(told.texts()) else None


def _renewal(entry: Record | None) -> str | None:
    """The date of renewal; one before the first registration (seen in records taken over) says nothing."""
    due, made = at(entry, "NextRenewalDate"), at(entry, "InitialRegistrationDate")
    return None if due and made and due[:10] < made[:10] else due


def _ids(entity: Record | None, lei: str, country: str | None) -> list[tuple[str, str]]:
    """The LEI and the number in the national register. Where there is none, the number of the record stands
    in: the shown name of a company is the one said with most identifiers, and that is its legal name."""
    base = "RegistrationAuthority"
    number = by_authority(
        at(entity, f"{base}/RegistrationAuthorityID"),
        at(entity, f"{base}/RegistrationAuthorityEntityID"),
        country,
    )
    return [("lei", lei), *(number or [("id:gleif.record", lei)])]


def _status(entity: Record | None, entry: Record | None) -> str | None:
    state, standing = at(entity, "EntityStatus"), at(entry, "RegistrationStatus")
    if state == "INACTIVE":
        return "dissolved" if _wound_up(entity) else "lapsed"
    if state == "ACTIVE" and standing in _GOOD:
        return "active"
    return "lapsed" if standing and standing not in _GOOD else None


def _wound_up(entity: Record | None) -> bool:
    """Whether the record says so itself; a company that passed into a successor was not wound up."""
    if branch(entity, "SuccessorEntity") is not None:
        return False
    return at(entity, "EntityExpirationReason") == "DISSOLVED" or bool(_endings(entity))


def _endings(entity: Record | None) -> list[str]:
    """Dissolution or liquidation among the events of a company, once complete."""
    events = _items(branch(entity, "LegalEntityEvents"), "LegalEntityEvent")
    return [
        kind
        for event in events
        if (kind := at(event, "LegalEntityEventType")) in _ENDED
        and at(event, "@event_status", "event_status", "EventStatus") in (None, "COMPLETED")
    ]


def _reason(entity: Record | None, entry: Record | None) -> str | None:
    """The codes of the register itself, so that what `status` condenses can be read."""
    found = (
        at(entity, "EntityStatus"),
        at(entity, "EntityExpirationReason"),
        at(entry, "RegistrationStatus"),
        *_endings(entity),
    )
    return " ".join(code for code in found if code) or None


def _note(entity: Record | None) -> str | None:
    """Legal form, category and addresses, which have no field of their own."""
    told = {
        "legal address": _address(branch(entity, "LegalAddress")),
        "headquarters": _address(branch(entity, "HeadquartersAddress")),
        "category": at(entity, "EntityCategory"),
        "legal form": at(entity, "LegalForm/EntityLegalFormCode"),
        "successor": at(entity, "SuccessorEntity/SuccessorEntityName"),
    }
    return "; ".join(f"{what}: {value}" for what, value in told.items() if value) or None


def _address(address: Record | None) -> str | None:
    if not isinstance(address, dict):
        return None
    lines = [t for part in _ADDRESS for v in many(address.get(part)) if (t := text(v))]
    return ", ".join(lines) or None


def _items(holder: object, name: str) -> list[object]:
    """Members of a list, whether it wraps them (`{name: [...]}`) or stands bare."""
    return [
        member
        for item in many(holder)
        for member in (many(item[name]) if isinstance(item, dict) and name in item else [item])
    ]


def _further_names(entity: Record | None) -> Iterator[tuple[str, str]]:
    """(type, name) of each name beside the legal one, each once."""
    seen = {at(entity, "LegalName")}
    for holder, member in _OTHER_NAMES:
        for item in many(branch(entity, holder)):
            outer = at(item, "@type", "type") if isinstance(item, dict) else None
            for name in _items(item, member):
                shown = text(name)
                if shown and shown not in seen:
                    seen.add(shown)
                    kind = at(name, "@type", "type") if isinstance(name, dict) else None
                    yield (kind or outer or "OTHER_NAME"), shown
