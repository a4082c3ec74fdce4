"""Payments mutilated, padded or endless: always read or rejected, in bounded time and memory."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Iterator
from typing import IO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.evidence.formats.payments import (
    bill,
    document,
    entry,
    read,
    rules,
    said,
    statement,
    wrap,
    xml,
)
from tests.unit.evidence.formats.test_swift import STATEMENT

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.iso20022 import looks_like_iso20022, read_iso20022
from tallystick.evidence.formats.swift import looks_like_swift, read_swift
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

BANK = Contributor("bank", "bank")
DEBTOR = wrap("RltdPties", xml("Dbtr/Nm=Buyer GmbH"))
WHOLE = statement(
    entry("CRDT", DEBTOR + wrap("RmtInf", bill("A", "60"), bill("B", "40"))),
    entry("DBIT", wrap("RltdPties", xml("Cdtr/Nm=Seller SA"))),
)


@settings(max_examples=300, deadline=2_000)
@given(st.data())
def test_no_mutilation_raises(data: st.DataObject) -> None:
    whole, reader = data.draw(st.sampled_from([(WHOLE, read_iso20022), (STATEMENT, read_swift)]))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken)))
        end = data.draw(st.integers(at, min(len(broken), at + 300)))
        broken[at:end] = data.draw(
            st.sampled_from([b"", b"<", b"</Ntry>", b"\xff\0", b"9" * 40, b":61:", b"\r\n"])
            | st.binary(max_size=20)
        )
    looks_like_iso20022(bytes(broken))
    looks_like_swift(bytes(broken))
    items = list(reader(io.BytesIO(broken), "f"))
    assert items
    assert all(isinstance(item, Said) or (item.rule and item.fix) for item in items)
    canonicalise(items, BANK)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + WHOLE, "xml-doctype"),
        (b"<BkToCstmrStmt><Stmt>" + b"<x/>" * 200_001, "xml-too-many-elements"),
        (b"<BkToCstmrStmt><Stmt>" + b"<a>" * 300, "xml-too-deep"),
        (b"<BkToCstmrStmt><Ntry>" + b"<a>" * 70 + b"</a>" * 70 + b"</Ntry></BkToCstmrStmt>", "xml-too-deep"),
        (b"<BkToCstmrStmt><Nm>" + b"x" * 11_000_000 + b"</Nm></BkToCstmrStmt>", "xml-text-too-long"),
        (WHOLE.replace(b"<Document", b'<?xml version="1.0" encoding="utf-7"?><Document'), "xml-encoding"),
    ],
)  # fmt: skip
def test_hostile_files_end_in_a_reject(data: bytes, rule: str) -> None:
    assert rules(data)[-1] == rule


def test_a_batch_of_many_thousand_is_one_entry() -> None:
    many = [xml(f"Amt@EUR={n}.00") + DEBTOR for n in range(1, 8_001)]
    items = said(statement(entry("CRDT", *many)))
    assert len(items) == 8_000 and items[-1].amount == "8000.00"


class Endless(io.RawIOBase):
    """A file of so many entries, made while it is read."""

    def __init__(self, head: bytes, record: bytes, count: int) -> None:
        self.parts: Iterator[bytes] = iter([head, *[record] * count])
        self.rest = self.seen = b""

    def seek(self, at: int, whence: int = 0) -> int:
        self.rest = self.seen + self.rest
        return at

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, None)) is not None:
            self.rest += part
        self.seen, self.rest = self.rest[:size], self.rest[size:]
        return self.seen


JUNK = "<Junk>" + "<x/>" * 20 + "</Junk>"


@pytest.mark.parametrize("between", ["", f"</Stmt>{JUNK}<Stmt>"])
def test_memory_does_not_grow_with_the_file(between: str) -> None:
    head, record = b"<BkToCstmrStmt><Stmt>", (entry("CRDT", DEBTOR) + between).encode()

    def peak(count: int) -> int:
        tracemalloc.start()
        source = cast(IO[bytes], Endless(head, record, count))
        found = [isinstance(item, Said) for item in read_iso20022(source, "f")]
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sum(found) == count
        return top

    few, many = peak(500), peak(2_500)
    assert many < few + 300_000


def test_time_grows_with_the_file_and_not_faster() -> None:
    def seconds(count: int) -> float:
        data = statement(*[entry("CRDT", DEBTOR) + JUNK] * count)
        start = time.process_time()
        assert len(said(data)) == count
        return time.process_time() - start

    seconds(50)
    assert seconds(2_000) < 20 * seconds(400)


def test_long_texts_are_cut_or_rejected_and_never_lost_silently() -> None:
    long = wrap("RmtInf", *(xml(f"Ustrd={n:04} " + "x" * 130) for n in range(60)))
    (item,) = read(statement(entry("CRDT", DEBTOR + long)))
    assert isinstance(item, Said) and item.note is not None and len(item.note) == 4_000
    name = wrap("RltdPties", xml("Dbtr/Nm=" + "Nam " * 75))
    checked = canonicalise(read(statement(entry("CRDT", name))), BANK)
    assert checked.rejects["rule"].to_pylist() == ["text-too-long"]


def test_a_remittance_advice_among_others_is_not_mixed_up() -> None:
    other = document("RmtAdvc", wrap("RmtInf", bill("A", "1")))
    data = b"<all>" + WHOLE + other + b"</all>"
    items = read(data)
    assert [type(item) is Reject for item in items] == [False, False, False, True]
