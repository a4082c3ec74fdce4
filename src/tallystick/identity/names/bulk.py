"""Many names read at once, as a table that linking and search build on.

Each distinct name is read once; the reading is that of `read_name`, word for word. The work is cut into chunks
and mapped over them; whoever calls may hand in another `map` that spreads the chunks over processes.

>>> table = read_names(pa.array(["Huaqiang Electronics Ltd", "N/A"]))
>>> table["text"].to_pylist(), table["role"].to_pylist(), table["forms"].to_pylist()
([['huaqiang', 'electronics'], []], [['core', 'field'], []], [['limited'], []])
>>> name_of(table.to_pylist()[0])
Name(core:huaqiang field:electronics | limited)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tallystick.identity.names.text import SCRIPTS
from tallystick.identity.names.tokens import ROLES, Name, Token, read_once

CHUNK: Final = 20_000
"""Names that are read in one go."""

_CODED: Final = pa.dictionary(pa.int8(), pa.string())

READ: Final = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("text", pa.list_(pa.string()), nullable=False),
        pa.field("native", pa.list_(pa.string()), nullable=False),
        pa.field("role", pa.list_(_CODED), nullable=False),
        pa.field("script", pa.list_(_CODED), nullable=False),
        pa.field("known", pa.list_(pa.bool_()), nullable=False),
        pa.field("forms", pa.list_(pa.string()), nullable=False),
        pa.field("is_name", pa.bool_(), nullable=False),
        pa.field("cut", pa.bool_(), nullable=False),
    ]
)
"""A name read: key `name`; `text`, `native`, `role`, `script`, `known` of its words (see `Token`) in order;
`forms`: families of its legal forms; `is_name`: no placeholder; `cut`: see `Name`."""

Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""What `map` does: the work done on each chunk, results in the order of the chunks."""

_ROLE: Final = {role: n for n, role in enumerate(ROLES)}
_SCRIPT: Final = {script: n for n, script in enumerate(SCRIPTS)}


def read_names(names: pa.Array | pa.ChunkedArray, spread: Spread = map) -> pa.Table:
    """A row (schema READ) for each of the names, which are distinct and not null, in their order."""
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    chunks = (_copied(names[begin : begin + CHUNK]) for begin in range(0, len(names), CHUNK))
    return pa.concat_tables([READ.empty_table(), *spread(read_chunk, chunks)])


def _copied(names: pa.Array) -> pa.Array:
    """A part of an array without the rest, which would go to another process with it."""
    return pa.concat_arrays([names, names[:0]])


def read_chunk(names: pa.Array) -> pa.Table:
    """A row (schema READ) for each of some names."""
    read = [read_once(name) for name in names.to_pylist()]
    tokens = [token for name in read for token in name.tokens]
    ends = _offsets([len(name.tokens) for name in read])
    forms = [form for name in read for form in name.forms]
    columns = [
        names,
        _lists(ends, pa.array([token.text for token in tokens], pa.string())),
        _lists(ends, pa.array([token.native for token in tokens], pa.string())),
        _lists(ends, _coded([_ROLE[token.role] for token in tokens], ROLES)),
        _lists(ends, _coded([_SCRIPT[token.script] for token in tokens], SCRIPTS)),
        _lists(ends, pa.array([token.known for token in tokens], pa.bool_())),
        _lists(_offsets([len(name.forms) for name in read]), pa.array(forms, pa.string())),
        pa.array([name.is_name for name in read], pa.bool_()),
        pa.array([name.cut for name in read], pa.bool_()),
    ]
    return pa.table(columns, schema=READ)


def name_of(row: Mapping[str, Any]) -> Name:
    """A row of READ as `read_name` gives it."""
    words = zip(*(row[c] for c in ("text", "native", "role", "script", "known")), strict=True)
    tokens = tuple(Token(*word) for word in words)
    return Name(tokens, tuple(row["forms"]), row["is_name"], row["cut"])


def _lists(offsets: pa.Array, values: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(offsets, values)


def _offsets(counts: list[int]) -> pa.Array:
    return pa.array(np.cumsum([0, *counts]), pa.int32())


def _coded(codes: list[int], meanings: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(meanings))
