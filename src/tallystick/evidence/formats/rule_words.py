"""What is wrong with a document that was not taken, and how to mend it, in Chinese.

A reject keeps the English sentence of its rule. Where the rule has a template (`rules.RULES`, `READ_RULES`),
the words that filled its blanks are read back with that template and fill those of the Chinese one. What the
readers of formats say has no template: there the Chinese names the kind of fault and the fix, and the English,
which names the element, is kept as `original`.

>>> in_chinese("date-impossible", "'2025-13-01' in issued_on is not a date", "write YYYY-MM-DD; ...").message
"issued_on 的值 '2025-13-01' 不是日期"
>>> in_chinese("unheard", "x", "y") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Final

from tallystick.evidence.formats.table_rules import ALL_RULES
from tallystick.evidence.rules import HELD_RULE

_JSON_FIX: Final = "请按原标准重新导出整个文件（UTF-8）"
_XML_FIX: Final = "请重新导出单据，每个文件一份单据"
_EDIFACT_FIX: Final = "请按标准重新发送报文，每个报文从 UNH 到 UNT"
_NOTHING: Final = "无需处理"

CHINESE: Final[dict[str, tuple[str, str]]] = {
    # documents, whatever they come from
    "kind-missing": ("单据没有种类", "请提供 `kind` 列，或在映射中指定"),
    "kind-unknown": (
        "{value} 不是单据种类",
        "请使用 docs/reference/documents.md 中的种类，或以 `map = {{...}}` 对应",
    ),
    "action-unknown": ("{value} 不是有效操作", "可用：state、correct、retract"),
    "text-too-long": (
        "{field} 超过允许的 {allowed} 个字符",
        "请缩短 {field}，或改用其他列",
    ),
    "text-not-unicode": (
        "{kind} 中有文本含半个字符（孤立代理项），不是有效文本",
        "请从源头以 UTF-8 重新导出文件",
    ),
    "target-missing": (
        "该 {kind} 用于更正或撤回单据，但未写明单据号码",
        "请写明要更正或撤回的单据号码",
    ),
    "date-impossible": (
        "{field} 的值 {value} 不是日期",
        "请写成 YYYY-MM-DD；表格可在映射的 `dates` 中写明格式",
    ),
    "date-out-of-range": ("{field} {value} 不在 1950 至 2150 年之间", "请在源头更正年份"),
    "date-missing": (
        "该 {kind} 既没有 issued_on 也没有 happened_at",
        "请提供开具或发生的日期；表格请对应其列",
    ),
    "due-before-made": (
        "{field} {value} 早于开具日期",
        "请检查两个日期是否颠倒，或日与月是否颠倒",
    ),
    "amount-not-a-number": (
        "{value} 不是金额",
        '请写成 1234.50；表格若以逗号为小数点，请在映射中写明 `decimal = ","`；若写作“€ 12”，'
        '则写明 `beside = ["€"]`',
    ),
    "amount-without-currency": (
        "金额没有货币",
        '请提供货币（ISO 4217）；表格请对应其列，或写 `currency = {{ const = "EUR" }}`',
    ),
    "currency-unknown": ("{value} 不是货币", "请使用 ISO 4217 代码，例如 CNY、EUR、USD"),
    "amount-absurd": ("金额 {value} 超过十万亿", "请检查是否缺少小数点，或数字连在一起"),
    "amount-negative": (
        "{kind} 的金额不能为负数 {value}",
        '请作为 credit_note 或 refund 提交；表格可在映射中写明 `negative = "abs"`',
    ),
    "quantity-not-a-number": ("{value} 不是数量", "请写成数字，例如 12.5"),
    "quantity-negative": ("数量 {value} 为负数", "退回的货物请作为 return 提交"),
    "score-out-of-range": ("{value} 不是 0 至 1 的评分", "请将评分除以其最大值"),
    "status-unknown": ("{value} 不是 {kind} 的状态", "可用：{allowed}"),
    "terms-unknown": ("{value} 不是已知的付款条件", "可用：{allowed}"),
    "fault-unknown": ("{value} 不是责任方", "可用：{allowed}"),
    "party-missing": (
        "该 {kind} 没有写明 {field}",
        "请以标识或名称（含国家）写明 {field}；表格请对应其列",
    ),
    "party-without-identity": (
        "{field} 既没有名称（N/A、test、同上等占位不算），也没有有效标识（校验位错误，或未注明国家的增值税"
        "号不算）",
        "请以标识或名称（含国家）写明 {field}；表格请对应其列",
    ),
    "target-not-yet-seen": (
        "该 {kind} 要更正或撤回的单据不在账簿中",
        "请提交该单据本身；此更正予以保留，单据到达后生效",
    ),
    "struck": (
        "同号单据已被剔除",
        "如为更正，请以同一号码提交更正后的单据；如属误剔，请运营方恢复",
    ),
    # rows of tables
    "row-ragged": (
        "该行有 {value} 列，而表头有 {allowed} 列",
        "含分隔符的字段请加引号，或更正该行",
    ),
    "row-too-long": ("该行超过两百万字节", "请缩减含整份文件的字段"),
    "row-not-text": (
        "该行含有不属于文件编码的字节",
        "请另存为 UTF-8，或在映射的 [read] 中写明 `encoding`",
    ),
    "row-unreadable": ("无法读取该行：{value}", "请检查该行的引号"),
    "json-broken": ("该行不是 JSON 对象", "每行写一个 JSON 对象"),
    "value-unmapped": (
        "{value} 未列入 {field} 的对应表",
        '请加入 `map`，或写 `else = "..."` 或 `keep = true`',
    ),
    "shape": ("字段的形式不对", "请按 docs/reference/documents.md 的形式填写"),
    "json": ("不是有效的 JSON", "请以 UTF-8 写出有效的 JSON；JSON Lines 每行一个对象"),
    # files
    "unreadable": ("无法读取文件", "请重新提供完整文件"),
    "too-large": ("文件过大", "请拆分文件，或只提供单据本身"),
    "nothing-stated": ("其中没有可记录的内容", "若确应有内容，请补全后重新提供；否则无需处理"),
    "not-of-the-loop": (
        "该报文不涉及从询价到付款的交易",
        "请剔除；可读取的报文见 docs/reference/formats.md",
    ),
    "json-encoding": ("文件不是 UTF-8 编码", _JSON_FIX),
    "json-too-deep": ("文件的嵌套过深", _JSON_FIX),
    "json-too-large": ("某条记录不是 JSON，或过大", _JSON_FIX),
    "json-truncated": ("文件不完整", "请重新提供完整文件"),
    "xml-doctype": (
        "文件含有 DOCTYPE，出于安全一概不读取",
        "请删除 <!DOCTYPE ...> 及全部实体，业务单据不需要它们",
    ),
    "xml-empty": ("文件为空", "请重新导出单据"),
    "xml-encoding": ("文件的实际编码与声明不符", "请另存为 UTF-8，并作相应声明"),
    "xml-malformed": ("文件不是格式正确的 XML", "请重新导出单据，或在所指位置更正"),
    "xml-text-too-long": ("文件含有过长的文本", "长文本和附件请另行提供"),
    "xml-too-deep": ("文件的嵌套过深", "请按规范重新导出单据"),
    "xml-too-large": ("文件过大", "每个文件一份单据，附件另行提供"),
    "xml-too-many-elements": ("文件的元素过多", _XML_FIX),
    "xml-truncated": ("文件不完整", "请重新提供完整文件"),
    "pdf-broken": ("PDF 已损坏", "请重新提供，或直接提供其中的 XML"),
    "pdf-encrypted": ("PDF 已加密", "请提供未加密的 PDF，或直接提供其中的 XML"),
    "pdf-too-large": ("PDF 过大", "请直接提供其中的 XML"),
    "pdf-without-invoice": (
        "PDF 中没有电子发票（Factur-X、ZUGFeRD）",
        "请提供含电子发票的 PDF，或发票的 XML",
    ),
    "not-cii": ("文件不是 CII 发票", "请提供 CII（XRechnung、Factur-X、ZUGFeRD）发票"),
    "not-ubl": (
        "文件不是 UBL 2 单据",
        "请提供 UBL 2.0 至 2.4，每个文件一份单据；或作为表格以映射读取",
    ),
    # payments
    "account-invalid": ("账户号码无效", "请提供银行原始的对账单"),
    "amount-missing": ("该笔记录没有金额", "请提供已入账的金额"),
    "amount-too-precise": ("金额的小数位多于该货币所有", "请提供已入账的金额，不含多余的小数"),
    "amount-zero": ("金额为零，没有资金流动", "请剔除该笔，或提供已入账的金额"),
    "message-incomplete": ("报文缺少必要内容", "请向银行索取完整报文"),
    "message-unknown": ("不读取此种报文", "可读取的报文见 docs/reference/formats.md"),
    "not-a-trade-payment": ("该笔不是贸易付款，不予记录", _NOTHING),
    "swift-line-malformed": ("该行不符合 SWIFT 格式", "请向银行索取原始报文"),
    "swift-line-too-long": ("该行过长", "请保留银行原始报文的换行"),
    "swift-message-not-read": ("不读取此种 SWIFT 报文", "请提供 MT940、MT942 或 MT103"),
    # EDIFACT
    "edifact-count": ("报文计数与内容不符", "请补发缺少的部分；已收到的部分已读取"),
    "edifact-encoding": ("含有不属于 UNB 所列字符集的字节", "请写明实际使用的字符集"),
    "edifact-no-message": ("文件中没有报文（缺少 UNH）", _EDIFACT_FIX),
    "edifact-reference": ("报文首尾的参考号不一致", _EDIFACT_FIX),
    "edifact-second-document": ("一个报文含有多份单据", "每个报文一份单据，从 UNH 到 UNT"),
    "edifact-segment-too-long": ("段过长，或段尾没有标记", _EDIFACT_FIX),
    "edifact-separators": ("UNA 所列分隔符无法区分", _EDIFACT_FIX),
    "edifact-syntax": ("段的语法有误", _EDIFACT_FIX),
    "edifact-too-many-segments": ("报文的段过多", "每个报文一份单据"),
    "edifact-truncated": ("文件不完整", "请重新提供完整文件"),
    "not-edifact": ("文件不是 UN/EDIFACT", "请提供 UN/EDIFACT 交换文件，或作为表格以映射读取"),
    # goods, customs, shipping, platforms, registers, procurement
    "amazon-record-unknown": ("不读取此种亚马逊记录", "可读取的记录见 docs/reference/formats.md"),
    "amazon-seller-missing": ("记录没有写明卖家", "请一并提供卖家编号"),
    "customs-answer-unknown": ("无法识别海关的答复", "请提供海关的原始报文"),
    "customs-request": ("这是向海关提出的请求，不是其决定", "请提供海关的答复"),
    "customs-undated": ("海关报文没有日期", "请提供含受理日期的报文"),
    "dcsa-draft": ("单据仍为草稿或缺少号码", "请在正式签发后提供"),
    "dcsa-event-id": ("事件编号不是文本，无法与其他事件区分", "请按标准提供 eventID"),
    "dcsa-unknown": ("不是 DCSA 标准的报文", "可读取的报文见 docs/reference/formats.md"),
    "epcis-event-unknown": ("不是 EPCIS 的事件类型", "请按 EPCIS 标准提供事件"),
    "ocds-linked": ("记录只指向其发布（release），没有内容", "请提供 release，或含 release 的记录"),
    "ocds-no-process": ("记录没有写明采购过程（ocid）", "请提供含 ocid 的 release 或记录"),
    "register-record-unknown": (
        "记录不是 LEI-CDF、RR-CDF、申报豁免或 BODS 声明",
        "请剔除；可读取的记录见 docs/reference/registers.md",
    ),
}
"""Rule -> (what is wrong, how to mend it)."""

_TEMPLATES: Final = ALL_RULES | {HELD_RULE.name: HELD_RULE}


_PLAIN: Final[dict[str, tuple[str, str]]] = {
    "amount-negative": ("金额为负数", "请提供不带正负号的金额；借贷方向另行写明"),
    "amount-not-a-number": ("金额不是数字", "请只写数字和小数点，例如 1234.50"),
    "party-missing": ("没有写明必要的一方", "请写明付款方与收款方"),
}
"""The same where a reader says it in words of its own."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A reject in Chinese. `original`: the English, where it says more."""

    message: str
    fix: str
    original: str


def in_chinese(rule: str, message: str, fix: str) -> Translated | None:
    """What a reject says in Chinese, None for a rule that nobody has translated."""
    found = CHINESE.get(rule)
    if found is None:
        return None
    template = _TEMPLATES.get(rule)
    blanks = _read_back(template.message, message) if template else None
    if template is None or blanks is None:
        return Translated(*_PLAIN.get(rule, found), message)
    blanks |= _read_back(template.fix, fix) or {}
    said, mended = (text.format(**blanks) for text in found)
    return Translated(said, mended, "")


def _read_back(template: str, text: str) -> dict[str, str] | None:
    """The words that fill the blanks of a template in a text that was made of it, None where it was not."""
    found = _pattern(template).fullmatch(text)
    return found.groupdict() if found else None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts, known = [], set()
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if name:
            parts.append(f"(?P={name})" if name in known else f"(?P<{name}>.*)")
            known.add(name)
    return re.compile("".join(parts), re.S)
