"""The kinds of business document of the closed loop, who issues them, and what their dates mean.

Idea: a kind is a row of a table, not a class. Everything that differs between an invoice and a
claim (who issues it, whose numbering its number belongs to, which parties it cannot do without, what
its `due_on` means) is data that the readers, the checks, the docs and the JSON Schema share.

Worked example: the number of an order is given by the buyer, so order "7" of one buyer is not order
"7" of another; an invoice that refers to order "7" finds it under its own buyer. `numbered_by` says so.

>>> KINDS["order"].numbered_by, KINDS["invoice"].numbered_by, KINDS["invoice"].due_on
('buyer', 'seller', 'pay by')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ROLES: Final = (
    "issuer",
    "recipient",
    "seller",
    "buyer",
    "carrier",
    "insurer",
    "bank",
    "warehouse",
    "platform",
    "subject",
)
"""Parties of a document, by role. `bank` is any bank or payment service; `subject` is the company that
a fact (registration, sanction, certificate ...) is about."""

SCOPE_CODE: Final = {"": 0} | {role: n for n, role in enumerate(ROLES, start=1)}
"""Role -> small integer as stored beside a link key; 0 means that the key needs no party."""

CONTRIBUTOR_KINDS: Final = (
    "firm",
    "marketplace",
    "bank",
    "payment_service",
    "carrier",
    "insurer",
    "customs",
    "registry",
    "court",
    "inspector",
    "warehouse",
    "operator",
)
"""Who hands evidence in. `firm` is a trading company speaking for itself; `operator` is who keeps the book,
and the only one whose judgements on who is who decide."""

ACTIONS: Final = ("state", "correct", "retract")
"""What a document does: states something, corrects an earlier statement of the same kind, number and
contributor, or takes it back."""

TERMS: Final = {
    "open_account": True,
    "documents_against_acceptance": True,
    "deposit_balance": True,
    "usance_credit": True,
    "consignment": True,
    "prepaid": False,
    "card": False,
    "escrow": False,
    "documents_against_payment": False,
    "sight_credit": False,
    "cash_on_delivery": False,
}
"""Payment terms -> whether credit was given (only then does punctuality of payment count)."""

FAULTS: Final = (
    "seller",
    "buyer",
    "carrier",
    "insurer",
    "bank",
    "warehouse",
    "platform",
    "customs",
    "force_majeure",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document. `numbered_by`: the role whose numbering `number` belongs to ("" = globally
    unique); `needs`: roles that must be present; `due_on`: what the date means, "" where it has none;
    `statuses`: the codes that `status` may hold, empty where it is free text."""

    name: str
    numbered_by: str
    needs: tuple[str, ...]
    meaning: str
    due_on: str = ""
    statuses: tuple[str, ...] = ()


_B = ("buyer",)
_S = ("seller",)
_SB = ("seller", "buyer")

