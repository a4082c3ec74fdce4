"""Linking from end to end on small tables: persons, companies across scripts, payments one to one."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from tallystick.adapters.linking import ModelError, link, link_files, measure

pytest.importorskip("splink")

GIVEN = (
    "ada bert carl dora emil frieda gustav hanna ivan jana karl lena max nora otto paula".split()
)
LAST = "adler brandt cramer decker engel fuchs gerber hahn jung keller lang maurer neumann".split()


def people(count: int, seed: int) -> pa.Table:
    """Persons, each told twice; the second time with a slip in the surname."""
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        given, last = rng.choice(GIVEN), rng.choice(LAST)
        born = f"{rng.randint(1930, 1999)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        code = f"{rng.randint(10000, 99999)}"
        rows += [(n, given, last, born, code), (n, given, last[:-1] + "x", born, code)]
    names = ["who", "first_name", "surname", "dob", "postcode"]
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return people(150, 3)


def test_persons_with_slips_are_found_and_weights_add_up(table: pa.Table) -> None:
    found = link([table], "person")
    quality = measure(found.clusters, table["who"].to_pylist())
    assert quality.pairwise.precision > 0.98 and quality.pairwise.recall > 0.98
    fields = [c.removesuffix("_said") for c in found.pairs.column_names if c.endswith("_said")]
    for row in found.pairs.to_pylist():
        assert row["weight"] == row["prior"] + sum(row[field] for field in fields)


def test_the_order_of_rows_does_not_matter_where_records_are_named(table: pa.Table) -> None:
    ids = [f"r{n}" for n in range(table.num_rows)]
    order = random.Random(1).sample(range(table.num_rows), table.num_rows)
    first = link([table], "person", ids=[ids])
    second = link([table.take(order)], "person", ids=[[ids[n] for n in order]])
    straight = [first.clusters[n] for n in order]
    assert measure(second.clusters, straight).figures() == (1.0,) * 6


def test_companies_meet_across_scripts_and_registers_keep_apart() -> None:
    names = [
        "深圳市华强电子有限公司",
        "Shenzhen Huaqiang Electronics Co., Ltd.",
        "ООО «Газпром экспорт»",
    ]
    names += ["Gazprom Export LLC", "Borealis Trading Ltd", "Borealis Trading Limited"]
    firms = [f"{a} {b}" for a, b in zip(GIVEN, LAST, strict=False)]
    names += [f"{firm} GmbH" for firm in firms]
    register = [None, None, None, None, "1", "2", *[None] * len(firms)]
    country = ["CN", "CN", "RU", "RU", "GB", "GB", *["DE"] * len(firms)]
    table = pa.table({"company_name": names, "register_id": register, "country": country})
    clusters = link([table], "company").clusters
    assert clusters[0] == clusters[1] and clusters[2] == clusters[3]
    assert clusters[4] != clusters[5]
    assert len(set(clusters[6:])) == len(firms)


def test_payments_meet_one_to_one() -> None:
    rng = random.Random(5)
    sent = [
        (f"invoice {n} {rng.choice(LAST)}", f"2026-01-{1 + n % 20:02}", 100 + n // 3)
        for n in range(90)
    ]
    names = ("memo", "date", "amount")
    left = pa.table(dict(zip(names, map(list, zip(*sent, strict=True)), strict=True)))
    later = [(memo[:15], f"2026-01-{int(day[-2:]) + 1:02}", amount) for memo, day, amount in sent]
    right = pa.table(dict(zip(names, map(list, zip(*later, strict=True)), strict=True)))
    clusters = link([left, right], "payment").clusters
    quality = measure(clusters, [*range(90), *range(90)])
    assert quality.pairwise.precision > 0.9 and quality.pairwise.recall > 0.9
    assert max(clusters.count(c) for c in clusters) == 2


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(ModelError, match="no records in it"):
        link([people(3, 1).slice(0, 0)], "person")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


Refused = Callable[[Path], object]


@pytest.mark.parametrize(
    ("text", "id_column", "says"),
    [
        ("id,surname,dob\n1,a,b\n1,c,d\n", "id", "row 2: id 1 stands in row 1 too"),
        ("id,surname,dob\n1,a,b\n,c,d\n", "id", "row 2: id is empty"),
        ("id,surname,dob\n1,a,b\n", "key", "there is no column key; there are id, surname, dob"),
    ],
)
def test_trouble_with_a_file_names_the_row_and_the_fix(
    tmp_path: Path, text: str, id_column: str, says: str
) -> None:
    path = write(tmp_path, "people.csv", text)
    with pytest.raises(ModelError) as told:
        link_files([path], "person", id_column=id_column)
    assert "people.csv" in str(told.value) and says in str(told.value)
