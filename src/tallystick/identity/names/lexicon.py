"""The tables of words: legal forms, words of business, places, proper names of several spellings.

Each is a file of facts beside this module, a row per meaning, so 贸易, "ticaret" and "trading" are one row.
The legal forms are seeded from the Entity Legal Forms code list (ISO 20275, public domain).

>>> lookup(("贸易",)), lookup(("shen", "zhen"))
(Entry(kind='weak', text='trading'), Entry(kind='city', text='shenzhen'))
>>> form(("gmbh",))
Form(family='limited', place='any')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale

from tallystick.identity.names.sound import latin
from tallystick.identity.names.text import UNSPACED, WORD, plain, script_of
from tallystick.identity.names.tree import Tree

_HERE: Final = Path(__file__).parent
STOPS: Final = frozenset(
    """the al el of city and de du des la le les el los las und et for da do dos das del della di van von der
    den ve og och та và en au aux com www net ऑफ एंड एण्ड τησ του των και ο η οι τα το
    em ed va cua dello dei degli delle zur zum auf af voor pour para icin ile для по при
    앤 앤드 및 アンド エンド オブ एवं तथा और का की के आफ และ แห่ง এবং ও অফ অব আন্ড అండ్ ఆఫ్ మరియు அண்ட் ஆஃப் மற்றும்
    اینڈ اور اف של""".split()
)
"""Words that carry nothing, in the spelling of `plain`."""

_SHORT_WORD: Final = 5
"""Letters of a word that means something by itself, without the small words of the phrase that it is from."""

_HAN_DIGITS: Final = "〇一二三四五六七八九"
_HAN_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER: Final = re.compile(r"第[〇一二三四五六七八九十百千]+|[〇一二三四五六七八九十百千]{2,}")
"""A number in Chinese characters; a single one is mostly a part of a name."""

_LANGUAGES: Final = (
    "en zh zh_Hant ja ko vi ru ar tr pt es fr de it id th hi pl el he fa uk"
).split()
"""Languages in which places are known."""

_TABLES: Final = "places words cities trades tongues lines".split()
_LATER_TABLES: Final = "nations everyday".split()
"""The tables of a row per meaning; what stands in an earlier one holds. Words of the later ones are known as
they are written only: many are short in Latin letters, where they would be another word."""

_LEAST_OF_PLACE: Final = 5
"""Letters from which a name of a place in Latin letters is taken for one."""

_SPOKEN: Final = frozenset(("han", "hangul", "cyrillic"))

_ADJECTIVE: Final = re.compile(
    "(?P<cyrillic>[а-яёіїєґ]{4,})(?:ый|ий|ой)"
    "|(?P<latin>[a-ząćęłńóśźżáčďéěíňřšťúůž]{3,}"
    "(?:(?:ow|cz|[^aeiouyáéěíóúů]n)(?=y)|[sc]?k(?=i)|(?=ý)))[yiý]"
)
"""A Slavic adjective as the tables have it. English words that end in y or i are none."""

_LAST_OF_ADJECTIVE: Final = "йyiý"
_CYRILLIC_ENDINGS: Final = "ыи ии ои ая ое ее ые ие ого его еи ых их о а е і оі".split()
_LATIN_ENDINGS: Final = "y a e i ego eho ej ych ich o ie iego iej".split()
"""The endings of adjectives, as `plain` gives them."""

LONGEST_FORM: Final = 9
"""Words of the longest legal form that is looked for."""

LONGEST_MEANING: Final = 4
"""Words of the longest phrase with a meaning that is looked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word that the tables know. `kind`: weak, field, country, city or known; `text`: its meaning."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form. `family`: limited, joint-stock ...; `place`: end, start, both or any."""

    family: str
    place: str


def lookup(words: tuple[str, ...]) -> Entry | None:
    """What a phrase means, in any language; words as `plain` gives them."""
    return _entries().get(words)


@lru_cache(maxsize=1)
def _spellings() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for words, entry in _entries().items():
        if len(words) == 1 and len(words[0]) > 2:
            found.setdefault((entry.text, words[0][0]), []).append(words[0])
    return {key: tuple(words) for key, words in found.items()}


