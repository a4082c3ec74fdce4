"""Examples from promises, blocks, and models that can only learn from what was known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tallystick.promises.derive import PROMISE
from tallystick.rating.validation.examples import Examples, counted_in_order, examples_of
from tallystick.rating.validation.rolling import PREDICTION, blocks_of, foretell

SHARED = {
    "item": 0,
    "kind": "pay",
    "promisee": 9,
    "mask": 0,
    "anchored": 0,
    "strength_ppm": 1_000_000,
    "link_ppm": 1_000_000,
    "kept_ppm": 1_000_000,
}


def promise(deal: int, made: int, due: int, done: int | None, outcome: str, **more: object) -> dict:
    days = {"made_day": made, "due_day": due, "matured_day": due, "done_day": done}
    return SHARED | days | {"deal": deal, "promisor": 1, "outcome": outcome} | more


def test_an_outcome_is_known_when_it_was_kept_or_the_day_after_it_was_due() -> None:
    rows = [
        promise(4, 30, 60, None, "open"),
        promise(3, 20, 50, 70, "late", late_days=20),
        promise(2, 10, 40, None, "broken", kept_ppm=0),
        promise(1, 10, 40, 35, "kept"),
        promise(5, 40, 60, 60, "partial", kept_ppm=250_000),
    ]
    table = pa.Table.from_pylist(rows, schema=pa.schema([*PROMISE, ("value_cents", pa.int64())]))
    found = examples_of(counted_in_order(table))
    assert found.made.tolist() == [10, 10, 20, 40]
    assert found.known.tolist() == [35, 41, 51, 61]
    assert found.y.tolist() == [0, 1, 1, 0.75]
    assert found.late_days.tolist() == [0, 0, 20, 0]


def test_blocks_cover_the_last_part_without_gap() -> None:
    rows = np.concatenate(blocks_of(1_003))
    assert rows.tolist() == list(range(552, 1_003))


class Spy:
    """Remembers what it was shown."""

    name = "spy"

    def prepare(self, examples: Examples) -> None:
        self.examples, self.latest = examples, -np.inf

    def fit(self, rows: np.ndarray) -> None:
        self.latest = self.examples.known[rows].max(initial=-np.inf)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        assert self.latest < self.examples.made[rows].min()
        return np.full(len(rows), 0.5)


def test_no_model_learns_from_what_was_not_yet_known() -> None:
    made = np.arange(200.0)
    zero = np.zeros(200, dtype=np.int64)
    examples = Examples(
        promisor=np.arange(200) % 7,
        promisee=zero,
        made=made,
        due=made + 9,
        known=made + 10,
        y=np.arange(200) % 3 == 0,
        value=made,
        group=zero,
        late_days=made * 0,
    )
    found = foretell(examples, [Spy()], "pay")
    assert found.schema.names == [*PREDICTION.names, "p_spy"]
    assert len(found) == 90
    assert found["known"].to_pylist()[0] == sum(1 for n in range(100) if n % 7 == 110 % 7)
    weights = [2 ** (-(110 - n - 10) / 730) for n in range(100) if n % 7 == 110 % 7]
    assert abs(found["evidence_micro"].to_pylist()[0] - 1e6 * sum(weights)) < 1
    assert found["age_days"].to_pylist()[0] == 110 - 110 % 7
