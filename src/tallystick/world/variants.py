"""The many ways in which people write the name of one company.

Idea: a name is put together anew from the firm's parts by every one who writes it, and each habit has a
share: another script, a translated word, a legal form left out, a city left out, an abbreviation, a slip of
the finger. What was truly done comes back as *kinds*, so that errors can be counted by what caused them.

Worked example: 深圳市华强电子有限公司 by a carrier with the kinds `abbreviated`, `case`, `city_short`,
`form_out`, `romanised`, `translated` is `HUAQIANG ELEC SZ`.

Habits "b" replace abbreviations, forms, romanisations, synonyms and slips by others which "a" never shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tallystick.world.firms import STEADY, Core, Firm, pick
from tallystick.world.lexicon import Form, Word, english_trades, han_traditional
from tallystick.world.romanise import plain
from tallystick.world.slips import slip

SHARES: Final[dict[str, float]] = {
    "abbreviated": 0.10,
    "branch": 0.02,
    "city_in": 0.06,
    "city_out": 0.15,
    "city_short": 0.03,
    "form_other": 0.02,
    "form_out": 0.18,
    "form_varied": 0.35,
    "former": 0.08,
    "initials": 0.004,
    "other_romanisation": 0.25,
    "other_word": 0.08,
    "reordered": 0.08,
    "trade_out": 0.05,
    "trading": 0.06,
    "traditional": 0.06,
    "typo": 0.04,
    "word_spacing": 0.18,
}
"""Kind of variation -> share of the names that could show it (`former`, `trading`: of firms that have
such a name). A contributor's care multiplies all of them. `accents`, `case`, `cut`, `form_translated`,
`other_script`, `romanised` and `translated` follow from who writes and where the firm sits."""

_ACCENTS_ABROAD: Final = 0.85
_ACCENTS_AT_HOME: Final = 0.12
_FORM_ABROAD: Final = 0.12
_DEVANAGARI: Final = 0.05
_LETTERS_APART: Final = {"zh", "ko", "th"}
_SHORTENED: Final = 5
_ARTICLE: Final = re.compile(r"\b([AE]l) (\w)")


@dataclass(frozen=True, slots=True)
class Style:
    """How a contributor writes. `native`: share told in the script and words of the firm's country;
    `upper`: share in capitals; `care`: multiplies the share of every kind; `width`: letters that fit
    its form, 0 for any number; `habits`: "a" or "b"."""

    native: float
    upper: float
    care: float
    width: int = 0
    habits: str = "a"


class _Hand:
    """One writing of one name: what it decided, and the kinds that came of it."""

    def __init__(self, firm: Firm, style: Style, rng: Random) -> None:
        self.firm = firm
        self.style = style
        self.rng = rng
        self.kinds: set[str] = set()
        self.language = firm.language
        self.b = style.habits == "b"
        home = rng.random() < style.native
        self.home = home
        self.native = home
        if self.language.english:
            self.native = rng.random() < _DEVANAGARI * style.care
        if not self.native and not self.language.latin_script and not self.language.english:
            self.kinds.add("romanised")
        elif self.native and self.language.english:
            self.kinds.add("other_script")
        speaks = self.language.code == "en" or self.language.english
        abroad = not self.native and not (self.language.latin_script and home)
        self.translates = speaks or (abroad and rng.random() < self.language.translates)

    def does(self, kind: str) -> bool:
        """Whether this writing shows a kind; what it may not change is not counted afterwards."""
        return self.rng.random() < SHARES[kind] * self.style.care

    def note(self, kind: str, changed: bool = True) -> None:
        """Count a kind that came about."""
        if changed:
            self.kinds.add(kind)


def write_name(firm: Firm, style: Style, rng: Random) -> tuple[str, set[str]]:
    """The name of a firm as one contributor writes it, and the kinds of variation in it."""
    hand = _Hand(firm, style, rng)
    if firm.brand and hand.does("trading"):
        return _finish(hand, firm.brand, {"trading"})
    if firm.former and hand.does("former"):
        hand.note("former")
        hand.firm = replace(firm, core=firm.former)
    body = _body(hand)
    if hand.does("typo"):
        body, before = slip(body, hand.language, hand.b, rng), body
        hand.note("typo", body != before)
    text = _with_form(hand, body)
    if hand.does("branch"):
        text = _branch(hand, text)
    return _finish(hand, text, hand.kinds)


def registered_name(firm: Firm) -> str:
    """The name as it stands in the register: nothing varied."""
    return write_name(firm, Style(native=1.0, upper=0.0, care=0.0), STEADY)[0]


def other_names(firm: Firm) -> list[tuple[str, str]]:
    """(kind, name) of the former and the trading name of a firm that has them."""
    names = []
    if firm.former:
        names.append(("former", registered_name(replace(firm, core=firm.former))))
    if firm.brand:
        names.append(("trading", firm.brand))
    return names


def _finish(hand: _Hand, text: str, kinds: set[str]) -> tuple[str, set[str]]:
    """Accents, capitals, width: what a form and a keyboard do to any text."""
    style, rng = hand.style, hand.rng
    language = hand.language
    if not hand.native or language.latin_script:
        share = _ACCENTS_AT_HOME * style.care if hand.home else _ACCENTS_ABROAD
        if rng.random() < share:
            bare = plain(text, language.code in ("de", "sr") and rng.random() < 0.5)
            kinds = kinds | {"accents"} if bare != text else kinds
            text = bare
    if rng.random() < style.upper:
        large = text.upper()
        kinds = kinds | {"case"} if large != text else kinds
        text = large
    elif rng.random() < 0.02 * style.care:
        kinds = kinds | {"case"} if text.lower() != text else kinds
        text = text.lower()
    if style.width and len(text) > style.width:
        text, kinds = text[: style.width].rstrip(" ,.-&("), kinds | {"cut"}
    return " ".join(text.split()), kinds


def _body(hand: _Hand) -> str:
    """Core, line of business and city in some order, without the legal form."""
    shape = _shape(hand)
    parts = {"core": _core(hand), "trade": _trade(hand, shape)}
    city = "city" in shape or "(city)" in shape
    if city and hand.does("city_out"):
        hand.note("city_out")
        shape = tuple(part for part in shape if "city" not in part)
    elif not city and hand.does("city_in"):
        hand.note("city_in")
        shape = ("city", *shape) if hand.language.code == "zh" else (*shape, "city")
    elif city and not hand.native and hand.firm.place.city.short and hand.does("city_short"):
        hand.note("city_short")
        parts["short"] = hand.firm.place.city.short
        shape = (*(part for part in shape if "city" not in part), "short")
    parts["city"] = _city(hand, shape[0] == "city")
    parts["(city)"] = f"({parts['city']})"
    if hand.native and hand.language.joined:
        return "".join(parts[part] for part in shape)
    return " ".join(parts[part] for part in shape if parts[part])


def _shape(hand: _Hand) -> tuple[str, ...]:
    """The registered order, that of English where the words are translated, or another one."""
    shape = hand.firm.shape
    if hand.translates and "trade" in shape and shape.index("trade") < shape.index("core"):
        shape = ("core", "trade", *(part for part in shape if "city" in part))
    if not hand.does("reordered"):
        return shape
    other = pick(hand.rng, hand.language.told)
    if "trade" not in shape or len(other) < len(shape):
        return shape
    if not any("city" in part for part in shape):
        other = tuple(part for part in other if "city" not in part)
    hand.note("reordered", other != shape)
    return other


def _core(hand: _Hand) -> str:
    firm, language = hand.firm, hand.language
    if hand.native:
        text = "".join(gap + word.native for word, gap in firm.core).strip()
        if language.code == "zh" and hand.does("traditional"):
            other = "".join(han_traditional().get(c, c) for c in text)
            hand.note("traditional", other != text)
            return other
        return text
    if len(firm.core) > 1 and hand.does("initials"):
        hand.note("initials")
        return "".join(word.latin[0] for word, _ in firm.core).upper()
    words = _romanised(hand, firm.core)
    if hand.does("word_spacing"):
        return _spaced(hand, words)
    return "".join(gap + text for text, gap in words).strip()


def _romanised(hand: _Hand, core: Core) -> list[tuple[str, str]]:
    """The words in Latin letters, each with what stands before it."""
    spelling = "latin"
    if not hand.language.latin_script and hand.does("other_romanisation"):
        spelling = "other" if hand.b else "mild"
    words = [(str(getattr(word, spelling)), gap) for word, gap in core]
    hand.note(
        "other_romanisation",
        any(text != w.latin for (text, _), (w, _) in zip(words, core, strict=True)),
    )
    if hand.language.latin_script:
        return words
    return [
        (text[:1].upper() + text[1:] if gap or not n else text.lower(), gap)
        for n, (text, gap) in enumerate(words)
    ]


def _spaced(hand: _Hand, words: list[tuple[str, str]]) -> str:
    """Syllables told apart, or two words run together, where people of the language do so."""
    text = "".join(gap + word for word, gap in words).strip()
    if hand.language.code in _LETTERS_APART:
        between = "-" if hand.b else " "
        apart = between.join(word[:1].upper() + word[1:] for word, _ in words)
        hand.note("word_spacing", apart != text)
        return apart
    if hand.language.code == "ar" and not hand.b:
        joined = _ARTICLE.sub(lambda m: m.group(1) + m.group(2).lower(), text)
        hand.note("word_spacing", joined != text)
        return joined
    if hand.language.merges and " " in text and "&" not in text:
        first, rest = text.split(" ", 1)
        hand.note("word_spacing")
        return first + (rest if hand.b else rest[:1].lower() + rest[1:])
    return text


def _trade(hand: _Hand, shape: tuple[str, ...]) -> str:
    """The line of business, or nothing where it is left out or the name has none."""
    trades = hand.firm.trades
    if "trade" not in shape:
        return ""
    if hand.does("trade_out"):
        hand.note("trade_out")
        trades = trades[:-1]
    short = hand.does("abbreviated")
    other = hand.does("other_word")
    between = "" if hand.native and hand.language.joined else " "
    return between.join(_line(hand, trade, short, other) for trade in trades)


def _line(hand: _Hand, trade: str, short: bool, other: bool) -> str:
    words = hand.language.trades[trade]
    if hand.translates and (not hand.native or hand.language.code == "en"):
        english = english_trades()[trade]
        hand.note("translated", not hand.language.english and english.word != words[0].native)
        if short:
            hand.note("abbreviated")
            return english.shorts[-1 if hand.b else 0]
        hand.note("other_word", other and hand.b and english.other != english.word)
        return english.other if other and hand.b else english.word
    hand.note("other_word", other and len(words) > 1)
    word = words[1] if other and len(words) > 1 else words[0]
    if hand.native and not hand.language.latin_script:
        return word.native
    return _clipped(hand, word) if short else word.latin


def _clipped(hand: _Hand, word: Word) -> str:
    """The beginning of a long word, up to a consonant: `Maschinenbau` is `Masch.` to some."""
    text, length = word.latin, _SHORTENED
    if len(text) < 8 or " " in text:
        return text
    while length > 3 and plain(text[length - 1]).lower() in "aeiou":
        length -= 1
    hand.note("abbreviated")
    return text[:length] + ("" if hand.b else ".")


def _city(hand: _Hand, first: bool) -> str:
    city = hand.firm.place.city
    if hand.native and not hand.language.latin_script:
        return city.native + (hand.language.city_suffix if first else "")
    if hand.language.latin_script and (hand.home or not hand.translates):
        return city.native
    hand.note("translated", hand.language.latin_script and city.english != plain(city.native))
    return city.english


def _with_form(hand: _Hand, body: str) -> str:
    """The name with its legal form as it stands, otherwise spelt, in English, another one, or without."""
    language, rng = hand.language, hand.rng
    if hand.does("form_out"):
        hand.note("form_out")
        return body
    form = hand.firm.form
    if hand.does("form_other"):
        form = language.forms[hand.firm.country].draw(rng.random())
        hand.note("form_other", form != hand.firm.form)
    if language.english and hand.native:
        return _around(hand, pick(rng, language.forms_script), body)
    abroad = not hand.native and not language.latin_script and not language.english
    if abroad or (not hand.home and language.forms_latin and rng.random() < _FORM_ABROAD):
        hand.note("form_translated")
        return _around(hand, _form_abroad(hand, form), body)
    text = form.text
    if hand.does("form_varied"):
        hand.note("form_varied")
        held_out = hand.b and language.english
        text = pick(rng, language.forms_latin_b if held_out else form.variants)
    return _around(hand, text, body)


def _form_abroad(hand: _Hand, form: Form) -> str:
    """A legal form in Latin letters, or in English."""
    language = hand.language
    commonest = form is language.forms[hand.firm.country].items[0]
    if hand.b and commonest and hand.rng.random() < 0.5:
        return pick(hand.rng, language.forms_latin_b)
    return pick(hand.rng, form.abroad or language.forms_latin)


def _around(hand: _Hand, form: str, body: str) -> str:
    """A form around a name, with blanks where its script has them."""
    before, _, after = form.partition("…")
    if hand.native and hand.language.joined:
        return before + body + after
    left = " " if before and (before[-1].isalnum() or before[-1] == ".") else ""
    right = " " if after and (after[0].isalnum() or after[0] in "&(-") else ""
    return before + left + body + right + after


def _branch(hand: _Hand, text: str) -> str:
    """The branch of a firm in its city: the firm itself, in law."""
    hand.note("branch")
    language, city = hand.language, hand.firm.place.city
    if hand.native and language.code == "zh":
        return f"{text}{city.native}{language.branch}"
    if hand.native and language.joined:
        return f"{text} {city.native}{language.branch}"
    if (language.latin_script and hand.home) or hand.native:
        return f"{text} {language.branch} {city.native}"
    return f"{text} {city.english} Branch"
