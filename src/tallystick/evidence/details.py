"""What relates companies but does not name one: address, bank accounts, domains, the day of founding.

Idea: a description keeps these beside its identifiers as *traits*, texts `<sort>:<value>` in one spelling, so
that two descriptions with the same account have the same text. Accounts and domains are kept as a hash: what
is asked of them is only whether they are equal. A value that is none is kept among the bad identifiers.

Worked example: the account "DE89 3704 0044 0532 0130 00" is the trait `account:` and 16 hexadecimal digits;
with a digit mistyped it is no trait but the bad identifier `account:DE… of 22 characters`.

>>> traits_of(Details(("1 High  Street, Leeds",), domains=("Sales <info@www.acme.co.uk>",)))[0]
['address:1 High Street, Leeds', 'domain:5dfcef7b2a525049']
>>> host_of("https://www.acme.co.uk:8080/shop"), host_of("acme@gmail.com"), host_of("acme")
('acme.co.uk', '', None)

Sources: ISO 13616 (IBAN) as python-stdnum holds it; RFC 1035 and RFC 3492 (names of hosts).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from tallystick.evidence.placeholders import bare, is_listed
from tallystick.evidence.rules import LATEST, MAX_TEXT
from tallystick.units import hash64

MAX_ADDRESS: Final = 500
"""Characters of an address."""

FIELDS: Final = ("address", "account", "domain", "other_names", "founded")
"""The details as columns of tables and keys of mappings."""

LIMITS: Final = dict.fromkeys(FIELDS, MAX_TEXT) | {"address": MAX_ADDRESS}
"""Characters that one text of each field may hold."""

OWN_NAME: Final = "name:"
"""Begins the trait of a description by another name of its party: the party's own name follows."""

_FIRST_YEAR: Final = 1000
_NO_DAY: Final = "1900-01-01"
"""What spreadsheets write for a day that nobody knows."""

PAYEES: Final = ("seller", "carrier")
"""Roles that are paid: the account that a document names is that of the first of them that has one."""

_ACCOUNT: Final = "account:"
_MARKS: Final = re.compile(r"[\W_]+")
_UNSEEN: Final = re.compile("[\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ASIDE: Final = re.compile(r"\(.*?\)|\b(BIC|SWIFT)\b.*")
_LABEL: Final = re.compile(
    r"(\s*\b(IBAN|A/?C|ACC(OUN)?T|KONTO(NUMMER|NR)?|CUENTA|CONTA|NO|NR|NUMBER)\b|账号|账户|帐号)+[\s.:#]*"
)
_NO_LETTER: Final = re.compile(r"[^A-Z0-9]+")
_SEVERAL: Final = re.compile(r"[\s,;|<>()\[\]\"']+")
_SCHEME: Final = re.compile(r"\A[a-z][a-z0-9+.\-]*:(?://)?(?=\D)")
_HOST: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9\-]{2,59})"
)
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_NUMBER: Final = re.compile(r"(?=(?:\D*\d){6})[A-Z0-9]{8,34}")
_MASKED: Final = re.compile(r"[*•●]|XXX")


class Details(NamedTuple):
    """What a description says of a party beside its name, country and identifiers, as written. `domains` are
    websites or e-mail addresses; `founded` is an ISO date; `other_names` are former and trading names."""

    addresses: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    founded: str | None = None

    def texts(self) -> Iterator[tuple[str, str]]:
        """(field, text) of all that is given, in the order of `FIELDS`."""
        founded = (self.founded,) if self.founded is not None else ()
        given = (self.addresses, self.accounts, self.domains, self.other_names, founded)
        return ((field, text) for field, texts in zip(FIELDS, given, strict=True) for text in texts)

    def too_long(self) -> str | None:
        """The first field with a text of more than its `LIMITS`."""
        return next((f for f, text in self.texts() if len(text.strip()) > LIMITS[f]), None)


def details_of(
    addresses: Collection[str] = (),
    accounts: Collection[str] = (),
    domains: Collection[str] = (),
    other_names: Collection[str] = (),
) -> Details | None:
    """Details with each text once; None where nothing is said.

    >>> details_of(["", "1 High St", "1 High St"]), details_of([""]) is None
    (Details(addresses=('1 High St',), accounts=(), domains=(), other_names=(), founded=None), True)
    """
    found = Details(
        _distinct(addresses), _distinct(accounts), _distinct(domains), _distinct(other_names)
    )
    return found if any(found) else None


def _distinct(texts: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts))) if texts else ()


def details_of_cells(cells: Iterable[tuple[str, str]]) -> Details | None:
    """Details out of the cells of a table, as (field, text): those of an address are its lines, and in the
    others `;` stands between several.

    >>> found = details_of_cells([("address", "1 High St"), ("address", "Leeds"), ("domain", "a.com; b.de")])
    >>> found.addresses, found.domains
    (('1 High St, Leeds',), ('a.com', 'b.de'))
    """
    given: dict[str, list[str]] = {}
    for field, text in cells:
        parts = [text] if field in ("address", "founded") else text.split(";")
        given.setdefault(field, []).extend(part.strip() for part in parts if part.strip())
    if not any(given.values()):
        return None
    address = ", ".join(given.get("address", ()))
    return Details(
        (address,) if address else (),
        tuple(given.get("account", ())),
        tuple(given.get("domain", ())),
        tuple(given.get("other_names", ())),
        next(iter(given.get("founded", ())), None),
    )


