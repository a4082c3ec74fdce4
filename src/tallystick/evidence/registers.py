"""Which register a number is of, whatever its scheme is called, and its one canonical spelling.

Idea: one national number goes by many schemes: `id:0184` (ISO 6523, Peppol), `id:dk.cvr`, `reg.ra000170`
(GLEIF) are all numbers of the Danish register, which we call `reg.dk`. The table `registers.tsv` holds which
schemes mean one register, what its numbers look like, and which other number has them within it by law. What
was said is kept as it was said; that two spellings are one number is found where companies are joined
(`identity.numbers`).

>>> [same_number(scheme, "DK 61 05 64 16") for scheme in ("id:0184", "id:dk.cvr", "id:shop")]
['reg.dk:61056416', 'reg.dk:61056416', None]
>>> is_mistaken("id:0184", "61056417"), within("vat:DK61056416"), within("vat:NL004495445B01")
(True, ('reg.dk:61056416',), ())
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Final

SAME_PREFIX: Final = {"vat:GR": "vat:EL", "vat:XI": "vat:GB"}
"""Two prefixes of one VAT number: Greece, and Northern Ireland, whose numbers are those of the United
Kingdom."""

_SIGNS: Final = re.compile(r"[\s./_\-]+")
_BETWEEN: Final = re.compile(r"[^a-z0-9]+")
_OWN: Final = re.compile(r"^(id[:.]|reg\.)")
_VAT: Final = re.compile(r"(?:([a-z]{2})\.?)?vat")
_AUTHORITY: Final = re.compile(r"ra\d{6}")


@dataclass(frozen=True, slots=True)
class Register:
    """A row of the table. `scheme`: ours; `verify`: gives a number in its official spelling or raises; `looks`:
    what numbers look like; `written`: how one is written; `single`: which of its numbers a firm has only one
    of; `inside`: the references that have a number within them; `names`: other schemes."""

    scheme: str
    verify: Callable[[str], str] | None
    looks: re.Pattern[str]
    written: str
    single: re.Pattern[str] | None
    inside: re.Pattern[str] | None
    names: tuple[str, ...]

    def number(self, value: str) -> tuple[str | None, bool]:
        """The canonical spelling of a number, and whether its check digits are right; (None, True) where it
        looks like no number of this register."""
        found = self.looks.fullmatch(_SIGNS.sub("", value).upper())
        if not found:
            return None, True
        number = self.written.format(next(group for group in found.groups() if group))
        if self.verify is None:
            return number, True
        try:
            return self.verify(number).upper(), True
        except Exception:  # each module of stdnum has its own errors; all mean "not valid"
            return None, False


@cache
def _registers() -> tuple[Register, ...]:
    text = Path(__file__).with_name("registers.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return tuple(_register(*(cell if cell != "-" else "" for cell in row)) for row in rows)


def _register(
    scheme: str, module: str, looks: str, written: str, single: str, inside: str, names: str, _: str
) -> Register:
    any_one = ".*" if single == "1" else single
    return Register(
        scheme,
        vat_number if scheme == "vat" else _stdnum(module) if module else None,
        re.compile(looks),
        written or "{}",
        re.compile(any_one) if any_one else None,
        re.compile(inside) if inside else None,
        tuple(names.split()),
    )


def _stdnum(module: str) -> Callable[[str], str]:
    def verify(value: str) -> str:
        return str(import_module(f"stdnum.{module}").validate(value))

    return verify


def vat_number(value: str) -> str:
    """A VAT number in its official spelling, with its prefix. Raises `ValueError` for what is none: countries
    of the EU by their common rules, others by their national ones.

    >>> vat_number("NO 995 525 828 MVA"), vat_number("be 0403.227.515")
    ('NO995525828MVA', 'BE0403227515')
    """
    compact = _SIGNS.sub("", value).upper()
    national = _national_vat(compact[:2].lower())
    for module, written in (
        ("stdnum.eu.vat", compact),
        (national, compact),
        (national, compact[2:]),
    ):
        try:
            checked = str(import_module(module).validate(written)) if module else ""
        except Exception:  # stdnum raises its own family, and others on odd input
            continue
        if checked:
            return checked if checked.startswith(compact[:2]) else compact[:2] + checked
    raise ValueError(value)


@lru_cache(maxsize=1_000)
def _national_vat(country: str) -> str | None:
    """The module of stdnum that verifies the VAT numbers of a country; it may have another name there."""
    from stdnum.util import get_cc_module

    module = get_cc_module(country, "vat") if re.fullmatch("[a-z]{2}", country) else None
    return str(vars(module)["__name__"]) if module else None


@cache
def _by_scheme() -> dict[str, Register]:
    return {register.scheme: register for register in _registers() if register.scheme != "vat"}


@cache
def _by_name() -> dict[str, Register]:
    return {name: register for register in _registers() for name in register.names}


@lru_cache(maxsize=10_000)
def register_named(scheme: str) -> Register | None:
    """The register that a scheme means; None of a scheme that is no register's, or not in the table.

    >>> [register_named(s).scheme for s in ("id:0192", "id.se.orgnr", "reg.gb-coh", "0002", "id:dk-vat")]
    ['reg.no', 'reg.se', 'reg.gb', 'reg.fr', 'vat']
    """
    scheme = scheme.strip().lower()
    if scheme in _by_scheme():
        return _by_scheme()[scheme]
    plain = _BETWEEN.sub(".", _OWN.sub("", scheme)).strip(".").removeprefix("iso6523.")
    vat = _VAT.fullmatch(plain)
    return _by_name().get(plain) or (_any_vat(vat.group(1) or "") if vat else None)


@cache
def _any_vat(country: str) -> Register:
    """VAT numbers, to which the prefix of a country is put where it lacks."""
    prefix = country.upper() or "-"
    known = (r for r in _registers() if r.scheme == "vat" and r.written.startswith(prefix))
    every = Register("vat", vat_number, re.compile("(.+)"), "{}", None, None, ())
    return next(known, every)


@lru_cache(maxsize=200_000)
def same_number(scheme: str, value: str) -> str | None:
    """The canonical reference of a number; None where no register is known or it is no valid number of it."""
    register = register_named(scheme)
    number = register.number(value)[0] if register else None
    return f"{register.scheme}:{number}" if register and number else None


def is_verified(scheme: str) -> bool:
    """Whether numbers of a scheme have check digits that can be verified."""
    register = register_named(scheme)
    return register is not None and register.verify is not None


def is_mistaken(scheme: str, value: str) -> bool:
    """Whether a number looks like one of its register but has wrong check digits."""
    register = register_named(scheme)
    return register is not None and not register.number(value)[1]


@lru_cache(maxsize=200_000)
def within(ref: str) -> tuple[str, ...]:
    """The canonical references of numbers that a canonical reference has within it by law.

    >>> within("vat:FR83404833048"), within("vat:SE556188840401"), within("vat:SE556188840402")
    (('reg.fr:404833048',), ('reg.se:5561888404',), ())
    """
    found = ((r, r.inside.fullmatch(ref)) for r in _registers() if r.inside)
    numbers = ((r, r.number(match.group(1))[0]) for r, match in found if match)
    return tuple(f"{register.scheme}:{number}" for register, number in numbers if number)


def with_prefix(scheme: str, value: str) -> str:
    """A VAT number with the prefix of the country that its scheme names, where it lacks one; others as they
    are.

    >>> with_prefix("9925", "0403.227.515"), with_prefix("9925", "BE 0403 227 515"), with_prefix("9925", "17")
    ('BE0403227515', 'BE0403227515', '17')
    """
    number = same_number(scheme, value) or ""
    return number.removeprefix("vat:") if number.startswith("vat:") else value


def authority_of(scheme: str) -> bool:
    """Whether a scheme is a Registration Authority of GLEIF, whose numbers are only believed in its own
    country."""
    return bool(_AUTHORITY.fullmatch(_OWN.sub("", scheme)))


@lru_cache(maxsize=200_000)
def only_one(ref: str) -> str | None:
    """The register of a canonical reference of which a firm has one number only; None of any other reference.

    >>> only_one("reg.dk:61056416"), only_one("reg.dk:DK61056416"), only_one("reg.gb:FC012345")
    ('reg.dk', None, None)
    """
    scheme, _, number = ref.partition(":")
    register = _by_scheme().get(scheme)
    if register is None or register.single is None or not register.single.fullmatch(number):
        return None
    return scheme if register.number(number)[0] == number else None


@cache
def single_schemes() -> tuple[str, ...]:
    """The schemes of registers that give a firm one number."""
    return tuple(register.scheme for register in _registers() if register.single)


def codes_by_scheme(schemes: Iterable[str]) -> dict[str, list[str]]:
    """Of some of our schemes the codes of four digits (ISO 6523, Peppol) that mean them.

    >>> codes_by_scheme(["gln", "lei"])
    {'gln': ['0088'], 'lei': ['0199']}
    """
    found: dict[str, list[str]] = {scheme: [] for scheme in schemes}
    for name, register in _by_name().items():
        if name.isdigit() and register.scheme in found:
            found[register.scheme].append(name)
    return found


@cache
def readable() -> str:
    """A pattern (RE2) of the references that may be read as others: those of the registers' schemes, however
    they are punctuated, and VAT numbers that have another number within them.

    >>> [bool(re.match(readable(), ref)) for ref in ("id:dk-cvr:1", "vat:DK1", "id:shop:1", "vat:DE1")]
    [True, True, False, False]
    """
    names = (re.escape(name).replace(r"\.", "[^a-z0-9]+") for name in _by_name())
    vats = (r.inside.pattern[:6] for r in _registers() if r.inside and r.scheme != "vat")
    prefixes = "|".join(sorted({vat for vat in vats if vat.startswith("vat:")} | set(SAME_PREFIX)))
    own = rf"id[:.](?:iso6523[^a-z0-9]+)?(?:[a-z]{{2}}[^a-z0-9]?vat|vat|{'|'.join(names)}):"
    return rf"^(?:reg\.|{prefixes}|{own})"
