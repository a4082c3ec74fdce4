"""The country of a company that states none, out of its numbers."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence.identifiers import check_identifier, describe
from tallystick.evidence.schema import PARTY
from tallystick.identity import resolve, with_numbers
from tallystick.identity.countries import country_by, country_of

TOLD = [
    ("vat:DK61056416", "DK"),
    ("vat:DE136695976", "DE"),
    ("vat:EL094259216", "GR"),
    ("vat:GR094259216", "GR"),
    ("vat:GB117223643", "GB"),
    ("vat:XI117223643", "GB"),
    ("vat:NO995525828MVA", "NO"),
    ("vat:CHE107787577IVA", "CH"),
    ("vat:EU372010777", None),  # One Stop Shop: the seller may be anywhere
    ("vat:IM3720000010", None),
    ("eori:GB123456789000", "GB"),
    ("eori:XI123456789000", "GB"),
    ("eori:DE1234567", "DE"),
    ("eori:GR123456789", "GR"),
    ("eori:EL123456789", "GR"),
    ("eori:IM123456789", None),
    ("eori:QQ123456789", None),  # nobody gives such numbers, and only the prefix can be verified
    ("cn.uscc:91310000607378528A", "CN"),
    ("reg.dk:61056416", "DK"),
    ("reg.gb:FC012345", None),  # a branch of a company of another country
    ("lei:529900T8BM49AURSDO55", None),
    ("gln:9429041535110", None),
    ("bic:DEUTDEFF", None),
    ("id:shop:DK17", None),
]


@pytest.mark.parametrize(("ref", "country"), TOLD)
def test_which_numbers_tell_a_country(ref: str, country: str | None) -> None:
    scheme, _, value = ref.partition(":")
    if scheme in ("vat", "eori", "lei", "gln", "bic", "cn.uscc"):
        assert check_identifier(scheme, value) == (ref, True), "a number as a book keeps it"
    assert country_of(ref) == country


@pytest.mark.parametrize(
    ("refs", "told"),
    [
        ([], None),
        (["lei:529900T8BM49AURSDO55", "vat:DK61056416"], ("DK", "vat:DK61056416")),
        (["vat:DE136695976", "eori:FR1234"], ("DE", "vat:DE136695976")),
        (["vat:DK61056416", "vat:DE136695976"], None),
        (["vat:EL094259216", "vat:GR094259216"], ("GR", "vat:EL094259216")),
        (["reg.dk:61056416", "vat:DE136695976", "eori:FR1234"], ("DK", "reg.dk:61056416")),
        (["reg.dk:61056416", "reg.no:974760673", "vat:DE136695976"], None),
        (["vat:EU372010777", "eori:FR1234"], ("FR", "eori:FR1234")),
    ],
)
def test_the_strongest_tells_and_none_where_they_disagree(
    refs: list[str], told: tuple[str, str] | None
) -> None:
    assert country_by(refs) == told


@given(st.lists(st.sampled_from([ref for ref, _ in TOLD]), max_size=5), st.randoms())
def test_the_order_of_numbers_is_nothing_to_the_country(refs: list[str], random: object) -> None:
    mixed = list(refs)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert (country_by(refs) or " ")[0] == (country_by(mixed) or " ")[0]


def _shown(*said: tuple[str | None, list[tuple[str, str]]]) -> dict[str, object]:
    rows = [describe("Nordvind", country, ids) for country, ids in said]
    columns = {name: [getattr(row, name) for row in rows] for name in PARTY.names}
    (company,) = resolve(with_numbers(pa.table(columns, schema=PARTY))).companies.to_pylist()
    return {name: company[name] for name in ("country", "country_by")}


def test_a_stated_country_outranks_that_of_a_number() -> None:
    number = [("vat", "SI50223054")]
    assert _shown((None, number)) == {"country": "SI", "country_by": "vat:SI50223054"}
    assert _shown((None, number), ("AT", number)) == {"country": "AT", "country_by": None}
    assert _shown((None, [("vat", "SI50223055")])) == {"country": None, "country_by": None}
    assert _shown((None, [("id:shop", "17")])) == {"country": None, "country_by": None}
