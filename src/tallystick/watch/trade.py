"""Who dealt with whom, as columns of numbers: one row for each deal, seller and buyer.

Idea: patterns are about dealings, and one deal makes several promises (sent in time, the right quantity, as
agreed). Its promises by the seller become one dealing: of the highest of their values, broken if one is,
kept if none is broken or open. Companies are places 0, 1, 2 ... in the sorted list of their keys.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike

from tallystick.identity import HALF_PPM
from tallystick.promises import PROMISES

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

OTHER_SIDE: Final = 2
"""The bit of the buyer among the sources of a promise; alone, it is an accusation."""

SELLER_SIDE: Final = 1
NEVER: Final = 2**31
SELLING: Final = pa.array([kind.name for kind in PROMISES.values() if kind.side == "seller"])
BUYING: Final = pa.array([kind.name for kind in PROMISES.values() if kind.side == "buyer"])


COLUMNS: Final = (
    "deal",
    "kind",
    "promisor",
    "promisee",
    "made_day",
    "due_day",
    "matured_day",
    "outcome",
    "mask",
    "value_cents",
)
"""What is read of a promise."""


@dataclass(frozen=True, slots=True)
class Dealings:
    """Rows: deal, places of seller and buyer, days made and due, value in US cents, 1 if kept, broken, or
    accused: broken by the word of the buyer alone; in neither of the first two: open."""

    deal: Ints
    seller: Ints
    buyer: Ints
    day: Ints
    due: Ints
    cents: Ints
    kept: Ints
    broken: Ints
    accused: Ints

    def __len__(self) -> int:
        return len(self.deal)

    def take(self, chosen: Ints | Bools) -> Dealings:
        """The chosen rows."""
        return Dealings(*(getattr(self, field.name)[chosen] for field in fields(self)))


def distinct(codes: Ints) -> tuple[Ints, Ints]:
    """The codes, each once and in order, and of each row the place of its code; by sorting, which for tens of
    millions is several times as fast as numpy's own."""
    order = np.argsort(codes, kind="stable")
    placed = codes[order]
    fresh = np.ones(len(codes), np.bool_)
    fresh[1:] = placed[1:] != placed[:-1]
    place = np.empty(len(codes), np.int64)
    place[order] = np.cumsum(fresh) - 1
    return placed[fresh], place


def each_once(codes: Ints) -> Ints:
    """The codes, each once and in order."""
    placed = np.sort(codes)
    fresh = np.ones(len(codes), np.bool_)
    fresh[1:] = placed[1:] != placed[:-1]
    found: Ints = placed[fresh]
    return found


class By:
    """Rows by the value of a column."""

    def __init__(self, column: Ints) -> None:
        self._order = np.argsort(column, kind="stable")
        self._sorted = column[self._order]

    def of(self, values: ArrayLike) -> Ints:
        """The rows with one of these values."""
        values = np.atleast_1d(values)
        low = np.searchsorted(self._sorted, values, side="left")
        high = np.searchsorted(self._sorted, values, side="right")
        parts = [self._order[a:b] for a, b in zip(low, high, strict=True)]
        return np.concatenate(parts) if parts else self._order[:0]


@dataclass(frozen=True, slots=True)
class Trade:
    """The dealings of a market up to a day: `keys` of the companies by place, `verified` and `first`: the days
    of each company's check (NEVER: none) and of its first dealing; `own`: dealings between related companies
    left out; `answers`: accusations against buyers, as dealings in which the accused is `seller`."""

    as_of_day: int
    keys: Ints
    verified: Ints
    first: Ints
    own: Dealings
    answers: Dealings

    @property
    def size(self) -> int:
        """How many companies there are."""
        return len(self.keys)

    def since(self, days: int) -> Dealings:
        """The dealings of the last days."""
        return self.own.take(self.own.day > self.as_of_day - days)


@dataclass(frozen=True, slots=True)
class Kin:
    """Who is related: `family` (company, head) and `ties` (a, b, ppm), as the promises are weighed by."""

    family: pa.Table
    ties: pa.Table


def trade_of(
    promises: pa.Table, companies: pa.Table, as_of_day: int, kin: Kin | None = None
) -> Trade:
    """The dealings of promises (schema PROMISE and `value_cents`) known on a day."""
    made = pc.coalesce(promises["made_day"], promises["due_day"])
    known = pc.and_(pc.less_equal(made, as_of_day), pc.not_equal(promises["promisee"], 0))
    selling, buying = (
        promises.filter(pc.and_(known, pc.is_in(promises["kind"], value_set=kinds)))
        for kinds in (SELLING, BUYING)
    )
    buying = buying.filter(pc.equal(buying["outcome"], "broken"))
    rows = _dealings(selling, OTHER_SIDE, as_of_day)
    turned = _dealings(buying, SELLER_SIDE, as_of_day)
    turned = turned.take(turned.accused == 1)
    ends = [rows.seller, rows.buyer, turned.seller, turned.buyer]
    keys = each_once(np.concatenate([pc.unique(pa.array(end)).to_numpy() for end in ends]))
    first = np.full(len(keys), NEVER, np.int64)
    rows, turned = _placed(rows, keys), _placed(turned, keys)
    for end in (rows.seller, rows.buyer):
        np.minimum.at(first, end, rows.day)
    if kin is not None:
        rows = rows.take(~_related(keys[rows.seller], keys[rows.buyer], kin))
    return Trade(as_of_day, keys, _verified(companies, keys), first, rows, turned)


