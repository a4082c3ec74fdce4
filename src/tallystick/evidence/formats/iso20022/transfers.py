"""Orders to pay: pain.001 (a firm to its bank), pacs.008 (bank to bank), and what a payer announces: remt.001.

Worked example: a `CdtTrfTxInf` of pain.001 with `EndToEndId` ABC-7, `InstdAmt` EUR 99.99 and the block CINV
4562 is `payment_instruction` ABC-7 over EUR 99.99, due on the `ReqdExctnDt` of its group, referring to invoice
4562, `bank` being the debtor's. A pacs.008 is the money itself, on the way: `payment`, on the settlement date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tallystick.evidence.formats.iso20022.codes import NO_TRADE
from tallystick.evidence.formats.iso20022.common import UETR, Draft
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.said import Reject, Said

Found = Iterator[Said | Reject]

_PURPOSES: Final = ("PmtTpInf/CtgyPurp/Cd", "Purp/Cd")


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


def read_instruction(tx: Node) -> Found:
    """A credit transfer of pain.001 in its `PmtInf`."""
    group = tx.parent
    header = group.parent.branch("GrpHdr") if group is not None and group.parent else None
    for holder in (tx, group):
        purpose = holder.first(*_PURPOSES) if holder is not None else None
        if purpose is not None and purpose.text in NO_TRADE:
            yield no_trade(purpose.text, NO_TRADE[purpose.text], purpose.place)
            return
    draft = Draft("payment_instruction")
    draft.put_number(tx, "PmtId/EndToEndId", "PmtId/InstrId")
    draft.refer("payment_instruction", tx, "PmtId/UETR", namespace=UETR)
    draft.put_day("issued_on", header, "CreDtTm", "CreDt")
    draft.put_day("due_on", group, "ReqdExctnDt")
    _not_before_issue(draft.said)
    if not draft.put_amount(tx, "Amt/InstdAmt", "InstdAmt"):
        _equivalent(draft, tx)
    draft.put_sides(tx, group)
    draft.put_bank(tx, group)
    _charges_borne(draft, tx, group)
    yield from draft.end(tx.all("RmtInf"))


def _not_before_issue(said: Said) -> None:
    """A day that is past when the order is given means at once."""
    if said.issued_on and said.due_on and said.due_on < said.issued_on:
        said.due_on = said.issued_on


def _equivalent(draft: Draft, tx: Node) -> None:
    """An amount in the payer's currency that is to arrive in another."""
    if draft.put_amount(tx, "Amt/EqvtAmt/Amt"):
        arrives = tx.said("Amt/EqvtAmt/CcyOfTrf")
        draft.notes += [f"to arrive in {arrives}"] if arrives else []


def _charges_borne(draft: Draft, *holders: Node | None) -> None:
    """Who bears the charges on the way: SHAR and CRED let less arrive than was sent."""
    bearer = next((b for h in holders if h is not None and (b := h.said("ChrgBr"))), None)
    if bearer in ("SHAR", "CRED"):
        draft.notes.append(f"charges borne: {bearer}")


def read_transfer(tx: Node) -> Found:
    """A credit transfer of pacs.008."""
    header = tx.parent.branch("GrpHdr") if tx.parent is not None else None
    draft = Draft("payment", status="settled")
    draft.put_number(tx, "PmtId/TxId", "PmtId/ClrSysRef", least=8)
    draft.refer_to_instruction(tx, "PmtId/")
    if not draft.put_moment(tx, "IntrBkSttlmDt"):
        draft.put_moment(header, "IntrBkSttlmDt", "CreDtTm")
    draft.put_amount(tx, "IntrBkSttlmAmt", "InstdAmt")
    draft.put_sides(tx)
    draft.put_bank(tx)
    instructed(draft, tx.first("InstdAmt"))
    charges(draft, tx.all("ChrgsInf"))
    _charges_borne(draft, tx)
    yield from draft.end(tx.all("RmtInf"))


def instructed(draft: Draft, amount: Node | None) -> None:
    """Notes what the payer sent where another amount, or another currency, was booked."""
    if amount is None:
        return
    said = draft.said
    sent = (amount.text, amount.get("Ccy"))
    if sent[1] and sent != (said.amount, said.currency):
        draft.notes.append(f"instructed: {sent[1]} {sent[0]}")


def charges(draft: Draft, records: Sequence[Node]) -> None:
    """Notes the fees that are known: they explain why less arrived than was owed."""
    for record in records:
        for amount in record.some("Rcrd/Amt", "Amt"):
            if amount.text.strip("0."):
                draft.notes.append(f"charges: {amount.get('Ccy')} {amount.text}".replace("  ", " "))


def read_advice(advice: Node) -> Found:
    """A `RmtInf` of remt.001: what a payer says that it pays, one statement per bill."""
    header = advice.parent.branch("GrpHdr") if advice.parent is not None else None
    original = advice.branch("OrgnlPmtInf")
    draft = Draft("remittance")
    draft.put_number(advice, "RmtId")
    draft.put_day("issued_on", header, "CreDtTm")
    draft.put_amount(original, "Amt/InstdAmt", "Amt/IntrBkSttlmAmt", "Amt/EqvtAmt/Amt", "Amt")
    draft.put_sides(original, advice)
    draft.refer_to_instruction(original, "Refs/")
    draft.refer_to_instruction(original, "")
    yield from draft.end([advice])
