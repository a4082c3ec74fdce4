"""The renderers of a timeline: hostile names, long texts, many documents, empty lanes, both languages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from tallystick.evidence.kinds import KINDS
from tallystick.report import (
    Timeline,
    picture_file,
    render_timeline,
    render_timeline_html,
    render_timeline_json,
    timeline,
)
from tallystick.report.timeline_blocks import LANES

from .deal_material import BATCHES, BUYER, NAMES, SELLER, a_break, chain, deal, document, promise

EVIL = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} [red]x[/red] \x00\x1b[31m"
)
LONG = "Very-long-name-without-a-blank-" * 12
SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "br", "img", "link", "input"}


class Page(HTMLParser):
    """Collects elements and checks that tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def on_terminal(told: Timeline, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(render_timeline(told))
    return out.getvalue()


def hostile() -> Timeline:
    """A deal in which every word that can be chosen freely attacks the page."""
    money = {"amount_minor": 100, "currency": "GBP", "quantity_milli": 1000, "unit": EVIL}
    order = document("order", 0, f"PO {EVIL}", **money, issuer=BUYER, status=EVIL, reason=EVIL)
    bill = document(
        "invoice", 4, f"IN {EVIL}", **money, names=[("order", f"PO {EVIL}"), (EVIL, EVIL)],
        source=f"{EVIL}.csv", places=f"amount={EVIL}",
    )  # fmt: skip
    broken = a_break("amount", f"order and invoice {EVIL}", 100, 200, EVIL, caused_by=EVIL)
    names = {SELLER: f"S {EVIL}", BUYER: f"B {EVIL}"}
    return timeline(
        deal([order, bill], [promise("pay", "broken", 0, 3, None)], [broken], [], names)
    )


def many(count: int) -> Timeline:
    """So many documents of all kinds in 90 days, with as many promises and a tenth of breaks."""
    kinds = list(KINDS)
    documents = [
        document(kinds[n % len(kinds)], n * 90 // count, f"N-{n}", amount_minor=n, currency="EUR")
        for n in range(count)
    ]
    promises = [
        promise("dispatch", "kept", n % 60, n % 60 + 20, n % 60 + 5, item=n) for n in range(count)
    ]
    breaks = [a_break("amount", "order and invoice", n, n + 1, "EUR") for n in range(count // 10)]
    return timeline(deal(documents, promises, breaks))


DEALS: dict[str, Callable[[], Timeline]] = {
    "plain": lambda: timeline(chain()),
    "chinese": lambda: timeline(chain(), "zh"),
    "hostile": hostile,
    "long": lambda: timeline(deal([document("order", 0, LONG)], names=dict.fromkeys(NAMES, LONG))),
    "many": lambda: many(300),
    "undated": lambda: timeline(deal([document("order", None)])),
    "years": lambda: timeline(deal([document("contract", -4000), document("invoice", 900)])),
}


@pytest.fixture(scope="module", params=list(DEALS))
def told(request: Any) -> Timeline:
    return DEALS[request.param]()


def test_a_page_nests_and_nothing_in_it_runs_or_loads(told: Timeline) -> None:
    text = render_timeline_html(told)
    page = Page(text)
    assert not page.open
    assert not {tag for tag, _ in page.tags} & {
        "script",
        "img",
        "iframe",
        "object",
        "form",
        "link",
        "red",
    }
    assert "default-src 'none'" in text
    for _, attrs in page.tags:
        assert not [key for key in attrs if key.startswith("on")]
        assert all((attrs.get(key) or "#").startswith("#") for key in ("src", "href", "action"))


def test_links_of_a_page_lead_somewhere_in_it(told: Timeline) -> None:
    page = Page(render_timeline_html(told))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"] for tag, attrs in page.tags if tag == "a"} <= {f"#{name}" for name in ids}
    for part in (told.events, told.spans, told.breaks, told.guesses):
        assert {thing.anchor for thing in part} <= set(ids)


def test_the_picture_is_xml_with_title_and_description(told: Timeline) -> None:
    root = ElementTree.fromstring(picture_file(told).encode())
    assert root.tag == f"{SVG}svg"
    title, text = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text and told.deal in title.text
    assert text is not None and text.text == " ".join(told.sentences)
    assert not list(root.iter(f"{SVG}script")) and not list(root.iter(f"{SVG}a"))


def test_nothing_is_drawn_beside_the_sheet(told: Timeline) -> None:
    root = ElementTree.fromstring(picture_file(told).encode())
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert width == 900 and height < 1800
    for mark in root.iter(f"{SVG}circle"):
        assert 0 <= float(mark.attrib["cx"]) <= width and 0 <= float(mark.attrib["cy"]) <= height
    for bar in root.iter(f"{SVG}rect"):
        assert float(bar.attrib["width"]) > 0


def test_every_dated_event_is_a_mark(told: Timeline) -> None:
    root = ElementTree.fromstring(picture_file(told).encode())
    dots = [mark for mark in root.iter(f"{SVG}circle") if "dot" in mark.attrib.get("class", "")]
    assert len(dots) == sum(event.day is not None for event in told.events)


def test_json_is_json_and_says_everything(told: Timeline) -> None:
    found = json.loads(json.dumps(render_timeline_json(told), default=str))
    assert found["format"] == "tallystick.deal/1"
    for part, things in (
        ("documents", told.events),
        ("promises", told.spans),
        ("breaks", told.breaks),
    ):
        assert [row["id"] for row in found[part]] == [thing.anchor for thing in things]


@pytest.mark.parametrize("width", [80, 160])
def test_the_terminal_names_every_document_and_stays_in_its_width(
    told: Timeline, width: int
) -> None:
    text = on_terminal(told, width)
    squeezed = re.sub(r"[\s│┆●◌]", "", text)
    for event in told.events:
        name = re.sub(r"\s", "", event.title + (event.number or ""))
        assert name.partition("\x00")[0][:40] in squeezed
    assert "\x1b" not in text and "\x00" not in text


def test_hostile_words_stay_words() -> None:
    text = render_timeline_html(hostile())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7*7 }}" in text


def test_lanes_stand_even_where_nothing_is_in_them() -> None:
    text = picture_file(timeline(deal([document("order", 0)])))
    assert (
        text.count('class="lane empty"') == len(LANES) - 1 + 1
    )  # "Customs," and "insurance" are two lines


def test_a_lane_with_too_many_documents_says_how_many_have_no_label() -> None:
    assert "unlabelled" in picture_file(many(300))
    assert "unlabelled" not in picture_file(timeline(chain()))


def test_chinese_leaves_no_english_words() -> None:
    text = re.sub(
        r"<style>.*?</style>|<footer>.*?</footer>|<[^>]*>",
        " ",
        render_timeline_html(timeline(chain(), "zh")),
        flags=re.DOTALL,
    )
    words = set(re.findall(r"[A-Za-z]{4,}", text))
    allowed = {"Tallystick", "Lamps", "Harbour", "Polar", "Line", "shop", "bank", "orders"}
    assert words <= allowed, words - allowed


def test_breaks_are_marked_in_every_form() -> None:
    told = timeline(chain())
    page, shown, drawn = render_timeline_html(told), on_terminal(told), picture_file(told)
    for text in (page, shown):
        assert "+7.50 GBP (+7.5 %)" in text and "seller" in text and "not in the book" in text
    assert "break 1,3" in shown
    assert drawn.count('class="badge"') == sum(len(event.breaks) for event in told.events)
    assert drawn.count('class="break"') == 2 and drawn.count('class="guess"') == 1


def test_the_batches_of_the_rows_are_known() -> None:
    assert {row["version"] for row in chain().documents} <= set(BATCHES)
