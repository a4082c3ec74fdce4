"""A linkage model: what the columns of a table mean, said once, for any table.

    name = "club members"
    [[field]]
    name = "surname"                      # what it is called here, and in the evidence of a pair
    sort = "surname"                      # what it means: a key of `SORTS`
    columns = ["last_name", "surname"]    # the first of these that a table has

    [blocking]                            # records are compared if all fields of one line agree
    rules = [["surname", "born"], ["surname:4", "postcode:3"]]    # `surname:4`: its first four letters

A field whose columns a table does not have is left out, with the lines of blocking that name it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tallystick.adapters.linking.sorts import SORTS, columns_of
from tallystick.evidence.ledger import EvidenceError

READY: Final = ("person", "company", "payment")
"""The models that come with the program."""


class ModelError(EvidenceError):
    """A model or a table that cannot be used, with where and what to do."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a record says. `columns`: names a table may give it; `exclusive`: two records with different
    values of it are never put together."""

    name: str
    sort: str
    columns: tuple[str, ...]
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """What is compared, and how clusters may look. `rules`: blocking; `wide`: more of it, used as far as it
    stays affordable; `training`: blocking for estimating; `one_to_one`: a record of one table meets at most one
    of the other; `threshold`: thousandths of a bit from which a pair may join."""

    name: str
    fields: tuple[Field, ...]
    rules: tuple[tuple[str, ...], ...]
    wide: tuple[tuple[str, ...], ...] = ()
    training: tuple[tuple[str, ...], ...] = ()
    one_to_one: bool = False
    threshold: int = 0

    def of_sort(self, sort: str) -> tuple[Field, ...]:
        """The fields of a sort."""
        return tuple(f for f in self.fields if f.sort == sort)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model fitted to tables: for each of its fields, the column of each table."""

    model: Model
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_model(name_or_path: str | Path) -> Model:
    """A ready model by its name, or one of your own from a TOML file. Raises `ModelError`."""
    if str(name_or_path) in READY:
        text = (files(__package__) / "models" / f"{name_or_path}.toml").read_text("utf-8")
        return _model(tomllib.loads(text), str(name_or_path))
    path = Path(name_or_path)
    if not path.exists():
        raise ModelError(
            f"{path}: there is no such model; give one of {', '.join(READY)}, or a TOML file"
        )
    try:
        return _model(tomllib.loads(path.read_text("utf-8")), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: not TOML: {error}") from None


def _model(said: dict[str, Any], where: str) -> Model:
    _known(said, {"name", "one_to_one", "threshold", "field", "blocking"}, where)
    fields = tuple(_field(entry, n, where) for n, entry in enumerate(said.get("field", []), 1))
    if not fields:
        raise ModelError(f"{where}: no field; add a [[field]] with name, sort and columns")
    names = [f.name for f in fields]
    for name in names:
        if names.count(name) > 1:
            raise ModelError(f"{where}: field {name}: the name stands twice; rename one")
    blocking = said.get("blocking", {})
    _known(blocking, {"rules", "wide", "training"}, f"{where}: [blocking]")
    rules, wide, training = (
        _rules(blocking.get(key, []), key, fields, where) for key in ("rules", "wide", "training")
    )
    if not rules:
        raise ModelError(f"{where}: [blocking] rules: none; records would never be compared")
    return Model(
        str(said.get("name", where)),
        fields,
        rules,
        wide,
        training or rules,
        bool(said.get("one_to_one", False)),
        int(said.get("threshold", 0)),
    )


def _field(said: dict[str, Any], n: int, where: str) -> Field:
    where = f"{where}: field {said.get('name', n)}"
    _known(said, {"name", "sort", "columns", "exclusive"}, where)
    for key in ("name", "sort"):
        if not isinstance(said.get(key), str):
            raise ModelError(f"{where}: {key} is missing; it is a text")
    if not str(said["name"]).isidentifier():
        raise ModelError(f"{where}: a name is letters, digits and _; rename it")
    if said["sort"] not in SORTS:
        raise ModelError(
            f"{where}: there is no sort {said['sort']!r}; there are {', '.join(SORTS)}"
        )
    columns = said.get("columns", [said["name"]])
    columns = [columns] if isinstance(columns, str) else columns
    return Field(
        said["name"], said["sort"], tuple(map(str, columns)), bool(said.get("exclusive", False))
    )


def _rules(
    said: Any, key: str, fields: tuple[Field, ...], where: str
) -> tuple[tuple[str, ...], ...]:
    names = {column for f in fields for column in columns_of(f.name, f.sort)}
    rules = []
    for n, rule in enumerate(said, 1):
        parts = (rule,) if isinstance(rule, str) else tuple(map(str, rule))
        for part in parts:
            name, _, size = part.partition(":")
            if name not in names:
                raise ModelError(f"{where}: [blocking] {key}, line {n}: no field is called {name}")
            if size and not size.isdigit():
                raise ModelError(
                    f"{where}: [blocking] {key}, line {n}: {part}: after `:` stands how many letters"
                )
        rules.append(parts)
    return tuple(rules)


def _known(said: dict[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(said) - keys)
    if unknown:
        raise ModelError(
            f"{where}: {unknown[0]} is not known here; there are {', '.join(sorted(keys))}"
        )


def fit(
    model: Model, tables: list[tuple[str, list[str]]], columns: dict[str, str] | None = None
) -> Fitted:
    """The model without what the tables lack. `tables`: name and columns of each; `columns`: field -> column,
    where the names of the model do not fit. Raises `ModelError`."""
    chosen = columns or {}
    for name in chosen:
        if name not in {f.name for f in model.fields}:
            names = ", ".join(f.name for f in model.fields)
            raise ModelError(f"the model {model.name} has no field {name}; there are {names}")
    found: dict[str, tuple[str, ...]] = {}
    for entry in model.fields:
        here = [_column(entry, chosen.get(entry.name), *table) for table in tables]
        if all(here):
            found[entry.name] = tuple(c for c in here if c)
    fields = tuple(f for f in model.fields if f.name in found)
    rules, wide, training = (
        _left(each, fields) for each in (model.rules, model.wide, model.training)
    )
    if not rules:
        wanted = "; ".join(f"{f.name}: {', '.join(f.columns)}" for f in model.fields)
        raise ModelError(
            f"{tables[0][0]}: too few columns for the model {model.name}; it looks for {wanted}; "
            "name others with --field NAME=COLUMN"
        )
    left = replace(model, fields=fields, rules=rules, wide=wide, training=training or rules)
    return Fitted(left, found)


def _column(entry: Field, chosen: str | None, table: str, columns: list[str]) -> str | None:
    if chosen is not None:
        if chosen not in columns:
            raise ModelError(
                f"{table}: there is no column {chosen} for {entry.name}; there are {', '.join(columns)}"
            )
        return chosen
    by_lower = {column.strip().lower(): column for column in columns}
    return next((by_lower[c.lower()] for c in entry.columns if c.lower() in by_lower), None)


def _left(
    rules: tuple[tuple[str, ...], ...], fields: tuple[Field, ...]
) -> tuple[tuple[str, ...], ...]:
    names = {column for f in fields for column in columns_of(f.name, f.sort)}
    return tuple(r for r in rules if all(part.partition(":")[0] in names for part in r))
