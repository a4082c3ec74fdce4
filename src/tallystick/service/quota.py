"""What each account uses in a day, and whether that is too much.

Counting must cost nothing where thousands of requests a second come in: a process adds up in memory and writes
to the table `used` every few seconds, reading back what all processes together counted. So a quota is exact
to within what all processes let through in that time, and a process that is killed forgets as much.

Worked example: a quota of 1,000; two processes of 600 requests each within two seconds let 1,200 through, then
both know and refuse until midnight UTC.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from tallystick.adapters.store.tables import USED
from tallystick.service.live import Service
from tallystick.units import DAY_US, SECOND_US

FLUSH_S: Final = 2.0
UNMETERED: Final = ("operator", "auditor")
"""Roles that are counted but never refused."""
KEEP_DAYS: Final = 400
_LOG: Final = structlog.get_logger("quota")


@dataclass(slots=True)
class Use:
    """What an account used on a day: `known` to the table, and `fresh` requests since."""

    day: int
    known: int = 0
    known_documents: int = 0
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """A quota after a request: `limit` None where there is none; `reset_s` until midnight UTC."""

    limit: int | None
    used: int
    documents: int
    reset_s: int

    @property
    def remaining(self) -> int:
        """Requests that are left today."""
        return max(0, (self.limit or 0) - self.used)

    @property
    def over(self) -> bool:
        """Whether it was one too many."""
        return self.limit is not None and self.used > self.limit


class Quotas:
    """The counts of one process. `start` begins to write them, `close` writes the last."""

    def __init__(self, service: Service, limit: int | None) -> None:
        self._service = service
        self._limit = limit or None
        self._use: dict[int, Use] = {}
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="quotas", daemon=True)

    def start(self) -> None:
        """Begin to write every few seconds."""
        self._thread.start()

    def close(self) -> None:
        """Write what was counted, and stop."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()
        self.flush()

    def hit(self, account: int, role: str) -> Left:
        """Count a request of an account, and say what is left. The first of a day reads what others counted."""
        now = self._service.clock()
        day = now // DAY_US
        use = self._use.get(account)
        if use is None or use.day != day:
            use = self._begin(account, day)
        with self._lock:
            use.fresh += 1
            used = use.known + use.fresh
        limit = None if role in UNMETERED else self._limit
        return Left(limit, used, use.known_documents, (DAY_US - now % DAY_US) // SECOND_US)

    def _begin(self, account: int, day: int) -> Use:
        with self._writing:
            use = self._use.get(account)
            if use is not None and use.day == day:
                return use
            self._flush()
            with self._service.store.read() as db:
                row = db.execute(sa.select(USED).where(*_of(account, day))).first()
            self._use[account] = use = Use(day, row.requests, row.documents) if row else Use(day)
            return use

    def flush(self) -> None:
        """Write what was counted since the last time, and learn what others counted."""
        with self._writing:
            self._flush()

    def _flush(self) -> None:
        due = []
        with self._lock:
            for account, use in sorted(self._use.items()):
                if use.fresh:
                    due.append((account, use, use.fresh))
        if not due:
            return
        with self._service.store.write() as db:
            kept = [_write(db, account, use.day, fresh) for account, use, fresh in due]
        with self._lock:
            for (_, use, fresh), known in zip(due, kept, strict=True):
                use.known, use.known_documents = known
                use.fresh -= fresh

    def _run(self) -> None:
        while not self._end.wait(FLUSH_S):
            try:
                self.flush()
            except Exception:
                _LOG.exception("quota.not-written")


def _of(account: int, day: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (USED.c.account == account, USED.c.day == day)


def add(db: sa.Connection, account: int, now_us: int, documents: int) -> None:
    """Count documents that an account handed in."""
    _write(db, account, now_us // DAY_US, 0, documents)


def _write(
    db: sa.Connection, account: int, day: int, requests: int, documents: int = 0
) -> tuple[int, int]:
    """Add to what an account used on a day; what it is then."""
    insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    row = {"account": account, "day": day, "requests": requests, "documents": documents}
    more = {"requests": USED.c.requests + requests, "documents": USED.c.documents + documents}
    into = insert(USED).values(**row)
    db.execute(into.on_conflict_do_update(index_elements=["account", "day"], set_=more))
    kept = db.execute(sa.select(USED).where(*_of(account, day))).one()
    return kept.requests, kept.documents


def forget_old(db: sa.Connection, today: int) -> None:
    """Forget what was used more than a year ago."""
    db.execute(sa.delete(USED).where(USED.c.day < today - KEEP_DAYS))
