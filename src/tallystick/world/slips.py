"""Slips of the finger: one edit in a name, as people and scanners make them.

Idea: a slip depends on how a script is typed. Latin letters come from neighbouring keys, are left out or
doubled; Chinese is typed by sound, so that a wrong character sounds alike. The held-out habits are letters
that change places and what a scanner takes for each other.

>>> from random import Random
>>> from tallystick.world.lexicon import languages
>>> slip("Huaqiang Electronics", languages()["de"], False, Random(3)) != "Huaqiang Electronics"
True
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Final

from tallystick.world.lexicon import Language, languages

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE: Final = {
    letter: row[max(0, n - 1) : n] + row[n + 1 : n + 2]
    for row in _ROWS
    for n, letter in enumerate(row)
}
_SCANNED: Final = (
    ("rn", "m"),
    ("l", "1"),
    ("O", "0"),
    ("o", "0"),
    ("m", "rn"),
    ("i", "l"),
    ("e", "c"),
)


def slip(text: str, language: Language, held_out: bool, rng: Random) -> str:
    """The text with one edit; as it is where nothing in it can be mistaken."""
    letters = [n for n, c in enumerate(text) if c.isalpha() and n]
    if len(letters) < 2:
        return text
    at = letters[int(rng.random() * len(letters))]
    if text[at].isascii():
        return _scanned(text, at, rng) if held_out else _typed(text, at, rng)
    if language.code == "zh" and not held_out:
        return _by_sound(text, rng)
    if text[at - 1].isalpha() and (held_out or rng.random() < 0.5):
        return _swapped(text, at)
    return text[:at] + text[at + 1 :]


def _typed(text: str, at: int, rng: Random) -> str:
    letter, kind = text[at], rng.random()
    if kind < 0.4:
        return text[:at] + text[at + 1 :]
    if kind < 0.6:
        return text[:at] + letter + text[at:]
    beside = _BESIDE.get(letter.lower(), "")
    if not beside:
        return text
    other = beside[int(rng.random() * len(beside))]
    return text[:at] + (other.upper() if letter.isupper() else other) + text[at + 1 :]


def _scanned(text: str, at: int, rng: Random) -> str:
    if rng.random() < 0.5 and text[at - 1].isalpha():
        return _swapped(text, at)
    seen = [(old, new) for old, new in _SCANNED if old in text[1:]]
    if not seen:
        return _swapped(text, at)
    old, new = seen[int(rng.random() * len(seen))]
    return text[0] + text[1:].replace(old, new, 1)


def _swapped(text: str, at: int) -> str:
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _by_sound(text: str, rng: Random) -> str:
    """Another character with the same sound for one of the text's."""
    places = [(n, others) for n, c in enumerate(text) if (others := _alike().get(c))]
    if not places:
        return text
    at, others = places[int(rng.random() * len(places))]
    return text[:at] + others[int(rng.random() * len(others))] + text[at + 1 :]


@cache
def _alike() -> dict[str, str]:
    """Character -> other characters of the lists, and a few common ones, with the same sound."""
    by_sound: dict[str, set[str]] = {}
    for shape in languages()["zh"].cores.items:
        for bag, _ in shape:
            for word in bag.items:
                by_sound.setdefault(word.latin, set()).add(word.native)
    for more in _COMMON.split():
        by_sound.setdefault(more[1:], set()).add(more[0])
    return {
        c: "".join(sorted(chars - {c}))
        for chars in by_sound.values()
        for c in chars
        if len(chars) > 1
    }


_COMMON: Final = """
欣xin 馨xin 衡heng 锐rui 佳jia 弘hong 洪hong 晟sheng 太tai 得de 添tian 冬dong 钟zhong 名ming
勇yong 惠hui 立li 丽li 佰bai 付fu 种zhong 红hong 闯chuang 可ke 幽you 梅mei 波bo 证zheng 芯xin
兴xing 一yi 韵yun 开kai 菲fei 进jin 元yuan 按an 保bao 童tong 河he 起qi 剧ju 健jian 男nan 常chang
霜shuang 闰run 维wei 湘xiang 风feng 峰feng 桐tong 墙qiang 香xiang 荣rong 容rong 会hui 成cheng
法fa 畅chang 夜ye 阳yang 云yun 雨yu 藤teng 一yi 棒bang 床chuang 连lian 园yuan 名ming 画hua
省sheng 抗kang 丽li
"""
