"""A list that is pasted or handed in as a file: which company each line means, and what it is worth.

The page shows the first lines at once and the others page by page; the files (CSV, JSON) hold all of them and
are sent while they are found, so that a long list keeps nobody waiting. The list itself stays in the form: the
service keeps neither it nor what came out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from tallystick.doors.api.searching import noted, table_of
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.compare import interval
from tallystick.doors.web.rendering import Page, answer
from tallystick.evidence.ledger import EvidenceError
from tallystick.report import figures
from tallystick.service import many

SHOWN: Final = 100
"""Lines of one page."""
LONGEST: Final = 1_000_000
"""Characters of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Page):
    """The page. `text`: the list in the form; `rows`: the lines from `first` on, out of `total`; `onward`,
    `back`: the first lines of the pages beside, None where there is none; `counts`: answer -> lines shown."""

    text: str
    rows: tuple[dict[str, Any], ...]
    first: int
    total: int
    onward: int | None
    back: int | None
    counts: tuple[tuple[str, int], ...]
    wrong: str
    most: int = many.MOST


def lookup(ask: Ask) -> Response:
    """The form."""
    someone(ask)
    ask.caller.must("bulk.read")
    return _page(ask, "", [], 0)


def looked_up(ask: Ask) -> Response:
    """Look the list up, as a page or as a file."""
    someone(ask)
    ask.caller.must("bulk.read")
    text = ask.fields.get("list", "")[:LONGEST]
    try:
        _, data = ask.files.get("file", ("", b""))
        if data:
            text = many.decoded(data)[:LONGEST]
        wanted = many.read_list(text)
    except EvidenceError as error:
        return _page(ask, text, [], 0, ask.said(error))
    if not wanted:
        return _page(ask, "", [], 0, ask.say("w.l.empty"))
    if ask.text("do") == "csv":
        return table_of(_look_up(ask, wanted))
    if ask.text("do") == "json":
        return _file(_look_up(ask, wanted))
    told = ask.text("first", 6)
    first = int(told) if told.isascii() and told.isdigit() else 0
    return _page(ask, text, wanted, min(first, len(wanted) - 1) // SHOWN * SHOWN)


def _look_up(ask: Ask, wanted: Sequence[many.Wanted]) -> Iterator[dict[str, Any]]:
    return noted(ask.service, ask.caller, many.look_up(ask.service, wanted, ask.lang))


def _file(rows: Iterator[dict[str, Any]]) -> Response:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    parts = chain(["[\n"], (f"{',' if n else ''}{line}\n" for n, line in enumerate(lines)), ["]\n"])
    headers = {
        "Content-Disposition": 'attachment; filename="companies.json"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(parts, 200, headers, "application/json")


def _page(
    ask: Ask, text: str, wanted: Sequence[many.Wanted], first: int, wrong: str = ""
) -> Response:
    rows = list(_look_up(ask, wanted[first : first + SHOWN]))
    answers = [row["answer"] for row in rows]
    counts = ((name, answers.count(name)) for name in ("found", "ambiguous", "similar", "none"))
    page = Listing(
        ask=ask,
        told={"companies": rows, "lines": len(wanted)},
        status=422 if wrong else 200,
        kept=False,
        text=text,
        rows=tuple(_row(row) for row in rows),
        first=first,
        total=len(wanted),
        onward=first + SHOWN if first + SHOWN < len(wanted) else None,
        back=first - SHOWN if first else None,
        counts=tuple(pair for pair in counts if pair[1]),
        wrong=wrong,
    )
    return answer(page, "listing.html")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A line as the table shows it: with its chance and interval as words."""
    head = (row["rating"] or {}).get("headline")
    told = {"chance": "–", "interval": "", "grade": None, "level": None}
    if head:
        told = {
            "chance": figures.percent(head["broken_ppm"]),
            "interval": interval(head),
            "grade": head["grade"],
            "level": head["evidence_level"],
        }
    return row | told | {"disputed": (row["rating"] or {}).get("disputed", 0)}
