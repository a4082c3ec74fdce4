"""A small served world with somebody in each role, for tests of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from tallystick.adapters.store import accounts
from tallystick.service import ROLES, Service
from tallystick.units import code_of

BILL = {
    "kind": "invoice", "issued_on": "2025-05-01", "due_on": "2025-06-01",
    "amount": "50", "currency": "EUR", "terms": "open_account",
    "parties": {
        "seller": {"ids": {"id:tradeport.member": "00000001"}},
        "buyer": {"ids": {"id:tradeport.member": "00000002"}},
    },
}  # fmt: skip
PURPOSE = {"Tallystick-Purpose": "a test"}


@dataclass
class Api:
    """A client, the service behind it, and a key of somebody in each role; `other`: a second company and a
    second contributor."""

    client: TestClient
    service: Service
    keys: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, accounts.Account] = field(default_factory=dict)
    company: int = 0
    other: int = 0
    deals: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        """Ask as somebody; `more` as the client takes it."""
        headers = PURPOSE | more.pop("headers", {})
        if who != "public":
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)

    def key(self, who: str, *scopes: str) -> str:
        """Another key of somebody, with some scopes."""
        with self.service.store.write() as db:
            now = self.service.clock()
            return accounts.new_key(db, self.accounts[who].id, now, "test", scopes)

    def code(self, which: str = "company") -> str:
        """The code of the company, or of the `other` one."""
        return code_of(getattr(self, which), "C")

    def upload(self, who: str, number: str) -> str:
        """A bill that a contributor handed in, taken in."""
        body = {"documents": [BILL | {"number": number}]}
        told = self.ask(who, "POST", "/v1/batches", json=body)
        assert told.status_code == 201, told.text
        return str(told.json()["id"])


def people(api: Api) -> None:
    """An account and a key for everybody."""
    cut = api.service.cut()
    assert cut is not None
    promises = cut.read("promises").to_pydict()
    columns = (promises[name] for name in ("kind", "deal", "promisor"))
    _, deal, api.company = min(row for row in zip(*columns, strict=True) if row[0] == "deliver")
    of_company: dict[int, set[int]] = {}
    for side in ("promisor", "promisee"):
        for number, company in zip(promises["deal"], promises[side], strict=True):
            of_company.setdefault(company, set()).add(number)
    theirs = of_company[api.company]
    api.other, foreign = min(
        (company, min(deals - theirs))
        for company, deals in of_company.items()
        if company and deals - theirs and company != api.company
    )
    api.deals = {"mine": code_of(deal, "D"), "other": code_of(foreign, "D")}
    for role in (*ROLES[1:], "company 2", "contributor 2"):
        more: dict[str, Any] = {}
        if role.startswith("company"):
            more["company"] = api.company if role == "company" else api.other
            more |= {"contributor": f"Firm of {role}", "contributor_kind": "firm"}
        if role.startswith("contributor") or role == "operator":
            more |= {"contributor": f"Bank of {role}", "contributor_kind": "bank"}
        person(api, role, more)


def person(api: Api, name: str, more: dict[str, Any], role: str = "") -> None:
    """An account and a key under a name; the role where none is given: the first word of it."""
    with api.service.store.write() as db:
        now = api.service.clock()
        made = accounts.create(db, now, name, name.title(), role or name.split()[0], None, **more)
        api.accounts[name] = made
        api.keys[name] = accounts.new_key(db, made.id, now, "test", ["*"])
