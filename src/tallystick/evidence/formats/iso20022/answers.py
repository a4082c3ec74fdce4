"""What became of a payment: its status (pain.002, pacs.002), its return (pacs.004), a recall (camt.055 and
camt.056) and the answer to that (camt.029).

Worked example: a `TxInfAndSts` with `OrgnlEndToEndId` ABC-7, `TxSts` RJCT and reason AC01 whose `OrgnlTxRef`
names the debtor is `payment`, status `rejected`, reason AC01, referring to instruction ABC-7. A status that
settles has no amount: the money itself is in the statement of the bank, and is not to be counted twice.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.formats.iso20022.codes import CANCELLED, PARTLY, STATUS
from tallystick.evidence.formats.iso20022.common import SIDES, Draft, dated
from tallystick.evidence.formats.iso20022.parties import bank, of_party, party
from tallystick.evidence.formats.iso20022.remittance import of_remittance
from tallystick.evidence.formats.iso20022.transfers import (
    REMITTANCE,
    Items,
    charges,
    instructed,
    of_charges,
)
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.formats.xmlpaths import Found, branches
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
_NUMBERS: Final = ("RtrId", "CxlId", "CxlStsId", "Case/Id")
_GROUP: Final = "OrgnlGrpInfAndSts"
_GROUPS: Final = ("OrgnlPmtInfId", "OrgnlMsgId")
_OF_PAYMENT: Final = ("OrgnlEndToEndId", "OrgnlUETR", "OrgnlInstrId")
_MOMENTS: Final = ("FctvIntrBkSttlmDt", "AccptncDtTm", "IntrBkSttlmDt")
_SENT: Final = ("GrpHdr/IntrBkSttlmDt", "GrpHdr/CreDtTm")
_SPEAKERS: Final = ("GrpHdr/DbtrAgt", "GrpHdr/InstgAgt", "GrpHdr/InitgPty")
_RETURNED: Final = ("RtrdIntrBkSttlmAmt", "RtrdInstdAmt")
_ASSIGNED: Final = "Assgnmt/CreDtTm"
_CHANGED: Final = ("TxCxlSts", "PmtInfCxlSts", "GrpCxlSts")
_CONFIRMED: Final = "Sts/Conf"
_WHOLLY: Final = ("GrpCxl", "PmtInfCxl")
_TRUE: Final = frozenset({"true", "1"})
_TO_OWN_BANK: Final = "CstmrPmtCxlReq"
_CASES: Final = ("RslvdCase/Id", "CxlDtls/OrgnlGrpInfAndSts/RslvdCase/Id")
_REASONS: Final = ("StsRsnInf", "RtrRsnInf", "CxlRsnInf", "CxlStsRsnInf")
_ASSIGNERS: Final = ("Assgnmt/Assgnr", "Assgnmt/Assgne")
_REFERENCE: Final = branches((*SIDES, *of_remittance(REMITTANCE)))
_WHOLE: Final = branches((*_STATUSES, *_GROUPS, "StsRsnInf"))
PATHS: Final = (
    *(*_STATUSES, _ORIGINAL, *_AMOUNTS, *_NUMBERS, _GROUP, *_GROUPS, *_OF_PAYMENT, *_RETURNED),
    *(*dated(*_MOMENTS, *_SENT, _ASSIGNED), *_CHANGED, _CONFIRMED, *_CASES, *_REASONS),
    *(path for agent in _SPEAKERS for path in of_party(agent)),
    *(path for who in _ASSIGNERS for one in ("Agt", "Pty") for path in of_party(f"{who}/{one}")),
    *(*_ASSIGNERS, *of_charges("ChrgsInf"), *SIDES, *_WHOLLY),
)
"""All that is asked here of the records of a message, and of what they stand in."""


def read_status(tx: Node) -> Items:
    """The status of one payment, or of all of a group where it is the group's node."""
    found = ((holder, spot) for holder in tx.up() if (spot := holder.spot(*_STATUSES)) is not None)
    holder, spot = next(found, (tx, None))
    text = spot[1] if spot is not None else ""
    known = STATUS.get(text)
    if spot is None or known is None or (tx.name != "TxInfAndSts" and text in PARTLY):
        yield _unknown(text, holder.place(spot) if spot is not None else tx.here)
        return
    top, original = tx.top, tx.inside(_ORIGINAL, _REFERENCE)
    draft = Draft("payment", status=known)
    draft.said.places["status"] = holder.place(spot)
    if not draft.put_moment(tx, "FctvIntrBkSttlmDt", "AccptncDtTm"):
        draft.put_moment(top, "GrpHdr/CreDtTm")
    if known != "settled":
        draft.put_amount(tx, *_AMOUNTS)
    _put_original(draft, tx, original)
    _put_speaker(draft, top)
    _put_reason(draft, tx, "StsRsnInf")
    yield from draft.end(original, REMITTANCE)


def _unknown(status: str, place: str) -> Reject:
    """`status`: what is given, "" where nothing is."""
    why = (
        f"the status {status[:35]!r} says nothing of a payment"
        if status
        else "the report gives no status"
    )
    message = f"{why}, so nothing is recorded"
    return Reject(None, None, place, "nothing-stated", message, "nothing to do")


def read_group_status(group: Node) -> Items:
    """The status of a group or a message that names no payment: what it is about cannot be said."""
    holder = group.inside(_GROUP, _WHOLE) or group
    status = holder.spot("PmtInfSts", "GrpSts")
    if status is None:
        yield _unknown("", group.here)
        return
    fix = "ask the bank for a status per payment; nothing to do where all were accepted"
    yield _of_the_whole(holder, holder.place(status), status[1], "StsRsnInf", fix)


