"""Pages on which something went wrong say what, in the language of the page, and lead on."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Served
from tests.web.test_public import assert_inert

from tallystick.doors.web.words import WORDS

As = Callable[[str], TestClient]
DOORS = Path(__file__).parents[2] / "src/tallystick/doors"
GONE = "D-0000000000000"
LOOKS = [
    ("", "/nothing", "no-such-path", ""),
    ("", "/c/C-0000000000000", "no-such-company", ""),
    ("", "/c/nonsense/report.pdf", "no-such-company", ""),
    ("", "/model/validation", "not-validated", "/model"),
    ("company", f"/deal/{GONE}", "no-such-deal", "/me"),
    ("company", f"/disputes/new?entry={GONE}/pay/0", "no-such-entry", "/me"),
    ("company", "/disputes/99", "no-such-dispute", "/disputes"),
    ("company", "/review", "role", "/me"),
    ("contributor", "/console/up_x", "no-such-batch", "/console"),
    ("analyst", "/console", "role", "/me"),
    ("operator", "/disputes/new?entry=x", "no-company", "/claims"),
    ("analyst", "/review/pair?a=zzzz&b=yyyy", "no-such-two", "/review"),
    ("analyst", "/review/previews/9", "no-such-preview", "/review"),
]
FORMS = [
    ("operator", "/claims/99/decision", {"do": "grant"}, "no-such-claim", "/claims"),
    ("operator", "/claims/99/decision", {"do": "burn"}, "decision", "/claims"),
    ("company", "/me/watches/end", {"watch": "99"}, "no-such-watch", "/me"),
    ("analyst", "/console", {"do": "try"}, "role", "/me"),
    ("", "/search", {"q": "x"}, "http", ""),
    ("", "/lookup", {"do": "show", "list": "x" * 2**21}, "http", ""),
]
API_ONLY = {
    "content",  # bodies of the API
    "request",
    "no-contributor",
    "no-such-key",  # what has no page
    "no-such-account",
    "own-account",
    "no-such-notice",
    "no-url",
    "url",
    "claim",  # told in the form itself, `w.k.e.`
    "quota",  # pages are not counted
    "not-rated-yet",  # /readyz
}


def told(page: Any, lang: str, code: str, step: str) -> None:
    """What every page of a problem has."""
    sentence = re.escape(WORDS[f"w.e.{code}"][lang == "zh"])
    sentence = re.sub(r"\\{\w+\\}", "[^<]*", sentence)
    assert re.search(f"<p>{sentence}</p>", page.text), (code, page.text[-2500:])
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    assert f'href="/{lang}{step}"' in main and 'lang="en"' not in main
    assert_inert(page.text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_problem_has_its_sentence_and_a_way_on(
    as_role: As, client: TestClient, lang: str
) -> None:
    for role, path, code, step in LOOKS:
        asking = as_role(role) if role else client
        if not role:
            asking.cookies.clear()
        page = asking.get(f"/{lang}{path}")
        assert page.status_code in (403, 404), path
        told(page, lang, code, step)
    for role, path, fields, code, step in FORMS:
        asking = as_role(role) if role else client
        if not role:
            asking.cookies.clear()
        page = asking.post(f"/{lang}{path}", files={k: (None, v) for k, v in fields.items()})  # type: ignore[misc]
        assert page.status_code in (400, 403, 404, 405, 422), path
        told(page, lang, code, step)


def test_who_may_is_told(as_role: As) -> None:
    assert "contributor (its own), operator, auditor" in as_role("analyst").get("/en/console").text
    page = as_role("analyst").get("/zh/console").text
    assert "数据提供方（仅限自身）、运营方、审计方" in page and "已提交的批次与退回项" in page
    told = as_role("analyst").get("/zh/console.json")
    assert told.json()["detail"] == "The role analyst does not include 'batch.read' here."


def test_a_claim_of_nobody_says_so_in_the_form(as_role: As, served: Served) -> None:
    form = {"company": "C-0000000000000", "method": "operator"}
    client = as_role("company")
    assert "本账簿中没有企业 C-0000000000000" in client.post("/zh/claims", data=form).text
    gone, stays = served.joined
    joined = client.post("/zh/claims", data=form | {"company": gone}).text
    assert f"{gone} 已并入 {stays}" in joined


def _codes(path: Path) -> Iterator[str]:
    """The codes of the problems that a module raises."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            code = node.args[1]
            if isinstance(code, ast.Constant):
                yield str(code.value)


def test_every_problem_has_words() -> None:
    modules = [*(DOORS / "web").glob("*.py"), *(DOORS / "api").glob("*.py")]
    raised = {code for path in modules for code in _codes(path)}
    worded = {key.removeprefix("w.e.") for key in WORDS if key.startswith("w.e.")} - {"own"}
    assert raised - API_ONLY == worded, "codes without a sentence, or sentences of no code"
    assert raised >= API_ONLY
