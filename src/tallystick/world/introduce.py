"""Who the contributors of a world are, and what its folder says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tallystick.world.companies import Companies
from tallystick.world.members import Register, member_id
from tallystick.world.parts import Parts

TRUTH: Final = "truth"

_CONTRIBUTORS: Final = {
    "marketplace": ("marketplace", "platform"),
    "payment-service": ("payment_service", "payment_service"),
    "bank": ("bank", "bank"),
    "carrier": ("carrier", "carrier"),
    "customs": ("customs", ""),
    "insurer": ("insurer", ""),
    "inspector": ("inspector", ""),
    "registry": ("registry", ""),
}
"""Folder without its number -> kind of contributor, and the role of the company that it is. Insurers and
inspectors hand in through one association, which is none of them."""


def introduce(
    out: Path,
    columns: dict[str, tuple[str, ...]],
    companies: Companies,
    register: Register,
    parts: Parts,
) -> None:
    """Write `contributor.toml` for every folder. Carriers, banks and the like are companies too."""
    for folder in columns:
        own = folder.rpartition("/")[2]
        stem = own.rstrip("-0123456789")
        kind, role = _CONTRIBUTORS[stem]
        name, own_id = own.capitalize(), ""
        if role:
            company = companies.first[role] + int(own[len(stem) + 1 :] or "1") - 1
            name, own_id = register.names[company].as_py(), f'id = "{member_id(company)}"\n'
        text = f'name = "{name}"\nkind = "{kind}"\n{own_id}'
        note(out / folder / "contributor.toml", text, parts)
    note(out / ".tallystickignore", f"{TRUTH}/\n", parts)
    readme = "What was drawn, for comparison only. Never evidence.\n"
    note(out / TRUTH / "README", readme, parts)


def note(path: Path, text: str, parts: Parts) -> None:
    """Write one small text file."""
    path.write_text(text, encoding="utf-8", newline="\n")
    parts.count_file(path.stat().st_size)
