"""The shapes of answers, as `/v1/openapi.json` tells them. New keys may come at any time.

Sums are integers in the unit that their name ends with (`_ppm` parts per million, `_cents`, `_minor`), days and
moments are ISO 8601 text. What is served finished is not checked again on its way out; the tests do that.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Told(BaseModel):
    """An answer; keys that are not named here pass through."""

    model_config = ConfigDict(extra="allow")


class CompanyName(Told):
    """A company by its code."""

    code: str = Field(examples=["C-0123456789ABC"])
    name: str | None
    country: str | None


class PolicyName(Told):
    """The policy that a rating was made with."""

    name: str
    digest: str


class ReasonTold(Told):
    """Points for or against, with the sentence."""

    code: str
    points: float
    en: str
    zh: str


class Measures(Told):
    """A rating: probability that the next promise is broken, with its interval, grade and evidence."""

    grade: str = Field(examples=["BBB"])
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    evidence_level: str
    exposure_cents: int
    score: float
    promises: dict[str, int]
    counterparties: int
    last_on: date | None
    last_broken_on: date | None


class Headline(Measures):
    """The rating of a company as a whole; the points of the reasons add up to the score."""

    reasons: list[ReasonTold]


class RoleRating(Measures):
    """The rating of a company in one role."""

    role: str


class KindRating(RoleRating):
    """The rating of one kind of promise."""

    kind: str


class Rating(Told):
    """What is served of a company."""

    format: str
    company: CompanyName
    as_of: date
    policy: PolicyName
    enough_evidence: bool
    disputed: int
    struck: int = Field(
        0, description="Documents about it that were found wrong: they count nowhere."
    )
    headline: Headline | None
    roles: list[RoleRating]
    kinds: list[KindRating]


class Found(Told):
    """A company that a search found."""

    code: str
    name: str | None
    country: str | None
    match: str = Field(description="code, identifier, name or similar")
    why: list[str]
    grade: str | None
    score: float | None
    enough_evidence: bool


class LookedUp(Told):
    """What was asked for, with its rating or the reason why there is none."""

    asked: str
    rating: Rating | None = None
    error: str | None = None


class Page(Told):
    """A part of a list; `next` is the cursor of the following part, null at the end."""

    items: list[dict[str, Any]]
    next: str | None = None


class Count(Told):
    """How many companies have a value."""

    value: str | None
    companies: int


class Listed(Told):
    """Companies in the order of their codes. `countries`, `grades`: how many of each, on the first page."""

    items: list[Rating]
    next: str | None = None
    countries: list[Count] | None = None
    grades: list[Count] | None = None


class PromiseTold(Told):
    """A promise with its outcome."""

    id: str
    deal: str
    kind: str
    promisor: str | None
    promisee: str | None
    made_on: date | None
    due_on: date | None
    done_on: date | None
    outcome: str
    kept_ppm: int
    strength_ppm: int
    value_minor: int | None
    currency: str | None


class Promises(Told):
    """A part of the promises of a company."""

    items: list[PromiseTold]
    next: str | None = None


class DealLine(Told):
    """A deal of a company in one line; `promises`: how many of each outcome, of both sides."""

    deal: str
    begun_on: date | None
    roles: list[str]
    counterparties: list[str]
    promises: dict[str, int]


class Deals(Told):
    """A part of the deals of a company."""

    items: list[DealLine]
    next: str | None = None


class Deal(Told):
    """A deal as a timeline. `seen`: whole, or only the documents that name the caller, or that it handed in."""

    format: str
    deal: str
    as_of: date
    parties: dict[str, Any]
    documents: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    breaks: list[dict[str, Any]]
    inferred: list[dict[str, Any]]
    seen: str


class ChangeTold(Told):
    """How a headline moved, and why: evidence, market, time, policy; joined, absorbed, split (of whom)."""

    id: int
    at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    cause: str | dict[str, Any]


class Changes(Told):
    """A part of the moves of a company."""

    items: list[ChangeTold]
    next: str | None = None


class ViewTold(Told):
    """Somebody looked at what is not public."""

    at: datetime
    who: str | None
    role: str
    resource: str
    purpose: str | None


class Views(Told):
    """A part of the log of who looked at a company."""

    items: list[ViewTold]
    next: str | None = None


class BatchTold(Told):
    """What became of something that was handed in; counts are those of all its batches."""

    id: str = Field(examples=["up_0123456789abcdef0123"])
    contributor: str
    name: str
    bytes: int
    dry_run: bool
    state: str = Field(description="received, taken, checked, failed or retracted")
    created_at: datetime
    finished_at: datetime | None
    accepted: int
    duplicate: int
    held: int
    rejected: int
    error: str | None
    batches: list[dict[str, Any]]


class Batches(Told):
    """A part of what was handed in."""

    items: list[BatchTold]
    next: str | None = None


class Work(Told):
    """How many jobs of a kind are in a state."""

    kind: str
    state: str
    jobs: int


class Ready(Told):
    """The service is ready; `known_at`: the evidence that is served."""

    ready: bool
    known_at: datetime


class ModelCard(Told):
    """By what rules everybody is rated, and what is known of how well they do."""

    format: str
    as_of: date
    policy: dict[str, Any]
    history: list[dict[str, Any]]
    measured: dict[str, Any]
    grades: list[dict[str, Any]]
    evidence_levels: list[dict[str, Any]]
    kinds: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    fields: dict[str, dict[str, str]]
    versions: dict[str, str]


class AccountTold(Told):
    """Somebody who may sign in."""

    id: int
    login: str
    name: str
    role: str
    company: str | None
    contributor: str | None
    contributor_kind: str | None
    language: str


class Today(Told):
    """What an account used today; `quota` null where there is none."""

    requests: int
    documents: int
    quota: int | None
    reset_s: int


class Me(AccountTold):
    """Who is asking. `rights`: right -> all or own; `scopes`: of the key, null for a person."""

    rights: dict[str, str]
    scopes: list[str] | None
    today: Today


class KeyTold(Told):
    """A key without what opens."""

    prefix: str
    label: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyMade(KeyTold):
    """A key, shown once."""

    key: str


class NoticeTold(Told):
    """Something that an account should know."""

    id: int
    kind: str
    body: dict[str, Any]
    at: datetime
    read_at: datetime | None


class Notices(Told):
    """A part of one's notices."""

    items: list[NoticeTold]
    next: str | None = None


class WatchTold(Told):
    """A company that one watches; messages go to `url` where it has one."""

    id: int
    company: str
    url: str | None
    created_at: datetime


class WatchMade(WatchTold):
    """A new watch; `secret` signs its messages and is shown this once."""

    secret: str | None


class Watches(Told):
    """A part of one's watches."""

    items: list[WatchTold]
    next: str | None = None


class Secret(Told):
    """A new secret, shown this once. The one before signs beside it until `before_until`."""

    secret: str
    before_until: datetime


class Message(Told):
    """A message by its `webhook-id`."""

    id: str


class DeliveryTold(Message):
    """What became of a message: waiting, done, failed or dropped; `last`: what the receiver said."""

    state: str
    attempts: int
    last: str | None
    created_at: datetime
    finished_at: datetime | None
    body: dict[str, Any]
