"""Values of a mapping as SQL expressions over a table of text columns.

Idea: what users write never becomes SQL. A column of theirs is known here by the name that the loader
gave it (`c0`, `c1` ...), a constant by its quoted literal; every expression is built from those two.
Text that cannot be read as a date or a number becomes NULL beside its text, and the rules say so.

Worked example:

>>> columns = Columns({"Total": "c3"})
>>> text_sql(Value(column="Total"), columns)
'a_c3'
>>> columns.cells()  # doctest: +ELLIPSIS
["CASE WHEN ... THEN c3 ELSE nullif(trim(c3, ...), '') END AS a_c3"]
>>> literal("it's")
"'it''s'"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from tallystick.evidence.formats.conditions import (
    And,
    Compare,
    Condition,
    Constant,
    Missing,
    Name,
    Not,
    Or,
    Within,
)
from tallystick.evidence.formats.conditions import Value as Operand
from tallystick.evidence.formats.mapping import Read, Value, template_parts
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say

NUMBER: Final = "DECIMAL(38,18)"
"""Wide enough for every amount that is taken, and for the digits of a double."""

_COMPARE: Final = {
    "==": "IS NOT DISTINCT FROM",
    "!=": "IS DISTINCT FROM",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


def literal(text: str) -> str:
    """A text constant as SQL."""
    return "'" + text.replace("'", "''") + "'"


_BLANKS: Final = literal(
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What `str.strip` takes away."""


def trimmed(sql: str) -> str:
    """A cell without blanks around it, NULL where nothing is left. Looking costs a third of trimming:
    a cell that begins and ends with a plain visible letter is left alone."""
    plain = f"{sql} BETWEEN '!' AND '~' AND {sql}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {plain} THEN {sql} ELSE nullif(trim({sql}, {_BLANKS}), '') END"


class Columns:
    """The user's column names, and the names under which the loader holds them.

    `names`: as the user writes them -> an SQL name. Asking for one that is not there raises
    `EvidenceError` with the nearest that is; `doubled` are names that the header has more than once.
    `typed`: SQL name -> `DATE`, `TIMESTAMPTZ` or `BIGINT` of a column that the file has as such; every
    other column is text. `plain`: SQL names of columns in which no cell has blanks around it.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        doubled: Iterable[str] = (),
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self.names = dict(names)
        self.typed = dict(typed or {})
        self.doubled = frozenset(doubled)
        self.plain: frozenset[str] = frozenset()
        self.used: dict[str, str] = {}

    def sql(self, name: str) -> str:
        """SQL of the column's text as it stands in the file."""
        if name in self.doubled:
            first, second = f"{name}#1", f"{name}#2"
            raise EvidenceError(say("column-twice", column=name, first=first, second=second))
        if name not in self.names:
            raise EvidenceError(say("column-none", column=name, hint=self._hint(name)))
        self.used[name] = self.names[name]
        return self.names[name]

    def text(self, name: str) -> str:
        """SQL of the column's trimmed text, NULL where it is empty: one of `cells`."""
        sql = self.sql(name)
        return f"CAST(a_{sql} AS VARCHAR)" if sql in self.typed else f"a_{sql}"

    def value(self, name: str | None, kind: str) -> str | None:
        """SQL of a column that the file has as a `kind`; None where it has it as text."""
        if name is None or self.typed.get(self.names.get(name, "")) != kind:
            return None
        return f"CAST(a_{self.sql(name)} AS {kind})"

    def cells(self) -> list[str]:
        """The trimmed texts that were asked for. They are made in a query of their own, once per row:
        an expression that stands in several branches of a CASE would be made again in each."""
        return [
            f"{sql if sql in self.typed or sql in self.plain else trimmed(sql)} AS a_{sql}"
            for sql in dict.fromkeys(self.used.values())
        ]

    def _hint(self, name: str) -> str:
        folded = {known.casefold(): known for known in self.names}
        near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
        if near:
            return say("column-near", near=folded[near[0]])
        return say("column-known", known=", ".join(list(self.names)[:20]))


def text_sql(value: Value, columns: Columns) -> str:
    """The value as text: taken from its source, then mapped, then defaulted."""
    sql = _source(value, columns)
    if value.map is not None:
        sql = _mapped(value, sql)
    if value.default is not None:
        sql = f"coalesce({sql}, {literal(value.default)})"
    return sql


def _source(value: Value, columns: Columns) -> str:
    if value.column is not None:
        return columns.text(value.column)
    if value.const is not None:
        return literal(value.const) if value.const else "CAST(NULL AS VARCHAR)"
    if value.first is not None:
        return f"coalesce({', '.join(columns.text(name) for name in value.first)})"
    if value.template is not None:
        return _template(value.template, columns)
    parts = [columns.text(name) for name in (*(value.sum or ()), *value.minus)]
    return f"nullif(concat_ws(' ', {', '.join(parts)}), '')"


