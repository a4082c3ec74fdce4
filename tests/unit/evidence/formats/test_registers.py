"""Files of registers: what a record says, what is not taken, and what a hostile file can do."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import pytest

from tallystick.adapters.contributors import contributor_of
from tallystick.adapters.files import find_files
from tallystick.adapters.intake import stage_streams
from tallystick.evidence.details import Details
from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.registers import looks_like_register, read_register
from tallystick.evidence.ledger import Contributor, EvidenceError
from tallystick.evidence.said import Reject, Said

A, B, LOU = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12", "EVK05KS7XY1DEII3R011"
SPACE = "http://www.gleif.org/data/schema/leidata/2016"


def lei(**entity: Any) -> dict[str, Any]:
    standing = entity.pop("standing", "ISSUED")
    return {
        "LEI": A,
        "Entity": {
            "LegalName": "Acme Holding Ltd",
            "LegalJurisdiction": "GB",
            "RegistrationAuthority": {
                "RegistrationAuthorityID": "RA000585",
                "RegistrationAuthorityEntityID": "0752 4813",
            },
            "EntityStatus": "ACTIVE",
        }
        | entity,
        "Registration": {
            "InitialRegistrationDate": "2014-01-02T00:00:00Z",
            "LastUpdateDate": "2024-03-04T05:06:07.000Z",
            "RegistrationStatus": standing,
            "NextRenewalDate": "2025-03-04T00:00:00Z",
            "ManagingLOU": LOU,
        },
    }


def read(*records: Any) -> list[Said | Reject]:
    return list(read_register(io.BytesIO(json.dumps(records).encode()), "r.json"))


def said(record: Any) -> Said:
    item = read(record)[0]
    assert isinstance(item, Said)
    return item


def rules(data: bytes) -> list[str]:
    found = list(read_register(io.BytesIO(data), "r"))
    return [item.rule for item in found if isinstance(item, Reject)]


def test_a_level_1_record_is_a_registration() -> None:
    entry = said(lei())
    assert (entry.kind, entry.number, entry.status) == ("registration", A, "active")
    assert entry.parties["subject"].ids == [("lei", A), ("reg.gb", "07524813")]
    assert entry.parties["issuer"].ids == [("lei", LOU)]
    assert (entry.issued_on or "")[:10] == "2014-01-02" and (entry.due_on or "")[
        :10
    ] == "2025-03-04"


def test_xml_and_json_say_the_same() -> None:
    xml = f"""<l:LEIData xmlns:l="{SPACE}"><l:LEIRecords><l:LEIRecord><l:LEI>{A}</l:LEI>
      <l:Entity><l:LegalName xml:lang="en">Acme Holding Ltd</l:LegalName>
      <l:OtherEntityNames><l:OtherEntityName type="PREVIOUS_LEGAL_NAME">Old</l:OtherEntityName>
        <l:OtherEntityName type="TRADING_OR_OPERATING_NAME">Shop</l:OtherEntityName></l:OtherEntityNames>
      <l:LegalJurisdiction>GB</l:LegalJurisdiction><l:RegistrationAuthority>
      <l:RegistrationAuthorityID>RA000585</l:RegistrationAuthorityID>
      <l:RegistrationAuthorityEntityID>0752 4813</l:RegistrationAuthorityEntityID>
      </l:RegistrationAuthority><l:EntityStatus>ACTIVE</l:EntityStatus></l:Entity>
      <l:Registration><l:InitialRegistrationDate>2014-01-02T00:00:00Z</l:InitialRegistrationDate>
      <l:LastUpdateDate>2024-03-04T05:06:07.000Z</l:LastUpdateDate>
      <l:RegistrationStatus>ISSUED</l:RegistrationStatus>
      <l:NextRenewalDate>2025-03-04T00:00:00Z</l:NextRenewalDate><l:ManagingLOU>{LOU}</l:ManagingLOU>
      </l:Registration></l:LEIRecord></l:LEIRecords></l:LEIData>"""
    names = [
        {"type": "PREVIOUS_LEGAL_NAME", "OtherEntityName": "Old"},
        {"@type": "TRADING_OR_OPERATING_NAME", "$": "Shop"},
    ]
    told = read(lei(OtherEntityNames=names))
    assert list(read_register(io.BytesIO(xml.encode()), "r.json")) == told
    assert [(i.kind, i.reason) for i in told if isinstance(i, Said)][1:] == [
        ("profile", "PREVIOUS_LEGAL_NAME"),
        ("profile", "TRADING_OR_OPERATING_NAME"),
    ]


def test_a_record_without_a_date_is_of_the_day_of_its_file_and_none_is_told() -> None:
    xml = f"""<l:LEIData xmlns:l="{SPACE}"><l:LEIHeader><l:ContentDate>2025-07-08T00:00:00Z</l:ContentDate>
      </l:LEIHeader><l:LEIRecords>{{}}</l:LEIRecords></l:LEIData>"""
    record = f"""<l:LEIRecord><l:LEI>{A}</l:LEI><l:Entity><l:LegalName>Acme</l:LegalName></l:Entity>
      {{}}</l:LEIRecord>"""
    own = (
        "<l:Registration><l:LastUpdateDate>2024-03-04T05:06:07Z</l:LastUpdateDate></l:Registration>"
    )
    both = xml.format(record.format("") + record.format(own))
    found = [i for i in read_register(io.BytesIO(both.encode()), "r") if isinstance(i, Said)]
    assert [i.happened_at for i in found] == ["2025-07-08T00:00:00Z", "2024-03-04T05:06:07Z"]
    assert rules(xml.format("").encode()) == ["nothing-stated"]  # such as no company found


def test_addresses_founding_and_further_names_are_details_of_the_subject() -> None:
    address = {"FirstAddressLine": "1 High Street", "City": "Leeds", "Country": "GB"}
    record = lei(
        LegalAddress=address,
        HeadquartersAddress=address | {"FirstAddressLine": "2 High Street"},
        EntityCreationDate="1987-06-05T00:00:00+01:00",
        OtherEntityNames=[{"@type": "PREVIOUS_LEGAL_NAME", "$": "Old"}],
    )
    rows = canonicalise(read(record), Contributor("r", "registry")).parties.to_pylist()
    told = {p["name"]: p["traits"] for p in rows if p["name"]}
    traits = [
        "address:1 High Street, Leeds, GB",
        "address:2 High Street, Leeds, GB",
        "founded:1987-06-05",
    ]
    assert told == {"Acme Holding Ltd": traits, "Old": [*traits, "name:Acme Holding Ltd"]}
    assert len({tuple(p["ids"]) for p in rows if p["name"]}) == 1


def test_bods_says_what_relates_entities_and_nothing_of_persons() -> None:
    told = {
        "addresses": [
            {"address": "1 High Street, Leeds", "postCode": "LS1", "country": {"code": "GB"}},
            {"country": "GB"},
        ],
        "alternateNames": ["Acme Toys"],
        "foundingDate": "1987-06-05",
        "uri": "https://www.acme.co.uk/",
    }
    base = {"statementId": "s", "recordId": "r", "statementDate": "2024-01-02"}
    entity = base | {"recordType": "entity", "recordDetails": told | {"name": "Acme"}}
    assert said(entity).parties["subject"].details == Details(
        ("1 High Street, Leeds, LS1, GB",),
        domains=("https://www.acme.co.uk/",),
        other_names=("Acme Toys",),
        founded="1987-06-05",
    )
    person = base | {"recordType": "person", "recordDetails": told}
    assert said(person).parties["subject"].details is None


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "active"),
        ({"standing": "PENDING_TRANSFER"}, "active"),
        ({"standing": "LAPSED"}, "lapsed"),
        ({"standing": "DUPLICATE"}, "lapsed"),
        ({"EntityStatus": "NULL", "standing": "ANNULLED"}, "lapsed"),
        ({"EntityStatus": "SOMETHING", "standing": "ISSUED"}, None),
        ({"EntityStatus": "INACTIVE", "standing": "RETIRED"}, "lapsed"),
        ({"EntityStatus": "INACTIVE", "EntityExpirationReason": "CORPORATE_ACTION"}, "lapsed"),
        ({"EntityStatus": "INACTIVE", "EntityExpirationReason": "DISSOLVED"}, "dissolved"),
        (
            {
                "EntityStatus": "INACTIVE",
                "EntityExpirationReason": "DISSOLVED",
                "SuccessorEntity": {"SuccessorLEI": B},
            },
            "lapsed",
        ),
        (
            {
                "EntityStatus": "INACTIVE",
                "LegalEntityEvents": [{"LegalEntityEventType": "LIQUIDATION"}],
            },
            "dissolved",
        ),
        (
            {
                "EntityStatus": "INACTIVE",
                "LegalEntityEvents": {
                    "LegalEntityEvent": {
                        "@event_status": "IN_PROGRESS",
                        "LegalEntityEventType": "LIQUIDATION",
                    }
                },
            },
            "lapsed",
        ),
    ],
)
def test_only_what_was_wound_up_is_dissolved(more: dict[str, Any], status: str | None) -> None:
    assert said(lei(**more)).status == status


def test_a_successor_is_named_and_a_deletion_takes_back() -> None:
    assert said(lei(SuccessorEntity=[{"SuccessorLEI": B}])).parties["recipient"].ids == [("lei", B)]
    gone = said(lei() | {"Extension": {"Deletion": {"DeletedAt": "2024-05-06T07:08:09Z"}}})
    assert (gone.action, gone.happened_at) == ("retract", "2024-05-06T07:08:09Z")


def test_a_relationship_names_parent_and_child() -> None:
    relation = {
        "StartNode": {"NodeID": A, "NodeIDType": "LEI"},
        "EndNode": {"NodeID": B, "NodeIDType": "LEI"},
        "RelationshipType": "IS_DIRECTLY_CONSOLIDATED_BY",
        "RelationshipStatus": "ACTIVE",
        "RelationshipPeriods": [{"StartDate": "2019-06-30T00:00:00Z", "PeriodType": "X"}],
    }
    entry = {"InitialRegistrationDate": "2020-01-01", "LastUpdateDate": "2020-01-02"}
    owned = said({"Relationship": relation, "Registration": entry})
    assert owned.parties["subject"].ids == [("lei", A)]
    assert owned.parties["issuer"].ids == [("lei", B)]
    assert (owned.kind, owned.status, owned.note) == ("ownership", "active", "X 2019-06-30 to …")


def test_an_exception_keeps_its_reason_and_not_its_free_text() -> None:
    record = {
        "LEI": A,
        "ExceptionCategory": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT",
        "ExceptionReason": ["NATURAL_PERSONS"],
        "ExceptionReference": "Jane Doe",
        "ContentDate": "2023-06-09T09:03:29Z",
    }
    told = said(record)
    assert (told.kind, told.status, told.reason) == ("ownership", "exception", "NATURAL_PERSONS")
    assert "issuer" not in told.parties and "Jane" not in repr(told)


def bods(kind: str, record: str, status: str = "new", **details: Any) -> dict[str, Any]:
    return {
        "statementId": f"s-{record}-{status}",
        "statementDate": "2024-01-02",
        "recordId": record,
        "recordType": kind,
        "recordStatus": status,
        "recordDetails": details,
    }


def test_bods_keeps_shares_and_no_person() -> None:
    share = [{"type": "shareholding", "share": {"exact": 12.5}}, {"type": "votingRights"}]
    items = read(
        bods("entity", "e", name="Acme", identifiers=[{"scheme": "XI-LEI", "id": A}]),
        bods("person", "jane-doe", names=[{"fullName": "Jane Doe"}]),
        bods("relationship", "r", subject="e", interestedParty="jane-doe", interests=share),
        bods("relationship", "r", "updated", subject="e", interestedParty="jane-doe"),
        bods("relationship", "r", "closed", subject="e", interestedParty={"reason": "unknown"}),
    )
    assert "jane" not in repr(items).lower()
    entity, person, owned, updated, closed = (i for i in items if isinstance(i, Said))
    assert entity.parties["subject"].ids[-1] == ("lei", A)
    assert owned.parties["issuer"].ids == person.parties["subject"].ids
    assert owned.parties["subject"].ids[0] == entity.parties["subject"].ids[0]
    assert (owned.reason, owned.score) == ("shareholding,votingRights", "0.125")
    assert (updated.action, closed.action) == ("correct", "retract")
    assert owned.number == updated.number == closed.number
    checked = canonicalise(items, Contributor("r"))
    assert (checked.documents.num_rows, checked.rejects.num_rows) == (5, 0)


def test_a_dissolution_to_come_is_not_one() -> None:
    past, future = (
        read(bods("entity", "e", name="Acme", dissolutionDate=day))
        for day in ("2023-01-01", "2030-01-01")
    )
    assert [i.kind for i in past if isinstance(i, Said)] == ["profile", "registration"]
    assert [i.kind for i in future if isinstance(i, Said)] == ["profile"]


def test_every_record_is_accounted_for() -> None:
    items = read(lei(), {"what": 1}, "text", None, 7, [], lei())
    assert [type(i) is Reject for i in items] == [False, True, True, True, True, True, False]
    assert [i.row for i in items] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", ["nothing-stated"]),
        (b"[]", ["nothing-stated"]),
        (b"[" * 100_000, ["json-too-deep"]),
        (b'[{"LEI": "A"', ["json"]),
        (b'[{"LEI": "A"},', ["register-record-unknown", "json-truncated"]),
        (b'{"LEI": ' + b"[" * 70 + b"]" * 70 + b"}", ["json-too-deep"]),
        (b'[{"LEI": "' + b"x" * 9_000_000 + b'"}]', ["json-too-large"]),
        (b'[{"LEI": "\xff"}]', ["json-encoding"]),
        (b'[{"LEI": ' + b"9" * 10_000 + b"}]", ["json"]),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ["xml-doctype"]),
        (b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ["xml-"]),
        (b"<a>" * 100 + b"</a>" * 100, ["xml-too-deep"]),
        (b"<a>" + b"<b/>" * 200_001 + b"</a>", ["xml-too-many-elements"]),
        (b"<a>" + b"<LEIRecord><LEI>x</LEI></LEIRecord><LEI", ["register-record-unknown", "xml-"]),
        (b"<a><b></a>", ["xml-malformed"]),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", ["xml-text-too-long"]),
    ],
)
def test_hostile_and_broken_files_end_in_a_reject(data: bytes, rule: list[str]) -> None:
    found = rules(data)
    assert len(found) == len(rule)
    assert all(f.startswith(r) for f, r in zip(found, rule, strict=True)), found


@pytest.mark.parametrize("odd", ["x", ["x"], [[]], 7, True])
def test_a_text_or_list_in_place_of_an_object_raises_nothing(odd: Any) -> None:
    records = [
        {"LEI": "529900T8BM49AURSDO55", "Entity": odd, "Registration": odd},
        {"Relationship": odd, "Registration": odd},
        {"LEI": "529900T8BM49AURSDO55", "ExceptionReason": odd, "ExceptionCategory": odd},
    ]
    for record in records:
        assert list(read_register(io.BytesIO(json.dumps([record]).encode()), "f"))


class Endless(io.RawIOBase):
    """A file of so many records, made while it is read."""

    def __init__(self, head: bytes, record: bytes, tail: bytes, count: int) -> None:
        self.parts: Iterator[bytes] = iter([head, *[record] * count, tail])
        self.start = head
        self.rest = b""

    def seek(self, at: int, whence: int = 0) -> int:
        self.rest = self.seen + self.rest
        return at

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, None)) is not None:
            self.rest += part
        self.seen, self.rest = self.rest[:size], self.rest[size:]
        return self.seen


@pytest.mark.parametrize("form", ["json", "lines", "xml"])
def test_memory_does_not_grow_with_the_file(form: str) -> None:
    plain = json.dumps(lei()).encode()
    xml = f"<LEIRecord xmlns='{SPACE}'><LEI>{A}</LEI><Entity><LegalName>A</LegalName></Entity></LEIRecord>"
    head, record, tail = {
        "json": (b"[", plain + b",", b"]"),
        "lines": (b"", plain + b"\n", b""),
        "xml": (b"<a>", xml.encode(), b"</a>"),
    }[form]

    def peak(count: int) -> int:
        tracemalloc.start()
        source = cast(IO[bytes], Endless(head, record, tail, count))
        assert sum(isinstance(i, Said) for i in read_register(source, "r")) == count
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    few, many = peak(500), peak(5_000)
    assert many < 2 * few + 500_000


def test_files_are_recognised_by_what_they_hold(tmp_path: Path) -> None:
    data = json.dumps([lei()]).encode()
    (tmp_path / "a.json").write_bytes(data)
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("lei.json", data)
    (tmp_path / "d.jsonl").write_bytes(json.dumps(lei()).encode() + b"\n")
    (tmp_path / "e.json").write_bytes(b'{"a": 1}')
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("1.json", data)
        archive.writestr("2.json", data)
    found = find_files([tmp_path], tmp_path / ".unpacked")
    names = ["a.json", "b.json.gz", "c.zip", "d.jsonl", "f.zip/1.json", "f.zip/2.json"]
    assert [found.name_of(f) for f in found.streams] == names
    assert [f.name for f, _ in found.passed_over] == ["e.json"]
    batches = list(stage_streams(found, None))
    assert len({b.batch_id for b in batches}) == 1  # the same statements are the same batch
    assert [b.document_count for b in batches] == [1] * 6
    assert contributor_of(tmp_path / "a.json", None, "registry").kind == "registry"
    with pytest.raises(EvidenceError, match="not something Tallystick reads"):
        find_files([tmp_path / "e.json"])


def test_other_files_are_not_taken_for_registers() -> None:
    for head in (b"", b"lei,name\n", b"<Invoice/>", b'{"kind": "invoice", "parties": {}}', b"[1]"):
        assert not looks_like_register(head)


def resource(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "id": "x", "attributes": attributes, "links": {"self": "a"}}


ANSWERED = resource(
    "lei-records",
    lei=A,
    entity={
        "legalName": {"name": "Acme Holding Ltd", "language": "en"},
        "otherNames": [{"name": "Acme", "type": "TRADING_OR_OPERATING_NAME"}],
        "legalAddress": {
            "addressLines": ["1 High Street", "Floor 2"],
            "addressNumber": None,
            "city": "Leeds",
            "postalCode": "LS1 1AA",
            "country": "GB",
        },
        "registeredAt": {"id": "RA000585", "other": None},
        "registeredAs": "07524813",
        "jurisdiction": "GB",
        "legalForm": {"id": "H0PO"},
        "status": "ACTIVE",
        "expiration": {"date": None, "reason": None},
        "successorEntity": {"lei": None, "name": None},
        "creationDate": "2011-02-09T00:00:00Z",
        "eventGroups": [],
    },
    registration={
        "initialRegistrationDate": "2014-01-02T00:00:00Z",
        "lastUpdateDate": "2024-03-04T05:06:07Z",
        "status": "ISSUED",
        "nextRenewalDate": "2025-03-04T00:00:00Z",
        "managingLou": LOU,
    },
)


def answered(data: Any) -> list[Said | Reject]:
    page = {"meta": {"goldenCopy": {"publishDate": "2024-07-06T08:00:00Z"}}, "data": data}
    raw = json.dumps(page).encode()
    assert looks_like_register(raw)
    return list(read_register(io.BytesIO(raw), "r.json"))


def test_an_answer_of_gleif_says_what_its_file_says() -> None:
    one, name = answered(ANSWERED)
    filed = said(lei())
    assert isinstance(one, Said) and isinstance(name, Said)
    for field in ("kind", "number", "issued_on", "due_on", "status", "reason"):
        assert getattr(one, field) == getattr(filed, field), field
    assert one.parties["issuer"] == filed.parties["issuer"]
    subject = one.parties["subject"]
    assert (subject.name, subject.country) == ("Acme Holding Ltd", "GB")
    assert subject.ids == [("lei", A), ("reg.gb", "07524813")]
    assert subject.details == Details(
        ("1 High Street, Floor 2, Leeds, LS1 1AA, GB",), founded="2011-02-09T00:00:00Z"
    )
    assert (name.kind, name.reason) == ("profile", "TRADING_OR_OPERATING_NAME")


def test_a_page_of_gleif_is_read_resource_by_resource() -> None:
    again = resource("lei-records", **{**ANSWERED["attributes"], "lei": B})
    items = answered([ANSWERED, again])
    assert [(item.row, item.kind) for item in items if isinstance(item, Said)] == [
        (1, "registration"), (1, "profile"), (2, "registration"), (2, "profile"),
    ]  # fmt: skip


@pytest.mark.parametrize("old", [False, True])
def test_parents_and_exceptions_of_gleif_in_both_spellings(old: bool) -> None:
    kind, status, periods, period = (
        ("relationshipType", "relationshipStatus", "relationshipPeriods", "periodType")
        if old
        else ("type", "status", "periods", "type")
    )
    parent = resource(
        "relationship-records",
        relationship={
            "startNode": {"id": A, "type": "LEI"},
            "endNode": {"id": B, "type": "LEI"},
            kind: "IS_DIRECTLY_CONSOLIDATED_BY",
            status: "ACTIVE",
            periods: [{period: "ACCOUNTING_PERIOD", "startDate": "2023-12-31", "endDate": None}],
        },
        registration={"lastUpdateDate": "2025-01-01T00:00:00Z", "status": "PUBLISHED"},
    )
    category, reason = ("exceptionCategory", "exceptionReason") if old else ("category", "reason")
    none = resource(
        "reporting-exceptions",
        **{"lei": A, category: "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT", reason: "NO_LEI"},
    )
    owned, excepted = answered([parent, none])
    assert isinstance(owned, Said) and isinstance(excepted, Said)
    assert owned.parties["subject"].ids == [("lei", A)]
    assert owned.parties["issuer"].ids == [("lei", B)]
    assert (owned.status, owned.reason) == ("active", "IS_DIRECTLY_CONSOLIDATED_BY")
    assert owned.note == "ACCOUNTING_PERIOD 2023-12-31 to …"
    assert (excepted.status, excepted.reason) == ("exception", "NO_LEI")
    assert excepted.happened_at == "2024-07-06T08:00:00Z"  # of the golden copy


def test_an_answer_of_gleif_that_is_none_of_these_is_told() -> None:
    found = answered([resource("lei-records", name="?"), ANSWERED])
    assert isinstance(found[0], Reject) and found[0].rule == "register-record-unknown"
    assert len(found) == 3


@pytest.mark.parametrize(
    "party", [{"reason": "noBeneficialOwners"}, {"unspecified": {"reason": "noBeneficialOwners"}}]
)
def test_an_owner_that_is_not_named_is_an_exception(party: dict[str, Any]) -> None:
    item = said(
        {
            "statementId": "s1",
            "statementDate": "2024-01-02",
            "recordId": "r1",
            "recordType": "relationship",
            "recordDetails": {"subject": "e1", "interestedParty": party, "interests": []},
        }
    )
    assert (item.status, item.reason) == ("exception", "noBeneficialOwners")
    assert "issuer" not in item.parties
