"""The parties of a drafted mapping: by name, by number, with what relates companies beside them.

Idea: an export names the other side and never the own. So the side that no column gives is whoever exports it,
where they say who they are, and a line to fill in where they do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.evidence.countries import country_code
from tallystick.evidence.formats.sniff import date_format
from tallystick.evidence.formats.sniff_numbers import MOST
from tallystick.evidence.formats.suggest_details import comment, detail_of, details_beside, quoted
from tallystick.evidence.formats.suggest_fields import Guess, Sample, whose
from tallystick.evidence.formats.suggest_words import COUNTRY, NAME, NUMBERED, ROLES, WORDS, says
from tallystick.evidence.kinds import KINDS

_OTHER_SIDE = {"seller": "buyer", "buyer": "seller"}


@dataclass(frozen=True, slots=True)
class Own:
    """Whose export it is: `name` as registered, `country` as a code or by its name ("" where not said)."""

    name: str
    country: str = ""

    def system(self) -> str:
        """What schemes of the ids that they give begin with; `TODO` where the name has no letters for it."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.casefold()).strip("-") or "TODO"

    def as_contributor(self) -> list[str]:
        """The lines that say who hands the table in, where that is known well enough to be a company."""
        code = country_code(self.country) if self.country else None
        said = f"name = {quoted(self.name)}, country = {quoted(code or '')}"
        return [f"contributor = {{ {said} }}"] if code else []

    def as_party(self) -> str:
        """The party as TOML."""
        code = country_code(self.country) if self.country else None
        country = f", country = {{ const = {quoted(code)} }}" if code else ""
        return f"{{ name = {{ const = {quoted(self.name)} }}{country} }}"


def party_lines(
    samples: Sequence[Sample], guesses: Mapping[str, Guess], kind: str, own: Own | None
) -> dict[str, str]:
    """Role -> its line, of the roles that columns give or the kind needs."""
    lines = {}
    for role in ROLES:
        if role in guesses:
            lines[role] = _party(role, samples, guesses, own.system() if own else "TODO")
        elif own and _OTHER_SIDE.get(role) in guesses:
            lines[role] = (
                f"{own_side(role, own, kind)}  # no column names the {role}: whose export it is"
            )
        elif role in KINDS[kind].needs:
            lines[role] = _to_fill_in(role, kind)
    return lines


def own_side(role: str, own: Own | None, kind: str) -> str:
    """The line of whose export it is, one to fill in where they do not say."""
    return f"{role} = {own.as_party()}" if own else _to_fill_in(role, kind)


def _to_fill_in(role: str, kind: str) -> str:
    """A line for a party that nothing gives."""
    return (
        f'# {role} = {{ name = "..." }}  # TODO: {kind} needs a {role}; if it is always the same: '
        '{ name = { const = "..." }, country = { const = ".." } }'
    )


def _party(role: str, samples: Sequence[Sample], guesses: Mapping[str, Guess], system: str) -> str:
    """A party by name where the column holds names, with the column of its ids where there is one beside
    it; else by an identifier of the table's owner. What relates companies stands beside. `system`: who gave
    the ids."""
    guess = guesses[role]
    column, ids = _name_and_ids(role, samples, guess.column)
    country = _country(role, samples)
    told = [f'{{ scheme = "id:{system}.{role}", column = {quoted(ids)} }}'] if ids else []
    told += _registered(role, samples)
    parts = [f"id = {told[0] if len(told) == 1 else '[' + ', '.join(told) + ']'}"] if told else []
    parts += [f"name = {quoted(column)}"] if column else []
    parts += [f"country = {quoted(country)}"] if country else []
    details, unsure = _details(role, samples, guesses)
    parts += [f"{key} = {value}" for key, value in details.items()]
    todo = ids and system == "TODO"
    note = "; put the name of the system that gives these ids for TODO" if todo else ""
    note += f"; check whose {comment(', '.join(unsure))} are" if unsure else ""
    return f"{role} = {{ {', '.join(parts)} }}  # confidence: {guess.confidence}{note}"


def _name_and_ids(
    role: str, samples: Sequence[Sample], column: str
) -> tuple[str | None, str | None]:
    """The column of a party's name and that of its ids, of which the guessed one is one."""
    values = next(s.values for s in samples if s.name == column)
    wordy = sum(" " in value or not value.isascii() for value in values)
    if says(column, NAME) or wordy * 2 > len(values):
        return column, _ids_beside(role, samples, column)
    return _name_beside(samples, column), column


def _name_beside(samples: Sequence[Sample], ids: str) -> str | None:
    """The column right behind that of the ids, where it says "name" and not whose: `Debitor, Name 1`."""
    names = [s.name for s in samples]
    after = names[names.index(ids) + 1 :][:1]
    return after[0] if after and says(after[0], NAME) == 1 and not whose(after[0]) else None


def _details(
    role: str, samples: Sequence[Sample], guesses: Mapping[str, Guess]
) -> tuple[dict[str, str], list[str]]:
    """What relates companies, by key of the mapping, and the columns of it that do not say whose they are."""
    roles = [name for name in ("seller", "buyer", "carrier") if name in guesses]
    taken = {guess.column for guess in guesses.values()}
    columns = {s.name: s.values for s in samples if s.name not in taken}
    found, unsure = details_beside(
        role, roles, columns, lambda n: [r for r in roles if r in whose(n)]
    )
    told = {}
    for key, names in found.items():
        listed = ", ".join(quoted(name) for name in names)
        told[key] = listed if len(names) == 1 else f"[{listed}]"
        if key == "founded":
            form = quoted(date_format(columns[names[0]]) or "")
            told[key] = f"{{ column = {quoted(names[0])}, dates = [{form}] }}"
    return told, unsure


def _registered(role: str, samples: Sequence[Sample]) -> list[str]:
    """The numbers of a party that registers gave, where columns say both whose and which: `Supplier VAT`."""
    mine = [s for s in samples if s.values and says(s.name, WORDS[role])]
    return [
        f'{{ scheme = "{scheme}", column = {quoted(sample.name)} }}'
        for scheme, words in NUMBERED.items()
        for sample in mine
        if says(sample.name, words) == 1
    ]


def _ids_beside(role: str, samples: Sequence[Sample], name_column: str) -> str | None:
    """The column that gives the ids of a party which another column names: `Supplier ID` beside `Supplier`."""
    for sample in samples:
        mine = says(sample.name, WORDS[role]) and says(sample.name, WORDS["number"]) == 1
        mine = mine and detail_of(sample.name, sample.values) is None
        if mine and sample.name != name_column and sample.values:
            return sample.name
    return None


def _country(role: str, samples: Sequence[Sample]) -> str | None:
    """The column of a party's country: one that says whose it is, else one that speaks of nobody."""
    told = [s.name for s in samples if says(s.name, COUNTRY) and _countries(s.values)]
    mine = (name for name in told if role in whose(name))
    return next(mine, next((name for name in told if not whose(name)), None))


def _countries(values: Sequence[str]) -> bool:
    return bool(values) and sum(country_code(v) is not None for v in values) >= MOST * len(values)
