"""Where each UBL document type keeps what matters: one row per type, read by one function.

Idea: a `Shape` is data. It names the kind that a document becomes and, for each field of `Said`, the paths
that may hold it, the first that does being taken. Paths are local names from the root, see `tree`.

>>> SHAPES["Quotation"].kind, SHAPES["Quotation"].due_on
('quotation', ('ValidityPeriod/EndDate',))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tallystick.evidence.formats.ubl.parties import Roles
from tallystick.evidence.formats.ubl.references import IN_LINE, Table

Paths = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One UBL document type. `line`: the element of its lines, in which references are looked for too;
    `happened_at`: (path of a date, path of its time) in order of preference; `notes`: all of them are
    joined; `finish`: names of the steps of `finish.STEPS` that read what paths alone cannot say;
    `reader`: name of the way it is read, see `reader.READERS`; `in_lines`: those of the references in
    its lines."""

    kind: str
    parties: Roles
    line: str = ""
    amount: Paths = ()
    quantity: Paths = ()
    due_on: Paths = ()
    deliver_on: Paths = ()
    happened_at: tuple[tuple[str, str], ...] = ()
    notes: Paths = ("Note",)
    finish: tuple[str, ...] = ()
    reader: str = "plain"
    in_lines: Table = field(init=False)

    def __post_init__(self) -> None:
        named = {f"{self.line}/{path}": kind for path, kind in IN_LINE.items() if self.line}
        object.__setattr__(self, "in_lines", named)

    def paths(self) -> Paths:
        """All that is asked of a document of this type."""
        return (
            *(path for paths in self.parties.values() for path in paths),
            *(self.line and (self.line,)),
            *(self.amount + self.quantity + self.due_on + self.deliver_on + self.notes),
            *(path for pair in self.happened_at for path in pair),
            *self.in_lines,
        )


def _trade(**more: Paths) -> dict[str, Paths]:
    """Parties of a document between the firm that sells and the firm that orders."""
    return {
        "seller": ("SellerSupplierParty/Party", "AccountingSupplierParty/Party"),
        "buyer": ("BuyerCustomerParty/Party", "AccountingCustomerParty/Party"),
    } | more


def _delivery(issuer: str) -> dict[str, Paths]:
    despatch, deliver = "DespatchSupplierParty/Party", "DeliveryCustomerParty/Party"
    return {
        "seller": ("SellerSupplierParty/Party", despatch),
        "buyer": ("BuyerCustomerParty/Party", deliver),
        "issuer": (despatch,) if issuer == "seller" else (deliver,),
        "carrier": _CARRIERS,
    }


_CARRIERS: Final = (
    "CarrierParty",
    "Shipment/Consignment/CarrierParty",
    "Shipment/ShipmentStage/CarrierParty",
    "FreightForwarderParty",
)
ORIGINATOR: Final = ("OriginatorCustomerParty/Party",)
"""Who had the need, on requests, offers and orders."""

# Who asked need not be who orders. The buyer of a request or an offer is the originator unless a buyer is
# named; where both are, and on orders, the originator is the issuer, so that an offer made to the one can
# be matched with the order placed by the other.
_ASKING: Final = _trade(
    buyer=("BuyerCustomerParty/Party", *ORIGINATOR, "AccountingCustomerParty/Party"),
    issuer=ORIGINATOR,
)
_OFFERING: Final = _trade(
    buyer=("BuyerCustomerParty/Party", *ORIGINATOR, "AccountingCustomerParty/Party")
)
_ORDERING: Final = _trade(issuer=ORIGINATOR)
_BILLING: Final = {
    "seller": ("AccountingSupplierParty/Party", "SellerSupplierParty/Party"),
    "buyer": ("AccountingCustomerParty/Party", "BuyerCustomerParty/Party"),
}
_SELF_BILLING: Final = _BILLING | {"issuer": _BILLING["buyer"]}
_GOODS: Final = {
    "seller": ("ConsignorParty", "ExporterParty", "Shipment/Consignment/ConsignorParty"),
    "buyer": ("ConsigneeParty", "Shipment/Consignment/ConsigneeParty", "ImporterParty"),
    "carrier": _CARRIERS,
}
_APPLICATION: Final = "CertificateOfOriginApplication/"

_PAYABLE: Final = ("LegalMonetaryTotal/PayableAmount",)
_REQUESTED: Final = (
    "Delivery/RequestedDeliveryPeriod/EndDate",
    "Delivery/LatestDeliveryDate",
    "{line}/Delivery/RequestedDeliveryPeriod/EndDate",
    "{line}/Delivery/LatestDeliveryDate",
)
_PROMISED: Final = (
    "Delivery/PromisedDeliveryPeriod/EndDate",
    "{line}/Delivery/PromisedDeliveryPeriod/EndDate",
)
_PAY_BY: Final = (
    "DueDate",
    "PaymentMeans/PaymentDueDate",
    "PaymentTerms/PaymentDueDate",
    "PaymentTerms/InstallmentDueDate",
)


