"""What people read about disputes, in English and Chinese: reasons, marks, events, outcomes and refusals.

>>> REASONS["wrong_amount"].english, REASONS["wrong_amount"].chinese
('the amount is wrong', '金额有误')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tallystick.exchange.dispute import Dispute


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a company can give. `needs_text`: the reason alone says too little."""

    english: str
    chinese: str
    needs_text: bool = False


REASONS: Final[dict[str, Reason]] = {
    "not_ours": Reason("this deal is not ours", "该交易与我方无关"),
    "wrong_amount": Reason("the amount is wrong", "金额有误"),
    "wrong_date": Reason("a date is wrong", "日期有误"),
    "already_settled": Reason("it was settled already", "已经结清"),
    "wrong_company": Reason("it belongs to another company", "应属另一企业", True),
    "duplicate": Reason("it is here twice", "重复记录"),
    "fault_of_another": Reason("another party was at fault", "责任在他方", True),
    "other": Reason("another reason", "其他原因", True),
}
"""The reasons, by the codes that strikes know them by (`evidence.strikes.DISPUTED`)."""

_MARKS: Final = {
    "open": (
        "Disputed since {opened}: {reason}. Who reported it has not answered yet; without an answer before "
        "{due} the entry is struck.",
        "自{opened}起存在异议：{reason}。报送方尚未答复；如在{due}之前仍未答复，该记录将被剔除。",
    ),
    "contested": (
        "Disputed since {opened}: {reason}. Who reported it stands by it (answered {answered}); it is being "
        "decided, and is struck on {due} if nobody decides.",
        "自{opened}起存在异议：{reason}。报送方坚持原记录（{answered}答复），正在裁定；"
        "如至{due}仍无裁定，该记录将被剔除。",
    ),
}

_OUTCOMES: Final = {
    ("for_company", "accept"): (
        "Decided for the company: who reported it accepts the objection. The entry was struck on {closed}.",
        "异议成立：报送方认可异议，该记录已于{closed}剔除。",
    ),
    ("for_company", "decide_for"): (
        "Decided for the company on {closed}. The entry was struck.",
        "异议成立：已于{closed}裁定，该记录已剔除。",
    ),
    ("for_company", "clock"): (
        "Decided for the company: nobody answered in time. The entry was struck on {closed}.",
        "异议成立：逾期未获答复，该记录已于{closed}剔除。",
    ),
    ("against_company", "decide_against"): (
        "Decided against the company on {closed}. The entry stands.",
        "异议不成立：已于{closed}裁定，该记录保留。",
    ),
    ("withdrawn", "withdraw"): (
        "Withdrawn by the company on {closed}. The entry stands.",
        "企业已于{closed}撤回异议，该记录保留。",
    ),
}

_EVENTS: Final = {
    "accept": ("accepted the objection", "认可异议"),
    "contest": ("stands by the entry", "坚持原记录"),
    "decide_for": ("decided for the company", "裁定异议成立"),
    "decide_against": ("decided against the company", "裁定异议不成立"),
    "withdraw": ("withdrew the objection", "撤回异议"),
    "reply": ("wrote", "补充说明"),
    "clock": ("the time for an answer ran out", "答复期限届满"),
}

_REFUSALS: Final = {
    "reason-unknown": ("this is no reason; use one of: {allowed}", "无此异议理由；可选：{allowed}"),
    "nothing-disputed": ("name the documents that are wrong", "请指明有误的单据"),
    "text-missing": ("say why in a sentence", "请用一句话说明理由"),
    "disputed-already": (
        "this entry is under dispute since {day}; add to that dispute",
        "该记录自{day}起已有异议；请在原异议中补充",
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


def reason_words(reason: str, lang: str = "en") -> str:
    """A reason as people read it; one that is unknown as it is."""
    known = REASONS.get(reason)
    return reason if known is None else _of((known.english, known.chinese), lang)


def mark_words(dispute: Dispute, lang: str = "en") -> str | None:
    """What a page says beside a disputed entry, a sentence; None, for no mark, where the dispute is closed."""
    return _filled(_MARKS.get(dispute.state), dispute, lang)


def outcome_words(dispute: Dispute, lang: str = "en") -> str | None:
    """What came of a dispute, a sentence; None while it is open."""
    return _filled(_OUTCOMES.get((dispute.state, dispute.how or "")), dispute, lang)


def event_words(kind: str, lang: str = "en") -> str:
    """What somebody did, for the course of a dispute."""
    return _of(_EVENTS[kind], lang)


def refusal_words(code: str, blanks: Mapping[str, object]) -> tuple[str, str]:
    """Why something may not happen, in English and Chinese."""
    english, chinese = _REFUSALS[code]
    return english.format(**blanks), chinese.format(**blanks)


def _filled(texts: tuple[str, str] | None, dispute: Dispute, lang: str) -> str | None:
    if texts is None:
        return None
    days = {
        "opened": dispute.opened_on,
        "due": dispute.due_on,
        "answered": dispute.answered_on,
        "closed": dispute.closed_on,
    }
    told = {name: day.isoformat() if day is not None else "–" for name, day in days.items()}
    return _of(texts, lang).format(reason=reason_words(dispute.reason, lang), **told)


def _of(texts: tuple[str, str], lang: str) -> str:
    return texts[1] if lang == "zh" else texts[0]
