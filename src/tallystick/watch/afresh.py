"""Whitewashing: a new identity that takes over the customers of one that fell.

Idea: who starts again under a new name keeps what is worth money, the customers. So for each new seller count
how many of its counterparties were those of one that fell shortly before, against how many would be by chance:
the share of all dealings that its counterparties make. Shared owners, addresses and accounts are evidence too,
where registers tell them.

Worked example: 6 of the 8 counterparties of a new seller dealt with one that broke half of its promises and
went silent, whose counterparties make 2 % of all dealings: 27 bits.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from tallystick.units import PPM
from tallystick.watch.alert import MOST_DEALS, Alert
from tallystick.watch.chance import bits_of, strength
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.ring import pairs_of
from tallystick.watch.trade import By, Ints, Trade

WHITEWASH = "whitewash"


def find_whitewash(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each new seller that shares its counterparties with one that fell."""
    size, rows, now = trade.size, trade.own, trade.as_of_day
    began = _days(rows.seller, rows.day, size, np.minimum, 2**31)
    ended = _days(rows.seller, rows.day, size, np.maximum, -1)
    dealings = np.bincount(rows.seller, minlength=size)
    broken = np.bincount(rows.seller, rows.broken, size).astype(np.int64)
    fell = (dealings >= policy.wash_dealings) & (ended > now - 2 * policy.wash_days)
    fell &= broken * PPM >= policy.wash_broken_ppm * np.maximum(dealings, 1)
    fresh = (began > now - policy.wash_days) & (trade.first > now - policy.wash_days)
    pairs = pairs_of(rows, size)
    new, old = np.flatnonzero(fresh & (dealings > 0)), np.flatnonzero(fell)
    if not len(new) or not len(old):
        return []
    mine, theirs = (_buyers(pairs.seller, pairs.buyer, part, size) for part in (new, old))
    shared = (mine @ theirs.T).tocoo()
    k, a, b = shared.data.astype(np.int64), new[shared.coords[0]], old[shared.coords[1]]
    after = (ended[b] <= began[a] + policy.window_days // 3) & (began[b] < began[a])
    mine_all = np.bincount(pairs.seller, minlength=size)
    chosen = after & (k >= policy.wash_shared)
    chosen &= k * PPM >= policy.wash_shared_ppm * mine_all[a]
    k, a, b = k[chosen], a[chosen], b[chosen]
    busy = np.bincount(rows.buyer, minlength=size)
    reach = theirs[np.searchsorted(old, b)] @ busy / max(len(rows), 1)
    bits = bits_of(k, mine_all[a], np.clip(reach, 1e-4, 1 - 1e-6))
    best = _strongest(a, b, bits)
    return list(_alerts(trade, a[best], b[best], k[best], mine_all, bits[best], ended, policy))


def _days(place: Ints, day: Ints, size: int, of: np.ufunc, start: int) -> Ints:
    out = np.full(size, start, np.int64)
    of.at(out, place, day)
    return out


def _buyers(seller: Ints, buyer: Ints, sellers: Ints, size: int) -> csr_array:
    """Rows of these sellers, a 1 for each counterparty."""
    row = np.searchsorted(sellers, seller)
    mine = (row < len(sellers)) & (sellers[np.minimum(row, len(sellers) - 1)] == seller)
    ones = np.ones(int(mine.sum()), np.int64)
    return csr_array((ones, (row[mine], buyer[mine])), shape=(len(sellers), size))


def _strongest(a: Ints, b: Ints, bits: np.ndarray) -> Ints:
    """Of several that one new seller may be, the likeliest."""
    order = np.lexsort((b, -bits, a))
    first = np.ones(len(order), np.bool_)
    first[1:] = a[order][1:] != a[order][:-1]
    found: Ints = order[first]
    return found


def _alerts(
    trade: Trade,
    a: Ints,
    b: Ints,
    shared: Ints,
    mine_all: Ints,
    bits: np.ndarray,
    ended: Ints,
    policy: WatchPolicy,
) -> Iterator[Alert]:
    by_seller = By(trade.own.seller)
    for new, old, k, weight in zip(a.tolist(), b.tolist(), shared.tolist(), bits, strict=True):
        if weight < policy.bits:
            continue
        mine = trade.own.take(by_seller.of(new))
        newest = np.lexsort((mine.deal, -mine.day))[:MOST_DEALS]
        yield Alert(
            WHITEWASH,
            (int(trade.keys[new]), int(trade.keys[old])),
            tuple(sorted(mine.deal[newest].tolist())),
            int(mine.day.min()),
            strength(weight, policy.bits),
            f"A new seller deals with {k} customers of one that broke its promises and fell silent: "
            f"{k} of its {mine_all[new]} customers.",
            f"一家新卖方的 {mine_all[new]} 家客户中有 {k} 家来自另一家违约后沉寂的卖方。",
            "Compare owners, directors, addresses, accounts and devices of the two; if they are one, say so "
            "with `tallystick judge same`, and the record goes with the name.",
            "对比两者的股东、董事、地址、账户和设备；若为一家，以 `tallystick judge same` 裁定，"
            "记录随之继承。",
        )