def _lines(paths: Paths, line: str) -> Paths:
    return tuple(path.format(line=line) for path in paths)


_ORDER: Final = Shape(
    "order",
    _ORDERING,
    "OrderLine",
    amount=("AnticipatedMonetaryTotal/PayableAmount",),
    quantity=("OrderLine/LineItem/Quantity",),
    due_on=(
        "Delivery/Despatch/RequestedDespatchDate",
        "OrderLine/LineItem/Delivery/Despatch/RequestedDespatchDate",
    ),
    deliver_on=_lines(_REQUESTED, "OrderLine/LineItem"),
)
_ANSWER: Final = Shape(
    "order_confirmation",
    _trade(),
    "OrderLine",
    amount=("LegalMonetaryTotal/PayableAmount", "AnticipatedMonetaryTotal/PayableAmount"),
    quantity=("OrderLine/LineItem/Quantity",),
    due_on=("Delivery/Despatch/EstimatedDespatchDate",),
    deliver_on=_lines(_PROMISED, "OrderLine/LineItem"),
    notes=("RejectionNote", "Note"),
    finish=("answer",),
)
_INVOICE: Final = Shape(
    "invoice",
    _BILLING,
    "InvoiceLine",
    amount=_PAYABLE,
    quantity=("InvoiceLine/InvoicedQuantity",),
    due_on=_PAY_BY,
    finish=("invoice_type", "negative", "terms", "account"),
    reader="bill",
)
_CREDIT: Final = Shape(
    "credit_note",
    _BILLING,
    "CreditNoteLine",
    amount=_PAYABLE,
    quantity=("CreditNoteLine/CreditedQuantity",),
    notes=("Note", "DiscrepancyResponse/Description", "CreditNoteLine/Note"),
    finish=("negative",),
)
_WAYBILL: Final = Shape(
    "shipment",
    _GOODS,
    amount=("DeclaredCarriageValueAmount",),
    due_on=(
        "Shipment/Delivery/LatestDeliveryDate",
        "Shipment/Delivery/PromisedDeliveryPeriod/EndDate",
        "Shipment/Delivery/RequestedDeliveryPeriod/EndDate",
    ),
)
_CUSTOMS: Final = Shape(
    "import_declaration",
    {
        "seller": ("ExporterParty", "ConsignorParty", "CustomsDeclaration/ConsignorParty"),
        "buyer": ("ImporterParty", "ConsigneeParty", "CustomsDeclaration/ConsigneeParty"),
        "carrier": _CARRIERS[:3],
    },
    amount=(
        "TotalInvoiceAmount",
        "CustomsDeclaration/Shipment/Consignment/TotalInvoiceAmount",
        "CustomsDeclaration/Shipment/DeclaredCustomsValueAmount",
        "Shipment/Consignment/TotalInvoiceAmount",
        "Shipment/DeclaredCustomsValueAmount",
        "Shipment/DeclaredStatisticsValueAmount",
    ),
)

