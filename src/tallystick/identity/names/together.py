"""Words that are written together in one name and apart, or in full, in another.

>>> from tallystick.identity.names.tokens import read_name
>>> one, other = (dict(enumerate(read_name(name).tokens)) for name in ("Petrobras", "Petróleo Brasileiro S.A."))
>>> [(pair.how, pair.left, pair.right) for _, pair in take_clipped(other, one, True)]
[('short', 'petrobras', 'petroleo brasileiro')]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tallystick.identity.names import lexicon
from tallystick.identity.names.glosses import begins_translation, translated
from tallystick.identity.names.japanese import has_characters
from tallystick.identity.names.overseas import spelt_overseas
from tallystick.identity.names.pairs import Open, Pair, Placed
from tallystick.identity.names.sound import latin
from tallystick.identity.names.spelling import nearly_joined
from tallystick.identity.names.tokens import Token, made_of

_WITH_CHARACTERS: Final = ("han", "kana")
"""Scripts of words in Chinese characters: a Japanese name is read as one in kana."""

CLIPPED: Final = frozenset({"latin", "cyrillic", "greek"})
"""Scripts in which words are put together of the beginnings of others."""

LEAST_INITIALS: Final = 3
MOST_INITIALS: Final = 5
"""Letters of initials that stand beside a name."""

LEAST_CLIPPED: Final = 6
"""Letters from which a word may be one that is put together so."""


def take_joined(many: Open, one: Open, turned: bool) -> list[Placed]:
    """A word of `one` that is two to four neighbours of `many` written together."""
    taken: list[Placed] = []
    for place, y in list(one.items()):
        if len(many) < 2:
            break
        if y.role != "number" and (y.role != "core" or len(y.text) < 4):
            continue
        found = _run_for(many, y)
        if found:
            places, edits = found
            how = "joined" if many[places[0]].script == y.script else "sound"
            taken.append(_taken(how, many, places, one, place, turned, edits))
    return taken


def take_initials(many: Open, one: Open, turned: bool) -> list[Placed]:
    """A word of `one` that is the initials of three to five neighbours of `many`, beside others that both have:
    PKN of "Polski Koncern Naftowy Orlen"."""
    taken: list[Placed] = []
    for place, y in list(one.items()):
        if y.role != "core" or y.known or not LEAST_INITIALS <= len(y.native) <= MOST_INITIALS:
            continue
        places = list(many)
        for begin in range(len(places) - len(y.native) + 1):
            run = [many[n] for n in places[begin : begin + len(y.native)]]
            alike = all(
                t.script == y.script and t.native[0] == c
                for t, c in zip(run, y.native, strict=True)
            )
            if alike:
                found = places[begin : begin + len(y.native)]
                taken.append(_taken("short", many, found, one, place, turned))
                break
    return taken


def take_clipped(many: Open, one: Open, turned: bool) -> list[Placed]:
    """A word of `one` that is made of the beginnings of two or three neighbours of `many`: Petrobras of
    "Petróleo Brasileiro", Otosan of "Otomotiv Sanayi"."""
    taken: list[Placed] = []
    for place, y in list(one.items()):
        if y.role != "core" or y.known or y.script not in CLIPPED or len(y.native) < LEAST_CLIPPED:
            continue
        places = next((run for run in _runs(list(many)) if _clips(y, [many[n] for n in run])), None)
        if places:
            taken.append(_taken("short", many, places, one, place, turned))
    return taken


def take_translated(many: Open, one: Open, turned: bool) -> list[Placed]:
    """A word of `one` in Chinese characters that means what one to three neighbours of `many` say in English:
    红日 and "Red Sun"."""
    taken: list[Placed] = []
    for place, y in list(one.items()):
        if not may_be_translated(y):
            continue
        runs = sorted([[n] for n in many] + _runs(list(many)), key=len, reverse=True)
        places = next((run for run in runs if _translates(y, [many[n] for n in run])), None)
        if places:
            taken.append(_taken("gloss", many, places, one, place, turned))
    return taken


def _taken(
    how: str, many: Open, places: list[int], one: Open, place: int, turned: bool, edits: int = 0
) -> Placed:
    """The pair of words of `many` and the one that answers to them, which leave what is open; `turned`: that
    one is of the first name."""
    run, word = tuple(many.pop(n) for n in places), (one.pop(place),)
    if turned:
        return place, Pair(how, word, run, edits)
    return places[0], Pair(how, run, word, edits)


def may_be_translated(token: Token) -> bool:
    """Whether a word is in Chinese characters, and no place, number or proper name."""
    if token.script not in _WITH_CHARACTERS or (token.role == "core" and token.known):
        return False
    return token.role in ("core", "field", "weak") and has_characters(token.native)


def begins_in_english(part: Token, whole: Token) -> bool:
    """Whether a word may be the first of those that say in English what another means."""
    if part.script != "latin" or not may_be_translated(whole):
        return False
    return begins_translation(whole.native, part.native.replace(" ", ""))


def means_in_english(x: Token, y: Token) -> Pair | None:
    """The pair of a word and what it means in English."""
    return Pair("gloss", (x,), (y,)) if may_be_translated(y) and _translates(y, [x]) else None


def _translates(y: Token, run: Sequence[Token]) -> bool:
    if any(token.script != "latin" for token in run):
        return False
    return translated(y.native, "".join(token.native.replace(" ", "") for token in run))


def _runs(places: list[int]) -> list[list[int]]:
    return [places[at : at + size] for size in (2, 3) for at in range(len(places) - size + 1)]


def _clips(y: Token, run: Sequence[Token]) -> bool:
    one_script = all(token.script == y.script for token in run)
    return one_script and made_of(y.native, [token.native for token in run], whole=True)


def _run_for(many: Open, y: Token) -> tuple[list[int], int] | None:
    """The places of neighbours that are `y` if written together, and how many letters differ."""
    places = list(many)
    nearly: tuple[list[int], int] | None = None
    for begin in range(len(places) - 1):
        text = native = spoken = ""
        for end, place in enumerate(places[begin : begin + 4], begin + 1):
            token = many[place]
            text += token.text
            native += token.native
            spoken += latin(token.native, token.script)
            if end - begin == 1:
                continue
            if y.role == "number":
                if lexicon.number_of(native) == y.text:
                    return places[begin:end], 0
                continue
            if not {y.text, y.native}.isdisjoint((text, native, spoken)):
                return places[begin:end], 0
            if y.script == "han" and spoken.isascii() and spelt_overseas(y.native, spoken):
                return places[begin:end], 1
            edits = nearly_joined(spoken, y, token.script)
            if edits and (nearly is None or edits < nearly[1]):
                nearly = places[begin:end], edits
    return nearly
