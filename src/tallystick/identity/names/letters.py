"""Latin letters by their names in Korean and Japanese: 엘지 is LG, エヌティティ is NTT.

>>> in_letters("엘지"), in_letters("에스케이"), in_letters("エヌティティ"), in_letters("삼성")
('lg', 'sk', 'ntt', '')
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_KOREAN: Final = """
에이=a 비=b 씨=c 시=c 디=d 이=e 에프=f 지=g 에이치=h 아이=i 제이=j 케이=k 엘=l 엠=m 엔=n 오=o 피=p 큐=q
알=r 아르=r 에스=s 티=t 유=u 브이=v 더블유=w 엑스=x 와이=y 제트=z 앤=&
"""
_JAPANESE: Final = """
エー=a エイ=a ビー=b シー=c ディー=d デー=d イー=e エフ=f ジー=g エイチ=h エッチ=h アイ=i ジェイ=j
ジェー=j ケイ=k ケー=k エル=l エム=m エヌ=n オー=o ピー=p キュー=q アール=r エス=s ティー=t ティ=t
テー=t ユー=u ブイ=v ヴィ=v ダブリュー=w エックス=x ワイ=y ゼット=z アンド=&
"""
_NAMES: Final = dict(pair.split("=") for pair in f"{_KOREAN} {_JAPANESE}".split())
_ANY: Final = "|".join(sorted(_NAMES, key=lambda name: (-len(name), name)))
_LETTER: Final = re.compile(_ANY)
_SPELT: Final = re.compile(f"(?:{_ANY}){{2,6}}")


@lru_cache(maxsize=20_000)
def in_letters(word: str) -> str:
    """The Latin letters that a word names one by one, without &; "" where it names none or a single one."""
    if not _SPELT.fullmatch(word):
        return ""
    return "".join(_NAMES[name] for name in _LETTER.findall(word)).replace("&", "")
