"""The words that companies of the simulator are named and addressed with, one file per language.

Idea: a name is made of *stems* (with their writing in the country's script and one or two romanisations), a
word for the line of business, a city and a legal form; so it can be written in another script, shortened
or translated by choosing other forms of the same parts, and nobody has to transform finished text.

These lists are the simulator's own. They are not those by which names are compared
(`tallystick.identity.names`): tables that are measured with themselves find nothing.

A file `words/<language>.toml` holds:

- `countries`: country -> share among the companies of the language
- `cores`: [pattern, weight]; in a pattern a letter draws a stem of that list, `+` glues, `'x'` is text
- `legal`, `told`: in which order core, trade and city stand, in the register and elsewhere
- `forms`: [text with … for the name, weight, other spellings between |, countries if not all, how it is
  written abroad if not as in `forms_latin`]
- `forms_latin`, `address_latin`: as written abroad; `..._b` are habits that are held out;
  `forms_script`: in a script that the register does not use
- `shorter`: abbreviations in addresses; `zip`, `zip_<country>`: a postal code, # a digit and ? a letter
- `streets`, `districts`, `cities_<country>`: `native=English=short` with commas between them
- `stems`: `native=Latin=other Latin` with blanks (commas, where one holds blanks) between them
- `trades`: line of business -> words, between |, each `native=romanised`; English: `word/short/other short`
- `joined`: no blanks between words; `merges`: people leave out the blank between two stems

>>> german = languages()["de"]
>>> german.trades["machinery"][0].native, german.cities["DE"][2].english
('Maschinenbau', 'Munich')
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final, Generic, TypeVar

from tallystick.world.romanise import kunrei, romanise

T = TypeVar("T")

LANGUAGES: Final = tuple("zh en de fr it es pt pl tr vi ja ko ru sr id th ar hi".split())
GENERAL: Final = tuple(
    "trading impex logistics technology industry international engineering group".split()
)
"""Lines of business that many firms add to another one, and that say little."""

_SHARES: Final = (30, 17, 7, 5, 5, 6, 5, 3, 5, 5, 3, 3, 4, 1, 3, 2, 3, 8)
_PATTERN: Final = re.compile(r"'[^']*'|[^+]+")
_BY_TABLE: Final = {"ja", "ru", "sr"}
_FREELY: Final = {"ko", "th", "ar", "hi"}
_LATIN: Final = set("en de fr it es pt pl tr vi id".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word in the script of its country, romanised, and romanised in other ways: `mild` is met under
    habits "a", `other` under habits "b"."""

    native: str
    latin: str
    mild: str
    other: str


@dataclass(frozen=True, slots=True)
class City:
    """`native` as at home, `english` as abroad, `short`: letters on a waybill, or empty."""

    native: str
    english: str
    short: str


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form: a text with `…` where the name goes, and other ways to write the same; `abroad`: in
    Latin letters, where the list of the language does not serve."""

    text: str
    variants: tuple[str, ...]
    abroad: tuple[str, ...]


class Bag(Generic[T]):
    """Things drawn with given weights."""

    def __init__(self, items: Sequence[T], weights: Iterable[float]) -> None:
        self.items = tuple(items)
        self._sums = list(accumulate(weights))

    def draw(self, share: float) -> T:
        """The item at that share (0 to 1) of all weight."""
        return self.items[min(bisect(self._sums, share * self._sums[-1]), len(self.items) - 1)]


Slot = tuple[Bag[Word], str]
"""A list of stems, and what stands before the stem: nothing or a blank."""


@dataclass(frozen=True, slots=True)
class Language:
    """All that a language's file tells, ready to draw from."""

    code: str
    countries: Bag[str]
    cores: Bag[tuple[Slot, ...]]
    legal: tuple[tuple[str, ...], ...]
    told: tuple[tuple[str, ...], ...]
    forms: dict[str, Bag[Form]]
    forms_latin: tuple[str, ...]
    forms_latin_b: tuple[str, ...]
    forms_script: tuple[str, ...]
    trades: dict[str, tuple[Word, ...]]
    cities: dict[str, tuple[City, ...]]
    streets: tuple[tuple[str, str], ...]
    districts: tuple[tuple[str, str], ...]
    addresses: dict[str, tuple[str, ...]]
    rooms: dict[str, tuple[str, ...]]
    shorter: tuple[tuple[str, str], ...]
    zips: dict[str, str]
    branch: str
    city_suffix: str
    joined: bool
    merges: bool
    english: bool
    latin_script: bool
    translates: float

    def fuse(self, native: str) -> Word:
        """A stem out of several whose romanisation a table of letters tells."""
        serbian = self.code == "sr"
        latin, other = (romanise(native, habits, serbian) for habits in "ab")
        return Word(native, latin, latin, other)


@cache
def languages() -> dict[str, Language]:
    """Every language by its code."""
    return {code: _language(code) for code in LANGUAGES}


@cache
def of_country(country: str) -> Language:
    """The language of a country's names. Raises `KeyError` for a country that no file has."""
    for language in languages().values():
        if country in language.countries.items:
            return language
    raise KeyError(country)


@cache
def all_countries() -> Bag[str]:
    """Countries, weighed as the simulator draws them where nobody says otherwise."""
    names, weights = [], []
    for share, code in zip(_SHARES, LANGUAGES, strict=True):
        for country, part in _file(code)["countries"].items():
            names.append(country)
            weights.append(share * part)
    return Bag(names, weights)


@dataclass(frozen=True, slots=True)
class English:
    """English for a line of business: `word`, its abbreviations, and another word (habits "b")."""

    word: str
    shorts: tuple[str, ...]
    other: str


