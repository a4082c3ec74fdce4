"""What was handed in and what it moved, drawn, told and tabled alike."""

from __future__ import annotations

import re

import altair
import pytest

from tallystick.adapters.drawing import draw
from tallystick.report import Phrases
from tallystick.report.handed_pictures import (
    MOST_DAYS,
    MOST_MONTHS,
    MOST_MOVED,
    Moved,
    handed_picture,
    late_picture,
    moved_picture,
)

LANGS = ("en", "zh")
DAYS = [(f"2026-03-{n:02}", (n, 1, 0, 2)) for n in range(1, 29)]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("days", [DAYS[:1], DAYS[:3], DAYS])
def test_days_are_drawn_told_and_tabled(lang: str, days: list[tuple[str, tuple[int, ...]]]) -> None:
    shown = handed_picture(days, Phrases(lang))
    assert shown is not None
    altair.Chart.from_dict({k: v for k, v in shown.spec.items() if k != "usermeta"})
    svg, last = draw(shown), days[-MOST_DAYS:]
    assert [row[0] for row in shown.rows] == [day for day, _ in last]
    assert all(f"{day[5:]}<" in svg for day, _ in last) and last[-1][0] in shown.text
    bars = [v for v in shown.spec["layer"][0]["data"]["values"] if v["day"] == last[-1][0][5:]]
    assert [v["high"] - v["low"] for v in bars] == list(last[-1][1])
    assert bars[-1]["high"] == sum(last[-1][1])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("n", [1, 3, 30])
def test_lateness_is_drawn_told_and_tabled(lang: str, n: int) -> None:
    names = [f"{2024 + m // 12}-{m % 12 + 1:02}" for m in range(n)]
    months = [(name, 10 * m + 1, m * m, 4 * m * m) for m, name in enumerate(names)]
    shown = late_picture(months, Phrases(lang))
    assert shown is not None
    altair.Chart.from_dict({k: v for k, v in shown.spec.items() if k != "usermeta"})
    svg, last = draw(shown), months[-MOST_MONTHS:]
    assert [row[0] for row in shown.rows] == [month for month, *_ in last]
    assert all(f"{month}<" in svg for month, *_ in last)
    assert shown.rows[-1][3] in shown.text and last[-1][0] in shown.text
    values = shown.spec["data"]["values"]
    assert [(v["low"], v["high"]) for v in values] == [(p50, p90) for _, _, p50, p90 in last]


def test_nothing_is_no_picture() -> None:
    say = Phrases("en")
    assert late_picture([], say) is None
    assert (
        handed_picture([], say) is None
        and handed_picture([("2026-01-01", (0, 0, 0, 0))], say) is None
    )
    assert moved_picture([Moved("New", None, ("B", 50_000))], say) is None


@pytest.mark.parametrize("lang", LANGS)
def test_the_widest_moves_are_drawn_and_all_are_counted(lang: str) -> None:
    hostile = "<b>贸易\x00</b>"
    moves = [Moved(f"Firm {n}", ("B", 50_000), ("BB", 50_000 - 1000 * n)) for n in range(1, 15)]
    moves += [Moved(hostile, ("A", 5_000), ("D", 700_000)), Moved("New", None, ("B", 60_000))]
    shown = moved_picture(moves, Phrases(lang))
    assert shown is not None and len(shown.rows) == MOST_MOVED
    altair.Chart.from_dict({k: v for k, v in shown.spec.items() if k != "usermeta"})
    assert shown.rows[0] == ("<b>贸易</b>", "A · 0.50\xa0%", "D · 70.0\xa0%")
    assert re.findall(r"\d+", shown.text) == ["15", "14", "1"]
    svg = draw(shown)
    assert "<b>" not in svg and "Firm 14" in svg and "Firm 1<" not in svg
