"""The arithmetic of an explanation gives the very numbers that the rating holds, down to file rows."""

from __future__ import annotations

import io
import json
import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console
from scipy.special import ndtri

from tallystick.adapters.cuts import Cut
from tallystick.adapters.state import rate_all
from tallystick.book import Book
from tallystick.evidence.ledger import EvidenceError
from tallystick.rating import Policy, Scorecard
from tallystick.record import HALF_LIVES, RecordPolicy
from tallystick.report import Explanation, explanation_json, render_explanation
from tallystick.units import PPM, code_of

World = tuple[Book, Cut]


def kinds_of(world: World, step: int) -> list[dict[str, object]]:
    book, cut = world
    rows = [row for row in book.ratings(cut=cut).to_pylist() if row["scope"] == "kind"]
    return rows[::step]


def walk(node: Explanation) -> Iterator[Explanation]:
    yield node
    for child in node.children:
        yield from walk(child)


def child(node: Explanation, title: str) -> Explanation:
    return next(found for found in node.children if found.title.startswith(title))


def test_a_kind_is_reproduced_from_its_sums(world: World) -> None:
    """The terms add up to the rating; N and S are sums over counterparties, pools and promises."""
    book, cut = world
    rows = kinds_of(world, 23)
    assert len(rows) > 8
    for row in rows:
        tree = book.explain(f"{row['code']}/{row['kind']}", cut)
        assert row["broken_ppm"] == tree.numbers["broken_ppm"]
        check_record(child(tree, "its own record"), cut, tree.numbers, ("730", "all"))
        check_terms(child(tree, "the terms"), row["broken_ppm"])  # type: ignore[arg-type]
        check_peers(child(tree, "m:"))
        check_interval(child(tree, "90 % interval"))


def test_a_fitted_card_is_reproduced_from_its_terms(world: World) -> None:
    """Four half-lives, the market's level, newcomers and alarms: all that a card can weigh."""
    book, cut = world
    card = Scorecard(-0.1, 0.9, 0.2, 0.3, 0.1, 0.4, 0.5, 0.1, 0.6, 0.2, 0.3, 2.5, 1.5, 0.7)
    policy = replace(cut.policy, cards=cut.policy.cards | {"pay": card, "dispatch": card})
    fitted = rated_by(cut, policy)
    rows = [r for r in fitted.read("ratings").to_pylist() if r["kind"] in ("pay", "dispatch")]
    assert len(rows) > 40
    for row in rows[::9]:
        tree = book.explain(f"{code_of(row['company'], 'C')}/{row['kind']}", fitted)
        terms = child(tree, "the terms")
        told = [part for part in terms.children if "standing" not in part.title]  # where it counts
        assert len(told) == 12
        check_terms(terms, row["broken_ppm"])
        check_record(child(tree, "its own record"), fitted, tree.numbers, HALF_LIVES)
        check_interval(child(tree, "90 % interval"))
        assert tree.formula.splitlines()[-1].startswith("p = 0.")
        assert child(tree, "90 %").numbers["low_ppm"] == row["low_ppm"]


def rated_by(cut: Cut, policy: Policy) -> Cut:
    """The cut with its ratings made by another policy, in a folder of its own."""
    folder = cut.folder.with_name("fitted")
    shutil.copytree(cut.folder, folder)
    shutil.rmtree(folder / "ratings")
    fitted = Cut(folder, cut.as_of_day, cut.snapshot, policy)
    rate_all(fitted, lambda _what, _done, _total: None)
    return fitted


def check_terms(node: Explanation, broken_ppm: int) -> None:
    """The parts add up to the log-odds, and these to the rating."""
    odds = sum(part.numbers["odds"] for part in node.children)  # type: ignore[misc]
    assert math.isclose(odds, node.numbers["odds"], abs_tol=1e-12)  # type: ignore[arg-type]
    assert round(PPM / (1 + math.exp(-odds))) == broken_ppm


