"""The only reader of the environment.

| variable | meaning | default |
|---|---|---|
| `TALLYSTICK_BOOK` | folder of the book | `./tallystick.book` |
| `TALLYSTICK_ENGINE` | `duckdb` or `spark` | `duckdb` |
| `TALLYSTICK_MEMORY_MB` | memory that the engine may take | 4096 |
| `TALLYSTICK_THREADS` | threads of the engine | all cores |
| `TALLYSTICK_DATABASE_URL` | store of the service: `postgresql://...` | a SQLite file in the book's folder |
| `TALLYSTICK_PUBLIC_URL` | how the service is reached from outside | `http://127.0.0.1:8000` |
| `TALLYSTICK_FONTS` | folder of fonts for PDF reports, beside those of the machine | none |
| `TALLYSTICK_OIDC_ISSUER` | who people sign in with (OpenID Connect): `https://login.example.org` | nobody |
| `TALLYSTICK_OIDC_CLIENT_ID` | as whom the service is known there | |
| `TALLYSTICK_OIDC_CLIENT_SECRET` | the secret of that client; none for a public one | none |
| `TALLYSTICK_DAILY_REQUESTS` | requests of one account in a day; 0 for no end | 2000000 |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ENGINES = ("duckdb", "spark")
_DAILY = 2_000_000
_PUBLIC = "http://127.0.0.1:8000"


class SettingsError(ValueError):
    """A variable of the environment that cannot be used; the message names it and the fix."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    book: Path
    engine: str
    memory_mb: int
    threads: int | None
    database_url: str | None = None
    public_url: str = _PUBLIC
    fonts: Path | None = None
    daily_requests: int = _DAILY
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)

    def store_url(self) -> str:
        """Where the service keeps its operational data."""
        file = (self.book / "service.sqlite").absolute()
        return self.database_url or f"sqlite:///{file}"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the variables above. Raises `SettingsError` for a value that cannot be used."""
    env = os.environ if environ is None else environ
    engine = env.get("TALLYSTICK_ENGINE", "duckdb").strip().lower()
    if engine not in ENGINES:
        raise SettingsError(f"TALLYSTICK_ENGINE={engine!r} is not an engine: use duckdb or spark")
    threads = _integer(env, "TALLYSTICK_THREADS", 0, 0)
    return Settings(
        Path(env.get("TALLYSTICK_BOOK", "tallystick.book")),
        engine,
        _integer(env, "TALLYSTICK_MEMORY_MB", 4096, 256),
        threads or None,
        env.get("TALLYSTICK_DATABASE_URL", "").strip() or None,
        _url(env, "TALLYSTICK_PUBLIC_URL", _PUBLIC),
        _folder(env, "TALLYSTICK_FONTS"),
        _integer(env, "TALLYSTICK_DAILY_REQUESTS", _DAILY, 0),
        *_oidc(env),
    )


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    text = env.get(name, "").strip().rstrip("/") or default
    if not text.startswith(("http://", "https://")):
        raise SettingsError(f"{name}={text!r} is no address: write https://ratings.example.org")
    return text


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name, "").strip()
    if text and not Path(text).is_dir():
        raise SettingsError(
            f"{name}={text!r} is not a folder: name one that holds .ttf or .otf files"
        )
    return Path(text) if text else None


def _oidc(env: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    issuer, client, secret = (env.get(f"TALLYSTICK_OIDC_{n}", "").strip() or None for n in names)
    if issuer is None:
        return None, None, None
    parts = urlsplit(issuer)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if parts.scheme != "https" and not here:
        raise SettingsError(f"TALLYSTICK_OIDC_ISSUER={issuer!r} is no address: write https://...")
    if client is None:
        raise SettingsError("TALLYSTICK_OIDC_ISSUER is set: set TALLYSTICK_OIDC_CLIENT_ID besides")
    return issuer, client, secret


def _integer(env: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < least:
        raise SettingsError(f"{name}={text!r} is not a whole number of at least {least}")
    return int(text)
