"""Who was shown which company, so that a correction can reach them.

Looks are gathered in memory and written once a second, one row per account and company; a process that is
killed loses what the last second brought. Callers without an account are not known and cannot be told."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tallystick.adapters.store import Store
from tallystick.adapters.store.served import batched
from tallystick.adapters.store.tables import SHOWN

EVERY_S: Final = 1.0
_AT_ONCE: Final = 2000
Look = tuple[int, int, int]
"""First and last moment (microseconds), and how often."""


class Seen:
    """The looks of one process; `flush` writes them, a thread of its own does so once a second."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
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
        """Write what was gathered."""
        with self._lock:
            looks, self._looks = self._looks, {}
        for some in batched(sorted(looks.items()), _AT_ONCE):
            self._write(some)

    def _write(self, some: Iterable[tuple[tuple[int, int], Look]]) -> None:
        insert = sqlite.insert if self._store.sqlite else postgresql.insert
        into = insert(SHOWN)
        put = into.on_conflict_do_update(
            index_elements=["account", "company"],
            set_={
                "last_us": into.excluded.last_us,
                "times": SHOWN.c.times + into.excluded.times,
            },
        )
        rows = [
            {"account": a, "company": c, "first_us": first, "last_us": last, "times": times}
            for (a, c), (first, last, times) in some
        ]
        with self._store.write() as db:
            db.execute(put, rows)

    def _run(self) -> None:
        while not self._done.wait(EVERY_S):
            self.flush()


def of_company(
    db: sa.Connection, company: int, entered_us: int, struck_us: int
) -> list[dict[str, int]]:
    """The accounts that saw a company between two moments, with first and last look and how often in all."""
    rows = db.execute(
        sa.select(SHOWN).where(
            SHOWN.c.company == company, SHOWN.c.last_us >= entered_us, SHOWN.c.first_us <= struck_us
        )
    )
    return [dict(row._mapping) for row in rows]
