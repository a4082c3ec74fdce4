"""Slander and retaliation: complaints that come from accounts that do nothing else, or that answer a complaint.

Idea: an honest buyer that complains has also bought; accounts that only complain, several of them about one
firm within weeks, were made for it. An *accusation* is a broken promise that rests on the word of the other
side alone. Complaints of established buyers, however many, are no slander: they are what a record is for.

Worked example: 6 of a firm's 20 counterparties of the last weeks do nothing but accuse it where 0.5 % of
counterparties do: 28 bits.
"""

from __future__ import annotations

import numpy as np

from tallystick.units import PPM
from tallystick.watch.alert import MOST_DEALS, Alert
from tallystick.watch.chance import Floats, bits_of, strength, usual_share
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.trade import Bools, By, Dealings, Ints, Trade, each_once
from tallystick.watch.words import days_between

SLANDER = "slander"
RETALIATION = "retaliation"


def find_slander(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each firm that is accused by several accounts that only accuse, or are new."""
    size = trade.size
    bought = np.bincount(trade.own.buyer, minlength=size)
    accused = np.bincount(trade.own.buyer, trade.own.accused, size).astype(np.int64)
    only = accused * PPM >= policy.accuser_only_ppm * np.maximum(bought, 1)
    fresh = trade.first > trade.as_of_day - 2 * policy.window_days
    suspect = (trade.own.accused == 1) & (only | (fresh & (accused > 0)))[trade.own.buyer]
    late = trade.own.day > trade.as_of_day - policy.window_days
    among, found = _counterparties(trade, late), _counterparties(trade, late & suspect)
    past, all_past = _counterparties(trade, ~late & suspect), _counterparties(trade, ~late)
    floor, selling = policy.accused_floor_ppm / PPM, among > 0

    def against(usual: float) -> Floats:
        weight = policy.history_weight
        own = (weight * usual + past) / (weight + all_past)
        return bits_of(found, among, np.clip(own, floor, 1 - 1e-6))

    usual = usual_share(
        found[selling], among[selling], floor, lambda p: against(p)[selling] >= policy.bits
    )
    bits = against(usual)
    chosen = (bits >= policy.bits) & (found >= policy.accusers_least)
    rows = trade.own.take(late & suspect & chosen[trade.own.seller])
    mine = By(rows.seller)
    return [
        _slander(trade, rows.take(mine.of(place)), int(among[place]), bits[place], policy)
        for place in np.flatnonzero(chosen).tolist()
    ]


def _counterparties(trade: Trade, chosen: Bools) -> Ints:
    """How many counterparties each seller has in the chosen dealings."""
    pair = each_once(trade.own.seller[chosen] * trade.size + trade.own.buyer[chosen])
    found: Ints = np.bincount(pair // trade.size, minlength=trade.size)
    return found


def _slander(trade: Trade, rows: Dealings, among: int, bits: float, policy: WatchPolicy) -> Alert:
    accusers = np.unique(rows.buyer)
    since, last = int(rows.day.min()), int(rows.day.max())
    newest = np.lexsort((rows.deal, -rows.day))[:MOST_DEALS]
    return Alert(
        SLANDER,
        (int(trade.keys[rows.seller[0]]), *sorted(trade.keys[accusers].tolist())),
        tuple(sorted(rows.deal[newest].tolist())),
        since,
        strength(bits, policy.bits),
        f"{len(accusers)} of {among} counterparties, new ones or such as do little but complain, made "
        f"{len(rows)} complaints about one firm within {days_between(since, last)}, and nobody else "
        "bears them out.",
        f"{among} 家交易对手中有 {len(accusers)} 家（新出现或几乎只投诉）在 {last - since + 1} 天内"
        f"对同一企业提出 {len(rows)} 起投诉，且无第三方佐证。",
        "Ask the accusers for proof of payment and of delivery; ask the accused firm for its side. Until "
        "somebody independent confirms them the complaints count little.",
        "要求投诉方提供付款与收货证明，并听取被投诉企业的说明；在独立方证实之前，这些投诉权重很低。",
    )


def find_retaliation(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each firm that answers several of its accusers in kind. Who accuses is `buyer` in `own` and
    in `answers`: there the accused is the one who bought. The day of an accusation is that of its promise."""
    first = trade.own.take(trade.own.accused == 1)
    both = [(rows.buyer * trade.size + rows.seller, rows) for rows in (first, trade.answers)]
    code = np.concatenate([made for made, _ in both])
    day = np.concatenate([rows.due for _, rows in both])
    deal = np.concatenate([rows.deal for _, rows in both])
    by, of = code // trade.size, code % trade.size
    order = np.lexsort((day, code))
    placed, days = code[order], day[order]
    back = of * trade.size + by
    # the latest accusation the other way that is no younger: sorted pairs of code and day
    key = placed * 2**17 + days
    at = np.searchsorted(key, back * 2**17 + day, side="right") - 1
    there = at >= 0
    near = np.zeros(len(code), np.bool_)
    near[there] = (placed[at[there]] == back[there]) & (
        days[at[there]] >= day[there] - policy.retaliation_days
    )
    near &= day > trade.as_of_day - policy.circle_days
    near &= ~((days[np.maximum(at, 0)] == day) & (by > of))  # on one day: told once
    pair = np.unique(code[near])
    count = np.bincount(pair // trade.size, minlength=trade.size)
    chosen = np.flatnonzero(count >= policy.retaliation_least)
    return [
        _retaliation(trade, by, of, day, deal, near & (by == place)) for place in chosen.tolist()
    ]


def _retaliation(
    trade: Trade, by: Ints, of: Ints, day: Ints, deal: Ints, mine: np.ndarray
) -> Alert:
    accused = np.unique(of[mine])
    return Alert(
        RETALIATION,
        (int(trade.keys[by[mine][0]]), *sorted(trade.keys[accused].tolist())),
        tuple(sorted(deal[mine].tolist())[-MOST_DEALS:]),
        int(day[mine].min()),
        len(accused) * PPM // (len(accused) + 2),
        f"One firm accused {len(accused)} of those who had complained about it, each within a month of "
        "the complaint and by its own word alone.",
        f"一家企业在被投诉后一个月内反过来指控了 {len(accused)} 家投诉方，且仅凭其一面之词。",
        "Judge each dispute by the papers of carrier and bank; who complains must not have to fear an "
        "answer in kind.",
        "依据承运人和银行的单据逐一裁断；投诉者不应因投诉而遭报复。",
    )
