"""Which format the dates of a column are in, as shops, marketplaces and accounts write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tallystick.evidence.formats.sniff import DATE_FORMATS, date_format


@pytest.mark.parametrize(
    ("written", "format_"),
    [
        ("2026-01-25", "%Y-%m-%d"),
        ("2026-01-25 10:05", "%Y-%m-%d %H:%M"),
        ("2026-01-25 10:05:59 +0100", "%Y-%m-%d %H:%M:%S %z"),
        ("2026-01-25T10:05:59.123Z", "%Y-%m-%dT%H:%M:%S.%f%z"),
        ("2026/1/25 9:05", "%Y/%m/%d %H:%M"),
        ("Jan-25-26", "%b-%d-%y"),
        ("25-Jan-2026", "%d-%b-%Y"),
        ("Jan 25, 2026", "%b %d, %Y"),
        ("25.01.26", "%d.%m.%y"),
        ("01/25/2026 10:05 PM", "%m/%d/%Y %I:%M %p"),
        ("25/01/2026 22:05:59", "%d/%m/%Y %H:%M:%S"),
        ("2026年01月25日", "%Y年%m月%d日"),
        ("20260125", "%Y%m%d"),
    ],
)
def test_a_date_is_known(written: str, format_: str) -> None:
    assert date_format([written] * 5) == format_


@pytest.mark.parametrize(
    "written", ["12345678", "May flowers", "1.234,50", "10:05:59", "+49 30 1234", "INV-2026-01"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert date_format([written] * 5) is None


def test_every_format_is_found_again() -> None:
    moment = datetime.fromisoformat("2026-10-25T22:05:59.123456+01:00")
    for form in DATE_FORMATS:
        found = date_format([moment.strftime(form)])
        assert found is not None, form
        assert datetime.strptime(moment.strftime(form), found).date() == moment.date(), (
            form,
            found,
        )
