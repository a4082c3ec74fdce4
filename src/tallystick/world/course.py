"""How deals go on: goods, money, and what is done when one of them fails to come.

Every party breaks only its own promise. A carrier that collects late leaves the seller's own dispatch day
as it was; a bank that is slow leaves the buyer's order to pay on its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tallystick.world.bargain import Agreement, Opening
from tallystick.world.companies import FAR, Bools, Ints
from tallystick.world.fate import Fate, when


@dataclass(frozen=True, slots=True)
class Goods:
    """Days and quantities of the goods. `collect_by` is `FAR` where no carriage was booked."""

    inspected_on: Ints
    dispatched_on: Ints
    seller_off_on: Ints
    buyer_off_on: Ints
    overdue_on: Ints
    shipped: Ints
    faulty: Bools
    booked_on: Ints
    collect_by: Ints
    collected_on: Ints
    eta: Ints
    waybill: Bools
    held_on: Ints
    arrived_on: Ints
    damaged: Bools
    lost_on: Ints
    delivered_on: Ints
    refused: Bools
    returned_on: Ints
    received_on: Ints
    declares: Bools
    export_ppm: Ints
    import_ppm: Ints

    @property
    def cancelled_on(self) -> Ints:
        """Day on which the order is off for whatever reason."""
        return np.minimum(np.minimum(self.seller_off_on, self.buyer_off_on), self.overdue_on)


@dataclass(frozen=True, slots=True)
class Money:
    """Days and amounts of bills and payments. `first_*`: the first part of a payment in two parts;
    `instructed_on`: day of the order to the bank; `by_bank`: whether the bank was late, not the payer."""

    invoiced_on: Ints
    invoice_minor: Ints
    pay_by: Ints
    first_on: Ints
    first_minor: Ints
    instructed_on: Ints
    paid_on: Ints
    paid_minor: Ints
    by_bank: Bools
    credited_on: Ints


@dataclass(frozen=True, slots=True)
class Trouble:
    """Complaints, refunds, insurance and opinions."""

    disputed_on: Ints
    reason: Ints
    answered_on: Ints
    ruled_on: Ints
    ruling: Ints
    approved_on: Ints
    refund_by: Ints
    refunded_on: Ints
    refund_minor: Ints
    insured_on: Ints
    claimed_on: Ints
    settle_by: Ints
    settled_on: Ints
    settlement: Ints
    reviewed_on: Ints
    score_ppm: Ints


REASONS: Final = ("DEL", "QTY", "QUA", "QUA")
"""Codes of the Peppol Invoice Response: not delivered, short, quality, and quality without ground."""


def move_goods(fate: Fate, o: Opening, a: Agreement) -> Goods:
    """Draw dispatch, carriage, customs and receipt."""
    reneged, called_off = _fall_through(fate, o, a)
    dispatched_on = _dispatch(fate, o, a, reneged, called_off)
    sent = dispatched_on < FAR
    inspected = o.trade & fate.chance(0.3 + 0.5 * fate.config.detail)
    short = fate.breaks("deliver", o.seller, dispatched_on, sent)
    part = np.maximum(1, o.quantity * fate.between(60, 97) // 100)
    faulty = fate.breaks("conform", o.seller, dispatched_on, sent)

    booked = o.trade & o.goods_seen & sent
    booked_on = when(booked, np.maximum(a.going_on + 1, dispatched_on - 5))
    carrier = fate.companies.first["carrier"] + o.carrier
    slow = fate.breaks("collect", carrier, booked_on, booked)
    collected_on = np.where(slow, dispatched_on + 1 + fate.delay(3.0), dispatched_on)
    collected_on = when(sent, collected_on)
    eta = collected_on + a.transit
    waybill = o.goods_seen & (o.trade | fate.chance(fate.config.detail))
    held = o.trade & o.cross_border & fate.chance(fate.held_share(o.buyer, collected_on))
    arrival, damaged, lost = _carry(fate, o, collected_on, eta)
    arrival = arrival + np.where(held, fate.between(4, 15), 0)
    refused = fate.breaks("receive", o.buyer, dispatched_on, sent & ~lost)
    delivered_on = when(~lost & ~refused, arrival)
    promised = a.going_on < FAR
    by_seller = reneged & fate.chance(0.6)
    soon = a.going_on + fate.between(3, 9)
    overdue = when(
        promised & ~sent & ~called_off & ~by_seller, a.dispatch_due + fate.between(14, 40)
    )
    declares = o.trade & o.cross_border & fate.chance(0.85)
    untrue = fate.breaks("declare", o.seller, dispatched_on, declares & sent)
    imports = declares & (arrival < FAR)
    false = fate.breaks("declare_import", o.buyer, dispatched_on, imports)
    return Goods(
        inspected_on=when(inspected, dispatched_on - fate.between(0, 2)),
        dispatched_on=dispatched_on,
        seller_off_on=when(by_seller, soon),
        buyer_off_on=when(called_off, soon),
        overdue_on=overdue,
        shipped=np.where(short, np.minimum(part, o.quantity - 1), o.quantity),
        faulty=faulty,
        booked_on=booked_on,
        collect_by=when(booked, dispatched_on),
        collected_on=collected_on,
        eta=eta,
        waybill=waybill,
        held_on=when(held & ~lost, arrival - 4),
        arrived_on=when(~lost, arrival),
        damaged=damaged,
        lost_on=when(lost, eta + fate.between(12, 25)),
        delivered_on=delivered_on,
        refused=refused,
        returned_on=when(refused, arrival),
        received_on=when(~lost, arrival + np.where(refused, 0, fate.between(0, 2))),
        declares=declares,
        export_ppm=np.where(untrue, fate.between(350_000, 850_000), 1_000_000),
        import_ppm=np.where(false, fate.between(350_000, 850_000), 1_000_000),
    )


def _fall_through(fate: Fate, o: Opening, a: Agreement) -> tuple[Bools, Bools]:
    """Confirmed orders that the seller never fulfils, and those that the buyer calls off."""
    confirmed = (a.going_on < FAR) & (a.confirmed_on < FAR)
    called_off = fate.breaks("order", o.buyer, a.going_on, confirmed)
    reneged = fate.breaks("confirm", o.seller, a.going_on, confirmed & ~called_off)
    return reneged, called_off


def _dispatch(fate: Fate, o: Opening, a: Agreement, reneged: Bools, called_off: Bools) -> Ints:
    """Days of dispatch: before the due date by up to .6 of the time there was, or late, or never.

    An order that the seller goes back on breaks the dispatch date too; one that the buyer calls off
    leaves no such promise."""
    due = when(~called_off & (a.going_on < FAR), a.dispatch_due)
    broken = fate.breaks("dispatch", o.seller, a.going_on, due < FAR)
    fate.breaks_with("dispatch", "confirm", due < FAR, reneged)
    time = np.where(due < FAR, due - a.going_on, 0)
    early = np.floor(fate.uniform() ** 2 * 0.6 * time).astype(np.int64)
    delay = np.where(o.trade, fate.delay(8.0), fate.delay(3.0))
    never = reneged | (broken & (a.confirmed_on >= FAR) & fate.chance(0.25))
    late = when(~never, due + delay)
    return when(~never & (due < FAR), fate.act("dispatch", due - early, late))


def _carry(fate: Fate, o: Opening, collected_on: Ints, eta: Ints) -> tuple[Ints, Bools, Bools]:
    """Day at the buyer's door, and whether the goods were damaged or lost on the way."""
    carrier = fate.companies.first["carrier"] + o.carrier
    broken = fate.breaks("arrive", carrier, collected_on, collected_on < FAR)
    how = fate.pick((0.80, 0.15, 0.05))
    late = broken & (how == 0)
    early = np.minimum(fate.between(0, 2), np.where(eta < FAR, eta - collected_on - 1, 0))
    arrival = np.where(late, eta + fate.delay(5.0), eta - early)
    return when(collected_on < FAR, arrival), broken & (how == 1), broken & (how == 2)


