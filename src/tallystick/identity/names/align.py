"""Which word of one name answers to which of the other.

Words meet if they are the same, mean the same in two languages, sound the same in two scripts, are written
together in one name and apart in the other, or differ by a slip of the pen. Order does not count.

>>> from tallystick.identity.names.tokens import read_name
>>> pairs = align(read_name("Hua Qiang Electronics"), read_name("华强电子"))
>>> [(pair.how, pair.left, pair.right) for pair in pairs]
[('sound', 'hua qiang', '华强'), ('meaning', 'electronics', '电子')]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tallystick.identity.names.sound import bare_bones, consonants, latin, skeleton, without_article
from tallystick.identity.names.text import looks_alike
from tallystick.identity.names.tokens import Name, Token

_ABJADS: Final = frozenset({"arabic", "hebrew"})
"""Scripts that leave out most vowels."""

SHORTEST_TYPO: Final = 5
"""Words of fewer letters that differ by one are different words."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that answer to one another. `how`: same, meaning, sound, spelling (two habits of spelling), joined
    (written together and apart), typo, short (abbreviated), homophone or begins; `edits`: letters that
    differ."""

    how: str
    a: tuple[Token, ...]
    b: tuple[Token, ...]
    edits: int = 0

    @property
    def left(self) -> str:
        """The words of the first name as written."""
        return written(self.a)

    @property
    def right(self) -> str:
        """The words of the second name as written."""
        return written(self.b)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two names laid side by side: the pairs in the order of the first name, and the words of each that no word
    of the other answers to."""

    pairs: list[Pair]
    left: list[Token]
    right: list[Token]


def written(tokens: Sequence[Token]) -> str:
    """Words as they are written."""
    return tokens[0].native if len(tokens) == 1 else " ".join([token.native for token in tokens])


def align(a: Name, b: Name, prefix: bool = False) -> list[Pair]:
    """The pairs, in the order of the first name. With `prefix`, a word of `a` also meets one of `b` that begins
    with it."""
    return lay_side_by_side(a, b, prefix).pairs


def lay_side_by_side(a: Name, b: Name, prefix: bool = False) -> Alignment:
    """The pairs and what is left over; `prefix` as in `align`."""
    left, right = dict(enumerate(a.tokens)), dict(enumerate(b.tokens))
    pairs = _take_equal(left, right)
    if left and right:
        pairs += _take_joined(left, right, False) + _take_joined(right, left, True)
        pairs += _take(left, right, _nearly)
        pairs += _take(left, right, _slip_in_known) + _take(left, right, _shortened)
        if prefix:
            pairs += _take(left, right, _begins)
    pairs.sort(key=_place)
    return Alignment([pair for _, pair in pairs], list(left.values()), list(right.values()))


def may_answer(x: Token, y: Token) -> bool:
    """Whether words of two names may answer to one another, whatever else the names say.

    >>> from tallystick.identity.names.tokens import read_name
    >>> words = [read_name(word).tokens[0] for word in ("Huaqiang", "华强", "Borealis")]
    >>> may_answer(words[0], words[1]), may_answer(words[0], words[2])
    (True, False)
    """
    tests = (_nearly, _slip_in_known, _shortened)
    return x.text == y.text or any(test(x, y) or test(y, x) for test in tests)


def may_be_part(x: Token, y: Token) -> bool:
    """Whether one of the words, with its neighbours, may be the other written apart."""
    return _may_begin(x, y) or _may_begin(y, x)


def _may_begin(part: Token, whole: Token) -> bool:
    if whole.role != "core" or len(whole.text) < 4:
        return False
    return any(
        word.startswith(begin) and (word != begin or not part.text)
        for word in (whole.text, whole.native)
        for begin in (part.text, part.native)
    )


Open = dict[int, Token]
"""Words of a name that have no answer yet, by their place in it."""

Placed = tuple[int, Pair]
"""A pair with the place of its first word in the first name."""


