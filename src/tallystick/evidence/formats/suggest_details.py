"""Which columns of a table say what relates companies: address, account, website, other names, founding.

Idea: as everywhere in a draft, the header must say so and the values must not contradict it. "Account" alone
may be a customer; only what is called a bank account, and looks like one, is taken for one.

>>> detail_of("Supplier IBAN", ("DE89 3704 0044 0532 0130 00",)), detail_of("Account", ("Nairobi Imports",))
('account', None)
>>> detail_of("E-Mail-Adresse", ("info@acme.de",)), detail_of("Ship-to address", ("1 High Street",))
('domain', None)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tallystick.evidence.details import account_of, host_of
from tallystick.evidence.formats.sniff import date_format

_WORDS: Final = {
    "domain": (
        r"web ?site|\burl\b|home ?page|\bdomain\b|\be ?mail|\bmail\b|correo|courriel|\bsite\b",
        r"网址|网站|邮箱|官网",
    ),
    "account": (
        r"\biban\b|bank ?(account|acct|ac\b)|kontonummer|bankverbindung|cuenta bancaria|conta banc",
        r"compte bancaire|\brib\b|rekeningnummer|账号|账户|帐号",
    ),
    "other_names": (
        r"trad(ing|e) (name|as)|\bdba\b|doing business|\balias|(former|previous|old|other) name",
        r"\baka\b|also known|nome fantasia|nombre comercial|nom commercial|enseigne|handelsname",
        r"曾用名|别名",
    ),
    "founded": (
        r"\bfound(ed|ing)|incorporat|establish|\bgründung|gegründet|fundaci|fundaç|création",
        r"creation date|成立|设立",
    ),
    "address": (
        r"address|adress|anschrift|straße|strasse|\bstreet|endereço|endereco|direcci[oó]n",
        r"indirizzo|\badres\b|地址",
    ),
    "place": (
        r"\bzip|post ?(al)? ?(code|zone)|\bplz\b|\bcep\b|\bcity\b|\btown\b|\bort\b|ciudad|cidade",
        r"\bville\b|城市|邮编",
    ),
}
"""Field -> what its headers say, blanks between the words; `place` are further lines of an address."""

_SAYS: Final = {field: re.compile("|".join(words)) for field, words in _WORDS.items()}
_ELSEWHERE: Final = re.compile(
    r"\b(ip|mac|ship|shipping|deliver\w*|liefer\w*)\b|entrega|livraison|收货|发货"
)
"""Addresses of machines, and those that goods go to."""


def _mostly(values: Sequence[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, values)) * 2 > len(values)


_FITS: Final[dict[str, Callable[[Sequence[str]], bool]]] = {
    "domain": lambda values: _mostly(values, lambda text: host_of(text) is not None),
    "account": lambda values: _mostly(values, lambda text: bool(account_of(text))),
    "founded": lambda values: date_format(values) is not None,
    "address": lambda values: _mostly(values, lambda text: any(c.isalpha() for c in text)),
}


def detail_of(name: str, values: Sequence[str]) -> str | None:
    """The detail that a column gives: one of `details.FIELDS`, or `place`."""
    folded = re.sub(r"[\W_]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", name)).casefold().strip()
    if not values or _ELSEWHERE.search(folded):
        return None
    for field, words in _SAYS.items():
        if words.search(folded):
            return field if _FITS.get(field, bool)(values) else None
    return None


def details_beside(
    role: str,
    roles: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    whose: Callable[[str], Sequence[str]],
) -> tuple[dict[str, list[str]], list[str]]:
    """The columns that give details of a party, by field, and those of them that do not say whose they are:
    accounts are then the seller's, the others those of the only party.

    `roles`: the parties of the draft; `columns`: name -> values; `whose`: the roles that a name speaks of.
    """
    found: dict[str, list[str]] = {}
    unsure = []
    details = {name: detail_of(name, values) for name, values in columns.items()}
    for name, detail in details.items():
        said = whose(name)
        alone = not said and (roles == [role] or (detail == "account" and role == "seller"))
        if detail is not None and (said == [role] or alone):
            found.setdefault("address" if detail == "place" else detail, []).append(name)
            unsure += [name] if alone else []
    places = found.get("address", [])
    if places and all(details[name] == "place" for name in places):
        del found["address"]  # a town alone is none
        unsure = [name for name in unsure if name not in places]
    return found, unsure


NOT_IN_FILTERS: Final = frozenset("\"'\\")
"""Characters that a column's name may not have where a filter of a draft names it."""


def quoted(text: str) -> str:
    """A TOML string.

    >>> quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in escaped) + '"'
    )


def comment(text: str) -> str:
    """Text that cannot end a comment."""
    return "".join(c if c.isprintable() else " " for c in text)
