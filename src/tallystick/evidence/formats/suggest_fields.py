"""What a column of a table is: the kind of document of the table, and which column is which field of it.

Idea: a header says what a column is called, the values say what it can be, and both must agree. A table is of
the kind whose words its numbers, dates and amounts bear: `Order No, Order amount, Payment date` is of orders.

>>> guess_kind("export.csv", ["Order No.", "Order amount", "Payment date"])
('order', 'medium')
>>> guess_kind("export.csv", ["order_id", "payment_type", "payment_installments", "payment_value"])
('payment', 'medium')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.formats.sniff import date_format
from tallystick.evidence.formats.sniff_numbers import number_form
from tallystick.evidence.formats.suggest_details import detail_of
from tallystick.evidence.formats.suggest_words import (
    COMPANY,
    COUNTRY,
    FEES,
    GRAND,
    KIND_WORDS,
    LATEST,
    LOGIN,
    NAME,
    NUMBERS,
    PART,
    PLANNED,
    ROLES,
    SHIP_BY,
    WORDS,
    says,
)
from tallystick.units import CURRENCIES

_MOMENTS: Final = ("due_on", "deliver_on", "issued_on", "happened_at")


@dataclass(frozen=True, slots=True)
class Sample:
    """A column of a sample. `values`: its cells that are not empty."""

    name: str
    values: tuple[str, ...]

    @property
    def distinct(self) -> float:
        """Share of the values that are different."""
        return len(set(self.values)) / len(self.values) if self.values else 0.0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a field is taken from, and how sure that is (`high`, `medium` or `low`)."""

    column: str
    confidence: str


_ANCHORS: Final = " ".join(WORDS[field] for field in ("number", "issued_on", "amount"))
_ANCHORED: Final = 2.0
"""Points of a kind for a number, a date or an amount that bears its name; another column gives a quarter."""


def guess_kind(source: str, header: Sequence[str]) -> tuple[str, str]:
    """Kind of document by the words of the file's name, else of its header, and how sure that is."""
    for kind, words in KIND_WORDS.items():
        if says(source.rpartition(".")[0] or source, words):
            return kind, "high"
    points = {kind: _points(header, words) for kind, words in KIND_WORDS.items()}
    points["payment"] += sum(says(name, FEES) == 1 for name in header)
    kind = max(points, key=points.__getitem__)
    return (kind, "medium") if points[kind] >= _ANCHORED else ("order", "low")


def _points(header: Sequence[str], words: str) -> float:
    named = [name for name in header if says(name, words)]
    return sum(_ANCHORED if says(name, _ANCHORS) else 0.25 for name in named)


def guess_fields(samples: Sequence[Sample], kind: str) -> dict[str, Guess]:
    """Field -> the column that it is most likely taken from. No column serves two fields."""
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for field in WORDS:
        fits = [(_fit(field, s, kind), s.name) for s in samples if s.name not in taken]
        points, name = max(fits, key=lambda fit: fit[0], default=(0.0, ""))
        if points >= 1:
            found[field] = Guess(name, _sure(points))
            taken.add(name)
    if kind in {"order", "invoice"} and not {"seller", "buyer"} & found.keys():
        found |= _only_party([s for s in samples if s.name not in taken])
    return found


def _only_party(samples: Sequence[Sample]) -> dict[str, Guess]:
    """Whom a table names that does not say in which role: of what one exports, mostly the customer."""
    named = [s for s in samples if s.values and says(s.name, NAME) and whose(s.name) == []]
    named = [s for s in named if detail_of(s.name, s.values) is None and not number_form(s.values)]
    named = [s for s in named if not says(s.name, "first last vorname nachname product item")]
    best = max(named, key=lambda s: says(s.name, COMPANY), default=None)
    return {"buyer": Guess(best.name, "low; it may be the seller")} if best else {}


def are_currencies(values: Sequence[str]) -> bool:
    """Whether cells are codes of currencies (ISO 4217), every one."""
    return bool(values) and all(v.upper() in CURRENCIES for v in values)


def whose(name: str) -> list[str]:
    """The roles of which a column's name speaks."""
    return [role for role in ROLES if says(name, WORDS[role])]


def _sure(points: float) -> str:
    return "high" if points >= 2 else "medium" if points >= 1.5 else "low"


def _fit(field: str, sample: Sample, kind: str) -> float:
    """How well a column fits a field: words in its name, and values that the field may hold."""
    if detail_of(sample.name, sample.values) not in (None, "place"):
        return 0.0
    word = says(sample.name, WORDS[field])
    dated, numeric = date_format(sample.values) is not None, number_form(sample.values) is not None
    if field in _MOMENTS:
        return _fit_moment(field, sample.name, word, kind) if dated else 0.0
    if field == "currency":
        return word + are_currencies(sample.values) * 1.5
    if not word or dated:
        return 0.0
    if field in NUMBERS:
        coded = says(sample.name, WORDS["number"]) > 0 and field != "quantity"
        return _fit_number(field, sample.name, word, kind) if numeric and not coded else 0.0
    if field == "number":
        return word + says(sample.name, KIND_WORDS.get(kind, kind)) + sample.distinct * 0.8
    if field in ROLES:
        better = says(sample.name, NAME) * 0.2 - says(sample.name, LOGIN) * 0.3
        return (
            1.0 + word * 0.9 - says(sample.name, COUNTRY) * 2 + better + bool(sample.values) * 0.05
        )
    return 1.0 + word * 0.6 if not (field == "unit" and numeric) else 0.0


def _fit_moment(field: str, name: str, word: float, kind: str) -> float:
    if field == "due_on" and says(name, SHIP_BY) and says(name, PLANNED):
        word = 1.0
    if not word:
        return 1.1 if field == "issued_on" else 0.6
    own = says(name, KIND_WORDS.get(kind, kind)) / 2 if field == "issued_on" else 0.0
    latest = says(name, LATEST) / 10 if field == "deliver_on" else 0.0
    return 1.0 + word + own + latest


def _fit_number(field: str, name: str, word: float, kind: str) -> float:
    """The amount of a document is its total, rather than a price, a tax or what is left to pay of it."""
    if field != "amount":
        return 1.0 + word
    whole = max(says(name, GRAND), says(name, KIND_WORDS.get(kind, kind)))
    return 1.0 + word - says(name, PART) * 0.4 + whole * 0.1
