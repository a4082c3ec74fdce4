"""How much of who is who can be told at all from descriptions, whoever tries.

Idea: some descriptions fit two companies (a name common to both, with neither city, address nor account), and
some hold no word of the company's name (a trading name that nobody else tells). Whoever joins those guesses.
So a recall is read beside the share of pairs that can be found without a guess, and a reader that holds the
others as ambiguous does right.

A description *tells* its company if it holds the words of its name's own, and no other company of these words
fits in line of business, city, legal form and country, as far as they are shown; an address that is not an old
one tells too. A description that does not tell may still share an account, a domain or a further name with one
that does. Slips of the finger and moves are taken to be seen through: this is a bound from above.

>>> found = ceiling(DescriptionConfig(companies=500, seed=3))
>>> 0.9 < found.recall <= 1.0 and found.untold < 0.1 * found.descriptions
True
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.world.config import DescriptionConfig
from tallystick.world.describers import Told
from tallystick.world.descriptions import chunks_told, described_as
from tallystick.world.firms import Firm
from tallystick.world.kin import draw_firms

_NO_CORE: Final = frozenset(("former", "trading", "initials"))
_NO_FORM: Final = frozenset(("cut", "form_other", "form_out", "form_translated"))
_SHOWS_CITY: Final = frozenset(("branch", "city_in", "city_short"))
_MOVED: Final = frozenset(("moved_far", "moved_near"))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Of so many `descriptions`, `without_name` hold no word of the company's own and `ambiguous` fit another
    company too; `pairs` of descriptions mean one company, and `told` of them can be found without a guess."""

    descriptions: int
    without_name: int
    ambiguous: int
    pairs: int
    told: int

    @property
    def untold(self) -> int:
        """Descriptions that do not tell their company."""
        return self.without_name + self.ambiguous

    @property
    def recall(self) -> float:
        """The highest share of pairs that can be found without a guess."""
        return self.told / self.pairs if self.pairs else 1.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What may be seen of a company."""

    number: int
    native: str
    country: str
    trades: tuple[str, ...]
    city: str
    form: str
    place: object


def ceiling(config: DescriptionConfig) -> Ceiling:
    """Counts of what the descriptions of that configuration tell. Takes about 2 kB of memory a company."""
    counts = [0] * 5
    for known, others, told in _firms(config):
        for n, more in enumerate(_count(known, others, told)):
            counts[n] += more
    return Ceiling(*counts)


def unguessed(config: DescriptionConfig) -> set[int]:
    """The parties whose company can be found without a guess."""
    found: set[int] = set()
    for known, others, told in _firms(config):
        telling = _telling(known, others, told)
        for one in _found(telling, told):
            row = described_as(one)
            found |= {row.party} if row else set()
    return found


def _firms(config: DescriptionConfig) -> Iterator[tuple[_Known, list[_Known], list[Told]]]:
    """Each firm, the others whose names are read alike, and what is told of it."""
    alike = _alike(config)
    for firms, told in chunks_told(config):
        by_firm: dict[int, list[Told]] = defaultdict(list)
        for one in told:
            by_firm[one.firm.number].append(one)
        for firm in firms:
            others = [o for o in alike[_key(firm)] if o.number != firm.number]
            yield _known(firm), others, by_firm[firm.number]


def _alike(config: DescriptionConfig) -> dict[tuple[str, str], list[_Known]]:
    """Companies whose names are read alike, by language and romanised core."""
    alike: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    taken: set[int] = set()
    for chunk in range(config.chunks):
        for firm in draw_firms(config, chunk, None, taken):
            alike[_key(firm)].append(_known(firm))
    return alike


def _key(firm: Firm) -> tuple[str, str]:
    latin = "".join(gap + word.latin for word, gap in firm.core)
    return firm.language.code, latin.lower()


def _known(firm: Firm) -> _Known:
    return _Known(
        number=firm.number,
        native="".join(gap + word.native for word, gap in firm.core).lower(),
        country=firm.country,
        trades=firm.trades if "trade" in firm.shape else (),
        city=firm.place.city.native,
        form=firm.form.text,
        place=(firm.place.street, firm.place.number, firm.place.city),
    )


def _count(
    known: _Known, others: Sequence[_Known], told: Sequence[Told]
) -> tuple[int, int, int, int, int]:
    without = [one for one in told if one.kinds & _NO_CORE]
    telling = _telling(known, others, told)
    found = len(_found(telling, told))
    count = len(told)
    pairs = count * (count - 1) // 2
    ambiguous = count - len(without) - len(telling)
    return count, len(without), ambiguous, pairs, found * (found - 1) // 2


def _telling(known: _Known, others: Sequence[_Known], told: Sequence[Told]) -> list[Told]:
    """What tells its company by itself."""
    named = (one for one in told if not one.kinds & _NO_CORE)
    return [one for one in named if not any(_fits(one, known, other) for other in others)]


def _found(telling: Sequence[Told], told: Sequence[Told]) -> list[Told]:
    """What tells its company, and what shares a mark with such."""
    marks = {mark for one in telling for mark in _marks(one)}
    return [one for one in told if one in telling or marks & set(_marks(one))]


def _marks(told: Told) -> Iterable[tuple[str, str]]:
    """By what one description of a company is known to mean the same as another."""
    if told.account and "account" not in told.firm.shares:
        yield "account", told.account
    if told.domain:
        yield "domain", told.domain
    for kind, _ in told.other_names:
        yield "name", kind
    for kind in told.kinds & {"former", "trading"}:
        yield "name", kind


def _fits(told: Told, known: _Known, other: _Known) -> bool:
    """Whether a description of `known` may as well be one of `other`, whose name is read alike."""
    kinds = told.kinds
    if told.country and told.country != other.country:
        return False
    if "romanised" not in kinds and known.native != other.native:
        return False
    trades = known.trades[:-1] if "trade_out" in kinds else known.trades
    if trades != (other.trades[: len(trades)] if "trade_out" in kinds else other.trades):
        return False
    if not kinds & _NO_FORM and known.form != other.form:
        return False
    if told.address and not kinds & _MOVED and known.place != other.place:
        return False
    return not _shows_city(told) or known.city == other.city


def _shows_city(told: Told) -> bool:
    """Whether the name or the address holds the city."""
    in_name = any("city" in part for part in told.firm.shape) and "city_out" not in told.kinds
    in_address = bool(told.address) and "moved_far" not in told.kinds
    return in_name or in_address or bool(told.kinds & _SHOWS_CITY)
