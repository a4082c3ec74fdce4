"""The shapes of what companies do about their own page: disputes and claims.

A dispute is told without its events in a list and with them by itself.
"""

from __future__ import annotations

from datetime import date, datetime

from tallystick.doors.api.shapes import Told


class DisputeEvent(Told):
    """Something that happened in a dispute."""

    at_us: int
    by: str
    kind: str
    text: str | None
    words: str


class Dispute(Told):
    """An entry that a company disputes; `mark` while it is open, `outcome` after."""

    id: int
    company: str
    entry: str
    documents: list[str]
    contributor: str
    reason: str
    reason_words: str
    state: str
    opened_on: date
    due_on: date
    closed_on: date | None
    mark: str | None
    outcome: str | None
    events: list[DisputeEvent] | None = None


class Disputes(Told):
    """A part of a list of disputes."""

    items: list[Dispute]
    next: str | None


class Claim(Told):
    """A claim of a company's page; `token` and `look_at` for a claim by domain that is one's own."""

    id: int
    company: str
    method: str
    domain: str | None
    state: str
    note: str | None
    token: str | None
    look_at: str | None
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None


class Claims(Told):
    """A part of a list of claims."""

    items: list[Claim]
    next: str | None = None
