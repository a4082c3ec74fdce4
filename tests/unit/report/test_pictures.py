"""Curves and pictures: what they count, and that what is drawn, told and tabled is the same."""

from __future__ import annotations

import doctest
import re
from collections import Counter
from importlib.resources import files

import altair
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tallystick.adapters.cuts import Cut
from tallystick.book import Book
from tallystick.promises import TIMED
from tallystick.report import Phrases, Report, picture, proportion, rating_pictures
from tallystick.report import blocks as b
from tallystick.report.concentration import _sizes
from tallystick.report.curve_blocks import Concentration, Survival
from tallystick.report.picture import PALETTE, TINTS, Picture
from tallystick.report.pictures import pictures_of
from tallystick.report.proportion import wilson
from tallystick.report.rating_pictures import (
    Compared,
    GradePoint,
    factors_picture,
    history_picture,
    intervals_picture,
)
from tallystick.report.survival import _left, _mixed
from tallystick.units import PPM, code_of

World = tuple[Book, Cut]


@pytest.fixture(scope="module", params=["en", "zh"])
def report(world: World, request: pytest.FixtureRequest) -> Report:
    """The report on whoever promised most."""
    book, cut = world
    promisors = cut.read("promises", ["promisor"])["promisor"].to_pylist()
    key, _ = Counter(promisors).most_common(1)[0]
    return book.report(code_of(key, "C"), cut, request.param)


def history(say: Phrases) -> Picture:
    points = [
        GradePoint(19_800, 5880, "B", 10_000, 160_000, ("first evidence",)),
        GradePoint(19_900, 6250, "BBB", 3_000, 40_000, ("4 promises kept", "age")),
    ]
    found = history_picture(points, 20_000, 900_000, say)
    assert found is not None
    return found


def compared(say: Phrases) -> list[Picture | None]:
    both = [
        Compared("One", "BBB", 14_000, 300, 48_000, (("kept", 537), ("broken", -194))),
        Compared("Two", "CCC", 120_000, 60_000, 220_000, (("kept", 137), ("new", 9))),
    ]
    return [intervals_picture(both, say), factors_picture(both, say)]


@pytest.mark.parametrize("module", [picture, proportion, rating_pictures])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_wilson_is_wilsons_interval() -> None:
    """9 of 10 at 95 %: .596 to .982, as textbooks have it."""
    assert wilson(9, 10, 950_000) == pytest.approx((595_850, 982_124), abs=5)
    assert wilson(0, 0, 950_000) == (0, PPM)
    assert wilson(0, 5, 950_000)[0] == 0 and wilson(5, 5, 950_000)[1] == PPM


def test_what_is_still_open_counts_as_long_as_it_was_watched() -> None:
    """The worked example of the module: two on their day, one after 3 days, one watched for 2."""
    left = list(_left(Counter({(1, 0): 2, (1, 3): 1, (0, 2): 1})))
    assert [share for share, _ in left[:4]] == [0.5, 0.5, 0.5, 0.0]
    assert [told for _, told in left[:4]] == [4, 4, 4, 3]


def test_peers_are_mixed_as_the_company_is() -> None:
    """Nine in ten of its promises are of the kind that peers always keep."""
    others = {("pay", 1, 0): 10, ("dispatch", 0, 46): 1000}
    curve, promises = _mixed(others, Counter({"pay": 9, "dispatch": 1}))
    assert curve is not None and promises == 1010
    assert curve[0] == pytest.approx(0.1) and curve[45] == pytest.approx(0.1)
    assert _mixed({}, Counter({"pay": 9})) == (None, 0)


def test_the_curve_is_that_of_the_promises(world: World, report: Report) -> None:
    """Day by day over the rows themselves, where nothing was watched for less than it took to keep."""
    _, cut = world
    promises = cut.read("promises")
    keep = pc.and_(
        pc.is_in(promises["kind"], pa.array(TIMED)),
        pc.less_equal(promises["due_day"], cut.as_of_day),
    )
    rows = promises.filter(keep).to_pylist()
    rows = [p for p in rows if p["outcome"] not in ("excused", "disputed")]
    own = [p for p in rows if code_of(p["promisor"], "C") == report.block(b.Headline).code]
    block = report.block(Survival)
    assert block.promises == len(own) > 10
    kinds = {p["kind"] for p in own}
    assert set(block.kinds) == kinds
    assert block.peers_promises == sum(p["kind"] in kinds for p in rows) - len(own)
    on_time = [p for p in own if p["outcome"] in ("kept", "late") and p["done_day"] <= p["due_day"]]
    assert block.steps[0].kept_ppm == round(len(on_time) / len(own) * PPM)
    shares = [step.kept_ppm for step in block.steps]
    assert shares == sorted(shares)
    for step in block.steps:
        assert step.low_ppm <= step.kept_ppm <= step.high_ppm
        assert step.peers_ppm is not None


