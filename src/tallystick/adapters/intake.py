"""From paths to staged batches: which files a path means, and which reader reads each.

A table is a batch of its own. The XML and JSON documents of one call make one batch, so that a folder of
a thousand invoices is taken whole or not at all. What lies under a path is walked in the order of names;
hidden files, symbolic links and what a folder's `.tallystickignore` names are passed over and reported.
"""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from tallystick.adapters.registers import is_register, opened
from tallystick.adapters.tables import MEMORY, connection, stage_table
from tallystick.evidence.document import Canonical, canonicalise
from tallystick.evidence.formats.mapping import Mapping
from tallystick.evidence.formats.plain import read_json_lines
from tallystick.evidence.formats.registers import read_register
from tallystick.evidence.formats.ubl import looks_like_ubl, read_ubl
from tallystick.evidence.identifiers import describe, split_ref
from tallystick.evidence.kinds import CONTRIBUTOR_KINDS
from tallystick.evidence.ledger import Contributor, EvidenceError, Staged
from tallystick.evidence.said import Reject, Said
from tallystick.units import digest

TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet")
IGNORE_MARK: Final = ".tallystickignore"
CARD: Final = "contributor.toml"
REGISTER_PART: Final = 20_000
"""Statements of a register's file that make one batch: what is held in memory at a time."""
MAX_DOCUMENT: Final = 64 * 1024 * 1024
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Found:
    """Files under a path, by reader, and what was passed over with the reason. `named`: what each file
    is called as a source: its path within the folder that was given, or its name."""

    tables: list[Path] = field(default_factory=list)
    documents: list[Path] = field(default_factory=list)
    registers: list[Path] = field(default_factory=list)
    passed_over: list[tuple[Path, str]] = field(default_factory=list)
    named: dict[Path, str] = field(default_factory=dict)


def find_files(paths: Sequence[Path]) -> Found:
    """Sort the files that the paths mean by their reader.

    Raises `EvidenceError` for a path that does not exist or a named file that no reader reads.
    """
    found = Found()
    for path in paths:
        if not path.exists():
            raise EvidenceError(f"{path} does not exist")
        if path.is_dir():
            for file in _walk(path, found):
                found.named[file] = file.relative_to(path).as_posix()
                _sort(file, found)
        else:
            if not _sort(path, found):
                raise EvidenceError(
                    f"{path} is not something Tallystick reads: give CSV, TSV, JSON Lines, Parquet "
                    "(each also .gz), UBL XML, or a file of GLEIF or BODS (also .gz or .zip)"
                )
    return found


def _walk(folder: Path, found: Found) -> Iterator[Path]:
    ignored = _ignored(folder)
    for entry in sorted(folder.iterdir(), key=lambda p: p.name):
        if entry.name.startswith("."):
            continue
        if entry.name in ignored:
            found.passed_over.append((entry, f"named in {IGNORE_MARK}"))
            continue
        if entry.is_symlink():
            found.passed_over.append((entry, "symbolic links are not followed"))
        elif entry.is_dir():
            yield from _walk(entry, found)
        elif entry.is_file():
            yield entry


