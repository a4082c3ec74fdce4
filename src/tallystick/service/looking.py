"""Looking things up in the live book, for every door: search, ratings of any day, reports, promises.

What the public may see of a report names no counterparty and no document: `discreet` numbers the one and leaves
out the other. Reports are kept until what is served of the company changes (see `ahead`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa

from tallystick.adapters import closeby
from tallystick.adapters.background import with_names
from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.find_index import made
from tallystick.adapters.finding import find_companies
from tallystick.adapters.reporting import gather
from tallystick.adapters.store import served
from tallystick.adapters.struck_of import struck_counts, struck_of
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say
from tallystick.report import Report, compose, explanation_json, render_json
from tallystick.report.discreet import discreet
from tallystick.report.figures import promise_id
from tallystick.service.body import made_of, served_rows, unrated
from tallystick.service.live import KEYS, Service
from tallystick.units import code_of, day_of

PATIENCE_S: Final = 20.0
AT_ONCE: Final = 2
"""Reports that a process practises to make at a time."""
_SEARCHED: Final = "huaqiang trading"
"""What a process practises to search for."""
LANGUAGES: Final = ("en", "zh")
_PAST: Final = threading.BoundedSemaphore(1)
"""Deriving a past cut takes all of a core: one at a time in a process."""


def cut_of(service: Service) -> Cut:
    """The cut that is served. Raises `EvidenceError` before the first rating."""
    cut = service.cut()
    if cut is None:
        raise EvidenceError(say("not-rated"))
    return cut


def search(service: Service, text: str, limit: int, lang: str = "en") -> list[dict[str, Any]]:
    """Companies that a text may mean, best first, with what is served of each."""
    rows = service.book.find(text, cut_of(service), limit, lang)
    with service.store.read() as db:
        bodies = served.bodies(db, [row["company"] for row in rows])
    return [found_row(row, bodies.get(row["company"])) for row in rows]


def found_row(row: dict[str, Any], body: dict[str, Any] | None) -> dict[str, Any]:
    """A company that was found, with what is served of it."""
    told = {name: row[name] for name in ("code", "name", "country", "match", "why")}
    head = (body or {}).get("headline")
    told |= (
        {"grade": head["grade"], "score": head["score"]} if head else {"grade": None, "score": None}
    )
    return told | {"enough_evidence": bool(body and body["enough_evidence"])}


def lookup(service: Service, asked: Sequence[str]) -> list[dict[str, Any]]:
    """What is served of each of some companies, in their order; where none or several are meant, why."""
    cut = cut_of(service)
    keys: list[int | str] = []
    for text in asked:
        try:
            keys.append(service.book.company_key(text, cut))
        except EvidenceError as error:
            keys.append(str(error))
    with service.store.read() as db:
        bodies = served.bodies(db, [key for key in keys if isinstance(key, int)])
    return [
        {"asked": text, "rating": bodies.get(key)}
        if isinstance(key, int)
        else {"asked": text, "error": key}
        for text, key in zip(asked, keys, strict=True)
    ]


def merged_into(service: Service, company: int) -> str | None:
    """The code of the company that another one was joined to, None where it was not."""
    cut = service.cut()
    if cut is None:
        return None
    rows = cut.rows("merged", "party", pa.array([company], pa.int64()))
    return None if not len(rows) else code_of(rows["company"][0].as_py(), "C")


def without_record(service: Service, company: int) -> tuple[str, str] | None:
    """(etag, body) of a company that is known and never promised anything; None where nobody knows it."""
    cut = service.cut()
    if cut is None:
        return None
    for row in cut.rows("companies", "company", pa.array([company], pa.int64())).to_pylist():
        made = unrated(row, made_of(cut), len(struck_of(cut, company)))
        return made.etag, made.body
    return None


def rating_at(
    service: Service, company: int, as_of: date | None, known_at: datetime | None
) -> dict[str, Any] | None:
    """What would have been served of a company then."""
    cut = _cut_then(service, as_of, known_at)
    rows = cut.rows("ratings", "company", pa.array([company], pa.int64()))
    ratings = with_names(rows.sort_by([(key, "ascending") for key in KEYS]), cut)
    for row in served_rows(ratings, made_of(cut), {}, struck_counts(cut)):
        found: dict[str, Any] = json.loads(row.body)
        return found
    return None


def report_at(
    service: Service, company: int, lang: str, as_of: date, known_at: datetime | None
) -> Report | None:
    """The whole report on a company then; None where it was not known."""
    cut = _cut_then(service, as_of, known_at)
    if not len(cut.rows("companies", "company", pa.array([company], pa.int64()), ["company"])):
        return None
    with service.book.reading() as engine:
        return compose(gather(cut, company, engine, service.book.batches()), lang)


def _cut_then(service: Service, as_of: date | None, known_at: datetime | None) -> Cut:
    """A cut of another day, made anew where it is not kept: one at a time, since each takes all there is."""
    if not _PAST.acquire(timeout=PATIENCE_S):
        raise EvidenceError(say("past-busy"))
    try:
        return service.book.cut(as_of, known_at)
    finally:
        _PAST.release()


def report(service: Service, company: int, lang: str, etag: str, whole: bool) -> str:
    """The report on a company as JSON text, the one that the public may see unless `whole`."""
    with service.store.read() as db:
        kept = served.kept(db, company, _named(lang, whole), etag)
    return kept or make_reports(service, company, etag, service.clock())[_named(lang, whole)]


def make_reports(service: Service, company: int, etag: str, asked_us: int) -> dict[str, str]:
    """Make the report on a company for everybody and in every language, and keep all of them: what it is made
    of takes most of the time, and is the same. `asked_us`: when somebody last had to wait for it."""
    texts = _drawn(service, company)
    with service.store.write() as db:
        for what, text in texts.items():
            served.keep(db, company, what, etag, text, asked_us)
    return texts


def _drawn(service: Service, company: int) -> dict[str, str]:
    cut, book = cut_of(service), service.book
    with book.reading() as engine:
        material = gather(cut, company, engine, book.batches(), with_plan=True)
    texts = {}
    for lang in LANGUAGES:
        made = compose(material, lang)
        for whole, shown in ((True, made), (False, discreet(made))):
            texts[_named(lang, whole)] = json.dumps(render_json(shown), ensure_ascii=False)
    return texts


def practise(service: Service) -> None:
    """Make a report that nobody asked for and nobody keeps, and a search where its index is made: what a first
    look in a process has to plan and to load is there then, before anybody waits. Where nothing is rated yet,
    or it is to be made anew, nothing."""
    with service.store.read() as db:
        told, company = served.state(db, "cut"), served.anybody(db)
    if told is None or company is None:
        return
    if (service.book.path / "derived" / told["cut"] / DONE).exists():
        with ThreadPoolExecutor(AT_ONCE) as people:
            list(people.map(lambda _: _drawn(service, company), range(AT_ONCE)))
        cut = cut_of(service)
        if made(cut) is not None:
            find_companies(_SEARCHED, cut, 1)


def _named(lang: str, whole: bool) -> str:
    return f"report-{lang}{'-whole' if whole else ''}"


def promises(
    service: Service, company: int, kind: str | None, begin: int, limit: int
) -> dict[str, Any]:
    """A page of the promises that a company made, newest first."""
    made = (row for row in dealings(service, company) if row["promisor"] == company)
    found = [row for row in made if kind in (None, row["kind"])]
    found.sort(key=lambda row: (-(row["due_day"] or 0), row["deal"], row["kind"], row["item"]))
    part = found[begin : begin + limit]
    more = str(begin + limit) if begin + limit < len(found) else None
    return {"items": [_promise(row) for row in part], "next": more}


def dealings(service: Service, company: int) -> list[dict[str, Any]]:
    """The promises that a company made and those that were made to it (rows of PROMISE), in no order."""
    with service.book.reading() as engine:
        rows: list[dict[str, Any]] = closeby.dealings(engine, cut_of(service), company).to_pylist()
    return rows


def explain(service: Service, what: str, lang: str) -> dict[str, Any]:
    """How a number comes about."""
    return explanation_json(service.book.explain(what, cut_of(service), lang))


def history(
    service: Service, company: int, limit: int, before: int = 2**62
) -> list[dict[str, Any]]:
    """How a company moved while it was served, newest first; `before`: only changes with a smaller id."""
    with service.store.read() as db:
        return served.changes(db, company, limit, before)


def _promise(row: dict[str, Any]) -> dict[str, Any]:
    """A row of PROMISE as JSON: codes for keys, ISO dates for days."""
    told: dict[str, Any] = {"id": promise_id(row["deal"], row["kind"], row["item"])}
    told |= {"deal": code_of(row["deal"], "D"), "kind": row["kind"]}
    told |= {
        side: code_of(row[side], "C") if row[side] else None for side in ("promisor", "promisee")
    }
    for name in ("made", "first_due", "due", "done"):
        day = row[f"{name}_day"]
        told[f"{name}_on"] = None if day is None else day_of(day).isoformat()
    names = (
        "outcome",
        "late_days",
        "kept_ppm",
        "fault",
        "value_minor",
        "currency",
        "strength_ppm",
        "revisions",
    )
    return told | {name: row[name] for name in names}
