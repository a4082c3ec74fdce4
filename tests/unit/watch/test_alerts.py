"""Each pattern is found where it is planted, and its honest look-alike is not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.promises import PROMISE
from tallystick.watch import ALERT, TOLD, Kin, WatchPolicy, alert_table, find_alerts
from tallystick.watch.chance import bits_of, usual_share

from .conftest import BUYER, DAY, NEW, SELLER, Ledger

FIRM = 900
VALUED = PROMISE.append(pa.field("value_cents", pa.int64()))


def test_an_honest_market_is_quiet(ledger):
    assert ledger.alerts() == []


def test_no_promises_no_alerts():
    nobody = pa.table(
        {"company": pa.array([], pa.int64()), "verified_day": pa.array([], pa.int32())}
    )
    assert find_alerts(VALUED.empty_table(), nobody, DAY) == []


# rings


def test_a_ring_is_found_with_its_firms_and_deals(ledger):
    first = len(ledger.rows) + 1
    for n in range(8):
        ledger.promise(SELLER, NEW + n, 30 - n)
    (alert,) = ledger.alerts()
    assert alert.pattern == "brushing_ring"
    assert alert.companies == (SELLER, *range(NEW, NEW + 8))
    assert alert.deals == tuple(range(first, first + 8))
    assert alert.since_day == DAY - 30
    assert 500_000 < alert.strength_ppm < 1_000_000
    assert "8 counterparties new to the book placed 8 orders" in alert.english
    assert "8 家" in alert.chinese and alert.next_english and alert.next_chinese


def test_small_purchases_elsewhere_do_not_hide_a_ring(ledger):
    for n in range(8):
        ledger.promise(SELLER, NEW + n, 25)
        for seller in (10, 20):
            ledger.promise(SELLER + seller + n, NEW + n, 33, usd=300)
    assert ledger.patterns() == {"brushing_ring"}


def test_nor_do_identities_that_were_aged_with_them(ledger):
    for n in range(8):
        ledger.promise(SELLER + 10 + n, NEW + n, 150, usd=200)
        ledger.promise(SELLER, NEW + n, 25)
    assert ledger.patterns() == {"brushing_ring"}


def test_a_new_firm_with_a_burst_of_orders_of_known_buyers_is_no_ring(ledger):
    ledger.checked[FIRM] = DAY - 30
    for n in range(40):
        ledger.promise(FIRM, BUYER + n, 30 - n // 2)
    assert ledger.patterns() == set()


def test_new_customers_that_buy_elsewhere_as_much_are_no_ring(ledger):
    for n in range(8):
        ledger.promise(SELLER, NEW + n, 25)
        for other in range(3):
            ledger.promise(SELLER + 10 + n + other, NEW + n, 25)
    assert ledger.patterns() == set()


def test_a_seller_with_one_large_buyer_is_no_ring(ledger):
    for n in range(30):
        ledger.promise(FIRM, NEW, 40 - n)
    assert ledger.patterns() == set()


def test_a_shop_whose_customers_were_always_new_is_no_ring(ledger):
    for n in range(120):
        ledger.promise(FIRM, NEW + n, 16 + n * 5)
    assert ledger.patterns() == set()


def test_a_handful_of_worthless_orders_is_left_alone(ledger):
    for n in range(5):
        ledger.promise(SELLER, NEW + n, 25, usd=20)
    assert ledger.patterns() == set()


def test_several_promises_of_a_deal_are_one_dealing(ledger):
    for n in range(8):
        for kind in ("dispatch", "deliver", "conform"):
            ledger.promise(SELLER, NEW + n, 25, kind=kind, deal=9_000 + n)
    (alert,) = ledger.alerts()
    assert alert.deals == tuple(range(9_000, 9_008))


# circles


def circle(ledger: Ledger, members: range) -> None:
    for n, seller in enumerate(members):
        for ago in (150, 90, 60):
            ledger.promise(seller, members[n - 1], ago, usd=20_000)


def test_money_that_goes_round_is_found(ledger):
    circle(ledger, range(FIRM, FIRM + 4))
    ledger.promise(FIRM, BUYER, 50, usd=500)
    (alert,) = ledger.alerts()
    assert (alert.pattern, alert.companies) == ("closed_circle", tuple(range(FIRM, FIRM + 4)))
    assert "99 % of all their trade" in alert.english


def test_a_family_that_trades_inside_is_no_circle(ledger):
    circle(ledger, range(FIRM, FIRM + 4))
    heads = pa.table({"company": list(range(FIRM, FIRM + 4)), "head": [FIRM] * 4})
    none = pa.table({name: pa.array([], pa.int64()) for name in ("a", "b", "ppm")})
    assert ledger.patterns(Kin(heads, none)) == set()
    pairs = [(FIRM + n, FIRM + (n - 1) % 4) for n in range(4)]
    tied = pa.table({"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "ppm": [600_000] * 4})
    assert ledger.patterns(Kin(heads.slice(0, 0), tied)) == set()


def test_a_chain_is_no_circle(ledger):
    for n in range(6):
        for ago in (150, 90, 60):
            ledger.promise(FIRM + n, FIRM + n + 1, ago, usd=20_000)
    assert ledger.patterns() == set()


def test_new_identities_that_trade_among_themselves_name_whom_they_serve(ledger):
    for n in range(5):
        ledger.promise(NEW + n, NEW + (n + 1) % 5, 30)
        ledger.promise(SELLER, NEW + n, 25)
    found = {alert.pattern: alert for alert in ledger.alerts()}
    assert found["sybil_group"].companies == (SELLER, *range(NEW, NEW + 5))


# complaints


def test_slander_by_accounts_that_only_accuse_is_found(ledger):
    for n in range(6):
        ledger.promise(SELLER, NEW + n, 25 - n, outcome="broken", mask=2)
    (alert,) = ledger.alerts()
    assert (alert.pattern, alert.companies) == ("slander", (SELLER, *range(NEW, NEW + 6)))


def test_complaints_of_customers_of_long_standing_are_no_slander(ledger):
    for n in range(10):
        ledger.promise(SELLER, BUYER + n, 25, outcome="broken", mask=2)
    assert ledger.patterns() == set()


def test_complaints_that_a_carrier_bears_out_are_no_slander(ledger):
    for n in range(6):
        ledger.promise(SELLER, NEW + n, 25, outcome="broken", mask=2 | 16)
    assert "slander" not in ledger.patterns()


def test_answers_to_complaints_in_kind_are_retaliation(ledger):
    for n in range(3):
        ledger.promise(SELLER, BUYER + n, 60, outcome="broken", mask=2)
        ledger.promise(BUYER + n, SELLER, 50, outcome="broken", mask=1, kind="pay")
    (alert,) = ledger.alerts()
    assert (alert.pattern, alert.companies) == (
        "retaliation",
        (SELLER, BUYER, BUYER + 1, BUYER + 2),
    )


@pytest.mark.parametrize(("disputes", "later"), [(1, 10), (3, 45)])
def test_one_dispute_or_an_old_one_is_no_retaliation(ledger, disputes, later):
    for n in range(disputes):
        ledger.promise(SELLER, BUYER + n, 70, outcome="broken", mask=2)
        ledger.promise(BUYER + n, SELLER, 70 - later, outcome="broken", mask=1, kind="pay")
    assert ledger.patterns() == set()


# the course of a record


def test_a_build_up_and_exit_is_found_before_the_first_promise_is_due(ledger):
    for n in range(40):
        ledger.promise(FIRM, BUYER + n, 40 + 2 * n, usd=50)
    for n in range(8):
        ledger.promise(FIRM, BUYER + 50 + n, 9 - n, usd=3_000)
    (alert,) = ledger.alerts()
    assert (alert.pattern, alert.companies, alert.since_day) == (
        "build_up_and_exit",
        (FIRM,),
        DAY - 9,
    )
    assert "$24,000 is open or broken (0 of 8 orders broken so far) against $2,000" in alert.english


def test_a_firm_that_grows_and_keeps_its_promises_is_no_exit(ledger):
    for n in range(60):
        ledger.promise(FIRM, BUYER + n, 400 - 6 * n, usd=200 + 50 * n)
    ledger.promise(FIRM, BUYER + 70, 5, usd=15_000)
    assert ledger.patterns() == set()


def test_a_good_record_that_ends_all_at_once_is_a_collapse(ledger):
    for n in range(30):
        ledger.promise(FIRM, BUYER + n, 60 + 5 * n)
    for n in range(6):
        ledger.promise(FIRM, BUYER + 40 + n, 30 - n, outcome="broken", mask=19)
    (alert,) = ledger.alerts()
    assert (alert.pattern, alert.companies, len(alert.deals)) == ("collapse", (FIRM,), 6)


def test_a_poor_record_that_stays_as_poor_is_no_collapse(ledger):
    for n in range(36):
        ledger.promise(
            FIRM, BUYER + n, 20 + 5 * n, outcome="kept" if n % 5 < 2 else "broken", mask=19
        )
    assert ledger.patterns() == set()


def test_small_kept_and_large_broken_again_and_again_is_on_off(ledger):
    for n in range(40):
        ledger.promise(FIRM, BUYER + n, 20 + 8 * n, usd=50)
    for n in range(5):
        ledger.promise(FIRM, BUYER + 50 + n, 50 + 60 * n, usd=3_000, outcome="broken")
    assert ledger.patterns() == {"on_off"}


def test_breaking_large_and_small_alike_is_a_poor_record_not_on_off(ledger):
    for n in range(40):
        outcome = "broken" if n % 3 == 0 else "kept"
        ledger.promise(FIRM, BUYER + n, 20 + 8 * n, usd=50 + 100 * (n % 7), outcome=outcome)
    assert ledger.patterns() == set()


# whitewashing


def takes_over(ledger: Ledger, breaks: int) -> None:
    for n in range(12):
        outcome = "broken" if n % breaks == 0 else "kept"
        ledger.promise(FIRM, BUYER + n, 300 - 15 * n, outcome=outcome)
        if n < 8:
            ledger.promise(FIRM + 1, BUYER + n, 40 - 2 * n)


def test_a_new_name_with_the_customers_of_one_that_fell_is_found(ledger):
    takes_over(ledger, breaks=2)
    (alert,) = ledger.alerts()
    assert (alert.pattern, alert.companies) == ("whitewash", (FIRM + 1, FIRM))
    assert "8 of its 8 customers" in alert.english


def test_the_successor_of_an_honest_firm_is_none(ledger):
    takes_over(ledger, breaks=11)
    assert ledger.patterns() == set()


# laws


def everything(ledger: Ledger) -> None:
    for n in range(8):
        ledger.promise(SELLER, NEW + n, 30 - n)
        ledger.promise(SELLER + 5, NEW + 100 + n, 25, outcome="broken", mask=2)
    circle(ledger, range(FIRM + 10, FIRM + 14))
    takes_over(ledger, breaks=2)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter(seed):
    ledger = Ledger()
    random = np.random.default_rng(3)
    for n in range(400):
        ledger.promise(SELLER + n % 40, BUYER + int(random.integers(90)), 16 + n)
    everything(ledger)
    companies = ledger.companies()
    once = find_alerts(ledger.table(), companies, DAY)
    shuffled = ledger.table(np.random.default_rng(seed).permutation(len(ledger.rows)))
    assert find_alerts(shuffled, companies, DAY) == once
    assert {alert.pattern for alert in once} >= {"brushing_ring", "slander", "closed_circle"}


def test_alerts_are_a_table_of_integers_and_words(ledger):
    everything(ledger)
    found = ledger.alerts()
    table = alert_table(found)
    assert table.schema == ALERT and len(table) == len(found) >= 4
    assert table["strength_ppm"].to_pylist() == sorted(
        table["strength_ppm"].to_pylist(), reverse=True
    )
    for row in table.to_pylist():
        assert 0 < row["strength_ppm"] <= 1_000_000
        assert row["deals"] == sorted(row["deals"]) and row["since_day"] <= DAY


def test_what_happens_later_is_not_known_yet(ledger):
    everything(ledger)
    early = find_alerts(ledger.table(), ledger.companies(), DAY - 200)
    assert early == []


def test_a_stricter_policy_finds_less(ledger):
    for n in range(4):
        ledger.promise(SELLER, NEW + n, 30 - n)
    assert ledger.patterns() == {"brushing_ring"}
    strict = WatchPolicy(bits=60)
    assert find_alerts(ledger.table(), ledger.companies(), DAY, strict) == []


def test_chance_is_bounded_by_the_exact_tail():
    from scipy.stats import binom

    for n, k, p in [(10, 8, 0.03), (30, 10, 0.05), (5, 5, 0.2), (40, 12, 0.1)]:
        bits = float(bits_of(np.array([k]), np.array([n]), np.array([p]))[0])
        assert 0 < bits <= -np.log2(binom.sf(k - 1, n, p))


def test_a_market_full_of_rings_does_not_make_them_usual():
    found, among = np.array([0] * 50 + [9] * 10), np.full(60, 10)

    def suspects(usual):
        return bits_of(found, among, np.full(60, usual)) >= 13

    assert usual_share(found, among, 0.02, suspects) == 0.02


# contributors


def told(alone: dict[str, int], shared: dict[str, int], odd: dict[str, int]) -> pa.Table:
    """Deals that contributors speak of alone, together with the bank, and in contradiction to it."""
    rows, deal = [], 0
    for name, count in alone.items():
        for _ in range(count):
            deal += 1
            rows.append((deal, name, DAY - 50, False))
    for name, count in shared.items():
        for n in range(count):
            deal += 1
            wrong = n < odd.get(name, 0)
            rows += [(deal, name, DAY - 40, wrong), (deal, "bank", DAY - 40, wrong)]
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(c) for c in columns], names=TOLD.names).cast(TOLD)


def sources(table: pa.Table) -> dict[str, tuple[str, ...]]:
    nobody = pa.table(
        {"company": pa.array([], pa.int64()), "verified_day": pa.array([], pa.int32())}
    )
    found = find_alerts(VALUED.empty_table(), nobody, DAY, told=table)
    return {alert.pattern: alert.contributors for alert in found}


def test_who_alone_sees_what_it_sees_is_named():
    shared = {f"market {n}": 60 for n in range(4)}
    alone = {"forger": 50, "market 0": 5, "market 1": 3}
    assert sources(told(alone, shared, {})) == {"lone_contributor": ("forger",)}


def test_where_every_shop_hands_in_its_own_books_nobody_is():
    assert sources(told({f"shop {n}": 50 for n in range(5)}, {"market": 20}, {})) == {}


def test_whom_the_others_contradict_is_named():
    shared = {f"market {n}": 60 for n in range(4)}
    odd = {"market 0": 30, "market 1": 1}
    assert sources(told({}, shared, odd)) == {"odd_contributor": ("market 0",)}
    assert sources(told({}, shared, {"market 0": 3})) == {}
