"""Who hands evidence in: a marketplace, a bank, a carrier, or a firm with its own papers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contributor:
    """Who hands evidence in. `kind` is one of `CONTRIBUTOR_KINDS`; `party` is the key of the company
    that the contributor itself is, or 0 where that is not known."""

    name: str
    kind: str = "firm"
    party: int = 0
