"""What a bank booked: camt.053 (statement), camt.054 (debit and credit notes) and camt.052 (during the day).

Idea: the account belongs to one side of each payment, and whether the entry is a credit or a debit says to
which; the other side is named in the details. Money that comes back (`RvslInd`, `RtrInf`, sub-family RRTN)
turns that round, since both sides are named as in the payment itself. An entry is one statement per
transaction in it (`TxDtls`), or one in all where it has none.

Worked example: a credit of EUR 8.85 to the account of Seller Ltd with `Dbtr` Buyer GmbH is `payment` over EUR
8.85, buyer Buyer GmbH, seller Seller Ltd, settled on the booking date.

What is reported during the day (camt.052) stays `pending` even where it is booked: it stands in camt.053 again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from tallystick.evidence.details import Details, account_of
from tallystick.evidence.formats.iso20022.codes import BOOKED, NO_TRADE, RETURNED
from tallystick.evidence.formats.iso20022.common import Draft, reason_of
from tallystick.evidence.formats.iso20022.parties import bank, number_of, owner_of, party
from tallystick.evidence.formats.iso20022.transfers import Found, charges, instructed, no_trade
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.said import PartySaid, Reject, Said

_TRUE: Final = frozenset({"true", "1"})
_CODES: Final = ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")
_AMOUNTS: Final = ("Amt", "AmtDtls/TxAmt/Amt")
_LONG_ENOUGH: Final = 8
"""Characters of a bank's reference that may stand for a payment: shorter ones are borne by several."""


@dataclass(slots=True)
class Account:
    """The account of a statement: its owner and its bank."""

    number: str | None
    owner: PartySaid | None
    servicer: PartySaid | None
    node: Node | None


class Entries:
    """The entries of one message. A transaction is held back until it is known to be the only one of its
    entry: then what the entry says besides is said of it."""

    def __init__(self, *, final: bool) -> None:
        self.final = final
        self.first: Node | None = None
        self.count = 0
        self.owned: tuple[Node, Account] | None = None

    def transaction(self, tx: Node) -> Found:
        """A `TxDtls` has ended."""
        self.count += 1
        if self.count == 1:
            self.first = tx
            return
        if self.first is not None:
            yield from self._told(_entry_of(self.first), self.first, alone=False)
            self.first = None
        yield from self._told(_entry_of(tx), tx, alone=False)

    def entry(self, entry: Node) -> Found:
        """A `Ntry` has ended."""
        first, count = self.first, self.count
        self.first, self.count = None, 0
        if count <= 1:
            yield from self._told(entry, first, alone=True)

    def _told(self, entry: Node, tx: Node | None, *, alone: bool) -> Found:
        codes = _codes_of(entry, tx)
        back = _is_return(entry, tx, codes)
        skip = _skipped(entry, codes, back)
        if skip is not None:
            yield skip
            return
        draft = Draft("payment_return" if back else "payment")
        status = self._status(entry)
        draft.said.status = None if back and status == "settled" else status
        account = self._account(entry.parent)
        _put_money(draft, entry, tx, alone)
        if draft.said.amount is None:
            yield _no_amount(tx or entry)
            return
        _put_when(draft, entry)
        _put_parties(draft, entry, tx, account, back)
        if tx is not None:
            draft.refer_to_instruction(tx, "Refs/")
        if back:
            _put_reason(draft, tx)
        yield from draft.end(tx.all("RmtInf") if tx is not None else [], *_words(entry, tx, alone))

    def _status(self, entry: Node) -> str:
        if not self.final:
            return "pending"
        return BOOKED.get(entry.said("Sts/Cd", "Sts") or "BOOK", "pending")

    def _account(self, statement: Node | None) -> Account:
        if statement is None:
            return Account(None, None, None, None)
        if self.owned is None or self.owned[0] is not statement:
            self.owned = (statement, _account_of(statement.branch("Acct")))
        return self.owned[1]


def _account_of(node: Node | None) -> Account:
    number = number_of(node)
    owner = party(node.branch("Ownr"), number) if node is not None else None
    keeper = bank(node.branch("Svcr"), number) if node is not None else None
    return Account(number, owner or owner_of(number, keeper), keeper, node)


def _entry_of(tx: Node) -> Node:
    """The entry of a transaction; in the first version of the messages it stands right in it."""
    node = tx
    while node.parent is not None and node.name != "Ntry":
        node = node.parent
    return node


def _codes_of(entry: Node, tx: Node | None) -> list[Node]:
    """What kind of transaction it is, as the bank classes it, and as the payer said what it is for."""
    codes: list[Node] = []
    for holder in (tx, entry):
        domain = holder.branch("BkTxCd/Domn") if holder is not None else None
        if domain is not None:
            codes += domain.some(*_CODES)
    return codes + (tx.some("Purp/Cd") if tx is not None else [])


