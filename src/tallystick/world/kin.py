"""The companies of a chunk, some of which look like others and are none of them.

The name of a *model* firm is put on another firm, changed as the kin says; account, address and date of
founding stay the other firm's own.

- `homonym`: the same name in another city or country
- `sister`: the same core with another line of business
- `imitator`: a shell company in the model's city whose name differs by one letter, one word, a look-alike
  character or the legal form

>>> config = DescriptionConfig(companies=3, seed=1)
>>> [firm.number for firm in draw_firms(config, 0)]
[0, 1, 2]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from tallystick.world.config import CHUNK_FIRMS, DescriptionConfig
from tallystick.world.firms import (
    LINES,
    Drawing,
    Firm,
    Place,
    domain_word,
    draw_firm,
    draw_place,
    draw_stem,
    named_once,
    pick,
)
from tallystick.world.lexicon import GENERAL, Bag, Language, Word, all_countries, of_country

KINS: Final = ("homonym", "sister", "imitator")
WAYS: Final = Bag(("letter", "word", "look-alike", "form"), (4, 3, 2, 2))
"""How an imitator's name differs."""

_LOOK_ALIKE: Final = dict(zip("aeopcxyiаеорсхуі", "аеорсхуіaeopcxyi", strict=True))


def draw_firms(
    config: DescriptionConfig,
    chunk: int,
    countries: Sequence[str] | None = None,
    taken: set[int] | None = None,
) -> list[Firm]:
    """The firms of one chunk. `countries`: of each of them, else drawn; `taken`: names given so far,
    which grows: hand in the same set for every chunk, in their order."""
    state = Drawing(config, chunk, set() if taken is None else taken)
    first = chunk * CHUNK_FIRMS
    count = min(config.companies - first, CHUNK_FIRMS)
    given = countries or [all_countries().draw(state.rng.random()) for _ in range(count)]
    models: dict[str, list[Firm]] = {}
    return [_firm(state, models, first + n, country) for n, country in enumerate(given[:count])]


def _firm(state: Drawing, models: dict[str, list[Firm]], number: int, country: str) -> Firm:
    language = of_country(country)
    kin = _kin(state.config, state.rng.random())
    own = draw_firm(state, number, language, country)
    known = models.setdefault(language.code, [])
    if kin and known:
        return _look_alike(own, pick(state.rng, known), kin, state.rng)
    firm = named_once(state, own)
    known.append(firm)
    return firm


def _kin(config: DescriptionConfig, share: float) -> str:
    for kin in KINS:
        share -= getattr(config, kin + "s")
        if share < 0:
            return kin
    return ""


def _look_alike(own: Firm, model: Firm, kin: str, rng: Random) -> Firm:
    """`own` with the name of `model`, changed as its kin says."""
    if kin == "homonym" and "city" in model.shape and model.language.code != "zh":
        # Its name would hold the other city. In Chinese it does, and is left out as often as not.
        kin = "sister"
    firm = replace(
        own, core=model.core, shape=model.shape, trades=model.trades, kin=kin, of=model.number
    )
    if own.domain:
        ending = own.domain.partition(".")[2]
        firm = replace(firm, domain=f"{domain_word(model.core)}{own.number}.{ending}")
    if kin == "homonym":
        return replace(firm, place=_elsewhere(firm, model, rng), shares=_without_address(firm))
    if kin == "sister":
        line = pick(rng, [trade for trade in LINES if trade not in model.trades])
        shape = model.shape if "trade" in model.shape else (*model.shape, "trade")
        return replace(firm, trades=(line,), shape=shape)
    return _imitate(firm, model, rng)


def _without_address(firm: Firm) -> tuple[str, ...]:
    return tuple(what for what in firm.shares if what != "address")


def _elsewhere(firm: Firm, model: Firm, rng: Random) -> Place:
    """A place in another city than the model's."""
    others = [c for c in firm.language.cities[firm.country] if c != model.place.city]
    return draw_place(firm.language, firm.country, rng, pick(rng, others))


def _imitate(firm: Firm, model: Firm, rng: Random) -> Firm:
    language, way = firm.language, WAYS.draw(rng.random())
    if way == "look-alike" and _syllables(language):
        way = "letter"
    if firm.country == model.country:
        here = draw_place(language, firm.country, rng, model.place.city)
        firm = replace(firm, place=here, form=model.form, shares=_without_address(firm))
    if way == "form":
        others = [f for f in language.forms[firm.country].items if f != model.form]
        return replace(firm, form=pick(rng, others), way=way)
    if way == "word":
        general = pick(rng, [trade for trade in GENERAL if trade not in model.trades])
        shape = model.shape if "trade" in model.shape else (*model.shape, "trade")
        trades = (*model.trades, general) if "trade" in model.shape else (general,)
        return replace(firm, trades=trades, shape=shape, way=way)
    at = int(rng.random() * len(model.core))
    word, gap = model.core[at]
    other = _twin(language, word, way, rng)
    return replace(firm, core=(*model.core[:at], (other, gap), *model.core[at + 1 :]), way=way)


def _twin(language: Language, word: Word, way: str, rng: Random) -> Word:
    """A word that a hasty reader takes for another. Scripts of syllables change one of them."""
    if _syllables(language):
        return _other_syllable(language, word, rng)
    if way == "look-alike":
        places = [n for n, c in enumerate(word.native) if c in _LOOK_ALIKE]
        if places:
            at = pick(rng, places)
            native = word.native[:at] + _LOOK_ALIKE[word.native[at]] + word.native[at + 1 :]
            if language.latin_script:
                return Word(native, native, native, native)
            # Seen in print it is the same name, and so it is romanised.
            return Word(native, word.latin, word.mild, word.other)
    at = 1 + int(rng.random() * (len(word.native) - 1)) if len(word.native) > 1 else 0
    letter = pick(rng, "aeioulnrst" if language.latin_script else "аеиоулнрст")
    native = word.native[:at] + letter + word.native[at:]
    if language.latin_script:
        return Word(native, native, native, native)
    return language.fuse(native)


def _syllables(language: Language) -> bool:
    """Whether the words are made of syllables, with no letters that look like Latin ones."""
    return language.joined or language.code in ("ar", "hi")


def _other_syllable(language: Language, word: Word, rng: Random) -> Word:
    """Another stem of the list that the word is from; one letter where it is from none."""
    for shape in language.cores.items:
        for slot in shape:
            if word in slot[0].items and len(slot[0].items) > 1:
                return draw_stem(slot, rng, word)[0]
    if language.code == "hi":
        at, letter = int(1 + rng.random() * (len(word.latin) - 1)), pick(rng, "aeioulnrst")
        spelt = (word.latin, word.mild, word.other)
        return Word(word.native, *(text[:at] + letter + text[at:] for text in spelt))
    at = int(rng.random() * len(word.native))
    return language.fuse(
        word.native[:at] + pick(rng, "アイカコサトミラリン") + word.native[at + 1 :]
    )