def move_money(fate: Fate, o: Opening, a: Agreement, g: Goods) -> Money:
    """Draw invoice and payments."""
    invoiced_on = np.where(o.credit, g.dispatched_on, a.going_on)
    honest = fate.chance(0.5)
    share = np.where(honest & o.credit, g.shipped / o.quantity, 1.0)
    invoice_minor = np.maximum(1, np.rint(a.agreed_minor * share).astype(np.int64))
    invoice_minor = np.maximum(1, invoice_minor - a.deposit_minor)
    pay_by = invoiced_on + np.where(o.credit, o.credit_days, 0)
    missing_on = np.minimum(g.returned_on, g.lost_on)
    owes = o.credit & (missing_on >= FAR)
    fate.breaks("pay", o.buyer, invoiced_on, owes)
    late = when(fate.chance(0.8), pay_by + fate.delay(11.0))
    early = np.minimum(fate.delay(5.0) - 1, np.where(o.credit, o.credit_days, 0))
    ready = fate.act("pay", pay_by - early, late)
    paid_on = when(owes | ~o.credit, np.where(invoiced_on < FAR, ready, FAR))

    instructs = o.trade & o.money_seen
    bank = fate.companies.first["bank"] + o.bank
    slow = fate.breaks("remit", bank, paid_on, instructs)
    moved_on = np.where(slow, paid_on + 1 + fate.delay(2.0), paid_on)
    split = o.trade & owes & (invoice_minor >= 2) & fate.chance(0.12)
    half = np.where(split, invoice_minor // 2, 0)
    first_on = when(split, np.maximum(invoiced_on, np.minimum(pay_by, paid_on) - 5))
    return Money(
        invoiced_on=invoiced_on,
        invoice_minor=invoice_minor,
        pay_by=pay_by,
        first_on=first_on,
        first_minor=half,
        instructed_on=when(instructs, paid_on),
        paid_on=when(paid_on < FAR, moved_on),
        paid_minor=invoice_minor - half,
        by_bank=slow & (paid_on <= pay_by) & (moved_on > pay_by),
        credited_on=when(o.credit, missing_on + fate.between(0, 3)),
    )


def quarrel(fate: Fate, o: Opening, a: Agreement, g: Goods, m: Money) -> Trouble:
    """Draw complaints, refunds, claims and reviews."""
    disputed_on, reason = _complaints(fate, o, g)
    just = reason < len(REASONS) - 1
    answered_on = when(fate.chance(0.75), disputed_on + fate.between(1, 9))
    ruled_on = when(fate.chance(0.96), disputed_on + fate.between(12, 30))
    upheld = np.where(fate.chance(0.96), just, ~just)
    ruling = np.where(upheld, np.where(fate.chance(0.3), 1, 0), np.where(fate.chance(0.2), 3, 2))
    approved_on, refund_minor = _approve(fate, o, g, m, ruled_on, upheld, reason)
    refund_by = approved_on + 10
    fate.breaks("refund", o.seller, approved_on, approved_on < FAR)
    late = when(fate.chance(0.6), refund_by + fate.delay(8.0))
    refunded_on = fate.act("refund", fate.between(approved_on, refund_by), late)
    insured_on, claimed_on, settled_on, settlement = _insure(fate, o, g)
    reviewed = ~o.trade & fate.chance(0.1 + 0.25 * fate.config.detail)
    return Trouble(
        disputed_on=disputed_on,
        reason=reason,
        answered_on=answered_on,
        ruled_on=ruled_on,
        ruling=ruling,
        approved_on=approved_on,
        refund_by=refund_by,
        refunded_on=when(approved_on < FAR, refunded_on),
        refund_minor=refund_minor,
        insured_on=insured_on,
        claimed_on=claimed_on,
        settle_by=claimed_on + 30,
        settled_on=settled_on,
        settlement=settlement,
        reviewed_on=when(reviewed & ~g.refused, g.received_on + fate.between(1, 7)),
        score_ppm=_score(fate, o, a, g),
    )


def _complaints(fate: Fate, o: Opening, g: Goods) -> tuple[Ints, Ints]:
    """Day and reason (position in `REASONS`) of complaints; a few have no ground."""
    short = g.shipped < o.quantity
    got = (g.received_on < FAR) & ~g.refused
    missing = ~o.credit & (g.cancelled_on < FAR)
    reason = np.where(missing, 0, np.where(g.faulty, 2, np.where(short, 1, 3)))
    share = fate.complaining(np.array([0.5, 0.5, 0.95, 0.006])[reason])
    on = np.where(missing, g.cancelled_on + fate.between(1, 6), g.received_on + fate.between(1, 12))
    return when((missing | got) & fate.chance(share), on), reason


def _approve(
    fate: Fate, o: Opening, g: Goods, m: Money, ruled_on: Ints, upheld: Bools, reason: Ints
) -> tuple[Ints, Ints]:
    """When the seller owes money back and how much: after a ruling, or for goods paid and never sent."""
    paid = m.paid_on < FAR
    ruled = upheld & (ruled_on < FAR) & paid
    unsent = paid & (g.cancelled_on < FAR) & ~o.credit & ~ruled
    on = np.where(ruled, ruled_on + fate.between(1, 3), g.cancelled_on + fate.between(1, 5))
    short = m.invoice_minor * (o.quantity - g.shipped) // o.quantity
    damage = m.invoice_minor * fate.between(20, 100) // 100
    part = np.where(reason == 1, short, damage)
    minor = np.where(unsent | (reason == 0), m.invoice_minor, part)
    # A late payer may owe still on the day of the ruling: there is no money to give back then.
    late = m.paid_on > on
    return when((ruled | unsent) & ~late, on), np.maximum(1, minor)


def _insure(fate: Fate, o: Opening, g: Goods) -> tuple[Ints, Ints, Ints, Ints]:
    """Days of policy, claim and settlement, and the settlement's status (paid, refused, wrongly)."""
    insured = o.trade & fate.chance(0.5 + 0.3 * fate.config.detail)
    insured_on = when(insured, g.dispatched_on)
    harmed_on = np.minimum(when(g.damaged, g.delivered_on), g.lost_on)
    claimed_on = when(insured, harmed_on + fate.between(2, 8))
    insurer = fate.companies.first["insurer"] + o.insurer
    broken = fate.breaks("settle", insurer, claimed_on, insured)
    refused = fate.breaks("cover", insurer, claimed_on, insured)
    in_time = claimed_on + fate.between(5, 30)
    on = np.where(broken, claimed_on + 30 + fate.delay(12.0), in_time)
    return insured_on, claimed_on, when(claimed_on < FAR, on), np.where(refused, 2, 0)


def _score(fate: Fate, o: Opening, a: Agreement, g: Goods) -> Ints:
    """Stars in parts per million: five, less two for each thing that went wrong, with some noise."""
    late = (g.dispatched_on > a.dispatch_due).astype(np.int64)
    wrong = late + g.faulty + g.damaged + (g.shipped < o.quantity)
    stars = np.clip(5 - 2 * wrong - fate.pick((0.75, 0.18, 0.05, 0.02)), 1, 5)
    return np.asarray((stars - 1) * 250_000)
