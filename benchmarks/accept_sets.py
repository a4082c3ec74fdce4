"""Real data as promises (schema PROMISE, with `value_cents`, moments, country): the sets of `accept_data`.

The data is never part of the repository; it lies at `../shared/data` or where TALLYSTICK_DATA points. Unlike
the mappings in `examples/`, which make whole books by the day, these read the moment of each act: who rates
whom on Bitcoin OTC changes within the hour, and a seller's limit at Olist is a time of day.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from benchmarks.common import ROOT
from tallystick.promises.derive import PROMISE

DATA: Final = Path(os.environ.get("TALLYSTICK_DATA", ROOT.parent / "shared" / "data"))
US_PER_DAY: Final = 86_400_000_000
EXTRA: Final = (
    pa.field("made_us", pa.int64()),
    pa.field("known_us", pa.int64()),
    pa.field("value_cents", pa.int64()),
    pa.field("country", pa.string()),
    pa.field("size", pa.string()),
)
SCHEMA: Final = pa.schema([*PROMISE, *EXTRA])

Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A set of promises of one kind: where it lies, how it is read, and what its group of peers is."""

    name: str
    title: str
    file: str
    kind: str
    rows: Callable[[Path], Rows]
    group: Sequence[str] = ()

    def there(self) -> bool:
        """Whether the data is on this machine."""
        return (DATA / self.file).exists()

    def promises(self) -> pa.Table:
        """The promises, schema SCHEMA."""
        rows = [_promise(n, self.kind, row) for n, row in enumerate(self.rows(DATA / self.file))]
        return pa.Table.from_pylist(_coded(rows), schema=SCHEMA)


def _promise(n: int, kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the schema from what a reader tells: parties, moments in microseconds, and the share kept."""
    made, due, done = row["made_us"], row["due_us"], row["done_us"]
    kept = row.get("kept", done is not None and done <= due)
    whole = kept is True
    known = done if whole and done is not None else due + US_PER_DAY
    days = {name: us // US_PER_DAY for name, us in (("made", made), ("due", due))}
    return {
        "deal": n,
        "item": 0,
        "kind": kind,
        "promisor": row["promisor"],
        "promisee": row["promisee"],
        "made_day": days["made"],
        "first_due_day": days["due"],
        "due_day": days["due"],
        "done_day": None if done is None else done // US_PER_DAY,
        "matured_day": days["due"],
        "outcome": "kept" if whole else "broken",
        "late_days": max(-(-(done - due) // US_PER_DAY), 0) if done is not None else None,
        "kept_ppm": 1_000_000 if whole else 0,
        "value_minor": row.get("cents"),
        "currency": None if row.get("cents") is None else "USD",
        "mask": 0,
        "anchored": 0,
        "witness": 2,
        "strength_ppm": 1_000_000,
        "link_ppm": 1_000_000,
        "made_us": made,
        "known_us": row.get("known_us", known),
        "value_cents": row.get("cents"),
        "country": row.get("country"),
        "size": row.get("size"),
    }


def _coded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names of parties as numbers from 1, in the order of the names; both sides share one list."""
    names = sorted({row[side] for row in rows for side in ("promisor", "promisee")})
    number = {name: n for n, name in enumerate(names, start=1)}
    return [row | {side: number[row[side]] for side in ("promisor", "promisee")} for row in rows]


def _us(text: str, form: str = "%Y-%m-%d %H:%M:%S") -> int:
    moment = datetime.strptime(text, form).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (moment.days * 86_400 + moment.seconds) * 1_000_000 + moment.microseconds


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def otc(path: Path) -> Rows:
    """A rating is a promise of the one who is rated to the one who rates; a negative one says it was broken.
    It is made and judged in the same moment."""
    with path.open(encoding="ascii", newline="") as file:
        for source, target, rating, seconds in csv.reader(file):
            moment = round(float(seconds) * 1_000_000)
            yield {
                "promisor": target.zfill(5),
                "promisee": source.zfill(5),
                "made_us": moment,
                "due_us": moment,
                "done_us": moment,
                "known_us": moment,
                "kept": int(rating) > 0,
            }


def ibm(path: Path) -> Rows:
    """An invoice is the customer's promise to pay by its due date."""
    for row in _csv(path):
        made, due, done = (
            _us(row[name], "%m/%d/%Y") for name in ("InvoiceDate", "DueDate", "SettledDate")
        )
        yield {
            "promisor": row["customerID"],
            "promisee": "issuer",
            "made_us": made,
            "due_us": due,
            "done_us": done,
            "cents": round(float(row["InvoiceAmount"]) * 100),
            "country": row["countryCode"],
        }


def olist(path: Path) -> Rows:
    """A seller promises to hand the goods of an order to the carrier by `shipping_limit_date`, to the second.
    What never reached a carrier is left out: the file does not say whose doing that was, and the sample holds
    nearly nineteen times too much of it."""
    folder = path.parent
    orders = {row["order_id"]: row for row in _csv(folder / "olist_orders_dataset.csv")}
    state = {
        row["seller_id"]: row["seller_state"] for row in _csv(folder / "olist_sellers_dataset.csv")
    }
    limits: dict[tuple[str, str], str] = {}
    cents: dict[tuple[str, str], int] = {}
    for row in _csv(path):
        key = row["order_id"], row["seller_id"]
        limits.setdefault(key, row["shipping_limit_date"])
        worth = round(100 * (float(row["price"]) + float(row["freight_value"])))
        cents[key] = cents.get(key, 0) + worth
    for (number, seller), limit in limits.items():
        order = orders[number]
        if order["order_delivered_carrier_date"]:
            yield {
                "promisor": seller,
                "promisee": order["customer_id"],
                "made_us": _us(order["order_purchase_timestamp"]),
                "due_us": _us(limit),
                "done_us": _us(order["order_delivered_carrier_date"]),
                "cents": cents[number, seller],
                "country": state[seller],
            }


def cumcm(path: Path) -> Rows:
    """An order is the supplier's promise to deliver it in that week; less than 80 % of it is broken. The file
    counts weeks, so the first one is given a date; what comes in a week is known when the week is over."""
    week_us = 7 * US_PER_DAY
    for row in _csv(path):
        ordered, supplied = float(row["ordered_m3"]), float(row["supplied_m3"])
        if ordered > 0:
            made = (int(row["week"]) - 1) * week_us
            over = made + week_us - US_PER_DAY
            yield {
                "promisor": row["supplier_id"],
                "promisee": "enterprise",
                "made_us": made,
                "due_us": over,
                "done_us": over if supplied > 0 else None,
                "known_us": over,
                "kept": supplied >= 0.8 * ordered,
            }


SETS: Final = (
    DataSet("otc", "Bitcoin OTC", "trust_bitcoin_otc/soc-sign-bitcoinotc.csv", "conform", otc),
    DataSet(
        "ibm",
        "IBM receivables",
        "ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv",
        "pay",
        ibm,
    ),
    DataSet(
        "olist",
        "Olist sample",
        "olist_sample_bravida/olist_order_items_dataset.csv",
        "dispatch",
        olist,
    ),
    DataSet(
        "cumcm",
        "CUMCM 2021",
        "cumcm2021c_supplier_fulfilment/supplier_week_long.csv",
        "deliver",
        cumcm,
    ),
)
