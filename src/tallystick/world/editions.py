"""When things are told in `world-1`: what was known at `as_of`, and what came later.

Idea: a document has the day on which it happened and a later one on which it is handed in. Contributors
differ: a platform reports at once, customs take weeks. So a world has two editions, `known/` with what was
told up to `as_of`, and `later/`; a rating as of that day may read the first alone. Some documents give a
wrong day, always a later one (nothing is told before it happened): `truth/errors.parquet` has them.

Worked example: goods are delivered on 1 May, the carrier writes 4 May by mistake and reports it on 20 May.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.world.bargain import Opening
from tallystick.world.columns import Column, Day, Moment
from tallystick.world.companies import Companies, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.parts import Parts
from tallystick.world.teller import Teller

KNOWN: Final = "known"
LATER: Final = "later"

LATE: Final = {
    "marketplace": (0.02, 10),
    "payment-service": (0.05, 20),
    "bank": (0.10, 40),
    "carrier": (0.12, 30),
    "customs": (0.25, 60),
    "insurer": (0.20, 45),
    "inspector": (0.10, 20),
}
"""Share of the documents of each contributor that are handed in late, and the most days that this takes."""

WRONG: Final = {
    "marketplace": 0.002,
    "payment-service": 0.003,
    "bank": 0.004,
    "carrier": 0.012,
    "customs": 0.010,
    "insurer": 0.006,
    "inspector": 0.004,
}
"""Share of the documents of each contributor that give a day one to six days too late."""

ERRORS: Final = pa.schema(
    [
        ("contributor", pa.string()),
        ("kind", pa.string()),
        ("number", pa.string()),
        ("happened_on", pa.date32()),
        ("said_on", pa.date32()),
    ]
)


class Editions:
    """The parts of a world in two editions."""

    def __init__(self, config: WorldConfig, parts: Parts) -> None:
        self._last = config.as_of_day
        self._horizon = config.horizon
        self._parts = parts

    def say(self, folder: str, kind: str, rows: Ints, columns: Mapping[str, Column]) -> None:
        """Documents that are told on the day of their issue."""
        issued = columns["issued_on"]
        if not isinstance(issued, Day):
            raise TypeError(f"issued_on of {kind} must be days")
        self.say_each((folder,), issued.days * 0, kind, rows, columns, issued.days)

    def say_each(
        self,
        folders: tuple[str, ...],
        teller: Ints,
        kind: str,
        rows: Ints,
        columns: Mapping[str, Column],
        told_on: Ints,
    ) -> None:
        """As `Parts.say_each`, each row in the edition of its day `told_on`."""
        day = told_on[rows]
        known, later = day <= self._last, (day > self._last) & (day < self._horizon)
        for edition, chosen in ((KNOWN, known), (LATER, later)):
            named = tuple(f"{edition}/{folder}" for folder in folders)
            self._parts.say_each(named, teller, kind, rows[chosen], columns)


class LateTeller(Teller):
    """A teller whose contributors report late and err. `errors`: the table of what was told wrongly."""

    def __init__(
        self,
        config: WorldConfig,
        companies: Companies,
        parts: Parts,
        opening: Opening,
        numbers: tuple[Ints, Ints],
        chunk: int,
    ) -> None:
        super().__init__(config, companies, parts, opening, *numbers)
        self._editions = Editions(config, parts)
        self._rng = np.random.default_rng([config.seed, 13, chunk])
        self._errors: list[pa.Table] = [ERRORS.empty_table()]

    @property
    def errors(self) -> pa.Table:
        """Documents that give a wrong day."""
        return pa.concat_tables(self._errors)

    def tell(
        self,
        folders: tuple[str, ...],
        teller: Ints,
        kind: str,
        day: Ints,
        step: int,
        columns: Mapping[str, Column],
    ) -> None:
        """As `Teller.tell`, with the errors and delays of those who tell. A document with a day by which
        something is due is read again by whoever relies on it, and has no errors."""
        stem = folders[0].rstrip("-0123456789")
        late, most = LATE[stem]
        u, v, lag = self._rng.random((3, len(day)))
        wrong = (u < WRONG[stem]) & (day < self.config.horizon)
        if "due_on" in columns:
            wrong[:] = False
        said_on = day + np.where(wrong, 1 + np.floor(6 * u / WRONG[stem]).astype(np.int64), 0)
        told_on = said_on + np.where(v < late, 1 + np.floor(lag * most).astype(np.int64), 0)
        said: dict[str, Column] = {
            **self.shared(),
            "issued_on": Day(said_on),
            "happened_at": Moment(said_on, self.o.opened_us, step),
            **columns,
        }
        rows = np.flatnonzero(told_on < self.config.horizon)
        self._editions.say_each(folders, teller, kind, rows, said, told_on)
        self._note(folders, teller, kind, rows[wrong[rows]], columns["number"], (day, said_on))

    def _note(
        self,
        folders: tuple[str, ...],
        teller: Ints,
        kind: str,
        rows: Ints,
        number: Column,
        days: tuple[Ints, Ints],
    ) -> None:
        if len(rows):
            who = pa.array(folders).take(pa.array(teller[rows]))
            happened, said = (Day(each).build(rows) for each in days)
            arrays = [who, pa.repeat(pa.scalar(kind), len(rows)), number.build(rows)]
            self._errors.append(pa.Table.from_arrays([*arrays, happened, said], schema=ERRORS))
