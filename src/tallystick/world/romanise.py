"""Other scripts in Latin letters, and Latin letters without their accents, as people type them.

Idea: the words of a simulated company carry their romanisation where it cannot be told from the writing
(Chinese, kanji, Thai, Arabic); where a table of letters tells it (kana, Cyrillic) it is made here. Every
script has two habits: the common one, and another that a reader has to cope with too.

>>> romanise("Промтехстрой"), romanise("Щукин", "b")
('Promtekhstroy', 'Scukin')
>>> romanise("ソラックス"), romanise("ショー", "b")
('Sorakkusu', 'Syo')
>>> plain("Müller Łódź"), plain("Müller", written_out=True)
('Muller Lodz', 'Mueller')
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_KANA: Final = dict(
    pair.split("=")
    for pair in """
ア=a イ=i ウ=u エ=e オ=o カ=ka キ=ki ク=ku ケ=ke コ=ko サ=sa シ=shi ス=su セ=se ソ=so タ=ta
チ=chi ツ=tsu テ=te ト=to ナ=na ニ=ni ヌ=nu ネ=ne ノ=no ハ=ha ヒ=hi フ=fu ヘ=he ホ=ho マ=ma
ミ=mi ム=mu メ=me モ=mo ヤ=ya ユ=yu ヨ=yo ラ=ra リ=ri ル=ru レ=re ロ=ro ワ=wa ン=n ガ=ga ギ=gi
グ=gu ゲ=ge ゴ=go ザ=za ジ=ji ズ=zu ゼ=ze ゾ=zo ダ=da デ=de ド=do バ=ba ビ=bi ブ=bu ベ=be ボ=bo
パ=pa ピ=pi プ=pu ペ=pe ポ=po ショ=sho シュ=shu チャ=cha キョ=kyo ティ=ti ー=
""".split()
)
_MORA: Final = re.compile("ッ?(?:" + "|".join(sorted(_KANA, key=len, reverse=True)) + ")|ッ")
_KUNREI: Final = (
    *(("sh" + v, "sy" + v) for v in "auo"),
    *(("ch" + v, "ty" + v) for v in "auo"),
    *(("j" + v, "zy" + v) for v in "auo"),
    ("shi", "si"),
    ("chi", "ti"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
)
_RUSSIAN: Final = dict(
    pair.split("=")
    for pair in """
а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts
ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya""".split()
)
_RUSSIAN_B: Final = _RUSSIAN | dict(
    pair.split("=") for pair in "ё=e ж=z й=j х=h ц=c ч=c ш=s щ=sc ю=ju я=ja".split()
)
_SERBIAN: Final = dict(
    pair.split("=")
    for pair in """
а=a б=b в=v г=g д=d ђ=đ е=e ж=ž з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=ć
у=u ф=f х=h ц=c ч=č џ=dž ш=š
""".split()
)
_SERBIAN_B: Final = _SERBIAN | dict(
    pair.split("=") for pair in "ђ=dj ж=zh ћ=ch ч=ch ш=sh џ=dz".split()
)

_LOOSE: Final = str.maketrans("łŁđĐıøØ", "lLdDioO")
_WRITTEN_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_MARKS: Final = re.compile("[\u0300-\u036f]")


@lru_cache(maxsize=200_000)
def romanise(text: str, habits: str = "a", serbian: bool = False) -> str:
    """Kana and Cyrillic in Latin letters, first letter large if there is any; the rest stays as it is."""
    if any("ァ" <= c <= "ヺ" for c in text):
        out = _kana(text)
        return _capital(kunrei(out) if habits == "b" else out)
    if serbian:
        table = _SERBIAN_B if habits == "b" else _SERBIAN
    else:
        table = _RUSSIAN_B if habits == "b" else _RUSSIAN
    return "".join(_letter(c, table) for c in text)


def _letter(c: str, table: dict[str, str]) -> str:
    if c in table:
        return table[c]
    low = c.lower()
    return _capital(table[low]) if low in table else c


def _kana(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        mora = match.group()
        if mora == "ッ":
            return "t"
        if mora[0] != "ッ":
            return _KANA[mora]
        sound = _KANA[mora[1:]]
        return sound[:1] + sound

    return _MORA.sub(one, text)


def kunrei(romaji: str) -> str:
    """Japanese in Hepburn's spelling as the Kunrei system spells it.

    >>> kunrei("Fujishima")
    'Huzisima'
    """
    out = romaji.lower()
    for hepburn, other in _KUNREI:
        out = out.replace(hepburn, other)
    return " ".join(map(_capital, out.split())) if romaji[:1].isupper() else out


@lru_cache(maxsize=200_000)
def plain(text: str, written_out: bool = False) -> str:
    """Latin letters without accents; `written_out` spells umlauts with two letters."""
    if text.isascii():
        return text
    if written_out:
        text = "".join(_WRITTEN_OUT.get(c, c) for c in text)
        text = text.replace("đ", "dj").replace("Đ", "Dj")
    text = text.replace("ß", "ss").translate(_LOOSE)
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
