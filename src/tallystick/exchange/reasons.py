"""Why a company may dispute an entry, and why a step in a dispute may be refused, in English and Chinese.

>>> REASONS["wrong_amount"].english, REASONS["wrong_amount"].chinese
('the amount is wrong', '金额有误')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.report.struck_words import WRONG


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a company can give. `needs_text`: the reason alone says too little."""

    english: str
    chinese: str
    needs_text: bool = False


_TEXT_NEEDED: Final = ("wrong_company", "fault_of_another", "other")

REASONS: Final[dict[str, Reason]] = {
    code: Reason(*words, needs_text=code in _TEXT_NEEDED) for code, words in WRONG.items()
}
"""The reasons, by the codes that strikes know them by (`evidence.strikes.DISPUTED`)."""

_REFUSALS: Final = {
    "reason-unknown": ("this is no reason; use one of: {allowed}", "无此异议理由；可选：{allowed}"),
    "nothing-disputed": ("name the documents that are wrong", "请指明有误的单据"),
    "text-missing": ("say why in a sentence", "请用一句话说明理由"),
    "disputed-already": (
        "this entry is under dispute since {day}; add to that dispute",
        "该记录自{day}起已有异议；请在原异议中补充",
    ),
    "disputed-elsewhere": (
        "a document behind this entry is under dispute since {day} with the entry {entry}; add to that dispute",
        "该记录所依据的单据自{day}起已随记录 {entry} 提出异议；请在原异议中补充",
    ),
    "decided-elsewhere": (
        "a document behind this entry was decided on {day} with the entry {entry}; dispute it again for "
        "another reason only",
        "该记录所依据的单据已于{day}随记录 {entry} 裁定；仅可以其他理由再次提出",
    ),
    "decided-before": (
        "this was decided on {day}; dispute it again for another reason only",
        "该异议已于{day}裁定；仅可以其他理由再次提出",
    ),
    "event-unknown": ("there is no such step; use one of: {allowed}", "无此步骤；可选：{allowed}"),
    "closed": ("the dispute was closed on {day} and stays so", "该异议已于{day}结案，不再变更"),
    "not-due": ("the clock runs until {day}", "期限至{day}"),
    "too-late": (
        "the time ran out on {day}: the dispute is decided for the company",
        "期限已于{day}届满：异议成立",
    ),
    "not-now": (
        "this cannot be done while the dispute is {state}",
        "异议处于 {state} 状态，不能进行此步骤",
    ),
    "not-yours": ("only these may do it: {roles}", "仅限以下角色：{roles}"),
}


def refusal_words(code: str, blanks: Mapping[str, object]) -> tuple[str, str]:
    """Why something may not happen, in English and Chinese."""
    english, chinese = _REFUSALS[code]
    return english.format(**blanks), chinese.format(**blanks)
