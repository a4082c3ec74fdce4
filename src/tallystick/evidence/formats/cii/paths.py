"""Where a CII document keeps what matters: the paths that are read, in the names of D16B.

ZUGFeRD 1.0 gave some elements other names; `_OLDER` has them.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.formats.xmlpaths import Names, branches

_OLDER: Final = Names(
    other={
        "HeaderExchangedDocument": "ExchangedDocument",
        "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
        "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
        "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
        "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
        "SpecifiedTradeSettlementMonetarySummation": "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
        "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    }
)
"""Name in ZUGFeRD 1.0 -> name in D16B."""

_TRADE: Final = "SupplyChainTradeTransaction/"
_AGREEMENT: Final = _TRADE + "ApplicableHeaderTradeAgreement/"
_DELIVERY: Final = _TRADE + "ApplicableHeaderTradeDelivery/"
_SETTLEMENT: Final = _TRADE + "ApplicableHeaderTradeSettlement/"
_SUMS: Final = _SETTLEMENT + "SpecifiedTradeSettlementHeaderMonetarySummation/"
_LINE: Final = _TRADE + "IncludedSupplyChainTradeLineItem/"

NUMBER: Final = "ExchangedDocument/ID"
TYPE: Final = "ExchangedDocument/TypeCode"
NOTE: Final = "ExchangedDocument/IncludedNote/Content"
ISSUED: Final = "ExchangedDocument/IssueDateTime/DateTimeString"
DUE: Final = _SETTLEMENT + "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString"
TERMS: Final = _SETTLEMENT + "SpecifiedTradePaymentTerms/Description"
MEANS: Final = _SETTLEMENT + "SpecifiedTradeSettlementPaymentMeans/TypeCode"
REFERENCE: Final = _SETTLEMENT + "PaymentReference"
PAYEE: Final = _SETTLEMENT + "PayeeTradeParty/Name"
CREDITOR: Final = _SETTLEMENT + "CreditorReferenceID"
ACCOUNTS: Final = tuple(
    f"{_SETTLEMENT}SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/{name}"
    for name in ("IBANID", "ProprietaryID")
)
CURRENCY: Final = _SETTLEMENT + "InvoiceCurrencyCode"
PAYABLE: Final = _SUMS + "DuePayableAmount"
WHOLE: Final = _SUMS + "GrandTotalAmount"
PREPAID: Final = _SUMS + "TotalPrepaidAmount"
BILLED: Final = _LINE + "SpecifiedLineTradeDelivery/BilledQuantity"
INCOTERMS_AT: Final = tuple(
    where + "ApplicableTradeDeliveryTerms/DeliveryTypeCode" for where in (_AGREEMENT, _DELIVERY)
)
SELLER: Final = _AGREEMENT + "SellerTradeParty"
BUYER: Final = _AGREEMENT + "BuyerTradeParty"
ADDITIONAL: Final = _AGREEMENT + "AdditionalReferencedDocument"


def _numbered(kind: str, document: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind, f"{document}ReferencedDocument/{name}") for name in ("IssuerAssignedID", "ID")
    )


REFERENCES: Final = (
    *_numbered("order", _AGREEMENT + "BuyerOrder"),
    *_numbered("quotation", _AGREEMENT + "Quotation"),
    *_numbered("invoice", _SETTLEMENT + "Invoice"),
    *_numbered("dispatch", _DELIVERY + "DespatchAdvice"),
    *_numbered("receipt", _DELIVERY + "ReceivingAdvice"),
    *_numbered("dispatch", _DELIVERY + "DeliveryNote"),
    *_numbered("contract", _AGREEMENT + "Contract"),
    *_numbered("order", _LINE + "SpecifiedLineTradeAgreement/BuyerOrder"),
    *_numbered("quotation", _LINE + "SpecifiedLineTradeAgreement/Quotation"),
)
"""Kind of document -> where its number stands, in order of preference."""

_ASKED: Final = (
    *(NUMBER, TYPE, NOTE, ISSUED, DUE, TERMS, MEANS, PAYEE, CREDITOR, *ACCOUNTS, CURRENCY),
    *(PAYABLE, WHOLE, PREPAID, BILLED, *INCOTERMS_AT, SELLER, BUYER, ADDITIONAL, REFERENCE),
    *(path for _, path in REFERENCES),
)
BILLS: Final = {
    "CrossIndustryInvoice": branches(_ASKED),
    "CrossIndustryDocument": branches(_ASKED, _OLDER),
}
"""Root element -> all that is asked of a document as a whole."""

NAMES: Final = ("SpecifiedLegalOrganization/TradingBusinessName", "Name")
"""The trading name first, as in UBL, so that both name a party alike."""

IDS: Final = (
    "URIUniversalCommunication/URIID",
    "GlobalID",
    "ID",
    "SpecifiedLegalOrganization/ID",
)
TAX: Final = "SpecifiedTaxRegistration/ID"
_ADDRESS: Final = "PostalTradeAddress/"
LINES: Final = tuple(_ADDRESS + name for name in ("LineOne", "LineTwo", "LineThree"))
TOWN: Final = tuple(_ADDRESS + name for name in ("PostcodeCode", "CityName"))
REGION: Final = _ADDRESS + "CountrySubDivisionName"
COUNTRY: Final = _ADDRESS + "CountryID"
MAILS: Final = tuple(
    f"DefinedTradeContact/EmailURIUniversalCommunication/{name}"
    for name in ("URIID", "CompleteNumber")
)
PARTY: Final = branches((*NAMES, *IDS, TAX, *LINES, *TOWN, REGION, COUNTRY, *MAILS))
"""All that is asked of a party."""

REFERENCED: Final = branches(("TypeCode", "IssuerAssignedID", "ID"))
"""All that is asked of a reference that names its type."""
