"""What traders already have, turned into documents: one reader per format.

A reader of documents takes the bytes of one file, yields `Said` and `Reject`, and never raises for what
the file holds. `ubl` reads UBL 2.0 to 2.4; `xmlsafe` parses XML that a stranger may have sent.
"""
