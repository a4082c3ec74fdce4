"""Files of OCDS to `Said` and `Reject`: packages of releases or records, and single releases, as streams.

Nothing here raises for what a file holds. A release that binds nobody is a reject that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, Final

from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.jsonfile import open_json
from tallystick.evidence.formats.jsonpaths import text_at
from tallystick.evidence.formats.ocds.sections import Release, is_whole
from tallystick.evidence.formats.ocds.versions import is_versioned, releases_in
from tallystick.evidence.said import Reject, Said

_LISTS: Final = {"releases": ("/releases",), "records": ("/records",)}
_MARKS: Final = (
    b'"releases"',
    b'"records"',
    b'"tag"',
    b'"compiledRelease"',
    b'"versionedRelease"',
    b'"releaseTag"',
)


def looks_like_ocds(head: bytes) -> bool:
    """Whether the first bytes of a file are JSON that names a contracting process (`ocid`)."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return begin[:1] in (b"{", b"[") and b'"ocid"' in begin and any(m in begin for m in _MARKS)


def read_ocds(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the releases of a file say; `row` counts statements and rejects from 1. `source` can seek."""
    return framed(_items(source), name)


def _items(source: IO[bytes]) -> Iterator[Said | Reject]:
    """What each record or release says; a single record is one itself, whatever it lists."""
    opened = open_json(source, _LISTS)
    one = "ocid" in opened.head and _inside(opened.head)
    for pointer, record in [("", opened.head)] if one else opened.records:
        yield from _of_record(record, pointer)


def _of_record(record: Any, pointer: str) -> Iterator[Said | Reject]:
    """A release, or the releases of a record: those that stand in it, else those that its versions are of, else
    what they come to. A package in a list of packages is taken apart."""
    if isinstance(record, dict) and "ocid" not in record and (found := _inside(record)):
        for n, one in enumerate(record[found]):
            yield from _of_record(one, f"{pointer}/{found}/{n}")
        return
    if not isinstance(record, dict) or not text_at(record, "ocid"):
        yield _refused("ocds-no-process", "the record names no contracting process (ocid)")
        return
    releases = record.get("releases")
    whole = isinstance(releases, list) and releases and all(map(is_whole, releases))
    if whole and isinstance(releases, list):
        for n, release in enumerate(releases):
            yield from _of_release(release, record, f"{pointer}/releases/{n}")
    elif is_versioned(record.get("versionedRelease")):
        yield from _of_versions(record["versionedRelease"], record, f"{pointer}/versionedRelease")
    elif isinstance(record.get("compiledRelease"), dict):
        yield from _of_release(record["compiledRelease"], record, f"{pointer}/compiledRelease")
    elif "releases" in record or "versionedRelease" in record:
        yield _refused("ocds-linked", "the record only points to its releases")
    elif is_versioned(record):
        yield from _of_versions(record, record, pointer)
    else:
        yield from _of_release(record, record, pointer)


def _inside(package: dict[str, Any]) -> str | None:
    return next((name for name in _LISTS if isinstance(package.get(name), list)), None)


def _of_versions(
    versioned: dict[str, Any], record: dict[str, Any], pointer: str
) -> Iterator[Said | Reject]:
    """What each release changed. One that only moved on what is no part of a statement says nothing anew."""
    before: dict[tuple[str, str | None], Said] = {}
    for release, new in releases_in(versioned):
        only = frozenset(pointer + one for one in new)
        for item in _of_release(release, record, pointer, only):
            if isinstance(item, Said):
                told = _content(item, pointer)
                if before.get((item.kind, item.number)) == told:
                    continue
                before[item.kind, item.number] = told
            yield item


def _content(said: Said, pointer: str) -> Said:
    """What a statement says, whatever release says it; the day of the release is none of its own."""
    told = said.places.get("issued_on") == f"{pointer}/date"
    return replace(said, action="state", places={}, issued_on=None if told else said.issued_on)


def _of_release(
    release: Any, record: dict[str, Any], pointer: str, only: frozenset[str] | None = None
) -> Iterator[Said | Reject]:
    ocid = text_at(release, "ocid") or text_at(record, "ocid") or ""
    found = False
    for said in Release(release, ocid, pointer, only).statements():
        found = True
        yield said
    if not found:
        tags = release.get("tag")
        what = ", ".join(map(str, tags)) if isinstance(tags, list) and tags else "no tag"
        message = f"the release ({what[:60]}) binds nobody: no tender, award, contract or payment"
        yield Reject(None, None, None, "nothing-stated", message, "nothing to do")


def _refused(rule: str, message: str) -> Reject:
    fix = "send releases, or records with their releases or a compiledRelease"
    return Reject(None, None, None, rule, message, fix)