def _ignored(folder: Path) -> set[str]:
    """Names that the folder's `.tallystickignore` lists, one a line; `#` begins a comment."""
    mark = folder / IGNORE_MARK
    if not mark.is_file():
        return set()
    lines = mark.read_text(encoding="utf-8", errors="replace").splitlines()
    return {line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")}


def _sort(file: Path, found: Found) -> bool:
    """Put a file to those of its reader; False where no reader reads it."""
    name = file.name.lower().removesuffix(".gz")
    if file.name.lower().endswith(".toml"):
        return False
    if is_register(file):
        found.registers.append(file)
    elif name.endswith((".jsonl", ".ndjson")) and _is_nested_json(file):
        found.documents.append(file)
    elif name.endswith(TABLE_ENDINGS):
        found.tables.append(file)
    elif name.endswith(".xml") and looks_like_ubl(_head(file)):
        found.documents.append(file)
    else:
        found.passed_over.append((file, "no reader for this kind of file"))
        return False
    return True


def _head(file: Path, size: int = 65_536) -> bytes:
    try:
        with gzip.open(file) if file.name.endswith(".gz") else file.open("rb") as stream:
            return stream.read(size)
    except (OSError, EOFError) as error:
        raise EvidenceError(f"{file} cannot be read: {error}") from None


def _is_nested_json(file: Path) -> bool:
    first = _head(file).split(b"\n", 1)[0]
    return b'"parties"' in first or b'"references"' in first


def contributor_of(file: Path, given: Contributor | None, kind: str = "firm") -> Contributor:
    """Who hands a file in: as given, or as the nearest `contributor.toml` says, or the folder's name
    with that `kind`."""
    if given is not None:
        return given
    for folder in file.resolve().parents:
        card = folder / CARD
        if card.is_file():
            return read_card(card)
        if (folder / ".git").exists() or (folder / "tallystick.json").exists():
            break
    return Contributor(file.resolve().parent.name, kind)


def read_card(card: Path) -> Contributor:
    """The contributor of a `contributor.toml`; `EvidenceError` names what is wrong with it."""
    try:
        given = tomllib.loads(card.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{card} cannot be read: {error}") from None
    kind = str(given.get("kind", "firm"))
    if kind == "operator":
        raise EvidenceError(
            f"{card} says that the operator of the book hands this in, which a file cannot say: "
            "use another kind, or `tallystick judge`"
        )
    return contributor(str(given.get("name", card.parent.name)), kind, given.get("id"))


def contributor(name: str, kind: str = "firm", ref: str | None = None) -> Contributor:
    """A contributor; `ref` is its own company as `scheme:value`."""
    if kind not in CONTRIBUTOR_KINDS:
        raise EvidenceError(
            f"{kind!r} is not a kind of contributor; use one of {', '.join(CONTRIBUTOR_KINDS)}"
        )
    row = describe(None, None, [split_ref(ref)]) if ref else None
    if ref and row is None:
        raise EvidenceError(
            f"{ref!r} is not a valid identifier; write scheme:value, e.g. lei:5299..."
        )
    return Contributor(name, kind, row.party if row else 0)


def stage_tables(
    files: Sequence[Path],
    mapping: Mapping | None,
    given: Contributor | None,
    staging: Path,
    progress: Progress | None = None,
    named: dict[Path, str] | None = None,
) -> Iterator[Staged]:
    """One staged batch per table, under its name in `named` (default: the file's)."""
    if not files:
        return
    with connection(staging, MEMORY) as con:
        for file in files:
            who = table_contributor(file, mapping, given)
            source = (named or {}).get(file, file.name)
            yield stage_table(file, mapping, who, staging, progress, con=con, source=source)


def table_contributor(
    file: Path, mapping: Mapping | None, given: Contributor | None
) -> Contributor:
    """Who hands a table in: as given, as its mapping says, or as `contributor_of` finds."""
    if given is None and mapping is not None and mapping.contributor is not None:
        who = mapping.contributor
        return contributor(who.name, who.kind, who.id)
    return contributor_of(file, given)


def stage_documents(
    files: Sequence[Path],
    given: Contributor | None,
    progress: Progress | None = None,
    named: dict[Path, str] | None = None,
) -> Iterator[Staged]:
    """The XML and JSON documents as one staged batch per contributor, under their names in `named`."""
    groups: dict[Contributor, list[Path]] = {}
    for file in files:
        groups.setdefault(contributor_of(file, given), []).append(file)
    for who, members in groups.items():
        digests: list[str] = []
        canonical = canonicalise(_read_all(members, digests, progress, named or {}), who)
        source = (
            (named or {}).get(members[0], members[0].name)
            if len(members) == 1
            else f"{len(members)} files"
        )
        yield staged(canonical, who, source, digest("documents", *sorted(digests), _who(who)))


def stage_registers(
    files: Sequence[Path],
    given: Contributor | None,
    progress: Progress | None = None,
    named: dict[Path, str] | None = None,
) -> Iterator[Staged]:
    """A register's file as one batch, or as several where it holds more than `REGISTER_PART` statements.
    Reading a file again continues where it broke off, since a batch that the book holds is not taken twice."""
    for n, file in enumerate(files, start=1):
        who = contributor_of(file, given, "registry")
        source = (named or {}).get(file, file.name)
        with opened(file) as stream:
            statements, part = read_register(stream, source), 1
            said = list(islice(statements, REGISTER_PART))
            while said or part == 1:  # a file without a record is a batch too: it was handed in
                yield stage_said(said, who, f"{source}, part {part}" if part > 1 else source)
                said, part = list(islice(statements, REGISTER_PART)), part + 1
        if progress is not None:
            progress("reading registers", n, len(files))


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
    files: Sequence[Path], digests: list[str], progress: Progress | None, named: dict[Path, str]
) -> Iterator[Said | Reject]:
    for n, file in enumerate(files, start=1):
        source = named.get(file, file.name)
        data = _read(file, source)
        if isinstance(data, Reject):
            digests.append(digest(file.name))
            yield data
            continue
        digests.append(digest(data))
        if file.name.lower().removesuffix(".gz").endswith(".xml"):
            yield from read_ubl(data, source)
        else:
            yield from read_json_lines(data.splitlines(), source)
        if progress is not None:
            progress("reading", n, len(files))


def _read(file: Path, source: str) -> bytes | Reject:
    fix = "send the file again, whole and under 64 MB"
    try:
        with gzip.open(file) if file.name.endswith(".gz") else file.open("rb") as stream:
            data = stream.read(MAX_DOCUMENT + 1)
    except (OSError, EOFError) as error:
        return Reject(source, None, None, "unreadable", f"the file cannot be read: {error}", fix)
    if len(data) > MAX_DOCUMENT:
        return Reject(source, None, None, "too-large", "the file is larger than 64 MB", fix)
    return data
