"""Build-up and exit, collapse, and on-off: records whose value is not that of the promises that are broken.

Idea: a good name is made with many small promises and spent on a few large ones. A seller whose orders of the
last weeks are worth many times what they were worth before, and of which more is open or broken than it ever
kept, is about to leave or leaving. One that keeps the small and breaks the large, again and again, stays.

Worked example: 40 orders of $50 kept, then 12 of $3,000 taken within a fortnight and none served yet: 60 times
the value, $36,000 open against $2,000 kept.
"""

from __future__ import annotations

import numpy as np

from tallystick.units import PPM
from tallystick.watch.alert import MOST_DEALS, Alert
from tallystick.watch.chance import bits_of, strength
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.trade import By, Dealings, Ints, Trade
from tallystick.watch.words import usd

EXIT = "build_up_and_exit"
COLLAPSE = "collapse"
ON_OFF = "on_off"


def find_exits(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each seller whose open orders are far above anything that it has kept."""
    now, size = trade.as_of_day, trade.size
    late = trade.own.day > now - policy.exit_days
    recent = trade.own.take(late)
    before = trade.own.take(~late & (trade.own.day > now - policy.exit_days - 365))
    unkept = recent.take(recent.kept == 0)
    n_before, n_recent = (np.bincount(r.seller, minlength=size) for r in (before, recent))
    then, fresh, at_stake = (_money(r, size) for r in (before, recent, unkept))
    kept = _money(before.take(before.kept == 1), size)
    kept_now = _money(recent.take(recent.kept == 1), size)
    steep = fresh * n_before >= policy.exit_factor * then * np.maximum(n_recent, 1)
    large = unkept.cents * n_before[unkept.seller] >= policy.exit_factor * then[unkept.seller]
    n_large = np.bincount(unkept.seller[large], minlength=size)
    chosen = (n_before >= policy.exit_before) & (n_large >= policy.exit_orders) & steep
    chosen &= at_stake >= policy.exit_unproven * np.maximum(kept + kept_now, 1)
    mine = unkept.take(chosen[unkept.seller])
    by_seller = By(mine.seller)
    return [
        _exit(
            trade,
            mine.take(by_seller.of(place)),
            int(then[place]) // int(n_before[place]),
            int(kept[place] + kept_now[place]),
        )
        for place in np.flatnonzero(chosen).tolist()
    ]


def find_collapses(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each seller that kept its promises and all at once breaks most: it takes money and is gone,
    or is about to fail; either way somebody should look."""
    settled = trade.own.kept + trade.own.broken - trade.own.accused > 0  # not by one word alone
    rows = trade.own.take(settled & (trade.own.due <= trade.as_of_day))
    late = rows.due > trade.as_of_day - policy.window_days
    wrong = rows.broken == 1
    n, k, n_past, k_past = (
        np.bincount(rows.seller[chosen], minlength=trade.size)
        for chosen in (late, late & wrong, ~late, ~late & wrong)
    )
    usual = max(float(k_past.sum()) / max(len(rows), 1), policy.usual_floor_ppm / PPM)
    own = (policy.history_weight * usual + k_past) / (policy.history_weight + n_past)
    bits = bits_of(k, n, np.clip(own, policy.usual_floor_ppm / PPM, 1 - 1e-6))
    chosen = (bits >= policy.bits) & (n_past >= policy.exit_before) & (2 * k > n)
    mine = rows.take(late & wrong & chosen[rows.seller])
    by_seller = By(mine.seller)
    return [
        _collapse(
            trade,
            mine.take(by_seller.of(place)),
            int(n[place]),
            int(k_past[place]) * 100 // int(n_past[place]),
            strength(bits[place], policy.bits),
        )
        for place in np.flatnonzero(chosen).tolist()
    ]


def _collapse(trade: Trade, rows: Dealings, due: int, usual: int, weight: int) -> Alert:
    newest = np.lexsort((rows.deal, -rows.day))[:MOST_DEALS]
    return Alert(
        COLLAPSE,
        (int(trade.keys[rows.seller[0]]),),
        tuple(sorted(rows.deal[newest].tolist())),
        int(rows.day.min()),
        weight,
        f"{len(rows)} of the {due} promises that fell due in the last weeks were broken, where it broke "
        f"{usual} % before.",
        f"最近数周到期的 {due} 笔承诺中违约 {len(rows)} 笔，而此前违约率为 {usual}%。",
        "Ask whether it still trades, ships and answers; hold payouts in escrow until it does.",
        "确认其是否仍在经营、发货和回应；在此之前货款应由托管保留。",
    )


def _money(rows: Dealings, size: int) -> Ints:
    out = np.zeros(size, np.int64)
    np.add.at(out, rows.seller, rows.cents)
    return out


def _exit(trade: Trade, rows: Dealings, usual: int, kept: int) -> Alert:
    stake = int(rows.cents.sum())
    mean, broken = stake // len(rows), int(rows.broken.sum())
    newest = np.lexsort((rows.deal, -rows.day))[:MOST_DEALS]
    return Alert(
        EXIT,
        (int(trade.keys[rows.seller[0]]),),
        tuple(sorted(rows.deal[newest].tolist())),
        int(rows.day.min()),
        stake * PPM // (stake + kept),
        f"Orders of {usd(mean)} on average where {usd(usual)} was usual; {usd(stake)} is open or broken "
        f"({broken} of {len(rows)} orders broken so far) against {usd(kept)} kept within a year.",
        f"订单平均金额从通常的 {usd(usual)} 升至 {usd(mean)}；未完成或违约金额 {usd(stake)}"
        f"（{len(rows)} 笔中已违约 {broken} 笔），而一年内已履约仅 {usd(kept)}。",
        "Ask for proof of stock and of dispatch before more is paid in advance; hold payouts in escrow up "
        "to the proven exposure.",
        "在继续预付之前要求提供库存和发货证明；超出已证实敞口的货款应由托管保留。",
    )


def find_on_off(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each seller that keeps small promises and breaks large ones, more than once."""
    size, rows = trade.size, trade.own.take(trade.own.day > trade.as_of_day - 2 * 365)
    kept, broken = rows.take(rows.kept == 1), rows.take(rows.broken == 1)
    n_kept, n_broken = (np.bincount(r.seller, minlength=size) for r in (kept, broken))
    won, lost = _money(kept, size), _money(broken, size)
    chosen = (n_kept >= policy.onoff_kept) & (n_broken >= policy.onoff_broken)
    chosen &= lost * n_kept >= policy.onoff_factor * won * np.maximum(n_broken, 1)
    mine = rows.take(chosen[rows.seller] & (rows.kept + rows.broken > 0))
    by_seller = By(mine.seller)
    alerts = []
    for place in np.flatnonzero(chosen).tolist():
        one = _on_off(trade, mine.take(by_seller.of(place)), policy)
        if one is not None:
            alerts.append(one)
    return alerts


def _on_off(trade: Trade, rows: Dealings, policy: WatchPolicy) -> Alert | None:
    """The alert, where large promises are mostly broken, small ones hardly, and it went on after the first."""
    usual = int(np.sort(rows.cents[rows.kept == 1])[int(rows.kept.sum()) // 2])
    large = rows.cents >= policy.onoff_factor * usual
    lost = large & (rows.broken == 1)
    if 2 * int(lost.sum()) <= int(large.sum()) or int(lost.sum()) < policy.onoff_broken:
        return None
    small_broken = int((~large & (rows.broken == 1)).sum())
    went_on = rows.day[rows.kept == 1].max() > rows.day[lost].min()
    if 10 * small_broken > int((~large).sum()) or not went_on:
        return None
    return Alert(
        ON_OFF,
        (int(trade.keys[rows.seller[0]]),),
        tuple(sorted(rows.deal[lost].tolist())[-MOST_DEALS:]),
        int(rows.day[lost].min()),
        int(lost.sum()) * PPM // int(large.sum()) * 9 // 10,
        f"Of {int(large.sum())} orders of {usd(policy.onoff_factor * usual)} and more {int(lost.sum())} were "
        f"broken, of {int((~large).sum())} smaller ones {small_broken}; small ones are served in between.",
        f"{usd(policy.onoff_factor * usual)} 及以上的 {int(large.sum())} 笔订单中违约 {int(lost.sum())} 笔，"
        f"其余 {int((~large).sum())} 笔小额订单仅违约 {small_broken} 笔；其间小额订单照常履约。",
        "Rate large orders apart from small ones and limit exposure to what was kept at that size.",
        "将大额订单与小额订单分开评估，敞口不超过同等规模下已履约的金额。",
    )