def test_a_deal_counts_once_at_its_highest_value() -> None:
    """The worked example of the module: A twice, B and C; a deal of several promises is one deal."""
    promises = pa.table(
        {
            "promisee": [1, 1, 1, 2, 3, 0],
            "deal": [10, 10, 11, 12, 13, 14],
            "value_cents": [60, 20, 40, 50, 50, 900],
        }
    )
    assert _sizes(promises) == [(100, 2), (50, 1), (50, 1)]


def test_counterparties_are_not_named(world: World, report: Report) -> None:
    _, cut = world
    block = report.block(Concentration)
    assert sum(row.share_ppm for row in block.rows) == pytest.approx(PPM, abs=len(block.rows))
    assert sum(row.counterparties for row in block.rows) == block.counterparties
    shown = pictures_of(report)["concentration"]
    assert shown is not None
    names = {name for name in cut.read("companies", ["name"])["name"].to_pylist() if name}
    told = " ".join([shown.text, shown.note, str(shown.spec), str(shown.rows)])
    assert not [name for name in names if name in told]


def test_each_quarter_lies_in_its_interval(report: Report) -> None:
    quarters = report.block(b.TrackRecord).quarters
    assert len(quarters) > 1
    for q in quarters:
        if q.counted:
            assert (
                q.low_ppm <= q.kept * PPM / q.counted + 1
                and q.high_ppm >= q.kept * PPM // q.counted
            )


def all_pictures(report: Report) -> list[Picture]:
    say = Phrases(report.lang)
    found = [*pictures_of(report).values(), history(say), *compared(say)]
    pictures = [shown for shown in found if shown]
    assert len(pictures) == 7
    return pictures


def test_specs_are_what_the_library_takes(report: Report) -> None:
    """Altair holds a chart against the schema of Vega-Lite."""
    for shown in all_pictures(report):
        altair.Chart.from_dict({key: v for key, v in shown.spec.items() if key != "usermeta"})


def test_tables_are_whole_and_words_are_there(report: Report) -> None:
    for shown in all_pictures(report):
        assert shown.title and shown.text
        assert shown.rows and all(len(row) == len(shown.head) for row in shown.rows)


def test_pictures_use_the_colours_of_the_pages_alone(report: Report) -> None:
    templates = files("tallystick.report") / "templates"
    sheet = (templates / "report.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--(\w+): (#\w{6})", sheet.partition("@media")[0]))
    assert {name: light[name] for name in PALETTE} == PALETTE
    drawn = (templates / "drawn.css").read_text(encoding="utf-8")
    for name, colour in PALETTE.items():
        for paint in ("fill", "stroke"):
            assert f'.drawn [{paint}="{colour}"] {{ {paint}: var(--{name}); }}' in drawn
    for shown in all_pictures(report):
        assert set(re.findall(r"#[0-9a-f]{6}", str(shown.spec))) <= {*PALETTE.values(), *TINTS}


def test_a_history_numbers_its_changes() -> None:
    shown = history(Phrases("en"))
    assert [row[0] for row in shown.rows] == ["1", "2"]
    assert shown.rows[1][-1] == "4 promises kept, age"
    assert history_picture([], 20_000, 900_000, Phrases("en")) is None


def test_the_widest_difference_comes_first() -> None:
    shown = compared(Phrases("en"))[1]
    assert shown is not None
    assert [row[0] for row in shown.rows] == ["kept", "broken", "new"]


def test_only_a_few_are_compared() -> None:
    one = Compared("One", "BBB", 14_000, 300, 48_000)
    for companies in ([one], [one] * 5):
        with pytest.raises(ValueError, match="two to 4"):
            intervals_picture(companies, Phrases("en"))
