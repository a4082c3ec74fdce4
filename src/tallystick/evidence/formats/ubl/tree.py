"""A UBL document as its paths have it, in the two namespaces that all versions of UBL 2 share.

A path such as `"Delivery/RequestedDeliveryPeriod/EndDate"` names elements by their local names; only
elements of the common aggregate and common basic components match, so that extensions and signatures of
other vocabularies are never read by accident, whatever prefixes the document uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from tallystick.evidence.formats.xmlpaths import Branch, Found, Names, Spot, attribute, branches

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMES: Final = Names((f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"))
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")
_DAY: Final = len("2026-01-01")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?")


def asked(paths: Iterable[str]) -> Branch:
    """The tree of names that some paths make."""
    return branches(paths, _NAMES)


def plain_date(text: str) -> str:
    """An `xsd:date` without its time zone; anything else as it stands, for the rules to refuse."""
    if len(text) <= _DAY:
        return text
    match = _DATE.fullmatch(text)
    return match.group(1) if match else text


def last_date(told: Found, paths: Sequence[str]) -> tuple[str | None, Spot | None]:
    """The latest date of the first path that holds any, and where: the day by which all of it is due."""
    last: str | None = None
    shown: Spot | None = None
    for spot in told.some(*paths):
        day = plain_date(spot[1])
        if last is None or day > last:
            last, shown = day, spot
    return last, shown


def moment(told: Found, date_path: str, time_path: str) -> str | None:
    """Date and time as one ISO text; the date alone where the time is absent or no time of a day."""
    day = told.text(date_path)
    if day is None:
        return None
    time = told.text(time_path)
    return f"{plain_date(day)}T{time}" if time and _TIME.fullmatch(time) else plain_date(day)


def amount_of(spot: Spot | None) -> tuple[str | None, str | None]:
    """Amount and currency of an element."""
    if spot is None:
        return None, None
    return spot[1], attribute(spot[2], "currencyID") or None