def _template(template: str, columns: Columns) -> str:
    """`"{a}/{b}"`: NULL where one of its columns is empty; `{{` and `}}` stand for braces."""
    parts = [
        columns.text(text) if is_name else literal(text)
        for is_name, text in template_parts(template)
    ]
    return f"({' || '.join(parts)})" if parts else "CAST(NULL AS VARCHAR)"


def _mapped(value: Value, sql: str) -> str:
    """Look the text up in `map`. One that is not listed is marked unless `else` or `keep` says more."""
    arms = " ".join(
        f"WHEN {literal(key)} THEN {literal(text) if text else 'NULL'}"
        for key, text in (value.map or {}).items()
    )
    if value.otherwise is not None:
        rest = literal(value.otherwise) if value.otherwise else "NULL"
        rest = f"CASE WHEN {sql} IS NULL THEN NULL ELSE {rest} END"
    else:
        rest = sql if value.keep else f"chr(1) || {sql}"
    return f"CASE {sql} {arms} ELSE {rest} END"


def typed_sql(value: Value, columns: Columns, kind: str) -> str | None:
    """The value as it stands in a typed column, where the mapping does no more than name it."""
    if value.model_fields_set - {"column"}:
        return None
    return columns.value(value.column, kind)


def number_text_sql(value: Value, columns: Columns, read: Read) -> str:
    """The value as text that the engine reads as a number; NULL or odd text where it is none."""
    if value.sum is None and value.times is None and value.lowest is None:
        text = _cleaned(text_sql(value, columns), read)
        return f"ltrim({text}, '-')" if value.negative == "abs" else text
    return f"CAST({number_sql(value, columns, read)} AS VARCHAR)"


def number_sql(value: Value, columns: Columns, read: Read) -> str:
    """The value as an exact decimal, NULL where its text is no number."""
    if value.sum is not None:
        plus = [_number_text(columns.text(name), read) for name in value.sum]
        less = [_number_text(columns.text(name), read) for name in value.minus]
        # an empty cell of a sum counts nothing, unless all are empty
        terms = [
            _zero(part, columns.text(name)) for part, name in zip(plus, value.sum, strict=True)
        ]
        terms += [
            f"-{_zero(part, columns.text(name))}"
            for part, name in zip(less, value.minus, strict=True)
        ]
        sql = " + ".join(terms).replace("+ -", "- ")
        sql = f"CASE WHEN {_source(value, columns)} IS NOT NULL THEN {sql} END"
    else:
        sql = _number_text(text_sql(value, columns), read)
    if value.times is not None:
        sql = _bounded_product(sql, f"{value.times:f}")
    if value.lowest is not None and value.highest is not None:
        low, high = f"{value.lowest:f}", f"{value.highest:f}"
        sql = f"TRY_CAST((CAST({sql} AS DOUBLE) - {low}) / ({high} - {low}) AS {NUMBER})"
    return f"abs({sql})" if value.negative == "abs" else sql


def _zero(number: str, text: str) -> str:
    """A term of a sum; one that is out of reach makes the sum NULL rather than overflow."""
    return f"CASE WHEN {text} IS NULL THEN 0 WHEN abs({number}) < {10**17} THEN {number} END"


def _bounded_product(sql: str, factor: str) -> str:
    """A product that becomes NULL rather than overflow."""
    return f"TRY_CAST(CAST({sql} AS DOUBLE) * {factor} AS {NUMBER})"


def _number_text(sql: str, read: Read) -> str:
    return f"TRY_CAST({_cleaned(sql, read)} AS {NUMBER})"


def _cleaned(sql: str, read: Read) -> str:
    """Text by the marks of `[read]` -> text with a decimal point and nothing else; digits must be
    grouped in threes to be grouped at all."""
    sql = cleaned = _alone(sql, read)
    if read.thousands is not None:
        mark = literal(read.thousands)
        point = "[.]" if read.decimal == "." else ","
        group = {".": "[.]"}.get(read.thousands, read.thousands)
        shape = literal(rf"[-+]?\d{{1,3}}({group}\d{{3}})*({point}\d*)?")
        cleaned = (
            f"CASE WHEN NOT contains({sql}, {mark}) THEN {sql} "
            f"WHEN regexp_full_match({sql}, {shape}) THEN replace({sql}, {mark}, '') END"
        )
    if read.decimal == ",":
        # a point that is left is neither a decimal nor a thousands mark
        cleaned = f"CASE WHEN NOT contains({cleaned}, '.') THEN replace({cleaned}, ',', '.') END"
    return cleaned