def spellings(text: str, letter: str) -> tuple[str, ...]:
    """The words of three letters or more that mean what an entry means, in all languages, and begin with a
    letter."""
    return _spellings().get((text, letter), ())


def form(words: tuple[str, ...]) -> Form | None:
    """The legal form that a phrase is."""
    return _forms().get(words)


def phrase_from(words: list[str], at: int) -> tuple[int, Entry] | None:
    """(how many words, meaning) of the longest phrase of several words that begins at a place."""
    longest = min(_phrase_lengths().get(words[at], 1), len(words) - at)
    for size in range(longest, 1, -1):
        entry = _entries().get(tuple(words[at : at + size]))
        if entry:
            return size, entry
    return None


@lru_cache(maxsize=50_000)
def without_stops(text: str) -> str:
    """What is left of letters from whose beginning small words are taken: "" of "vanden" and "la".

    >>> without_stops("vanden"), without_stops("la"), without_stops("bra")
    ('', '', 'bra')
    """
    for size in range(len(text), 1, -1):
        if text[:size] in STOPS:
            return without_stops(text[size:])
    return text


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    rows = (line.split("\t") for line in _lines("numbers.tsv"))
    return {word: number for number, words in rows for word in spell(words.replace("|", " "))}


@lru_cache(maxsize=50_000)
def number_of(word: str) -> str | None:
    """The number that a word says, in digits: of a table, or a ten and a unit of it written together.

    >>> [number_of(word) for word in ("seven", "fortytwo", "dreiundzwanzig", "acme", "七十七", "第四")]
    ['7', '42', '23', None, '77', '4']
    """
    known = _numbers()
    if word in known:
        return known[word]
    if _HAN_NUMBER.fullmatch(word):
        return _han_number(word.removeprefix("第"))
    for size in range(3, len(word) - 2):
        first, second = known.get(word[:size]), known.get(word[size:].removeprefix("und"))
        if first and second and sorted(map(len, (first, second))) == [1, 2]:
            ten, unit = sorted((first, second), key=len, reverse=True)
            if ten[1] == "0" and ten != "10":
                return str(int(ten) + int(unit))
    return None


def _han_number(word: str) -> str:
    """A number in Chinese characters in digits: by tens and hundreds, or digit by digit."""
    if not any(character in _HAN_UNITS for character in word):
        return str(int("".join(str(_HAN_DIGITS.index(character)) for character in word)))
    total, digit = 0, 1
    for n, character in enumerate(word):
        unit = _HAN_UNITS.get(character)
        if unit is None:
            digit = _HAN_DIGITS.index(character)
            total += digit if n + 1 == len(word) else 0
        else:
            total, digit = total + digit * unit, 1
    return str(total)


def city_code(word: str) -> str | None:
    """The city that a code such as "sz" stands for at the end of a name."""
    return _city_codes().get(word)


@lru_cache(maxsize=1)
def _city_codes() -> dict[str, str]:
    return {code: city for code, _, city in (line.partition("\t") for line in _lines("codes.tsv"))}


@lru_cache(maxsize=1)
def _phrase_lengths() -> dict[str, int]:
    """First word of a phrase -> words of the longest that begins so."""
    return _longest((words[0], min(len(words), LONGEST_MEANING)) for words in _entries())


def form_begun(words: tuple[str, ...]) -> str | None:
    """The family of a legal form that is cut off within or after these words: "s a d" of "S.A. de C.V."."""
    return _forms_begun().get(words)


@lru_cache(maxsize=1)
def _forms_begun() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for words, form in _forms().items():
        if len(words) < 2 or form.place in ("start", "whole") or not words[0].isascii():
            continue
        for size in range(2, len(words) + 1):
            last = words[size - 1]
            for end in range(1, len(last) + (size < len(words))):
                found.setdefault((*words[: size - 1], last[:end]), form.family)
    return {words: family for words, family in found.items() if words not in _forms()}


def begins_form(word: str) -> bool:
    """Whether a word is the beginning of a word of a legal form, and not one itself."""
    return word in _form_begins()


