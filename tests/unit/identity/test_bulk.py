"""Names read in bulk and over processes are those read one by one; no text is too odd to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from tallystick.adapters.spreading import over_processes, spreader
from tallystick.identity.names import compare_names, read_name
from tallystick.identity.names.bulk import CHUNK, READ, name_of, read_names
from tallystick.identity.names.sound import latin
from tallystick.identity.names.tokens import MOST_WORDS
from tallystick.world.names import compose

PAIRS = [
    tuple(line.split("\t")[3:5])
    for line in Path(__file__).with_name("name_pairs.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
NAMES = [name for pair in PAIRS for name in pair]
ODD = " .-/&()'’\u200b\u0301АВЕіј株㈱①Ⅲ\xa0\u3000٣สกあーカ한,·之の省有限公司b2"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet=ODD + "深圳华电子式会社", max_size=25))
def test_any_text_is_read_and_is_itself(text: str) -> None:
    read = read_name(text)
    assert len(read.tokens) <= MOST_WORDS and read.is_name == bool(read.tokens)
    assert all(line.weight >= 0 for line in compare_names(text, text).evidence)


@pytest.mark.parametrize("text", ["a b " * 200, "x." * 500, "华" * 5000, " " * 3000 + "abc", ""])
def test_texts_beyond_all_measure_are_read(text: str) -> None:
    assert len(read_name(text).tokens) <= MOST_WORDS


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


def test_a_process_that_ends_early_is_told_in_words() -> None:
    with pytest.raises(RuntimeError, match="ended without an answer"):
        list(over_processes(os._exit, [3]))


def divmod_of(number: int) -> tuple[int, int]:
    return divmod(10, number)
