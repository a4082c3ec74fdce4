"""The one look-up that must be quick: the rating of a company by its code.

It answers `GET /v1/companies/C-…` before the framework is asked, with the same function as the endpoint that
openapi.json describes; the framework's own way costs several times what the look-up itself does.
"""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.requests import cookie_parser
from starlette.responses import Response

from tallystick.doors.api.callers import COOKIE, Callers, count
from tallystick.doors.api.companies import rated
from tallystick.doors.api.front import Receive, Scope, Send
from tallystick.doors.api.problems import Problem

PATH: Final = re.compile(r"/v1/companies/(C-[0-9A-Z]{13})")


class Quick:
    """The layer that answers look-ups by code and hands everything else on. `state`: that of the
    application."""

    def __init__(self, app: Any, state: Any) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        await self._answer(scope, found[1])(scope, receive, send)

    def _answer(self, scope: Scope, code: str) -> Response:
        headers = dict(scope["headers"])
        callers: Callers = self._state.callers
        cookie = None
        if b"cookie" in headers:
            cookie = cookie_parser(headers[b"cookie"].decode("latin-1")).get(COOKIE)
        known = headers.get(b"if-none-match", b"").decode("latin-1")
        try:
            caller = callers.of(headers.get(b"authorization", b"").decode("latin-1"), cookie)
            if caller.account is not None:
                count(self._state.quotas, scope["state"], caller.account)
            return rated(self._state.service, caller, code, known)
        except Problem as problem:
            return problem.response()
