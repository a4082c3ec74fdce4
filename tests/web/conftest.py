"""A small rated book behind the whole application, and people who sign in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tallystick.adapters.store import accounts
from tallystick.book import open_book
from tallystick.doors.api import create_app, front
from tallystick.evidence.ledger import Contributor
from tallystick.service import Service, open_service, worker
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

PASSWORD = "correct horse battery"
HOSTILE = '<script>alert(1)</script> & "Söhne" 贸易 {{7*7}} \' onload=x'


@dataclass(frozen=True)
class Served:
    """A served book, and codes in it. `company`, `other`: with a record; `hostile`: with a name that would do
    harm; `silent`: promised nothing; `deal`: a deal of `company`; `joined`: one that was joined to another,
    and that one."""

    settings: Settings
    company: str
    other: str
    hostile: str
    silent: str
    deal: str
    joined: tuple[str, str]


def settings_of(book: Path, public_url: str = "http://testserver") -> Settings:
    return Settings(book, "duckdb", 1024, 2, None, public_url)


def _documents() -> list[dict[str, object]]:
    """One unpaid invoice: a company with a hostile name owes it, and the one that wrote it promised nothing and
    has no country but that of its VAT number."""
    seller = {"name": "Plain Seller Ltd", "ids": {"id:shop": "18", "vat": "DK61056416"}}
    buyer = {"name": HOSTILE, "ids": {"id:shop": "<b>17</b>"}}
    bill = {"kind": "invoice", "number": '"><img src=x>', "issued_on": "2025-05-01", "due_on": "2025-06-01",
            "amount": "50", "currency": "EUR", "terms": "open_account",
            "parties": {"seller": seller, "buyer": buyer}}  # fmt: skip
    return [bill]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A small world and a hostile name in a book, rated, with an account of each role."""
    folder = tmp_path_factory.mktemp("web")
    settings = settings_of(folder / "book")
    simulate(WorldConfig(companies=40, deals=300, seed=5), folder / "world")
    with open_book(settings.book, create=True, settings=settings) as book:
        book.ingest([folder / "world"])
        book.add(_documents(), Contributor("Shop", "marketplace"), source="hostile")
    service = open_service(settings)
    worker.drain(service)
    found = _chosen(service, settings)
    _accounts(service, found)
    service.close()
    return found


def _chosen(service: Service, settings: Settings) -> Served:
    cut = service.cut()
    assert cut is not None
    rows = [r for r in service.book.ratings(cut=cut).to_pylist() if r["scope"] == "headline"]
    rows.sort(key=lambda row: (row["grade"] == "NR", -row["n_promises"], row["company"]))
    hostile = service.book.find(HOSTILE, cut, 1)[0]
    silent = service.book.find("Plain Seller Ltd", cut, 1)[0]
    from tallystick.units import code_of

    promises = service.book.promises(cut=cut).to_pylist()
    joined = next(r for r in cut.read("merged").to_pylist() if r["party"] != r["company"])
    deal = next(p["deal"] for p in promises if p["promisor"] == rows[0]["company"])
    return Served(
        settings,
        rows[0]["code"],
        rows[1]["code"],
        hostile["code"],
        silent["code"],
        code_of(deal, "D"),
        (code_of(joined["party"], "C"), code_of(joined["company"], "C")),
    )


def _accounts(service: Service, served: Served) -> None:
    from tallystick.units import key_of

    own = {"company": {"company": key_of(served.company)},
           "contributor": {"contributor": "The Bank", "contributor_kind": "bank"}}  # fmt: skip
    with service.store.write() as db:
        for role in ("company", "contributor", "analyst", "operator", "auditor"):
            accounts.create(
                db, service.clock(), role, f"<i>{role}</i>", role, PASSWORD, **own.get(role, {})
            )


@pytest.fixture(scope="session")
def app_client(served: Served) -> Iterator[TestClient]:
    """The running application."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(front.PER_MINUTE, "public", 10**9)
        app = create_app(served.settings)
        app.middleware_stack = app.build_middleware_stack()
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(app_client: TestClient) -> Iterator[TestClient]:
    """The application, asked by nobody who is known."""
    app_client.cookies.clear()
    app_client.app.state.callers.forget()  # type: ignore[attr-defined]
    yield app_client
    app_client.cookies.clear()


def session_of(service: Service, login: str) -> str:
    """A session, begun without the form, which lets nobody try more than ten times a minute."""
    with service.store.write() as db:
        account = accounts.by_login(db, login)
        assert account is not None
        return accounts.begin_session(db, account.id, service.clock())


def enter(client: TestClient, login: str) -> TestClient:
    """Sign somebody in."""
    service = client.app.state.service  # type: ignore[attr-defined]
    client.cookies.clear()
    client.app.state.callers.forget()  # type: ignore[attr-defined]
    client.cookies.set("tallystick_session", session_of(service, login))
    return client


@pytest.fixture
def as_role(client: TestClient, served: Served) -> Callable[[str], TestClient]:
    """Signs in."""
    return partial(enter, client)
