"""The timeline of a deal: events, spans, breaks between events, inferred links, sums."""

from __future__ import annotations

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.deals.infer import RULES
from tallystick.evidence.kinds import KINDS
from tallystick.promises.kinds import PROMISES
from tallystick.report import timeline
from tallystick.report.phrases import WORDS, Phrases
from tallystick.report.timeline_blocks import LANE_OF, LANE_OF_PROMISE, LANES, Timeline
from tallystick.report.timeline_scale import LONGEST, axis
from tallystick.report.timeline_ties import rule_words
from tallystick.units import code_of

from .deal_material import DAY, SELLER, a_break, chain, deal, document, inferred

MONEY_RULES = (
    "payment-by-number", "payment-by-amount", "payment-less-fees", "payment-converted",
    "payment-for-all", "payment-for-two", "payment-in-two", "payment-in-part",
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> Timeline:
    return timeline(chain())


def test_events_go_by_day_and_by_the_course_of_a_deal(told: Timeline) -> None:
    assert [(e.name, e.lane) for e in told.events] == [
        ("order PO-7", "words"),
        ("dispatch DN-1", "goods"),
        ("invoice INV-9", "money"),
        ("payment P-1", "money"),
    ]
    assert [told.event(e.anchor) for e in told.events] == list(told.events)
    with pytest.raises(KeyError):
        told.event("e99")


def test_what_two_say_alike_is_one_event_told_by_two(told: Timeline) -> None:
    bill = told.events[2]
    assert [(t.contributor, t.source, t.row) for t in bill.told] == [
        ("bank", "bank.xml", None),
        ("shop", "orders.csv", 7),
    ]
    assert bill.told[1].places == (("amount", "MOA 14"), ("due_on", "DTM 9"))
    assert told.sentences[0].startswith(
        "5 documents from 2024-10-04 to 2024-11-13, handed in by 2 "
    )


def test_what_two_say_differently_stays_apart_and_is_told_apart() -> None:
    money = {"currency": "GBP", "own": 9}
    both = [document("order", 0, "PO-7", amount_minor=n, **money) for n in (100, 200)]
    names = [e.name for e in timeline(deal(both)).events]
    assert sorted(names) == ["order PO-7 (1.00 GBP)", "order PO-7 (2.00 GBP)"]


def test_references_lead_to_events_or_say_that_there_is_none(told: Timeline) -> None:
    refers = {(r.kind, r.number): r.event for r in told.events[2].refers}
    assert refers == {("order", "PO-7"): "e1", ("contract", "C-1"): None}


def test_promises_are_spans_with_outcome_and_fault(told: Timeline) -> None:
    late, part = told.spans
    assert (late.made, late.due, late.done) == (DAY, DAY + 10, DAY + 13)
    assert (late.outcome_words, late.fault_words, late.lane) == (
        "late by 3 days",
        "seller",
        "goods",
    )
    assert part.outcome_words == "in part, 99.5\xa0%"
    assert set(late.events) >= {"e1", "e2"} and "e4" in part.events


def test_breaks_lie_between_the_events_that_say_the_figures(told: Timeline) -> None:
    amount, missing, quantity = told.breaks
    assert amount.sides == (("e1",), ("e3",))
    assert (amount.expected, amount.found, amount.size) == (
        "100.00 GBP",
        "107.50 GBP",
        "+7.50 GBP (+7.5 %)",
    )
    assert amount.caused_by == ("seller",) and quantity.caused_by == ()
    assert missing.sides == (("e3",), ()) and missing.found == "not in the book"
    assert (quantity.sides, quantity.size) == ((("e1",), ("e2",)), "−1 EA (−25.0 %)")
    assert [e.breaks for e in told.events] == [("b1", "b3"), ("b3",), ("b1", "b2"), ()]


@pytest.mark.parametrize(
    ("between", "expected", "found", "unit", "sides"),
    [
        ("dispatch before order", 3, 0, "day", (("order",), ("dispatch",))),
        ("invoice and customs declaration", 100, 90, "GBP", (("invoice",), ("import_declaration",))),
        ("order in EUR and in GBP", 100, 100, "EUR and GBP", (("order",), ())),
        ("documents in two currencies", None, None, "EUR and GBP", (("order", "invoice"), ())),
        ("policy and invoice", 50, 100, "GBP", (("policy",), ("invoice",))),
        ("policy_and_import_declaration", 50, 90, "GBP", (("policy",), ("import_declaration",))),
        ("something quite new", 1, 2, None, (("order", "invoice"), ())),
    ],
)  # fmt: skip
def test_kinds_of_break_that_are_new_find_their_events(
    between, expected, found, unit, sides
) -> None:
    documents = [
        document("order", 3, amount_minor=100, currency="GBP"),
        document("dispatch", 0),
        document("invoice", 4, amount_minor=100, currency="GBP"),
        document("import_declaration", 5, amount_minor=90, currency="GBP"),
        document("policy", 6, amount_minor=50, currency="GBP"),
    ]
    if unit == "day":
        expected, found = DAY + 3, DAY
    (row,) = timeline(
        deal(documents, breaks=[a_break("new", between, expected, found, unit)])
    ).breaks
    events = timeline(deal(documents)).events
    kinds = {event.anchor: event.kind for event in events}
    named = tuple(tuple(kinds[anchor] for anchor in side) for side in row.sides)
    if between.startswith("dispatch"):
        named = tuple(sorted(named, reverse=True))
    assert tuple(map(set, named)) == tuple(map(set, sides))


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("", ()), ("seller", ("seller",)), ("buyer,bank", ("buyer", "bank")),
    ],
)  # fmt: skip
def test_who_could_have_caused_it(by, words) -> None:
    (row,) = timeline(
        deal([], breaks=[a_break("amount", "order and invoice", 1, 2, "GBP", caused_by=by)])
    ).breaks
    assert row.caused_by == words


