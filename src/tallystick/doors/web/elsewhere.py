"""Signing in with an account somewhere else: away to the issuer, and back with a session.

`/sign-in/oidc` sends a browser to the issuer that the settings name, `/sign-in/oidc/back` takes it back. What
the browser keeps meanwhile is a cookie for ten minutes that only these two paths are sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tallystick.adapters.store import accounts
from tallystick.doors.api.callers import COOKIE as SESSION
from tallystick.doors.api.callers import Caller
from tallystick.doors.api.problems import Problem
from tallystick.doors.web import failing, signing
from tallystick.doors.web.asking import Ask, preferred
from tallystick.service import oidc
from tallystick.settings import Settings

COOKIE: Final = "tallystick_oidc"
PATH: Final = "/sign-in/oidc"
BACK: Final = f"{PATH}/back"
_SECONDS: Final = 600
_LOG: Final = structlog.get_logger("web")
Show = Callable[[Ask], Response]


@lru_cache(maxsize=4)
def provider(settings: Settings) -> oidc.Provider | None:
    """The issuer that the settings name, None where they name none."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    back = settings.public_url + BACK
    return oidc.Provider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, back
    )


def routes() -> list[Route]:
    """The two addresses."""
    return [Route(PATH, _threaded(away)), Route(BACK, _threaded(back))]


def away(ask: Ask) -> Response:
    """To the issuer."""
    url, attempt = _provider(ask).begin(signing.local(ask.text("next", 1000)))
    response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
    secure = ask.service.settings.public_url.startswith("https://")
    response.set_cookie(
        COOKIE, attempt.cookie(), _SECONDS, path=PATH, secure=secure, httponly=True, samesite="lax"
    )
    return response


def back(ask: Ask) -> Response:
    """From the issuer, with a session."""
    attempt = oidc.Attempt.read(ask.request.cookies.get(COOKIE, ""))
    if attempt is None:
        raise oidc.OidcError("again", "no cookie of an attempt")
    person = _provider(ask).finish(attempt, dict(ask.request.query_params))
    with ask.service.store.write() as db:
        found = oidc.account_of(db, person)
        if found is None:
            raise oidc.OidcError("uninvited", f"no account for {person.subject}")
        held = ask.request.cookies.get(SESSION)
        if held:
            accounts.end_session(db, held)
        token = accounts.begin_session(db, found.id, ask.service.clock())
    return signing.opened(ask, found, token, signing.local(attempt.next))


def _provider(ask: Ask) -> oidc.Provider:
    found = provider(ask.service.settings)
    if found is None:
        raise Problem(404, "no-such-path", f"There is nothing at {ask.request.url.path}.")
    return found


def _threaded(show: Show) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(_answered, request, show)

    return endpoint


def _answered(request: Request, show: Show) -> Response:
    lang = preferred(request.headers.get("accept-language", ""))
    ask = Ask(request, request.app.state.service, Caller(), lang)
    try:
        response = show(ask)
    except Problem as problem:
        response = failing.told(ask, problem)
    except oidc.OidcError as error:
        _LOG.warning("oidc", kind=error.kind, detail=str(error))
        response = signing.failed(ask, f"w.sign_in.{error.kind}")
    if show is back:
        response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    return response
