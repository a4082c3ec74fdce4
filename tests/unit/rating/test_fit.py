"""A fit to a small market of which it is known who breaks how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tallystick.adapters.engines.duck import DuckEngine
from tallystick.adapters.fitting import Reader, learn, reader_of
from tallystick.promises.derive import PROMISE
from tallystick.rating import Policy, Scorecard
from tallystick.rating.fit import Examples, fairness_curve, fit, fit_sureness
from tallystick.rating.prior import chance
from tallystick.rating.terms import TERMS, odds

AS_OF = 20_000
FIRST = AS_OF - 700
PARTIES = 240
COUNTRY = pa.table(
    {"company": np.arange(1, PARTIES + 1), "country": ["CN", "DE", "VN"] * (PARTIES // 3)}
)
Market = tuple[DuckEngine, np.ndarray]


def promises(count: int) -> tuple[pa.Table, np.ndarray]:
    """Promises to pay of parties that break 2 to 40 % of them, the good ones in CN, and these shares."""
    rng = np.random.default_rng(5)
    party = rng.integers(1, PARTIES + 1, count)
    share = np.where(np.arange(PARTIES) % 3 == 0, 0.02, np.linspace(0.1, 0.4, PARTIES))
    made = np.sort(rng.integers(FIRST, AS_OF - 20, count))
    broken = rng.random(count) < share[party - 1]
    one = {
        "item": 0, "kind": "pay", "revisions": 0, "late_days": 0, "mask": 8, "anchored": 1, "witness": 3,
        "strength_ppm": 850_000, "link_ppm": 1_000_000, "fault": None, "currency": "USD", "value_minor": 10_000,
    }  # fmt: skip
    columns = {name: [value] * count for name, value in one.items()} | {
        "deal": np.arange(count),
        "promisor": party,
        "promisee": rng.integers(1_000, 1_200, count),
        "made_day": made,
        "outcome": np.where(broken, "broken", "kept"),
        "kept_ppm": np.where(broken, 0, 1_000_000),
        **dict.fromkeys(("first_due_day", "due_day", "done_day", "matured_day"), made + 14),
    }
    rows = pa.table({f.name: pa.array(columns[f.name], f.type) for f in PROMISE}, schema=PROMISE)
    return rows, share


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    engine = DuckEngine(tmp_path_factory.mktemp("fit"))
    rows, share = promises(8_000)
    days = np.arange(FIRST, AS_OF, dtype=np.int32)
    one = np.full(len(days), 10**9)
    engine.register("promise", rows)
    engine.register(
        "fx", pa.table({"currency": ["USD"] * len(days), "day": days, "nano_cents": one})
    )
    nobody = pa.array([], pa.int64())
    engine.register("credibility", pa.table({"company": nobody, "credibility_ppm": nobody}))
    yield engine, share
    engine.close()


@pytest.fixture(scope="module")
def examples(market: Market) -> Examples:
    read = reader_of(market[0], AS_OF, COUNTRY, Policy())
    assert isinstance(read, Reader)
    rows = market[0].fetch("SELECT * FROM valued WHERE counted = 1 ORDER BY deal")
    return read.examples(rows)


def test_nothing_that_came_later_is_known(examples: Examples) -> None:
    """No more outcomes are known of a file than promises fell due before the day of the example."""
    rows, _ = promises(8_000)
    party, due = rows["promisor"].to_numpy(), rows["matured_day"].to_numpy()
    known = examples.known["n_counted"].to_numpy()
    for n in range(0, len(examples), 97):
        before = (party == party[n]) & (due <= examples.day[n])
        assert known[n] == before.sum()


def test_a_fit_is_less_surprised_than_the_cold_start(market: Market) -> None:
    fitted = learn(market[0], AS_OF, COUNTRY, Policy())
    cold, own = fitted.surprise["pay"]
    assert own < cold
    assert set(fitted.policy.cards) == {"", "pay"}
    assert fitted.examples["pay"] > 4_000


def test_signs_are_fixed_and_the_last_weeks_never_outweigh_the_years(examples: Examples) -> None:
    card = fit(examples, Policy()).policy.card("pay")
    assert all(getattr(card, name) >= 0 for name in TERMS)
    assert card.half_30 <= card.half_all and card.half_180 <= card.half_730


def test_probabilities_come_true(examples: Examples) -> None:
    card = fit(examples, Policy()).policy.card("pay")
    p = chance(odds(card, examples.terms(card.kappa, card.deep, examples.expected())))
    assert abs(p.mean() - examples.broken.mean()) < 0.003
    high = p > np.quantile(p, 0.8)
    assert abs(p[high].mean() - examples.broken[high].mean()) < 0.04


def test_the_width_of_an_interval_is_learnt(market: Market) -> None:
    """Parties differ much and each is steady: own evidence must count for more than the peers'."""
    card = learn(market[0], AS_OF, COUNTRY, Policy()).policy.card("")
    assert (card.sure_peers, card.sure_own) != (Scorecard().sure_peers, Scorecard().sure_own)
    assert card.sure_own > 0.02


