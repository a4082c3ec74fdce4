"""Names of companies: read, compared, and the reason told."""

from __future__ import annotations

import doctest
import importlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.placeholders import is_placeholder
from tallystick.identity.names import compare_names, count_words, read_name

MODULES = (
    "",
    ".align",
    ".bulk",
    ".compare",
    ".glosses",
    ".indic",
    ".japanese",
    ".lexicon",
    ".sound",
    ".spelling",
    ".text",
    ".tokens",
    ".tree",
    ".weights",
)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_the_docstrings_hold(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"tallystick.identity.names{module}"))
    assert found.attempted and not found.failed


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("株式会社日立製作所", "Name(core:hitachi weak:manufacturing | joint-stock)"),
        ("(주)한빛전자", "Name(core:hanbit field:electronics | joint-stock)"),
        ("Công ty TNHH Minh Phát", "Name(core:minh core:phat | limited)"),
        ("ООО «Газпром»", "Name(core:gazprom | limited)"),
        ("บริษัท ปตท. จำกัด (มหาชน)", "Name(core:ptt | company joint-stock)"),
        ("टाटा स्टील लिमिटेड", "Name(core:tata field:steel | limited)"),
        ("Robert Bosch GmbH & Co. KG", "Name(core:bosch core:robert | partnership)"),
        ("Grupo Bimbo S.A.B. de C.V.", "Name(core:bimbo weak:group | joint-stock)"),
        ("Faberlic Europe Sp. z o.o.", "Name(core:faberlic country:europe | limited)"),
        ("شركة أرامكو السعودية", "Name(core:aramco country:saudi | company)"),
        ("HUAWEI华为", "Name(core:huawei | )"),
        ("SA", "Name(core:sa | )"),
    ],
)
def test_a_name_is_read(name: str, read: str) -> None:
    assert repr(read_name(name)) == read


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Huawei Technologies", "Huawei Device"),
        ("Bosch Thermotechnik", "Bosch Rexroth"),
        ("ABC 1 Ltd", "ABC 2 Ltd"),
        ("Borealis Trading Shenzhen", "Kestrel Trading Shenzhen"),
        ("Siemens China", "Siemens India"),
    ],
)
def test_what_differs_in_a_word_that_tells_is_different(a: str, b: str) -> None:
    assert compare_names(a, b).verdict == compare_names(b, a).verdict == "different"


@pytest.mark.parametrize(
    "name",
    [
        "N/A",
        "test",
        "同上",
        "unknown",
        "-",
        "0000",
        "",
        " ",
        "???",
        "テスト",
        "xxxx",
        "n.a.",
        "Не указано",
    ],
)
def test_placeholders_are_no_names_and_join_nothing(name: str) -> None:
    assert is_placeholder(name)
    assert compare_names(name, name).verdict == "unsure"


@pytest.mark.parametrize(
    "name", ["3M", "360", "X5 Retail", "A1", "Test Rite International", "7-Eleven"]
)
def test_short_names_are_names(name: str) -> None:
    assert not is_placeholder(name)
    assert compare_names(name, name).verdict in ("same", "unsure")


def test_look_alikes_and_marks_of_direction_change_nothing() -> None:
    clean = compare_names("Acme Trading", "Acme Trading")
    hidden = compare_names("Acme Trading", "\u202eАсmе\u200b Trаding\u200f")
    assert hidden.weight == clean.weight and hidden.verdict == "same"


def test_a_name_without_end_is_read_in_no_time() -> None:
    began = time.process_time()
    for name in ("Acme " * 1000, "深圳" * 2500, "a b " * 1250, "x" * 5000 + "y", "有限公司" * 1250):
        compare_names(name, name[1:])
    assert time.process_time() - began < 2


def test_what_is_rare_weighs_more() -> None:
    counts = count_words(["Acme Trading", "Borealis Trading", "Kestrel Trading"] * 50 + ["Zephyr"])
    common = compare_names("Acme", "Acme", counts).weight
    assert compare_names("Zephyr", "Zephyr", counts).weight > common


NAMES = st.text(min_size=0, max_size=30) | st.sampled_from(
    [
        "Acme Trading Ltd",
        "深圳市华强电子有限公司",
        "ООО Газпром",
        "Huawei Device",
        "IBM",
        "トヨタ自動車",
    ]
)


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_order_does_not_count_and_the_evidence_adds_up(a: str, b: str) -> None:
    one, other = compare_names(a, b), compare_names(b, a)
    assert one.weight == sum(line.weight for line in one.evidence)
    assert (one.weight, one.verdict) == (other.weight, other.verdict)
    assert all(line.text for line in one.evidence) and 0 <= one.score <= 1


@pytest.mark.parametrize(
    ("chinese", "english", "verdict"),
    [
        ("佛山市蓝天家具有限公司", "Foshan Blue Sky Furniture Co., Ltd.", "same"),
        ("佛山市蓝天家具有限公司", "Foshan Blue Sea Furniture Co., Ltd.", "different"),
        ("佛山市蓝天家具有限公司", "Foshan Blue Sky Ceramics Co., Ltd.", "different"),
        ("东莞市星光玩具厂", "Dongguan Starlight Toys Factory", "same"),
        ("东莞市星光玩具厂", "Dongguan Starfish Toys Factory", "different"),
        ("東莞市雙龍五金製品廠", "Dongguan Double Dragon Hardware Products Factory", "same"),
        ("义乌市红日进出口有限公司", "Yiwu Red Sun Import & Export Co., Ltd.", "same"),
        ("义乌市红日进出口有限公司", "Yiwu Hongri Import & Export Co., Ltd.", "same"),
        ("义乌市红日进出口有限公司", "Yiwu Red Moon Import & Export Co., Ltd.", "different"),
        ("宁波大树进出口有限公司", "Ningbo Big Trees Import and Export Co Ltd", "same"),
        ("明日工業株式会社", "Tomorrow Industries Co., Ltd.", "same"),
    ],
)
def test_a_name_that_means_in_chinese_what_the_other_says(
    chinese: str, english: str, verdict: str
) -> None:
    found = compare_names(chinese, english)
    assert found.verdict == compare_names(english, chinese).verdict == verdict
    assert found.weight == sum(line.weight for line in found.evidence)
