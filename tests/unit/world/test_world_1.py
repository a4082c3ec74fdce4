"""`world-1`: the laws that a benchmark must keep, whoever rates by it."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallystick.evidence.kinds import KINDS
from tallystick.world import WorldConfig, WorldError, simulate
from tallystick.world.companies import PROMISES
from tallystick.world.config import MAX_COMPANIES
from tallystick.world.latent import BASE_RATES
from tallystick.world.society import found

CONFIG = WorldConfig(companies=3000, deals=15_000, seed=5, world="world-1")
AS_OF = date(1970, 1, 1) + timedelta(days=CONFIG.as_of_day)
HORIZON = date(1970, 1, 1) + timedelta(days=CONFIG.horizon)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("world-1") / "w"
    summary = simulate(CONFIG, out)
    return out, summary


@pytest.fixture(scope="module")
def sql(world):
    out, _ = world
    con = duckdb.connect()
    for edition in ("known", "later"):
        con.execute(
            f"CREATE VIEW {edition} AS SELECT * FROM "
            f"read_parquet('{out}/{edition}/*/part-*.parquet', union_by_name=true)"
        )
    for path in (out / "truth").glob("*.parquet"):
        con.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
    return lambda text: con.execute(text).fetchall()


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path):
    made = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate(WorldConfig(600, 1500, seed, world="world-1"), tmp_path / name)
        made.append(digests(tmp_path / name))
    assert made[0] == made[1]
    assert made[0]["truth/promises.parquet"] != made[2]["truth/promises.parquet"]


def test_the_plain_world_is_what_it_was(tmp_path):
    """Its values, not its bytes: those may follow the version of Parquet."""
    simulate(WorldConfig(companies=60, deals=300, seed=9), tmp_path / "w")
    digest = sha256()
    for path in sorted((tmp_path / "w").rglob("*.parquet")):
        told = pq.read_table(path).to_pydict()
        for later in ("buyer_number", "seller_number"):  # columns of the truth that came later
            told.pop(later, None)
        digest.update(repr(told).encode())
    assert digest.hexdigest()[:16] == "8f3adac894e951e3"


def test_summary_counts_what_is_there(world, sql):
    out, summary = world
    told = sql("SELECT COUNT(*) FROM known")[0][0] + sql("SELECT COUNT(*) FROM later")[0][0]
    assert summary.document_count == told
    assert summary.deals == sql("SELECT COUNT(*) FROM deals")[0][0] == 15_000
    sizes = [p.stat().st_size for p in out.rglob("*") if p.is_file()]
    assert (summary.files, summary.bytes) == (len(sizes), sum(sizes))


@pytest.mark.parametrize("kind", PROMISES)
def test_outcomes_agree_with_the_probability_at_which_they_were_drawn(sql, kind):
    count, broken, expected, variance = sql(
        f"SELECT COUNT(*), SUM(broken::INT), SUM(p_true), SUM(p_true * (1 - p_true)) "
        f"FROM promises WHERE kind = '{kind}'"
    )[0]
    assert count > 0
    assert abs(broken - expected) < 4 * np.sqrt(variance) + 1


def test_outcomes_agree_in_every_tenth_by_probability(sql):
    rows = sql(
        "SELECT SUM(broken::INT), SUM(p_true), SUM(p_true * (1 - p_true)) FROM "
        "(SELECT *, NTILE(10) OVER (ORDER BY p_true) AS tenth FROM promises WHERE planted IS NULL) "
        "GROUP BY tenth"
    )
    for broken, expected, variance in rows:
        assert abs(broken - expected) < 4 * np.sqrt(variance)


def test_kinds_are_broken_at_realistic_rates(sql):
    assert set(BASE_RATES) == set(PROMISES)
    rates = dict(
        sql(
            "SELECT kind, AVG(p_true) FROM promises JOIN companies ON company = promisor "
            "WHERE planted IS NULL AND trading GROUP BY kind HAVING COUNT(*) > 1000"
        )
    )
    assert len(rates) >= 8
    for kind, rate in rates.items():
        assert 0.02 < rate < 0.26, kind


def test_the_oracle_ranks_as_well_as_in_life(sql):
    from tallystick.world.board import auc

    rows = sql(
        "SELECT broken, s.p FROM promises p JOIN state s ON s.company = promisor AND s.kind = p.kind "
        "JOIN companies c ON c.company = promisor WHERE trading AND fraud IS NULL AND planted IS NULL "
        f"AND made_on > '{AS_OF}' AND made_on <= '{AS_OF + timedelta(days=90)}'"
    )
    broken, p = (np.array(column) for column in zip(*rows, strict=True))
    assert 0.74 < auc(broken, p) < 0.84


def test_nothing_is_told_before_it_happened(sql):
    assert sql("SELECT MAX(issued_on), MAX(happened_at)::DATE FROM known")[0] <= (AS_OF, AS_OF)
    assert max(sql("SELECT MAX(issued_on), MAX(happened_at)::DATE FROM later")[0]) < HORIZON
    assert sql("SELECT COUNT(*) FROM errors WHERE said_on <= happened_on") == [(0,)]
    assert sql("SELECT COUNT(*) FROM errors")[0][0] > 30


def test_some_of_what_happened_in_time_is_told_late(sql):
    late = sql(f"SELECT COUNT(*) FROM later WHERE issued_on <= '{AS_OF}'")[0][0]
    assert 0.0005 < late / sql("SELECT COUNT(*) FROM known")[0][0] < 0.05


@pytest.mark.parametrize("edition", ["known", "later"])
def test_documents_are_of_their_kind(sql, edition):
    pairs = sql(f"SELECT DISTINCT kind, status FROM {edition} WHERE status IS NOT NULL")
    assert [(k, s) for k, s in pairs if s not in KINDS[k].statuses] == []
    assert sql(f"SELECT DISTINCT kind FROM {edition} WHERE due_on < issued_on") == []


def test_planted_deals_are_those_of_their_rings(sql):
    """Labels of deals, of companies and of rings say the same."""
    assert sql("SELECT COUNT(*) FROM deals WHERE (planted IS NULL) <> (ring IS NULL)") == [(0,)]
    assert sql(
        "SELECT COUNT(*) FROM deals d JOIN rings r USING (ring) WHERE d.planted <> r.scheme "
        "OR d.opened_on < r.since OR d.opened_on >= r.until "
        "OR NOT (d.buyer = ANY(r.firms) OR r.scheme = 'exit_scam') "
        "OR NOT (d.seller = ANY(r.firms) OR d.seller = r.seller)"
    ) == [(0,)]
    schemes = {
        row[0] for row in sql("SELECT DISTINCT planted FROM deals WHERE planted IS NOT NULL")
    }
    assert schemes == {"brushing", "collusion", "sybil", "slander", "exit_scam"}
    labelled = sql(
        "SELECT COUNT(*) FROM rings r, UNNEST(r.firms) f(firm) JOIN companies c ON c.company = f.firm "
        "WHERE c.fraud = r.scheme AND c.ring = r.ring"
    )
    assert labelled == sql("SELECT SUM(LEN(firms)) FROM rings")
    victims = sql(
        "SELECT COUNT(fraud) FROM rings r JOIN companies ON company = seller "
        "WHERE scheme = 'slander'"
    )
    assert victims == [(0,)]


def test_sham_deals_break_nothing_and_no_carrier_sees_them_but_the_one_that_lies(sql):
    shams = "('brushing', 'sybil', 'collusion')"
    assert sql(f"SELECT SUM(broken::INT) FROM promises WHERE planted IN {shams}") == [(0,)]
    seen = sql(
        "SELECT DISTINCT d.planted, t.carrier_id FROM deals d JOIN (SELECT * FROM known UNION ALL "
        "SELECT * FROM later) t ON t.kind = 'transport_event' AND NOT d.trade "
        "AND t.ref_order = 'PO' || LPAD(d.deal::VARCHAR, 12, '0') AND t.namespace IS NOT NULL "
        f"WHERE d.planted IN {shams}"
    )
    assert seen == sql(
        "SELECT DISTINCT 'collusion', contributor FROM rings WHERE scheme = 'collusion'"
    )


def test_exit_scammers_keep_their_word_until_they_take_the_money(sql):
    rows = dict(
        sql(
            "SELECT p.made_on >= r.since, AVG(p.p_true) FROM promises p JOIN rings r "
            "ON r.seller = p.promisor AND r.scheme = 'exit_scam' GROUP BY 1"
        )
    )
    assert rows[False] < 0.06 and rows[True] > 0.5


def test_who_left_does_nothing_more_and_breaks_what_was_open(sql):
    gone = sql(
        "SELECT COUNT(*) FROM (SELECT * FROM known UNION ALL SELECT * FROM later) t "
        "JOIN companies c ON c.company = t.seller_id "
        "WHERE t.kind IN ('dispatch', 'quotation', 'refund') AND t.issued_on > c.left_on + 7"
    )
    assert gone == [(0,)]
    rows = sql(
        "SELECT COUNT(*), AVG(broken::INT) FROM promises JOIN companies ON company = promisor "
        "WHERE kind = 'dispatch' AND fraud IS NULL AND due_on >= left_on + 3 AND made_on < left_on"
    )
    assert rows[0][0] == 0 or rows[0][1] > 0.5
    dissolved = sql(
        "SELECT COUNT(*), MIN(t.issued_on - c.left_on) FROM (SELECT * FROM known UNION ALL "
        "SELECT * FROM later) t JOIN companies c ON STARTS_WITH(t.subject_id, c.company) "
        "WHERE t.status = 'dissolved'"
    )[0]
    assert dissolved[0] > 20 and dissolved[1] >= 7


def test_failing_firms_leave_more_often(sql):
    left, stayed = sql(
        "SELECT AVG(first_state) FROM companies WHERE trading AND fraud IS NULL "
        "GROUP BY left_on IS NULL ORDER BY left_on IS NULL"
    )
    assert left[0] > stayed[0] + 0.2


def test_a_firm_whose_supplier_closed_is_likelier_to_break_its_word():
    config = WorldConfig(companies=20_000, deals=0, seed=2, world="world-1")
    latent = found(config).latent
    closed = np.where(latent.supplier >= 0, latent.left_on[latent.supplier], 0)
    rises = []
    for month in range(1, len(latent.state) - 1):
        start = config.first_day + 30 * month
        hit = (start <= closed) & (closed < start + 30)
        change = (latent.state[month + 1] - latent.state[month]).astype(np.float64)
        rises.append((change[hit].sum(), hit.sum(), change[~hit].mean()))
    total, count, others = (np.array(column) for column in zip(*rises, strict=True))
    assert count.sum() > 200
    assert total.sum() / count.sum() > others.mean() + 0.4


def test_identities_that_were_used_again(sql):
    rows = sql(
        "SELECT i.fraud, n.joined_on > o.left_on, n.first_state = o.first_state, n.account = o.account "
        "FROM identities i JOIN companies n USING (company) JOIN companies o ON o.company = i.former"
    )
    assert len(rows) > 10
    assert all(later and same for _, later, same, _ in rows)
    assert {fraud for fraud, *_ in rows} == {True, False}
    assert 0.3 < np.mean([account for *_, account in rows]) < 0.9


def test_conduct_does_not_depend_on_size_and_on_country_only_where_asked():
    for effect, spread in ((0.0, False), (1.0, True)):
        config = WorldConfig(40_000, 0, 7, world="world-1", country_effect=effect)
        society = found(config)
        honest = np.flatnonzero(society.rings.label < 0)
        state = society.latent.state[0, honest].astype(np.float64)
        for group, may in ((society.size[honest], False), (society.country[honest], spread)):
            means = [state[group == code].mean() for code in np.unique(group)]
            noise = [4 / np.sqrt((group == code).sum()) for code in np.unique(group)]
            far = np.abs(np.array(means) - state.mean()) > np.array(noise)
            assert far.any() == may


def test_truth_is_complete_and_probable(sql):
    low, high, count = sql("SELECT MIN(p), MAX(p), COUNT(*) FROM state")[0]
    assert 0 < low < high < 1 and count > 10_000
    assert sql(
        "SELECT COUNT(*) FROM promises WHERE p_true IS NULL OR p_true NOT BETWEEN 0 AND 1"
    ) == [(0,)]
    assert sql("SELECT COUNT(*) FROM promises WHERE broken AND fault IS NULL") == [(0,)]
    third = {row[0] for row in sql("SELECT DISTINCT fault FROM promises WHERE NOT broken")}
    assert {"customs", "bank", "buyer"} <= third
    assert sql("SELECT COUNT(*) FROM promises WHERE due_on < made_on") == [(0,)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"world": "world-2"}, "world-1"),
        ({"country_effect": 9.0}, "country_effect"),
        ({"as_of": date(2031, 1, 1)}, "as_of"),
        ({"names": "varied"}, "names"),
        ({"companies": MAX_COMPANIES + 1}, "companies"),
    ],
)
def test_a_world_out_of_range_is_refused(wrong, said):
    with pytest.raises(WorldError, match=said):
        WorldConfig(**({"companies": 10, "deals": 10, "seed": 0, "world": "world-1"} | wrong))


def test_smallest_worlds(tmp_path):
    nothing = simulate(WorldConfig(2, 0, 0, world="world-1"), tmp_path / "a")
    assert set(nothing.documents) <= {"profile", "registration"}
    small = WorldConfig(2, 3, 0, days=1, world="world-1")
    assert simulate(small, tmp_path / "b").deals == 3
    assert pq.read_table(tmp_path / "b" / "truth" / "rings.parquet").num_rows == 0
    assert isinstance(pq.read_table(tmp_path / "b" / "truth" / "promises.parquet"), pa.Table)
