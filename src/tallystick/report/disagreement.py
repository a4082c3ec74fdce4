"""A break as people read it: what was expected and what was found, in their units, and who may have caused it.

>>> reading({"kind": "quantity", "unit": "EA"}, 4000), reading({"kind": "amount", "unit": "GBP"}, 10750)
('4 EA', '107.50 GBP')
>>> reading({"kind": "party", "unit": "seller"}, 7, {7: "Maker"})
'Maker'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tallystick.deals.breaks import MISSING
from tallystick.report import figures
from tallystick.report.phrases import Phrases
from tallystick.units import CURRENCIES, code_of, day_of

Row = Mapping[str, Any]

PARTIES: Final = ("seller", "buyer", "recipient")
"""Units of a break whose figures are companies."""


def reading(row: Row, value: Any, names: Mapping[int, str] | None = None) -> str | None:
    """A figure of a break as text: an amount, a quantity, a day, a company or the code of an account."""
    unit = row["unit"]
    if value is None:
        return None
    if unit == "day":
        return day_of(int(value)).isoformat()
    if unit == "account":
        return code_of(int(value), "A")
    if unit in PARTIES:
        return (names or {}).get(int(value)) or code_of(int(value), "C")
    if row["kind"] in ("quantity", "goods"):
        return figures.quantity(int(value), unit)
    return figures.money(int(value), unit if unit in CURRENCIES else None)


def _said(row: Row, side: str, names: Mapping[int, str]) -> str | None:
    """One side of a break; each has its own currency where the break is between two."""
    pair = (row["unit"] or "").split(" and ")
    if row[side] is not None and len(pair) == 2 and all(name in CURRENCIES for name in pair):
        return figures.money(row[side], pair[side == "found"])
    return reading(row, row[side], names)


def expected(row: Row, names: Mapping[int, str]) -> str | None:
    """What the first document says; of a missing document its number, of two currencies both."""
    return _said(row, "expected", names) or row["unit"]


def found(row: Row, names: Mapping[int, str], say: Phrases) -> str | None:
    """What the second document says, or that there is none."""
    return say("missing") if row["kind"] == MISSING else _said(row, "found", names)


def causes(row: Row, say: Phrases) -> list[str]:
    """Who could have caused it."""
    roles = (row["caused_by"] or "").split(",")
    return [say.either("x.party", role) for role in roles if role]


def caused_by(row: Row, say: Phrases) -> str:
    """Who could have caused it, as one text."""
    return say.joined(causes(row, say))


def companies_in(breaks: Iterable[Row]) -> list[int]:
    """Companies that breaks name."""
    rows = [row for row in breaks if row["unit"] in PARTIES]
    return sorted({row[side] for row in rows for side in ("expected", "found")})
