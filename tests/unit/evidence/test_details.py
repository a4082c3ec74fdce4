"""What relates companies: one spelling for what is equal, nothing for placeholders, no silent loss of slips."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence.details import Details, account_of, host_of, is_said, traits_of
from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.plain import said_of
from tallystick.evidence.identifiers import describe_all
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import PartySaid, Reject, Said
from tallystick.units import hash64

IBAN = "DE89370400440532013000"

ACCOUNTS = [
    (IBAN, IBAN),
    ("IBAN: de89 3704 0044 0532 0130 00", IBAN),
    ("ＤＥ８９３７０４００４４０５３２０１３０００", IBAN),
    ("6222 0202 0000-1234 567", "6222020200001234567"),
    ("12345678", "12345678"),
    ("DE89 3704 0044 0532 0130 00 (EUR)", IBAN),
    ("IBAN DE89370400440532013000 BIC COBADEFFXXX", IBAN),
    ("Account No.: 00123456", "00123456"),
    ("A/C 00123456", "00123456"),
    ("账号：6222020200001234567", "6222020200001234567"),
    ("DE89370400440532013001", None),  # check digits
    ("ZZ89370400440532013000", None),  # no such country
    ("1234567", None),  # too short to be anybody's alone
    ("****3000 0532", None),
    ("XXXXXXXX0532013000", None),
    ("see contract", None),
    ("1" * 35, ""),
    ("0000 0000 0000", ""),
]


@pytest.mark.parametrize(("written", "number"), ACCOUNTS)
def test_accounts(written: str, number: str | None) -> None:
    assert account_of(written) == number


HOSTS = [
    ("https://www.ACME.com/shop?x=1#y", "acme.com"),
    ("Info@Acme.com", "acme.com"),
    ("mailto:info@shop.acme.com", "acme.com"),
    ("shop.acme.co.uk:8080", "acme.co.uk"),
    ("http:\\\\acme.com.cn\\index.htm", "acme.com.cn"),
    ("acme.com.", "acme.com"),
    ("acme。com\u200f", "acme.com"),
    ("shop.bücher.de", "xn--bcher-kva.de"),
    ("www.公司.中国", "xn--55qx5d.xn--fiqs8s"),
    ("a.acme.gd.cn", "acme.gd.cn"),
    ("acme.myshopify.com", "acme.myshopify.com"),
    ("shop.acme.en.alibaba.com", "acme.en.alibaba.com"),
    ("myshopify.com", ""),
    ("https://www.facebook.com/acme", ""),
    ("https://find-and-update.company-information.service.gov.uk/company/1", ""),
    *((f"acme@{host}", "") for host in ("gmail.com", "qq.com", "163.com", "hotmail.com")),
    *((f"acme@{host}", "") for host in ("outlook.com", "yahoo.co.jp", "mail.ru", "vip.163.com")),
    ("co.uk", None),
    ("acme", None),
    ("acme@", None),
    ("192.168.0.1", None),
    ("http://", None),
    ("-acme-.com", None),
    ("x" * 64 + ".com", None),
]


@pytest.mark.parametrize(("written", "host"), HOSTS)
def test_hosts(written: str, host: str | None) -> None:
    assert host_of(written) == host


@pytest.mark.parametrize(
    "text", ["", " ", "-", "...", "N/A", "n.a.", "None", "Same as above", "同上", "нет"]
)
def test_placeholders_say_nothing(text: str) -> None:
    assert not is_said(text)
    assert traits_of(Details((text,), (text,), (text,), (text,), text)) == ([], [])


def test_what_is_none_is_kept_and_relates_nothing() -> None:
    details = Details(
        (), ("DE89370400440532013001", "secret"), ("boss@acme", "acme.com/x"), (), "1987"
    )
    traits, bad = traits_of(details)
    assert traits == [f"domain:{hash64('domain', 'acme.com'):016x}"]
    assert bad == [
        "account:DE… of 22 characters",
        "account:SE… of 6 characters",
        "domain:acme",
        "founded:1987",
    ]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1668-05-03", "1668-05-03"),
        ("2005-03-22T08:00:00+01:00", "2005-03-22"),
        ("1900-01-01", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2005-02-30", None),
        ("22.03.2005", None),
    ],
)
def test_days_of_founding(written: str, day: str | None) -> None:
    traits, bad = traits_of(Details(founded=written))
    assert (traits, bad) == (([f"founded:{day}"], []) if day else ([], [f"founded:{written}"]))


def test_equal_values_are_one_trait_whatever_their_spelling() -> None:
    one = Details(("1 High St,  Leeds",), (IBAN,), ("www.acme.com",))
    two = Details(
        ("1 High St, Leeds ",), ("de89 3704 0044 0532 0130 00",), ("a@acme.com, b@acme.com",)
    )
    assert traits_of(one) == traits_of(two)
    assert len(traits_of(one)[0]) == 3


@given(
    st.lists(
        st.text(string.ascii_letters + string.digits + " .-*@:/同上é\t", max_size=30), max_size=3
    ),
    st.lists(st.text(string.digits + "DEGB ", min_size=4, max_size=30), max_size=3),
)
def test_traits_are_sorted_and_distinct_and_show_no_account(
    texts: list[str], accounts: list[str]
) -> None:
    traits, bad = traits_of(Details(tuple(texts), tuple(accounts), tuple(texts)))
    assert traits == sorted(set(traits)) and len(bad) == len(set(bad))
    shown = [t for t in (*traits, *bad) if t.startswith("account:")]
    for account in accounts:
        plain = "".join(c for c in account if c.isalnum())
        assert len(plain) < 6 or not any(plain in text for text in shown)


def test_other_names_are_rows_of_the_same_party() -> None:
    details = Details(("1 High St",), other_names=("Acme  Toys", "-", "ACME Ltd", "Acme Toys"))
    first, other = describe_all("ACME Ltd", "GB", [("id:shop", "7")], details)
    assert (other.party, other.ref, other.ids, other.country) == (
        first.party,
        first.ref,
        first.ids,
        "GB",
    )
    assert (other.name, other.name_key) == ("Acme Toys", "acme toys")
    assert other.traits == [*first.traits, "name:ACME Ltd"]
    assert describe_all(None, None, [], Details(("1 High St",))) == ()
    assert [row.name for row in describe_all(None, "GB", [], Details(other_names=("Toys",)))] == [
        "Toys"
    ]


PARTY = {"name": "ACME", "country": "GB", "ids": {}}
DOCUMENT = {"kind": "invoice", "number": "7", "issued_on": "2024-01-02"}


def said(**details: object) -> Said | Reject:
    parties = {"seller": PARTY | details, "buyer": {"name": "Bob"}}
    return said_of(DOCUMENT | {"parties": parties})


def test_json_gives_one_or_several() -> None:
    one = said(
        address=" 1 High St ", accounts=IBAN, domains=["acme.com", None], founded="1987-06-05"
    )
    assert isinstance(one, Said)
    assert one.parties["seller"].details == Details(
        ("1 High St",), (IBAN,), ("acme.com",), (), "1987-06-05"
    )
    none = said(address="", accounts=[], domains=None)
    assert isinstance(none, Said) and none.parties["seller"].details is None


@pytest.mark.parametrize("details", [{"account": IBAN}, {"accounts": {"x": 1}}, {"address": [[]]}])
def test_json_of_another_shape_is_refused(details: dict[str, object]) -> None:
    found = said(**details)
    assert isinstance(found, Reject) and found.rule == "shape"
    assert IBAN not in repr(found)


@pytest.mark.parametrize(
    ("details", "field"),
    [({"address": "x" * 501}, "address"), ({"accounts": ["1" * 201]}, "account")],
)
def test_a_text_over_its_limit_rejects_the_document(details: dict[str, object], field: str) -> None:
    (reject,) = canonicalise([said(**details)], Contributor("c")).rejects.to_pylist()
    assert (reject["rule"], reject["field"], reject["value"]) == ("text-too-long", field, None)


def test_the_account_to_pay_is_content() -> None:
    def asking(*accounts: str) -> tuple[int | None, str]:
        seller = PartySaid("Consortial", "GB", [], Details(accounts=accounts))
        said = Said(
            "invoice",
            number="7",
            issued_on="2024-01-02",
            parties={"seller": seller, "buyer": PartySaid("IYT", "GB")},
        )
        rows = canonicalise([said], Contributor("Harbour")).documents
        return rows["account_key"][0].as_py(), rows["doc_id"][0].as_py()

    one, other = asking("DE89 3704 0044 0532 0130 00"), asking("12345678")
    assert one[0] and other[0] and one != other
    assert asking("de89370400440532013000") == one
    assert asking("DE89370400440532013000", "12345678")[0] is None
    assert asking("DE89370400440532013001")[0] is None  # no account at all


@pytest.mark.parametrize("where", ["number", "note", "name", "address", "order"])
def test_half_a_character_is_refused(where: str) -> None:
    texts = dict.fromkeys(("number", "note", "name", "address", "order"), "A1") | {
        where: "A1\ud800"
    }
    given = {
        "kind": "invoice",
        "number": texts["number"],
        "issued_on": "2024-01-02",
        "note": texts["note"],
        "parties": {
            "seller": {"name": texts["name"], "address": texts["address"]},
            "buyer": {"name": "Bob"},
        },
        "references": [{"kind": "order", "number": texts["order"]}],
    }
    told = canonicalise([said_of(given)], Contributor("Harbour"))
    assert told.rejects["rule"].to_pylist() == ["text-not-unicode"] and not len(told.documents)
