"""Hostile and broken XML: each is refused by its own rule, and quickly."""

from __future__ import annotations

import random
import time

import pytest
from lxml import etree

from tallystick.evidence.formats import xmlsafe
from tallystick.evidence.formats.xmlsafe import ReaderError, parse

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
MEGA = b"x" * (xmlsafe.MAX_TEXT + 1)

REFUSED = [
    ("billion laughs", f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a>&l11;</a>', "xml-doctype"),
    (
        "quadratic blow-up",
        f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]><a>{"&x;" * 50_000}</a>',
        "xml-doctype",
    ),
    ("in an attribute", '<!DOCTYPE a [<!ENTITY x "y">]><a b="&x;&x;"/>', "xml-doctype"),
    ("a file", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml-doctype"),
    ("the network", '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "xml-doctype"),
    ("a parameter entity", '<!DOCTYPE a [<!ENTITY % p SYSTEM "x">%p;]><a/>', "xml-doctype"),
    (
        "behind comments",
        "<?xml version='1.0'?><!-- <a/> --><?p <a?>\n<!DOCTYPE a><a/>",
        "xml-doctype",
    ),
    ("behind a BOM", "\ufeff<!DOCTYPE a><a/>", "xml-doctype"),
    ("an unknown entity", "<a>&nowhere;</a>", "xml-malformed"),
    ("a DOCTYPE at the end", "<a/><!DOCTYPE a>", "xml-malformed"),
    ("too deep", "<a>" * 65 + "</a>" * 65, "xml-too-deep"),
    ("far too deep", "<a>" * 5_000 + "</a>" * 5_000, "xml-too-deep"),
    ("too many elements", "<a>" + "<b/>" * 200_001 + "</a>", "xml-too-many-elements"),
    ("crossed tags", "<a><b></a></b>", "xml-malformed"),
    ("two roots", "<a/><b/>", "xml-malformed"),
    ("no XML", "number;amount\n1;2", "xml-malformed"),
    ("cut between elements", "<a><b>1</b>", "xml-truncated"),
    ("cut in a tag", "<a><b>1</", "xml-truncated"),
    ("cut in the prolog", "<?xml version='1.0'", "xml-malformed"),
    ("empty", "", "xml-empty"),
    ("blank", " \r\n\t", "xml-empty"),
]


@pytest.mark.parametrize(("what", "text", "rule"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_with_its_own_rule(what: str, text: str, rule: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ReaderError) as caught:
        parse(text.encode())
    assert caught.value.rule == rule
    assert str(caught.value) and "\n" not in str(caught.value) and caught.value.fix
    assert time.perf_counter() - began < 2


ENCODINGS = [
    ("utf-16 that is not", b'<?xml version="1.0" encoding="UTF-16"?><a/>', "xml-encoding"),
    (
        "utf-8 that is not",
        '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"),
        "xml-encoding",
    ),
    ("utf-7", b'<?xml version="1.0" encoding="UTF-7"?><a>+ADw-</a>', "xml-encoding"),
    ("unknown", b'<?xml version="1.0" encoding="klingon"?><a/>', "xml-encoding"),
    (
        "utf-8 said in utf-16",
        '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16"),
        "xml-encoding",
    ),
    ("utf-16 with a DOCTYPE", "<!DOCTYPE a><a/>".encode("utf-16"), "xml-doctype"),
    (
        "bare utf-16 with a DOCTYPE",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16-be"),
        "xml-doctype",
    ),
    ("utf-32", "<!DOCTYPE a><a/>".encode("utf-32"), "xml-malformed"),
    ("EBCDIC", "<!DOCTYPE a><a/>".encode("cp037"), "xml-malformed"),
    ("a NUL", b"<a>\0</a>", "xml-malformed"),
]


@pytest.mark.parametrize(("what", "data", "rule"), ENCODINGS, ids=[row[0] for row in ENCODINGS])
def test_encodings_that_lie(what: str, data: bytes, rule: str) -> None:
    with pytest.raises(ReaderError) as caught:
        parse(data)
    assert caught.value.rule == rule


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_that_hold(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>Müller</a>'.encode(encoding)
    assert parse(data).text == "Müller"


def test_chinese_encoding_and_bom() -> None:
    data = '<?xml version="1.0" encoding="GB18030"?><a>深圳</a>'.encode("gb18030")
    assert parse(data).text == "深圳"
    assert parse("\ufeff<a>深圳</a>".encode()).text == "深圳"


def test_sizes() -> None:
    for data, rule in (
        (b"<a>" + MEGA + b"</a>", "xml-text-too-long"),
        (b'<a b="' + MEGA + b'"/>', "xml-text-too-long"),
        (b"<a><![CDATA[" + MEGA + b"]]></a>", "xml-text-too-long"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "xml-text-too-long"),
        (b"<a/>" + b" " * xmlsafe.MAX_BYTES, "xml-too-large"),
    ):
        with pytest.raises(ReaderError) as caught:
            parse(data)
        assert caught.value.rule == rule


def test_limits_themselves_are_allowed() -> None:
    assert parse(b"<a>" * 64 + b"</a>" * 64).tag == "a"
    assert len(parse(b"<a>" + b"<b/>" * 199_999 + b"</a>")) == 199_999
    assert len(parse(b"<a>" + b"x" * xmlsafe.MAX_TEXT + b"</a>").text) == xmlsafe.MAX_TEXT


def test_an_embedded_file_may_be_longer() -> None:
    data = b"<a><pdf>" + MEGA + b"</pdf></a>"
    assert len(parse(data, opaque="pdf")[0].text) == len(MEGA)
    with pytest.raises(ReaderError):
        parse(b"<a><pdf><x>" + MEGA + b"</x></pdf></a>", opaque="pdf")


def test_nothing_is_followed() -> None:
    root = parse(
        b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>'
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><!-- c --><xi:include href="/etc/passwd"/></a>'
    )
    assert [child.tag for child in root] == ["{http://www.w3.org/2001/XInclude}include"]
    assert root[0].text is None and root.getprevious() is None


def _nested(chance: random.Random, deepest: int) -> bytes:
    """Elements in no order, some empty, that stand in each other as deep as that at most."""
    out, opened = ["<?xml version='1.0'?>"], ["a"]
    for _ in range(chance.randrange(1, 400)):
        if chance.random() < 0.55 and len(opened) < deepest:
            opened.append("a" * chance.randrange(1, 4))
            out.append(f"<{opened[-1]}>{' ' * chance.choice((0, 0, 40))}")
        elif chance.random() < 0.2:
            out.append("<b/>")
        elif len(opened) > 1:
            out.append(f"</{opened.pop()}>")
    return f"<a>{''.join(out[1:])}{''.join(f'</{name}>' for name in reversed(opened))}".encode()


def test_depth_is_counted_without_a_miss() -> None:
    chance, refused = random.Random(1), 0
    for _ in range(600):
        data = _nested(chance, chance.choice((10, 60, 64, 65, 66, 100)))
        root = etree.fromstring(data)
        deep = max(len(list(element.iterancestors())) for element in root.iter()) >= 64
        refused += deep
        try:
            parse(data)
        except ReaderError as error:
            assert deep and error.rule == "xml-too-deep"
        else:
            assert not deep
    assert refused > 50


def test_depth_is_seen_behind_end_tags_that_are_none() -> None:
    deep = "<a>" * 65 + "</a>" * 65
    for before in (f"<!--{'</a>' * 70}-->", f"<b><![CDATA[{'</a>' * 70}]]></b>"):
        with pytest.raises(ReaderError) as refused:
            parse(f"<r>{before}{deep}</r>".encode())
        assert refused.value.rule == "xml-too-deep"


def test_a_later_doctype_in_any_encoding_is_refused() -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(ReaderError):
            parse("<!-- --><!DOCTYPE a><a/>".encode(encoding))
