"""Strictly out of time: models learn from what was known before each block of promises, and foretell it.

Idea: the last 45 % of the promises, in the order in which they were made, are cut into nine blocks of equal
number. Before each block every model is fitted anew on the promises whose outcome was known before the block's
first promise was made. A model may look at all that was known before the very promise that it judges.

Worked example: of 1,000 promises, those at places 550 to 599 are block 0; if the promise at place 550 was made
on day 400, a model learns from all outcomes known before day 400.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
import pyarrow as pa

from tallystick.rating.validation.examples import Examples, known_before
from tallystick.rating.validation.prequential import Floats, Ints, Timeline
from tallystick.units import PPM

BLOCKS: Final = 9
TEST_SHARE: Final = 0.45
EVIDENCE_HALF_LIFE_DAYS: Final = 730.0

PREDICTION: Final = pa.schema(
    [
        pa.field("promisor", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("day", pa.int32(), nullable=False),
        pa.field("y_ppm", pa.int64(), nullable=False),
        pa.field("known", pa.int64(), nullable=False),
        pa.field("evidence_micro", pa.int64()),
        pa.field("country", pa.string()),
        pa.field("size", pa.string()),
        pa.field("age_days", pa.int64()),
        pa.field("contributor", pa.string()),
        pa.field("block", pa.int32(), nullable=False),
    ]
)
"""A promise that was foretold, and one column `p_<model>` per model: `day` when it was made, `y_ppm` the
share broken, `known` how many outcomes of that promisor and kind were known before, `evidence_micro` the same
with each halved every 730 days (or what the rating itself took for its evidence), `age_days` since the first
promise of that promisor."""


class Model(Protocol):
    """What is tested: it sees all promises once, then learns from some and foretells others."""

    @property
    def name(self) -> str:
        """Short name; letters, digits and `_`."""

    def prepare(self, examples: Examples) -> None:
        """Take note of what it needs of each promise, out of what was known before that promise was made."""

    def fit(self, rows: Ints) -> None:
        """Learn from the promises at these places, whose outcomes are known."""

    def predict(self, rows: Ints) -> Floats:
        """Expected share broken of the promises at these places."""


def blocks_of(count: int, blocks: int = BLOCKS, share: float = TEST_SHARE) -> list[Ints]:
    """Places of the promises of each test block."""
    edges = np.rint(np.linspace((1 - share) * count, count, blocks + 1)).astype(np.int64)
    return [np.arange(a, z) for a, z in pairwise(edges) if z > a]


def foretell(
    examples: Examples,
    models: Sequence[Model],
    kind: str,
    labels: pa.Table | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> pa.Table:
    """Predictions (schema PREDICTION and `p_<model>`) of the test blocks. `labels`: rows as in `examples`, with
    any of the columns `country`, `size`, `contributor`."""
    for model in models:
        model.prepare(examples)
    blocks = blocks_of(len(examples))
    found: dict[str, list[Floats]] = {model.name: [] for model in models}
    for n, rows in enumerate(blocks):
        learned = np.flatnonzero(known_before(examples, examples.made[rows[0]]))
        for model in models:
            model.fit(learned)
            found[model.name].append(model.predict(rows))
        progress(n + 1, len(blocks))
    table = _described(examples, blocks, kind, labels)
    for name, parts in found.items():
        table = table.append_column(f"p_{name}", pa.array(np.concatenate(parts), pa.float64()))
    return table


def _described(
    examples: Examples, blocks: Sequence[Ints], kind: str, labels: pa.Table | None
) -> pa.Table:
    rows = np.concatenate(blocks)
    line = Timeline(examples.promisor, examples.known)
    place = line.last_before(examples.promisor, examples.made)[rows]
    known = np.where(place >= 0, line.rank[place] + 1, 0)
    state = line.decayed(np.ones((len(examples), 1)), EVIDENCE_HALF_LIFE_DAYS)
    mass = line.read(state, place, examples.made[rows], EVIDENCE_HALF_LIFE_DAYS)[:, 0]
    first = np.full(examples.promisor.max(initial=0) + 1, np.inf)
    np.minimum.at(first, examples.promisor, examples.made)
    age = examples.made[rows] - first[examples.promisor[rows]]
    columns = {
        "promisor": examples.promisor[rows],
        "kind": pa.repeat(kind, len(rows)),
        "day": np.floor(examples.made[rows]).astype(np.int32),
        "y_ppm": np.rint(examples.y[rows] * PPM).astype(np.int64),
        "known": known.astype(np.int64),
        "evidence_micro": np.rint(mass * PPM).astype(np.int64),
        "age_days": np.floor(age).astype(np.int64),
        "block": np.repeat(np.arange(len(blocks)), [len(b) for b in blocks]).astype(np.int32),
    }
    for name in ("country", "size", "contributor"):
        if labels is not None and name in labels.column_names:
            columns[name] = labels[name].take(rows)
        else:
            columns[name] = pa.nulls(len(rows), pa.string())
    return pa.table({f.name: columns[f.name] for f in PREDICTION}, schema=PREDICTION)
