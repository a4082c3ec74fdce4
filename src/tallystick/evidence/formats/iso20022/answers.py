"""What became of a payment: its status (pain.002, pacs.002), its return (pacs.004), a recall (camt.055 and
camt.056) and the answer to that (camt.029).

Worked example: a `TxInfAndSts` with `OrgnlEndToEndId` ABC-7, `TxSts` RJCT and reason AC01 whose `OrgnlTxRef`
names the debtor is `payment`, status `rejected`, reason AC01, referring to instruction ABC-7. A status that
settles has no amount: the money itself is in the statement of the bank, and is not to be counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.evidence.formats.iso20022.codes import CANCELLED, PARTLY, STATUS
from tallystick.evidence.formats.iso20022.common import Draft, reason_of
from tallystick.evidence.formats.iso20022.parties import bank, party
from tallystick.evidence.formats.iso20022.transfers import Found, charges, instructed
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.said import Reject

_STATUSES: Final = ("TxSts", "PmtInfSts", "GrpSts")
_ORIGINAL: Final = "OrgnlTxRef"
_AMOUNTS: Final = (
    "OrgnlTxRef/Amt/InstdAmt",
    "OrgnlTxRef/IntrBkSttlmAmt",
    "OrgnlTxRef/Amt/EqvtAmt/Amt",
    "OrgnlIntrBkSttlmAmt",
    "OrgnlInstdAmt",
)


def _up(node: Node) -> Iterator[Node]:
    """The node, and what it stands in, up to the message."""
    here: Node | None = node
    while here is not None:
        yield here
        here = here.parent


def _top(node: Node) -> Node:
    return list(_up(node))[-1]


def read_status(tx: Node) -> Found:
    """The status of one payment, or of all of a group where it is the group's node."""
    status = next((s for holder in _up(tx) if (s := holder.first(*_STATUSES)) is not None), None)
    known = STATUS.get(status.text) if status is not None else None
    if status is None or known is None or (tx.name != "TxInfAndSts" and status.text in PARTLY):
        yield _unknown(status, tx)
        return
    header, original = _top(tx).branch("GrpHdr"), tx.branch(_ORIGINAL)
    draft = Draft("payment", status=known)
    draft.said.places["status"] = status.place
    if not draft.put_moment(tx, "FctvIntrBkSttlmDt", "AccptncDtTm"):
        draft.put_moment(header, "CreDtTm")
    if known != "settled":
        draft.put_amount(tx, *_AMOUNTS)
    _put_original(draft, tx, original)
    _put_speaker(draft, header)
    _put_reason(draft, tx, "StsRsnInf")
    yield from draft.end(original.all("RmtInf") if original is not None else [])


def _unknown(status: Node | None, node: Node) -> Reject:
    if status is None:
        why, fix = "the report gives no status", "nothing to do"
    else:
        why, fix = f"the status {status.text[:35]!r} says nothing of a payment", "nothing to do"
    return Reject(None, None, node.place, "nothing-stated", f"{why}, so nothing is recorded", fix)


def read_group_status(group: Node) -> Found:
    """The status of a group or a message that names no payment: what it is about cannot be said."""
    holder = group.branch("OrgnlGrpInfAndSts") or group
    status = holder.first("PmtInfSts", "GrpSts")
    if status is None:
        yield _unknown(None, group)
        return
    code, words, _ = reason_of(holder, "StsRsnInf")
    number = holder.said("OrgnlPmtInfId", "OrgnlMsgId") or "?"
    reason = ", ".join(word for word in (code, *words) if word)
    yield Reject(
        None,
        None,
        status.place,
        "nothing-stated",
        f"{status.text} is said of the whole of {number[:35]!r} and of no payment in it"
        + (f" ({reason[:100]})" if reason else ""),
        "ask the bank for a status per payment; nothing to do where all were accepted",
        status.text,
    )


def _put_original(draft: Draft, tx: Node, original: Node | None) -> None:
    """Who paid whom, by which reference, as the original said it."""
    draft.refer_to_instruction(tx, "Orgnl")
    if draft.said.references == []:
        draft.refer("payment_instruction", tx, "OrgnlInstrId")
    draft.put_sides(original, tx)
    draft.put_bank(original)


