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

from tallystick.identity.names import japanese, lexicon
from tallystick.identity.names.japanese import has_characters
from tallystick.identity.names.letters import in_letters
from tallystick.identity.names.overseas import begun_overseas, spelt_overseas
from tallystick.identity.names.pairs import Open, Pair, Placed
from tallystick.identity.names.sound import (
    bare_bones,
    consonants,
    latin,
    skeleton,
    spelt,
    without_article,
)
from tallystick.identity.names.spelling import (
    ABJADS,
    LONG,
    SHORTEST_TYPO,
    THAI_ENDS,
    digits,
    is_slip,
    letters_apart,
    same_bones,
    spelling_of,
    telling_letters,
    umlaut,
)
from tallystick.identity.names.syllables import in_the_south, is_pinyin
from tallystick.identity.names.text import looks_alike
from tallystick.identity.names.together import (
    CLIPPED,
    LEAST_CLIPPED,
    LEAST_INITIALS,
    MOST_INITIALS,
    begins_in_english,
    means_in_english,
    take_clipped,
    take_initials,
    take_joined,
    take_translated,
)
from tallystick.identity.names.tokens import Name, Token

_VOWEL_SIGNS: Final = frozenset("اعويאעוי")
"""Letters of those scripts that sound as vowels where a word begins."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two names laid side by side: the pairs in the order of the first name, and the words of each that no word
    of the other answers to."""

    pairs: list[Pair]
    left: list[Token]
    right: list[Token]


def align(a: Name, b: Name, prefix: bool = False) -> list[Pair]:
    """The pairs, in the order of the first name. With `prefix`, a word of `a` also meets one of `b` that begins
    with it."""
    return lay_side_by_side(a, b, prefix).pairs


def lay_side_by_side(a: Name, b: Name, prefix: bool = False) -> Alignment:
    """The pairs and what is left over; `prefix` as in `align`."""
    left, right = dict(enumerate(a.tokens)), dict(enumerate(b.tokens))
    pairs = _take_equal(left, right)
    if left and right:
        pairs += take_joined(left, right, False) + take_joined(right, left, True)
        for many, one, turned in ((left, right, False), (right, left, True)):
            if one and len(many) > 1:
                pairs += take_clipped(many, one, turned)
            if one and pairs and len(many) >= LEAST_INITIALS:
                pairs += take_initials(many, one, turned)
        for test in (_nearly, _slip_in_known, _shortened, *((_begins,) if prefix else ())):
            if left and right:
                pairs += _take(left, right, test)
        if left and right and _in_two_scripts(left, right):
            pairs += take_translated(left, right, False) + take_translated(right, left, True)
        pairs.sort(key=_place)
    return Alignment([pair for _, pair in pairs], list(left.values()), list(right.values()))


def _in_two_scripts(left: Open, right: Open) -> bool:
    """Whether what is left is of several scripts."""
    scripts = {token.script for token in (*left.values(), *right.values())}
    return len(scripts) > 1


def may_answer(x: Token, y: Token) -> bool:
    """Whether words of two names may answer to one another, whatever else the names say.

    >>> from tallystick.identity.names.tokens import read_name
    >>> words = [read_name(word).tokens[0] for word in ("Huaqiang", "华强", "Borealis")]
    >>> may_answer(words[0], words[1]), may_answer(words[0], words[2])
    (True, False)
    """
    tests = (_nearly, _slip_in_known, _shortened, means_in_english)
    return x.text == y.text or any(test(x, y) or test(y, x) for test in tests)


def may_be_part(x: Token, y: Token) -> bool:
    """Whether one of the words, with its neighbours, may be the other written apart."""
    return _may_begin(x, y) or _may_begin(y, x)


def begins_within(cut: Token, whole: Token) -> bool:
    """Whether a word that is cut off may be the beginning of another, or of a word of that."""
    return any(word.startswith(cut.native) for word in (whole.native, *whole.native.split(" ")))


def _may_begin(part: Token, whole: Token) -> bool:
    if whole.role == "number":
        return lexicon.number_of(part.native) is not None
    if begins_in_english(part, whole):
        return True
    if whole.role == "core" and _may_be_initials(part, whole):
        return True
    if whole.role != "core" or len(whole.text) < 4:
        return False
    if whole.script == "han" and part.script == "latin" and begun_overseas(whole.native, part.text):
        return True
    if _may_be_clipped(part, whole):
        return True
    if len(whole.text) >= LONG and part.text[:1] == whole.text[0]:  # see `nearly_joined`
        first, all_of = part.text[:5], whole.text[:5]
        if letters_apart(first, all_of, 2) is not None or spelt(first)[:2] == spelt(all_of)[:2]:
            return True
    return any(
        word.startswith(begin) and (word != begin or not part.text)
        for word in (whole.text, whole.native)
        for begin in (part.text, part.native)
    )


def _may_be_initials(part: Token, whole: Token) -> bool:
    """Whether a short word may be the initials of others, of which this is the first."""
    short = not whole.known and LEAST_INITIALS <= len(whole.native) <= MOST_INITIALS
    return short and part.script == whole.script and part.native[0] == whole.native[0]


