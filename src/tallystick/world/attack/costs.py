"""What an attacker pays, in US cents: two tables of prices.

The *lab's* prices are those of a trade of about $2,000 an order: money that goes round costs the fees of
payment, a carrier must be paid, identities cost what they cost where they are sold. The *market's* are those
of brushing services for consumer goods: $0.21 a fake order all in, with an empty parcel, by somebody else's
account, whatever the order is worth.

Worked example: a fake order of $2,000 with a real parcel costs 2.9 % + $0.50 + $6 = $64.50 in the lab.

>>> LAB.fake(200_000, "parcel"), MARKET.fake(200_000, "parcel")
(6450, 21)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tallystick.units import PPM

WAYS: Final = ("word", "parcel", "circle")
"""How a fake order can be told: in words and papers alone, with a real parcel, or with a parcel and money that
is really paid and really comes back."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Prices in US cents and shares in ppm. `identity`: of each kind (a real partner: what is lost on the usual
    order that makes one); `loop_ppm`, `loop_cents`: money sent round
    through a payment service; `loss_ppm`: lost on a purchase that nobody needs; `served_ppm`, `served_cents`:
    lost on an order that is really served, sold at half its worth to a real buyer, at least so much;
    `contributor_cents`, `record_cents`: a bribe, and each record that is forged for it; `paper_cents`: a
    forged document."""

    name: str
    identity: dict[str, int]
    loop_ppm: int
    loop_cents: int
    parcel_cents: int
    accusation_cents: int
    loss_ppm: int = 300_000
    served_ppm: int = 500_000
    served_cents: int = 1_000
    contributor_cents: int = 200_000
    record_cents: int = 10
    paper_cents: int = 500

    def fake(self, value_cents: int, way: str) -> int:
        """A fake order told in one of WAYS."""
        loop = self.loop_ppm * value_cents // PPM + self.loop_cents
        parcel = 0 if way == "word" else self.parcel_cents
        return loop * (2 if way == "circle" else 1) + parcel

    def purchase(self, value_cents: int) -> int:
        """A purchase from an honest seller, for the look of it."""
        return self.loss_ppm * value_cents // PPM

    def service(self, value_cents: int) -> int:
        """An order really served."""
        return max(self.served_ppm * value_cents // PPM, self.served_cents)

    def accusation(self, value_cents: int) -> int:
        """A complaint about an order, which must have been paid for."""
        return self.accusation_cents + self.loop_ppm * value_cents // PPM


LAB: Final = Costs(
    "lab",
    {"unverified": 200, "mule": 3_000, "shell": 150_000, "partner": 60_000},
    loop_ppm=29_000,
    loop_cents=50,
    parcel_cents=600,
    accusation_cents=800,
)
MARKET: Final = Costs(
    "market",
    {"unverified": 0, "mule": 3_000, "shell": 150_000, "partner": 60_000},
    loop_ppm=0,
    loop_cents=21,
    parcel_cents=0,
    accusation_cents=800,
)
COSTS: Final = {table.name: table for table in (LAB, MARKET)}
"""Name -> table of prices."""
