"""What is said of documents that were struck, and what can be wrong with one, in English and Chinese.

>>> WRONG["wrong_amount"]
('the amount is wrong', '金额有误')
"""

from __future__ import annotations

from typing import Final

WRONG: Final = {
    "not_ours": ("this deal is not ours", "该交易与我方无关"),
    "wrong_amount": ("the amount is wrong", "金额有误"),
    "wrong_date": ("a date is wrong", "日期有误"),
    "already_settled": ("it was settled already", "已经结清"),
    "wrong_company": ("it belongs to another company", "应属另一企业"),
    "duplicate": ("it is here twice", "重复记录"),
    "fault_of_another": ("another party was at fault", "责任在他方"),
    "other": ("another reason", "其他原因"),
}
"""In the words of the company that says so, by the codes of strikes (`evidence.strikes.DISPUTED`)."""

STRIKING: Final = {f"wrong.{code}": words for code, words in WRONG.items()} | {
    "struck": ("Struck from the record", "已从记录中剔除"),
    "struck_note": (
        "It was decided that these documents were wrong. They count nowhere, and do not come back by being "
        "sent again.",
        "这些单据已被认定有误，不计入任何结果，重新提交也不会恢复。",
    ),
    "struck_more": (
        "{shown} of {total}, the newest first.",
        "共 {total} 份，按最近剔除在先显示 {shown} 份。",
    ),
    "struck_on": ("Struck on", "剔除日期"),
    "struck_paper": ("Document", "单据"),
    "struck_by": ("Handed in by", "提交方"),
    "struck_for": ("What was wrong", "原因"),
}
