"""The report as a PDF (Typst): tagged for readers of all kinds, to be kept for ever, with its JSON inside.

Idea: the typesetter gets a program that is part of this package, and the report as data; a name that looks like
a program is set as the letters that it has. The standards are PDF/UA-1 (accessible) and PDF/A-3a (archival, may
carry files); the date of the document is the day of the report, so that the same report gives the same bytes.

Fonts: Latin, Greek and Cyrillic letters come with Typst. Where a report has others, the fonts of the machine
and of `fonts` are read besides. What no font has is written in Latin letters, and the report says so: a name in
a rare script does not keep anybody from a report. A Chinese report without Chinese letters is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tallystick.adapters.drawing import draw
from tallystick.report import blocks as b
from tallystick.report import render_json
from tallystick.report.phrases import Phrases
from tallystick.report.pictures import pictures_of
from tallystick.report.printed import printed

STANDARDS: Final = ("a-3a", "ua-1")

FONTS: Final = (
    "Libertinus Serif", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "SimSun",
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)  # fmt: skip
"""Families in the order in which they are tried; the first is part of Typst. Then any that has the letter."""

_NOT_SHOWN: Final = re.compile(r'the text `"(.+?)"` could not be displayed')


class PrintError(ValueError):
    """A report that cannot be printed here; the message says what to do."""


def render_pdf(report: b.Report, fonts: Path | None = None) -> bytes:
    """The report as a PDF in its language. `fonts`: a folder of further fonts. Raises `PrintError` where a
    Chinese report finds no font with its letters."""
    content = _clean(printed(report)) | {"transcribed": ""}
    say = Phrases(report.lang)
    content["page"] = say("page_of", n="{n}", total="{total}")
    drawings = _drawings(report)
    letters = _letters([content, drawings])
    folder = str(fonts) if fonts else ""
    missing = _missing(letters, folder)
    if missing:
        _refuse_without_chinese(missing, _letters(say("page_of", n="", total="")))
        content = _in_latin(content, missing)
        content["transcribed"] = say("fonts_missing")
        drawings = _in_latin(drawings, missing)
    return _set(content, drawings, json_of(report), folder if letters - missing else "-")


def json_of(report: b.Report) -> str:
    """The JSON that the document carries, the same as that of the command line."""
    return json.dumps(render_json(report), ensure_ascii=False, indent=2) + "\n"


def _drawings(report: b.Report) -> dict[str, Any]:
    return {
        key: {
            "title": picture.title,
            "text": picture.text,
            "note": picture.note,
            "svg": draw(picture, ", ".join(FONTS)),
            "level": 3 if key in ("quarters", "strip") else 2,
        }
        for key, picture in pictures_of(report).items()
        if picture
    }


def _set(content: dict[str, Any], drawings: dict[str, Any], attachment: str, folder: str) -> bytes:
    import typst

    program = (files("tallystick.report") / "templates" / "report.typ").read_bytes()
    year, month, day = content["as_of"]
    made: bytes = typst.compile(
        program,
        format="pdf",
        font_paths=_fonts(folder),
        sys_inputs={
            "content": json.dumps(content, ensure_ascii=False),
            "drawings": json.dumps(drawings, ensure_ascii=False),
            "fonts": json.dumps(FONTS if folder != "-" else FONTS[:1]),
            "attachment": attachment,
        },
        pdf_standards=list(STANDARDS),
        timestamp=datetime(year, month, day, tzinfo=UTC),
    )
    return made


@lru_cache(maxsize=4)
def _fonts(folder: str) -> Any:
    """The fonts of Typst, of the machine and of a folder; of Typst alone for "-"."""
    import typst

    own = folder == "-"
    paths: list[Any] = [folder] if folder and not own else []
    return typst.Fonts(include_system_fonts=not own, font_paths=paths)


def _missing(letters: frozenset[str], folder: str) -> frozenset[str]:
    """Which letters no font has: those that Typst lacks, looked for in the fonts of the machine."""
    lacking = _not_shown(letters, "-")
    return _not_shown(lacking, folder) if lacking else lacking


@lru_cache(maxsize=64)
def _not_shown(letters: frozenset[str], folder: str) -> frozenset[str]:
    """Which letters cannot be set in those fonts: the typesetter names them all when a document that shows each
    is to be archival."""
    import typst

    program = b"#set document(date: datetime(year: 2000, month: 1, day: 1))\n"
    program += b"#set text(font: json(bytes(sys.inputs.fonts)))\n"
    program += b"#for letter in json(bytes(sys.inputs.letters)) [#letter ]"
    try:
        typst.compile(
            program,
            format="pdf",
            font_paths=_fonts(folder),
            sys_inputs={
                "letters": json.dumps(sorted(letters)),
                "fonts": json.dumps(FONTS if folder != "-" else FONTS[:1]),
            },
            pdf_standards=["a-3b"],
        )
    except typst.TypstError as error:
        found = frozenset(
            letter for text in _NOT_SHOWN.findall(error.diagnostic) for letter in text
        )
        if not found:
            raise
        return found & letters
    return frozenset()


def _letters(value: Any) -> frozenset[str]:
    """The letters beyond ASCII in some data."""
    return frozenset(letter for text in _texts(value) for letter in text if ord(letter) > 126)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _refuse_without_chinese(missing: frozenset[str], words: frozenset[str]) -> None:
    if missing & words:
        raise PrintError(
            "a Chinese report needs a font with Chinese characters, and there is none on this machine: install "
            "one (on Debian the package fonts-noto-cjk), or put a .ttf or .otf file into a folder and name the "
            "folder in TALLYSTICK_FONTS"
        )


def _in_latin(value: Any, missing: frozenset[str]) -> Any:
    """Data whose letters that no font has are written in Latin ones."""
    from anyascii import anyascii

    table = {ord(letter): anyascii(letter) or "?" for letter in missing}
    return _mapped(value, table)


def _clean(value: Any) -> Any:
    """Data without what is no letter: controls, marks that turn the direction of text, private use."""
    found = {letter for text in _texts(value) for letter in text}
    kept = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
    unfit = {"Cc": "", "Cf": "", "Co": "?", "Cn": "?", "Cs": "?", "Zl": " ", "Zp": " "}
    table = {
        ord(letter): unfit[unicodedata.category(letter)]
        for letter in found
        if unicodedata.category(letter) in unfit and letter not in kept
    }
    return _mapped(value, table)


def _mapped(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _mapped(inner, table) for key, inner in value.items()}
    return [_mapped(inner, table) for inner in value] if isinstance(value, list) else value
