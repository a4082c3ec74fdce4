"""Texts in UTF-16, as they come from Windows: any reader reads them as it reads UTF-8."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence.formats.readers import reader_of
from tallystick.evidence.formats.wide import narrowed

MT940 = (
    ":20:1\r\n:25:DE89370400440532013000\r\n:60F:C260107EUR1,\r\n"
    ":61:260107C5,NTRFX\r\n:86:/NAME/Müller/REMI/INV-1/\r\n:62F:C260107EUR6,\r\n"
)
LINES = '{"kind": "order", "number": "Ä1", "parties": {"seller": {"name": "S"}}}\n' * 2
OCDS = (
    '{"releases": [{"ocid": "o-1", "tag": ["tender"], "date": "2026-01-01T00:00:00Z",'
    ' "buyer": {"name": "Città"}, "tender": {"id": "1", "value": {"amount": 2, "currency": "EUR"}}}]}'
)


@pytest.mark.parametrize("text", [MT940, LINES, OCDS])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_readers_read_it_as_utf_8(text: str, encoding: str) -> None:
    plain, wide = text.encode(), text.encode(encoding)
    reader = reader_of(plain)
    assert reader is not None and reader_of(wide) is reader
    assert list(reader.statements(io.BytesIO(wide), "f")) == list(
        reader.statements(io.BytesIO(plain), "f")
    )


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"U\0N\0"]))
def test_it_breaks_at_nothing_and_can_be_read_again(data: bytes, begin: bytes) -> None:
    source = narrowed(io.BytesIO(begin + data))
    whole = source.read()
    source.seek(0)
    assert b"".join(iter(lambda: source.read(7), b"")) == whole
    if begin in (b"\xff\xfe", b"U\0N\0") and whole != begin + data:
        whole.decode()
