"""UBL 2.0 to 2.4: every document type of the trade loop, read by one table of paths.

Idea: the namespaces of UBL have not changed since 2.0, so one reader serves all versions. What differs
between document types is where things stand, and that is data: `shapes.SHAPES` says for each document
type which kind it becomes and which paths hold its parties, amounts, dates and references.

Worked example: an `Invoice` with `cbc:ID` A00095678, `cac:OrderReference/cbc:ID` AEG012345 and
`cac:LegalMonetaryTotal/cbc:PayableAmount` GBP 107.50 yields one `Said("invoice", number="A00095678",
amount="107.50", currency="GBP", references=[("order", "AEG012345", None)], ...)`. A
`RemittanceAdvice` over three invoices yields three, one for each invoice.

Source: OASIS UBL 2.1 (ISO/IEC 19845:2015) and 2.4; `docs/reference/ubl.md` has the table in full.
"""

from tallystick.evidence.formats.ubl.reader import looks_like_ubl, read_ubl

__all__ = ["looks_like_ubl", "read_ubl"]
