"""What all payment messages say in the same elements: who pays whom, by which reference, when.

Idea: a `Draft` is a statement in the making. Each `put` sets a field and notes where it stood, from the first
of the paths that holds a text; what is not there leaves the field as it is.

Creditor is seller and debtor is buyer; who owes or is owed in the end stands before who pays or is paid, and
the other is named in the note. The account of a side goes with the party that it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from tallystick.evidence.formats.iso20022.parties import bank, number_of, on_behalf, party
from tallystick.evidence.formats.iso20022.remittance import (
    is_reference,
    note,
    parts_of,
    split,
    text_of,
)
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.said import PartySaid, Said

UETR: Final = "uetr"
"""Namespace of end-to-end transaction references, unique throughout the world. An end-to-end id without it is
a number of the payer's own."""

SIDES: Final = (("buyer", "Dbtr", "payer"), ("seller", "Cdtr", "payee"))
"""Role, the element that it is (and ends the names of others: UltmtDbtr, DbtrAcct), and who stands in."""

_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?"
)
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(T.*|Z|[+-]\d\d:\d\d)?")
_DATED: Final = ("", "/DtTm", "/Dt")


class Draft:
    """A statement in the making, with the notes that go with it."""

    __slots__ = ("notes", "said")

    def __init__(self, kind: str, **fields: str | None) -> None:
        self.said = Said(kind, **fields)  # type: ignore[arg-type]
        self.notes: list[str] = []

    def put(self, field: str, node: Node | None, *paths: str) -> bool:
        """The text of the first path that has one; whether there was any."""
        found = node.first(*paths) if node is not None else None
        if found is None:
            return False
        setattr(self.said, field, found.text)
        self.said.places[field] = found.place
        return True

    def put_number(self, node: Node | None, *paths: str, least: int = 1) -> bool:
        """The number of the statement, unless it is a placeholder, or so short that others bear it too."""
        found = node.first(*paths) if node is not None else None
        if found is None or not is_reference(found.text) or len(found.text) < least:
            return False
        self.said.number, self.said.places["number"] = found.text, found.place
        return True

    def put_amount(self, node: Node | None, *paths: str) -> bool:
        """Amount and currency of the first path that holds an amount."""
        found = node.first(*paths) if node is not None else None
        if found is None:
            return False
        self.said.amount, self.said.currency = found.text, found.get("Ccy") or None
        self.said.places["amount"] = found.place
        return True

    def put_day(self, field: str, node: Node | None, *paths: str) -> bool:
        """The day of the first path with a date, or a date in a choice below it (`Dt`, `DtTm`)."""
        found = _dated(node, paths)
        if found is None:
            return False
        setattr(self.said, field, day_of(found.text))
        self.said.places[field] = found.place
        return True

    def put_moment(self, node: Node | None, *paths: str) -> bool:
        """The instant, or the day where no time is given, likewise."""
        found = _dated(node, paths)
        if found is None:
            return False
        self.said.happened_at = moment_of(found.text)
        self.said.places["happened_at"] = found.place
        return True

    def put_party(self, role: str, node: Node | None, found: PartySaid | None) -> None:
        """A party, unless there is none."""
        if found is not None:
            self.said.parties[role] = found
            if node is not None:
                self.said.places[role] = node.place

    def refer(
        self, kind: str, node: Node | None, *paths: str, namespace: str | None = None
    ) -> None:
        """A reference to the document with that number, unless it is a placeholder."""
        found = node.first(*paths) if node is not None else None
        if found is not None and is_reference(found.text):
            reference = (kind, found.text, namespace)
            if reference not in self.said.references:
                self.said.references.append(reference)
            self.said.places.setdefault("references", found.place)

    def refer_to_instruction(self, node: Node | None, prefix: str) -> None:
        """The payer's own reference of the payment, and that of the world's banks."""
        self.refer("payment_instruction", node, f"{prefix}EndToEndId")
        self.refer("payment_instruction", node, f"{prefix}UETR", namespace=UETR)

    def put_sides(self, *holders: Node | None) -> None:
        """Buyer and seller, each from the first of the holders that names it."""
        for role, element, stand_in in SIDES:
            node = _in(holders, element)
            direct = party(node, number_of(_in(holders, f"{element}Acct")))
            ultimate = _in(holders, f"Ultmt{element}")
            who, other = on_behalf(party(ultimate), direct)
            self.put_party(role, node if ultimate is None else ultimate, who)
            if other:
                self.notes.append(f"{stand_in}: {other}")

    def put_bank(self, *holders: Node | None) -> None:
        """The payer's bank: the one that is told to pay."""
        node = _in(holders, "DbtrAgt")
        self.put_party("bank", node, bank(node, number_of(_in(holders, "DbtrAcct"))))

    def end(self, remittance: Sequence[Node], *more: str | None) -> Iterator[Said]:
        """The statement, as one per bill where the payment gives the amount of each."""
        self.said.note = note(*text_of(remittance), *more, *self.notes)
        yield from split(self.said, parts_of(remittance))


def _in(holders: tuple[Node | None, ...], name: str) -> Node | None:
    for holder in holders:
        if holder is not None and name in holder.kids:
            return holder.kids[name][0]
    return None


def _dated(node: Node | None, paths: tuple[str, ...]) -> Node | None:
    return node.first(*_choices(paths)) if node is not None else None


@cache
def _choices(paths: tuple[str, ...]) -> tuple[str, ...]:
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


def reason_of(node: Node | None, *paths: str) -> tuple[str | None, list[str], str | None]:
    """Code of a reason, what is said besides, and its place, from the first of the paths that holds any."""
    block = node.branch(*paths) if node is not None else None
    if block is None:
        return None, [], None
    code = block.first("Rsn/Cd", "Rsn/Prtry", "CxlRsn/Cd", "CxlRsn/Prtry")
    words = [text.text for text in block.some("AddtlInf", "AddtlStsRsnInf")]
    return (code.text, words, code.place) if code is not None else (None, words, None)
