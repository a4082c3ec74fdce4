"""Under which keys a name is filed, so that names of one company meet and few others do.

Idea: of the telling words of a name (its own words, numbers, line of business; not the place, the legal form or
words such as "International") all together make a key, and so do all but one of them: a word that is missing,
misspelled or translated in the other name leaves one key that both have. Words are filed as they sound, so
that scripts meet. A key is a number of 63 bits; that of a set is the sum of those of its words, so that their
order does not count.

>>> bool(set(name_keys("深圳市华强电子有限公司")) & set(name_keys("HUAQIANG ELEC SZ")))
True
>>> bool(set(name_keys("佛山市蓝天家具有限公司")) & set(name_keys("Foshan Blue Sky Furniture")))
True
>>> bool(set(name_keys("Borealis Trading Ltd")) & set(name_keys("Acme Trading Ltd")))
False
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tallystick.identity.names import glosses, japanese, overseas, read_name
from tallystick.identity.names.sound import bare_bones, skeleton, without_article
from tallystick.identity.names.tokens import Name, Token
from tallystick.units import KEY_MASK, hash64

EXACT: Final = 1
"""Lowest bit of a key that all telling words make: more names may share it before it tells nothing."""

_TELLING: Final = frozenset({"core", "number", "letter", "field"})
_MOST_DROPPED: Final = 6
_MOST_WAYS: Final = 6
"""Ways in which Chinese characters may be read in Japan, under which a name is filed."""

_MOST_MEANINGS: Final = 6
_LONGEST_GLOSSED: Final = 4
"""Meanings of Chinese characters under which a name is filed, and characters of the longest that has any."""

_ROMAJI: Final = re.compile(
    "(?:(?:[kstnhmrgzdbpfjw]|ky|ny|hy|my|ry|sh|ch|ts|dz|tt|ss|kk|pp)?[aiueo]|y[auo]|n|h)+"
)
"""Latin letters that may be Japanese."""

_EDGE: Final = 6
"""Letters at the beginning and at the end of a name's own words that make a key where a slip lies between."""


def name_keys(name: str) -> list[int]:
    """The keys of a name, distinct and ascending; none of a placeholder."""
    read = read_name(name)
    if not read.is_name:
        return []
    words = [t for t in read.tokens if t.role in _TELLING] or list(read.tokens)
    own = [_sound(t) for t in words if t.role == "core"]
    rest = sum(_word(f"{t.role}:{t.text}") for t in words if t.role != "core")
    run = skeleton("".join(t.text for t in words if t.role == "core"))
    keys = {_exact(rest + _word("+" + run)), _exact(rest + sum(map(_word, own)))}
    if own:
        keys |= _parts(words, own, rest) | _edges(run, rest) | _bones(words, rest)
        keys |= _heard(words, rest, japanese.may_be_read(name))
        keys |= _overseas(words, rest, overseas.may_be_spelt(name)) | _glossed(words, rest)
    return sorted(keys | _initials(read) | _in_one(read))


def _sound(token: Token) -> str:
    return skeleton(token.text)


def _parts(words: list[Token], own: list[str], rest: int) -> set[int]:
    """Keys of all telling words, which are all but one of another name's, and of all but one, as long as one of
    the name's own is left."""
    whole = rest + sum(map(_word, own))
    keys = {_loose(whole)}
    for token in words[:_MOST_DROPPED]:
        if token.role != "core":
            keys.add(_loose(whole - _word(f"{token.role}:{token.text}")))
        elif len(own) > 1:
            keys.add(_loose(whole - _word(_sound(token))))
    return keys


def _bones(words: list[Token], rest: int) -> set[int]:
    """Keys of the consonants alone, for scripts that write the vowels otherwise or not at all."""
    bones = bare_bones("".join(without_article(t.text) for t in words if t.role == "core"))
    keys = {_loose(_word("~" + bones))} if len(bones) > 3 else set()
    return keys | ({_loose(rest + _word("~" + bones))} if rest and len(bones) > 1 else set())


def _heard(words: list[Token], rest: int, read_otherwise: bool) -> set[int]:
    """Keys of the own words as heard in Japan and read in Korea: of Chinese characters, in the ways that are
    likely, and of Latin letters that may be Japanese."""
    own = [t for t in words if t.role == "core"]
    run, native = ("".join(texts) for texts in ([t.text for t in own], [t.native for t in own]))
    if read_otherwise and japanese.has_characters(native):
        korean = japanese.in_korea(native)
        keys = {_exact(rest + _word("+" + skeleton(korean)))} if korean else set()
        sounds = {japanese.heard(way) for way in japanese.ways(native, _MOST_WAYS)}
    else:
        keys = set()
        sounds = {japanese.heard(run)} if _ROMAJI.fullmatch(run) else set()
    for sound in sounds:
        if len(sound) > 2:
            keys |= {_loose(_word("^" + sound)), _loose(rest + _word("^" + sound))}
    return keys


def _overseas(words: list[Token], rest: int, spelt_otherwise: bool) -> set[int]:
    """Keys of the own words as Chinese is spelled in Taiwan and Hong Kong: of characters as they are written
    there, and of Latin letters that may be such."""
    own = [t for t in words if t.role == "core"]
    if spelt_otherwise and len(own) == 1 and own[0].script in ("han", "kana"):
        sounds = overseas.spoken_overseas(own[0].native)
    else:
        sounds = frozenset({overseas.reduced("".join(t.text for t in own))})
    return {_loose(rest + _word("@" + sound)) for sound in sounds if len(sound) > 3}


def _glossed(words: list[Token], rest: int) -> set[int]:
    """Keys of the own words as they would be in English: of Chinese characters, in the ways that are likely,
    and of English words."""
    own = [t for t in words if t.role == "core"]
    run = "".join(t.native for t in own).replace(" ", "")
    if japanese.has_characters(run):
        says = glosses.meanings(run, _MOST_MEANINGS) if len(run) <= _LONGEST_GLOSSED else []
    else:
        says = [run] if all(glosses.is_english(w) for t in own for w in t.native.split()) else []
    return {_loose(rest + _word("%" + said)) for said in says}


def _in_one(read: Name) -> set[int]:
    """The key of a name whose words are written together in the other."""
    if len(read.tokens) > 4 or any(t.script not in ("latin", "digit") for t in read.tokens):
        return set()
    return {_loose(_word("*" + skeleton("".join(t.native.replace(" ", "") for t in read.tokens))))}


def _edges(run: str, rest: int) -> set[int]:
    if len(run) < 2 * _EDGE - 2:
        return set()
    return {_loose(rest + _word(f"<{run[:_EDGE]}")), _loose(rest + _word(f">{run[-_EDGE:]}"))}


def _initials(read: Name) -> set[int]:
    tokens = read.tokens
    if len(tokens) == 1 and 3 <= len(tokens[0].native) <= 5 and tokens[0].script == "latin":
        return {_loose(_word(f"i:{tokens[0].native}"))}
    if len(tokens) < 3 or any(t.script not in ("latin", "digit") for t in tokens):
        return set()
    letters = "".join(word[0] for t in tokens for word in t.native.split())
    return {_loose(_word(f"i:{letters}"))}


def _exact(value: int) -> int:
    return value & KEY_MASK | EXACT


def _loose(value: int) -> int:
    return value & KEY_MASK & ~EXACT


@lru_cache(maxsize=500_000)
def _word(text: str) -> int:
    return hash64("linking", text)
