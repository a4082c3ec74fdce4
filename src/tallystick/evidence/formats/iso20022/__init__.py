"""ISO 20022: orders to pay, their status, statements of account, returns, recalls and remittance advice.

Idea: the messages share their elements for parties, references and remittance, and the versions differ in
namespaces and wrappings only, so one reader by local names serves all of them, from `camt.053.001.01` on. Files
are read as streams, one transaction at a time.

Worked example: a camt.053 entry that credits EUR 8.85 to Seller Ltd, with `Dbtr` Buyer GmbH, `EndToEndId` ABC-7
and the block CINV 4562, yields `Said("payment", status="settled", amount="8.85", currency="EUR",
references=[("invoice", "4562", None), ("payment_instruction", "ABC-7", None)], ...)`.

Source: ISO 20022 message definitions; `docs/reference/formats/iso20022.md` has the table in full.
"""

from tallystick.evidence.formats.iso20022.reader import looks_like_iso20022, read_iso20022

__all__ = ["looks_like_iso20022", "read_iso20022"]
