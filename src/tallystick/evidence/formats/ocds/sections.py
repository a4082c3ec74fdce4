"""The sections of a release as statements: tender, bids, awards, contracts, milestones, transactions.

Idea: ids are unique within a process, so each number's namespace is the `ocid`. An award is the offer that the
buyer accepted (a quotation), a signed contract is what was ordered. What a statement refers to is taken from
its own section alone, so that a later release that holds more or fewer sections says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tallystick.evidence.formats.jsonpaths import Record, objects, text_at, value_at
from tallystick.evidence.formats.numbers import decimal_of, total
from tallystick.evidence.formats.ocds.parties import Parties
from tallystick.evidence.rules import MAX_NOTE, MAX_TEXT
from tallystick.evidence.said import Said

DEAL: Final = "ocds"
"""Namespace of the `ocid`."""

_CHANGES: Final = {
    "tender": {"tenderAmendment", "tenderUpdate"},
    "awards": {"awardUpdate"},
    "contracts": {"contractUpdate", "contractAmendment"},
}
"""Section -> tags of releases that change what was said of it."""

_NOT_ASKED: Final = frozenset({"planning", "planned"})
_NOT_AWARDED: Final = frozenset({"pending", "cancelled", "unsuccessful"})


class Release:
    """One release and the statements in it. `pointer`: where it stands in its file; `only`: the pointers of the
    sections in which it says something new, None for all."""

    def __init__(
        self, told: Record, ocid: str, pointer: str, only: frozenset[str] | None = None
    ) -> None:
        self.told, self.ocid, self.pointer, self.only = told, ocid, pointer, only
        self.parties = Parties(told)
        self.tags = _texts(told.get("tag"))
        self.awards = {
            key: (where, award)
            for where, award in self._list("awards")
            if (key := text_at(award, "id"))
        }

    def statements(self) -> Iterator[Said]:
        """What the release says, in the order of the process."""
        yield from self._tender()
        yield from self._bids()
        for where, award in self._news("awards"):
            yield from self._award(where, award)
        for where, contract in self._news("contracts"):
            yield from self._contract(where, contract)

    def _news(self, path: str) -> Iterator[tuple[str, Record]]:
        """(pointer, object) of each section in a list that says something new."""
        return (item for item in self._list(path) if self.only is None or item[0] in self.only)

    def _list(
        self, path: str, record: Record | None = None, base: str = ""
    ) -> Iterator[tuple[str, Record]]:
        """(pointer, object) of each object in a list."""
        found = value_at(self.told if record is None else record, path)
        where = base or self.pointer
        return ((f"{where}/{path}/{n}", item) for n, item in objects(found))

    def _said(self, kind: str, where: str, told: Record, section: str) -> Said:
        said = Said(kind, references=[("deal", self.ocid, DEAL)])
        if number := text_at(told, "id"):
            said.number, said.namespace = number, self.ocid
            said.places["number"] = f"{where}/id"
        if said.number and self.tags & _CHANGES.get(section, set()):
            said.action = "correct"
        said.note = text_at(told, "title", "description")
        said.note = said.note[:MAX_NOTE] if said.note else None
        said.places["references"] = f"{self.pointer}/ocid"
        return said

    def _put(self, said: Said, name: str, where: str, told: Record, *paths: str) -> None:
        """The text at the first path that has one, with its place; dates without their time."""
        for path in paths:
            if text := text_at(told, path):
                setattr(said, name, text[:10] if name.endswith("_on") else text)
                said.places[name] = f"{where}/{path}"
                return

    def _put_value(self, said: Said, where: str, told: Record, name: str = "value") -> None:
        """A value; nothing without a currency is how several publishers say that there is none."""
        self._put(said, "amount", where, told, f"{name}/amount")
        if not said.amount:
            return
        said.currency = text_at(told, f"{name}/currency")
        if said.currency is None and not decimal_of(said.amount) and name == "value":
            said.amount = None
            del said.places["amount"]

    def _put_published(self, said: Said) -> None:
        """The day of the release where what it tells has none of its own. It was told then, not done: what was
        to be done by an earlier day is no promise of that day."""
        if said.issued_on:
            return
        self._put(said, "issued_on", self.pointer, self.told, "date")
        for name in ("due_on", "deliver_on"):
            if said.issued_on and (getattr(said, name) or said.issued_on) < said.issued_on:
                setattr(said, name, None)
                del said.places[name]

    def _put_items(self, said: Said, where: str, told: Record) -> None:
        """Sum of the quantities when all share one unit."""
        items = [item for _, item in self._list("items", told, where) if text_at(item, "quantity")]
        units = {text_at(item, "unit/id", "unit/name") for item in items}
        values = [decimal_of(text_at(item, "quantity")) for item in items]
        if len(units) == 1 and None not in values:
            said.quantity = total(value for value in values if value is not None)
            unit = units.pop()
            said.unit = unit[:MAX_TEXT] if unit else None
            said.places["quantity"] = f"{where}/items/0/quantity"

    def _put_party(self, said: Said, role: str, given: Any, where: str) -> None:
        """Whoever is named first has the role."""
        if role not in said.parties and (party := self.parties.named(given)) is not None:
            said.parties[role], said.places[role] = party, where

    def _put_buyer(self, said: Said) -> None:
        """Who buys: of the release, or else who runs the tender."""
        for path in ("buyer", "tender/procuringEntity"):
            if "buyer" not in said.parties:
                self._put_party(said, "buyer", value_at(self.told, path), f"{self.pointer}/{path}")

    def _put_sellers(self, said: Said, where: str, told: Record, name: str) -> None:
        """The first of several sellers; the others of a consortium stand in the note."""
        sellers = list(self._list(name, told, where))
        for place, seller in sellers[:1]:
            self._put_party(said, "seller", seller, place)
        if others := [text for _, seller in sellers[1:] if (text := text_at(seller, "name"))]:
            said.note = f"{said.note or ''} (with {', '.join(others)})".strip()[:MAX_NOTE]

    def _refer(self, said: Said, kind: str, number: str | None) -> None:
        if number:
            said.references.append((kind, number, self.ocid))

    def _tender(self) -> Iterator[Said]:
        tender, where = self.told.get("tender"), f"{self.pointer}/tender"
        if not isinstance(tender, dict) or text_at(tender, "status") in _NOT_ASKED:
            return
        if self.only is not None and where not in self.only:
            return
        if not any(name in tender for name in ("tenderPeriod", "value", "items")):
            return  # says only how the tender ended
        said = self._said("rfq", where, tender, "tender")
        self._put(said, "issued_on", where, tender, "tenderPeriod/startDate")
        self._put(said, "due_on", where, tender, "tenderPeriod/endDate")
        self._put(said, "deliver_on", where, tender, "contractPeriod/endDate")
        self._put_published(said)
        self._put_value(said, where, tender)
        self._put_items(said, where, tender)
        self._put_party(said, "buyer", tender.get("procuringEntity"), f"{where}/procuringEntity")
        self._put_buyer(said)
        yield said

    def _bids(self) -> Iterator[Said]:
        """Offers of all who bid (the bid extension), where they are published."""
        for where, bid in self._news("bids/details"):
            said = self._said("quotation", where, bid, "bids")
            self._put(said, "issued_on", where, bid, "date")
            self._put_published(said)
            self._put_value(said, where, bid)
            self._put_sellers(said, where, bid, "tenderers")
            self._put_buyer(said)
            yield said

    def _award(self, where: str, award: Record) -> Iterator[Said]:
        if text_at(award, "status") in _NOT_AWARDED:
            return
        said = self._said("quotation", where, award, "awards")
        self._put(said, "issued_on", where, award, "date", "contractPeriod/startDate")
        self._put(said, "deliver_on", where, award, "contractPeriod/endDate")
        self._put_published(said)
        self._put_value(said, where, award)
        self._put_items(said, where, award)
        self._put_sellers(said, where, award, "suppliers")
        self._put_buyer(said)
        yield said

    def _contract(self, where: str, contract: Record) -> Iterator[Said]:
        status = text_at(contract, "status")
        sides = self._sides(where, contract)
        if status != "pending":
            yield self._order(where, contract, sides, status == "cancelled")
        for place, milestone in self._milestones(where, contract):
            yield self._receipt(place, milestone, contract, sides)
        for place, moved in self._list("implementation/transactions", contract, where):
            yield self._payment(place, moved, contract, sides)

    def _sides(self, where: str, contract: Record) -> Said:
        """Who sells and who buys, looked up once for all that is said of a contract."""
        sides = Said("contract")
        self._put_sellers(sides, where, contract, "suppliers")
        place, award = self.awards.get(text_at(contract, "awardID") or "", ("", {}))
        if "seller" not in sides.parties:
            self._put_sellers(sides, place, award, "suppliers")
        self._put_buyer(sides)
        return sides

    def _order(self, where: str, contract: Record, sides: Said, cancelled: bool) -> Said:
        said = self._said(
            "order_cancellation" if cancelled else "order", where, contract, "contracts"
        )
        self._put(said, "issued_on", where, contract, "dateSigned", "period/startDate")
        if cancelled:
            self._refer(said, "order", said.number)
            said.number = said.namespace = None
            said.action = "state"
        else:
            self._put(said, "deliver_on", where, contract, "period/endDate")
            self._put_value(said, where, contract)
            self._put_items(said, where, contract)
        self._put_published(said)
        _join(said, sides)
        said.note = " ".join(text for text in (said.note, sides.note) if text)[:MAX_NOTE] or None
        self._refer(said, "quotation", text_at(contract, "awardID"))
        return said

    def _milestones(self, where: str, contract: Record) -> Iterator[tuple[str, Record]]:
        """Deliveries that are said to have been made."""
        for path in ("milestones", "implementation/milestones"):
            for place, milestone in self._list(path, contract, where):
                made = text_at(milestone, "status") == "met" and text_at(milestone, "dateMet")
                if made and text_at(milestone, "type") == "delivery":
                    yield place, milestone

    def _receipt(self, place: str, milestone: Record, contract: Record, sides: Said) -> Said:
        said = self._said("receipt", place, milestone, "milestones")
        said.status = "accepted"
        self._put(said, "happened_at", place, milestone, "dateMet")
        _join(said, sides)
        self._refer(said, "order", text_at(contract, "id"))
        return said

    def _payment(self, place: str, moved: Record, contract: Record, sides: Said) -> Said:
        said = self._said("payment", place, moved, "transactions")
        said.status = "settled"
        self._put(said, "happened_at", place, moved, "date")
        self._put_value(said, place, moved, "value" if "value" in moved else "amount")
        for role, names in _MOVED:
            for name in names:
                self._put_party(said, role, _organisation(moved.get(name)), f"{place}/{name}")
        _join(said, sides)
        self._refer(said, "order", text_at(contract, "id"))
        return said


def _join(said: Said, sides: Said) -> None:
    """Give a statement the sides of its contract that it does not name itself."""
    for role, party in sides.parties.items():
        if role not in said.parties:
            said.parties[role], said.places[role] = party, sides.places[role]


_MOVED: Final = (
    ("buyer", ("payer", "providerOrganization")),
    ("seller", ("payee", "receiverOrganization")),
)
"""Role -> members of a transaction, of version 1.1 and 1.0."""


def _organisation(given: Any) -> Any:
    """The side of a transaction as an organisation; 1.0 gives its identifier alone."""
    if isinstance(given, dict) and "scheme" in given and "identifier" not in given:
        return {"name": given.get("legalName"), "identifier": given}
    return given


def is_whole(told: Any) -> bool:
    """Whether a release is there, and not only the address of one."""
    return isinstance(told, dict) and not ("url" in told and "ocid" not in told)


def _texts(value: Any) -> set[str]:
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()
