"""Who may sign in, with a password or a key, and for how long.

A password is kept as argon2id (RFC 9106); a key and the cookie of a browser are 32 random bytes of which only
SHA-256 is kept, so that whoever reads the store can sign in nowhere. A wrong login takes as long as a wrong
password, since a password is compared either way.

Worked example: the key `ts_4fJ2kq9a_…` has the prefix `4fJ2kq9a`, by which its row is found; the rest is
compared by digest in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from tallystick.adapters.store.connect import Store
from tallystick.adapters.store.migrate import StoreError
from tallystick.adapters.store.tables import ACCOUNT, KEY, SESSION
from tallystick.units import DAY_US

SESSION_DAYS: Final = 14
LEAST_PASSWORD: Final = 10
KEY_MARK: Final = "ts"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in, as `tables.ACCOUNT` holds it, without secrets."""

    id: int
    login: str
    name: str
    role: str
    company: int | None = None
    contributor: str | None = None
    contributor_kind: str | None = None
    language: str = "en"


_SHOWN: Final = tuple(ACCOUNT.c[name] for name in Account.__slots__)


def create(
    db: Connection, now_us: int, login: str, name: str, role: str, password: str | None, **more: Any
) -> Account:
    """A new account; `more` are columns of ACCOUNT. Raises `StoreError` for a login that is taken or a password
    that is too short."""
    kept = _kept(password) if password is not None else None
    if db.execute(sa.select(ACCOUNT.c.id).where(ACCOUNT.c.login == login)).first():
        raise StoreError(f"there is an account {login!r} already")
    values = {"login": login, "name": name, "role": role, "language": "en"} | more
    row = values | {"password": kept, "created_us": now_us}
    key = db.execute(sa.insert(ACCOUNT).values(**row)).inserted_primary_key
    assert key is not None
    return Account(id=key[0], **values)


def listed(db: Connection) -> list[Account]:
    """All accounts that are not disabled, by login."""
    rows = db.execute(sa.select(*_SHOWN).where(ACCOUNT.c.disabled_us.is_(None)).order_by("login"))
    return [Account(*row) for row in rows]


def of_others(company: int) -> sa.ColumnElement[bool]:
    """That an account does not speak for a company, or that there is none."""
    return sa.or_(ACCOUNT.c.company.is_(None), ACCOUNT.c.company != company)


def by_login(db: Connection, login: str) -> Account | None:
    """The account with that login, if it is not disabled."""
    return _one(db, ACCOUNT.c.login == login)


def by_id(db: Connection, account: int) -> Account | None:
    """The account with that number, if it is not disabled."""
    return _one(db, ACCOUNT.c.id == account)


def by_subject(db: Connection, subject: str) -> Account | None:
    """The account of a person as an OIDC issuer names it: "issuer subject"."""
    return _one(db, ACCOUNT.c.subject == subject)


def _one(db: Connection, which: Any) -> Account | None:
    row = db.execute(sa.select(*_SHOWN).where(which, ACCOUNT.c.disabled_us.is_(None))).first()
    return Account(*row) if row else None


def change(db: Connection, account: int, **values: Any) -> None:
    """Set columns of an account, such as `company` after a claim was granted."""
    db.execute(sa.update(ACCOUNT).where(ACCOUNT.c.id == account).values(**values))


def _kept(password: str) -> str:
    """What is kept of a password. Raises `StoreError` for one that is too short."""
    if len(password) < LEAST_PASSWORD:
        raise StoreError(f"a password has at least {LEAST_PASSWORD} characters")
    return str(_hasher().hash(password))


def new_password(db: Connection, account: int, password: str) -> None:
    """Give an account another password; whoever is signed in by the old one is signed out. Keys go on working:
    they are ended one by one. Raises `StoreError` for a password that is too short."""
    change(db, account, password=_kept(password))
    db.execute(sa.delete(SESSION).where(SESSION.c.account == account))