@cache
def english_trades() -> dict[str, English]:
    """Line of business -> how it is said in English."""
    told = _file("en")
    out = {}
    for trade, text in told["trades"].items():
        word, *shorts = _english_parts(text)
        out[trade] = English(word, tuple(shorts), told["trades_b"].get(trade, word))
    return out


@cache
def han_traditional() -> dict[str, str]:
    """Simplified -> traditional character."""
    pairs = "".join(_file("zh")["traditional"].split())
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _english_parts(text: str) -> list[str]:
    """`word/short/other short`; the last one may itself hold a slash, as I/E does."""
    return text.split("/", 2)


@cache
def _file(code: str) -> dict[str, Any]:
    text = files("tallystick.world").joinpath("words", f"{code}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _language(code: str) -> Language:
    told = _file(code)
    stems = {key: _stems(code, text) for key, text in told["stems"].items()}
    return Language(
        code=code,
        countries=Bag(list(told["countries"]), told["countries"].values()),
        cores=_cores(told["cores"], stems),
        legal=tuple(tuple(shape.split()) for shape in told["legal"]),
        told=tuple(tuple(shape.split()) for shape in told["told"]),
        forms=_forms(told),
        forms_latin=tuple(told.get("forms_latin", ())),
        forms_latin_b=tuple(told.get("forms_latin_b", ())),
        forms_script=tuple(told.get("forms_script", ())),
        trades={trade: _words(code, text) for trade, text in told["trades"].items()},
        cities={country: _cities(told[f"cities_{country}"]) for country in told["countries"]},
        streets=_pairs(told["streets"], code),
        districts=_pairs(told.get("districts", ""), code),
        addresses={key: tuple(told[key]) for key in told if key.startswith("address")},
        rooms={key: tuple(told[key]) for key in told if key.startswith("room")},
        shorter=tuple(told["shorter"].items()),
        zips={c: told.get(f"zip_{c}", told["zip"]) for c in told["countries"]},
        branch=told["branch"],
        city_suffix=told.get("suffix", {}).get("city", ""),
        joined=told.get("joined", False),
        merges=told.get("merges", False),
        english=told.get("english", False),
        latin_script=code in _LATIN,
        translates=told.get("translates", 0.85),
    )


def _list(text: str) -> list[str]:
    """Entries of a list, which stand between commas if it holds any, else between blanks."""
    parts = text.split(",") if "," in text else text.split()
    return [" ".join(part.split()) for part in parts if part.strip()]


def _stems(code: str, text: str) -> Bag[Word]:
    """Zipf's law in a flat form, so that the most common name of all is one in about a thousand."""
    words = [_word(code, entry, number) for number, entry in enumerate(_list(text))]
    return Bag(words, [(rank + 4.0) ** -0.6 for rank in range(len(words))])


def _word(code: str, entry: str, number: int = 0) -> Word:
    """Where people spell freely, every second word has its other spelling under habits "a" too; the
    other ones, and whole systems of romanisation (Cantonese, Kunrei, ISO 9), are held out for "b"."""
    native, latin, other = [*entry.split("="), "", ""][:3]
    serbian = code == "sr"
    if not latin:
        latin = romanise(native, "a", serbian) if code in _BY_TABLE else native
        other = romanise(native, "b", serbian) if code in _BY_TABLE else native
    elif not other:
        other = kunrei(latin) if code == "ja" else latin
    mild = other if number % 2 and code in _FREELY else latin
    return Word(native, latin, mild, other)


def _words(code: str, text: str) -> tuple[Word, ...]:
    if code == "en":
        text = _english_parts(text)[0]
    return tuple(_word(code, _pinyin(part) if code == "zh" else part) for part in text.split("|"))


def _pinyin(text: str) -> str:
    """Chinese words for a line of business are romanised by the library; their characters are common."""
    from pypinyin import lazy_pinyin

    return f"{text}={''.join(lazy_pinyin(text)).capitalize()}"


def _cores(patterns: list[tuple[str, float]], stems: dict[str, Bag[Word]]) -> Bag[tuple[Slot, ...]]:
    shapes = [tuple(_slots(pattern, stems)) for pattern, _ in patterns]
    return Bag(shapes, [weight for _, weight in patterns])


def _slots(pattern: str, stems: dict[str, Bag[Word]]) -> Iterable[Slot]:
    for word in pattern.split():
        for number, part in enumerate(_PATTERN.findall(word)):
            text = part.strip("'")
            fixed = Bag([Word(text, text, text, text)], [1.0])
            yield (stems.get(part, fixed), "" if number else " ")


def _form(
    text: str, _weight: float, variants: str, _countries: object = None, abroad: str = ""
) -> Form:
    return Form(text, tuple(variants.split("|")), tuple(abroad.split("|")) if abroad else ())


def _forms(told: dict[str, Any]) -> dict[str, Bag[Form]]:
    """For each country the forms that it has."""
    out = {}
    for country in told["countries"]:
        own = [row for row in told["forms"] if len(row) < 4 or country in row[3]]
        forms = [_form(*row) for row in own]
        out[country] = Bag(forms, [row[1] for row in own])
    return out


def _cities(text: str) -> tuple[City, ...]:
    return tuple(City(*[*entry.split("="), "", ""][:3]) for entry in _list(text))


def _pairs(text: str, code: str) -> tuple[tuple[str, str], ...]:
    out = []
    for entry in _list(text):
        native, _, latin = entry.partition("=")
        out.append((native, latin or (_word(code, native).latin)))
    return tuple(out)
