"""Signing in with an account somewhere else: OpenID Connect, authorization code with PKCE.

The issuer says who somebody is; which account that is stands here. An account is found by issuer and subject
once it is known; before, an operator's invitation counts: an account whose login is the e-mail that the issuer
has verified. Nobody gets an account by signing in alone.

Worked example: the operator makes the account `li@exporter.example`; Li signs in at the issuer, which says
subject 248289, e-mail verified; from then on that subject is the account, whatever becomes of the e-mail.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx2
import sqlalchemy as sa
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tallystick.adapters.store import accounts
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.store.tables import ACCOUNT

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
"""Signatures that are believed: never none, and none that is made with a secret that both sides know."""
SCOPE: Final = "openid email profile"
KEEP_S: Final = 3600.0
"""For how long what the issuer says of itself is remembered; its keys are asked anew when one is not known."""
AGAIN_S: Final = 30.0
"""How often keys are asked anew at most, however many unknown ones are presented."""
LEEWAY_S: Final = 60
_MOST: Final = 1_000_000


class OidcError(Exception):
    """Signing in did not work. `kind`: again (begin anew), refused (by the issuer), unreached, token (what it
    said is not right), or uninvited (no account here); `str()` has the detail, for the log."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser keeps while it is away: proof that who comes back is who left."""

    state: str
    nonce: str
    verifier: str
    next: str = ""

    def cookie(self) -> str:
        """The attempt as the value of a cookie."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def read(cls, cookie: str) -> Attempt | None:
        """The attempt that a cookie holds, None where it holds none."""
        try:
            told = json.loads(base64.urlsafe_b64decode(cookie))
            made = cls(**{name: str(told[name]) for name in cls.__slots__})
        except (ValueError, KeyError, TypeError):
            return None
        return made if made.state and made.nonce and made.verifier else None


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, as the issuer says. `email`: only where it is verified."""

    issuer: str
    subject: str
    email: str | None
    name: str | None


class Provider:
    """One issuer, and what it says of itself. `back`: where it sends people back to. Safe for threads."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str | None,
        back: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer = issuer
        self._client = client_id
        self._secret = client_secret
        self._back = back
        self._clock = clock
        self._said: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def begin(self, onward: str = "") -> tuple[str, Attempt]:
        """(where to send somebody, what their browser keeps). Raises `OidcError`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        attempt = Attempt(state, nonce, verifier, onward)
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        where = self._endpoint("authorization_endpoint")
        return where + ("&" if "?" in where else "?") + urlencode(asked), attempt

    def finish(self, attempt: Attempt, told: Mapping[str, str]) -> Person:
        """Who came back with the answer `told` (the query of the address). Raises `OidcError`."""
        if not secrets.compare_digest(told.get("state", "").encode(), attempt.state.encode()):
            raise OidcError("again", "this answer belongs to another attempt")
        if told.get("iss", self.issuer) != self.issuer:
            raise OidcError("again", "this answer comes from another issuer")
        if "code" not in told:
            raise OidcError("refused", f"the issuer says: {told.get('error', 'nothing')[:60]}")
        return self._person(self._token(told["code"], attempt.verifier), attempt.nonce)

    def _token(self, code: str, verifier: str) -> str:
        """The ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self._client,
            "code_verifier": verifier,
        }
        ways = self._about().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        login = None
        if self._secret is not None and "client_secret_basic" in ways:
            login = httpx2.BasicAuth(_quoted(self._client), _quoted(self._secret))
        elif self._secret is not None:
            form["client_secret"] = self._secret
        told = self._ask("POST", self._endpoint("token_endpoint"), data=form, auth=login)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise OidcError("token", "the issuer gave no ID token")
        return token

    def _person(self, token: str, nonce: str) -> Person:
        """Who an ID token is about, once every part of it is right."""
        try:
            claims = self._decoded(token)
            rules = jwt.JWTClaimsRegistry(
                now=int(self._clock()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self._client},
                nonce={"essential": True, "value": nonce},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            )
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise OidcError(
                "token", f"its ID token is not right ({type(error).__name__})"
            ) from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._client) != self._client:
            raise OidcError("token", "its ID token was made for somebody else")
        verified = claims.get("email_verified") is True and isinstance(claims.get("email"), str)
        email = claims["email"].strip().lower() if verified else None
        return Person(self.issuer, str(claims["sub"]), email or None, claims.get("name"))

    def _decoded(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):  # a key of theirs may be new
            if self._keys is not None and self._clock() - self._keys[0] < AGAIN_S:
                raise
            return jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS).claims

    def _key_set(self, anew: bool = False) -> KeySet:
        now = self._clock()
        if anew or self._keys is None or now - self._keys[0] > KEEP_S:
            told = self._ask("GET", self._endpoint("jwks_uri"))
            self._keys = (now, KeySet.import_key_set(told))  # type: ignore[arg-type]
        return self._keys[1]

    def _about(self) -> dict[str, Any]:
        """What the issuer says of itself."""
        now = self._clock()
        if self._said is None or now - self._said[0] > KEEP_S:
            where = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            told = self._ask("GET", where)
            if told.get("issuer") != self.issuer:
                raise OidcError(
                    "token", "the issuer calls itself something else: see TALLYSTICK_OIDC_ISSUER"
                )
            self._said = (now, told)
        return self._said[1]

    def _endpoint(self, name: str) -> str:
        where = self._about().get(name)
        if not isinstance(where, str) or not secure(where):
            raise OidcError("token", f"the issuer names no {name} that is https")
        return where

    def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        """A JSON object of the issuer."""
        try:
            with httpx2.Client(timeout=5.0, follow_redirects=False) as client:
                answer = client.request(method, url, headers={"accept": "application/json"}, **more)
            told = answer.json() if len(answer.content) <= _MOST else None
        except (httpx2.HTTPError, ValueError):
            raise OidcError("unreached", "the issuer cannot be reached, or gives no JSON") from None
        if answer.status_code != 200 or not isinstance(told, dict):
            said = told.get("error") if isinstance(told, dict) else None
            raise OidcError(
                "refused", f"the issuer refused ({str(said or answer.status_code)[:60]})"
            )
        return told


def secure(url: str) -> bool:
    """Whether an address is https, or on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    )


def account_of(db: sa.Connection, person: Person) -> Account | None:
    """The account of a person: the one that it has, or the one that it was invited to, which is from now on its
    own. None where there is neither."""
    subject = f"{person.issuer} {person.subject}"
    found = accounts.by_subject(db, subject)
    if found is not None or person.email is None:
        return found
    invited = sa.select(ACCOUNT.c.id).where(
        ACCOUNT.c.login == person.email,
        ACCOUNT.c.subject.is_(None),
        ACCOUNT.c.disabled_us.is_(None),
    )
    row = db.execute(invited).first()
    if row is None:
        return None
    accounts.change(db, row.id, subject=subject)
    return accounts.by_id(db, row.id)


def _quoted(text: str) -> str:
    """A part of HTTP basic authentication as OAuth has it (RFC 6749, 2.3.1)."""
    return urlencode({"": text})[1:]
