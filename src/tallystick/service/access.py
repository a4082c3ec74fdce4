"""Who may see and do what: one table, read by every door.

A right is `all` (whatever it concerns), `own` (what concerns the caller: its company, its contributor, its
account) or absent. Keys narrow further: a key may do what its account may and its scopes name. The table in
`docs/reference/access.md` is this one, and a test walks every endpoint as every role.

>>> allowed("company", "evidence.read"), allowed("company", "evidence.read", own=True)
(False, True)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

ROLES: Final = ("public", "company", "contributor", "analyst", "operator", "auditor")
"""public: nobody signed in. company: speaks for a rated firm, and hands in its own books where it has a name to
do so. contributor: hands evidence in. analyst: reads
ratings in bulk and judges who is who, by name. operator: runs the service. auditor: looks at everything,
changes nothing."""

_ALL: Final = dict.fromkeys(ROLES, "all")
_SIGNED_IN: Final = {role: "all" for role in ROLES if role != "public"}

RIGHTS: Final[dict[str, dict[str, str]]] = {
    "rating.read": _ALL,
    "report.read": _ALL,
    "model.read": _ALL,
    "bulk.read": _SIGNED_IN,
    "past.read": _SIGNED_IN,
    "evidence.read": {
        "company": "own",
        "contributor": "own",
        "operator": "all",
        "auditor": "all",
    },
    "identity.read": {"company": "own", "analyst": "all", "operator": "all", "auditor": "all"},
    "identity.judge": {"analyst": "all", "operator": "all"},
    "export.read": {"analyst": "all", "operator": "all", "auditor": "all"},
    "batch.read": {"company": "own", "contributor": "own", "operator": "all", "auditor": "all"},
    "batch.write": {"company": "own", "contributor": "own", "operator": "all"},
    "claim.open": {"company": "all", "operator": "all"},
    "claim.read": {"company": "own", "operator": "all", "auditor": "all"},
    "claim.check": {"company": "own", "operator": "all"},
    "claim.decide": {"contributor": "own", "operator": "all"},
    "dispute.open": {"company": "own", "operator": "all"},
    "dispute.read": {"company": "own", "contributor": "own", "operator": "all", "auditor": "all"},
    "dispute.act": {"company": "own", "contributor": "own", "operator": "all"},
    "dispute.answer": {"contributor": "own", "operator": "all"},
    "dispute.decide": {"operator": "all"},
    "watch.use": {role: "own" for role in ROLES if role not in ("public", "auditor")},
    "notice.read": {role: "own" for role in ROLES if role != "public"},
    "view.read": {"company": "own", "operator": "all", "auditor": "all"},
    "key.use": {role: "own" for role in ROLES if role != "public"},
    "account.write": {"operator": "all"},
    "operation.read": {"operator": "all", "auditor": "all"},
}
"""Right -> role -> how far it goes."""


def allowed(
    role: str, right: str, own: bool = False, scopes: Collection[str] | None = None
) -> bool:
    """Whether a role may do something; `own`: it concerns the caller. `scopes`: those of the key by which the
    caller came in, None for a person. Raises `KeyError` for a right that is not in the table."""
    reach = RIGHTS[right].get(role)
    if scopes is not None and not set(scopes) & {right, right.split(".")[0], "*"}:
        return False
    return reach == "all" or (reach == "own" and own)


def may_ever(role: str, right: str) -> bool:
    """Whether a role has a right over anything at all."""
    return role in RIGHTS[right]


SCOPES: Final = (*RIGHTS, *sorted({right.split(".")[0] for right in RIGHTS}), "*")
"""What a key may be for: a right, a family of rights, or everything that its account may."""


def scopes_beyond(scopes: Collection[str], own: Collection[str] | None) -> list[str]:
    """Which scopes of a new key go beyond those of the key that makes it (None for a person)."""
    if own is None or "*" in own:
        return []
    return [scope for scope in scopes if not {scope, scope.split(".")[0]} & set(own)]
