"""How deals begin: who trades what with whom, and what they agree.

Idea: all that can happen to a deal has a day, and what does not happen has the day `FAR`. So a seller who
never answers gives a quotation on `FAR`, an order later than that, and nothing of it is told.

A deal is a *platform* deal (a small order on a marketplace, paid at once mostly) or a *trade* deal
(business to business: request, offer, order, confirmation, credit).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tallystick.evidence.kinds import TERMS
from tallystick.world.columns import STEP_US
from tallystick.world.companies import FAR, Bools, Floats, Ints
from tallystick.world.fate import Fate, when
from tallystick.world.places import (
    COUNTRIES,
    MINOR_PER_USD,
    SECTOR_PRICE,
    SECTOR_UNIT,
)

TERM_NAMES: Final = tuple(TERMS)
INCOTERMS: Final = ("EXW", "FOB", "CIF", "DAP", "DDP")
_CREDIT: Final = np.array(list(TERMS.values()))
_PLATFORM_TERMS: Final = {"escrow": 0.45, "card": 0.25, "prepaid": 0.12, "open_account": 0.18}
_TRADE_TERMS: Final = {
    "open_account": 0.45,
    "deposit_balance": 0.25,
    "documents_against_acceptance": 0.12,
    "usance_credit": 0.06,
    "prepaid": 0.12,
}
_CREDIT_DAYS: Final = np.array([14, 30, 45, 60, 90])
_HOME: Final = np.array([country.currency for country in COUNTRIES])
_GROWTH: Final = 0.6


@dataclass(frozen=True, slots=True)
class Opening:
    """What a deal is about; one entry per deal. `opened_us`: time of day of its first step.
    `price_minor`: of one unit; `terms`, `incoterm`, `currency`, `unit`: positions in their lists.
    `goods_seen`, `money_seen`: whether carrier and bank hand in what they saw."""

    deal: Ints
    opened_on: Ints
    opened_us: Ints
    trade: Bools
    seller: Ints
    buyer: Ints
    carrier: Ints
    bank: Ints
    insurer: Ints
    inspector: Ints
    cross_border: Bools
    quantity: Ints
    price_minor: Ints
    currency: Ints
    unit: Ints
    terms: Ints
    incoterm: Ints
    credit: Bools
    credit_days: Ints
    deposit: Bools
    goods_seen: Bools
    money_seen: Bools


@dataclass(frozen=True, slots=True)
class Agreement:
    """Days and amounts of asking and agreeing. `going_on`: the day from which the seller owes the goods,
    `FAR` where the deal came to nothing; `dispatch_due` is the last agreed, `first_due` as ordered."""

    asked_on: Ints
    answer_by: Ints
    quoted_on: Ints
    valid_until: Ints
    withdrawn_on: Ints
    ordered_on: Ints
    first_due: Ints
    deliver_on: Ints
    confirmed_on: Ints
    confirmation: Ints
    confirmed_due: Ints
    changed_on: Ints
    dispatch_due: Ints
    amount_minor: Ints
    agreed_minor: Ints
    transit: Ints
    proforma_on: Ints
    deposit_due: Ints
    deposit_minor: Ints
    deposited_on: Ints
    abandoned_on: Ints
    going_on: Ints


def open_deals(fate: Fate, deal: Ints) -> Opening:
    """Draw parties, goods and terms. `deal`: the numbers of the chunk's deals, rising with time."""
    config, companies = fate.config, fate.companies
    trade = fate.chance(config.trade_share)
    opened_on = _opening_day(fate, deal)
    seller, buyer = fate.pair(opened_on, trade)
    quantity, price = _goods(fate, trade, seller)
    currency = _currency(fate, trade, seller, buyer)
    terms = np.where(trade, _terms(fate, _TRADE_TERMS), _terms(fate, _PLATFORM_TERMS))
    return Opening(
        deal=deal,
        opened_on=opened_on,
        opened_us=fate.between(0, 64) * STEP_US + fate.between(0, 599) * 1_000_000,
        trade=trade,
        seller=seller,
        buyer=buyer,
        carrier=fate.between(0, config.carriers - 1),
        bank=buyer % config.banks,
        insurer=fate.between(0, config.insurers - 1),
        inspector=fate.between(0, config.inspectors - 1),
        cross_border=companies.country[seller] != companies.country[buyer],
        quantity=quantity,
        price_minor=np.maximum(1, np.rint(price * MINOR_PER_USD[currency])).astype(np.int64),
        currency=currency,
        unit=SECTOR_UNIT[companies.sector[seller]],
        terms=terms,
        incoterm=np.where(trade, fate.between(0, 4), fate.between(3, 4)),
        credit=_CREDIT[terms],
        credit_days=_CREDIT_DAYS[np.where(trade, fate.between(1, 4), fate.between(0, 1))],
        deposit=terms == TERM_NAMES.index("deposit_balance"),
        goods_seen=fate.chance(np.where(trade, 0.9, 0.65)),
        money_seen=fate.chance(np.where(trade, 0.8, 0.6)),
    )


def _opening_day(fate: Fate, deal: Ints) -> Ints:
    """Trade grows over the years: the day of the q-th share of deals solves q = t (2 + g t)/(2 + g)."""
    q = (deal + 0.5) / fate.config.deals
    t = (np.sqrt(1 + _GROWTH * (2 + _GROWTH) * q) - 1) / _GROWTH
    return np.asarray(fate.config.first_day + np.floor(t * fate.config.days).astype(np.int64))


