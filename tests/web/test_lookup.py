"""Narrowing a search, and looking up a list: pasted, from a file, as a page and as files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.unit.adapters.workbooks import sheet, workbook
from tests.web.conftest import HOSTILE, Served
from tests.web.test_public import assert_inert

from tallystick.adapters.store import accounts
from tallystick.doors.web.words import Words
from tallystick.service import seen
from tallystick.units import key_of

As = Callable[[str], TestClient]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_search_is_narrowed_by_links_that_say_how_many_are_left(
    client: TestClient, lang: str
) -> None:
    told = client.get(f"/{lang}/search.json?q=trading").json()
    assert set(told["facets"]) == {"country", "role", "grade", "level", "fresh"}
    assert sum(one["companies"] for one in told["facets"]["country"]) == told["looked_at"] > 1
    value = told["facets"]["country"][0]
    page = client.get(f"/{lang}/search?q=trading").text
    assert Words(lang)("w.f.title") in page and f"country={value['value']}" in page
    narrow = client.get(f"/{lang}/search.json?q=trading&country={value['value']}").json()
    assert narrow["matching"] == value["companies"] == len(narrow["companies"])
    assert {row["country"] for row in narrow["companies"]} == {value["value"]}
    both = client.get(f"/{lang}/search?q=trading&country=ZZ").text
    assert Words(lang)("w.f.nothing") in both and Words(lang)("w.f.drop") in both
    assert_inert(both)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_search_is_narrowed_by_how_fresh_evidence_is(client: TestClient, lang: str) -> None:
    told = client.get(f"/{lang}/search.json?q=trading").json()
    counts = {one["value"]: one["companies"] for one in told["facets"]["fresh"]}
    page, say = client.get(f"/{lang}/search?q=trading").text, Words(lang)
    shown = re.findall(r"fresh=(\w+)", page)
    assert shown and set(shown) <= set(counts)
    left = [counts[value] for value in shown if value.isdigit()]
    assert left == sorted(set(left)), "a longer time is shown only where it leaves more"
    narrow = client.get(f"/{lang}/search?q=trading&fresh={shown[0]}").text
    words = say("w.f.within", n=shown[0]) if shown[0].isdigit() else say(f"w.f.{shown[0]}", n=365)
    assert re.search(rf'aria-current="true">{words} ', narrow)
    assert_inert(narrow)


def test_a_role_counts_a_company_under_each_that_it_has(client: TestClient) -> None:
    told = client.get("/en/search.json?q=trading").json()
    for one in told["facets"]["role"]:
        rows = client.get(f"/en/search.json?q=trading&role={one['value']}").json()
        assert rows["matching"] == one["companies"], one
        assert all(
            one["value"] in row["roles"] or one["value"] == "none" for row in rows["companies"]
        )


def test_a_list_is_for_who_is_signed_in(client: TestClient) -> None:
    asked = client.get("/en/lookup")
    assert (
        asked.status_code == 303 and "/en/sign-in?next=%2Fen%2Flookup" in asked.headers["location"]
    )
    assert client.post("/en/lookup", data={"list": "a"}).status_code in (401, 303)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_pasted_list_tells_each_line_what_it_means(
    as_role: As, served: Served, lang: str
) -> None:
    client, say = as_role("analyst"), Words(lang)
    text = f"{served.company}\nTrading\nzzzz qqqq\n{HOSTILE}\n"
    page = client.post(f"/{lang}/lookup", data={"list": text, "do": "show"}).text
    assert_inert(page)
    assert f"/{lang}/c/{served.company}" in page
    assert say("w.l.n_found", n=2) in page and say("w.l.none_text") in page
    assert say("w.l.may_mean") in page and "<script>alert" not in page
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert shown and served.company in shown[1], "the list stays in the form"


def test_the_files_hold_every_line_and_run_nothing(as_role: As, served: Served) -> None:
    client = as_role("analyst")
    lines = [f"=1+{n}" for n in range(120)] + [served.company]
    told = client.post("/en/lookup", data={"list": "\n".join(lines), "do": "csv"})
    assert told.headers["content-disposition"] == 'attachment; filename="companies.csv"'
    rows = list(csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff"))))
    assert len(rows) == 121 and rows[0]["asked"] == "'=1+0" and rows[0]["answer"] == "none"
    assert rows[-1]["code"] == served.company and rows[-1]["grade"]
    assert 0 < float(rows[-1]["low_percent"]) < float(rows[-1]["broken_percent"]) < 100
    json_told = client.post("/en/lookup", data={"list": "\n".join(lines), "do": "json"}).json()
    assert [row["asked"] for row in json_told] == lines
    page = client.post("/en/lookup", data={"list": "\n".join(lines), "first": "100"}).text
    assert "Lines 101 to 121 of 121" in page and f"/en/c/{served.company}" in page


def test_a_table_is_read_by_its_header_whatever_its_encoding(as_role: As, served: Served) -> None:
    client = as_role("analyst")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        data = f'名称;代码;国家\n"不存在 公司";{served.company};CN\n'.encode(encoding)
        told = client.post(
            "/zh/lookup", data={"do": "json"}, files={"file": ("list.csv", data, "text/csv")}
        ).json()
        assert told[0]["company"]["code"] == served.company, encoding
        assert told[0]["asked"] == "不存在 公司", "the number is believed before the name"


def test_a_list_may_be_a_workbook(as_role: As, served: Served, tmp_path: Path) -> None:
    rows = sheet([["name", "code"], ["Nobody", served.company]])
    file = workbook(tmp_path / "list.xlsx", Customers=rows)
    files = {"file": ("list.xlsx", file.read_bytes(), "application/octet-stream")}
    told = as_role("analyst").post("/en/lookup", data={"do": "json"}, files=files).json()
    assert told[0]["company"]["code"] == served.company


@pytest.mark.parametrize(
    ("data", "words"), [(b"PK\x03\x04....", "CSV"), (b"\x00\x01\x02", "no text"), (b"\n\n", "list")]
)
def test_what_is_no_list_says_what_to_do(as_role: As, data: bytes, words: str) -> None:
    told = as_role("analyst").post("/en/lookup", files={"file": ("x", data, "text/plain")})
    assert told.status_code == 422 and words in told.text


def test_a_list_that_is_too_long_is_refused_with_the_bound(as_role: As) -> None:
    told = as_role("analyst").post(
        "/en/lookup", data={"list": "\n".join(f"n{n}" for n in range(5001))}
    )
    assert told.status_code == 422 and "5000" in told.text


def test_whoever_looks_a_list_up_is_reached_by_corrections(as_role: As, served: Served) -> None:
    client = as_role("analyst")
    service = client.app.state.service  # type: ignore[attr-defined]
    with service.store.read() as db:
        account = accounts.by_login(db, "analyst")
    assert account is not None
    for how in ("page", "api"):
        since = service.clock()
        if how == "page":
            client.post("/en/lookup", data={"do": "show", "list": served.other})
        else:
            assert (
                client.post("/v1/companies/lookup", json={"companies": [served.other]}).status_code
                == 200
            )
        service.seen.flush()
        with service.store.read() as db:
            looks = seen.of_company(db, key_of(served.other), since, service.clock())
        assert account.id in {look["account"] for look in looks}, how
