"""What the tools answer with. The descriptions are what an agent reads."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class Candidate(BaseModel):
    """A company that a name may mean."""

    code: str = Field(description="Pass this code to the other tools.")
    name: str | None
    country: str | None
    match: str = Field(description="code, identifier, name (the same) or similar")
    why: list[str] = Field(description="Why it may be meant.")
    grade: str | None


class Candidates(BaseModel):
    """Companies that a text may mean, best first."""

    companies: list[Candidate]
    next_step: str


class Rated(BaseModel):
    """A rating: how probable it is that the next promise is broken, and how sure that is."""

    company: str
    name: str | None
    country: str | None
    as_of: str = Field(description="The day up to which evidence counts.")
    enough_evidence: bool = Field(description="False: too little is known. That is not a bad sign.")
    grade: str = Field(description="AAA (best) to D; X sanctioned; NR not enough evidence.")
    broken_ppm: int | None = Field(
        description="Chance that the next promise is broken, in millionths."
    )
    low_ppm: int | None = Field(description="Lower end of the interval.")
    high_ppm: int | None = Field(description="Upper end of the interval.")
    interval_ppm: int = Field(description="How sure the interval is: 900000 for 90 %.")
    evidence_level: str = Field(description="E0 (none) to E4 (deep).")
    n_promises: int
    disputed: int = Field(description="Entries that the company disputes and that are not decided.")
    sentence: str
    evidence_url: str
    next_step: str


class Why(BaseModel):
    """One reason, in points; positive is in favour."""

    code: str
    points: float
    text: str


class Kind(BaseModel):
    """The record in one kind of promise."""

    kind: str
    role: str
    grade: str
    broken_ppm: int
    promises: int
    kept: int
    late: int
    broken: int


class Explained(BaseModel):
    """Why a rating is what it is: the points of the reasons add up to the score."""

    company: str
    name: str | None
    as_of: str
    score: float | None
    reasons: list[Why]
    kinds: list[Kind]
    improves: list[str] = Field(description="What would improve the rating or narrow the interval.")
    evidence_url: str
    next_step: str


class Assessed(BaseModel):
    """What a rating means for one deal."""

    company: str
    name: str | None
    as_of: str
    role: str
    enough_evidence: bool
    grade: str
    broken_ppm: int | None
    high_ppm: int | None = Field(description="Upper end of the interval: plan for this.")
    amount_usd: str | None
    proven_usd: str | None = Field(description="The largest exposure that its record bears out.")
    within_proven: bool | None
    expected_loss_usd: str | None = Field(
        description="Chance times amount, as if a broken promise lost all of it."
    )
    cautions: list[str]
    meaning: list[str]
    evidence_url: str
    next_step: str


class Dispute(BaseModel):
    """An entry that the company disputes or disputed."""

    state: str
    reason: str
    opened_on: str
    due_on: str
    closed_on: str | None


class Disputes(BaseModel):
    """Disputes of a company, newest first."""

    company: str
    open: int
    disputes: list[Dispute]
    next_step: str


Role = Literal["seller", "buyer", "any"]
