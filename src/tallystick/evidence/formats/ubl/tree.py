"""Walking a UBL tree by local names, in the two namespaces that all versions of UBL 2 share.

A path such as `"Delivery/RequestedDeliveryPeriod/EndDate"` names elements by their local names; only
elements of the common aggregate and common basic components match, so that extensions and signatures of
other vocabularies are never read by accident, whatever prefixes the document uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from lxml import etree

from tallystick.evidence.formats.xmlsafe import Element

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_COMMON: Final = {"a": f"{UBL}CommonAggregateComponents-2", "b": f"{UBL}CommonBasicComponents-2"}
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?")
_DECIMAL: Final = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})")


@cache
def _compiled(path: str) -> etree.XPath:
    """The path as libxml2 walks it: what holds elements is an aggregate, what is asked for may be either."""
    *above, last = path.split("/")
    before = "".join(f"a:{step}/" for step in above)
    return etree.XPath(
        f"{before}a:{last} | {before}b:{last}", namespaces=_COMMON, smart_strings=False
    )


def find_all(node: Element, path: str) -> list[Element]:
    """Elements at `path` below `node`, in document order."""
    found: list[Element] = _compiled(path)(node)
    return found


def text_of(node: Element) -> str:
    """Text of an element with its white space squeezed; "" where it has none."""
    return " ".join((node.text or "").split())


def with_text(node: Element, *paths: str) -> list[Element]:
    """Elements with text at the first path that holds any."""
    for path in paths:
        found = [element for element in find_all(node, path) if text_of(element)]
        if found:
            return found
    return []


def texts(node: Element, *paths: str) -> list[str]:
    """Texts of the first path that holds any."""
    return [text_of(element) for element in with_text(node, *paths)]


def first_element(node: Element, *paths: str) -> Element | None:
    """The first element with text of the first path that holds any."""
    found = with_text(node, *paths)
    return found[0] if found else None


def first(node: Element, *paths: str) -> str | None:
    """The first text of the first path that holds any."""
    element = first_element(node, *paths)
    return None if element is None else text_of(element)


def plain_date(text: str) -> str:
    """An `xsd:date` without its time zone; anything else as it stands, for the rules to refuse."""
    match = _DATE.fullmatch(text)
    return match.group(1) if match else text


def last_date(node: Element, *paths: str) -> tuple[str | None, Element | None]:
    """The latest date of the first path that holds any, and its element: the day by which all of it is due."""
    dates = [(plain_date(text_of(element)), element) for element in with_text(node, *paths)]
    return max(dates, key=lambda date: date[0], default=(None, None))


def moment(node: Element, date_path: str, time_path: str) -> str | None:
    """Date and time as one ISO text; the date alone where the time is absent or no time of a day."""
    day = first(node, date_path)
    if day is None:
        return None
    time = first(node, time_path)
    return f"{plain_date(day)}T{time}" if time and _TIME.fullmatch(time) else plain_date(day)


def amount(node: Element, *paths: str) -> tuple[str | None, str | None]:
    """Amount and currency of the first path that holds an amount."""
    return amount_of(first_element(node, *paths))


def amount_of(element: Element | None) -> tuple[str | None, str | None]:
    """Amount and currency of an element."""
    if element is None:
        return None, None
    return text_of(element), (element.get("currencyID") or "").strip() or None


def decimal_of(text: str | None) -> Decimal | None:
    """The number of an `xsd:decimal`, or None for anything else."""
    return Decimal(text) if text and _DECIMAL.fullmatch(text) else None


def quantity(node: Element, *paths: str) -> tuple[str | None, str | None]:
    """Sum of the quantities at the first path that holds any, with their unit.

    (None, None) where the lines have several units: kilograms and pieces do not add up. A quantity that is
    no number is handed on as it stands, for the rules to refuse.
    """
    elements = with_text(node, *paths)
    return sum_of(elements) if elements else (None, None)


def sum_of(elements: Sequence[Element]) -> tuple[str | None, str | None]:
    """Sum of the quantities of some elements, with their unit, as `quantity` has it."""
    units = {element.get("unitCode") for element in elements}
    if len(units) > 1:
        return None, None
    numbers = [decimal_of(text_of(element)) for element in elements]
    bad = next((text_of(e) for e, n in zip(elements, numbers, strict=True) if n is None), None)
    return bad or total(n for n in numbers if n is not None), units.pop()


def total(numbers: Iterable[Decimal]) -> str:
    """The sum as plain decimal text."""
    return format(sum(numbers, Decimal(0)), "f")
