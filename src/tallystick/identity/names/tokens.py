"""A name read: its legal form, and its words with the part that each plays.

>>> read_name("Shenzhen Huaqiang Electronics Co., Ltd.")
Name(core:huaqiang city:shenzhen field:electronics | limited)
>>> read_name("深圳市华强电子有限公司")
Name(core:huaqiang city:shenzhen field:electronics | limited)
>>> read_name("PT Astra International Tbk").forms, read_name("N/A").is_name
(('joint-stock',), False)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tallystick.evidence.placeholders import says_nothing
from tallystick.identity.names import japanese, lexicon, syllables
from tallystick.identity.names.sound import latin
from tallystick.identity.names.stripping import is_translated, without_form_cut, without_forms
from tallystick.identity.names.text import UNSPACED, WORD, plain, runs, script_of

ROLES: Final = ("core", "number", "letter", "city", "country", "field", "weak")
"""What a word of a name can be, the most telling first. weak: says little; field: a line of business."""

CUT_AT: Final = range(28, 41)
"""Letters that fields for names hold, from payment messages (35) to labels (30, 40), less a blank or two."""

MOST_WORDS: Final = 24
"""Words of a name that are compared."""

_LETTER_STOPS: Final = frozenset("e i o и و y".split())
_ARTICLES: Final = frozenset("az ad an ar as at ash".split())
"""The Arabic article before a letter that it takes the sound of."""

_NUMBER_SIGNS: Final = frozenset("no nr num numero số so № n".split())
"""What is written before a number."""

_HEBREW_PREFIXES: Final = frozenset("הלבו")
"""Letters that Hebrew writes before a word for "the", "for", "in", "and"."""

_ORDINAL: Final = re.compile(r"[1-9]\d?(?:st|nd|rd|th)")
_ROMAN: Final = dict(
    zip(
        "ii iii iv vi vii viii ix xi xii xiii xiv xv xvi".split(),
        "2 3 4 6 7 8 9 11 12 13 14 15 16".split(),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word. `text`: what it means or how it sounds, in Latin letters; `native`: as written; `role`: one of
    ROLES; `known`: whether the tables know it, so that `text` is a meaning."""

    text: str
    native: str
    role: str
    script: str
    known: bool = False


@lru_cache(maxsize=50_000)
def says(token: Token) -> frozenset[str]:
    """The lines of business that are within a word of a name's own.

    >>> [sorted(says(read_name(name).tokens[0])) for name in ("Sberbank", "Borealis", "国泰航空")]
    [['bank'], [], ['airlines']]
    """
    if token.role != "core":
        return frozenset()
    ends = {word[-n:] for word in (token.text, token.native) for n in range(4, len(word))}
    if token.script in UNSPACED:
        ends |= {token.native[-n:] for n in range(2, min(5, len(token.native)))}
    entries = [entry for end in ends if (entry := lexicon.lookup((end,)))]
    return frozenset(entry.text for entry in entries if entry.kind == "field")


def stands_for(token: Token, name: Name) -> bool:
    """Whether a word is short for the others of its name: the initials of all, perhaps with that of the legal
    form ("CSN Companhia Siderúrgica Nacional", "Svenska Cellulosa Aktiebolaget SCA"), or beginnings of some put
    together ("Isbank Türkiye İş Bankası").

    >>> name = read_name("Petrobras Petróleo Brasileiro S.A.")
    >>> [stands_for(token, name) for token in name.tokens]
    [True, False, False]
    """
    if token.role != "core" or token.known or len(token.native) < 3 or len(name.tokens) < 3:
        return False
    others = [o.native for o in name.tokens if o is not token]
    initials = "".join(o[0] for o in others)
    if token.native == initials or (name.forms and token.native[:-1] == initials):
        return True
    return len(token.native) >= LEAST_OF_BEGINNINGS and made_of(token.native, others)


LEAST_OF_BEGINNINGS: Final = 5
"""Letters from which a word may be made of the beginnings of others."""


def made_of(word: str, others: Sequence[str], whole: bool = False, taken: int = 0) -> bool:
    """Whether a word is made of beginnings, of two letters or more, of two or more others in their order;
    `whole`: of all of them.

    >>> others = ["petroleo", "nacional", "brasileiro"]
    >>> made_of("petrobras", others), made_of("petrobras", others, whole=True)
    (True, False)
    """
    if not word:
        return taken > 1 and not (whole and others)
    for n, other in enumerate(others[:1] if whole else others):
        for size in range(2, min(len(word), len(other)) + 1):
            if word[:size] != other[:size]:
                break
            if made_of(word[size:], others[n + 1 :], whole, taken + 1):
                return True
    return False


