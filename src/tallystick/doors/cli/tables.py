"""The tables that are exported: Book's integers as people and spreadsheets want them, exactly.

Each share, amount and date comes as decimal or ISO date; Parquet keeps the integers beside them, for
those who add up. `docs/reference/cli.md` lists the columns.

Worked example: `broken_ppm` 49316 becomes `probability` 0.049316, `exposure_cents` 2908626 becomes
`exposure_usd` 29086.26, day 20451 becomes 2025-12-29.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.codes import codes_of
from tallystick.promises import PROMISES
from tallystick.rating.score import STEPS
from tallystick.units import CURRENCIES

COUNTS: Final = (
    "promises open kept late partial broken excused disputed anchored counterparties".split()
)
_INTEGERS: Final = ("broken_ppm", "low_ppm", "high_ppm", "evidence_micro", "score_tenths")


def ratings_table(ratings: pa.Table, integers: bool = False) -> pa.Table:
    """Ratings as `Book.ratings` gives them -> the export, in the same order. `integers` keeps `company_key`
    and the integers that the decimals were made from."""
    columns = {
        "company": ratings["code"],
        "name": ratings["name"],
        "country": ratings["country"],
        "role": _null_if_empty(ratings["role"]),
        "kind": _null_if_empty(ratings["kind"]),
        "scope": ratings["scope"],
        "probability": scaled(ratings["broken_ppm"], 6),
        "low": scaled(ratings["low_ppm"], 6),
        "high": scaled(ratings["high_ppm"], 6),
        "grade": ratings["grade"],
        "evidence_level": ratings["evidence_level"],
        "evidence": scaled(ratings["evidence_micro"], 6),
        "score": scaled(ratings["score_tenths"], 1),
        "base_points": scaled(ratings["base_tenths"], 1),
    }
    columns |= {f"{code}_points": scaled(ratings[f"{code}_tenths"], 1) for code in STEPS}
    columns["exposure_usd"] = scaled(ratings["exposure_cents"], 2)
    columns |= {name: ratings[f"n_{name}"] for name in COUNTS}
    columns["value_usd"] = scaled(ratings["value_cents"], 2)
    columns |= {name: days(ratings[f"{name}_day"]) for name in ("last", "last_broken")}
    if integers:
        columns["company_key"] = ratings["company"]
        columns |= {name: ratings[name] for name in _INTEGERS}
    return pa.table(columns)


def promises_table(promises: pa.Table, integers: bool = False) -> pa.Table:
    """Promises as `Book.promises` gives them -> the export, in the same order."""
    roles = {name: kind.role for name, kind in PROMISES.items()}
    dates = ("made", "first_due", "due", "done")
    columns = {
        "deal": codes_of(promises["deal"], "D"),
        "kind": promises["kind"],
        "role": pa.array([roles[kind] for kind in promises["kind"].to_pylist()], pa.string()),
        "promisor": company_codes(promises["promisor"]),
        "promisee": company_codes(promises["promisee"]),
        **{name: days(promises[f"{name}_day"]) for name in dates},
        "revisions": promises["revisions"],
        "outcome": promises["outcome"],
        "late_days": promises["late_days"],
        "kept": scaled(promises["kept_ppm"], 6),
        "fault": promises["fault"],
        "value": amounts(promises["value_minor"], promises["currency"]),
        "currency": promises["currency"],
        "strength": scaled(promises["strength_ppm"], 6),
        "link": scaled(promises["link_ppm"], 6),
    }
    if integers:
        keys = ("deal", "item", "promisor", "promisee")
        columns |= {f"{name}_key": promises[name] for name in keys}
        kept = ("kept_ppm", "value_minor", "strength_ppm", "link_ppm", "mask")
        columns |= {name: promises[name] for name in kept}
    return pa.table(columns)


def deals_table(deals: pa.Table) -> pa.Table:
    """Deals as `Book.deals` gives them -> the export, in the same order."""
    return pa.table(
        {
            "deal": codes_of(deals["deal"], "D"),
            "first": days(deals["first_day"]),
            "last": days(deals["last_day"]),
            "seller": company_codes(deals["seller"]),
            "buyer": company_codes(deals["buyer"]),
            "documents": deals["documents"],
            "kinds": deals["kinds"],
            "breaks": deals["breaks"],
        }
    )


def scaled(column: pa.ChunkedArray, digits: int) -> pa.ChunkedArray:
    """Integers in units of 10^-digits as exact decimals."""
    whole = pc.cast(column, pa.decimal128(19, 0))
    unit = pa.scalar(Decimal(1).scaleb(-digits), pa.decimal128(digits + 1, digits))
    return pc.cast(pc.multiply(whole, unit), pa.decimal128(19 + digits, digits))


def amounts(minor: pa.ChunkedArray, currency: pa.ChunkedArray) -> pa.ChunkedArray:
    """Amounts in minor units of their currency as decimals with three places, enough for all."""
    known = pc.unique(currency).drop_null()
    units = [Decimal(1).scaleb(-CURRENCIES.get(code, 2)) for code in known.to_pylist()]
    place = pc.index_in(currency, value_set=known)
    unit = pc.take(pa.array(units, pa.decimal128(4, 3)), place)
    whole = pc.cast(minor, pa.decimal128(19, 0))
    return pc.cast(pc.multiply(whole, unit), pa.decimal128(22, 3))


def days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Day numbers as dates."""
    return pc.cast(pc.cast(column, pa.int32()), pa.date32())


def company_codes(column: pa.ChunkedArray) -> pa.Array:
    """Company keys as codes; null where no company is known (key 0 or null)."""
    keys = pc.fill_null(column, 0).combine_chunks()
    return pc.if_else(pc.equal(keys, 0), pa.scalar(None, pa.string()), codes_of(keys, "C"))


def _null_if_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