def check_record(
    record: Explanation, cut: Cut, numbers: dict[str, Any], halves: Sequence[str]
) -> None:
    """N and S are what counterparties prove plus what the pools give."""
    parts = [node for node in record.children if "proven" in node.numbers]
    pools = [node for node in record.children if "of" in node.numbers]
    for h in halves:
        for name in ("n", "s"):
            told = sum(node.numbers[f"{name}{h}_micro"] for node in (*parts, *pools))  # type: ignore[misc]
            assert told == numbers[f"{name}{h}_micro"] == record.numbers[f"{name}{h}_micro"]
        for pair in parts:
            check_counterparty(pair, cut.policy.record, h)
    for pair in parts:
        check_known(pair, cut.policy.record)
    check_pools(parts, pools, cut.policy.record, halves)


def check_pools(
    parts: Sequence[Explanation],
    pools: Sequence[Explanation],
    policy: RecordPolicy,
    halves: Sequence[str],
) -> None:
    """Everything said is in the last pool, each pool lies in the next, and none reaches its bound."""
    bounds = {"seen": policy.seen_micro, "told": policy.told_micro, "word": policy.word_micro}
    for h in halves:
        masses = [node.numbers[f"p{h}_micro"] for node in pools]
        assert masses == sorted(masses)  # type: ignore[type-var]
        if pools and all("e" + h + "_micro" in node.numbers for node in parts):
            assert masses[-1] == sum(node.numbers[f"e{h}_micro"] for node in parts)  # type: ignore[misc]
        for node in pools:
            n: dict[str, Any] = node.numbers
            bound = bounds[n["of"]]
            assert n[f"n{h}_micro"] == math.floor(
                n[f"p{h}_micro"] * bound / (n[f"p{h}_micro"] + bound)
            )
            assert n[f"n{h}_micro"] < bound


def check_counterparty(pair: Explanation, policy: RecordPolicy, h: str) -> None:
    """N = q * F * cap / (F + cap), where E and B are sums over the promises shown."""
    if not pair.children:
        return
    e, b = (sum(p.numbers[f"{name}{h}_micro"] for p in pair.children) for name in ("e", "b"))  # type: ignore[misc]
    n: dict[str, Any] = pair.numbers
    assert (n[f"e{h}_micro"], n[f"b{h}_micro"]) == (e, b)
    f, fb, cap = n[f"f{h}_micro"], n[f"fb{h}_micro"], policy.cap_micro
    assert fb <= f <= e
    assert n[f"n{h}_micro"] == math.floor(float(f) * cap / (f + cap) * n["q_ppm"] / PPM)
    assert n[f"s{h}_micro"] == math.floor(float(fb) * cap / (f + cap) * n["q_ppm"] / PPM)
    for p in pair.children:
        if "weight_micro" in p.numbers:
            mass = p.numbers["weight_micro"] * p.numbers[f"decay{h}_ppm"] // PPM  # type: ignore[operator]
            assert p.numbers[f"e{h}_micro"] == mass


def check_known(pair: Explanation, policy: RecordPolicy) -> None:
    """q = credibility * u^2 / (u^2 + known^2), u the ties to others than the company and its partners."""
    n: dict[str, Any] = pair.numbers
    if "q_ppm" not in n:
        return
    u = n["reach_micro"] - n["tie_micro"] - n["within_micro"]
    assert u >= 0
    square, known = float(u) * u, float(policy.known_micro) * policy.known_micro
    assert n["q_ppm"] == math.floor(n["credibility_ppm"] * (square / (square + known)))


def check_peers(node: Explanation) -> None:
    def logit(share: float) -> float:
        return math.log(share / (1 - share))

    n = {key: float(value) for key, value in node.numbers.items()}  # type: ignore[arg-type]
    assert math.isclose(
        logit(n["m"]), logit(n["group"]) + logit(n["level"]) - logit(n["root"]), abs_tol=1e-9
    )


def check_interval(node: Explanation) -> None:
    n = {key: float(value) for key, value in node.numbers.items()}  # type: ignore[arg-type]
    ends = (1 / (1 + math.exp(-n["centre"] - z * n["spread"])) for z in ndtri([0.05, 0.95]))
    assert [round(end * PPM) for end in ends] == [n["low_ppm"], n["high_ppm"]]


