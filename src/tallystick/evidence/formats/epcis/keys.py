"""GS1 keys in one spelling, whichever of EPC URI, EPC class, pattern or Digital Link they came in.

Idea: an EPC URI cuts a key behind the company prefix and leaves out its check digit; a Digital Link writes
it in full. A table says of each key how many digits it has and where the parts go, and both become the
shortest canonical Digital Link: the finest level of identification, no lot where there is a serial number.

>>> digital_link("urn:epc:id:sgtin:4012345.011111.987")
'https://id.gs1.org/01/04012345111118/21/987'
>>> digital_link("https://example.com/gtin/9780345418913/10/L1/21/7?x=1")
'https://id.gs1.org/01/09780345418913/21/7'
>>> gln_of("urn:epc:id:pgln:4012345.00000"), gln_of("urn:epc:id:sscc:4012345.0000000333")
('4012345000009', None)

Sources: GS1 EPC Tag Data Standard 2.1 (URI forms), GS1 Digital Link 1.4 (keys and their order), GS1 General
Specifications (check digit), CBV 2.0 section 8.9 (which form a hash takes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

ROOT: Final = "https://id.gs1.org/"


@dataclass(frozen=True, slots=True)
class _Key:
    """How an EPC scheme is written as a Digital Link. `ai`: the application identifier; `digits`: of company
    prefix and reference together, 0 where the reference is free text; `lead`: what goes before; `turned`:
    whether the first digit of the reference goes before the company prefix; `checked`: whether a check
    digit follows; `tail`: what stands before the serial, with {} for a reference that runs into it."""

    ai: str
    digits: int
    tail: str = ""
    lead: str = ""
    turned: bool = False
    checked: bool = True


_EPC: Final = {
    "sgtin": _Key("01", 13, "/21/", turned=True),
    "lgtin": _Key("01", 13, "/10/", turned=True),
    "upui": _Key("01", 13, "/235/", turned=True),
    "itip": _Key("8006", 13, "/21/", turned=True),
    "sscc": _Key("00", 17, turned=True),
    "sgln": _Key("414", 12, "/254/"),
    "pgln": _Key("417", 12),
    "grai": _Key("8003", 12, lead="0"),
    "giai": _Key("8004", 0, checked=False),
    "gsrn": _Key("8018", 17),
    "gsrnp": _Key("8017", 17),
    "gdti": _Key("253", 12),
    "cpi": _Key("8010", 0, "/8011/", checked=False),
    "sgcn": _Key("255", 12),
    "ginc": _Key("401", 0, checked=False),
    "gsin": _Key("402", 16),
}
_SERIAL: Final = frozenset("sgtin lgtin upui itip sgln grai gdti cpi sgcn".split())
"""Schemes with a third part behind the reference."""

_URN: Final = re.compile(r"urn:epc:(?:id|class|idpat):([a-z]+):([0-9]{6,12})\.([^\s?#]*)")
_DIGITS: Final = re.compile(r"[0-9]*")
_ESCAPED: Final = str.maketrans({c: f"%{ord(c):02X}" for c in "!()*+,:"})

_SHORT: Final = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017",
    "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402",
    "grai": "8003", "giai": "8004",
}  # fmt: skip
_QUALIFIERS: Final = {"ser": "21", "lot": "10", "cpv": "22"}
_TEXT: Final = r"[%!-.0-~]"
_LINK: Final = re.compile(
    r"https?://[^/?#\s]+(?:/[^?#\s]*?)??/"
    rf"(01|00|8006|8010|414|417|8017|8018|255|253|401|402|8003|8004|{'|'.join(_SHORT)})"
    r"/(\d{4}[^/?#\s]+)((?:/[^/?#\s]+/[^/?#\s]+)*)/?(?:[?#]\S*)?"
)
_VALUES: Final = {
    ai: re.compile(pattern)
    for ai, pattern in {
        "01": r"\d{14}", "00": r"\d{18}", "8006": r"\d{18}", "414": r"\d{13}", "417": r"\d{13}",
        "8017": r"\d{18}", "8018": r"\d{18}", "402": r"\d{17}", "255": r"\d{13,25}",
        "253": rf"\d{{13}}{_TEXT}{{0,17}}", "8003": rf"\d{{14}}{_TEXT}{{0,16}}",
        "401": rf"{_TEXT}{{5,30}}", "8004": rf"{_TEXT}{{5,30}}", "8010": rf"{_TEXT}{{5,30}}",
    }.items()
}  # fmt: skip
_FINEST: Final = {
    "01": ("21", "235", "10"),
    "8006": ("21", "10"),
    "414": ("254",),
    "8010": ("8011",),
}
"""Key -> qualifiers from the finest; the first one given is kept, the others are left out."""


@lru_cache(maxsize=100_000)
def digital_link(uri: str) -> str | None:
    """The canonical Digital Link of a URI that names a GS1 key; None for any other text."""
    if uri.startswith("urn:epc:"):
        return _of_urn(uri)
    if uri.startswith("http"):
        return _of_link(uri)
    return None


@lru_cache(maxsize=100_000)
def gln_of(uri: str) -> str | None:
    """The GLN of a party or place: what a PGLN, an SGLN or a Digital Link 417 or 414 holds, without an
    extension; None where the URI names neither."""
    link = digital_link(uri)
    if link is None or not link.startswith((ROOT + "417/", ROOT + "414/")):
        return None
    number = link[len(ROOT) + 4 :].split("/", 1)[0]
    return number if _check_digit(number[:-1]) == number[-1] else None


def _check_digit(digits: str) -> str:
    """Modulo 10 with the weights 3, 1, 3 ... from the right."""
    odd, even = digits[::-2].encode(), digits[-2::-2].encode()
    total = 3 * (sum(odd) - _ZERO * len(odd)) + sum(even) - _ZERO * len(even)
    return str(-total % 10)


_ZERO: Final = ord("0")


def _of_urn(uri: str) -> str | None:
    match = _URN.fullmatch(uri)
    key = _EPC.get(match.group(1)) if match else None
    if match is None or key is None:
        return None
    scheme, company, rest = match.groups()
    if scheme == "itip":
        return _itip(company, rest)
    # A part number may hold dots; every other reference is digits, or is the last part.
    cut = str.rpartition if scheme == "cpi" else str.partition
    reference, _, serial = cut(rest, ".") if scheme in _SERIAL else (rest, "", "")
    whole = _whole(key, company, reference)
    if whole is None:
        return None
    if serial in ("", "*") or (scheme == "sgln" and serial == "0"):
        return f"{ROOT}{key.ai}/{whole}"
    return f"{ROOT}{key.ai}/{whole}{key.tail}{serial.translate(_ESCAPED)}"


def _whole(key: _Key, company: str, reference: str) -> str | None:
    """Company prefix and reference as one number with its check digit."""
    if not key.digits:
        return company + reference.translate(_ESCAPED)
    if len(company) + len(reference) != key.digits or not _DIGITS.fullmatch(reference):
        return None
    turned = reference[:1] + company + reference[1:] if key.turned else company + reference
    number = key.lead + turned
    return number + _check_digit(number)


def _itip(company: str, rest: str) -> str | None:
    """A piece of a trade item: reference.piece.total.serial."""
    parts = rest.split(".", 3)
    whole = _whole(_EPC["itip"], company, parts[0])
    if whole is None or len(parts) < 4:
        return None
    number = f"{ROOT}8006/{whole}{parts[1]}{parts[2]}"
    return number if parts[3] == "*" else f"{number}/21/{parts[3].translate(_ESCAPED)}"


def _of_link(uri: str) -> str | None:
    match = _LINK.fullmatch(uri)
    if match is None:
        return None
    name, value, rest = match.groups()
    ai = _SHORT.get(name, name)
    value = value.zfill(14) if ai == "01" and len(value) in (8, 12, 13) else value
    if not _VALUES[ai].fullmatch(value):
        return None
    parts = rest.split("/")[1:]
    given = {_QUALIFIERS.get(k, k): v for k, v in zip(parts[::2], parts[1::2], strict=True)}
    finest = next((q for q in _FINEST.get(ai, ()) if q in given), None)
    return f"{ROOT}{ai}/{value}" + (f"/{finest}/{given[finest]}" if finest else "")
