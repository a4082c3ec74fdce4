"""Signing in at an issuer, against a small real one: discovery, PKCE, state, nonce, its own keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import httpx2
import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from starlette.testclient import TestClient
from tests.service.conftest import settings_of

from tallystick.adapters.store import accounts
from tallystick.adapters.store.tables import ACCOUNT
from tallystick.doors.api import create_app
from tallystick.doors.api.callers import COOKIE
from tallystick.service import Service, worker
from tallystick.settings import SettingsError, load_settings

SECRET = "s:cret/with+signs"


@dataclass
class Issuer:
    """A provider: whoever comes is `claims`, unless a test spoils what it says."""

    url: str = ""
    claims: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "248289",
            "email": "Li@Exporter.example",
            "email_verified": True,
        }
    )
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[dict[str, Any]], str] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    asked_keys: int = 0

    def configuration(self) -> dict[str, Any]:
        told = {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/jwks"}  # fmt: skip
        return told | self.about

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent to, as if somebody had signed in."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        told = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def token(self, form: dict[str, str], login: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form["code"], None)
        given = base64.b64decode(login.removeprefix("Basic ")).decode().split(":")
        if [unquote(part.replace("+", " ")) for part in given] != ["tallystick", SECRET]:
            return 401, {"error": "invalid_client"}
        proof = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": "tallystick", "iat": now, "exp": now + 300}
        claims = self.spoil(claims | {"nonce": asked["nonce"]} | self.claims)
        make = self.sign or (lambda told: self.signed(told))
        return 200, {"id_token": make(claims), "access_token": "x", "token_type": "Bearer"}

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def jwks(self) -> dict[str, Any]:
        self.asked_keys += 1
        return {"keys": [self.key.as_dict(private=False)]}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("location", made.authorize(dict(parse_qsl(parts.query))))
                self.end_headers()
            elif parts.path == "/jwks":
                self._json(200, made.jwks())
            else:
                self._json(200, made.configuration())

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
            self._json(*made.token(form, self.headers.get("authorization", "")))

        def _json(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def book(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oidc") / "book"
    shutil.copytree(world, folder)
    return folder


@pytest.fixture
def client(book: Path, tmp_path: Path, issuer: Issuer) -> Iterator[TestClient]:
    settings = replace(
        settings_of(book, f"sqlite:///{tmp_path / 'store.sqlite'}"),
        oidc_issuer=issuer.url, oidc_client_id="tallystick", oidc_client_secret=SECRET,
    )  # fmt: skip
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        worker.drain(opened.app.state.service)
        yield opened


def invited(client: TestClient, login: str = "li@exporter.example", **more: Any) -> Any:
    service: Service = client.app.state.service
    with service.store.write() as db:
        return accounts.create(db, service.clock(), login, "Li", "analyst", None, **more)


def there(client: TestClient, onward: str = "") -> str:
    """To the issuer, and where it sends the browser back to."""
    away = client.get("/sign-in/oidc", params={"next": onward} if onward else None)
    assert away.status_code == 303
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and "openid" in asked["scope"][0]
    sent = httpx2.get(away.headers["location"])
    back = urlsplit(sent.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "http://testserver"
    return f"{back.path}?{back.query}"


def me(client: TestClient) -> Any:
    return client.get("/v1/me")


def test_who_was_invited_signs_in_and_is_known_from_then_on(
    client: TestClient, issuer: Issuer
) -> None:
    account = invited(client)
    told = client.get(there(client, "/zh/search?q=a"))
    assert (told.status_code, told.headers["location"]) == (303, "/zh/search?q=a")
    assert "httponly" in told.headers["set-cookie"].lower()
    assert me(client).json()["id"] == account.id
    client.cookies.clear()
    issuer.claims |= {"email": "other@exporter.example"}
    assert client.get(there(client)).headers["location"] == "/en"
    assert me(client).json()["id"] == account.id, "the subject counts, not the e-mail"


def test_nobody_is_led_elsewhere_afterwards(client: TestClient) -> None:
    invited(client)
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert client.get(there(client, evil)).headers["location"] == "/en"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@exporter.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
    ],
)
def test_who_was_not_invited_gets_no_account(
    client: TestClient, issuer: Issuer, claims: dict[str, Any]
) -> None:
    invited(client)
    issuer.claims |= claims
    refused(client, "no account here")


def test_an_account_that_is_somebodys_or_shut_is_not_given_to_another(
    client: TestClient, issuer: Issuer
) -> None:
    account = invited(client)
    client.get(there(client))
    client.cookies.clear()
    issuer.claims |= {"sub": "another"}
    refused(client, "no account here")
    service: Service = client.app.state.service
    with service.store.write() as db:
        accounts.disable(db, account.id, service.clock())
        db.execute(sa.update(ACCOUNT).values(subject=None))
    refused(client, "no account here")


def refused(client: TestClient, words: str, path: str | None = None) -> None:
    told = client.get(path or there(client), headers={"Accept-Language": "en"})
    assert told.status_code == 401 and words in told.text
    assert COOKIE not in client.cookies and me(client).status_code == 401


Spoil = Callable[[dict[str, Any]], dict[str, Any]]
SPOILT: dict[str, Spoil] = {
    "nonce": lambda c: c | {"nonce": "another"},
    "no nonce": lambda c: {k: v for k, v in c.items() if k != "nonce"},
    "audience": lambda c: c | {"aud": "another"},
    "audiences": lambda c: c | {"aud": ["tallystick", "another"]},
    "authorized party": lambda c: c | {"azp": "another"},
    "issuer": lambda c: c | {"iss": "https://another.example"},
    "expired": lambda c: c | {"exp": int(time.time()) - 120},
    "no end": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "future": lambda c: c | {"iat": int(time.time()) + 600},
    "not yet": lambda c: c | {"nbf": int(time.time()) + 600},
    "nobody": lambda c: {k: v for k, v in c.items() if k != "sub"},
}


@pytest.mark.parametrize("how", SPOILT)
def test_tokens_that_are_not_right_open_nothing(
    client: TestClient, issuer: Issuer, how: str
) -> None:
    invited(client)
    issuer.spoil = SPOILT[how]
    refused(client, "cannot be trusted")


def test_signatures_that_are_not_its_own_open_nothing(client: TestClient, issuer: Issuer) -> None:
    invited(client)
    other = ECKey.generate_key("P-256", {"kid": "one"})
    shared = OctKey.import_key(SECRET)
    public = issuer.key.as_pem(private=False)

    def confused(claims: dict[str, Any]) -> str:
        """Signed with the public key as if it were a shared secret."""
        parts = [_part(p) for p in ({"alg": "HS256", "kid": "one"}, claims)]
        made = hmac.new(public, ".".join(parts).encode(), hashlib.sha256).digest()
        return ".".join([*parts, base64.urlsafe_b64encode(made).decode().rstrip("=")])

    def none(claims: dict[str, Any]) -> str:
        return f"{_part({'alg': 'none'})}.{_part(claims)}."

    signs = (
        lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, other),
        lambda claims: jwt.encode({"alg": "HS256"}, claims, shared),
        confused,
        none,
        lambda claims: "a.b.c",
        lambda claims: "",
    )
    for sign in signs:
        issuer.sign = sign
        refused(client, "cannot be trusted")


def _part(told: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def test_answers_to_nobodys_question_open_nothing(client: TestClient, issuer: Issuer) -> None:
    invited(client)
    first = there(client)
    second = there(client)
    refused(client, "Begin again", first)  # the browser has begun anew since
    refused(client, "Begin again", second)  # and its attempt ended with that
    stolen = there(client)
    client.cookies.clear()
    refused(client, "Begin again", stolen)
    other = there(client).replace(urlencode({"iss": issuer.url}), "iss=https%3A%2F%2Fevil.example")
    refused(client, "Begin again", other)
    query = dict(parse_qsl(urlsplit(there(client)).query))
    denied = urlencode({"error": "access_denied", "state": query["state"]})
    refused(client, "refused", f"/sign-in/oidc/back?{denied}")


def test_a_code_counts_once(client: TestClient) -> None:
    invited(client)
    back = there(client)
    kept = client.cookies.get("tallystick_oidc")
    assert client.get(back).status_code == 303
    client.cookies.clear()
    client.cookies.set("tallystick_oidc", kept, path="/sign-in/oidc")
    refused(client, "refused", back)


def test_new_keys_of_the_issuer_are_found_but_not_asked_for_without_end(
    client: TestClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tallystick.doors.web import elsewhere

    invited(client)
    assert client.get(there(client)).status_code == 303
    client.cookies.clear()
    issuer.key = ECKey.generate_key("P-256", {"kid": "two"})
    asked = issuer.asked_keys
    refused(client, "cannot be trusted")  # asked a moment ago
    assert issuer.asked_keys == asked
    provider = elsewhere.provider(client.app.state.service.settings)
    later = time.time() + 60
    monkeypatch.setattr(provider, "_clock", lambda: later)
    assert client.get(there(client)).status_code == 303
    assert issuer.asked_keys == asked + 1


def test_an_issuer_that_is_another_or_away_is_told(client: TestClient, issuer: Issuer) -> None:
    issuer.about = {"issuer": "https://another.example"}
    told = client.get("/sign-in/oidc", headers={"Accept-Language": "zh"})
    assert told.status_code == 401 and "机构登录服务" in told.text
    issuer.about = {"token_endpoint": "http://10.0.0.1/token"}
    invited(client)
    refused(client, "cannot be trusted")


def test_without_an_issuer_there_is_no_such_way(book: Path, tmp_path: Path) -> None:
    settings = settings_of(book, f"sqlite:///{tmp_path / 'store.sqlite'}")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        assert client.get("/sign-in/oidc").status_code == 404
        assert client.get("/sign-in/oidc/back?code=1&state=2").status_code in (401, 404)
        assert "/sign-in/oidc" not in client.get("/en/sign-in").text


def test_the_form_leads_there(client: TestClient) -> None:
    told = client.get("/en/sign-in?next=/en/me")
    assert 'href="/sign-in/oidc?next=%2Fen%2Fme"' in told.text


@pytest.mark.parametrize(
    "issuer_url", ["http://login.example.org", "http://127.0.0.1.evil.example", "x"]
)
def test_settings_that_cannot_be_used_are_told(issuer_url: str) -> None:
    given = {"TALLYSTICK_OIDC_ISSUER": issuer_url, "TALLYSTICK_OIDC_CLIENT_ID": "a"}
    with pytest.raises(SettingsError, match="TALLYSTICK_OIDC_ISSUER"):
        load_settings(given)
    with pytest.raises(SettingsError, match="CLIENT_ID"):
        load_settings({"TALLYSTICK_OIDC_ISSUER": "https://login.example.org"})
    secret = given | {
        "TALLYSTICK_OIDC_ISSUER": "https://a.example",
        "TALLYSTICK_OIDC_CLIENT_SECRET": "hide",
    }
    assert "hide" not in repr(load_settings(secret))
