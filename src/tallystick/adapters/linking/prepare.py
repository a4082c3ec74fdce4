"""Records as they are compared: cleaned fields and what is derived from them, as tables of DuckDB.

Every record has a number, `unique_id`, counted over the tables in the order of their rows.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pyarrow as pa

from tallystick.adapters.linking.companies import read_companies
from tallystick.adapters.linking.model import Fitted
from tallystick.adapters.linking.sorts import SORTS


def prepare(con: Any, tables: list[pa.Table], fitted: Fitted) -> list[str]:
    """Make `side_a` (and `side_b`) in `con`; returns their names."""
    _nicknames(con)
    _companies(con, tables, fitted)
    names = []
    begin = 0
    for n, table in enumerate(tables):
        name = f"side_{'ab'[n]}"
        con.register("raw_records", table)
        con.execute(f"create or replace table {name} as {_query(fitted, n, begin)}")
        con.unregister("raw_records")
        names.append(name)
        begin += table.num_rows
    return names


def _query(fitted: Fitted, side: int, begin: int) -> str:
    clean, derived = [], []
    for field in fitted.model.fields:
        sort = SORTS[field.sort]
        raw = '"' + fitted.columns[field.name][side].replace('"', '""') + '"'
        text = sort.clean.format(f"cast({raw} as varchar)")
        clean.append(f"{text} as {field.name}")
        derived += [f"{sql} as {name}" for name, sql in sort.derive(field.name).items()]
    both = _name_fields(fitted)
    if both:
        given, surname = both
        derived.append(f"{given} || ' ' || {surname} as {given}_{surname}")
    inner = (
        f"select {begin} + row_number() over () - 1 as unique_id, {', '.join(clean)} "
        "from raw_records"
    )
    return f"select *{''.join(', ' + d for d in derived)} from ({inner})"


def _name_fields(fitted: Fitted) -> tuple[str, str] | None:
    given, surname = fitted.model.of_sort("given-name"), fitted.model.of_sort("surname")
    return (given[0].name, surname[0].name) if given and surname else None


def _companies(con: Any, tables: list[pa.Table], fitted: Fitted) -> None:
    """Table `companies`: the parts of every company name."""
    names: set[str] = set()
    for field in fitted.model.of_sort("company"):
        for table, column in zip(tables, fitted.columns[field.name], strict=True):
            values = table[column].cast(pa.string()).unique().to_pylist()
            names |= {value.strip() for value in values if value}
    if names:
        con.register("company_rows", read_companies(names))
        con.execute("create or replace table companies as select * from company_rows")
        con.unregister("company_rows")


def _nicknames(con: Any) -> None:
    """Table `nicknames`: a form of a given name, and the names that it may stand for."""
    formal: dict[str, list[str]] = {}
    text = (files(__package__) / "nicknames.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, shorts = line.split("\t")
        for short in [name, *shorts.split()]:
            formal.setdefault(short, [short]).append(name)
    rows = [(short, sorted(set(names))) for short, names in sorted(formal.items())]
    table = pa.table({"short": [r[0] for r in rows], "formal": [r[1] for r in rows]})
    con.register("nickname_rows", table)
    con.execute("create or replace table nicknames as select * from nickname_rows")
    con.unregister("nickname_rows")
