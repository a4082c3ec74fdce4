"""Bills in UBL: terms, types, self-billing, negatives, remittances line by line, answers to invoices."""

from __future__ import annotations

import pytest

from tallystick.evidence.formats.ubl import read_ubl
from tallystick.evidence.said import Reject, Said

NS = "urn:oasis:names:specification:ubl:schema:xsd:"


def party(name: str, wrap: str, inner: str = "") -> str:
    body = f"<a:PartyName><b:Name>{name}</b:Name></a:PartyName>{inner}"
    return f"<a:{wrap}><a:Party>{body}</a:Party></a:{wrap}>"


def bare(name: str, wrap: str) -> str:
    return f"<a:{wrap}><a:PartyName><b:Name>{name}</b:Name></a:PartyName></a:{wrap}>"


def ubl(name: str, body: str, number: str = "7") -> bytes:
    head = f"<b:ID>{number}</b:ID><b:IssueDate>2026-03-02</b:IssueDate>"
    return (
        f'<x:{name} xmlns:x="{NS}{name}-2" xmlns:a="{NS}CommonAggregateComponents-2" '
        f'xmlns:b="{NS}CommonBasicComponents-2">{head}{body}</x:{name}>'
    ).encode()


def one(name: str, body: str, number: str = "7") -> Said:
    (said,) = said_of(name, body, number)
    return said


def said_of(name: str, body: str, number: str = "7") -> list[Said]:
    found = list(read_ubl(ubl(name, body, number), "f.xml"))
    assert all(isinstance(item, Said) for item in found), found
    return [item for item in found if isinstance(item, Said)]


def reject(data: bytes) -> Reject:
    (item,) = read_ubl(data, "f.xml")
    assert isinstance(item, Reject)
    return item


def total(name: str, value: str) -> str:
    return f'<a:{name}><b:PayableAmount currencyID="EUR">{value}</b:PayableAmount></a:{name}>'


BILL = party("S", "AccountingSupplierParty") + party("B", "AccountingCustomerParty")


def names(said: Said) -> dict[str, str | None]:
    return {role: p.name for role, p in said.parties.items()}


def test_an_invoice_over_several_orders_names_at_most_four_documents() -> None:
    lines = "".join(
        f"<a:InvoiceLine><a:OrderLineReference><a:OrderReference><b:ID>{n}</b:ID></a:OrderReference>"
        "</a:OrderLineReference></a:InvoiceLine>"
        for n in ("A", "B", "A", "C")
    )
    refs = "".join(
        f"<a:{n}DocumentReference><b:ID>{n}</b:ID></a:{n}DocumentReference>"
        for n in ("Despatch", "Receipt", "Contract")
    )
    said = one(
        "Invoice", "<a:OrderReference><b:ID>NA</b:ID></a:OrderReference>" + refs + BILL + lines
    )
    assert [ref[:2] for ref in said.references] == [
        ("order", "A"),
        ("order", "B"),
        ("order", "C"),
        ("dispatch", "Despatch"),
    ]


TERMS = [
    ("<b:DueDate>2026-04-01</b:DueDate>", "2026-04-01", "open_account"),
    ("<b:DueDate>2026-03-02</b:DueDate>", "2026-03-02", None),
    (
        "<a:PaymentMeans><b:PaymentDueDate>2026-03-20</b:PaymentDueDate></a:PaymentMeans>"
        "<a:PaymentMeans><b:PaymentDueDate>2026-03-09</b:PaymentDueDate></a:PaymentMeans>",
        "2026-03-20",
        "open_account",
    ),
    ("<a:PaymentTerms><b:Note>net 30 days</b:Note></a:PaymentTerms>", None, "open_account"),
    (
        "<a:PaymentTerms><b:Note>Zahlbar innerhalb 14 Tagen</b:Note></a:PaymentTerms>",
        None,
        "open_account",
    ),
    ("<a:PaymentTerms><b:Note>due immediately</b:Note></a:PaymentTerms>", None, None),
    ("<a:PaymentMeans><b:PaymentMeansCode>48</b:PaymentMeansCode></a:PaymentMeans>", None, "card"),
    (
        '<a:LegalMonetaryTotal><b:TaxInclusiveAmount currencyID="EUR">10</b:TaxInclusiveAmount>'
        '<b:PrepaidAmount currencyID="EUR">10</b:PrepaidAmount></a:LegalMonetaryTotal>',
        None,
        "prepaid",
    ),
]


@pytest.mark.parametrize(("body", "due_on", "terms"), TERMS)
def test_terms_of_an_invoice(body: str, due_on: str | None, terms: str | None) -> None:
    said = one("Invoice", body + BILL)
    assert (said.due_on, said.terms) == (due_on, terms)


