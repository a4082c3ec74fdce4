"""One walk finds what many paths ask for, and keeps little of files that make up names."""

from __future__ import annotations

from tallystick.evidence.formats.xmlpaths import Found, Names, branches, sum_of
from tallystick.evidence.formats.xmlsafe import parse

DOCUMENT = b"""<x:Bill xmlns:x="urn:x" xmlns:o="urn:o">
<x:Seller><x:Name> ACME
 Ltd </x:Name></x:Seller>
<x:Line><x:Count unitCode="C62">2</x:Count></x:Line>
<o:Line><x:Count unitCode="C62">5</x:Count></o:Line>
<x:Line><x:Count unitCode="C62"> </x:Count></x:Line>
</x:Bill>"""


def test_texts_are_squeezed_and_placed_by_path_and_line() -> None:
    told = Found(parse(DOCUMENT), branches(("Seller/Name", "Line/Count", "Line")))
    assert told.text("Nobody", "Seller/Name") == "ACME Ltd"
    spot = told.spot("Seller/Name")
    assert spot is not None and told.place(spot) == "Seller/Name:2"
    assert told.texts("Line/Count", "Seller/Name") == ["2", "5", "ACME Ltd"]
    assert [len(told.at["Line"]), len(told.spots("Line/Count"))] == [3, 2]
    assert told.spot("Line/Price") is None and told.some("Line/Price") == []


def test_other_vocabularies_are_passed_over_where_namespaces_are_named() -> None:
    told = Found(parse(DOCUMENT), branches(("Line/Count",), Names(("urn:x",))))
    assert told.texts("Line/Count") == ["2"]


def test_what_stands_below_has_the_whole_path() -> None:
    told = Found(parse(DOCUMENT), branches(("Line",)))
    lines = told.below("Line", branches(("Count",)))
    assert [line.text("Count") for line in lines] == ["2", "5", None]
    spot = lines[0].spot("Count")
    assert spot is not None and lines[0].place(spot) == "Line/Count:4"


def test_renamed_elements_are_found_and_placed_under_their_own_names() -> None:
    told = Found(parse(DOCUMENT), branches(("Line/Amount",), Names(other={"Count": "Amount"})))
    spot = told.spot("Line/Amount")
    assert spot is not None and told.place(spot) == "Line/Count:4"


def test_quantities_add_up_only_in_one_unit() -> None:
    told = Found(root := parse(DOCUMENT), branches(("Line/Count",)))
    counts = told.spots("Line/Count")
    assert sum_of(counts) == ("7", "C62", counts[0])
    second = root[2][0]
    second.text = "five"
    counts = Found(root, branches(("Line/Count",))).spots("Line/Count")
    assert sum_of(counts) == ("five", "C62", counts[1])
    second.set("unitCode", "KGM")
    assert sum_of(counts) == sum_of([]) == (None, None, None)


def test_what_only_wraps_is_passed_however_often() -> None:
    wanted = branches(("Name",), passed=("Wrap",))
    for data in (b"<a><Name>1</Name></a>", b"<a><Wrap><Wrap><Name>1</Name></Wrap></Wrap></a>"):
        assert Found(parse(data), wanted).text("Name") == "1"


def test_what_is_still_being_read_is_taken_later() -> None:
    root, wanted = parse(b"<a><N>1</N><R><N>2</N></R><N>3</N></a>"), branches(("N", "R/N"))
    told = Found(root, wanted, before=root[1])
    assert told.texts("N", "R/N") == ["1"]
    told.take(root[1].itersiblings(), wanted)
    assert told.texts("N", "R/N") == ["1", "3"]


def test_made_up_names_are_not_kept_without_end() -> None:
    wanted = branches(("Name",), names := Names())
    for n in range(300):
        Found(parse(f"<a><b{n}/><{'c' * 400}{n}/><Name>1</Name></a>".encode()), wanted)
    assert len(wanted) <= 200 and all(len(tag) < 300 for tag in names)
    assert Found(parse(b"<a><Name>1</Name></a>"), wanted).text("Name") == "1"
