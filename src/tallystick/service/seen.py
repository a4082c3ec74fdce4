"""Who was shown which company, so that a correction can reach them.

Looks are gathered in memory and written once a second, one row per account and company; a process that is
killed loses what the last second brought. Callers without an account are not known and cannot be told.

Who takes out the ratings of all is written as one row of no company (`ALL`), which counts for each.

Some hundred rows go to the database in one statement, as JSON: the driver gives the interpreter back while a
statement runs, and so the look-ups of the same process do not wait for the writing of those before them."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
import structlog

from tallystick.adapters.store import Store, accounts
from tallystick.adapters.store.served import batched
from tallystick.adapters.store.tables import ACCOUNT, SHOWN

_LOG: Final = structlog.get_logger("seen")
EVERY_S: Final = 1.0
_AT_ONCE: Final = 500
ALL: Final = 0
"""In place of a company: all that are served."""
Look = tuple[int, int, int]
"""First and last moment (microseconds), and how often."""
_ROWS: Final = {
    "sqlite": "SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(:rows) WHERE TRUE",
    "postgresql": "SELECT (r->>0)::bigint, (r->>1)::bigint, (r->>2)::bigint, (r->>3)::bigint, (r->>4)::bigint "
    "FROM json_array_elements(CAST(:rows AS json)) AS r",
}
_PUT: Final = (
    "INSERT INTO shown (account, company, first_us, last_us, times) {rows} ON CONFLICT (account, company) "
    "DO UPDATE SET last_us = excluded.last_us, times = shown.times + excluded.times"
)


class Seen:
    """The looks of one process; `flush` writes them, a thread of its own does so once a second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._put = sa.text(_PUT.format(rows=_ROWS["sqlite" if store.sqlite else "postgresql"]))
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._looks: dict[tuple[int, int], Look] = {}
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, account: int, company: int, now_us: int) -> None:
        """An account is shown a company."""
        key = (account, company)
        with self._lock:
            first, _, times = self._looks.get(key, (now_us, now_us, 0))
            self._looks[key] = (first, now_us, times + 1)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Write what is left."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def flush(self) -> None:
        """Write what was gathered; what another thread took to write is written too when this returns.

        What the database does not take is kept for the next time."""
        with self._writing:
            with self._lock:
                looks, self._looks = self._looks, {}
            try:
                for some in batched(sorted(looks.items()), _AT_ONCE):
                    self._write(some)
                    for key, _ in some:
                        del looks[key]
            finally:
                self._keep(looks)

    def _keep(self, looks: Mapping[tuple[int, int], Look]) -> None:
        with self._lock:
            for key, (first, last, times) in looks.items():
                _, newest, more = self._looks.get(key, (first, last, 0))
                self._looks[key] = (first, newest, times + more)

    def _write(self, some: Sequence[tuple[tuple[int, int], Look]]) -> None:
        rows = json.dumps([(*key, *look) for key, look in some])
        with self._store.write() as db:
            db.execute(self._put, {"rows": rows})

    def _run(self) -> None:
        while not self._done.wait(EVERY_S):
            try:
                self.flush()
            except sa.exc.SQLAlchemyError:
                _LOG.exception("seen.not-written")


def of_company(
    db: sa.Connection, company: int, entered_us: int, struck_us: int
) -> list[dict[str, int]]:
    """The accounts that saw a company between two moments, with first and last look and how often in all."""
    first, last, times = SHOWN.c.first_us, SHOWN.c.last_us, sa.func.sum(SHOWN.c.times)
    rows = db.execute(
        sa.select(SHOWN.c.account, sa.func.min(first).label("first_us"), sa.func.max(last).label("last_us"),
                  times.label("times"))
        .where(SHOWN.c.company.in_((company, ALL)), last >= entered_us, first <= struck_us)
        .group_by(SHOWN.c.account)
        .order_by(SHOWN.c.account)
    )  # fmt: skip
    return [{**row._mapping, "times": int(row.times)} for row in rows]


def by_role(db: sa.Connection, company: int) -> list[dict[str, Any]]:
    """How many accounts of each role were shown a company, how often and when last; its own are left out."""
    told = sa.func.count(SHOWN.c.account.distinct()).label("accounts")
    columns = (ACCOUNT.c.role, told, sa.func.sum(SHOWN.c.times).label("times"),
               sa.func.max(SHOWN.c.last_us).label("last_us"))  # fmt: skip
    rows = db.execute(
        sa.select(*columns)
        .join_from(SHOWN, ACCOUNT, ACCOUNT.c.id == SHOWN.c.account)
        .where(SHOWN.c.company.in_((company, ALL)), accounts.of_others(company))
        .group_by(ACCOUNT.c.role)
        .order_by(sa.desc("times"), ACCOUNT.c.role)
    )
    return [{**row._mapping, "times": int(row.times)} for row in rows]
