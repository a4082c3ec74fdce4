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
    ACTION_LIST,
    ACTIONS,
    BUSINESS_RESPONSES,
    PARTLY,
    REASONS,
    RESPONSES,
)
from tallystick.evidence.formats.ubl.parties import find_parties
from tallystick.evidence.formats.ubl.references import Located, refer, typed_references
from tallystick.evidence.formats.ubl.tree import asked, plain_date
from tallystick.evidence.formats.xmlpaths import Found, Spot, attribute
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import PartySaid, Reject, Said

_BILLS: Final = frozenset({"invoice", "proforma", "credit_note", "debit_note", "freight_invoice"})
_STATUS: Final = {"AP": "accepted", "PD": None}
_REMARKS: Final = ("Response/Status/StatusReason", "Response/Description")
_MESSAGE_LEVEL: Final = ":mlr:"
_CODE: Final = "Response/ResponseCode"
_EFFECTIVE: Final = "Response/EffectiveDate"
_REASON: Final = "Response/Status/StatusReasonCode"
_ANSWERED: Final = "DocumentReference"
_SIDES: Final = {"seller": ("IssuerParty",), "buyer": ("RecipientParty",)}
_ANSWER: Final = asked(
    (_CODE, _EFFECTIVE, _REASON, *_REMARKS, _ANSWERED, "IssuerParty", "RecipientParty")
)
ANSWERS: Final = "DocumentResponse"
PROFILE: Final = "CustomizationID"


def read_responses(whole: Said, told: Found) -> Iterator[Said | Reject]:
    """One statement or `Reject` per `cac:DocumentResponse`."""
    answers = told.below(ANSWERS, _ANSWER)
    if not answers:
        yield _nothing("the response answers no document")
    technical = _MESSAGE_LEVEL in (told.text(PROFILE) or "") + ":"
    for answer in answers:
        yield _nothing("the response is about a message") if technical else _one(whole, answer)


def _one(whole: Said, answer: Found) -> Said | Reject:
    given = answer.spot(_CODE)
    written = given[1].upper() if given else ""
    code = BUSINESS_RESPONSES.get(written, written)
    kind = RESPONSES.get(code)
    if kind is None:
        return _nothing(f"the response code {written[:40]!r} only says where the document is")
    references = _references(answer)
    if not references:
        return _nothing("the response answers a document that is not of the trade")
    parties = _parties(whole, answer, next(iter(references))[0])
    if kind == "remittance":
        parties = {role: parties[role] for role in ("seller", "buyer") if role in parties}
    effective = answer.spot(_EFFECTIVE)
    said = replace(
        whole,
        kind=kind,
        due_on=None,
        happened_at=plain_date(effective[1]) if effective else None,
        status=_STATUS.get(code, code),
        note=_note(answer) or whole.note,
        parties=parties,
        places=dict(whole.places),
    )
    refer(said, references)
    _put_reason(said, answer)
    for name, spot in (("status", given), ("happened_at", effective)):
        if spot is not None:
            said.places[name] = answer.place(spot)
    return said


def _note(answer: Found) -> str | None:
    """What is said in words, and what is asked of the other side."""
    words = answer.texts(*_REMARKS)
    asked = [
        ACTIONS[code] for code, _, is_action in _codes(answer) if is_action and code in ACTIONS
    ]
    if asked:
        words.append(f"asks to {', '.join(dict.fromkeys(asked))}")
    return " / ".join(words)[:MAX_NOTE] or None


def _put_reason(said: Said, answer: Found) -> None:
    """The first reason code of Peppol's list; a code of another list is `OTH`. Of a payment only that it is in
    part counts."""
    codes = [(code, spot) for code, spot, is_action in _codes(answer) if not is_action]
    known = [pair for pair in codes if pair[0] in REASONS] or [("OTH", spot) for _, spot in codes]
    if said.kind == "remittance":
        known = [pair for pair in known if pair[0] == PARTLY]
    if known and said.kind in ("dispute", "remittance"):
        said.reason, said.places["reason"] = known[0][0], answer.place(known[0][1])


def _codes(answer: Found) -> Iterator[tuple[str, Spot, bool]]:
    """(code, where, whether it is an action) of each status: both lists stand in the same element."""
    for spot in answer.spots(_REASON):
        code, listed = spot[1].upper(), attribute(spot[2], "listID").upper()
        is_action = listed == ACTION_LIST or (not listed and code in ACTIONS)
        yield code, spot, is_action


def _references(answer: Found) -> Located:
    """The documents answered. One without a type is an invoice: that is what the message is for."""
    found: Located = {}
    for ref, place in typed_references(answer, _ANSWERED, "invoice"):
        found.setdefault(ref, place)
    return found


def _parties(whole: Said, answer: Found, kind: str) -> dict[str, PartySaid]:
    """Sender and receiver; of a bill the sender is the buyer, for whom a service provider may speak."""
    parties = dict(whole.parties)
    if kind in _BILLS:
        named = find_parties(answer, _SIDES)
        for role, other in (("seller", "recipient"), ("buyer", "issuer")):
            party = named[role][0] if role in named else parties.get(other)
            if party is not None:
                parties[role] = party
    return parties


def _nothing(why: str) -> Reject:
    return Reject(
        None,
        None,
        None,
        "nothing-stated",
        f"{why}, so nothing is recorded",
        "nothing to do; disputes, acceptances and payments are recorded when they come",
    )
