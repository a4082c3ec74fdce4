"""What contributors hand in over the network: kept first, taken in next, rated last.

An upload lies in the book's folder under `uploads/ID` before anybody is told that it was received; its row
and the job that takes it in are one transaction. Taking it in twice is the same as once, since a batch is
named by its content. So a crash at any point loses nothing and doubles nothing."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pyarrow as pa
import sqlalchemy as sa

from tallystick.adapters.ledger.durable import write_whole
from tallystick.adapters.store import accounts, jobs
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.store.tables import UPLOAD
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.ledger import OUTCOMES, Contributor, EvidenceError, Receipt
from tallystick.evidence.sentences import all_of, chinese, code_of, say
from tallystick.service import quota
from tallystick.service.live import Service
from tallystick.service.trial import Trial

TAKE: Final = "take"
UPLOADS: Final = "uploads"
DOCUMENTS: Final = "documents.json"
"""Name of an upload that is a JSON list of documents rather than a file."""
MOST_REJECTS: Final = 1000
"""Rejects that are told with a receipt; the rest are in the file of rejects."""
MOST_RULES: Final = 50
"""Rules that are counted of an upload, those that reject most first."""
MOST_FILES: Final = 20
"""Files of an archive of which is told why nothing could be read."""
_SAFE: Final = re.compile(r"[^\w.()\- ]+")


@dataclass(frozen=True, slots=True)
class Handed:
    """What somebody hands in: a name, its bytes, and how to read it where it is a table."""

    name: str
    data: bytes
    mapping: str | None = None
    dry_run: bool = False


def receive(service: Service, account: Account, handed: Handed) -> str:
    """Keep an upload durably and have it taken in; its id. Raises `EvidenceError` for a name or a mapping that
    cannot be used."""
    who = contributor_for(account)
    name = _name(handed.name)
    if handed.mapping is not None:
        load_mapping(handed.mapping, "mapping")
    upload = f"up_{secrets.token_hex(10)}"
    folder = service.book.path / UPLOADS / upload
    folder.mkdir(parents=True)
    write_whole(folder / name, lambda file: file.write(handed.data))
    row = {
        "id": upload,
        "account": account.id,
        "contributor": who.name,
        "contributor_kind": who.kind,
    }
    row |= {
        "name": name,
        "digest": hashlib.sha256(handed.data).hexdigest(),
        "bytes": len(handed.data),
    }
    row |= {"mapping": handed.mapping, "dry_run": handed.dry_run, "state": "received"}
    now = service.clock()
    with service.store.write() as db:
        db.execute(sa.insert(UPLOAD).values(**row, created_us=now))
        jobs.put(db, now, TAKE, {"upload": upload}, key=f"{TAKE}:{upload}")
    return upload


def take(service: Service, upload: str) -> dict[str, Any]:
    """Take an upload in and say what became of it; again changes nothing."""
    with service.store.read() as db:
        row = get(db, upload)
    if row is None or row["state"] != "received":
        return row or {}
    try:
        receipts = (
            _dry(service, row)
            if row["dry_run"]
            else _ingest(service.book, _who(service, row), row, _path(service, row))
        )
        told: dict[str, Any] = {"summary": summary_of(receipts)}
        told |= {"batches": [told_of(receipt) for receipt in receipts]}
        out = all(receipt.batch.retracted_at_us is not None for receipt in receipts)
        state = "checked" if row["dry_run"] else "retracted" if out else "taken"
    except EvidenceError as error:
        here = f"{_path(service, row).parent}/"  # where it lies is nobody's business
        said = {"error": str(error), "error_zh": chinese(error), "code": code_of(error) or ""}
        told, state = {name: text.replace(here, "") for name, text in said.items()}, "failed"
    except Exception:
        # A worker and the request that brought it may be at it at once; the first to be done tidies up.
        done = _done(service, upload)
        if done is None:
            raise
        return done
    now = service.clock()
    with service.store.write() as db:
        values = {"state": state, "result": json.dumps(told), "finished_us": now}
        waiting = sa.update(UPLOAD).where(UPLOAD.c.id == upload, UPLOAD.c.state == "received")
        if not db.execute(waiting.values(**values)).rowcount:
            return get(db, upload) or {}
        if state == "taken":
            new = sum(one["accepted"] for one in told["batches"] if one["new"])
            quota.add(db, row["account"], now, documents=new)
            service.ask_to_rate(db)
    if state != "taken":
        shutil.rmtree(_path(service, row).parent, ignore_errors=True)
    return row | values | {"result": told}


def _done(service: Service, upload: str) -> dict[str, Any] | None:
    """An upload that somebody else has dealt with meanwhile, None where it still waits."""
    with service.store.read() as db:
        row = get(db, upload)
    return row if row and row["state"] != "received" else None


def retract(service: Service, upload: str, why: str) -> dict[str, Any] | None:
    """Take all batches of an upload out of the book; what is known of it afterwards, None where there is
    none. What was handed in twice is one batch: the other uploads that brought it are retracted with it."""
    with service.store.read() as db:
        row = get(db, upload)
    if row is None:
        return None
    batches = [batch["batch"] for batch in (row["result"] or {}).get("batches", [])]
    for batch in batches:
        service.book.retract(batch, why)
    with service.store.write() as db:
        for one in {upload, *_bringing(db, row["contributor"], set(batches))}:
            db.execute(sa.update(UPLOAD).where(UPLOAD.c.id == one).values(state="retracted"))
        service.ask_to_rate(db)
        return get(db, upload)


def _bringing(db: sa.Connection, contributor: str, batches: set[str]) -> list[str]:
    """The uploads that brought nothing but some of these batches."""
    named = sa.or_(*(UPLOAD.c.result.contains(batch) for batch in batches))
    taken = (UPLOAD.c.contributor == contributor, UPLOAD.c.state == "taken")
    rows = map(_read, db.execute(sa.select(UPLOAD).where(*taken, named))) if batches else ()
    return [
        row["id"] for row in rows if {one["batch"] for one in row["result"]["batches"]} <= batches
    ]


def get(db: sa.Connection, upload: str) -> dict[str, Any] | None:
    """What is known of an upload; `result` read."""
    row = db.execute(sa.select(UPLOAD).where(UPLOAD.c.id == upload)).first()
    return _read(row) if row else None


def listed(
    db: sa.Connection, contributor: str | None, before_us: int, limit: int
) -> list[dict[str, Any]]:
    """Uploads of a contributor (None: of all) from before a moment, newest first."""
    find = sa.select(UPLOAD).where(UPLOAD.c.created_us < before_us)
    if contributor is not None:
        find = find.where(UPLOAD.c.contributor == contributor)
    rows = db.execute(find.order_by(UPLOAD.c.created_us.desc()).limit(limit))
    return [_read(row) for row in rows]


def contributor_for(account: Account) -> Contributor:
    """As whom an account hands in. Raises `EvidenceError` where it is nobody."""
    if account.contributor is None:
        raise EvidenceError(say("not-contributor", login=account.login))
    return Contributor(account.contributor, account.contributor_kind or "firm")


def told_of(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON."""
    batch = receipt.batch
    counts = {name: getattr(batch, name) for name in OUTCOMES}
    order = [(name, "ascending") for name in ("source", "row", "field", "rule")]
    rejects = receipt.rejects.sort_by(order).slice(0, MOST_REJECTS).to_pylist()
    told = {"batch": batch.batch_id, "new": receipt.new, "source": batch.source, **counts}
    return told | {"remark": receipt.remark, "rejects": rejects}


