"""With whom a company deals: how the value of its deals is spread over its counterparties.

Idea: a deal counts once, at the highest value of a promise in it, however many promises it holds. Who the
counterparties are stays with them; they are numbered from the largest. "As concentrated as n equal ones" is
one over the sum of the squared shares.

Worked example: deals worth 60 and 40 with A, 50 with B and 50 with C. Shares .50, .25 and .25; one over
(.25 + .0625 + .0625) is 2.7: losing A hurts nearly as much as losing one of two and a half.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.report.curve_blocks import Concentration, ConcentrationRow
from tallystick.report.figures import count, expected, percent
from tallystick.report.material import Material
from tallystick.report.phrases import Phrases
from tallystick.units import PPM

SHOWN: Final = 8
"""Counterparties with a row of their own."""


def concentration(material: Material, say: Phrases) -> Concentration:
    """How the value of its deals is spread over those that it promised something to."""
    sizes = _sizes(material.promises)
    by = "value" if any(value for value, _ in sizes) else "deals"
    total = sum(value if by == "value" else deals for value, deals in sizes)
    if not total:
        return Concentration(by, 0, 0, 0, (), "")
    amounts = [value if by == "value" else deals for value, deals in sizes]
    rows = [
        ConcentrationRow(n, 1, deals, value, amount * PPM // total)
        for n, ((value, deals), amount) in enumerate(zip(sizes, amounts, strict=True), start=1)
    ]
    shown, small = rows[:SHOWN], rows[SHOWN:]
    if small:
        shown.append(
            ConcentrationRow(
                0,
                len(small),
                sum(row.deals for row in small),
                sum(row.value_cents for row in small),
                PPM - sum(row.share_ppm for row in shown),
            )
        )
    equal = total * total * 1000 // sum(amount * amount for amount in amounts)
    told = {"n": count(len(sizes)), "share": percent(rows[0].share_ppm), "equal": expected(equal)}
    sentence = say("concentration.one" if len(sizes) == 1 else f"concentration.{by}", **told)
    value = sum(value for value, _ in sizes)
    return Concentration(by, len(sizes), value, equal, tuple(shown), sentence)


def _sizes(promises: pa.Table) -> list[tuple[int, int]]:
    """(value in cents, deals) of each known counterparty, from the largest."""
    known = promises.filter(pc.not_equal(promises["promisee"], 0))
    known = known.select(["promisee", "deal", "value_cents"])
    deals = known.group_by(["promisee", "deal"], use_threads=False)
    each = deals.aggregate([("value_cents", "max")])
    sums = each.group_by(["promisee"], use_threads=False)
    sums = sums.aggregate([("value_cents_max", "sum"), ([], "count_all")])
    rows = sums.select(["value_cents_max_sum", "count_all"]).to_pydict()
    pairs = zip(rows["value_cents_max_sum"], rows["count_all"], strict=True)
    return sorted(((value or 0, deals) for value, deals in pairs), reverse=True)
