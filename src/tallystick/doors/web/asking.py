"""What a page is asked: by whom, in which language, with which words in the address.

`ask.text("q", 300)` reads the query and never trusts its length; `ask.url("/search", q="huawei")` writes an
address in the language of the page, and `ask.in_language("zh")` the same page in another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tallystick.adapters.store.accounts import Account
from tallystick.doors.api.callers import COOKIE, Caller, Callers
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.words import LANGUAGES, Words
from tallystick.evidence.sentences import chinese
from tallystick.service import Service

JSON: Final = ".json"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a page. `fields`, `files`: of the form that was sent, if one was."""

    request: Request
    service: Service
    caller: Caller
    lang: str
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def say(self) -> Words:
        """The words of its language."""
        return Words(self.lang)

    def said(self, error: Exception) -> str:
        """What an error says in the language of the page."""
        return chinese(error) if self.lang == "zh" else str(error)

    def shows(self, *companies: int | str) -> None:
        """The caller is shown companies (numbers or codes)."""
        self.caller.shown(self.service, *companies)

    @property
    def path(self) -> str:
        """The path without the `.json` behind it."""
        return self.request.url.path.removesuffix(JSON)

    @property
    def wants_json(self) -> bool:
        """Whether a program asks."""
        return self.request.url.path.endswith(JSON)

    def text(self, name: str, most: int = 200) -> str:
        """A word of the address, or of the form, without blanks around it and cut to a length."""
        told = self.fields.get(name) or self.request.query_params.get(name) or ""
        return told.replace("\x00", "").strip()[:most]

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name]).removesuffix(JSON)

    def url(self, path: str, **query: str) -> str:
        """The address of a page in the same language; empty words are left out."""
        told = urlencode({key: value for key, value in query.items() if value})
        return f"/{self.lang}{path}" + (f"?{told}" if told else "")

    def in_language(self, lang: str) -> str:
        """The same page in another language."""
        query = self.request.url.query
        rest = self.path.removeprefix(f"/{self.lang}")
        return f"/{lang}{rest}" + (f"?{query}" if query else "")

    def json_url(self) -> str:
        """The same page for programs."""
        query = self.request.url.query
        return self.path + JSON + (f"?{query}" if query else "")


async def form_of(request: Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The words and the files of a form. A file that nobody chose is left out."""
    words: dict[str, str] = {}
    given: dict[str, tuple[str, bytes]] = {}
    async with request.form(max_files=4, max_fields=100, max_part_size=2**20) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                if value.filename or data:
                    given[name] = (value.filename or "upload", data)
            else:
                words[name] = f"{words[name]},{value}" if name in words else value
    return words, given


def caller_of(request: Request) -> Caller:
    """Who asks for a page: whoever the cookie says. A key is for programs, and taken as well."""
    callers: Callers = request.app.state.callers
    return callers.of(request.headers.get("authorization"), request.cookies.get(COOKIE))


def someone(ask: Ask) -> Account:
    """Who is signed in. Raises the `Problem` that asks to sign in where nobody is; keys are for programs."""
    account = ask.caller.account
    if account is None or ask.caller.scopes is not None:
        raise Problem(401, "unknown", "This page needs a session.", "Sign in at /sign-in.")
    return account


def preferred(header: str) -> str:
    """The language of ours that a browser likes best (`Accept-Language`), English where it says none.

    >>> preferred("zh-TW,zh;q=0.9,en;q=0.8"), preferred("de, en;q=0.7, zh;q=0.3"), preferred("")
    ('zh', 'en', 'en')
    """
    liked: dict[str, float] = {}
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        lang = tag.strip().lower().partition("-")[0]
        if lang in LANGUAGES:
            liked[lang] = max(liked.get(lang, 0.0), _number(weight))
    return max(liked, key=lambda lang: liked[lang], default=LANGUAGES[0])


def _number(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