def test_a_kind_that_tells_nothing_of_its_width_takes_that_of_all_kinds(examples: Examples) -> None:
    """Of companies that made one promise each nobody can say how alike two of one company are; a few that made
    two and broke no two by chance prove no certainty; hundreds that made thirty do."""
    near, card = (8.0, 0.1), Scorecard()
    once = np.ones(len(examples))
    same = fit_sureness(card, examples, once, examples.broken, near)
    assert (same.sure_peers, same.sure_own) == pytest.approx(near, rel=1e-3)
    few = examples.take(np.arange(len(examples)) < 100)
    twice = fit_sureness(card, few, 2 * np.ones(100), np.arange(100) % 5 < 1, near)
    assert twice.sure_peers < 3 * near[0]
    many = examples.take(np.arange(len(examples)) < 600)
    p = chance(odds(card, many.terms(card.kappa, card.deep, many.expected())))
    sure = fit_sureness(card, many, np.full(600, 30.0), np.rint(30 * p), near)
    assert sure.sure_peers > 10 * near[0]


def test_with_too_little_the_cold_start_stays(examples: Examples) -> None:
    few = np.zeros(len(examples), dtype=bool)
    few[:900] = True
    fitted = fit(examples.take(few), Policy())
    assert fitted.policy == Policy() and fitted.surprise == {}


def test_what_is_broken_cannot_be_learnt_from_what_is_kept(examples: Examples) -> None:
    kept = replace(examples, broken=np.zeros(len(examples)))
    assert fit(kept, Policy()).surprise == {}


def test_fairness_narrows_the_gap_and_has_its_price(examples: Examples) -> None:
    """The good parties are all of one country, so what brings countries together costs accuracy."""
    curve = fairness_curve(examples)
    gaps = [point.gap_points for point in curve]
    assert all(later <= before + 1e-3 for before, later in pairwise(gaps))
    assert gaps[-1] < 0.7 * gaps[0]
    assert curve[-1].log_loss > curve[0].log_loss


def test_a_fair_fit_goes_by_the_same_curve(examples: Examples) -> None:
    free, dear = (fit(examples, Policy(), fairness=x).policy.card("pay") for x in (0.0, 3.0))
    terms = examples.terms(free.kappa, free.deep, examples.expected())
    home = np.array([c == "CN" for c in examples.country.to_pylist()])

    def gap(card: Scorecard) -> float:
        found = odds(card, terms)
        return float(abs(found[home].mean() - found[~home].mean()))

    assert gap(dear) < gap(free)


def test_a_market_of_nothing_teaches_nothing(tmp_path: Path) -> None:
    engine = DuckEngine(tmp_path)
    engine.register("promise", PROMISE.empty_table())
    fx = pa.table(
        {"currency": ["USD"], "day": pa.array([AS_OF], pa.int32()), "nano_cents": [10**9]}
    )
    engine.register("fx", fx)
    nobody = pa.array([], pa.int64())
    engine.register("credibility", pa.table({"company": nobody, "credibility_ppm": nobody}))
    assert learn(engine, AS_OF, COUNTRY, Policy()).policy == Policy()
    engine.close()
