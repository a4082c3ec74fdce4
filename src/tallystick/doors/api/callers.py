"""Who is asking, and what they may.

A program comes with a key (`Authorization: Bearer ts_...`), a person with the cookie of a session, anybody
else is `public`. A key or a cookie that is wrong is refused rather than taken for nobody. What was found is
remembered for a few seconds, so that a busy caller costs no look-up; a revoked key works no longer than that.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from tallystick.adapters.store import accounts
from tallystick.adapters.store.accounts import Account
from tallystick.doors.api.problems import Problem
from tallystick.service import Service, allowed
from tallystick.service.access import may_ever
from tallystick.service.quota import Quotas
from tallystick.units import key_of

COOKIE: Final = "tallystick_session"
PURPOSE: Final = "tallystick-purpose"
REMEMBER_S: Final = 3.0
BEARER: Final = {"WWW-Authenticate": "Bearer"}
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks. `scopes`: those of the key, None for a person; `token`: the cookie, to sign out."""

    account: Account | None = None
    scopes: frozenset[str] | None = None
    token: str | None = None

    @property
    def role(self) -> str:
        """The role of its account, `public` without one."""
        return self.account.role if self.account else "public"

    def may(self, right: str, own: bool = False) -> bool:
        """Whether the caller may do it."""
        return allowed(self.role, right, own, self.scopes)

    def must(self, right: str, own: bool = False) -> None:
        """Raises the `Problem` that says why not, where the caller may not."""
        if self.may(right, own):
            return
        if self.account is None:
            raise unknown()
        if self.scopes is not None and allowed(self.role, right, own):
            raise Problem(
                403,
                "scope",
                f"This key has no scope {right!r}.",
                f"Make a key with the scope {right!r}.",
            )
        detail = f"The role {self.role} does not include {right!r}{' here' if own else ''}."
        fix = "docs/reference/access.md says which role may do what."
        raise Problem(403, "role", detail, fix, blanks={"right": right})

    def owns_company(self, company: int) -> bool:
        """Whether the caller speaks for a company."""
        return self.account is not None and self.account.company == company

    def shown(self, service: Service, *companies: int | str) -> None:
        """Whoever is signed in is shown companies (numbers or codes): a correction of them must reach them."""
        if self.account is not None:
            for company in companies:
                key = company if isinstance(company, int) else key_of(company)
                service.seen.add(self.account.id, key, service.clock())

    def owns_contributor(self, name: str) -> bool:
        """Whether evidence under that name is the caller's."""
        return self.account is not None and self.account.contributor == name


NOBODY: Final = Caller()


def unknown() -> Problem:
    """Asks for a key or a session."""
    fix = "Send Authorization: Bearer KEY, or sign in at /sign-in."
    return Problem(401, "unknown", "This needs a key or a session.", fix, BEARER)


class Callers:
    """Finds out who asks, and remembers it for a few seconds."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    def of(self, authorization: str | None, cookie: str | None) -> Caller:
        """The caller of a request. Raises `Problem` for a key that opens nothing."""
        given = authorization or cookie
        if not given:
            return NOBODY
        name = hashlib.sha256(given.encode()).digest()
        held = self._known.get(name)
        if held is not None and held[0] > time.monotonic():
            return held[1]
        caller = self._key(authorization) if authorization else self._session(cookie or "")
        self._known[name] = (time.monotonic() + REMEMBER_S, caller)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return caller

    def forget(self) -> None:
        """Look everybody up anew: somebody signed out or a key was revoked in this process."""
        self._known.clear()

    def _key(self, authorization: str) -> Caller:
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            fix = "Send Authorization: Bearer KEY."
            raise Problem(401, "scheme", f"{scheme[:20]!r} is no way in.", fix, BEARER)
        found = accounts.of_key(self._service.store, text.strip(), self._service.clock())
        if found is None:
            fix = "Make a new key: tallystick key NEW, or POST /v1/keys."
            raise Problem(401, "key", "This key is wrong, ended or revoked.", fix, BEARER)
        return Caller(*found)

    def _session(self, cookie: str) -> Caller:
        with self._service.store.read() as db:
            account = accounts.of_session(db, cookie, self._service.clock())
        return Caller(account, token=cookie) if account else NOBODY


async def live(request: Request) -> Service:
    """The service behind the application. (Not a coroutine for its own sake: the framework sends plain
    functions to a thread, which costs more than the look-up.)"""
    service: Service = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Who asks."""
    callers: Callers = request.app.state.callers
    return callers.of(request.headers.get("authorization"), request.cookies.get(COOKIE))


Live = Annotated[Service, Depends(live)]


class Right:
    """A dependency that lets in whoever may do something at all; `caller.must` narrows to what is theirs."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, request: Request) -> Caller:
        caller = caller_of(request)
        if not may_ever(caller.role, self.name):
            caller.must(self.name)
        if caller.scopes is not None and not allowed(caller.role, self.name, True, caller.scopes):
            caller.must(self.name, own=True)
        if caller.account is not None:
            count(request.app.state.quotas, request.scope["state"], caller.account)
        return caller


def count(quotas: Quotas, state: MutableMapping[str, Any], account: Account) -> None:
    """Count a request towards its account's quota of the day; `Front` tells what is `left` in the headers.
    Raises `Problem` where it is used up."""
    state["left"] = left = quotas.hit(account.id, account.role)
    if left.over:
        fix = "Wait until midnight UTC, or ask the operator for more (TALLYSTICK_DAILY_REQUESTS)."
        detail = f"More than {left.limit} requests today."
        raise Problem(429, "quota", detail, fix, {"Retry-After": str(left.reset_s)})


def needs(right: str) -> Any:
    """`Annotated[Caller, needs("batch.write")]` in an endpoint: the caller, if it may."""
    return Depends(Right(right))


def purpose_of(request: Request, caller: Caller, own: bool) -> str:
    """For which purpose somebody looks at what is not public. Raises `Problem` where nobody says."""
    given = request.headers.get(PURPOSE) or request.query_params.get("purpose")
    if own and not given:
        return "own data"
    if not given or not given.strip():
        fix = "Send the header Tallystick-Purpose, such as: credit decision on an order."
        raise Problem(
            428, "purpose", "This is not public: say for which purpose you look at it.", fix
        )
    return given.strip()[:200]
