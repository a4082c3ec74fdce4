"""OCDS: what governments publish about what they buy, from the tender to the payments.

Idea: a contracting process has one `ocid`, so all that is said of it is one deal. A release says anew all that
it knows, in sections; each section that binds somebody is a statement with the date of its own, so that the
same award in a later release is the same statement. A section that a release changes corrects the one before.

Worked example: a contract of 11,000,000 GBP signed on 2010-06-10 with a transaction of 50,000 GBP yields
`Said("order", ...)` and `Said("payment", ...)` with `("deal", "ocds-213czf-000-00001", "ocds")` as reference.

Source: Open Contracting Data Standard 1.1 and 1.0 (release and record packages, releases);
`docs/reference/formats/ocds.md` has the table in full.
"""

from tallystick.evidence.formats.ocds.reader import looks_like_ocds, read_ocds

__all__ = ["looks_like_ocds", "read_ocds"]
