"""Thai and Devanagari in Latin letters, as firms there romanise their own names.

Both leave out vowels that are spoken. Devanagari speaks an "a" after each consonant that bears no other vowel,
but for the last. Thai speaks "o" or "a", sounds a consonant at the end of a syllable otherwise than at its
beginning (ส is s and t), writes some vowels before their consonant and marks what is silent. A syllable takes
the next consonant as its end where no vowel belongs to that.

>>> thai("มงคลศักดิ์"), thai("ทองผลชัย"), devanagari("बंसल"), devanagari("शाह")
('mongkhonsak', 'thongphonchai', 'bansal', 'shah')
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FIRST: Final = dict(
    pair.split("=")
    for pair in """
    ก=k ข=kh ฃ=kh ค=kh ฅ=kh ฆ=kh ง=ng จ=ch ฉ=ch ช=ch ซ=s ฌ=ch ญ=y ฎ=d ฏ=t ฐ=th ฑ=th ฒ=th ณ=n ด=d ต=t ถ=th
    ท=th ธ=th น=n บ=b ป=p ผ=ph ฝ=f พ=ph ฟ=f ภ=ph ม=m ย=y ร=r ล=l ว=w ศ=s ษ=s ส=s ห=h ฬ=l อ= ฮ=h ฤ=rue
    """.split()
)
_LAST: Final = dict(
    pair.split("=")
    for pair in """
    ก=k ข=k ค=k ฆ=k ง=ng จ=t ฉ=t ช=t ซ=t ฌ=t ญ=n ฎ=t ฏ=t ฐ=t ฑ=t ฒ=t ณ=n ด=t ต=t ถ=t ท=t ธ=t น=n บ=p ป=p
    ผ=p ฝ=p พ=p ฟ=p ภ=p ม=m ย=i ร=n ล=n ว=o ศ=t ษ=t ส=t ห= ฬ=n อ=o ฮ= ฤ=
    """.split()
)
_VOWELS: Final = {
    "ะ": "a",
    "า": "a",
    "ำ": "am",
    "ิ": "i",
    "ี": "i",
    "ึ": "ue",
    "ื": "ue",
    "ุ": "u",
    "ู": "u",
} | {
    "ั": "a",
    "็": "e",
}
_BEFORE: Final = {"เ": "e", "แ": "ae", "โ": "o", "ไ": "ai", "ใ": "ai"}
_TONES: Final = re.compile("[่-๋ๆ]")
_SILENT: Final = re.compile("(?:[ทตด]ร|[ก-ฮ])[ิุ]?์")
_DOUBLED: Final = re.compile("รร")
_LOST_R: Final = re.compile("(?:(?<=[ิุั])|(?<=เพ))([ตทกชด])ร(?![ะ-ู])")
_SIBILANT: Final = re.compile("[ศสซ]ร(?=[ะ-ู])|ทร(?=[ัาี])")
_LONG: Final = re.compile("เ([ก-ฮ][รลว]?)(ีย|ือ)")
_LONG_VOWELS: Final = {"ีย": "ีา", "ือ": "ึา"}
"""Vowels written around their consonant, as two that follow it."""

_SYLLABLE: Final = re.compile(
    "([เแโไใ]?)([ก-ฮ][รลว]?(?=[ะ-ฺ็])|[ก-ฮ])([ะ-ฺ็]*)(อ(?![ะ-ฺ็])|ว(?=[ก-ฮ](?![ะ-ฺ็])))?([ก-ฮ](?![ะ-ฺ็]))?"
)


def thai(word: str) -> str:
    """A Thai word in Latin letters."""
    word = _LONG.sub(lambda found: found[1] + _LONG_VOWELS[found[2]], word)
    word = _SILENT.sub("", _TONES.sub("", word))
    word = _SIBILANT.sub("ส", _LOST_R.sub(r"\1", _DOUBLED.sub("ัน", word)))
    return _SYLLABLE.sub(_syllable, word)


def _syllable(found: re.Match[str]) -> str:
    before, first, signs, glide, last = found.groups(default="")
    sound = "".join(_FIRST[letter] for letter in first)
    vowels = _BEFORE.get(before, "") if not signs else ""
    vowels += "".join(_VOWELS.get(sign, "") for sign in signs)
    if glide:
        vowels = vowels + "a" if vowels else "o" if glide == "อ" else "ua"
    if not vowels:
        vowels = "o" if last else "a"
    return sound + vowels + _LAST.get(last, "")


_DEVANAGARI: Final = dict(
    pair.split("=")
    for pair in """
    क=k ख=kh ग=g घ=gh ङ=n च=ch छ=chh ज=j झ=jh ञ=n ट=t ठ=th ड=d ढ=dh ण=n त=t थ=th द=d ध=dh न=n प=p फ=ph
    ब=b भ=bh म=m य=y र=r ल=l व=v श=sh ष=sh स=s ह=h ळ=l
    """.split()
)
_MATRAS: Final = dict(
    pair.split("=")
    for pair in """
    ा=a ि=i ी=i ु=u ू=u ृ=ri े=e ै=ai ो=o ौ=au ॉ=o ॅ=e ं=n ँ=n ः=h ्= अ=a आ=a इ=i ई=i उ=u ऊ=u ऋ=ri ए=e
    ऐ=ai ओ=o औ=au ऑ=o ऍ=e
    """.split()
)
_VOWELLED: Final = frozenset("ािीुूृेैोौॉॅ्")
_DOT: Final = "\u093c"
"""The sign under a letter of a foreign sound."""


def devanagari(word: str) -> str:
    """A word in Devanagari in Latin letters; what is none stays as it is."""
    word = unicodedata.normalize("NFD", word)
    word = word.replace("ज" + _DOT, "z").replace("फ" + _DOT, "f").replace(_DOT, "")
    found = []
    for n, letter in enumerate(word):
        sound = _DEVANAGARI.get(letter)
        if sound is None:
            found.append(_MATRAS.get(letter, letter))
            continue
        after = word[n + 1 : n + 2]
        spoken = after and after not in _VOWELLED
        found.append(sound + ("a" if spoken else ""))
    return "".join(found)
