"""Where a CII document keeps what matters: the paths that are read, in the names of D16B.

ZUGFeRD 1.0 gave some elements other names; `_OLDER` has them.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.formats.xmlpaths import Names, branches, paths_of

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

TRADE: Final = "SupplyChainTradeTransaction/"
AGREEMENT: Final = TRADE + "ApplicableHeaderTradeAgreement/"
DELIVERY: Final = TRADE + "ApplicableHeaderTradeDelivery/"
SETTLEMENT: Final = TRADE + "ApplicableHeaderTradeSettlement/"
SUMS: Final = SETTLEMENT + "SpecifiedTradeSettlementHeaderMonetarySummation/"
LINE: Final = TRADE + "IncludedSupplyChainTradeLineItem/"

NUMBER: Final = "ExchangedDocument/ID"
TYPE: Final = "ExchangedDocument/TypeCode"
NOTE: Final = "ExchangedDocument/IncludedNote/Content"
ISSUED: Final = "ExchangedDocument/IssueDateTime/DateTimeString"
DUE: Final = SETTLEMENT + "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString"
TERMS: Final = SETTLEMENT + "SpecifiedTradePaymentTerms/Description"
MEANS: Final = SETTLEMENT + "SpecifiedTradeSettlementPaymentMeans/TypeCode"
REFERENCE: Final = SETTLEMENT + "PaymentReference"
PAYEE: Final = SETTLEMENT + "PayeeTradeParty/Name"
CREDITOR: Final = SETTLEMENT + "CreditorReferenceID"
ACCOUNTS: Final = tuple(
    f"{SETTLEMENT}SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/{name}"
    for name in ("IBANID", "ProprietaryID")
)
CURRENCY: Final = SETTLEMENT + "InvoiceCurrencyCode"
PAYABLE: Final = SUMS + "DuePayableAmount"
WHOLE: Final = SUMS + "GrandTotalAmount"
PREPAID: Final = SUMS + "TotalPrepaidAmount"
BILLED: Final = LINE + "SpecifiedLineTradeDelivery/BilledQuantity"
INCOTERMS_AT: Final = tuple(
    where + "ApplicableTradeDeliveryTerms/DeliveryTypeCode" for where in (AGREEMENT, DELIVERY)
)
SELLER: Final = AGREEMENT + "SellerTradeParty"
BUYER: Final = AGREEMENT + "BuyerTradeParty"
ADDITIONAL: Final = AGREEMENT + "AdditionalReferencedDocument"


def _numbered(kind: str, document: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind, f"{document}ReferencedDocument/{name}") for name in ("IssuerAssignedID", "ID")
    )


REFERENCES: Final = (
    *_numbered("order", AGREEMENT + "BuyerOrder"),
    *_numbered("quotation", AGREEMENT + "Quotation"),
    *_numbered("invoice", SETTLEMENT + "Invoice"),
    *_numbered("dispatch", DELIVERY + "DespatchAdvice"),
    *_numbered("receipt", DELIVERY + "ReceivingAdvice"),
    *_numbered("dispatch", DELIVERY + "DeliveryNote"),
    *_numbered("contract", AGREEMENT + "Contract"),
    *_numbered("order", LINE + "SpecifiedLineTradeAgreement/BuyerOrder"),
    *_numbered("quotation", LINE + "SpecifiedLineTradeAgreement/Quotation"),
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
ROWS: Final = tuple(
    tuple(_ADDRESS + name for name in names)
    for names in (
        *(("LineOne",), ("LineTwo",), ("LineThree",)),
        *(("PostcodeCode", "CityName"), ("CountrySubDivisionName",)),
    )
)
COUNTRY: Final = _ADDRESS + "CountryID"
MAILS: Final = tuple(
    f"DefinedTradeContact/EmailURIUniversalCommunication/{name}"
    for name in ("URIID", "CompleteNumber")
)
PARTY: Final = branches((*NAMES, *IDS, TAX, *paths_of(ROWS), COUNTRY, *MAILS))
"""All that is asked of a party."""

REFERENCED: Final = branches(("TypeCode", "IssuerAssignedID", "ID"))
"""All that is asked of a reference that names its type."""
