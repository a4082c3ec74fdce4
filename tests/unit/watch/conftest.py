"""A quiet market to plant things in: 60 sellers, 150 buyers that have known each other for two years."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tallystick.promises import PROMISE
from tallystick.watch import Alert, Kin, find_alerts

DAY = 20_000
SELLER, BUYER, NEW = 1, 1_000, 5_000


@dataclass
class Ledger:
    """Promises that are written down one by one."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    checked: dict[int, int] = field(default_factory=dict)

    def promise(
        self,
        seller: int,
        buyer: int,
        ago: int,
        usd: int = 2_000,
        outcome: str = "kept",
        mask: int = 3,
        kind: str = "conform",
        deal: int | None = None,
    ) -> None:
        """The seller's promise, made so many days ago and due a fortnight later."""
        due = DAY - ago + 14
        if outcome == "kept" and due > DAY:
            outcome = "open"
        self.rows.append(
            {
                "deal": len(self.rows) + 1 if deal is None else deal,
                "item": 0,
                "kind": kind,
                "promisor": seller,
                "promisee": buyer,
                "made_day": DAY - ago,
                "due_day": due,
                "matured_day": due,
                "outcome": outcome,
                "kept_ppm": 0,
                "mask": mask,
                "anchored": 0,
                "strength_ppm": 0,
                "link_ppm": 0,
                "value_cents": usd * 100,
            }
        )

    def table(self, order: Any = None) -> pa.Table:
        """The promises, in the order given."""
        schema = PROMISE.append(pa.field("value_cents", pa.int64()))
        rows = self.rows if order is None else [self.rows[n] for n in order]
        names = {name for row in rows for name in row}
        missing = [f.name for f in schema if f.name not in names]
        return pa.Table.from_pylist([dict.fromkeys(missing) | row for row in rows], schema=schema)

    def companies(self) -> pa.Table:
        """Everybody, checked long ago unless it is said otherwise or the company is new."""
        keys = sorted({row[side] for row in self.rows for side in ("promisor", "promisee")})
        days = [self.checked.get(key, None if key >= NEW else DAY - 2_000) for key in keys]
        return pa.table({"company": keys, "verified_day": pa.array(days, pa.int32())})

    def alerts(self, kin: Kin | None = None) -> list[Alert]:
        """What is found in it."""
        return find_alerts(self.table(), self.companies(), DAY, kin=kin)

    def patterns(self, kin: Kin | None = None) -> set[str]:
        """The patterns that are found in it."""
        return {alert.pattern for alert in self.alerts(kin)}


@pytest.fixture
def ledger() -> Ledger:
    """The market; nothing in it is an alert."""
    random = np.random.default_rng(5)
    made = Ledger()
    for n in range(1_500):
        usd = int(2_000 * np.exp(random.normal(0, 0.8)))
        outcome = "broken" if random.random() < 0.05 else "kept"
        seller, buyer = (int(random.integers(most)) for most in (60, 150))
        made.promise(SELLER + seller, BUYER + buyer, 16 + n * 700 // 1_500, usd, outcome)
    return made
