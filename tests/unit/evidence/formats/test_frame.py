"""Whatever ends a reader comes out as a reject behind all that stood before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tallystick.evidence.formats.bills import overpaid, put_terms, turn_negative
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.jsonpaths import objects, text_at, value_at
from tallystick.evidence.formats.xmlsafe import ReaderError
from tallystick.evidence.said import Reject, Said


def items(error: Exception | None) -> Iterator[Said | Reject]:
    yield Said("order")
    yield Reject(None, None, None, "nothing-stated", "nothing", "nothing to do")
    if error is not None:
        raise error


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (ReaderError("json", "it is not JSON", "send it again"), "json"),
        (EOFError("cut"), "unreadable"),
    ],
)
def test_what_stops_a_reader_is_a_reject_of_the_next_row(error: Exception, rule: str) -> None:
    *before, last = framed(items(error), "f")
    assert [(item.source, item.row) for item in before] == [("f", 1), ("f", 2)]
    assert isinstance(last, Reject) and (last.rule, last.row, last.source) == (rule, 3, "f")


def test_a_file_without_anything_says_so_where_asked() -> None:
    (only,) = framed(iter(()), "f", ("it holds nothing", "send more"))
    assert isinstance(only, Reject) and (only.rule, only.row) == ("nothing-stated", None)
    assert list(framed(iter(()), "f")) == []
    assert len(list(framed(items(None), "f", ("it holds nothing", "send more")))) == 2


def test_errors_of_our_own_making_are_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        list(framed(items(ZeroDivisionError()), "f"))


def test_members_are_texts_or_whole_numbers() -> None:
    record = {"a": {"b": " x ", "n": 5, "t": True, "e": "  ", "l": [1]}}
    assert text_at(record, "a/e", "a/t", "a/l", "a/b") == text_at(record, "/a/b") == "x"
    assert (text_at(record, "a/n"), text_at(record, "a/n/m"), text_at(None, "a")) == (
        "5",
        None,
        None,
    )
    assert value_at(record, "a/l") == [1] and value_at([], "a") is None
    assert objects([{"x": 1}, 2, {"y": 3}]) == [(0, {"x": 1}), (2, {"y": 3})]


@pytest.mark.parametrize(
    ("kind", "amount", "wanted"),
    [
        ("invoice", "-5", ("credit_note", "5")),
        ("credit_note", "-5", ("debit_note", "5")),
        ("invoice", "-0.00", ("invoice", "-0.00")),
        ("freight_invoice", "-5", ("freight_invoice", "-5")),
        ("invoice", "-x", ("invoice", "-x")),
    ],
)
def test_a_bill_below_nothing_is_the_opposite_bill(
    kind: str, amount: str, wanted: tuple[str, str]
) -> None:
    said = Said(kind, amount=amount)
    turn_negative(said)
    assert (said.kind, said.amount) == wanted


def test_a_prepayment_beyond_the_bill_is_owed_back() -> None:
    assert [
        str(overpaid(due, whole)) for due, whole in (("-20", "100"), ("-20", "-20"), ("5", "9"))
    ] == [
        "20",
        "0",
        "0",
    ]


def test_terms_go_by_prepayment_then_card_then_days() -> None:
    def terms(
        prepaid: str | None, means: list[str], notes: list[str], due: str | None
    ) -> str | None:
        said = Said("invoice", issued_on="2026-01-01", due_on=due)
        put_terms(said, prepaid, "100", means, notes)
        return said.terms

    assert terms("100", ["48"], [], None) == "prepaid"
    assert terms("99", ["30", "48"], [], "2026-02-01") == "card"
    assert terms(None, ["30"], [], "2026-02-01") == "open_account"
    assert terms(None, [], ["30 days net"], "2026-01-01") is None
    assert terms(None, [], ["payable in 30 days"], None) == "open_account"
