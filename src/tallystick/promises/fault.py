"""Whose fault it is that a promise was not kept in time, as shares with reasons, on the evidence of its deal.

Idea: a delay has days, and other documents of the deal account for some of them: the days that the deposit came
late, that the carrier came late for goods which stood ready, that customs held the goods, that force majeure
lasted. What nothing accounts for stays with whom the promise itself names: the promisor, or `unknown` where the
documents do not say who called the deal off.

Worked example: goods due on 1 February leave on the 11th, ten days late. By the contract a deposit comes first;
it was due on 10 January and came on the 16th: 6 of the 10 days are the buyer's, 4 the seller's.

>>> doc = {"kind": "order", "terms": "deposit_balance", "day": 0, "due_day": 40, "status": None, "mask": 2,
...        "item": 0}
>>> papers = [doc, doc | {"kind": "proforma", "day": 5, "due_day": 10, "item": 7},
...           doc | {"kind": "payment", "day": 16, "due_day": None, "item": 7}]
>>> late = {"kind": "dispatch", "outcome": "late", "first_due_day": 40, "due_day": 40, "done_day": 50,
...         "fault": "seller", "made_day": 0}
>>> [(share.party, share.ppm, share.reason) for share in shares(late, papers, as_of_day=90)]
[('buyer', 600000, 'deposit late'), ('seller', 400000, 'own delay')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tallystick.promises.kinds import PROMISES, SIDE_BIT
from tallystick.units import PPM

Row = Mapping[str, Any]
Found = tuple[str, str, int]
"""Party, reason, days."""

OWN, SAID = "own delay", "as documents say"
PLAIN: Final = frozenset({OWN, SAID})
"""Reasons that say no more than the promise's own fault."""

NOT_KEPT: Final = ("late", "partial", "broken", "excused")


class Share(NamedTuple):
    """A party's part in a promise that was not kept. `days`: those of the delay that the reason accounts for,
    0 where the fault has none."""

    party: str
    ppm: int
    reason: str
    days: int


def shares(promise: Row, papers: Sequence[Row], as_of_day: int) -> list[Share]:
    """Who is at fault for a promise (a row of PROMISE) that was not kept, the largest share first; nothing for
    one that was. `papers`: documents of its deal (columns of 40_doc.sql)."""
    if promise["outcome"] not in NOT_KEPT:
        return []
    rest = promise["fault"] or "unknown"
    done = promise["done_day"] if promise["done_day"] is not None else as_of_day
    delay = 0 if promise["due_day"] is None else done - promise["due_day"]
    found = [] if delay <= 0 else _reasons(promise, papers, done)
    if not found:
        return [Share(rest, PPM, _rest(promise, rest), max(delay, 0))]
    return _shared(found, delay, rest, _rest(promise, rest))


def _rest(promise: Row, party: str) -> str:
    return OWN if party == PROMISES[promise["kind"]].side else SAID


def _shared(found: list[Found], delay: int, rest: str, reason: str) -> list[Share]:
    """Days as parts of the delay; where they are more than it, as parts of them all."""
    accounted = sum(days for _, _, days in found)
    whole = max(delay, accounted)
    told = [Share(party, days * PPM // whole, why, days) for party, why, days in found]
    left = PPM - sum(share.ppm for share in told)
    place = next((n for n, share in enumerate(told) if share.party == rest), None)
    if delay > accounted and place is None:
        told.append(Share(rest, left, reason, delay - accounted))
    else:  # what rounding leaves, or more days of whose fault it is said to be
        told[place or 0] = told[place or 0]._replace(ppm=told[place or 0].ppm + left)
    return sorted(told, key=lambda share: (-share.ppm, share.party))


def _reasons(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    rules = _RULES.get(promise["kind"], (_force_majeure,))
    found = [reason for rule in rules for reason in rule(promise, papers, done)]
    delay = done - promise["due_day"]
    return [(party, why, min(days, delay)) for party, why, days in found if days > 0]


def _deposit(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    """Where a deposit comes first by contract, the seller's date moves by the days that it was late."""
    if not any(paper.get("terms") == "deposit_balance" for paper in papers):
        return []
    asked = [p for p in papers if p["kind"] == "proforma" and p.get("due_day") is not None]
    late = 0
    for bill in asked:
        paid = _last(p["day"] for p in papers if p["kind"] == "payment" and _is_for(p, bill))
        late = max(late, (done if paid is None else paid) - bill["due_day"])
    return [("buyer", "deposit late", late)]


def _is_for(payment: Row, bill: Row) -> bool:
    settled = (payment.get("status") or "settled") == "settled"
    return settled and payment.get("item") is not None and payment.get("item") == bill.get("item")


def _collection(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    """The carrier came late for goods that stood ready by the day on which it was booked."""
    booked = _last(p.get("due_day") for p in papers if p["kind"] == "booking")
    ready = _first(p["day"] for p in papers if p["kind"] == "dispatch")
    taken = _first(p["day"] for p in papers if _event(p, "collected", "departed"))
    if booked is None or taken is None or ready is None or ready > booked:
        return []
    return [("carrier", "collected late", taken - max(booked, promise["due_day"]))]


def _handed_over(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    """The seller gave the goods to the carrier after the day on which they were to leave."""
    due = _last(p.get("due_day") for p in papers if p["kind"] in ("order", "order_change"))
    taken = _first(p["day"] for p in papers if _event(p, "collected", "departed"))
    if due is None or taken is None:
        return []
    return [("seller", "handed over late", taken - due)]


def _held(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    """From the hold by customs until they let the goods go."""
    held = _first(
        p["day"] for p in papers if p["kind"] == "customs_event" and p["status"] == "held"
    )
    if held is None or held >= done:
        return []
    freed = (p["day"] for p in papers if p["kind"] == "customs_event" and p["status"] == "released")
    until = _first(day for day in freed if day is not None and day >= held)
    return [("customs", "held by customs", min(done if until is None else until, done) - held)]


def _bank(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    """The bank was told to pay in time, and moved the money later than it was told."""
    told = _last(p.get("due_day") for p in papers if p["kind"] == "payment_instruction")
    if told is None or told > promise["due_day"]:
        return []
    return [("bank", "carried out late", done - promise["due_day"])]


def _force_majeure(promise: Row, papers: Sequence[Row], done: int) -> list[Found]:
    """Days between due and done that a notice covers. The promisor's own word for it is not enough."""
    own = SIDE_BIT[PROMISES[promise["kind"]].side]
    days = 0
    for notice in papers:
        if notice["kind"] == "force_majeure_notice" and notice.get("mask") != own:
            ends = min(done if notice.get("due_day") is None else notice["due_day"], done)
            begins = max(notice["day"], promise["made_day"] or notice["day"])
            days = max(days, ends - begins)
    return [("force_majeure", "force majeure", days)]


_RULES: Final[dict[str, tuple[Callable[[Row, Sequence[Row], int], list[Found]], ...]]] = {
    "dispatch": (_deposit, _collection, _force_majeure),
    "deliver": (_held, _force_majeure),
    "arrive": (_held, _handed_over, _force_majeure),
    "pay": (_bank,),
}
"""Kind of promise -> what may account for its delay; for the others force majeure alone."""


def _event(paper: Row, *statuses: str) -> bool:
    return paper["kind"] == "transport_event" and paper["status"] in statuses


def _first(days: Iterable[int | None]) -> int | None:
    return min((day for day in days if day is not None), default=None)


def _last(days: Iterable[int | None]) -> int | None:
    return max((day for day in days if day is not None), default=None)
