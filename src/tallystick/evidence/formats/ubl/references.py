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
from tallystick.evidence.formats.ubl.tree import find_all, first, text_of, texts
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.links import Reference, ordered_references
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
NO_NUMBER: Final = frozenset({"na", "n/a", "none", "null", "-", "."})
"""What people write where the schema wants a number and there is none."""


def read_references(root: Element, kind: str, line: str, carried: bool) -> list[Reference]:
    """At most `MAX_REFS` references, those first that tie deals together.

    `carried`: whether the document names a carrier, without whom the number of a consignment is nobody's;
    a transport event keeps it all the same, having no other tie.
    """
    found: dict[Reference, None] = {}
    own = first(root, "ID")
    for other, number in (*_typed(root), *_plain(root, _HEADER), *_of_lines(root, line)):
        stray = other == "shipment" and (kind == "shipment" or not (carried or kind == EVENT))
        if number.lower() not in NO_NUMBER and not stray and (other, number) != (kind, own):
            found[(other, number, None)] = None
    return ordered_references(list(found))[:MAX_REFS]


def line_references(line: Element) -> list[Reference]:
    """References of one line, in the same order."""
    found = dict.fromkeys((kind, number, None) for kind, number in _plain(line, _LINE))
    return ordered_references([ref for ref in found if ref[1].lower() not in NO_NUMBER])[:MAX_REFS]


def _plain(node: Element, table: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for kind, path in table:
        for number in texts(node, path):
            yield kind, number


def _of_lines(root: Element, line: str) -> Iterator[tuple[str, str]]:
    if line:
        for kind, path in _LINE:
            for element in find_all(root, f"{line}/{path}"):
                if number := text_of(element):
                    yield kind, number


def _typed(root: Element) -> Iterator[tuple[str, str]]:
    for path in _TYPED:
        for element in find_all(root, path):
            kind = document_kind(first(element, "DocumentTypeCode"), first(element, "DocumentType"))
            number = first(element, "ID")
            if kind and number:
                yield kind, number
