"""MT940 and MT942: lines in the dialects of several banks, and what they become."""

from __future__ import annotations

import io

import pytest

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.swift import looks_like_swift, read_swift
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

HEAD = ":20:STMT1\r\n:25:DE89370400440532013000\r\n:28C:5/1\r\n:60F:C260107EUR1000,00\r\n"
CREDIT = ":61:2601070107C500,25NTRFINV-7//BANKREF12345\r\n"
GERMAN = (
    ":86:166?00GUTSCHRIFT?20EREF+E2E-77?21SVWZ+Rechnung INV-4562 vo?22m 01.12.2025"
    "?30COBADEFFXXX?31FR7630006000011234567890189?32BUYER GMBH?33 & CO KG\r\n"
)
DUTCH = ":86:/EREF/E2E-9//NAME/Seller BV/REMI/Invoice 88/IBAN/NL26VAYB8060476890/\r\n"
TAIL = ":62F:C260108EUR1500,25\r\n-\r\n"
STATEMENT = (HEAD + CREDIT + GERMAN + ":61:2601070107D12,50NTRFNONREF\r\n" + DUTCH + TAIL).encode()


def read(text: str | bytes) -> list[Said | Reject]:
    return list(read_swift(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "f.sta"))


def one(text: str) -> Said:
    (item,) = read(text)
    assert isinstance(item, Said), item
    return item


def rules(text: str | bytes) -> list[str]:
    return [item.rule if isinstance(item, Reject) else item.kind for item in read(text)]


def test_a_credit_as_german_banks_write_it() -> None:
    item = one(HEAD + CREDIT + GERMAN + TAIL)
    assert (item.kind, item.status, item.amount, item.currency) == (
        "payment",
        "settled",
        "500.25",
        "EUR",
    )
    assert (item.number, item.happened_at) == ("BANKREF12345", "2026-01-07")
    assert item.parties["buyer"].name == "BUYER GMBH & CO KG"
    assert item.parties["bank"].ids == [("bic", "COBADEFFXXX")]
    assert item.note == "Rechnung INV-4562 vom 01.12.2025 / GUTSCHRIFT"
    assert [ref[1] for ref in item.references] == ["E2E-77", "INV-7"]
    assert item.places["amount"] == ":61:5" and item.places["buyer"] == ":86:6"
    assert canonicalise([item], Contributor("bank", "bank")).rejects.num_rows == 0


def test_a_debit_as_dutch_banks_write_it() -> None:
    item = one(HEAD + ":61:2601070107D12,50NTRFNONREF\r\n" + DUTCH)
    assert item.parties["seller"].name == "Seller BV" and item.amount == "12.50"
    assert item.parties["seller"].details is not None
    assert item.parties["seller"].details.accounts == ("NL26VAYB8060476890",)
    assert item.parties["bank"].ids == [("id:iban.bank", "DE37040044")]
    assert item.references == [("payment_instruction", "E2E-9", None)]
    assert "Invoice 88" in (item.note or "")


def test_the_owner_is_known_by_the_account_and_the_same_in_every_statement() -> None:
    first, second = (one(HEAD.replace("STMT1", n) + CREDIT + GERMAN) for n in ("A", "B"))
    assert first.parties["seller"] == second.parties["seller"]
    ((scheme, value),) = first.parties["seller"].ids
    assert scheme == "id:account" and len(value) == 16 and "3704" not in value


@pytest.mark.parametrize("mark", ["RC", "RD"])
def test_reversals_are_returns(mark: str) -> None:
    item = one(HEAD + CREDIT.replace("0107C", f"0107{mark}") + GERMAN)
    named = item.parties["buyer" if mark == "RC" else "seller"].name
    assert (item.kind, item.amount, named) == ("payment_return", "500.25", "BUYER GMBH & CO KG")


