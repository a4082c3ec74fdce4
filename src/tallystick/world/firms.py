"""Companies to be described: what they are truly called, where they sit, by what else they are known.

Idea: a firm is parts, not text: stems, lines of business, a city, a legal form; `world/variants.py` and
`world/addresses.py` write them in many ways. Common stems are common and most names are rare (Zipf's law),
and no two firms of a city get the same name, as no register gives one twice. Some firms sit in a business
centre whose address they share with many that have nothing to do with each other, and some are paid through
an agent whose account they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from random import Random
from typing import Final, TypeVar

from tallystick.world.config import DescriptionConfig
from tallystick.world.lexicon import (
    GENERAL,
    City,
    Form,
    Language,
    Slot,
    Word,
    english_trades,
    languages,
)
from tallystick.world.romanise import plain

T = TypeVar("T")

Core = tuple[tuple[Word, str], ...]
"""The words of a name that are its own, each with what stands before it: nothing or a blank."""

_CENTRES: Final = 5
_AGENTS: Final = 3
LINES: Final = tuple(trade for trade in english_trades() if trade not in GENERAL)
"""Lines of business proper, without those that say little."""

_VOWELS: Final = frozenset("aeiouyıаеиоуыэюя")
_BRANDS: Final = ("Store", "Direct", "Online", "Shop", "Home", "Express")
_DOMAINS: Final = {"GB": "co.uk", "CN": "com.cn", "JP": "co.jp", "KR": "co.kr", "BR": "com.br"}


class Steady(Random):
    """Chance that never strikes: with it a firm is written as it stands in the register."""

    def random(self) -> float:
        """Just below one, every time."""
        return 1 - 2**-53


STEADY: Final = Steady()


@dataclass(frozen=True, slots=True)
class Place:
    """An address in parts; `street`, `district`: as at home and as abroad."""

    city: City
    street: tuple[str, str]
    district: tuple[str, str]
    number: int
    room: int
    zip: str


@dataclass(frozen=True, slots=True)
class Firm:
    """One true company. `kin`: how it was made to look like the company `of`, or empty; `way`: in what
    an imitator differs; `shape`: the order of core, trade and city in the registered name; `shares`: "address",
    "account" where others that have nothing to do with it have the same."""

    number: int
    language: Language
    country: str
    core: Core
    trades: tuple[str, ...]
    shape: tuple[str, ...]
    form: Form
    place: Place
    account: str
    domain: str
    founded: int
    former: Core
    brand: str
    shares: tuple[str, ...] = ()
    kin: str = ""
    of: int = -1
    way: str = ""


class Drawing:
    """What the firms of a chunk have in common while they are drawn. `taken`: names given so far."""

    def __init__(self, config: DescriptionConfig, chunk: int, taken: set[int]) -> None:
        self.rng = Random(f"firms/{config.seed}/{chunk}")
        self.config = config
        self.taken = taken
        self.centres: dict[tuple[str, int], Place] = {}


def draw_firm(state: Drawing, number: int, language: Language, country: str) -> Firm:
    """A firm of its own, whose name may still be another one's."""
    rng, config = state.rng, state.config
    core = draw_core(language, rng)
    centre, agent = rng.random() < config.centres, rng.random() < config.agents
    firm = Firm(
        number=number,
        language=language,
        country=country,
        core=core,
        trades=_trades(rng),
        shape=_shape(language, core, rng),
        form=language.forms[country].draw(rng.random()),
        place=_centre(state, language, country) if centre else draw_place(language, country, rng),
        account=_agent(rng) if agent else _account(number, rng),
        domain="",
        founded=int(3650 + 16_000 * rng.random() ** 0.6),
        former=draw_core(language, rng) if rng.random() < 0.07 else (),
        brand=_brand(core, rng) if rng.random() < 0.08 else "",
        shares=("address",) * centre + ("account",) * agent,
    )
    return replace(firm, domain=_domain(firm, rng))


def _shape(language: Language, core: Core, rng: Random) -> tuple[str, ...]:
    """The order of the registered name. One common word alone is hardly ever a name."""
    shape = pick(rng, language.legal)
    if "trade" not in shape and len(core) == 1 and rng.random() < 0.8:
        return language.legal[0] if "trade" in language.legal[0] else (*shape, "trade")
    return shape


def pick(rng: Random, items: Sequence[T]) -> T:
    """One of several, all alike."""
    return items[int(rng.random() * len(items))]


def draw_core(language: Language, rng: Random) -> Core:
    """The words that are a name's own; glued stems of which a table tells the romanisation become one."""
    core: list[tuple[Word, str]] = []
    before = None
    for slot in language.cores.draw(rng.random()):
        word, gap = draw_stem(slot, rng, before)
        before = word
        if core and not gap and _glues(language, core[-1][0], word):
            last, space = core[-1]
            core[-1] = (_glued(language, last, word), space)
        else:
            core.append((word, gap))
    return tuple(core)