@pytest.mark.parametrize(
    ("means", "notes", "note"),
    [
        ("RF18 5390 0754 7034", "", "payment reference: RF18539007547034"),
        ("RF18 5390 0754 7034", "Thanks", "Thanks / payment reference: RF18539007547034"),
        ("210000000003139471430009017", "", "payment reference: 210000000003139471430009017"),
        ("RF19 5390 0754 7034", "Thanks", "Thanks"),
    ],
)
def test_the_creditor_reference_by_which_a_bill_is_to_be_paid(
    means: str, notes: str, note: str
) -> None:
    body = f"<a:PaymentMeans><b:PaymentID>{means}</b:PaymentID></a:PaymentMeans>" * 2
    said = one("Invoice", (f"<b:Note>{notes}</b:Note>" if notes else "") + body + BILL)
    assert said.note == note


@pytest.mark.parametrize(
    ("country", "means", "note"),
    [
        ("NO", "<b:PaymentID>2345676</b:PaymentID>", "2345676"),
        ("NO", "<b:PaymentID>2345677</b:PaymentID>", None),
        ("DE", "<b:PaymentID>2345676</b:PaymentID>", None),
        ("SE", "<b:PaymentID>1234567897</b:PaymentID>", "1234567897"),
        ("FI", "<b:PaymentID>00000 01232</b:PaymentID>", "1232"),
        ("BE", "<b:PaymentID>+++090/9337/55493+++</b:PaymentID>", "090933755493"),
        ("DK", "<b:PaymentID>71#000000012345674</b:PaymentID>", "000000012345674"),
        (
            "DK",
            "<b:InstructionID>000000012345674</b:InstructionID><b:PaymentID>71</b:PaymentID>",
            "000000012345674",
        ),
    ],
)
def test_the_references_of_a_country_count_for_its_sellers(
    country: str, means: str, note: str | None
) -> None:
    where = (
        f"<a:PostalAddress><a:Country><b:IdentificationCode>{country}</b:IdentificationCode>"
        "</a:Country></a:PostalAddress>"
    )
    bill = party("S", "AccountingSupplierParty", where) + party("B", "AccountingCustomerParty")
    said = one("Invoice", f"{bill}<a:PaymentMeans>{means}</a:PaymentMeans>")
    assert said.note == (f"payment reference: {note}" if note else None)


@pytest.mark.parametrize(
    ("words", "account"),
    [
        (
            "Our bank has changed. IBAN GB29 NWBK 6016 1331 9268 19, thank you",
            "GB29NWBK60161331926819",
        ),
        ("No longer DE89370400440532013000 but GB29NWBK60161331926819", None),
        ("IBAN GB29 NWBK 6016 1331 9268 10", None),
    ],
)
def test_an_account_that_is_told_in_words_alone(words: str, account: str | None) -> None:
    for told in (
        f"<b:Note>{words}</b:Note>",
        f"<a:PaymentTerms><b:Note>{words}</b:Note></a:PaymentTerms>",
    ):
        seller = one("Invoice", told + BILL).parties["seller"]
        assert (seller.details.accounts if seller.details else ()) == (
            (account,) if account else ()
        )
    own = "<a:PaymentMeans><a:PayeeFinancialAccount><b:ID>77</b:ID></a:PayeeFinancialAccount></a:PaymentMeans>"
    details = one("Invoice", f"<b:Note>{words}</b:Note>{own}{BILL}").parties["seller"].details
    assert details is not None and details.accounts == ("77",)


TYPES = [
    ("380", "invoice"),
    ("325", "proforma"),
    ("386", "proforma"),
    ("381", "credit_note"),
    ("383", "debit_note"),
]


@pytest.mark.parametrize(("code", "kind"), TYPES)
def test_invoice_type_codes(code: str, kind: str) -> None:
    assert one("Invoice", f"<b:InvoiceTypeCode>{code}</b:InvoiceTypeCode>{BILL}").kind == kind


def test_self_billing_is_written_by_the_buyer() -> None:
    for name, body in (
        ("SelfBilledInvoice", ""),
        ("SelfBilledCreditNote", ""),
        ("Invoice", "<b:InvoiceTypeCode>389</b:InvoiceTypeCode>"),
    ):
        assert names(one(name, body + BILL)) == {"seller": "S", "buyer": "B", "issuer": "B"}


def test_a_negative_bill_is_the_opposite_bill() -> None:
    line = '<a:{0}Line><b:{1}Quantity unitCode="EA">-4</b:{1}Quantity></a:{0}Line>'
    body = BILL + total("LegalMonetaryTotal", "-12.50") + line.format("Invoice", "Invoiced")
    said = one("Invoice", body)
    assert (said.kind, said.amount, said.quantity, said.due_on) == (
        "credit_note",
        "12.50",
        "4",
        None,
    )
    said = one("CreditNote", BILL + total("LegalMonetaryTotal", "-12.50"))
    assert (said.kind, said.amount) == ("debit_note", "12.50")


