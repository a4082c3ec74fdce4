"""A report out of the JSON that is kept of it, so that a page is drawn without asking the book again.

>>> report_of(render_json(report)) == report                                       # doctest: +SKIP
True
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast, get_args

from pydantic import TypeAdapter

from tallystick.report import blocks as b


def report_of(told: Mapping[str, Any]) -> b.Report:
    """The report that `report.render_json` told."""
    told = {b.Struck.key: {}, **told}  # not in what was kept by earlier versions
    made = tuple(adapter.validate_python(told[key]) for key, adapter in _adapters())
    return b.Report(told["lang"], made)


@cache
def _adapters() -> tuple[tuple[str, TypeAdapter[b.Block]], ...]:
    kinds = cast(tuple[type[Any], ...], get_args(b.Block))
    return tuple((kind.key, TypeAdapter(kind)) for kind in kinds)