def disable(db: Connection, account: int, now_us: int) -> None:
    """Shut an account, its keys and its sessions."""
    change(db, account, disabled_us=now_us)
    db.execute(sa.delete(SESSION).where(SESSION.c.account == account))
    shut = sa.update(KEY).where(KEY.c.account == account, KEY.c.revoked_us.is_(None))
    db.execute(shut.values(revoked_us=now_us))


def signed_in(db: Connection, login: str, password: str) -> Account | None:
    """The account that a login and a password open, or None."""
    found = db.execute(
        sa.select(ACCOUNT.c.id, ACCOUNT.c.password).where(
            ACCOUNT.c.login == login, ACCOUNT.c.disabled_us.is_(None)
        )
    ).first()
    kept = found.password if found and found.password else _nobodys()
    try:
        _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return None
    return by_id(db, found.id) if found else None


def begin_session(db: Connection, account: int, now_us: int) -> str:
    """A new session; the text is for the cookie and is not kept."""
    token = secrets.token_urlsafe(32)
    until = now_us + SESSION_DAYS * DAY_US
    row = {"digest": _digest(token), "account": account, "created_us": now_us, "expires_us": until}
    db.execute(sa.insert(SESSION).values(**row))
    return token


def of_session(db: Connection, token: str, now_us: int) -> Account | None:
    """Whose session a cookie is, or None."""
    where = (SESSION.c.digest == _digest(token), SESSION.c.expires_us > now_us)
    found = db.execute(sa.select(SESSION.c.account).where(*where)).first()
    return by_id(db, found.account) if found else None


def end_session(db: Connection, token: str) -> None:
    """Sign out."""
    db.execute(sa.delete(SESSION).where(SESSION.c.digest == _digest(token)))


def end_old_sessions(db: Connection, now_us: int) -> None:
    """Forget sessions that have expired."""
    db.execute(sa.delete(SESSION).where(SESSION.c.expires_us <= now_us))


def new_key(
    db: Connection,
    account: int,
    now_us: int,
    label: str,
    scopes: Sequence[str],
    expires_us: int | None = None,
) -> str:
    """A new key; the text is shown once and is not kept."""
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    row = {"account": account, "prefix": prefix, "digest": _digest(secret), "label": label}
    row |= {"scopes": " ".join(scopes), "created_us": now_us, "expires_us": expires_us}
    db.execute(sa.insert(KEY).values(**row))
    return f"{KEY_MARK}_{prefix}_{secret}"


def of_key(store: Store, text: str, now_us: int) -> tuple[Account, frozenset[str]] | None:
    """Whose key a text is, and what it is for; None for a wrong, ended or revoked one."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    with store.read() as db:
        row = db.execute(sa.select(KEY).where(KEY.c.prefix == prefix)).first()
        kept = row.digest if row else _digest("")
        right = hmac.compare_digest(kept, _digest(secret)) and mark == KEY_MARK
        if row is None or not right or row.revoked_us or (row.expires_us or now_us + 1) <= now_us:
            return None
        account = by_id(db, row.account)
    return (account, frozenset(row.scopes.split())) if account else None


def keys_of(db: Connection, account: int) -> list[dict[str, Any]]:
    """The keys of an account without their secrets, newest first."""
    shown = [
        KEY.c[n]
        for n in ("id", "prefix", "label", "scopes", "created_us", "expires_us", "revoked_us")
    ]
    rows = db.execute(sa.select(*shown).where(KEY.c.account == account).order_by(KEY.c.id.desc()))
    return [dict(row._mapping) for row in rows]


def revoke_key(db: Connection, account: int, prefix: str, now_us: int) -> bool:
    """End a key of an account; False where there is no such key."""
    mine = sa.update(KEY).where(KEY.c.account == account, KEY.c.prefix == prefix)
    return db.execute(mine.values(revoked_us=now_us)).rowcount > 0


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobodys() -> str:
    """A password that nobody knows, compared where a login does not exist."""
    return _hasher().hash(secrets.token_urlsafe(16))
