"""The code lists that UBL documents use, mapped on the words of `evidence.kinds`.

Sources: ISO 6523 ICD list and the Electronic Address Scheme list (who issues an identifier), UN/CEFACT
code list 1001 (document names), UN/ECE Recommendation 24 as the `TransportationStatusCode` list of UBL
has it, the response codes of Peppol Invoice Response (BIS 63) and UNCL 4343 for answers to orders.
"""

from __future__ import annotations

import re
from typing import Final

from tallystick.evidence.registers import codes_by_scheme

_KINDS: Final = ("vat", "gln", "lei", "duns")

IDENTIFIER_SCHEMES: Final[dict[str, str]] = {
    code: scheme for scheme, codes in codes_by_scheme(_KINDS).items() for code in codes
} | {"gln": "gln", "ean": "gln", "lei": "lei", "duns": "duns", "vat": "vat"}
"""Code or name of a scheme in small letters -> our scheme."""

UNSCOPED_SCHEMES: Final = frozenset(["", "zzz", "em", "an", "aq", "as", "au"])
"""Schemes that name no issuer: a number of somebody's own list, or an address that messages go to. Taken
for identifiers they would merge strangers who are both `Supp123` to somebody."""

DOCUMENT_CODES: Final[dict[str, str]] = {
    "105": "order",
    "220": "order",
    "221": "order",
    "227": "order",
    "230": "order_change",
    "231": "order_confirmation",
    "261": "credit_note",
    "310": "quotation",
    "311": "rfq",
    "315": "contract",
    "325": "proforma",
    "351": "dispatch",
    "380": "invoice",
    "381": "credit_note",
    "383": "debit_note",
    "384": "invoice",
    "389": "invoice",
    "396": "credit_note",
    "610": "booking",
    "632": "receipt",
    "703": "shipment",
    "704": "shipment",
    "705": "shipment",
    "710": "shipment",
    "730": "shipment",
    "740": "shipment",
    "741": "shipment",
    "780": "freight_invoice",
    "830": "export_declaration",
    "861": "certificate_of_origin",
}
"""UNCL 1001 -> kind of document. Customs write the same codes with an N before them."""

DOCUMENT_WORDS: Final[dict[str, str]] = {
    "order": "order",
    "purchase order": "order",
    "quotation": "quotation",
    "request for quotation": "rfq",
    "contract": "contract",
    "framework agreement": "contract",
    "invoice": "invoice",
    "commercial invoice": "invoice",
    "proforma invoice": "proforma",
    "credit note": "credit_note",
    "debit note": "debit_note",
    "despatch advice": "dispatch",
    "dispatch advice": "dispatch",
    "receipt advice": "receipt",
    "forwarding instructions": "booking",
    "waybill": "shipment",
    "air waybill": "shipment",
    "bill of lading": "shipment",
    "certificate of origin": "certificate_of_origin",
    "insurance policy": "policy",
}

INVOICE_TYPES: Final[dict[str, str]] = {
    "325": "proforma",
    "386": "proforma",
    "381": "credit_note",
    "396": "credit_note",
    "383": "debit_note",
}
"""`cbc:InvoiceTypeCode` -> kind where an Invoice is not an ordinary invoice."""

SELF_BILLED: Final = "389"
"""`cbc:InvoiceTypeCode` of an invoice that the buyer wrote in the seller's name."""

ANSWERS: Final[dict[str, str]] = {
    "AP": "accepted",
    "RE": "rejected",
    "CA": "amended",
    "27": "rejected",
    "29": "accepted",
    "30": "amended",
    "ACCEPTED": "accepted",
    "REJECTED": "rejected",
}
"""`cbc:OrderResponseCode` (Peppol, UNCL 4343) -> status of an order_confirmation."""

LINE_ANSWERS: Final[dict[str, str]] = {
    "1": "amended",
    "3": "amended",
    "5": "accepted",
    "7": "rejected",
    "added": "amended",
    "revised": "amended",
    "disputed": "amended",
    "cancelled": "rejected",
}
"""`cbc:LineStatusCode` (UNCL 1229 or UBL's own list, in small letters) -> what became of the line."""

RESPONSES: Final[dict[str, str]] = {
    "RE": "dispute",
    "UQ": "dispute",
    "CA": "dispute",
    "AP": "dispute_response",
    "PD": "remittance",
}
"""Response code -> kind. AB (received) and IP (in process) say nothing about the trade. An acceptance is
a dispute_response, never a ruling: it ends a query but does not say that the query was wrong."""

BUSINESS_RESPONSES: Final = {"BUSINESSREJECT": "RE", "BUSINESSACCEPT": "AP"}
"""Response codes of OIOUBL -> those of Peppol; its technical and profile answers are no trade."""

REASONS: Final = frozenset("NON REF LEG REC QUA DEL PRI QTY ITM PAY UNR FIN PPD OTH".split())
"""Status reason codes of the Peppol Invoice Response: our reasons of a dispute."""

PARTLY: Final = "PPD"
"""The reason that says of a payment that it was made in part."""

ACTIONS: Final = {
    "PIN": "provide information",
    "NIN": "issue a new invoice",
    "CNF": "credit in full",
    "CNP": "credit in part",
    "CNA": "credit the amount",
}
"""Status action codes of the Peppol Invoice Response that ask for something; NOA and OTH ask for nothing
that can be named."""

ACTION_LIST: Final = "OPSTATUSACTION"
"""`listID` of the actions, in capitals: they stand in the same element as the reasons."""

TRANSPORT_CODES: Final[dict[str, str]] = {
    "1": "arrived",
    "40": "arrived",
    "3": "damaged",
    "18": "damaged",
    "13": "collected",
    "17": "held",
    "21": "delivered",
    "22": "delivered",
    "24": "departed",
    "27": "departed",
    "31": "departed",
    "36": "lost",
}
"""UN/ECE Recommendation 24 -> status of a transport_event."""

TRANSPORT_WORDS: Final = tuple(
    (status, re.compile(pattern, re.IGNORECASE))
    for status, pattern in (
        ("damaged", r"\b(damaged?|destroyed|broken)\b"),
        ("returned", r"\breturned\b"),
        ("held", r"\b(held|on hold|seized|detained)\b"),
        ("delivered", r"(?<!not )(?<!un)\bdelivered\b|\bdelivery,? completed\b"),
        ("arrived", r"(?<!not )\barrived\b|\barrival,? completed\b"),
        ("collected", r"(?<!not )\b(collected|picked up)\b|\bcollection,? completed\b"),
        (
            "departed",
            r"(?<!not )\bdeparted\b|\bdeparture,? completed\b|\ben route\b|\bin transit\b",
        ),
        ("lost", r"\b(lost|stolen)\b"),
    )
)
"""Words -> status, the first that is found; damage comes first, since it is what matters most."""

INCOTERMS: Final = frozenset(
    "EXW FCA FAS FOB CFR CIF CPT CIP DAP DPU DDP DAT DAF DES DEQ DDU".split()
)


def document_kind(code: str | None, words: str | None) -> str | None:
    """Kind of document that a reference points to, by its type code or else by its type in words."""
    for text in (code, words):
        plain = (text or "").strip().lower()
        kind = DOCUMENT_CODES.get(plain.removeprefix("n")) or DOCUMENT_WORDS.get(plain)
        if kind:
            return kind
    return None
