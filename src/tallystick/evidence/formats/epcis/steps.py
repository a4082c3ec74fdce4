"""What an event means in a trade: business step and disposition to kind of document and status.

Idea: a row per business step of the Core Business Vocabulary. A step within a plant (commissioning, packing)
says nothing of a trade unless it names a business transaction or a transfer between two parties; then it is
kept as a transport event without a status.

>>> meaning("shipping", "in_transit", {"seller"}), meaning("shipping", "in_transit", set())
(Meaning(kind='dispatch', status=None), Meaning(kind='transport_event', status='departed'))
>>> meaning("receiving", "damaged", set()), meaning("packing", None, set()) is None
(Meaning(kind='receipt', status='damaged'), True)

Source: CBV 2.0 (GS1), sections 7.1 (business steps) and 7.2 (dispositions).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Meaning:
    """Kind of document and status that an event becomes."""

    kind: str
    status: str | None = None


_MOVES: Final = {
    "shipping": Meaning("dispatch"),
    "departing": Meaning("transport_event", "departed"),
    "consigning": Meaning("transport_event", "collected"),
    "collecting": Meaning("transport_event", "collected"),
    "loading": Meaning("transport_event"),
    "transporting": Meaning("transport_event"),
    "unloading": Meaning("transport_event"),
    "arriving": Meaning("transport_event", "arrived"),
    "holding": Meaning("transport_event", "held"),
    "void_shipping": Meaning("transport_event"),
    "receiving": Meaning("receipt"),
    "accepting": Meaning("receipt", "accepted"),
    "inspecting": Meaning("inspection"),
}
"""Business step -> what it is where the parties that it needs are named."""

_WITHOUT_PARTIES: Final = {
    "dispatch": Meaning("transport_event", "departed"),
    "inspection": Meaning("transport_event"),
    "return": Meaning("transport_event", "returned"),
}
_NEEDS: Final = {"dispatch": "seller", "inspection": "seller", "return": "buyer"}

_CONDITION: Final = {
    "transport_event": {"damaged": "damaged", "stolen": "lost", "returned": "returned"},
    "receipt": {"damaged": "damaged"},
    "inspection": {"conformant": "passed", "non_conformant": "failed", "damaged": "failed"},
}
"""Kind -> disposition -> status; it outweighs what the step says."""


def meaning(
    step: str | None, disposition: str | None, parties: Collection[str], tied: bool = False
) -> Meaning | None:
    """What an event becomes; None where it says nothing of a trade. `parties`: roles that are named; `tied`:
    whether it names a business transaction or who gives and who takes."""
    found = _MOVES.get(step or "") or (Meaning("transport_event") if tied else None)
    if found is None:
        return None
    if step == "shipping" and disposition == "returned":
        found = Meaning("return")
    needed = _NEEDS.get(found.kind)
    if needed and needed not in parties:
        found = _WITHOUT_PARTIES[found.kind]
    status = _CONDITION[found.kind].get(disposition or "") if found.kind in _CONDITION else None
    return Meaning(found.kind, status) if status else found


REFERENCES: Final = {
    "po": ("order", "buyer"),
    "poc": ("order_confirmation", "seller"),
    "desadv": ("dispatch", "seller"),
    "recadv": ("receipt", "buyer"),
    "inv": ("invoice", "seller"),
    "bol": ("shipment", "carrier"),
    "rma": ("return", "seller"),
    "cert": ("certificate", ""),
}
"""Type of business transaction -> kind of document, and the party whose GLN stands in its identifier."""

_VOCABULARIES: Final = (
    ("urn:epcglobal:cbv:bizstep:", "BizStep-"),
    ("urn:epcglobal:cbv:disp:", "Disp-"),
    ("urn:epcglobal:cbv:btt:", "BTT-"),
    ("urn:epcglobal:cbv:sdt:", "SDT-"),
    ("urn:epcglobal:cbv:er:", "ER-"),
)


def word(value: object) -> str | None:
    """The bare word of a vocabulary, in whichever of its spellings; another URI as it stands.

    >>> word("urn:epcglobal:cbv:btt:po"), word("https://ref.gs1.org/cbv/BTT-po"), word("cbv:BTT-po")
    ('po', 'po', 'po')
    """
    return _word(value) if isinstance(value, str) else None


@lru_cache(maxsize=10_000)
def _word(value: str) -> str | None:
    text = value.strip()
    if ":" not in text:
        return text or None
    for urn, prefix in _VOCABULARIES:
        if text.startswith(urn):
            return text[len(urn) :]
        for root in ("https://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/", "cbv:"):
            if text.startswith(root + prefix):
                return text[len(root) + len(prefix) :]
    return text
