"""What people read about disputes, in English and Chinese: marks, events and outcomes.

>>> event_words("withdraw"), event_words("withdraw", "zh")
('withdrew the objection', '撤回异议')
"""

from __future__ import annotations

from typing import Final

from tallystick.exchange.dispute import Dispute
from tallystick.exchange.reasons import REASONS

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
