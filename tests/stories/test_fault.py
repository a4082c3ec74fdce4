"""Whose fault it is that a promise was not kept in time: shares with reasons, on the evidence of the deal."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from datetime import date

import pytest

from tallystick.book import Book
from tallystick.promises import fault
from tallystick.units import day_number

ORDER = (
    "2024-01-06 order O1 due=2024-02-01 deliver=2024-03-01 amount=100 USD terms=deposit_balance\n"
)
SENT = "2024-02-11 dispatch D1 ->order:O1 by=seller\n"
PROFORMA = "2024-01-08 proforma PF1 ->order:O1 due=2024-01-20 amount=30 USD by=seller\n"
DEPOSIT = "2024-01-26 payment P1 ->proforma:PF1 ->order:O1 amount=30 USD by=bank\n"
WAYBILL = "2024-02-01 shipment S1 ->order:O1 due=2024-03-01 carrier=FastShip by=carrier\n"
GONE = "2024-02-01 transport_event T1 ->order:O1 status=departed carrier=FastShip by=carrier\n"
CAME = "2024-03-11 transport_event T2 ->order:O1 status=delivered carrier=FastShip by=carrier\n"
NOTICE = "2024-01-30 force_majeure_notice F1 ->order:O1 issuer=Maker due=2024-02-05"

CASES: dict[str, tuple[str, str, list[tuple[str, int, str]]]] = {
    "nobody else": (ORDER + SENT, "dispatch", [("seller", 1_000_000, "own delay")]),
    "kept": (ORDER + SENT.replace("02-11", "01-30"), "dispatch", []),
    "a deposit late by six of ten days": (
        ORDER + SENT + PROFORMA + DEPOSIT,
        "dispatch",
        [("buyer", 600_000, "deposit late"), ("seller", 400_000, "own delay")],
    ),
    "a deposit that no contract puts first": (
        (ORDER + SENT + PROFORMA + DEPOSIT).replace("terms=deposit_balance", ""),
        "dispatch",
        [("seller", 1_000_000, "own delay")],
    ),
    "held by customs, by which it is excused": (
        ORDER + WAYBILL + GONE + CAME
        + "2024-03-01 customs_event C1 ->order:O1 status=held by=customs\n"
        + "2024-03-09 customs_event C2 ->order:O1 status=released by=customs\n",
        "arrive",
        [("customs", 1_000_000, "held by customs")],
    ),
    "handed over four of ten days late": (
        ORDER + WAYBILL + GONE.replace("02-01", "02-05") + CAME,
        "arrive",
        [("carrier", 600_000, "own delay"), ("seller", 400_000, "handed over late")],
    ),
    "a notice that another confirms": (
        ORDER + SENT + NOTICE + " by=inspector\n",
        "dispatch",
        [("force_majeure", 600_000, "force majeure"), ("seller", 400_000, "own delay")],
    ),
    "a notice by its own word": (
        ORDER + SENT + NOTICE + " by=seller\n",
        "dispatch",
        [("seller", 1_000_000, "own delay")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_fault_has_shares(tell: Callable[[str], Book], case: str) -> None:
    text, kind, wanted = CASES[case]
    book = tell(text)
    end = date(2024, 12, 31)
    cut = book.cut(end)
    (promise,) = [row for row in book.promises(cut=cut).to_pylist() if row["kind"] == kind]
    papers = book.documents_of(cut, [promise["deal"]]).to_pylist()
    found = fault.shares(promise, papers, day_number(end))
    assert [(share.party, share.ppm, share.reason) for share in found] == wanted
    assert sum(share.ppm for share in found) in (0, 1_000_000)


def test_example() -> None:
    assert doctest.testmod(fault).failed == 0
