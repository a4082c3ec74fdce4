"""A policy as one file that a person can read: TOML, every field with its meaning and its range.

Idea: the file follows from the dataclasses. A field is a line, a nested one a table, and what stands beside
the field (`Annotated[int, Between(0, 5)]`) is checked when the file is read. Numbers are written in the
shortest form that reads back as the same number, so a policy is the same before and after, bit for bit.

Worked example: `kappa = -1` under `[cards.pay]` is answered with "cards.pay.kappa: -1 is out of range; give a
number from 0.01 to 10000"; `kapa = 3` with "there is no such field; did you mean kappa?".
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from tallystick.evidence.ledger import EvidenceError
from tallystick.promises import PROMISES
from tallystick.rating.policy import Policy
from tallystick.rating.policy_toml import to_toml
from tallystick.rating.policy_words import means
from tallystick.units import Between, digest

FORMAT: Final = "tallystick.policy/1"
"""Goes up when a file of the format before can no longer be read as it is."""

SIGNED: Final = "signed"
"""The table of a committed file that says who committed it, when and why, with the signature."""

OTHERS: Final = "others"
"""How a file names the card of the kinds of promise that have none of their own (in `Policy.cards`: "")."""

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,59}")

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, and what to do. `field`: as in the file, "" for the file as a whole."""

    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.field + ': ' if self.field else ''}{self.message}; {self.fix}"


class PolicyError(EvidenceError):
    """A policy that cannot be used. `problems`: all that is wrong with it."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__(f"{file}: " + ". ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What a file says: a policy, the `seal` over all of it but the table `signed`, and that table."""

    policy: Policy
    seal: str
    signed: Tree | None


def write_policy(policy: Policy, lang: str = "en", signed: Mapping[str, Any] | None = None) -> str:
    """The file of a policy. `signed`: the table that a committed one ends with."""
    tree = {"format": FORMAT, **tree_of(policy)}
    if signed is not None:
        tree[SIGNED] = dict(signed)
    return to_toml(tree, lambda path: _comment(path, lang), means("", lang))


def seal_of(policy: Policy) -> str:
    """SHA-256 in hex of what the file of a policy says, comments and spacing apart."""
    return _seal({"format": FORMAT, **tree_of(policy)})


def _seal(tree: Tree) -> str:
    return digest(json.dumps(tree, sort_keys=True, ensure_ascii=False))


def read_policy(text: str, file: str) -> PolicyFile:
    """The policy of a file, committed or not. Raises `PolicyError` with all that is wrong, by field. No
    signature is verified."""
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fix = "compare with a file that `tallystick policy draft` writes"
        raise PolicyError(file, [Problem("", f"no TOML ({error})", fix)]) from None
    found = tree.get("format")
    if found != FORMAT:
        told = "has no `format`" if found is None else f"has the format {found!r}"
        fix = f'this version reads format = "{FORMAT}"; start from `tallystick policy draft`'
        raise PolicyError(file, [Problem("", told, fix)])
    signed = tree.pop(SIGNED, None)
    problems: list[Problem] = []
    given = {name: value for name, value in tree.items() if name != "format"}
    policy = _read(Policy, given, (), problems)
    if not problems:
        problems = faults(policy)
    if signed is not None and not isinstance(signed, dict):
        problems.append(Problem(SIGNED, "is no table", "take it out, or restore the file"))
    if problems:
        raise PolicyError(file, problems)
    return PolicyFile(policy, _seal(tree), signed)


def checked(policy: Policy) -> Policy:
    """The policy as its file gives it back. Raises `PolicyError` for what no file may hold."""
    return read_policy(write_policy(policy), f"policy {policy.name!r}").policy


def faults(policy: Policy) -> list[Problem]:
    """What is wrong with a policy beyond types and ranges."""
    out = []
    if not NAME.fullmatch(policy.name):
        fix = "begin with a letter; up to 60 letters, digits, dots, dashes and underscores"
        out.append(Problem("name", f"{policy.name!r} is no name", fix))
    if _day(policy.valid_from) is None:
        out.append(
            Problem("valid_from", f"{policy.valid_from!r} is no date", "write it as 2026-01-31")
        )
    if "" not in policy.cards:
        fix = f"add the table [cards.{OTHERS}]"
        out.append(Problem("cards", "kinds without a card of their own have none", fix))
    for kind in sorted(policy.cards.keys() - {""} - PROMISES.keys()):
        fix = f"use one of {', '.join(PROMISES)}"
        out.append(Problem(f"cards.{kind}", "there is no such kind of promise", fix))
    return out


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if text == day.isoformat() and 1900 <= day.year <= 2100 else None


