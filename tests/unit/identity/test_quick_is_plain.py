"""Laws: names are read and laid side by side quickly, and what comes out is what the plain way gives."""

from __future__ import annotations

import random
from pathlib import Path

import plain_names
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from tallystick.adapters.spreading import over_processes, spreader
from tallystick.identity.names import align, is_placeholder, read_name
from tallystick.identity.names.bulk import CHUNK, READ, name_of, read_names
from tallystick.identity.names.sound import latin
from tallystick.identity.names.text import plain
from tallystick.world.names import SCRIPTS, compose

PAIRS = [
    tuple(line.split("\t")[3:5])
    for line in Path(__file__).with_name("name_pairs.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
NAMES = [name for pair in PAIRS for name in pair]
ODD = " .-/&()'’\u200b\u0301АВЕіј株㈱①Ⅲ\xa0\u3000٣สกあーカ한,·之の省有限公司b2"


def spoiled(name: str, by: random.Random) -> str:
    """The name with letters gone, put in, and pieces of other names within."""
    letters = list(name)
    for _ in range(by.randint(1, 4)):
        spot = by.randrange(len(letters) + 1)
        what = by.choice(["", by.choice(ODD), " " + by.choice(NAMES)[: by.randint(1, 12)]])
        letters[spot : spot + by.randint(0, 1)] = what
    return "".join(letters)


def same_reading(name: str) -> None:
    assert plain(name) == plain_names.plain(name)
    assert is_placeholder(name) == plain_names.is_placeholder(name)
    quick, slow = read_name(name), plain_names.read_name(name)
    assert (quick.tokens, quick.forms, quick.is_name) == (slow.tokens, slow.forms, slow.is_name)


def same_pairs(a: str, b: str, prefix: bool) -> None:
    quick = align.align(read_name(a), read_name(b), prefix)
    assert quick == plain_names.align(plain_names.read_name(a), plain_names.read_name(b), prefix)


def test_every_name_of_the_pairs_is_read_the_same() -> None:
    by = random.Random(1)
    for name in NAMES:
        same_reading(name)
        same_reading(spoiled(name, by))


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_in_every_script_are_read_the_same(script: str) -> None:
    by = random.Random(2)
    for name in compose(script, [by.randrange(10**6) for _ in range(150)]):
        same_reading(name)
        same_reading(spoiled(name, by))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet=ODD + "深圳华电子式会社", max_size=25))
def test_any_text_is_read_the_same(text: str) -> None:
    same_reading(text)


@pytest.mark.parametrize("text", ["a b " * 200, "x." * 500, "华" * 5000, " " * 3000 + "abc", ""])
def test_texts_beyond_all_measure_are_read_the_same(text: str) -> None:
    same_reading(text)


def test_names_are_laid_side_by_side_the_same() -> None:
    by = random.Random(3)
    for a, b in PAIRS:
        same_pairs(a, b, by.random() < 0.5)
        same_pairs(spoiled(a, by), b, by.random() < 0.5)
        same_pairs(a, by.choice(NAMES), by.random() < 0.5)
        same_pairs(a, spoiled(a, by), by.random() < 0.5)


def test_words_that_are_said_twice_are_laid_side_by_side_the_same() -> None:
    for a, b in [("Acme Acme Bolt Ltd", "Acme Bolt Acme"), ("Delta Delta", "Delta Deltaa Delta")]:
        same_pairs(a, b, False)
        same_pairs(b, a, True)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="行长重庆乐了华电省朝都单会的着好", min_size=1, max_size=6))
def test_chinese_sounds_as_the_library_says(word: str) -> None:
    assert latin(word, "han") == "".join(lazy_pinyin(word)).replace("ü", "v")


def test_names_read_in_bulk_are_those_read_one_by_one() -> None:
    names = list(dict.fromkeys([*NAMES, "", "N/A", "SA", "华" * 300]))
    table = read_names(pa.array(names))
    assert table.schema.equals(READ) and table["name"].to_pylist() == names
    assert [name_of(row) for row in table.to_pylist()] == [read_name(name) for name in names]
    assert read_names(pa.array([], pa.string())).equals(READ.empty_table())


def test_names_read_over_processes_are_the_same_in_the_same_order() -> None:
    names = pa.array(compose("german", range(CHUNK + 500)))
    names = names.unique()
    assert read_names(names, over_processes).equals(read_names(names))


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(over_processes(divmod_of, [1, 0]))
    assert spreader(10) is map


def divmod_of(number: int) -> tuple[int, int]:
    return divmod(10, number)
