"""Answers of GLEIF's own interface (JSON:API) as the records of its files, which the readers know.

Idea: the interface says the same as the golden copies in other names. A table of paths turns a resource into
the record that LEI-CDF, RR-CDF or the reporting exceptions have for it, and that is read.

>>> of_resource({"attributes": {"lei": "A", "entity": {"status": "ACTIVE"}}})
{'LEI': 'A', 'Entity': {'EntityStatus': 'ACTIVE'}, 'Registration': {}}

Source: GLEIF API 1, resources lei-records, relationship-records and reporting-exceptions, as it answers; older
answers spell some members as the files do (`relationshipType`, `exceptionCategory`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tallystick.evidence.formats.registers.tree import Record, branch, many, text

_TYPES: Final = "lei-records relationship-records reporting-exceptions"
MARKS: Final = tuple(f'"{name}"'.encode() for name in _TYPES.split())
"""Types of resources, by one of which an answer is recognised."""

WRAPPED: Final = re.compile(r'\s*\{.{0,20000}?"data"\s*:\s*\[', re.DOTALL)
"""An answer up to the list of its resources."""

_PUBLISHED: Final = re.compile(rb'"publishDate"\s*:\s*"([^"\\]{1,40})"')

_ENTITY: Final = {
    "LegalJurisdiction": "jurisdiction",
    "EntityCategory": "category",
    "EntityStatus": "status",
    "EntityCreationDate": "creationDate",
    "EntityExpirationReason": "expiration/reason",
    "LegalForm/EntityLegalFormCode": "legalForm/id",
    "RegistrationAuthority/RegistrationAuthorityID": "registeredAt/id",
    "RegistrationAuthority/RegistrationAuthorityEntityID": "registeredAs",
    "SuccessorEntity/SuccessorLEI": "successorEntity/lei",
    "SuccessorEntity/SuccessorEntityName": "successorEntity/name",
}
_ADDRESS: Final = {
    "AddressNumber": "addressNumber",
    "City": "city",
    "Region": "region",
    "PostalCode": "postalCode",
    "Country": "country",
}
_REGISTRATION: Final = {
    "InitialRegistrationDate": "initialRegistrationDate",
    "LastUpdateDate": "lastUpdateDate",
    "NextRenewalDate": "nextRenewalDate",
    "RegistrationStatus": "status",
    "ManagingLOU": "managingLou",
}
_NODE: Final = {"NodeID": ("id", "nodeID"), "NodeIDType": ("type", "nodeIDType")}
_PERIOD: Final = {
    "StartDate": ("startDate",),
    "EndDate": ("endDate",),
    "PeriodType": ("type", "periodType"),
}


def published(head: bytes) -> str | None:
    """When the golden copy was published that an answer was made from, out of its first bytes."""
    found = _PUBLISHED.search(head)
    return found.group(1).decode("utf-8", "replace") if found else None


def resources(record: Any) -> Iterator[Any]:
    """The resources that a record holds: itself, or what stands under its `data`."""
    if isinstance(record, dict) and "data" in record and "attributes" not in record:
        yield from many(record["data"])
    else:
        yield record


def of_resource(resource: Any) -> Any:
    """A resource as the record of a file; anything else as it is."""
    told = resource.get("attributes") if isinstance(resource, dict) else None
    if not isinstance(told, dict):
        return resource
    if isinstance(told.get("relationship"), dict):
        return _relationship(told)
    if isinstance(told.get("entity"), dict):
        return {
            "LEI": told.get("lei"),
            "Entity": _entity(told["entity"]),
            "Registration": _named(told.get("registration"), _REGISTRATION),
        }
    if _first(told, "category", "exceptionCategory"):
        return {
            "LEI": told.get("lei"),
            "ExceptionCategory": _first(told, "category", "exceptionCategory"),
            "ExceptionReason": _first(told, "reason", "exceptionReason"),
        }
    return resource


def _named(holder: Any, names: dict[str, str]) -> Record:
    """What stands at the paths of a table, under the paths of the file."""
    made: Record = {}
    for name, path in names.items():
        value = text(branch(holder, path))
        if value is not None:
            *outer, last = name.split("/")
            at = made
            for step in outer:
                at = at.setdefault(step, {})
            at[last] = value
    return made


def _first(holder: Any, *names: str) -> str | None:
    return next((found for name in names if (found := text(branch(holder, name)))), None)


def _entity(entity: Record) -> Record:
    made = _named(entity, _ENTITY)
    if name := branch(entity, "legalName/name"):
        made["LegalName"] = name
    for field, names in (
        ("OtherEntityNames", "otherNames"),
        ("TransliteratedOtherEntityNames", "transliteratedOtherNames"),
    ):
        told = [n for n in many(entity.get(names)) if isinstance(n, dict)]
        if told:
            made[field] = [{"@type": n.get("type"), "$": n.get("name")} for n in told]
    for field, member in (
        ("LegalAddress", "legalAddress"),
        ("HeadquartersAddress", "headquartersAddress"),
    ):
        if isinstance(address := entity.get(member), dict):
            made[field] = _address(address)
    events = [e for group in many(entity.get("eventGroups")) for e in many(branch(group, "events"))]
    if events:
        made["LegalEntityEvents"] = [
            {"LegalEntityEventType": _first(e, "type"), "EventStatus": _first(e, "status")}
            for e in events
        ]
    return made


def _address(address: Record) -> Record:
    lines = [line for line in many(address.get("addressLines")) if text(line)]
    made = _named(address, _ADDRESS)
    if lines:
        made["FirstAddressLine"] = lines[0]
    if lines[1:]:
        made["AdditionalAddressLine"] = lines[1:]
    return made


def _relationship(told: Record) -> Record:
    relation = told["relationship"]
    made: Record = {
        "RelationshipType": _first(relation, "type", "relationshipType"),
        "RelationshipStatus": _first(relation, "status", "relationshipStatus"),
    }
    for field, member in (("StartNode", "startNode"), ("EndNode", "endNode")):
        made[field] = {n: _first(relation.get(member), *names) for n, names in _NODE.items()}
    periods = many(relation.get("periods") or relation.get("relationshipPeriods"))
    if periods:
        made["RelationshipPeriods"] = {
            "RelationshipPeriod": [
                {n: _first(p, *names) for n, names in _PERIOD.items()} for p in periods
            ]
        }
    return {
        "Relationship": made,
        "Registration": _named(told.get("registration"), _REGISTRATION),
    }