@lru_cache(maxsize=1)
def _form_begins() -> frozenset[str]:
    at_end = (words for words, form in _forms().items() if form.place not in ("start", "whole"))
    long = {w for words in at_end for w in words if w.isalpha() and len(w) > _SHORT_WORD}
    words = long | {"ltd", "gmbh", "pvt", "llc", "inc"}
    whole = words | {words[0] for words in _entries() if len(words) == 1}
    return frozenset(word[:n] for word in words for n in range(1, len(word))) - whole


@lru_cache(maxsize=1)
def form_lengths() -> tuple[dict[str, int], dict[str, int]]:
    """First word of a legal form -> words of the longest that begins so; last word -> that ends so."""
    sizes = {words: min(len(words), LONGEST_FORM) for words in _forms()}
    return (
        _longest((words[0], size) for words, size in sizes.items()),
        _longest((words[-1], size) for words, size in sizes.items()),
    )


@lru_cache(maxsize=1)
def form_words() -> frozenset[str]:
    """The words of legal forms of several words."""
    return frozenset(word for words in _forms() if len(words) > 1 for word in words)


def _longest(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for word, size in found:
        longest[word] = max(longest.get(word, 1), size)
    return longest


@lru_cache(maxsize=1)
def unspaced() -> tuple[Tree[Entry], Tree[Entry]]:
    """The entries written without spaces, by their letters from the first on and from the last back."""
    found = {w[0]: e for w, e in _entries().items() if len(w) == 1 and _is_unspaced(w[0])}
    return Tree(found), Tree({word[::-1]: entry for word, entry in found.items()})


def unspaced_form(piece: str) -> tuple[int, int, str] | None:
    """(begin, end, family) of the longest legal form in a stretch without spaces: at either end of it or, from
    four letters on, inside."""
    tree, first_letter = _unspaced_forms()
    best: tuple[int, str, bool, int, str] | None = None
    for spot in first_letter.finditer(piece):
        begin = spot.start()
        found = tree.longest(piece[begin:])
        if not found:
            continue
        size, family = found
        within = 0 < begin < len(piece) - size
        if not within or size >= 4:
            spelling, before_end = piece[begin : begin + size], begin + size < len(piece)
            this = (-size, spelling, before_end, begin, family)
            best = this if best is None else min(best, this)
    return (best[3], best[3] - best[0], best[4]) if best else None


@lru_cache(maxsize=1)
def _unspaced_forms() -> tuple[Tree[str], re.Pattern[str]]:
    found = {w[0]: f.family for w, f in _forms().items() if len(w) == 1 and _is_unspaced(w[0])}
    tree = Tree(found)
    return tree, re.compile(f"[{tree.firsts()}]")


def simplified(text: str) -> str:
    """A text with simplified characters for traditional and Japanese ones."""
    variant, table = _variants()
    return text.translate(table) if variant.search(text) else text


@lru_cache(maxsize=1)
def _variants() -> tuple[re.Pattern[str], dict[int, str]]:
    pairs = "".join(_lines("variants.txt")).split()
    return re.compile(f"[{''.join(pair[0] for pair in pairs)}]"), {
        ord(pair[0]): pair[1] for pair in pairs
    }


def spell(text: str) -> tuple[str, ...]:
    """The words of a phrase: plain, Chinese characters simplified."""
    if text.isascii() and text.isalpha() and text.islower():
        return (text,)
    return tuple(WORD.findall(simplified(plain(text))))


def _telling(text: str) -> tuple[str, ...]:
    words = spell(text)
    telling = tuple(word for word in words if word not in STOPS)
    # "vận tải" is transport, but what is left without "van" is a name
    one_of_many = len(telling) == 1 < len(words) and len(telling[0]) < _SHORT_WORD
    return words if one_of_many or not telling else telling


def _is_unspaced(text: str) -> bool:
    return script_of(text[0]) in UNSPACED


@lru_cache(maxsize=1)
def _entries() -> dict[tuple[str, ...], Entry]:
    found: dict[tuple[str, ...], Entry] = {}
    for line in _lines("known.tsv"):
        text, spellings = line.split("\t")
        key = text.replace(" ", "")
        for spelling in (text, *spellings.split("|")):
            found.setdefault(_telling(spelling), Entry("known", key))
    _add_tables(found, _TABLES)
    _add_places(found)
    found.pop((), None)
    for words, entry in list(found.items()):
        spoken = _as_spoken(words, entry)
        if spoken:
            found.setdefault((spoken,), entry)
    _add_tables(found, _LATER_TABLES)
    return found


def _add_tables(found: dict[tuple[str, ...], Entry], names: Iterable[str]) -> None:
    """Add tables of a row per meaning, and Slavic adjectives of theirs as inflected."""
    adjectives: list[tuple[str, Entry]] = []
    for name in names:
        for line in _lines(f"{name}.tsv"):
            text, kind, spellings = line.split("\t")
            for spelling in spellings.split("|"):
                entry = found.setdefault(_telling(spelling), Entry(kind, text))
                if entry.text == text:
                    adjectives += [(word, entry) for word in inflected(spelling)]
    for word, entry in adjectives:
        found.setdefault((word,), entry)


def inflected(adjective: str) -> tuple[str, ...]:
    """The forms of a Slavic adjective in which names have it, as `plain` gives them: each gender, the plural,
    the genitive, and the beginning of a compound. Those of all languages with its letters are given together.

    >>> {"морская", "морские", "морских"} <= {*inflected("морской")}, "kolejowego" in inflected("kolejowy")
    (True, True)
    >>> inflected("порт"), inflected("company"), inflected("whisky")
    ((), (), ())
    """
    found = _ADJECTIVE.fullmatch(adjective) if adjective[-1:] in _LAST_OF_ADJECTIVE else None
    if not found:
        return ()
    cyrillic = found["cyrillic"] is not None
    stem = spell(adjective)[0][: -2 if cyrillic else -1]
    return tuple(stem + ending for ending in (_CYRILLIC_ENDINGS if cyrillic else _LATIN_ENDINGS))


def _add_places(found: dict[tuple[str, ...], Entry]) -> None:
    """Add countries and cities as the CLDR (Unicode Consortium) names them in the languages of trade, where the
    tables do not have them: موريتانيا is Mauritania."""
    names: dict[tuple[str, str], set[str]] = {}
    for language in _LANGUAGES:
        told = Locale.parse(language)
        for code, name in told.territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(("country", code), set()).add(name)
        for zone, words in told.time_zones.items():
            if "city" in words and not words["city"].isascii() and "/" in zone:
                names.setdefault(("city", zone), set()).add(words["city"])
    english = Locale("en").territories
    for (kind, code), spellings in names.items():
        plainly = english[code] if kind == "country" else code.rpartition("/")[2].replace("_", " ")
        meant = found.get(_telling(plainly)) or Entry(kind, "".join(spell(plainly)))
        if meant.kind in ("city", "country"):
            for spelling in spellings:
                if len(spelling) >= _LEAST_OF_PLACE or not spelling.isascii():
                    found.setdefault(_telling(spelling), meant)


def _as_spoken(words: tuple[str, ...], entry: Entry) -> str:
    """A word of business of another script in Latin letters, as those write it who do not translate it:
    "jixie" for 机械, "khimiya" for химия. Empty where it would be short enough to be another word."""
    script = script_of(words[0][0])
    if len(words) > 1 or script not in _SPOKEN or entry.kind not in ("weak", "field"):
        return ""
    spoken = latin(words[0], script)
    return spoken if len(spoken) > _SHORT_WORD and len(words[0]) > 1 else ""


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], Form]:
    found: dict[tuple[str, ...], Form] = {}
    for line in _lines("forms.tsv"):
        family, place, spellings = line.split("\t")
        for spelling in spellings.split("|"):
            words = spell(spelling)
            earlier = found.get(words)
            if earlier and earlier.place != place and "any" not in (earlier.place, place):
                place_now = "both"
            else:
                place_now = earlier.place if earlier else place
            found[words] = Form(earlier.family if earlier else family, place_now)
    found.pop((), None)
    return found


def characters(name: str) -> Iterator[tuple[str, str]]:
    """What a table beside this module tells of each character, as `character=told` with blanks between."""
    for entry in " ".join(_lines(name)).split():
        character, _, told = entry.partition("=")
        yield character, told


def _lines(name: str) -> Iterator[str]:
    text = (_HERE / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
