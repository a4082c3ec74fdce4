"""What is told of a deal's words and money: asking, agreeing, billing, paying, complaining.

Each `market` or `tell` is one kind of document by one contributor, for the deals where its day comes
before the horizon.
"""

from __future__ import annotations

import numpy as np

from tallystick.world.bargain import INCOTERMS, Agreement
from tallystick.world.columns import Code, Day, Same, Whole, Word
from tallystick.world.companies import Ints
from tallystick.world.course import REASONS, Goods, Money, Trouble
from tallystick.world.teller import Columns, Teller, banks, told

_CONFIRMATIONS = ("accepted", "rejected", "amended")
_RULINGS = ("upheld", "partly_upheld", "rejected", "withdrawn")
_SETTLEMENTS = ("paid", "refused", "refused_wrongly")


def tell_agreement(t: Teller, a: Agreement) -> None:
    """Request to confirmation, and the deposit."""
    order: Columns = {"ref_order": t.order}
    amount = t.amount(a.amount_minor)
    agreed = t.amount(a.agreed_minor)
    quantity = t.quantity(t.o.quantity)
    rfq: Columns = {"number": t.rfq, "due_on": Day(a.answer_by), **quantity}
    t.market("rfq", a.asked_on, 0, rfq)
    offer: Columns = {"number": t.quotation, "ref_rfq": t.rfq}
    t.market(
        "quotation",
        a.quoted_on,
        1,
        {**offer, "due_on": Day(a.valid_until), **amount, **quantity},
    )
    taken_back: Columns = {"number": Code("QW", t.o.deal), "ref_quotation": t.quotation}
    t.market("quotation_withdrawal", a.withdrawn_on, 2, taken_back)
    _orders(t, a, {**amount, **quantity})
    confirmation: Columns = {
        "number": Code("OC", t.o.deal),
        "status": Word(_CONFIRMATIONS, a.confirmation),
        "due_on": Day(a.confirmed_due, a.confirmation != 1),
        **order,
        **agreed,
    }
    t.market("order_confirmation", a.confirmed_on, 4, confirmation)
    change: Columns = {"number": Code("CH", t.o.deal), "due_on": Day(a.dispatch_due), **order}
    t.market("order_change", a.changed_on, 5, change)
    _deposit(t, a, order)


def _orders(t: Teller, a: Agreement, what: Columns) -> None:
    columns: Columns = {
        "number": t.order,
        "due_on": Day(a.first_due),
        "deliver_on": Day(a.deliver_on),
        "terms": t.terms,
        "incoterm": Word(INCOTERMS, t.o.incoterm),
        "ref_rfq": Code("RQ", t.rfq.values, t.o.trade),
        "ref_quotation": Code("QU", t.quotation.values, t.o.trade),
        **what,
    }
    t.market("order", a.ordered_on, 3, columns)


def _deposit(t: Teller, a: Agreement, order: Columns) -> None:
    proforma = Code("PF", t.invoice.values)
    deposit: Columns = {**order, **t.amount(a.deposit_minor)}
    billed: Columns = {
        "number": proforma,
        "due_on": Day(a.deposit_due),
        "terms": t.terms,
        **deposit,
    }
    t.market("proforma", a.proforma_on, 6, billed)
    _pay(t, a.deposited_on, 7, 1, {"ref_proforma": proforma, **deposit})
    given_up: Columns = {
        "number": Code("CA", t.o.deal),
        "issuer_id": t.platform,
        "reason": Same("deposit_missing"),
        "fault": Same("buyer"),
        **order,
    }
    t.market("order_cancellation", a.abandoned_on, 8, given_up)


def tell_money(t: Teller, m: Money) -> None:
    """Invoice and payments."""
    order: Columns = {"ref_order": t.order}
    bill: Columns = {"number": t.invoice, "due_on": Day(m.pay_by), "terms": t.terms, **order}
    t.market("invoice", m.invoiced_on, 11, {**bill, **t.amount(m.invoice_minor)})
    paper: Columns = {**order, "ref_invoice": t.invoice}
    credit: Columns = {"number": Code("CN", t.o.deal), **paper, **t.amount(m.invoice_minor)}
    t.market("credit_note", m.credited_on, 20, credit)
    _pay(t, m.first_on, 17, 2, {**paper, **t.amount(m.first_minor)})
    rest = t.amount(m.paid_minor)
    _instruct(t, m, {**paper, **rest})
    fault = Word(("bank",), np.where(m.by_bank, 0, -1))
    _pay(t, m.paid_on, 18, 3, {**paper, **rest, "fault": fault})


