"""The schemes by name: what each is, which numbers it turns, and where a search for the best begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from tallystick.world.attack.schemes import PARTNER, Strategy

LIFT: Final = "lift"
SLANDER: Final = "slander"
LOOT: Final = "loot"


@dataclass(frozen=True, slots=True)
class Plan:
    """A scheme. `goal`: LIFT a rating, SLANDER an honest firm, or LOOT; `text`: what is done; `grid`: values
    of the numbers that are tried first, in all combinations; those with several values are turned later."""

    name: str
    goal: str
    text: str
    grid: dict[str, tuple[Any, ...]]

    def strategies(self) -> Iterator[Strategy]:
        """All combinations of the grid."""
        for values in product(*self.grid.values()):
            yield Strategy(**dict(zip(self.grid, values, strict=True)))

    @property
    def turned(self) -> tuple[str, ...]:
        """The numbers that a search may turn."""
        return tuple(name for name, values in self.grid.items() if len(values) > 1)


_PLANS: Final = (
    Plan(
        "brushing",
        LIFT,
        "a ring of free identities buys from the target, in words or with parcels",
        {
            "sybils": (1, 3, 10, 30, 100, 300),
            "fakes": (1, 2, 4),
            "value": (20, 200, 2000),
            "way": ("word", "parcel"),
        },
    ),
    Plan(
        "sybils",
        LIFT,
        "the ring first trades with itself and with honest sellers, to be known",
        {
            "identity": ("unverified", "mule"),
            "sybils": (3, 10, 30, 60),
            "fakes": (1, 3),
            "value": (500, 2000),
            "cover": (0, 3),
            "cover_value": (20, 500, 2000),
            "inner": (0, 3),
            "helpers": (0, 6),
        },
    ),
    Plan(
        "shells",
        LIFT,
        "aged shell companies pay real money in a circle",
        {
            "identity": ("mule", "shell"),
            "sybils": (1, 3, 8, 20),
            "fakes": (1, 3, 8),
            "way": ("circle",),
            "cover": (0, 2),
            "cover_value": (20, 2000),
            "inner": (0, 3),
            "helpers": (0, 6),
        },
    ),
    Plan(
        "service",
        LIFT,
        "orders really served at half their price to real buyers",
        {"served": (3, 10, 30, 100, 300, 1000), "served_value": (20, 100, 500, 2000)},
    ),
    Plan(
        "papers",
        LIFT,
        "documents forged by the target about orders of real buyers",
        {"papers": (3, 10, 30, 100, 300, 1000), "value": (200, 2000)},
    ),
    Plan(
        "platform",
        LIFT,
        "a marketplace is bribed to forge orders of made-up buyers, with histories",
        {
            "records": (10, 100, 400, 1000),
            "inner": (0, 1, 3),
            "value": (200, 2000),
            "way": ("platform",),
        },
    ),
    Plan(
        "contributor",
        LIFT,
        "the same by a contributor that is taken to be independent",
        {
            "records": (10, 100, 400, 1000),
            "inner": (0, 1, 3),
            "value": (200, 2000),
            "way": ("contributor",),
        },
    ),
    Plan(
        "slander",
        SLANDER,
        "bought identities complain about an honest firm",
        {
            "identity": ("unverified", "mule"),
            "sybils": (1, 3, 10, 30, 100),
            "accusations": (1, 3, 10),
            "value": (20, 200, 2000),
            "cover": (0, 3),
            "cover_value": (20, 500),
        },
    ),
    Plan(
        "retaliation",
        SLANDER,
        "real buyers with a record of their own complain without cause",
        {
            "identity": (PARTNER,),
            "sybils": (1, 2, 4, 8, 16, 40),
            "accusations": (1, 3, 10),
            "value": (20, 2000),
        },
    ),
    Plan(
        "exit",
        LOOT,
        "a good name is built up, then all that it is trusted with is taken",
        {
            "identity": ("unverified", "mule"),
            "sybils": (0, 3, 10, 30, 60),
            "fakes": (1, 3),
            "value": (500, 2000),
            "cover": (0, 3),
            "cover_value": (20, 500),
            "served": (0, 30, 100),
            "served_value": (20,),
        },
    ),
    Plan(
        "on-off",
        LOOT,
        "small orders are served, large ones taken, as long as the name holds",
        {
            "served": (10, 30, 100, 300, 1000),
            "served_value": (20, 100),
            "cheated": (1, 2, 4),
            "sybils": (0, 10, 30),
            "fakes": (1, 3),
            "value": (2000,),
            "days": (30, 180),
        },
    ),
)
ANY: Final = Plan(
    "any",
    LIFT,
    "all that lifts a rating, in any mixture",
    {
        "identity": ("unverified", "mule", "shell"),
        "sybils": (0, 1),
        "fakes": (0, 1),
        "value": (20, 2000),
        "way": ("word", "parcel", "circle"),
        "cover": (0, 1),
        "cover_value": (20, 2000),
        "inner": (0, 1),
        "helpers": (0, 1),
        "served": (0, 1),
        "served_value": (20, 2000),
        "papers": (0, 1),
    },
)
"""The adaptive attacker: begins from the best of every scheme that lifts without accomplices, and may turn
everything."""

PLANS: Final = {plan.name: plan for plan in (*_PLANS, ANY)}
"""Name -> scheme, in the order in which they are searched: ANY begins from all that lift before it."""

ACCOMPLICES: Final = ("platform", "contributor")
"""Schemes in which somebody who hands evidence in is bribed."""

WHITEWASH: Final = "whitewash"
ACCURACY: Final = "accuracy"
SCHEMES: Final = (*PLANS, WHITEWASH, ACCURACY)
"""All that can be measured; the last two need no search: a fresh identity in place of a bad record, and how
well a rating ranks, without an attack and among planted rings."""
