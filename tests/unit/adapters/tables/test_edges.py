"""Blanks at the edges of cells, found from the bytes of a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.adapters.tables.edges import BLOCK, has_plain_edges, plain_edges

PLAIN = [
    b"a,b\nsome text,c\n",
    b"a,b\r\nc,d\r\n",
    b"a,,\n,,b",
    b'"some,text",b\n"","c""d"""\n',
    'a,"Kühn & 北京"\n'.encode(),
]
BLANK = [
    b"a, b\n",
    b"a ,b\n",
    b" a,b",
    b"a,b ",
    b"a,\tb\n",
    b'"a ",b\n',
    b'a,"\nb"\n',
    b'a,"b\n"\n',
    b'a,"b\n"',
    b'"\r\nb",c\n',
    b"a\r b,c\n",
    "a,\u3000b\n".encode(),
    "a\xa0,b\n".encode(),
]


@pytest.mark.parametrize("content", PLAIN)
def test_cells_without_blanks(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    assert has_plain_edges(file, ",", '"')


@pytest.mark.parametrize("content", BLANK)
def test_cells_with_blanks(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    assert not has_plain_edges(file, ",", '"')


@pytest.mark.parametrize("cut", range(-3, 4))
@pytest.mark.parametrize("blank", [" ,", ", ", "\r\n ", ",\u3000", ',"\n'])
def test_a_blank_across_two_blocks_is_seen(cut: int, blank: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"x" * (BLOCK + cut) + blank.encode() + b"y\n")
    assert not has_plain_edges(file, ",", '"')


@given(
    st.lists(st.lists(st.text(" \n\ta\"',\xa0\u2003é", max_size=4), min_size=2, max_size=2)),
    st.sampled_from(",;\t"),
    st.sampled_from(("\n", "\r\n")),
)
def test_no_blank_is_overlooked(rows: list[list[str]], mark: str, end: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end).writerows(rows)
    seen = ("\n" + out.getvalue()).replace("\r\n", "\n").encode()
    if plain_edges(seen, mark.encode(), b'"'):
        assert all(cell == cell.strip() for row in rows for cell in row)
