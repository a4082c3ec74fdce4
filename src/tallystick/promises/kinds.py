"""The kinds of promise: who makes them, how long the grace is, which documents make and settle them.

>>> PROMISES["pay"].role, PROMISES["pay"].side, PROMISES["conform"].grace_days
('buying', 'buyer', 0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ROLE_OF_SIDE: Final = {
    "seller": "selling",
    "buyer": "buying",
    "carrier": "carrying",
    "insurer": "insuring",
    "bank": "settling",
    "warehouse": "warehousing",
    "platform": "running_a_platform",
}
"""Party of a document -> the role in which it is rated."""

SIDE_BIT: Final = {
    "seller": 1,
    "buyer": 2,
    "platform": 4,
    "bank": 8,
    "carrier": 16,
    "insurer": 32,
    "warehouse": 1024,
}
"""Party of a document -> bit of the mask under which it speaks for itself."""

ANCHOR_BITS: Final = 8 | 16 | 32 | 64 | 128 | 256 | 512 | 1024
"""Sources that are independent of buyer and seller: bank, carrier, insurer, customs, court, registry,
inspector, warehouse. A marketplace (4) is not one: it lives off both."""


@dataclass(frozen=True, slots=True)
class PromiseKind:
    """One kind of promise. `sql`: the file that finds its rows; `made_by` / `settled_by`: the kinds of
    document that a reader of the promise will want to see."""

    name: str
    side: str
    sql: str
    made_by: tuple[str, ...]
    settled_by: tuple[str, ...]
    english: str
    chinese: str
    grace_days: int = 0

    @property
    def role(self) -> str:
        """The role in which the promisor is rated."""
        return ROLE_OF_SIDE[self.side]


def _kind(
    name: str, side: str, sql: str, made: str, settled: str, english: str, chinese: str
) -> PromiseKind:
    return PromiseKind(
        name, side, sql, tuple(made.split()), tuple(settled.split()), english, chinese
    )


_ORDERED = "order order_confirmation order_change"
_SENT = "dispatch shipment transport_event order_cancellation booking"
_ARRIVED = "receipt transport_event inspection dispute dispute_ruling customs_event"

_ALL: Final = (
    _kind("respond", "seller", "11_respond.sql", "rfq", "quotation",
          "answers requests for quotation in time", "按时答复询价"),
    _kind("quote", "seller", "12_quote.sql", "quotation", "quotation_withdrawal " + _ORDERED,
          "holds its offers until they expire", "报价在有效期内不变"),
    _kind("confirm", "seller", "13_confirm.sql", "order_confirmation", "order_cancellation " + _SENT,
          "stands by the orders that it confirmed", "确认的订单不反悔"),
    _kind("dispatch", "seller", "14_dispatch.sql", _ORDERED, _SENT,
          "sends goods off by the date", "按时发货"),
    _kind("deliver", "seller", "15_deliver.sql", _ORDERED, "receipt dispatch transport_event",
          "delivers the quantity ordered", "足量交货"),
    _kind("conform", "seller", "16_conform.sql", _ORDERED, _ARRIVED,
          "delivers goods as agreed", "货物符合约定"),
    _kind("declare", "seller", "17_declare.sql", "export_declaration", "invoice",
          "declares to customs what it invoices", "如实申报"),
    _kind("refund", "seller", "18_refund.sql", "refund_approval", "refund",
          "gives money back by the date", "按时退款"),
    _kind("order", "buyer", "21_order.sql", "order_confirmation", "order_cancellation " + _SENT,
          "stands by the orders that were confirmed to it", "已确认的订单不取消"),
    _kind("deposit", "buyer", "22_deposit.sql", "proforma", "payment",
          "pays deposits by the date", "按时支付定金"),
    _kind("receive", "buyer", "23_receive.sql", _ORDERED, "receipt inspection dispute_ruling",
          "takes goods that are as agreed", "如约收货"),
    _kind("pay", "buyer", "24_pay.sql", "invoice", "payment payment_return credit_note dispute",
          "pays invoices on credit by the date", "按时支付赊账货款"),
    _kind("claim", "buyer", "25_claim.sql", "dispute", "dispute_ruling",
          "complains in good faith", "投诉属实"),
    _kind("declare_import", "buyer", "17_declare.sql", "import_declaration", "invoice",
          "declares to customs what it was invoiced", "进口如实申报"),
    _kind("collect", "carrier", "31_collect.sql", "booking", "transport_event",
          "collects booked goods by the date", "按时提货"),
    _kind("arrive", "carrier", "32_arrive.sql", "shipment", "transport_event receipt customs_event",
          "brings goods by the date, undamaged", "按时完好送达"),
    _kind("cover", "insurer", "41_cover.sql", "claim policy", "claim_settlement",
          "covers what its policies cover", "依保单承保"),
    _kind("settle", "insurer", "42_settle.sql", "claim", "claim_settlement",
          "answers claims in time", "按时理赔"),
    _kind("remit", "bank", "51_remit.sql", "payment_instruction", "payment",
          "carries out payments in time and in full", "按时足额汇付"),
    _kind("hold", "warehouse", "61_hold.sql", "warehouse_receipt", "stock_count",
          "keeps the goods that it took in", "保管足量"),
    _kind("release_goods", "warehouse", "62_release_goods.sql", "release_order", "warehouse_release",
          "lets goods out by the date", "按时放货"),
    _kind("release_escrow", "platform", "71_release_escrow.sql", "escrow_hold", "escrow_release",
          "releases escrow by the date", "按时释放托管款"),
    _kind("resolve", "platform", "72_resolve.sql", "dispute", "dispute_ruling",
          "resolves disputes in time", "按时裁决纠纷"),
)  # fmt: skip

PROMISES: Final[dict[str, PromiseKind]] = {kind.name: kind for kind in _ALL}
"""Name -> its row."""

TIMED: Final = (
    "respond", "dispatch", "refund", "deposit", "pay", "collect", "arrive", "settle", "remit", "release_goods",
    "release_escrow", "resolve",
)  # fmt: skip
"""Kinds that can be kept in full and yet too late; the others are kept on their day or not at all."""
