"""Exchange: what companies, contributors and the operator of a book owe one another, as pure rules.

Idea: a service keeps rows and sends messages; what may happen next, to whom, by when and with what effect is
decided here, by functions of a state, an event and a day, so that it can be read, tested and proved by itself.

Worked example: a company disputes an invoice on 1 December. It is marked at once; its contributor has until the
21st. It does not answer: on the 21st the dispute is decided for the company, the document is struck, and
everyone who saw the entry meanwhile is told.
"""

from tallystick.exchange.dispute import (
    AGAINST_COMPANY,
    CLOCK_DAYS,
    CONTESTED,
    DECIDE_DAYS,
    EVENTS,
    FINAL,
    FOR_COMPANY,
    OPEN,
    ROLES,
    STATES,
    WITHDRAWN,
    Dispute,
    Effect,
    Event,
    Outcome,
    Refused,
    act,
    allowed,
    open_dispute,
    tick,
)
from tallystick.exchange.notices import Notice, View, notices
from tallystick.exchange.reasons import REASONS
from tallystick.exchange.words import event_words, mark_words, outcome_words, reason_words

__all__ = [
    "AGAINST_COMPANY",
    "CLOCK_DAYS",
    "CONTESTED",
    "DECIDE_DAYS",
    "EVENTS",
    "FINAL",
    "FOR_COMPANY",
    "OPEN",
    "REASONS",
    "ROLES",
    "STATES",
    "WITHDRAWN",
    "Dispute",
    "Effect",
    "Event",
    "Notice",
    "Outcome",
    "Refused",
    "View",
    "act",
    "allowed",
    "event_words",
    "mark_words",
    "notices",
    "open_dispute",
    "outcome_words",
    "reason_words",
    "tick",
]
