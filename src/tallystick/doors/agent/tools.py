"""The six tools, as functions of the live book.

A company may be given as a code, an identifier `scheme:value` or a name; where that means none or several, the
error lists the candidates and says what to call next.
"""

from __future__ import annotations

import json
from typing import Any, Final

import sqlalchemy as sa
from mcp.server.mcpserver.exceptions import ToolError

from tallystick.adapters.rates import usd_cents
from tallystick.adapters.store import served
from tallystick.adapters.store.tables import DISPUTE
from tallystick.doors.agent import shapes
from tallystick.evidence.ledger import EvidenceError
from tallystick.service import Service, looking
from tallystick.units import UnitError, code_of, day_number, day_of, to_minor

ROLES: Final = {"seller": "selling", "buyer": "buying"}
_DAY_US: Final = 86_400_000_000


class Tools:
    """The tools over one live book. `address`: how the pages are reached from outside."""

    def __init__(self, service: Service, address: str) -> None:
        self._service = service
        self._address = address

    def find(self, name: str, country: str | None, limit: int) -> shapes.Candidates:
        """Companies that a text may mean."""
        rows = looking.search(self._service, name, 50)
        if country:
            rows = [row for row in rows if (row["country"] or "").upper() == country.upper()]
        names = shapes.Candidate.model_fields
        found = [shapes.Candidate(**{key: row[key] for key in names}) for row in rows[:limit]]
        return shapes.Candidates(companies=found, next_step=_after_find(found))

    def rating(self, company: str) -> shapes.Rated:
        """The rating of a company."""
        body, head = self._body(company)
        sure = body["enough_evidence"]
        code = body["company"]["code"]
        coverage = looking.cut_of(self._service).policy.coverage_ppm
        return shapes.Rated(
            company=code,
            name=body["company"]["name"],
            country=body["company"]["country"],
            as_of=body["as_of"],
            enough_evidence=sure,
            grade=head.get("grade", "NR"),
            broken_ppm=head.get("broken_ppm"),
            low_ppm=head.get("low_ppm"),
            high_ppm=head.get("high_ppm"),
            interval_ppm=coverage,
            evidence_level=head.get("evidence_level", "E0"),
            n_promises=head["promises"]["promises"] if head else 0,
            disputed=body["disputed"],
            sentence=_sentence(head, sure, coverage),
            evidence_url=self._url(code),
            next_step=(
                "assess_counterparty says what this means for a deal; explain_rating says why."
                if sure
                else "Too little is known: ask for a deposit or a trade reference, or start small."
            ),
        )

    def explain(self, company: str) -> shapes.Explained:
        """Why a rating is what it is."""
        body, head = self._body(company)
        code = body["company"]["code"]
        blocks = self._report(code, "en")
        return shapes.Explained(
            company=code,
            name=body["company"]["name"],
            as_of=body["as_of"],
            score=head.get("score"),
            reasons=[
                shapes.Why(code=r["code"], points=r["points"], text=r["en"])
                for r in head.get("reasons", [])
            ],
            kinds=[_kind(row) for row in body["kinds"]],
            improves=list(blocks["outlook"]["sentences"]),
            evidence_url=self._url(code),
            next_step="get_report has the whole report; list_disputes says what the company contests.",
        )

    def assess(self, company: str, role: str, amount: str | None, currency: str) -> shapes.Assessed:
        """What a rating means for a deal of an amount, with the company as seller or buyer."""
        body, head = self._body(company)
        told = next((r for r in body["roles"] if r["role"] == ROLES.get(role)), None) or head
        code, sure = body["company"]["code"], body["enough_evidence"] and bool(told)
        cents = _cents(amount, currency, body["as_of"])
        proven = told.get("exposure_cents") if told else None
        within = None if cents is None or proven is None else cents <= proven
        loss = None if cents is None or not sure else cents * told["broken_ppm"] // 1_000_000
        return shapes.Assessed(
            company=code,
            name=body["company"]["name"],
            as_of=body["as_of"],
            role=role,
            enough_evidence=sure,
            grade=told.get("grade", "NR") if told else "NR",
            broken_ppm=told.get("broken_ppm") if told else None,
            high_ppm=told.get("high_ppm") if told else None,
            amount_usd=_usd(cents),
            proven_usd=_usd(proven),
            within_proven=within,
            expected_loss_usd=_usd(loss),
            cautions=_cautions(body, told, within, role),
            meaning=list(self._report(code, "en")["meaning"]["sentences"]),
            evidence_url=self._url(code),
            next_step=_after_assess(sure, within),
        )

    def report(self, company: str, lang: str) -> dict[str, Any]:
        """The whole report, as the public may see it."""
        body, _ = self._body(company)
        return self._report(body["company"]["code"], lang)

    def disputes(self, company: str) -> shapes.Disputes:
        """What a company contests."""
        key = self._key(company)
        find = sa.select(DISPUTE).where(DISPUTE.c.company == key).order_by(DISPUTE.c.id.desc())
        with self._service.store.read() as db:
            rows = db.execute(find.limit(100)).all()
        found = [
            shapes.Dispute(
                state=row.state,
                reason=row.reason,
                opened_on=_day(row.opened_us),
                due_on=_day(row.due_us),
                closed_on=_day(row.closed_us) if row.closed_us else None,
            )
            for row in rows
        ]
        still = sum(one.closed_on is None for one in found)
        step = "Treat the disputed entries as undecided." if still else "Nothing is contested now."
        return shapes.Disputes(
            company=code_of(key, "C"), open=still, disputes=found, next_step=step
        )

    def _key(self, company: str) -> int:
        try:
            return self._service.book.company_key(company, looking.cut_of(self._service))
        except (EvidenceError, UnitError) as error:
            rows = looking.search(self._service, company, 5)
            listed = "; ".join(f"{r['code']} {r['name']} ({r['country']})" for r in rows)
            raise ToolError(
                f"{error}. Call find_company first and pass a code."
                + (f" Candidates: {listed}" if listed else "")
            ) from None

    def _body(self, company: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is served of a company, and its headline ({} without one)."""
        key = self._key(company)
        with self._service.store.read() as db:
            body = served.bodies(db, [key]).get(key)
        if body is None:
            raise ToolError(
                f"{company!r} is known but has no record yet. Call find_company for others."
            )
        return body, body["headline"] or {}

    def _report(self, code: str, lang: str) -> dict[str, Any]:
        found = served.body_of(self._service.store, code)
        assert found is not None
        key = self._key(code)
        told: dict[str, Any] = json.loads(looking.report(self._service, key, lang, found[0], False))
        return told

    def _url(self, code: str) -> str:
        return f"{self._address}/en/c/{code}"


def _after_find(found: list[shapes.Candidate]) -> str:
    if not found:
        return "Nothing is known under that name: try its other language, an LEI or a tax number."
    if len(found) > 1 and found[0].match == "similar":
        return "Several may be meant: compare name and country, then call get_rating with one code."
    return f"Call get_rating with {found[0].code}."


def _after_assess(sure: bool, within: bool | None) -> str:
    if not sure:
        return "Ask the company for evidence, or keep to prepayment on delivery, escrow or a small first deal."
    if within is False:
        return "Split the deal, ask for a deposit, or insure what goes beyond the proven exposure."
    return "Name these terms; look again before you pay, and watch the company until it is settled."


def _sentence(head: dict[str, Any], sure: bool, coverage_ppm: int) -> str:
    if not head or not sure:
        return "There is not enough evidence for a rating. This is not a bad sign."
    low, mid, high = (head[n] / 10_000 for n in ("low_ppm", "broken_ppm", "high_ppm"))
    return (
        f"Grade {head['grade']}: of 100 promises like its next one, about {mid:.1f} would be broken or late "
        f"({coverage_ppm // 10_000} % interval {low:.1f} to {high:.1f})."
    )


def _cautions(
    body: dict[str, Any], told: dict[str, Any] | None, within: bool | None, role: str
) -> list[str]:
    found = []
    if told and told.get("grade") == "X":
        found.append("It is on a sanctions list: do not trade before a lawyer has looked.")
    if body["disputed"]:
        found.append(f"{body['disputed']} entries are disputed and not decided.")
    if told and told["high_ppm"] > 3 * max(told["broken_ppm"], 10_000):
        found.append("The interval is wide: little is known.")
    if within is False:
        found.append("The amount goes beyond the largest exposure that its record bears out.")
    if role in ROLES and not any(r["role"] == ROLES[role] for r in body["roles"]):
        found.append(f"There is no record of it as {role}: the rating is that of its other roles.")
    return found


def _kind(row: dict[str, Any]) -> shapes.Kind:
    counts = row["promises"]
    names = ("kind", "role", "grade", "broken_ppm")
    return shapes.Kind(
        **{name: row[name] for name in names},
        promises=counts["promises"],
        kept=counts["kept"],
        late=counts["late"],
        broken=counts["broken"],
    )


def _cents(amount: str | None, currency: str, as_of: str) -> int | None:
    """An amount in US cents. Raises `ToolError` for what is no amount."""
    if amount is None:
        return None
    from datetime import date

    try:
        minor = to_minor(amount, currency.upper())
    except UnitError as error:
        raise ToolError(
            f"{error}. Give amount as text such as '12500.00' and an ISO currency."
        ) from None
    cents = usd_cents(minor, currency.upper(), day_number(date.fromisoformat(as_of)))
    if cents is None:
        raise ToolError(f"There is no exchange rate for {currency}. Give the amount in USD or EUR.")
    return cents


def _usd(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _day(us: int) -> str:
    return day_of(us // _DAY_US).isoformat()
