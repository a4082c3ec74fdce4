"""The tables of the store. Moments are microseconds since 1970 UTC; secrets are kept as digests only.

Nothing that a person decided is overwritten: a dispute and a claim carry their state, and beside it lies what
happened in which order. `served` and `change` follow from the book and can be made anew.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_BIG: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[Any]:
    return sa.Column("id", _BIG, primary_key=True, autoincrement=True)


def _at(name: str, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=not needed)


def _text(name: str, needed: bool = True, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=not needed, **more)


def _to(name: str, target: str, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{target}.id"), nullable=not needed)


ACCOUNT: Final = sa.Table(
    "account",
    METADATA,
    _id(),
    _text("login", unique=True),
    _text("name"),
    _text("role"),
    _text("password", False),
    _text("subject", False, unique=True),
    sa.Column("company", sa.BigInteger(), nullable=True),
    _text("contributor", False),
    _text("contributor_kind", False),
    _text("language"),
    _at("created_us"),
    _at("disabled_us", False),
)
"""Who may sign in. `role`: of `service.access.ROLES`. `company`: the company that it speaks for,
`contributor`: the name under which its evidence stands in the book. `password`: argon2; `subject`: issuer and
subject of OIDC."""

KEY: Final = sa.Table(
    "api_key",
    METADATA,
    _id(),
    _to("account", "account"),
    _text("prefix", unique=True),
    _text("digest"),
    _text("label"),
    _text("scopes"),
    _at("created_us"),
    _at("expires_us", False),
    _at("revoked_us", False),
)
"""Keys for programs: shown once, kept as SHA-256 of 32 random bytes. `scopes`: words with a space between."""

SESSION: Final = sa.Table(
    "session",
    METADATA,
    _text("digest", primary_key=True),
    _to("account", "account"),
    _at("created_us"),
    _at("expires_us"),
)
"""Signed-in browsers, by SHA-256 of the cookie."""

SERVED: Final = sa.Table(
    "served",
    METADATA,
    sa.Column("company", sa.BigInteger(), primary_key=True, autoincrement=False),
    _text("code", unique=True),
    _text("name", False),
    _text("country", False),
    _text("grade", False),
    sa.Column("score_tenths", sa.BigInteger(), nullable=True),
    _text("etag"),
    _text("body"),
    _at("rated_us"),
    sa.Index("ix_served_country_code", "country", "code"),
    sa.Index("ix_served_grade_code", "grade", "code"),
)
"""What is served of a company: finished JSON, written when it changes."""

CHANGE: Final = sa.Table(
    "change",
    METADATA,
    _id(),
    sa.Column("company", sa.BigInteger(), nullable=False, index=True),
    _at("at_us"),
    _text("before", False),
    _text("after"),
    _text("cause"),
    sa.Index("ix_change_at_us", "at_us"),
)
"""How what is served of a company moved: JSON of headline before and after, and what caused it."""

STATE: Final = sa.Table("state", METADATA, _text("name", primary_key=True), _text("value"))
"""What the service knows of itself: the cut that is served, the model card, when the last job ran."""

UPLOAD: Final = sa.Table(
    "upload",
    METADATA,
    _text("id", primary_key=True),
    _to("account", "account"),
    _text("contributor"),
    _text("contributor_kind"),
    _text("name"),
    _text("digest"),
    sa.Column("bytes", sa.BigInteger(), nullable=False),
    _text("mapping", False),
    sa.Column("dry_run", sa.Boolean(), nullable=False),
    _text("state"),
    _text("result", False),
    _at("created_us"),
    _at("finished_us", False),
    sa.Index("ix_upload_contributor_created_us", "contributor", "created_us"),
)
"""What was handed in over the API, before it becomes batches. `state`: received, taken, rated, failed,
retracted; `result`: JSON of the receipts. The bytes lie in the book's folder under `uploads/ID`."""

IDEMPOTENCY: Final = sa.Table(
    "idempotency",
    METADATA,
    sa.Column("account", sa.BigInteger(), primary_key=True, autoincrement=False),
    _text("key", primary_key=True),
    _text("digest"),
    sa.Column("status", sa.Integer(), nullable=True),
    _text("body", False),
    _at("created_us"),
)
"""Answers to requests that carried an Idempotency-Key; `status` is null while the first is at work."""

JOB: Final = sa.Table(
    "job",
    METADATA,
    _id(),
    _text("kind"),
    _text("key", False),
    _text("args"),
    _text("state"),
    sa.Column("attempts", sa.Integer(), nullable=False),
    _at("run_us"),
    _at("lease_us", False),
    _text("worker", False),
    _text("error", False),
    _at("created_us"),
    _at("finished_us", False),
    sa.Index("ix_job_state_run_us", "state", "run_us"),
)
"""Work in the background. `state`: waiting, running, done, failed. A job whose lease ran out is taken up again;
of the same `key` only one waits."""

