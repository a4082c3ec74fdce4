"""Doing what a request asks for once, however often it is sent.

The first request with a key leaves its mark before it works and its answer after; one that is sent again with
the same content gets that answer. The same key with other content is an error of the caller."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa

from tallystick.adapters.store import StoreError
from tallystick.adapters.store.tables import IDEMPOTENCY
from tallystick.service.live import Service
from tallystick.units import SECOND_US

Answer = tuple[int, dict[str, Any]]
AT_WORK_S: Final = 30
"""For how long the first request is waited for; after it, the mark is that of a server that was killed."""


def once(
    service: Service, account: int, key: str | None, digest: str, work: Callable[[], Answer]
) -> Answer:
    """The answer of `work`, done at most once per account and key. Raises `StoreError` where the key was used
    for something else, or the first request is still at work."""
    if key is None:
        return work()
    kept = _begin(service, account, key, digest)
    if kept is not None:
        return kept
    mine = (IDEMPOTENCY.c.account == account, IDEMPOTENCY.c.key == key)
    try:
        status, body = work()
    except BaseException:
        with service.store.write() as db:
            db.execute(sa.delete(IDEMPOTENCY).where(*mine))
        raise
    with service.store.write() as db:
        done = {"status": status, "body": json.dumps(body)}
        db.execute(sa.update(IDEMPOTENCY).where(*mine).values(**done))
    return status, body


def _begin(service: Service, account: int, key: str, digest: str) -> Answer | None:
    """Leave the mark of a request; its answer where it was sent before."""
    now = service.clock()
    mine = (IDEMPOTENCY.c.account == account, IDEMPOTENCY.c.key == key)
    row = {"account": account, "key": key, "digest": digest, "created_us": now}
    with service.store.write() as db:
        found = db.execute(sa.select(IDEMPOTENCY).where(*mine)).first()
        if found is None:
            db.execute(sa.insert(IDEMPOTENCY).values(**row))
            return None
        if found.digest != digest:
            raise StoreError(f"the key {key!r} was used for another request: take a new one")
        if found.status is not None:
            return found.status, json.loads(found.body)
        if now - found.created_us < AT_WORK_S * SECOND_US:
            raise StoreError(
                "the first request with this key is still at work: send it again in a moment"
            )
        db.execute(sa.update(IDEMPOTENCY).where(*mine).values(created_us=now))
        return None


def digest_of(*parts: str | bytes) -> str:
    """A digest of what a request asks for."""
    made = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        made.update(len(data).to_bytes(8) + data)
    return made.hexdigest()
