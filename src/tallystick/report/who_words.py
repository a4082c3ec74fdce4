"""The words of `why` and `review`, in English and Chinese; and each line of evidence in either.

>>> evidence_text(Evidence("same", 9000, "acme", "acme"), "zh")
'相同的名称用词：acme'
"""

from __future__ import annotations

from typing import Final

from tallystick.identity.linking.weigh import text_of
from tallystick.identity.names.compare import Evidence

IN_CHINESE: Final = {
    "same": "相同的名称用词：{}",
    "meaning": "两种语言中含义相同：{} = {}",
    "gloss": "词典释义相同：{} = {}",
    "sound": "两种文字中读音相同：{} = {}",
    "spelling": "同一个词的两种拼写：{} = {}",
    "joined": "连写与分写：{} = {}",
    "typo": "拼写几乎相同：{} ~ {}",
    "near": "只差一个字母，但不像笔误：{} ~ {}",
    "short": "缩写：{} = {}",
    "homophone": "同音不同字：{} ~ {}",
    "begins": "以 {} 开头：{}",
    "initials": "为对方的首字母：{} = {}",
    "conflict": "各有对方所无的用词：{}；{}",
    "number": "数字不同：{}；{}",
    "place": "地名不同：{}；{}",
    "order": "自有用词相同而次序不同：{}；{}",
    "missing": "仅一方含有 {}{}",
    "form-same": "同类法律形式：{}",
    "form-other": "不同类法律形式：{}；{}",
    "branch": "仅一方为分支机构",
    "look-alike": "仅一方含有形似其他字母的字母",
    "alike": "如此相似的名称也可能属于两家企业",
    "no-name": "占位文字不是名称",
    "exact": "名称全部用词逐字相同",
    "account": "同一银行账户",
    "account-other": "银行账户不同",
    "domain": "同一网站或邮件域名",
    "domain-other": "网站或邮件域名不同",
    "address": "同一地址：{}",
    "address-house": "同一栋楼：{}；{}",
    "address-near": "地址相邻：{}；{}",
    "address-elsewhere": "地址在不同地方：{}；{}",
    "founded": "成立日期相同：{}",
    "founded-other": "成立年份不同：{}；{}",
    "two-ids": "同一提供方以两个号码登记：{}；{}",
    "sisters": "名称相互矛盾，仅有一处相同：同一集团的企业常如此",
    "country": "国家不同：{}；{}",
}
"""Code of a line of evidence -> its words in Chinese."""


def evidence_text(line: Evidence, lang: str) -> str:
    """A line of evidence in words."""
    words = IN_CHINESE.get(line.code) if lang == "zh" else None
    return words.format(line.left, line.right) if words else text_of(line)


ASKING: Final[dict[str, tuple[str, str]]] = {
    "who.shared-id": ("the same identifier: {left}", "相同的标识：{left}"),
    "who.two-numbers": (
        "two different numbers of one register: {left}; {right}",
        "同一登记处的两个不同号码：{left}；{right}",
    ),
    "who.judged-same": (
        "judged the same by {by} on {day}: {why}",
        "{by} 于 {day} 裁定为同一企业：{why}",
    ),
    "who.judged-apart": ("kept apart by {by} on {day}: {why}", "{by} 于 {day} 裁定分开：{why}"),
    "who.decides": ("decides", "决定性"),
    "who.weight": ("bits", "比特"),
    "who.evidence": ("evidence", "证据"),
    "who.sum": (
        "match weight: {share} of such pairs are one company",
        "匹配权重：此类配对中 {share} 为同一企业",
    ),
    "who.names": ("Names compared: {a} ~ {b}", "比较的名称：{a} ~ {b}"),
    "who.no_names": ("No names to compare.", "没有可比较的名称。"),
    "who.one": (
        "One company: an identifier or a person says so, whatever the names weigh.",
        "同一企业：由标识或人工裁定，与名称权重无关。",
    ),
    "who.joined": (
        "Joined: one company. Two are joined from {join} bits.",
        "已合并为同一企业。达到 {join} 比特即合并。",
    ),
    "who.chain": (
        "One company by way of others: {others}. Two are joined from {join} bits.",
        "经由其他描述成为同一企业：{others}。达到 {join} 比特即合并。",
    ),
    "who.held": (
        "Held as ambiguous: about as good as {others}. Nothing is guessed; a person decides.",
        "存疑待定：与 {others} 不相上下。系统不作猜测，由人裁定。",
    ),
    "who.weaker": (
        "Not joined, though above the line of {join} bits: another fits better: {others}.",
        "虽达到 {join} 比特，但另有更合适者：{others}，故未合并。",
    ),
    "who.crowded": (
        "Kept apart: too many customers that one contributor tells apart are called alike.",
        "保持分开：同一数据方所区分的客户中，名称相似者过多。",
    ),
    "who.forbidden": (
        "Kept apart: a register or a person says that these are two.",
        "保持分开：登记处或人工裁定为两家企业。",
    ),
    "who.forbidden_chain": (
        "Kept apart: joining the two would make one of others that are known to differ.",
        "保持分开：合并会把已知不同的企业连在一起。",
    ),
    "who.ask": (
        "Not joined: below the line of {join} bits, but from {ask} bits worth a person's look.",
        "未合并：低于 {join} 比特，但已达 {ask} 比特，值得人工查看。",
    ),
    "who.apart": (
        "Two companies: below {ask} bits, from which a person should look; joined from {join} bits.",
        "两家企业：低于值得人工查看的 {ask} 比特；达到 {join} 比特才合并。",
    ),
    "who.unmet": (
        "Not joined: their names share too little, or what too many share, to be compared on their own. "
        "If they are one, judge so.",
        "未合并：名称的共同部分太少或太常见，系统未自行比较。如确为同一企业，请裁定。",
    ),
    "who.nobody": ("nobody else", "无其他"),
}
"""Key -> (English, Chinese)."""
