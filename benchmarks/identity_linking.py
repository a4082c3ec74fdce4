"""Companies without a shared identifier: how well descriptions of one are linked, beside plain ways.

The worlds are simulated (`world/descriptions.py`): habits "a", on which the weights were tuned (other seeds),
and "b", whose spellings were held out, each at full and at lesser strength of variation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.common import say, table
from benchmarks.identity_lost import lost, print_lost
from tallystick.evidence.identifiers import normalise_name
from tallystick.identity import resolve
from tallystick.identity.linking.calibration import probability_ppm
from tallystick.identity.linking.keys import name_keys
from tallystick.identity.linking.settle import OUTCOMES
from tallystick.identity.ordering import by_party
from tallystick.world.ceiling import unguessed
from tallystick.world.config import DescriptionConfig
from tallystick.world.descriptions import Described, described

Ints = npt.NDArray[np.int64]

COMPANIES: Final = 20_000
SEED: Final = 2027
WORLDS: Final = (("a", 1.0), ("a", 0.4), ("b", 1.0), ("b", 0.4))
RATIO: Final = 90
"""Similarity, of 100, from which the peer's ratio counts as the same."""

MOST_IN_BLOCK: Final = 40
BANDS: Final = (
    0,
    1_000,
    10_000,
    100_000,
    300_000,
    500_000,
    700_000,
    900_000,
    950_000,
    990_000,
    999_000,
    10**6 + 1,
)
"""Edges of the bands of probability, in millionths."""


@dataclass(frozen=True, slots=True)
class World:
    """Descriptions of which each speaks of one company. By description: `party`, `name`, `country`, `truth`
    (its company) and `kinds` of variation; `told`: all rows, for `resolve`."""

    told: pa.Table
    party: Ints
    names: list[str]
    countries: list[str]
    truth: Ints
    kinds: list[list[str]]
    companies: pa.Table


def world_of(found: Described) -> World:
    """The world without descriptions that speak of two companies alike: those nobody can tell apart."""
    party, company = (found.truth[c].to_numpy() for c in ("party", "company"))
    first = np.unique(party, return_index=True)[1]
    pairs = np.unique(np.stack([party, company], axis=1), axis=0)[:, 0]
    alone, count = np.unique(pairs, return_counts=True)
    rows = first[np.isin(party[first], alone[count == 1])]
    told = found.parties.select(["party", "ref", "name", "name_key", "country", "ids", "traits"])
    taken = found.parties.take(rows)
    return World(
        by_party(told),
        party[rows],
        [name or "" for name in taken["name"].to_pylist()],
        [country or "" for country in taken["country"].to_pylist()],
        company[rows],
        found.truth.take(rows)["kinds"].to_pylist(),
        found.companies,
    )


def pairwise(truth: Ints, label: Ints) -> tuple[float, float]:
    """Precision and recall over pairs of descriptions."""
    both = _pairs(np.unique(np.stack([truth, label]), axis=1, return_counts=True)[1])
    return both / max(1, _pairs(_sizes(label))), both / max(1, _pairs(_sizes(truth)))


def b_cubed(truth: Ints, label: Ints) -> tuple[float, float]:
    """Precision and recall of the company of each description, averaged over them."""
    met = np.unique(np.stack([truth, label]), axis=1, return_inverse=True, return_counts=True)
    both = met[2][met[1].ravel()]
    found, true = (np.unique(x, return_inverse=True, return_counts=True) for x in (label, truth))
    return float(np.mean(both / found[2][found[1]])), float(np.mean(both / true[2][true[1]]))


def _sizes(label: Ints) -> Ints:
    counts: Ints = np.unique(label, return_counts=True)[1]
    return counts


