"""Searching with counts and matching lists over the API."""

from __future__ import annotations

import csv
import io

import pytest
from tests.service.api_world import Api

from tallystick.service import finding, many


def test_counts_are_those_of_what_a_choice_leaves(api: Api) -> None:
    whole = api.ask("public", "GET", "/v1/search", params={"q": "trading", "limit": 100}).json()
    assert whole["looked_at"] == whole["matching"] == len(whole["companies"]) > 1
    grade = whole["facets"]["grade"][0]
    left = api.ask("public", "GET", "/v1/search", params={"q": "trading", "grade": grade["value"]})
    assert left.json()["matching"] == grade["companies"]
    assert left.json()["facets"]["grade"] == whole["facets"]["grade"], (
        "its own choice does not count"
    )
    refused = api.ask("public", "GET", "/v1/search", params={"q": "trading", "grade": "Z"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("age_days", "told"),
    [
        (None, ["none"]),
        (-3, ["30", "90", "365"]),  # what falls due today on another continent
        (0, ["30", "90", "365"]),
        (30, ["30", "90", "365"]),
        (31, ["90", "365"]),
        (365, ["365"]),
        (366, ["older"]),
    ],
)
def test_what_is_fresh_is_within_longer_times_too(age_days: int | None, told: list[str]) -> None:
    assert list(finding.values({"age_days": age_days}, "fresh")) == told


def test_a_search_is_narrowed_to_fresh_evidence(api: Api) -> None:
    ask = {"q": "trading", "limit": 100}
    whole = api.ask("public", "GET", "/v1/search", params=ask).json()
    counts = {one["value"]: one["companies"] for one in whole["facets"]["fresh"]}
    assert list(counts) == [value for value in finding.FRESH if value in counts], "in their order"
    apart = [counts.get(value, 0) for value in ("365", "older", "none")]
    assert sum(apart) == whole["looked_at"]
    for value, companies in counts.items():
        left = api.ask("public", "GET", "/v1/search", params=ask | {"fresh": value}).json()
        assert left["matching"] == companies, value
        ages = [row["age_days"] for row in left["companies"]]
        assert all(value in finding.values({"age_days": age}, "fresh") for age in ages)
    refused = api.ask("public", "GET", "/v1/search", params=ask | {"fresh": "31"})
    assert refused.status_code == 422


def test_a_line_is_matched_by_number_then_name_then_country(api: Api) -> None:
    code = api.code()
    body = api.ask("public", "GET", f"/v1/companies/{code}").json()
    name, country = body["company"]["name"], body["company"]["country"]
    lines = [{"name": "nothing like it", "ids": ["nonsense", code]}, {"name": name, "country": country},
             {"name": name, "country": "ZZ"}, {"name": "zzqq xxyy"}]  # fmt: skip
    told = api.ask("analyst", "POST", "/v1/companies/match", json={"companies": lines}).json()
    assert [row["answer"] for row in told[:2]] == ["found", "found"]
    assert told[0]["company"]["code"] == told[1]["company"]["code"] == code
    assert told[0]["rating"] == body
    assert told[2]["rating"] is None and told[2]["answer"] == "ambiguous", "another country is told"
    assert told[2]["may_mean"][0]["code"] == code
    assert (told[3]["answer"], told[3]["may_mean"]) == ("none", [])


def test_a_match_as_csv_has_a_row_a_line(api: Api) -> None:
    lines = {"companies": [{"name": "@SUM(A1)"}, {"name": api.code()}]}
    told = api.ask("analyst", "POST", "/v1/companies/match", json=lines, params={"as": "csv"})
    rows = list(csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff"))))
    assert [row["asked"] for row in rows] == ["'@SUM(A1)", api.code()]
    assert tuple(rows[0]) == many.COLUMNS and rows[1]["as_of"]


def test_lists_as_people_paste_them() -> None:
    pasted = '"Acme Co., Ltd"\n\n  Acme Co., Ltd\t12\nC-0123456789ABC;\n'
    assert [one.text for one in many.read_list(pasted)] == ["Acme Co., Ltd", "C-0123456789ABC"]
    table = "Supplier,Country,VAT ID,LEI\nAcme,de,DE123,5493\n,FR,,\nBolt,Germany,,\nCato,Hull,,\n"
    assert many.read_list(table) == [
        many.Wanted("Acme", ("DE123", "5493"), "DE"), many.Wanted("Bolt", (), "DE"),
        many.Wanted("Cato", (), ""),
    ]  # fmt: skip
    assert many.read_list("id\n5493\n") == [many.Wanted("5493", ("5493",))]
    assert many.read_list("") == [] and many.read_list('"";\n') == []
