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

import re
from dataclasses import dataclass
from typing import Any, Final

from tallystick.evidence.details import Details, account_of
from tallystick.evidence.formats.iso20022.codes import BOOKED, NO_TRADE, RETURNED
from tallystick.evidence.formats.iso20022.common import SIDES, Draft, dated
from tallystick.evidence.formats.iso20022.parties import (
    bank,
    number_of,
    of_account,
    of_party,
    owner_of,
    party,
)
from tallystick.evidence.formats.iso20022.remittance import of_remittance
from tallystick.evidence.formats.iso20022.transfers import (
    REMITTANCE,
    Items,
    charges,
    instructed,
    no_trade,
    of_charges,
)
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.formats.xmlpaths import branches
from tallystick.evidence.said import PartySaid, Reject, Said

_TRUE: Final = frozenset({"true", "1"})
_CODES: Final = ("BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd")
_GERMAN: Final = "BkTxCd/Prtry/Cd"
_GVC: Final = re.compile(r"[A-Z][A-Z0-9]{3}\+(\d{3})(?:\+.*)?")
"""Code of a transaction as German banks write it, `NTRF+153+00931`, and in it the number that classes it."""

_PURPOSE: Final = "Purp/Cd"
_AMOUNTS: Final = ("Amt", "AmtDtls/TxAmt/Amt")
_INSTRUCTED: Final = "AmtDtls/InstdAmt/Amt"
_CHARGES: Final = "Chrgs"
_STATUS: Final = ("Sts/Cd", "Sts")
_SIGN: Final = "CdtDbtInd"
_REVERSED: Final = "RvslInd"
_RETURN: Final = "RtrInf"
_NUMBERS: Final = ("Refs/AcctSvcrRef", "AcctSvcrRef")
_OF_PAYMENT: Final = ("Refs/EndToEndId", "Refs/UETR")
_BOOKED: Final = ("BookgDt", "ValDt")
_MADE: Final = "CreDtTm"
_SENT: Final = "GrpHdr/CreDtTm"
_PARTIES: Final = "RltdPties"
_AGENTS: Final = "RltdAgts"
_BATCH: Final = "NtryDtls/Btch/NbOfTxs"
_WORDS: Final = ("AddtlTxInf", "AddtlNtryInf")
_ACCOUNT: Final = "Acct"
_OWNER: Final = "Acct/Ownr"
_KEEPER: Final = "Acct/Svcr"
_NAMED: Final = branches(SIDES)
PATHS: Final = (
    *(
        *_CODES,
        _GERMAN,
        _PURPOSE,
        *_AMOUNTS,
        _INSTRUCTED,
        *_STATUS,
        _SIGN,
        _REVERSED,
        _RETURN,
        *_NUMBERS,
    ),
    *(
        *_OF_PAYMENT,
        *of_charges(_CHARGES),
        *dated(*_BOOKED, _MADE, _SENT),
        _PARTIES,
        _AGENTS,
        _BATCH,
    ),
    *(*_WORDS, *of_account(_ACCOUNT), *of_party(_OWNER), *of_party(_KEEPER), _ACCOUNT),
    *of_remittance(REMITTANCE),
)
"""All that is asked here of the records of a message, and of what they stand in."""

_LONG_ENOUGH: Final = 8
"""Characters of a bank's reference that may stand for a payment: shorter ones are borne by several."""


@dataclass(slots=True)
class Account:
    """The account of a statement: its owner and its bank."""

    number: str | None
    owner: PartySaid | None
    servicer: PartySaid | None
    told: Node | None


class Entries:
    """The entries of one message. A transaction is held back until it is known to be the only one of its
    entry: then what the entry says besides is said of it."""

    def __init__(self, *, final: bool) -> None:
        self.final = final
        self.first: Node | None = None
        self.count = 0
        self.owned: tuple[Node, Account] | None = None

    def transaction(self, tx: Node) -> Items:
        """A `TxDtls` has ended."""
        self.count += 1
        if self.count == 1:
            self.first = tx
            return
        if self.first is not None:
            yield from self._told(_entry_of(self.first), self.first, alone=False)
            self.first = None
        yield from self._told(_entry_of(tx), tx, alone=False)

    def entry(self, entry: Node) -> Items:
        """A `Ntry` has ended."""
        first, count = self.first, self.count
        self.first, self.count = None, 0
        if count <= 1:
            yield from self._told(entry, first, alone=True)

    def _told(self, entry: Node, tx: Node | None, *, alone: bool) -> Items:
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
            yield _no_amount((tx or entry).here)
            return
        _put_when(draft, entry)
        _put_parties(draft, entry, tx, account, back)
        if tx is not None:
            draft.refer_to_instruction(tx, "Refs/")
        if back:
            draft.put_reason(tx, _RETURN)
        yield from draft.end(tx, REMITTANCE, *_words(entry, tx, alone))

    def _status(self, entry: Node) -> str:
        if not self.final:
            return "pending"
        return BOOKED.get(entry.text(*_STATUS) or "BOOK", "pending")

    def _account(self, statement: Node | None) -> Account:
        if statement is None:
            return Account(None, None, None, None)
        if self.owned is None or self.owned[0] is not statement:
            self.owned = (statement, _account_of(statement))
        return self.owned[1]