def tree_of(value: Any) -> Any:
    """A policy, or a part of it, as the file holds it: tables of tables; what is None is left out."""
    if is_dataclass(value):
        pairs = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: tree_of(item) for name, item in pairs if item is not None}
    if isinstance(value, dict):
        return {str(key) or OTHERS: tree_of(item) for key, item in sorted(value.items())}
    return value


def leaves(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of everything in a tree, in its order."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def differences(before: Policy, after: Policy) -> list[tuple[str, Any, Any]]:
    """(path, value before, value after) of every parameter that differs; None where there is none."""
    old, new = dict(leaves(tree_of(before))), dict(leaves(tree_of(after)))
    return [
        (path, old.get(path), new.get(path))
        for path in {**new, **old}
        if old.get(path) != new.get(path)
    ]


def range_of(path: str) -> Between | None:
    """The range of a field, given its path as in the file."""
    kind: Any = Policy
    for name in path.split("."):
        kind, _ = _bare(kind)
        kind = get_args(kind)[1] if get_origin(kind) is dict else _hints(kind).get(name)
        if kind is None:
            return None
    return _bare(kind)[1]


def _comment(path: str, lang: str) -> str:
    """What stands above a field: its meaning, and its range."""
    words, allowed = means(path, lang), range_of(path)
    if allowed is None:
        return words
    return f"{words} ({_number(allowed.least)} – {_number(allowed.most)})" if words else ""


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True) if is_dataclass(kind) else {}


def _bare(kind: Any) -> tuple[Any, Between | None]:
    """A type without what stands beside it and without `| None`, and its range."""
    allowed = None
    if get_origin(kind) is Annotated:
        kind, allowed = get_args(kind)[0], get_args(kind)[1]
    if NoneType in get_args(kind):
        kind = next(arg for arg in get_args(kind) if arg is not NoneType)
    return kind, allowed


def _read(kind: Any, given: Any, path: tuple[str, ...], problems: list[Problem]) -> Any:
    """A value of a type out of what TOML gave. What is wrong joins `problems`; the value is then of no use."""
    bare, allowed = _bare(kind)
    if is_dataclass(bare) or get_origin(bare) is dict:
        if not isinstance(given, dict):
            fix = f"write it as a table: [{'.'.join(path)}]"
            problems.append(Problem(".".join(path), f"{_told(given)} is no table", fix))
            return None
        read = _read_fields if is_dataclass(bare) else _read_keys
        return read(bare, given, path, problems)
    return _read_value(bare, allowed, given, ".".join(path), problems)


def _read_keys(kind: Any, given: Tree, path: tuple[str, ...], problems: list[Problem]) -> Any:
    of = get_args(kind)[1]
    return {
        "" if key == OTHERS else key: _read(of, item, (*path, key), problems)
        for key, item in given.items()
    }


def _read_fields(kind: Any, given: Tree, path: tuple[str, ...], problems: list[Problem]) -> Any:
    hints, default = _hints(kind), _defaults(kind)
    for name in given.keys() - hints.keys():
        near = difflib.get_close_matches(name, hints, 1)
        fix = f"did you mean {near[0]}?" if near else f"use {', '.join(hints)}"
        problems.append(Problem(".".join((*path, name)), "there is no such field", fix))
    values = {}
    for name, hint in hints.items():
        if name in given:
            values[name] = _read(hint, given[name], (*path, name), problems)
        elif NoneType in get_args(hint):
            values[name] = None
        else:
            line = f"{name} = {_told(default[name])}" if name in default else name
            problems.append(Problem(".".join((*path, name)), "is missing", f"add `{line}`"))
    return kind(**values) if not problems else None


def _defaults(kind: Any) -> Tree:
    return {
        f.name: f.default
        for f in fields(kind)
        if isinstance(f.default, int | float | str)
    }  # fmt: skip


def _read_value(
    kind: Any, allowed: Between | None, given: Any, path: str, problems: list[Problem]
) -> Any:
    if kind is float and type(given) is int:
        given = float(given) if abs(given) < 1 << 53 else given
    if type(given) is not kind:
        what = {int: "a whole number", float: "a number", str: 'a text in "quotes"'}[kind]
        problems.append(Problem(path, f"{_told(given)} is not {what}", f"write {what}"))
    elif allowed is not None and not allowed.least <= given <= allowed.most:
        span = f"from {_number(allowed.least)} to {_number(allowed.most)}"
        problems.append(Problem(path, f"{_told(given)} is out of range", f"give a number {span}"))
    elif kind is float and not abs(given) < float("inf"):
        problems.append(Problem(path, f"{given} is no number", "give a finite number"))
    return given


def _told(value: Any) -> str:
    """A value as TOML has it, short enough for a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _number(value: float) -> str:
    return f"{value:.15g}" if abs(value) < 1e15 else f"{value:.0f}"
