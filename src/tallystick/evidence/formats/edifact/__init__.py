"""UN/EDIFACT: the messages of a trade, from the request for quotation to the remittance advice.

Idea: an EDIFACT message is a list of segments whose first element is a qualifier: `NAD+BY` is the buyer,
`DTM+137` the date of the document, `MOA+77` the amount of the invoice. So a message type is a row of a table
that says which qualifiers matter (`shapes.SHAPES`), and one function reads them all.

Worked example: `BGM+380+INV7+9'DTM+137:20260105:102'RFF+ON:PO1'NAD+SU+4012345500004::9'NAD+BY+5412345000013::9'
CUX+2:EUR'PAT+1'DTM+13:20260204:102'UNS+S'MOA+77:119.00'` yields one `Said("invoice", number="INV7",
amount="119.00", currency="EUR", due_on="2026-02-04", references=[("order", "PO1", None)], ...)`.

Source: ISO 9735 syntax 1 to 4, the UN/EDIFACT directories D.96A to D.21A and their code lists;
`docs/reference/formats/edifact.md` has the tables in full.
"""

from tallystick.evidence.formats.edifact.reader import looks_like_edifact, read_edifact

__all__ = ["looks_like_edifact", "read_edifact"]
