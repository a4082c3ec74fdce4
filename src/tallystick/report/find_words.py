"""Why a company answers to what was asked, in English and Chinese."""

from __future__ import annotations

from typing import Final

from tallystick.identity.search import REASONS

_CHINESE: Final = {
    "code": "代码为 {left}",
    "identifier": "登记标识为 {left}",
    "exact": "名称相同",
    "contains": "名称含“{left}”",
    "letters": "字母几乎相同：{left} ~ {right}",
    "same": "同一词：{left}",
    "meaning": "两种语言中同义：{left} = {right}",
    "gloss": "词典释义相同：{left} = {right}",
    "sound": "两种文字中同音：{left} = {right}",
    "spelling": "同一词的两种拼法：{left} = {right}",
    "joined": "一处连写，一处分写：{left} = {right}",
    "typo": "拼写相近：{left} ~ {right}",
    "near": "只差一个字母：{left} ~ {right}",
    "short": "缩写：{left} = {right}",
    "homophone": "同音异字：{left} ~ {right}",
    "begins": "以“{left}”开头：{right}",
}

FINDING: Final[dict[str, tuple[str, str]]] = {
    f"found.{code}": (english.format("{left}", "{right}"), _CHINESE[code])
    for code, english in REASONS.items()
}
"""`found.` and the code of a reason -> its words."""