def test_a_headline_is_the_mix_of_its_kinds(world: World) -> None:
    book, cut = world
    heads = [r for r in book.ratings(cut=cut).to_pylist() if r["scope"] == "headline"]
    for row in heads[::6]:
        tree = book.explain(row["code"], cut)
        roles = [node for node in tree.children if node.title.startswith("role")]
        kinds = [kind for role in roles for kind in role.children]
        p = sum(
            k.numbers["share"] / (1 + math.exp(-k.numbers["odds"]))  # type: ignore[operator]
            for k in kinds
        )
        assert round(p * PPM) == row["broken_ppm"] == tree.numbers["broken_ppm"]
        for role in roles:
            share = sum(kind.numbers["share_in_role"] for kind in role.children)  # type: ignore[misc]
            assert math.isclose(share, 1)


def test_provenance_reaches_the_line_of_the_file(states: World) -> None:
    """Each document behind a promise names the line that it was read from; the line has its number."""
    book, cut = states
    file = book.path.parent / "platform.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    tree = book.explain("Rich GmbH/dispatch", cut)
    papers = [node for node in walk(tree) if "doc_id" in node.numbers]
    assert len(papers) >= 40
    for paper in papers:
        assert paper.numbers["source"] == "platform.jsonl"
        line = lines[int(paper.numbers["row"]) - 1]  # type: ignore[arg-type]
        assert paper.title == f"{line['kind']} {line['number']}"
        assert paper.numbers["contributor"] == "Shop"


def test_a_promise_and_a_deal_by_their_codes(states: World) -> None:
    book, cut = states
    row = next(p for p in book.promises(cut=cut).to_pylist() if p["kind"] == "pay")
    deal, item = code_of(row["deal"], "D"), code_of(row["item"], "I")
    told = book.explain(f"{deal}/pay/{item}", cut)
    assert told.title == f"{deal}/pay/{item}"
    assert {paper.title.split()[0] for paper in told.children} == {"invoice", "payment"}
    whole = book.explain(deal, cut)
    assert f"{deal}/pay/{item}" in [p.title for p in child(whole, "promises").children]
    assert len(child(whole, "documents").children) >= 3
    sent = book.explain(f"{deal}/dispatch/0", cut)
    assert sent.title == f"{deal}/dispatch/0"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("C-0000000000000", "no company"),
        ("Nobody at all", "no company"),
        ("Rich GmbH/remit", "no promise of the kind 'remit'"),
        ("D-0000000000000", "no deal"),
        ("D-12/pay/0", "is not a code"),
        ("D-0000000000000/pay", "neither a deal"),
        ("D-0000000000000/pay/0", "has no promise pay/0"),
        ("D-0000000000000/paid/0", "is no kind of promise"),
    ],
)
def test_what_cannot_be_explained_says_so(states: World, what: str, told: str) -> None:
    book, cut = states
    with pytest.raises(EvidenceError, match=told):
        book.explain(what, cut)


def test_rendered_tree_and_json_hold_the_same(states: World) -> None:
    book, cut = states
    tree = book.explain("B1 Handel/pay", cut)
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(render_explanation(tree))
    assert "p730 = (κ·m + S730) / (κ + N730)" in out.getvalue()
    told = json.loads(json.dumps(explanation_json(tree)))
    assert told["format"] == "tallystick.explanation/1"
    assert len(list(walk(tree))) == json.dumps(told).count('"children"')


def test_chinese_has_the_same_numbers_and_other_words(world: World) -> None:
    book, cut = world
    row = kinds_of(world, 23)[0]
    for what in (row["code"], f"{row['code']}/{row['kind']}"):
        english, chinese = (list(walk(book.explain(str(what), cut, lang))) for lang in ("en", "zh"))
        assert [node.numbers for node in english] == [node.numbers for node in chinese]
        told = "".join(node.title + node.formula for node in chinese)
        for word in (" of ", " to ", "promises", "confirmed", "batch", "share", "evidence"):
            assert word not in told
    deal = code_of(book.promises(cut=cut)["deal"][0].as_py(), "D")
    assert book.explain(deal, cut, "zh").title == f"交易 {deal}"