@dataclass(frozen=True, slots=True)
class Name:
    """A name read. `tokens` in the order of writing; `forms`: families of its legal forms, sorted, and
    "translated" where they are "Co., Ltd."; `cut`: as long as a field for names is wide, so that its end may be
    lacking."""

    tokens: tuple[Token, ...]
    forms: tuple[str, ...]
    is_name: bool = True
    cut: bool = False

    def __repr__(self) -> str:
        ordered = sorted(self.tokens, key=lambda t: (ROLES.index(t.role), t.text))
        words = " ".join(f"{t.role}:{t.text}" for t in ordered)
        forms = " ".join(form for form in self.forms if form != "translated")
        return f"Name({words} | {forms})"


@lru_cache(maxsize=50_000)
def read_name(name: str) -> Name:
    """Read a name in any script. A placeholder has no tokens and `is_name` False."""
    return read_once(name)


def read_once(name: str) -> Name:
    """What `read_name` gives, of a name that will not be asked for again."""
    text = plain(name)
    words = [word for part in text.split(" ") for word in _words(part)]
    if says_nothing("".join([letters for letters, _ in words])):
        return Name((), (), False)
    pieces = [piece for _, pieces in words[: 2 * MOST_WORDS] for piece in pieces]
    cut = len(text) in CUT_AT
    begun = without_form_cut(pieces) if cut else None
    kept, forms = without_forms(syllables.known_words(pieces))
    forms |= {begun} if begun else set()
    forms |= {"translated"} if is_translated(pieces) else set()
    telling = _without_small_words(syllables.joined(kept))
    tokens = _once(_tokens(_joined_letters(telling)))[:MOST_WORDS]
    if japanese.is_japanese(text):
        tokens = [_in_japanese(token) for token in tokens]
    if not tokens:  # a name that is all legal form, such as "SA": then that is the name
        tokens = [Token(latin(p, s), p, "core", s) for p, s in pieces[:MOST_WORDS]]
        forms = set()
    return Name(tuple(tokens), tuple(sorted(forms)), bool(tokens), cut)


def _in_japanese(token: Token) -> Token:
    """A word of a Japanese name in Chinese characters, as it is read there."""
    if token.script != "han" or token.known:
        return token
    spoken = japanese.spoken(token.native)
    return replace(token, text=spoken, script="kana") if spoken else token


