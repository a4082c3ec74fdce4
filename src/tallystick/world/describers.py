"""Who describes companies, and how: what each contributor asks its customers for and what it gets wrong.

Idea: every contributor has a form of its own. A bank has the account and thirty-five letters for the name, a
carrier an address and a name in capitals, a marketplace whatever the shop typed, a registry the name as it
was registered. Each numbers its customers itself, so that their numbers say nothing to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tallystick.world.addresses import write_address
from tallystick.world.config import DescriptionConfig
from tallystick.world.firms import Firm
from tallystick.world.lexicon import Bag
from tallystick.world.variants import Style, other_names, write_name


@dataclass(frozen=True, slots=True)
class Describer:
    """A contributor. `weight`: how likely it knows a company; `native`, `upper`, `care`, `width`: see
    `variants.Style`; `address`, `account`, `domain`, `founded`, `other_names`: shares of its
    descriptions that have them; `twice`: share of companies that it knows under two numbers."""

    name: str
    weight: float
    native: float
    upper: float
    care: float
    address: float
    account: float = 0.0
    domain: float = 0.0
    founded: float = 0.0
    other_names: float = 0.0
    width: int = 0
    twice: float = 0.0


DESCRIBERS: Final = (
    Describer("marketplace", 0.9, 0.25, 0.04, 1.1, 0.55, 0.10, 0.35, 0.0, 0.15, twice=0.05),
    Describer("registry", 0.7, 1.0, 0.0, 0.1, 1.0, founded=0.95, other_names=0.6),
    Describer("bank", 0.6, 0.45, 0.6, 0.8, 0.75, 1.0, founded=0.2, width=35),
    Describer("payment-service", 0.5, 0.2, 0.05, 1.0, 0.4, 0.9, 0.5, other_names=0.05),
    Describer("carrier", 0.5, 0.15, 0.5, 1.3, 0.95, twice=0.03),
    Describer("customs", 0.4, 0.4, 0.5, 0.9, 0.9),
    Describer("insurer", 0.25, 0.3, 0.05, 0.9, 0.8, 0.1, 0.3, 0.4, 0.05),
)

TELLERS: Final = Bag((1, 2, 3, 4, 5), (0.20, 0.25, 0.25, 0.18, 0.12))
"""How many contributors describe a company."""

_NO_COUNTRY: Final = 0.04
_SPREAD: Final = (7_654_321, 1_299_709, 3_141_593, 5_800_079, 2_750_159, 6_972_593, 4_256_233)
"""A multiplier for each contributor, so that its customer numbers run in an order of their own."""


@dataclass(frozen=True, slots=True)
class Told:
    """One description as a contributor hands it in. `number`: its own of the customer; `scheme`: of the id
    that it tells, empty where it tells none; `official`: whether the company's official identifier is told
    besides; `founded`: day number, -1 where it is not told; `kinds`: what was varied."""

    firm: Firm
    contributor: str
    name: str
    country: str
    scheme: str
    number: str
    address: str
    account: str
    domain: str
    founded: int
    other_names: tuple[tuple[str, str], ...]
    official: bool
    kinds: frozenset[str]


def tell(config: DescriptionConfig, chunk: int, firms: Sequence[Firm]) -> Iterator[Told]:
    """What all contributors say about the firms of one chunk."""
    rng = Random(f"tellers/{config.seed}/{chunk}/{config.habits}")
    styles = [_style(config, describer) for describer in DESCRIBERS]
    for firm in firms:
        chances = [(rng.random() ** (1 / d.weight), n) for n, d in enumerate(DESCRIBERS)]
        chances.sort(reverse=True)
        for _, n in chances[: TELLERS.draw(rng.random())]:
            yield _told(config, firm, n, styles[n], rng, 0)
            if rng.random() < DESCRIBERS[n].twice:
                yield _told(config, firm, n, styles[n], rng, 1)


def _style(config: DescriptionConfig, d: Describer) -> Style:
    return Style(d.native, d.upper, d.care * config.strength, d.width, config.habits)


def _told(
    config: DescriptionConfig, firm: Firm, who: int, style: Style, rng: Random, again: int
) -> Told:
    describer = DESCRIBERS[who]
    name, kinds = write_name(firm, style, rng)
    address = ""
    if rng.random() < describer.address:
        home = rng.random() < style.native
        address, more = write_address(firm, home, style.care, style.habits, rng)
        kinds |= more
    else:
        kinds.add("address_missing")
    scheme = "" if rng.random() < config.no_id else f"id:{describer.name}.customer"
    if not scheme:
        kinds.add("no_id")
    country = firm.country
    if rng.random() < _NO_COUNTRY * style.care:
        country = ""
        kinds.add("country_missing")
    return Told(
        firm=firm,
        contributor=describer.name,
        name=name,
        country=country,
        scheme=scheme,
        number=f"{(2 * firm.number + again + 1) * _SPREAD[who] % 10**9:09d}",
        address=address,
        account=firm.account if rng.random() < describer.account else "",
        domain=firm.domain if rng.random() < describer.domain else "",
        founded=firm.founded if rng.random() < describer.founded else -1,
        other_names=_others(firm, name) if rng.random() < describer.other_names else (),
        official=rng.random() < config.shared_ids,
        kinds=frozenset(kinds),
    )


def _others(firm: Firm, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(other for other in other_names(firm) if other[1] != name)
