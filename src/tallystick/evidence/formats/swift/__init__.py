"""SWIFT MT940 and MT942: statements of account as banks sent them before ISO 20022.

Idea: a statement line (`:61:`) with what stands below it (`:86:`) is one payment. The library `mt-940` reads
these fields, in the dialects of many banks; here they are told apart line by line, so that a file of any size
is read as a stream, one bad line costs one line, and each fact keeps the line where it stands.

Worked example: `:61:2601070107C500,25NTRFINV-7//BANKREF12345` on an account in euro, with `:86:` naming BUYER
GMBH, yields `Said("payment", status="settled", amount="500.25", currency="EUR", ...)` with that buyer; the
seller is whoever owns the account, known by the account's hash.

Source: SWIFT Standards MT, category 9; `docs/reference/formats/swift.md` has the table in full.
"""

from tallystick.evidence.formats.swift.reader import looks_like_swift, read_swift

__all__ = ["looks_like_swift", "read_swift"]
