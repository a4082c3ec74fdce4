"""A name read: its legal form, and its words with the part that each plays.

>>> read_name("Shenzhen Huaqiang Electronics Co., Ltd.")
Name(core:huaqiang city:shenzhen field:electronics | limited)
>>> read_name("深圳市华强电子有限公司")
Name(core:huaqiang city:shenzhen field:electronics | limited)
>>> read_name("PT Astra International Tbk").forms, read_name("N/A").is_name
(('joint-stock',), False)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.sound import latin
from tallystick.identity.names.text import UNSPACED, WORD, is_placeholder, plain, runs, script_of

ROLES: Final = ("core", "number", "letter", "city", "country", "field", "weak")
"""What a word of a name can be, the most telling first. weak: says little; field: a line of business."""

MOST_WORDS: Final = 24
"""Words of a name that are compared."""

_LETTER_STOPS: Final = frozenset("e i o и و y".split())
_ROMAN: Final = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word. `text`: what it means or how it sounds, in Latin letters; `native`: as written; `role`: one of
    ROLES; `known`: whether the tables know it, so that `text` is a meaning."""

    text: str
    native: str
    role: str
    script: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name read. `tokens` in the order of writing; `forms`: families of its legal forms, sorted."""

    tokens: tuple[Token, ...]
    forms: tuple[str, ...]
    is_name: bool = True

    def __repr__(self) -> str:
        ordered = sorted(self.tokens, key=lambda t: (ROLES.index(t.role), t.text))
        words = " ".join(f"{t.role}:{t.text}" for t in ordered)
        return f"Name({words} | {' '.join(self.forms)})"


@lru_cache(maxsize=100_000)
def read_name(name: str) -> Name:
    """Read a name in any script. A placeholder has no tokens and `is_name` False."""
    if is_placeholder(name):
        return Name((), (), False)
    words = WORD.findall(plain(name).translate(lexicon.simplified()))[: 2 * MOST_WORDS]
    pieces = [(piece, script) for word in words for piece, script in runs(word)]
    kept, forms = _without_forms(pieces)
    telling = [pair for pair in kept if pair[0] not in lexicon.STOPS]
    tokens = _once(_tokens(_joined_letters(telling)))[:MOST_WORDS]
    if not tokens:  # a name that is all legal form, such as "SA": then that is the name
        tokens = [Token(latin(p, s), p, "core", s) for p, s in pieces[:MOST_WORDS]]
        forms = set()
    return Name(tuple(tokens), tuple(sorted(forms)), bool(tokens))


def _once(tokens: list[Token]) -> list[Token]:
    """Each word once where it is written in two ways: a name given in two scripts says the same twice."""
    first = {token.text: token.native for token in reversed(tokens)}
    return [token for token in tokens if first[token.text] == token.native]


def _without_forms(pieces: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], set[str]]:
    families: set[str] = set()
    bare: list[tuple[str, str]] = []
    for piece, script in pieces:
        rest = _strip_unspaced(piece, families) if script in UNSPACED else [piece]
        bare += [(part, script) for part in rest if part]
    words = [piece for piece, _ in bare]
    gone: set[int] = set()
    _strip_end(words, gone, families)
    _strip_start(words, gone, families)
    _strip_inside(words, gone, families)
    _strip_end(words, gone, families)
    return [pair for n, pair in enumerate(bare) if n not in gone], families


def _strip_unspaced(piece: str, families: set[str]) -> list[str]:
    """The parts of a piece that are left without the legal forms written into it."""
    for spelling, family in lexicon.unspaced_forms():
        inside = len(spelling) >= 4 and spelling in piece
        if piece == spelling or piece.startswith(spelling) or piece.endswith(spelling) or inside:
            families.add(family)
            before, _, after = (
                piece.rpartition(spelling)
                if piece.endswith(spelling)
                else piece.partition(spelling)
            )
            return [p for part in (before, after) if part for p in _strip_unspaced(part, families)]
    return [piece]


def _strip_end(words: list[str], gone: set[int], families: set[str]) -> None:
    end = len(words)
    while end > 0 and end - 1 in gone:
        end -= 1
    for size in range(min(lexicon.LONGEST_PHRASE, end), 0, -1):
        found = lexicon.form(tuple(words[end - size : end]))
        if found and found.place != "start" and _leaves(words, gone, range(end - size, end)):
            gone.update(range(end - size, end))
            families.add(found.family)
            _strip_end(words, gone, families)
            return


def _strip_start(words: list[str], gone: set[int], families: set[str]) -> None:
    begin = 0
    while begin < len(words) and begin in gone:
        begin += 1
    for size in range(min(lexicon.LONGEST_PHRASE, len(words) - begin), 0, -1):
        found = lexicon.form(tuple(words[begin : begin + size]))
        if (
            found
            and found.place in ("start", "both", "any")
            and _leaves(words, gone, range(begin, begin + size))
        ):
            gone.update(range(begin, begin + size))
            families.add(found.family)
            _strip_start(words, gone, families)
            return


def _strip_inside(words: list[str], gone: set[int], families: set[str]) -> None:
    begins = [n for n, word in enumerate(words) if word in lexicon.first_words_inside()]
    for begin in begins:
        for size in range(min(lexicon.LONGEST_PHRASE, len(words) - begin), 0, -1):
            spot = range(begin, begin + size)
            found = lexicon.form(tuple(words[begin : begin + size]))
            if (
                found
                and found.place == "any"
                and not gone & set(spot)
                and _leaves(words, gone, spot)
            ):
                gone.update(spot)
                families.add(found.family)


def _leaves(words: list[str], gone: set[int], spot: range) -> bool:
    """Whether something of the name is left without these words."""
    return any(n not in gone and n not in spot for n in range(len(words)))


def _joined_letters(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Letters that stand alone in a row are one word: "a b c" is abc."""
    joined: list[tuple[str, str]] = []
    open_run = False
    for piece, script in pieces:
        single = len(piece) == 1 and script == "latin" and piece not in _LETTER_STOPS
        if single and open_run:
            joined[-1] = (joined[-1][0] + piece, script)
        else:
            joined.append((piece, script))
        open_run = single
    return joined


