"""Thresholds of the alerts, each with its reason. Data, so that an operator can change them and say so."""

from __future__ import annotations

from dataclasses import dataclass

from tallystick.units import PPM


@dataclass(frozen=True, slots=True)
class WatchPolicy:
    """When a pattern is an alert. Days, counts, shares in ppm, factors; `bits`: how improbable by chance."""

    bits: int = 13
    """A count must be less probable than 1 in 8,192 among firms of its sort: with more, one honest firm in
    a few thousand would be suspected by luck alone."""

    window_days: int = 45
    """What counts as now: a ring works within about a month, orders take a fortnight to be kept."""

    new_days: int = 45
    """A counterparty is new to a seller's market if its first dealing with anybody is no older than this when
    it first orders: time for a few purchases elsewhere that are to make it look known."""

    history_days: int = 90
    """What a seller's own past teaches about its counterparties is older than this; a ring that began after
    it does not make itself usual."""

    settling_days: int = 120
    """At the beginning of a book everybody is new; so long nobody's newness teaches anything."""

    history_weight: int = 10
    """The usual share of new counterparties weighs as much as so many of a seller's own past ones."""

    usual_floor_ppm: int = 20_000
    """No event is taken to be rarer than this: small markets show too few to know."""

    verified_days: int = 730
    """An identity that was checked longer ago than this is an old one; younger ones can be bought for $30."""

    ring_least: int = 3
    """Fewer counterparties are no ring."""

    ring_inside_ppm: int = PPM // 3
    """Share of the group's money that must stay between it and the seller: buying from strangers for the look
    of it costs 30 % of what is bought, so a ring cannot do it with most of its money."""

    ring_worth_ppm: int = 800_000
    """The ring's orders, each counted at most as one of the market's median value, must weigh together as much
    as so large a part of one: less moves no rating, and new shops of consumers look just like it."""

    circle_days: int = 180
    """Money that goes round is looked for over half a year."""

    circle_edge_ppm: int = 150_000
    """An edge of a circle is so large a share of what the one sells and of what the other buys."""

    circle_least: int = 3
    """Two firms that sell to each other are common; three in a circle are not."""

    circle_most: int = 50
    """Larger ones are a market."""

    circle_inside_ppm: int = 700_000
    """Share of the members' trade that must stay among them."""

    accusers_least: int = 3
    """Fewer complaints are complaints."""

    accuser_only_ppm: int = PPM // 2
    """Who complains about so large a share of its dealings, accuses only."""

    accused_floor_ppm: int = 5_000
    """Uncorroborated complaints by such accounts are taken to be at least so usual."""

    retaliation_days: int = 30
    """An accusation so soon after one by the accused is an answer to it."""

    retaliation_least: int = 2
    """One dispute with two sides is a dispute; who answers two of its accusers in kind makes a habit of it."""

    exit_days: int = 30
    """An exit is quick: victims are found before the first promise falls due."""

    exit_before: int = 8
    """So many dealings make a record that can be compared with."""

    exit_orders: int = 3
    """Fewer large orders are luck."""

    exit_factor: int = 5
    """So many times what an order was worth before: the largest of an honest seller's orders vary by as much,
    the mean of several does not."""

    exit_unproven: int = 2
    """Open or broken money, in times of all that was kept within a year before."""

    onoff_kept: int = 10
    onoff_broken: int = 3
    """So many kept and so many broken promises before value and outcome can be compared."""

    onoff_factor: int = 5
    """What is broken is worth so many times what is kept."""

    wash_days: int = 180
    """A successor appears within so many days after the last dealing of its predecessor."""

    wash_broken_ppm: int = 300_000
    """A company fell if it broke so large a share ..."""

    wash_dealings: int = 4
    """... of at least so many promises."""

    wash_shared: int = 3
    """So many counterparties at least are taken over."""

    wash_shared_ppm: int = 400_000
    """So large a share of the successor's counterparties."""

    sole_deals: int = 20
    """A contributor is judged by no fewer deals than this."""

    sole_ppm: int = 900_000
    """Share of its deals that nobody else speaks of, where others are usually joined by somebody."""

    odd_least: int = 5
    """Fewer contradictions are slips."""
