"""Who may do what: every endpoint asked as every role, and the table in the documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from tests.service.api_world import BILL, Api
from tests.service.conftest import settings_of

from tallystick.adapters.store import accounts, notices, served
from tallystick.doors.api import create_app
from tallystick.doors.api.describing import rights_of
from tallystick.service import claims, identifying, redress, watches
from tallystick.service.access import RIGHTS, ROLES
from tallystick.service.access_page import WORDS, access_page
from tallystick.units import code_of

OPEN = {"/healthz", "/readyz", "/metrics", "/v1/openapi.json"}
"""What anybody may ask without any right: nothing of it is about a company."""

NOTHING = {
    "code": "C-0000000000000",
    "deal": "D-0000000000000",
    "upload": "up_" + "0" * 20,
    "prefix": "0" * 10,
    "account": "999999",
    "notice": "999999",
    "watch": "999999",
    "table": "ratings",
    "ending": "csv",
    "number": "999999",
}
ELSEWHERE = {("POST", "/v1/claims/{number}/check")}
"""Asks another server before it answers; test_claims asks it as everybody."""
REPLY = {"event": "reply", "text": "a test"}


@dataclass(frozen=True)
class Ask:
    """How a route is asked: what stands in the path for somebody's own and for others', and what is sent.
    `mine`: role -> path of its own; a role with a reach of `own` that has none there is refused."""

    query: dict[str, Any] = field(default_factory=dict)
    json: Any = None
    others: dict[str, str] | None = None
    mine: dict[str, dict[str, str]] = field(default_factory=dict)

    def body(self) -> Any:
        """What is sent; made anew each time where it can be sent but once."""
        return self.json() if callable(self.json) else self.json


def routes() -> dict[tuple[str, str], set[str]]:
    """(method, path) -> the rights that it asks for."""
    app = create_app(settings_of(Path("nowhere")))
    found = {}
    for route in iter_route_contexts(app.routes):
        rights = rights_of(getattr(route, "dependant", None))
        for method in set(route.methods or ()) - {"HEAD", "OPTIONS"}:
            found[method, str(route.path)] = rights
    return found


ROUTES = routes()
GUARDED = {
    route: next(iter(rights)) for route, rights in sorted(ROUTES.items()) if len(rights) == 1
}


def asks(api: Api) -> dict[tuple[str, str], Ask]:
    """How each guarded route is asked so that whoever may gets an answer."""
    mine, other = {"code": api.code()}, {"code": api.code("other")}
    company = {"others": other, "mine": {"company": mine}}
    handed = {
        role: {"upload": api.upload(role, f"A-{role}")}
        for role in ("contributor", "contributor 2", "company")
    }
    batch: dict[str, Any] = {
        "others": handed["contributor 2"], "mine": {role: handed[role] for role in ("contributor", "company")},
    }  # fmt: skip
    dispute: dict[str, Any] = {
        "others": {"number": disputed(api, "company 2")},
        "mine": {"company": {"number": disputed(api, "company")}},
    }
    claimed: dict[str, Any] = {
        "others": {"number": claim_of(api, "company 2")},
        "mine": {"company": {"number": claim_of(api, "company")}},
    }
    return {
        ("GET", "/v1/companies"): Ask({"q": "a"}),
        ("GET", "/v1/companies/{code}"): Ask(**company),
        ("POST", "/v1/companies/lookup"): Ask(json={"companies": [api.code()]}),
        ("GET", "/v1/search"): Ask({"q": "a"}),
        ("POST", "/v1/companies/match"): Ask(json={"companies": [{"name": api.code()}]}),
        ("GET", "/v1/companies/{code}/rating"): Ask(**company),
        ("GET", "/v1/companies/{code}/report"): Ask(**company),
        ("GET", "/v1/companies/{code}/promises"): Ask(**company),
        ("GET", "/v1/companies/{code}/explain"): Ask(**company),
        ("GET", "/v1/companies/{code}/history"): Ask(**company),
        ("POST", "/v1/batches"): Ask(json={"documents": [BILL | {"number": "A-1"}]}),
        ("GET", "/v1/batches"): Ask(),
        ("GET", "/v1/batches/{upload}"): Ask(**batch),
        ("GET", "/v1/batches/{upload}/rejects.csv"): Ask(**batch),
        ("DELETE", "/v1/batches/{upload}"): Ask({"why": "a test"}, **batch),
        ("GET", "/v1/jobs"): Ask(),
        ("GET", "/v1/companies/{code}/views"): Ask(**company),
        ("GET", "/v1/companies/{code}/deals"): Ask(**company),
        ("GET", "/v1/deals/{deal}"): Ask(
            others={"deal": api.deals["other"]}, mine={"company": {"deal": api.deals["mine"]}}
        ),
        ("GET", "/v1/identity/queue"): Ask(others={}),
        ("GET", "/v1/identity/why"): Ask({"a": api.code(), "b": api.code("other")}, others={}),
        ("GET", "/v1/companies/{code}/identity"): Ask(**company),
        ("POST", "/v1/identity/judgements"): Ask(json=lambda: JUDGEMENT | sides(api)),
        ("POST", "/v1/identity/previews"): Ask(json={"verdict": "same"} | sides(api)),
        ("GET", "/v1/identity/previews/{preview}"): Ask(others={"preview": preview_of(api)}),
        ("GET", "/v1/ratings"): Ask(),
        ("GET", "/v1/exports/{table}.{ending}"): Ask(others={"table": "ratings", "ending": "csv"}),
        ("GET", "/v1/model"): Ask(),
        ("GET", "/v1/me"): Ask(),
        ("GET", "/v1/keys"): Ask(),
        ("POST", "/v1/keys"): Ask(json={"label": "new", "scopes": ["rating"]}),
        ("DELETE", "/v1/keys/{prefix}"): Ask(**of_each(api, "prefix", key_made)),
        ("GET", "/v1/accounts"): Ask(),
        ("POST", "/v1/accounts"): Ask(json={"login": "new", "name": "New", "role": "analyst"}),
        ("DELETE", "/v1/accounts/{account}"): Ask(others={"account": str(spare(api))}),
        ("GET", "/v1/notices"): Ask(),
        ("GET", "/v1/watches"): Ask(),
        ("POST", "/v1/watches"): Ask(json={"company": api.code()}),
        ("GET", "/v1/watches/{watch}"): Ask(**of_each(api, "watch", watch_of)),
        ("DELETE", "/v1/watches/{watch}"): Ask(**of_each(api, "watch", watch_of)),
        ("POST", "/v1/watches/{watch}/test"): Ask(**of_each(api, "watch", watch_of)),
        ("POST", "/v1/watches/{watch}/secret"): Ask(**of_each(api, "watch", watch_of)),
        ("GET", "/v1/watches/{watch}/deliveries"): Ask(**of_each(api, "watch", watch_of)),
        ("POST", "/v1/notices/{notice}/read"): Ask(**of_each(api, "notice", notice_for)),
        ("POST", "/v1/claims"): Ask(json=lambda: {"company": unclaimed(api)}),
        ("GET", "/v1/claims"): Ask(),
        ("GET", "/v1/claims/{number}"): Ask(**claimed),
        ("POST", "/v1/claims/{number}/decision"): Ask(json={"grant": True}, **claimed),
        ("POST", "/v1/disputes"): Ask(json=lambda: objection(api)),
        ("GET", "/v1/disputes"): Ask(),
        ("GET", "/v1/disputes/{number}"): Ask(**dispute),
        ("POST", "/v1/disputes/{number}/events"): Ask(json=REPLY, **dispute),
    }


def of_each(api: Api, name: str, make: Callable[[Api, str], str]) -> dict[str, Any]:
    """Something that an account has: one of each role's, and one of somebody else's."""
    mine = {role: {name: make(api, role)} for role in ROLES[1:]}
    return {"others": {name: make(api, "company 2")}, "mine": mine}


def objection(api: Api) -> dict[str, Any]:
    """An objection to an entry of the company that nobody objected to yet."""
    done = {row["entry"].split("/")[0] for row in redress.listed(api.service)}
    entry = next(e for e in entries(api, api.company) if e.split("/")[0] not in done)
    return {"company": api.code(), "entry": entry, "reason": "wrong_amount"}


def entries(api: Api, company: int) -> list[str]:
    """The promises of a company, as reports name them."""
    cut = api.service.cut()
    assert cut is not None
    rows = api.service.book.promises(cut=cut).to_pylist()
    return [redress.promise_of(row) for row in rows if row["promisor"] == company]


def disputed(api: Api, who: str) -> str:
    """A dispute that a company began."""
    account = api.accounts[who]
    assert account.company is not None
    entry = entries(api, account.company)[0]
    made = redress.open_all(api.service, account, account.company, entry, "wrong_amount", "")
    return str(made[0])


def claim_of(api: Api, who: str) -> str:
    """A claim of somebody that is open."""
    made = claims.begin(api.service, api.accounts[who], api.company, "operator", None)
    return str(made["id"])


def unclaimed(api: Api) -> str:
    """A company that nobody claims."""
    with api.service.store.read() as db:
        taken = {row["company"] for row in claims.listed(db, None, 2**62, 1000)}
        return code_of(next(key for key in served.ids(db) if key not in taken), "C")


def key_made(api: Api, who: str) -> str:
    return api.key(who, "rating").split("_")[1]


def notice_for(api: Api, who: str) -> str:
    with api.service.store.write() as db:
        account = api.accounts[who].id
        notices.add(db, account, "test", {}, api.service.clock())
        return str(notices.of_account(db, account, 2**62, 1)[0]["id"])


def watch_of(api: Api, who: str) -> str:
    url = "https://hooks.example.org/rating"
    made = watches.begin(api.service, api.accounts[who].id, api.company, url)
    return str(made["id"])


JUDGEMENT = {"verdict": "apart", "why": "two addresses"}


def sides(api: Api) -> dict[str, str]:
    return {"a": api.code(), "b": api.code("other")}


def preview_of(api: Api) -> str:
    a, b = sides(api).values()
    return identifying.begin_preview(api.service, api.accounts["analyst"], a, b, "same")


def spare(api: Api) -> int:
    """An account that nothing else needs."""
    with api.service.store.write() as db:
        return accounts.create(db, api.service.clock(), "spare", "Spare", "analyst", None).id


@pytest.fixture(scope="module")
def asked(api: Api) -> dict[tuple[str, str], Ask]:
    return asks(api)


def test_every_route_asks_for_one_right_or_is_open() -> None:
    for (method, path), rights in ROUTES.items():
        if path.startswith("/v1/") or path in OPEN:
            assert len(rights) == (0 if path in OPEN else 1), f"{method} {path}: {rights}"
            assert rights <= set(RIGHTS), f"{method} {path}: {rights}"


def test_every_guarded_route_is_walked(asked: dict[tuple[str, str], Ask]) -> None:
    wanted = {route for route in GUARDED if route[1].startswith("/v1/")} - ELSEWHERE
    assert wanted == set(asked), "say in `asks` how a new route is asked"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "route", [r for r in GUARDED if r not in ELSEWHERE], ids=lambda r: f"{r[0]} {r[1]}"
)
def test_who_may_do_what(
    api: Api, asked: dict[tuple[str, str], Ask], route: tuple[str, str], role: str
) -> None:
    ask, reach = asked.get(route, Ask(others=NOTHING)), RIGHTS[GUARDED[route]].get(role)
    told = status(api, role, route, ask, ask.others)
    if reach is None:
        assert told == (401 if role == "public" else 403)
    elif reach == "all" or ask.others is None:
        assert told < 400
    else:
        assert told in (403, 404), "others' objects are not its own"
        if role in ask.mine:
            assert status(api, role, route, ask, ask.mine[role]) < 400


def status(
    api: Api, who: str, route: tuple[str, str], ask: Ask, path: dict[str, str] | None, **more: Any
) -> int:
    method, template = route
    where = template.format(**(path or NOTHING))
    told = api.ask(who, method, where, params=ask.query, json=ask.body(), **more)
    assert told.status_code < 500, told.text
    return int(told.status_code)


@pytest.mark.parametrize(
    "route", [r for r in GUARDED if r not in ELSEWHERE], ids=lambda r: f"{r[0]} {r[1]}"
)
def test_wrong_keys_and_keys_for_something_else_open_nothing(
    api: Api, asked: dict[tuple[str, str], Ask], route: tuple[str, str]
) -> None:
    ask = asked.get(route, Ask(others=NOTHING))
    wrong = ("Bearer ts_0000000000_" + "x" * 43, "Bearer nonsense", "Basic YTpi", "Bearer")
    for text in wrong:
        path = route[1].format(**(ask.others or NOTHING))
        headers = {"Authorization": text}
        told = api.client.request(
            route[0], path, headers=headers, params=ask.query, json=ask.body()
        )
        assert told.status_code == 401, text
        assert told.headers["content-type"] == "application/problem+json"
        assert told.headers["www-authenticate"] == "Bearer"
    few = {"Authorization": f"Bearer {api.key('operator', 'nothing.at-all')}"}
    told = api.client.request(
        route[0], route[1].format(**(ask.others or NOTHING)), headers=few, params=ask.query,
        json=ask.body(),
    )  # fmt: skip
    assert (told.status_code, told.json()["type"]) == (403, "urn:tallystick:problem:scope")


def test_a_key_with_the_scope_opens_what_it_names_and_no_more(api: Api) -> None:
    code = api.code()
    for scope in ("evidence.read", "evidence"):
        key = {"Authorization": f"Bearer {api.key('auditor', scope)}", "Tallystick-Purpose": "t"}
        assert api.client.get(f"/v1/companies/{code}/promises", headers=key).status_code == 200
        assert api.client.get(f"/v1/companies/{code}", headers=key).status_code == 403
    mighty = {"Authorization": f"Bearer {api.key('analyst', '*')}"}
    assert api.client.get("/v1/jobs", headers=mighty).status_code == 403, "no more than its account"


def test_lists_hold_nothing_of_others(api: Api) -> None:
    mine = api.upload("contributor", "L-1")
    theirs = api.upload("contributor 2", "L-2")
    listed = {row["id"] for row in api.ask("contributor", "GET", "/v1/batches").json()["items"]}
    assert mine in listed and theirs not in listed
    everybody = {row["id"] for row in api.ask("auditor", "GET", "/v1/batches").json()["items"]}
    assert {mine, theirs} <= everybody


def test_the_page_of_rights_is_the_table() -> None:
    page = Path(__file__).parents[2] / "docs/reference/access.md"
    assert page.read_text(encoding="utf-8") == access_page(), "make access"
    assert set(RIGHTS) == set(WORDS)
