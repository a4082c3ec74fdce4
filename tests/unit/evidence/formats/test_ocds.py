"""OCDS: what each section becomes, who is who in a release, and packages of any form."""

from __future__ import annotations

import io
import json
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.ocds import looks_like_ocds, read_ocds
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

OCID = "ocds-x-1"
BUYER = {"id": "B", "name": "Town of Barnet"}
MAKER = {"id": "S", "name": "AnyCorp"}
PARTIES = [
    {**BUYER, "roles": ["buyer"], "identifier": {"scheme": "GB-LAC", "id": "E09"}},
    {
        **MAKER,
        "roles": ["supplier"],
        "identifier": {"scheme": "GB-COH", "id": "11111111", "legalName": "AnyCorp Ltd"},
        "additionalIdentifiers": [{"scheme": "GB-VAT", "id": "987654321"}],
        "address": {"streetAddress": "1 Lane", "locality": "Town", "countryName": "United Kingdom"},
        "contactPoint": {"email": "a@anycorp.example"},
    },
]
TENDER = {
    "id": "T1",
    "title": "Lanes",
    "status": "active",
    "value": {"amount": 1100000.50, "currency": "GBP"},
    "tenderPeriod": {"startDate": "2010-03-01T09:00:00Z", "endDate": "2010-04-01T18:00:00Z"},
    "procuringEntity": BUYER,
    "items": [{"quantity": 8, "unit": {"id": "SMI"}}, {"quantity": 2, "unit": {"id": "SMI"}}],
}
AWARD = {
    "id": "A1",
    "status": "active",
    "date": "2010-05-10T10:30:00Z",
    "value": {"amount": 11, "currency": "GBP"},
    "suppliers": [MAKER],
}
PAID = {
    "id": "P1",
    "date": "2010-08-01T00:00:00Z",
    "value": {"amount": 5, "currency": "GBP"},
    "payer": BUYER,
    "payee": MAKER,
}
CONTRACT = {
    "id": "C1",
    "awardID": "A1",
    "status": "active",
    "dateSigned": "2010-06-10T14:23:12Z",
    "period": {"startDate": "2010-07-01T00:00:00Z", "endDate": "2011-06-30T23:59:00Z"},
    "value": {"amount": 11, "currency": "GBP"},
    "milestones": [
        {"id": "M1", "type": "delivery", "status": "met", "dateMet": "2011-06-01T00:00:00Z"},
        {"id": "M2", "type": "delivery", "status": "notMet", "dueDate": "2011-06-01T00:00:00Z"},
    ],
    "implementation": {"transactions": [PAID]},
}
Release = dict[str, Any]


def release(**sections: Any) -> Release:
    top = {"ocid": OCID, "id": "r", "date": "2010-01-01T00:00:00Z", "tag": ["x"], "buyer": BUYER}
    return top | {"parties": PARTIES} | sections


WHOLE = release(tender=TENDER, awards=[AWARD], contracts=[CONTRACT])


def read(told: Any) -> list[Said | Reject]:
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    return list(read_ocds(io.BytesIO(data), "f.json"))


def said(told: Any) -> list[Said]:
    items = read(told)
    found = [item for item in items if isinstance(item, Said)]
    assert len(found) == len(items), items
    assert canonicalise(items, Contributor("c")).rejects.to_pylist() == []
    return found


def test_a_process_from_the_tender_to_the_payment() -> None:
    assert looks_like_ocds(json.dumps(WHOLE).encode())
    items = said(WHOLE)
    assert [item.kind for item in items] == ["rfq", "quotation", "order", "receipt", "payment"]
    assert [item.row for item in items] == [1, 2, 3, 4, 5]
    assert {item.references[0] for item in items} == {("deal", OCID, "ocds")}
    rfq, quotation, order, receipt, payment = items
    assert (rfq.issued_on, rfq.due_on, rfq.amount, rfq.quantity, rfq.unit) == (
        "2010-03-01",
        "2010-04-01",
        "1100000.5",
        "10",
        "SMI",
    )
    assert (quotation.issued_on, quotation.references[1:]) == ("2010-05-10", [])
    assert (order.issued_on, order.deliver_on, order.namespace) == (
        "2010-06-10",
        "2011-06-30",
        OCID,
    )
    assert order.references[1:] == [("quotation", "A1", OCID)]
    assert (receipt.number, receipt.status, receipt.happened_at) == (
        "M1",
        "accepted",
        "2011-06-01T00:00:00Z",
    )
    assert (payment.amount, payment.status, payment.references[1]) == (
        "5",
        "settled",
        ("order", "C1", OCID),
    )
    for item in items[1:]:
        assert (item.parties["seller"].name, item.parties["buyer"].name) == (
            "AnyCorp",
            "Town of Barnet",
        )
    assert order.places["amount"] == "/contracts/0/value/amount"
    assert order.places["seller"] == "/awards/0/suppliers/0"
    assert payment.places["happened_at"] == "/contracts/0/implementation/transactions/0/date"


