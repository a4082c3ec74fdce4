"""The policies of a book: an append-only history of signed files, of which one is in force at a moment.

Idea: `policies/0003-winter.toml` is the third commit, whole and readable: the parameters, and in the table
`signed` who put them in force, when, why, and a signature over all of it and over the commit before. So no
file can be changed, put in or taken out of the middle unseen. Nothing is updated: going back to an earlier
policy is a new commit of it.

In force at a moment is the newest commit made by then whose `valid_from` has come; before the first one,
the shipped default. Later commits change no answer that was asked with an earlier `known_at`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from tallystick.adapters.keys import published, signer, verifies
from tallystick.adapters.ledger.durable import exclusive, surfacing, write_whole
from tallystick.adapters.ledger.store import clock_us
from tallystick.evidence.ledger import EvidenceError
from tallystick.rating import Policy
from tallystick.rating.policy_file import (
    FORMAT,
    PolicyFile,
    checked,
    read_policy,
    seal_of,
    write_policy,
)
from tallystick.units import micros, moment_of

POLICIES: Final = "policies"
SHIPPED: Final = "default"
"""What names the policy that comes with the program."""

PREFIX: Final = 6
"""The fewest digits of a digest that name a policy."""

_FILE: Final = re.compile(r"(\d{4,})-.+\.toml")
_LONGEST: Final = 500
_SIGNED: Final = {
    "number": int,
    "at": str,
    "by": str,
    "note": str,
    "previous": str,
    "key": str,
    "signature": str,
}


@dataclass(frozen=True, slots=True)
class Commit:
    """A policy as it was put in force. `previous`: signature of the commit before, "" for the first; `key`:
    the public key (hex) that verifies `signature`."""

    number: int
    policy: Policy
    at_us: int
    by: str
    note: str
    previous: str
    key: str
    signature: str

    @property
    def file(self) -> str:
        """Name of its file in the folder of the book."""
        return f"{POLICIES}/{self.number:04d}-{self.policy.name}.toml"

    @property
    def valid_from(self) -> date:
        """The first day on which it may be in force."""
        return date.fromisoformat(self.policy.valid_from)

    def by_then(self, at_us: int) -> bool:
        """Whether it was committed, and its day had come, at a moment."""
        return self.at_us <= at_us and self.valid_from <= moment_of(at_us).date()


def history(book: Path) -> list[Commit]:
    """All commits of a book, in their order, each verified. Raises `EvidenceError` where one is not what was
    committed, or is missing."""
    folder = book / POLICIES
    if not folder.is_dir():
        return []
    with surfacing(book):
        files = sorted(
            (int(found[1]), path)
            for path in folder.iterdir()
            if (found := _FILE.fullmatch(path.name))
        )
        keys = published(book) if files else {}
        out: list[Commit] = []
        for number, path in files:
            previous = out[-1].signature if out else ""
            if number != len(out) + 1:
                raise EvidenceError(
                    f"the policies of the book {book} have no number {len(out) + 1}: "
                    f"restore its file in {folder} from a backup"
                )
            out.append(_read(path, number, previous, keys))
    return out


def in_force(commits: Sequence[Commit], at_us: int) -> Policy:
    """The policy in force at a moment; the shipped default where none had been committed."""
    return next((c.policy for c in reversed(commits) if c.by_then(at_us)), Policy())


def commit(book: Path, policy: Policy, note: str, by: str, at_us: int | None = None) -> Commit:
    """Put a policy in force, durably and once. Raises `EvidenceError` where its name stands for something
    else, it is the newest already, or the note or the name of who does it is missing."""
    policy, note, by = checked(policy), _line(note, "note"), _line(by, "name of who commits it")
    folder = book / POLICIES
    with surfacing(book):
        folder.mkdir(exist_ok=True)
        with exclusive(folder / "lock"):
            before = history(book)
            _refuse(policy, before)
            moment = _moment(book, before, at_us)
            made = _signed(book, policy, note, by, moment, before)
            facts = {name: getattr(made, name) for name in _SIGNED if name != "at"}
            signed = {**facts, "at": moment_of(made.at_us).isoformat()}
            text = write_policy(policy, signed={name: signed[name] for name in _SIGNED})
            write_whole(book / made.file, lambda file: file.write(text.encode()))
    return made


def find(commits: Sequence[Commit], text: str) -> Policy:
    """The policy that a name, the beginning of a digest, or `default` means. Raises `EvidenceError` with
    those that there are where it means none or several."""
    known = [Policy(), *(c.policy for c in commits)]
    named = [p for p in known if p.name == text or (text == SHIPPED and p == Policy())]
    if not named and len(text) >= PREFIX:
        named = [p for p in known if p.digest().startswith(text.lower())]
    if len({p.digest() for p in named}) == 1:
        return named[0]
    listed = ", ".join(dict.fromkeys(f"{p.name} ({p.digest()})" for p in known))
    many = "several policies begin so" if named else "no policy is called so"
    raise EvidenceError(f"{text!r}: {many}; this book has {listed}")


def read_file(path: Path) -> PolicyFile:
    """The policy in a file that somebody names. Raises `EvidenceError` where it cannot be read or used."""
    try:
        return read_policy(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError:
        raise EvidenceError(f"{path} is no text in UTF-8, so it is no policy") from None


def _line(text: str, what: str) -> str:
    """A text as one line that can be shown anywhere."""
    line = " ".join(text.split())
    if not line:
        raise EvidenceError(f"a commit needs the {what}")
    if not line.isprintable() or len(line) > _LONGEST:
        raise EvidenceError(f"the {what} must be up to {_LONGEST} letters that can be printed")
    return line


def _refuse(policy: Policy, before: Sequence[Commit]) -> None:
    """Raise `EvidenceError` for what need not or must not be committed."""
    if before and before[-1].policy == policy:
        raise EvidenceError(
            f"the policy {policy.name!r} is the newest commit already (number {before[-1].number}, "
            f"{moment_of(before[-1].at_us).date()} by {before[-1].by})"
        )
    for other in [Policy(), *(c.policy for c in before)]:
        if other.name == policy.name and other != policy:
            raise EvidenceError(
                f"the name {policy.name!r} stands for other parameters (digest {other.digest()}); "
                "give this policy another `name`"
            )


def _moment(book: Path, before: Sequence[Commit], at_us: int | None) -> int:
    newest = before[-1].at_us if before else -1
    if at_us is None:
        return max(clock_us(), newest + 1)
    if at_us <= newest:
        raise EvidenceError(
            f"the commit is dated {moment_of(at_us).isoformat()}, not after the newest one of the "
            f"book {book} ({moment_of(newest).isoformat()}), which would change what was known then: "
            "give a later time"
        )
    return at_us


def _signed(
    book: Path, policy: Policy, note: str, by: str, at_us: int, before: Sequence[Commit]
) -> Commit:
    previous = before[-1].signature if before else ""
    key = signer(book)
    draft = Commit(len(before) + 1, policy, at_us, by, note, previous, key.public, "")
    return replace(draft, signature=key.sign(_statement(draft, seal_of(policy))))


def _statement(made: Commit, seal: str) -> bytes:
    """What is signed: canonical JSON of everything about a commit."""
    facts = {
        "format": FORMAT,
        "seal": seal,
        "number": made.number,
        "at_us": made.at_us,
        "by": made.by,
        "note": made.note,
        "previous": made.previous,
        "key": made.key,
    }
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _read(path: Path, number: int, previous: str, keys: dict[str, Path]) -> Commit:
    """The commit in a file, verified."""
    broken = (
        f"the committed policy {path} is not what was signed: it was changed or damaged, "
        "so no rating is made with it; restore the file from a backup"
    )
    try:
        file = read_policy(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError:
        raise EvidenceError(broken) from None
    except EvidenceError as error:
        raise EvidenceError(f"{broken} ({error})") from None
    made = signed_by(file)
    if made is None or (made.number, made.previous, path.name) != (
        number,
        previous,
        Path(made.file).name,
    ):
        raise EvidenceError(broken)
    if made.key not in keys:
        raise EvidenceError(
            f"the committed policy {path} is signed with the key {made.key[:16]}, which this book "
            f"does not publish; restore {path.parent.parent / 'keys'} from a backup"
        )
    return made


def signed_by(file: PolicyFile) -> Commit | None:
    """The commit that a file tells of, its signature verified by the key that it names; None where there is
    none, or it does not verify. Whose key that is, the caller must know."""
    told = file.signed
    if told is None or told.keys() != _SIGNED.keys():
        return None
    if any(type(told[name]) is not kind for name, kind in _SIGNED.items()):
        return None
    try:
        at_us = micros(datetime.fromisoformat(told["at"]).astimezone(UTC))
    except (ValueError, OverflowError):
        return None
    facts = {name: told[name] for name in _SIGNED if name != "at"}
    made = Commit(policy=file.policy, at_us=at_us, **facts)
    return made if verifies(made.key, _statement(made, file.seal), made.signature) else None
