"""Names are in the script of their country, and no two companies of a country share one."""

import unicodedata

import pytest

from tallystick.world.names import SCRIPTS, compose
from tallystick.world.places import COUNTRIES


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_are_distinct_even_when_the_words_run_out(script):
    names = compose(script, range(40_000))
    assert len(set(names)) == 40_000


@pytest.mark.parametrize(
    ("script", "letters"),
    [
        ("chinese", "CJK"),
        ("japanese", "CJK"),
        ("korean", "HANGUL"),
        ("russian", "CYRILLIC"),
        ("serbian", "CYRILLIC"),
        ("turkish", "LATIN"),
        ("vietnamese", "LATIN"),
    ],
)
def test_names_are_in_their_script(script, letters):
    for name in compose(script, range(200)):
        assert any(unicodedata.name(c, "").startswith(letters) for c in name), name


def test_every_country_has_a_word_list():
    assert {country.script for country in COUNTRIES} <= set(SCRIPTS)
    assert len(COUNTRIES) >= 12
    assert len({country.currency for country in COUNTRIES}) >= 8
