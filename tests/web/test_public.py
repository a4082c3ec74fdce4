"""What anybody sees: every page in both languages, names of strangers, signing in and out."""

from __future__ import annotations

import html
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient
from tests.web.conftest import HOSTILE, PASSWORD, Served, settings_of

from tallystick.adapters.store.served import add_changes, bodies, put
from tallystick.doors.api import create_app
from tallystick.doors.web.words import WORDS, Words
from tallystick.service.body import packed
from tallystick.units import key_of

LANGS = ("en", "zh")
PLACES = (
    "", "/search", "/search?q=trading", "/search?q=zzzz+qqqq", "/sign-in", "/c/{company}", "/c/{hostile}",
    "/c/{silent}", "/compare", "/compare?a={company}&b={other}", "/compare?a={company}&b={other}&c={hostile}",
    "/compare?a=trading&b=zzzz+qqqq", "/model",
)  # fmt: skip


class Tags(HTMLParser):
    """The tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_inert(text: str) -> None:
    """Nothing in a page runs or styles by itself: one script and one style sheet, both files of ours."""
    tags = Tags()
    tags.feed(text)
    for tag, attrs in tags.found:
        assert tag != "style" and not any(n == "style" or n.startswith("on") for n in attrs), attrs
        assert tag != "script" or str(attrs["src"]).startswith("/static/")
        assert tag not in ("iframe", "object", "embed", "img", "base"), tag


def paths(served: Served) -> list[str]:
    return [f"/{lang}{p.format(**vars(served))}" for lang in LANGS for p in PLACES]


def test_every_page_is_there_whole_and_may_run_nothing(client: TestClient, served: Served) -> None:
    for path in paths(served):
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.text
        assert f'<html lang="{"zh-Hans" if path.startswith("/zh") else "en"}">' in text
        assert len(re.findall(r"<h1[ >]", text)) == 1 and text.count("<main") == 1, path
        assert_inert(text)
        assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
        assert Words(path[1:3])("w.free")[:10] in text
        assert "default-2026" in text and re.search(r"20\d\d-\d\d-\d\d", text), path


def test_every_page_has_json_beside_it(client: TestClient, served: Served) -> None:
    for path in paths(served):
        place, _, query = path.partition("?")
        told = client.get(f"{place}.json?{query}").json()
        assert told["as_of"] and told["policy"] and told["evidence"]["documents"] > 100
    report = client.get(f"/en/c/{served.company}.json").json()
    assert report["headline"]["code"] == served.company and "history" in report


def test_what_a_page_loads_is_there_and_stays(client: TestClient) -> None:
    text = client.get("/en").text
    for path in re.findall(r"/static/[^\"]+", text):
        answer = client.get(path)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert client.get("/static/tallystick-0.css").status_code == 404
    assert client.get("/static/../pyproject.toml").status_code == 404


@pytest.mark.parametrize(
    ("header", "lang"), [("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr;q=x, en", "en")]
)
def test_the_first_address_goes_to_the_language_of_the_browser(
    client: TestClient, header: str, lang: str
) -> None:
    answer = client.get("/", headers={"accept-language": header})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{lang}")
    assert answer.headers["vary"] == "Accept-Language"


def test_the_other_language_is_the_same_page(client: TestClient, served: Served) -> None:
    text = client.get("/en/search?q=a%26b").text
    assert 'href="/zh/search?q=a%26b"' in text
    assert f'href="/en/c/{served.company}"' in client.get(f"/zh/c/{served.company}").text


def test_names_of_strangers_are_text(client: TestClient, served: Served) -> None:
    compared = f"/en/compare?a={served.company}&b={served.hostile}"
    for path in (
        f"/en/c/{served.hostile}",
        f"/zh/c/{served.hostile}",
        "/en/search?q=alert",
        compared,
    ):
        text = client.get(path).text
        assert "<script>alert" not in text and "<img src=x>" not in text
        assert html.escape(HOSTILE, quote=False)[:20] in text, path
        assert "{{7*7}}" in text and "49 '" not in text
    asked = client.get("/en/search", params={"q": '"><script>x</script>'}).text
    assert "<script>x" not in asked
    report = client.get(f"/en/c/{served.hostile}/report")
    assert report.status_code == 200 and "<script>alert" not in report.text
    assert "sandbox" in report.headers["content-security-policy"]


def test_the_public_page_names_nobody_else(client: TestClient, served: Served) -> None:
    names = {
        client.get(f"/v1/companies/{code}").json()["company"]["name"]
        for code in (served.other, served.hostile)
    }
    told = client.get(f"/en/c/{served.company}").text
    deals = re.findall(r"D-[0-9A-Z]{13}", told)
    assert not deals and not any(html.escape(name) in told for name in names if name)
    step = json.dumps(client.get(f"/en/c/{served.company}.json").json()["outlook"]["plan"])
    assert "in turn to" not in step


def test_a_company_that_was_joined_leads_to_the_other(client: TestClient, served: Served) -> None:
    old, new = served.joined
    answer = client.get(f"/zh/c/{old}")
    assert answer.status_code == 308
    place = answer.headers["location"]
    assert place == f"/zh/c/{new}?merged={old}"
    page = client.get(place)
    assert page.status_code == 200 and Words("zh")("w.c.merged", code=old) in page.text
    false = client.get(f"/zh/c/{served.company}?merged={served.other}")
    assert "was joined to" not in false.text, "nobody can make a page say so of another"
    told = client.get(f"/en/c/{old}.json", follow_redirects=True).json()
    assert told["headline"]["code"] == new


def test_states_are_told_apart(client: TestClient, served: Served) -> None:
    silent = client.get(f"/en/c/{served.silent}").text
    assert 'class="state-no_record"' in silent and "says nothing against it" in silent
    assert 'class="state-rated"' in client.get(f"/en/c/{served.company}").text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_country_that_a_number_tells_says_so(
    client: TestClient, served: Served, lang: str
) -> None:
    page, say = client.get(f"/{lang}/c/{served.silent}").text, Words(lang)
    assert '<span class="country">DK</span>' in page
    assert say("w.c.country_by", country="DK", ref="vat:DK61056416") in page or (
        say("w.c.country_by", country="DK", ref="reg.dk:61056416") in page
    )
    stated = client.get(f"/{lang}/c/{served.company}.json").json()["headline"]
    assert stated["country"] and stated["country_by"] is None


def test_what_moved_a_rating_is_told_with_its_cause(client: TestClient, served: Served) -> None:
    service = client.app.state.service  # type: ignore[attr-defined]
    points = {"broken_ppm": 10_000, "low_ppm": 1_000, "high_ppm": 90_000, "evidence_level": "E2"}
    before = {"as_of": "2025-01-01", "grade": "BBB", "score": 630.0, **points}
    after = {"as_of": "2025-02-01", "grade": "BB", "score": 612.5, **points}
    row = {"company": key_of(served.other), "at_us": 1_790_000_000_000_000, "cause": '"policy"'}
    with service.store.write() as db:
        told = {"before": json.dumps(before), "after": json.dumps(after)}
        add_changes(db, [row | told])
    page = client.get(f"/en/c/{served.other}").text
    assert "BBB → BB" in page and "another policy came into force" in page and "−17.5" in page
    assert "picture-history" in page
    with service.store.write() as db:
        changed = body_of_company(db, served.other) | {"disputed": 2}
        put(db, [packed(key_of(served.other), changed)], 0)
    page = client.get(f"/zh/c/{served.other}").text
    assert Words("zh")("w.c.disputed", n=2) in page


def body_of_company(db: Any, code: str) -> dict[str, Any]:
    return bodies(db, [key_of(code)])[key_of(code)]


def test_what_is_not_there_says_what_to_do(client: TestClient) -> None:
    for path in ("/en/nothing", "/zh/c/C-0000000000000", "/en/c/nonsense", "/en/c/D-0000000000000"):
        answer = client.get(path)
        assert answer.status_code == 404 and 'name="q"' in answer.text, path
    told = client.get("/en/c/C-0000000000000.json")
    assert told.status_code == 404 and told.json()["type"].endswith("no-such-company")
    assert "cannot" not in client.get("/en/search?q=" + "x" * 5000).text
    assert client.get("/en/search?q=%00%00").status_code == 200


def test_a_slash_too_many_leads_to_the_page(client: TestClient) -> None:
    for path in ("/en/", "/zh/model/", "/en//"):
        told = client.get(path, follow_redirects=False)
        assert told.status_code == 308 and told.headers["location"] == path.rstrip("/")


def test_signing_in_and_out(client: TestClient) -> None:
    form = {"login": "company", "password": PASSWORD, "next": "/en/search"}
    answer = client.post("/en/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/search")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    page = client.get("/en")
    assert "Sign out" in page.text and page.headers["cache-control"] == "private, no-store"
    first = client.cookies["tallystick_session"]
    client.post("/en/sign-in", data=form)
    assert client.cookies["tallystick_session"] != first
    token = client.cookies["tallystick_session"]
    assert client.post("/en/sign-out").status_code == 303
    client.cookies.set("tallystick_session", token)
    assert "Sign out" not in client.get("/en").text, "the session has ended in the store"


def test_a_wrong_login_is_one_sentence_whatever_was_wrong(client: TestClient) -> None:
    texts = []
    for login, password in (("company", "wrong"), ("nobody", PASSWORD)):
        answer = client.post("/zh/sign-in", data={"login": login, "password": password})
        assert answer.status_code == 401 and "set-cookie" not in answer.headers
        assert Words("zh")("w.sign_in.wrong") in answer.text
        texts.append(answer.text.replace(f'value="{login}"', ""))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "x"]
)
def test_nobody_is_sent_elsewhere(client: TestClient, there: str) -> None:
    form = {"login": "analyst", "password": PASSWORD, "next": there}
    other = TestClient(client.app, client=("10.0.0.9", 1), follow_redirects=False)
    assert other.post("/en/sign-in", data=form).headers["location"] == "/en"


def test_a_form_of_another_site_is_refused(client: TestClient) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        for path in ("/en/sign-in", "/en/sign-out"):
            answer = client.post(path, headers=headers)
            assert answer.status_code == 403 and answer.json()["type"].endswith("cross-site")
            page = client.post(path, headers=headers | {"accept": "text/html"})
            assert page.status_code == 403 and Words("en")("w.e.cross-site") in page.text


def test_more_than_ten_tries_a_minute_are_told_when_to_come_back(client: TestClient) -> None:
    other = TestClient(client.app, client=("10.0.0.10", 1), follow_redirects=False)
    form, html_please = {"login": "operator", "password": "wrong"}, {"accept": "text/html"}
    codes = [other.post("/zh/sign-in", data=form).status_code for _ in range(10)]
    assert codes == [401] * 10
    answer = other.post("/zh/sign-in", data=form | {"password": PASSWORD}, headers=html_please)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) <= 60
    assert Words("zh")("w.error.429") in answer.text and "set-cookie" not in answer.headers


def test_the_cookie_is_secure_over_tls(served: Served, tmp_path: Path) -> None:
    settings = settings_of(served.settings.book, "https://ratings.example")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        answer = client.post("/en/sign-in", data={"login": "auditor", "password": PASSWORD})
        assert "Secure" in answer.headers["set-cookie"]


def test_all_words_are_in_both_languages() -> None:
    for key, words in WORDS.items():
        assert len(words) == 2 and all(words), key
        blanks = [set(re.findall(r"{(\w+)}", text)) for text in words]
        assert blanks[0] == blanks[1], key


def test_the_report_as_a_pdf_has_its_json_inside(client: TestClient, served: Served) -> None:
    told = client.get(f"/en/c/{served.company}/report.pdf")
    assert told.status_code == 200 and told.headers["content-type"] == "application/pdf"
    inside = PdfReader(io.BytesIO(told.content)).attachments
    report = json.loads(inside["report.json"][0])
    assert report["headline"]["code"] == served.company
    assert report["provenance"]["sources"] == [], "the public sees no file"
    assert client.get("/en/c/C-0000000000000/report.pdf").status_code == 404
