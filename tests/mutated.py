"""Files that were good once: cut, spliced, doubled, or with values of other types, as strategies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st


@st.composite
def mutated(draw: st.DrawFn, files: Sequence[bytes]) -> bytes:
    """One of the files, with a few mutations."""
    data = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        end = min(len(data), at + draw(st.integers(1, 60)))
        how = draw(st.sampled_from(("flip", "cut", "drop", "double", "splice")))
        if how == "flip":
            data[at:end] = bytes(b ^ draw(st.integers(1, 255)) for b in data[at:end][:3])
        elif how == "cut":
            del data[at:]
        elif how == "drop":
            del data[at:end]
        elif how == "double":
            data[at:at] = data[at:end]
        else:
            other = draw(st.sampled_from(files))
            begin = draw(st.integers(0, max(len(other) - 1, 0)))
            data[at:end] = other[begin : begin + draw(st.integers(0, 200))]
    return bytes(data)


ODD: Final = ([], {}, None, 7, -1.5, True, [[]], [None], {"a": 1}, "", "\ud800", "x" * 300)


@st.composite
def oddly(draw: st.DrawFn, records: Sequence[Any]) -> bytes:
    """One of the records as JSON, with members at any depth replaced by values of another type."""
    record = json.loads(json.dumps(draw(st.sampled_from(records))))
    for _ in range(draw(st.integers(1, 3))):
        holder = record
        while isinstance(holder, dict | list) and holder:
            key = draw(
                st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder)))
            )
            if not isinstance(holder[key], dict | list) or draw(st.integers(0, 3)) == 0:
                holder[key] = json.loads(json.dumps(draw(st.sampled_from(ODD))))
                break
            holder = holder[key]
    return json.dumps(record).encode()


__all__ = ["mutated", "oddly"]
