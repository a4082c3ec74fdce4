"""Readers of standard formats: each turns the bytes of one file into `Said` and `Reject`, and never raises.

`ubl` reads UBL 2.0 to 2.4; `xmlsafe` parses XML that a stranger may have sent.
"""
