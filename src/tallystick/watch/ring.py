"""Brushing rings: new counterparties that come to one seller together and have next to nothing else.

Idea: what a ring cannot buy cheaply is a past, and it cannot spend most of its money on strangers. So count,
for each seller, how many of its counterparties of the last weeks were new to the whole book when they first
ordered, against what is usual for sellers with orders of that size and for this seller before; then see whether
their money stays between them and the seller. Counterparties whose identity was checked long ago are counted
in a test of all, not in that of the unchecked.

Worked example: 10 of a seller's 11 counterparties are new and unverified where 3 % are usual: 46 bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tallystick.units import PPM
from tallystick.watch.alert import MOST_DEALS, Alert
from tallystick.watch.chance import PARTY_CONSTANT, Floats, bits_of, strength, usual_share
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.trade import NEVER, Bools, By, Dealings, Ints, Trade, distinct
from tallystick.watch.words import days_between, usd

RING = "brushing_ring"
BANDS = 12
"""Bands of mean order value, each four times the one before."""

BAND_WEIGHT = 5
"""The usual share of a band is drawn to that of all as if by so many sellers."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Seller and buyer that dealt with each other: places, and the day of their first dealing."""

    seller: Ints
    buyer: Ints
    first: Ints


def pairs_of(rows: Dealings, size: int) -> Pairs:
    """Each pair once, by seller and buyer."""
    pair, place = distinct(rows.seller * size + rows.buyer)
    first = np.full(len(pair), NEVER, np.int64)
    np.minimum.at(first, place, rows.day)
    return Pairs(pair // size, pair % size, first)


def find_rings(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each seller whose new counterparties are too many to be chance."""
    now = trade.as_of_day
    pairs = pairs_of(trade.own.take(trade.own.accused == 0), trade.size)  # rings praise
    came_new = trade.first[pairs.buyer] >= pairs.first - policy.new_days
    weak = trade.verified[pairs.buyer] > now - policy.verified_days
    recent = pairs.first > now - policy.window_days
    start = int(trade.first.min(initial=now)) + policy.settling_days
    before = (pairs.first > start) & (pairs.first <= now - policy.history_days)
    window = trade.since(policy.window_days)
    orders = np.bincount(window.seller, minlength=trade.size)
    money = np.zeros(trade.size, np.int64)
    np.add.at(money, window.seller, window.cents)
    active = pairs_of(window, trade.size)
    among = np.bincount(active.seller, minlength=trade.size)
    band = _band(money // np.maximum(orders, 1))
    best = np.zeros(trade.size)
    mostly = _mostly(trade, pairs)
    for event in (came_new & weak, mostly & weak):
        found = np.bincount(pairs.seller[recent & event], minlength=trade.size)
        past = np.bincount(pairs.seller[before & event], minlength=trade.size)
        all_past = np.bincount(pairs.seller[before], minlength=trade.size)
        bits = _bits(found, among, past, all_past, band, policy)
        best = np.maximum(best, np.where(found >= policy.ring_least, bits, 0))
    suspects = np.flatnonzero(best >= policy.bits)
    groups = _groups(pairs, recent & (came_new | (mostly & weak)), suspects)
    typical = int(np.median(trade.own.cents)) if len(trade.own) else 0
    by_buyer = By(window.buyer)
    by_seller = By(window.seller)
    found_alerts = []
    for seller, group in zip(suspects.tolist(), groups, strict=True):
        one = _ring(
            trade, window, by_buyer, by_seller, seller, group, best[seller], typical, policy
        )
        if one is not None:
            found_alerts.append(one)
    return found_alerts


def _bits(
    found: Ints, among: Ints, past: Ints, all_past: Ints, band: Ints, policy: WatchPolicy
) -> Floats:
    """Bits of each seller's count against what is usual in its band and was usual for itself."""
    floor = policy.usual_floor_ppm / PPM
    selling = among > 0

    def against(usual: Floats | float) -> Floats:
        weight = policy.history_weight
        own = (weight * usual + past) / (weight + all_past)
        return bits_of(found, among, np.clip(own, floor, 1 - 1e-6))

    usual = usual_share(
        found[selling], among[selling], floor, lambda p: against(p)[selling] >= policy.bits
    )
    fair = selling & (against(usual) < policy.bits)
    weight = among[fair] / (among[fair] + PARTY_CONSTANT)
    share = weight * found[fair] / among[fair]
    k = np.bincount(band[fair], share, BANDS) + BAND_WEIGHT * usual
    n = np.bincount(band[fair], weight, BANDS) + BAND_WEIGHT
    return against((k / n)[band])


def _mostly(trade: Trade, pairs: Pairs) -> Bools:
    """The pairs in which the buyer spent at least half of all its money."""
    rows, size = trade.own, trade.size
    code = pairs.seller * size + pairs.buyer
    place = np.searchsorted(code, rows.seller * size + rows.buyer)
    place = np.minimum(place, len(code) - 1)
    mine = code[place] == rows.seller * size + rows.buyer
    spent, whole = np.zeros(len(code), np.int64), np.zeros(size, np.int64)
    np.add.at(spent, place[mine], rows.cents[mine])
    np.add.at(whole, rows.buyer, rows.cents)
    return np.asarray(2 * spent >= whole[pairs.buyer], np.bool_)


def _band(mean_cents: Ints) -> Ints:
    found: Ints = (np.log2(np.maximum(mean_cents, 1)) / 2).astype(np.int64)
    return np.minimum(found, BANDS - 1)


def _groups(pairs: Pairs, chosen: np.ndarray, sellers: Ints) -> list[Ints]:
    """The chosen buyers of each of these sellers."""
    mine = np.flatnonzero(chosen & np.isin(pairs.seller, sellers))
    low = np.searchsorted(pairs.seller[mine], sellers, side="left")
    high = np.searchsorted(pairs.seller[mine], sellers, side="right")
    return [pairs.buyer[mine[a:b]] for a, b in zip(low, high, strict=True)]


def _ring(
    trade: Trade,
    window: Dealings,
    by_buyer: By,
    by_seller: By,
    seller: int,
    group: Ints,
    bits: float,
    typical: int,
    policy: WatchPolicy,
) -> Alert | None:
    """The alert, if the group's money stays between it and the seller."""
    bought = window.take(by_buyer.of(group))
    sold = window.take(by_seller.of(group))
    own = bought.seller == seller
    inside = int(bought.cents[own | np.isin(bought.seller, group)].sum())
    outside = int(sold.cents[~np.isin(sold.buyer, group) & (sold.buyer != seller)].sum())
    whole = int(bought.cents.sum()) + outside
    if inside * PPM < policy.ring_inside_ppm * whole or len(group) < policy.ring_least:
        return None
    orders = bought.take(own)
    if int(np.minimum(orders.cents, typical).sum()) * PPM < policy.ring_worth_ppm * typical:
        return None
    newest = np.lexsort((orders.deal, -orders.day))[:MOST_DEALS]
    middle = int(np.sort(orders.cents)[len(orders) // 2])
    alike = int((np.abs(orders.cents - middle) * 20 <= middle).sum())
    unchecked = int((trade.verified[group] > trade.as_of_day - policy.verified_days).sum())
    years = policy.verified_days // 365
    since, last = int(orders.day.min()), int(orders.day.max())
    share = inside * 100 // max(whole, 1)
    return Alert(
        RING,
        (int(trade.keys[seller]), *sorted(trade.keys[group].tolist())),
        tuple(sorted(orders.deal[newest].tolist())),
        since,
        strength(bits, policy.bits),
        f"{len(group)} counterparties new to the book placed {len(orders)} orders with one seller "
        f"within {days_between(since, last)}; {unchecked} of them were not checked or only within {years} "
        f"years, {share} % of their money stays between them and the seller, and {alike} of the orders "
        f"are within 5 % of {usd(middle)}.",
        f"{len(group)} 家新出现的交易对手在 {last - since + 1} 天内向同一卖方下了 {len(orders)} 笔订单；"
        f"其中 {unchecked} 家未经核验或核验不足 {years} 年，其资金的 {share}% 只在彼此与该卖方之间流动，"
        f"{alike} 笔订单金额与 {usd(middle)} 相差不到 5%。",
        "Ask the carrier for weights and addresses of the parcels and the bank for who really paid; ask "
        "three of the counterparties what they bought.",
        "向承运人核对包裹重量与地址，向银行核对实际付款人；随机询问三家交易对手购买了什么。",
    )
