"""ISO 20022: what orders, statements, status reports, returns and recalls become."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.formats.payments import (
    IBAN,
    SPACE,
    bill,
    document,
    entry,
    one,
    read,
    rules,
    said,
    statement,
    who,
    wrap,
    xml,
)

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.iso20022 import looks_like_iso20022
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

DEBTOR = wrap("RltdPties", xml("Dbtr/Nm=Buyer GmbH;DbtrAcct/Id/IBAN=FR7630006000011234567890189"))
BILL = wrap("RmtInf", bill("INV-1"))


def test_a_credit_is_paid_to_the_owner_and_a_debit_by_it() -> None:
    credit = one(statement(entry("CRDT", DEBTOR)))
    debit = one(statement(entry("DBIT", wrap("RltdPties", xml("Cdtr/Pty/Nm=Seller SA")))))
    assert who(credit) == {"buyer": "Buyer GmbH", "seller": "Owner Ltd"}
    assert who(debit) == {"buyer": "Owner Ltd", "seller": "Seller SA"}
    assert (credit.amount, credit.currency, credit.happened_at) == ("100.00", "EUR", "2026-03-05")
    assert credit.status == debit.status == "settled"
    accounts = {r: p.details.accounts for r, p in credit.parties.items() if p.details}
    assert accounts == {"buyer": ("FR7630006000011234567890189",), "seller": (IBAN,)}
    assert debit.parties["bank"].ids == [("bic", "COBADEFFXXX")] and "bank" not in credit.parties


def test_one_number_at_two_banks_is_two_accounts() -> None:
    def owner(number: str, bank: str) -> list[tuple[str, str]]:
        account = wrap("Acct", xml(f"Id/{number};Svcr/FinInstnId/BICFI={bank}"))
        head = xml("Id=S1;CreDtTm=2026-03-06T08:00:00Z")
        data = document("BkToCstmrStmt", wrap("Stmt", head, account, entry("CRDT", DEBTOR)))
        return one(data).parties["seller"].ids

    short, iban = "Othr/Id=12345678", f"IBAN={IBAN}"
    assert owner(short, "COBADEFF") == owner(short, "COBADEFFXXX") != owner(short, "DEUTDEFF")
    assert owner(iban, "COBADEFF") == owner(iban, "DEUTDEFF") != []


def test_every_fact_has_its_place() -> None:
    refs = xml("Refs/EndToEndId=E2E-1;Refs/AcctSvcrRef=BANKREF-0001")
    item = one(statement(entry("CRDT", refs, DEBTOR).replace("</TxDtls><TxDtls>", "")))
    assert item.places == {
        "amount": "Stmt/Ntry/Amt:1",
        "number": "Stmt/Ntry/NtryDtls/TxDtls/Refs/AcctSvcrRef:1",
        "happened_at": "Stmt/Ntry/BookgDt/Dt:1",
        "buyer": "Stmt/Ntry/NtryDtls/TxDtls/RltdPties/Dbtr:1",
        "seller": "Stmt/Acct:1",
        "issuer": "Stmt/Acct:1",
        "references": "Stmt/Ntry/NtryDtls/TxDtls/Refs/EndToEndId:1",
    }


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("<Cd>BOOK</Cd>", "BOOK"), "settled"),
        (("<Cd>BOOK</Cd>", "PDNG"), "pending"),
        (("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>"), "pending"),
        (("<Cd>BOOK</Cd>", "<Cd>FUTR</Cd>"), "pending"),
        (("BkToCstmrStmt", "BkToCstmrAcctRpt"), "pending"),
        (("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"), "settled"),
        (("BkToCstmrStmt", "BkToCstmrStmtV01"), "settled"),
    ],
)
def test_status_of_an_entry_as_text_or_code(change: tuple[str, str], status: str) -> None:
    data = statement(entry("CRDT", DEBTOR)).decode().replace(*change)
    assert one(data.encode()).status == status


@pytest.mark.parametrize(
    "mark",
    [
        wrap("RtrInf", xml("Rsn/Cd=AC04;AddtlInf=closed")),
        xml("BkTxCd/Domn/Fmly/SubFmlyCd=RRTN"),
    ],
)
def test_money_that_comes_back(mark: str) -> None:
    item = one(statement(entry("CRDT", wrap("RltdPties", xml("Cdtr/Nm=Seller SA")) + mark)))
    assert item.kind == "payment_return" and item.status is None
    assert who(item) == {"buyer": "Owner Ltd", "seller": "Seller SA"}
    assert item.reason == ("AC04" if "AC04" in mark else None)


def test_a_return_during_the_day_is_pending_too() -> None:
    data = statement(entry("DBIT", DEBTOR, extra=xml("RvslInd=true")), root="BkToCstmrAcctRpt")
    assert (one(data).kind, one(data).status) == ("payment_return", "pending")


def test_a_reversal_is_marked_on_the_entry() -> None:
    item = one(statement(entry("DBIT", DEBTOR, extra=xml("RvslInd=true"))))
    assert (item.kind, who(item)) == (
        "payment_return",
        {"buyer": "Buyer GmbH", "seller": "Owner Ltd"},
    )


def test_an_entry_of_several_is_one_statement_each_and_one_without_details() -> None:
    details = [xml(f"Amt@EUR={n}.00") + DEBTOR for n in (1, 2, 3)]
    assert [item.amount for item in said(statement(entry("CRDT", *details)))] == [
        "1.00",
        "2.00",
        "3.00",
    ]
    batch = entry("DBIT", more=xml("AddtlNtryInf=Salaries and bills"), extra="")
    item = one(statement(batch))
    assert (item.amount, item.note, who(item)) == (
        "100.00",
        "Salaries and bills",
        {"buyer": "Owner Ltd"},
    )
    assert rules(statement(entry("CRDT", DEBTOR, DEBTOR))) == ["amount-missing"] * 2


def test_what_an_entry_says_besides_goes_with_its_only_transaction() -> None:
    fee = wrap("Chrgs", xml("Rcrd/Amt@EUR=4.40"))
    sent = xml("AmtDtls/InstdAmt/Amt@USD=120.00")
    words = wrap("RmtInf", xml("Ustrd=INVOICE 7;Ustrd=of May"))
    data = statement(
        entry("CRDT", sent + DEBTOR + words, extra=fee, more=xml("AddtlNtryInf=Credit"))
    )
    assert one(data).note == (
        "INVOICE 7 / of May / Credit / instructed: USD 120.00 / charges: EUR 4.40"
    )


def test_who_owes_stands_before_who_pays() -> None:
    parties = xml(
        "Dbtr/Nm=Payer AG;DbtrAcct/Id/IBAN=FR7630006000011234567890189;UltmtDbtr/Nm=Owing BV"
    )
    item = one(statement(entry("CRDT", wrap("RltdPties", parties))))
    assert who(item)["buyer"] == "Owing BV" and item.note == "payer: Payer AG"
    assert item.parties["buyer"].details is None
    same = parties.replace("Owing BV", "PAYER ag")
    assert one(statement(entry("CRDT", wrap("RltdPties", same)))).note is None


PARTS = [
    ("each its own", "100", [bill("A", "60.00"), bill("B", "40.00")], {"A": "60.00", "B": "40.00"}),
    ("a fee is taken off", "95", [bill("A", "60"), bill("B", "40")], {"A": "55", "B": "40"}),
    (
        "a rest stands alone",
        "110",
        [bill("A", "60"), bill("B", "40")],
        {"A": "60", "B": "40", "": "10"},
    ),
    (
        "a credit note is set against",
        "90",
        [bill("A", "60"), bill("B", "40"), bill("C", "10", kind="CREN")],
        {"A": "50", "B": "40"},
    ),
    (
        "by what is due, less discounts",
        "97",
        [
            bill("A", "60", "DuePyblAmt").replace(
                "</RfrdDocAmt>", '<DscntApldAmt Ccy="EUR">3</DscntApldAmt></RfrdDocAmt>'
            ),
            bill("B", "40"),
        ],
        {"A": "57", "B": "40"},
    ),
    ("without amounts it is one", "100", [bill("A"), bill("B", "40")], {"AB": "100"}),
]


@pytest.mark.parametrize(
    ("what", "amount", "bills", "shares"), PARTS, ids=[row[0] for row in PARTS]
)
def test_one_payment_of_several_bills(
    what: str, amount: str, bills: list[str], shares: dict[str, str]
) -> None:
    items = said(statement(entry("CRDT", DEBTOR + wrap("RmtInf", *bills), amount=amount)))
    found = {"".join(n for k, n, _ in i.references if k == "invoice"): i.amount for i in items}
    assert found == shares
    assert sum(Decimal(i.amount or 0) for i in items) == Decimal(amount)


@given(
    st.lists(st.integers(1, 10_000), min_size=2, max_size=6), st.integers(1, 60_000), st.booleans()
)
def test_the_parts_add_up_to_what_was_paid(bills: list[int], paid: int, note: bool) -> None:
    blocks = [bill(f"I{n}", f"{cents / 100:.2f}") for n, cents in enumerate(bills)]
    blocks += [bill("C", "1.00", kind="CREN")] if note else []
    data = statement(entry("CRDT", DEBTOR + wrap("RmtInf", *blocks), amount=f"{paid / 100:.2f}"))
    shares = [Decimal(item.amount or 0) for item in said(data)]
    owed = Decimal(sum(bills)) / 100 - (Decimal(1) if note else 0)
    total = Decimal(paid) / 100
    assert all(share > 0 for share in shares)
    assert (
        sum(shares) == total
        or (note and owed < sum(shares) <= total)
        or sum(shares) == max(owed, 0)
    )


@pytest.mark.parametrize(
    ("written", "number", "note"),
    [
        ("rf18 5390 0754 7034", None, "payment reference: RF18539007547034"),
        (
            "21 00000 00003 13947 14300 09017",
            None,
            "payment reference: 210000000003139471430009017",
        ),
        ("RF19 5390 0754 7034", "RF19539007547034", None),
        ("INV 7", "INV 7", None),
    ],
)
def test_creditor_references(written: str, number: str | None, note: str | None) -> None:
    block = wrap("Strd", xml(f"CdtrRefInf/Ref={written}"))
    item = one(statement(entry("CRDT", DEBTOR + wrap("RmtInf", block))))
    assert item.references == ([("invoice", number, None)] if number else [])
    assert item.note == note


@pytest.mark.parametrize(
    ("country", "written", "number", "note"),
    [
        ("NO", "2345676", None, "payment reference: 2345676"),
        ("NO", "2345677", "2345677", None),
        ("DE", "2345676", "2345676", None),
        ("FI", "00001232", None, "payment reference: 1232"),
    ],
)
def test_references_of_the_country_of_who_is_paid(
    country: str, written: str, number: str | None, note: str | None
) -> None:
    paid = xml(f"RltdPties/Cdtr/Nm=S;RltdPties/Cdtr/PstlAdr/Ctry={country}")
    paid = paid.replace("</Cdtr></RltdPties><RltdPties><Cdtr>", "")
    block = wrap("RmtInf", wrap("Strd", xml(f"CdtrRefInf/Ref={written}")))
    item = one(statement(entry("DBIT", paid + block)))
    assert item.references == ([("invoice", number, None)] if number else [])
    assert item.note == note


def test_a_danish_giro_card_in_free_text() -> None:
    words = "<RmtInf><Ustrd>+71&lt;000000012345674+87654321&lt;</Ustrd></RmtInf>"
    item = one(statement(entry("CRDT", DEBTOR + words)))
    assert item.note == ("+71<000000012345674+87654321< / payment reference: 000000012345674")


def test_an_account_is_not_of_whom_it_is_kept_for() -> None:
    """The owner collects for another, who is the seller."""
    behalf = "<RltdPties><Dbtr><Nm>P</Nm></Dbtr><UltmtCdtr><Nm>Far Ltd</Nm></UltmtCdtr></RltdPties>"
    item = one(statement(entry("CRDT", behalf)))
    assert item.parties["seller"].name == "Far Ltd" and item.parties["seller"].details is None
    assert item.note == "payee: Owner Ltd"


def test_a_header_before_the_message_without_an_envelope() -> None:
    """head.001 and the message are two roots, which no parser takes; both may come again."""
    message = statement(entry("CRDT", DEBTOR))
    begin = '<?xml version="1.0"?>\n<!-- sent -->'
    header = f'{begin}<h:AppHdr xmlns:h="{SPACE}:head.001.001.02"><h:Fr/></h:AppHdr>'
    plain, headed = one(message), one(header.encode() + message)
    assert plain.amount == headed.amount and plain.parties == headed.parties
    assert headed.places["amount"] == plain.places["amount"].replace(":1", ":2")
    two = header.encode() + message + b"<AppHdr><Fr/></AppHdr>" + message
    assert [item.amount for item in said(two)] == [plain.amount] * 2
    (broken,) = read(header.encode() + message[:-30])[-1:]
    assert isinstance(broken, Reject) and broken.rule.startswith("xml-")


def test_references_and_those_that_say_there_is_none() -> None:
    uetr = "255ae394-9965-4438-ac86-f406feada396"
    refs = xml(f"Refs/EndToEndId=E2E-1;Refs/UETR={uetr}").replace("</Refs><Refs>", "")
    assert one(statement(entry("CRDT", refs + DEBTOR + BILL))).references == [
        ("invoice", "INV-1", None),
        ("payment_instruction", "E2E-1", None),
        ("payment_instruction", uetr, "uetr"),
    ]
    none = xml("Refs/EndToEndId=NOTPROVIDED;Refs/AcctSvcrRef=1").replace("</Refs><Refs>", "")
    item = one(statement(entry("CRDT", none + DEBTOR)))
    assert item.references == [] and item.number is None


IDS = [
    (xml("LEI=529900T8BM49AURSDO55"), [("lei", "529900T8BM49AURSDO55")]),
    (xml("AnyBIC=POFICHBE"), [("bic", "POFICHBE")]),
    (wrap("Othr", xml("Id=123456789;SchmeNm/Cd=DUNS")), [("duns", "123456789")]),
    (wrap("Othr", xml("Id=12345;SchmeNm/Cd=COID")), [("reg.de", "12345")]),
    (wrap("Othr", xml("Id=DE136695976;SchmeNm/Cd=TXID")), [("vat", "DE136695976")]),
    (wrap("Othr", xml("Id=12/345;SchmeNm/Cd=TXID")), []),
    (wrap("Othr", xml("Id=C-77;SchmeNm/Cd=CUST")), []),
]


@pytest.mark.parametrize(("inner", "ids"), IDS)
def test_numbers_of_companies(inner: str, ids: list[tuple[str, str]]) -> None:
    party = xml("Nm=B;PstlAdr/Ctry=DE") + wrap("Id/OrgId", inner)
    item = one(statement(entry("CRDT", wrap("RltdPties/Dbtr", party))))
    assert item.parties["buyer"].ids == ids


def test_a_person_has_no_number() -> None:
    born = wrap("Id/PrvtId/DtAndPlcOfBirth", xml("BirthDt=1980-01-01"))
    item = one(statement(entry("CRDT", wrap("RltdPties/Dbtr", xml("Nm=Ann"), born))))
    assert item.parties["buyer"].ids == []


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (statement(entry("CRDT", DEBTOR, amount="0.00")), "amount-zero"),
        (statement(entry("CRDT", DEBTOR, amount="8.855")), "amount-too-precise"),
        (statement(entry("CRDT", DEBTOR, amount="8,85")), "amount-not-a-number"),
        (statement(entry("CRDT", DEBTOR, amount="-8.85")), "amount-negative"),
        (statement(entry("CRDT", DEBTOR, amount="8.850")), "payment"),
        (statement(entry("CRDT")), "party-missing"),
        (statement(entry("CRDT", DEBTOR + xml("Purp/Cd=SALA"))), "not-a-trade-payment"),
        (statement(entry("DBIT", extra=xml("BkTxCd/Domn/Cd=FORX"))), "not-a-trade-payment"),
        (statement(), "nothing-stated"),
        (document("BkToCstmrStmt"), "message-incomplete"),
        (document("CstmrDrctDbtInitn"), "not-of-the-loop"),
        (b'{"CstmrPmtStsRpt": {"GrpHdr": {}}}', "nothing-stated"),
        (b'{"CstmrPmtStsRpt": {"GrpHdr": {}', "json-truncated"),
        (b"<Document><x/></Document>", "not-of-the-loop"),
        (b"<a>BkToCstmrStmt</a>", "message-unknown"),
        (b"", "xml-empty"),
        (b"<BkToCstmrStmt><Stmt>", "xml-truncated"),
    ],
)
def test_rejects_say_what_is_wrong(data: bytes, rule: str) -> None:
    assert rules(data) == [rule]


def test_rows_count_statements_and_what_stood_before_a_break_is_read() -> None:
    data = statement(*[entry("CRDT", DEBTOR)] * 3)
    cut = data[: data.rindex(b"<Ntry>") + 40]
    items = read(cut)
    assert [item.row for item in items] == [1, 2, 3]
    assert rules(cut) == ["payment", "payment", "xml-truncated"]


ENVELOPES = {
    "no namespace": lambda text: text.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', ""),
    "another": lambda text: text.replace("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "urn:bank"),
    "a prefix": lambda text: text.replace("<", "<d:").replace("<d:/", "</d:").replace("xmlns=", "xmlns:d="),
    "soap": lambda text: f'<s:Envelope xmlns:s="x"><s:Body>{text}</s:Body></s:Envelope>',
    "header": lambda text: f"<RequestPayload><AppHdr><Fr/></AppHdr>{text}</RequestPayload>",
    "bare": lambda text: text[text.index(">") + 1 :].removesuffix("</Document>"),
    "twice": lambda text: f"<all>{text}{text}</all>",
}  # fmt: skip


@pytest.mark.parametrize("how", ENVELOPES)
def test_in_any_envelope(how: str) -> None:
    plain = statement(entry("CRDT", DEBTOR))
    data = ENVELOPES[how](plain.decode()).encode()
    assert looks_like_iso20022(data)
    items = said(data)
    assert len(items) == (2 if how == "twice" else 1)
    assert all(who(item) == who(one(plain)) for item in items)


def instruction(*more: str, when: str = "2026-03-09", agent: str = "") -> bytes:
    group = xml(f"PmtInfId=P1;ReqdExctnDt/Dt={when};Dbtr/Nm=Buyer GmbH;DbtrAcct/Id/IBAN={IBAN}")
    tx = wrap(
        "CdtTrfTxInf", xml("PmtId/EndToEndId=E2E-1;Amt/InstdAmt@EUR=99.99;Cdtr/Nm=Seller SA"), *more
    )
    return document("CstmrCdtTrfInitn", wrap("PmtInf", group, agent, tx), version="pain.001.001.09")


def test_an_order_to_pay() -> None:
    item = one(instruction(BILL, agent=xml("DbtrAgt/FinInstnId/BICFI=COBADEFF")))
    assert (item.kind, item.number, item.amount) == ("payment_instruction", "E2E-1", "99.99")
    assert (item.issued_on, item.due_on) == ("2026-03-06", "2026-03-09")
    assert who(item) == {"buyer": "Buyer GmbH", "seller": "Seller SA"}
    assert item.parties["bank"].ids == [("bic", "COBADEFF")]
    assert item.references == [("invoice", "INV-1", None)]


def test_the_account_names_the_bank_and_a_past_day_means_at_once() -> None:
    item = one(instruction(when="2026-02-01"))
    assert item.parties["bank"].ids == [("id:iban.bank", "DE37040044")]
    assert item.due_on == "2026-03-06"
    assert canonicalise([item], Contributor("firm", "firm")).rejects.num_rows == 0


def transfer(root: str, inner: str) -> bytes:
    return document(root, inner, version="pacs.008.001.08")


SIDES = xml("Dbtr/Nm=Buyer GmbH;DbtrAgt/FinInstnId/BICFI=COBADEFF;Cdtr/Nm=Seller SA")


def test_a_transfer_between_banks() -> None:
    ids = wrap("PmtId", xml("EndToEndId=E2E-1;TxId=TX-00000001"))
    money = xml("IntrBkSttlmAmt@EUR=95.00;IntrBkSttlmDt=2026-03-06;InstdAmt@EUR=100.00;ChrgBr=SHAR")
    fee = wrap("ChrgsInf", xml("Amt@EUR=5.00"))
    item = one(transfer("FIToFICstmrCdtTrf", wrap("CdtTrfTxInf", ids, money, fee, SIDES)))
    assert (item.kind, item.status, item.amount) == ("payment", "settled", "95.00")
    assert item.note == "instructed: EUR 100.00 / charges: EUR 5.00 / charges borne: SHAR"


@pytest.mark.parametrize(
    ("code", "status", "amount"),
    [
        ("ACSC", "settled", None),
        ("ACSP", "pending", "7.00"),
        ("RJCT", "rejected", "7.00"),
    ],
)
@pytest.mark.parametrize("root", ["CstmrPmtStsRpt", "FIToFIPmtStsRpt"])
def test_status_of_a_payment(root: str, code: str, status: str, amount: str | None) -> None:
    original = wrap("OrgnlTxRef", xml("Amt/InstdAmt@EUR=7.00"), SIDES, BILL)
    why = wrap("StsRsnInf", xml("Rsn/Cd=AC01;AddtlInf=no such account"))
    tx = wrap("TxInfAndSts", xml(f"OrgnlEndToEndId=E2E-1;TxSts={code}"), why, original)
    item = one(transfer(root, wrap("OrgnlPmtInfAndSts", xml("OrgnlPmtInfId=P1"), tx)))
    assert (item.kind, item.status, item.amount) == ("payment", status, amount)
    assert (item.reason, item.note) == ("AC01", "no such account")
    assert item.references == [("invoice", "INV-1", None), ("payment_instruction", "E2E-1", None)]


def test_status_that_names_no_payer_or_no_payment() -> None:
    tx = wrap("TxInfAndSts", xml("OrgnlEndToEndId=E2E-1;TxSts=RJCT"))
    assert rules(transfer("CstmrPmtStsRpt", tx)) == ["party-missing"]
    group = wrap("OrgnlPmtInfAndSts", xml("OrgnlPmtInfId=P1;PmtInfSts=RJCT"))
    (reject,) = read(transfer("CstmrPmtStsRpt", group * 1))
    assert reject.rule == "nothing-stated" and "RJCT" in reject.message and "P1" in reject.message
    assert rules(transfer("CstmrPmtStsRpt", group * 2)) == ["nothing-stated"] * 2


def test_a_return_between_banks() -> None:
    original = wrap("OrgnlTxRef", SIDES, BILL)
    tx = xml(
        "RtrId=RETURN-0001;OrgnlEndToEndId=E2E-1;RtrdIntrBkSttlmAmt@EUR=9.00;IntrBkSttlmDt=2026-03-07"
    )
    why = wrap("RtrRsnInf", xml("Rsn/Cd=AC04"))
    item = one(transfer("PmtRtr", wrap("TxInf", tx, why, original)))
    assert (item.kind, item.amount, item.reason) == ("payment_return", "9.00", "AC04")
    assert item.happened_at == "2026-03-07" and item.references[0] == ("invoice", "INV-1", None)


def assigned(root: str, *inner: str) -> bytes:
    agents = xml("Assgnr/Agt/FinInstnId/BICFI=COBADEFF;Assgne/Agt/FinInstnId/BICFI=BNPAFRPP")
    head = wrap("Assgnmt", xml("Id=A1"), agents, xml("CreDtTm=2026-03-08T10:00:00Z"))
    return document(root, head, *inner, version="camt.056.001.08")


@pytest.mark.parametrize(
    ("root", "group"),
    [("FIToFIPmtCxlReq", "Undrlyg"), ("CstmrPmtCxlReq", "Undrlyg/OrgnlPmtInfAndCxl")],
)
def test_a_recall_is_a_dispute_of_the_payer(root: str, group: str) -> None:
    tx = xml("CxlId=CANCEL-0001;OrgnlEndToEndId=E2E-1;OrgnlIntrBkSttlmAmt@EUR=9.00")
    why = wrap("CxlRsnInf", xml("Rsn/Cd=FRAD;AddtlInf=changed account"))
    item = one(assigned(root, wrap(f"{group}/TxInf", tx, why, wrap("OrgnlTxRef", SIDES))))
    assert (item.kind, item.status, item.reason) == ("dispute", "recall", "FRAD")
    assert {r: item.parties[r].name for r in ("issuer", "recipient")} == {
        "issuer": "Buyer GmbH",
        "recipient": "Seller SA",
    }
    assert item.issued_on == "2026-03-08" and item.note == "changed account"


@pytest.mark.parametrize(
    ("code", "status"), [("CNCL", "accepted"), ("RJCR", "rejected"), ("PDCR", "pending")]
)
def test_the_answer_to_a_recall(code: str, status: str) -> None:
    case = xml("RslvdCase/Id=CANCEL-0001")
    whole = one(assigned("RsltnOfInvstgtn", case, xml(f"Sts/Conf={code}")))
    assert (whole.kind, whole.status) == ("dispute_response", status)
    assert whole.references == [("dispute", "CANCEL-0001", None)]
    assert whole.parties["issuer"].ids == [("bic", "COBADEFF")]
    tx = wrap("CxlDtls/TxInfAndSts", case, xml(f"OrgnlEndToEndId=E2E-1;TxCxlSts={code}"))
    single = one(assigned("RsltnOfInvstgtn", xml("Sts/Conf=CNCL"), tx))
    assert (single.status, single.references[0][1]) == (status, "E2E-1")


def test_what_a_payer_announces() -> None:
    original = wrap("OrgnlPmtInf", xml("Refs/EndToEndId=E2E-1"), SIDES)
    advice = wrap("RmtInf", xml("RmtId=R1"), bill("A", "60.00"), bill("B", "40.00"), original)
    items = said(document("RmtAdvc", advice, version="remt.001.001.04"))
    assert [(i.kind, i.number, i.amount, i.references[0][1]) for i in items] == [
        ("remittance", "R1", "60.00", "A"),
        ("remittance", "R1", "40.00", "B"),
    ]
    single = document("RmtAdvc", wrap("RmtInf", bill("A", "60.00"), original))
    assert (one(single).amount, one(single).currency) == ("60.00", "EUR")


def test_the_sides_of_a_return_are_told_by_the_account() -> None:
    """A direct debit that bounced: the customer stands as creditor, to whom the money goes back, or as debtor,
    as in the payment. A transfer that came back names who sends it back as debtor."""
    back = xml("RvslInd=true")
    customer = "Nm=Customer BV", "Id/IBAN=NL26VAYB8060476890"
    for side in ("Cdtr", "Dbtr"):
        party = wrap(
            "RltdPties", wrap(side, xml(customer[0])), wrap(f"{side}Acct", xml(customer[1]))
        )
        item = one(statement(entry("DBIT", party, extra=back)))
        assert item.kind == "payment_return", side
        assert item.parties["buyer"].name == "Customer BV", side
        assert item.parties["seller"].name == "Owner Ltd", side
        came = one(statement(entry("CRDT", party, extra=back)))
        assert came.parties["seller"].name == "Customer BV", side
        assert came.parties["buyer"].name == "Owner Ltd", side


def test_an_entry_without_a_sign_is_told_by_who_is_named() -> None:
    """Its account is that of who is not named, not of who is."""
    party = wrap("RltdPties", xml("Dbtr/Nm=Payer Ltd"))
    item = one(statement(entry("", party).replace("<CdtDbtInd></CdtDbtInd>", "")))
    assert item.parties["buyer"].name == "Payer Ltd" and item.parties["buyer"].details is None
    assert item.parties["seller"].name == "Owner Ltd"


def test_amounts_of_bills_with_their_type_beside_them() -> None:
    bills = [
        xml(f"Strd/RfrdDocInf/Nb={number}").replace(
            "</Strd>",
            wrap("RfrdDocAmt/RmtAmtAndTp", xml(f"Tp/Prtry=InvoiceAmount;Amt@EUR={amount}"))
            + "</Strd>",
        )
        for number, amount in (("A-1", "60.00"), ("A-2", "40.00"))
    ]
    items = read(statement(entry("CRDT", DEBTOR + wrap("RmtInf", *bills))))
    told = [(item.amount, item.references[0][1]) for item in items if isinstance(item, Said)]
    assert told == [("60.00", "A-1"), ("40.00", "A-2")]


@pytest.mark.parametrize(
    ("amount", "root"),
    [
        ({"Ccy": "EUR", "Value": "99.99"}, "CstmrCdtTrfInitn"),
        ({"@Ccy": "EUR", "$": "99.99"}, "cstmrCdtTrfInitn"),
        ({"ccy": "EUR", "#text": 99.99}, "pain:CstmrCdtTrfInitn"),
    ],
)
def test_json_says_what_the_xml_says(amount: dict[str, object], root: str) -> None:
    told = {
        "GrpHdr": {"MsgId": "M", "CreDtTm": "2026-03-01T08:00:00Z"},
        "PmtInf": [
            {
                "ReqdExctnDt": {"Dt": "2026-03-05"},
                "Dbtr": {"Nm": "Buyer <&> Co"},
                "DbtrAgt": {"FinInstnId": {"BICFI": "COBADEFFXXX"}},
                "CdtTrfTxInf": [
                    {
                        "PmtId": {"EndToEndId": "E-7"},
                        "Amt": {"InstdAmt": amount},
                        "Cdtr": {"Nm": "Seller Ltd"},
                        "RmtInf": {"Ustrd": ["INV 7", "again"]},
                    }
                ],
            }
        ],
    }
    data = json.dumps({"Document": {root: told}}).encode()
    assert looks_like_iso20022(data)
    item = one(data)
    assert (item.kind, item.number, item.amount, item.currency, item.due_on) == (
        "payment_instruction",
        "E-7",
        "99.99",
        "EUR",
        "2026-03-05",
    )
    assert item.parties["buyer"].name == "Buyer <&> Co" and item.note == "INV 7 / again"
    assert item.places["amount"] == f"/Document/{root}/PmtInf/0/CdtTrfTxInf/0/Amt/InstdAmt"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["PmtInf", "CdtTrfTxInf", "Value", "Ccy", "a b", "XMLName", "Amt"]),
                inner,
            )
        ),
    )
)
def test_json_of_any_shape_never_raises(value: object) -> None:
    assert read(json.dumps({"CstmrCdtTrfInitn": value}).encode())


@pytest.mark.parametrize(
    ("code", "rules_found"),
    [
        ("NTRF+153+00931", ["not-a-trade-payment"]),
        ("NCHG+808+00931", ["not-a-trade-payment"]),
        ("NTRF+166+00931", []),
        ("153", []),  # of another bank it may mean anything
    ],
)
def test_pay_and_charges_by_the_codes_of_german_banks(code: str, rules_found: list[str]) -> None:
    told = statement(entry("CRDT", DEBTOR + xml(f"BkTxCd/Prtry/Cd={code};BkTxCd/Prtry/Issr=DK")))
    assert rules(told) == (rules_found or ["payment"])


def test_an_entry_without_a_day_has_that_of_the_message() -> None:
    undated = entry("CRDT", DEBTOR).replace("<BookgDt><Dt>2026-03-05</Dt></BookgDt>", "")
    item = one(document("BkToCstmrStmt", wrap("Stmt", xml("Id=S1"), undated)))
    assert (item.issued_on, item.places["issued_on"]) == ("2026-03-06", "GrpHdr/CreDtTm:1")


@pytest.mark.parametrize(
    ("root", "group", "wholly"),
    [
        ("FIToFIPmtCxlReq", "Undrlyg/OrgnlGrpInfAndCxl", "OrgnlMsgId=M7;GrpCxl=true"),
        ("CstmrPmtCxlReq", "Undrlyg/OrgnlPmtInfAndCxl", "OrgnlPmtInfId=M7;PmtInfCxl=true"),
    ],
)
def test_a_recall_of_a_whole_message_names_it(root: str, group: str, wholly: str) -> None:
    why = wrap("CxlRsnInf", xml("Rsn/Cd=TECH"))
    (item,) = read(assigned(root, wrap(group, xml(wholly), why)))
    assert isinstance(item, Reject) and item.rule == "nothing-stated"
    assert "'M7'" in item.message and "TECH" in item.message
    partly = xml(wholly.replace("true", "false"))
    (other,) = read(assigned(root, wrap(group, partly, why)))
    assert isinstance(other, Reject) and "holds no recall" in other.message


def test_a_payer_that_asks_its_own_bank_does_not_complain_about_it() -> None:
    tx = xml("CxlId=CANCEL-0001;OrgnlEndToEndId=E2E-1")
    item = one(assigned("CstmrPmtCxlReq", wrap("Undrlyg/OrgnlPmtInfAndCxl/TxInf", tx)))
    assert "recipient" not in item.parties
    assert item.parties["bank"].ids == [("bic", "BNPAFRPP")]
