"""Watches: who wants to know when a rating moves, and telling them once each.

A change of a rating and the job that tells of it are one transaction. The job writes a notice for everybody who
watches that company and a message for each address, and remembers the last change that it told of, again in one
transaction. So a crash loses nothing and tells nothing twice. Messages are then sent one by one, each until it
is taken or given up, with the same `webhook-id` every time: a receiver that keeps ids does nothing twice.

Worked example: a receiver that is down for two hours is tried at once, then 5 seconds, 1 minute, 10 minutes, an
hour and 4 hours after the attempt before, and is reached at the sixth attempt, five hours after the first.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
import structlog

from tallystick.adapters.store import StoreError, jobs, notices, served
from tallystick.adapters.store.tables import DELIVERY, SERVED, WATCH
from tallystick.service import signing
from tallystick.service.live import WATCHED, Service
from tallystick.service.reaching import Refused, Unreached
from tallystick.service.worker import SEND, work
from tallystick.units import SECOND_US, code_of, key_of, moment_of

TOLD: Final = "told"
"""State: id of the last change that watchers were told of."""
AT_ONCE: Final = 500
RETRY_S: Final = (5, 60, 600, 3600, 4 * 3600, 12 * 3600)
"""How long to wait after each attempt that failed; after the last one a message is given up."""
MOST: Final = 10_000
"""Watches that an account may have at a time."""
TESTS_AN_HOUR: Final = 10
CHANGED: Final = "rating.changed"
MERGED: Final = "company.merged"
SPLIT: Final = "company.split"
_TYPES: Final = {"joined": MERGED, "absorbed": MERGED, "split": SPLIT}
"""Cause of a change -> the type of message that tells of it."""
TEST: Final = "watch.test"
GONE: Final = 410
_LOG: Final = structlog.get_logger("watch")


def begin(service: Service, account: int, company: int, url: str | None) -> dict[str, Any]:
    """A new watch. With `url` its row holds the secret that signs. Raises `Refused` or `Unreached` for an
    address that nothing can be sent to, `StoreError` where there are too many."""
    if url is not None:
        service.sender.check(url)
    row = {"account": account, "company": company, "url": url, "created_us": service.clock()}
    row["secret"] = signing.new_secret() if url is not None else None
    with service.store.write() as db:
        own = sa.select(sa.func.count()).select_from(WATCH)
        open_ones = own.where(WATCH.c.account == account, WATCH.c.ended_us.is_(None))
        if db.execute(open_ones).scalar_one() >= MOST:
            raise StoreError(f"an account watches at most {MOST} companies: end some")
        key = db.execute(sa.insert(WATCH).values(**row)).inserted_primary_key
    assert key is not None
    return row | {"id": key[0], "ended_us": None}


def of_account(db: sa.Connection, account: int, before: int, limit: int) -> list[dict[str, Any]]:
    """The watches of an account that have not ended, newest first."""
    mine = (WATCH.c.account == account, WATCH.c.ended_us.is_(None), WATCH.c.id < before)
    rows = db.execute(sa.select(WATCH).where(*mine).order_by(WATCH.c.id.desc()).limit(limit))
    return [dict(row._mapping) for row in rows]


def of_company(db: sa.Connection, account: int, company: int) -> int | None:
    """The watch without an address by which an account watches a company, None where it does not."""
    mine = (WATCH.c.account == account, WATCH.c.company == company, WATCH.c.ended_us.is_(None))
    row = db.execute(sa.select(WATCH.c.id).where(*mine, WATCH.c.url.is_(None)).limit(1)).first()
    return row.id if row else None


def one(db: sa.Connection, account: int, watch: int) -> dict[str, Any] | None:
    """A watch of an account that has not ended."""
    mine = (WATCH.c.id == watch, WATCH.c.account == account, WATCH.c.ended_us.is_(None))
    row = db.execute(sa.select(WATCH).where(*mine)).first()
    return dict(row._mapping) if row else None


def end(db: sa.Connection, watch: int, now_us: int) -> None:
    """End a watch; what still waits to be sent is not."""
    db.execute(sa.update(WATCH).where(WATCH.c.id == watch).values(ended_us=now_us))


def rotate(db: sa.Connection, row: Mapping[str, Any], now_us: int) -> str:
    """Give a watch a new secret; the one before signs beside it for a day."""
    kept = signing.rotated(row["secret"], now_us)
    db.execute(sa.update(WATCH).where(WATCH.c.id == row["id"]).values(secret=kept))
    return signing.newest(kept)


def try_out(service: Service, row: Mapping[str, Any]) -> str:
    """Send a message that says nothing but that it is a test; its id. Raises `StoreError` for one too many."""
    now = service.clock()
    with service.store.write() as db:
        recent = sa.select(sa.func.count()).select_from(DELIVERY).where(
            DELIVERY.c.watch == row["id"],
            DELIVERY.c.created_us > now - 3600 * SECOND_US,
            DELIVERY.c.body.like(f'{{"type": "{TEST}"%'),
        )  # fmt: skip
        if db.execute(recent).scalar_one() >= TESTS_AN_HOUR:
            raise StoreError(f"a watch is tested at most {TESTS_AN_HOUR} times an hour: wait")
        data = {"company": {"code": code_of(row["company"], "C")}}
        return _put(db, row["id"], TEST, data, now)


def deliveries(db: sa.Connection, watch: int, limit: int) -> list[dict[str, Any]]:
    """The newest messages of a watch, and what became of them."""
    find = sa.select(DELIVERY).where(DELIVERY.c.watch == watch)
    rows = db.execute(find.order_by(DELIVERY.c.created_us.desc(), DELIVERY.c.id).limit(limit))
    return [dict(row._mapping) for row in rows]


@work(WATCHED)
def tell(service: Service, _: Mapping[str, Any]) -> None:
    """Tell whoever watches of all changes since the last time."""
    while True:
        with service.store.write() as db:
            after = served.state(db, TOLD) or 0
            changes = served.changes_since(db, after, AT_ONCE)
            if not changes:
                return
            _tell(service, db, changes)
            served.set_state(db, TOLD, changes[-1]["id"])


def _tell(service: Service, db: sa.Connection, changes: Sequence[Mapping[str, Any]]) -> None:
    companies = {change["company"] for change in changes}
    found = sa.select(WATCH).where(WATCH.c.company.in_(companies), WATCH.c.ended_us.is_(None))
    watching: dict[int, list[Any]] = {}
    for watch in db.execute(found.order_by(WATCH.c.id)):
        watching.setdefault(watch.company, []).append(watch)
    named = sa.select(SERVED.c.company, SERVED.c.name).where(SERVED.c.company.in_(watching))
    names = {row.company: row.name for row in db.execute(named)}
    now = service.clock()
    for change in changes:
        data = _data(service, change, names.get(change["company"]))
        cause = change["cause"] if isinstance(change["cause"], dict) else {}
        kind = _TYPES.get(cause.get("kind", ""), CHANGED)
        for watch in watching.get(change["company"], ()):
            if watch.created_us > change["at_us"]:
                continue  # it began after that
            notices.add(db, watch.account, kind, data, now)
            if watch.url:
                _put(db, watch.id, kind, data, now)
            if "into" in cause:
                _go_along(db, watch, key_of(cause["into"]), now)


def _go_along(db: sa.Connection, watch: Any, into: int, now_us: int) -> None:
    """Watch the company that the one watched was joined to, unless the account watches it so already."""
    same = sa.select(WATCH.c.id).where(
        WATCH.c.account == watch.account,
        WATCH.c.company == into,
        WATCH.c.url == watch.url if watch.url else WATCH.c.url.is_(None),
        WATCH.c.ended_us.is_(None),
    )
    values = {"ended_us": now_us} if db.execute(same.limit(1)).first() else {"company": into}
    db.execute(sa.update(WATCH).where(WATCH.c.id == watch.id).values(**values))


def _data(service: Service, change: Mapping[str, Any], name: str | None) -> dict[str, Any]:
    code, cause = code_of(change["company"], "C"), change["cause"]
    if isinstance(cause, dict):
        name = name or cause.get("name")
    return {
        "company": {"code": code, "name": name},
        "change": change["id"],
        "at": moment_of(change["at_us"]).isoformat(timespec="milliseconds"),
        "cause": change["cause"],
        "before": change["before"],
        "after": change["after"],
        "url": f"{service.settings.public_url}/v1/companies/{code}",
    }


def _put(db: sa.Connection, watch: int, kind: str, data: Mapping[str, Any], now_us: int) -> str:
    """Put a message in the queue; its id."""
    message = f"msg_{secrets.token_hex(12)}"
    at = moment_of(now_us).isoformat(timespec="milliseconds")
    body = json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False)
    row = {"id": message, "watch": watch, "body": body, "state": "waiting", "attempts": 0}
    db.execute(sa.insert(DELIVERY).values(**row, created_us=now_us))
    jobs.put(db, now_us, SEND, {"delivery": message})
    return message


@work(SEND)
def send(service: Service, args: Mapping[str, Any]) -> None:
    """Send a message once more, and note what came of it."""
    with service.store.read() as db:
        find = sa.select(DELIVERY, WATCH.c.url, WATCH.c.secret, WATCH.c.ended_us, WATCH.c.account)
        joined = find.join(WATCH, WATCH.c.id == DELIVERY.c.watch)
        row = db.execute(joined.where(DELIVERY.c.id == args["delivery"])).first()
    if row is None or row.state != "waiting":
        return
    if row.ended_us is not None:
        _note(service, row, "dropped", "the watch has ended")
        return
    status, said = _send(service, row)
    if 200 <= status < 300:
        _note(service, row, "done", said)
    elif status == GONE or row.attempts >= len(RETRY_S):
        _give_up(service, row, said, gone=status == GONE)
    else:
        _note(service, row, "waiting", said, again_s=RETRY_S[row.attempts])


def _send(service: Service, row: Any) -> tuple[int, str]:
    """(status, what to note); status 0 where nobody was reached."""
    body, now = row.body.encode(), service.clock()
    headers = signing.headers(row.secret, row.id, signing.seconds(now), body, now)
    headers["content-type"] = "application/json"
    try:
        status = service.sender.post(service.sender.check(row.url), headers, body)
    except (Refused, Unreached) as error:
        return 0, str(error)
    _LOG.info("webhook", delivery=row.id, watch=row.watch, status=status, attempt=row.attempts + 1)
    return status, f"HTTP {status}"


def _note(service: Service, row: Any, state: str, said: str, again_s: int | None = None) -> None:
    now = service.clock()
    values = {"state": state, "attempts": row.attempts + 1, "last": said}
    if again_s is None:
        values["finished_us"] = now
    with service.store.write() as db:
        db.execute(sa.update(DELIVERY).where(DELIVERY.c.id == row.id).values(**values))
        if again_s is not None:
            later = now + again_s * SECOND_US
            jobs.put(db, now, SEND, {"delivery": row.id}, run_us=later)


def _give_up(service: Service, row: Any, said: str, gone: bool) -> None:
    """Tell the account that a message did not arrive; a receiver that says 410 is asked nothing more."""
    _note(service, row, "failed", said)
    with service.store.write() as db:
        told = {"watch": row.watch, "delivery": row.id, "last": said, "ended": gone}
        notices.add(db, row.account, "webhook.failed", told, service.clock())
        if gone:
            end(db, row.watch, service.clock())
