"""Money that goes round: closed circles of firms, and groups of new identities that trade among themselves.

Idea: in honest trade goods flow down a chain and money up it; where each of a few firms both sells to and buys
from the others, and to nearly nobody else, money comes back to where it started. Small purchases elsewhere are
no way out: only edges that carry a good part of both ends' trade are looked at. Such groups are the strongly
connected components of what is left.

A *sybil group* is the same among newcomers, whatever share they trade outside; what they have in common (the
firm that most of them deal with) is whom they serve.

Worked example: A sells to B, B to C, C to A, each for $50,000 and little else: a circle of three, 100 % inside.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tallystick.units import PPM
from tallystick.watch.alert import MOST_DEALS, Alert
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.trade import By, Dealings, Ints, Trade, distinct, each_once
from tallystick.watch.words import usd

CIRCLE = "closed_circle"
SYBILS = "sybil_group"


def find_circles(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each closed circle."""
    rows = trade.since(policy.circle_days)
    rows = rows.take(rows.cents > 0)
    sold, bought = _sums(rows.seller, rows, trade.size), _sums(rows.buyer, rows, trade.size)
    edge, place = distinct(rows.seller * trade.size + rows.buyer)
    money = _sums(place, rows, len(edge))
    seller, buyer = edge // trade.size, edge % trade.size
    part = policy.circle_edge_ppm / PPM
    heavy = (money >= part * sold[seller]) & (money >= part * bought[buyer])
    group = _components(seller[heavy], buyer[heavy], trade.size, policy)
    inside = (group[rows.seller] >= 0) & (group[rows.seller] == group[rows.buyer])
    count = int(group.max(initial=-1)) + 1
    kept_inside = _sums(group[rows.seller[inside]], rows.take(inside), count)
    member = group >= 0
    whole = np.zeros(count, np.int64)
    np.add.at(whole, group[member], sold[member] + bought[member])
    closed = 2 * kept_inside * PPM >= policy.circle_inside_ppm * whole
    order = np.argsort(group, kind="stable")
    placed = group[order]
    rows = rows.take(inside)
    by_group = By(group[rows.seller])
    alerts = []
    for n in np.flatnonzero(closed).tolist():
        members = order[np.searchsorted(placed, n) : np.searchsorted(placed, n, side="right")]
        mine = rows.take(by_group.of(n))
        alerts.append(_circle(trade, mine, members, int(2 * kept_inside[n]), int(whole[n])))
    return alerts


def _sums(place: Ints, rows: Dealings, size: int) -> Ints:
    out = np.zeros(size, np.int64)
    np.add.at(out, place, rows.cents)
    return out


def _components(seller: Ints, buyer: Ints, size: int, policy: WatchPolicy) -> Ints:
    """Group of each place: 0, 1, ... for strongly connected components of a circle's size, else -1."""
    graph = coo_array((np.ones(len(seller), np.int8), (seller, buyer)), shape=(size, size))
    _, label = connected_components(graph.tocsr(), directed=True, connection="strong")
    members = np.bincount(label, minlength=1)
    fit = (members >= policy.circle_least) & (members <= policy.circle_most)
    number = np.where(fit, np.cumsum(fit) - 1, -1)
    found: Ints = number[label].astype(np.int64)
    return found


def _circle(trade: Trade, rows: Dealings, members: Ints, inside: int, whole: int) -> Alert:
    share = inside * 100 // whole
    newest = np.lexsort((rows.deal, -rows.day))[:MOST_DEALS]
    money = usd(int(rows.cents.sum()))
    return Alert(
        CIRCLE,
        tuple(sorted(trade.keys[members].tolist())),
        tuple(sorted(rows.deal[newest].tolist())),
        int(rows.day.min()),
        inside * PPM // whole,
        f"{len(members)} firms that no register relates sell to each other in a circle: {money} in "
        f"{len(rows)} dealings, {share} % of all their trade.",
        f"{len(members)} 家登记上互无关联的企业循环互相销售：{len(rows)} 笔交易共 {money}，"
        f"占其全部贸易的 {share}%。",
        "Compare the bank statements of the members: does the same money come back within days? Look for "
        "common owners, addresses and accounts.",
        "对比各成员的银行流水：同一笔资金是否数日内回流？查找共同的股东、地址和账户。",
    )


def find_sybils(trade: Trade, policy: WatchPolicy) -> list[Alert]:
    """An alert for each group of newcomers that trade among themselves."""
    fresh = trade.first > trade.as_of_day - 2 * policy.window_days
    rows = trade.since(2 * policy.window_days)
    among = rows.take(fresh[rows.seller] & fresh[rows.buyer])
    group = _components(among.seller, among.buyer, trade.size, policy)
    touched = rows.take((group[rows.seller] >= 0) | (group[rows.buyer] >= 0))
    sold, bought = By(group[touched.seller]), By(group[touched.buyer])
    alerts = []
    for n in range(int(group.max(initial=-1)) + 1):
        mine = each_once(np.concatenate([sold.of(n), bought.of(n)]))
        alerts.append(_sybils(trade, touched.take(mine), group, n))
    return alerts


def _sybils(trade: Trade, own: Dealings, group: Ints, n: int) -> Alert:
    """The alert on group `n` by its dealings; the firm that most of it deals with comes first."""
    sells, buys = group[own.seller] == n, group[own.buyer] == n
    members = each_once(np.concatenate([own.seller[sells], own.buyer[buys]]))
    inside, out = own.take(sells & buys), own.take(~(sells & buys))
    sells = group[out.seller] == n
    other = np.where(sells, out.buyer, out.seller)
    member = np.where(sells, out.seller, out.buyer)
    links = each_once(other * trade.size + member) // trade.size
    others, count = np.unique(links, return_counts=True)
    served = others[2 * count >= len(members)]
    newest = np.lexsort((own.deal, -own.day))[:MOST_DEALS]
    keys = sorted(trade.keys[members].tolist())
    whom = f" {len(served)} firm(s) deal with at least half of them." if len(served) else ""
    whom_zh = f"其中至少一半与另外 {len(served)} 家企业交易。" if len(served) else ""
    return Alert(
        SYBILS,
        (*sorted(trade.keys[served].tolist()), *keys),
        tuple(sorted(own.deal[newest].tolist())),
        int(own.day.min()),
        len(members) * PPM // (len(members) + 2),
        f"{len(members)} firms new to the book buy from and sell to each other "
        f"({len(inside)} of their {len(own)} dealings).{whom}",
        f"{len(members)} 家新出现的企业互相买卖（{len(own)} 笔交易中有 {len(inside)} 笔）。{whom_zh}",
        "Ask for registration papers of all members and compare addresses, devices and accounts; until then "
        "count what they say of each other as one voice.",
        "要求全部成员提供登记文件，对比地址、设备和账户；在此之前其互相佐证只算一家之言。",
    )
