"""Drawing: what strangers wrote stays text, nothing runs or loads, the same picture gives the same bytes."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from tallystick.adapters import drawing
from tallystick.adapters.drawing import SVG, draw
from tallystick.report import Phrases
from tallystick.report.picture import PALETTE, Picture
from tallystick.report.rating_pictures import (
    Compared,
    GradePoint,
    factors_picture,
    history_picture,
    intervals_picture,
)

HOSTILE = (
    "</text><script>alert(1)</script>",
    "\"' onload=alert(1) style=x &amp; &lt;",
    "{{7*7}} ${7*7} datum.constructor",
    "a\x00b\x08c\ud800d\u2028e",
    "https://example.org/x.png",
    "深圳市华强电子有限公司",
    "x" * 5000,
)
LOADING = ("href", "src", "style", "class", "id")


def pictures(name: str, lang: str = "en") -> list[Picture]:
    say = Phrases(lang)
    both = [
        Compared(name, "BBB", 14_000, 300, 48_000, ((name, 537), ("b", -194))),
        Compared("Two", "CCC", 120_000, 60_000, 220_000, ((name, 137),)),
    ]
    points = [
        GradePoint(19_800, 5880, "B", 10_000, 160_000, (name,)),
        GradePoint(19_900, 6250, "BBB", 3_000, 40_000, (name, name)),
    ]
    found = (
        history_picture(points, 20_000, 900_000, say),
        intervals_picture(both, say),
        factors_picture(both, say),
    )
    return [shown for shown in found if shown]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_stay_words(name: str) -> None:
    for shown in pictures(name):
        text = draw(shown)
        root = etree.fromstring(text)
        tags = {etree.QName(element).localname for element in root.iter()}
        assert tags <= {
            "svg",
            "title",
            "desc",
            "g",
            "path",
            "line",
            "rect",
            "circle",
            "text",
            "tspan",
        }
        for element in root.iter():
            allowed = {"class"} if element is root else set()
            assert not set(element.attrib) & (set(LOADING) - allowed)
            assert not [key for key in element.attrib if key.startswith("on")]
        assert "url(" not in text and len(text) < 60_000


def test_words_of_all_scripts_are_kept() -> None:
    text = draw(pictures("深圳市华强电子有限公司", "zh")[1])
    assert ">深圳市华强电子有限公司<" in text and 'lang="zh-Hans"' in text


def test_an_expression_is_not_worked_out() -> None:
    assert ">{{7*7}} ${7*7}<" in draw(pictures("{{7*7}} ${7*7}")[1])


def test_a_drawing_is_one_image_with_words() -> None:
    for shown in pictures("Acme"):
        root = etree.fromstring(draw(shown))
        assert root.get("role") == "img" and root.get("aria-label") == shown.title
        assert root.findtext(f"{{{SVG}}}title") == shown.title
        assert root.findtext(f"{{{SVG}}}desc") == shown.text
        told = list(root.iter(f"{{{SVG}}}title"))
        assert len(told) > 1, "marks say what they stand for"


def test_the_same_picture_gives_the_same_bytes() -> None:
    first = [draw(shown) for shown in pictures("Acme")]
    drawing._drawn.cache_clear()
    assert [draw(shown) for shown in pictures("Acme")] == first


def test_a_drawing_knows_its_size_and_colours() -> None:
    """Pages turn the colours by their style sheet, so that there may be no others."""
    for shown in pictures("Acme"):
        text = draw(shown)
        height = shown.spec["usermeta"]["height"]
        assert f'viewBox="0 0 640 {height}"' in text
        assert set(re.findall(r"#[0-9a-fA-F]{3,6}\b", text)) <= set(PALETTE.values())
        for paint in re.findall(r'(?:fill|stroke)="([^"]*)"', text):
            assert paint in {*PALETTE.values(), "none", "transparent"}, paint


def test_nothing_outside_is_read() -> None:
    shown = pictures("Acme")[0]
    spec = shown.spec | {"data": {"url": "https://example.org/data.csv"}}
    spec["layer"] = [{"mark": "point", "encoding": {}}]
    with pytest.raises(ValueError):
        draw(Picture("x", "en", "t", "t", "", (), (), spec))
