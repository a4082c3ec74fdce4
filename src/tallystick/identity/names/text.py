"""The letters of a name: what was meant to be written, and in which script.

Zero-width characters and marks of direction go, full-width letters become plain ones, accents and case go, and
a Latin word with Cyrillic or Greek look-alikes in it becomes Latin.

>>> plain("ＡＢＣ\\u200b Trаding")           # the first "а" is Cyrillic
'abc trading'
>>> plain("Müller & Söhne"), plain("S.p.A."), script_of("深")
('muller & sohne', 'spa', 'han')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

LONGEST: Final = 240
"""Letters of a name that are read; what a name says beyond that tells nothing more about whose it is."""

UNSPACED: Final = frozenset({"han", "kana", "hangul", "thai"})
"""Scripts that write names without spaces between the words (Korean: without reliable ones)."""

_RANGES: Final = (
    ("latin", 0x0041, 0x024F),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x052F),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x077F),
    ("devanagari", 0x0900, 0x097F),
    ("indic", 0x0980, 0x0DFF),
    ("thai", 0x0E00, 0x0E7F),
    ("latin", 0x1E00, 0x1EFF),
    ("hangul", 0x1100, 0x11FF),
    ("kana", 0x3040, 0x30FF),
    ("han", 0x3005, 0x3007),
    ("han", 0x3400, 0x9FFF),
    ("hangul", 0xAC00, 0xD7AF),
    ("arabic", 0xFB50, 0xFEFF),
    ("han", 0x20000, 0x3FFFF),
)
SCRIPTS: Final = (*dict.fromkeys(name for name, *_ in _RANGES), "digit", "other")
"""What `script_of` can say."""

# Letters that look the same: as written in Cyrillic or Greek, then in Latin.
_LOOKS: Final = dict(
    zip(
        "АВЕКМНОРСТУХІЈЅаеорсухіјѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧορν",
        "ABEKMHOPCTYXIJSaeopcyxijsdqwABEZHIKMNOPTYXopv",
        strict=True,
    )
)
_LOOKING: Final = re.compile(f"[{''.join(_LOOKS)}]")
_LOOKS_BACK: Final = {latin: other for other, latin in _LOOKS.items() if "Ѐ" <= other <= "ӿ"}
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ı": "i", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ھ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ـ": ""}
    | {"'": "", "’": "", "`": "", "´": "", "′": "", "·": "", "・": "", "･": "", "״": "", "׳": ""}
)
_TO_CHANGE: Final = re.compile(f"[{''.join(map(chr, _LETTERS))}]")
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_DOTTED: Final = re.compile(r"(?<!\w)(?:\w\.){2,}(?:\w(?!\w))?")
_ENCLOSED: Final = {"株": " 株式会社 ", "有": " 有限会社 ", "주": " 주식회사 ", "유": " 유한회사 "}
_IDEOGRAPHS: Final = re.compile("[\u4e00-\u9fff]+")  # they have one way of writing, and no case
_IN_BRACKETS: Final = re.compile("[(]([株有주유])[)]")
_ARTICLE: Final = re.compile(r"(?<!\w)(?:وال|ال|لل)(?=\w{3})")
_ALNUM: Final = re.compile(r"[^\W_]+")
WORD: Final = re.compile(r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u0e7f])+")


class _Scripts(dict[str, str]):
    """Letter -> script, filled as letters are met."""

    def __missing__(self, char: str) -> str:
        code = ord(char)
        found = next((name for name, low, high in _RANGES if low <= code <= high), "other")
        self[char] = "digit" if char.isdigit() else found
        return self[char]


class _Kinds(dict[str, str]):
    """Letter -> script as far as words are cut by it."""

    def __missing__(self, char: str) -> str:
        script = _SCRIPTS[char]
        self[char] = {"indic": "devanagari", "other": "latin"}.get(script, script)
        return self[char]


_SCRIPTS: Final = _Scripts()
_KINDS: Final = _Kinds()


def script_of(char: str) -> str:
    """The script of a letter; "digit" of a digit, "other" of anything else."""
    return _SCRIPTS[char]


Rules = Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]
"""What is replaced, and by what, one after the other."""


def rewritten(word: str, rules: Rules) -> str:
    """A word after all rules."""
    for pattern, by in rules:
        word = pattern.sub(by, word)
    return word


def plain(name: str) -> str:
    """A name without case, accents, invisible characters and look-alikes, and no longer than LONGEST."""
    written = [_visible(word) for word in name[: 4 * LONGEST].split()]
    around = _scripts_of(written) if any(map(_looks, written)) else ""
    words = [_plain_word(word, around) for word in written]
    return " ".join(filter(None, words))[:LONGEST].strip()


@lru_cache(maxsize=50_000)
def _visible(word: str) -> str:
    """A word in one way of writing each letter, without what is not seen."""
    if word.isascii() or _IDEOGRAPHS.fullmatch(word):
        return word
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", word))


@lru_cache(maxsize=50_000)
def _plain_word(text: str, around: str) -> str:
    """A word of a name. `around`: what `_scripts_of` says of the name; empty where no letter looks so."""
    if _IDEOGRAPHS.fullmatch(text):
        return text
    if not text.isascii():
        if around:
            text = _ALNUM.sub(lambda found: _one_script(found[0], around == "latin"), text)
        text = _IN_BRACKETS.sub(lambda found: _ENCLOSED[found[1]], text)
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", text)
    text = text.casefold()
    if _TO_CHANGE.search(text):
        text = text.translate(_LETTERS)
    if not text.isascii():
        text = _ARTICLE.sub("", _MARKS.sub("", unicodedata.normalize("NFC", text)))
    if "." in text:
        text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    return " ".join(text.split())


def has_look_alikes(name: str) -> bool:
    """Whether a word of a name mixes Latin letters with others that look like them.

    >>> has_look_alikes("Trаding"), has_look_alikes("Газпром export")
    (True, False)
    """
    return _looks(name) and any(_is_mixed(word) for word in _ALNUM.findall(_visible(name)))


def _is_mixed(word: str) -> bool:
    scripts = {_SCRIPTS[char] for char in word}
    return "latin" in scripts and not scripts.isdisjoint(("cyrillic", "greek"))


def _looks(text: str) -> bool:
    """Whether a text has letters that look like others."""
    return not text.isascii() and _LOOKING.search(text) is not None


def _scripts_of(words: list[str]) -> str:
    """ "latin" of a name that is Latin but for letters that look so: words of look-alikes alone are meant so
    too; else "mixed"."""
    found = [_latin_and_foreign(word) for word in words]
    latin = any(is_latin for is_latin, _ in found) and not any(foreign for _, foreign in found)
    return "latin" if latin else "mixed"


@lru_cache(maxsize=50_000)
def _latin_and_foreign(word: str) -> tuple[bool, bool]:
    """Whether a word has Latin letters, and whether it has Cyrillic or Greek ones that look like no other."""
    scripts = {char: _SCRIPTS[char] for char in word}
    foreign = {char for char, script in scripts.items() if script in ("cyrillic", "greek")}
    return "latin" in scripts.values(), not foreign <= _LOOKS.keys()


def _one_script(word: str, latin_name: bool) -> str:
    """A word that mixes Latin with look-alikes, in one script; so too one of look-alikes in a Latin name."""
    scripts = [_SCRIPTS[c] for c in word]
    foreign = [c for c, s in zip(word, scripts, strict=True) if s in ("cyrillic", "greek")]
    has_latin = "latin" in scripts
    if not foreign or not (has_latin or latin_name):
        return word
    if all(c in _LOOKS for c in foreign):
        return "".join(_LOOKS.get(c, c) for c in word)
    return "".join(_LOOKS_BACK.get(c, c) for c in word)


def looks_alike(a: str, b: str) -> bool:
    """Whether words in two scripts are drawn the same in capitals: Cyrillic "макс" and Latin "makc"."""
    drawn = ["".join(_LOOKS.get(c, c) for c in word.upper()) for word in (a, b)]
    return drawn[0] == drawn[1]


def runs(word: str) -> list[tuple[str, str]]:
    """The stretches of a word that are of one script, with the script; digits stay with Latin letters.

    >>> runs("huawei华为"), runs("b2b")
    ([('huawei', 'latin'), ('华为', 'han')], [('b2b', 'latin')])
    """
    if word.isascii():
        return [(word, "digit" if word.isdigit() else "latin")]
    kinds = [_KINDS[char] for char in word]
    found = set(kinds)
    if len(found) == 1:
        return [(word, kinds[0])]
    if "latin" in found:
        kinds = ["latin" if kind == "digit" else kind for kind in kinds]
    if "han" in found:  # Japanese writes one word in both
        kinds = ["han" if kind == "kana" else kind for kind in kinds]
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(kinds), 1) if a != b), len(word)]
    return [(word[begin:end], kinds[begin]) for begin, end in pairwise(cuts)]
