"""Party descriptions of a table: each distinct one gets the key of its party.

Idea: most tables name most parties by an id that some platform or register gave. Such an id has no check
digits, so its party is known by its text alone, and millions of them are keyed within DuckDB. Only what
needs code goes through Python, once per distinct text: check digits, several ids, and names.

Worked example: `id:olist.seller:3442f8` is keyed by SQL; `lei:5299...` and "ACME Ltd" by
`identifiers.describe`; of `id:olist.seller:3442f8` called "ACME Ltd" the name alone is normalised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa

from tallystick.adapters.tables.connecting import beside
from tallystick.evidence.countries import ALIASES
from tallystick.evidence.details import account_key, details_of_cells
from tallystick.evidence.document import key_of_row
from tallystick.evidence.formats.table_links import hash64_sql
from tallystick.evidence.formats.table_rules import (
    DETAIL_TOO_LONG,
    ID_TOO_LONG,
    NAME_TOO_LONG,
    NO_IDENTITY,
)
from tallystick.evidence.formats.table_sql import Part, Plan, Shape
from tallystick.evidence.formats.table_values import literal
from tallystick.evidence.identifiers import (
    PartyRow,
    check_identifier,
    describe_all,
    normalise_name,
    shown_name,
    split_refs,
)
from tallystick.evidence.registers import is_verified, readable
from tallystick.evidence.rules import MAX_TEXT
from tallystick.evidence.schema import PARTY

BATCH: Final = 50_000
_FREE: Final = re.compile(r"(id:|reg\.)[a-z0-9_.:\-]+")
_ALIASED: Final = ", ".join(map(literal, sorted(ALIASES)))
_FREE_REF: Final = r"(id:[a-z0-9_.\-]+|reg\.[a-z0-9_.\-]+):[^\s;]([^;]*[^\s;])?"
"""`scheme:value` that stands for itself: already in the spelling of `check_identifier`."""


class Describer:
    """Fills the tables `shape_<n>` (slots `k0` ..., `party`, `problem`) of one run, and keeps the
    descriptions of schema PARTY."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.rows: dict[tuple[object, ...], PartyRow] = {}
        con.execute(
            "CREATE TABLE plain_party (party BIGINT, ref VARCHAR, name VARCHAR, name_key VARCHAR, "
            "country VARCHAR)"
        )

    def describe(self, whole: Plan, in_one_pass: bool = False) -> None:
        """Describe all parties that the rows name. `in_one_pass`: read the (only) document's rows once,
        however many shapes there are."""
        cells = whole.party_cells() if in_one_pass else ""
        if cells:
            self.con.execute(f"CREATE TABLE party_cells AS {cells}")
        self._describe_shapes(whole, "party_cells" if cells else None)
        self.con.execute("DROP TABLE IF EXISTS party_cells")

    def _describe_shapes(self, whole: Plan, cells: str | None) -> None:
        for number, shape in enumerate(whole.shapes):
            keys = "".join(f"k{n} VARCHAR, " for n in range(shape.slots))
            self.con.execute(
                f"CREATE TABLE shape_{number} ({keys}party BIGINT, problem TINYINT, account BIGINT)"
            )
            if not shape.slots:
                self._add(number, shape, [()])
                continue
            self.con.execute(f"CREATE TABLE said_{number} AS {whole.descriptors(number, cells)}")
            plain = _plain(shape)
            if plain is not None:
                self._add_plain(number, shape, *plain)
            rest = f"WHERE NOT coalesce({plain[1]}, false)" if plain else ""
            reader = beside(self.con).execute(f"SELECT * FROM said_{number} {rest}")
            while rows := reader.fetchmany(BATCH):
                self._add(number, shape, rows)
            self.con.execute(f"DROP TABLE said_{number}")

    def table(self) -> pa.Table:
        """All descriptions, each once."""
        rows = self.rows.values()
        columns = {name: [getattr(row, name) for row in rows] for name in PARTY.names}
        self.con.register("party_rows", pa.table(columns, schema=PARTY))
        found = self.con.sql(
            "SELECT party, ref, name, name_key, country, [ref] AS ids, "
            "CAST([] AS VARCHAR[]) AS bad_ids, CAST([] AS VARCHAR[]) AS traits FROM plain_party "
            "UNION SELECT * FROM party_rows"
        ).to_arrow_table()
        self.con.unregister("party_rows")
        return found.cast(PARTY)

    # -- keyed by the engine -------------------------------------------------------------------

    def _add_plain(self, number: int, shape: Shape, ref: str, plain: str) -> None:
        """Descriptions by one id that stands for itself, perhaps with a name and a country."""
        slots = ", ".join(f"k{n}" for n in range(shape.slots))
        name, country = _sql(shape.name), f"upper({_sql(shape.country)})"
        party = hash64_sql(ref)
        self.con.execute(
            f"INSERT INTO shape_{number} SELECT {slots}, {party}, 0, NULL FROM said_{number} WHERE {plain}"
        )
        if shape.name is None:
            self.con.execute(
                f"INSERT INTO plain_party SELECT {party}, {ref}, NULL, NULL, {country} "
                f"FROM said_{number} WHERE {plain}"
            )
            return
        self._normalise_names(f"SELECT DISTINCT {name} FROM said_{number} WHERE {plain}")
        self.con.execute(
            f"INSERT INTO plain_party SELECT {party}, {ref}, shown, name_key, {country} "
            f"FROM said_{number} LEFT JOIN spelt ON written = {name} WHERE {plain}"
        )
        self.con.execute("DROP TABLE spelt")

    def _normalise_names(self, query: str) -> None:
        self.con.execute("CREATE TABLE spelt (written VARCHAR, shown VARCHAR, name_key VARCHAR)")
        reader = beside(self.con).execute(query)
        while rows := reader.fetchmany(BATCH):
            names = [name for (name,) in rows if name is not None]
            shown = [shown_name(name) for name in names]
            keys = [normalise_name(text) or None if text else None for text in shown]
            columns = [pa.array(column, pa.string()) for column in (names, shown, keys)]
            self.con.register("spelt_rows", pa.table(columns, names=["a", "b", "c"]))
            self.con.execute("INSERT INTO spelt SELECT * FROM spelt_rows")
            self.con.unregister("spelt_rows")

    # -- described by code ---------------------------------------------------------------------

    def _add(self, number: int, shape: Shape, rows: Sequence[tuple[str | None, ...]]) -> None:
        found = [self._party(shape, slots) for slots in rows]
        columns = [pa.array([row[n] for row in rows], pa.string()) for n in range(shape.slots)]
        for n, kind in enumerate((pa.int64(), pa.int8(), pa.int64())):
            columns.append(pa.array([row[n] for row in found], kind))
        names = [*(f"k{n}" for n in range(shape.slots)), "party", "problem", "account"]
        self.con.register("lookup_rows", pa.table(columns, names=names))
        self.con.execute(f"INSERT INTO shape_{number} SELECT * FROM lookup_rows")
        self.con.unregister("lookup_rows")

    def _party(
        self, shape: Shape, slots: Sequence[str | None]
    ) -> tuple[int | None, int, int | None]:
        """Key of the described party, what is wrong with the description, and its one account."""
        name = shape.name.fill(slots) if shape.name else None
        ids: list[tuple[str, str]] = []
        for scheme, part in shape.ids:
            text = part.fill(slots)
            if text:
                ids += [(scheme, text)] if scheme else split_refs(text)
        if name is not None and len(name) > MAX_TEXT:
            return None, NAME_TOO_LONG, None
        if any(len(f"{scheme}:{value}") > MAX_TEXT for scheme, value in ids):
            return None, ID_TOO_LONG, None
        cells = ((field, part.fill(slots) or "") for field, part in shape.details)
        details = details_of_cells(cells) if shape.details else None
        field = details.too_long() if details is not None else None
        if field is not None:
            return None, DETAIL_TOO_LONG[field], None
        country = shape.country.fill(slots) if shape.country else None
        rows = describe_all(name, country, ids, details)
        for row in rows:
            self.rows.setdefault(key_of_row(row), row)
        if not rows:
            return None, NO_IDENTITY, None
        return rows[0].party, 0, account_key(rows[0].traits)


