"""Link keys: how the number on one document finds the number on another.

Idea: a *link key* is `hash64(kind, namespace, number)`, the same on the order itself and on every
document that refers to the order. Where numbers belong to a party (order "7" of a buyer), the scope
says whose they are; within a namespace (a marketplace's own numbering) no party is needed, scope 0.

Worked example: an invoice "9" that refers to order "7" has its own key, the order's key as
`ref1_key`, and hangs on itself:

>>> row = link_columns("invoice", None, "9", [("order", "7", None)])
>>> row["own_key"] == link_key("invoice", None, "9") == row["item_key"]
True
>>> row["ref1_key"] == link_key("order", None, "7"), row["ref1_scope"] == SCOPE_CODE["buyer"]
(True, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from tallystick.evidence.kinds import KINDS, MONEY_KINDS, REFERENCE_SCOPE, SCOPE_CODE
from tallystick.evidence.schema import MAX_REFS
from tallystick.units import hash64

REFERENCE_ORDER: Final = ("deal", "order", "invoice", "quotation", "rfq")
"""The references whose link keys come first; the others follow as the document gives them. A
document keeps `MAX_REFS` link keys, so those that tie deals together must not be pushed out."""

CLAIM_KINDS: Final = frozenset({"claim", "claim_settlement"})
"""Kinds that hang on one insurance claim: their `item_key` is the claim's key."""

BILL_KINDS: Final = ("invoice", "proforma")
"""What money can hang on. An invoice counts before a proforma: the one that is finally owed."""

_RANK: Final = {kind: n for n, kind in enumerate(REFERENCE_ORDER)}
_REF_COLUMNS: Final = [(f"ref{n}_key", f"ref{n}_scope") for n in range(1, MAX_REFS + 1)]

Reference = tuple[str, str, str | None]
"""(kind, number, namespace or None)."""


@lru_cache(maxsize=50_000)  # an order's number stands on each document of its deal
def link_key(kind: str, namespace: str | None, number: str) -> int:
    """The key under which a document of that kind and number is found, 63 bits."""
    return hash64(kind, namespace or "", number)


def link_scope(kind: str, namespace: str | None) -> int:
    """`SCOPE_CODE` of the role that the number belongs to; 0 where it needs no party."""
    return 0 if namespace else SCOPE_CODE[REFERENCE_SCOPE.get(kind, "")]


def ordered_references(references: Sequence[Reference]) -> list[Reference]:
    """References in the order in which their keys are kept: `REFERENCE_ORDER`, then as given."""
    return sorted(references, key=lambda ref: _RANK.get(ref[0], len(_RANK)))


def item_kinds(kind: str) -> tuple[str, ...]:
    """Kinds of document that a document of `kind` can hang on; the first one named is taken."""
    if kind in MONEY_KINDS:
        return BILL_KINDS
    return ("claim",) if kind in CLAIM_KINDS else ()


def _item(
    kind: str, namespace: str | None, number: str | None, references: Sequence[Reference]
) -> tuple[int, int] | None:
    """Key and scope of what the document hangs on: a bill is its own, others name theirs."""
    wanted = item_kinds(kind)
    if kind in wanted and number is not None:
        return link_key(kind, namespace, number), link_scope(kind, namespace)
    for item in wanted:
        for other, text, space in references:
            if other == item:
                return link_key(other, space, text), link_scope(other, space)
    return None


def link_columns(
    kind: str, namespace: str | None, number: str | None, references: Sequence[Reference]
) -> dict[str, int]:
    """Those of `LINK_COLUMNS` that one document has.

    A document of the kinds `MONEY_KINDS` hangs on an invoice (`item_key`): an invoice or proforma
    on itself, the others on the first invoice that they name, or else the first proforma. A claim
    and its settlement hang on the claim. Of more than `MAX_REFS` references those that come first
    in `ordered_references` are kept.
    """
    row: dict[str, int] = {}
    if number is not None and kind in KINDS:
        row["own_key"], row["own_scope"] = (
            link_key(kind, namespace, number),
            link_scope(kind, namespace),
        )
    kept = zip(_REF_COLUMNS, ordered_references(references), strict=False)  # the first MAX_REFS
    for (key, scope), (other, text, space) in kept:
        row[key], row[scope] = link_key(other, space, text), link_scope(other, space)
    item = _item(kind, namespace, number, references)
    if item is not None:
        row["item_key"], row["item_scope"] = item
    return row