CLAIM: Final = sa.Table(
    "claim",
    METADATA,
    _id(),
    sa.Column("company", sa.BigInteger(), nullable=False, index=True),
    _to("account", "account"),
    _text("method"),
    _text("token"),
    _text("domain", False),
    _text("state"),
    _text("note", False),
    _at("created_us"),
    _at("decided_us", False),
    _text("decided_by", False),
)
"""Companies claiming their page. `state`: open, granted, refused."""

DISPUTE: Final = sa.Table(
    "dispute",
    METADATA,
    _id(),
    sa.Column("company", sa.BigInteger(), nullable=False, index=True),
    _to("opened_by", "account"),
    _text("entry"),
    _text("documents"),
    _text("contributor", index=True),
    _text("reason"),
    _text("text"),
    _text("state", index=True),
    _at("opened_us"),
    _at("due_us"),
    _at("closed_us", False),
    _at("answered_us", False),
    _text("how", False),
    _at("entered_us", False),
)
"""Entries that a company disputes. `entry`: a promise `D-…/kind/item`; `documents`: JSON list of document ids;
`contributor`: who must answer; `entered_us`: when the oldest of the documents came; `how`: what closed it."""

DISPUTE_EVENT: Final = sa.Table(
    "dispute_event",
    METADATA,
    _id(),
    _to("dispute", "dispute"),
    _at("at_us"),
    _text("by"),
    _text("kind"),
    _text("text", False),
    sa.Index("ix_dispute_event_dispute", "dispute"),
)
"""What happened in a dispute, in order; never changed."""

WATCH: Final = sa.Table(
    "watch",
    METADATA,
    _id(),
    _to("account", "account"),
    sa.Column("company", sa.BigInteger(), nullable=False, index=True),
    _text("url", False),
    _text("secret", False),
    _at("created_us"),
    _at("ended_us", False),
    sa.Index("ix_watch_account", "account"),
)
"""Who wants to be told when a company's rating changes; with `url`, by a webhook signed with `secret` (as
`service.signing` writes it: the newest secret, and the one before it while it still counts)."""

DELIVERY: Final = sa.Table(
    "delivery",
    METADATA,
    _text("id", primary_key=True),
    _to("watch", "watch"),
    _text("body"),
    _text("state"),
    sa.Column("attempts", sa.Integer(), nullable=False),
    _text("last", False),
    _at("created_us"),
    _at("finished_us", False),
    sa.Index("ix_delivery_watch_created_us", "watch", "created_us"),
)
"""Webhook messages: waiting, done or failed, with what the receiver last answered."""

NOTICE: Final = sa.Table(
    "notice",
    METADATA,
    _id(),
    _to("account", "account"),
    _text("kind"),
    _text("body"),
    _at("created_us"),
    _at("read_us", False),
    _text("key", False),
    sa.Index("ix_notice_account_created_us", "account", "created_us"),
    sa.Index("ix_notice_account_key", "account", "key", unique=True),
)
"""What an account should know: a correction of what it saw, an answer to a dispute, a decision. Of one `key` an
account is told once."""

VIEW: Final = sa.Table(
    "view",
    METADATA,
    _id(),
    _at("at_us"),
    sa.Column("account", sa.BigInteger(), nullable=True),
    _text("role"),
    sa.Column("company", sa.BigInteger(), nullable=True),
    _text("resource"),
    _text("purpose", False),
    _text("etag", False),
    sa.Index("ix_view_company_at_us", "company", "at_us"),
)
"""Who looked at what that is not public, when and for which purpose; values are not logged, but which version
was shown is."""

SHOWN: Final = sa.Table(
    "shown",
    METADATA,
    sa.Column("account", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("company", sa.BigInteger(), primary_key=True, autoincrement=False, index=True),
    _at("first_us"),
    _at("last_us"),
    sa.Column("times", sa.BigInteger(), nullable=False),
)
"""Which company was shown to whom: so that a correction reaches everyone who saw the old value."""

USED: Final = sa.Table(
    "used",
    METADATA,
    sa.Column("account", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("requests", sa.BigInteger(), nullable=False),
    sa.Column("documents", sa.BigInteger(), nullable=False),
)
"""What an account used on a day, for its quota."""

CACHED: Final = sa.Table(
    "cached",
    METADATA,
    sa.Column("company", sa.BigInteger(), primary_key=True, autoincrement=False),
    _text("what", primary_key=True),
    _text("etag"),
    _text("body"),
    _at("made_us"),
)
"""Reports that were made once, valid while what is served of the company has the same etag. `made_us`: when
somebody last waited for it to be made; one that was made ahead keeps it."""