def _dealings(promises: pa.Table, accuser: int, as_of_day: int) -> Dealings:
    """Promises of one side as dealings, still with keys instead of places."""
    due = pc.fill_null(pc.less_equal(promises["matured_day"], as_of_day), True)
    broken = pc.is_in(promises["outcome"], value_set=pa.array(["broken", "partial"]))
    kept = pc.is_in(promises["outcome"], value_set=pa.array(["kept", "late"]))
    alone = pc.and_(broken, pc.equal(promises["mask"], accuser))
    flags = {
        "kept": kept,
        "unkept": pc.invert(kept),
        "broken": pc.and_(broken, due),
        "accused": pc.and_(alone, due),
        "doubted": pc.and_(broken, pc.invert(alone)),
    }
    table = pa.table(
        {
            "deal": promises["deal"],
            "promisor": promises["promisor"],
            "promisee": promises["promisee"],
            "day": pc.coalesce(promises["made_day"], promises["due_day"]).cast(pa.int64()),
            "due": pc.coalesce(
                promises["matured_day"], promises["made_day"], promises["due_day"]
            ).cast(pa.int64()),
            "cents": pc.fill_null(promises["value_cents"], 0).cast(pa.int64()),
            **{name: flag.cast(pa.int8()) for name, flag in flags.items()},
        }
    )
    if pc.count_distinct(table["deal"]).as_py() < len(table):
        table = _one_each(table)
    column = {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}
    return Dealings(
        column["deal"],
        column["promisor"],
        column["promisee"],
        column["day"],
        column["due"],
        column["cents"],
        kept=column["kept"] * (1 - column["unkept"]),
        broken=column["broken"],
        accused=column["accused"] * (1 - column["doubted"]),
    )


def _one_each(table: pa.Table) -> pa.Table:
    keys = ["deal", "promisor", "promisee"]
    rest = [name for name in table.column_names if name not in keys]
    how = {name: "min" if name == "day" else "max" for name in rest}
    grouped = table.group_by(keys).aggregate(list(how.items()))
    return grouped.rename_columns({f"{name}_{way}": name for name, way in how.items()})


def _placed(rows: Dealings, keys: Ints) -> Dealings:
    value_set = pa.array(keys, pa.int64())
    seller, buyer = (
        pc.index_in(pa.array(end), value_set=value_set).to_numpy().astype(np.int64)
        for end in (rows.seller, rows.buyer)
    )
    return replace(rows, seller=seller, buyer=buyer)


def _verified(companies: pa.Table, keys: Ints) -> Ints:
    place = pc.index_in(pa.array(keys, pa.int64()), value_set=_whole(companies["company"]))
    days = _whole(companies["verified_day"].cast(pa.int64())).take(place)
    found: Ints = pc.fill_null(days, NEVER).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _related(one: Ints, other: Ints, kin: Kin) -> Bools:
    """Which pairs of keys are of one family, or tied by half."""
    members, heads = (_whole(kin.family[name]) for name in ("company", "head"))
    left, right = (
        heads.take(pc.index_in(pa.array(end), value_set=members)) for end in (one, other)
    )
    same = pc.fill_null(pc.equal(left, right), False).to_numpy(zero_copy_only=False)
    near = kin.ties.filter(pc.greater_equal(kin.ties["ppm"], HALF_PPM))
    if not len(near):
        return np.asarray(same, np.bool_)
    ends = _whole(pa.chunked_array([*near["a"].chunks, *near["b"].chunks], pa.int64())).unique()
    coded = [
        pc.fill_null(pc.index_in(pa.array(side, pa.int64()), value_set=ends), -1)
        .to_numpy(zero_copy_only=False)
        .astype(np.int64)
        for side in (one, other, near["a"].to_numpy(), near["b"].to_numpy())
    ]
    pairs = [coded[0] * NEVER + coded[1], coded[2] * NEVER + coded[3], coded[3] * NEVER + coded[2]]
    known = (coded[0] >= 0) & (coded[1] >= 0)
    tied = known & np.isin(pairs[0], np.concatenate(pairs[1:]))
    return np.asarray(same | tied, np.bool_)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)