def test_an_overpaid_invoice_stands_and_the_seller_owes_the_rest() -> None:
    money = (
        '<a:LegalMonetaryTotal><b:TaxInclusiveAmount currencyID="EUR">100</b:TaxInclusiveAmount>'
        '<b:PrepaidAmount currencyID="EUR">130</b:PrepaidAmount>'
        '<b:PayableAmount currencyID="EUR">-30</b:PayableAmount></a:LegalMonetaryTotal>'
    )
    bill, refund = said_of("Invoice", BILL + money)
    assert (bill.kind, bill.amount, bill.terms) == ("invoice", "0", "prepaid")
    assert (refund.kind, refund.amount, refund.references) == (
        "refund_approval",
        "30",
        [("invoice", "7", None)],
    )
    assert (bill.row, refund.row) == (1, 2)


def remittance_line(debit: str, credit: str, reference: str) -> str:
    return (
        f'<a:RemittanceAdviceLine><b:DebitLineAmount currencyID="EUR">{debit}</b:DebitLineAmount>'
        f'<b:CreditLineAmount currencyID="EUR">{credit}</b:CreditLineAmount>'
        f"<a:BillingReference>{reference}</a:BillingReference></a:RemittanceAdviceLine>"
    )


def invoice_ref(number: str) -> str:
    return f"<a:InvoiceDocumentReference><b:ID>{number}</b:ID></a:InvoiceDocumentReference>"


CREDIT_REF = "<a:CreditNoteDocumentReference><b:ID>C1</b:ID></a:CreditNoteDocumentReference>"
PAID = '<b:TotalPaymentAmount currencyID="EUR">{}</b:TotalPaymentAmount>'


def test_a_remittance_is_one_statement_per_invoice() -> None:
    body = PAID.format("30") + BILL + remittance_line("10", "0", invoice_ref("I1"))
    found = said_of("RemittanceAdvice", body + remittance_line("20.00", "0", invoice_ref("I2")))
    assert [(s.kind, s.amount, s.currency, s.references, s.row) for s in found] == [
        ("remittance", "10", "EUR", [("invoice", "I1", None)], 1),
        ("remittance", "20.00", "EUR", [("invoice", "I2", None)], 2),
    ]
    assert {s.number for s in found} == {"7"}


def test_a_credit_taken_off_lowers_what_is_paid() -> None:
    body = (
        PAID.format("25")
        + BILL
        + remittance_line("10", "0", invoice_ref("I1"))
        + remittance_line("0", "15", CREDIT_REF)
        + remittance_line("30", "0", invoice_ref("I2"))
    )
    assert [s.amount for s in said_of("RemittanceAdvice", body)] == ["0", "25"]


def test_a_remittance_of_one_line_pays_the_total() -> None:
    body = PAID.format("10") + BILL + remittance_line("12", "0", invoice_ref("I1"))
    said = one("RemittanceAdvice", body)
    assert (said.amount, said.references) == ("10", [("invoice", "I1", None)])


def response(code: str, reason: str = "", kind: str = "380", more: str = "") -> str:
    status = (
        f"<a:Status><b:StatusReasonCode>{reason}</b:StatusReasonCode></a:Status>" if reason else ""
    )
    return (
        bare("B", "SenderParty")
        + bare("S", "ReceiverParty")
        + f"<a:DocumentResponse><a:Response><b:ResponseCode>{code}</b:ResponseCode>{status}</a:Response>"
        f"<a:DocumentReference><b:ID>inv021</b:ID><b:DocumentTypeCode>{kind}</b:DocumentTypeCode>"
        f"</a:DocumentReference>{more}</a:DocumentResponse>"
    )


RESPONSES = [
    ("RE", "QUA", "dispute", "RE", "QUA"),
    ("UQ", "PRI", "dispute", "UQ", "PRI"),
    ("CA", "PPD", "dispute", "CA", "PPD"),
    ("RE", "oops", "dispute", "RE", "OTH"),
    ("RE", "", "dispute", "RE", None),
    ("BusinessReject", "", "dispute", "RE", None),
    ("AP", "", "dispute_response", "accepted", None),
    ("PD", "", "remittance", None, None),
]


@pytest.mark.parametrize(("code", "why", "kind", "status", "reason"), RESPONSES)
def test_invoice_response(
    code: str, why: str, kind: str, status: str | None, reason: str | None
) -> None:
    said = one("ApplicationResponse", response(code, why))
    assert (said.kind, said.status, said.reason) == (kind, status, reason)
    assert said.references == [("invoice", "inv021", None)]
    who = {"seller": "S", "buyer": "B"}
    assert names(said) == (who if kind == "remittance" else who | {"issuer": "B", "recipient": "S"})


@pytest.mark.parametrize(
    "body",
    [
        response("AB"),
        response("IP"),
        response("XX"),
        response("RE", kind="9"),
        "<b:CustomizationID>urn:fdc:peppol.eu:poacc:trns:mlr:3</b:CustomizationID>"
        + response("RE"),
    ],
)
def test_responses_that_state_nothing(body: str) -> None:
    assert reject(ubl("ApplicationResponse", body)).rule == "nothing-stated"