def test_what_is_reported_during_the_day_is_pending() -> None:
    head = "{1:F01COBADEFFAXXX0000000000}{2:O9421200260107COBADEFFAXXX00000000002601071200N}{4:\r\n"
    item = one(head + ":20:A\r\n:25:DE89370400440532013000\r\n:34F:EUR0,\r\n" + CREDIT + GERMAN)
    assert (item.status, item.currency) == ("pending", "EUR")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD + CREDIT.replace("NTRF", "NCHG"), ["not-a-trade-payment"]),
        (HEAD + ":61:nonsense\r\n" + CREDIT + GERMAN, ["swift-line-malformed", "payment"]),
        (HEAD + ":61:2613300107C5,NTRFX\r\n" + GERMAN, ["swift-line-malformed"]),
        (HEAD + CREDIT, ["party-missing"]),
        (HEAD.replace(":60F:C260107EUR1000,00\r\n", "") + CREDIT + GERMAN, ["amount-without-currency"]),
        (HEAD + CREDIT.replace("500,25", "0,00") + GERMAN, ["amount-zero"]),
        (HEAD + CREDIT.replace("500,25", "5,005") + GERMAN, ["amount-too-precise"]),
        (HEAD + TAIL, ["nothing-stated"]),
        ("", ["nothing-stated"]),
        (HEAD + ":86:" + "x" * 20_000, ["swift-line-too-long"]),
        ("{1:F01A}{2:I202COBADEFFXXXXN}{4:\r\n:20:A\r\n:32A:260107EUR5,\r\n-}", ["swift-message-not-read"]),
        ("{1:F01A}{2:I103COBADEFFXXXXN}{4:\r\n:20:A\r\n:32A:260107EUR5,\r\n-}", ["party-missing"]),
        ("{1:F01A}{2:I103COBADEFFXXXXN}{4:\r\n:20:A\r\n:23B:CRED\r\n-}", ["swift-line-malformed"]),
    ],
)  # fmt: skip
def test_rejects_say_what_is_wrong(text: str, found: list[str]) -> None:
    assert rules(text) == found
    assert all(item.fix for item in read(text) if isinstance(item, Reject))


def test_several_messages_in_one_file_and_odd_line_ends() -> None:
    wrapped = (
        "{1:F01COBADEFFAXXX}{2:I940COBADEFFXXXXN}{4:\n" + HEAD + CREDIT + GERMAN + TAIL[:-3] + "-}"
    )
    assert rules((wrapped * 3).replace("\r\n", "\n")) == ["payment"] * 3
    assert rules(b"\xef\xbb\xbf" + STATEMENT) == ["payment"] * 2
    latin = (HEAD + CREDIT + GERMAN.replace("BUYER", "Müller")).encode("latin-1")
    (item,) = read(latin)
    assert isinstance(item, Said) and item.parties["buyer"].name == "Müller GMBH & CO KG"


def test_it_is_recognised_by_what_it_holds() -> None:
    assert looks_like_swift(STATEMENT) and looks_like_swift(b"{1:F01A}{2:I103A}{4:\r\n:20:A")
    for other in (b":20: o'clock\n", b"a,b\n:20:x\n", b"<a>:20:</a>", b"UNA:+.? '", b""):
        assert not looks_like_swift(other)


def test_no_account_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    read(HEAD + ":61:DE89370400440532013000\r\n")
    assert capfd.readouterr() == ("", "")


def test_field_86_of_other_banks_names_the_other_side() -> None:
    """ING's /CNTP/, columns before a colon, and subfields parted by another mark."""
    line = HEAD + ":61:2601070107D12,50NTRFEREF//BANKREF99\r\n"
    cases = {
        ":86:/EREF/E2E-9//CNTP/NL26VAYB8060476890/VAYBNL2A/Seller BV/Breda//REMI/USTD//Inv 88/": "Seller BV",
        ":86:SEPA OVERBOEKING              IBAN: NL26VAYB8060476890\r\nBIC: VAYBNL2A          NAAM: Seller BV"
        "     OMSCHRIJVING: Factuur 88": "Seller BV",
        ":86:FACTUUR 88\r\nREK: NL26VAYB8060476890/NAAM: SELLER": "SELLER",
        ":86:177>00SEPA>20Invoice 88>31NL26VAYB8060476890>32Seller BV": "Seller BV",
    }
    for field, name in cases.items():
        seller = one(line + field + "\r\n" + TAIL).parties["seller"]
        assert seller.name == name and seller.details is not None, field
        assert seller.details.accounts == ("NL26VAYB8060476890",), field


