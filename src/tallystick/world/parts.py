"""Writing a world: one folder per contributor, in part files of at most a million rows.

Idea: documents are told kind by kind; what one contributor says within one chunk of deals lies in one
part file, with all columns that this contributor ever uses. Writing goes on in one thread beside the
drawing of the next deals. A part's bytes depend on its rows alone, so the thread changes no file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.evidence.kinds import ROLES
from tallystick.world.columns import Column
from tallystick.world.companies import Ints
from tallystick.world.config import WorldSummary

PART_ROWS: Final = 1_000_000

REFERENCES: Final = (
    "rfq",
    "quotation",
    "order",
    "proforma",
    "invoice",
    "shipment",
    "policy",
    "claim",
    "dispute",
)

FLAT: Final = pa.schema(
    [
        ("kind", pa.string()),
        ("number", pa.string()),
        ("namespace", pa.string()),
        ("issued_on", pa.date32()),
        ("due_on", pa.date32()),
        ("deliver_on", pa.date32()),
        ("happened_at", pa.timestamp("us", tz="UTC")),
        ("amount_minor", pa.int64()),
        ("currency", pa.string()),
        ("quantity_milli", pa.int64()),
        ("unit", pa.string()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("fault", pa.string()),
        ("terms", pa.string()),
        ("incoterm", pa.string()),
        ("score_ppm", pa.int64()),
        *((f"{role}_id", pa.string()) for role in ROLES),
        ("subject_name", pa.string()),
        ("subject_country", pa.string()),
        ("subject_address", pa.string()),
        ("subject_account", pa.string()),
        ("subject_domain", pa.string()),
        ("subject_other_names", pa.string()),
        ("subject_founded", pa.date32()),
        *((f"ref_{kind}", pa.string()) for kind in REFERENCES),
    ]
)
"""Every column that a world may write, in order; `docs/reference/documents.md` gives their meaning."""

_PLAIN: Final = {"number", *(f"ref_{kind}" for kind in REFERENCES)}
_DICTIONARY: Final = [f.name for f in FLAT if pa.types.is_string(f.type) and f.name not in _PLAIN]


def write_parquet(table: pa.Table, path: Path) -> int:
    """Write one file as all files of a world are written; returns its size in bytes."""
    words = [name for name in _DICTIONARY if name in table.column_names]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=1,
        use_dictionary=words,
        store_schema=False,
        row_group_size=250_000,
    )
    return path.stat().st_size


class Sayer(Protocol):
    """Whoever takes in what a contributor says."""

    def say(self, folder: str, kind: str, rows: Ints, columns: Mapping[str, Column]) -> None:
        """Documents of one kind by one contributor: one for each of `rows`."""
        ...


class Parts:
    """The part files of a world in the making. Use as a context manager: leaving waits for the files."""

    def __init__(self, out: Path, columns: Mapping[str, tuple[str, ...]]) -> None:
        """`columns`: folder -> names of its columns, in the order of `FLAT`."""
        self.summary = WorldSummary()
        self._out = out
        self._schemas = {
            name: pa.schema([FLAT.field(c) for c in cs]) for name, cs in columns.items()
        }
        self._told: dict[str, list[pa.Table]] = defaultdict(list)
        self._next_part: dict[str, int] = defaultdict(int)
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._writing: list[Future[int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            self._settle()

    def say(self, folder: str, kind: str, rows: Ints, columns: Mapping[str, Column]) -> None:
        """Documents of one kind by one contributor: one for each of `rows`."""
        if not len(rows):
            return
        schema = self._schemas[folder]
        built = {name: column.build(rows) for name, column in columns.items()}
        built["kind"] = pa.repeat(pa.scalar(kind), len(rows))
        unknown = built.keys() - set(schema.names)
        if unknown:
            raise KeyError(f"{folder} has no column {', '.join(sorted(unknown))} for {kind}")
        arrays = [built[f.name] if f.name in built else pa.nulls(len(rows), f.type) for f in schema]
        self._told[folder].append(pa.Table.from_arrays(arrays, schema=schema))
        counts = self.summary.documents
        counts[kind] = counts.get(kind, 0) + len(rows)

    def say_each(
        self,
        folders: tuple[str, ...],
        teller: Ints,
        kind: str,
        rows: Ints,
        columns: Mapping[str, Column],
    ) -> None:
        """As `say`, each row by the contributor whose position in `folders` is `teller[row]`."""
        spoken = teller[rows]
        for number, folder in enumerate(folders):
            self.say(folder, kind, rows[np.flatnonzero(spoken == number)], columns)

    def flush(self) -> None:
        """End the chunk: hand what was told to the writer, which holds one chunk at most."""
        self._settle()
        for folder in sorted(self._told):
            table = pa.concat_tables(self._told[folder])
            for start in range(0, table.num_rows, PART_ROWS):
                path = self._out / folder / f"part-{self._next_part[folder]:05d}.parquet"
                self._next_part[folder] += 1
                part = table.slice(start, PART_ROWS)
                self._writing.append(self._writer.submit(write_parquet, part, path))
        self._told.clear()

    def count_file(self, size: int) -> None:
        """Add a file that was written elsewhere to the summary."""
        self.summary.files += 1
        self.summary.bytes += size

    def _settle(self) -> None:
        for future in self._writing:
            self.count_file(future.result())
        self._writing.clear()