def _instruct(t: Teller, m: Money, paper: Columns) -> None:
    """The payer's order to its bank, which has until the next day."""
    columns: Columns = {
        "number": Code("PI", t.o.deal),
        "due_on": Day(m.instructed_on + 1),
        "bank_id": t.bank,
        **paper,
    }
    t.tell(banks(t.config), t.o.bank, "payment_instruction", m.instructed_on, 17, columns)


def _pay(t: Teller, day: Ints, step: int, part: int, paper: Columns) -> None:
    """Money that moved, by whoever saw it: a bank in trade, a payment service on the platform, and
    the marketplace alone where neither hands anything in."""
    o = t.o
    columns: Columns = {
        "number": Code("PY", o.deal * 4 + part),
        "status": Same("settled"),
        "terms": t.terms,
        **paper,
    }
    seen = o.money_seen
    by_bank, by_service = told(seen & o.trade, day), told(seen & ~o.trade, day)
    zero = o.deal * 0
    at_bank: Columns = {**columns, "bank_id": t.bank}
    t.tell(banks(t.config), o.bank, "payment", by_bank, step, at_bank)
    at_service: Columns = {**columns, "bank_id": t.payment_service}
    t.tell(("payment-service",), zero, "payment", by_service, step, at_service)
    t.market("payment", told(~seen, day), step, columns)


def tell_trouble(t: Teller, x: Trouble, g: Goods) -> None:
    """Complaint to refund, insurance, opinions."""
    o = t.o
    order: Columns = {"ref_order": t.order}
    dispute = Code("DP", o.deal)
    about: Columns = {"ref_dispute": dispute, **order}
    complaint: Columns = {
        "number": dispute,
        "issuer_id": t.buyer,
        "platform_id": t.platform,
        "recipient_id": t.seller,
        "reason": Word(REASONS, x.reason),
        "due_on": Day(x.disputed_on + 30),
        **order,
    }
    t.market("dispute", x.disputed_on, 21, complaint)
    answer: Columns = {"number": Code("DA", o.deal), "issuer_id": t.seller, **about}
    t.market("dispute_response", x.answered_on, 22, answer)
    ruling: Columns = {
        "number": Code("DR", o.deal),
        "issuer_id": t.platform,
        "status": Word(_RULINGS, x.ruling),
        **about,
    }
    t.market("dispute_ruling", x.ruled_on, 23, ruling)
    back: Columns = {"ref_invoice": t.invoice, **order, **t.amount(x.refund_minor)}
    owed: Columns = {"number": Code("RA", o.deal), "due_on": Day(x.refund_by), **back}
    t.market("refund_approval", x.approved_on, 24, owed)
    paid: Columns = {"number": Code("RF", o.deal), "bank_id": t.payment_service, **back}
    t.tell(("payment-service",), o.deal * 0, "refund", x.refunded_on, 25, paid)
    review: Columns = {"number": Code("RV", o.deal), "score_ppm": Whole(x.score_ppm), **order}
    t.market("review", x.reviewed_on, 26, review)
    _insurance(t, x, g, order)


def _insurance(t: Teller, x: Trouble, g: Goods, order: Columns) -> None:
    o = t.o
    value = t.amount(np.maximum(1, o.price_minor * g.shipped * 11 // 10))
    policy, claim = Code("PL", o.deal), Code("CL", o.deal)
    cover: Columns = {"number": policy, "due_on": Day(g.eta + 60), **value}
    claimed: Columns = {
        "number": claim,
        "due_on": Day(x.settle_by),
        "issuer_id": t.buyer,
        "ref_policy": policy,
        **value,
    }
    settled: Columns = {
        "number": Code("CS", o.deal),
        "status": Word(_SETTLEMENTS, x.settlement),
        "ref_claim": claim,
        **value,
    }
    for kind, day, step, columns in (
        ("policy", x.insured_on, 8, cover),
        ("claim", x.claimed_on, 20, claimed),
        ("claim_settlement", x.settled_on, 27, settled),
    ):
        said = {"insurer_id": t.insurer, **columns, **order}
        t.tell(("insurer",), o.deal * 0, kind, day, step, said)
