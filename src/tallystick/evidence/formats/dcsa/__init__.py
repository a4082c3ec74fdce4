"""Messages of the Digital Container Shipping Association: Track & Trace, bills of lading, bookings, arrivals.

Idea: an event is what happened to a shipment, a document is the carrier's promise. Tables of codes say which
is which; a request that the carrier has not answered promises nothing and is refused, saying so.

Worked example: the event `TRANSPORT` `DEPA` `ACT` with the references `BKG` and `TRD` is a
`transport_event` `departed` that names its booking and its bill of lading.

Sources: DCSA Track & Trace 2.2 and 3.0, Bill of Lading 3.0, Booking 2.0, Arrival Notice 1.0.
`docs/reference/formats/dcsa.md` has the tables in full.
"""

from tallystick.evidence.formats.dcsa.reader import looks_like_dcsa, read_dcsa

__all__ = ["looks_like_dcsa", "read_dcsa"]
