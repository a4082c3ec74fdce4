"""Work in the background as rows of the store: nothing is lost when a worker is killed.

A job is put in by the same transaction that makes it needed. A worker takes the oldest that is due, with a
lease; it renews the lease while it works, and a job whose lease ran out is taken up by another. So every job is
done at least once, and what it does must be the same when done twice. Of jobs with the same `key` one waits at
most: a hundred uploads want one re-rating, not a hundred.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tallystick.adapters.store.connect import Store
from tallystick.adapters.store.tables import JOB
from tallystick.units import SECOND_US

LEASE_S: Final = 60
MOST_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that a worker holds."""

    id: int
    kind: str
    args: dict[str, Any]
    attempts: int


def put(
    db: Connection,
    now_us: int,
    kind: str,
    args: dict[str, Any] | None = None,
    key: str | None = None,
    run_us: int | None = None,
) -> None:
    """Ask for work, at `run_us` or as soon as may be; nothing where one of the same key waits already."""
    waiting = sa.select(JOB.c.id).where(JOB.c.key == key, JOB.c.state == "waiting")
    if key is not None and db.execute(waiting).first():
        return
    row: dict[str, Any] = {
        "kind": kind,
        "key": key,
        "args": json.dumps(args or {}),
        "state": "waiting",
    }
    row |= {"attempts": 0, "run_us": run_us or now_us, "created_us": now_us}
    db.execute(sa.insert(JOB).values(**row))


def take(
    store: Store, worker: str, now_us: int, kinds: Collection[str] | None = None
) -> Job | None:
    """The oldest job that is due, of some kinds or of any, leased to a worker; None where there is nothing to
    do."""
    other = JOB.alias()
    beside = sa.exists().where(
        other.c.key == JOB.c.key, other.c.state == "running", other.c.lease_us > now_us
    )
    due = sa.or_(
        sa.and_(JOB.c.state == "waiting", JOB.c.run_us <= now_us, ~beside),
        sa.and_(JOB.c.state == "running", JOB.c.lease_us <= now_us),
    )
    find = sa.select(JOB).where(due).order_by(JOB.c.run_us, JOB.c.id).limit(1)
    if kinds is not None:
        find = find.where(JOB.c.kind.in_(sorted(kinds)))
    with store.read() as db:
        if not db.execute(find).first():
            return None
    with store.write() as db:
        row = db.execute(find.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        held = {"state": "running", "worker": worker, "attempts": row.attempts + 1}
        held["lease_us"] = now_us + LEASE_S * SECOND_US
        db.execute(sa.update(JOB).where(JOB.c.id == row.id).values(**held))
    return Job(row.id, row.kind, json.loads(row.args), row.attempts + 1)


def renew(store: Store, job: Job, worker: str, now_us: int) -> bool:
    """Keep a lease; False where another worker has the job by now."""
    mine = _held(job, worker)
    with store.write() as db:
        lease = now_us + LEASE_S * SECOND_US
        return db.execute(sa.update(JOB).where(mine).values(lease_us=lease)).rowcount > 0


def finish(store: Store, job: Job, worker: str, now_us: int) -> None:
    """A job is done."""
    with store.write() as db:
        done = {"state": "done", "finished_us": now_us, "lease_us": None, "error": None}
        db.execute(sa.update(JOB).where(_held(job, worker)).values(**done))


def fail(store: Store, job: Job, worker: str, now_us: int, error: str) -> None:
    """A job did not work: it is tried again, each time later, and given up after `MOST_ATTEMPTS`."""
    if job.attempts >= MOST_ATTEMPTS:
        values = {"state": "failed", "finished_us": now_us}
    else:
        values = {"state": "waiting", "run_us": now_us + 4**job.attempts * SECOND_US}
    with store.write() as db:
        values |= {"lease_us": None, "error": error[:2000]}
        db.execute(sa.update(JOB).where(_held(job, worker)).values(**values))


def waiting(db: Connection, kind: str) -> bool:
    """Whether a job of a kind waits."""
    find = sa.select(JOB.c.id).where(JOB.c.kind == kind, JOB.c.state == "waiting")
    return db.execute(find.limit(1)).first() is not None


def counts(db: Connection) -> dict[tuple[str, str], int]:
    """(kind, state) -> how many jobs."""
    by = (JOB.c.kind, JOB.c.state)
    rows = db.execute(sa.select(*by, sa.func.count()).group_by(*by))
    return {(kind, state): n for kind, state, n in rows}


def forget_done(db: Connection, before_us: int) -> None:
    """Delete jobs that were done before a moment."""
    db.execute(sa.delete(JOB).where(JOB.c.state == "done", JOB.c.finished_us < before_us))


def _held(job: Job, worker: str) -> Any:
    return sa.and_(JOB.c.id == job.id, JOB.c.worker == worker, JOB.c.state == "running")
