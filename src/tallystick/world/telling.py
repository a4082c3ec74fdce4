"""Who says what: the documents that the deals of a chunk leave behind, and with whom.

Idea: each function tells a stretch of the deal; each `say` is one kind of document by one contributor,
for the deals where it falls before the horizon. Platform deals are numbered by the marketplace (namespace
`tradeport`); in trade deals every firm numbers its own papers, so that many buyers have an order 7.
Bank and carrier refer to those papers by number and party, as they do in truth.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tallystick.world.bargain import INCOTERMS, TERM_NAMES, Agreement, Opening
from tallystick.world.columns import (
    NAMESPACE,
    Code,
    Column,
    Day,
    Moment,
    Party,
    Same,
    Whole,
    Word,
)
from tallystick.world.companies import FAR, Bools, Companies, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.course import REASONS, Goods, Money, Trouble
from tallystick.world.parts import Parts
from tallystick.world.places import CURRENCY_CODES, UNITS

_CONFIRMATIONS = ("accepted", "rejected", "amended")
_RECEIPTS = ("accepted", "short", "damaged", "rejected")
_RULINGS = ("upheld", "partly_upheld", "rejected", "withdrawn")
_SETTLEMENTS = ("paid", "refused", "refused_wrongly")

_DEAL = ("number", "namespace", "issued_on", "due_on", "happened_at", "amount_minor", "currency")
_GOODS = ("quantity_milli", "unit", "status")
_PAIR = ("seller_id", "buyer_id")


class Telling:
    """The documents of one chunk. `buyer_number`, `seller_number`: what the firms number a deal's papers
    with (the deal's own number on the platform)."""

    def __init__(
        self,
        config: WorldConfig,
        companies: Companies,
        parts: Parts,
        opening: Opening,
        buyer_number: Ints,
        seller_number: Ints,
    ) -> None:
        self.o = opening
        self._config = config
        self._companies = companies
        self._parts = parts
        o = opening
        on_platform = np.where(o.trade, -1, 0)
        self._namespace = Word((NAMESPACE,), on_platform)
        self._order = Code("PO", buyer_number)
        self._rfq = Code("RQ", buyer_number)
        self._quotation = Code("QU", seller_number)
        self._invoice = Code("IN", seller_number)
        self._shipment = Code("WB", o.deal)
        self._currency = Word(CURRENCY_CODES, o.currency)
        self._unit = Word(UNITS, o.unit)
        self._terms = Word(TERM_NAMES, o.terms)
        self._seller, self._buyer = Party(o.seller), Party(o.buyer)
        self._carrier = Party(companies.first["carrier"] + o.carrier)
        self._bank = Party(companies.first["bank"] + o.bank)
        self._insurer = Party(companies.first["insurer"] + o.insurer)
        self._platform = Party(np.full_like(o.deal, companies.first["platform"]))

    def agreement(self, a: Agreement) -> None:
        """Request to confirmation, and the deposit."""
        order = {"ref_order": self._order}
        amount = self._amount(a.amount_minor)
        agreed = self._amount(a.agreed_minor)
        quantity = self._quantity(self.o.quantity)
        rfq = {"number": self._rfq, "due_on": Day(a.answer_by), **quantity}
        self._market("rfq", a.asked_on, 0, rfq)
        offer: dict[str, Column] = {"number": self._quotation, "ref_rfq": self._rfq}
        self._market(
            "quotation",
            a.quoted_on,
            1,
            {**offer, "due_on": Day(a.valid_until), **amount, **quantity},
        )
        taken_back = {"number": Code("QW", self.o.deal), "ref_quotation": self._quotation}
        self._market("quotation_withdrawal", a.withdrawn_on, 2, taken_back)
        self._orders(a, {**amount, **quantity})
        confirmation = {
            "number": Code("OC", self.o.deal),
            "status": Word(_CONFIRMATIONS, a.confirmation),
            "due_on": Day(a.confirmed_due, a.confirmation != 1),
            **order,
            **agreed,
        }
        self._market("order_confirmation", a.confirmed_on, 4, confirmation)
        change = {"number": Code("CH", self.o.deal), "due_on": Day(a.dispatch_due), **order}
        self._market("order_change", a.changed_on, 5, change)
        self._deposit(a, order)

    def _orders(self, a: Agreement, what: Mapping[str, Column]) -> None:
        columns = {
            "number": self._order,
            "due_on": Day(a.first_due),
            "deliver_on": Day(a.deliver_on),
            "terms": self._terms,
            "incoterm": Word(INCOTERMS, self.o.incoterm),
            "ref_rfq": Code("RQ", self._rfq.values, self.o.trade),
            "ref_quotation": Code("QU", self._quotation.values, self.o.trade),
            **what,
        }
        self._market("order", a.ordered_on, 3, columns)

    def _deposit(self, a: Agreement, order: Mapping[str, Column]) -> None:
        proforma = Code("PF", self._invoice.values)
        deposit = {**order, **self._amount(a.deposit_minor)}
        billed = {"number": proforma, "due_on": Day(a.deposit_due), "terms": self._terms, **deposit}
        self._market("proforma", a.proforma_on, 6, billed)
        self._pay(a.deposited_on, 7, 1, {"ref_proforma": proforma, **deposit})
        given_up = {
            "number": Code("CA", self.o.deal),
            "issuer_id": self._seller,
            "reason": Same("deposit_missing"),
            "fault": Same("buyer"),
            **order,
        }
        self._market("order_cancellation", a.abandoned_on, 8, given_up)

    def goods(self, a: Agreement, g: Goods, m: Money) -> None:
        """Inspection to receipt."""
        order = {"ref_order": self._order}
        shipped = self._quantity(g.shipped)
        self._inspect(g, order)
        sent = {"number": Code("DN", self.o.deal), "due_on": Day(a.deliver_on), **order, **shipped}
        self._market("dispatch", g.dispatched_on, 9, sent)
        gone = {
            "number": Code("CA", self.o.deal),
            "issuer_id": self._buyer,
            "reason": Same("not_dispatched"),
            "fault": Same("seller"),
            **order,
        }
        self._market("order_cancellation", g.cancelled_on, 8, gone)
        self._carriage(a, g, order)
        self._customs(g, m, order)
        wrong = np.where(g.faulty & (self.o.deal % 3 == 0), 3, np.where(g.damaged, 2, 0))
        status = np.where((wrong == 0) & (g.shipped < self.o.quantity), 1, wrong)
        told = self.o.trade | ~self.o.goods_seen | (self.o.deal % 5 == 0)
        taken = {"number": Code("RC", self.o.deal), "status": Word(_RECEIPTS, status), **order}
        self._market("receipt", _told(told, g.received_on), 19, {**taken, **shipped})

    def _inspect(self, g: Goods, order: Mapping[str, Column]) -> None:
        """The certificate, by the inspector of the deal."""
        o = self.o
        issuer = self._companies.first["inspector"] + o.inspector
        columns = {
            "number": Code("IC", o.deal),
            "status": Word(("passed", "failed"), g.faulty.astype(np.int8)),
            "issuer_id": Party(issuer),
            **order,
        }
        self._tell(("inspector",), o.deal * 0, "inspection", g.inspected_on, 8, columns)

    def _carriage(self, a: Agreement, g: Goods, order: Mapping[str, Column]) -> None:
        """What the carrier saw."""
        o = self.o
        carrier = {"carrier_id": self._carrier, **order}
        booking = {"number": Code("BK", o.deal), "due_on": Day(g.collect_by), **carrier}
        self._carried("booking", g.booked_on, 8, booking)
        bill = {"number": self._shipment, "due_on": Day(g.eta), **carrier}
        self._carried("shipment", _told(g.waybill, g.collected_on), 11, bill)
        late = np.where(g.collected_on > g.collect_by, 0, -1)
        held = np.where(g.held_on < FAR, 0, -1)
        refused = np.zeros_like(held)
        steps: tuple[tuple[str, Ints, int, Bools, str, Ints], ...] = (
            ("collected", g.collected_on, 10, g.waybill, "carrier", late),
            ("departed", g.collected_on + 1, 12, g.waybill & o.trade, "", late),
            ("held", g.held_on, 13, g.waybill, "customs", held),
            ("arrived", g.arrived_on, 14, g.waybill & o.trade, "customs", held),
            ("damaged", _told(g.damaged, g.delivered_on), 16, o.goods_seen, "carrier", refused),
            ("lost", g.lost_on, 16, o.goods_seen, "carrier", refused),
            ("delivered", g.delivered_on, 17, o.goods_seen, "customs", held),
            ("returned", g.returned_on, 17, o.goods_seen, "buyer", refused),
        )
        waybill = Code("WB", o.deal, g.waybill)
        for step, (status, day, at, told, fault, blamed) in enumerate(steps):
            event: dict[str, Column] = {
                "number": Code("EV", o.deal * 10 + step),
                "status": Same(status),
                "ref_shipment": waybill,
                **carrier,
            }
            if fault:
                event["fault"] = Word((fault,), blamed)
            self._carried("transport_event", _told(told, day), at, event)

    def _customs(self, g: Goods, m: Money, order: Mapping[str, Column]) -> None:
        """Declarations and what customs answered."""
        o = self.o
        declared = m.invoice_minor * (g.declared_ppm // 1000) // 1000
        paper = {
            **order,
            "ref_invoice": Code("IN", self._invoice.values, o.credit),
            **self._amount(np.maximum(1, declared)),
            **self._quantity(g.shipped),
        }
        there = _told(g.declares, g.arrived_on)
        sides = (
            ("export_declaration", _told(g.declares, g.collected_on), 11, "EX", self._seller),
            ("import_declaration", there, 14, "IM", self._buyer),
        )
        for kind, day, at, prefix, who in sides:
            columns = {"number": Code(prefix, o.deal), "issuer_id": who, **paper}
            self._tell(("customs",), o.deal * 0, kind, day, at, columns)
        held = g.held_on < FAR
        for status, day, at in (
            ("held", _told(held & g.declares, g.held_on), 13),
            ("released", there, 15),
        ):
            columns = {"number": Code("CE", o.deal * 2 + at % 2), "status": Same(status), **order}
            self._tell(("customs",), o.deal * 0, "customs_event", day, at, columns)

    def money(self, m: Money) -> None:
        """Invoice and payments."""
        order = {"ref_order": self._order}
        bill = {"number": self._invoice, "due_on": Day(m.pay_by), "terms": self._terms, **order}
        self._market("invoice", m.invoiced_on, 11, {**bill, **self._amount(m.invoice_minor)})
        paper = {**order, "ref_invoice": self._invoice}
        credit = {"number": Code("CN", self.o.deal), **paper, **self._amount(m.invoice_minor)}
        self._market("credit_note", m.credited_on, 20, credit)
        self._pay(m.first_on, 17, 2, {**paper, **self._amount(m.first_minor)})
        rest = self._amount(m.paid_minor)
        self._instruct(m, {**paper, **rest})
        fault = Word(("bank",), np.where(m.by_bank, 0, -1))
        self._pay(m.paid_on, 18, 3, {**paper, **rest, "fault": fault})

    def _instruct(self, m: Money, paper: Mapping[str, Column]) -> None:
        """The payer's order to its bank, which has until the next day."""
        columns = {
            "number": Code("PI", self.o.deal),
            "due_on": Day(m.instructed_on + 1),
            "bank_id": self._bank,
            **paper,
        }
        self._tell(
            _banks(self._config), self.o.bank, "payment_instruction", m.instructed_on, 17, columns
        )

    def _pay(self, day: Ints, step: int, part: int, paper: Mapping[str, Column]) -> None:
        """Money that moved, by whoever saw it: a bank in trade, a payment service on the platform, and
        the marketplace alone where neither hands anything in."""
        o = self.o
        columns = {
            "number": Code("PY", o.deal * 4 + part),
            "status": Same("settled"),
            "terms": self._terms,
            **paper,
        }
        service = Party(np.full_like(o.deal, self._companies.first["payment_service"]))
        seen = o.money_seen
        by_bank, by_service = _told(seen & o.trade, day), _told(seen & ~o.trade, day)
        zero = o.deal * 0
        at_bank = {**columns, "bank_id": self._bank}
        self._tell(_banks(self._config), o.bank, "payment", by_bank, step, at_bank)
        at_service = {**columns, "bank_id": service}
        self._tell(("payment-service",), zero, "payment", by_service, step, at_service)
        self._market("payment", _told(~seen, day), step, columns)

    def trouble(self, t: Trouble, g: Goods) -> None:
        """Complaint to refund, insurance, opinions."""
        o = self.o
        order = {"ref_order": self._order}
        dispute = Code("DP", o.deal)
        about: dict[str, Column] = {"ref_dispute": dispute, **order}
        complaint = {
            "number": dispute,
            "issuer_id": self._buyer,
            "recipient_id": self._seller,
            "reason": Word(REASONS, t.reason),
            "due_on": Day(t.disputed_on + 30),
            **order,
        }
        self._market("dispute", t.disputed_on, 21, complaint)
        answer = {"number": Code("DA", o.deal), "issuer_id": self._seller, **about}
        self._market("dispute_response", t.answered_on, 22, answer)
        ruling = {
            "number": Code("DR", o.deal),
            "issuer_id": self._platform,
            "status": Word(_RULINGS, t.ruling),
            **about,
        }
        self._market("dispute_ruling", t.ruled_on, 23, ruling)
        back = {"ref_invoice": self._invoice, **order, **self._amount(t.refund_minor)}
        owed = {"number": Code("RA", o.deal), "due_on": Day(t.refund_by), **back}
        self._market("refund_approval", t.approved_on, 24, owed)
        service = Party(np.full_like(o.deal, self._companies.first["payment_service"]))
        paid = {"number": Code("RF", o.deal), "bank_id": service, **back}
        self._tell(("payment-service",), o.deal * 0, "refund", t.refunded_on, 25, paid)
        review = {"number": Code("RV", o.deal), "score_ppm": Whole(t.score_ppm), **order}
        self._market("review", t.reviewed_on, 26, review)
        self._insurance(t, g, order)

    def _insurance(self, t: Trouble, g: Goods, order: Mapping[str, Column]) -> None:
        o = self.o
        value = self._amount(np.maximum(1, o.price_minor * g.shipped * 11 // 10))
        policy, claim = Code("PL", o.deal), Code("CL", o.deal)
        cover = {"number": policy, "due_on": Day(g.eta + 60), **value}
        claimed = {
            "number": claim,
            "due_on": Day(t.settle_by),
            "issuer_id": self._buyer,
            "ref_policy": policy,
            **value,
        }
        settled = {
            "number": Code("CS", o.deal),
            "status": Word(_SETTLEMENTS, t.settlement),
            "ref_claim": claim,
            **value,
        }
        for kind, day, step, columns in (
            ("policy", t.insured_on, 8, cover),
            ("claim", t.claimed_on, 20, claimed),
            ("claim_settlement", t.settled_on, 27, settled),
        ):
            said = {"insurer_id": self._insurer, **columns, **order}
            self._tell(("insurer",), o.deal * 0, kind, day, step, said)

    def _amount(self, minor: Ints) -> dict[str, Column]:
        return {"amount_minor": Whole(minor), "currency": self._currency}

    def _quantity(self, units: Ints) -> dict[str, Column]:
        return {"quantity_milli": Whole(units * 1000), "unit": self._unit}

    def _market(self, kind: str, day: Ints, step: int, columns: Mapping[str, Column]) -> None:
        self._tell(("marketplace",), self.o.deal * 0, kind, day, step, columns)

    def _carried(self, kind: str, day: Ints, step: int, columns: Mapping[str, Column]) -> None:
        self._tell(_carriers(self._config), self.o.carrier, kind, day, step, columns)

    def _tell(
        self,
        folders: tuple[str, ...],
        teller: Ints,
        kind: str,
        day: Ints,
        step: int,
        columns: Mapping[str, Column],
    ) -> None:
        """One kind of document of every deal whose `day` comes before the horizon."""
        rows = np.flatnonzero(day < self._config.horizon)
        common: dict[str, Column] = {
            "namespace": self._namespace,
            "issued_on": Day(day),
            "happened_at": Moment(day, self.o.opened_us, step),
            "seller_id": self._seller,
            "buyer_id": self._buyer,
        }
        self._parts.say_each(folders, teller, kind, rows, {**common, **columns})


def _told(told: Bools, day: Ints) -> Ints:
    return np.where(told, day, FAR)


def _banks(config: WorldConfig) -> tuple[str, ...]:
    return tuple(f"bank-{n + 1:02d}" for n in range(config.banks))


def _carriers(config: WorldConfig) -> tuple[str, ...]:
    return tuple(f"carrier-{n + 1:02d}" for n in range(config.carriers))


def folders(config: WorldConfig) -> dict[str, tuple[str, ...]]:
    """Folder of each contributor -> the columns of its files, in the order of `FLAT`."""
    bank = ("kind", *_DEAL, "status", "fault", "terms", *_PAIR, "bank_id", "ref_order")
    bank = (*bank, "ref_proforma", "ref_invoice")
    carrier = (
        "kind",
        *_DEAL[:5],
        "status",
        "fault",
        *_PAIR,
        "carrier_id",
        "ref_order",
        "ref_shipment",
    )
    market = ("kind", *_DEAL[:4], "deliver_on", *_DEAL[4:], *_GOODS, "reason", "fault", "terms")
    market = (*market, "incoterm", "score_ppm", "issuer_id", "recipient_id", *_PAIR, "subject_id")
    market = (*market, "subject_name", "subject_country", "ref_rfq", "ref_quotation", "ref_order")
    market = (*market, "ref_proforma", "ref_invoice", "ref_dispute")
    customs = ("kind", *_DEAL, *_GOODS, "issuer_id", *_PAIR, "ref_order", "ref_invoice")
    insurer = ("kind", *_DEAL, "status", "issuer_id", *_PAIR, "insurer_id", "ref_order")
    return {
        "marketplace": market,
        "payment-service": bank,
        **dict.fromkeys(_banks(config), bank),
        **dict.fromkeys(_carriers(config), carrier),
        "customs": tuple(c for c in customs if c != "due_on"),
        "insurer": (*insurer, "ref_policy", "ref_claim"),
        "inspector": (
            "kind",
            *_DEAL[:3],
            "happened_at",
            "status",
            "issuer_id",
            *_PAIR,
            "ref_order",
        ),
        "registry": (
            *("kind", "number", "issued_on", "due_on", "status"),
            *("subject_id", "subject_name", "subject_country"),
        ),
    }
