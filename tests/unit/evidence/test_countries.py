"""A country is known by its code or its name in any language of trade; what is none is nothing."""

from __future__ import annotations

import pytest
from babel import Locale

from tallystick.evidence.countries import country_code
from tallystick.evidence.identifiers import describe


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("DE", "DE"), (" de ", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("GERMANY", "DE"),
        ("Deutschland", "DE"), ("Allemagne", "DE"), ("德国", "DE"), ("ドイツ", "DE"),
        ("Россия", "RU"), ("대한민국", "KR"), ("臺灣", "TW"), ("UK", "GB"), ("U.K.", "GB"),
        ("England", "GB"), ("EL", "GR"), ("U.S.A.", "US"), ("United States", "US"),
        ("Hong Kong", "HK"), ("China (Mainland)", "CN"), ("P. R. China", "CN"),
        ("中国大陆", "CN"), ("中國", "CN"), ("Türkiye", "TR"), ("Turkey", "TR"),
        ("Viet Nam", "VN"), ("Vietnam", "VN"), ("Korea, Republic of", "KR"),
        ("Bosnia & Herzegovina", "BA"), ("Netherlands, The", "NL"), ("Niger", "NE"),
        ("Nigeria", "NG"),
    ],
)  # fmt: skip
def test_a_country_is_known_however_it_is_written(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize(
    "written", ["", " ", "Paris", "N/A", "unknown", "12", "Kongo", "Europe", "D", "ABCD"]
)
def test_what_is_no_country_is_none(written: str) -> None:
    assert country_code(written) is None


def test_every_country_is_known_by_its_english_name() -> None:
    names = Locale.parse("en").territories
    missed = {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and country_code(name) != code
    }
    assert missed.keys() <= {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}, (
        "regions that are no countries"
    )


def test_a_party_is_the_same_by_the_code_and_the_name_of_its_country() -> None:
    by_code, by_name = (
        describe("Hansa Import GmbH", country, []) for country in ("DE", "Deutschland")
    )
    assert by_code is not None and by_name is not None
    assert (by_code.country, by_code.ref) == ("DE", by_name.ref)
