"""From files to staged batches.

A table is a batch of its own. The documents of one call make one batch per contributor, so that a folder of
a thousand invoices is taken whole or not at all; only what is more than `MAX_TOGETHER` is several. A file that
is read as a stream is one batch, or several where it is long.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from tallystick.adapters.archives import BREAKS
from tallystick.adapters.contributors import contributor, contributor_of
from tallystick.adapters.files import MAX_DOCUMENT, Found, opened
from tallystick.adapters.tables import MEMORY, connection, stage_table
from tallystick.evidence.document import Canonical, canonicalise
from tallystick.evidence.formats.mapping import Mapping, load_mapping
from tallystick.evidence.ledger import Contributor, EvidenceError, NoRoom, Staged
from tallystick.evidence.said import Reject, Said
from tallystick.units import digest

PART: Final = 20_000
"""Statements of a streamed file that make one batch: what is held in memory at a time."""
MAX_TOGETHER: Final = 512 * 1024 * 1024
"""Bytes of documents, as they lie on disk, that make one batch."""
Progress = Callable[[str, int, int], None]


def read_mapping(given: str | Path | Mapping) -> Mapping:
    """A mapping from its file. Raises `EvidenceError` naming the file, the key and the fix."""
    if isinstance(given, Mapping):
        return given
    path = Path(given)
    try:
        return load_mapping(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EvidenceError(f"the mapping {path} cannot be read: {error}") from None


def stage_found(
    found: Found,
    mapping: Mapping | None,
    given: Contributor | None,
    staging: Path,
    progress: Progress | None = None,
) -> Iterator[Staged]:
    """Everything that was found as staged batches: tables, then documents, then streams."""
    yield from stage_tables(found, mapping, given, staging, progress)
    yield from stage_documents(found, given, progress)
    yield from stage_streams(found, given, progress)


def stage_tables(
    found: Found,
    mapping: Mapping | None,
    given: Contributor | None,
    staging: Path,
    progress: Progress | None = None,
) -> Iterator[Staged]:
    """One staged batch per table. One of a folder or an archive that cannot be read (it has no mapping, say) is
    passed over, and the others are taken. Raises `EvidenceError` for one that was named itself, for a mapping
    that fits none of them, and where there is no room."""
    if not found.tables:
        return
    wrong, taken = None, False
    with connection(staging, MEMORY) as con:
        for file in found.tables:
            who = table_contributor(file, mapping, given, found)
            source = found.name_of(file)
            try:
                batch = stage_table(file, mapping, who, staging, progress, con=con, source=source)
            except EvidenceError as error:
                if isinstance(error, NoRoom) or file in found.given:
                    raise
                wrong = error
                found.pass_over(file, error.args[0])
                continue
            taken = True
            yield batch
    if mapping is not None and wrong is not None and not taken:
        raise wrong


def table_contributor(
    file: Path, mapping: Mapping | None, given: Contributor | None, found: Found | None = None
) -> Contributor:
    """Who hands a table in: as given, as its mapping says, or as `contributor_of` finds."""
    if given is None and mapping is not None and mapping.contributor is not None:
        who = mapping.contributor
        return contributor(who.name, who.kind, who.id, who.country)
    return contributor_of(file, given, home=found.homes.get(file) if found else None)


def stage_documents(
    found: Found, given: Contributor | None, progress: Progress | None = None
) -> Iterator[Staged]:
    """The documents that are read whole, as a staged batch per contributor."""
    groups: dict[Contributor, list[Path]] = {}
    for file in found.documents:
        kind = found.readers[file].hands_in
        groups.setdefault(contributor_of(file, given, kind, found.homes.get(file)), []).append(file)
    for who, files in groups.items():
        for members in _together(files):
            digests: list[str] = []
            canonical = canonicalise(_read_all(members, found, digests, progress), who)
            one = len(members) == 1
            source = found.name_of(members[0]) if one else f"{len(members)} files"
            yield staged(canonical, who, source, digest("documents", *sorted(digests), _who(who)))


def _together(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in their order, cut where they come to more than one batch may hold."""
    members: list[Path] = []
    size = 0
    for file in files:
        more = file.stat().st_size
        if members and size + more > MAX_TOGETHER:
            yield members
            members, size = [], 0
        members.append(file)
        size += more
    yield members


def stage_streams(
    found: Found, given: Contributor | None, progress: Progress | None = None
) -> Iterator[Staged]:
    """A streamed file as one batch, or as several where it holds more than `PART` statements. Reading a file
    again continues where it broke off, since a batch that the book holds is not taken twice."""
    for n, file in enumerate(found.streams, start=1):
        reader, source = found.readers[file], found.name_of(file)
        who = contributor_of(file, given, reader.hands_in, found.homes.get(file))
        with opened(file) as stream:
            statements, part = reader.statements(stream, source), 1
            said = list(islice(statements, PART))
            while said or part == 1:  # a file without a statement is a batch too: it was handed in
                yield stage_said(said, who, f"{source}, part {part}" if part > 1 else source)
                said, part = list(islice(statements, PART)), part + 1
        if progress is not None:
            progress("reading", n, len(found.streams))


def stage_said(said: Sequence[Said | Reject], who: Contributor, source: str) -> Staged:
    """What a program says directly, as one batch. The same documents in any order are the same batch."""
    canonical = canonicalise(said, who)
    names = sorted(canonical.documents.column("doc_id").to_pylist())
    broken = [f"{r['row']}:{r['rule']}" for r in canonical.rejects.to_pylist()]
    return staged(canonical, who, source, digest("said", _who(who), *names, *broken))


def staged(canonical: Canonical, who: Contributor, source: str, batch_id: str) -> Staged:
    """A batch of rows that fit in memory."""
    outcomes = canonical.rejects.column("outcome").to_pylist()
    return Staged(
        batch_id,
        who,
        source,
        canonical.documents,
        canonical.parties,
        canonical.rejects,
        canonical.document_count,
        canonical.repeated,
        outcomes.count("held"),
        outcomes.count("rejected"),
    )


def _who(who: Contributor) -> str:
    return f"{who.name}\x1f{who.kind}\x1f{who.party}"


def _read_all(
    files: Sequence[Path], found: Found, digests: list[str], progress: Progress | None
) -> Iterator[Said | Reject]:
    for n, file in enumerate(files, start=1):
        source = found.name_of(file)
        data = _read(file, source)
        if isinstance(data, Reject):
            digests.append(digest(file.name))
            yield data
            continue
        digests.append(digest(data))
        yield from found.readers[file].statements(io.BytesIO(data), source)
        if progress is not None:
            progress("reading", n, len(files))


def _read(file: Path, source: str) -> bytes | Reject:
    fix = f"send the file again, whole and under {MAX_DOCUMENT >> 20} MB"
    try:
        with opened(file) as stream:
            data = stream.read(MAX_DOCUMENT + 1)
    except BREAKS as error:
        return Reject(source, None, None, "unreadable", f"the file cannot be read: {error}", fix)
    if len(data) > MAX_DOCUMENT:
        large = f"the file is larger than {MAX_DOCUMENT >> 20} MB"
        return Reject(source, None, None, "too-large", large, fix)
    return data
