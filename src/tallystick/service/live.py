"""The live book: a book, its store, and what keeps the ratings that are served equal to the evidence.

Whatever a contributor hands in is committed to the ledger first; then a job rates the book anew on top of the
cut that is served, and writes the bodies that changed. It is the same code as the nightly run: `rate` with a
new day goes through everything, with a few documents more through what they touch.

Worked example: a payment arrives for one invoice. The new cut has one layer more, whose records are those of
the payer and the payee; two rows of `served` are replaced, two lines are added to `change`, and whoever
watches is told. Only then follow all others, whom the market that the two are part of moved by a hair."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from tallystick.adapters.background import with_names
from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.state import pin
from tallystick.adapters.store import Store, jobs, open_store, served
from tallystick.adapters.store.served import Served
from tallystick.adapters.store.tables import DISPUTE
from tallystick.adapters.struck_of import struck_counts
from tallystick.adapters.touching import named_between, touched
from tallystick.book import Book, open_book
from tallystick.service import joined
from tallystick.service.body import headline_of, made_of, packed, served_rows
from tallystick.service.reaching import Sender
from tallystick.service.seen import Seen
from tallystick.settings import Settings
from tallystick.units import SECOND_US, day_of, moment_of

RATE: Final = "rate"
"""The job that brings what is served up to the evidence; one waits and one runs at most."""

WATCHED: Final = "watched"
"""The job that tells whoever watches of what changed."""

KEYS: Final = ("company", "scope", "role", "kind")
"""What a rating is a rating of, and the order in which bodies are made."""

FOLLOW_S: Final = 60
"""The longest that all others lag behind those of whom there is new evidence, while more keeps coming in."""

AT_ONCE: Final = 2000
"""Bodies that one transaction writes, so that others can write in between."""


def now_us() -> int:
    """The clock, in microseconds since 1970 UTC: the service's only look at it."""
    return time.time_ns() // 1000


class Service:
    """One book, served. Safe for threads; close it at the end."""

    def __init__(
        self,
        settings: Settings,
        book: Book,
        store: Store,
        clock: Callable[[], int] = now_us,
        sender: Sender | None = None,
    ) -> None:
        self.settings = settings
        self.book = book
        self.store = store
        self.clock = clock
        self.sender = sender or Sender()
        self.seen = Seen(store)
        self.day_seen: int | None = None
        self._cut_of = lru_cache(maxsize=2)(self._open_cut)

    def close(self) -> None:
        """Give back the book and the store."""
        self.seen.close()
        self.store.close()
        self.book.close()

    # what is served

    def cut(self, which: str = "cut") -> Cut | None:
        """The cut that is served, None before the first rating. `whole`: the newest one of which every body is
        written; it is the same but for the moments between the two steps of `rate`."""
        with self.store.read() as db:
            told = served.state(db, which)
        if told is None:
            return None
        cut = self._cut_of(told["as_of_day"], told["known_at_us"])
        if not (cut.folder / DONE).exists():  # somebody emptied `derived`: it is made anew
            self._cut_of.cache_clear()
            cut = self._cut_of(told["as_of_day"], told["known_at_us"])
        return cut

    def _open_cut(self, as_of_day: int, known_at_us: int) -> Cut:
        return self.book.cut(day_of(as_of_day), moment_of(known_at_us))

    def _told(self, which: str) -> Cut | None:
        """The cut that the bodies were written from. None where the same moment now means another one, since a
        batch was being committed while it was made: then all are compared."""
        with self.store.read() as db:
            told = served.state(db, which)
        cut = self.cut(which)
        return cut if cut is not None and told and cut.folder.name == told["cut"] else None

    def rate(self, progress: Callable[[str, int, int], None] | None = None) -> int:
        """Bring what is served up to the evidence of now; how many bodies changed. First those companies of
        which there is new evidence, then all that the market, the day or the policy moved with them. Whoever
        calls it holds the job `RATE`, or nobody else serves the book."""
        at_us, begun = self.clock(), self.cut() is not None
        before, whole = self._told("cut"), self._told("whole")
        told: list[int] = []
        tell = partial(self._publish_first, at_us, told) if begun else None
        cut = self.book.cut(None, moment_of(at_us), progress, tell)
        pin(cut.folder.parent, [one for one in (before, whole, cut) if one is not None])
        state = {"as_of_day": cut.as_of_day, "known_at_us": at_us, "cut": cut.folder.name}
        first = _of_new_evidence(before, cut) if before is not None else None
        done = sum(told)
        if first is not None:
            done += self._publish(cut, at_us, first, "evidence", {"cut": state})
            if self._more_evidence(at_us):
                return done
        rest = touched(whole, cut, "ratings") if whole is not None else None
        cause = (cause_of(whole, cut) if whole is not None else "evidence") if begun else None
        done += self._publish(cut, at_us, rest, cause, {"cut": state, "whole": state})
        pin(cut.folder.parent, [cut])
        self.book.prepare(cut)
        return done

    def _publish_first(self, at_us: int, told: list[int], cut: Cut, rows: pa.Table) -> None:
        """Write the bodies of those in the deals that new evidence touches, while the cut is still being made:
        they are what it will say of them. How many they are is added to `told`."""
        asked = pc.unique(rows["company"].combine_chunks())
        told.append(self._write_all(cut, at_us, rows, asked, "evidence")[0])

    def _more_evidence(self, at_us: int) -> bool:
        """Whether another batch waits to be rated, so that those whom the market moved by a hair can follow
        after it; but not for ever."""
        with self.store.read() as db:
            told = served.state(db, "whole")
            late = at_us - (told["known_at_us"] if told else 0)
            return late < FOLLOW_S * SECOND_US and jobs.waiting(db, RATE)

    def _publish(
        self,
        cut: Cut,
        at_us: int,
        asked: pa.Array | None,
        cause: str | None,
        states: Mapping[str, Any],
    ) -> int:
        """Write the bodies of a cut that differ from what is served, of some companies or of all."""
        rows = cut.read("ratings") if asked is None else cut.rows("ratings", "company", asked)
        count, gone, new = self._write_all(cut, at_us, rows, asked, cause)
        was = self.cut("whole") if cause is not None else None
        with self.store.write() as db:
            if was is not None and joined.note(db, cut, was, gone, new, at_us):
                jobs.put(db, at_us, WATCHED, key=WATCHED)
            served.remove(db, gone)
            for name, value in states.items():
                served.set_state(db, name, value)
        return count

    def _write_all(
        self, cut: Cut, at_us: int, rows: pa.Table, asked: pa.Array | None, cause: str | None
    ) -> tuple[int, Mapping[int, str], list[int]]:
        """Write those of the bodies of some ratings that differ from what is served: how many, whom of `asked`
        (None: of all) there is no rating of, and who was not served before."""
        table = with_names(rows.sort_by([(key, "ascending") for key in KEYS]), cut)
        with self.store.read() as db:
            known = served.etags(db, None if asked is None else asked.to_pylist())
            disputes = open_disputes(db)
        made = served_rows(table, made_of(cut), disputes, struck_counts(cut))
        new: list[int] = []
        fresh = joined.unlike(made, known, new)
        count = 0
        for some in served.batched(fresh, AT_ONCE):
            count += len(some)
            self._write(some, at_us, cause, disputes)
        return count, known, new

    def _write(
        self,
        fresh: Sequence[Served],
        at_us: int,
        cause: str | None,
        disputes: Mapping[int, int],
    ) -> None:
        """Replace some bodies; without a cause they are the first, and moved nowhere. `disputes`: the open ones
        that they tell of; one that was opened or closed meanwhile is told as it is now."""
        with self.store.write() as db:
            grades = served.lock(db, [row.company for row in fresh])
            fresh = _as_disputed(fresh, disputes, open_disputes(db))
            if cause is not None:
                # Drift is told where it crosses a grade: only those bodies need to be read.
                told = [r for r in fresh if cause == "evidence" or grades.get(r.company) != r.grade]
                before = served.bodies(db, [row.company for row in told])
                moves = list(_moves(told, before, at_us, cause))
                served.add_changes(db, moves)
                if moves:
                    jobs.put(db, at_us, WATCHED, key=WATCHED)
            served.put(db, fresh, at_us)

    def mark_disputed(self, db: sa.Connection, company: int) -> None:
        """Show at once how many disputes of a company are open, without rating anew."""
        served.lock(db, [company])
        body = served.bodies(db, [company]).get(company)
        if body is not None:
            body["disputed"] = open_disputes(db, company).get(company, 0)
            served.put(db, [packed(company, body)], self.clock())

    # evidence

    def ask_to_rate(self, db: sa.Connection) -> None:
        """Have the ratings follow what was just handed in."""
        jobs.put(db, self.clock(), RATE, key=RATE)


