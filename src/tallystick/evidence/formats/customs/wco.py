"""Declarations of the WCO data model and the answers of customs to them.

Worked example: a `Declaration` of the type `EXD` is an `export_declaration`; the `Response` with function
code 09 that names its reference is a `customs_event` with the status `released`.

An answer does not say whether it is about an export or an import. So both sides name the trader's reference
(LRN) and the number of customs (MRN) as numbers of a transaction, and meet there.

Sources: WCO data model 3.6, DEC and RES, as the public interface of CDS (HMRC, Apache-2.0) shapes them; codes
of its notifications; UN/EDIFACT 1001 for types of document.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.customs.tree import Facts, find_all, first, local, moment
from tallystick.evidence.formats.ubl.codes import INCOTERMS
from tallystick.evidence.formats.xmlpaths import text_of
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.said import PartySaid, Reject, Said

LRN: Final = "customs.lrn"
MRN: Final = "customs.mrn"

ANSWERS: Final = {
    "01": ("DMSACC", "accepted"),
    "02": ("DMSRCV", None),
    "03": ("DMSREJ", "refused"),
    "05": ("DMSCTL", "held"),
    "06": ("DMSDOC", "held"),
    "07": ("DMSRES", None),
    "08": ("DMSROG", "released"),
    "09": ("DMSCLE", "released"),
    "10": ("DMSINV", None),
    "11": ("DMSREQ", None),
    "13": ("DMSTAX", None),
    "14": ("DMSCPI", None),
    "15": ("DMSCPR", None),
    "16": ("DMSEOG", None),
    "17": ("DMSEXT", None),
    "18": ("DMSGER", None),
    "50": ("DMSALV", None),
    "51": ("DMSQRY", None),
}
"""Function code of an answer -> its name and the status of the customs event."""

_DOCUMENTS: Final = {
    "380": "invoice",
    "935": "invoice",
    "325": "proforma",
    "105": "order",
    "220": "order",
    "315": "contract",
    "271": "dispatch",
    "703": "shipment",
    "704": "shipment",
    "705": "shipment",
    "714": "shipment",
    "730": "shipment",
    "740": "shipment",
    "741": "shipment",
    "787": "shipment",
}
"""Type of a document that is named -> kind of document."""

_PAPERS: Final = (None, "N")
"""Category of an additional document that is a paper of trade; others are licences, with codes of their own."""

_PARTIES: Final = {
    "seller": ("GoodsShipment/Seller", "Exporter", "GoodsShipment/Exporter",
               "GoodsShipment/Consignor", "Consignment/Consignor"),
    "buyer": ("GoodsShipment/Buyer", "GoodsShipment/Importer", "Importer",
              "GoodsShipment/Consignee", "Consignment/Consignee"),
    "carrier": ("Consignment/Carrier", "GoodsShipment/Consignment/Carrier"),
    "issuer": ("Declarant", "Agent", "Submitter"),
}  # fmt: skip
_EXPORT: Final = _PARTIES | {"seller": ("Exporter", *_PARTIES["seller"])}
_DATES: Final = ("AcceptanceDateTime/DateTimeString", "IssueDateTime/DateTimeString")
_ITEM: Final = "GoodsShipment/GovernmentAgencyGoodsItem"
_VALUES: Final = (
    "InvoiceAmount",
    f"{_ITEM}/Commodity/InvoiceLine/ItemChargeAmount",
    f"{_ITEM}/CustomsValueAmount",
    f"{_ITEM}/StatisticalValueAmount",
)
"""Where the declared value stands: of the whole, else the sum over the goods."""


def read_declaration(element: Element) -> Said | Reject:
    """What a declaration says. A request to amend, cancel or show goods promises nothing: customs answers."""
    facts = Facts(element)
    code = first(element, "TypeCode") or ""
    kind = _kind(element, code.upper())
    if kind is None:
        return Reject(None, None, "TypeCode", "customs-request",
                      f"a message of the type {code[:20]!r} asks customs for something",
                      "leave it out, and send the answers of customs to it")  # fmt: skip
    reference, mrn = facts.take("number", "FunctionalReferenceID"), first(element, "ID")
    day = moment(facts.take("issued_on", *_DATES))
    if day is None:
        return Reject(None, None, "AcceptanceDateTime", "customs-undated",
                      "the declaration bears no date: customs gives it when it accepts",
                      "add the AcceptanceDateTime of the answer DMSACC to the declaration")  # fmt: skip
    said = Said(kind, number=mrn or reference, issued_on=day[:10])
    said.amount, said.currency = _value(facts)
    said.parties = _read_parties(facts, kind == "export_declaration")
    terms = facts.take("incoterm", "GoodsShipment/TradeTerms/ConditionCode")
    said.incoterm = terms if terms in INCOTERMS else None
    said.reason = code
    said.quantity, said.unit = facts.take("quantity", "TotalPackageQuantity"), None
    said.references = _numbers(reference, mrn) + named_documents(facts)
    said.places = {n: at for n, at in facts.places.items() if getattr(said, n, True)}
    return said


def _kind(element: Element, code: str) -> str | None:
    """Export or import; trade with special territories (CO) is an import where an importer is named."""
    if code[:2] == "CO" and code != "COR":
        code = "IM" if find_all(element, "GoodsShipment/Importer") else "EX"
    return {"EX": "export_declaration", "IM": "import_declaration"}.get(code[:2])


def _numbers(reference: str | None, mrn: str | None) -> list[tuple[str, str, str | None]]:
    """The trader's reference and customs' number as numbers of one transaction."""
    given = ((reference, LRN), (mrn, MRN))
    return [("deal", number, namespace) for number, namespace in given if number]


def _value(facts: Facts) -> tuple[str | None, str | None]:
    """The declared value; nothing where the goods are in several currencies."""
    for path in _VALUES:
        found = [e for e in facts.find(path) if text_of(e)]
        if not found:
            continue
        facts.at("amount", found[0], path)
        currencies = {e.get("currencyID") for e in found}
        if len(currencies) != 1:
            return None, None
        try:
            total = sum((Decimal(text_of(e)) for e in found), Decimal(0))
        except InvalidOperation:
            return text_of(found[0]), currencies.pop()
        return (text_of(found[0]) if len(found) == 1 else format(total, "f")), currencies.pop()
    return None, None


def _read_parties(facts: Facts, export: bool) -> dict[str, PartySaid]:
    found: dict[str, PartySaid] = {}
    for role, paths in (_EXPORT if export else _PARTIES).items():
        for path in paths:
            for element in facts.find(path):
                party = party_of(element)
                if party and role not in found:
                    found[role] = party
                    facts.at(role, element, path)
    side = "seller" if export else "buyer"
    if side not in found and "issuer" in found and _declares_for_itself(facts, side):
        found[side] = found["issuer"]
        facts.places[side] = facts.places["issuer"]
    own = found.get(side)
    if own and found.get("issuer") and found["issuer"].ids == own.ids:
        del found["issuer"]  # a trader that declares for itself
        facts.places.pop("issuer", None)
    return found


_ITSELF: Final = {"seller": "00400", "buyer": "00500"}
"""Statement by which the trader and the declarant are one (DE 2/2): then only the declarant need be named."""


def _declares_for_itself(facts: Facts, side: str) -> bool:
    paths = [
        f"{at}AdditionalInformation/StatementCode" for at in ("", "GoodsShipment/", f"{_ITEM}/")
    ]
    return any(text_of(element) == _ITSELF[side] for path in paths for element in facts.find(path))


def party_of(element: Element) -> PartySaid | None:
    """A party by its EORI, or by its name and country; an id that is no EORI stands for itself."""
    number, name = first(element, "ID"), first(element, "Name")
    country = first(element, "Address/CountryCode")
    if not number and not name:
        return None
    lines = [first(element, f"Address/{line}") for line in ("Line", "PostcodeID", "CityName")]
    address = ", ".join(filter(None, (*lines, country))) if any(lines) else ""
    details = Details((address[:500],)) if address else None
    return PartySaid(name, country, [("eori", number)] if number else [], details)


def named_documents(facts: Facts) -> list[tuple[str, str, str | None]]:
    """Invoices, orders and bills of lading that the declaration names, and its consignment (DUCR)."""
    found: dict[tuple[str, str, str | None], None] = {}
    paths = [f"GoodsShipment/{m}" for m in ("PreviousDocument", "AdditionalDocument", "Invoice")]
    paths += [f"{_ITEM}/{m}" for m in ("PreviousDocument", "AdditionalDocument")]
    for path in paths:
        for element in facts.find(path):
            if (
                path.endswith("AdditionalDocument")
                and first(element, "CategoryCode") not in _PAPERS
            ):
                continue
            number, code = first(element, "ID"), first(element, "TypeCode") or ""
            kind = "invoice" if local(element) == "Invoice" else _DOCUMENTS.get(code[-3:])
            if number and (kind or code == "DCR"):
                found[(kind, number, None) if kind else ("shipment", number, "ducr")] = None
                facts.at("references", element, path)
    return list(found)


def read_response(element: Element) -> Iterator[Said | Reject]:
    """What an answer says: one customs event for each declaration with a number."""
    code = first(element, "FunctionCode") or ""
    name, status = ANSWERS.get(code.zfill(2), (None, None))
    if name is None:
        yield Reject(None, None, "FunctionCode", "customs-answer-unknown",
                     f"{code[:20]!r} is not the code of an answer of customs",
                     "use the function codes of docs/reference/formats/customs.md")  # fmt: skip
        return
    facts = Facts(element)
    said = Said(
        "customs_event",
        number=facts.take("number", "FunctionalReferenceID"),
        happened_at=moment(facts.take("happened_at", "IssueDateTime/DateTimeString")),
        status=status,
        reason=name,
        note=_why(element),
    )
    facts.take("status", "FunctionCode")
    for declaration in find_all(element, "Declaration"):
        numbers = _numbers(first(declaration, "FunctionalReferenceID"), first(declaration, "ID"))
        if numbers:
            said.references = numbers
            facts.at("references", declaration, "Declaration")
            said.places = facts.places
            yield said
            return
    yield Reject(None, None, "Declaration", "nothing-stated",
                 f"the answer {name} does not say which declaration it is about",
                 "send the answer whole, with the reference of its declaration")  # fmt: skip


def _why(element: Element) -> str | None:
    """Codes of errors, of the state and what customs says in words."""
    told = [f"error {text_of(e)}" for e in find_all(element, "Error/ValidationCode") if text_of(e)]
    told += [f"status {text_of(e)}" for e in find_all(element, "Status/NameCode") if text_of(e)]
    told += [
        text_of(e)
        for e in find_all(element, "AdditionalInformation/StatementDescription")
        if text_of(e)
    ]
    return " / ".join(dict.fromkeys(told))[:1000] or None
