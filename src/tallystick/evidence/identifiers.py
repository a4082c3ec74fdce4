"""Company identifiers, validated by their check digits, and names in one spelling.

Idea: a party description names a company by its strongest valid identifier; only where it has none does
its normalised name with the country stand in. An identifier that fails its check digits is kept beside
the description but never names anybody: a typo must not merge two firms.

>>> row = describe("ACME Trading Co., Ltd.", "cn", [("lei", "529900T8BM49AURSDO55")])
>>> row.ref, row.name_key
('lei:529900T8BM49AURSDO55', 'acme trading')
>>> describe("ACME Trading Company Limited", "CN", []).ref
'name:acme trading|CN'

Sources: ISO 17442 (LEI), ISO 9362 (BIC), GB 32100-2015 (USCC), Regulation (EU) 952/2013 and its code
lists (EORI), national VAT rules as python-stdnum holds them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from tallystick.evidence.countries import country_code
from tallystick.evidence.details import OWN_NAME, Details, traits_of
from tallystick.evidence.placeholders import is_placeholder
from tallystick.evidence.registers import is_mistaken, same_number, vat_number
from tallystick.units import hash64

_EORI: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
_SQUEEZE: Final = re.compile(r"[\s.\-/_]+")
_WORD: Final = re.compile(r"[^\w]+")

STRENGTH: Final = ("lei", "cn.uscc", "vat", "eori", "reg", "gln", "duns", "bic", "id", "name")
"""Schemes from the strongest; `reg.<cc>` and `id:<namespace>` go by their first part."""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party description as the book keeps it; the columns of the schema PARTY."""

    party: int
    ref: str
    name: str | None
    name_key: str | None
    country: str | None
    ids: list[str] = field(default_factory=list)
    bad_ids: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)


def _stdnum(module: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        from importlib import import_module

        return str(import_module(f"stdnum.{module}").validate(value))

    return check


def _eori(value: str) -> str:
    compact = _SQUEEZE.sub("", value).upper()
    if not _EORI.fullmatch(compact):
        raise ValueError(value)
    return compact


def _duns(value: str) -> str:
    compact = _SQUEEZE.sub("", value)
    if not (compact.isascii() and compact.isdigit() and len(compact) == 9):
        raise ValueError(value)
    return compact


def _bic(value: str) -> str:
    """The eight characters that name a bank; three more name a branch of it."""
    return _stdnum("bic")(value)[:8]


_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "lei": _stdnum("lei"),
    "cn.uscc": _stdnum("cn.uscc"),
    "gln": _stdnum("ean"),
    "vat": vat_number,
    "eori": _eori,
    "duns": _duns,
    "bic": _bic,
}


@lru_cache(maxsize=200_000)
def check_identifier(scheme: str, value: str) -> tuple[str, bool]:
    """`scheme:value` in its canonical spelling, and whether it is valid.

    Schemes without a rule (`id:<namespace>`, `reg.<cc>`) are valid when the value is not empty, and stay as
    they are written; but one that means a register (`registers`) is not valid where the check digits are wrong.
    The bare name of a register, such as 0192, is read as ours.

    >>> check_identifier("id:0192", "974 760 673"), check_identifier("0192", "974 760 673")
    (('id:0192:974 760 673', True), ('reg.no:974760673', True))
    >>> check_identifier("id:0192", "974760674")
    ('id:0192:974760674', False)
    """
    scheme, value = scheme.strip().lower(), value.strip()
    check = _CHECKS.get(scheme)
    if check is None:
        ref = f"{scheme.replace('id.', 'id:', 1)}:{value}"
        if scheme.startswith(("id:", "id.", "reg.")):
            return ref, bool(value) and not is_mistaken(scheme, value)
        known = same_number(scheme, value)
        return known or ref, known is not None
    try:
        return f"{scheme}:{check(value)}", True
    except Exception:  # each module of stdnum has its own errors; all mean "not valid"
        return f"{scheme}:{value}", False


def split_ref(text: str) -> tuple[str, str]:
    """`scheme:value` as written in tables -> (scheme, value); `id:ns:value` keeps its namespace.

    >>> split_ref("id:olist.seller:3442f8"), split_ref("lei:529900T8BM49AURSDO55")
    (('id:olist.seller', '3442f8'), ('lei', '529900T8BM49AURSDO55'))
    """
    scheme, _, value = text.partition(":")
    if scheme.strip().lower() == "id":
        namespace, _, value = value.partition(":")
        return f"id:{namespace.strip()}", value.strip()
    return scheme.strip(), value.strip()


def split_refs(text: str) -> list[tuple[str, str]]:
    """Several `scheme:value` with `;` between them, as a cell of a table holds them.

    >>> split_refs("id:tradeport.member:17; lei:529900T8BM49AURSDO55")
    [('id:tradeport.member', '17'), ('lei', '529900T8BM49AURSDO55')]
    """
    return [split_ref(part) for part in text.split(";") if part.strip()]