def _tokens(pieces: list[tuple[str, str]]) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(pieces):
        size, entry = _phrase(pieces, at)
        piece, script = pieces[at]
        if entry:
            native = " ".join(p for p, _ in pieces[at : at + size])
            found.append(_of_entry(entry, native, script))
        elif script in UNSPACED:
            found += _segment(piece, script)
        elif piece not in _LETTER_STOPS:
            found.append(_plain_token(piece, script))
        at += size
    return found


def _phrase(pieces: list[tuple[str, str]], at: int) -> tuple[int, lexicon.Entry | None]:
    """The longest phrase of the tables that begins here; stop words inside a phrase are passed over."""
    for size in range(min(4, len(pieces) - at), 0, -1):
        entry = lexicon.lookup(tuple(p for p, _ in pieces[at : at + size]))
        if entry:
            return size, entry
    return 1, None


def _of_entry(entry: lexicon.Entry, native: str, script: str) -> Token:
    role = "core" if entry.kind == "known" else entry.kind
    return Token(entry.text, native, role, script, True)


def _plain_token(piece: str, script: str) -> Token:
    if piece.isdigit():
        return Token(str(int(piece)), piece, "number", "digit")
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
    found: list[Token] = []
    loose = ""
    end = len(piece)
    while end > begin:
        entry, size = _longest(piece, begin, end)
        if entry:
            found = _loose(loose) + found
            found = [_of_entry(entry, piece[end - size : end], script), *found]
            loose = ""
        else:
            loose = piece[end - 1] + loose
        end -= size
    return head + _loose(loose) + found


def _head(piece: str, script: str) -> tuple[list[Token], int]:
    """The place or proper name that a stretch begins with, and where it ends."""
    for size in range(min(lexicon.longest_unspaced(), len(piece)), 1, -1):
        entry = lexicon.lookup((piece[:size],))
        if entry and (size > 2 or script not in ("kana", "thai")):
            proper = entry.kind in ("city", "country", "known")
            return ([_of_entry(entry, piece[:size], script)], size) if proper else ([], 0)
    return [], 0


def _longest(piece: str, begin: int, end: int) -> tuple[lexicon.Entry | None, int]:
    last = script_of(piece[end - 1])
    least = 3 if last in ("kana", "thai") else 2
    if end == len(piece) and last == "han":
        least = 1  # a single character such as that of "factory" tells at the end of a name only
    for size in range(min(lexicon.longest_unspaced(), end - begin), least - 1, -1):
        entry = lexicon.lookup((piece[end - size : end],))
        if entry:
            return entry, size
    return None, 1


def _loose(text: str) -> list[Token]:
    text = text.strip("之のー市省")
    if not text:
        return []
    kinds = {script_of(char) for char in text}
    script = next(iter(kinds)) if len(kinds) == 1 else "han"
    return [Token(latin(text, script), text, "core", script)]
