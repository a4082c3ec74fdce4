"""Countries as people write them: by code, by name in a language of trade, in short.

Idea: what is dropped here makes two companies of one, since a name counts with its country. So a name of a
country is its code, whatever language it stands in, by the names of the CLDR (Unicode Consortium).

>>> [country_code(text) for text in ("de", "DEU", "Germany", "Deutschland", "德国", "UK", "U.S.A.", "Korea")]
['DE', 'DE', 'DE', 'DE', 'DE', 'GB', 'US', 'KR']
>>> country_code("Lagos"), country_code("")
(None, None)
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache
from typing import Final

_LANGUAGES: Final = (
    "en zh zh_Hant de fr es pt it nl pl cs sv da nb fi ru uk tr ja ko vi th id ms ar fa he hi ro hu el bg"
).split()
_SAID: Final = {
    "america": "US", "unitedstatesofamerica": "US", "theunitedstates": "US", "us": "US",
    "greatbritain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northernireland": "GB",
    "britain": "GB", "holland": "NL", "thenetherlands": "NL", "korea": "KR", "republicofkorea": "KR",
    "koreasouth": "KR", "korearepublicof": "KR", "peoplesrepublicofchina": "CN", "prchina": "CN",
    "prc": "CN", "chinamainland": "CN", "mainlandchina": "CN", "中国大陆": "CN", "中华人民共和国": "CN",
    "hongkongsar": "HK", "hongkongchina": "HK", "中国香港": "HK", "中国澳门": "MO", "中国台湾": "TW",
    "taiwanchina": "TW", "taiwanprovinceofchina": "TW", "russianfederation": "RU", "czechrepublic": "CZ",
    "slovakrepublic": "SK", "vietnamsocialistrepublicof": "VN", "socialistrepublicofvietnam": "VN",
    "iranislamicrepublicof": "IR", "islamicrepublicofiran": "IR", "moldovarepublicof": "MD",
    "republicofmoldova": "MD", "tanzaniaunitedrepublicof": "TZ", "unitedrepublicoftanzania": "TZ",
    "boliviaplurinationalstateof": "BO", "venezuelabolivarianrepublicof": "VE",
    "syrianarabrepublic": "SY", "laopeoplesdemocraticrepublic": "LA", "bruneidarussalam": "BN",
    "ivorycoast": "CI", "burma": "MM", "swaziland": "SZ", "capeverde": "CV", "easttimor": "TL",
    "macedonia": "MK", "uae": "AE", "ksa": "SA", "republicofireland": "IE", "turkey": "TR",
    "hongkong": "HK", "macau": "MO", "macao": "MO", "palestine": "PS", "阿联酋": "AE", "香港": "HK",
    "澳门": "MO", "澳門": "MO", "臺灣": "TW", "台灣": "TW", "한국": "KR", "российскаяфедерация": "RU",
    "السعودية": "SA", "ประเทศไทย": "TH", "netherlandsthe": "NL", "democraticrepublicofthecongo": "CD",
    "drcongo": "CD", "congo": "CG", "congothedemocraticrepublicofthe": "CD", "saotomeandprincipe": "ST",
    "kosovo": "XK", "xkx": "XK",
}  # fmt: skip
"""Folded names that the CLDR does not have, or not first."""
_ALIASES: Final = {"UK": "GB", "EL": "GR"}
ALIASES: Final = frozenset(_ALIASES)
"""Codes of two letters that are widely written for another: the United Kingdom's, Greece's in VAT numbers."""


def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a country that is written as a code of two or three letters or by its name; any
    two letters are taken for a code. None where no country is meant."""
    short = text.replace(".", "").strip()  # U.K.
    if len(short) == 2 and short.isascii() and short.isalpha():
        upper = short.upper()
        return _ALIASES.get(upper, upper)
    return _by_name().get(_folded(short))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", "and"))
    return "".join(c for c in plain if c.isalnum())


@cache
def _by_name() -> dict[str, str]:
    """Folded name or code of three letters -> code."""
    from babel import Locale
    from babel.core import get_global

    said: dict[str, set[str]] = defaultdict(set)
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1 and len(codes[0]) == 2:
            said[alias.casefold()].add(codes[0])
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY:
                said[_folded(name)].add(code)
    sure = {
        name: min(codes) for name, codes in said.items() if len(codes) == 1
    }  # Kongo is two countries
    return sure | {_folded(name): code for name, code in _SAID.items()}


_NO_COUNTRY: Final = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))