def test_words_that_only_say_where_a_reference_stands_are_none() -> None:
    item = one(HEAD + ":61:2601070107D12,50NTRFEREF\r\n" + DUTCH)
    assert [ref[1] for ref in item.references] == ["E2E-9"]


def test_an_account_that_cannot_be_is_named_as_the_reason() -> None:
    bad = HEAD.replace("DE89370400440532013000", "DE88370400440532013000")
    (item,) = read(bad + ":61:2601070107D12,50NTRFNONREF\r\n" + DUTCH)
    assert isinstance(item, Reject) and (item.rule, item.field) == ("account-invalid", ":25:")


TRANSFER = (
    "{1:F01BANKBEBBAXXX0000000000}{2:O1030803030813BANKDEFFAXXX00000000000803130803N}"
    "{3:{108:REF}{121:b6cb95d7-5576-48c9-a6e6-0123456789ab}}{4:\r\n:20:REFERENCE123\r\n:23B:CRED\r\n"
    ":32A:230803USD5000,\r\n:33B:EUR4600,50\r\n:50K:/DE89370400440532013000\r\nBUYER GMBH\r\nHAFEN 5\r\n"
    "20457 HAMBURG\r\n:59F:/987654321\r\n1/SELLER LTD\r\n2/QUAY 1\r\n3/GB/LONDON\r\n:70:/ROC/E2E-9\r\n"
    "PAYMENT FOR INVOICE 123\r\n:71A:SHA\r\n:71F:USD10,00\r\n-}{5:{CHK:1}}\r\n"
)


def test_a_transfer_between_banks() -> None:
    item = one(TRANSFER)
    assert (item.kind, item.status, item.amount, item.currency, item.happened_at, item.number) == (
        "payment",
        "settled",
        "5000",
        "USD",
        "2023-08-03",
        "REFERENCE123",
    )
    buyer, seller = item.parties["buyer"], item.parties["seller"]
    assert buyer.name == "BUYER GMBH" and buyer.details is not None
    assert buyer.details.accounts == ("DE89370400440532013000",)
    assert (seller.name, seller.country) == ("SELLER LTD", "GB") and seller.details is not None
    assert seller.details.addresses == ("QUAY 1, LONDON, GB",)
    assert item.parties["bank"].ids == [("id:iban.bank", "DE37040044")]
    assert item.references == [
        ("payment_instruction", "E2E-9", None),
        ("payment_instruction", "b6cb95d7-5576-48c9-a6e6-0123456789ab", "uetr"),
    ]
    assert item.note is not None and "INVOICE 123" in item.note
    assert "instructed: EUR 4600.50" in item.note and "charges: USD 10.00" in item.note
    assert item.places["amount"] == ":32A:4" and item.places["seller"] == ":59F:10"
    assert canonicalise([item], Contributor("bank", "bank")).rejects.num_rows == 0


def test_what_is_not_read_costs_no_message_beside_it() -> None:
    other = TRANSFER.replace("{2:O103", "{2:O202")
    returned = TRANSFER.replace(":71A:SHA", ":72:/RETN/AC01/wrong account")
    bare = TRANSFER.partition("{4:\r\n")[2].partition("-}")[0]
    text = TRANSFER + other + returned + STATEMENT.decode() + bare + bare
    assert rules(text) == [
        "payment",
        "swift-message-not-read",
        "nothing-stated",
        "payment",
        "payment",
        "payment",
        "payment",
    ]


@pytest.mark.parametrize("code", ["153", "808", "814"])
def test_pay_charges_and_interest_by_the_codes_of_german_banks(code: str) -> None:
    told = HEAD + CREDIT + GERMAN.replace(GERMAN[4:7], code, 1) + TAIL
    assert GERMAN[4:7].isdigit()
    assert rules(told) == ["not-a-trade-payment"]
