"""Bytes that were a good file once: cut, spliced, flipped and doubled, as strategies for hypothesis."""

from __future__ import annotations

from collections.abc import Sequence

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


__all__ = ["mutated"]
