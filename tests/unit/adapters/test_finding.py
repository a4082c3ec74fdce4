"""Companies are found in a cut, and what they are found by comes back the same however it was made."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tallystick.adapters import find_index, finding
from tallystick.adapters.cuts import Cut
from tallystick.adapters.find_index import FOLDER, open_index
from tallystick.adapters.finding import company_meant, find_companies
from tallystick.evidence.identifiers import describe, split_ref
from tallystick.evidence.ledger import EvidenceError
from tallystick.identity import COMPANY
from tallystick.rating import Policy
from tallystick.units import code_of
from tallystick.world.names import SCRIPTS, compose

IDS = {
    1: ["lei:529900T8BM49AURSDO55", "id:shop:A-1234567"],
    2: ["cn.uscc:91440300708461136T"],
    3: ["id:" + "9" * 40 + "1"],
    4: ["id:" + "9" * 40 + "2"],
    5: [],
}
NAMES = {
    1: ["深圳市华强电子有限公司", "Shenzhen Huaqiang Electronics Co., Ltd."],
    2: ["Borealis Trading Ltd"],
    3: ["Kestrel Trading Ltd"],
    4: ["Kestrel Trading Ltd", "N/A"],
    5: [],
}


def cut_of(
    folder: Path,
    names: Mapping[int, Sequence[str]],
    ids: Mapping[int, Sequence[str]] | None = None,
    merged: Mapping[int, int] | None = None,
) -> Cut:
    """A cut with no more than companies in it."""
    keys = sorted(names)
    rows = {
        "company": keys,
        "ref": [f"id:{key}" for key in keys],
        "name": [next(iter(names[key]), None) for key in keys],
        "country": ["CN"] * len(keys),
        "ids": [list((ids or {}).get(key, [])) for key in keys],
        "names": [list(names[key]) for key in keys],
        "country_by": [None] * len(keys),
    }
    cut = Cut(folder, 0, None, Policy())  # type: ignore[arg-type]
    cut.put("companies", pa.table(rows, schema=COMPANY))
    moved = sorted((merged or {}).items())
    schema = pa.schema([("party", pa.int64()), ("company", pa.int64())])
    cut.put("merged", pa.Table.from_pylist([{"party": a, "company": b} for a, b in moved], schema))
    return cut


@pytest.fixture
def cut(tmp_path: Path) -> Cut:
    party = describe(None, None, [split_ref("lei:529900T8BM49AURSDO55")])
    assert party
    return cut_of(tmp_path / "a", NAMES, IDS, {party.party: 1})


def found(text: str, cut: Cut, limit: int = 20) -> list[tuple[int, str]]:
    return [(row["company"], row["match"]) for row in find_companies(text, cut, limit)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (code_of(2, "C"), [(2, "code")]),
        ("lei:529900T8BM49AURSDO55", [(1, "identifier")]),
        ("91440300708461136t", [(2, "identifier")]),
        ("9144030070", [(2, "similar")]),
        ("A-1234567", [(1, "identifier")]),
        ("9" * 40 + "2", [(4, "identifier")]),
        ("9" * 40, [(3, "similar"), (4, "similar")]),
        ("12345", []),
        ("huaqiang", [(1, "similar")]),
        ("深圳市华强电子有限公", [(1, "similar")]),
        ("kestrel trading", [(3, "name"), (4, "name")]),
        ("trading", [(2, "similar"), (3, "similar"), (4, "similar")]),
        ("", []),
        ("华" * 5000, []),
        ("e" * 5000, []),
    ],
)
def test_what_is_asked_is_found(text: str, rows: list[tuple[int, str]], cut: Cut) -> None:
    assert sorted(found(text, cut)) == rows
    assert sorted(found(text, cut)) == rows  # with the index, and now without making it


def test_a_company_of_that_very_name_comes_first_and_no_more_than_asked_for_come(cut: Cut) -> None:
    assert found("Shenzhen Huaqiang Electronics Co., Ltd.", cut)[0] == (1, "name")
    assert len(found("trading", cut, limit=2)) == 2


def test_a_company_is_named_by_what_only_it_bears(cut: Cut) -> None:
    for _ in range(2):
        assert company_meant("Borealis Trading Ltd", cut) == 2
        assert company_meant(code_of(3, "C"), cut) == 3
        open_index(cut)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kestrel Trading Ltd", "may mean several companies; give the code of one: C-"),
        (
            "huaqiang",
            "is not the whole name of a company; give the code of the one that is meant: C-",
        ),
        ("9144030070", "is not the whole name of a company"),
        ("Nowhere Textiles", "no company is called 'Nowhere Textiles'; try `tallystick find`"),
    ],
)
def test_what_means_no_one_company_is_told_with_the_nearest(text: str, told: str, cut: Cut) -> None:
    with pytest.raises(EvidenceError, match=re.escape(told)):
        company_meant(text, cut)


def test_the_reason_says_which_identifier_it_was(cut: Cut) -> None:
    (row,) = find_companies("A-1234567", cut, 5)
    assert row["why"] == ["has the identifier id:shop:A-1234567"]
    (row,) = find_companies("huaq", cut, 5, "zh")
    assert row["why"] == ["名称含“huaq”"]


def written(cut: Cut) -> dict[str, bytes]:
    open_index(cut)
    return {path.name: path.read_bytes() for path in (cut.folder / FOLDER).iterdir()}


def changed(names: Mapping[int, Sequence[str]], by: random.Random) -> dict[int, list[str]]:
    """Companies come and go, and some get another name, or one more."""
    pool = [name for script in SCRIPTS for name in compose(script, range(40))]
    now = {key: list(said) for key, said in names.items() if by.random() > 0.1}
    for key in list(now):
        if by.random() < 0.2:
            now[key] = by.choice([[], [by.choice(pool)], [*now[key], by.choice(pool)], ["N/A"]])
    return now | {by.randrange(500): [by.choice(pool)] for _ in range(by.randrange(9))}


@pytest.mark.parametrize("seed", range(12))
def test_an_index_out_of_another_cut_is_the_one_made_anew(seed: int, tmp_path: Path) -> None:
    by = random.Random(seed)
    before = changed(NAMES, by)
    now = changed(before, by)
    open_index(cut_of(tmp_path / "book" / "a", before))
    grown = written(cut_of(tmp_path / "book" / "b", now))
    assert grown == written(cut_of(tmp_path / "alone" / "b", now))


def test_an_index_out_of_one_of_nobody_and_of_nobody_out_of_one(tmp_path: Path) -> None:
    book, alone = tmp_path / "book", tmp_path / "alone"
    for name, names in [("a", {}), ("b", NAMES), ("c", {}), ("d", {7: ["Acme"]})]:
        assert written(cut_of(book / name, names)) == written(cut_of(alone / name / name, names))


def test_a_deleted_index_comes_back_the_same(cut: Cut) -> None:
    first = written(cut)
    shutil.rmtree(cut.folder / FOLDER)
    assert written(cut) == first
    (cut.folder / FOLDER / "offsets.npy").unlink()
    find_index._opened.cache_clear()
    assert written(cut) == first


def test_names_of_unchanged_companies_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_index(cut_of(tmp_path / "a", NAMES))
    read: list[str] = []

    def watched(names: Any, *rest: Any) -> Any:
        read.extend(names.flatten().to_pylist())
        return build(names, *rest)

    build = find_index.extend_index.__globals__["_read"]
    monkeypatch.setitem(find_index.extend_index.__globals__, "_read", watched)
    cut = cut_of(tmp_path / "b", {**NAMES, 9: ["Baltic Lux"]})
    open_index(cut)
    assert read == ["Baltic Lux"] and found("baltic lux", cut) == [(9, "name")]


def test_a_company_of_very_many_names_is_looked_at_in_part(tmp_path: Path) -> None:
    many = [f"Acme {n} Ltd" for n in range(finding.MOST_NAMES * 4)]
    assert found("acme", cut_of(tmp_path / "a", {1: many})) == [(1, "similar")]


def test_nothing_is_said_at_the_end_of_a_program_that_searched() -> None:
    program = (
        "import duckdb; duckdb.connect().execute('SELECT 1'); "
        "from tallystick.adapters import finding; finding._settle()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_of_companies_as_good_in_all_else_the_one_that_weighs_more_comes_first(
    tmp_path: Path,
) -> None:
    names = {1: ["Kestrel Trading GmbH"], 2: ["Kestrel Trading Ltd."], 3: ["Kestrel Trading S.A."]}
    rows = find_companies("Kestrel Trading Limited", cut_of(tmp_path, names), 20)
    assert rows[0]["company"] == 2 and len(rows) == 3


def test_all_that_are_as_good_are_compared_however_few_are_asked_for(tmp_path: Path) -> None:
    names = {n: [f"Kestrel Trading {word}"] for n, word in enumerate(("Lux", "Oslo", "Riga"), 1)}
    names |= {9: ["Borealis Kestrel Trading"], 10: ["Kestrel Trading"]}
    rows = find_companies("kestrel trading", cut_of(tmp_path, names), 1)
    assert [row["company"] for row in rows] == [10]