def _place(found: Placed) -> int:
    return found[0]


def _take_equal(left: Open, right: Open) -> list[Placed]:
    """Words of the same sound or meaning, each with the first that answers."""
    taken: list[Placed] = []
    for n, x in list(left.items()):
        for m, y in right.items():
            if x.text == y.text and (pair := _exactly(x, y)):
                taken.append((n, pair))
                del left[n], right[m]
                break
    return taken


def _take(left: Open, right: Open, test: Callable[[Token, Token], Pair | None]) -> list[Placed]:
    """Pairs that pass the test, the fewest edits first; their words leave what is open."""
    found = [
        (pair.edits, n, m, pair)
        for n, x in left.items()
        for m, y in right.items()
        if (pair := test(x, y))
    ]
    found.sort(key=lambda found: found[0])
    taken: list[Placed] = []
    for _, n, m, pair in found:
        if n in left and m in right:
            taken.append((n, pair))
            del left[n], right[m]
    return taken


def _exactly(x: Token, y: Token) -> Pair | None:
    """The pair of two words of one text."""
    if x.role != y.role and {x.role, y.role} != {"core", "letter"}:
        return None
    if x.native == y.native:
        return Pair("same", (x,), (y,))
    if x.known and y.known:
        return Pair("meaning", (x,), (y,))
    if x.script == y.script == "han":
        return None
    return Pair("sound" if x.script != y.script else "spelling", (x,), (y,))


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
    if not _ABJADS.isdisjoint((x.script, y.script)):
        return _with_abjad(x, y)
    bones = consonants(x.text), consonants(y.text)
    if "hangul" in (x.script, y.script):  # which has no f: Korean writes it as p
        bones = bones[0].replace("f", "p"), bones[1].replace("f", "p")
    loose = "han" not in (x.script, y.script) or "kana" in (x.script, y.script)
    least = 2 if skeleton(x.text)[:1] == skeleton(y.text)[:1] else 3
    if loose and bones[0] == bones[1] and len(bones[0]) >= least:
        return Pair("sound", (x,), (y,), 1 if len(bones[0]) >= 3 else 2)
    if short < 5:
        return None
    edits = _edits(x.text, y.text, 1 if short < 8 else 2)
    return Pair("sound", (x,), (y,), edits) if edits is not None else None


def _with_abjad(x: Token, y: Token) -> Pair | None:
    """Arabic and Hebrew write few vowels, and Arabic its article with the word or not at all."""
    bones = bare_bones(x.text), bare_bones(y.text)
    if "hebrew" in (x.script, y.script):  # one letter is b and v, another p and f
        bones = bones[0].replace("f", "p"), bones[1].replace("f", "p")
    if bones[0] == bones[1] and len(bones[0]) >= 2:
        return Pair("sound", (x,), (y,), 0 if len(bones[0]) >= 3 else 1)
    return None


def _same_script(x: Token, y: Token) -> Pair | None:
    if x.script == "han":
        if x.text == y.text:
            return Pair("homophone", (x,), (y,), 2)
        slip = len(x.native) >= 4 and _edits(x.native, y.native, 1) == 1
        return Pair("typo", (x,), (y,), 2) if slip else None
    short = min(len(x.text), len(y.text))
    if short < 4 or _digits(x.text) != _digits(y.text):
        return None
    if _umlaut(x.text) == _umlaut(y.text):
        return Pair("spelling", (x,), (y,))
    edits = _edits(x.text, y.text, 1 if short < 9 else 2) if short >= SHORTEST_TYPO else None
    if edits is not None:
        return Pair("typo", (x,), (y,), edits)
    if skeleton(without_article(x.text)) == skeleton(without_article(y.text)):
        return Pair("spelling", (x,), (y,), 1)
    return Pair("spelling", (x,), (y,), 2) if _same_bones(x.text, y.text) else None


