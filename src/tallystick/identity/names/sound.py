"""How a word sounds in Latin letters, and the coarser keys by which spellings of one sound meet.

>>> latin("华强", "han"), latin("газпром", "cyrillic"), latin("ソニー", "kana")
('huaqiang', 'gazprom', 'soni')
>>> skeleton("schmidt") == skeleton("shmit"), consonants("hyeondae") == consonants("hyundai")
(True, True)
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from tallystick.identity.names.indic import devanagari, thai
from tallystick.identity.names.text import rewritten

_CYRILLIC: Final = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэіїєґ", "abvgdeziklmnoprstufyeiieg", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ъ": "", "ь": "", "й": "y", "ё": "e", "қ": "k", "ғ": "g", "ұ": "u", "ү": "u", "ң": "n"}
    | {"ә": "a", "ө": "o", "һ": "h", "ј": "j", "љ": "lj", "њ": "nj", "ђ": "dj", "ћ": "c", "џ": "dz"}
)
_HEBREW: Final = str.maketrans(
    dict(zip("אבגדהוזחטיכךלמםנןסעפףקרת", "_bgdhwzhtykklmmnns_ppkrt", strict=True))
    | {"א": "a", "ע": "a", "צ": "ts", "ץ": "ts", "ש": "sh"}
)
_LETTERS: Final = {"cyrillic": _CYRILLIC, "hebrew": _HEBREW}
_FIRSTS: Final = "g kk n d tt r m b pp s ss _ j jj ch k t p h".replace("_", "").split(" ")
_KOREAN_VOWELS: Final = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_LASTS: Final = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("_", "").split(
    " "
)
_FOLDS: Final = (
    (re.compile("tsch|tch"), "ch"),
    (re.compile("shch|sch|sh"), "S"),
    (re.compile("ch|zh|q|x(?=i)"), "C"),
    (re.compile("kh"), "h"),
    (re.compile("ck|c|k"), "k"),
    (re.compile("ph|ff|f|v|w"), "f"),
    (re.compile("x"), "ks"),
    (re.compile("th|dt|d"), "t"),
    (re.compile("ts|tz|z"), "s"),
    (re.compile("ae|oe|ue"), lambda found: found[0][0]),
    (re.compile("ee|y|j"), "i"),
    (re.compile("ou|oo"), "u"),
    (re.compile("(?<=[aeiou])h|(?<=[a-zA-Z])h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
_SPELT: Final = (
    (re.compile("y?eo"), "u"),
    (re.compile("eu|oo|ou|wu"), "u"),
    (re.compile("ee|y|ie"), "i"),
    (re.compile("ae"), "e"),
    (re.compile("ck|ch(?=[^aeiou])|c(?=[aou])|kh|q"), "k"),
    (re.compile("ph"), "f"),
    (re.compile("(?<=[tdbg])h|(?<=[aeiou])h(?![aeiou])"), ""),
    (re.compile("w"), "v"),
    (re.compile("iu"), "u"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_ARTICLE: Final = re.compile("^[ae]l(?=[a-z]{4})")
_SMALL_TSU: Final = re.compile("[ッっ]")
"""It doubles the consonant that follows, as no spelling keeps to."""

_VOWELS: Final = re.compile("[aeiouyw']+")
_VOICED: Final = str.maketrans({"l": "r", "b": "p", "g": "k", "j": "C", "d": "t"})


@lru_cache(maxsize=50_000)
def latin(word: str, script: str) -> str:
    """The word in lower-case Latin letters: pinyin for Chinese characters, romanised otherwise."""
    if word.isascii():
        return word
    if script == "han":
        word = _pinyin(word).replace("ü", "v").lower()
        if word.isascii():
            return word
    if script == "kana":
        word = _SMALL_TSU.sub("", word)
    if script == "hangul":
        word = "".join(_syllable(c) for c in word)
    if script == "devanagari":
        word = devanagari(word)
    if script == "thai":
        word = thai(word)
    if script == "arabic" and word.endswith("ه"):
        word = word[:-1] + "ا"  # at the end of a word it is heard as a vowel
    if script in _LETTERS:
        word = word.translate(_LETTERS[script])
    from anyascii import anyascii

    return re.sub("[^a-z0-9]", "", anyascii(word).lower())


def _pinyin(word: str) -> str:
    """Pinyin of Chinese characters, one by one where no two of them begin a phrase that is read otherwise."""
    if len(word) > 1 and not _phrase_begins().isdisjoint(map("".join, pairwise(word))):
        return _of_phrase(word)
    return "".join([_of_character(character) for character in word])


@lru_cache(maxsize=30_000)
def _of_character(character: str) -> str:
    return _of_phrase(character)


def _of_phrase(word: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(word, errors=_as_is))


@lru_cache(maxsize=1)
def _phrase_begins() -> frozenset[str]:
    """The first two characters of every phrase that has a reading of its own."""
    from pypinyin.constants import PHRASES_DICT

    return frozenset(phrase[:2] for phrase in PHRASES_DICT)


def _syllable(char: str) -> str:
    """A Korean syllable as it is romanised in Korea, each for itself: 빛 is bit."""
    number = ord(char) - 0xAC00
    if not 0 <= number < 11_172:
        return char
    first, rest = divmod(number, 588)
    vowel, last = divmod(rest, 28)
    return _FIRSTS[first] + _KOREAN_VOWELS[vowel] + _LASTS[last]


def _as_is(text: str) -> str:
    return text


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """A Latin word as it sounds, whatever the habit of spelling: no doubled letters, ph as f, y as i."""
    return rewritten(word, _FOLDS)


@lru_cache(maxsize=50_000)
def spelt(word: str) -> str:
    """A Latin word without what one habit of romanising spells otherwise than another, and no more: unlike the
    skeleton it keeps d and t, s and z, f and v apart.

    >>> spelt("techmolink") == spelt("tekmolink"), spelt("pyeonghui") == spelt("pyunghui")
    (True, True)
    """
    return rewritten(word, _SPELT)


@lru_cache(maxsize=50_000)
def consonants(word: str) -> str:
    """What stays of a word between scripts that write the vowels differently or not at all; l and r, b and p,
    g and k are one."""
    bones = (
        _VOWELS.sub("", skeleton(word.replace("j", "C")))
        .translate(_VOICED)
        .replace("S", "s")
        .replace("C", "k")
    )
    return re.sub(r"(.)\1+", r"\1", bones.replace("h", ""))


def without_article(word: str) -> str:
    """A Latin word without an Arabic article that is written with it.

    >>> without_article("alghamdi"), without_article("alba")
    ('ghamdi', 'alba')
    """
    return _ARTICLE.sub("", word)


@lru_cache(maxsize=200_000)
def bare_bones(word: str) -> str:
    """The consonants of a word that may come from Arabic, where w is a vowel as often as not.

    >>> bare_bones("albalushi"), bare_bones(latin("بلوشي", "arabic"))
    ('prs', 'prs')
    """
    return consonants(without_article(word).replace("w", ""))
