"""Who may sign in to a demo: one person of each role, all with one password, on this machine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tallystick.service import Service

PASSWORD: Final = "tallystick-demo"
PEOPLE: Final = (
    ("mei", "Mei, owner of the firm that buys most", "company"),
    ("port", "Tradeport, a marketplace", "contributor"),
    ("bo", "Bo, who decides on credit at a bank", "analyst"),
    ("olga", "Olga, who runs this service", "operator"),
    ("aud", "Aud, a regulator", "auditor"),
)
"""Login, name and role."""


def people(service: Service, company: int | None) -> list[dict[str, Any]]:
    """Make the accounts of a demo, once; `company`: the one that Mei speaks for. Login, name, role and password
    of each."""
    from tallystick.adapters.store import accounts

    made = []
    with service.store.write() as db:
        for login, name, role in PEOPLE:
            made.append({"login": login, "name": name, "role": role, "password": PASSWORD})
            if accounts.by_login(db, login) is not None:
                continue
            more: dict[str, Any] = {"company": company} if role == "company" else {}
            if role in ("contributor", "operator"):
                name_there = "Tradeport demo" if role == "contributor" else "The operator"
                more |= {"contributor": name_there}
                more["contributor_kind"] = "marketplace" if role == "contributor" else "operator"
            accounts.create(db, service.clock(), login, name, role, PASSWORD, **more)
    return made
