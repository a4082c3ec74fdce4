"""Orders to pay: pain.001 (a firm to its bank), pacs.008 (bank to bank), and what a payer announces: remt.001.

Worked example: a `CdtTrfTxInf` of pain.001 with `EndToEndId` ABC-7, `InstdAmt` EUR 99.99 and the block CINV
4562 is `payment_instruction` ABC-7 over EUR 99.99, due on the `ReqdExctnDt` of its group, referring to invoice
4562, `bank` being the debtor's. A pacs.008 is the money itself, on the way: `payment`, on the settlement date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.evidence.formats.iso20022.codes import NO_TRADE
from tallystick.evidence.formats.iso20022.common import SIDES, UETR, Draft, dated
from tallystick.evidence.formats.iso20022.remittance import of_remittance
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.formats.xmlpaths import Found, attribute, branches
from tallystick.evidence.said import Reject, Said

Items = Iterator[Said | Reject]

REMITTANCE: Final = "RmtInf"
_PURPOSES: Final = ("PmtTpInf/CtgyPurp/Cd", "Purp/Cd")
_NUMBERS: Final = (
    "PmtId/EndToEndId",
    "PmtId/InstrId",
    "PmtId/UETR",
    "PmtId/TxId",
    "PmtId/ClrSysRef",
)
_INSTRUCTED: Final = ("Amt/InstdAmt", "InstdAmt")
_EQUIVALENT: Final = "Amt/EqvtAmt/Amt"
_ARRIVES: Final = "Amt/EqvtAmt/CcyOfTrf"
_SETTLED: Final = ("IntrBkSttlmAmt", "InstdAmt")
_BEARER: Final = "ChrgBr"
_ORDERED: Final = ("GrpHdr/CreDtTm", "GrpHdr/CreDt")
_EXECUTED: Final = "ReqdExctnDt"
_MOVED: Final = "IntrBkSttlmDt"
_SENT: Final = ("GrpHdr/IntrBkSttlmDt", "GrpHdr/CreDtTm")
_TOLD_OF: Final = "OrgnlPmtInf"
_ADVISED: Final = ("Amt/InstdAmt", "Amt/IntrBkSttlmAmt", "Amt/EqvtAmt/Amt", "Amt")
_OF_PAYMENT: Final = ("Refs/EndToEndId", "Refs/UETR", "EndToEndId", "UETR")
_ADVICE: Final = branches((*_ADVISED, *_OF_PAYMENT, *SIDES))


def of_charges(path: str) -> tuple[str, str]:
    """What is asked of charges at a path."""
    return f"{path}/Rcrd/Amt", f"{path}/Amt"


PATHS: Final = (
    *(*_PURPOSES, *_NUMBERS, *_INSTRUCTED, _EQUIVALENT, _ARRIVES, *_SETTLED, _BEARER, _TOLD_OF),
    *(*dated(*_ORDERED, _EXECUTED, _MOVED, *_SENT), *SIDES, "RmtId", *of_charges("ChrgsInf")),
    *(*of_remittance(REMITTANCE), *of_remittance("")),
)
"""All that is asked here of the records of a message, and of what they stand in."""


def no_trade(code: str, what: str, place: str) -> Reject:
    """That a payment is none between traders, and is not kept."""
    return Reject(
        None,
        None,
        place,
        "not-a-trade-payment",
        f"{code} says that this is {what}, so nothing is recorded",
        "nothing to do",
    )


def read_instruction(tx: Node) -> Items:
    """A credit transfer of pain.001 in its `PmtInf`."""
    group = tx.parent
    for holder in (tx, group):
        purpose = holder.spot(*_PURPOSES) if holder is not None else None
        if holder is not None and purpose is not None and (code := purpose[1]) in NO_TRADE:
            yield no_trade(code, NO_TRADE[code], holder.place(purpose))
            return
    draft = Draft("payment_instruction")
    draft.put_number(tx, "PmtId/EndToEndId", "PmtId/InstrId")
    draft.refer("payment_instruction", tx, "PmtId/UETR", namespace=UETR)
    draft.put_day("issued_on", group.parent if group is not None else None, *_ORDERED)
    draft.put_day("due_on", group, _EXECUTED)
    _not_before_issue(draft.said)
    if not draft.put_amount(tx, *_INSTRUCTED):
        _equivalent(draft, tx)
    draft.put_sides(tx, group)
    draft.put_bank(tx, group)
    _charges_borne(draft, tx, group)
    yield from draft.end(tx, REMITTANCE)


def _not_before_issue(said: Said) -> None:
    """A day that is past when the order is given means at once."""
    if said.issued_on and said.due_on and said.due_on < said.issued_on:
        said.due_on = said.issued_on


def _equivalent(draft: Draft, tx: Node) -> None:
    """An amount in the payer's currency that is to arrive in another."""
    if draft.put_amount(tx, _EQUIVALENT):
        arrives = tx.text(_ARRIVES)
        draft.notes += [f"to arrive in {arrives}"] if arrives else []


def _charges_borne(draft: Draft, *holders: Node | None) -> None:
    """Who bears the charges on the way: SHAR and CRED let less arrive than was sent."""
    bearer = next((b for h in holders if h is not None and (b := h.text(_BEARER))), None)
    if bearer in ("SHAR", "CRED"):
        draft.notes.append(f"charges borne: {bearer}")


def read_transfer(tx: Node) -> Items:
    """A credit transfer of pacs.008."""
    draft = Draft("payment", status="settled")
    draft.put_number(tx, "PmtId/TxId", "PmtId/ClrSysRef", least=8)
    draft.refer_to_instruction(tx, "PmtId/")
    if not draft.put_moment(tx, _MOVED):
        draft.put_moment(tx.parent, *_SENT)
    draft.put_amount(tx, *_SETTLED)
    draft.put_sides(tx)
    draft.put_bank(tx)
    instructed(draft, tx, "InstdAmt")
    charges(draft, tx, "ChrgsInf")
    _charges_borne(draft, tx)
    yield from draft.end(tx, REMITTANCE)


def instructed(draft: Draft, told: Found, path: str) -> None:
    """Notes what the payer sent where another amount, or another currency, was booked."""
    spot = told.spot(path)
    if spot is None:
        return
    said, sent = draft.said, (spot[1], attribute(spot[2], "Ccy"))
    if sent[1] and sent != (said.amount, said.currency):
        draft.notes.append(f"instructed: {sent[1]} {sent[0]}")


def charges(draft: Draft, told: Found, path: str) -> None:
    """Notes the fees that are known: they explain why less arrived than was owed."""
    for _, text, amount in told.spots(*of_charges(path)):
        if text.strip("0."):
            draft.notes.append(f"charges: {attribute(amount, 'Ccy')} {text}".replace("  ", " "))


def read_advice(advice: Node) -> Items:
    """A `RmtInf` of remt.001: what a payer says that it pays, one statement per bill."""
    original = advice.inside(_TOLD_OF, _ADVICE)
    draft = Draft("remittance")
    draft.put_number(advice, "RmtId")
    draft.put_day("issued_on", advice.parent, "GrpHdr/CreDtTm")
    draft.put_amount(original, *_ADVISED)
    draft.put_sides(original, advice)
    draft.refer_to_instruction(original, "Refs/")
    draft.refer_to_instruction(original, "")
    yield from draft.end(advice, "")
