"""What a firm hands in over the service is its own word, and the other side's word bears it out."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tallystick.doors.api import create_app
from tallystick.service import Service, worker

from .api_world import BILL
from .conftest import ON_SQLITE, settings_of
from .test_api import key_of

pytestmark = ON_SQLITE
PAID = {
    "kind": "payment", "number": "BP-1", "happened_at": "2025-05-20T00:00:00Z",
    "amount": "50", "currency": "EUR",
    "parties": BILL["parties"], "references": [{"kind": "invoice", "number": "B-1"}],
}  # fmt: skip


def company_of(service: Service, number: str) -> int:
    found = service.book.find(f"id:tradeport.member:{number}", service.cut())
    return int(found[0]["company"])


def firm(service: Service, name: str, number: str) -> dict[str, str]:
    """The key of a firm that hands in for its own company."""
    more: dict[str, Any] = {"contributor": name, "contributor_kind": "firm"}
    return key_of(service, name, "contributor", company=company_of(service, number), **more)


def told(service: Service) -> dict[str, Any]:
    """The promise to pay the bill, as it stands."""
    worker.drain(service)
    cut = service.cut()
    assert cut is not None
    rows = cut.read("promises").to_pylist()
    seller, buyer = (company_of(service, number) for number in ("00000001", "00000002"))
    (row,) = [
        row
        for row in rows
        if (row["kind"], row["promisor"], row["promisee"], row["value_minor"])
        == ("pay", buyer, seller, 5000)
    ]
    return dict(row)


def test_two_firms_that_say_the_same_bear_each_other_out(service: Service) -> None:
    documents = {"documents": [BILL | {"number": "B-1"}, PAID]}
    seller, buyer = firm(service, "Seller", "00000001"), firm(service, "Buyer", "00000002")
    app = create_app(settings_of(service.book.path, service.settings.database_url))
    with TestClient(app, base_url="http://testserver") as client:
        assert client.post("/v1/batches", json=documents, headers=seller).status_code == 201
        alone = told(service)
        assert client.post("/v1/batches", json=documents, headers=buyer).status_code == 201
        both = told(service)
    assert (alone["outcome"], alone["witness"], alone["strength_ppm"]) == ("kept", 0, 150_000)
    assert (both["outcome"], both["witness"], both["strength_ppm"]) == ("kept", 2, 350_000)
