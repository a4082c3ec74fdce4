"""Where the facts of a UBL document stand, and what an answer to a bill asks for.

Every document is written with one element a line, so that a line tells which element was meant.
"""

from __future__ import annotations

import pytest

from tallystick.evidence.formats.ubl import read_ubl
from tallystick.evidence.said import Reject, Said

NS = "urn:oasis:names:specification:ubl:schema:xsd:"


def el(name: str, *inner: str, **attributes: str) -> str:
    """An element of either namespace by its spelling: aggregates hold elements, basics hold text."""
    prefix = "a" if any(text.lstrip().startswith("<") for text in inner) else "b"
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    space = "\n" if prefix == "a" else ""
    return f"<{prefix}:{name}{given}>{space}{''.join(inner)}</{prefix}:{name}>\n"


def party(role: str, name: str) -> str:
    return el(role, el("Party", el("PartyName", el("Name", name))))


def document(name: str, *inner: str) -> str:
    return (
        f'<x:{name} xmlns:x="{NS}{name}-2" xmlns:a="{NS}CommonAggregateComponents-2" '
        f'xmlns:b="{NS}CommonBasicComponents-2">\n{"".join(inner)}</x:{name}>'
    )


def read(text: str) -> list[Said]:
    found = list(read_ubl(text.encode(), "f.xml"))
    assert all(isinstance(item, Said) for item in found), found
    return [item for item in found if isinstance(item, Said)]


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


BILL = (
    el("ID", "I7")
    + el("IssueDate", "2026-01-05")
    + el("DueDate", "2026-02-04")
    + el("OrderReference", el("ID", "PO1"))
    + party("AccountingSupplierParty", "Seller")
    + party("AccountingCustomerParty", "Buyer")
    + el("LegalMonetaryTotal", el("PayableAmount", "119", currencyID="EUR"))
    + el("InvoiceLine", el("InvoicedQuantity", "2", unitCode="C62"))
)


def test_each_fact_of_a_bill_has_its_path_and_line() -> None:
    text = document("Invoice", BILL)
    (said,) = read(text)
    wanted = {
        "number": ("ID", ">I7<"),
        "issued_on": ("IssueDate", ">2026-01-05<"),
        "due_on": ("DueDate", ">2026-02-04<"),
        "amount": ("LegalMonetaryTotal/PayableAmount", ">119<"),
        "quantity": ("InvoiceLine/InvoicedQuantity", ">2<"),
        "references": ("OrderReference/ID", ">PO1<"),
        "seller": ("AccountingSupplierParty/Party", None),
        "buyer": ("AccountingCustomerParty/Party", None),
    }
    assert set(said.places) == set(wanted)
    for name, (path, piece) in wanted.items():
        where, _, line = said.places[name].rpartition(":")
        assert where == path
        assert piece is None or int(line) == line_of(text, piece)


def test_a_fact_that_falls_away_has_no_place() -> None:
    (said,) = read(document("Invoice", BILL.replace(">119<", ">-119<")))
    assert said.kind == "credit_note" and "due_on" not in said.places


def test_places_are_below_the_document_in_an_envelope() -> None:
    text = f"<StandardBusinessDocument>\n{document('Invoice', BILL)}\n</StandardBusinessDocument>"
    (said,) = read(text)
    assert said.places["number"] == f"ID:{line_of(text, '>I7<')}"


def test_each_bill_of_a_remittance_has_places_of_its_own() -> None:
    lines = "".join(
        el(
            "RemittanceAdviceLine",
            el("DebitLineAmount", amount, currencyID="EUR"),
            el("BillingReference", el("InvoiceDocumentReference", el("ID", number))),
        )
        for number, amount in (("I7", "100"), ("I8", "19"))
    )
    text = document("RemittanceAdvice", el("ID", "R1"), el("IssueDate", "2026-02-04"), lines)
    for said, number, amount in zip(read(text), ("I7", "I8"), (">100<", ">19<"), strict=True):
        place = f"RemittanceAdviceLine/DebitLineAmount:{line_of(text, amount)}"
        assert said.places["amount"] == place
        assert said.places["references"].endswith(f"/ID:{line_of(text, f'>{number}<')}")


