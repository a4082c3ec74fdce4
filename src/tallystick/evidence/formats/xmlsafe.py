"""XML from strangers: parsed without entities, without network, within stated limits.

Idea: a business document needs none of what makes XML dangerous. A DOCTYPE is refused before any parser
sees it, so no entity, however nested, can be declared; what is left is refused by its size. Each refusal
has its own rule, so that the sender learns what to change.

Worked example: `parse(b"<a><b>1</b></a>").tag` is `"a"`; `parse(b"<!DOCTYPE a [...]><a/>")` raises
`ReaderError` with rule `xml-doctype`; a file that ends in mid-element has rule `xml-truncated`.

XInclude elements and stylesheet instructions are left alone: nothing here follows them. Limits were
taken from what the largest invoices of the public test sets need, times ten or more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import IO, Any, Final

from lxml import etree

Element = Any
"""An `lxml` element; lxml has no types of its own."""

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 200_000
MAX_TEXT: Final = 1024 * 1024
_CHUNK: Final = 65_536

_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF16_BARE: Final = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_NOTHING: Final = b" \t\r\n\0"
_SHORTEST: Final = 4
"""Bytes of the shortest element: `<a/>`."""

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_LEADING: Final = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]+(?=<\?xml\s)")
_DOCTYPE: Final = b"<!DOCTYPE"
"""As every encoding that is read has it, but for those of two bytes a letter, which have zeros."""
_UNCOUNTED: Final = (b"<!", b"\0", b"\x1b")
"""Comments, texts that are no markup, and encodings in which `<` may be half of a letter."""
_BLOCK: Final = 2_048
_USUAL: Final = tuple(
    f"<?xml version={mark}1.0{mark} encoding={mark}{name}{mark}"
    for mark in "\"'"
    for name in ("UTF-8", "utf-8")
)
_DECLARED: Final = re.compile(r"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{0,40})["']""")
_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16([bl]e)?|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-(jp|kr)|iso-2022-jp",
    re.IGNORECASE,
)
# "/*/*/.../*" one step beyond the limit: libxml2 walks it level by level, in time linear in the document.
_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_LONGEST: Final = etree.XPath(
    "boolean(//text()[string-length(.) > $most and not(parent::*[local-name() = $opaque])]"
    " | //@*[string-length(.) > $most])"
)
_SAFELY: Final = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,  # between elements: half of all nodes of an indented file
    "collect_ids": False,
}
_PARSER: Final = etree.XMLParser(**_SAFELY)


