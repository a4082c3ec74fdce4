"""A company claims its page: whoever proves to speak for it sees its evidence and may dispute.

Three ways. By a domain that a register lists for the company: a token of ours at
`https://DOMAIN/.well-known/tallystick.txt`. By a contributor who knows the company, since its evidence
describes it. By the operator, who has seen papers. What was granted can be taken back."""

from __future__ import annotations

import secrets
from typing import Any, Final

import sqlalchemy as sa

from tallystick.adapters.described import describers, lists_domain
from tallystick.adapters.store import accounts, notices
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.store.tables import ACCOUNT, CLAIM
from tallystick.evidence.details import hosts_of
from tallystick.evidence.ledger import EvidenceError
from tallystick.service.live import Service
from tallystick.service.looking import cut_of
from tallystick.service.reaching import Refused, Unreached
from tallystick.units import code_of

METHODS: Final = ("domain", "contributor", "operator")
LISTED_BY: Final = ("registry",)
"""Kinds of contributor whose word on a domain counts."""
PATH: Final = "/.well-known/tallystick.txt"
Row = dict[str, Any]


class NoClaim(EvidenceError):
    """What cannot be claimed, checked or decided: `code` names the rule for pages in other languages, `blanks`
    are what its words tell."""

    def __init__(self, code: str, text: str, **blanks: object) -> None:
        super().__init__(text)
        self.code, self.blanks = code, blanks


def begin(service: Service, account: Account, company: int, method: str, domain: str | None) -> Row:
    """Claim a company's page. Raises `EvidenceError` for a domain that no register lists for it, or a claim
    that is open already."""
    host = None
    if method == "domain":
        hosts = hosts_of(domain or "") or ()
        if len(hosts) != 1 or not lists_domain(cut_of(service), company, hosts[0], LISTED_BY):
            raise NoClaim(
                "not_listed",
                f"no register lists {domain!r} for this company: have a contributor or the operator "
                "confirm you",
            )
        host = (domain or "").strip().lower().removeprefix("https://").split("/")[0]
    row: Row = {"company": company, "account": account.id, "method": method, "domain": host}
    row |= {"token": f"tallystick-{secrets.token_urlsafe(24)}", "state": "open"}
    with service.store.write() as db:
        mine = (CLAIM.c.account == account.id, CLAIM.c.company == company, CLAIM.c.state == "open")
        if db.execute(sa.select(CLAIM.c.id).where(*mine)).first():
            raise NoClaim(
                "open_already",
                "you have a claim on this company that is not decided: see /v1/claims",
            )
        key = db.execute(sa.insert(CLAIM).values(**row, created_us=service.clock()))
        number = key.inserted_primary_key
        assert number is not None
        for one in db.execute(sa.select(ACCOUNT.c.id).where(ACCOUNT.c.role == "operator")).all():
            body = {"claim": number[0], "company": code_of(company, "C"), "by": account.name}
            notices.add(db, one.id, "claimed", body, service.clock())
        return get(db, int(number[0])) or {}


def check(service: Service, claim: Row) -> Row:
    """Look for the token at the domain of a claim, and grant it. Raises `EvidenceError` with what was found."""
    if claim["state"] != "open" or claim["method"] != "domain":
        raise NoClaim("not_to_check", "only an open claim by domain can be checked")
    address = f"https://{claim['domain']}{PATH}"
    try:
        status, body = service.sender.get(service.sender.check(address))
    except (Refused, Unreached) as error:
        text = f"{address} could not be read: {error}"
        raise NoClaim("unread", text, address=address, error=error) from None
    said = body.decode("utf-8", "replace").split()
    if status != 200 or not any(
        secrets.compare_digest(one.encode(), claim["token"].encode()) for one in said
    ):
        text = f"{address} answers {status} and does not hold the token of the claim"
        raise NoClaim("no_token", text, address=address, status=status)
    return decide(service, claim["id"], True, f"token at {claim['domain']}", "the domain")


def may_decide(service: Service, claim: Row, contributor: str) -> bool:
    """Whether a contributor may confirm a claim: its evidence describes the company."""
    return contributor in describers(cut_of(service), claim["company"])


def decide(service: Service, number: int, grant: bool, note: str, by: str) -> Row:
    """Grant or refuse a claim; a granted one may be refused later, which takes the page back."""
    with service.store.write() as db:
        row = get(db, number)
        if row is None or (row["state"] != "open" and grant) or row["state"] == "refused":
            raise NoClaim("decided", "this claim is decided already")
        now = service.clock()
        told: Row = {"state": "granted" if grant else "refused", "note": note[:500]}
        told |= {"decided_us": now, "decided_by": by}
        db.execute(sa.update(CLAIM).where(CLAIM.c.id == number).values(**told))
        if grant or row["state"] == "granted":
            accounts.change(db, row["account"], company=row["company"] if grant else None)
        body = {"claim": number, "company": code_of(row["company"], "C"), "state": told["state"]}
        notices.add(db, row["account"], "claim", body, now)
        return get(db, number) or {}


def get(db: sa.Connection, number: int) -> Row | None:
    """A claim."""
    row = db.execute(sa.select(CLAIM).where(CLAIM.c.id == number)).first()
    return dict(row._mapping) if row else None


def listed(db: sa.Connection, account: int | None, before: int, limit: int) -> list[Row]:
    """Claims of an account (None: of all), newest first."""
    find = sa.select(CLAIM).where(CLAIM.c.id < before).order_by(CLAIM.c.id.desc())
    if account is not None:
        find = find.where(CLAIM.c.account == account)
    return [dict(row._mapping) for row in db.execute(find.limit(limit))]