def _may_be_clipped(part: Token, whole: Token) -> bool:
    """Whether a word may be made of the beginnings of others, of which this is the first."""
    long = len(whole.native) >= LEAST_CLIPPED and whole.script in CLIPPED
    return long and part.script == whole.script and part.native[:2] == whole.native[:2]


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
    if has_characters(x.native) and has_characters(y.native):
        return None
    return Pair("sound" if x.script != y.script else "spelling", (x,), (y,))


def _nearly(x: Token, y: Token) -> Pair | None:
    if x.known and y.known:
        return _heard_alike(x, y)
    if "number" in (x.role, y.role):
        return _as_number(x, y)
    if x.role != "core" or y.role != "core":
        return None
    if _one_number(x, y):
        return Pair("meaning", (x,), (y,))
    if has_characters(x.native) or has_characters(y.native):
        pair = _by_characters(x, y)
        if pair or x.script == y.script or (has_characters(x.native) and has_characters(y.native)):
            return pair
    if x.script == y.script:
        return _same_script(x, y)
    if _spells_letters(x, y) or _spells_letters(y, x):
        return Pair("sound", (x,), (y,))
    short = min(len(x.text), len(y.text))
    if short < 3:
        return None
    if skeleton(x.text) == skeleton(y.text) or looks_alike(x.native, y.native):
        return Pair("sound", (x,), (y,))
    if not ABJADS.isdisjoint((x.script, y.script)):
        return _with_abjad(x, y)
    bones = consonants(x.text), consonants(y.text)
    if "hangul" in (x.script, y.script):  # which has no f: Korean writes it as p
        bones = bones[0].replace("f", "p"), bones[1].replace("f", "p")
    if "thai" in (x.script, y.script):  # where r and l sound n at the end of a syllable
        bones = THAI_ENDS.sub("n", bones[0]), THAI_ENDS.sub("n", bones[1])
    if "hangul" in (x.script, y.script) and _is_other_vowel(x.text, y.text):
        return None
    loose = "han" not in (x.script, y.script) or "kana" in (x.script, y.script)
    least = 2 if skeleton(x.text)[:1] == skeleton(y.text)[:1] else 3
    if loose and bones[0] == bones[1] and len(bones[0]) >= least:
        return Pair("sound", (x,), (y,), 1 if len(bones[0]) >= 3 else 2)
    if short < 5:
        return None
    allowed = (
        1 if short < 8 or "kana" in (x.script, y.script) else 2
    )  # which is heard as it is written
    edits = letters_apart(x.text, y.text, allowed)
    how = "near" if edits and "han" in (x.script, y.script) and _other_pinyin(x, y) else "sound"
    return Pair(how, (x,), (y,), edits) if edits is not None else None


def _other_pinyin(x: Token, y: Token) -> bool:
    """Whether two words that are not spelled alike are both pinyin: other syllables are other characters, as 佳
    (jia) and jie; unless the south hears no difference."""
    if not (is_pinyin(x.text) and is_pinyin(y.text)):
        return False
    return in_the_south(x.text) != in_the_south(y.text)


def _is_other_vowel(x: str, y: str) -> bool:
    """Whether two words differ by a for u alone, which Korean writes with two letters that nobody confuses.

    >>> _is_other_vowel("daesang", "daesung"), _is_other_vowel("samseong", "samsung")
    (True, False)
    """
    if len(x) != len(y):
        return False
    return [set(pair) for pair in zip(x, y, strict=True) if pair[0] != pair[1]] == [{"a", "u"}]


def _spells_letters(word: Token, letters: Token) -> bool:
    """Whether a word of Korean or Japanese names the letters of the other."""
    if word.script not in ("hangul", "kana") or letters.script != "latin":
        return False
    return in_letters(word.native) == letters.native


def _as_number(x: Token, y: Token) -> Pair | None:
    """A number in digits and in words: 7 and seven."""
    word, number = (x, y) if y.role == "number" else (y, x)
    says_it = word.role == "core" and lexicon.number_of(word.native) == number.text
    return Pair("meaning", (x,), (y,)) if says_it else None


def _one_number(x: Token, y: Token) -> bool:
    """Whether two words of two scripts say one number: "First" and 第一."""
    number = lexicon.number_of(x.native) if x.script != y.script else None
    return number is not None and number == lexicon.number_of(y.native)


def _heard_alike(x: Token, y: Token) -> Pair | None:
    """Words that the tables know by two meanings, but that are one in two scripts: instrument, инструмент."""
    if x.script == y.script or "han" in (x.script, y.script) or x.role != y.role:
        return None
    alike = skeleton(latin(x.native, x.script)) == skeleton(latin(y.native, y.script))
    return Pair("sound", (x,), (y,)) if alike and len(x.native) > 3 else None