def test_the_answer_to_an_order_and_the_event_say_where_their_status_stands() -> None:
    text = document("OrderResponse", el("ID", "1"), el("OrderResponseCode", "RE"))
    (said,) = read(text)
    assert said.places["status"] == f"OrderResponseCode:{line_of(text, '>RE<')}"
    event = el(
        "TransportEvent", el("OccurrenceDate", "2026-01-02"), el("TransportEventTypeCode", "21")
    )
    text = document("TransportationStatus", el("ID", "1"), el("IssueDate", "2026-01-03"), event)
    (said,) = read(text)
    assert said.status == "delivered"
    assert said.places["status"] == f"TransportEvent:{line_of(text, '<a:TransportEvent>')}"
    assert said.places["happened_at"] == (
        f"TransportEvent/OccurrenceDate:{line_of(text, '>2026-01-02<')}"
    )


def status(code: str, listed: str = "", words: str = "") -> str:
    attributes = {"listID": listed} if listed else {}
    return el(
        "Status", el("StatusReasonCode", code, **attributes), el("StatusReason", words or "-")
    )


def answer(code: str, *statuses: str) -> str:
    response = el("Response", el("ResponseCode", code), *statuses)
    return document(
        "ApplicationResponse",
        el("ID", "A1"),
        el("IssueDate", "2026-01-09"),
        party("SenderParty", "Buyer").replace("<a:Party>\n", "").replace("</a:Party>\n", ""),
        party("ReceiverParty", "Seller").replace("<a:Party>\n", "").replace("</a:Party>\n", ""),
        el("DocumentResponse", response, el("DocumentReference", el("ID", "I7"))),
    )


REASON, ACTION = "OPStatusReason", "OPStatusAction"
ANSWERS = [
    ("UQ", [status("REF", REASON), status("NIN", ACTION)], "dispute", "REF", "issue a new invoice"),
    ("RE", [status("OTH", ACTION), status("PRI", REASON)], "dispute", "PRI", None),
    ("RE", [status("PIN", ACTION)], "dispute", None, "provide information"),
    ("RE", [status("CNF")], "dispute", None, "credit in full"),
    ("CA", [status("QUA"), status("CNP"), status("CNA")], "dispute", "QUA", "in part, credit the"),
    ("RE", [status("NOA", ACTION), status("CALCUL_ERR", REASON)], "dispute", "OTH", None),
    ("AP", [status("NON", REASON)], "dispute_response", None, None),
    ("PD", [status("PPD", REASON)], "remittance", "PPD", None),
    ("PD", [status("OTH", REASON)], "remittance", None, None),
]


@pytest.mark.parametrize(("code", "statuses", "kind", "reason", "asked"), ANSWERS)
def test_reasons_and_actions_of_an_answer_are_told_apart(
    code: str, statuses: list[str], kind: str, reason: str | None, asked: str | None
) -> None:
    text = answer(code, *statuses)
    (said,) = read(text)
    assert (said.kind, said.reason) == (kind, reason)
    assert ("asks to" in str(said.note)) == (asked is not None)
    assert asked is None or asked in str(said.note)
    if code not in ("AP", "PD"):
        assert said.places["status"].endswith(f"ResponseCode:{line_of(text, f'>{code}<')}")
    assert ("reason" in said.places) == (reason is not None)


@pytest.mark.parametrize("code", ["AB", "IP"])
def test_where_a_bill_is_states_nothing(code: str) -> None:
    (item,) = read_ubl(answer(code).encode(), "f.xml")
    assert isinstance(item, Reject) and item.rule == "nothing-stated"


def test_a_set_of_snippets_is_refused_as_what_it_is() -> None:
    (item,) = read_ubl(f"<testSet>{document('Invoice', BILL)}</testSet>".encode(), "f.xml")
    assert isinstance(item, Reject) and item.rule == "not-ubl"
    assert "wraps such documents, or parts of them" in item.message
