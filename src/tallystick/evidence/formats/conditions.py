"""Row filters: a small safe language, parsed here and never handed to the engine as written.

Idea: `when = "status in ['paid', 'settled'] and number(amount) > 0"` decides which rows of a table
become a document. Column names stand bare, or in double quotes where they hold blanks; text stands in
single quotes. A missing value is equal only to nothing: `status != 'canceled'` holds where the status
is missing, as people expect.

Grammar::

    filter  = term { ("and" | "or") term } | "not" filter | "(" filter ")"
    term    = value ("==" | "!=" | "<" | "<=" | ">" | ">=") value
            | value ["not"] "in" "[" value { "," value } "]"
            | value "is" ["not"] "null"
    value   = column | 'text' | 12.5 | number(column) | date(column)

`<` on bare columns compares text; `number(...)` and `date(...)` read the column as the mapping's `[read]`
says. Beside a number or a date the other side is read as one too.

>>> parse("status == 'paid'").op, columns_of(parse("a == 1 or not b is null"))
('==', ['a', 'b'])
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say

ReadAs = Literal["text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Name:
    """A column, and how it is read."""

    column: str
    read: ReadAs = "text"


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant; `number` where it stood without quotes."""

    text: str
    number: bool = False


Value = Name | Constant


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`."""

    op: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Within:
    """A value among a list of them, or not among it."""

    left: Value
    among: tuple[Value, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that is missing, or is not."""

    left: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """A filter that does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Two filters that both hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two filters of which one holds."""

    parts: tuple[Condition, ...]


Condition = Compare | Within | Missing | Not | And | Or

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"[^"]+")
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<op>==|!=|<=|>=|<|>|=)
      | (?P<mark>[()\[\],])
      | (?P<word>[^\W\d][\w.#]*)
    )""",
    re.VERBOSE,
)
_MAX_DEPTH: Final = 40


def parse(text: str) -> Condition:
    """The filter as a tree; raises `EvidenceError` saying where the text stops making sense."""
    parser = _Parser(text)
    tree = parser.either(0)
    parser.end()
    return tree


def columns_of(condition: Condition) -> list[str]:
    """Names of the columns that a filter reads, in order of appearance."""
    match condition:
        case Not(part):
            return columns_of(part)
        case And(parts) | Or(parts):
            return [name for part in parts for name in columns_of(part)]
        case Compare(_, left, right):
            values: tuple[Value, ...] = (left, right)
        case Within(left, among, _):
            values = (left, *among)
        case Missing(left, _):
            values = (left,)
    return [value.column for value in values if isinstance(value, Name)]


class _Parser:
    """Recursive descent over the tokens of one filter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._scan(text))
        self.at = 0

    def _scan(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._error(text[at:].strip()[:20])
            tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
            at = match.end()
        return tokens

    def _error(self, near: str) -> EvidenceError:
        return EvidenceError(say("filter-wrong", text=self.text, near=near))

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "the end")

    def word(self, *words: str) -> bool:
        """Take the next token if it is one of these words or marks."""
        kind, text = self.peek()
        if kind in {"word", "mark"} and text.lower() in words:
            self.at += 1
            return True
        return False

    def need(self, mark: str) -> None:
        if not self.word(mark):
            raise self._error(self.peek()[1])

    def end(self) -> None:
        if self.peek()[0] != "end":
            raise self._error(self.peek()[1])

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.word("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.word("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def single(self, depth: int) -> Condition:
        if depth > _MAX_DEPTH:
            raise self._error("too many brackets")
        if self.word("not"):
            return Not(self.single(depth + 1))
        if self.word("("):
            inner = self.either(depth + 1)
            self.need(")")
            return inner
        return self.term()

    def term(self) -> Condition:
        left = self.value()
        if self.word("is"):
            negated = self.word("not")
            self.need("null")
            return Missing(left, negated)
        negated = self.word("not")
        if self.word("in"):
            return Within(left, self.among(), negated)
        kind, op = self.peek()
        if negated or kind != "op":
            raise self._error(op)
        self.at += 1
        return Compare("==" if op == "=" else op, left, self.value())

    def among(self) -> tuple[Value, ...]:
        close = "]" if self.word("[") else ")"
        if close == ")":
            self.need("(")
        values = [self.value()]
        while self.word(","):
            values.append(self.value())
        self.need(close)
        return tuple(values)

    def value(self) -> Value:
        kind, text = self.peek()
        self.at += 1
        if kind == "text":
            return Constant(text[1:-1].replace("''", "'"))
        if kind == "number":
            return Constant(text, number=True)
        if kind == "quoted":
            return Name(text[1:-1])
        if kind != "word":
            raise self._error(text)
        if text in {"number", "date"} and self.word("("):
            inner = self.value()
            self.need(")")
            if not isinstance(inner, Name):
                raise self._error(text)
            return Name(inner.column, "number" if text == "number" else "date")
        return Name(text)