def _same_bones(x: str, y: str) -> bool:
    """Whether two words differ in nothing but vowels, as habits of romanising do: Seongyeong, Sungyoung."""
    bones = consonants(x)
    long = len(bones) >= 3 and min(len(x), len(y)) >= SHORTEST_TYPO
    return long and bones == consonants(y) and _edits(x, y, 3) is not None


def _slip_in_known(x: Token, y: Token) -> Pair | None:
    """A word that the tables know, and the same with a slip, which they do not."""
    if x.script != y.script or x.script == "han" or (x.role == "core") == (y.role == "core"):
        return None
    short = min(len(x.native), len(y.native))
    if short < SHORTEST_TYPO or "number" in (x.role, y.role):
        return None
    edits = _edits(x.native, y.native, 1 if short < 9 else 2)
    return Pair("typo", (x,), (y,), edits) if edits is not None else None


def _shortened(x: Token, y: Token) -> Pair | None:
    """A word and its abbreviation: its beginning, or letters of it from the first to near the last."""
    if x.script != y.script or x.script not in ("latin", "cyrillic", "greek"):
        return None
    short, long = sorted((x.native, y.native), key=len)
    if len(short) < 3 or len(long) < len(short) + 2 or short[0] != long[0]:
        return None
    whole = x if short == x.native else y
    if whole.known and len(short) > 3 and (x.role == "core" or y.role == "core"):
        return None  # a word that means something is no beginning of another: Post, Postbank
    if not (long.startswith(short) or _telling_letters(short, long)):
        return None
    return Pair("short", (x,), (y,))


def _telling_letters(short: str, long: str) -> bool:
    """Whether the letters of an abbreviation stand in the word in this order, without most of its vowels."""
    if sum(c in "aeiouyаеиоуыэюя" for c in short[1:]) > 1 or 3 * len(short) < len(long):
        return False
    rest = iter(long)
    return all(c in rest for c in short) and short[-1] in long[-3:]


@lru_cache(maxsize=50_000)
def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())


@lru_cache(maxsize=50_000)
def _umlaut(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _begins(x: Token, y: Token) -> Pair | None:
    for of_x, of_y in ((x.native, y.native), (x.text, y.text)):
        if of_y.startswith(of_x) or (len(of_x) > 1 and x.script == "han" and of_x in of_y):
            return Pair("begins", (x,), (y,), len(of_y) - len(of_x))
    return None


def _edits(x: str, y: str, allowed: int) -> int | None:
    """Letters that differ, neighbours that changed places as one; None where there are more than allowed."""
    if abs(len(x) - len(y)) > allowed:
        return None
    edits = _distance()(x, y, score_cutoff=allowed)
    return edits if edits <= allowed else None


@lru_cache(maxsize=1)
def _distance() -> Callable[..., int]:
    from rapidfuzz.distance import OSA

    return OSA.distance


def _take_joined(many: Open, one: Open, turned: bool) -> list[Placed]:
    """A word of `one` that is two to four neighbours of `many` written together."""
    taken: list[Placed] = []
    for place, y in list(one.items()):
        if len(many) < 2:
            break
        if y.role != "core" or len(y.text) < 4:
            continue
        places = _run_for(many, y)
        if places:
            run = tuple(many.pop(n) for n in places)
            del one[place]
            how = "joined" if run[0].script == y.script else "sound"
            pair = Pair(how, (y,), run) if turned else Pair(how, run, (y,))
            taken.append((place if turned else places[0], pair))
    return taken


def _run_for(many: Open, y: Token) -> list[int] | None:
    """The places of neighbours that are `y` if written together."""
    places = list(many)
    for begin in range(len(places) - 1):
        text = native = spoken = ""
        for end, place in enumerate(places[begin : begin + 4], begin + 1):
            token = many[place]
            text += token.text
            native += token.native
            spoken += latin(token.native, "han") if token.script == "han" else token.native
            written_so = {text, native, spoken}
            if end - begin > 1 and (y.text in written_so or y.native in written_so):
                return places[begin:end]
    return None
