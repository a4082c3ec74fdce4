"""Company names in the script of their country, composed from word lists.

Idea: a name is a number written in a mixed radix whose digits are words. Number 0 of the Chinese list
is its first place, first syllable ... A stride that shares no factor with the number of combinations
spreads neighbours apart, and two companies of one country never get the same name before all
combinations are used (beyond that a numeral follows the name).

>>> compose("german", [0, 1]) == compose("german", [0, 1])
True
>>> len(set(compose("japanese", range(2000))))
2000
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd, prod
from typing import Final

_STRIDE: Final = 7_368_787

_EN_A = """Harbour Cedar Summit Ironbridge Willow Northgate Sterling Beacon Granite Silverline Oakfield
Redwood Larkspur Kestrel Foxglove Blackwater Ashdown Clearwater Highland Brightwell Copper Juniper
Meadow Falcon Prairie Lakeside Stonegate Evergreen Compass Anchor""".split()
_EN_B = """Ridge Trading Supply Home Industrial Outdoor Tool Textile Electronics Lighting Kitchen Garden
Motor Precision Packaging Medical Sports Marine Metal Paper""".split()
_DE_A = """Müller Schäfer Köhler Bauer Weiß Krüger Hoffmann Jäger Böhm Lindner Vogt Größer Steinbach
Rösler Falkenberg Brandt Grün Schröder Winkler Hübner Seidel Kaiser Engel Busch Pohl""".split()
_DE_B = """Maschinenbau Elektrotechnik Textil Werkzeuge Möbel Haushaltswaren Fahrzeugteile Chemie Metall
Verpackung Lebensmittel Spielwaren Optik Gartengeräte Armaturen Beschläge""".split()
_DE_C = "Nord Süd Rhein Elbe Weser Isar Neckar Main Spree Saale Ruhr Donau".split()
_FR_A = """Lefèvre Dubois Moreau Gérard Chevalier Beaumont Rousseau Delacroix Fontaine Marchand Lemaître
Renault-Duval Bélanger Charpentier Boulanger Mercier Garnier Faure Blanchard Périer""".split()
_FR_B = """Textiles Équipements Mécanique Cosmétiques Mobilier Électronique Agroalimentaire Emballages
Outillage Jouets Métaux Chimie Optique Jardins""".split()
_IT_A = """Rossi Ferrari Bianchi Colombo Ricci Marino Greco Conti Galli Mancini Lombardi Moretti Barbieri
Fontana Santoro Rinaldi Caruso Ferrara Gatti Pellegrini""".split()
_IT_B = """Tessuti Meccanica Arredi Ceramiche Elettronica Alimentari Calzature Utensili Giocattoli Metalli
Cosmetici Ricambi Imballaggi Illuminazione""".split()
_ES_A = """Águila Sierra Montaña Ramírez Hernández Cortés Peña Núñez Guzmán Ibáñez Solís Mendoza Zúñiga
Castañeda Quetzal Jalisco Noria Cañada Olmeca Bahía""".split()
_ES_B = """Textiles Alimentos Autopartes Herramientas Muebles Electrónica Químicos Juguetes Metales
Empaques Cosméticos Maquinaria""".split()
_PT_A = """Araújo Conceição Ipê Serra Guimarães Magalhães Jatobá Tucumã Ribeirão Sertão Paraíba Iguaçu
Mantiqueira Caiçara Andrade Brandão Assunção Leão Falcão Estação""".split()
_PT_B = """Têxtil Alimentos Máquinas Calçados Móveis Eletrônicos Autopeças Química Cosméticos Embalagens
Ferramentas Brinquedos""".split()
_PL_A = """Kowalski Wiśniewski Wójcik Zieliński Szymański Woźniak Dąbrowski Jabłoński Król Wróbel Pawłowski
Michalski Zając Górski Sikora Ostrowski""".split()
_PL_B = """Meble Narzędzia Tekstylia Maszyny Elektronika Żywność Opakowania Zabawki Chemia Części
Oświetlenie Okucia""".split()
_TR_A = """Yıldız Güneş Çelik Şahin Öztürk Doğan Aydın Kılıç Arslan Koç Güçlü Işık Bülbül Ağaoğlu Özgür
Şimşek Erdem Toprak Deniz Gökçe""".split()
_TR_B = """Tekstil Makina Mobilya Gıda Elektronik Kimya Oyuncak Ambalaj Metal Kozmetik Yedek-Parça
Aydınlatma""".split()
_TR_C = "İstanbul Bursa İzmir Gaziantep Denizli Kayseri Konya Adana Ankara Mersin".split()
_IN_A = """Shree Lakshmi Ganesh Sai Balaji Krishna Annapurna Saraswati Surya Chandra Himalaya Ganga Kaveri
Narmada Vindhya Ashoka Maurya Patel Agarwal Sharma Gupta Mehta Iyer Reddy""".split()
_IN_B = """Textiles Exports Industries Engineering Polymers Chemicals Spices Garments Castings Electricals
Handicrafts Pharma Packaging Auto-Components""".split()
_VN_A = """Thành Hưng Phú Đại Minh Hoàng An Tân Việt Nam Trường Kim Hải Đông Bình Thái""".split()
_VN_B = """Phát Thịnh Long Cường Sơn Hòa Lộc Tiến Vượng Đạt Quang Khánh Phong Gia Anh""".split()
_VN_C = "Dệt-May Gỗ Thủy-Sản Điện-Tử Cơ-Khí Nội-Thất Bao-Bì Giày-Da Nông-Sản Nhựa Gốm-Sứ".split()
_CN_A = """深圳 广州 宁波 义乌 杭州 上海 苏州 东莞 佛山 厦门 青岛 泉州 温州 中山 南京 武汉 成都 天津 无锡 绍兴
汕头 福州 常州 台州""".split()
_CN_B = "华 鑫 瑞 恒 盛 嘉 宏 泰 德 隆 锦 海 明 天 永 金 佳 百 信 和".split()
_CN_C = "达 丰 源 通 祥 荣 兴 诚 顺 利 昌 运 辉 洋 凯 益 润 邦 创 联".split()
_CN_D = "电子科技 纺织品 机械设备 家居用品 玩具 化工 金属制品 食品 化妆品 汽车配件 国际贸易 五金制品".split()
_JP_A = """山田 鈴木 佐藤 高橋 田中 渡辺 伊藤 中村 小林 加藤 吉田 松本 井上 木村 清水 斎藤 森田 池田 橋本
石川 前田 藤原 岡本 長谷川""".split()
_JP_B = "東京 大阪 名古屋 横浜 神戸 京都 福岡 札幌 仙台 広島 新潟 浜松".split()
_JP_C = "電機 精機 繊維 工業 化学 食品 商事 製作所 金属 産業 玩具 自動車部品".split()
_KR_A = "한빛 대성 동양 미래 신세 삼우 태평 금강 한강 백두 우리 하나 청솔 새한 서진 영광".split()
_KR_B = "전자 섬유 기계 화학 식품 무역 산업 금속 정밀 가구 완구 부품".split()
_KR_C = "서울 부산 대구 인천 광주 대전 울산 수원 창원 구미".split()
_RU_A = """Алтын Степь Байтерек Восток Каспий Алатау Арман Жетысу Тулпар Самал Достык Меридиан Хан-Тенгри
Орион Сарыарка Бурабай""".split()
_RU_B = """Трейд Металл Текстиль Агро Машиностроение Химпром Электро Логистика Строй Мебель Пак
Индустрия""".split()
_RU_C = "Алматы Астана Шымкент Караганда Актобе Павлодар Семей Костанай".split()
_SR_A = """Јовановић Петровић Николић Ђорђевић Марковић Стојановић Милошевић Павловић Љубић Њежић
Живковић Шумадија Морава Златибор Дунав Копаоник""".split()
_SR_B = "Текстил Храна Намештај Метал Алати Хемија Електро Паковање Пластика Машине".split()
_SR_C = "Београд Ниш Суботица Крагујевац Чачак Ужице Ваљево Шабац".split()

_SHAPES: Final[dict[str, tuple[str, tuple[list[str], ...]]]] = {
    "chinese": ("{}{}{}{}{}", (_CN_A, _CN_B, _CN_C, _CN_D, ["有限公司", "股份有限公司"])),
    "english": ("{} {} {} {}", (_EN_A, _EN_A, _EN_B, ["Ltd", "LLC", "Inc", "Co"])),
    "german": ("{} {} {} {}", (_DE_A, _DE_B, _DE_C, ["GmbH", "AG", "GmbH & Co. KG", "KG"])),
    "french": ("{} & {} {} {}", (_FR_A, _FR_A, _FR_B, ["SARL", "SAS", "SA"])),
    "italian": ("{} e {} {} {}", (_IT_A, _IT_A, _IT_B, ["S.r.l.", "S.p.A.", "S.n.c."])),
    "spanish": ("{} {} {} {}", (_ES_A, _ES_A, _ES_B, ["S.A. de C.V.", "S. de R.L."])),
    "portuguese": ("{} {} {} {}", (_PT_A, _PT_A, _PT_B, ["Ltda", "S.A.", "EIRELI"])),
    "polish": ("{} {} {} {}", (_PL_A, _PL_A, _PL_B, ["Sp. z o.o.", "S.A.", "Sp. j."])),
    "turkish": ("{} {} {} {} {}", (_TR_A, _TR_A, _TR_B, _TR_C, ["A.Ş.", "Ltd. Şti."])),
    "indian": ("{} {} {} {}", (_IN_A, _IN_A, _IN_B, ["Pvt Ltd", "Private Limited", "LLP"])),
    "vietnamese": ("Công ty {} {} {} {}", (["TNHH", "Cổ phần"], _VN_A, _VN_B, _VN_C)),
    "japanese": ("{}{}{}{}", (["株式会社", "有限会社", "合同会社"], _JP_B, _JP_A, _JP_C)),
    "korean": ("{} {}{} {}", (["주식회사", "(주)"], _KR_A, _KR_B, _KR_C)),
    "russian": ("{} {} {} {}", (["ТОО", "АО"], _RU_A, _RU_B, _RU_C)),
    "serbian": ("{} {} {} {}", (_SR_A, _SR_B, _SR_C, ["д.о.о.", "а.д."])),
}

SCRIPTS: Final = tuple(_SHAPES)

_SERVICE_FIRST: Final = """Meridian Harbour Polar Caravel Delta Orion Atlas Baltic Andes Pacific Lodestar
Kestrel""".split()
_SERVICE_LAST: Final = {
    "carrier": "Line",
    "bank": "Bank",
    "insurer": "Assurance",
    "inspector": "Inspection",
    "payment_service": "Pay",
    "platform": "Tradeport",
}


def compose(script: str, numbers: Iterable[int]) -> list[str]:
    """The names with those numbers. Raises `KeyError` for a script that is not in `SCRIPTS`."""
    shape, lists = _SHAPES[script]
    total = prod(len(words) for words in lists)
    stride = _STRIDE
    while gcd(stride, total) != 1:
        stride += 2
    return [_name(shape, lists, number * stride % total, number // total) for number in numbers]


def service_name(role: str, number: int) -> str:
    """The name of the n-th carrier, bank, insurer ..., from 0.

    >>> service_name("bank", 1), service_name("carrier", 12)
    ('Harbour Bank', 'Meridian Line 2')
    """
    lap, word = divmod(number, len(_SERVICE_FIRST))
    return f"{_SERVICE_FIRST[word]} {_SERVICE_LAST[role]}" + (f" {lap + 1}" if lap else "")


def _name(shape: str, lists: tuple[list[str], ...], rest: int, lap: int) -> str:
    words = []
    for choice in lists:
        rest, digit = divmod(rest, len(choice))
        words.append(choice[digit])
    return shape.format(*words) + (f" {lap + 1}" if lap else "")
