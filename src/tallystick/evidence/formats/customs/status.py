"""What customs answers about the state of a declaration that somebody asks for, as the British CDS shapes it.

Worked example: `DeclarationStatusDetails` with the MRN 20GB2VL7V7X4TFGVR6 and a `GoodsReleasedDateTime` is a
`customs_event` with the status `released` at that moment, which meets the declaration in its MRN.

Source: declaration information service of CDS (HMRC, Apache-2.0), status 1 and 2.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.formats.customs.tree import Facts, find_all, first, moment
from tallystick.evidence.formats.customs.wco import MRN, named_documents
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.said import Reject, Said

DETAILS: Final = "DeclarationStatusDetails"
"""Element of an answer that holds the state of one declaration."""

_MOMENTS: Final = (
    ("GoodsReleasedDateTime/DateTimeString", "released"),
    ("AcceptanceDateTime/DateTimeString", "accepted"),
    ("ReceivedDateTime/DateTimeString", None),
    ("CreatedDateTime/DateTimeString", None),
)
"""Where a moment stands, the furthest state first, and the status that it means."""

_STATES: Final = ("ICS", "ROE", "IRC")


def read_status(details: Element) -> Said | Reject:
    """How far a declaration has come: one customs event."""
    told = find_all(details, "Declaration")
    state = next((d for d in told if first(d, "ID")), None)
    if state is None:
        return Reject(None, None, "Declaration/ID", "nothing-stated",
                      "the answer does not say which declaration it is about",
                      "send the answer whole, with the MRN of its declaration")  # fmt: skip
    facts = Facts(state)
    mrn = facts.take("number", "ID")
    said = Said("customs_event", number=mrn, reason="declaration status")
    for path, status in _MOMENTS:
        if at := moment(facts.take("happened_at", path)):
            said.happened_at, said.status = at, status
            break
    states = [f"{name} {text}" for name in _STATES if (text := facts.text(name))]
    said.note = ", ".join(states) or None
    said.references = [("deal", mrn or "", MRN)]
    for declared in told:
        said.references += [r for r in named_documents(Facts(declared)) if r not in said.references]
    said.places = {"references": facts.places["number"], **facts.places}
    return said