class ReaderError(ValueError):
    """A file that is not read. `rule` names why, `str()` is the sentence for people, `fix` what to do."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.rule, self.fix = rule, fix


def parse(data: bytes, opaque: str = "") -> Element:
    """The root element of `data`, comments and instructions dropped.

    `opaque`: local name of the one element whose text may exceed `MAX_TEXT` (an embedded file); ten million
    characters are the end for that too. Raises `ReaderError`, and nothing else, for anything it refuses.
    """
    _check_bytes(data)
    data = data[_blanks(data) :]
    _check_prolog(data)
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise _explain(data, str(error)) from None
    if (_DOCTYPE in data or b"\0" in data) and root.getroottree().docinfo.doctype:
        raise _doctype()
    if _may_be_deep(data) and _TOO_DEEP(root):
        raise _deep()
    if len(data) > MAX_TEXT and _LONGEST(root, most=MAX_TEXT, opaque=opaque or " "):
        raise _long_text()
    return root


def _may_be_deep(data: bytes) -> bool:
    """Whether elements could nest beyond the limit, by the tags that open and close in each block of bytes:
    a quarter of the time of looking at the tree. Never too low where only elements are written with `<`.
    """
    if any(mark in data for mark in _UNCOUNTED):
        return True
    depth = 0
    for at in range(0, len(data), _BLOCK):
        closed = data.count(b"</", at, at + _BLOCK)
        opened = data.count(b"<", at, at + _BLOCK) - closed
        if depth + opened > MAX_DEPTH:
            return True
        depth += opened - closed
    return False


def stream(source: IO[bytes], names: Collection[str]) -> Iterator[Element]:
    """Each element with one of the local names, whole, then let go: memory is that of one record.

    An element inside another of the names comes first and is empty when the outer one comes. What stands
    beside a record and before it is let go too, a while later, so whoever needs it reads it with the record.
    The limits of elements and bytes hold for what stands between two records. Raises `ReaderError` where the
    file cannot be read on, after the records before that place; `source` must be able to seek.
    """
    head = source.read(_CHUNK)
    _check_bytes(head)
    skipped = _blanks(head)
    source.seek(skipped)
    _check_prolog(head[skipped:])
    parser = etree.XMLPullParser(("end",), tag=[f"{{*}}{name}" for name in names], **_SAFELY)
    size = count = 0
    while True:
        data = source.read(_CHUNK)
        size, count = size + len(data), count + data.count(b"<") - data.count(b"</")
        _check_between(size, count)
        error = _feed(parser, data)
        last = None
        for _, element in parser.read_events():
            if last is None:  # now, while all that has been read since is there
                _check_tree(element)
            last = element
            yield element
            element.clear()
        if error is not None:
            raise error
        if last is not None:
            size = count = 0
            _sweep(last)
        if not data:
            return


def _blanks(data: bytes) -> int:
    """Bytes before the XML declaration of a file that begins with blank lines, which no parser takes."""
    match = _LEADING.match(data)
    return match.end() if match else 0


def _feed(parser: etree.XMLPullParser, data: bytes) -> ReaderError | None:
    """Why the parser cannot read on, if so; what it has read before that place is there to be fetched."""
    try:
        if data:
            parser.feed(data)
        else:
            _check_tree(parser.close())
    except ReaderError as error:
        return error
    except (etree.LxmlError, ValueError, LookupError) as error:
        return _explain(b">" if data else b"", str(error))  # what fails at the end was cut off
    return None


def _check_between(size: int, count: int) -> None:
    if count > MAX_ELEMENTS:
        raise _many_elements()
    if size > MAX_BYTES:
        raise ReaderError(
            "xml-too-large",
            f"one record of the file has more than {MAX_BYTES:,} bytes, or the file holds none",
            "send attachments beside the file, and one document per record",
        )


def _check_tree(element: Element) -> None:
    tree = element.getroottree()
    if tree.docinfo.doctype:
        raise _doctype()
    if _TOO_DEEP(tree):
        raise _deep()


def _sweep(element: Element) -> None:
    """Let go of all that stands before a record: beside it, beside what it stands in, and so on."""
    while (parent := element.getparent()) is not None:
        del parent[: parent.index(element)]
        element = parent


def _many_elements() -> ReaderError:
    return ReaderError(
        "xml-too-many-elements",
        f"the file has more than {MAX_ELEMENTS:,} elements",
        "send one document per file",
    )


def _check_bytes(data: bytes) -> None:
    if not (data[:4_096].strip(_NOTHING) or data.strip(_NOTHING)):
        raise ReaderError("xml-empty", "the file is empty", "export the document again")
    if len(data) > MAX_BYTES:
        raise ReaderError(
            "xml-too-large",
            f"the file has {len(data):,} bytes, more than the {MAX_BYTES:,} of one document",
            "send one document per file, and attachments beside it",
        )
    if _has_many_elements(data):
        raise _many_elements()


def _has_many_elements(data: bytes) -> bool:
    """Counted only where there is room for so many."""
    if len(data) <= MAX_ELEMENTS * _SHORTEST:
        return False
    opened = data.count(b"<")
    return opened > MAX_ELEMENTS and opened - data.count(b"</") > MAX_ELEMENTS


def _check_prolog(data: bytes) -> None:
    """Refuse a DOCTYPE and a doubtful encoding before any parser sees the file.

    Encodings whose `<` is neither one byte nor two (UTF-32, EBCDIC) do not begin with an element here.
    """
    wide = _UTF16.get(data[:2]) or _UTF16_BARE.get(data[:2])
    text = data.decode(wide or "latin-1", "replace").removeprefix("\ufeff").removeprefix("ï»¿")
    _check_encoding(text, wide is not None)
    at = 0
    while True:
        at = _BLANKS.match(text, at).end()  # type: ignore[union-attr]  # may be empty
        if text.startswith("<?", at):
            at = _behind(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _behind(text, "-->", at)
        elif text.startswith("<!", at):
            raise _doctype()
        elif text.startswith("<", at):
            return
        else:
            raise _malformed("it does not begin with an element")


def _behind(text: str, closer: str, start: int) -> int:
    """Offset behind the next `closer`; the end of the text where there is none."""
    found = text.find(closer, start)
    return len(text) if found < 0 else found + len(closer)


def _check_encoding(text: str, wide: bool) -> None:
    """A parser that believed the declaration where we believed the bytes would read another document."""
    declared = None if text.startswith(_USUAL) and not wide else _DECLARED.match(text)
    if declared is None:
        return
    name = declared.group(1)
    if not _ENCODINGS.fullmatch(name):
        what = f"the file declares the encoding {name!r}, which is not read"
    elif name.lower().replace("-", "").startswith("utf16") != wide:
        what = f"the file declares the encoding {name!r}, but its bytes are in another"
    else:
        return
    raise ReaderError("xml-encoding", what, "save the file as UTF-8 and declare that")


def _doctype() -> ReaderError:
    return ReaderError(
        "xml-doctype",
        "the file holds a DOCTYPE; none is read, even one that declares nothing, since through one a file can"
        " reach beyond itself or blow up",
        "delete <!DOCTYPE ...> and all entities; a business document needs neither",
    )


def _deep() -> ReaderError:
    return ReaderError(
        "xml-too-deep",
        f"the file nests elements more than {MAX_DEPTH} deep",
        "send the document as its schema has it",
    )


def _long_text() -> ReaderError:
    return ReaderError(
        "xml-text-too-long",
        f"the file holds a text of more than {MAX_TEXT:,} characters",
        "send long texts and attachments beside the document",
    )


def _explain(data: bytes, error: str) -> ReaderError:
    """What the parser said, as a refusal with its own rule."""
    if "Excessive depth" in error:
        return _deep()
    if "text node" in error or "size limit" in error or "too long" in error or "too big" in error:
        return _long_text()
    if "ncoding" in error or "not proper UTF" in error or "Invalid bytes" in error:
        return ReaderError(
            "xml-encoding",
            "the file holds bytes that are not in the encoding that it declares",
            "save the file as UTF-8 and declare that",
        )
    cut = "valid URI" not in error and not data.rstrip(b" \t\r\n\0").endswith(b">")
    if "Premature end" in error or cut:
        return ReaderError(
            "xml-truncated",
            "the file ends before its last element does",
            "send the whole file again",
        )
    if "XML declaration allowed only" in error:
        return ReaderError(
            "xml-malformed",
            f"a second document begins in the file: {' '.join(error.split())[-40:]}",
            "send each document as a file of its own",
        )
    return _malformed(" ".join(error.split(" (<string>")[0].split())[:160])


def _malformed(what: str) -> ReaderError:
    return ReaderError(
        "xml-malformed",
        f"the file is not well-formed XML: {what}",
        "export the document again, or correct it at the place named",
    )
