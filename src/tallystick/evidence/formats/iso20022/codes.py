"""The code lists of ISO 20022 that matter here, mapped on the words of `evidence.kinds`.

Sources: the External Code Sets of ISO 20022 (organisation identification, document type, payment transaction
status, cancellation status), the bank transaction codes (BTC) of the same, and ISO 11649 (RF references).
"""

from __future__ import annotations

from typing import Final

DOCUMENTS: Final[dict[str, str]] = {
    "CINV": "invoice",
    "MSIN": "invoice",
    "HIRI": "invoice",
    "SBIN": "invoice",
    "INVS": "invoice",
    "PROF": "proforma",
    "CREN": "credit_note",
    "CNFA": "credit_note",
    "DEBN": "debit_note",
    "DNFA": "debit_note",
    "PUOR": "order",
    "QUOT": "quotation",
    "CMCN": "contract",
    "DISP": "dispatch",
    "BOLD": "shipment",
}
"""ExternalDocumentType1Code -> kind of document. A document without a type is an invoice: that is what a
payment is for. Other types (statements, vouchers, trade services) tie nothing together."""

BILLS: Final = frozenset({"invoice", "proforma", "debit_note"})
"""Kinds that a payment pays."""

SCHEMES: Final[dict[str, str]] = {
    "DUNS": "duns",
    "GS1G": "gln",
    "EANG": "gln",
    "COID": "reg.{country}",
    "CINC": "reg.{country}",
    "SREN": "reg.fr",
    "SIREN": "reg.fr",
    "USCC": "cn.uscc",
    "LEIC": "lei",
    "VATN": "vat",
    "KBO-BCE": "reg.be",
}
"""ExternalOrganisationIdentification1Code, or who issued the number -> our scheme. Customer, employee and
bank-internal numbers (CUST, EMPL, BANK) are left out: they are somebody's own list, and taken for identifiers
they would merge strangers. Tax numbers (TXID) are taken where they are VAT numbers, see `parties`."""

STATUS: Final[dict[str, str]] = {
    "ACSC": "settled",
    "ACCC": "settled",
    "RJCT": "rejected",
    "CANC": "rejected",
} | dict.fromkeys(
    "ACCP ACSP ACTC ACWC ACWP ACFC ACIS ACPD PDNG RCVD PART PATC BLCK".split(), "pending"
)
"""Status of a payment (`TxSts`, `PmtInfSts`, `GrpSts`) -> status of a `payment`. Money that is blocked or
accepted without being posted has not arrived."""

PARTLY: Final = frozenset({"PART", "PATC"})
"""Statuses of a group that say nothing of any one payment in it."""

BOOKED: Final[dict[str, str]] = {"BOOK": "settled", "PDNG": "pending", "FUTR": "pending"}
"""`Sts` of an entry. INFO entries tell of money that has not moved."""

RETURNED: Final = frozenset("RRTN RPCR UPDD RCDD PRDD ARET".split())
"""Bank transaction sub-family codes of money that comes back."""

GERMAN: Final[dict[str, str]] = (
    dict.fromkeys("053 054 153 154 155".split(), "pay or a benefit of a person")
    | dict.fromkeys("808 809".split(), "a charge of the bank")
    | dict.fromkeys("805 814".split(), "interest")
)
"""Business code of German banks (GVC) -> what it is, where that is no payment between traders."""

NO_TRADE: Final[dict[str, str]] = (
    dict.fromkeys("SALA PENS BONU PAYR SSBE BENE GOVT".split(), "pay or a benefit of a person")
    | dict.fromkeys("FEES CHRG COMM COME COMI COMT".split(), "a charge of the bank")
    | dict.fromkeys("INTR ODFT".split(), "interest")
    | dict.fromkeys("TAXE TAXS".split(), "tax")
    | dict.fromkeys("CWDL CDPT CASH INTC".split(), "cash, or a transfer within one firm")
    | dict.fromkeys(
        "ACMT CAMT CMDT DERV FORX LDAS PMET SECU".split(), "no payment but banking business"
    )
    | {f"GVC {code}": what for code, what in GERMAN.items()}
)
"""Domain or sub-family of a bank transaction code, purpose of a payment, or business code of German banks
(GVC) -> what it is, where that is no
payment between traders. Of salaries nothing is kept, not even who got them."""

CANCELLED: Final[dict[str, str]] = {
    "CNCL": "accepted",
    "ACCR": "accepted",
    "PDCR": "pending",
    "PECR": "accepted",
    "RJCR": "rejected",
}
"""Answer to a recall (`Conf`, `TxCxlSts`, `GrpCxlSts`) -> status of a `dispute_response`."""

NO_REFERENCE: Final = frozenset(
    "notprovided|not provided|nonref|notavailable|unknown|none|null|na|n/a|-|.|0".split("|")
)
"""What stands where the schema wants a reference and there is none, in small letters."""
