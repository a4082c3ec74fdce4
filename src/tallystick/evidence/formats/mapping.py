"""The mapping file: how a row of somebody's table becomes one or several documents.

Idea: a mapping is data (TOML), not a program. It says which column is the number, the date, the amount
and the seller; how dates and decimals are written; and which rows count. `docs/how-to/map-a-table.md`
walks through one, `docs/reference/mapping.md` lists every key.

Worked example: a row `PO-7;2024-03-01;ACME;1.234,50` becomes an order of 1,234.50 euros with

>>> mapping = load_mapping('''
... [read]
... decimal = ","
... thousands = "."
... [[document]]
... kind = "order"
... number = "PO"
... issued_on = "Date"
... amount = "Total"
... currency = { const = "EUR" }
... seller = { name = "Supplier", country = { const = "DE" } }
... buyer = { name = { const = "Harbour Imports" }, country = { const = "GB" } }
... ''')
>>> mapping.document[0].number.column, mapping.document[0].seller.name.column
('PO', 'Supplier')
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tallystick.evidence.details import FIELDS as DETAIL_FIELDS
from tallystick.evidence.formats.conditions import columns_of, parse
from tallystick.evidence.kinds import ACTIONS, CONTRIBUTOR_KINDS, KINDS, REFERENCE_SCOPE, ROLES
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say
from tallystick.units import CURRENCIES

SOURCES: Final = ("column", "const", "template", "first", "sum")
"""Where a value comes from: exactly one of these keys."""

TEXT_FIELDS: Final = (
    "number",
    "namespace",
    "unit",
    "status",
    "reason",
    "fault",
    "terms",
    "incoterm",
)
DATE_FIELDS: Final = ("issued_on", "due_on", "deliver_on")


Sign = Annotated[str, Field(pattern=r"^[^\d\s.,+-]{1,8}( [^\d\s.,+-]{1,8})?$")]
"""What may stand beside a number: a sign or a code, or two with a blank between (`US $`); no digit, no mark."""


class _Strict(BaseModel):
    """No unknown key, and names as in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _as_value(given: object) -> object:
    """`"column"` is short for `{ column = "column" }`."""
    return {"column": given} if isinstance(given, str) else given


def _as_text(given: object) -> object:
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given) if isinstance(given, int | float | date) else given


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str | dict) else given


def _as_party(given: object) -> object:
    """`"column"` is short for a party that is known by the name in that column."""
    return {"name": given} if isinstance(given, str) else given


Text = Annotated[str, BeforeValidator(_as_text)]


class Value(_Strict):
    """A value of a document: where it comes from, and how its text is read."""

    column: str | None = None
    const: Text | None = None
    template: str | None = None
    first: tuple[str, ...] | None = None
    sum: tuple[str, ...] | None = None
    minus: tuple[str, ...] = ()
    map: dict[str, Text] | None = None
    otherwise: Text | None = Field(None, alias="else")
    keep: bool = False
    default: Text | None = None
    dates: Annotated[tuple[str, ...] | None, BeforeValidator(_as_list)] = None
    start: date | None = None
    step_days: int = Field(1, ge=-366, le=366)
    plus_days: Annotated[int, Field(ge=-36_500, le=36_500)] | str = 0
    negative: Literal["reject", "abs"] = "reject"
    times: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(say("value-sources", allowed=", ".join(SOURCES)))
        if (self.lowest is None) != (self.highest is None) or (
            self.lowest is not None and self.highest is not None and self.lowest >= self.highest
        ):
            raise ValueError(say("value-bounds"))
        if self.map is None and (self.otherwise is not None or self.keep):
            raise ValueError(say("value-else"))
        return self


class Id(Value):
    """An identifier of a party; without `scheme` its text is written `scheme:value`."""

    scheme: str | None = None


Said = Annotated[Value, BeforeValidator(_as_value)]
Several = Annotated[tuple[Said, ...], BeforeValidator(_as_list)]
SaidId = Annotated[Id, BeforeValidator(_as_value)]


class Party(_Strict):
    """A party of a document: by identifiers, by name and country, or both; and what else is said of it. Of
    an `address` the values are its lines."""

    id: Annotated[tuple[SaidId, ...], BeforeValidator(_as_list)] = ()
    name: Said | None = None
    country: Said | None = None
    address: Several = ()
    account: Several = ()
    domain: Several = ()
    other_names: Several = ()
    founded: Said | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.id and self.name is None:
            raise ValueError(say("party-needs"))
        return self

    def details(self) -> dict[str, tuple[Value, ...]]:
        """Field -> the values that say what else is known of the party, in the order of the fields."""
        given = {name: getattr(self, name) for name in DETAIL_FIELDS}
        found = {n: v if isinstance(v, tuple) else (v,) for n, v in given.items() if v is not None}
        return {name: values for name, values in found.items() if values}


