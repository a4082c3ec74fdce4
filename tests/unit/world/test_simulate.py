"""What `simulate` writes: the same every time, in the documented columns, and true to what was drawn."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from tallystick.evidence.kinds import CONTRIBUTOR_KINDS, FAULTS, KINDS, ROLES, TERMS
from tallystick.units import CURRENCIES
from tallystick.world import WorldConfig, WorldError, simulate
from tallystick.world.companies import PROMISES

CONFIG = WorldConfig(companies=400, deals=6000, seed=11)
HORIZON = date(2025, 12, 31)  # 730 days from 2024-01-01, a leap year: the first day not told


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("world") / "w"
    summary = simulate(CONFIG, out)
    return out, summary


@pytest.fixture(scope="module")
def sql(world):
    out, _ = world
    con = duckdb.connect()
    con.execute(
        f"CREATE VIEW d AS SELECT * FROM read_parquet('{out}/*/part-*.parquet', union_by_name=true)"
    )
    for name in ("companies", "deals"):
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM '{out}/truth/{name}.parquet'")
    return lambda text: con.execute(text).fetchall()


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_seed_same_bytes_other_seed_other_bytes(world, tmp_path):
    out, _ = world
    simulate(CONFIG, tmp_path / "again")
    assert digests(tmp_path / "again") == digests(out)
    simulate(WorldConfig(companies=400, deals=6000, seed=12), tmp_path / "other")
    other = digests(tmp_path / "other")
    assert other["marketplace/part-00000.parquet"] != digests(out)["marketplace/part-00000.parquet"]


def test_summary_counts_what_is_there(world, sql):
    out, summary = world
    told = dict(sql("SELECT kind, COUNT(*) FROM d GROUP BY kind"))
    assert told == summary.documents
    assert summary.document_count == sum(told.values())
    assert summary.companies == sql("SELECT COUNT(*) FROM companies")[0][0]
    assert summary.deals == 6000 == sql("SELECT COUNT(*) FROM deals")[0][0]
    sizes = [p.stat().st_size for p in out.rglob("*") if p.is_file()]
    assert (summary.files, summary.bytes) == (len(sizes), sum(sizes))


def test_about_seven_documents_a_deal_by_default_and_more_with_detail(world, tmp_path):
    _, summary = world
    assert 6 < summary.document_count / summary.deals < 8.5
    bare = simulate(WorldConfig(companies=400, deals=2000, seed=1, detail=0.0), tmp_path / "bare")
    rich = simulate(WorldConfig(companies=400, deals=2000, seed=1, detail=1.0), tmp_path / "rich")
    assert 4 < bare.document_count / 2000 < 6.5
    assert rich.document_count / 2000 > 13


def test_columns_are_documented_ones(sql):
    named = Path("docs/reference/documents.md")
    documented = set(re.findall(r"`([a-z_]+)`", (Path(__file__).parents[3] / named).read_text()))
    documented |= {f"{role}_{part}" for role in ROLES for part in ("id", "name", "country")}
    documented |= {f"ref_{kind}" for kind in KINDS}
    columns = {row[0] for row in sql("SELECT column_name FROM (DESCRIBE d)")}
    assert columns <= documented


@pytest.mark.parametrize(
    ("column", "known"),
    [
        ("kind", set(KINDS)),
        ("terms", set(TERMS)),
        ("fault", set(FAULTS)),
        ("currency", set(CURRENCIES)),
        ("namespace", {"tradeport"}),
    ],
)
def test_codes_are_known(sql, column, known):
    found = {row[0] for row in sql(f"SELECT DISTINCT {column} FROM d WHERE {column} IS NOT NULL")}
    assert found and found <= known


def test_statuses_are_those_of_their_kind(sql):
    pairs = sql("SELECT DISTINCT kind, status FROM d WHERE status IS NOT NULL")
    assert [(k, s) for k, s in pairs if s not in KINDS[k].statuses] == []


def test_every_kind_has_the_parties_that_it_needs(sql):
    for (kind,) in sql("SELECT DISTINCT kind FROM d"):
        for role in KINDS[kind].needs:
            missing = sql(f"SELECT COUNT(*) FROM d WHERE kind = '{kind}' AND {role}_id IS NULL")
            assert missing == [(0,)], (kind, role)


def test_contributors_say_who_they_are(world):
    out, _ = world
    for folder in {path.parent for path in out.glob("*/part-*.parquet")}:
        said = tomllib.loads((folder / "contributor.toml").read_text(encoding="utf-8"))
        assert said["kind"] in CONTRIBUTOR_KINDS and said["name"]
    assert not (out / "truth" / "contributor.toml").exists()
    assert (out / ".tallystickignore").read_text() == "truth/\n"


def test_nothing_is_told_after_the_horizon(sql):
    last = sql("SELECT MAX(issued_on), MAX(happened_at)::DATE FROM d")[0]
    assert last[0] < HORIZON and last[1] < HORIZON


def test_numbers_are_unique_where_they_must_be(sql):
    """A number belongs to its kind, its namespace and, outside of one, to the role that gives it."""
    for (kind,) in sql("SELECT DISTINCT kind FROM d"):
        role = KINDS[kind].numbered_by
        owner = f"CASE WHEN namespace IS NULL THEN {role}_id END" if role else "NULL"
        twice = f"SELECT 1 FROM d WHERE kind = '{kind}' GROUP BY namespace, number, {owner}"
        found = sql(f"{twice} HAVING COUNT(*) > 1")
        # An official identifier is the number of a registration; a company may hold several of them.
        assert found == [], kind


def test_buyers_number_their_own_orders_in_trade(sql):
    same = sql(
        "SELECT COUNT(DISTINCT buyer_id) FROM d "
        "WHERE kind = 'order' AND namespace IS NULL AND number = 'PO000000000001'"
    )
    assert same[0][0] > 50


@pytest.mark.parametrize(
    ("later", "earlier", "by"),
    [
        ("order_confirmation", "order", "order"),
        ("dispatch", "order", "order"),
        ("receipt", "dispatch", "order"),
        ("dispute_ruling", "dispute", "dispute"),
        ("payment", "invoice", "invoice"),
        ("credit_note", "invoice", "invoice"),
        ("import_declaration", "export_declaration", "order"),
        ("refund", "refund_approval", "order"),
    ],
)
def test_events_follow_each_other(sql, later, earlier, by):
    owner = {"order": "buyer_id", "invoice": "seller_id", "dispute": "buyer_id"}[by]
    own = "number" if earlier == by else f"ref_{by}"
    rows = sql(
        f"SELECT COUNT(*), COUNT(*) FILTER (WHERE b.happened_at < a.happened_at) FROM d a JOIN d b "
        f"ON a.{own} = b.ref_{by} AND a.{owner} = b.{owner} "
        f"AND a.namespace IS NOT DISTINCT FROM b.namespace "
        f"WHERE a.kind = '{earlier}' AND b.kind = '{later}'"
    )
    assert rows[0][0] > 0 and rows[0][1] == 0


def test_due_dates_do_not_lie_before_the_issue(sql):
    assert sql("SELECT DISTINCT kind FROM d WHERE due_on < issued_on") == []


def test_payments_after_due_show_the_rate_that_was_drawn(sql):
    """Mature invoices on credit: late or unpaid as often as the truth says."""
    credit = ", ".join(f"'{term}'" for term, given in TERMS.items() if given)
    told = sql(
        f"SELECT AVG(CASE WHEN p.last IS NULL OR p.last > i.due_on THEN 1.0 ELSE 0 END), COUNT(*) "
        f"FROM d i LEFT JOIN (SELECT seller_id, namespace, ref_invoice, SUM(amount_minor) AS paid, "
        f"MAX(issued_on) AS last FROM d WHERE kind = 'payment' AND ref_invoice IS NOT NULL "
        f"GROUP BY ALL) p ON p.seller_id = i.seller_id AND p.ref_invoice = i.number "
        f"AND p.namespace IS NOT DISTINCT FROM i.namespace AND p.paid = i.amount_minor "
        f"LEFT JOIN d c ON c.kind = 'credit_note' AND c.ref_invoice = i.number "
        f"AND c.seller_id = i.seller_id AND c.namespace IS NOT DISTINCT FROM i.namespace "
        f"WHERE i.kind = 'invoice' AND i.terms IN ({credit}) AND c.number IS NULL "
        f"AND i.due_on < DATE '{HORIZON}'"
    )[0]
    drawn = sql("SELECT AVG(broke_pay::INT) FROM deals WHERE broke_pay IS NOT NULL")[0][0]
    assert told[1] > 900
    assert abs(told[0] - drawn) < 0.03


@pytest.mark.parametrize("kind", PROMISES)
def test_truth_is_a_probability_or_null(sql, kind):
    low, high, known = sql(
        f"SELECT MIN(breaks_{kind}), MAX(breaks_{kind}), COUNT(breaks_{kind}) FROM companies"
    )[0]
    assert known > 0 and 0 < low <= high < 1


def test_outcomes_follow_the_latent_probability(sql):
    """Companies in the worse half by latent probability break more, kind by kind."""
    for kind, side in (("dispatch", "seller"), ("pay", "buyer"), ("conform", "seller")):
        rows = sql(
            f"SELECT breaks_{kind} > (SELECT MEDIAN(breaks_{kind}) FROM companies) AS worse, "
            f"AVG(broke_{kind}::INT) FROM deals JOIN companies ON company = {side} "
            f"WHERE broke_{kind} IS NOT NULL GROUP BY worse ORDER BY worse"
        )
        assert rows[1][1] > 2 * rows[0][1], kind


def test_a_late_carrier_leaves_the_day_of_dispatch_alone(sql):
    """Where the carrier came late, the seller's own notice is on or before the carrier's due date."""
    rows = sql(
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE n.issued_on > b.due_on) FROM d e "
        "JOIN d b ON b.kind = 'booking' AND b.ref_order = e.ref_order AND b.buyer_id = e.buyer_id "
        "JOIN d n ON n.kind = 'dispatch' AND n.ref_order = e.ref_order AND n.buyer_id = e.buyer_id "
        "AND n.namespace IS NULL "
        "WHERE e.kind = 'transport_event' AND e.status = 'collected' AND e.fault = 'carrier'"
    )
    assert rows[0][0] > 5 and rows[0][1] == 0


@pytest.mark.parametrize(
    "wrong",
    [{"companies": 1}, {"deals": -1}, {"detail": 1.5}, {"days": 0}, {"seed": -1}, {"banks": 0}],
)
def test_a_world_out_of_range_is_refused(wrong):
    with pytest.raises(WorldError, match=next(iter(wrong))):
        WorldConfig(**({"companies": 10, "deals": 10, "seed": 0} | wrong))


def test_smallest_worlds(tmp_path):
    nothing = simulate(WorldConfig(companies=2, deals=0, seed=0), tmp_path / "a")
    assert set(nothing.documents) <= {"profile", "registration"}
    assert simulate(WorldConfig(companies=2, deals=3, seed=0, days=1), tmp_path / "b").deals == 3


def test_an_occupied_folder_is_left_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(WorldError, match="empty folder"):
        simulate(CONFIG, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_leaves_nothing_behind(tmp_path):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(CONFIG, tmp_path / "w", stop)
    assert not (tmp_path / "w").exists()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_deals(tmp_path):
    """Six chunks of deals take little more than two: peak resident memory of a process of its own."""
    program = (
        "import sys; from pathlib import Path; from tallystick.world import *; "
        "from benchmarks.common import peak_mb; "
        "simulate(WorldConfig(1000, int(sys.argv[1]), 5), Path(sys.argv[2])); print(peak_mb())"
    )
    peak = [
        float(
            subprocess.check_output(
                [sys.executable, "-c", program, str(n), tmp_path / str(n)],
                cwd=Path(__file__).parents[3],
            )
        )
        for n in (200_000, 600_000)
    ]
    assert 100 < peak[1] < 1.4 * peak[0] and peak[1] < 900
