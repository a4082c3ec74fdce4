"""What is expected of a party before its own record speaks: the peers' average, averaged over parties.

Idea: one giant must not decide everybody's prior, so a party counts with z = N / (N + 4), not with its
number of promises. Sums are integers in ppm, so that the prior does not depend on order. Country enters
only here; its influence fades as the party's own evidence grows. A prior has two significant digits:
more would be pretence, and nobody's rating trembles because a stranger kept a promise.

Worked example: two parties with evidence 4 and broken shares 0 and 0.5, level 0.1:
z = 0.5 each, m0 = (2 * 0.1 + 0.5 * 0.5) / (2 + 1) = 0.15.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.policy import Policy
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]

FLOOR: Final = 1e-4
"""No prior says "never" or "always"."""

_SUMS: Final = ("z", "zx", "r180", "b180", "r30", "b30", "e180", "eb180")
_COUNTED: Final = (*_SUMS, "n")
_GROUP: Final = ["kind", "country"]

SUMMED: Final = (
    *("company", "kind", "val730", "valb730", "raw180", "rawb180", "raw30", "rawb30"),
    *("entry_day", "entry_broke"),
)
"""What of track records the prior is made of."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Log-odds of a break that are expected of each row before its own record: of anybody in its kind
    (`root`), of its country (`group`), with the level of the market (`market`); and how the last 30 days
    differ from the last 180 (`level`) and newcomers from all (`entrants`)."""

    root: Floats
    group: Floats
    market: Floats
    level: Floats
    entrants: Floats


@dataclass(frozen=True, slots=True)
class Prior:
    """Shares broken. `root`: kind -> expected of anybody; `level`, `level30`: kind -> decayed share of all
    promises, by a half-life of 180 and 30 days; `entrants`: kind -> that of the first outcome of each file;
    `group`: (kind, country) -> expected share."""

    root: dict[str, float]
    level: dict[str, float]
    level30: dict[str, float]
    entrants: dict[str, float]
    group: dict[tuple[str, str], float]

    def differs(self, other: Prior) -> set[tuple[str, str | None]]:
        """(kind, country) whose expectation differs in `other`; country None: every country of the kind."""
        tables = ("root", "level", "level30", "entrants")
        kinds = {
            kind
            for kind in self.root.keys() | other.root.keys()
            if any(getattr(self, t).get(kind) != getattr(other, t).get(kind) for t in tables)
        }
        groups = self.group.keys() | other.group.keys()
        return {(k, None) for k in kinds} | {
            key for key in groups if self.group.get(key) != other.group.get(key)
        }

    def to_json(self) -> str:
        """The prior as text; `prior_of` reads it back exactly."""
        groups = [[k, c, share] for (k, c), share in sorted(self.group.items())]
        return json.dumps(asdict(self) | {"group": groups}, sort_keys=True)

    def expected(self, kind: pa.Array, country: pa.Array) -> Expected:
        """What is expected of each row, given its kind and country ("" where unknown)."""
        kinds, countries = kind.dictionary_encode(), country.dictionary_encode()
        names, places = kinds.dictionary.to_pylist(), countries.dictionary.to_pylist()
        of_kind, of_place = kinds.indices.to_numpy(), countries.indices.to_numpy()
        root, level, level30, entrants = (
            logit(np.array([table[k] for k in names]))
            for table in (self.root, self.level, self.level30, self.entrants)
        )
        group = np.array([[self.group.get((k, c), self.root[k]) for c in places] for k in names])
        own = logit(group)[of_kind, of_place] if len(names) else np.empty(0)
        return Expected(
            root[of_kind],
            own,
            own + (level - root)[of_kind],
            (level30 - level)[of_kind],
            (entrants - level)[of_kind],
        )


def logit(p: Floats) -> Floats:
    """Log-odds of probabilities."""
    odds: Floats = np.log(p / (1 - p))
    return odds


def chance(odds: Floats) -> Floats:
    """Probabilities of log-odds."""
    p: Floats = 1 / (1 + np.exp(-odds))
    return p


def prior_of(text: str) -> Prior:
    """The prior that `Prior.to_json` wrote."""
    given = json.loads(text)
    return Prior(**given | {"group": {(k, c): share for k, c, share in given["group"]}})


def fit_prior(parts: Iterable[pa.Table], policy: Policy, as_of_day: int) -> Prior:
    """The prior of a book. `parts`: track records (schema RECORD) with a column `country`."""
    return prior_from(prior_sums(parts, policy, as_of_day), policy)


def prior_sums(parts: Iterable[pa.Table], policy: Policy, as_of_day: int) -> pa.Table:
    """What `prior_from` reads, of track records (columns SUMMED and `country`), with how many they are
    (`n`)."""
    return _added(
        pa.concat_tables([_sums(part, policy, as_of_day) for part in parts]), _GROUP, _COUNTED
    )


def change_sums(sums: pa.Table, gone: pa.Table, fresh: pa.Table) -> pa.Table:
    """Sums of a book in which some track records were replaced by others, given the sums of each."""
    taken = gone
    for place, name in enumerate(gone.column_names):
        if name in _COUNTED:
            taken = taken.set_column(place, name, pc.negate(gone[name]))
    total = _added(pa.concat_tables([sums, taken, fresh]), _GROUP, _COUNTED)
    return total.filter(pc.greater(total["n"], 0))


def prior_from(sums: pa.Table, policy: Policy) -> Prior:
    """The prior from sums in ppm by `kind` and `country`: z and z * share broken over parties; decayed mass,
    total and broken, of all promises (r180, b180, r30, b30) and of the first of each file (e180, eb180)."""
    grouped = _added(sums, ["kind", "country"])
    shares: dict[str, dict[str, float]] = {"root": {}, "level": {}, "level30": {}, "entrants": {}}
    for row in _added(grouped, ["kind"]).to_pylist():
        for name, share in _of_kind(row, policy).items():
            shares[name][row["kind"]] = share
    group = {}
    for row in grouped.to_pylist():
        weight, parent = policy.group_constant, shares["root"][row["kind"]]
        share = (weight * parent + row["zx"] / PPM) / (weight + row["z"] / PPM)
        group[row["kind"], row["country"]] = _bounded(share)
    return Prior(**shares, group=group)


def _of_kind(row: Mapping[str, int], policy: Policy) -> dict[str, float]:
    """Expected shares of one kind."""
    levels = {
        name: levels_of(*(row[mass] / PPM for mass in masses)) for name, masses in LEVELS.items()
    }
    weight = policy.root_constant
    root = (weight * levels["level"] + row["zx"] / PPM) / (weight + row["z"] / PPM)
    return {"root": _bounded(root), **levels}


LEVELS: Final = {
    "level": ("r180", "b180"),
    "level30": ("r30", "b30"),
    "entrants": ("e180", "eb180"),
}
"""Level of a market -> its masses, total and broken."""


def levels_of(total: float, broken: float) -> float:
    """Share broken of a decayed mass of promises; with one promise at 5 % to begin with."""
    return _bounded((broken + 0.05) / (total + 1))


def _bounded(share: float) -> float:
    """To two digits, so that a little more evidence moves nobody else; near one to two digits of what is left,
    which no rounding makes certain.

    >>> _bounded(0.1234), _bounded(0.9961)
    (0.12, 0.9961)
    """
    share = min(max(share, FLOOR), 1 - FLOOR)
    return float(f"{share:.2g}") if share <= 0.99 else 1 - float(f"{1 - share:.2g}")


def _added(table: pa.Table, keys: list[str], names: Sequence[str] = _SUMS) -> pa.Table:
    grouped = table.group_by(keys, use_threads=False)
    found = grouped.aggregate([(name, "sum") for name in names])
    return found.rename_columns([*keys, *names])


def _sums(part: pa.Table, policy: Policy, as_of_day: int) -> pa.Table:
    age = as_of_day - pc.fill_null(part["entry_day"], as_of_day).to_numpy()
    fresh = (
        np.rint(PPM * np.exp2(-age / 180)).astype(np.int64)
        * pc.is_valid(part["entry_day"]).to_numpy()
    )
    columns = party_weight(part["val730"].to_numpy(), part["valb730"].to_numpy(), policy)
    columns |= {
        "r180": part["raw180"],
        "b180": part["rawb180"],
        "r30": part["raw30"],
        "b30": part["rawb30"],
    }
    columns |= {"e180": fresh, "eb180": fresh * pc.fill_null(part["entry_broke"], 0).to_numpy()}
    columns["n"] = np.ones(len(part), np.int64)
    country = pc.fill_null(part["country"], "")
    told = pa.table({"kind": part["kind"], "country": country, **columns})
    return _added(told, _GROUP, _COUNTED)


def party_weight(mass: Floats, broken: Floats, policy: Policy) -> dict[str, npt.NDArray[np.int64]]:
    """What parties with that mass (micro-units) add to the prior of their group, in ppm."""
    evidence = mass / PPM
    z = np.floor(evidence / (evidence + policy.party_constant) * PPM).astype(np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(mass > 0, broken / mass, 0.0)
    return {"z": z, "zx": np.floor(z * share).astype(np.int64)}
