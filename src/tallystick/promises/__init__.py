"""Promises: what was promised in a deal, by whom to whom, and what became of it.

Idea: each kind of promise is one small SQL text that pairs the document that makes the promise with the
documents that settle it; one more text judges all kinds alike. The outcome, the fault and how strongly
the outcome is corroborated are read off the evidence; nothing is guessed.

Worked example: invoice 107.50 GBP due on 20 July, the bank books 107.50 on 22 July: `pay`, late by 2 days,
fault buyer, strength .85 (one independent anchor, the bank).
"""

from tallystick.promises.derive import PROMISE, derive
from tallystick.promises.fault import Share, shares
from tallystick.promises.kinds import PROMISES, ROLE_OF_SIDE, TIMED, PromiseKind

__all__ = [
    "PROMISE",
    "PROMISES",
    "ROLE_OF_SIDE",
    "TIMED",
    "PromiseKind",
    "Share",
    "derive",
    "shares",
]