def _goods(fate: Fate, trade: Bools, seller: Ints) -> tuple[Ints, Floats]:
    """Quantity in whole units, and dollars a unit; the value follows the seller's size. At least two
    units, so that every order can be delivered short."""
    companies = fate.companies
    price = fate.log_normal(SECTOR_PRICE[companies.sector[seller]] * companies.scale[seller], 0.3)
    median = np.where(trade, 14_000.0, 110.0) * 1.5 ** (companies.size[seller] - 1.0)
    value = fate.log_normal(median, 0.9)
    return np.maximum(2, np.rint(value / price)).astype(np.int64), price


def _currency(fate: Fate, trade: Bools, seller: Ints, buyer: Ints) -> Ints:
    home = _HOME[fate.companies.country]
    u = fate.uniform()
    return np.where(trade & (u < 0.5), 0, np.where(u < 0.7, home[seller], home[buyer]))


def _terms(fate: Fate, shares: dict[str, float]) -> Ints:
    positions = np.array([TERM_NAMES.index(name) for name in shares])
    return np.asarray(positions[fate.pick(tuple(shares.values()))])


def agree(fate: Fate, o: Opening) -> Agreement:
    """Draw what is asked, offered, ordered and confirmed."""
    asked_on = when(o.trade, o.opened_on)
    answer_by = asked_on + fate.between(2, 7)
    quoted_on = _answer(fate, o, asked_on, answer_by)
    valid_until = quoted_on + fate.between(14, 45)
    bad_quote = fate.breaks("quote", o.seller, quoted_on, o.trade)
    how = fate.pick((0.4, 0.3, 0.3))
    withdrawn = bad_quote & (how == 0)
    withdrawn_on = when(withdrawn, quoted_on + fate.between(1, 8))
    buys = ~withdrawn & fate.chance(0.85)
    ordered_on = np.where(o.trade, when(buys, quoted_on + fate.between(1, 12)), o.opened_on)

    lead = np.where(o.trade, fate.between(10, 45), fate.between(1, 4))
    transit = np.where(o.trade, fate.between(10, 40), fate.between(3, 12))
    first_due = ordered_on + lead
    raised, refused = bad_quote & (how == 1), bad_quote & (how == 2)
    confirmation, confirmed_on = _confirm(fate, o, ordered_on, refused)
    moved = (confirmation == 2) & (confirmed_on < FAR)
    confirmed_due = np.where(moved, first_due + fate.between(4, 20), first_due)
    accepted_on = when(confirmation != 1, ordered_on)
    changed_on = when(o.trade & fate.chance(0.07), accepted_on + fate.between(3, 6))
    dispatch_due = confirmed_due + np.where(changed_on < FAR, fate.between(5, 20), 0)

    amount = o.quantity * o.price_minor
    agreed = np.where(raised, amount * fate.between(104, 118) // 100, amount)
    proforma_on, deposit_due, deposited_on = _deposit(
        fate, o, when(accepted_on < FAR, confirmed_on)
    )
    unpaid = (proforma_on < FAR) & (deposited_on >= FAR)
    return Agreement(
        asked_on=asked_on,
        answer_by=answer_by,
        quoted_on=quoted_on,
        valid_until=valid_until,
        withdrawn_on=withdrawn_on,
        ordered_on=ordered_on,
        first_due=first_due,
        deliver_on=first_due + transit + 2,
        confirmed_on=confirmed_on,
        confirmation=np.where(raised, 2, confirmation),
        confirmed_due=confirmed_due,
        changed_on=changed_on,
        dispatch_due=when(accepted_on < FAR, dispatch_due),
        amount_minor=amount,
        agreed_minor=agreed,
        transit=transit,
        proforma_on=proforma_on,
        deposit_due=deposit_due,
        deposit_minor=np.where(o.deposit, agreed * 3 // 10, 0),
        deposited_on=deposited_on,
        abandoned_on=when(unpaid, deposit_due + fate.between(10, 25)),
        going_on=when(~unpaid, accepted_on),
    )


def _answer(fate: Fate, o: Opening, asked_on: Ints, answer_by: Ints) -> Ints:
    """Days of the quotations: in time, late, or never."""
    fate.breaks("respond", o.seller, asked_on, o.trade)
    late = when(fate.chance(0.6), answer_by + fate.delay(3.0))
    return when(o.trade, fate.act("respond", fate.between(asked_on, answer_by), late))


def _confirm(fate: Fate, o: Opening, ordered_on: Ints, refused: Bools) -> tuple[Ints, Ints]:
    """Position of the status (accepted, rejected, amended), and the day of the answer."""
    answered = o.trade | fate.chance(fate.config.detail)
    status = np.where(refused, 1, np.where(o.trade & fate.chance(0.08), 2, 0))
    return status, when(answered, ordered_on + np.where(o.trade, fate.between(0, 2), 0))


def _deposit(fate: Fate, o: Opening, confirmed_on: Ints) -> tuple[Ints, Ints, Ints]:
    """Days of the pro-forma invoice, its due date, and the deposit."""
    asked_on = when(o.deposit, confirmed_on)
    due = asked_on + 7
    fate.breaks("deposit", o.buyer, asked_on, o.deposit)
    late = when(fate.chance(0.7), due + fate.delay(4.0))
    return asked_on, due, when(o.deposit, fate.act("deposit", fate.between(asked_on, due), late))