def _alone(sql: str, read: Read) -> str:
    """A number without the signs of `[read]` before or behind it."""
    if not read.beside:
        return sql
    any_of = "|".join(re.escape(sign) for sign in read.beside)
    before, behind = literal(rf"^([-+]?)\s*(?:{any_of})\s*"), literal(rf"\s*(?:{any_of})$")
    return f"regexp_replace(regexp_replace({sql}, {before}, '\\1'), {behind}, '')"


def date_sql(value: Value, columns: Columns, read: Read) -> str:
    """The value as a date, NULL where its text is none."""
    text = text_sql(value, columns)
    if value.start is not None:
        # small integers: no cell, however odd, may overflow the date
        steps = f"CAST(TRY_CAST({text} AS SMALLINT) AS INTEGER) * {value.step_days}"
        day = f"(DATE {literal(value.start.isoformat())} + CAST({steps} AS INTEGER))"
    else:
        day = _day(text, value.dates if value.dates is not None else read.dates)
    if isinstance(value.plus_days, str):
        more = f"TRY_CAST({columns.text(value.plus_days)} AS SMALLINT)"
        return f"CAST({day} + CAST({more} AS INTEGER) AS DATE)"
    return f"CAST({day} + {value.plus_days} AS DATE)" if value.plus_days else day


def _day(text: str, formats: Sequence[str]) -> str:
    if formats:
        tries = [f"CAST(TRY_STRPTIME({text}, {literal(f)}) AS DATE)" for f in formats]
        return tries[0] if len(tries) == 1 else f"coalesce({', '.join(tries)})"
    compact = f"CASE WHEN length({text}) = 8 THEN TRY_STRPTIME({text}, '%Y%m%d') END"
    short = f"CAST(TRY_CAST({text} AS TIMESTAMP) AS DATE)"  # 2026/1/5 9:05
    return f"coalesce(TRY_CAST(left({text}, 10) AS DATE), CAST({compact} AS DATE), {short})"


def moment_sql(value: Value, columns: Columns, read: Read) -> str:
    """The value as a moment; text without an offset is in the session's time zone (`timezone`)."""
    if value.start is not None or value.plus_days:
        return f"CAST({date_sql(value, columns, read)} AS TIMESTAMPTZ)"
    text = text_sql(value, columns)
    formats = value.dates if value.dates is not None else read.dates
    tries = [f"CAST(TRY_STRPTIME({text}, {literal(f)}) AS TIMESTAMPTZ)" for f in formats]
    tries = tries or [f"TRY_CAST({text} AS TIMESTAMPTZ)", _with_offset(text)]
    return tries[0] if len(tries) == 1 else f"coalesce({', '.join(tries)})"


def _with_offset(text: str) -> str:
    """`2026-01-05 10:11:12 +0100`, which the engine reads with a colon in the offset only."""
    return f"CAST(TRY_STRPTIME({text}, '%Y-%m-%d %H:%M:%S %z') AS TIMESTAMPTZ)"


def condition_sql(condition: Condition, columns: Columns, read: Read) -> str:
    """A row filter as SQL that is true or false, never NULL."""
    match condition:
        case Not(part):
            return f"NOT {condition_sql(part, columns, read)}"
        case And(parts):
            return f"({' AND '.join(condition_sql(p, columns, read) for p in parts)})"
        case Or(parts):
            return f"({' OR '.join(condition_sql(p, columns, read) for p in parts)})"
        case Missing(left, negated):
            return f"({_operand(left, 'text', columns, read)} IS {'NOT ' * negated}NULL)"
        case Within(left, among, negated):
            tests = [_compare("==", left, right, columns, read) for right in among]
            return f"({'NOT ' * negated}({' OR '.join(tests)}))"
        case Compare(op, left, right):
            return _compare(op, left, right, columns, read)


def _compare(op: str, left: Operand, right: Operand, columns: Columns, read: Read) -> str:
    reads = {_kind(left), _kind(right)}
    how = "date" if "date" in reads else "number" if "number" in reads else "text"
    a, b = (_operand(side, how, columns, read) for side in (left, right))
    return f"coalesce({a} {_COMPARE[op]} {b}, false)"


def _kind(operand: Operand) -> str:
    if isinstance(operand, Constant):
        return "number" if operand.number else "text"
    return operand.read


def _operand(operand: Operand, how: str, columns: Columns, read: Read) -> str:
    if isinstance(operand, Name):
        value = Value(column=operand.column)
        if how == "number":
            return number_sql(value, columns, read)
        return date_sql(value, columns, read) if how == "date" else text_sql(value, columns)
    if how == "number":
        return f"TRY_CAST({literal(operand.text)} AS {NUMBER})"
    return f"TRY_CAST({literal(operand.text)} AS DATE)" if how == "date" else literal(operand.text)
