"""Invoices inside PDF files: Factur-X and ZUGFeRD attach the XML to what people read.

Idea: a PDF is opened only to find its attachments; nothing of its pages is looked at. The attachments are
asked by content, whatever their names, and the first that is an invoice is read as the XML that it is. A PDF
without one is a reject that says so: pages of text are not evidence that can be checked.

The limits are on the file, on the number of attachments and on what each unpacks to.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from functools import cache
from typing import IO, Any, Final

from tallystick.evidence.formats.cii.reader import looks_like_cii, read_xml
from tallystick.evidence.formats.ubl import looks_like_ubl, read_ubl
from tallystick.evidence.formats.xmlsafe import MAX_BYTES, ReaderError
from tallystick.evidence.said import Reject, Said

MAX_PDF: Final = 32 * 1024 * 1024
"""Bytes of a PDF file."""

MAX_ATTACHMENTS: Final = 50
_HEAD: Final = 1024
_LOOK: Final = 65_536


def looks_like_pdf_invoice(head: bytes) -> bool:
    """Whether a file begins as a PDF. Whether it carries an invoice is seen only by opening it."""
    return b"%PDF-" in head[:_HEAD]


def read_pdf_invoice(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the invoice attached to a PDF says. Never raises for content."""
    try:
        kind, data = _invoice(source.read(MAX_PDF + 1))
        yield from read_xml(data, name) if kind == "cii" else read_ubl(data, name)
    except ReaderError as error:
        yield Reject(name, None, None, error.rule, str(error), error.fix)
    except (OSError, EOFError) as error:
        message = f"the file cannot be read on: {error}"
        yield Reject(name, None, None, "unreadable", message, "send the file again, whole")


def _invoice(data: bytes) -> tuple[str, bytes]:
    """Format and bytes of the first attachment that is an invoice. Raises `ReaderError`."""
    if len(data) > MAX_PDF:
        raise ReaderError(
            "pdf-too-large",
            f"the file has more than the {MAX_PDF:,} bytes of one invoice",
            "send the XML that the PDF carries",
        )
    seen = 0
    for content in _attachments(data):
        seen += 1
        kind = _kind(content[:_LOOK])
        if kind is not None:
            return kind, content
    what = f"none of its {seen} attachments is one" if seen else "nothing is attached to it"
    raise ReaderError(
        "pdf-without-invoice",
        f"the PDF carries no invoice that a machine can read: {what}",
        "send the invoice as Factur-X (ZUGFeRD), UBL or CII; text on a page is not read",
    )


def _kind(head: bytes) -> str | None:
    if looks_like_cii(head):
        return "cii"
    return "ubl" if looks_like_ubl(head) else None


def _attachments(data: bytes) -> Iterator[bytes]:
    """Contents of the files attached to a PDF. Raises `ReaderError` where it cannot be opened."""
    try:
        reader = _pdf().PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReaderError(
                "pdf-encrypted", "the PDF is locked by a password", "send it without a password"
            )
        for count, entry in enumerate(reader.attachment_list):
            if count == MAX_ATTACHMENTS:
                return
            content = _content(entry)
            if len(content) <= MAX_BYTES:
                yield content
    except ReaderError:
        raise
    except Exception as error:  # pypdf has its own family, and Python's on odd input
        raise ReaderError(
            "pdf-broken",
            f"the PDF cannot be opened: {type(error).__name__}: {error}"[:200],
            "export the PDF again, or send the XML that it carries",
        ) from None


def _content(entry: Any) -> bytes:
    """Bytes of an attachment, none where it is broken: the others may be whole."""
    try:
        content = entry.content
    except Exception:  # as above
        return b""
    return content if isinstance(content, bytes) else b""


@cache
def _pdf() -> Any:
    """The library, kept from writing to the console of whoever reads a broken file."""
    import pypdf

    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    return pypdf
