"""Who hands a file in: as its folder's `contributor.toml` says, or by the folder's name.

Worked example: `bank/2024/statement.xml` beside a `bank/contributor.toml` that says `name = "Harbour Bank"`
and `kind = "bank"` is handed in by Harbour Bank; without the card, by "2024".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tallystick.evidence.identifiers import describe, split_ref
from tallystick.evidence.kinds import CONTRIBUTOR_KINDS
from tallystick.evidence.ledger import Contributor, EvidenceError
from tallystick.evidence.sentences import say

CARD: Final = "contributor.toml"
Home = tuple[Path, Path]
"""The archive that a file comes from, and the folder that it was unpacked to."""


def contributor_of(
    file: Path, given: Contributor | None, kind: str = "firm", home: Home | None = None
) -> Contributor:
    """Who hands a file in: as given, or as the nearest `contributor.toml` says, or the folder's name
    with that `kind`. What lies at the top of an archive lies where the archive does."""
    if given is not None:
        return given
    for folder in _folders(file, home):
        card = folder / CARD
        if card.is_file():
            return read_card(card)
        if (folder / ".git").exists() or (folder / "tallystick.json").exists():
            break
    top = home is not None and file.parent == home[1]
    return Contributor((home[0] if home and top else file).resolve().parent.name, kind)


def _folders(file: Path, home: Home | None) -> Iterator[Path]:
    """The folders that a file lies in, from the nearest on; those of its archive follow those within it."""
    if home is None:
        yield from file.resolve().parents
        return
    archive, top = home
    yield from (folder for folder in file.parents if folder == top or top in folder.parents)
    yield from archive.resolve().parents


def read_card(card: Path) -> Contributor:
    """The contributor of a `contributor.toml`; `EvidenceError` names what is wrong with it."""
    try:
        given = tomllib.loads(card.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(say("card-unreadable", card=card, why=error)) from None
    kind = str(given.get("kind", "firm"))
    if kind == "operator":
        raise EvidenceError(say("card-operator", card=card))
    name, country = str(given.get("name", card.parent.name)), str(given.get("country", ""))
    return contributor(name, kind, given.get("id"), country)


def contributor(
    name: str, kind: str = "firm", ref: str | None = None, country: str | None = None
) -> Contributor:
    """A contributor, and which company it is itself: `ref`, as `scheme:value`, or where only its `country` is
    given that of its name there, as documents name a party without a number. What it says is that company's own
    word then."""
    if kind not in CONTRIBUTOR_KINDS:
        allowed = ", ".join(CONTRIBUTOR_KINDS)
        raise EvidenceError(say("contributor-kind", kind=kind, allowed=allowed))
    row = describe(None, None, [split_ref(ref)]) if ref else None
    if not ref and country:
        row = describe(name, country, [])
    if ref and row is None:
        raise EvidenceError(say("identifier-invalid", ref=ref))
    return Contributor(name, kind, row.party if row else 0)
