"""Signing in and out, and another password. A password opens a session of its own each time; wrong ones are
one sentence.

The cookie is HttpOnly and SameSite=Lax, and Secure where the service is reached over TLS. Requests from other
sites are refused before they come here (`api.front`), and so are more than ten tries a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from tallystick.adapters.store import accounts
from tallystick.adapters.store.accounts import SESSION_DAYS, Account
from tallystick.doors.api.callers import COOKIE
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.rendering import Page, answer
from tallystick.units import DAY_US, SECOND_US

_SECONDS: Final = SESSION_DAYS * DAY_US // SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(Page):
    """The form. `next`: where one wanted to go; `wrong`: why one is not signed in, "" for no reason;
    `elsewhere`: where one signs in with an account of one's organisation, "" where the settings name none."""

    login: str
    next: str
    wrong: str
    elsewhere: str


def sign_in(ask: Ask) -> Response:
    """The form to sign in."""
    return _form(ask)


def signed_in(ask: Ask) -> Response:
    """Open a session for whom login and password fit, and go where one wanted to."""
    with ask.service.store.read() as db:
        found = accounts.signed_in(db, ask.text("login"), ask.fields.get("password", "")[:1000])
    if found is None:
        return failed(ask, "w.sign_in.wrong")
    with ask.service.store.write() as db:
        if ask.caller.token:
            accounts.end_session(db, ask.caller.token)
        token = accounts.begin_session(db, found.id, ask.service.clock())
    return opened(ask, found, token, local(ask.text("next", 1000)))


def opened(ask: Ask, account: Account, token: str, onward: str) -> Response:
    """With a session that was opened, to where one wanted to go."""
    response = _away(ask, onward or _first_page_of(ask, account.role))
    secure = ask.service.settings.public_url.startswith("https://")
    response.set_cookie(
        COOKIE, token, _SECONDS, path="/", secure=secure, httponly=True, samesite="lax"
    )
    return response


def failed(ask: Ask, why: str) -> Response:
    """The form again, with the words that say why."""
    return _form(ask, ask.say(why))


def sign_out(ask: Ask) -> Response:
    """End the session, here and in the store."""
    if ask.caller.token:
        with ask.service.store.write() as db:
            accounts.end_session(db, ask.caller.token)
        ask.request.app.state.callers.forget()
    response = _away(ask, ask.url(""))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Password(Page):
    """The form for another password. `wrong`: why it was not taken, "" for no reason."""

    login: str
    least: int
    wrong: str


def password(ask: Ask, wrong: str = "") -> Response:
    """The form for another password."""
    account = someone(ask)
    page = Password(
        ask=ask,
        told={"login": account.login},
        status=422 if wrong else 200,
        kept=False,
        login=account.login,
        least=accounts.LEAST_PASSWORD,
        wrong=wrong,
    )
    return answer(page, "password.html")


def new_password(ask: Ask) -> Response:
    """Take another password from whoever knows the one until now. All sessions end, and a new one begins."""
    account = someone(ask)
    old, new = (ask.fields.get(name, "")[:1000] for name in ("password", "new"))
    with ask.service.store.read() as db:
        known = accounts.signed_in(db, account.login, old)
    if known is None or known.id != account.id:
        return password(ask, ask.say("w.password.wrong"))
    if len(new) < accounts.LEAST_PASSWORD:
        return password(ask, ask.say("w.password.short", n=accounts.LEAST_PASSWORD))
    with ask.service.store.write() as db:
        accounts.new_password(db, account.id, new)
        token = accounts.begin_session(db, account.id, ask.service.clock())
    ask.request.app.state.callers.forget()
    return opened(ask, account, token, ask.url("/me"))


def local(path: str) -> str:
    """A path of this service, or nothing: nobody is sent elsewhere by a link that was sent to them.

    >>> local("/en/me?a=1"), local("//evil.example"), local("https://evil.example"), local("/\\\\evil.example")
    ('/en/me?a=1', '', '', '')
    """
    plain = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if plain and not path.startswith("//") else ""


def _form(ask: Ask, wrong: str = "") -> Response:
    onward = local(ask.text("next", 1000))
    there = f"/sign-in/oidc?{urlencode({'next': onward})}"
    page = SignIn(
        ask=ask,
        told={"signed_in": ask.caller.account is not None, "role": ask.caller.role},
        status=401 if wrong else 200,
        kept=False,
        login=ask.text("login"),
        next=onward,
        wrong=wrong,
        elsewhere=there if ask.service.settings.oidc_issuer else "",
    )
    return answer(page, "sign_in.html")


def _first_page_of(ask: Ask, role: str) -> str:
    return ask.url({"contributor": "/console", "company": "/me"}.get(role, ""))


def _away(ask: Ask, path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})
