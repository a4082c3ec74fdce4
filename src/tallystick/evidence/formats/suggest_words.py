"""The words by which headers of tables name things, in six languages of trade.

>>> says("Supplier_Name", WORDS["seller"]), says("supplierName", WORDS["seller"]), says("Qty", WORDS["seller"])
(1.0, 1.0, 0.0)
"""

from __future__ import annotations

import re
from typing import Final

WORDS: Final[dict[str, str]] = {
    "due_on": "due fällig faellig vencimento vencimiento échéance echeance 到期 期限 付款期 payby "
    "shipby dispatchby limit_date estimated deadline",
    "deliver_on": "deliver delivery promised lieferdatum entrega livraison 交货 交付 arrival arrive",
    "issued_on": "date datum data fecha 日期 issued issue created purchase ausgestellt emissão emissao "
    "emisión emission 开票 下单 week",
    "happened_at": "paid settled payment_date cleared clearing bezahlt ausgleich pago payé 付款 支付 已付 收款 "
    "回款 到账 event timestamp booked",
    "currency": "currency währung waehrung moeda moneda devise 币种 币别 币制 货币 ccy",
    "amount": "amount total betrag summe valor importe montant 金额 价税合计 合计 price preço preco "
    "precio prix value sum gross brutto sold_for 总额 总价 实付 实收 应收 货值",
    "quantity": "quantity qty menge quantidade cantidad quantité quantite 数量 supplied ordered",
    "score": "score rating stars bewertung nota avaliação note_client puntuación 评分 评价",
    "seller": "seller supplier vendor merchant verkäufer lieferant vendedor fornecedor proveedor "
    "vendeur fournisseur kreditor 销方 卖方 卖家 供应商 销售方",
    "buyer": "buyer customer client purchaser debtor debitor käufer kunde comprador cliente acheteur 购方 买方 "
    "买家 客户 采购方",
    "carrier": "carrier transporter shipper spediteur transportadora transportista transporteur 承运 "
    "物流",
    "number": "number no nr id num numero número nummer numéro 号码 编号 单号",
    "status": "status state zustand situação situacao estado statut 状态",
    "unit": "unit uom einheit unidade unidad unité 单位",
}
"""Field -> words that name it in headers, in English, Chinese, Portuguese, German, Spanish, French."""

KIND_WORDS: Final[dict[str, str]] = {
    "review": "review bewertung avaliação avaliacao reseña avis 评价",
    "payment": "payment transaction zahlung pagamento pago paiement 付款 支付 remittance",
    "shipment": "shipment sendung envio envío expédition 运单 物流 waybill",
    "quotation": "quotation quote angebot cotação cotización devis 报价",
    "invoice": "invoice rechnung fatura factura facture 发票 应收 receivable bill",
    "order": "order bestell pedido commande 订单 purchase po supplier_week",
}
COUNTRY: Final = "country land país pais pays 国家 国别 countrycode"
PAY_BY: Final = "due fällig faellig vencimento vencimiento échéance echeance 到期 付款期 payby"
SHIP_BY: Final = (
    "ship dispatch deliver delivery versand liefer entrega envio envío livraison 发货 交货"
)
LEFT: Final = (
    "shipped dispatched despatched shipdate ship_date versandt verschickt enviado expedido expédié 已发货 "
    "发货日期 发货时间 出货日期 shippedon shipmenttime shipmentdate"
)
ARRIVED: Final = (
    "delivered received receipt arrived wareneingang geliefert zugestellt entregado entregue livré reçu "
    "签收 收货日期 收货时间 到货日期 送达 入库"
)
PLANNED: Final = (
    "by due estimated expected planned promised scheduled requested deadline latest limit eta etd "
    "geplant bis previsto estimado hasta até prévu avant 预计 计划 约定 要求 最晚 最迟 截止 期限 到期"
)
PAID: Final = "paid settled payment cleared clearing bezahlt ausgleich pago payé 付款 支付 已付 收款 回款 到账"
NAME: Final = "name firma nome nombre nom 名称 company 公司"
COMPANY: Final = "company firma empresa société 公司"
LOGIN: Final = "username user login id code no number email mail phone tel note remark 账号 会员 编号 电话 备注"
"""Words of columns that speak of a party without naming it."""
PART: Final = (
    "unit price item line lineitem product discount tax vat shipping freight fee fees refund refunded "
    "balance subtotal cost paid due open outstanding net commission deposit tip "
    "单价 运费 折扣 税 手续费 退款 余额 佣金 已付 未付 收款 回款"
)
"""Words of amounts that are a part of a document's amount, or what is left of it."""
GRAND: Final = "total gross grand gesamt brutto totale 总 合计 价税合计"
FEES: Final = "fee fees net 手续费"
"""Words that stand beside the gross amount of a payment."""
LATEST: Final = "maximum latest max last 最晚 最迟"
NUMBERED: Final = {
    "vat": "vat ust ustid umsatzsteuer tva iva btw",
    "lei": "lei",
    "cn.uscc": "uscc 税号 统一社会信用代码",
    "eori": "eori",
}
"""Scheme -> words that name its numbers in headers."""

ROLES: Final = ("seller", "buyer", "carrier")
NUMBERS: Final = frozenset({"amount", "quantity", "score"})


def says(name: str, words: str) -> float:
    """1 where a name has one of the words as a word of its own, 0.7 as a part of one, else 0."""
    folded = name.casefold()
    tokens = set(
        re.split(r"[^\w]|_|(?<=[a-z])(?=[A-Z])", re.sub(r"([a-z])([A-Z])", r"\1_\2", name))
    )
    own = {token.casefold() for token in tokens} | {folded, re.sub(r"[\W_]", "", folded)}
    listed = words.split()
    if any(word in own for word in listed):
        return 1.0
    return (
        0.7
        if any(len(word) > 2 or not word.isascii() for word in listed if word in folded)
        else 0.0
    )
