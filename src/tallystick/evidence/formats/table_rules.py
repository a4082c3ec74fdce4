"""The rules of the canonical model as SQL conditions, in the order in which they are judged.

Idea: every rule becomes one `Check`: a condition over a row's texts and values that is true where the
rule is broken. A CASE over the checks gives each row the number of the first that it breaks, or 0; the
whole column is judged at once. `evidence.document` judges single documents by the same rules in the
same order, and `tests/contract/test_table_rules.py` holds the two together.

Names within the SQL: `t_<field>` the text, `v_<field>` the typed value, `r<n>_number` the n-th
reference, `p_<role>` / `q_<role>` a party's key and what is wrong with its description.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.details import FIELDS as DETAIL_FIELDS
from tallystick.evidence.details import LIMITS
from tallystick.evidence.formats.mapping import DATE_FIELDS, TEXT_FIELDS, DocumentMap
from tallystick.evidence.formats.table_values import NUMBER, literal
from tallystick.evidence.kinds import (
    ACTIONS,
    FAULTS,
    KINDS,
    NEGATIVE_KINDS,
    REFERENCE_SCOPE,
    ROLES,
    SCOPE_CODE,
    TERMS,
)
from tallystick.evidence.links import item_kinds
from tallystick.evidence.rules import EARLIEST, LATEST, MAX_NOTE, MAX_TEXT, RULES, Rule
from tallystick.units import CURRENCIES, MAX_MINOR

NO_IDENTITY: Final = 1
NAME_TOO_LONG: Final = 2
ID_TOO_LONG: Final = 3
DETAIL_TOO_LONG: Final = {field: n for n, field in enumerate(DETAIL_FIELDS, start=4)}
"""What may be wrong with a party description (`q_<role>`); 0 where nothing is."""

READ_RULES: Final[dict[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule(
            "row-ragged",
            "the row has {value} where the header has {allowed} columns",
            "quote fields that hold the delimiter, or correct the row",
        ),
        Rule(
            "row-too-long",
            "the row is longer than two million bytes",
            "cut the field that holds a whole document",
        ),
        Rule(
            "row-not-text",
            "the row holds bytes that are not of the file's encoding",
            "save the file as UTF-8, or give `encoding` in [read] of the mapping",
        ),
        Rule(
            "row-unreadable",
            "the row cannot be read: {value}",
            "check the quotes of the row",
        ),
        Rule("json-broken", "the line is not a JSON object", "write one JSON object per line"),
        Rule(
            "value-unmapped",
            "{value!r} is not listed in the map of {field}",
            'add it to `map`, or say `else = "..."` or `keep = true`',
        ),
    )
}
"""What can go wrong before there is a document to judge."""

ALL_RULES: Final[dict[str, Rule]] = {**RULES, **READ_RULES}


@dataclass(frozen=True, slots=True)
class Check:
    """A rule on a field: `broken` is SQL, `value` SQL of the text to show, `allowed` goes into the
    words (empty where it depends on the kind)."""

    rule: str
    field: str
    broken: str
    value: str = "NULL"
    allowed: str = ""


class KindSql:
    """What depends on the kind, as SQL: constants where the mapping fixes it, columns of the joined
    table `kind_rules` where it comes from the row."""

    def __init__(self, fixed: str | None) -> None:
        self.fixed = None if fixed is None else KINDS[fixed]

    def needs(self, role: str) -> str:
        if self.fixed is not None:
            return "true" if role in self.fixed.needs else "false"
        return f"(g.needs & {1 << ROLES.index(role)}) <> 0"

    @property
    def scope(self) -> str:
        return "g.scope" if self.fixed is None else str(SCOPE_CODE[self.fixed.numbered_by])

    @property
    def may_be_negative(self) -> str:
        if self.fixed is None:
            return "g.negative"
        return "true" if self.fixed.name in NEGATIVE_KINDS else "false"

    @property
    def bad_status(self) -> str:
        if self.fixed is None:
            return "(len(g.statuses) > 0 AND NOT list_contains(g.statuses, t_status))"
        return f"t_status NOT IN ({_in(self.fixed.statuses)})" if self.fixed.statuses else "false"


def kind_rows() -> list[dict[str, object]]:
    """Rows of the table `kind_rules` that `KindSql` reads."""
    return [
        {
            "kind": kind.name,
            "scope": SCOPE_CODE[kind.numbered_by],
            "needs": sum(1 << ROLES.index(role) for role in kind.needs),
            "negative": kind.name in NEGATIVE_KINDS,
            "statuses": list(kind.statuses),
            "hangs_on": ",".join(item_kinds(kind.name)),
        }
        for kind in KINDS.values()
    ]


def currency_rows() -> list[dict[str, object]]:
    """Rows of the table `currency_units`: code and how many minor units make one."""
    return [{"code": code, "factor": 10.0**exponent} for code, exponent in CURRENCIES.items()]


def checks(
    document: DocumentMap,
    present: Collection[str],
    kind: KindSql,
    typed: Collection[str] = (),
) -> list[Check]:
    """All checks that apply to the fields that the mapping gives, in order of precedence. `typed`: those
    that the file has in their own type, of which no text can be wrong."""
    return [
        *_kind_checks(kind),
        *_map_checks(document, present),
        *_text_checks(document, present),
        *_date_checks(present, typed),
        *_amount_checks(document, present, kind, typed),
        *_number_checks(present, typed),
        *_code_checks(present, kind),
        *_party_checks(document, kind),
    ]


def code_sql(rows: Sequence[Check]) -> str:
    """Number (from 1) of the first check that a row breaks, 0 for none."""
    arms = " ".join(f"WHEN {check.broken} THEN {n}" for n, check in enumerate(rows, start=1))
    return f"CASE {arms} ELSE 0 END" if arms else "0"


def value_sql(rows: Sequence[Check]) -> str:
    """The text to show for the check that a row breaks, at most 80 characters."""
    arms = " ".join(
        f"WHEN {n} THEN left(CAST({check.value} AS VARCHAR), 80)"
        for n, check in enumerate(rows, start=1)
    )
    return f"CASE code {arms} END" if arms else "NULL"


def _in(texts: Collection[str]) -> str:
    return ", ".join(literal(text) for text in texts)


def _kind_checks(kind: KindSql) -> Iterator[Check]:
    if kind.fixed is None:
        yield Check("kind-missing", "kind", "t_kind IS NULL")
        yield Check("kind-unknown", "kind", "g.kind IS NULL", "ltrim(t_kind, chr(1))")


def _map_checks(document: DocumentMap, present: Collection[str]) -> Iterator[Check]:
    for field in present:
        value = getattr(document, field)
        if field != "kind" and value.map is not None and value.otherwise is None and not value.keep:
            text = f"t_{field}"
            yield Check(
                "value-unmapped", field, f"starts_with({text}, chr(1))", f"substr({text}, 2)"
            )


def _long(field: str, sql: str, limit: int = MAX_TEXT) -> Check:
    # bytes are counted in no time, letters one by one
    broken = f"strlen({sql}) > {limit} AND length({sql}) > {limit}"
    return Check("text-too-long", field, broken, sql, str(limit))


def _text_checks(document: DocumentMap, present: Collection[str]) -> Iterator[Check]:
    if "action" in present:
        yield Check("action-unknown", "action", f"t_action NOT IN ({_in(ACTIONS)})", "t_action")
    if "note" in present:
        yield _long("note", "t_note", MAX_NOTE)
    yield from (_long(field, f"t_{field}") for field in TEXT_FIELDS if field in present)
    if "action" in present:
        without = " AND t_number IS NULL" if "number" in present else ""
        yield Check("target-missing", "number", f"t_action IN ('correct', 'retract'){without}")
    for n, reference in enumerate(document.references):
        yield _long(f"ref_{reference.kind}", f"r{n}_number")
        if reference.namespace is not None:
            yield _long("namespace", f"r{n}_namespace")


def _date_checks(present: Collection[str], typed: Collection[str]) -> Iterator[Check]:
    for field in (*DATE_FIELDS, "happened_at"):
        if field in present:
            yield from _one_date(field, field in typed)
    made = [f"v_{field}" for field in ("issued_on",) if field in present]
    made += ["CAST(timezone('UTC', v_happened_at) AS DATE)"] * ("happened_at" in present)
    if not made:
        yield Check("date-missing", "issued_on", "true")
        return
    base = f"coalesce({', '.join(made)})" if len(made) > 1 else made[0]
    yield Check("date-missing", "issued_on", f"{base} IS NULL")
    for field in ("due_on", "deliver_on"):
        if field in present:
            yield Check("due-before-made", field, f"v_{field} < {base}", f"v_{field}")


def _one_date(field: str, typed: bool) -> Iterator[Check]:
    text, value = f"t_{field}", f"v_{field}"
    if not typed:
        yield _long(field, text)
        yield Check("date-impossible", field, f"{value} IS NULL AND {text} IS NOT NULL", text)
    day = f"CAST(timezone('UTC', {value}) AS DATE)" if field == "happened_at" else value
    outside = f"{day} NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'"
    yield Check("date-out-of-range", field, outside, text)


def _there(field: str, typed: Collection[str]) -> str:
    """SQL: whether the row gives the field."""
    return f"{'v' if field in typed else 't'}_{field} IS NOT NULL"


def has_amount(present: Collection[str], typed: Collection[str] = ()) -> str:
    """SQL: whether the row gives an amount in either spelling."""
    given = [_there(field, typed) for field in ("amount", "amount_minor") if field in present]
    return f"({' OR '.join(given)})" if given else "false"


def _amount_checks(
    document: DocumentMap, present: Collection[str], kind: KindSql, typed: Collection[str]
) -> Iterator[Check]:
    given = has_amount(present, typed)
    if given == "false":
        return
    fields = [field for field in ("amount", "amount_minor") if field in present]
    shown = f"coalesce({', '.join(f't_{field}' for field in fields)})"
    yield from (_long(field, f"t_{field}") for field in fields if field not in typed)
    varies = document.currency is not None and document.currency.const is None
    if varies:
        yield Check(
            "text-too-long",
            "currency",
            f"{given} AND length(t_currency) > {MAX_TEXT}",
            "t_currency",
            str(MAX_TEXT),
        )
        unknown = f"{given} AND t_currency IS NOT NULL AND factor IS NULL"
        yield Check("currency-unknown", "currency", unknown, "t_currency")
    for field in fields:
        number = f"f_{field}" if field == "amount" else f"v_{field}"
        broken = f"{_there(field, typed)} AND NOT coalesce(abs({number}) < 1e31, false)"
        without = "factor IS NULL AND " if varies else ""
        yield Check("amount-not-a-number", field, broken, f"t_{field}")
        if varies or document.currency is None:
            none = f"{without}{_there(field, typed)}"
            yield Check("amount-without-currency", "currency", none)
    yield Check("amount-absurd", fields[0], f"{given} AND v_minor IS NULL", shown)
    yield Check("amount-absurd", fields[0], f"abs(v_minor) > {MAX_MINOR}", shown)
    negative = f"v_minor < 0 AND NOT {kind.may_be_negative}"
    yield Check("amount-negative", fields[0], negative, shown)


def _number_checks(present: Collection[str], typed: Collection[str]) -> Iterator[Check]:
    for field in ("quantity", "quantity_milli"):
        if field in present:
            text = f"t_{field}"
            if field not in typed:
                yield _long(field, text)
            wrong = f"{_there(field, typed)} AND (v_milli IS NULL OR v_milli > {10**15})"
            yield Check("quantity-not-a-number", field, wrong, text)
            yield Check("quantity-negative", field, "v_milli < 0", text)
    for field in ("score", "score_ppm"):
        if field in present:
            text = f"t_{field}"
            if field not in typed:
                yield _long(field, text)
            wrong = f"{_there(field, typed)} AND coalesce(v_ppm NOT BETWEEN 0 AND 1000000, true)"
            yield Check("score-out-of-range", field, wrong, text)


def _code_checks(present: Collection[str], kind: KindSql) -> Iterator[Check]:
    if "status" in present:
        allowed = "" if kind.fixed is None else ", ".join(kind.fixed.statuses)
        broken = f"t_status IS NOT NULL AND {kind.bad_status}"
        yield Check("status-unknown", "status", broken, "t_status", allowed)
    for field, rule, known in (
        ("terms", "terms-unknown", tuple(TERMS)),
        ("fault", "fault-unknown", FAULTS),
    ):
        if field in present:
            broken = f"t_{field} NOT IN ({_in(known)})"
            yield Check(rule, field, broken, f"t_{field}", ", ".join(known))


def _party_checks(document: DocumentMap, kind: KindSql) -> Iterator[Check]:
    named = document.parties()
    for role in ROLES:
        if role in named:
            for problem, field in ((NAME_TOO_LONG, "name"), (ID_TOO_LONG, "id")):
                broken = f"q_{role} = {problem}"
                yield Check("text-too-long", field, broken, allowed=str(MAX_TEXT))
            for field in named[role].details():
                broken = f"q_{role} = {DETAIL_TOO_LONG[field]}"
                yield Check("text-too-long", field, broken, allowed=str(LIMITS[field]))
            if kind.needs(role) != "false":
                without = f"q_{role} = {NO_IDENTITY} AND {kind.needs(role)}"
                yield Check("party-without-identity", role, without)
    needed = ROLES if kind.fixed is None else kind.fixed.needs
    for role in needed:
        missing = f"p_{role} IS NULL" if role in named else "true"
        yield Check("party-missing", role, f"{missing} AND {kind.needs(role)}")


def reference_scope(kind: str) -> int:
    """`SCOPE_CODE` of a reference without a namespace."""
    return SCOPE_CODE[REFERENCE_SCOPE[kind]]


def integer_sql(field: str, factor: str) -> str:
    """`value * factor` of a numeric field as BIGINT, half to even; NULL where it is out of reach.

    `f_<field>` is the value as a double, `x_<field>` its text. A double that lands within a thousandth
    of a whole number is that number, however it was rounded; only the others (ties, more decimals than
    the unit has, very large) need exact decimals, which cost twenty times as much.
    """
    number, text = f"f_{field}", f"x_{field}"
    product = f"({number} * {factor})"
    sure = f"abs({product}) < 1e13 AND abs({product} - round({product})) < 0.001"
    exact = f"TRY_CAST({text} AS {NUMBER})"
    near = f"CASE WHEN abs({exact}) < 10000000000000000 THEN {exact} END"
    slow = f"CAST(round_even({near} * CAST({factor} AS INTEGER), 0) AS BIGINT)"
    return f"CASE WHEN {sure} THEN CAST(round({product}) AS BIGINT) ELSE {slow} END"
