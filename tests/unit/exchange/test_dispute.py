"""The course of a dispute: a table of cases, and what must hold of every course."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence.strikes import DISPUTED
from tallystick.exchange import (
    AGAINST_COMPANY,
    CLOCK_DAYS,
    CONTESTED,
    DECIDE_DAYS,
    EVENTS,
    FINAL,
    FOR_COMPANY,
    OPEN,
    REASONS,
    ROLES,
    WITHDRAWN,
    Dispute,
    Event,
    Outcome,
    Refused,
    View,
    act,
    allowed,
    event_words,
    mark_words,
    notices,
    open_dispute,
    outcome_words,
    reason_words,
    tick,
)

START = date(2026, 12, 1)
DOC = "0f" * 16
OPENED = open_dispute(7, "D-1/pay/0", (DOC,), "the market", "wrong_amount", "", START).dispute


def day(n: int) -> date:
    return START + timedelta(days=n)


# (steps of (day, event, role), state, day of closing, is it struck)
CASES = {
    "silence": ([], FOR_COMPANY, 20, True),
    "accepted": ([(3, "accept", "contributor")], FOR_COMPANY, 3, True),
    "accepted on the last day": ([(19, "accept", "contributor")], FOR_COMPANY, 19, True),
    "withdrawn": ([(3, "withdraw", "company")], WITHDRAWN, 3, False),
    "decided without an answer": ([(3, "decide_for", "operator")], FOR_COMPANY, 3, True),
    "contested, then nobody decides": ([(3, "contest", "contributor")], FOR_COMPANY, 20, True),
    "contested late, then nobody decides": (
        [(19, "contest", "contributor")],
        FOR_COMPANY,
        29,
        True,
    ),
    "contested and decided against": (
        [(3, "contest", "contributor"), (9, "decide_against", "operator")],
        AGAINST_COMPANY,
        9,
        False,
    ),
    "contested, answered, and decided for": (
        [(3, "contest", "contributor"), (5, "reply", "company"), (9, "decide_for", "operator")],
        FOR_COMPANY,
        9,
        True,
    ),
    "contested and then accepted": (
        [(3, "contest", "contributor"), (4, "accept", "contributor")],
        FOR_COMPANY,
        4,
        True,
    ),
    "contested and withdrawn": (
        [(3, "contest", "contributor"), (4, "withdraw", "company")],
        WITHDRAWN,
        4,
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_courses(case: str) -> None:
    steps, state, closed, struck = CASES[case]
    made = Outcome(OPENED, ())
    for n, kind, role in steps:
        made = act(made.dispute, Event(kind, role, "because"), day(n))
    n = 0
    while made.dispute.marked:
        n += 1
        made = tick(made.dispute, day(n)) or made
    assert (made.dispute.state, made.dispute.closed_on) == (state, day(closed))
    kinds = [effect.kind for effect in made.effects]
    assert ("strike" in kinds) is struck and "unmark" in kinds
    viewers = [effect.what for effect in made.effects if effect.whom == "viewers"]
    assert viewers == (["corrected"] if struck else [])
    for lang in ("en", "zh"):
        assert day(closed).isoformat() in (outcome_words(made.dispute, lang) or "")


@pytest.mark.parametrize(
    ("n", "kind", "role", "text", "code"),
    [
        (3, "contest", "company", "x", "not-yours"),
        (3, "withdraw", "contributor", "x", "not-yours"),
        (3, "decide_for", "contributor", "x", "not-yours"),
        (3, "decide_against", "operator", "x", "not-now"),
        (3, "contest", "contributor", " ", "text-missing"),
        (20, "contest", "contributor", "x", "too-late"),
        (19, "clock", "clock", "", "not-due"),
        (3, "shout", "company", "x", "event-unknown"),
        (20, "clock", "company", "", "not-yours"),
    ],
)
def test_what_may_not_happen_says_why(n: int, kind: str, role: str, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        act(OPENED, Event(kind, role, text), day(n))
    assert refused.value.code == code
    assert refused.value.english == str(refused.value) and refused.value.chinese


def test_opening_marks_and_tells_the_contributor() -> None:
    made = open_dispute(7, "D-1/pay/0", (DOC, DOC), "the market", "not_ours", " no ", START)
    assert made.dispute.documents == (DOC,) and made.dispute.text == "no"
    told = [(effect.kind, effect.whom, effect.what) for effect in made.effects]
    assert told == [
        ("mark", "", ""),
        ("tell", "contributor", "objection"),
        ("tell", "operator", "opened"),
    ]


def test_the_same_is_not_disputed_twice() -> None:
    def again(reason: str, earlier: Dispute, company: int = 7, doc: str = DOC) -> str | None:
        try:
            open_dispute(company, "D-1/pay/0", (doc,), "m", reason, "x", day(40), [earlier])
        except Refused as refused:
            return refused.code
        return None

    contested = act(OPENED, Event("contest", "contributor", "x"), day(1)).dispute
    lost = act(contested, Event("decide_against", "operator", "x"), day(2)).dispute
    gone = act(contested, Event("withdraw", "company"), day(2)).dispute
    assert again("wrong_amount", OPENED) == again("other", contested) == "disputed-already"
    assert again("wrong_amount", lost) == "decided-before"
    assert again("wrong_date", lost) is None and again("wrong_amount", gone) is None
    assert again("wrong_amount", OPENED, company=8) is None
    assert again("wrong_amount", OPENED, doc="1a" * 16) is None


@pytest.mark.parametrize(
    ("documents", "reason", "text", "code"),
    [
        ((), "not_ours", "x", "nothing-disputed"),
        ((DOC,), "because", "x", "reason-unknown"),
        ((DOC,), "other", " ", "text-missing"),
    ],
)
def test_what_cannot_be_disputed(
    documents: tuple[str, ...], reason: str, text: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        open_dispute(7, "D-1/pay/0", documents, "the market", reason, text, START)
    assert refused.value.code == code


def test_every_reason_is_one_that_a_strike_knows_and_has_words() -> None:
    assert set(REASONS) == set(DISPUTED)
    assert all(reason_words(code) != reason_words(code, "zh") for code in REASONS)
    assert all(event_words(kind) != event_words(kind, "zh") for kind in EVENTS)


def test_those_who_saw_it_are_told_once() -> None:
    views = [View(a, c, t) for a, c, t in [("b", 7, 10), ("a", 7, 20), ("a", 7, 15), ("x", 8, 15)]]
    told = notices([*views, View("us", 7, 15), View("c", 7, 31)], 7, 10, 30, but={"us"})
    assert [(n.account, n.times, n.first_us, n.last_us) for n in told] == [
        ("a", 2, 15, 20),
        ("b", 1, 10, 10),
    ]


# laws

steps = st.lists(
    st.tuples(
        st.integers(0, 4), st.sampled_from(EVENTS), st.sampled_from(ROLES), st.text(max_size=2)
    ),
    max_size=12,
)


@given(steps, st.sampled_from(list(REASONS)))
def test_every_course_keeps_the_rules(course: list[tuple[int, str, str, str]], reason: str) -> None:
    """Final states stay, marks are shown in exactly the open ones, all ends within the clocks, and what is
    allowed is what is not refused."""
    made = open_dispute(7, "D-1/pay/0", (DOC,), "the market", reason, "x", START).dispute
    n = 0
    for later, kind, role, text in course:
        n += later
        before, may = made, kind in allowed(made, role, day(n))
        try:
            made = act(made, Event(kind, role, text), day(n)).dispute
        except Refused as refused:
            assert not may or refused.code == "text-missing"
        else:
            assert may and before.state not in FINAL
        if before.state in FINAL:
            assert made == before and tick(made, day(n)) is None
        for lang in ("en", "zh"):
            assert (mark_words(made, lang) is not None) is made.marked
            assert (outcome_words(made, lang) is None) is made.marked
        assert made.marked is (made.state in (OPEN, CONTESTED))
        assert (made.due_on - START).days <= CLOCK_DAYS + DECIDE_DAYS
    end = tick(made, day(n + CLOCK_DAYS + DECIDE_DAYS))
    assert (end is None) is (made.state in FINAL)
    if end is not None:
        assert end.dispute.state == FOR_COMPANY and "strike" in [e.kind for e in end.effects]


@given(st.sampled_from([None, *range(CLOCK_DAYS)]))
def test_silence_decides_for_the_company_on_the_due_day_and_not_before(answer: int | None) -> None:
    made = OPENED
    if answer is not None:
        made = act(made, Event("contest", "contributor", "x"), day(answer)).dispute
    assert tick(made, made.due_on - timedelta(days=1)) is None
    ended = tick(made, made.due_on)
    assert ended is not None
    assert (ended.dispute.state, ended.dispute.how) == (FOR_COMPANY, "clock")
