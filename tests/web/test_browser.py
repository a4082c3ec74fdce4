"""The most used ways through the pages in a real browser: both languages, with and without scripts, a phone and
a desk; and the rules of WCAG 2.2 AA that a machine can check."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from tests.web.conftest import PASSWORD, Served, session_of

from tallystick.doors.web.words import Words
from tallystick.service import open_service

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
BAD = "kind,number,issued_on,amount,currency,seller_name,buyer_name,due_on\n" \
      "invoice,B-1,2025-13-01,10.00,EUR,Acme,Bolt Ltd,2025-06-01\n"  # fmt: skip


@pytest.fixture(scope="module")
def base(served: Served) -> Iterator[str]:
    """A server of our own over the book, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"TALLYSTICK_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "tallystick", "serve", "--port", str(port), "--workers", "0"]
    command += ["--book", str(served.settings.book)]
    server = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urlopen(f"{address}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(params=[(lang, js) for lang in ("en", "zh") for js in (True, False)],
                ids=lambda p: f"{p[0]}-{'script' if p[1] else 'plain'}")  # fmt: skip
def visit(request: pytest.FixtureRequest, browser: Any, base: str) -> Iterator[tuple[Any, Words]]:
    """A page and its words; whatever the browser complains of fails the test."""
    lang, js = request.param
    context = browser.new_context(
        base_url=base, viewport=WIDE if js else PHONE, java_script_enabled=js, locale=lang
    )
    page, complaints = context.new_page(), []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, Words(lang)
    context.close()
    assert not complaints


def sign_in(page: Any, login: str, served: Served) -> None:
    """Without the form."""
    service = open_service(served.settings)
    token = session_of(service, login)
    service.close()
    cookie = {"name": "tallystick_session", "value": token, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])


def test_a_buyer_looks_a_company_up(visit: tuple[Any, Words], served: Served) -> None:
    page, say = visit
    page.goto("/")
    assert page.url.endswith(f"/{say.lang}")
    page.fill("main input[name=q]", served.company)
    page.click("main button")
    page.click(f"main a[href$='/c/{served.company}']")
    page.wait_for_load_state()
    assert page.locator(".plaque .letter").count() == 1
    assert page.locator("svg.drawn").count() >= 1
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "nothing but tables and pictures is scrolled sideways"
    page.click("a[href$='#history']")
    page.click(".bar nav a.tongue")
    other = "zh" if say.lang == "en" else "en"
    assert page.url.endswith(f"/{other}/c/{served.company}")


def test_two_are_compared_from_the_search(visit: tuple[Any, Words], served: Served) -> None:
    page, say = visit
    page.goto(f"/{say.lang}/search?q={served.company}")
    page.click("main a.aside")
    page.fill("input[name=b]", served.other)
    page.click("main form button")
    assert page.locator(".verdict").inner_text()
    page.wait_for_load_state()
    assert page.locator("table.side").count() == 2 and page.locator("svg.drawn").count() >= 1


def test_a_company_reads_who_looked(visit: tuple[Any, Words], served: Served) -> None:
    page, say = visit
    page.goto(f"/{say.lang}/me")
    page.fill("#login", "company")
    page.fill("#password", PASSWORD)
    page.click("main button")
    assert page.url.endswith(f"/{say.lang}/me")
    page.click(f"#company a[href$='/c/{served.company}']")
    assert say("w.c.whole", purpose=say("w.c.own")) in page.inner_text("main")
    page.click("main a[href*='/deal/'] >> nth=0")
    page.wait_for_load_state()
    assert re.search(r"/deal/D-\w+#", page.url) and page.locator("svg.deal").count() == 1
    page.goto(f"/{say.lang}/me")
    page.click("#views .note a")
    assert page.locator("#views a[href*='/deal/D-']").count() >= 1
    page.click(".bar nav form button")
    page.wait_for_load_state()
    assert page.locator(".bar nav a[href$='/sign-in']").count() == 1


