"""Handing evidence in: choose a file, try it, look at what would be rejected, hand it in, take it back.

Trying runs the whole intake and asks the book what it holds already, so that it tells what handing in would at
that moment; it does not tell what the data would do to ratings. A small upload is taken in before the answer, a
large one in the background, as in the API.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from tallystick.adapters.handed import FIELDS, asked, shares
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.tables import suggest_mapping
from tallystick.adapters.workbook import ENDINGS
from tallystick.doors.api.batches import AT_ONCE, in_language, told_of
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.rendering import Page, answer
from tallystick.evidence.formats.suggest_parties import Own
from tallystick.evidence.ledger import OUTCOMES, EvidenceError
from tallystick.report import figures
from tallystick.report.handed_pictures import Moved, handed_picture, late_picture, moved_picture
from tallystick.report.picture import Picture
from tallystick.service import effects, uploads

LISTED: Final = 50
COUNTED: Final = 5000
"""Uploads that data health counts."""
REJECTS: Final = 200
FEW_PPM: Final = 900_000
"""A share of documents with a field that they should have, below which it stands out."""
KINDS_SHOWN: Final = 12
"""Kinds of document whose fields are told on the page; JSON has all."""
LONGEST_MAPPING: Final = 200_000
NEED_MAPPING: Final = ("kind-column", "column-nearly", "column-none")
"""Codes of what a mapping mends."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Documents of a kind; `shares`: see `handed.shares`; `few`: where one is low that should not be."""

    kind: str
    documents: int
    shares: tuple[int | None, ...]
    few: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Console(Page):
    """The page. `draft`: the mapping in the form; `drafted`: of which file it was just made; `wrong`: what
    could not be done; `health`: how well what was handed in could be read; `handed`: by day; `kinds`: how full
    the documents are, by kind; `documents`: over how many that is; `late`: how late they came, by month."""

    account: Account
    uploads: tuple[dict[str, Any], ...]
    health: dict[str, Any]
    handed: Picture | None
    documents: int
    kinds: tuple[Filled, ...]
    fields: tuple[str, ...] = FIELDS
    late: Picture | None
    draft: str
    drafted: str
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Page):
    """What became of an upload. `rejects`: the first of what was not taken; `did`, `moves`: what it did to
    ratings."""

    upload: dict[str, Any]
    did: dict[str, Any] | None
    moves: Picture | None
    rejects: tuple[dict[str, Any], ...]
    total: int
    wrong: str
    may_retract: bool
    needs_mapping: bool


def console(ask: Ask, draft: str = "", drafted: str = "", wrong: str = "") -> Response:
    """The form and the list."""
    account = _contributor(ask)
    whose = None if ask.caller.may("batch.read") else account.contributor or ""
    with ask.service.store.read() as db:
        rows = [told_of(row, ask.lang) for row in uploads.listed(db, whose, 2**62, LISTED)]
        found = effects.health(uploads.summaries(db, whose, COUNTED))
    found["rules"] = [in_language(rule, ask.lang) for rule in found["rules"]]
    kept = effects.kept(ask.service, whose) if whose != "" else effects.NOTHING
    for row in rows:
        row.pop("batches")
    page = Console(
        ask=ask,
        told={"uploads": rows, "health": found | kept},
        status=422 if wrong else 200,
        kept=False,
        account=account,
        uploads=tuple(rows),
        health=found,
        handed=handed_picture(
            [(day["day"], [day[name] for name in OUTCOMES]) for day in found["by_day"]],
            ask.say,
        ),
        documents=kept["documents"],
        kinds=tuple(map(_filled, kept["fields"][:KINDS_SHOWN])),
        late=late_picture([tuple(row.values()) for row in kept["lateness"]], ask.say),
        draft=draft,
        drafted=drafted,
        wrong=wrong,
    )
    return answer(page, "console.html")


def _filled(row: dict[str, Any]) -> Filled:
    kind, found = row["kind"], shares(row)
    few = (
        asked(kind, name) and (share or 0) < FEW_PPM
        for name, share in zip(FIELDS, found, strict=True)
    )
    return Filled(kind, row["documents"], found, tuple(few))