def _put_speaker(draft: Draft, header: Node | None) -> None:
    node = header.branch("DbtrAgt", "InstgAgt", "InitgPty") if header is not None else None
    draft.put_party("issuer", node, bank(node) or party(node))
    if "bank" not in draft.said.parties and node is not None and node.name == "DbtrAgt":
        draft.put_party("bank", node, bank(node))


def _put_reason(draft: Draft, tx: Node, block: str) -> None:
    for holder in _up(tx):
        code, words, place = reason_of(holder, block)
        if code or words:
            draft.said.reason = code
            draft.notes[:0] = words
            if place:
                draft.said.places["reason"] = place
            return


def read_return(tx: Node) -> Found:
    """A `TxInf` of pacs.004: money that goes back the way it came."""
    header, original = _top(tx).branch("GrpHdr"), tx.branch(_ORIGINAL)
    draft = Draft("payment_return")
    draft.put_number(tx, "RtrId", least=8)
    if not draft.put_moment(tx, "IntrBkSttlmDt"):
        draft.put_moment(header, "IntrBkSttlmDt", "CreDtTm")
    draft.put_amount(tx, "RtrdIntrBkSttlmAmt", "RtrdInstdAmt", *_AMOUNTS)
    _put_original(draft, tx, original)
    _put_reason(draft, tx, "RtrRsnInf")
    instructed(draft, tx.first("RtrdInstdAmt"))
    charges(draft, tx.all("ChrgsInf"))
    yield from draft.end(original.all("RmtInf") if original is not None else [])


def read_recall(tx: Node) -> Found:
    """A payment that the payer's bank asks to have back: the payer's complaint about the payee."""
    top, original = _top(tx), tx.branch(_ORIGINAL)
    draft = Draft("dispute", status="recall")
    if not draft.put_number(tx, "CxlId", least=8):
        draft.put_number(top, "Case/Id", least=8)
    draft.put_day("issued_on", top, "Assgnmt/CreDtTm")
    draft.put_amount(tx, *_AMOUNTS)
    _put_original(draft, tx, original)
    _put_reason(draft, tx, "CxlRsnInf")
    _put_speakers(draft, top)
    yield from draft.end(original.all("RmtInf") if original is not None else [])


def read_answer(tx: Node) -> Found:
    """The answer to a recall, for one payment or for the whole case."""
    top, original = _top(tx), tx.branch(_ORIGINAL)
    paths = ("TxCxlSts", "PmtInfCxlSts", "GrpCxlSts")
    status = tx.first(*paths) or top.first("Sts/Conf")
    if status is None:
        yield _unknown(None, tx)
        return
    draft = Draft("dispute_response", status=CANCELLED.get(status.text, status.text))
    draft.said.places["status"] = status.place
    draft.put_number(tx, "CxlStsId", least=8)
    draft.put_day("issued_on", top, "Assgnmt/CreDtTm")
    draft.put_amount(tx, *_AMOUNTS)
    _put_original(draft, tx, original)
    for holder in (tx, top):
        draft.refer("dispute", holder, "RslvdCase/Id", "CxlDtls/OrgnlGrpInfAndSts/RslvdCase/Id")
    _put_reason(draft, tx, "CxlStsRsnInf")
    _put_speakers(draft, top, answer=True)
    yield from draft.end(original.all("RmtInf") if original is not None else [])


def _put_speakers(draft: Draft, top: Node, *, answer: bool = False) -> None:
    """Payer and payee speak through their banks; where they are not named, the banks stand for themselves."""
    ours, theirs = ("seller", "buyer") if answer else ("buyer", "seller")
    for role, side, element in (("issuer", ours, "Assgnr"), ("recipient", theirs, "Assgne")):
        node = top.branch(f"Assgnmt/{element}")
        agent = node.branch("Agt") if node is not None else None
        who = draft.said.parties.get(side)
        if who is None and node is not None:
            who = bank(agent) or party(node.branch("Pty"))
        draft.put_party(role, node, who)
