"""The way up comes true: an act done for real, in the ledger, gives the grade it promises or a better one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from copy import copy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tallystick.adapters.background import with_background, with_country
from tallystick.adapters.contributors import contributor
from tallystick.adapters.cuts import Cut
from tallystick.adapters.reporting import gather
from tallystick.book import open_book
from tallystick.evidence.ledger import Contributor
from tallystick.rating import GRADES, rate
from tallystick.rating.choosing import Act, WayUp
from tallystick.settings import Settings

TODAY = date(2025, 8, 1)
BANK = Contributor("A bank", "bank")
SELLERS = [f"Seller {n}" for n in range(4)]
HUBS = [f"Hub {n}" for n in range(12)]
GRADE = [*GRADES, "NR"]

Doc = dict[str, Any]


def party(name: str) -> Doc:
    return {"name": name, "country": "DE", "ids": {"id:shop": name.replace(" ", "-").lower()}}


class Ledger:
    """A book in which one payer buys from sellers that others deal with too."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.book = open_book(folder, create=True, settings=Settings(folder, "duckdb", 1024, 2))
        self.count = 0
        self.kept: list[tuple[date, Doc, Contributor | None]] = []
        named = [*SELLERS, *HUBS]
        self.say(Contributor("A register", "registry"), [self.registered(name) for name in named])
        for n, seller in enumerate(named):
            for other in rng.sample(HUBS, 5 if n < len(SELLERS) else 10):
                if other != seller:
                    self.deal(seller, other, TODAY - timedelta(days=40), "kept", BANK)
        for _ in range(rng.randrange(4, 12)):
            outcome = rng.choice(["kept", "kept", "late", "open", "never"])
            who = rng.choice([BANK, None])
            due = TODAY + timedelta(days=20 if outcome == "open" else -rng.randrange(30, 300))
            self.deal(rng.choice(SELLERS), "Payer", due, outcome, who)

    def copied(self, folder: Path) -> Ledger:
        """The same ledger, to go on with apart from this one."""
        other = copy(self)
        shutil.copytree(self.book.path, folder)
        other.book = open_book(folder, settings=Settings(folder, "duckdb", 1024, 2))
        other.kept = list(self.kept)
        return other

    def say(self, who: Contributor, documents: list[Doc]) -> None:
        self.count += 1
        at = datetime(2025, 8, 1, tzinfo=UTC) + timedelta(seconds=self.count)
        self.book.add(documents, who, recorded_at=at)

    def registered(self, name: str) -> Doc:
        return {"kind": "registration", "status": "active", "number": name, "issued_on": "2020-01-01",
                "parties": {"subject": party(name)}}  # fmt: skip

    def deal(
        self, seller: str, buyer: str, due: date, outcome: str, who: Contributor | None
    ) -> None:
        """An invoice, and its payment as the bank or the seller tells it."""
        self.count += 1
        number, both = f"IN{self.count}", {"seller": party(seller), "buyer": party(buyer)}
        bill = {"kind": "invoice", "number": number}
        money = {"amount": "1000.00", "currency": "USD"}
        told = Contributor(seller, "firm", self.party(seller))
        made = min(due - timedelta(days=20), TODAY)
        self.say(told, [{**bill, **money, "issued_on": made.isoformat(), "due_on": due.isoformat(),
                         "terms": "open_account", "parties": both}])  # fmt: skip
        if outcome in ("kept", "late"):
            done = due + timedelta(days=9 if outcome == "late" else 0)
            paid = {"kind": "payment", "number": f"PY{self.count}", **money, "parties": both,
                    "issued_on": done.isoformat(), "references": [bill]}  # fmt: skip
            self.say(who or told, [paid])
            if buyer == "Payer" and outcome == "kept":
                self.kept.append((due, paid, who))

    def party(self, name: str) -> int:
        """The description that a name means."""
        return contributor(name, "firm", f"id:shop:{name.replace(' ', '-').lower()}").party


def planned(ledger: Ledger) -> tuple[Cut, WayUp]:
    cut = ledger.book.cut(as_of=TODAY)
    key = ledger.book.company_key("Payer", cut)
    with ledger.book.evidence(cut) as engine:
        found = gather(cut, key, engine, ledger.book.batches(), with_plan=True).way_up
    assert found is not None
    return cut, found


def do(ledger: Ledger, act: Act, cut: Cut) -> None:
    """Do the act, today."""
    if act.code in ("more", "new"):
        names = {row["company"]: row["name"] for row in cut.read("companies").to_pylist()}
        whom = [names[company] for company in act.whom] or HUBS
        for n in range(act.n):
            ledger.deal(whom[n % len(whom)], "Payer", TODAY, "kept", BANK)
        return
    own = Contributor("Payer", "firm", ledger.party("Payer"))
    lacking = [paid for _, paid, who in sorted(ledger.kept, key=lambda k: k[0]) if who is None]
    ledger.say(BANK if act.code == "witness" else own, lacking[::-1][: act.n])


def grade_now(ledger: Ledger, before: Cut) -> str:
    """The grade of the payer by the ledger as it is, with peers as they were before."""
    cut = ledger.book.cut(as_of=TODAY)
    key = ledger.book.company_key("Payer", cut)
    records = with_country(cut, cut.rows("records", "company", pa.array([key])))
    records = with_background(cut, records)
    nobody = pa.table({"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())})
    rows = rate(records, before.prior(), nobody, cut.policy, cut.as_of_day).to_pylist()
    return next(str(row["grade"]) for row in rows if row["scope"] == "headline")


@pytest.fixture(scope="module", params=range(3))
def ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ledger, Cut, WayUp]]:
    """A ledger, its cut and the way up that follows."""
    made = Ledger(tmp_path_factory.mktemp("wayup") / "book", random.Random(request.param))
    with made.book:
        yield made, *planned(made)


@pytest.mark.parametrize("code", ["more", "new", "witness", "both"])
def test_an_act_done_for_real_lifts_the_grade_as_promised(
    ledger: tuple[Ledger, Cut, WayUp], tmp_path: Path, code: str
) -> None:
    made, cut, plan = ledger
    steps = [s for s in plan.steps if s.scope == "headline" and s.act.code == code]
    for step in steps[:1]:
        assert step.lifts
        acted = made.copied(tmp_path / "book")
        with acted.book:
            do(acted, step.act, cut)
            assert GRADE.index(grade_now(acted, cut)) <= GRADE.index(step.grade)
