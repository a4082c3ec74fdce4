"""Names and addresses as many hands write them, part by part."""

import doctest
import importlib
import unicodedata
from dataclasses import replace
from random import Random

import pytest

from tallystick.world.addresses import registered_address, write_address
from tallystick.world.config import DescriptionConfig
from tallystick.world.kin import draw_firms
from tallystick.world.lexicon import (
    LANGUAGES,
    english_trades,
    han_traditional,
    languages,
    of_country,
)
from tallystick.world.romanise import kunrei, plain, romanise
from tallystick.world.slips import slip
from tallystick.world.variants import Style, registered_name, write_name

HOME = Style(native=1.0, upper=0.0, care=1.0)
ABROAD = Style(native=0.0, upper=0.0, care=1.0)
STILL_ABROAD = Style(native=0.0, upper=0.0, care=0.0)


@pytest.fixture(scope="module")
def firms():
    return draw_firms(DescriptionConfig(companies=3_000, seed=9), 0)


def first(firms, language):
    return next(firm for firm in firms if firm.language.code == language and not firm.brand)


@pytest.mark.parametrize(
    "module", "romanise lexicon slips kin descriptions variants ceiling".split()
)
def test_examples_in_docstrings(module):
    found = doctest.testmod(importlib.import_module(f"tallystick.world.{module}"))
    assert not found.failed


@pytest.mark.parametrize(
    ("native", "usual", "held_out"),
    [
        ("Промтехстрой", "Promtekhstroy", "Promtehstroj"),
        ("Юпитер", "Yupiter", "Jupiter"),
        ("Щит", "Shchit", "Scit"),
        ("ミナーラ", "Minara", "Minara"),
        ("ツチダ", "Tsuchida", "Tutida"),
        ("ソショックス", "Soshokkusu", "Sosyokkusu"),
    ],
)
def test_romanisation_by_table(native, usual, held_out):
    assert (romanise(native), romanise(native, "b")) == (usual, held_out)


def test_serbian_keeps_its_accents_and_loses_them_in_plain_letters():
    assert romanise("Ђорђевић", serbian=True) == "Đorđević"
    assert plain("Đorđević") == "Dordevic"
    assert plain("Đorđević", written_out=True) == "Djordjevic"
    assert romanise("Љубичић", "b", serbian=True) == "Ljubichich"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Łódź", "Lodz"),
        ("İstanbul Işık", "Istanbul Isik"),
        ("Đại Phát", "Dai Phat"),
        ("Weiß", "Weiss"),
    ],
)
def test_accents_go(text, bare):
    assert plain(text) == bare


def test_kunrei_is_hepburn_spelt_otherwise():
    assert kunrei("Chujo Shoji") == "Tyuzyo Syozi"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_all_that_names_and_addresses_need(code):
    language = languages()[code]
    assert language.trades.keys() == english_trades().keys()
    for country in language.countries.items:
        assert of_country(country) is language
        assert len(language.cities[country]) >= 3
        assert len(language.forms[country].items) >= 2
    for form in (*language.forms_latin, *language.forms_latin_b, *language.forms_script):
        assert form.count("…") == 1
    for bag in language.forms.values():
        for form in bag.items:
            assert all(text.count("…") == 1 for text in (form.text, *form.variants, *form.abroad))
    assert language.addresses["address"] and language.addresses["address_b"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_stems_are_written_once_in_a_list_and_without_blanks_at_their_ends(code):
    for shape in languages()[code].cores.items:
        for bag, _ in shape:
            natives = [word.native for word in bag.items]
            assert len(set(natives)) > 0.9 * len(natives)
            for word in bag.items:
                assert all(text and text == text.strip() for text in (word.native, word.latin))


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        ("zh", "CJK"),
        ("ko", "HANGUL"),
        ("ru", "CYRILLIC"),
        ("sr", "CYRILLIC"),
        ("th", "THAI"),
        ("ar", "ARABIC"),
        ("de", "LATIN"),
        ("hi", "LATIN"),
    ],
)
def test_a_name_is_registered_in_the_script_of_its_country(firms, code, letters):
    for firm in [firm for firm in firms if firm.language.code == code and not firm.kin][:50]:
        name = registered_name(firm)
        assert any(unicodedata.name(c, "").startswith(letters) for c in name), name


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "sr"])
def test_abroad_names_are_in_latin_letters(firms, code):
    for firm in [f for f in firms if f.language.code == code and f.way != "look-alike"][:50]:
        name, kinds = write_name(firm, STILL_ABROAD, Random(1))
        assert all(unicodedata.name(c).startswith("LATIN") for c in name if c.isalpha()), name
        assert ("romanised" in kinds) == (not firm.language.latin_script and code != "hi")


def test_the_registered_name_has_no_chance_in_it(firms):
    for firm in firms[:200]:
        assert registered_name(firm) == write_name(firm, replace(HOME, care=0.0), Random(7))[0]
        assert registered_address(firm) == write_address(firm, True, 0.0, "a", Random(7))[0]


def test_banks_have_thirty_five_letters(firms):
    for firm in firms[:500]:
        name, kinds = write_name(firm, replace(HOME, width=35), Random(firm.number))
        assert len(name) <= 35
        assert "cut" not in kinds or len(name) > 20


def test_traditional_characters_are_the_same_words(firms):
    """Of the Chinese names that are told at home, some are in traditional characters."""
    told = [write_name(f, replace(HOME, care=3.0), Random(f.number)) for f in firms]
    names = [name for name, kinds in told if "traditional" in kinds]
    simplified = {pair[1]: pair[0] for pair in han_traditional().items() if len(set(pair)) > 1}
    assert len(names) > 20
    assert all(any(c in simplified for c in name) for name in names)


def test_held_out_habits_write_names_that_the_others_never_write(firms):
    some = [firm for firm in firms if firm.language.code in ("zh", "ru", "ko", "ar", "hi", "en")]
    usual = {write_name(f, ABROAD, Random(n))[0] for f in some[:60] for n in range(40)}
    held_out = {
        write_name(f, replace(ABROAD, habits="b"), Random(n))[0]
        for f in some[:60]
        for n in range(40)
    }
    assert len(held_out - usual) > 0.3 * len(held_out)


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize(
    "text", ["Huaqiang Electronics", "深圳市华强电子", "Промтехстрой", "สยามเทค"]
)
def test_a_slip_is_one_edit(text, held_out):
    code = {"H": "en", "深": "zh", "П": "ru", "ส": "th"}[text[0]]
    changed = 0
    for seed in range(50):
        other = slip(text, languages()[code], held_out, Random(seed))
        changed += other != text
        assert abs(len(other) - len(text)) <= 1
    assert changed > 40


def test_old_addresses_are_the_same_for_everybody_who_keeps_them(firms):
    firm = first(firms, "de")
    told = [write_address(firm, True, 1.0, "a", Random(n)) for n in range(600)]
    moved = {text for text, kinds in told if kinds == {"moved_near"}}
    far = {text for text, kinds in told if kinds == {"moved_far"}}
    assert len(moved) == len(far) == 1
    assert firm.place.city.native in moved.pop()