def open_service(settings: Settings, create: bool = False) -> Service:
    """The service of the book and the store that the settings name. Raises `EvidenceError` where there is no
    book, `StoreError` where the store cannot be used."""
    book = open_book(settings.book, create=create, settings=settings)
    try:
        store = open_store(settings.store_url())
    except BaseException:
        book.close()
        raise
    return Service(settings, book, store)


def open_disputes(db: sa.Connection, company: int | None = None) -> dict[int, int]:
    """Company -> how many disputes of it are open."""
    find = sa.select(DISPUTE.c.company, sa.func.count()).where(DISPUTE.c.closed_us.is_(None))
    if company is not None:
        find = find.where(DISPUTE.c.company == company)
    return {row[0]: row[1] for row in db.execute(find.group_by(DISPUTE.c.company))}


def _of_new_evidence(before: Cut, cut: Cut) -> pa.Array | None:
    """The companies of which there is new evidence, None where another day or policy moves everybody."""
    found = touched(before, cut, "records")
    return found if found is not None else named_between(before, cut)


def cause_of(before: Cut, cut: Cut) -> str:
    """What moves companies of which there is no new evidence: another policy, another day, or the market."""
    if before.policy.digest() != cut.policy.digest():
        return "policy"
    return "time" if before.as_of_day != cut.as_of_day else "market"


def _as_disputed(
    fresh: Sequence[Served], told: Mapping[int, int], now: Mapping[int, int]
) -> Sequence[Served]:
    """Bodies with as many open disputes as there are now, where they were made for `told`."""
    if told == now:
        return fresh
    return [
        row
        if told.get(row.company) == now.get(row.company)
        else packed(row.company, json.loads(row.body) | {"disputed": now.get(row.company, 0)})
        for row in fresh
    ]


def _moves(
    fresh: Iterable[Served], before: Mapping[int, dict[str, Any]], at_us: int, cause: str
) -> Iterator[dict[str, Any]]:
    """Lines of CHANGE for headlines that are not what they were. What only drifts with the market or the day
    is told where it crosses a grade."""
    for row in fresh:
        was, now = headline_of(before.get(row.company)), headline_of(json.loads(row.body))
        seen = ("grade", "score", "evidence_level") if cause == "evidence" else ("grade",)
        if any((was or {}).get(name) != (now or {}).get(name) for name in seen):
            told = {"before": json.dumps(was) if was else None, "after": json.dumps(now)}
            yield {"company": row.company, "at_us": at_us, "cause": json.dumps(cause), **told}
