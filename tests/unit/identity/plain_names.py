"""Names read and laid side by side the plain way: letter by letter, phrase by phrase, nothing remembered.

What `tallystick.identity.names` does must be the same; the laws of `test_quick_is_plain` hold the two together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise

from rapidfuzz.distance import OSA

from tallystick.identity.names import lexicon
from tallystick.identity.names.align import SHORTEST_TYPO, Pair
from tallystick.identity.names.sound import consonants, latin, skeleton
from tallystick.identity.names.text import (
    _ALNUM,
    _ARTICLE,
    _DOTTED,
    _ENCLOSED,
    _IN_BRACKETS,
    _INVISIBLE,
    _LETTERS,
    _LOOKS,
    _LOOKS_BACK,
    _MARKS,
    _NO_NAMES,
    LONGEST,
    UNSPACED,
    WORD,
    looks_alike,
    script_of,
)
from tallystick.identity.names.tokens import _LETTER_STOPS, _ROMAN, MOST_WORDS, Name, Token

ENTRIES = lexicon._entries()
FORMS = lexicon._forms()
VARIANTS = lexicon._variants()[1]
UNSPACED_FORMS = sorted(
    (
        (words[0], found.family)
        for words, found in FORMS.items()
        if len(words) == 1 and script_of(words[0][0]) in UNSPACED
    ),
    key=lambda pair: (-len(pair[0]), pair[0]),
)
LONGEST_UNSPACED = max(
    len(words[0]) for words in ENTRIES if len(words) == 1 and script_of(words[0][0]) in UNSPACED
)
INSIDE = {words[0] for words, found in FORMS.items() if found.place == "any"}


def plain(name: str) -> str:
    """A name without case, accents, invisible characters and look-alikes, and no longer than LONGEST."""
    text = unicodedata.normalize("NFKC", name[: 4 * LONGEST])
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        text = _same_script(text)
        text = _IN_BRACKETS.sub(lambda found: _ENCLOSED[found[1]], text)
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", text)
    text = text.casefold().translate(_LETTERS)
    if not text.isascii():
        text = _ARTICLE.sub("", _MARKS.sub("", unicodedata.normalize("NFC", text)))
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    return " ".join(text.split())[:LONGEST].strip()


def _same_script(text: str) -> str:
    """Words that mix Latin with look-alikes, in one script; so too a word of look-alikes alone that stands in
    a Latin name."""
    if not any(c in _LOOKS for c in text):
        return text
    cyrillic = [c for c in text if script_of(c) in ("cyrillic", "greek")]
    latin_name = all(c in _LOOKS for c in cyrillic) and any(script_of(c) == "latin" for c in text)
    return _ALNUM.sub(lambda found: _one_script(found[0], latin_name), text)


def _one_script(word: str, latin_name: bool) -> str:
    scripts = [script_of(c) for c in word]
    foreign = [c for c, s in zip(word, scripts, strict=True) if s in ("cyrillic", "greek")]
    has_latin = "latin" in scripts
    if not foreign or not (has_latin or latin_name):
        return word
    if all(c in _LOOKS for c in foreign):
        return "".join(_LOOKS.get(c, c) for c in word)
    return "".join(_LOOKS_BACK.get(c, c) for c in word)


def is_placeholder(name: str) -> bool:
    """Whether this stands where a name should be: "N/A", "test", "同上", "-", "0000", "xxxxx"."""
    letters = "".join(WORD.findall(plain(name).replace("/", "")))
    if letters in _NO_NAMES or not letters:
        return True
    if letters.isdigit():
        return len(set(letters)) == 1 or letters in "01234567890"
    return len(letters) > 2 and len(set(letters)) == 1 and letters.isascii()


def runs(word: str) -> list[tuple[str, str]]:
    """The stretches of a word that are of one script, with the script; digits stay with Latin letters."""
    if word.isascii():
        return [(word, "digit" if word.isdigit() else "latin")]
    kinds = [_kind(char) for char in word]
    kinds = ["latin" if kind == "digit" and "latin" in kinds else kind for kind in kinds]
    if "han" in kinds:  # Japanese writes one word in both
        kinds = ["han" if kind == "kana" else kind for kind in kinds]
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(kinds), 1) if a != b), len(word)]
    return [(word[begin:end], kinds[begin]) for begin, end in pairwise(cuts)]


def _kind(char: str) -> str:
    kind = script_of(char)
    return {"indic": "devanagari", "other": "latin"}.get(kind, kind)


def read_name(name: str) -> Name:
    """Read a name in any script. A placeholder has no tokens and `is_name` False."""
    if is_placeholder(name):
        return Name((), (), False)
    words = WORD.findall(plain(name).translate(VARIANTS))[: 2 * MOST_WORDS]
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
    for spelling, family in UNSPACED_FORMS:
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
    for size in range(min(lexicon.LONGEST_FORM, end), 0, -1):
        found = FORMS.get(tuple(words[end - size : end]))
        if found and found.place != "start" and _leaves(words, gone, range(end - size, end)):
            gone.update(range(end - size, end))
            families.add(found.family)
            _strip_end(words, gone, families)
            return


def _strip_start(words: list[str], gone: set[int], families: set[str]) -> None:
    begin = 0
    while begin < len(words) and begin in gone:
        begin += 1
    for size in range(min(lexicon.LONGEST_FORM, len(words) - begin), 0, -1):
        found = FORMS.get(tuple(words[begin : begin + size]))
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
    begins = [n for n, word in enumerate(words) if word in INSIDE]
    for begin in begins:
        for size in range(min(lexicon.LONGEST_FORM, len(words) - begin), 0, -1):
            spot = range(begin, begin + size)
            found = FORMS.get(tuple(words[begin : begin + size]))
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
        entry = ENTRIES.get(tuple(p for p, _ in pieces[at : at + size]))
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
    entry = ENTRIES.get((text,)) if script != "latin" and len(text) > 3 else None
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
    for size in range(min(LONGEST_UNSPACED, len(piece)), 1, -1):
        entry = ENTRIES.get((piece[:size],))
        if entry and (size > 2 or script not in ("kana", "thai")):
            proper = entry.kind in ("city", "country", "known")
            return ([_of_entry(entry, piece[:size], script)], size) if proper else ([], 0)
    return [], 0


def _longest(piece: str, begin: int, end: int) -> tuple[lexicon.Entry | None, int]:
    last = script_of(piece[end - 1])
    least = 3 if last in ("kana", "thai") else 2
    if end == len(piece) and last == "han":
        least = 1  # a single character such as that of "factory" tells at the end of a name only
    for size in range(min(LONGEST_UNSPACED, end - begin), least - 1, -1):
        entry = ENTRIES.get((piece[end - size : end],))
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


def align(a: Name, b: Name, prefix: bool = False) -> list[Pair]:
    """The pairs, in the order of the first name. With `prefix`, a word of `a` also meets one of `b` that begins
    with it."""
    left, right = list(a.tokens), list(b.tokens)
    pairs = _take(left, right, _exactly)
    pairs += _take_joined(left, right, False) + _take_joined(right, left, True)
    pairs += _take(left, right, _nearly)
    if prefix:
        pairs += _take(left, right, _begins)
    place = {id(token): n for n, token in enumerate(a.tokens)}
    return sorted(pairs, key=lambda pair: place[id(pair.a[0])])


def _take(
    left: list[Token], right: list[Token], test: Callable[[Token, Token], Pair | None]
) -> list[Pair]:
    """Pairs that pass the test, the fewest edits first; their words leave the lists."""
    found = [pair for x in left for y in right if (pair := test(x, y))]
    found.sort(key=lambda pair: pair.edits)
    taken: list[Pair] = []
    for pair in found:
        if any(t is pair.a[0] for t in left) and any(t is pair.b[0] for t in right):
            taken.append(pair)
            _drop(left, pair.a)
            _drop(right, pair.b)
    return taken


def _drop(tokens: list[Token], gone: tuple[Token, ...]) -> None:
    tokens[:] = [token for token in tokens if not any(token is other for other in gone)]


def _exactly(x: Token, y: Token) -> Pair | None:
    if x.text == y.text and (x.role == y.role or {x.role, y.role} <= {"core", "letter"}):
        if x.native == y.native:
            return Pair("same", (x,), (y,))
        if x.known and y.known:
            return Pair("meaning", (x,), (y,))
        if x.script == y.script == "han":
            return None
        return Pair("sound" if x.script != y.script else "spelling", (x,), (y,))
    return None


def _nearly(x: Token, y: Token) -> Pair | None:
    if x.role != "core" or y.role != "core" or (x.known and y.known):
        return None
    if x.script == y.script:
        return _in_one_script(x, y)
    short = min(len(x.text), len(y.text))
    if short < 3:
        return None
    if skeleton(x.text) == skeleton(y.text) or looks_alike(x.native, y.native):
        return Pair("sound", (x,), (y,))
    bones = consonants(x.text), consonants(y.text)
    loose = "han" not in (x.script, y.script) or "kana" in (x.script, y.script)
    least = 2 if skeleton(x.text)[:1] == skeleton(y.text)[:1] else 3
    if loose and bones[0] == bones[1] and len(bones[0]) >= least:
        return Pair("sound", (x,), (y,), 1 if len(bones[0]) >= 3 else 2)
    edits = _edits(x.text, y.text)
    allowed = 1 if short < 8 else 2
    return Pair("sound", (x,), (y,), edits) if short >= 5 and edits <= allowed else None


def _in_one_script(x: Token, y: Token) -> Pair | None:
    if x.script == "han":
        if x.text == y.text:
            return Pair("homophone", (x,), (y,), 2)
        edits = _edits(x.native, y.native)
        return Pair("typo", (x,), (y,), 2) if len(x.native) >= 4 and edits == 1 else None
    short = min(len(x.text), len(y.text))
    digits = [[c for c in token.text if c.isdigit()] for token in (x, y)]
    if digits[0] != digits[1]:
        return None
    if _umlaut(x.text) == _umlaut(y.text) and short >= 4:
        return Pair("spelling", (x,), (y,))
    if short < SHORTEST_TYPO:
        return None
    edits = _edits(x.text, y.text)
    allowed = 1 if short < 9 else 2
    return Pair("typo", (x,), (y,), edits) if edits <= allowed else None


def _umlaut(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _begins(x: Token, y: Token) -> Pair | None:
    for of_x, of_y in ((x.native, y.native), (x.text, y.text)):
        if of_y.startswith(of_x) or (len(of_x) > 1 and x.script == "han" and of_x in of_y):
            return Pair("begins", (x,), (y,), len(of_y) - len(of_x))
    return None


def _edits(x: str, y: str) -> int:
    return int(OSA.distance(x, y, score_cutoff=3))


def _take_joined(many: list[Token], one: list[Token], turned: bool) -> list[Pair]:
    """A word of `one` that is two to four neighbours of `many` written together."""
    taken = []
    for y in list(one):
        if y.role != "core" or len(y.text) < 4:
            continue
        run = _run_for(many, y)
        if run:
            how = "joined" if run[0].script == y.script else "sound"
            taken.append(Pair(how, (y,), run) if turned else Pair(how, run, (y,)))
            _drop(many, run)
            _drop(one, (y,))
    return taken


def _run_for(many: list[Token], y: Token) -> tuple[Token, ...] | None:
    for begin in range(len(many)):
        for size in range(2, min(4, len(many) - begin) + 1):
            run = tuple(many[begin : begin + size])
            texts = ("".join(t.text for t in run), "".join(t.native for t in run))
            if y.text in texts or y.native in texts:
                return run
    return None
