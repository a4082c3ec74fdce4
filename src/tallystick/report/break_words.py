"""Words for where the documents of a deal disagree, in English and Chinese, and for who may have caused it."""

from __future__ import annotations

from typing import Final

BREAKING: Final[dict[str, tuple[str, str]]] = {
    # what they disagree about
    "break": ("break", "不符"),
    "break.contradiction": ("contradiction", "前后不一"),
    "break.amount": ("amount", "金额"),
    "break.price": ("price", "单价"),
    "break.payment": ("payment", "付款"),
    "break.declaration": ("declaration", "申报"),
    "break.currency": ("currency", "币种"),
    "break.billed twice": ("billed twice", "重复开票"),
    "break.quantity": ("quantity", "数量"),
    "break.party": ("party", "当事方"),
    "break.account": ("account", "收款账户"),
    "break.financing": ("financing", "融资"),
    "break.insurance": ("insurance", "保险"),
    "break.order of events": ("order of events", "先后次序"),
    "break.goods": ("goods", "货物"),
    "break.missing document": ("missing document", "单据缺失"),
    "missing": ("not in the book", "账簿中没有"),
    # between which documents; two kinds with `and` between are put together from their names
    "between_currencies": ("{kind} in {one} and in {other}", "{kind}（{one} 与 {other}）"),
    "between_two": ("{first} and {second}", "{first}与{second}"),
    "between.documents in two currencies": ("documents in two currencies", "单据币种不一"),
    "between.more paid than billed": ("more paid than billed", "付款多于账单"),
    "between.invoice and invoice": ("two invoices for the same", "两张发票开同一笔"),
    "between.bills of one seller": ("bills of one seller", "同一卖方的账单之间"),
    "between.bill and earlier bill": ("bill and earlier bills of the seller", "账单与卖方以往账单"),
    "between.assignment and assignment": ("assigned to two", "向两家转让"),
    "between.assignment and payment": ("assigned, then paid to the seller", "转让后仍付给卖方"),
    "between.policy after loss": ("policy after loss", "出险后投保"),
    "between.loss after cover ended": ("loss after cover ended", "保险期满后出险"),
    "between.dispatch before order": ("dispatch before order", "发货早于订单"),
    "between.collection before order": ("collection before order", "提货早于订单"),
    "between.receipt before dispatch": ("receipt before dispatch", "收货早于发货"),
    "between.receipt before collection": ("receipt before collection", "收货早于提货"),
    "between.delivery before collection": ("delivery before collection", "送达早于提货"),
    "between.declaration before order": ("declaration before order", "报关早于订单"),
    "between.invoice before order": ("invoice before order", "开票早于订单"),
    "between.payment before invoice": (
        "more than a deposit paid before the invoice",
        "开票前付款超过定金",
    ),
    "between.receipt without shipment": ("received, and shipped by no one", "有收货而无人发货"),
    # who could have caused it
    "caused_by": ("by", "可能责任方"),
}
"""Key -> (English, Chinese)."""
