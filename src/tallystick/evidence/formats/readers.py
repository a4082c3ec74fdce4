"""Readers of documents: which there are, and which of them reads a file, told by its content alone.

Idea: a name says nothing (`export.txt` may be EDIFACT, `data.xml` may be a bank statement), so each reader
looks at the first bytes of a file and says whether they are its own. The first that does reads the file.
A reader of another package is a `Reader` under the entry point group `tallystick.readers`; the tests that
every reader must pass are `tallystick.evidence.formats.reader_contract`.

Worked example:

>>> reader_of(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">').name
'ubl'
>>> reader_of(b"name,amount") is None, unknown(b'<a xmlns="urn:x"/>')
(True, "XML of 'a' in 'urn:x', which no reader reads")
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

from tallystick.evidence.formats.amazon import looks_like_amazon, read_amazon
from tallystick.evidence.formats.cii import (
    looks_like_cii,
    looks_like_pdf_invoice,
    read_cii,
    read_pdf_invoice,
)
from tallystick.evidence.formats.customs import looks_like_customs, read_customs
from tallystick.evidence.formats.dcsa import looks_like_dcsa, read_dcsa
from tallystick.evidence.formats.edifact import looks_like_edifact, read_edifact
from tallystick.evidence.formats.epcis import looks_like_epcis, read_epcis
from tallystick.evidence.formats.iso20022 import looks_like_iso20022, read_iso20022
from tallystick.evidence.formats.ocds import looks_like_ocds, read_ocds
from tallystick.evidence.formats.plain import looks_like_documents, read_documents
from tallystick.evidence.formats.registers import looks_like_register, read_register
from tallystick.evidence.formats.swift import looks_like_swift, read_swift
from tallystick.evidence.formats.ubl import looks_like_ubl, read_ubl
from tallystick.evidence.formats.wide import narrowed
from tallystick.evidence.said import Reject, Said
from tallystick.evidence.sentences import say

HEAD: Final = 65_536
"""Bytes from the beginning of a file, unpacked, by which it is recognised."""

Read = Callable[[IO[bytes], str], Iterator[Said | Reject]]


@dataclass(frozen=True, slots=True)
class Reader:
    """One format. `recognises`: whether the first `HEAD` bytes of a file are of it; `read`: the statements of
    a file that can seek, with the name that they give as their source, and rejects for what cannot be read:
    it raises for no content. `streams`: it holds little of a file at a time, so a file may be of any size.
    `hands_in`: the kind of contributor of such files, where nobody says who hands them in."""

    name: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Read
    streams: bool = False
    hands_in: str = "firm"

    def statements(self, source: IO[bytes], name: str) -> Iterator[Said | Reject]:
        """What `read` yields, of a text in UTF-16 too."""
        return self.read(narrowed(source), name)


READERS: Final = (
    Reader(
        "registers",
        "registers: LEI, RR and reporting exceptions of GLEIF, BODS",
        looks_like_register,
        read_register,
        streams=True,
        hands_in="registry",
    ),
    Reader(
        "ubl", "UBL 2.0 to 2.4", looks_like_ubl, lambda source, name: read_ubl(source.read(), name)
    ),
    Reader("cii", "CII: XRechnung, Factur-X, ZUGFeRD, Order-X", looks_like_cii, read_cii),
    Reader("pdf", "an invoice or order in a PDF", looks_like_pdf_invoice, read_pdf_invoice),
    Reader("edifact", "UN/EDIFACT", looks_like_edifact, read_edifact, streams=True),
    Reader("ocds", "OCDS: public procurement", looks_like_ocds, read_ocds, streams=True),
    Reader(
        "iso20022",
        "payments of ISO 20022: pain, pacs, camt, remt",
        looks_like_iso20022,
        read_iso20022,
        streams=True,
    ),
    Reader(
        "swift",
        "SWIFT: statements MT940, MT942, transfers MT103",
        looks_like_swift,
        read_swift,
        streams=True,
    ),
    Reader("epcis", "EPCIS 1.2 and 2.0 (GS1)", looks_like_epcis, read_epcis, streams=True),
    Reader(
        "customs",
        "customs: WCO declarations and answers, China's e-commerce messages",
        looks_like_customs,
        read_customs,
    ),
    Reader("dcsa", "container shipping (DCSA)", looks_like_dcsa, read_dcsa, streams=True),
    Reader(
        "amazon",
        "Amazon's selling partner interfaces",
        looks_like_amazon,
        read_amazon,
        streams=True,
    ),
    Reader(
        "documents",
        "JSON Lines of Tallystick's own shape",
        looks_like_documents,
        read_documents,
        streams=True,
    ),
)
"""Those of this package, in the order in which they are asked."""


def reader_of(head: bytes, readers: Sequence[Reader] = READERS) -> Reader | None:
    """The first reader that recognises the beginning of a file."""
    head = _narrow(head)
    return next((reader for reader in readers if reader.recognises(head)), None)


def _narrow(head: bytes) -> bytes:
    return narrowed(io.BytesIO(head)).read()


_ROOT: Final = re.compile(rb"<(?![?!])(?:[\w.\-]+:)?([\w.\-]+)")
_NAMESPACE: Final = re.compile(rb"xmlns(?::[\w.\-]+)?\s*=\s*[\"']([^\"']{1,200})")
_PAGE: Final = re.compile(
    rb"(<!--.{0,500}?-->\s*|<\?xml[^>]{0,200}>\s*)*<(!doctype\s+)?html[\s>]", re.I | re.S
)
_KEY: Final = re.compile(rb'"([^"\\]{1,40})"\s*:')
_TEXTS: Final = (
    (re.compile(rb"ISA[^\w\s]\d\d"), "ANSI X12"),
    (re.compile(rb"101[ \d]\d{9}[ \d]\d{9}"), "NACHA (ACH)"),
    (re.compile(rb"01,[^,\n]*,[^,\n]*,\d{6},"), "BAI2"),
    (re.compile(rb"HNHBK:"), "FinTS"),
)
"""Other standards whose files are met beside those that are read, by how they begin."""


def unknown(head: bytes) -> str:
    """What a file that no reader reads seems to be, for a person who wonders why."""
    head = _narrow(head)
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not begin:
        return say("an-empty-file")
    if head.startswith(b"PK\x03\x04"):
        return say("workbook")
    if head.startswith(b"\x1f\x8b"):
        return say("packed-unnamed")
    if _PAGE.match(begin):
        return say("web-page")
    if begin.startswith(b"<"):
        return _unknown_xml(begin)
    if begin[:1] in (b"{", b"["):
        keys = list(dict.fromkeys(key.decode(errors="replace") for key in _KEY.findall(begin)))[:4]
        named = ", ".join(map(repr, keys))
        return say("json-unknown", keys=named or say("json-no-keys"))
    for form, name in _TEXTS:
        if form.match(begin):
            return say("text-of-another", name=name)
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head[:1000])
    return say("text-unknown" if printable >= 0.95 * len(head[:1000]) else "binary-unknown")


def _unknown_xml(begin: bytes) -> str:
    root, space = _ROOT.search(begin), _NAMESPACE.search(begin)
    if root is None:
        return say("xml-no-root")
    within = space.group(1).decode(errors="replace") if space else ""
    where = say("xml-within", space=within) if within else ""
    return say("xml-unknown", root=root.group(1).decode(errors="replace")[:60], where=where)