def test_an_organisation_is_found_by_its_id_or_in_place() -> None:
    (quotation,) = said(release(awards=[AWARD]))
    seller = quotation.parties["seller"]
    assert (seller.country, seller.ids) == ("GB", [("reg.gb", "11111111"), ("vat", "GB987654321")])
    assert seller.details is not None
    assert seller.details.other_names == ("AnyCorp Ltd",)
    assert seller.details.addresses == ("1 Lane, Town, United Kingdom",)
    older = release(awards=[AWARD | {"suppliers": [PARTIES[1]]}])
    del older["parties"]
    assert said(older)[0].parties["seller"] == seller
    group = said(release(awards=[AWARD | {"suppliers": [MAKER, {"name": "Beta"}]}]))[0]
    assert group.parties["seller"] == seller and "with Beta" in str(group.note)


def test_version_1_0_gives_the_sides_of_a_payment_as_identifiers() -> None:
    paid = {
        "id": "P1",
        "date": "2010-08-01",
        "amount": {"amount": "5.10", "currency": "GBP"},
        "providerOrganization": {"scheme": "GB-LAC", "id": "E09", "legalName": "Barnet"},
        "receiverOrganization": {"scheme": "GB-COH", "id": "2", "legalName": "Other Ltd"},
    }
    contract = CONTRACT | {"milestones": [], "implementation": {"transactions": [paid]}}
    order, payment = said(release(contracts=[contract], awards=[AWARD | {"status": "pending"}]))
    assert (payment.amount, payment.parties["seller"].ids) == ("5.10", [("reg.gb", "2")])
    assert order.parties["seller"].name == "AnyCorp"  # by its award, in force or not


STATUSES = [
    (release(tender=TENDER | {"status": "planned"}), []),
    (release(tender={"id": "T1", "status": "complete"}), []),
    (release(awards=[AWARD | {"status": "cancelled"}]), []),
    (release(contracts=[{"id": "C1", "status": "pending"}]), []),
    (release(planning={"budget": {}}), []),
    (release(tender=TENDER, tag=["tenderAmendment"]), [("rfq", "correct")]),
    (release(awards=[AWARD], tag=["awardUpdate"]), [("quotation", "correct")]),
    (
        release(tender=TENDER, awards=[AWARD], tag=["award"]),
        [("rfq", "state"), ("quotation", "state")],
    ),
    (
        release(contracts=[{"id": "C1", "status": "cancelled", "suppliers": [MAKER]}]),
        [("order_cancellation", "state")],
    ),
    (
        release(bids={"details": [{"id": "B1", "date": "2010-03-20", "tenderers": [MAKER]}]}),
        [("quotation", "state")],
    ),
]


@pytest.mark.parametrize(("told", "wanted"), STATUSES)
def test_what_is_planned_proposed_or_changed(told: Release, wanted: list[tuple[str, str]]) -> None:
    items = read(told)
    assert [(i.kind, i.action) for i in items if isinstance(i, Said)] == wanted
    if not wanted:
        (refused,) = items
        assert isinstance(refused, Reject) and refused.rule == "nothing-stated"


PACKAGES = [
    (WHOLE, ""),
    ({"version": "1.1", "releases": [WHOLE]}, "/releases/0"),
    ([WHOLE], "/0"),
    ({"records": [{"ocid": OCID, "releases": [WHOLE]}]}, "/records/0/releases/0"),
    (
        {"records": [{"ocid": OCID, "releases": [{"url": "u"}], "compiledRelease": WHOLE}]},
        "/records/0/compiledRelease",
    ),
]


