"""The course of a dispute: who may do what, by when, and what follows.

Idea: a rated company disputes an entry; the entry is marked at once; whoever handed it in has twenty days to
answer. It accepts (the entry goes), contests (the operator decides), or is silent (the entry goes). Whoever
keeps an entry has to show that it is right, so silence always decides for the company: the contributor's within
the clock, and the operator's after it.

    open ──contest──▶ contested ──decide_for / decide_against──▶ for_company / against_company
      ├──accept / decide_for / clock──▶ for_company               ▲
      └──withdraw──▶ withdrawn            (contested: accept, clock, withdraw as well)

Sources: China's Regulation on the Credit Reporting Industry (2013), art. 25: mark at once, answer in 20 days.
US Fair Credit Reporting Act § 611 (15 U.S.C. 1681i): 30 days in all, (a)(5)(A) what cannot be verified is
deleted, (a)(5)(B) and does not come back unless it is certified, (a)(3) the same dispute again may be refused.
GDPR art. 16 (rectification), 18(1)(a) (restricted while contested), 19 (recipients are told). GLEIF's challenge
of LEI data aims at ten business days; ours is the law's clock, open to the company only.

>>> from datetime import date
>>> d = open_dispute(7, "D-1/pay/0", ("0f" * 16,), "the market", "wrong_amount", "", date(2026, 12, 1)).dispute
>>> d.due_on.isoformat(), tick(d, date(2026, 12, 20)), tick(d, date(2026, 12, 21)).dispute.state
('2026-12-21', None, 'for_company')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from tallystick.exchange.reasons import REASONS, refusal_words

OPEN: Final = "open"
CONTESTED: Final = "contested"
FOR_COMPANY: Final = "for_company"
AGAINST_COMPANY: Final = "against_company"
WITHDRAWN: Final = "withdrawn"

FINAL: Final = (FOR_COMPANY, AGAINST_COMPANY, WITHDRAWN)
STATES: Final = (OPEN, CONTESTED, *FINAL)

CLOCK_DAYS: Final = 20
"""Days after opening on which silence decides."""

DECIDE_DAYS: Final = 10
"""Days after the contributor's answer by which the operator decides, if the clock ends before: so that an
answer on the last day can still be weighed. Together no more than 30 days."""

ROLES: Final = ("company", "contributor", "operator", "clock")

_COURSE: Final[dict[tuple[str, str], tuple[tuple[str, ...], str]]] = {
    (OPEN, "accept"): (("contributor", "operator"), FOR_COMPANY),
    (OPEN, "contest"): (("contributor", "operator"), CONTESTED),
    (OPEN, "decide_for"): (("operator",), FOR_COMPANY),
    (OPEN, "withdraw"): (("company",), WITHDRAWN),
    (OPEN, "reply"): (("company", "contributor", "operator"), OPEN),
    (OPEN, "clock"): (("clock",), FOR_COMPANY),
    (CONTESTED, "accept"): (("contributor", "operator"), FOR_COMPANY),
    (CONTESTED, "decide_for"): (("operator",), FOR_COMPANY),
    (CONTESTED, "decide_against"): (("operator",), AGAINST_COMPANY),
    (CONTESTED, "withdraw"): (("company",), WITHDRAWN),
    (CONTESTED, "reply"): (("company", "contributor", "operator"), CONTESTED),
    (CONTESTED, "clock"): (("clock",), FOR_COMPANY),
}
"""(state, event) -> who may, and the state that follows. Nobody decides against a company whose objection was
not answered: that is what the clock is for."""

EVENTS: Final = tuple(dict.fromkeys(event for _, event in _COURSE))
_TEXT_NEEDED: Final = ("contest", "decide_for", "decide_against", "reply")


class Refused(Exception):
    """What may not happen. `code` names the rule; `english` and `chinese` say what to do instead."""

    def __init__(self, code: str, **blanks: object) -> None:
        self.code = code
        self.english, self.chinese = refusal_words(code, blanks)
        super().__init__(self.english)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute as it stands. `company`: key of who disputes; `entry`: what it disputes, `D-…/kind/item`;
    `documents`: the doc_ids behind it that are disputed; `contributor`: who handed them in; `reason`: a key of
    `REASONS`; `due_on`: the day on which silence decides; `how`: the event that closed it."""

    company: int
    entry: str
    documents: tuple[str, ...]
    contributor: str
    reason: str
    text: str
    opened_on: date
    due_on: date
    state: str = OPEN
    answered_on: date | None = None
    closed_on: date | None = None
    how: str | None = None

    @property
    def marked(self) -> bool:
        """Whether the entry is shown as disputed: exactly while the dispute is not closed."""
        return self.state not in FINAL


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody does: `kind` of `EVENTS`, `by` of `ROLES`, and what they say to it."""

    kind: str
    by: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a service does next. `kind`: "mark" or "unmark" the entry, "strike" the `documents` for `reason`
    (`Book.strike`), or "tell": send the notice `what` to `whom` ("company", "contributor", "operator" or
    "viewers", for whom `notices` says who they are)."""

    kind: str
    whom: str = ""
    what: str = ""
    documents: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The dispute as it stands now, and what follows, in order."""

    dispute: Dispute
    effects: tuple[Effect, ...]


def open_dispute(
    company: int,
    entry: str,
    documents: Iterable[str],
    contributor: str,
    reason: str,
    text: str,
    today: date,
    earlier: Iterable[Dispute] = (),
) -> Outcome:
    """A company disputes an entry. `earlier`: its other disputes. Raises `Refused` for a reason that is none or
    needs words, nothing to dispute, an entry under dispute already, and what was decided against it before
    (FCRA § 611(a)(3)): that may be disputed again for another reason only."""
    named = tuple(dict.fromkeys(documents))
    if reason not in REASONS:
        raise Refused("reason-unknown", allowed=", ".join(REASONS))
    if not named:
        raise Refused("nothing-disputed")
    if REASONS[reason].needs_text and not text.strip():
        raise Refused("text-missing")
    for other in earlier:
        if other.company != company or not set(other.documents) & set(named):
            continue
        if other.state not in FINAL:
            day = other.opened_on.isoformat()
            raise _refused("disputed-already", "disputed-elsewhere", entry, other, day)
        if other.state == AGAINST_COMPANY and other.reason == reason:
            day = (other.closed_on or other.due_on).isoformat()
            raise _refused("decided-before", "decided-elsewhere", entry, other, day)
    due = today + timedelta(days=CLOCK_DAYS)
    dispute = Dispute(company, entry, named, contributor, reason, text.strip(), today, due)
    told = (Effect("tell", "contributor", "objection"), Effect("tell", "operator", "opened"))
    return Outcome(dispute, (Effect("mark"), *told))


def _refused(same: str, elsewhere: str, entry: str, other: Dispute, day: str) -> Refused:
    """A refusal that says which entry it is about, where that is another one on the same document."""
    if other.entry == entry:
        return Refused(same, day=day)
    return Refused(elsewhere, day=day, entry=other.entry)


def allowed(dispute: Dispute, role: str, today: date) -> tuple[str, ...]:
    """The events that a role may bring about today, in the order of `EVENTS`."""
    if role != "clock" and tick(dispute, today) is not None:
        return ()
    if role == "clock" and today < dispute.due_on:
        return ()
    return tuple(kind for kind in EVENTS if role in _COURSE.get((dispute.state, kind), ((), ""))[0])


def act(dispute: Dispute, event: Event, today: date) -> Outcome:
    """What an event makes of a dispute. Raises `Refused` for what this role may not do, or not any more: on the
    due day the clock (`tick`) comes first."""
    if event.kind not in EVENTS:
        raise Refused("event-unknown", allowed=", ".join(EVENTS))
    if dispute.state in FINAL:
        raise Refused("closed", day=(dispute.closed_on or dispute.due_on).isoformat())
    if event.kind == "clock" and today < dispute.due_on:
        raise Refused("not-due", day=dispute.due_on.isoformat())
    if event.kind != "clock" and today >= dispute.due_on:
        raise Refused("too-late", day=dispute.due_on.isoformat())
    roles, state = _COURSE.get((dispute.state, event.kind), ((), ""))
    if not roles:
        raise Refused("not-now", state=dispute.state)
    if event.by not in roles:
        raise Refused("not-yours", roles=", ".join(roles))
    if event.kind in _TEXT_NEEDED and not event.text.strip():
        raise Refused("text-missing")
    if state in FINAL:
        return _closed(replace(dispute, state=state, closed_on=today, how=event.kind))
    if event.kind == "contest":
        due = max(dispute.due_on, today + timedelta(days=DECIDE_DAYS))
        told = Effect("tell", "company", "contested"), Effect("tell", "operator", "to_decide")
        return Outcome(replace(dispute, state=state, answered_on=today, due_on=due), told)
    others = [role for role in ("company", "contributor") if role != event.by]
    return Outcome(dispute, tuple(Effect("tell", role, "reply") for role in others))


def tick(dispute: Dispute, today: date) -> Outcome | None:
    """What the clock makes of a dispute by today: decided for the company from the due day on; None before, and
    for one that is closed."""
    if dispute.state in FINAL or today < dispute.due_on:
        return None
    return act(dispute, Event("clock", "clock"), today)


def _closed(dispute: Dispute) -> Outcome:
    what = dispute.state
    told = [Effect("tell", "company", what), Effect("tell", "contributor", what)]
    effects = [Effect("unmark")]
    if dispute.state == FOR_COMPANY:
        effects.append(Effect("strike", documents=dispute.documents, reason=dispute.reason))
        told.append(Effect("tell", "viewers", "corrected"))
    return Outcome(dispute, (*effects, *told))