def traits_of(details: Details) -> tuple[list[str], list[str]]:
    """The traits, sorted and distinct, and what was given but is none of them, as bad identifiers."""
    found: set[str] = set()
    bad: dict[str, None] = {}
    for text in details.addresses:
        found |= {f"address:{' '.join(text.split())}"} if is_said(text) else set()
    for text in filter(is_said, details.accounts):
        number = account_of(text)
        if number:
            found.add(f"{_ACCOUNT}{hash64('account', number):016x}")
        elif number is None:
            bad[f"account:{_veiled(text)}"] = None
    for text in filter(is_said, details.domains):
        hosts = hosts_of(text)
        found |= {f"domain:{hash64('domain', host):016x}" for host in hosts or ()}
        if hosts is None:
            bad[f"domain:{text.rpartition('@')[2].strip()}"] = None
    if details.founded is not None and is_said(details.founded):
        day = _founded(details.founded.strip())
        if day is not None:
            found.add(f"founded:{day}")
        else:
            bad[f"founded:{details.founded.strip()}"] = None
    return sorted(found), list(bad)


def by_another_name(traits: Iterable[str]) -> bool:
    """Whether the description with these traits has its party by another name than its own."""
    return any(trait.startswith(OWN_NAME) for trait in traits)


def is_said(text: str) -> bool:
    """Whether a text says anything: neither empty nor a placeholder.

    >>> [is_said(text) for text in ("1 High Street", "N/A", " - ", "Same as above", "同上")]
    [True, False, False, False, False]
    """
    letters = bare(text)
    return bool(letters) and not is_listed(letters)


def account_key(traits: Iterable[str]) -> int | None:
    """The one account among the traits of a description, as 63 bits; None where there is none or several.

    >>> account_key(["account:000000000000002a", "domain:5dfcef7b2a525049"]), account_key(["address:Leeds"])
    (42, None)
    """
    found = [trait.removeprefix(_ACCOUNT) for trait in traits if trait.startswith(_ACCOUNT)]
    return int(found[0], 16) if len(found) == 1 else None


@lru_cache(maxsize=50_000)
def account_of(text: str) -> str | None:
    """A bank account's number in one spelling; "" where it stands for none (one digit over and over), None
    where it is none: an IBAN with wrong check digits, a masked number, or fewer than 8 letters and digits.

    >>> account_of("de89 3704 0044 0532 0130 00"), account_of("DE89370400440532013001")
    ('DE89370400440532013000', None)
    """
    plain = _unlabelled(text)
    number = _NO_LETTER.sub("", plain)
    if len(set(number)) == 1:
        return ""
    if _MASKED.search(plain) or not _NUMBER.fullmatch(number):
        return None
    return number if not _IBAN.fullmatch(number) or _is_iban(number) else None


def _unlabelled(text: str) -> str:
    """The text of an account in capitals, without what stands before and after its number."""
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", text).upper())
    label = _LABEL.match(plain)
    return (plain[label.end() :] if label else plain).strip().removeprefix("IBAN")


def _is_iban(number: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(number))


def _veiled(text: str) -> str:
    """What a book may keep of an account that is none: a slip of one digit would tell all others."""
    number = _MARKS.sub("", _unlabelled(text))
    country = number[:2] if number[:2].isascii() and number[:2].isalpha() else ""
    return f"{country}… of {len(number)} characters"


@lru_cache(maxsize=50_000)
def hosts_of(text: str) -> tuple[str, ...] | None:
    """The hosts of the websites and e-mail addresses in a text, as `host_of` gives them; those that many
    share are left out, None where nothing in it is one."""
    found = [host for part in _SEVERAL.split(text) if (host := host_of(part)) is not None]
    return tuple(dict.fromkeys(host for host in found if host)) if found else None


def host_of(text: str) -> str | None:
    """The registrable host of a website or an e-mail address: what somebody must pay for to have; "" where it
    is one of a mail provider or a platform, under which nobody can be told from others, None where it is no
    host.

    >>> host_of("shop.acme.com.br"), host_of("acme.myshopify.com"), host_of("www.myshopify.com")
    ('acme.com.br', 'acme.myshopify.com', '')
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip().lower()
    plain = plain.replace("\\", "/").replace("。", ".")
    plain = _SCHEME.sub("", plain, count=1)
    host = re.split(r"[/?#]", plain, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    host = _ascii(host.strip(".")).removeprefix("www.")
    if len(host) > 253 or not _HOST.fullmatch(host):
        return None
    labels = host.split(".")
    for n in range(len(labels)):
        kind = _known_hosts().get(".".join(labels[n:]))
        if kind == "none":
            return ""
        if kind == "under":
            return ".".join(labels[n - 1 :]) if n else ""
    own = 3 if _is_suffix(labels[-2:]) else 2
    return ".".join(labels[-own:]) if len(labels) >= own else None


def _ascii(host: str) -> str:
    """A host in the letters of the domain name system; as it stands where it has no such spelling."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _is_suffix(last: list[str]) -> bool:
    """Whether the last two labels are no name but a place for names, as `co.uk` and `com.br` are."""
    return len(last[1]) == 2 and _known_hosts().get(f"{last[0]}.*") == "suffix"


@lru_cache(maxsize=1)
def _known_hosts() -> dict[str, str]:
    """Host -> what the table `hosts.tsv` says of it."""
    rows = Path(__file__).with_name("hosts.tsv").read_text(encoding="utf-8").splitlines()
    table = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return {host: kind for kind, hosts in table for host in hosts.split()}


@lru_cache(maxsize=50_000)
def _founded(text: str) -> str | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    known = day.year >= _FIRST_YEAR and day <= LATEST and day.isoformat() != _NO_DAY
    return day.isoformat() if known else None