@pytest.mark.parametrize(("told", "pointer"), PACKAGES)
def test_packages_of_every_form_say_the_same(told: Any, pointer: str) -> None:
    items, plain = said(told), said(WHOLE)
    assert items[0].places["amount"] == pointer + "/tender/value/amount"
    for one, other in zip(items, plain, strict=True):
        one.places = other.places
        assert one == other


REFUSED = [
    ({"records": [{"ocid": OCID, "releases": [{"url": "u"}]}]}, "ocds-linked"),
    ({"releases": [{"id": "1"}]}, "ocds-no-process"),
    ([1, "a"], "ocds-no-process"),
    (b'{"releases": [', "json-truncated"),
    (b"\xff", "json-encoding"),
]


@pytest.mark.parametrize(("told", "rule"), REFUSED)
def test_what_cannot_be_read_is_refused(told: Any, rule: str) -> None:
    items = read(told)
    assert {item.rule for item in items if isinstance(item, Reject)} == {rule} and items


_ANY: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "amount"]), inner)
    ),
    max_leaves=4,
)
_KEYS = st.sampled_from(
    "tag parties buyer tender awards contracts value items suppliers id date period milestones bids "
    "implementation transactions identifier address releases compiledRelease releaseDate value".split()
)


def _replaced(told: Any, key: str, value: Any) -> Any:
    """The same with every member of that name given another value."""
    if isinstance(told, dict):
        return {k: value if k == key else _replaced(v, key, value) for k, v in told.items()}
    return [_replaced(item, key, value) for item in told] if isinstance(told, list) else told


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_KEYS, _ANY), max_size=4))
def test_members_of_any_shape_never_raise(edits: list[tuple[str, Any]]) -> None:
    told: Any = {"releases": [WHOLE, {"ocid": OCID, "compiledRelease": WHOLE}, versioned([WHOLE])]}
    for key, value in edits:
        told = _replaced(told, key, value)
    for item in read(told):
        assert isinstance(item, Said | Reject)
    canonicalise(read(told), Contributor("c"))


def test_json_lines_arrays_of_packages_and_single_records_are_all_read() -> None:
    one, two = (
        release(awards=[AWARD]),
        {**release(contracts=[{**CONTRACT, "suppliers": [MAKER]}]), "ocid": "ocds-x-2"},
    )
    lines = "\n".join(json.dumps({"releases": [told], "uri": "u"}) for told in (one, two))
    listed = [{"releases": [one]}, {"records": [{"ocid": "ocds-x-2", "releases": [two]}]}]
    single = {"ocid": "ocds-x-2", "releases": [{"url": "u"}], "compiledRelease": two}
    kinds = [item.kind for item in (*said([one]), *said([two]))]
    assert kinds[0] == "quotation" and "order" in kinds
    assert [item.kind for item in said(lines.encode())] == kinds
    assert [item.kind for item in said(listed)] == kinds
    assert said(lines.encode())[1].places["number"] == "/1/releases/0/contracts/0/id"
    assert [item.kind for item in said(single)] == kinds[1:]
    broken = read(lines.encode() + b'\n{"releases": [')
    assert isinstance(broken[-1], Reject) and broken[-1].rule == "json"
    assert [item.kind for item in broken[:-1] if isinstance(item, Said)] == kinds


def versioned(releases: list[Release]) -> Release:
    """What releases come to as one that keeps all versions of each value (OCDS, "Merging")."""
    out: Release = {}
    for told in releases:
        mark = {"releaseID": told["id"], "releaseDate": told["date"], "releaseTag": told["tag"]}
        kept = {k: v for k, v in told.items() if k not in ("ocid", "id", "date", "tag")}
        _keep(out, kept, mark)
    return {"ocid": OCID, **out}


def _keep(out: Release, told: Release, mark: Release) -> None:
    for name, value in told.items():
        if isinstance(value, dict):
            _keep(out.setdefault(name, {}), value, mark)
        elif isinstance(value, list) and value and all("id" in v for v in value):
            held = out.setdefault(name, [])
            for item in value:
                same = next((one for one in held if one["id"] == item["id"]), None)
                if same is None:
                    held.append(same := {"id": item["id"]})
                _keep(same, {k: v for k, v in item.items() if k != "id"}, mark)
        else:
            versions = out.setdefault(name, [])
            if not versions or versions[-1]["value"] != value:
                versions.append({**mark, "value": value})