def test_a_contributor_tries_a_messy_file(
    visit: tuple[Any, Words], served: Served, tmp_path: Path
) -> None:
    page, say = visit
    sign_in(page, "contributor", served)
    page.goto(f"/{say.lang}/console")
    (tmp_path / "messy.csv").write_text(BAD)
    page.set_input_files("#file", str(tmp_path / "messy.csv"))
    page.click("button[value=try]")
    page.wait_for_selector("text=date-impossible")
    stayed = page.url.endswith("/console")
    assert stayed == bool(page.evaluate("document.documentElement.classList.contains('js')"))
    if stayed:
        assert page.input_value("#file").endswith("messy.csv"), "the file is still chosen"


def test_a_buyer_looks_a_list_up(visit: tuple[Any, Words], served: Served) -> None:
    page, say = visit
    page.goto(f"/{say.lang}/search")
    page.click("#hint a")
    page.fill("#login", "analyst")
    page.fill("#password", PASSWORD)
    page.click("main button")
    assert page.url.endswith(f"/{say.lang}/lookup")
    page.fill("#list", f"{served.company}\nTrading\nzzzz qqqq")
    page.click("button[value=show]")
    page.wait_for_selector("#found")
    assert page.locator(f"table.listed a[href$='/c/{served.company}']").count() == 1
    with page.expect_download() as download:
        page.click("button[value=csv]")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith(f"{served.company},,found,{served.company}")


def test_a_search_is_narrowed_and_a_company_watched(
    visit: tuple[Any, Words], served: Served
) -> None:
    page, say = visit
    sign_in(page, "analyst", served)
    page.goto(f"/{say.lang}/search?q=trading")
    page.click(".facets summary")
    page.click(".facets a >> nth=0")
    page.wait_for_selector(".facets a[aria-current]")
    page.goto(f"/{say.lang}/c/{served.other}")
    page.click("#does form button")
    page.wait_for_selector(f"button:has-text('{say('w.c.unwatch')}')")
    page.goto(f"/{say.lang}/me")
    page.click("#watches form button")
    page.wait_for_selector("#watches p")
    assert say("w.me.watches_none") in page.inner_text("#watches")


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
AT_A_DESK = {
    None: ("", "/search?q=trading", "/c/{hostile}", "/compare?a={company}&b={other}", "/model"),
    "company": ("/c/{company}", "/deal/{deal}"),
    "contributor": ("/console",),
    "analyst": ("/lookup", "/review/pair?a={company}&b={other}", "/me", "/c/{other}"),
    "operator": ("/disputes", "/claims", "/review", "/me"),
}
ON_A_PHONE = {
    None: ("", "/search?q=zzzz+qqqq", "/sign-in", "/c/{company}", "/nothing"),
    "company": ("/me", "/deal/{deal}"),
    "contributor": ("/console",),
    "analyst": ("/lookup", "/search?q=trading&country=CN", "/review/pair?a={company}&b={other}"),
}


@pytest.mark.parametrize(
    ("lang", "viewport", "scheme", "places"),
    [("en", WIDE, "light", AT_A_DESK), ("zh", PHONE, "dark", ON_A_PHONE)],
    ids=["desk", "phone"],
)
def test_pages_keep_the_rules_of_access(
    browser: Any, base: str, served: Served, lang: str, viewport: Any, scheme: str, places: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        base_url=base, viewport=viewport, color_scheme=scheme, bypass_csp=True, locale=lang
    )
    page, found = context.new_page(), []
    for login, paths in places.items():
        context.clear_cookies()
        if login:
            sign_in(page, login, served)
        for path in paths:
            page.goto(f"/{lang}{path.format(**vars(served))}")
            result = Axe().run(page, options=RULES)
            found += [
                (path, rule["id"], node["target"], node["html"][:120])
                for rule in result.response["violations"]
                for node in rule["nodes"][:3]
            ]
    context.close()
    assert not found