SHAPES: Final[Mapping[str, Shape]] = {
    # asking and agreeing
    "RequestForQuotation": Shape(
        "rfq",
        _ASKING,
        "RequestForQuotationLine",
        quantity=("RequestForQuotationLine/LineItem/Quantity",),
        due_on=("SubmissionDueDate",),
        deliver_on=_lines(_REQUESTED, "RequestForQuotationLine/LineItem"),
    ),
    "Quotation": Shape(
        "quotation",
        _OFFERING,
        "QuotationLine",
        amount=("QuotedMonetaryTotal/PayableAmount",),
        quantity=("QuotationLine/LineItem/Quantity",),
        due_on=("ValidityPeriod/EndDate",),
        deliver_on=_lines(_PROMISED + _REQUESTED, "QuotationLine/LineItem"),
    ),
    "Order": _ORDER,
    "OrderChange": replace(_ORDER, kind="order_change"),
    "OrderResponse": _ANSWER,
    "OrderResponseSimple": replace(_ANSWER, line=""),
    "OrderCancellation": Shape(
        "order_cancellation",
        _trade(issuer=("BuyerCustomerParty/Party",)),
        notes=("CancellationNote", "Note"),
    ),
    # goods
    "DespatchAdvice": Shape(
        "dispatch",
        _delivery("seller"),
        "DespatchLine",
        quantity=("DespatchLine/DeliveredQuantity",),
        due_on=(
            "Shipment/Delivery/EstimatedDeliveryPeriod/EndDate",
            "Shipment/Delivery/PromisedDeliveryPeriod/EndDate",
            "Shipment/Delivery/RequestedDeliveryPeriod/EndDate",
        ),
        happened_at=(
            (
                "Shipment/Delivery/Despatch/ActualDespatchDate",
                "Shipment/Delivery/Despatch/ActualDespatchTime",
            ),
        ),
    ),
    "PackingList": Shape("dispatch", _GOODS),
    "ReceiptAdvice": Shape(
        "receipt",
        _delivery("buyer"),
        "ReceiptLine",
        quantity=("ReceiptLine/ReceivedQuantity",),
        happened_at=(
            ("Shipment/Delivery/ActualDeliveryDate", "Shipment/Delivery/ActualDeliveryTime"),
            ("ReceiptLine/ReceivedDate", "ReceiptLine/ReceivedTime"),
        ),
        notes=("Note", "ReceiptLine/RejectReason"),
        finish=("receipt",),
    ),
    "FulfilmentCancellation": Shape(
        "receipt",
        _delivery("buyer"),
        notes=("CancellationNote", "Note"),
        reader="withdrawal",
    ),
    "ForwardingInstructions": Shape(
        "booking",
        _GOODS | {"carrier": ("CarrierParty", "FreightForwarderParty", *_CARRIERS[1:3])},
        due_on=("Shipment/Consignment/RequestedPickupTransportEvent/Period/EndDate",),
    ),
    "TransportExecutionPlan": Shape(
        "booking",
        {
            "carrier": ("TransportServiceProviderParty",),
            "recipient": ("TransportUserParty",),
            "seller": ("Consignment/ConsignorParty",),
            "buyer": ("Consignment/ConsigneeParty",),
        },
        due_on=("ServiceStartTimePeriod/EndDate",),
        deliver_on=("ServiceEndTimePeriod/EndDate",),
    ),
    "Waybill": _WAYBILL,
    "BillOfLading": _WAYBILL,
    "TransportationStatus": Shape(
        "transport_event",
        {
            "carrier": ("Consignment/CarrierParty", "SenderParty"),
            "issuer": ("SenderParty",),
            "recipient": ("ReceiverParty",),
            "seller": ("Consignment/ConsignorParty",),
            "buyer": ("Consignment/ConsigneeParty",),
        },
        notes=("Note", "Description"),
        reader="events",
    ),
    # customs
    "ExportCustomsDeclaration": replace(_CUSTOMS, kind="export_declaration"),
    "ImportCustomsDeclaration": _CUSTOMS,
    "TransitCustomsDeclaration": replace(
        _CUSTOMS,
        kind="transit_declaration",
        parties=dict(_CUSTOMS.parties) | {"seller": ("ConsignorParty", "TransitExporterParty")},
    ),
    "CertificateOfOrigin": Shape(
        "certificate_of_origin",
        {
            "issuer": (
                "EndorserParty/Party",
                _APPLICATION + "EndorserParty/Party",
                _APPLICATION + "IssuerParty",
            ),
            "seller": ("ExporterParty", _APPLICATION + "ExporterParty"),
            "buyer": ("ImporterParty", _APPLICATION + "ImporterParty"),
        },
        notes=("Note", "Description"),
    ),
    # insurance
    "GuaranteeCertificate": Shape(
        "policy",
        {
            "insurer": ("GuarantorParty",),
            "seller": ("InterestedParty",),
            "buyer": ("BeneficiaryParty",),
        },
        amount=("LiabilityAmount",),
        due_on=("ApplicablePeriod/EndDate",),
        notes=("Purpose", "Note"),
    ),
    # bills
    "Invoice": _INVOICE,
    "SelfBilledInvoice": replace(_INVOICE, parties=_SELF_BILLING),
    "FreightInvoice": replace(
        _INVOICE,
        kind="freight_invoice",
        parties={
            "carrier": _BILLING["seller"],
            "recipient": _BILLING["buyer"],
            "seller": ("Shipment/Consignment/ConsignorParty",),
            "buyer": ("Shipment/Consignment/ConsigneeParty",),
        },
        finish=("terms", "account"),
        reader="plain",
    ),
    "CreditNote": _CREDIT,
    "SelfBilledCreditNote": replace(_CREDIT, parties=_SELF_BILLING),
    "DebitNote": replace(
        _INVOICE,
        kind="debit_note",
        line="DebitNoteLine",
        amount=("RequestedMonetaryTotal/PayableAmount",),
        quantity=("DebitNoteLine/DebitedQuantity",),
        finish=("negative", "account"),
        reader="plain",
    ),
    "Reminder": Shape(
        "reminder",
        _BILLING,
        "ReminderLine",
        amount=_PAYABLE,
        reader="lines",
    ),
    "Statement": Shape("statement", _BILLING, "StatementLine", amount=("TotalBalanceAmount",)),
    # money
    "RemittanceAdvice": Shape(
        "remittance",
        _BILLING,
        "RemittanceAdviceLine",
        amount=("TotalPaymentAmount",),
        finish=("account",),
        reader="lines",
    ),
    # disputes
    "ApplicationResponse": Shape(
        "dispute",
        {"issuer": ("SenderParty",), "recipient": ("ReceiverParty",)},
        reader="responses",
    ),
}
"""Local name of the root element -> how it is read."""
