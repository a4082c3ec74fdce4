"""Finding companies by name: any script, misspelled, a beginning, and what must not be found."""

from __future__ import annotations

import doctest

import numpy as np
import pyarrow as pa
import pytest

from tallystick.identity import search, word_index
from tallystick.identity.word_index import build_index

NAMES = [
    "深圳市华强电子有限公司",
    "Borealis Trading Ltd",
    "ООО «Газпром экспорт»",
    "Müller Werkzeuge GmbH",
    "株式会社日立製作所",
    "(주)한빛전자",
    "شركة المراعي",
    "Kestrel Trading Ltd",
    "Ironbridge Marine LLC",
    "苏州泰利化工股份有限公司",
    "ТОО Алтын Трейд Астана",
    "Unknown",
]
TABLE = pa.array([[name] for name in NAMES])
INDEX = build_index(TABLE)


def found(asked: str) -> list[str]:
    answers = []
    for place in search.candidates(INDEX, asked)[0].tolist():
        answer = search.best_of(asked, [NAMES[place]])
        if answer:
            answers.append((not answer.exact, -answer.share_ppm, -answer.weight, NAMES[place]))
    return [name for *_, name in sorted(answers)]


def test_the_examples_of_the_docstrings_hold() -> None:
    assert not doctest.testmod(search).failed
    assert not doctest.testmod(word_index).failed


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("shenzhen huaqiang", "深圳市华强电子有限公司"),
        ("HUAQIANG ELEC SZ", "深圳市华强电子有限公司"),
        ("华强", "深圳市华强电子有限公司"),
        ("hua qiang", "深圳市华强电子有限公司"),
        ("boreal", "Borealis Trading Ltd"),
        ("borealsi trading", "Borealis Trading Ltd"),
        ("trading borealis", "Borealis Trading Ltd"),
        ("gazprom", "ООО «Газпром экспорт»"),
        ("мюллер", "Müller Werkzeuge GmbH"),
        ("mueller tools", "Müller Werkzeuge GmbH"),
        ("hitachi", "株式会社日立製作所"),
        ("hanbit electronics", "(주)한빛전자"),
        ("almarai", "شركة المراعي"),
        ("bridge", "Ironbridge Marine LLC"),
        ("Su Zhou Tai Li Hua Gong Gu Fen You Xian Gong Si", "苏州泰利化工股份有限公司"),
        ("TOO Altyn Treyd Astana", "ТОО Алтын Трейд Астана"),
        ("Altyn Treyd Astana", "ТОО Алтын Трейд Астана"),
        ("Shen Zhen Shi Hua Qiang Dian Zi You Xian Gong Si", "深圳市华强电子有限公司"),
    ],
)
def test_a_name_is_found(asked: str, name: str) -> None:
    assert found(asked)[:1] == [name]


@pytest.mark.parametrize(
    "asked",
    [
        *("zzz nobody", "zzz", "", "-", "borealis shipping brazil quibdo", "北京"),
        "kestrelhuaqiang",  # two words that are there, but not of one company
    ],
)
def test_what_is_not_there_is_not_found(asked: str) -> None:
    assert found(asked) == []


def test_a_common_word_finds_all_that_have_it_and_the_exact_name_comes_first() -> None:
    assert set(found("trading")) == {
        "Borealis Trading Ltd",
        "Kestrel Trading Ltd",
        "ТОО Алтын Трейд Астана",
    }
    assert found("Kestrel Trading")[0] == "Kestrel Trading Ltd"


def test_the_reason_is_told_in_words() -> None:
    answer = search.judge("huaqiang elec", "深圳市华强电子有限公司")
    assert answer and [reason.text for reason in answer.why] == [
        "the same sound in two scripts: huaqiang = 华强",
        "the same in two languages: elec = 电子",
    ]


def test_what_a_chinese_name_means_is_found_in_english() -> None:
    names = ["佛山市蓝天家具有限公司", "蓝田家具", "Foshan Lantian Hardware", "东莞市星光玩具厂"]
    index = build_index(pa.array([[name] for name in names]))
    for asked, name in (("blue sky furniture", names[0]), ("starlight toys", names[3])):
        rows, _ = search.candidates(index, asked)
        answers = [a for row in rows.tolist() if (a := search.judge(asked, names[row]))]
        assert [answer.name for answer in answers] == [name]
        assert answers[0].why[0].text.startswith("the same by the dictionary: ")


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("hsin kuang", "新光紡織股份有限公司"),
        ("Hsinkuang Textile", "新光紡織股份有限公司"),
        ("Chow Tai Fook", "周大福珠寶集團"),
        ("ta tung", "大同股份有限公司"),
        ("Hon Hai", "鴻海精密工業"),
        ("hsin ho", None),
    ],
)
def test_chinese_is_found_as_it_is_spelled_outside_the_mainland(
    asked: str, name: str | None
) -> None:
    names = [
        "新光紡織股份有限公司",
        "周大福珠寶集團",
        "大同股份有限公司",
        "鴻海精密工業",
        "新康贸易",
    ]
    index = build_index(pa.array([[name] for name in names]))
    rows, _ = search.candidates(index, asked)
    answers = [a for row in rows.tolist() if (a := search.judge(asked, names[row]))]
    assert [answer.name for answer in answers] == [n for n in (name,) if n]


def test_the_index_is_the_same_each_time_and_empty_tables_have_one() -> None:
    again = build_index(TABLE)
    assert np.array_equal(again.postings, INDEX.postings)
    empty = build_index(pa.array([], pa.list_(pa.string())))
    assert search.candidates(empty, "acme")[0].tolist() == []
