"""References of a UBL document to the others of its deal.

Idea: the names of the reference elements say what they point to, the same in every document type, so one
table serves all. References that carry only a type (`cac:DocumentReference`, and on customs papers
`cac:AdditionalDocumentReference`) go by that type's code or words. Those in lines count as well: an
invoice over three orders names them nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.evidence.formats.ubl.codes import document_kind
from tallystick.evidence.formats.ubl.tree import find_all, first, first_element, text_of
from tallystick.evidence.formats.xmlpaths import place
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.said import Said
from tallystick.evidence.schema import MAX_REFS

_BILLS: Final = (
    ("invoice", "BillingReference/InvoiceDocumentReference/ID"),
    ("invoice", "BillingReference/SelfBilledInvoiceDocumentReference/ID"),
    ("credit_note", "BillingReference/CreditNoteDocumentReference/ID"),
    ("credit_note", "BillingReference/SelfBilledCreditNoteDocumentReference/ID"),
    ("debit_note", "BillingReference/DebitNoteDocumentReference/ID"),
    ("reminder", "BillingReference/ReminderDocumentReference/ID"),
)
_HEADER: Final = (
    ("order", "OrderReference/ID"),
    ("order", "OrderDocumentReference/ID"),
    *_BILLS,
    ("invoice", "DiscrepancyResponse/ReferenceID"),
    ("quotation", "QuotationDocumentReference/ID"),
    ("rfq", "RequestForQuotationDocumentReference/ID"),
    ("dispatch", "DespatchDocumentReference/ID"),
    ("receipt", "ReceiptDocumentReference/ID"),
    ("order_change", "OrderChangeDocumentReference/ID"),
    ("contract", "ContractDocumentReference/ID"),
    ("contract", "Contract/ContractDocumentReference/ID"),
    ("contract", "Contract/ID"),
    ("contract", "TransportContract/ContractDocumentReference/ID"),
    ("booking", "ShippingOrderID"),
    ("booking", "TransportExecutionPlanDocumentReference/ID"),
    ("shipment", "Consignment/CarrierAssignedID"),
    ("shipment", "Consignment/ID"),
    ("shipment", "Shipment/Consignment/CarrierAssignedID"),
    ("shipment", "Shipment/Consignment/ID"),
)
_TYPED: Final = (
    "DocumentReference",
    "AdditionalDocumentReference",
    "CustomsDeclaration/AdditionalDocumentReference",
)
_LINE: Final = (
    ("order", "OrderLineReference/OrderReference/ID"),
    ("order", "LineItem/OrderLineReference/OrderReference/ID"),
    *_BILLS,
    ("quotation", "QuotationLineReference/DocumentReference/ID"),
    ("rfq", "RequestForQuotationLineReference/DocumentReference/ID"),
    ("dispatch", "DespatchLineReference/DocumentReference/ID"),
    ("receipt", "ReceiptLineReference/DocumentReference/ID"),
)

EVENT: Final = "transport_event"
NO_NUMBER: Final = frozenset({"", "na", "n/a", "none", "null", "-", "."})
"""What people write where the schema wants a number and there is none."""


Located = dict[Reference, Element]
"""References and the elements that they stand in."""


def read_references(root: Element, kind: str, line: str, carried: bool) -> Located:
    """At most `MAX_REFS` references, those first that tie deals together.

    `carried`: whether the document names a carrier, without whom the number of a consignment is nobody's;
    a transport event keeps it all the same, having no other tie.
    """
    found: Located = {}
    own = first(root, "ID")
    for other, element in (*_typed(root), *_plain(root, _HEADER), *_of_lines(root, line)):
        number = text_of(element)
        stray = other == "shipment" and (kind == "shipment" or not (carried or kind == EVENT))
        if number.lower() not in NO_NUMBER and not stray and (other, number) != (kind, own):
            found.setdefault((other, number, None), element)
    return _kept(found)


def line_references(line: Element) -> Located:
    """References of one line, in the same order."""
    found: Located = {}
    for kind, element in _plain(line, _LINE):
        number = text_of(element)
        if number.lower() not in NO_NUMBER:
            found.setdefault((kind, number, None), element)
    return _kept(found)


def refer(said: Said, located: Located, root: Element) -> None:
    """Give a statement its references and the places of them."""
    said.references = list(located)
    said.places["references"] = ", ".join(place(element, root) for element in located.values())


def _kept(found: Located) -> Located:
    return {ref: found[ref] for ref in ordered_references(list(found))[:MAX_REFS]}


def _plain(node: Element, table: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, Element]]:
    for kind, path in table:
        for element in find_all(node, path):
            if element.text:
                yield kind, element


def _of_lines(root: Element, line: str) -> Iterator[tuple[str, Element]]:
    if line:
        for kind, path in _LINE:
            for element in find_all(root, f"{line}/{path}"):
                if element.text:
                    yield kind, element


def _typed(root: Element) -> Iterator[tuple[str, Element]]:
    for path in _TYPED:
        for element in find_all(root, path):
            kind = document_kind(first(element, "DocumentTypeCode"), first(element, "DocumentType"))
            number = first_element(element, "ID")
            if kind and number is not None:
                yield kind, number
