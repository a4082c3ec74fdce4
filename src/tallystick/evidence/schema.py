"""The canonical `Document` as Arrow: what every reader writes and every later stage reads.

One row is one statement by one contributor. Times come in twos: when it was so (`issued_on`, `due_on`,
`happened_at`) and when it was known (the batch's `recorded_at`, joined by `version`). Parties are 63-bit
keys into the party table; references are kept as they were written, and as link keys for joins.

A *link key* is `hash64(kind, namespace, number)`. Where numbers belong to a party, `*_scope` holds the
`SCOPE_CODE` of the role and the deals stage mixes in that party's company, so that order "7" of one
buyer never meets order "7" of another.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from tallystick.evidence.kinds import ROLES

MAX_REFS: Final = 4
"""Link keys kept per document besides its own; a document with more is split by its reader."""

REFERENCE: Final = pa.struct(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("number", pa.string(), nullable=False),
        pa.field("namespace", pa.string()),
    ]
)

_CONTENT = [
    pa.field("kind", pa.string(), nullable=False),
    pa.field("action", pa.string(), nullable=False),
    pa.field("number", pa.string()),
    pa.field("namespace", pa.string()),
    pa.field("issued_on", pa.date32()),
    pa.field("due_on", pa.date32()),
    pa.field("deliver_on", pa.date32()),
    pa.field("happened_at", pa.timestamp("us", tz="UTC")),
    pa.field("amount_minor", pa.int64()),
    pa.field("currency", pa.string()),
    pa.field("quantity_milli", pa.int64()),
    pa.field("unit", pa.string()),
    pa.field("status", pa.string()),
    pa.field("reason", pa.string()),
    pa.field("fault", pa.string()),
    pa.field("terms", pa.string()),
    pa.field("incoterm", pa.string()),
    pa.field("score_ppm", pa.int64()),
    pa.field("note", pa.string()),
    *(pa.field(role, pa.int64()) for role in ROLES),
    pa.field("references", pa.list_(REFERENCE)),
    pa.field("account_key", pa.int64()),
]

_LINKS = [
    pa.field("own_key", pa.int64()),
    pa.field("own_scope", pa.int8()),
    *(
        field
        for n in range(1, MAX_REFS + 1)
        for field in (pa.field(f"ref{n}_key", pa.int64()), pa.field(f"ref{n}_scope", pa.int8()))
    ),
    pa.field("item_key", pa.int64()),
    pa.field("item_scope", pa.int8()),
]

_ORIGIN = [
    pa.field("source", pa.string()),
    pa.field("row", pa.int64()),
    pa.field("places", pa.string()),
]

DOCUMENT: Final = pa.schema(
    [pa.field("doc_id", pa.string(), nullable=False), *_CONTENT, *_LINKS, *_ORIGIN]
)
"""A document as a reader hands it to the ledger. `account_key`: the one bank account of who is to be paid
that the document names (`evidence.details.account_key`). `doc_id`: first 32 hex digits of the digest of the
contributor and the content columns; `source`, `row` and `places` are not content. `places`: where each
field stands in the source, `field=place` joined by U+001E."""

STORED: Final = pa.schema(
    [
        *DOCUMENT,
        pa.field("version", pa.int64(), nullable=False),
        pa.field("duplicate", pa.bool_(), nullable=False),
    ]
)
"""As the ledger keeps it: with the version of its batch, and whether an earlier live batch already
held the same `doc_id`."""

PARTY: Final = pa.schema(
    [
        pa.field("party", pa.int64(), nullable=False),
        pa.field("ref", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("name_key", pa.string()),
        pa.field("country", pa.string()),
        pa.field("ids", pa.list_(pa.string()), nullable=False),
        pa.field("bad_ids", pa.list_(pa.string()), nullable=False),
        pa.field("traits", pa.list_(pa.string()), nullable=False),
    ]
)
"""A party description. `party` = `hash64(ref)`; `ref` is the strongest valid identifier as
`scheme:value`, or `name:<name_key>|<country>`; `ids` are all valid identifiers, `bad_ids` those that
failed their check digits. `traits`: what relates companies but does not name one (`evidence.details`), sorted.
A former or trading name is a further row of the party, with the trait `name:<its name>` besides."""

STORED_PARTY: Final = pa.schema([*PARTY, pa.field("version", pa.int64(), nullable=False)])

REJECT: Final = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("field", pa.string()),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("fix", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("outcome", pa.string(), nullable=False),
    ]
)
"""Why a document was not taken as it is. `outcome`: "rejected" (not stored) or "held" (stored, and of
effect once what it waits for arrives)."""

CONTENT_COLUMNS: Final = tuple(field.name for field in _CONTENT)
LINK_COLUMNS: Final = tuple(field.name for field in _LINKS)
