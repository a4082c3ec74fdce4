"""What every request passes: size, speed, where it comes from, and what the answer's headers say.

One plain ASGI layer, since a layer of the framework costs more than a look-up itself. In order: the length of
the body, the rate limit, cross-site requests that would change something (`Sec-Fetch-Site`, Fetch Metadata),
then the application; on the way out security headers, a request id, a line in the log and the metrics."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from random import getrandbits
from typing import Any, Final

from prometheus_client import Counter, Histogram
from starlette.responses import Response

from tallystick.doors.api.limiting import Windows
from tallystick.doors.api.problems import Problem
from tallystick.service.logs import Lines

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

MOST_BYTES: Final = 64 * 1024 * 1024
PER_MINUTE: Final = {"public": 300, "key": 600_000, "sign-in": 10, "password": 10}
"""Requests a minute and process: of one address without a key, of one key, and of one address that tries to
sign in or to change a password."""
_ASSETS: Final = "/static/"
"""What pages are made of lies in memory and is kept by browsers: it is not counted."""
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = [
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
REQUESTS: Final = Counter("tallystick_requests_total", "Requests", ["method", "status"])
SECONDS: Final = Histogram(
    "tallystick_request_seconds",
    "Time to answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_COUNTERS: dict[tuple[str, int], Any] = {}


class Front:
    """The layer in front of the application. `https`: the service is reached over TLS; `page`: tells a person
    why a request was refused, None where a program asked."""

    def __init__(
        self,
        app: Any,
        https: bool,
        log: bool = True,
        page: Callable[[Scope, Problem], Response | None] = lambda scope, problem: None,
    ) -> None:
        self._app = app
        self._page = page
        self._log = log
        self._headers = [*_HEADERS, *([_HTTPS] if https else [])]
        self._windows = Windows()
        self._lines = Lines()
        self._most = dict(PER_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            try:
                await self._app(scope, receive, send)
            finally:
                self._lines.flush()
            return
        began, number = time.perf_counter(), f"{getrandbits(64):016x}"
        scope.setdefault("state", {})["request_id"] = number
        status = 500

        async def answer(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = {name for name, _ in message["headers"]}
                more = [pair for pair in self._headers if pair[0] not in own]
                message["headers"] = [
                    *message["headers"],
                    *more,
                    (b"x-request-id", number.encode()),
                    *_quota(scope["state"].get("left")),
                ]
            await send(message)

        try:
            refused = self._refused(scope)
            if refused is not None:
                told = self._page(scope, refused) or refused.response()
                await told(scope, receive, answer)
            else:
                await self._app(scope, bounded(receive), answer)
        finally:
            self._account(scope, status, time.perf_counter() - began, number)

    def _refused(self, scope: Scope) -> Problem | None:
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            fix = f"Send at most {MOST_BYTES >> 20} MB at once, several files one by one."
            blanks = {"mb": MOST_BYTES >> 20}
            return Problem(413, "too-large", "The body is too large.", fix, blanks=blanks)
        if scope["method"] not in _SAFE and _foreign(headers):
            fix = "Send the form from a page of this service, or use a key."
            return Problem(403, "cross-site", "This request comes from another site.", fix)
        return None if scope["path"].startswith(_ASSETS) else self._too_many(scope, headers)

    def _too_many(self, scope: Scope, headers: dict[bytes, bytes]) -> Problem | None:
        key = headers.get(b"authorization")
        address = (scope.get("client") or ("?",))[0]
        sort = "key" if key else "public"
        end = scope["path"].rpartition("/")[2]
        if scope["method"] == "POST" and end in ("sign-in", "password"):
            sort = end
        who = hashlib.sha256(key).hexdigest()[:16] if key and sort == "key" else address
        wait = self._windows.hit(sort, who, self._most[sort])
        if wait is None:
            return None
        detail = f"More than {self._most[sort]} requests a minute."
        fix = f"Wait {wait} seconds; look many companies up at once with POST /v1/companies/lookup."
        return Problem(429, "too-many", detail, fix, {"Retry-After": str(wait)})

    def _account(self, scope: Scope, status: int, seconds: float, number: str) -> None:
        key = (scope["method"] if scope["method"] in _KNOWN else "other", status)
        counter = _COUNTERS.get(key)
        if counter is None:
            counter = _COUNTERS[key] = REQUESTS.labels(*key)
        counter.inc()
        SECONDS.observe(seconds)
        if self._log:
            self._line(scope, status, seconds, number)

    def _line(self, scope: Scope, status: int, seconds: float, number: str) -> None:
        """A line in the log as `service.logs` writes them, by hand: the logger costs more than a look-up."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._lines.add(
            f'{{"event": "request", "method": {json.dumps(scope["method"])}, "path": '
            f'{json.dumps(scope["path"])}, "status": {status}, "ms": {seconds * 1000:.2f}, '
            f'"id": "{number}", "level": "info", "timestamp": "{moment}"}}\n'
        )


_KNOWN: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def _quota(left: Any) -> list[tuple[bytes, bytes]]:
    """The headers of draft-ietf-httpapi-ratelimit-headers, where the caller has a quota."""
    if left is None or left.limit is None:
        return []
    return [
        (b"ratelimit-policy", f'"day";q={left.limit};w=86400'.encode()),
        (b"ratelimit", f'"day";r={left.remaining};t={left.reset_s}'.encode()),
    ]


def _foreign(headers: dict[bytes, bytes]) -> bool:
    """Whether a browser sent a changing request from another site. Programs send no `Sec-Fetch-Site`; a browser
    too old to send it is told by its `Origin`."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    if origin is None or b"authorization" in headers:
        return False
    return origin.split(b"://")[-1] != headers.get(b"host")


def bounded(receive: Receive) -> Receive:
    """The body of a request, ended where it is longer than it may be (it need not say its length)."""
    taken = 0

    async def part() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            fix, blanks = "Send less at once.", {"mb": MOST_BYTES >> 20}
            raise Problem(413, "too-large", "The body is too large.", fix, blanks=blanks)
        return message

    return part
