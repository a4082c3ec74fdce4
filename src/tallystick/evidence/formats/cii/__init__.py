"""UN/CEFACT Cross Industry Invoice and Order: XRechnung, Factur-X, ZUGFeRD, Order-X, as XML or in a PDF.

Idea: ZUGFeRD 1 (CII D13B) and D16B differ in the names of a few elements, so one table of paths with both names
serves both. A Factur-X file is a PDF that carries the same XML as an attachment: it is taken out and read.

Worked example: `ExchangedDocument/ID` 471102, `TypeCode` 380 and `DuePayableAmount` 529.87 with
`InvoiceCurrencyCode` EUR yield one `Said("invoice", number="471102", amount="529.87", currency="EUR", ...)`.

Source: EN 16931-3-3 (syntax binding to CII D16B), ZUGFeRD 1.0 and 2.3, Factur-X 1.07, Order-X 1.0;
`docs/reference/formats/cii.md` has the table in full.
"""

from tallystick.evidence.formats.cii.pdf import looks_like_pdf_invoice, read_pdf_invoice
from tallystick.evidence.formats.cii.reader import looks_like_cii, read_cii

__all__ = ["looks_like_cii", "looks_like_pdf_invoice", "read_cii", "read_pdf_invoice"]