def _of_the_whole(holder: Found, place: str, text: str, block: str, fix: str) -> Reject:
    """That something is said of a message or a group, and of no payment in it."""
    told = Draft("payment")
    told.put_reason(holder, block)
    number = holder.text(*_GROUPS) or "?"
    reason = ", ".join(word for word in (told.said.reason, *told.notes) if word)
    message = f"{text} is said of the whole of {number[:35]!r} and of no payment in it"
    message += f" ({reason[:100]})" if reason else ""
    return Reject(None, None, place, "nothing-stated", message, fix, text)


def read_group_recall(group: Node) -> Items:
    """A message or a group that is asked back as a whole: what payments it held is said elsewhere."""
    wholly = group.spot(*_WHOLLY)
    if wholly is not None and wholly[1] in _TRUE:
        yield _of_the_whole(group, group.place(wholly), "a recall", "CxlRsnInf",
                            "send the recall of each payment (TxInf)")  # fmt: skip


def _put_original(draft: Draft, tx: Node, original: Found | None) -> None:
    """Who paid whom, by which reference, as the original said it."""
    draft.refer_to_instruction(tx, "Orgnl")
    if draft.said.references == []:
        draft.refer("payment_instruction", tx, "OrgnlInstrId")
    draft.put_sides(original, tx)
    draft.put_bank(original)


def _put_speaker(draft: Draft, top: Node) -> None:
    at = next((path for path in _SPEAKERS if path in top.at), "")
    draft.put_party("issuer", top, at, (bank(top, at) or party(top, at)) if at else None)
    if "bank" not in draft.said.parties and at == _SPEAKERS[0]:
        draft.put_party("bank", top, at, bank(top, at))


def _put_reason(draft: Draft, tx: Node, block: str) -> None:
    any(draft.put_reason(holder, block) for holder in tx.up())


def read_return(tx: Node) -> Items:
    """A `TxInf` of pacs.004: money that goes back the way it came."""
    original = tx.inside(_ORIGINAL, _REFERENCE)
    draft = Draft("payment_return")
    draft.put_number(tx, "RtrId", least=8)
    if not draft.put_moment(tx, "IntrBkSttlmDt"):
        draft.put_moment(tx.top, *_SENT)
    draft.put_amount(tx, *_RETURNED, *_AMOUNTS)
    _put_original(draft, tx, original)
    _put_reason(draft, tx, "RtrRsnInf")
    instructed(draft, tx, "RtrdInstdAmt")
    charges(draft, tx, "ChrgsInf")
    yield from draft.end(original, REMITTANCE)


def read_recall(tx: Node) -> Items:
    """A payment that the payer's bank asks to have back: the payer's complaint about the payee."""
    top, original = tx.top, tx.inside(_ORIGINAL, _REFERENCE)
    draft = Draft("dispute", status="recall")
    if not draft.put_number(tx, "CxlId", least=8):
        draft.put_number(top, "Case/Id", least=8)
    draft.put_day("issued_on", top, _ASSIGNED)
    draft.put_amount(tx, *_AMOUNTS)
    _put_original(draft, tx, original)
    _put_reason(draft, tx, "CxlRsnInf")
    _put_speakers(draft, top)
    if top.name.startswith(_TO_OWN_BANK) and "seller" not in draft.said.parties:
        _asked_of_own_bank(draft)
    yield from draft.end(original, REMITTANCE)


def _asked_of_own_bank(draft: Draft) -> None:
    """A payer asks its own bank to stop a payment: that is no complaint about the bank."""
    own = draft.said.parties.pop("recipient", None)
    place = draft.said.places.pop("recipient", None)
    if own is not None and "bank" not in draft.said.parties:
        draft.said.parties["bank"] = own
        draft.said.places |= {"bank": place} if place else {}


def read_answer(tx: Node) -> Items:
    """The answer to a recall, for one payment or for the whole case."""
    top, original = tx.top, tx.inside(_ORIGINAL, _REFERENCE)
    holder, status = tx, tx.spot(*_CHANGED)
    if status is None:
        holder, status = top, top.spot(_CONFIRMED)
    if status is None:
        yield _unknown("", tx.here)
        return
    text = status[1]
    draft = Draft("dispute_response", status=CANCELLED.get(text, text))
    draft.said.places["status"] = holder.place(status)
    draft.put_number(tx, "CxlStsId", least=8)
    draft.put_day("issued_on", top, _ASSIGNED)
    draft.put_amount(tx, *_AMOUNTS)
    _put_original(draft, tx, original)
    for asked in (tx, top):
        draft.refer("dispute", asked, *_CASES)
    _put_reason(draft, tx, "CxlStsRsnInf")
    _put_speakers(draft, top, answer=True)
    yield from draft.end(original, REMITTANCE)


def _put_speakers(draft: Draft, top: Node, *, answer: bool = False) -> None:
    """Payer and payee speak through their banks; where they are not named, the banks stand for themselves."""
    ours, theirs = ("seller", "buyer") if answer else ("buyer", "seller")
    sides = (("issuer", ours), ("recipient", theirs))
    for (role, side), path in zip(sides, _ASSIGNERS, strict=True):
        who = draft.said.parties.get(side)
        if who is None:
            who = bank(top, f"{path}/Agt") or party(top, f"{path}/Pty")
        draft.put_party(role, top, path, who)
