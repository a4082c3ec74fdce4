"""Looking up a list: names, numbers or a table of them, each with the company that it means, or why none does.

A line is one company. A table says by its header which column is the name, which hold numbers and which the
country. A number is believed first; a name counts only where the words agree and one company is left, else the
line comes back with those that it may mean, and nobody's grade beside it.

>>> read_list("name;country\\nAcme Ltd;DE\\nAcme Ltd;DE\\n")
[Wanted(text='Acme Ltd', ids=(), country='DE')]
>>> read_list("Acme Co., Ltd\\nlei:5493001KJTIIGC8Y1R12")[0]
Wanted(text='Acme Co., Ltd', ids=(), country='')
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from tallystick.adapters.store import served
from tallystick.adapters.workbook import MAGIC, main_sheet_text
from tallystick.evidence.countries import country_code
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say
from tallystick.service.live import Service
from tallystick.service.looking import cut_of

MOST: Final = 5000
"""Lines of a list that are looked up."""
LONGEST: Final = 300
LARGEST: Final = 4_000_000
"""Bytes of a list."""
CANDIDATES: Final = 5
AT_ONCE: Final = 50
_ENCODINGS: Final = ("utf-8-sig", "gb18030", "cp1252")
_NAMES: Final = frozenset(
    "name company company_name companyname supplier buyer seller customer vendor firma unternehmen 名称 "
    "企业 企业名称 公司 公司名称 供应商 客户".split()
)
_IDS: Final = frozenset(
    "id ids code lei vat vat_id tax taxid tax_id number registration reg_no uscc duns 代码 税号 "
    "统一社会信用代码 社会信用代码 编号".split()
)
_COUNTRY: Final = frozenset("country country_code land 国家 国别".split())
COLUMNS: Final = (
    "asked", "country_asked", "answer", "code", "name", "country", "why", "grade", "score", "broken_percent",
    "low_percent", "high_percent", "evidence_level", "promises", "disputed", "as_of", "may_mean",
)  # fmt: skip
"""The columns of a list that was looked up."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a list. `ids`: numbers to believe before the name; `country`: ISO code, or empty."""

    text: str
    ids: tuple[str, ...] = ()
    country: str = ""


def decoded(data: bytes) -> str:
    """The text of a file that somebody hands in, its beginning where it is long; of a workbook the main sheet,
    as CSV. Raises `EvidenceError` for what is no text."""
    if data.startswith(MAGIC):
        return main_sheet_text(data, LARGEST)
    data = data[:LARGEST]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise EvidenceError(say("list-no-text"))


def read_list(text: str) -> list[Wanted]:
    """The lines of a list, each once and in order. Raises `EvidenceError` for one that is too long."""
    lines = [line for line in text.replace("\x00", "").splitlines() if line.strip(' \t,;"')]
    head, columns = _header(lines[0]) if lines else ("", {})
    rows = _table(lines, head, columns) if columns else (Wanted(_bare(line)) for line in lines)
    wanted = list(dict.fromkeys(one for one in rows if one.text))
    if len(wanted) > MOST:
        raise EvidenceError(say("list-long", lines=len(wanted), most=MOST))
    return wanted


def _bare(line: str) -> str:
    """A line that is one name: without quotation marks around it and what a spreadsheet puts beside it."""
    first = line.split("\t")[0].strip().strip(";,").strip()
    if len(first) > 1 and first[0] == first[-1] == '"':
        first = first[1:-1].replace('""', '"')
    return first[:LONGEST].strip()