def _without_small_words(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces without those that carry nothing, such as "de" or the article of "az-Zahrani"."""
    telling = []
    for n, pair in enumerate(pieces):
        word = pair[0]
        after = pieces[n + 1][0] if n + 1 < len(pieces) else ""
        if word in lexicon.STOPS or (word in _NUMBER_SIGNS and after[:1].isdigit()):
            continue
        if word in _ARTICLES and after[:1] == word[1] and len(after) > 3:
            continue
        telling.append(pair)
    return telling


@lru_cache(maxsize=50_000)
def _words(part: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The words of a stretch of a plain name between two blanks: the letters of each, and its pieces of one
    script in simplified characters."""
    return tuple((word, tuple(runs(lexicon.simplified(word)))) for word in WORD.findall(part))


def _once(tokens: list[Token]) -> list[Token]:
    """Each word once where it is written in two ways: a name given in two scripts says the same twice."""
    first = {token.text: token.native for token in reversed(tokens)}
    if len(first) == len(tokens):
        return tokens
    return [token for token in tokens if first[token.text] == token.native]


def _joined_letters(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Letters that stand alone in a row are one word: "a b c" is abc."""
    joined: list[tuple[str, str]] = []
    open_run = False
    for n, (piece, script) in enumerate(pieces):
        if open_run and piece in _LETTER_STOPS and _is_letter(pieces[n + 1 : n + 2]):
            continue  # "G. e R." is "G. & R."
        single = _is_letter([(piece, script)])
        if single and open_run:
            joined[-1] = (joined[-1][0] + piece, script)
        else:
            joined.append((piece, script))
        open_run = single
    return joined


def _is_letter(pieces: list[tuple[str, str]]) -> bool:
    """Whether the first piece is a Latin letter that stands alone and is no small word."""
    return any(len(p) == 1 and s == "latin" and p not in _LETTER_STOPS for p, s in pieces[:1])


def _tokens(pieces: list[tuple[str, str]]) -> list[Token]:
    words = [piece for piece, _ in pieces]
    found: list[Token] = []
    at = 0
    while at < len(pieces):
        phrase = lexicon.phrase_from(words, at)
        city = lexicon.city_code(words[at]) if at > 1 and at + 1 == len(pieces) else None
        if city:
            found.append(Token(city, words[at], "city", "latin", True))
            at += 1
        elif phrase:
            size, entry = phrase
            found.append(_of_entry(entry, " ".join(words[at : at + size]), pieces[at][1]))
            at += size
        else:
            found += _of_piece(*pieces[at])
            at += 1
    return found


@lru_cache(maxsize=50_000)
def _of_piece(piece: str, script: str) -> tuple[Token, ...]:
    """The words in a piece of a name."""
    if " " in piece:  # syllables written apart
        (token,) = _of_piece(piece.replace(" ", ""), script)
        return (replace(token, native=piece),)
    entry = lexicon.lookup((piece,))
    if not entry and script == "hebrew" and piece[0] in _HEBREW_PREFIXES and len(piece) > 3:
        entry = lexicon.lookup((piece[1:],))
    if entry:
        return (_of_entry(entry, piece, script),)
    if script in UNSPACED:
        return tuple(_segment(piece, script))
    city = _city_of(piece, script)
    if city:
        return (_of_entry(city, piece, script),)
    return () if piece in _LETTER_STOPS else (_plain_token(piece, script),)


_OF_A_CITY: Final = re.compile("ск(?:ии|ая|ое|ие|ого|ои|их|им|ими)")
"""How Russian and Ukrainian end the adjective of a city, as `plain` writes it."""


def _city_of(piece: str, script: str) -> lexicon.Entry | None:
    """The city of which a word is the adjective: "Минский", "Münchener"."""
    if script == "cyrillic":
        stem = _OF_A_CITY.sub("", piece)
        told = [stem + end for end in ("ск", "", "а", "ь", "ец")] if stem != piece else []
    else:
        told = [piece[:-2], piece[:-3]] if script == "latin" and piece.endswith("er") else []
    found = (lexicon.lookup((word,)) for word in told if len(word) > 3)
    return next((entry for entry in found if entry and entry.kind == "city"), None)


def _of_entry(entry: lexicon.Entry, native: str, script: str) -> Token:
    role = "core" if entry.kind == "known" else entry.kind
    return Token(entry.text, native, role, script, True)


def _plain_token(piece: str, script: str) -> Token:
    if piece.isdigit():
        return Token(str(int(piece)), piece, "number", "digit")
    if _ORDINAL.fullmatch(piece):
        return Token(piece[:-2], piece, "number", "digit")
    if piece in _ROMAN:
        return Token(_ROMAN[piece], piece, "number", "digit")
    text = latin(piece, script)
    entry = lexicon.lookup((text,)) if script != "latin" and len(text) > 3 else None
    if entry:  # a loan word, such as one that means "textile", in the letters of another language
        return _of_entry(entry, piece, script)
    role = "letter" if len(piece) == 1 and script == "latin" else "core"
    return Token(text, piece, role, script)


def _segment(piece: str, script: str) -> list[Token]:
    """The known words in a stretch without spaces, and what lies between them. A place or a proper name stands
    first; the rest is read from the end, where the common words stand."""
    head, begin = _head(piece, script)
    backward = piece[::-1]
    found: list[Token] = []
    end = loose_end = len(piece)
    while end > begin:
        known = _known_before(backward, end, begin)
        if known:
            size, entry = known
            found += _loose(piece[end:loose_end])
            found.append(_of_entry(entry, piece[end - size : end], script))
            end = loose_end = end - size
        else:
            end -= 1
    rest = piece[end:loose_end]
    overlap = lexicon.lookup((piece[-2:],)) if head and len(rest) == 1 and not found else None
    if overlap:  # 联发科 and 科技 share a character in 联发科技
        return [*head, _of_entry(overlap, piece[-2:], script)]
    found += _loose(rest)
    return head + _short_name(found[::-1])


def _short_name(found: list[Token]) -> list[Token]:
    """A character of a name and one of its business make a short name: 鞍钢 is Angang, for 鞍山钢铁."""
    sizes = [len(token.native) for token in found]
    if sizes != [1, 1] or [token.role for token in found] != ["core", "field"]:
        return found
    both = found[0].native + found[1].native
    return [Token(latin(both, "han"), both, "core", "han"), found[1]]


def _head(piece: str, script: str) -> tuple[list[Token], int]:
    """The place or proper name that a stretch begins with, and where it ends."""
    found = lexicon.unspaced()[0].longest(piece)
    if found and found[0] > (2 if script in ("kana", "thai") else 1):
        size, entry = found
        if entry.kind in ("city", "country", "known"):
            return [_of_entry(entry, piece[:size], script)], size
    return [], 0


def _known_before(backward: str, end: int, begin: int) -> tuple[int, lexicon.Entry] | None:
    """(letters, meaning) of the longest known word that ends at a place and begins no earlier than another.
    `backward`: the piece from its last letter on."""
    length = len(backward)
    found = lexicon.unspaced()[1].longest(backward[length - end : length - begin])
    if not found or found[0] >= 3:
        return found
    last = script_of(backward[length - end])
    least = 3 if last in ("kana", "thai") else 2
    if end == length and last == "han":
        least = 1  # a single character such as that of "factory" tells at the end of a name only
    return found if found[0] >= least else None


def _loose(text: str) -> tuple[Token, ...]:
    text = text.strip("之のー市省")
    return (_loose_word(text),) if text and text not in lexicon.STOPS else ()


@lru_cache(maxsize=50_000)
def _loose_word(text: str) -> Token:
    """What lies between known words is a word of the name's own."""
    kinds = {script_of(char) for char in text}
    script = next(iter(kinds)) if len(kinds) == 1 else "han"
    return Token(latin(text, script), text, "core", script)
