"""Which word of one name answers to which of the other.

Words meet if they are the same, mean the same in two languages, sound the same in two scripts, are written
together in one name and apart in the other, or differ by a slip of the pen. Order does not count.

>>> from tallystick.identity.names.tokens import read_name
>>> pairs = align(read_name("Hua Qiang Electronics"), read_name("华强电子"))
>>> [(pair.how, pair.left, pair.right) for pair in pairs]
[('sound', 'hua qiang', '华强'), ('meaning', 'electronics', '电子')]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tallystick.identity.names.sound import consonants, skeleton
from tallystick.identity.names.text import looks_alike
from tallystick.identity.names.tokens import Name, Token

SHORTEST_TYPO: Final = 5
"""Words of fewer letters that differ by one are different words."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that answer to one another. `how`: same, meaning, sound, spelling (two habits of spelling), joined
    (written together and apart), typo, homophone or begins; `edits`: letters that differ."""

    how: str
    a: tuple[Token, ...]
    b: tuple[Token, ...]
    edits: int = 0

    @property
    def left(self) -> str:
        """The words of the first name as written."""
        return " ".join(token.native for token in self.a)

    @property
    def right(self) -> str:
        """The words of the second name as written."""
        return " ".join(token.native for token in self.b)


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
        return _same_script(x, y)
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


def _same_script(x: Token, y: Token) -> Pair | None:
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
    from rapidfuzz.distance import OSA

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
