"""What must hold of people's judgements on what linking joined or held, and of the evidence that is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tallystick.adapters.firms import Firms, companies_of
from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Contributor, EvidenceError
from tallystick.identity.linking import OUTCOMES
from tallystick.identity.why import told
from tallystick.settings import Settings

AS_OF = date(2024, 12, 31)
WHO = Contributor("the market", "marketplace")
TABLES = ("companies", "merged", "judgements", "links", "ratings")


def profile(name: str, country: str, ref: str | None = None, **more: Any) -> dict[str, Any]:
    subject: dict[str, Any] = {"name": name, "country": country, **more}
    if ref:
        scheme, _, value = ref.rpartition(":")
        subject["ids"] = {scheme: value}
    return {"kind": "profile", "issued_on": "2024-01-01", "parties": {"subject": subject}}


SAID = [
    profile("深圳市华强电子有限公司", "CN", "id:bank:88"),
    profile("Shenzhen Huaqiang Electronics Co., Ltd.", "CN", "id:shop:17"),
    profile("Huaqiang Electronics", "CN", "id:carrier:5"),
    profile("Dongguan Huaqiang Electronics Co., Ltd.", "CN", "id:shop:18"),
    profile("Borealis Outdoor GmbH", "DE", "id:shop:30", address="Am Hafen 3, Kiel"),
    profile("Borealis Outdoors", "DE", "id:bank:31", address="Am Hafen 3, Kiel"),
    profile("Quokka Optik", "AT"),
]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    folder = tmp_path / "who.book"
    book = open_book(folder, create=True, settings=Settings(folder, "duckdb", 512, 1))
    book.add(SAID, WHO)
    return book


def outcome(book: Book, **cut: Any) -> dict[str, pa.Table]:
    made = book.cut(as_of=AS_OF, **cut)
    keys = {"ratings": "company", "links": "a", "companies": "company"}
    return {
        name: made.read(name).sort_by([(keys.get(name, "party"), "ascending")]) for name in TABLES
    }


def judge(book: Book, a: str, b: str, verdict: str, hour: int = 12) -> None:
    at = datetime(2099, 1, 1, hour, tzinfo=UTC)
    book.judge(a, b, verdict, "same licence", "Ada", book.cut(as_of=AS_OF), at)


def one(book: Book, a: str, b: str) -> bool:
    cut = book.cut(as_of=AS_OF)
    return book.company_key(a, cut) == book.company_key(b, cut)


def shown(book: Book, a: str, b: str) -> str:
    return book.why(a, b, book.cut(as_of=AS_OF)).outcome


def test_a_held_one_joins_when_judged_the_same_and_is_held_again_after(book: Book) -> None:
    before, known = outcome(book), datetime.now(UTC)
    assert shown(book, "id:carrier:5", "id:shop:17") == "held"
    judge(book, "id:carrier:5", "id:shop:17", "same", 12)
    assert one(book, "id:carrier:5", "id:shop:17") and not one(book, "id:carrier:5", "id:shop:18")
    assert shown(book, "id:carrier:5", "id:shop:17") == "one"
    assert "held" not in {question.kind for question in book.review(book.cut(as_of=AS_OF))}
    assert outcome(book, known_at=known) == before
    judge(book, "id:shop:17", "id:carrier:5", "withdrawn", 13)
    assert outcome(book) == before
    assert shown(book, "id:carrier:5", "id:shop:17") == "held"


def test_apart_parts_what_linking_joined_and_withdrawn_joins_it_again(book: Book) -> None:
    before, known = outcome(book), datetime.now(UTC)
    for hour, (a, b) in enumerate((("id:shop:30", "id:bank:31"), ("id:shop:17", "id:bank:88"))):
        assert one(book, a, b) and shown(book, a, b) == "joined"
        judge(book, a, b, "apart", 2 * hour)
        assert not one(book, a, b)
        found = book.why(a, b, book.cut(as_of=AS_OF))
        assert found.outcome == "forbidden"
        assert [rule.code for rule in found.rules] == ["judged-apart"]
        assert (found.rules[0].by, found.rules[0].why) == ("Ada", "same licence")
        assert outcome(book, known_at=known) == before
        judge(book, a, b, "withdrawn", 2 * hour + 1)
        assert one(book, a, b) and outcome(book) == before


def test_apart_from_one_rival_lets_the_other_have_it(book: Book) -> None:
    judge(book, "id:carrier:5", "id:shop:18", "apart")
    assert one(book, "id:carrier:5", "id:shop:17")


def test_the_queue_holds_what_is_open_and_nothing_that_was_judged(book: Book) -> None:
    (question,) = book.review(book.cut(as_of=AS_OF))
    assert (question.kind, {pair.a.ref for pair in question.pairs}) == ("held", {"id:carrier:5"})
    assert len(question.pairs) == 2  # one for each company, though three firms fit
    assert [pair.outcome for pair in question.pairs] == ["held", "held"]
    assert set(question.documents.values()) == {1, 2}
    for pair in question.pairs:
        judge(book, pair.a.ref, pair.b.ref, "apart")
    assert not book.review(book.cut(as_of=AS_OF))


def test_the_lines_add_up_to_the_weight_of_every_link(tmp_path: Path) -> None:
    from tallystick.world import WorldConfig, simulate

    simulate(WorldConfig(companies=60, deals=300, seed=5, names="varied"), tmp_path / "world")
    with open_book(tmp_path / "world.book", create=True) as book:
        book.ingest([tmp_path / "world"])
        cut = book.cut()
        links = cut.read("links").to_pylist()
        assert len({link["outcome"] for link in links}) >= 2
        for link in links[:150]:
            firms = Firms(cut, companies_of(cut, [link["a"], link["b"]]).values())
            a, b = (firms.firm(link[side]).ref for side in "ab")
            found = book.why(a, b, cut)
            assert sum(line.weight for line in found.lines) == found.weight == link["weight"]
            assert (found.name_a, found.name_b) == (link["name_a"], link["name_b"])
            same = found.a.company == found.b.company
            assert found.outcome == OUTCOMES[link["outcome"]] or (same and found.outcome == "chain")
            turned = book.why(b, a, cut)
            assert (turned.weight, turned.outcome) == (found.weight, found.outcome)
            assert told(found)["weight"] == link["weight"]


def test_what_two_texts_may_be(book: Book) -> None:
    cut = book.cut(as_of=AS_OF)
    assert book.why("Borealis Outdoors", "Borealis Outdoor GmbH", cut).outcome == "joined"
    assert book.why("name:quokka optik|AT", "Borealis Outdoors", cut).outcome == "apart"
    for a, b in (
        ("id:shop:30", "id:shop:30"),
        ("nobody", "id:shop:30"),
        ("name:no|XX", "id:shop:30"),
    ):
        with pytest.raises(EvidenceError):
            book.why(a, b, cut)


def test_two_descriptions_of_one_firm_show_the_identifier_that_makes_them_one(book: Book) -> None:
    def both(*refs: str) -> dict[str, Any]:
        made = profile("Wombat Tea", "AU")
        made["parties"]["subject"]["ids"] = dict(ref.rsplit(":", 1) for ref in refs)
        return made

    book.add([both("id:shop:7", "id:wallet:w"), both("id:bank:9", "id:wallet:w")], WHO)
    found = book.why("id:shop:7", "id:bank:9", book.cut(as_of=AS_OF))
    assert found.outcome == "one"
    assert [(rule.code, rule.left) for rule in found.rules] == [("shared-id", "id:wallet:w")]


def test_how_lists_what_is_open(book: Book) -> None:
    cut = book.cut(as_of=AS_OF)
    assert {pair.outcome for pair in book.undecided("id:carrier:5", cut)} == {"held"}
    assert not book.undecided("id:bank:31", cut)
    told = [row for row in book.how("id:bank:31", cut) if row["reason"] == "linked by name"]
    assert "Borealis Outdoor GmbH ~ Borealis Outdoors" in told[0]["detail"]
    assert pc.sum(cut.read("links")["weight"]).as_py() > 0