def _header(line: str) -> tuple[str, dict[str, list[int]]]:
    """(delimiter, role -> columns) of a first line that names columns; no columns where it names none."""
    for delimiter in ("\t", ";", ","):
        cells = [_word(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
        found = {
            role: [n for n, cell in enumerate(cells) if cell in known]
            for role, known in (("name", _NAMES), ("id", _IDS), ("country", _COUNTRY))
        }
        named = found["name"] or found["id"]
        if named and (len(cells) > 1 or len(line.strip()) < 30):
            return delimiter, found
    return "", {}


def _word(cell: str) -> str:
    return cell.strip().strip("\ufeff").lower().replace(" ", "_").replace("-", "_")


def _table(
    lines: Sequence[str], delimiter: str, columns: Mapping[str, list[int]]
) -> Iterator[Wanted]:
    for cells in islice(csv.reader(lines, delimiter=delimiter), 1, None):
        told = {
            role: [
                cells[n].strip()[:LONGEST] for n in places if n < len(cells) and cells[n].strip()
            ]
            for role, places in columns.items()
        }
        name = next(iter(told["name"]), "")
        country = country_code(next(iter(told["country"]), "")) or ""
        ids = tuple(told["id"])
        yield Wanted(name or (ids[0] if ids else ""), ids, country)


def look_up(
    service: Service, wanted: Sequence[Wanted], lang: str = "en"
) -> Iterator[dict[str, Any]]:
    """What each line means, in order, as they are found: `asked`, `answer` (found, ambiguous, similar, none),
    `rating` (as served) where it is found, `why`, and `may_mean`: the companies that it may mean otherwise."""
    lines = iter(wanted)
    while some := list(islice(lines, AT_ONCE)):
        found = [_of_line(service, one, lang) for one in some]
        keys = {row["company"] for _, row, more in found for row in [row, *more] if row}
        with service.store.read() as db:
            bodies = served.bodies(db, keys)
        for one, (answer, row, more) in zip(some, found, strict=True):
            yield _told(one, answer, row, more, bodies)


def _of_line(
    service: Service, one: Wanted, lang: str
) -> tuple[str, dict[str, Any] | None, list[dict[str, Any]]]:
    """(answer, the company that is meant, those that may be)."""
    cut = cut_of(service)
    for number in one.ids:
        sure = _sure(service.book.find(number, cut, CANDIDATES + 1, lang), "code", "identifier")
        if len(sure) == 1:
            return "found", sure[0], []
    rows = service.book.find(one.text, cut, CANDIDATES + 1, lang)
    sure = _sure(rows, "code", "identifier", "name")
    here = [row for row in sure if not one.country or row["country"] in (one.country, None)]
    if len(here) == 1:
        return "found", here[0], []
    if sure:
        return "ambiguous", None, (here or sure)[:CANDIDATES]
    return ("similar" if rows else "none"), None, rows[:CANDIDATES]


def _sure(rows: Sequence[dict[str, Any]], *matches: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["match"] in matches]


def _told(
    one: Wanted,
    answer: str,
    row: dict[str, Any] | None,
    more: Sequence[dict[str, Any]],
    bodies: Mapping[int, dict[str, Any]],
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "asked": one.text,
        "country_asked": one.country or None,
        "answer": answer,
    }
    told["company"] = _company(row, bodies) if row else None
    told["why"] = row["why"] if row else []
    told["rating"] = bodies.get(row["company"]) if row else None
    return told | {"may_mean": [_company(other, bodies) | {"why": other["why"]} for other in more]}


def _company(row: Mapping[str, Any], bodies: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    head = bodies.get(row["company"], {}).get("headline")
    names = {name: row[name] for name in ("code", "name", "country")}
    return names | {"grade": head["grade"] if head else None}


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """A line that was looked up as one row of a table (`COLUMNS`)."""
    rating, company = told["rating"] or {}, told["company"] or {}
    head = rating.get("headline") or {}
    row: dict[str, Any] = {name: told[name] for name in ("asked", "country_asked", "answer")}
    row |= {name: company.get(name) for name in ("code", "name", "country")}
    row |= {name: head.get(name) for name in ("grade", "score", "evidence_level")}
    for name in ("broken", "low", "high"):
        row[f"{name}_percent"] = head[f"{name}_ppm"] / 10_000 if head else None
    row["promises"] = head["promises"]["promises"] if head else None
    row |= {"disputed": rating.get("disputed"), "as_of": rating.get("as_of")}
    row["why"] = "; ".join(told["why"])
    row["may_mean"] = "; ".join(
        f"{one['code']} {one['name'] or ''} ({one['country'] or '–'})" for one in told["may_mean"]
    )
    return row
