"""What the kinds of document are called in Chinese; in English the kind itself is the name.

>>> paper("order_confirmation", "en"), paper("order_confirmation", "zh")
('order confirmation', '订单确认')
"""

from __future__ import annotations

from typing import Final

_CHINESE: Final = {
    "rfq": "询价单",
    "quotation": "报价单",
    "quotation_withdrawal": "撤回报价",
    "order": "订单",
    "order_change": "订单变更",
    "order_confirmation": "订单确认",
    "order_cancellation": "订单取消",
    "contract": "合同",
    "dispatch": "发货通知",
    "booking": "订舱单",
    "shipment": "运单",
    "transport_event": "运输事件",
    "receipt": "收货单",
    "inspection": "检验证书",
    "warehouse_receipt": "入库单",
    "release_order": "放货指令",
    "warehouse_release": "出库单",
    "stock_count": "盘点单",
    "return": "退货单",
    "export_declaration": "出口报关单",
    "import_declaration": "进口报关单",
    "transit_declaration": "转关单",
    "customs_event": "海关回执",
    "certificate_of_origin": "原产地证",
    "policy": "保险单",
    "claim": "索赔",
    "claim_settlement": "理赔",
    "proforma": "形式发票",
    "invoice": "发票",
    "freight_invoice": "运费发票",
    "credit_note": "贷项通知单",
    "debit_note": "借项通知单",
    "reminder": "催款单",
    "statement": "对账单",
    "remittance": "汇款通知",
    "payment_instruction": "付款指令",
    "payment": "付款",
    "payment_return": "付款退回",
    "refund_approval": "退款批准",
    "refund": "退款",
    "assignment": "应收账款转让",
    "force_majeure_notice": "不可抗力通知",
    "letter_of_credit": "信用证",
    "escrow_hold": "托管冻结",
    "escrow_release": "托管放款",
    "dispute": "投诉",
    "dispute_response": "投诉答复",
    "dispute_ruling": "裁决",
    "review": "评价",
    "profile": "企业简介",
    "registration": "登记",
    "certificate": "资质证书",
    "sanction": "制裁条目",
    "insolvency": "破产程序",
    "ownership": "股权",
    "identity": "身份裁定",
    "strike": "剔除裁定",
    "deal": "交易",
}


def paper(kind: str, lang: str) -> str:
    """The name of a kind of document in a language."""
    return (_CHINESE.get(kind) if lang == "zh" else None) or kind.replace("_", " ")
