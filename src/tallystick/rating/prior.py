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
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.policy import Policy
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
FLOOR = 1e-4
"""No prior says "never" or "always"."""


@dataclass(frozen=True, slots=True)
class Prior:
    """`root`: kind -> expected share broken; `level`: kind -> decayed share broken of all promises;
    `group`: (kind, country) -> expected share."""

    root: dict[str, float]
    level: dict[str, float]
    group: dict[tuple[str, str], float]

    def differs(self, other: Prior) -> set[tuple[str, str | None]]:
        """(kind, country) whose expectation differs in `other`; country None: every country of the kind."""
        kinds = {
            k
            for k in self.root.keys() | other.root.keys()
            if (self.root.get(k), self.level.get(k)) != (other.root.get(k), other.level.get(k))
        }
        groups = self.group.keys() | other.group.keys()
        return {(k, None) for k in kinds} | {
            key for key in groups if self.group.get(key) != other.group.get(key)
        }

    def to_json(self) -> str:
        """The prior as text; `prior_of` reads it back exactly."""
        groups = [[k, c, share] for (k, c), share in sorted(self.group.items())]
        return json.dumps({"root": self.root, "level": self.level, "group": groups}, sort_keys=True)

    def columns(self, kind: pa.Array, country: pa.Array) -> tuple[Floats, Floats, Floats]:
        """Root, group and level for each row, given its kind and country ("" where unknown)."""
        kinds, countries = kind.dictionary_encode(), country.dictionary_encode()
        names, places = kinds.dictionary.to_pylist(), countries.dictionary.to_pylist()
        of_kind, of_place = kinds.indices.to_numpy(), countries.indices.to_numpy()
        root = np.array([self.root[k] for k in names])
        level = np.array([self.level[k] for k in names])
        group = np.array([[self.group.get((k, c), self.root[k]) for c in places] for k in names])
        return root[of_kind], group[of_kind, of_place], level[of_kind]


def prior_of(text: str) -> Prior:
    """The prior that `Prior.to_json` wrote."""
    given = json.loads(text)
    return Prior(given["root"], given["level"], {(k, c): share for k, c, share in given["group"]})


def fit_prior(parts: Iterable[pa.Table], policy: Policy) -> Prior:
    """The prior of a book. `parts`: track records (schema RECORD) with a column `country`."""
    sums = pa.concat_tables([_sums(part, policy) for part in parts])
    sums = sums.group_by(["kind", "country"], use_threads=False).aggregate(
        [(name, "sum") for name in ("z", "zx", "raw", "rawb")]
    )
    root: dict[str, float] = {}
    level: dict[str, float] = {}
    by_kind = sums.group_by("kind", use_threads=False).aggregate(
        [(f"{name}_sum", "sum") for name in ("z", "zx", "raw", "rawb")]
    )
    for row in by_kind.to_pylist():
        z, zx = row["z_sum_sum"] / PPM, row["zx_sum_sum"] / PPM
        raw, rawb = row["raw_sum_sum"], row["rawb_sum_sum"]
        level[row["kind"]] = _bounded((rawb + 0.05 * PPM) / (raw + PPM))
        weight = policy.root_constant
        root[row["kind"]] = _bounded((weight * level[row["kind"]] + zx) / (weight + z))
    group = {}
    for row in sums.to_pylist():
        weight = policy.group_constant
        parent = root[row["kind"]]
        share = (weight * parent + row["zx_sum"] / PPM) / (weight + row["z_sum"] / PPM)
        group[row["kind"], row["country"]] = _bounded(share)
    return Prior(root, level, group)


def _bounded(share: float) -> float:
    return float(f"{min(max(share, FLOOR), 1 - FLOOR):.2g}")


def _sums(part: pa.Table, policy: Policy) -> pa.Table:
    n730 = part["n730"].to_numpy() / PPM
    z = np.floor(n730 / (n730 + policy.party_constant) * PPM).astype(np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(n730 > 0, part["s730"].to_numpy() / (n730 * PPM), 0.0)
    table = pa.table(
        {
            "kind": part["kind"],
            "country": pc.fill_null(part["country"], ""),
            "z": z,
            "zx": np.floor(z * x).astype(np.int64),
            "raw": part["raw180"],
            "rawb": part["rawb180"],
        }
    )
    grouped = table.group_by(["kind", "country"], use_threads=False).aggregate(
        [(name, "sum") for name in ("z", "zx", "raw", "rawb")]
    )
    return grouped.rename_columns(["kind", "country", "z", "zx", "raw", "rawb"])