def summary_of(receipts: Sequence[Receipt]) -> dict[str, Any]:
    """What became of all documents of an upload: counts by outcome, and every rule that rejected or held any,
    by field, with how often and the words of the first. What was in the book as a whole is known before."""
    counts = {name: sum(getattr(one.batch, name) for one in receipts) for name in OUTCOMES}
    again = sum(one.batch.accepted for one in receipts if not one.new)
    counts |= {"accepted": counts["accepted"] - again, "duplicate": counts["duplicate"] + again}
    grouped = pa.concat_tables([one.rejects for one in receipts]).group_by(
        ["rule", "field"], use_threads=False
    )
    words = [("message", "first"), ("fix", "first"), ("rule", "count")]
    rules = [
        {"rule": row["rule"], "field": row["field"], "n": row["rule_count"],
         "message": row["message_first"], "fix": row["fix_first"]}
        for row in grouped.aggregate(words).to_pylist()
    ]  # fmt: skip
    return counts | {"rules": worst(rules, MOST_RULES)}


def worst(rules: Iterable[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Rules with how often each was broken (`n`), those that reject most first."""
    order = sorted(rules, key=lambda one: (-one["n"], one["rule"], one["field"] or ""))
    return order[:most]


def summaries(db: sa.Connection, contributor: str | None, limit: int) -> list[dict[str, Any]]:
    """`summary_of` the newest uploads of a contributor (None: of all) that could be read, newest first, each
    with `created_us`, `dry_run` and `state`; only the summaries leave the database."""
    kept = UPLOAD.c.result
    summary: sa.ColumnElement[Any]
    if db.dialect.name == "sqlite":
        summary = sa.func.json_extract(kept, "$.summary")
    else:
        summary = sa.cast(sa.cast(kept, sa.JSON)["summary"], sa.Text)
    find = sa.select(
        UPLOAD.c.created_us, UPLOAD.c.dry_run, UPLOAD.c.state, summary.label("summary")
    )
    find = find.where(kept.isnot(None), summary.isnot(None))
    if contributor is not None:
        find = find.where(UPLOAD.c.contributor == contributor)
    rows = db.execute(find.order_by(UPLOAD.c.created_us.desc()).limit(limit))
    return [dict(row._mapping) | json.loads(row.summary) for row in rows]


def _who(service: Service, row: Mapping[str, Any]) -> Contributor:
    """As whom an upload is taken in: what an account hands in for the company that it speaks for is that
    company's own word, which the other side's word then bears out."""
    with service.store.read() as db:
        account = accounts.by_id(db, row["account"])
    company = account.company if account else None
    return Contributor(row["contributor"], row["contributor_kind"] or "firm", company or 0)


def _ingest(book: Any, who: Contributor, row: Mapping[str, Any], path: Path) -> Sequence[Receipt]:
    if path.name == DOCUMENTS:
        return [book.add(documents_in(path.read_bytes()), who, source=row["id"])]
    mapping = load_mapping(row["mapping"], "mapping") if row["mapping"] else None
    result = book.ingest([path], mapping, who)
    if not result.receipts:
        said = [say("one-file", name=f.name, why=why) for f, why in result.passed_over[:MOST_FILES]]
        raise EvidenceError(say("nothing-read", why=all_of(said) if said else say("it-is-empty")))
    return list(result.receipts)


def documents_in(data: bytes) -> list[dict[str, Any]]:
    """The documents of a JSON body. Raises `EvidenceError` where it has none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"the body is no JSON: {error}") from None
    found = found.get("documents") if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(doc, dict) for doc in found):
        raise EvidenceError('the body must be {"documents": [{"kind": ...}, ...]}')
    return found


def _dry(service: Service, row: Mapping[str, Any]) -> Sequence[Receipt]:
    """What would become of an upload."""
    path = _path(service, row)
    folder = Path(tempfile.mkdtemp(prefix="dry-", dir=path.parent))
    with Trial(service.book, folder) as book:
        return _ingest(book, _who(service, row), row, path)


def _path(service: Service, row: Mapping[str, Any]) -> Path:
    return service.book.path / UPLOADS / str(row["id"]) / str(row["name"])


def _name(given: str) -> str:
    """A file name without anything that a file system could take for more than a name."""
    name = _SAFE.sub("_", PurePosixPath(given.replace("\\", "/")).name).strip(". ")[-120:]
    if not name:
        raise EvidenceError(say("file-name", name=given))
    return name


def _read(row: Any) -> dict[str, Any]:
    told = dict(row._mapping)
    told["result"] = json.loads(told["result"]) if told["result"] else None
    return told
