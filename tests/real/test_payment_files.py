"""Payments that others wrote: genkgo's camt files of eight versions and moov's set of banks' examples.

Skipped, saying so, where the samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES). The tables here
are those of docs/reference/formats/iso20022.md.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.iso20022 import looks_like_iso20022, read_iso20022
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples"))
FOLDER = SAMPLES / "payments"


@cache
def read(name: str) -> tuple[Said | Reject, ...]:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"no {path}; set TALLYSTICK_SAMPLES")
    with path.open("rb") as source:
        return tuple(read_iso20022(source, path.name))


def files(folder: str) -> list[str]:
    found = sorted((FOLDER / folder).glob("*"))
    if not found:
        pytest.skip(f"no sample files in {FOLDER / folder}; set TALLYSTICK_SAMPLES")
    return [f"{folder}/{path.name}" for path in found]


def rules(name: str) -> Counter[str]:
    return Counter(i.rule if isinstance(i, Reject) else i.kind for i in read(name))


SETS: dict[str, tuple[int, int, dict[str, int]]] = {
    "genkgo-camt": (
        26,
        17,
        {
            "payment": 21,
            "party-missing": 4,
            "amount-zero": 3,
            "amount-missing": 3,
            "message-incomplete": 1,
            "nothing-stated": 1,
        },
    ),
    "moov": (
        45,
        20,
        {
            "payment": 47,
            "payment_instruction": 11,
            "payment_return": 2,
            "party-missing": 11,
            "not-a-trade-payment": 10,
            "nothing-stated": 15,
            "not-of-the-loop": 8,
        },
    ),
}
"""Folder -> its files, how many of them state something, and its statements and rejects."""


@pytest.mark.parametrize("folder", SETS)
def test_every_file_is_recognised_and_accounted_for(folder: str) -> None:
    names = files(folder)
    assert all(looks_like_iso20022((FOLDER / name).read_bytes()[:65_536]) for name in names)
    found = sum((rules(name) for name in names), Counter[str]())
    stated = sum(any(isinstance(i, Said) for i in read(name)) for name in names)
    print(folder, len(names), stated, dict(found))
    assert (len(names), stated, dict(found)) == SETS[folder]


@pytest.mark.parametrize("folder", SETS)
def test_what_is_read_is_taken(folder: str) -> None:
    for name in files(folder):
        checked = canonicalise(read(name), Contributor("bank", "bank"))
        assert checked.rejects.num_rows == sum(isinstance(i, Reject) for i in read(name)), name


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("genkgo-camt/camt053.v2.wrong.xml", {"message-incomplete": 1}),
        ("genkgo-camt/camt052.v6.Amt-zero.xml", {"amount-zero": 1}),
        ("genkgo-camt/camt53.only-Dt-with-DtTm.xml", {"nothing-stated": 1}),
        ("genkgo-camt/camt053.v2.five.decimals.xml", {"party-missing": 1}),
        ("genkgo-camt/camt052.v1.xml", {"payment": 1}),
        ("moov/invalid_acmt_v03.json", {"not-of-the-loop": 1}),
        ("moov/valid_pacs_v11.json", {"nothing-stated": 1}),
        ("moov/invalid_pain_v11.xml", {"nothing-stated": 1}),
        ("moov/pain008-musterfile.xml", {"not-of-the-loop": 1}),
        ("moov/valid_reda_v01.xml", {"not-of-the-loop": 1}),
        ("moov/musterfile_pain.001_Nov2020.xml", {"payment_instruction": 6, "not-a-trade-payment": 2}),
    ],
)  # fmt: skip
def test_files_that_say_by_their_name_what_they_are(name: str, found: dict[str, int]) -> None:
    assert rules(name) == found


def said(name: str) -> list[Said]:
    return [item for item in read(name) if isinstance(item, Said)]


def test_a_bank_statement_with_fees_and_another_currency() -> None:
    by_amount = {item.amount: item for item in said("moov/FI_camt_053_sample.xml.xml")}
    less = by_amount["5455.00"]
    assert less.note == "instructed: EUR 5500.00 / charges: EUR 45.00"
    assert less.references == [("invoice", "RF98123456789012", None)]
    assert less.parties["seller"].name == "BANK ACCOUNT OWNER"
    assert by_amount["2120.00"].note == (
        "INVOICE US20291092 / instructed: USD 3200.00 / charges: EUR 20.00"
    )
    assert by_amount["10000.00"].parties["buyer"].name == "ULTIMATE DEBTOR"
    assert by_amount["1000.01"].note == "Invoices 123 and 321"


def test_money_that_came_back_with_its_reason() -> None:
    (item,) = said("moov/camt054-returns_p_ch5109000000250092291_1110097606_0_2020112500512470.xml")
    assert (item.kind, item.reason, item.amount) == ("payment_return", "AC01", "500.00")


def test_a_statement_settles_the_orders_by_the_payers_references() -> None:
    orders = {i.number for i in said("moov/musterfile_pain.001_Nov2020.xml")}
    assert orders == {
        "EndToEndId-01-01", "EndToEndId-02-01", "EndToEndId-02-02", "EndToEndId-04-01",
        "EEndToEndId-05-01", "EEndToEndId-06-01",
    }  # fmt: skip
    uetr = said("genkgo-camt/camt054.v8-with-UETR.xml")[0].references
    assert uetr == [("payment_instruction", "255ae394-9965-4438-ac86-f406feada396", "uetr")]
