"""References of a UBL document to the others of its deal.

Idea: the names of the reference elements say what they point to, the same in every document type, so one
table serves all. References that carry only a type (`cac:DocumentReference`, and on customs papers
`cac:AdditionalDocumentReference`) go by that type's code or words. Those in lines count as well: an
invoice over three orders names them nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tallystick.evidence.formats.ubl.codes import document_kind
from tallystick.evidence.formats.ubl.tree import asked
from tallystick.evidence.formats.xmlpaths import Found
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.said import Said
from tallystick.evidence.schema import MAX_REFS

Table = Mapping[str, str]
"""Path of a number -> kind of the document that it names, in order of preference."""

_BILLS: Final[Table] = {
    "BillingReference/InvoiceDocumentReference/ID": "invoice",
    "BillingReference/SelfBilledInvoiceDocumentReference/ID": "invoice",
    "BillingReference/CreditNoteDocumentReference/ID": "credit_note",
    "BillingReference/SelfBilledCreditNoteDocumentReference/ID": "credit_note",
    "BillingReference/DebitNoteDocumentReference/ID": "debit_note",
    "BillingReference/ReminderDocumentReference/ID": "reminder",
}
_HEADER: Final[Table] = {
    "OrderReference/ID": "order",
    "OrderDocumentReference/ID": "order",
    **_BILLS,
    "DiscrepancyResponse/ReferenceID": "invoice",
    "QuotationDocumentReference/ID": "quotation",
    "RequestForQuotationDocumentReference/ID": "rfq",
    "DespatchDocumentReference/ID": "dispatch",
    "ReceiptDocumentReference/ID": "receipt",
    "OrderChangeDocumentReference/ID": "order_change",
    "ContractDocumentReference/ID": "contract",
    "Contract/ContractDocumentReference/ID": "contract",
    "Contract/ID": "contract",
    "TransportContract/ContractDocumentReference/ID": "contract",
    "ShippingOrderID": "booking",
    "TransportExecutionPlanDocumentReference/ID": "booking",
    "Consignment/CarrierAssignedID": "shipment",
    "Consignment/ID": "shipment",
    "Shipment/Consignment/CarrierAssignedID": "shipment",
    "Shipment/Consignment/ID": "shipment",
}
_TYPED: Final = (
    "DocumentReference",
    "AdditionalDocumentReference",
    "CustomsDeclaration/AdditionalDocumentReference",
)
IN_LINE: Final[Table] = {
    "OrderLineReference/OrderReference/ID": "order",
    "LineItem/OrderLineReference/OrderReference/ID": "order",
    **_BILLS,
    "QuotationLineReference/DocumentReference/ID": "quotation",
    "RequestForQuotationLineReference/DocumentReference/ID": "rfq",
    "DespatchLineReference/DocumentReference/ID": "dispatch",
    "ReceiptLineReference/DocumentReference/ID": "receipt",
}

EVENT: Final = "transport_event"
NO_NUMBER: Final = frozenset({"", "na", "n/a", "none", "null", "-", "."})
"""What people write where the schema wants a number and there is none."""


PATHS: Final = (*_HEADER, *_TYPED)
"""All that is asked of a document besides its lines."""

_REFERENCED: Final = asked(("ID", "DocumentTypeCode", "DocumentType"))
LINE_PATHS: Final = tuple(IN_LINE)
"""All that is asked of a line."""

Located = dict[Reference, str]
"""References and the places at which they stand."""


def read_references(told: Found, kind: str, in_lines: Table, carried: bool) -> Located:
    """At most `MAX_REFS` references, those first that tie deals together.

    `in_lines`: those in lines. `carried`: whether the document names a carrier, without whom
    the number of a consignment is nobody's; a transport event keeps it all the same, having no other tie.
    """
    own = (kind, told.text("ID"), None)
    strays = kind == "shipment" or not (carried or kind == EVENT)
    named = [pair for path in _TYPED if path in told.at for pair in typed_references(told, path)]
    named += _plain(told, _HEADER)
    named += _plain(told, in_lines)
    if not named:
        return {}
    return _kept(
        pair for pair in named if pair[0] != own and not (strays and pair[0][0] == "shipment")
    )


def line_references(line: Found) -> Located:
    """References of one line, in the same order."""
    return _kept(_plain(line, IN_LINE))


def refer(said: Said, located: Located) -> None:
    """Give a statement its references and the places of them."""
    said.references = list(located)
    said.places["references"] = ", ".join(located.values())


def typed_references(
    told: Found, path: str, untyped: str | None = None
) -> Iterator[tuple[Reference, str]]:
    """References at a path that say themselves of what type they are. `untyped`: the kind of all others."""
    for element in told.below(path, _REFERENCED):
        code, words = element.text("DocumentTypeCode"), element.text("DocumentType")
        kind = document_kind(code, words) if code or words else untyped
        number = element.spot("ID")
        if kind and number is not None:
            yield (kind, number[1], None), element.place(number)


def _plain(told: Found, table: Table) -> list[tuple[Reference, str]]:
    at = told.at
    given = list(at.keys() & table.keys())
    if len(given) > 1:
        given = [path for path in table if path in given]
    return [((table[path], spot[1], None), told.place(spot)) for path in given for spot in at[path]]


def _kept(named: Iterable[tuple[Reference, str]]) -> Located:
    """The first place of each, without what people write where they have no number."""
    found: Located = {}
    for ref, place in named:
        if ref not in found and ref[1].lower() not in NO_NUMBER:
            found[ref] = place
    if len(found) < 2:
        return found
    return {ref: found[ref] for ref in ordered_references(list(found))[:MAX_REFS]}
