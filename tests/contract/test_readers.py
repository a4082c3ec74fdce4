"""Every reader keeps the contract of readers, and a reader that does not is told so."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from pypdf import PdfWriter

from tallystick.evidence.formats.reader_contract import damaged_files, problems
from tallystick.evidence.formats.readers import HEAD, READERS, Reader, reader_of
from tallystick.evidence.said import Reject, Said

SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", "../shared/samples"))
ORDER = json.dumps(
    {
        "kind": "order",
        "number": "7",
        "issued_on": "2024-01-02",
        "parties": {"seller": {"name": "ACME"}, "buyer": {"name": "Bob"}},
    }
).encode()
FILES = {
    "registers": "identity/gleif-bods/lei-updates-data.json",
    "ubl": "trade/ubl-oasis/UBL-Order-2.1-Example.xml",
    "iso20022": "payments/moov/FI_camt_053_sample.xml.xml",
    "cii": "trade/zugferd-corpus/XML-Rechnung/CII/EN16931_Einfach.cii.xml",
    "pdf": "trade/zugferd-corpus/XML-Rechnung/CII/EN16931_Einfach.cii.xml",
    "ocds": "trade/ocds/fictional-example/1.1/ocds-213czf-000-00001.json",
    "edifact": "trade/edifact-pydifact/tests/data/order.edi",
    "epcis": "logistics/epcis/JSON/Example_9.6.1-ObjectEvent.jsonld",
    "dcsa": "logistics/dcsa/tnt/src/main/resources/standards/tnt/messages/tnt-220-response.json",
}
"""Reader -> a real file of its format."""

MADE = {
    "documents": ORDER + b"\n" + ORDER,
    "swift": b":20:S1\r\n:25:DE89370400440532013000\r\n:60F:C260107EUR1000,00\r\n"
    b":61:2601070107C500,25NTRFINV-7//BANKREF12345\r\n:86:166?20SVWZ+INV-4562?32BUYER GMBH\r\n"
    b":62F:C260107EUR1500,25\r\n-\r\n",
    "customs": b'<c:CEB403Message xmlns:c="http://www.chinaport.gov.cn/ceb"><c:Receipts><c:appType>1</c:appType>'
    b"<c:ebpCode>3301963H79</c:ebpCode><c:orderNo>O-1</c:orderNo><c:payNo>N-1</c:payNo>"
    b"<c:charge>120.5</c:charge><c:currency>142</c:currency><c:accountingDate>20260508</c:accountingDate>"
    b"</c:Receipts></c:CEB403Message>",
    "amazon": json.dumps(
        {
            "sellingPartnerId": "A3TH",
            "orders": [
                {"orderId": "1-2", "createdTime": "2026-03-05T10:30:00Z", "salesChannel": {}}
            ],
        }
    ).encode(),
}
"""Reader -> a file that was made for this test, where no public one may be kept or there is none."""


def sample(name: str) -> bytes:
    if name in MADE:
        return MADE[name]
    path = SAMPLES / FILES[name]
    if not path.exists():
        pytest.skip(f"{path} is not here")
    data = path.read_bytes()
    return pdf(data) if name == "pdf" else data


def pdf(attached: bytes) -> bytes:
    """A PDF of one blank page that carries an invoice."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_attachment("factur-x.xml", attached)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_the_contract(reader: Reader) -> None:
    assert problems(reader, [sample(reader.name)]) == []


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_reader_takes_a_file_of_another(reader: Reader) -> None:
    data = sample(reader.name)
    assert [other.name for other in READERS if other.recognises(data[:HEAD])] == [reader.name]
    assert reader_of(data[:HEAD]) is reader


def test_every_reader_has_a_file() -> None:
    assert {reader.name for reader in READERS} == {*FILES, *MADE}


def _good(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    for row, line in enumerate(source, start=1):
        yield Said("order", number=line.hex(), source=name, row=row)


GOOD = Reader("good", "good", lambda head: head.startswith(b"PLUG"), _good)


def _changed(**fields: object) -> Reader:
    def read(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
        for item in _good(source, name):
            assert isinstance(item, Said)
            yield replace(item, **fields)  # type: ignore[arg-type]

    return replace(GOOD, read=read)


def _raising(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    yield Said("order", number=source.read().decode("ascii"), source=name, row=1)


BAD = {
    "does not recognise": replace(GOOD, recognises=lambda head: False),
    "takes": replace(GOOD, recognises=lambda head: True),
    "raises": replace(GOOD, read=_raising),
    "no row": _changed(row=None),
    "name of the file": _changed(source="other"),
    "no fields": _changed(places={"colour": "1"}),
    "no statement": replace(GOOD, read=lambda source, name: iter(())),
    "kind of contributor": replace(GOOD, hands_in="nobody"),
    "lacks its message": replace(
        GOOD, read=lambda source, name: iter([Reject(name, 1, None, "odd", "", "")])
    ),
}


def test_a_good_reader_has_no_problem() -> None:
    assert problems(GOOD, [b"PLUG 1\nPLUG 2\n"]) == []


@pytest.mark.parametrize("what", BAD)
def test_a_bad_reader_is_told(what: str) -> None:
    assert any(what in problem for problem in problems(BAD[what], [b"PLUG 1\nPLUG 2\n"]))


def test_damaged_files_are_the_same_again_and_differ() -> None:
    files = list(damaged_files(b"PLUG 1\nPLUG 2\n" * 9, 50))
    assert files == list(damaged_files(b"PLUG 1\nPLUG 2\n" * 9, 50)) and len(set(files)) > 30