def _account_of(statement: Node) -> Account:
    number = number_of(statement, _ACCOUNT)
    keeper = bank(statement, _KEEPER, number) if _ACCOUNT in statement.at else None
    owner = party(statement, _OWNER, number) or owner_of(number, keeper)
    return Account(number, owner, keeper, statement)


def _entry_of(tx: Node) -> Node:
    """The entry of a transaction; in the first version of the messages it stands right in it."""
    node = tx
    while node.parent is not None and node.name != "Ntry":
        node = node.parent
    return node


def _codes_of(entry: Node, tx: Node | None) -> dict[str, str]:
    """What kind of transaction it is, as the bank classes it, and as the payer said what it is for: each code
    and its place."""
    asked = [(entry, _CODES)] if tx is None else [(tx, _CODES), (entry, _CODES), (tx, (_PURPOSE,))]
    codes: dict[str, str] = {}
    for told, paths in asked:
        for spot in told.spots(*paths):
            codes.setdefault(spot[1], told.place(spot))
        for spot in told.spots(_GERMAN) if _GERMAN in told.at else ():
            if match := _GVC.fullmatch(spot[1]):
                codes.setdefault(f"GVC {match[1]}", told.place(spot))
    return codes


def _skipped(entry: Node, codes: dict[str, str], back: bool) -> Reject | None:
    """Why an entry tells of no payment between traders, where it does not."""
    if entry.text(*_STATUS) == "INFO":
        return _nothing("the entry is for information only", entry)
    code = next((code for code in codes if code in NO_TRADE), None)
    return no_trade(code, NO_TRADE[code], codes[code]) if code is not None and not back else None


def _nothing(why: str, node: Node) -> Reject:
    return Reject(
        None, None, node.here, "nothing-stated", f"{why}, so nothing is recorded", "nothing to do"
    )


def _no_amount(place: str) -> Reject:
    return Reject(
        None,
        None,
        "amount",
        "amount-missing",
        f"one of several transactions has no amount of its own ({place})",
        "ask the bank for details with the amount of each (TxDtls/Amt)",
    )


def _is_return(entry: Node, tx: Node | None, codes: dict[str, str]) -> bool:
    if entry.text(_REVERSED) in _TRUE or (tx is not None and _RETURN in tx.at):
        return True
    return not RETURNED.isdisjoint(codes)


def _put_money(draft: Draft, entry: Node, tx: Node | None, alone: bool) -> None:
    """The amount of the transaction; where it is the only one, the entry's stands in, as do its charges."""
    if not draft.put_amount(tx, *_AMOUNTS) and alone:
        draft.put_amount(entry, "Amt")
    for holder in (tx, entry if alone else None):
        if holder is not None:
            instructed(draft, holder, _INSTRUCTED)
            charges(draft, holder, _CHARGES)
    if not draft.put_number(tx, "Refs/AcctSvcrRef", least=_LONG_ENOUGH) and alone:
        draft.put_number(entry, "AcctSvcrRef", least=_LONG_ENOUGH)


def _put_when(draft: Draft, entry: Node) -> None:
    """When it was booked; of an entry without a day, that of its report, else of the message."""
    if not draft.put_moment(entry, *_BOOKED):
        draft.put_day("issued_on", entry.parent, _MADE)
        if draft.said.issued_on is None:
            draft.put_day("issued_on", entry.top, _SENT)


def _put_parties(draft: Draft, entry: Node, tx: Node | None, account: Account, back: bool) -> None:
    named = tx.inside(_PARTIES, _NAMED) if tx is not None else None
    agents = tx.inside(_AGENTS, _NAMED) if tx is not None else None
    draft.put_sides(named)
    sign = (tx.text(_SIGN) if tx is not None else None) or entry.text(_SIGN)
    credited = (_sign(draft.said, sign) == "CRDT") != back
    own, other = ("seller", "buyer") if credited else ("buyer", "seller")
    if back:
        _turn(draft.said, own, other, account.number)
    _put_owner(draft, own, account)
    draft.put_party("issuer", account.told, _ACCOUNT, account.servicer)
    if agents is not None and "DbtrAgt" in agents.at:
        draft.put_bank(agents, named)
    elif not credited:
        draft.put_party("bank", account.told, _ACCOUNT, account.servicer)


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
        draft.put_party(role, account.told, _ACCOUNT, account.owner)
        return
    told = found.details or Details()
    stands_in = any(note.startswith("pay") for note in draft.notes)
    if "/Ultmt" in draft.said.places.get(role, "") and not stands_in:  # on behalf of this one
        if account.owner is not None and account.owner.name not in (None, found.name):
            draft.notes.append(f"{'payee' if role == 'seller' else 'payer'}: {account.owner.name}")
        return
    if account.number and not told.accounts and not stands_in:
        found.details = told._replace(accounts=(account.number,))


def _words(entry: Node, tx: Node | None, alone: bool) -> list[str | None]:
    said = [tx.text("AddtlTxInf")] if tx is not None else []
    if not alone:
        return said
    batch = entry.text(_BATCH) if tx is None else None
    return [*said, entry.text("AddtlNtryInf"), f"batch of {batch}" if batch else None]