_ALL: Final = (
    # asking and agreeing
    Kind("rfq", "buyer", _B, "request for quotation", "answer by"),
    Kind("quotation", "seller", _S, "offer", "valid until"),
    Kind("quotation_withdrawal", "seller", _S, "offer taken back"),
    Kind("order", "buyer", _SB, "purchase order; deliver_on: arrive by", "dispatch by"),
    Kind("order_change", "buyer", _SB, "the buyer changes an order", "dispatch by"),
    Kind(
        "order_confirmation",
        "seller",
        _S,
        "the seller's answer to an order",
        "dispatch by",
        ("accepted", "rejected", "amended"),
    ),
    Kind("order_cancellation", "buyer", (), "an order is called off; issuer says by whom"),
    Kind("contract", "seller", _SB, "frame agreement"),
    # goods
    Kind("dispatch", "seller", _S, "despatch advice: goods left the seller", "arrive by"),
    Kind("booking", "carrier", ("carrier",), "carriage booked", "collect by"),
    Kind("shipment", "carrier", ("carrier",), "waybill or bill of lading", "arrive by"),
    Kind(
        "transport_event",
        "carrier",
        (),
        "what happened to a shipment",
        "",
        ("collected", "departed", "arrived", "delivered", "damaged", "lost", "held", "returned"),
    ),
    Kind(
        "receipt",
        "buyer",
        (),
        "receipt advice: goods reached the buyer",
        "",
        ("accepted", "short", "damaged", "rejected"),
    ),
    Kind("inspection", "", _S, "inspection certificate", "", ("passed", "failed")),
    Kind("warehouse_receipt", "warehouse", ("warehouse",), "goods taken into store"),
    Kind("release_order", "", ("warehouse",), "order to let goods out", "release by"),
    Kind("warehouse_release", "warehouse", ("warehouse",), "goods let out of store"),
    Kind("stock_count", "warehouse", ("warehouse",), "quantity found in store"),
    Kind("return", "buyer", _B, "goods sent back"),
    # customs
    Kind("export_declaration", "", (), "export declaration; amount is the declared value"),
    Kind("import_declaration", "", (), "import declaration; amount is the declared value"),
    Kind("transit_declaration", "", (), "transit declaration"),
    Kind(
        "customs_event",
        "",
        (),
        "answer of customs",
        "",
        ("accepted", "released", "held", "refused"),
    ),
    Kind("certificate_of_origin", "", (), "certificate of origin"),
    # insurance
    Kind("policy", "insurer", ("insurer",), "insurance policy; amount insured", "cover ends"),
    Kind("claim", "insurer", ("insurer",), "claim on a policy", "settle by"),
    Kind(
        "claim_settlement",
        "insurer",
        ("insurer",),
        "answer to a claim",
        "",
        ("paid", "refused", "refused_wrongly"),
    ),
    # bills
    Kind("proforma", "seller", _SB, "request for deposit or prepayment", "pay by"),
    Kind("invoice", "seller", _SB, "invoice", "pay by"),
    Kind("freight_invoice", "carrier", ("carrier",), "invoice for carriage", "pay by"),
    Kind("credit_note", "seller", _S, "credit note"),
    Kind("debit_note", "seller", _S, "debit note", "pay by"),
    Kind("reminder", "seller", _S, "reminder of an unpaid bill"),
    Kind("statement", "seller", _S, "statement of account"),
    # money
    Kind("remittance", "buyer", _B, "the payer's word that it pays"),
    Kind("payment_instruction", "buyer", ("bank",), "order to a bank to pay", "execute by"),
    Kind(
        "payment",
        "",
        _B,
        "money moved from buyer to seller",
        "",
        ("settled", "pending", "rejected"),
    ),
    Kind("payment_return", "", (), "money came back"),
    Kind("refund_approval", "seller", _S, "the seller owes money back", "refund by"),
    Kind("refund", "", _S, "money moved from seller to buyer"),
    Kind(
        "assignment",
        "",
        _S,
        "claims on buyers assigned or pledged; recipient is the financier; amount financed",
    ),
    Kind("letter_of_credit", "bank", ("bank",), "letter of credit", "expires"),
    Kind("escrow_hold", "platform", ("platform",), "money held in escrow", "release by"),
    Kind("escrow_release", "platform", ("platform",), "money released from escrow"),
    # disputes and opinions
    Kind("dispute", "", (), "complaint; issuer complains about recipient", "resolve by"),
    Kind("dispute_response", "", (), "answer to a complaint"),
    Kind(
        "dispute_ruling",
        "",
        (),
        "ruling on a complaint",
        "",
        ("upheld", "partly_upheld", "rejected", "withdrawn"),
    ),
    Kind(
        "force_majeure_notice",
        "",
        ("issuer",),
        "what kept the issuer from performing, from happened_at",
        "ends",
    ),
    Kind("review", "", (), "review of a seller or a deal; score_ppm 0 to 1,000,000"),
    # facts about a company
    Kind("profile", "", ("subject",), "how a contributor describes a company"),
    Kind(
        "registration",
        "",
        ("subject",),
        "entry in a company register",
        "renew by",
        ("active", "lapsed", "dissolved"),
    ),
    Kind("certificate", "", ("subject",), "certificate such as AEO or ISO 9001", "valid until"),
    Kind("sanction", "", ("subject",), "sanctions listing", "", ("listed", "delisted")),
    Kind("insolvency", "", ("subject",), "insolvency proceeding", "", ("opened", "closed")),
    Kind("ownership", "", ("subject",), "issuer owns a share (score_ppm) of subject"),
    Kind(
        "identity",
        "",
        ("subject", "recipient"),
        "a judgement: subject and recipient are one company, or two",
        "",
        ("same", "apart", "withdrawn"),
    ),
    Kind(
        "strike",
        "",
        (),
        "number is the doc_id of a document that counts nowhere, or counts again",
        "",
        ("struck", "restored"),
    ),
)

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _ALL}

REFERENCE_SCOPE: Final[dict[str, str]] = {k.name: k.numbered_by for k in _ALL} | {"deal": ""}
"""Kind of reference -> role whose numbering it belongs to. `deal` is a platform's own transaction
number, unique within its namespace."""

MONEY_KINDS: Final = frozenset(
    {"invoice", "proforma", "credit_note", "debit_note", "remittance", "payment", "payment_return"}
)
"""Kinds that hang on one invoice: their `item_key` is the invoice's key."""

NEGATIVE_KINDS: Final = frozenset({"statement"})
"""Kinds whose amount may be negative (a balance in the customer's favour)."""