def _pairs(counts: Ints) -> int:
    return int((counts * (counts - 1) // 2).sum())


def equal_names(world: World) -> Ints:
    """Labels where the normalised name and the country are the same."""
    keys = zip(map(normalise_name, world.names), world.countries, strict=True)
    return _numbered(keys)


def _numbered(keys: Iterable[Any]) -> Ints:
    number: dict[Any, int] = {}
    return np.array([number.setdefault(key, len(number)) for key in keys], np.int64)


def by_ratio(world: World) -> Ints:
    """Labels where `token_set_ratio` of two names of a country that share a key reaches RATIO."""
    from rapidfuzz.fuzz import token_set_ratio

    plain = [normalise_name(name) for name in world.names]
    blocks: dict[tuple[int, str], list[int]] = defaultdict(list)
    for n, name in enumerate(world.names):
        for key in name_keys(name):
            blocks[key, world.countries[n]].append(n)
    top = list(range(len(plain)))
    for block in blocks.values():
        if len(block) <= MOST_IN_BLOCK:
            for n, one in enumerate(block):
                for other in block[:n]:
                    if token_set_ratio(plain[one], plain[other]) >= RATIO:
                        top[_top(top, one)] = _top(top, other)
    return np.array([_top(top, n) for n in range(len(top))], np.int64)


def _top(top: list[int], n: int) -> int:
    while top[n] != n:
        top[n] = n = top[top[n]]
    return n


def measure(habits: str, strength: float, companies: int) -> dict[str, float]:
    """Link one world, print its tables; returns precision and recall."""
    config = DescriptionConfig(companies, SEED, habits=habits, strength=strength)
    world = world_of(described(config))
    found = resolve(world.told)
    merged = dict(zip(*(found.merged[c].to_pylist() for c in ("party", "company")), strict=True))
    label = np.array([merged.get(p, p) for p in world.party.tolist()], np.int64)
    rows = []
    for way, of in (
        ("tallystick", label),
        ("equal names", equal_names(world)),
        (f"ratio >= {RATIO}", by_ratio(world)),
    ):
        rows.append((way, *pairwise(world.truth, of), *b_cubed(world.truth, of)))
    table(
        f"Habits {habits}, strength {strength}: {len(label):,} descriptions of {companies:,} companies",
        ("way", "pairs precision", "recall", "B-cubed precision", "recall"),
        [(row[0], *(f"{x:.4f}" for x in row[1:])) for row in rows],
    )
    _print_links(world, found.links)
    told = (world.party, world.names, world.truth, label, world.kinds, unguessed(config))
    print_lost(list(lost(found, *told)))
    _print_alike(world)
    _print_false(world, label)
    return {"precision": rows[0][1], "recall": rows[0][2]}


def _print_links(world: World, links: pa.Table) -> None:
    """What became of the pairs that are or may be one, and how often one of each probability is."""
    truth = dict(zip(world.party.tolist(), world.truth.tolist(), strict=True))
    pairs = [
        (truth.get(a), truth.get(b))
        for a, b in zip(*(links[c].to_pylist() for c in "ab"), strict=True)
    ]
    known = np.array([a is not None and b is not None for a, b in pairs], dtype=bool)
    same = np.array([a == b for a, b in pairs], dtype=bool)[known]
    counts = Counter(OUTCOMES[n] for n in links["outcome"].to_pylist())
    say(
        "  pairs that are or may be one: "
        + ", ".join(f"{counts[o]:,} {o}" for o in OUTCOMES if counts[o])
    )
    ppm = np.array([probability_ppm(w) for w in links["weight"].to_pylist()], np.int64)[known]
    band = np.digitize(ppm, BANDS) - 1
    rows = []
    for n in np.unique(band).tolist():
        edges = f"{BANDS[n] / 1e6:.3f} to {min(BANDS[n + 1], 10**6) / 1e6:.3f}"
        at = band == n
        shares = f"{ppm[at].mean() / 1e6:.4f}", f"{same[at].mean():.4f}"
        rows.append((edges, int(at.sum()), *shares))
    table("Calibration of these pairs", ("probability", "pairs", "predicted", "observed"), rows)


def _print_alike(world: World) -> None:
    """Of the pairs of which nothing is known but names that agree word for word, how many are one: whoever
    joins by names alone is no more precise than that."""
    sorts: dict[int, set[str]] = defaultdict(set)
    for row in world.told.select(["party", "traits"]).to_pylist():
        sorts[row["party"]] |= {trait.partition(":")[0] for trait in row["traits"]} - {"name"}
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, name in enumerate(world.names):
        groups[normalise_name(name), world.countries[n]].append(n)
    same = [
        world.truth[a] == world.truth[b]
        for members in groups.values()
        for a, b in combinations(members, 2)
        if sorts[int(world.party[a])].isdisjoint(sorts[int(world.party[b])])
    ]
    one = f", of which {np.mean(same):.4f} are one" if same else ""
    say(f"  names equal and nothing else to go by: {len(same):,} pairs{one}")


def _print_false(world: World, label: Ints) -> None:
    """Pairs of companies that were taken for one, by what one was made to be of the other."""
    kin = {row["company"]: row for row in world.companies.to_pylist()}
    mixed: dict[int, set[int]] = defaultdict(set)
    for found, company in zip(label.tolist(), world.truth.tolist(), strict=True):
        mixed[found].add(company)
    pairs = {(a, b) for those in mixed.values() for a in those for b in those if a < b}
    rows = Counter(_kin_of(kin[a], kin[b]) for a, b in pairs)
    table("Pairs of companies taken for one", ("kin", "pairs"), rows.most_common())


def _kin_of(a: dict[str, Any], b: dict[str, Any]) -> str:
    for one, other in ((a, b), (b, a)):
        if one["of"] == other["company"]:
            return f"{one['kin']} {one['way'] or ''}".strip()
    return "kin of one company" if a["of"] is not None and a["of"] == b["of"] else "unrelated"


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched. `scale`: 1 is 20,000 companies in each world."""
    figures = {}
    for habits, strength in WORLDS:
        found = measure(habits, strength, max(100, int(COMPANIES * scale)))
        figures |= {f"{habits}_{strength}_{name}": value for name, value in found.items()}
    return figures
