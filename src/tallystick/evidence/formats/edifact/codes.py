"""The code lists that EDIFACT messages use, mapped on the words of `evidence.kinds`.

Sources: the UN/EDIFACT code lists 1001 (document name), 1153 (reference), 1225 (message function), 1229 (action
on a line), 2005 and 2379 (dates), 3035 and 3055 (parties and who issues their codes), 4465 (reason of an
adjustment), 5025 (amounts), 6063 (quantities) and 7365 (processing indicator of customs).
"""

from __future__ import annotations

import re
from typing import Final

REFERENCES: Final[dict[str, str]] = {
    "ON": "order",
    "OP": "order",
    "CO": "order",
    "AFH": "order",
    "IV": "invoice",
    "OI": "invoice",
    "AFL": "invoice",
    "AAB": "proforma",
    "CD": "credit_note",
    "DL": "debit_note",
    "DQ": "dispatch",
    "AAK": "dispatch",
    "AAU": "dispatch",
    "ALO": "receipt",
    "CT": "contract",
    "BC": "contract",
    "BO": "contract",
    "AAG": "quotation",
    "PR": "quotation",
    "AHU": "rfq",
    "AAV": "rfq",
    "PP": "order_change",
    "AAA": "order_confirmation",
    "POR": "order_confirmation",
    "BN": "booking",
    "AAS": "shipment",
    "AAM": "shipment",
    "AEX": "shipment",
    "AFA": "shipment",
    "AWB": "shipment",
    "CW": "shipment",
    "SRN": "shipment",
    "MWB": "shipment",
    "HWB": "shipment",
    "BM": "shipment",
    "MB": "shipment",
    "BH": "shipment",
    "CN": "shipment",
    "AAC": "letter_of_credit",
    "PQ": "payment_instruction",
    "AEK": "payment_instruction",
    "AGG": "dispute",
}
"""`RFF` 1153 -> kind of document."""

CUSTOMS_REFERENCES: Final = frozenset({"ABT", "AAE", "ABE", "MRN", "ABO", "AEI"})
"""`RFF` 1153 that name a goods declaration: number of customs, or the declarant's own."""

ACTIONS: Final = {"1": "retract", "3": "retract", "5": "correct"}
"""`BGM` 1225 -> action: cancellation and deletion, replacement. Originals, duplicates and copies state."""

ANSWERS: Final = {
    "29": "accepted",
    "27": "rejected",
    "4": "amended",
    "30": "amended",
    "31": "amended",
}
"""`BGM` 1225 of an ORDRSP -> status; 6, 9 and 12 leave it to the lines."""

LINE_ANSWERS: Final = {
    "1": "amended",
    "2": "rejected",
    "3": "amended",
    "5": "accepted",
    "6": "amended",
    "7": "rejected",
    "12": "amended",
}
"""`LIN` 1229 -> what became of the line."""

INVOICES: Final = {
    "325": "proforma",
    "386": "proforma",
    "381": "credit_note",
    "83": "credit_note",
    "81": "credit_note",
    "261": "credit_note",
    "262": "credit_note",
    "396": "credit_note",
    "383": "debit_note",
    "80": "debit_note",
    "84": "debit_note",
    "780": "freight_invoice",
}
"""`BGM` 1001 of an INVOIC -> kind where it is no ordinary invoice."""

SELF_BILLED: Final = frozenset({"389", "261"})
"""`BGM` 1001 of a bill that the buyer wrote in the seller's name."""

REASONS: Final = {
    "2": "QUA",
    "3": "QUA",
    "4": "QTY",
    "5": "PRI",
    "6": "DEL",
    "14": "ITM",
    "15": "QUA",
    "16": "QUA",
    "17": "DEL",
    "20": "DEL",
    "29": "DEL",
    "31": "PAY",
}
"""`AJT` 4465 -> reason of a dispute, in the codes of the Peppol Invoice Response; others are OTH."""

CUSTOMS: Final = {
    "1": "accepted",
    "9": "accepted",
    "4": "released",
    "2": "refused",
    "3": "refused",
    "5": "held",
    "6": "held",
    "7": "held",
}
"""`GIS` or `GEI` 7365 -> status of a customs_event."""

CUSTOMS_WORDS: Final = tuple(
    (status, re.compile(pattern, re.IGNORECASE))
    for status, pattern in (
        ("refused", r"\b(rejected|refused)\b"),
        ("held", r"\b(held|detained|on hold|seized)\b"),
        ("released", r"\b(released?|cleared|allowed)\b"),
        ("accepted", r"\baccepted\b"),
    )
)
"""Words of an `FTX` -> status, where no code says it."""

EXPORT_CODES: Final = frozenset({"830", "833", "836"})
"""`BGM` 1001 of a declaration of goods for export."""

AGENCIES: Final = {"9": "gln", "16": "duns"}
"""3055 -> scheme. Codes that one of the two traders gave (84 to 94) are nobody else's and not taken."""

PRIVATE_AGENCIES: Final = frozenset({"", "ZZZ", *map(str, range(84, 95))})

PARTY_REFERENCES: Final = {"VA": "vat"}
"""`RFF` 1153 in the group of a party -> scheme."""

DATE_FORMATS: Final = {
    "2": "ddmmyy",
    "3": "mmddyy",
    "4": "ddmmyyyy",
    "101": "yymmdd",
    "201": "yymmddHHMM",
    "202": "yymmddHHMMSS",
}
"""2379 -> order of the parts. 102, 203, 204, 205, 303, 304 and the periods 711 to 719 begin with yyyymmdd."""

NO_DUE: Final = frozenset({"20", "22"})
"""`PAT` 4279: penalty and discount terms; their dates are not the day of payment."""
