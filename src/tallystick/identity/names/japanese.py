"""How Chinese characters in Japanese names are read: 藤川 is Fujikawa, not Tengchuan.

A table of one reading for each character that family names and places are made of. The sounds that change
within a word (kawa, gawa) are one to those who compare consonants. A word with a character that is not in
the table is left to be read as Chinese.

>>> spoken("藤川"), spoken("村田"), spoken("電脳")
('fujikawa', 'murata', None)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tallystick.identity.names.lexicon import simplified

_JAPANESE: Final = re.compile("[\u3041-\u30fa]|株式会社|有限会社|合同会社|合資会社|合名会社")

_READINGS: Final = """
藤 fuji 川 kawa 河 kawa 田 ta 中 naka 仲 naka 山 yama 村 mura 松 matsu 下 shita 上 kami
石 ishi 橋 hashi 高 taka 木 ki 林 hayashi 森 mori 井 i 小 ko 大 o 野 no 原 hara 島 shima
嶋 shima 崎 saki 﨑 saki 浜 hama 濱 hama 岡 oka 丘 oka 池 ike 春 haru 口 kuchi 谷 tani
福 fuku 本 moto 元 moto 坂 saka 阪 saka 水 mizu 清 kiyo 長 naga 永 naga 西 nishi 東 higashi
北 kita 南 minami 日 hi 宮 miya 前 mae 竹 take 武 take 杉 sugi 金 kane 栗 kuri 堀 hori
黒 kuro 白 shiro 青 ao 赤 aka 新 shin 古 furu 安 yasu 渡 wata 辺 nabe 邊 nabe 佐 sa 伊 i
加 ka 斎 sai 斉 sai 近 kon 後 go 工 ku 遠 en 三 mi 内 uchi 関 seki 増 masu 今 ima 平 hira
吉 yoshi 光 mitsu 丸 maru 秋 aki 夏 natsu 冬 fuyu 沢 sawa 澤 sawa 横 yoko 桜 sakura 菊 kiku
梅 ume 柳 yanagi 岩 iwa 土 tsuchi 砂 suna 海 umi 江 e 津 tsu 戸 to 門 kado 角 kado 市 ichi
町 machi 里 sato 郷 go 郡 kori 国 kuni 荒 ara 若 waka 早 haya 速 haya 深 fuka 浅 asa 朝 asa
麻 asa 旭 asahi 明 aki 星 hoshi 月 tsuki 雲 kumo 雪 yuki 風 kaze 花 hana 草 kusa 葉 ha 根 ne
枝 eda 桑 kuwa 柿 kaki 桃 momo 榎 enoki 楠 kusu 桐 kiri 樋 hi 滝 taki 瀧 taki 泉 izumi
沼 numa 淵 fuchi 瀬 se 岸 kishi 波 nami 湯 yu 塩 shio 米 yone 稲 ina 麦 mugi 畑 hata 畠 hata
園 sono 牧 maki 馬 uma 牛 ushi 犬 inu 鳥 tori 鶴 tsuru 亀 kame 熊 kuma 鹿 shika 猪 ino
鈴 suzu 鍋 nabe 釜 kama 刀 katana 弓 yumi 矢 ya 剣 ken 玉 tama 宝 takara 倉 kura 蔵 kura
庄 sho 寺 tera 神 kami 塚 tsuka 城 shiro 堂 do 尾 o 足 ashi 手 te 目 me 首 kubi 頭 kashira
久 hisa 正 masa 昌 masa 政 masa 和 kazu 一 ichi 二 ni 四 yo 五 go 六 roku 七 nana 八 ya
九 ku 十 ju 千 chi 万 man 重 shige 茂 shige 繁 shige 広 hiro 弘 hiro 浩 hiro 博 hiro 秀 hide
英 hide 勝 katsu 克 katsu 義 yoshi 善 yoshi 良 yoshi 好 yoshi 富 tomi 豊 toyo 利 toshi
俊 toshi 年 toshi 幸 yuki 行 yuki 之 yuki 信 nobu 伸 nobu 延 nobu 則 nori 徳 toku 徹 toru
隆 taka 孝 taka 貴 taka 忠 tada 直 nao 尚 nao 尊 taka 雄 o 男 o 夫 o 彦 hiko 郎 ro 子 ko
美 mi 恵 e 志 shi 保 ho 相 ai 会 ai 飯 ii 板 ita 片 kata 梶 kaji 笠 kasa 柏 kashiwa 鎌 kama
菅 suga 須 su 住 sumi 反 tan 丹 tan 辻 tsuji 筒 tsutsu 堤 tsutsumi 冨 tomi 服 hatto 部 ri
細 hoso 真 ma 間 ma 溝 mizo 皆 mina 宗 mune 望 mochi 持 mochi 守 mori 屋 ya 藪 yabu 陽 yo
鷲 washi 脇 waki
""".split()


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    found: dict[str, str] = {}
    for character, reading in zip(_READINGS[::2], _READINGS[1::2], strict=True):
        found.setdefault(simplified(character), reading)
    return found


def is_japanese(text: str) -> bool:
    """Whether a name is Japanese by its legal form or its kana."""
    return _JAPANESE.search(text) is not None


def spoken(word: str) -> str | None:
    """A word of two to four characters as it is read in Japan; None where the table does not tell."""
    if not 2 <= len(word) <= 4:
        return None
    readings = [_readings().get(character) for character in simplified(word)]
    return None if None in readings else "".join(filter(None, readings))
