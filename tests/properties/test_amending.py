"""A cut that grows by corrections, retractions and joins is that of the evidence alone, value for value."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.properties.test_increment import AS_OF, INVOICE, TABLES, anew, everything, new_book

from tallystick.adapters import increment
from tallystick.adapters.laying import FOLDER
from tallystick.book import Book
from tallystick.evidence.ledger import Contributor
from tallystick.world import WorldConfig, simulate

WHO = (Contributor("the seller"), Contributor("the bank", "bank"))
DATED = {
    "invoice": "issued_on",
    "order": "issued_on",
    "ownership": "issued_on",
    "payment": "happened_at",
    "sanction": "issued_on",
}
ACTIONS = ("state", "state", "correct", "correct", "retract")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    folder = tmp_path_factory.mktemp("amending")
    simulate(WorldConfig(40, 250, seed=9), folder / "w")
    with new_book(folder / "b") as book:
        book.ingest([folder / "w"])
        yield book


@pytest.fixture
def growing(world: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    monkeypatch.setattr(increment, "MAX_SHARE", 0)  # extend by any share, not by small ones alone
    with anew(world, tmp_path / "growing") as book:
        book.cut(as_of=AS_OF)
        yield book


def member(number: int) -> dict[str, Any]:
    return {"ids": {"id:tradeport.member": f"{number:08}"}}


def said(kind: str, number: int, action: str, day: int, more: int = 0) -> dict[str, Any]:
    """Something about a few members; `more` makes it another amount, another buyer and another due date."""
    made: dict[str, Any] = {"kind": kind, "number": f"Z{number}", "action": action}
    made[DATED[kind]] = f"2025-05-{day:02}"
    if kind in ("ownership", "sanction"):
        other = {"issuer": member(3 + more % 2)} if kind == "ownership" else {}
        made["parties"] = {"subject": member(number % 3), **other}
        return made | ({"status": "listed"} if kind == "sanction" else {"score": "0.3"})
    made |= {"amount": str(100 + 50 * more), "currency": "EUR"}
    made["parties"] = {"seller": member(number % 2), "buyer": member(2 + more % 2)}
    if kind != "payment":
        made["due_on"] = f"2025-06-{10 + more:02}"
    if kind == "invoice":
        made |= {"terms": "open_account", "references": [{"kind": "order", "number": f"Z{number}"}]}
    if kind == "payment":
        made["references"] = [{"kind": "invoice", "number": f"Z{number}"}]
    return made


def compared(growing: Book, folder: Path, when: str) -> None:
    found = everything(growing)
    with anew(growing, folder) as fresh:
        expected = everything(fresh)
        assert fresh.cut(as_of=AS_OF).layer("promises") == 0
    for name in TABLES:
        assert found[name].equals(expected[name]), f"{name} after {when}"


@pytest.mark.parametrize("seed", range(2))
def test_amendments_in_any_order_grow_as_they_are_found_anew(
    growing: Book, tmp_path: Path, seed: int
) -> None:
    """Stated, corrected and retracted at random, by two that speak each for itself: amendments that come before
    what they amend, older after newer, things that are stated again, and some that are struck."""
    rnd, amended = random.Random(seed), 0
    for n in range(1, 13):
        batch = [
            said(
                rnd.choice(sorted(DATED)), rnd.randrange(4), rnd.choice(ACTIONS),
                rnd.randint(1, 28), rnd.randrange(4),
            )
            for _ in range(rnd.randint(1, 4))
        ]  # fmt: skip
        growing.add(batch, rnd.choice(WHO))
        cut = growing.cut(as_of=AS_OF)
        assert cut.layer("promises") > 0, f"batch {n} started anew"
        amended += (cut.folder / FOLDER / "gone.parquet").exists()
        if n == 6:
            rows = growing.ledger.snapshot().inbox_documents.to_pylist()
            growing.strike([rows[k]["doc_id"] for k in (0, 3)], "dispute", "Ada")
            growing.cut(as_of=AS_OF)
        if n % 4 == 0:
            compared(growing, tmp_path / f"fresh-{n}", f"{n} batches")
    assert amended


STORIES = {
    "corrected": [("state", 1, 0), ("correct", 3, 1)],
    "the older correction comes late": [("state", 1, 0), ("correct", 5, 1), ("correct", 3, 2)],
    "corrected, then retracted": [("state", 1, 0), ("correct", 3, 1), ("retract", 5, 1)],
    "retracted, then corrected": [("state", 1, 0), ("retract", 3, 0), ("correct", 5, 1)],
    "the correction waits for what it corrects": [("correct", 3, 1), ("state", 1, 0)],
    "the retraction waits": [("retract", 3, 0), ("state", 1, 0)],
    "stated twice, then retracted": [("state", 1, 0), ("state", 2, 1), ("retract", 5, 0)],
    "stated again after it was retracted": [("state", 1, 0), ("retract", 3, 0), ("state", 7, 2)],
}


ENDS = (
    "corrected",
    "the older correction comes late",
    "retracted, then corrected",
    "the correction waits for what it corrects",
)
"""The stories at whose end something stands: the first correction."""


def test_each_story_of_amendments_ends_as_told(growing: Book, tmp_path: Path) -> None:
    """Batch by batch for all stories together; each is about an invoice of its own, which promises payment."""
    for step in range(3):
        batch = [
            said("invoice", 10 + n, *told[step])
            for n, told in enumerate(STORIES.values())
            if step < len(told)
        ]
        growing.add(batch, WHO[0])
        assert growing.cut(as_of=AS_OF).layer("promises") == step + 1
    compared(growing, tmp_path / "fresh", "all stories")
    cut = growing.cut(as_of=AS_OF)
    inbox = growing.ledger.snapshot().inbox_documents.to_pylist()
    story = {f"Z{10 + n}": name for n, name in enumerate(STORIES)}
    about = {row["doc_id"]: story[row["number"]] for row in inbox if row["number"] in story}
    with growing.evidence(cut) as engine:
        rows = engine.fetch("SELECT doc_id, amount_minor, deal FROM doc_linked").to_pylist()
    standing = {about[row["doc_id"]]: row for row in rows if row["doc_id"] in about}
    assert {name: row["amount_minor"] for name, row in standing.items()} == dict.fromkeys(
        ENDS, 15000
    )
    deals = {row["deal"] for row in standing.values()}
    promises = growing.promises(cut=cut).to_pylist()
    pays = [row["value_minor"] for row in promises if row["kind"] == "pay" and row["deal"] in deals]
    assert pays == [15000] * len(ENDS)


def test_amendments_of_what_is_struck_grow_as_they_are_found_anew(
    growing: Book, tmp_path: Path
) -> None:
    """What is struck can be spoken of as if it stood, and what says the same again counts no more."""
    growing.add([said("invoice", n, "state", 1) for n in range(3)], WHO[0])
    growing.cut(as_of=AS_OF)
    inbox = growing.ledger.snapshot().inbox_documents.to_pylist()
    struck = [row["doc_id"] for row in inbox if row["number"] in ("Z0", "Z1")]
    growing.strike(struck, "dispute", "Ada")
    growing.cut(as_of=AS_OF)
    for n, batch in enumerate(
        (
            [said("invoice", 0, "correct", 2), said("invoice", 2, "correct", 2, 1)],
            [said("invoice", 1, "correct", 2, 1), said("order", 1, "correct", 2, 1)],
            [said("invoice", 1, "retract", 3, 1), said("order", 1, "state", 1)],
        )
    ):
        growing.add(batch, WHO[0])
        assert growing.cut(as_of=AS_OF).layer("promises") == n + 1
        compared(growing, tmp_path / f"fresh-{n}", f"batch {n}")


def joined(kinds: str, shop: int, account: int, number: int) -> dict[str, Any]:
    """What a shop, an account, or a company that says that both are its own does."""
    ids = {"id:some.shop": f"{shop}"} if "shop" in kinds else {}
    ids |= {"id:some.account": f"{account}"} if "account" in kinds else {}
    sells = number % 2 == 0
    sides = {
        "seller" if sells else "buyer": {"ids": ids},
        "buyer" if sells else "seller": member(number % 5),
    }
    return INVOICE | {"number": f"J{number}", "amount": str(100 + number), "parties": sides}


def test_companies_that_turn_out_to_be_one_grow_as_they_are_found_anew(
    growing: Book, tmp_path: Path
) -> None:
    """Shops and accounts deal, with others and among themselves, before and after it is known that each two are
    one; a third is joined to those that were joined before."""
    rnd, number = random.Random(3), 0
    for step in range(9):
        batch = []
        for _ in range(4):
            shop, number = rnd.randrange(3), number + 1
            batch.append(joined(rnd.choice(("shop", "account")), shop, shop, number))
        if step in (2, 4, 6):
            batch.append(joined("shop and account", step // 2 - 1, step // 2 - 1, 100 + step))
        if step == 7:
            batch.append(joined("shop and account", 0, 9, 107))
        growing.add(batch, WHO[0])
        cut = growing.cut(as_of=AS_OF)
        assert cut.layer("promises") == step + 1, f"step {step} started anew"
        if step in (2, 4, 8):
            compared(growing, tmp_path / f"fresh-{step}", f"step {step}")
    assert len(cut.read("merged")) >= 4


@pytest.mark.parametrize("why", ["amended", "struck"])
def test_a_join_of_what_was_amended_or_beside_what_is_struck_starts_anew(
    growing: Book, tmp_path: Path, why: str
) -> None:
    growing.add([joined("shop", 1, 1, 2), joined("account", 1, 1, 4)], WHO[0])
    if why == "amended":
        growing.add([joined("shop", 1, 1, 2) | {"action": "correct", "amount": "77"}], WHO[0])
    else:
        inbox = growing.ledger.snapshot().inbox_documents
        growing.strike(inbox["doc_id"].to_pylist()[-1:], "dispute", "Ada")
    growing.cut(as_of=AS_OF)
    growing.add([joined("shop and account", 1, 1, 6)], WHO[0])
    assert growing.cut(as_of=AS_OF).layer("promises") == 0
    compared(growing, tmp_path / "fresh", "the join")
