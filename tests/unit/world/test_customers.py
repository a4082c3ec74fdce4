"""A world with varied names: contributors describe their customers, and the truth says whom they mean."""

from collections import Counter
from hashlib import sha256

import duckdb
import pyarrow.parquet as pq
import pytest

from tallystick.world import WorldConfig, WorldError, simulate

CONFIG = WorldConfig(companies=300, deals=500, seed=4, names="varied")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("world") / "w"
    return out, simulate(CONFIG, out)


@pytest.fixture(scope="module")
def sql(world):
    out, _ = world
    con = duckdb.connect()
    con.execute(
        f"CREATE VIEW d AS SELECT *, split_part(filename, '/', -2) AS folder "
        f"FROM read_parquet('{out}/*/part-*.parquet', union_by_name=true, filename=true) "
        f"WHERE kind = 'profile' AND namespace <> 'tradeport'"
    )
    for name in ("companies", "descriptions", "firms"):
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM '{out}/truth/{name}.parquet'")
    return lambda text: con.execute(text).fetchall()


def test_the_same_seed_gives_the_same_bytes(world, tmp_path):
    out, summary = world
    again = simulate(CONFIG, tmp_path / "again")
    assert again == summary
    for path in sorted(out.rglob("*.parquet")):
        other = tmp_path / "again" / path.relative_to(out)
        assert sha256(other.read_bytes()).digest() == sha256(path.read_bytes()).digest(), path


def test_banks_carriers_and_others_describe_customers_under_their_own_numbers(sql):
    told = sql("SELECT folder, number, subject_id, subject_name FROM d")
    folders = Counter(folder for folder, *_ in told)
    assert {"bank-01", "bank-02", "carrier-01", "customs", "insurer", "payment-service"} <= set(
        folders
    )
    assert "marketplace" not in folders and "registry" not in folders
    without = 0
    for folder, number, subject, name in told:
        assert name
        assert subject in (None, f"id:{folder}.customer:{number}")
        without += subject is None
    assert len(told) * 0.05 < without < len(told) * 0.25


def test_numbers_are_unique_in_their_namespace(sql):
    assert sql("SELECT namespace, number FROM d GROUP BY ALL HAVING COUNT(*) > 1") == []
    assert sql("SELECT DISTINCT namespace = folder FROM d") == [(True,)]


def test_truth_has_a_row_for_each_description(sql):
    pairs = (
        "SELECT folder, number, subject_id, subject_name, subject_country FROM d",
        "SELECT contributor, number, id, name, country FROM descriptions",
    )
    told, truth = (sorted(sql(text), key=repr) for text in pairs)
    assert told == truth
    unknown = "SELECT company FROM descriptions EXCEPT SELECT company FROM companies"
    assert sql(unknown) == []
    assert sql("SELECT COUNT(*) FROM firms")[0][0] == 300


def test_companies_are_known_by_the_names_that_are_varied(sql):
    assert (
        sql("SELECT COUNT(*) FROM firms JOIN companies USING (company, name, country)")[0][0] == 300
    )
    look_alike = "SELECT COUNT(*) FROM firms a JOIN firms b ON a.of = b.company WHERE a.kin <> ''"
    assert sql(look_alike)[0][0] > 5


def test_details_are_in_the_columns_of_their_kind(sql):
    count, address, account, domain, others, founded = sql(
        "SELECT COUNT(*), COUNT(subject_address), COUNT(subject_account), COUNT(subject_domain), "
        "COUNT(subject_other_names), COUNT(subject_founded) FROM d"
    )[0]
    assert count > address > count / 2
    assert min(account, domain, founded) > 5 and others >= 0


def test_registers_tell_address_and_founding(world):
    out, _ = world
    told = pq.read_table(out / "registry" / "part-00000.parquet").to_pylist()
    assert all(row["subject_address"] and row["subject_founded"] for row in told[:20])


def test_plain_worlds_have_no_such_columns(tmp_path):
    simulate(WorldConfig(companies=30, deals=300, seed=4), tmp_path / "w")
    names = pq.read_schema(tmp_path / "w" / "carrier-01" / "part-00000.parquet").names
    assert not [name for name in names if name.startswith("subject_")]
    assert not (tmp_path / "w" / "truth" / "descriptions.parquet").exists()


def test_names_are_plain_or_varied():
    with pytest.raises(WorldError, match="names"):
        WorldConfig(companies=10, deals=10, seed=0, names="other")