def _sql(part: Part | None) -> str:
    if part is None:
        return "CAST(NULL AS VARCHAR)"
    return f"k{part.slot}" if part.const is None else literal(part.const)


def _plain(shape: Shape) -> tuple[str, str] | None:
    """For descriptions by one id: SQL of its reference, and of whether that is all that the
    description needs. None where every description needs code."""
    if len(shape.ids) != 1:
        return None
    scheme, part = shape.ids[0]
    value = _sql(part)
    if scheme is None:
        # `id.` within a scheme is another spelling of `id:`, which is for code to see
        ref = value
        tests = [
            f"regexp_full_match({value}, {literal(_FREE_REF)})",
            f"NOT contains({value}, 'id.')",
            f"NOT regexp_matches({value}, {literal(readable())})",
        ]
    else:
        head = check_identifier(scheme, "x")[0][:-1]
        if not _FREE.fullmatch(head[:-1]) or is_verified(scheme):
            return None
        ref = f"{literal(head)} || {value}"
        tests = [f"{value} IS NOT NULL"]
    tests.append(f"length({ref}) <= {MAX_TEXT}")
    if shape.name is not None:
        tests.append(f"coalesce(length({_sql(shape.name)}) <= {MAX_TEXT}, true)")
    tests += [f"{_sql(part)} IS NULL" for _, part in shape.details]
    if shape.country is not None:
        country = _sql(shape.country)
        known = f"regexp_full_match({country}, '[A-Za-z]{{2}}') AND upper({country}) NOT IN ({_ALIASED})"
        tests.append(f"coalesce({known}, true)")
    return ref, f"({' AND '.join(tests)})"
