"""Texts that stand where a name, an address or an account should be: they say nothing, and name nobody.

Worked example: forty shops whose form said "N/A" are not one company called "N/A"; beside an identifier the
placeholder is no name, and alone it is no identity at all.

>>> [is_placeholder(text) for text in ("N/A", "同上", "0000", " - ", "xxxxx", "Khong co")]
[True, True, True, True, True, True]
>>> [is_placeholder(text) for text in ("Nokia", "360", "3M", "Test Bau GmbH", "名创优品")]
[False, False, False, False, False]
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u0e7f])+")
"""Letters and digits; the vowel signs of Indic scripts and Thai are letters too."""

_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_LONGEST: Final = 400
"""Characters of a text that are looked at; what is longer says something."""

_NOTHING: Final = frozenset(
    """na none null nil nan tbd tba tbc todo test testing tester unknown unnamed anonymous noname notavailable
    notapplicable notprovided notknown asabove seeabove sameasabove ditto same idem xxx xx x company customer
    supplier buyer seller vendor default dummy sample example undefined blank empty private confidential
    individual various miscellaneous cash cashsale walkin guest user admin asdf qwerty abc123 companyname
    yourcompany noaddress sameaddress
    同上 无 無 不详 不詳 未知 暂无 待定 无地址 测试 測試 匿名 空 なし 同じ 不明 テスト 同左 없음 미상 테스트
    неизвестно нет тест неуказано khongco khong inconnu sansobjet neant unbekannt keine keineangabe entfallt
    wieoben desconocido ninguno sindato desconhecido nenhum semdados bilinmiyor yok sconosciuto nessuno
    tidakada غيرمعروف لايوجد ไม่มี ไม่ทราบ लागूनहीं अज्ञात""".split()
)
"""Placeholders, without accents and anything between their letters."""


def is_placeholder(text: str) -> bool:
    """Whether a text stands where a name should be, or has no letter or digit at all."""
    return len(text) <= _LONGEST and says_nothing(bare(text))


def bare(text: str) -> str:
    """The letters and digits of a text without case and accents."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
        plain = unicodedata.normalize("NFC", plain)
    return "".join(_WORD.findall(plain))


def is_listed(letters: str) -> bool:
    """Whether the bare letters of a text are a known placeholder."""
    return letters in _NOTHING


def says_nothing(letters: str) -> bool:
    """Whether the bare letters of a name are a placeholder: listed, or "0000", "12345", "xxxxx"."""
    if letters in _NOTHING or not letters:
        return True
    if letters.isdigit():
        return len(set(letters)) == 1 or letters in "01234567890"
    return len(letters) > 2 and len(set(letters)) == 1 and letters.isascii()
