"""Drafts of mappings for exports as accounts and marketplaces have them: header, a row, what they become."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tallystick.evidence.formats.mapping import Mapping, load_mapping
from tallystick.evidence.formats.suggest import draft
from tallystick.evidence.formats.suggest_fields import Sample, guess_kind
from tallystick.evidence.formats.suggest_parties import Own

OWN = Own("Hansa Import GmbH", "Germany")


@dataclass(frozen=True, slots=True)
class Export:
    """`header`, `row`: as the file has them, with `|` between cells; `kinds`: of what is drafted; `fields`: the
    columns of the first one; `buyer`: the column of its name, None where that is the owner."""

    file: str
    header: str
    row: str
    kinds: tuple[str, ...]
    fields: dict[str, str]
    buyer: str | None

    def text(self, own: Own | None = OWN) -> str:
        cells = zip(self.header.split("|"), self.row.split("|"), strict=True)
        return draft([Sample(n, self._column(n, v)) for n, v in cells], self.file, (), own)

    def _column(self, name: str, cell: str) -> tuple[str, ...]:
        """Eight rows: numbers of documents differ."""
        numbered = name == self.fields["number"]
        return tuple(cell + str(i) * numbered for i in range(8)) if cell else ()

    def mapping(self) -> Mapping:
        return load_mapping(self.text())


EXPORTS = {
    "receivables of SAP": Export(
        "FBL5N.csv",
        "Debitor|Name 1|Belegnummer|Belegart|Belegdatum|Nettofälligkeit|Ausgleichsdatum|"
        "Betrag in Hauswährung|Hauswährung",
        "100123|Rossi Lampade Srl|1800000001|RV|25.01.2026|24.02.2026|27.02.2026|1.234,50|EUR",
        ("invoice", "payment"),
        {"number": "Belegnummer", "issued_on": "Belegdatum", "due_on": "Nettofälligkeit"}
        | {"amount": "Betrag in Hauswährung", "currency": "Hauswährung"},
        "Name 1",
    ),
    "receivables in Chinese": Export(
        "明细.csv",
        "客户名称|发票号码|开票日期|到期日|发票金额|币别|收款日期|收款金额|逾期天数",
        "深圳市华强电子有限公司|00012345|2026/01/25|2026/02/24|1,234.50|人民币|2026/02/27|1,234.50|3",
        ("invoice", "payment"),
        {"number": "发票号码", "issued_on": "开票日期", "due_on": "到期日", "amount": "发票金额"},
        "客户名称",
    ),
    "open invoices": Export(
        "ar.csv",
        "Date|Transaction type|Num|Customer|Due date|Amount|Open balance",
        "01/25/2026|Invoice|1001|Acme Lamps Ltd|02/24/2026|1,234.50|0.00",
        ("invoice",),
        {"number": "Num", "issued_on": "Date", "due_on": "Due date", "amount": "Amount"},
        "Customer",
    ),
    "invoices of an accounting service": Export(
        "SalesInvoices.csv",
        "*ContactName|EmailAddress|*InvoiceNumber|*InvoiceDate|*DueDate|Total|TaxTotal|InvoiceAmountPaid|"
        "InvoiceAmountDue|*Quantity|*UnitAmount|LineAmount|Currency|Type|Status",
        "Acme Lamps Ltd|info@acme-lamps.co.uk|INV-1|25/01/2026|24/02/2026|120.00|20.00|120.00|0.00|1|100.00|"
        "100.00|GBP|Sales invoice|Paid",
        ("invoice",),
        {"number": "*InvoiceNumber", "due_on": "*DueDate", "amount": "Total", "currency": "Currency"},
        "*ContactName",
    ),
    "orders of a marketplace in Chinese": Export(
        "export.csv",
        "订单号|买家名称|买家国家|产品名称|订单金额|币种|下单时间|付款时间|约定发货日期|实际发货时间|确认收货时间|物流公司|运单号",
        "1800000001|Acme Lamps Ltd|德国|台灯|123.40|USD|2026-01-25 10:00:00|2026-01-26 09:00:00|2026-02-10|"
        "2026-02-08 12:00:00|2026-02-25 12:00:00|DHL|SF1",
        ("order", "dispatch", "transport_event"),
        {"number": "订单号", "issued_on": "下单时间", "due_on": "约定发货日期", "amount": "订单金额"},
        "买家名称",
    ),
    "orders of a marketplace": Export(
        "export.csv",
        "Order No.|Order status|Buyer name|Order date|Payment date|Product total|Shipping cost|Order amount|"
        "Refund|Consignee name|Country|Shipment Time",
        "8100000001|Finished|Acme Lamps Ltd|2026-01-25 10:00|2026-01-25 10:05|US $12.00|US $1.00|US $13.00||"
        "Bob Miller|Germany|2026-01-28 11:00",
        ("order", "dispatch"),
        {"number": "Order No.", "issued_on": "Order date", "amount": "Order amount"},
        "Buyer name",
    ),
    "sold on eBay": Export(
        "ebay-orders.csv",
        "Sales Record Number|Order Number|Buyer Username|Buyer Name|Buyer Country|Quantity|Sold For|"
        "Shipping And Handling|Total Price|Sale Date|Paid On Date|Ship By Date|Minimum Estimated Delivery Date|"
        "Maximum Estimated Delivery Date|Shipped On Date",
        "101|12-34567-89012|acme_1|Acme Lamps Ltd|Germany|1|US $45.99|US $4.00|US $49.99|Jan-25-26|Jan-25-26|"
        "Jan-28-26|Feb-02-26|Feb-09-26|Jan-27-26",
        ("order", "dispatch"),
        {"number": "Order Number", "issued_on": "Sale Date", "due_on": "Ship By Date", "amount": "Total Price"}
        | {"deliver_on": "Maximum Estimated Delivery Date"},
        "Buyer Name",
    ),
    "what a buyer ordered and received": Export(
        "po_supplier.csv",
        "PO Number|Supplier|PO Date|Promised Date|Receipt Date|Ordered Qty|Received Qty|"
        "Unit Price|PO Value|Currency",
        "PO-1|Shenzhen Huaqiang Electronics Co., Ltd.|01/25/2026|02/24/2026|02/27/2026|100|98|12.00|"
        "1,200.00|USD",
        ("order", "receipt"),
        {"number": "PO Number", "issued_on": "PO Date", "deliver_on": "Promised Date", "amount": "PO Value"}
        | {"quantity": "Ordered Qty"}
        | {"amount": "PO Value"},
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_becomes_what_it_tells(name: str) -> None:
    export = EXPORTS[name]
    documents = export.mapping().document
    first = documents[0]
    assert tuple(d.kind.const for d in documents) == export.kinds
    told = {field: getattr(first, field) for field in export.fields}
    assert {field: value and value.column for field, value in told.items()} == export.fields
    for document in documents:
        assert document.buyer is not None and document.seller is not None
        names = {document.buyer.name, document.seller.name} - {None}
        assert OWN.name in {value.const for value in names if value is not None}
        bought = document.buyer.name.column if document.buyer.name else None
        assert bought == export.buyer


@pytest.mark.parametrize("name", EXPORTS)
def test_without_its_owner_a_draft_leaves_a_line_to_fill_in(name: str) -> None:
    side = "buyer" if EXPORTS[name].buyer is None else "seller"
    text = EXPORTS[name].text(None)
    assert f'# {side} = {{ name = "..." }}  # TODO' in text
    assert load_mapping(text).document


def test_a_unit_is_no_amount_of_one() -> None:
    assert EXPORTS["invoices of an accounting service"].mapping().document[0].unit is None


def test_bills_that_nobody_says_were_paid_are_warned_about() -> None:
    warning = "without them each counts as unpaid once it is due"
    assert warning in EXPORTS["open invoices"].text()
    assert warning not in EXPORTS["receivables of SAP"].text()


def test_what_was_paid_is_the_amount_of_the_payment() -> None:
    _, payment = EXPORTS["receivables in Chinese"].mapping().document
    assert payment.amount is not None and payment.amount.column == "收款金额"
    assert payment.currency is not None and payment.currency.map == {"人民币": "CNY"}


def test_what_was_received_is_the_quantity_of_the_receipt() -> None:
    _, receipt = EXPORTS["what a buyer ordered and received"].mapping().document
    assert receipt.quantity is not None and receipt.quantity.column == "Received Qty"
    assert receipt.happened_at is not None and receipt.happened_at.column == "Receipt Date"


def test_ids_are_those_of_the_owner() -> None:
    (scheme,) = {one.scheme for one in EXPORTS["receivables of SAP"].mapping().document[0].buyer.id}  # type: ignore[union-attr]
    assert scheme == "id:hansa-import-gmbh.buyer"
    assert "id:TODO.buyer" in EXPORTS["receivables of SAP"].text(Own("深圳市华强电子有限公司"))


@pytest.mark.parametrize(
    ("issued", "due", "told"),
    [
        ("03/04/2026", "25/04/2026", 'dates = ["%d/%m/%Y"]  # confidence: high'),
        ("03/04/2026", "04/25/2026", 'dates = ["%m/%d/%Y"]  # confidence: high'),
        (
            "03/04/26 9:05 AM",
            "04/25/2026",
            'dates = ["%m/%d/%y %I:%M %p", "%m/%d/%Y"]  # confidence: high',
        ),
        ("03/04/2026", "05/04/2026", "low; day and month may be swapped"),
        ("03/04/2026", "2026-04-25", "low; day and month may be swapped"),
    ],
)
def test_columns_settle_whether_day_or_month_comes_first(issued: str, due: str, told: str) -> None:
    cells = {"Invoice No": "1", "Invoice date": issued, "Due date": due, "Customer": "Acme Lamps"}
    assert told in draft([Sample(name, (cell,) * 4) for name, cell in cells.items()], "x.csv")


@pytest.mark.parametrize(
    ("source", "header", "kind"),
    [
        ("orders.csv", ("Payment date", "Payment amount"), "order"),
        ("x.csv", ("Order No.", "Order date", "Order amount", "Payment date"), "order"),
        ("x.csv", ("order_id", "payment_type", "payment_installments", "payment_value"), "payment"),
        ("x.csv", ("Date", "Transaction ID", "Gross", "Fee", "Net", "Invoice Number"), "payment"),
        ("x.csv", ("Invoice Number", "Invoice Date", "PO Number"), "invoice"),
        ("report.csv", ("A", "B"), "order"),
    ],
)
def test_a_table_is_of_the_kind_that_its_numbers_bear(
    source: str, header: tuple[str, ...], kind: str
) -> None:
    assert guess_kind(source, header)[0] == kind
