"""What all payment messages say in the same elements: who pays whom, by which reference, when.

Idea: a `Draft` is a statement in the making. Each `put` sets a field and notes where it stood, from the first
of the paths that holds a text; what is not there leaves the field as it is.

Creditor is seller and debtor is buyer; who owes or is owed in the end stands before who pays or is paid, and
the other is named in the note. The account of a side goes with the party that it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from tallystick.evidence.formats.iso20022.parties import (
    bank,
    number_of,
    of_account,
    of_party,
    on_behalf,
    party,
)
from tallystick.evidence.formats.iso20022.remittance import is_reference, note, remitted, split
from tallystick.evidence.formats.xmlpaths import Found, attribute, branches
from tallystick.evidence.said import PartySaid, Said

UETR: Final = "uetr"
"""Namespace of end-to-end transaction references, unique throughout the world. An end-to-end id without it is
a number of the payer's own."""

_SIDES: Final = (
    ("buyer", "Dbtr", "DbtrAcct", "UltmtDbtr", "payer"),
    ("seller", "Cdtr", "CdtrAcct", "UltmtCdtr", "payee"),
)
"""Role, where it stands, its account, for whom it acts, and who it is then."""

_AGENT: Final = "DbtrAgt"
SIDES: Final = (
    *(path for _, *names, _ in _SIDES for name in names for path in of_party(name)),
    *(path for _, _, account, *_ in _SIDES for path in of_account(account)),
    *of_party(_AGENT),
)
"""All that is asked of who pays whom."""

_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?"
)
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(T.*|Z|[+-]\d\d:\d\d)?")
_DATED: Final = ("/DtTm", "/Dt", "")
_CODES: Final = ("Rsn/Cd", "Rsn/Prtry", "CxlRsn/Cd", "CxlRsn/Prtry")
_WORDS: Final = ("AddtlInf", "AddtlStsRsnInf")
_REASON: Final = branches((*_CODES, *_WORDS))


class Draft:
    """A statement in the making, with the notes that go with it."""

    __slots__ = ("notes", "said")

    def __init__(self, kind: str, **fields: str | None) -> None:
        self.said = Said(kind, **fields)  # type: ignore[arg-type]
        self.notes: list[str] = []

    def put_number(self, told: Found | None, *paths: str, least: int = 1) -> bool:
        """The number of the statement, unless it is a placeholder, or so short that others bear it too."""
        spot = told.spot(*paths) if told is not None else None
        if told is None or spot is None:
            return False
        number = spot[1]
        if not is_reference(number) or len(number) < least:
            return False
        self.said.number, self.said.places["number"] = number, told.place(spot)
        return True

    def put_amount(self, told: Found | None, *paths: str) -> bool:
        """Amount and currency of the first path that holds an amount."""
        spot = told.spot(*paths) if told is not None else None
        if told is None or spot is None:
            return False
        said = self.said
        said.amount, said.currency = spot[1], attribute(spot[2], "Ccy") or None
        said.places["amount"] = told.place(spot)
        return True

    def put_day(self, field: str, told: Found | None, *paths: str) -> bool:
        """The day of the first path with a date, or a date in a choice below it (`Dt`, `DtTm`)."""
        spot = told.spot(*dated(*paths)) if told is not None else None
        if told is None or spot is None:
            return False
        setattr(self.said, field, day_of(spot[1]))
        self.said.places[field] = told.place(spot)
        return True

    def put_moment(self, told: Found | None, *paths: str) -> bool:
        """The instant, or the day where no time is given, likewise."""
        spot = told.spot(*dated(*paths)) if told is not None else None
        if told is None or spot is None:
            return False
        self.said.happened_at = moment_of(spot[1])
        self.said.places["happened_at"] = told.place(spot)
        return True

    def put_party(self, role: str, told: Found | None, path: str, who: PartySaid | None) -> None:
        """A party, unless there is none, and the path at which it is told."""
        if who is not None:
            self.said.parties[role] = who
            if told is not None and path in told.at:
                self.said.places[role] = told.place_of(path)

    def refer(
        self, kind: str, told: Found | None, *paths: str, namespace: str | None = None
    ) -> None:
        """A reference to the document with that number, unless it is a placeholder."""
        spot = told.spot(*paths) if told is not None else None
        if told is not None and spot is not None and is_reference(number := spot[1]):
            reference = (kind, number, namespace)
            if reference not in self.said.references:
                self.said.references.append(reference)
            self.said.places.setdefault("references", told.place(spot))

    def refer_to_instruction(self, told: Found | None, prefix: str) -> None:
        """The payer's own reference of the payment, and that of the world's banks."""
        self.refer("payment_instruction", told, f"{prefix}EndToEndId")
        self.refer("payment_instruction", told, f"{prefix}UETR", namespace=UETR)

    def put_sides(self, *holders: Found | None) -> None:
        """Buyer and seller, each from the first of the holders that names it."""
        for role, element, account, ultimate, stand_in in _SIDES:
            of_element, of_ultimate = _in(holders, element), _in(holders, ultimate)
            number = number_of(_in(holders, account), account)
            direct = party(of_element, element, number)
            if of_ultimate is None:
                self.put_party(role, of_element, element, direct)
                continue
            who, other = on_behalf(party(of_ultimate, ultimate), direct)
            self.put_party(role, of_ultimate, ultimate, who)
            if other:
                self.notes.append(f"{stand_in}: {other}")

    def put_bank(self, *holders: Found | None) -> None:
        """The payer's bank: the one that is told to pay."""
        told, (_, _, account, *_) = _in(holders, _AGENT), _SIDES[0]
        number = number_of(_in(holders, account), account)
        self.put_party("bank", told, _AGENT, bank(told, _AGENT, number))

    def put_reason(self, told: Found | None, block: str) -> bool:
        """The code of a reason and what is said besides, from the first block at a path; whether it has any."""
        reason = told.inside(block, _REASON) if told is not None else None
        if reason is None:
            return False
        spot, words = reason.spot(*_CODES), reason.texts(*_WORDS)
        self.notes[:0] = words
        if spot is not None:
            self.said.reason, self.said.places["reason"] = spot[1], reason.place(spot)
        return spot is not None or bool(words)

    def end(self, told: Found | None, path: str, *more: str | None) -> Iterator[Said]:
        """The statement, as one per bill where the remittance information at a path gives each an amount."""
        lines, parts = remitted(self.said, told, path)
        self.said.note = note(*lines, *more, *self.notes)
        yield from split(self.said, parts)


def _in(holders: tuple[Found | None, ...], path: str) -> Found | None:
    for holder in holders:
        if holder is not None and path in holder.at:
            return holder
    return None


@cache
def dated(*paths: str) -> tuple[str, ...]:
    """What is asked where a date is wanted from one of the paths."""
    return tuple(f"{path}{below}" for path in paths for below in _DATED)


def day_of(text: str) -> str:
    """The day of an `xsd:date` or `xsd:dateTime`; anything else as it stands, for the rules to refuse.

    >>> day_of("2015-03-10T18:43:50+00:00"), day_of("2015-03-10Z"), day_of("10.03.2015")
    ('2015-03-10', '2015-03-10', '10.03.2015')
    """
    match = _DAY.fullmatch(text)
    return match.group(1) if match else text


def moment_of(text: str) -> str:
    """An instant as it stands; its day where the time is none of a day."""
    return text if _MOMENT.fullmatch(text) else day_of(text)
