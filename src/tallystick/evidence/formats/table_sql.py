"""A mapping as SQL: from the loaded table `raw` to rows of the canonical schema, a column at a time.

Idea: each `[[document]]` becomes a chain of nested queries, each of which reads like a step::

    said      texts and values of the fields, for the rows that `when` lets pass
    known     said + the parties' keys + what the kind and the currency say
    judged    known + `code`, the first rule that the row breaks (0: none)
    document  judged rows with code 0, in the columns of the schema DOCUMENT

`rejects` reads `judged` again for the other rows, only where there are any. Parties are described once
per distinct description: `descriptors` lists them, the adapter fills `shape_<n>` with what
`identifiers.describe` says, and `known` joins it.

Worked example: `seller = { id = { scheme = "id:olist.seller", column = "seller_id" } }` gives a shape
with one slot; `shape_0` maps each distinct seller_id to the key of the party.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tallystick.evidence.details import PAYEES
from tallystick.evidence.formats.conditions import parse
from tallystick.evidence.formats.mapping import (
    DATE_FIELDS,
    TEXT_FIELDS,
    DocumentMap,
    Mapping,
    Reference,
    Value,
)
from tallystick.evidence.formats.mapping import Party as PartyMap
from tallystick.evidence.formats.table_links import LinkSql, some_sql
from tallystick.evidence.formats.table_rules import (
    Check,
    KindSql,
    checks,
    code_sql,
    integer_sql,
    value_sql,
)
from tallystick.evidence.formats.table_values import (
    Columns,
    condition_sql,
    date_sql,
    literal,
    moment_sql,
    number_text_sql,
    text_sql,
    typed_sql,
)
from tallystick.evidence.kinds import ROLES
from tallystick.units import CURRENCIES, SEPARATOR

_NUMBERS: Final = ("amount", "quantity", "score")
_INTEGERS: Final = ("amount_minor", "quantity_milli", "score_ppm")
_FIELDS: Final = (
    "action",
    *TEXT_FIELDS,
    *DATE_FIELDS,
    "happened_at",
    "amount",
    "amount_minor",
    "currency",
    "quantity",
    "quantity_milli",
    "score",
    "score_ppm",
    "note",
)
_TYPES: Final = {
    **dict.fromkeys(DATE_FIELDS, "DATE"),
    "happened_at": "TIMESTAMPTZ",
    **dict.fromkeys(_INTEGERS, "BIGINT"),
}
_NULL: Final = "CAST(NULL"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a party description: a constant, or the slot (position) that holds it."""

    const: str | None = None
    slot: int | None = None

    def fill(self, slots: Sequence[str | None]) -> str | None:
        return self.const if self.slot is None else slots[self.slot]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a description is put together from its slots. `ids`: (scheme or None, value); without a
    scheme the value is written `scheme:value`. `details`: (field of `details.FIELDS`, text)."""

    name: Part | None
    country: Part | None
    ids: tuple[tuple[str | None, Part], ...]
    details: tuple[tuple[str, Part], ...]
    slots: int


@dataclass(slots=True)
class DocumentSql:
    """The queries of one `[[document]]`; `roles`: role -> number of its shape. `all_rows` are those of
    `document` and of `rejects` together, in the order of the file: columns of the schema DOCUMENT beside
    `code`, `value` and `t_kind`."""

    said: str
    document: str
    all_rows: str
    rejects: str
    checks: list[Check]
    kind: str | None
    roles: dict[str, int]


@dataclass(slots=True)
class Plan:
    """All queries of a mapping, and the shapes of its party descriptions."""

    documents: list[DocumentSql] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)

    def party_cells(self) -> str:
        """Query of the cells of the first document that describe parties, each combination of a role once
        with NULL for the other roles; "" where no cell does."""
        document = self.documents[0]
        cells = {
            role: ", ".join(f"k_{role}_{n}" for n in range(self.shapes[number].slots))
            for role, number in document.roles.items()
            if self.shapes[number].slots
        }
        sets = ", ".join(f"({names})" for names in cells.values())
        chosen = f"SELECT {', '.join(cells.values())} FROM ({document.said})"
        return f"{chosen} GROUP BY GROUPING SETS ({sets})" if cells else ""

    def descriptors(self, shape: int, cells: str | None = None) -> str:
        """Query of the distinct descriptions `k0`, `k1` ... of a shape that are not all empty. `cells`:
        the table that holds the rows of `party_cells`, where there is one."""
        slots = range(self.shapes[shape].slots)
        parts = [
            f"SELECT {', '.join(f'k_{role}_{n} AS k{n}' for n in slots)} FROM {cells or f'({document.said})'}"
            for document in self.documents
            for role, number in document.roles.items()
            if number == shape
        ]
        given = " OR ".join(f"k{n} IS NOT NULL" for n in slots)
        return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) WHERE {given}"


def plan(mapping: Mapping, columns: Columns, contributor: str, source: str) -> Plan:
    """The SQL of a mapping. Raises `EvidenceError` where it names a column that is not there."""
    whole = Plan()
    for document in mapping.document:
        whole.documents.append(
            _Builder(document, mapping, columns, whole).build(contributor, source)
        )
    return whole


class _Builder:
    """Builds the queries of one `[[document]]`."""

    def __init__(
        self, document: DocumentMap, mapping: Mapping, columns: Columns, whole: Plan
    ) -> None:
        self.document, self.read, self.columns, self.whole = document, mapping.read, columns, whole
        self.fixed = document.kind.const
        self.kind = KindSql(self.fixed)
        self.present = [name for name in _FIELDS if getattr(document, name) is not None]
        self.typed = frozenset(n for n in self.present if self._ready(n) is not None)
        self.links = LinkSql(document, self.kind)
        self.roles: dict[str, int] = {}

    def build(self, contributor: str, source: str) -> DocumentSql:
        where = "true"
        if self.document.when is not None:
            where = condition_sql(parse(self.document.when), self.columns, self.read)
        said_columns = ", ".join(self._said())
        cells = f"SELECT {', '.join(['row_no', *self.columns.cells()])} FROM raw"
        said = f"SELECT {said_columns} FROM ({cells}) WHERE {where}"
        judged_checks = checks(self.document, self.present, self.kind, self.typed)
        judged = f"SELECT *, {code_sql(judged_checks)} AS code FROM ({self._known(said)}) AS g"
        keyed = f"SELECT *, {', '.join(self.links.keys())} FROM ({judged})"
        final = ", ".join(self._final(contributor, source))
        shown = f"CASE WHEN code > 0 THEN {value_sql(judged_checks)} END AS value"
        return DocumentSql(
            said,
            f"SELECT {final} FROM ({keyed} WHERE code = 0)",
            f"SELECT {final}, code, {shown}, t_kind FROM ({keyed})",
            f"SELECT row_no, code, {value_sql(judged_checks)} AS value, t_kind AS kind "
            f"FROM ({judged}) WHERE code > 0",
            judged_checks,
            self.fixed,
            self.roles,
        )

    def _said(self) -> list[str]:
        """Columns of `said`: texts, values, reference numbers, party descriptions."""
        columns = ["row_no", f"{text_sql(self.document.kind, self.columns)} AS t_kind"]
        for name in self.present:
            value: Value = getattr(self.document, name)
            text = text_sql(value, self.columns)
            columns.append(f"{'upper' * (name == 'currency')}({text}) AS t_{name}")
            if name in _NUMBERS:
                number = number_text_sql(value, self.columns, self.read)
                columns += [f"{number} AS x_{name}", f"TRY_CAST({number} AS DOUBLE) AS f_{name}"]
            typed = self._typed(name, value)
            if typed:
                columns.append(f"{typed} AS v_{name}")
        for n, reference in enumerate(self.document.references):
            columns.append(f"{text_sql(reference.number, self.columns)} AS r{n}_number")
            space = reference.namespace or self.document.namespace
            text = text_sql(space, self.columns) if space else "CAST(NULL AS VARCHAR)"
            columns.append(f"{text} AS r{n}_namespace")
        for role, party in self.document.parties().items():
            columns += self._descriptor(role, party)
        return columns

    def _ready(self, name: str) -> str | None:
        """A field that the file has in its own type already."""
        kind = _TYPES.get(name)
        return typed_sql(getattr(self.document, name), self.columns, kind) if kind else None

    def _typed(self, name: str, value: Value) -> str | None:
        if name in self.typed:
            return self._ready(name)
        if name in DATE_FIELDS:
            return date_sql(value, self.columns, self.read)
        if name == "happened_at":
            return moment_sql(value, self.columns, self.read)
        if name in _INTEGERS:
            return f"TRY_CAST({text_sql(value, self.columns)} AS BIGINT)"
        return None

    def _descriptor(self, role: str, party: PartyMap) -> list[str]:
        """The varying parts of a description as columns `k_<role>_<slot>`."""
        slots: list[str] = []

        def part(value: Value | None, dated: bool = False) -> Part | None:
            if value is None:
                return None
            if value.const is not None and value.map is None:
                return Part(const=value.const)
            sql = self._dated(value) if dated else text_sql(value, self.columns)
            if sql not in slots:
                slots.append(sql)
            return Part(slot=slots.index(sql))

        ids = tuple((i.scheme, p) for i in party.id if (p := part(i)) is not None)
        name, country = part(party.name), part(party.country)
        details = tuple(
            (field, found)
            for field, values in party.details().items()
            for value in values
            if (found := part(value, field == "founded")) is not None
        )
        shape = Shape(name, country, ids, details, len(slots))
        if shape not in self.whole.shapes:
            self.whole.shapes.append(shape)
        self.roles[role] = self.whole.shapes.index(shape)
        return [f"{sql} AS k_{role}_{n}" for n, sql in enumerate(slots)]

    def _dated(self, value: Value) -> str:
        """A date as ISO text; as it stands where it is none, for code to see."""
        text = text_sql(value, self.columns)
        plain = value.start is None and not value.plus_days
        if plain and not (value.dates if value.dates is not None else self.read.dates):
            return text
        return f"coalesce(CAST({date_sql(value, self.columns, self.read)} AS VARCHAR), {text})"

    def _known(self, said: str) -> str:
        columns, joins = ["s.*"], []
        if self.fixed is None:
            columns += [f"g.{name}" for name in ("kind", "scope", "needs", "negative", "statuses")]
            columns.append("g.hangs_on")
            joins.append("LEFT JOIN kind_rules AS g ON g.kind = s.t_kind")
        if self.document.currency is not None and self.document.currency.const is None:
            columns.append("u.factor")
            joins.append("LEFT JOIN currency_units AS u ON u.code = s.t_currency")
        for role, shape in self.roles.items():
            columns += [f"j_{role}.party AS p_{role}", f"j_{role}.problem AS q_{role}"]
            if self._pays_to(role):
                columns.append(f"j_{role}.account AS a_{role}")
            slots = self.whole.shapes[shape].slots
            # one slot that is empty describes nobody, and need not be looked up
            same = "=" if slots == 1 else "IS NOT DISTINCT FROM"
            on = [f"j_{role}.k{n} {same} s.k_{role}_{n}" for n in range(slots)]
            joins.append(f"LEFT JOIN shape_{shape} AS j_{role} ON {' AND '.join(on) or 'true'}")
        base = f"SELECT {', '.join(columns)} FROM ({said}) AS s {' '.join(joins)}"
        return f"SELECT *, {', '.join(self._integers())} FROM ({base})"

    def _integers(self) -> list[str]:
        minor = self._either("amount", "amount_minor", self._factor())
        milli = self._either("quantity", "quantity_milli", "1000")
        ppm = self._either("score", "score_ppm", "1000000")
        return [f"{minor} AS v_minor", f"{milli} AS v_milli", f"{ppm} AS v_ppm"]

    def _factor(self) -> str:
        """How many minor units make one of the row's currency, as SQL."""
        currency = self.document.currency
        if currency is None:
            return "CAST(NULL AS DOUBLE)"
        if currency.const is not None:
            return str(10 ** CURRENCIES[currency.const.upper()])
        return "factor"

    def _either(self, decimal: str, integer: str, factor: str) -> str:
        """A number that is given as a decimal, as an integer of its small unit, or as either."""
        given = [integer_sql(decimal, factor)] if decimal in self.present else []
        given += [f"v_{integer}"] if integer in self.present else []
        return (
            f"coalesce({', '.join([*given, 'CAST(NULL AS BIGINT)'])})"
            if given
            else ("CAST(NULL AS BIGINT)")
        )

    # -- the last step -------------------------------------------------------------------------

    def _final(self, contributor: str, source: str) -> list[str]:
        """Columns of the schema DOCUMENT, in its order, but for those that no row has."""
        content = self._content()
        texts = [self._rendered(name, sql) for name, sql in content.items()]
        name = f"md5(concat({', '.join(_folded([literal(contributor), *texts]))})) AS doc_id"
        columns = {**content, **self.links.columns()}
        given = [f'{sql} AS "{name}"' for name, sql in columns.items() if not _is_null(sql)]
        return [name, *given, f"{literal(source)} AS source", "row_no AS row"]

    def _content(self) -> dict[str, str]:
        """The content columns as SQL, in the order of `CONTENT_COLUMNS`."""
        present = self.present

        def text(name: str) -> str:
            return f"t_{name}" if name in present else "CAST(NULL AS VARCHAR)"

        def day(name: str) -> str:
            return f"v_{name}" if name in present else "CAST(NULL AS DATE)"

        def number(sql: str, *spellings: str) -> str:
            return sql if any(name in present for name in spellings) else "CAST(NULL AS BIGINT)"

        moment = "v_happened_at" if "happened_at" in present else "CAST(NULL AS TIMESTAMPTZ)"
        currency = "CASE WHEN v_minor IS NOT NULL THEN t_currency END"
        return {
            "kind": "t_kind" if self.fixed is None else literal(self.fixed),
            "action": "coalesce(t_action, 'state')" if "action" in present else "'state'",
            "number": text("number"),
            "namespace": text("namespace"),
            **{name: day(name) for name in DATE_FIELDS},
            "happened_at": moment,
            "amount_minor": number("v_minor", "amount", "amount_minor"),
            "currency": currency if "currency" in present else "CAST(NULL AS VARCHAR)",
            "quantity_milli": number("v_milli", "quantity", "quantity_milli"),
            **{name: text(name) for name in ("unit", "status", "reason", "fault", "terms")},
            "incoterm": text("incoterm"),
            "score_ppm": number("v_ppm", "score", "score_ppm"),
            "note": text("note"),
            **{
                role: f"p_{role}" if role in self.roles else "CAST(NULL AS BIGINT)"
                for role in ROLES
            },
            "references": self._references(),
            "account_key": self._account(),
        }

    def _rendered(self, name: str, sql: str) -> str:
        """A content column as the text that goes into `doc_id` (see `document.doc_id`)."""
        if name == "references":
            parts = [
                f"{literal(reference.kind + '=')} || r{n}_number || '@'"
                + (f" || coalesce(r{n}_namespace, '')" if self._spaced(reference) else "")
                for n, reference in enumerate(self.document.references)
            ]
            return f"concat_ws(chr(30), {', '.join(parts)})" if len(parts) > 1 else "".join(parts)
        if _is_null(sql):
            return ""
        return f"epoch_us({sql})" if name == "happened_at" else sql

    def _spaced(self, reference: Reference) -> bool:
        return (reference.namespace or self.document.namespace) is not None

    def _pays_to(self, role: str) -> bool:
        """Whether the rows name accounts of a role that is paid."""
        number = self.roles.get(role)
        if role not in PAYEES or number is None:
            return False
        return any(field == "account" for field, _ in self.whole.shapes[number].details)

    def _account(self) -> str:
        given = [f"a_{role}" for role in PAYEES if self._pays_to(role)]
        return f"coalesce({', '.join(given)})" if given else "CAST(NULL AS BIGINT)"

    def _references(self) -> str:
        """The references that the row gives, as a list of structs."""
        kind = "STRUCT(kind VARCHAR, number VARCHAR, namespace VARCHAR)[]"
        structs = [
            (
                f"r{n}_number",
                f"{{'kind': {literal(reference.kind)}, 'number': r{n}_number, "
                f"'namespace': r{n}_namespace}}",
            )
            for n, reference in enumerate(self.document.references)
        ]
        return some_sql(structs, kind)


def _is_null(sql: str) -> bool:
    return sql.startswith(_NULL) and sql.count(" AS ") == 1


def _folded(texts: Sequence[str]) -> list[str]:
    """Texts ("" for one that no row has) to join with separators, constants run together: joining
    costs per text, not per byte."""
    parts: list[str] = []
    run = ""
    for n, text in enumerate(texts):
        run += SEPARATOR if n else ""
        if text.startswith("'") and text.count("'") == 2:
            run += text[1:-1]
        elif text:
            parts += [literal(run), text]
            run = ""
    return [part for part in (*parts, literal(run)) if part != "''"]