def draw_stem(slot: Slot, rng: Random, before: Word | None) -> tuple[Word, str]:
    """A stem that goes with the one before it; the fourth one drawn has to."""
    bag, gap = slot
    word = bag.draw(rng.random())
    for _ in range(3):
        if before is None or not _clash(before.native.lower(), word.native.lower(), gap):
            break
        word = bag.draw(rng.random())
    return word, gap


def _clash(first: str, second: str, gap: str) -> bool:
    """Whether two stems are the same, or run two vowels together."""
    return first == second or (not gap and first[-1] in _VOWELS and second[0] in _VOWELS)


def _glues(language: Language, first: Word, second: Word) -> bool:
    """Whether two stems are one word in Latin letters too; those of syllables may be told apart there."""
    if language.code == "ja":
        return not any("一" <= word.native[0] <= "鿿" for word in (first, second))
    return language.latin_script or language.code in ("ru", "sr", "hi")


def _glued(language: Language, first: Word, second: Word) -> Word:
    native = first.native + second.native.lower()
    if language.latin_script:
        return Word(native, native, native, native)
    if language.code == "hi":
        return Word(
            native, *(a + b for a, b in zip(_spellings(first), _spellings(second), strict=True))
        )
    return language.fuse(native)


def _spellings(word: Word) -> tuple[str, str, str]:
    return word.latin, word.mild, word.other


def _trades(rng: Random) -> tuple[str, ...]:
    kind = rng.random()
    line, general = pick(rng, LINES), pick(rng, GENERAL)
    if kind < 0.6:
        return (line,)
    return (line, general) if kind < 0.85 else (general,)


def _centre(state: Drawing, language: Language, country: str) -> Place:
    """A room in a business centre: the same few centres in every chunk, so that many sit in each."""
    key = (country, int(state.rng.random() * _CENTRES))
    centre = state.centres.get(key)
    if centre is None:
        own = Random(f"centre/{state.config.seed}/{key}")
        centre = state.centres[key] = draw_place(language, country, own)
    return replace(centre, room=int(100 + 900 * state.rng.random()))


def draw_place(language: Language, country: str, rng: Random, city: City | None = None) -> Place:
    """An address, in one of the country's cities unless one is given; large cities come first."""
    cities = language.cities[country]
    share = rng.random()
    districts = language.districts or (("", ""),)
    return Place(
        city=city or cities[int(len(cities) * share * share)],
        street=pick(rng, language.streets),
        district=pick(rng, districts),
        number=int(1 + 300 * rng.random() ** 2),
        room=int(101 + 900 * rng.random()),
        zip=_zip(language.zips[country], rng),
    )


def _zip(shape: str, rng: Random) -> str:
    return "".join(_filler(c, rng) for c in shape)


def _filler(c: str, rng: Random) -> str:
    if c == "#":
        return "123456789"[int(9 * rng.random())]
    return "ABDEGHLNPRSTW"[int(13 * rng.random())] if c == "?" else c


def _agent(rng: Random) -> str:
    """The account of a payment agent, which is the same for all whom it serves."""
    return f"7700{88_000_000_000 + int(rng.random() * _AGENTS):012d}"


def _account(number: int, rng: Random) -> str:
    """A bank's code and an account number of the firm's own."""
    return f"{int(1000 + 6000 * rng.random()):04d}{number * 7_919 % 10**12:012d}"


def _domain(firm: Firm, rng: Random) -> str:
    """A website's host of its own, or empty: about half have none."""
    if rng.random() < 0.45:
        return ""
    ending = _DOMAINS.get(firm.country, firm.country.lower()) if rng.random() < 0.5 else "com"
    return f"{domain_word(firm.core)}{firm.number}.{ending}"


def domain_word(core: Core) -> str:
    """A core as it begins a domain."""
    words = plain("".join(word.latin for word, _ in core)).lower()
    return "".join(c for c in words if c.isascii() and c.isalnum())[:18] or "shop"


def _brand(core: Core, rng: Random) -> str:
    """A trading name: the core with a shop's word, or a coined English one."""
    if rng.random() < 0.5:
        words = draw_core(languages()["en"], rng)
        return " ".join(word.latin for word, _ in words if word.latin != "&")
    latin = "".join(gap + word.latin for word, gap in core).strip()
    return f"{latin[:1].upper()}{latin[1:]} {pick(rng, _BRANDS)}"


def named_once(state: Drawing, firm: Firm) -> Firm:
    """The firm, with a longer core where its name is given in its city: a register gives none twice."""
    for _ in range(8):
        key = _hash_of_name(firm)
        if key not in state.taken:
            state.taken.add(key)
            return firm
        slots = firm.language.cores.draw(state.rng.random())
        word, _gap = draw_stem(slots[0], state.rng, None)
        gap = "" if firm.language.joined else " "
        firm = replace(firm, core=(*firm.core, (word, gap)))
    return firm


def _hash_of_name(firm: Firm) -> int:
    """A name in its city, as a number. Not Python's `hash` of texts, which differs from run to run."""
    words = [word.native for word, _ in firm.core]
    trades = firm.trades if "trade" in firm.shape else ()
    text = "\x1f".join((firm.country, firm.place.city.native, *words, "", *trades))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
