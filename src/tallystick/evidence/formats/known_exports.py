"""Exports of well-known shops, marketplaces and payment services, known by their columns.

Idea: what such an export means is known, so its mapping need not be guessed. Each is a mapping in `exports/`
whose columns stand in «»: a line whose column the file does not have is left out, and a document without its
`when`, its number or its day. The header decides, however it is spelt; the file's own spelling is written.

>>> header = ("Sale date", "Order ID", "Buyer user ID", "Date shipped", "Order total")
>>> known = known_export([Sample(name, ()) for name in header])
>>> known.title if known else None
'Etsy, sold orders'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.formats.suggest import currency_line, left_over
from tallystick.evidence.formats.suggest_details import NOT_IN_FILTERS, comment, quoted
from tallystick.evidence.formats.suggest_fields import Sample
from tallystick.evidence.formats.suggest_parties import Own, own_side
from tallystick.evidence.formats.suggest_read import read_lines, without_nulls

_MARK: Final = re.compile("«([^»]+)»")
_MAYBE: Final = re.compile(r", \w+ = «([^»?]+)\?»")
"""A part of a party that is left out where its column is absent."""
_NEEDED: Final = ("when", "number", "issued_on", "happened_at")
_DAYS: Final = ("issued_on", "due_on", "deliver_on", "happened_at")


@dataclass(frozen=True, slots=True)
class Export:
    """`title`: whose export of what; `columns`: folded names of those that tell it from others; `documents`:
    the blocks of its mapping, as the file has them."""

    title: str
    columns: frozenset[str]
    documents: tuple[str, ...]


def known_export(samples: Sequence[Sample]) -> Export | None:
    """The export that has all these columns, if any is known."""
    header = {_folded(sample.name) for sample in samples}
    return next((export for export in _exports() if export.columns <= header), None)


def draft_known(
    samples: Sequence[Sample], source: str, read: Sequence[str] = (), own: Own | None = None
) -> str | None:
    """The mapping of a known export as TOML text, None where it is none; parameters as for `suggest.draft`."""
    export = known_export(samples)
    columns = {_folded(sample.name): sample.name for sample in samples}
    blocks = export.documents if export else ()
    documents = [lines for block in blocks if (lines := _filled(block, columns, own, samples))]
    if not (export and documents):
        return None
    body = [line for lines in documents for line in ["", *lines]]
    title = f"# Mapping of {comment(source)}, known by its columns: {export.title}."
    head = f"{title} See what says CHECK or TODO."
    who = own.as_contributor() if own else []
    text = "\n".join([head, *who, *_read_lines("\n".join(body), samples, read), *body])
    return "\n".join([text, *left_over(samples, text)]) + "\n"


def _read_lines(body: str, samples: Sequence[Sample], told: Sequence[str]) -> list[str]:
    documents = load_mapping(body).document
    days = {v.column for d in documents for f in _DAYS if (v := getattr(d, f)) is not None}
    amounts = {d.amount.column for d in documents if d.amount is not None}
    cleaned = without_nulls(samples)
    dated = [s for s in cleaned if s.name in days]
    return read_lines(told, samples, dated, [s for s in cleaned if s.name in amounts])


def _filled(
    block: str, columns: Mapping[str, str], own: Own | None, samples: Sequence[Sample]
) -> list[str]:
    """The lines of a document, none where the file lacks what it needs."""
    lines: list[str] = []
    for line in block.splitlines():
        key, told_by, value = line.partition(" = ")
        if not told_by:  # the head of the document, or a remark
            lines.append(line)
        elif value == "own":
            lines.append(own_side(key, own, "each"))
        elif value == "amounts":
            lines += _currency(lines, samples)
        elif (told := _told(key, value, columns)) is not None:
            lines.append(told)
        elif key in _NEEDED:
            return []
    return lines


def _told(key: str, value: str, columns: Mapping[str, str]) -> str | None:
    """A line with the columns that the file has, None where it has not all of them."""
    value = _MAYBE.sub(
        lambda part: part[0].replace("?»", "»") if _column(part[1], columns) else "", value
    )
    names = {mark: _column(mark, columns) for mark in _MARK.findall(value)}
    if None in names.values():
        return None
    filled = _MARK.sub(lambda mark: quoted(names[mark[1]] or ""), value)
    return f"{key} = '''{filled}'''" if key == "when" else f"{key} = {filled}"


def _column(mark: str, columns: Mapping[str, str]) -> str | None:
    """The file's spelling of a column, of the first of several that it has."""
    found = (columns.get(_folded(name)) for name in mark.split("|"))
    plain = (name for name in found if name is not None and not set(name) & NOT_IN_FILTERS)
    return next(plain, None)


def _currency(lines: Sequence[str], samples: Sequence[Sample]) -> Iterator[str]:
    """The currency that stands beside the amounts."""
    amounts = next((s for s in samples if f"amount = {quoted(s.name)}" in lines), None)
    if amounts is not None:
        yield currency_line(amounts)


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


@cache
def _exports() -> tuple[Export, ...]:
    files = sorted(Path(__file__).with_name("exports").glob("*.toml"))
    return tuple(_export(file.read_text(encoding="utf-8")) for file in files)


def _export(text: str) -> Export:
    title, columns, *_ = text.splitlines()
    names = columns.removeprefix("# columns: ").split(";")
    blocks = text.split("\n\n")[1:]
    return Export(title.removeprefix("# "), frozenset(map(_folded, names)), tuple(blocks))