def _by_characters(x: Token, y: Token) -> Pair | None:
    """Chinese characters are themselves, sound alike, or are read in Japan or Korea as the other is spelled."""
    if has_characters(x.native) and has_characters(y.native):
        if x.native == y.native:
            return Pair("same", (x,), (y,))
        if x.text == y.text:
            return Pair("homophone", (x,), (y,), 2)
        slip = len(x.native) >= 4 and letters_apart(x.native, y.native, 1) == 1
        return Pair("typo", (x,), (y,), 2) if slip else None
    word, other = (x, y) if has_characters(x.native) else (y, x)
    if other.script != "hangul" and japanese.reads_as(word.native, other.text):
        return Pair("sound", (x,), (y,))
    korean = japanese.in_korea(word.native)
    if korean and (korean == other.text or same_bones(korean, other.text)):
        return Pair("sound", (x,), (y,))
    if other.script == "latin" and word.script == "han" and spelt_overseas(word.native, other.text):
        return Pair("sound", (x,), (y,), 1)
    return None


def _with_abjad(x: Token, y: Token) -> Pair | None:
    """Arabic and Hebrew write few vowels, and Arabic its article with the word or not at all."""
    bones = bare_bones(x.text), bare_bones(y.text)
    if "hebrew" in (x.script, y.script):  # one letter is b and v, another p and f
        bones = bones[0].replace("f", "p"), bones[1].replace("f", "p")
    if bones[0] == bones[1] and len(bones[0]) >= 2:
        return Pair("sound", (x,), (y,), 0 if len(bones[0]) >= 3 else 1)
    if bones[0] == bones[1] != "" and _same_beginning(x, y):
        return Pair("sound", (x,), (y,), 2)
    return None


def _same_beginning(x: Token, y: Token) -> bool:
    """Whether short words begin with the same consonant, or both with a vowel: علي and Ali."""
    short = all(len(t.native) <= (4 if t.script in ABJADS else 6) for t in (x, y))
    firsts = [skeleton(t.text)[:1] for t in (x, y)]
    vowels = [
        t.native[0] in _VOWEL_SIGNS if t.script in ABJADS else t.text[:1] in "aeiouw"
        for t in (x, y)
    ]
    return short and (vowels[0] == vowels[1]) and (vowels[0] or firsts[0] == firsts[1])


def _same_script(x: Token, y: Token) -> Pair | None:
    short = min(len(x.text), len(y.text))
    if short < 4 or digits(x.text) != digits(y.text):
        return None
    if umlaut(x.text) == umlaut(y.text):
        return Pair("spelling", (x,), (y,))
    if (
        short >= LONG
        and abs(len(x.text) - len(y.text)) == 2
        and max(x.text, y.text) == f"{min(x.text, y.text)}er"
    ):
        return Pair("spelling", (x,), (y,), 1)  # "Heidelberger" is of Heidelberg
    if spelt(x.text) == spelt(y.text):
        return Pair("spelling", (x,), (y,), 1 if short >= LONG else 2)
    edits = letters_apart(x.text, y.text, 1 if short < 9 else 2) if short >= SHORTEST_TYPO else None
    if edits is not None and _is_slip(x, y):
        return Pair("typo", (x,), (y,), edits)
    if _is_with_small_words(x.text, y.text):
        return Pair("joined", (x,), (y,))
    if skeleton(without_article(x.text)) == skeleton(without_article(y.text)):
        return Pair("spelling", (x,), (y,), 1)
    if same_bones(x.text, y.text) and edits is None:
        return Pair("spelling", (x,), (y,), 2)
    return Pair("near", (x,), (y,), edits) if edits is not None else None


def _is_slip(x: Token, y: Token) -> bool:
    """Whether a hand or an eye slips so; of letters that are typed otherwise nothing is known."""
    return x.script not in ("latin", "cyrillic") or is_slip(x.native, y.native)


def _is_with_small_words(x: str, y: str) -> bool:
    """Whether a word is another with small words written to it: Vandenberg and van den Berg."""
    short, long = sorted((x, y), key=len)
    before = long.removesuffix(short)
    return long != before != "" and not lexicon.without_stops(before)


def _slip_in_known(x: Token, y: Token) -> Pair | None:
    """A word that the tables know, and one that they do not: the same with a slip, its beginning, or its sound
    in the letters of another script."""
    if x.known == y.known or "number" in (x.role, y.role):
        return None
    told, word = (x, y) if x.known else (y, x)
    if word.role != "core" or told.role == "core" or len(word.native) < 3:
        return None
    found = spelling_of(word, told)
    return Pair(found[0], (x,), (y,), found[1]) if found else None


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
    if not (long.startswith(short) or telling_letters(short, long)):
        return None
    return Pair("short", (x,), (y,))


def _begins(x: Token, y: Token) -> Pair | None:
    for of_x, of_y in ((x.native, y.native), (x.text, y.text)):
        if of_y.startswith(of_x) or (len(of_x) > 1 and x.script == "han" and of_x in of_y):
            return Pair("begins", (x,), (y,), len(of_y) - len(of_x))
    return None
