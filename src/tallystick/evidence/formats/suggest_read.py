"""How a table is to be read: what means nothing, how its numbers and its dates are written.

Idea: the columns of one file are written by one program, so they settle each other's doubts. 03/04/2026 may be
March or April; where another column has 25/04/2026, both are of April.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tallystick.evidence.formats.sniff import DATE_FORMATS, ISO, date_format, is_dated
from tallystick.evidence.formats.sniff_numbers import NumberForm, number_form
from tallystick.evidence.formats.suggest_details import quoted
from tallystick.evidence.formats.suggest_fields import Sample

NULLS: Final = ("NA", "N/A", "NULL", "null", "None", "-", "nan")


def without_nulls(samples: Sequence[Sample]) -> list[Sample]:
    """Columns without the cells that mean nothing."""
    return [Sample(s.name, tuple(v for v in s.values if v not in NULLS)) for s in samples]


def read_lines(
    told: Sequence[str],
    raw: Sequence[Sample],
    dated: Sequence[Sample],
    numbers: Sequence[Sample],
) -> list[str]:
    """The lines of `[read]`. `told`: those that the opener of the file found out; `raw`: the columns as they
    are; `dated`, `numbers`: those of dates and numbers that the mapping reads."""
    lines = list(told)
    nulls = sorted({v for s in raw for v in s.values if v in NULLS})
    if nulls:
        lines.append(f"null = [{_listed(['', *nulls])}]  # confidence: medium")
    forms = (number_form(sample.values) for sample in numbers)
    lines += _number_lines([form for form in forms if form is not None])
    formats, sure = _formats(dated)
    if formats and not set(formats) <= set(ISO):
        lines.append(f"dates = [{_listed(formats)}]  # confidence: {sure}")
    return ["", "[read]", *lines] if lines else []


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(map(quoted, texts))


def _number_lines(forms: Sequence[NumberForm]) -> list[str]:
    """What the columns of numbers say of marks; the most widely grouped of them says it for all."""
    lines = []
    if any(form.decimal == "," for form in forms):
        lines.append('decimal = ","  # confidence: high')
    grouped = [form.thousands for form in forms if form.thousands]
    if grouped:
        sure = "medium" if grouped[0] == "." else "high"
        lines.append(f"thousands = {quoted(grouped[0])}  # confidence: {sure}")
    beside = sorted({sign for form in forms for sign in form.beside})
    if beside:
        lines.append(f"beside = [{_listed(beside)}]  # confidence: high")
    return lines


def _formats(dated: Sequence[Sample]) -> tuple[list[str], str]:
    """The formats of the columns, and how sure these are: low where day and month could be swapped and every
    value would still be a date."""
    found = [(form, s.values) for s in dated if (form := date_format(s.values)) is not None]
    unsure = [form for form, values in found if _both_ways(form, values)]
    order = {
        _day_first(form)
        for form, values in found
        if _swapped(form) and not _both_ways(form, values)
    }
    told = [
        _swapped(form) if form in unsure and order == {not _day_first(form)} else form
        for form, _ in found
    ]
    low = unsure and len(order) != 1
    return list(dict.fromkeys(told)), "low; day and month may be swapped" if low else "high"


def _swapped(form: str) -> str:
    """The format with day and month the other way round, "" where nobody writes dates so."""
    other = form.replace("%d", "%D").replace("%m", "%d").replace("%D", "%m")
    return other if other != form and other in DATE_FORMATS else ""


def _both_ways(form: str, values: Sequence[str]) -> bool:
    other = _swapped(form)
    return bool(other) and all(is_dated(v, other) for v in values if is_dated(v, form))


def _day_first(form: str) -> bool:
    return form.index("%d") < form.index("%m")