def hand_in(ask: Ask) -> Response:
    """Do what the button says: draft a mapping, try the file, or hand it in. A table that is tried and has
    columns of its own gets a draft."""
    account = _contributor(ask)
    ask.caller.must("batch.write", own=True)
    mapping = ask.fields.get("mapping", "")[:LONGEST_MAPPING].strip()
    name, data = ask.files.get("file", ("", b""))
    if not data:
        return console(ask, mapping, wrong=ask.say("w.h.no_file"))
    try:
        if ask.text("do") == "draft":
            return console(ask, _draft(account, name, data), drafted=name)
        handed = uploads.Handed(name, data, mapping or None, ask.text("do") != "take")
        upload = uploads.receive(ask.service, account, handed)
        taken = uploads.take(ask.service, upload) if len(data) <= AT_ONCE else {}
        if handed.dry_run and not mapping and _wants_mapping(name, _code(taken)):
            return console(ask, _draft(account, name, data), drafted=name)
    except EvidenceError as error:
        return console(ask, mapping, wrong=ask.said(error))
    there = ask.url(f"/console/{upload}")
    return RedirectResponse(there, 303, {"Cache-Control": "no-store"})


def receipt(ask: Ask, wrong: str = "", status: int = 422) -> Response:
    """What became of one upload; where something went `wrong` with it, with that and a `status`."""
    row = _upload(ask, "batch.read")
    told = told_of(row, ask.lang)
    rejects = [reject for batch in told["batches"] for reject in batch["rejects"]]
    may = ask.caller.may("batch.write", ask.caller.owns_contributor(row["contributor"]))
    did = _did(ask, row, told) if row["state"] in ("taken", "rated") else None
    page = Receipt(
        ask=ask,
        told=told | {"effects": did},
        status=status if wrong else 200,
        kept=False,
        upload=told,
        did=did,
        moves=moved_picture([_moved(row) for row in did["moved"]], ask.say) if did else None,
        rejects=tuple(rejects[:REJECTS]),
        total=len(rejects),
        wrong=wrong,
        may_retract=may and row["state"] in ("taken", "rated"),
        needs_mapping=_code(row) in NEED_MAPPING,
    )
    return answer(page, "receipt.html")


def _wants_mapping(name: str, code: str | None) -> bool:
    """Whether a file could not be read for want of a mapping: a table, or all sheets of a workbook."""
    workbook = name.lower().endswith(ENDINGS)
    return code == "kind-column" or (workbook and code == "nothing-read")


def _code(row: Mapping[str, Any]) -> str | None:
    """Why an upload could not be read, as a code."""
    return (row.get("result") or {}).get("code")


def _did(ask: Ask, row: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Which companies an upload names, and whose rating has moved since."""
    batches = [batch["batch"] for batch in told["batches"]]
    found = effects.of_upload(ask.service, batches, row["created_us"])
    for move in found["moved"]:
        move["at"] = figures.iso_moment(move.pop("at_us"))
    return found


def _moved(row: dict[str, Any]) -> Moved:
    """A move as it is drawn."""
    before, after = row["before"], row["after"]
    return Moved(
        row["name"] or row["company"],
        (before["grade"], before["broken_ppm"]) if before else None,
        (after["grade"], after["broken_ppm"]),
    )


def retract(ask: Ask) -> Response:
    """Take an upload back, with a reason."""
    row = _upload(ask, "batch.write")
    why = ask.text("why", 500)
    if len(why) < 3:
        return receipt(ask, ask.say("w.h.why_short"))
    if row["state"] not in ("taken", "rated", "retracted"):
        state = ask.say.either("w.state", row["state"])
        return receipt(ask, ask.say("w.h.not_taken", state=state), 409)
    uploads.retract(ask.service, row["id"], why)
    there = ask.url(f"/console/{row['id']}")
    return RedirectResponse(there, 303, {"Cache-Control": "no-store"})


def _contributor(ask: Ask) -> Account:
    account = someone(ask)
    ask.caller.must("batch.read", own=True)
    if account.contributor is None and not ask.caller.may("batch.read"):
        fix = "An operator says under which name an account hands evidence in."
        raise Problem(403, "no-contributor", "This account is no contributor.", fix)
    return account


def _upload(ask: Ask, right: str) -> dict[str, Any]:
    """An upload that the caller may see; others' are not told from what is not there."""
    someone(ask)
    with ask.service.store.read() as db:
        row = uploads.get(db, ask.part("upload")[:40])
    if row is None or not ask.caller.may(right, ask.caller.owns_contributor(row["contributor"])):
        raise Problem(404, "no-such-batch", "There is no such upload.")
    return row


def _draft(account: Account, name: str, data: bytes) -> str:
    """A mapping drafted for a table; a firm's export names the other side only. Raises `EvidenceError` where it
    is none."""
    handed_by = uploads.contributor_for(account)
    own = Own(handed_by.name) if handed_by.kind == "firm" else None
    with tempfile.TemporaryDirectory() as folder:
        suffixes = "".join(Path(name.replace("\\", "/")).suffixes[-2:])
        safe = "".join(c for c in suffixes if c.isalnum() or c == ".")[:20]
        path = Path(folder) / f"table{safe}"
        path.write_bytes(data)
        return suggest_mapping(path, own, name)
