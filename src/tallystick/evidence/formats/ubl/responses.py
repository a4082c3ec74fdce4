"""Answers to a bill: `ApplicationResponse` as Peppol Invoice Response and others use it.

Worked example: response code UQ (under query) with status reason PRI on invoice inv021 is a dispute that
the sender has with the receiver, reason `PRI`, referring to that invoice; AP is the answer that ends it;
PD is the payer's word that it has paid. AB (received) and IP (in process) state nothing about the trade.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tallystick.evidence.formats.ubl.codes import (
    BUSINESS_RESPONSES,
    REASONS,
    RESPONSES,
    document_kind,
)
from tallystick.evidence.formats.ubl.parties import read_parties
from tallystick.evidence.formats.ubl.tree import find_all, first, plain_date, texts
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.links import Reference
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import PartySaid, Reject, Said

_BILLS: Final = frozenset({"invoice", "proforma", "credit_note", "debit_note", "freight_invoice"})
_STATUS: Final = {"AP": "accepted", "PD": None}
_REMARKS: Final = ("Response/Status/StatusReason", "Response/Description")
_MESSAGE_LEVEL: Final = ":mlr:"


def read_responses(whole: Said, root: Element) -> Iterator[Said | Reject]:
    """One statement or `Reject` per `cac:DocumentResponse`."""
    answers = find_all(root, "DocumentResponse")
    if not answers:
        yield _nothing("the response answers no document")
    technical = _MESSAGE_LEVEL in (first(root, "CustomizationID") or "") + ":"
    for answer in answers:
        yield _nothing("the response is about a message") if technical else _one(whole, answer)


def _one(whole: Said, answer: Element) -> Said | Reject:
    written = (first(answer, "Response/ResponseCode") or "").upper()
    code = BUSINESS_RESPONSES.get(written, written)
    kind = RESPONSES.get(code)
    if kind is None:
        return _nothing(f"the response code {written[:40]!r} only says where the document is")
    references = _references(answer)
    if not references:
        return _nothing("the response answers a document that is not of the trade")
    parties = _parties(whole, answer, references[0][0])
    if kind == "remittance":
        parties = {role: parties[role] for role in ("seller", "buyer") if role in parties}
    effective = first(answer, "Response/EffectiveDate")
    return replace(
        whole,
        kind=kind,
        due_on=None,
        happened_at=plain_date(effective) if effective else None,
        status=_STATUS.get(code, code),
        reason=_reason(answer) if kind == "dispute" else None,
        note=" / ".join(t for p in _REMARKS for t in texts(answer, p))[:MAX_NOTE] or whole.note,
        parties=parties,
        references=references,
    )


def _references(answer: Element) -> list[Reference]:
    """The documents answered. One without a type is an invoice: that is what the message is for."""
    found: list[Reference] = []
    for element in find_all(answer, "DocumentReference"):
        code, words = first(element, "DocumentTypeCode"), first(element, "DocumentType")
        kind = document_kind(code, words) if code or words else "invoice"
        number = first(element, "ID")
        if kind and number and (kind, number, None) not in found:
            found.append((kind, number, None))
    return found


def _parties(whole: Said, answer: Element, kind: str) -> dict[str, PartySaid]:
    """Sender and receiver; of a bill the sender is the buyer, for whom a service provider may speak."""
    parties = dict(whole.parties)
    if kind in _BILLS:
        named = read_parties(answer, {"seller": ("IssuerParty",), "buyer": ("RecipientParty",)})
        for role, other in (("seller", "recipient"), ("buyer", "issuer")):
            party = named.get(role) or parties.get(other)
            if party is not None:
                parties[role] = party
    return parties


def _reason(answer: Element) -> str | None:
    """The first reason code of Peppol's list; a code of another list is `OTH`."""
    codes = [code.upper() for code in texts(answer, "Response/Status/StatusReasonCode")]
    known = next((code for code in codes if code in REASONS), None)
    return known or ("OTH" if codes else None)


def _nothing(why: str) -> Reject:
    return Reject(
        None,
        None,
        None,
        "nothing-stated",
        f"{why}, so nothing is recorded",
        "nothing to do; disputes, acceptances and payments are recorded when they come",
    )