def test_a_versioned_release_says_what_each_release_changed() -> None:
    first = release(tender=TENDER) | {"tag": ["tender"]}
    later = TENDER | {"tenderPeriod": TENDER["tenderPeriod"] | {"endDate": "2010-04-08T18:00:00Z"}}
    second = release(tender=later) | {"id": "r2", "date": "2010-03-20", "tag": ["tenderAmendment"]}
    done = later | {"status": "complete"}
    third = release(tender=done, awards=[AWARD]) | {
        "id": "r3",
        "date": "2010-05-11",
        "tag": ["award"],
    }
    bare = {k: v for k, v in CONTRACT.items() if k not in ("milestones", "implementation")}
    signed = release(contracts=[bare]) | {"id": "r4", "date": "2010-06-11", "tag": ["contract"]}
    paid = release(contracts=[CONTRACT]) | {
        "id": "r5",
        "date": "2010-08-02",
        "tag": ["implementation"],
    }
    plan = {
        "ocid": OCID,
        "planning": {"budget": {}},
        "id": "r0",
        "date": "2009-01-01",
        "tag": ["planning"],
    }
    whole = versioned([first, second, third, signed, paid])
    record = {
        "ocid": OCID,
        "releases": [{"url": "u"}],
        "versionedRelease": whole,
        "compiledRelease": paid,
    }
    for told, pointer in (
        (whole, ""),
        ({"records": [record]}, "/records/0/versionedRelease"),
        ([record, record | {"ocid": "ocds-x-2"}], "/0/versionedRelease"),
    ):
        items = said(told)[:6]
        assert [(item.kind, item.action) for item in items] == [
            ("rfq", "state"),
            ("rfq", "correct"),
            ("quotation", "state"),
            ("order", "state"),
            ("receipt", "state"),
            ("payment", "state"),
        ]
        assert [item.due_on for item in items[:2]] == ["2010-04-01", "2010-04-08"]
        assert items[3].parties["seller"].name == "AnyCorp", "of its award, told by another release"
        assert items[3].places["amount"] == f"{pointer}/contracts/0/value/amount"
    (refused,) = read(versioned([plan | {"language": "en"}]))
    assert isinstance(refused, Reject) and refused.rule == "nothing-stated"


def test_many_versions_take_a_bounded_time() -> None:
    dates = [f"2010-01-01T00:00:{n:06}" for n in range(5_000)]
    values = [{"releaseID": d, "releaseDate": d, "releaseTag": ["x"], "value": d} for d in dates]
    awards = [{"id": str(n), "date": values[:2]} for n in range(50)]
    start = process_time()
    read({"ocid": OCID, "tender": {"id": "T", "title": values}, "awards": awards})
    wide = [{"id": n, "title": values[n % 300 :][:1]} for n in range(40_000)]
    read({"ocid": OCID, "tender": {"id": "T", "items": wide}, "awards": awards})
    assert process_time() - start < 5


def test_long_json_lines_lose_no_line() -> None:
    line = json.dumps({"releases": [release(awards=[AWARD])] * 400, "version": "1.1"})
    data = "\n".join([line] * (9_000_000 // len(line) + 1)).encode()
    assert len(read(data)) == 400 * len(data.split(b"\n"))


def test_what_has_no_day_or_no_value_of_its_own() -> None:
    """A value of 0 without a currency is none; a day that is missing is the start of the work, or that of the
    release, before which nothing was to be done."""
    undated = {key: value for key, value in AWARD.items() if key != "date"}
    work = {"startDate": "2010-06-01T00:00:00Z", "endDate": "2010-07-01T00:00:00Z"}
    told = [
        release(tender={**TENDER, "value": {"amount": 0}}),
        release(awards=[{**undated, "contractPeriod": work}]),
        {
            **release(awards=[{**undated, "contractPeriod": {"endDate": work["endDate"]}}]),
            "date": "2012-01-01",
        },
    ]
    rfq, started, published = said(told)
    assert rfq.amount is None and rfq.currency is None
    assert (started.issued_on, started.deliver_on) == ("2010-06-01", "2010-07-01")
    assert (published.issued_on, published.deliver_on) == ("2012-01-01", None)