def _skipped(entry: Node, codes: list[Node], back: bool) -> Reject | None:
    """Why an entry tells of no payment between traders, where it does not."""
    if entry.said("Sts/Cd", "Sts") == "INFO":
        return _nothing("the entry is for information only", entry)
    code = next((code for code in codes if code.text in NO_TRADE), None)
    if code is None or back:
        return None
    return no_trade(code.text, NO_TRADE[code.text], code.place)


def _nothing(why: str, node: Node) -> Reject:
    return Reject(
        None, None, node.place, "nothing-stated", f"{why}, so nothing is recorded", "nothing to do"
    )


def _no_amount(node: Node) -> Reject:
    return Reject(
        None,
        None,
        "amount",
        "amount-missing",
        f"one of several transactions has no amount of its own ({node.place})",
        "ask the bank for details with the amount of each (TxDtls/Amt)",
    )


def _is_return(entry: Node, tx: Node | None, codes: list[Node]) -> bool:
    if "RvslInd" in entry.kids and entry.said("RvslInd") in _TRUE:
        return True
    if tx is not None and "RtrInf" in tx.kids:
        return True
    return any(code.text in RETURNED for code in codes)


def _put_money(draft: Draft, entry: Node, tx: Node | None, alone: bool) -> None:
    """The amount of the transaction; where it is the only one, the entry's stands in, as do its charges."""
    if not draft.put_amount(tx, *_AMOUNTS) and alone:
        draft.put_amount(entry, "Amt")
    for holder in (tx, entry if alone else None):
        if holder is not None:
            instructed(draft, holder.first("AmtDtls/InstdAmt/Amt"))
            charges(draft, holder.all("Chrgs"))
    if not draft.put_number(tx, "Refs/AcctSvcrRef", least=_LONG_ENOUGH) and alone:
        draft.put_number(entry, "AcctSvcrRef", least=_LONG_ENOUGH)


def _put_when(draft: Draft, entry: Node) -> None:
    if not draft.put_moment(entry, "BookgDt", "ValDt"):
        draft.put_day("issued_on", entry.parent, "CreDtTm")


def _put_parties(draft: Draft, entry: Node, tx: Node | None, account: Account, back: bool) -> None:
    named = tx.branch("RltdPties") if tx is not None else None
    agents = tx.branch("RltdAgts") if tx is not None else None
    draft.put_sides(named)
    sign = (tx.said("CdtDbtInd") if tx is not None else None) or entry.said("CdtDbtInd")
    credited = (_sign(draft.said, sign) == "CRDT") != back
    own, other = ("seller", "buyer") if credited else ("buyer", "seller")
    if back:
        _turn(draft.said, own, other, account.number)
    _put_owner(draft, own, account)
    draft.put_party("issuer", account.node, account.servicer)
    if agents is not None and agents.branch("DbtrAgt") is not None:
        draft.put_bank(agents, named)
    elif not credited:
        draft.put_party("bank", account.node, account.servicer)


def _sign(said: Said, given: str | None) -> str | None:
    """Whether an entry that does not say so is a credit: it is where the payer alone is named, as a statement
    names the other side."""
    alone = "buyer" in said.parties and "seller" not in said.parties
    return given or ("CRDT" if alone else "DBIT")


def _turn(said: Said, own: str, other: str, number: str | None) -> None:
    """Banks name the sides of a return as in the payment, or as the money now goes. The account tells: whoever
    stands where its owner belongs, with another account, is the other side."""
    given, opposite = said.parties.get(own), said.parties.get(other)
    if number is None or given is None or not _accounts(given) or _holds(given, number):
        return
    if opposite is not None and not _holds(opposite, number):
        return
    held: dict[str, Any]
    for held in (said.parties, said.places):
        first, second = held.pop(own, None), held.pop(other, None)
        held |= {name: one for name, one in ((other, first), (own, second)) if one is not None}


def _accounts(party: PartySaid) -> tuple[str, ...]:
    return party.details.accounts if party.details is not None else ()


def _holds(party: PartySaid, number: str) -> bool:
    plain = account_of(number) or number
    return plain in [account_of(account) or account for account in _accounts(party)]


def _put_owner(draft: Draft, role: str, account: Account) -> None:
    """The account's owner as the side that is not named; the account itself, where that side has none."""
    found = draft.said.parties.get(role)
    if found is None:
        draft.put_party(role, account.node, account.owner)
        return
    told = found.details or Details()
    stands_in = any(note.startswith("pay") for note in draft.notes)
    if account.number and not told.accounts and not stands_in:
        found.details = replace(told, accounts=(account.number,))


def _put_reason(draft: Draft, tx: Node | None) -> None:
    code, words, place = reason_of(tx, "RtrInf")
    draft.said.reason = code
    draft.notes[:0] = words
    if place:
        draft.said.places["reason"] = place


def _words(entry: Node, tx: Node | None, alone: bool) -> list[str | None]:
    said = [tx.said("AddtlTxInf")] if tx is not None else []
    if not alone:
        return said
    batch = entry.said("NtryDtls/Btch/NbOfTxs") if tx is None else None
    return [*said, entry.said("AddtlNtryInf"), f"batch of {batch}" if batch else None]