def test_parties_and_accounts_of_a_break_are_named() -> None:
    rows = [
        a_break("party", "order and invoice", SELLER, 99, "seller"),
        a_break("account", "bill and earlier bill", 5, 6, "account"),
    ]
    party, account = timeline(
        deal([document("order", 0), document("invoice", 2)], breaks=rows)
    ).breaks
    assert (party.expected, party.found, party.size) == ("Sun Lamps", code_of(99, "C"), None)
    assert party.sides == (("e1",), ("e2",))
    assert (account.expected, account.sides) == (code_of(5, "A"), (("e2",), ()))


def test_inferred_links_lead_to_what_they_are_for(told: Timeline) -> None:
    (guess,) = told.guesses
    assert (guess.event, guess.to, guess.ppm) == ("e4", ("e3",), 700_000)
    assert "less a bank's fees" in guess.words
    assert told.events[3].inferred == ("l1",)
    assert told.sentences[-1].endswith("inferred: 1.")


def test_a_document_placed_by_the_course_leads_to_the_one_it_follows() -> None:
    order, offer, bill = (
        document("order", 3, thread=1),
        document("quotation", 1, thread=2),
        document("invoice", 4, thread=2),
    )
    link = inferred(order, "order-by-days", 600_000, 2)
    found = timeline(deal([order, offer, bill], links=[link]))
    (guess,) = found.guesses
    assert [found.event(anchor).kind for anchor in guess.to] == ["quotation"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_rule_has_plain_words(lang: str) -> None:
    say = Phrases(lang)
    course = [f"{rule.kind}-by-{how}" for rule in RULES for how in ("content", "days")]
    for rule in (*MONEY_RULES, *course):
        words = rule_words(rule, say)
        assert rule not in words and len(words) > 10
        assert (lang == "zh") == any("一" <= letter <= "鿿" for letter in words)
    assert rule_words("by-a-rule-to-come", say) == "by-a-rule-to-come"


def test_every_kind_and_promise_has_a_lane_and_every_code_its_words() -> None:
    assert set(LANE_OF) == set(KINDS) and set(LANE_OF_PROMISE) == set(PROMISES)
    assert set(LANE_OF_PROMISE.values()) <= set(LANES)
    for kind in KINDS.values():
        assert f"t.due.{kind.due_on}" in WORDS
        assert all(f"t.status.{status}" in WORDS for status in kind.statuses if kind.name in LANE_OF
                   and LANE_OF[kind.name] != "words")  # fmt: skip


def test_sums_run_on_by_day(told: Timeline) -> None:
    money, goods = told.balances
    assert [(p.day - DAY, *p.sums) for p in money.points] == [
        (0, 10_000, 0, 0), (13, 10_000, 10_750, 0), (40, 10_000, 10_750, 10_700),
    ]  # fmt: skip
    assert money.sentence.endswith("left to pay 0.50 GBP")
    assert [(p.day - DAY, *p.sums) for p in goods.points] == [(0, 4000, 0, 0), (13, 4000, 3000, 0)]


def test_sums_count_a_number_once_and_take_off_what_came_back() -> None:
    gbp = {"currency": "GBP"}
    documents = [
        document("invoice", 0, "I", amount_minor=100, **gbp),
        document("invoice", 1, "I", amount_minor=120, **gbp),
        document("credit_note", 2, "C", amount_minor=20, **gbp),
        document("payment", 3, "P", amount_minor=100, **gbp),
        document("payment", 4, "Q", amount_minor=40, status="rejected", **gbp),
        document("payment_return", 5, "R", amount_minor=30, **gbp),
        document("payment", 6, "", amount_minor=5, own=None, **gbp),
        document("payment", 6, "", amount_minor=5, own=None, row=8, doc_id="other", **gbp),
    ]
    (money,) = timeline(deal(documents)).balances
    assert money.points[-1].sums == (0, 100, 80)


@pytest.mark.parametrize(
    ("paid", "ending"),
    [
        (100, "left to pay 0.70 GBP"),
        (200, "was asked for apart"),
        (230, "beyond the invoices 0.30 GBP"),
    ],
)
def test_a_deposit_on_top_of_the_invoice_is_not_paid_too_much(paid: int, ending: str) -> None:
    gbp = {"currency": "GBP"}
    documents = [
        document("proforma", 0, "D", amount_minor=30, **gbp),
        document("invoice", 1, "I", amount_minor=170, **gbp),
        document("payment", 2, "P", amount_minor=paid, **gbp),
    ]
    (money,) = timeline(deal(documents)).balances
    assert money.sentence.endswith(ending)


def test_a_deal_of_nothing_dated_and_of_nobody_known() -> None:
    bare = document("order", None, "", own=None, seller=None, buyer=None, source=None, row=None)
    found = timeline(deal([bare], names={0: ""}), "zh")
    assert (found.parties, found.balances, found.spans) == ((), (), ())
    assert found.events[0].told[0].source == "shop.csv"


@given(st.lists(st.integers(-40_000, 60_000), min_size=1, max_size=40, unique=True))
def test_the_axis_keeps_order_and_cuts_only_empty_stretches(days: list[int]) -> None:
    days.sort()
    found = axis(days, 10.0, 110.0)
    places = [found.x(day) for day in days]
    assert all(a < b for a, b in pairwise(places))
    assert places[0] == 10.0 and places[-1] <= 110.0
    assert found.cuts == tuple((a, b) for a, b in pairwise(days) if b - a > LONGEST)
    assert len(found.ticks()) <= 110 and all(10.0 <= x <= 110.0 for x, _ in found.ticks())


@pytest.mark.parametrize("name", ["timeline", "timeline_scale", "timeline_sums", "timeline_chart"])
def test_examples(name: str) -> None:
    import importlib

    assert doctest.testmod(importlib.import_module(f"tallystick.report.{name}")).failed == 0
