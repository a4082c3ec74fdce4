"""EPCIS events (GS1, ISO/IEC 19987) of 1.2 and 2.0, XML and JSON-LD: where goods went, and whose they became.

Idea: whichever form it came in, an event becomes one dictionary; tables of the Core Business Vocabulary say
what it means in a trade. It is numbered by its own id, or else by the event hash of GS1, so that the same
event sent twice is one document.

Worked example: a `shipping` event with a source `owning_party` is a `dispatch` of that seller; one of the
step `receiving` with disposition `damaged` is a `receipt` with the status `damaged`.

Sources: EPCIS 2.0, CBV 2.0 (GS1). `docs/reference/formats/epcis.md` has the tables in full.
"""

from tallystick.evidence.formats.epcis.reader import looks_like_epcis, read_epcis

__all__ = ["looks_like_epcis", "read_epcis"]
