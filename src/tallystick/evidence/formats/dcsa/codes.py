"""Codes of the DCSA standards, and what they mean in a trade.

Source: DCSA Track & Trace 2.2 and 3.0, Bill of Lading 3.0, Booking 2.0, Arrival Notice 1.0 (Apache-2.0
interface definitions); UN/EDIFACT 1153 for types of reference.
"""

from __future__ import annotations

from typing import Final

MOVES: Final = {
    ("TRANSPORT", "ARRI", ""): "arrived",
    ("TRANSPORT", "DEPA", ""): "departed",
    ("EQUIPMENT", "PICK", "LADEN"): "collected",
    ("EQUIPMENT", "GTIN", "LADEN EXPORT"): "collected",
    ("EQUIPMENT", "GTOT", "LADEN IMPORT"): "delivered",
    ("SHIPMENT", "HOLD", ""): "held",
}
"""(type of event, its code, how the container is: laden or empty, export or import) -> status of the
transport event. Only what actually happened (classifier ACT) has a status."""

CUSTOMS: Final = {"HOLD": "held", "RELS": "released", "REJE": "refused", "APPR": "accepted"}
"""Code of a shipment event about customs inspection (document CUS) -> status of the customs event."""

DOCUMENTS: Final = {
    "BKG": "booking",
    "CBR": "booking",
    "TRD": "shipment",
    "INV": "invoice",
    "CQU": "quotation",
}
"""Type of document in an event -> kind of document that it is."""

REFERENCES: Final = {
    "PO": "order",
    "ON": "order",
    "IV": "invoice",
    "INV": "invoice",
    "DUE": "export_declaration",
}
"""Type of reference -> kind of document that it names."""

ISSUED: Final = {
    ("BKG", "CONF"): "booking",
    ("CBR", "CONF"): "booking",
    ("TRD", "ISSU"): "shipment",
}
"""(document, code of the shipment event) by which the document itself comes to be."""

ROLES: Final = {
    "shipper": "seller",
    "consignee": "buyer",
    "issuingParty": "issuer",
    "bookingAgent": "issuer",
    "carrierBookingOffice": "carrier",
}
"""Member of `documentParties` -> role."""

FUNCTIONS: Final = {"OS": "seller", "CN": "buyer", "CA": "carrier", "MS": "issuer"}
"""`partyFunction` -> role."""

PROVIDERS: Final = {
    "GLEIF": "lei",
    "LEI": "lei",
    "SCAC": "id:nmfta",
    "DUNS": "duns",
    "DNB": "duns",
    "GS1": "gln",
}
"""Provider of a code list -> scheme of identifiers that name companies."""

TAXES: Final = {"EORI": "eori", "VAT": "vat", "USCI": "cn.uscc", "USCC": "cn.uscc"}
"""Type of tax or legal reference -> scheme of identifiers."""

OTHERS: Final = {
    "vesselSchedules": "a schedule",
    "vessels": "a schedule",
    "cutOffTimes": "a schedule",
    "solutionNumber": "a schedule",
    "VGMDeclarations": "declarations of weight",
    "VGM": "a declaration of weight",
    "portCall": "a port call",
    "portCallID": "a port call",
    "portCallServiceID": "a service to a vessel",
    "apiCallsStatsByStandards": "a statistic",
    "errors": "an answer that a request failed",
}
"""Member -> what else the standards exchange, which says nothing of a trade."""