# Legal forms that end (or begin) a company's name, in the spelling that `normalise_name` gives them.
_FORMS: Final = frozenset(
    """ltd limited llc llp lp inc incorporated corp corporation co company plc gmbh ag kg ohg ug mbh
    sa sas sarl sl slu srl spa sp nv bv bvba oy oyj ab as asa aps kft zrt doo dd ad sro spol oo zoo
    pte pty pvt private sdn bhd tbk pt cv jsc pjsc ooo oao zao pao ltda eireli me epp sti san tic
    kk kabushiki kaisha yk gk ооо оао зао пао ао ип тов şti""".split()
)
_CJK_FORMS: Final = re.compile(
    r"(股份有限公司|有限责任公司|有限責任公司|有限公司|株式会社|有限会社|合同会社|주식회사|유한회사|\(주\)|㈜)"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")  # not the voicing marks of Japanese
_ONE_LETTER: Final = re.compile(r"(?<!\w)((?:\w\s){1,5}\w)(?!\w)")


@lru_cache(maxsize=500_000)
def normalise_name(name: str) -> str:
    """A name without case, accents, punctuation and legal form; words stay in their order.

    >>> normalise_name("Müller & Söhne GmbH & Co. KG"), normalise_name("深圳市华强电子有限公司")
    ('muller sohne', '深圳市华强电子')
    """
    text = unicodedata.normalize("NFKD", _CJK_FORMS.sub(" ", unicodedata.normalize("NFKC", name)))
    text = _ACCENTS.sub("", text).casefold()
    text = unicodedata.normalize("NFC", text).replace("ı", "i")
    text = _WORD.sub(" ", text.replace(".", "").replace("'", "").replace("’", "")).strip()
    text = _ONE_LETTER.sub(lambda m: m.group(1).replace(" ", ""), text)
    words = text.split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _FORMS:
        kept.pop()
    while len(kept) > 1 and kept[0] in _FORMS:
        kept.pop(0)
    return " ".join(kept)


_DIRECTION: Final = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks of direction and blanks without width."""


def shown_name(name: str | None) -> str | None:
    """A name as written, blanks collapsed, without marks that turn the direction of reading, by which a name
    would show as another; None of a placeholder, which names nobody.

    >>> shown_name(" ACME  Ltd"), shown_name("\u202eemcA\u202c Ltd"), shown_name("N/A"), shown_name("同上")
    ('ACME Ltd', 'emcA Ltd', None, None)
    """
    text = " ".join(_DIRECTION.sub("", name or "").split())
    return text if text and not is_placeholder(text) else None


def strength(ref: str) -> tuple[int, str]:
    """Sort key of a reference: the strongest scheme first, then alphabetical."""
    first = re.split(r"[:.]", "cn.uscc" if ref.startswith("cn.uscc") else ref, maxsplit=1)[0]
    first = "cn.uscc" if first == "cn" else first
    return (STRENGTH.index(first) if first in STRENGTH else len(STRENGTH), ref)


def describe(
    name: str | None,
    country: str | None,
    ids: Sequence[tuple[str, str]],
    details: Details | None = None,
) -> PartyRow | None:
    """The row of a party description, or None where it has neither a valid id nor a name. A placeholder is no
    name.

    `ids`: (scheme, value) as written. `country`: a code or a name (see `countries`); anything else is dropped.
    Other names among the `details` are rows of their own: see `describe_all`.
    """
    good: list[str] = []
    bad: list[str] = []
    for scheme, value in ids:
        ref, valid = check_identifier(scheme, value)
        target = good if valid else bad
        if value.strip() and ref not in target:
            target.append(ref)
    cc = (country_code(country) if country else None) or ""
    shown = shown_name(name)
    key = normalise_name(shown) if shown else ""
    good.sort(key=strength)
    if not good and not key:
        return None
    ref = good[0] if good else f"name:{key}|{cc}"
    traits, odd = traits_of(details) if details is not None else ([], [])
    return PartyRow(hash64(ref), ref, shown, key or None, cc or None, good, bad + odd, traits)


def describe_all(
    name: str | None,
    country: str | None,
    ids: Sequence[tuple[str, str]],
    details: Details | None = None,
) -> tuple[PartyRow, ...]:
    """The rows of a party description: that of `describe` first, then one for each other name. Nothing where
    it has neither a valid id nor a name; where it has other names only, the first of them is its name.

    >>> rows = describe_all("ACME Ltd", "GB", [], Details(other_names=("Acme Toys", "ACME Ltd")))
    >>> [(row.ref, row.name, row.traits) for row in rows]
    [('name:acme|GB', 'ACME Ltd', []), ('name:acme|GB', 'Acme Toys', ['name:ACME Ltd'])]
    """
    told = (shown_name(text) for text in (details.other_names if details else ()))
    others = [text for text in told if text]
    known = name if shown_name(name) or not others else others[0]
    first = describe(known, country, ids, details)
    if first is None:
        return ()
    traits = sorted([*first.traits, f"{OWN_NAME}{first.name}"])
    further = [text for text in dict.fromkeys(others) if text != first.name]
    return (
        first,
        *(
            replace(first, name=text, name_key=normalise_name(text) or None, traits=traits)
            for text in further
        ),
    )