class Reference(_Strict):
    """The number of another document. `namespace` defaults to that of the row's own document."""

    kind: str
    number: Said
    namespace: Said | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.kind not in REFERENCE_SCOPE:
            raise ValueError(_unknown("a-reference-kind", self.kind, REFERENCE_SCOPE))
        return self


Role = Annotated[Party | None, BeforeValidator(_as_party)]


class DocumentMap(_Strict):
    """One kind of document that rows become. All but `kind` is optional here; what a kind cannot do
    without is checked row by row."""

    kind: Annotated[Value, BeforeValidator(lambda k: {"const": k} if isinstance(k, str) else k)]
    when: str | None = None
    action: Said | None = None
    number: Said | None = None
    namespace: Said | None = None
    issued_on: Said | None = None
    due_on: Said | None = None
    deliver_on: Said | None = None
    happened_at: Said | None = None
    amount: Said | None = None
    amount_minor: Said | None = None
    currency: Said | None = None
    quantity: Said | None = None
    quantity_milli: Said | None = None
    unit: Said | None = None
    status: Said | None = None
    reason: Said | None = None
    fault: Said | None = None
    terms: Said | None = None
    incoterm: Said | None = None
    score: Said | None = None
    score_ppm: Said | None = None
    note: Said | None = None
    issuer: Role = None
    recipient: Role = None
    seller: Role = None
    buyer: Role = None
    carrier: Role = None
    insurer: Role = None
    bank: Role = None
    warehouse: Role = None
    platform: Role = None
    subject: Role = None
    references: tuple[Reference, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        names = self.kind.map.values() if self.kind.map is not None else (self.kind.const,)
        for name in names:
            if name is not None and name not in KINDS:
                raise ValueError(_unknown("a-document-kind", name, KINDS))
        if self.action is not None and self.action.const not in (None, *ACTIONS):
            raise ValueError(_unknown("an-action", str(self.action.const), ACTIONS))
        currency = self.currency.const if self.currency is not None else None
        if currency is not None and currency.upper() not in CURRENCIES:
            raise ValueError(say("currency-none", code=currency))
        if self.when is not None:
            try:
                parse(self.when)
            except EvidenceError as error:
                raise ValueError(*error.args) from None
        return self

    def parties(self) -> dict[str, Party]:
        """The parties that the mapping names, by role."""
        found = {role: getattr(self, role) for role in ROLES}
        return {role: party for role, party in found.items() if party is not None}


class Read(_Strict):
    """How the file is written. Everything has a default that fits a plain UTF-8 CSV."""

    format: Literal["csv", "tsv", "jsonl", "parquet"] | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    quote: str = Field('"', max_length=1)
    encoding: str | None = None
    skip_lines: int = Field(0, ge=0, le=1000)
    header: Annotated[tuple[str, ...] | None, BeforeValidator(_as_list)] = None
    null: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ("",)
    decimal: Literal[".", ","] = "."
    thousands: str | None = Field(None, min_length=1, max_length=1)
    beside: Annotated[tuple[Sign, ...], BeforeValidator(_as_list)] = ()
    dates: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    timezone: str = "UTC"

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError(say("marks-same"))
        return self


class Join(_Strict):
    """Another file beside this one, whose columns are read as `<name>.<column>`."""

    file: str
    on: str
    key: str | None = None
    read: Read | None = None


class ContributorMap(_Strict):
    """Who hands the file in, where the mapping itself says so."""

    name: str
    kind: str = "firm"
    id: str | None = None
    country: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = tuple(kind for kind in CONTRIBUTOR_KINDS if kind != "operator")
        if self.kind not in known:  # a table does not judge who is who
            raise ValueError(_unknown("a-contributor-kind", self.kind, known))
        return self


class Mapping(_Strict):
    """A whole mapping file."""

    contributor: ContributorMap | None = None
    read: Read = Read()
    join: dict[str, Join] = {}
    document: tuple[DocumentMap, ...] = Field(min_length=1)

    def canonical(self) -> str:
        """The same text for mappings that mean the same, whatever the order and comments of the file."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        content.pop("contributor", None)
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def load_mapping(text: str, name: str = "the mapping") -> Mapping:
    """Read a mapping file's text. Raises `EvidenceError`: one sentence with the key and the fix."""
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise EvidenceError(say("mapping-no-toml", name=name, why=error)) from None
    except ValidationError as error:
        raise EvidenceError(say("mapping-wrong", name=name, why=_sentence(error))) from None


def columns_named(mapping: Mapping) -> list[str]:
    """Every column that a mapping names, in order of appearance; joined ones as `<join>.<column>`."""
    found: list[str] = [join.on for join in mapping.join.values()]
    for document in mapping.document:
        if document.when is not None:
            found += columns_of(parse(document.when))
        for value in _values(document):
            found += [value.column] if value.column is not None else []
            found += [*(value.first or ()), *(value.sum or ()), *value.minus]
            found += [value.plus_days] if isinstance(value.plus_days, str) else []
            if value.template is not None:
                found += [text for is_name, text in template_parts(value.template) if is_name]
    return [name for name in dict.fromkeys(found) if name.split(".")[0] not in mapping.join]


def _values(model: BaseModel) -> list[Value]:
    """The values within a part of a mapping, however deep."""
    found: list[Value] = []
    for name in type(model).model_fields:
        inner = getattr(model, name)
        for item in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(item, Value):
                found.append(item)
            elif isinstance(item, BaseModel):
                found += _values(item)
    return found


def template_parts(template: str) -> list[tuple[bool, str]]:
    """A template cut into (is a column, text). Raises `EvidenceError` for a brace without its pair.

    >>> template_parts("PO-{order}/{line}")
    [(False, 'PO-'), (True, 'order'), (False, '/'), (True, 'line')]
    """
    parts: list[tuple[bool, str]] = []
    rest = template.replace("{{", "\x02").replace("}}", "\x03")
    while rest:
        before, brace, after = rest.partition("{")
        name, closing, rest = after.partition("}") if brace else ("", "}", "")
        if "}" in before or not closing or (brace and not name):
            raise EvidenceError(say("template-brace", template=template))
        if before:
            parts.append((False, before.replace("\x02", "{").replace("\x03", "}")))
        if brace:
            parts.append((True, name))
    return parts


def _unknown(what: str, given: str, allowed: Any) -> str:
    """Sentence about a word that is not in a list, with the nearest that is. `what`: code of what it is for."""
    near = get_close_matches(given, list(allowed), n=1, cutoff=0.6)
    if near:
        return say("word-near", given=given, what=say(what), near=near[0])
    return say("word-known", given=given, what=say(what), allowed=", ".join(allowed))


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, as one sentence; unknown keys before what follows from them."""
    problems = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    first = problems[0]
    path = [str(part) for part in first["loc"] if not str(part).startswith("function-")]
    where = _place(path)
    if first["type"] == "extra_forbidden":
        near = get_close_matches(path[-1], _keys_at(path[:-1]), n=1, cutoff=0.6)
        place = _place(path[:-1]) or say("mapping-any")
        if near:
            return say("mapping-near", key=path[-1], place=place, near=near[0])
        return say("mapping-extra", key=path[-1], place=place)
    if first["type"] == "missing":
        return say(
            "mapping-missing", key=path[-1], place=_place(path[:-1]) or say("mapping-itself")
        )
    raised = first.get("ctx", {}).get("error")
    said = raised.args[0] if isinstance(raised, ValueError) else first["msg"]
    return say("mapping-at", place=where, why=said) if where else said


def _place(path: list[str]) -> str:
    """`["document", "0", "amount"]` -> `[[document]] 1, amount`."""
    if path[:1] == ["document"] and len(path) > 1:
        return ", ".join([f"[[document]] {int(path[1]) + 1}", *path[2:]])
    return ", ".join(path)


def _keys_at(path: list[str]) -> list[str]:
    """Keys that may stand at that place of a mapping file."""
    names = [part for part in path if not part.isdigit()]
    model: type[BaseModel] = Mapping
    if names[:1] == ["document"]:
        model = DocumentMap if len(names) == 1 else _inner(names[1:])
    elif names:
        tops: dict[str, type[BaseModel]] = {"read": Read, "join": Join}
        model = tops.get(names[0], ContributorMap)
    return [field.alias or key for key, field in model.model_fields.items()]


def _inner(names: list[str]) -> type[BaseModel]:
    """The model below a `[[document]]`: of a party, a reference, an identifier or a plain value."""
    if names[0] in ROLES:
        if len(names) == 1:
            return Party
        return Id if names[1] == "id" else Value
    return Reference if names == ["references"] else Value
