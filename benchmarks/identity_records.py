"""Records linked: clusters against the truth of seven sets, beside Splink with its own published settings.

Splink's clusters are connected components at the probability that its demo uses, and at the one that comes out
best against the truth (pairwise F1, then B-cubed F1), which nobody would know beforehand; where two tables are
linked one to one, also by its `cluster_using_single_best_links`. Ours are `link` with a ready model as it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.common import Taken, apart, say, table
from benchmarks.records_sets import FIELDS, PERSONS, present, read_set, truth_of
from benchmarks.records_splink import PUBLISHED, Published

MODELS: Final = {
    "fake_1000": "person",
    "febrl3": "person",
    "febrl4": "person",
    "historical": "person",
    "transactions": "payment",
    "senzing demo": "records_party.toml",
    "senzing demo_v3": "records_party.toml",
}
"""Record set -> the model it is linked by."""

PEERS: Final = {
    "fake_1000": ("fake_1000", "fake_1000 accuracy"),
    "transactions": ("transactions", "transactions without the key"),
    "senzing demo": ("senzing",),
    "senzing demo_v3": ("senzing",),
}
"""Record set -> the published settings for it, where they are not of its own name."""

GRID: Final = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    0.95,
    0.98,
    0.99,
    0.999,
    0.9999,
)
MORE: Final = {"senzing demo": (-1000, -2000), "senzing demo_v3": (-1000, -2000)}
"""Record set -> further thresholds, in thousandths of a bit, at which ours is shown."""

NEARLY: Final = 5e-5
"""Figures that agree in four digits count as equal."""

HEADS: Final = (
    "set",
    "way",
    "precision",
    "recall",
    "F1",
    "B3 precision",
    "B3 recall",
    "B3 F1",
    "s",
    "MB",
)


def ours(name: str, threshold: int | None = None) -> list[float]:
    """A piece: the six figures of our model on a set."""
    from tallystick.adapters.linking import link, measure, read_model

    tables = read_set(name)
    model = MODELS[name]
    chosen = read_model(Path(__file__).parent / model if model.endswith(".toml") else model)
    if threshold is not None:
        chosen = replace(chosen, threshold=threshold)
    ids = [[str(key) for key in t["unique_id"].to_pylist()] for t in tables]
    found = link(tables, chosen, FIELDS.get(name), ids)
    return list(measure(found.clusters, truth_of(tables)).figures())


def splink(name: str, settings: str) -> list[tuple[str, list[float]]]:
    """A piece: the six figures of published settings on a set, at their threshold and at the best."""
    import logging

    logging.disable(logging.WARNING)
    published = PUBLISHED[settings]
    tables = read_set(name)
    linker = published.run(tables)
    pairs = linker.inference.predict(threshold_match_probability=published.floor)
    truth = truth_of(tables)
    rows = _at_thresholds("", _components(tables, pairs), published, truth)
    if len(tables) == 2:
        rows += _at_thresholds(
            "one to one, ", _single_best(tables, linker, pairs), published, truth
        )
    return rows


def _at_thresholds(
    way: str, clusters_at: Any, published: Published, truth: list[Any]
) -> list[tuple[str, list[float]]]:
    from tallystick.adapters.linking import measure

    # Its one-to-one clusters spill without bound where a million pairs are let in: the grid begins at 0.01.
    here = sorted({*GRID, published.threshold})
    figures = {p: list(measure(clusters_at(p), truth).figures()) for p in here}
    best = {
        max(here, key=lambda p: figures[p][2]): "best F1",
        max(here, key=lambda p: figures[p][5]): "best B3 F1",
    }
    best[published.threshold] = "published"
    return [(f"{way}{word}, p >= {p:g}", figures[p]) for p, word in best.items()]


def _numbers(tables: list[Any]) -> dict[Any, int]:
    names = ("__ori", "_dest")
    if len(tables) == 1:
        return {key: n for n, key in enumerate(tables[0]["unique_id"].to_pylist())}
    keys = [
        (s, key) for s, t in zip(names, tables, strict=True) for key in t["unique_id"].to_pylist()
    ]
    return {key: n for n, key in enumerate(keys)}


def _columns(frame: Any, two: bool, end: str, *more: str) -> tuple[list[Any], ...]:
    """Keys of the records of a frame of Splink, and further columns."""
    wanted = [f"source_dataset{end}"] * two + [f"unique_id{end}", *more]
    found = frame.as_duckdbpyrelation().project(", ".join(wanted)).to_arrow_table()
    columns = [column.to_pylist() for column in found.columns]
    keys = list(zip(columns[0], columns[1], strict=True)) if two else columns[0]
    return (keys, *columns[1 + two :])


def _components(tables: list[Any], pairs: Any) -> Any:
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    numbers, two = _numbers(tables), len(tables) == 2
    left, probability = _columns(pairs, two, "_l", "match_probability")
    (right,) = _columns(pairs, two, "_r")
    ends = [np.array([numbers[key] for key in keys], dtype=np.int64) for keys in (left, right)]
    certain = np.array(probability)

    def at(threshold: float) -> list[int]:
        kept = certain >= threshold
        i, j = ends[0][kept], ends[1][kept]
        graph = coo_matrix((np.ones(len(i)), (i, j)), shape=(len(numbers), len(numbers)))
        return list(connected_components(graph, directed=False)[1].tolist())

    return at


def _single_best(tables: list[Any], linker: Any, pairs: Any) -> Any:
    numbers = _numbers(tables)

    def at(threshold: float) -> list[Any]:
        frame = linker.clustering.cluster_using_single_best_links(
            pairs, ["__ori", "_dest"], threshold_match_probability=threshold
        )
        clusters: list[Any] = [None] * len(numbers)
        for key, cluster in zip(*_columns(frame, True, "", "cluster_id"), strict=True):
            clusters[numbers[key]] = cluster
        return clusters

    return at


def seconds(name: str, settings: str) -> int:
    """A piece: train, predict and cluster once, as the demo does, for the seconds and the memory."""
    import logging

    logging.disable(logging.WARNING)
    published = PUBLISHED[settings]
    linker = published.run(read_set(name))
    pairs = linker.inference.predict(threshold_match_probability=published.floor)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=published.threshold
    )
    return len(found.as_duckdbpyrelation())


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table, and where a figure of ours lies below one of Splink's. `scale` changes nothing here."""
    if not present():
        say(f"  the record sets are not there ({PERSONS}); set TALLYSTICK_DATA")
        return {}
    watched: dict[str, float] = {}
    below = []
    for name in MODELS:
        points = {None: apart("benchmarks.identity_records:ours", name)}
        for more in MORE.get(name, ()):
            points[more] = apart("benchmarks.identity_records:ours", name, more)
        mine = points[None].found
        rows: list[tuple[Any, ...]] = []
        for settings in PEERS.get(name, (name,)):
            taken = apart("benchmarks.identity_records:seconds", name, settings)
            peer = apart("benchmarks.identity_records:splink", name, settings).found
            rows += [_row(settings, f"Splink {way}", figures, taken) for way, figures in peer]
            below += _below(name, {at: t.found for at, t in points.items()}, settings, peer)
        for at, taken in points.items():
            at_bits = "" if at is None else f", from {at / 1000:g} bits"
            way = f"ours, {MODELS[name].removesuffix('.toml')}{at_bits}"
            rows.append(_row(name, way, taken.found, taken))
        table(name, HEADS, rows)
        watched |= {f"f1_{name}": mine[2], f"b3_f1_{name}": mine[5]}
    say("\n" + ("\n".join(below) or "  no figure of ours lies below one of Splink's"))
    return watched


def _row(name: str, way: str, figures: list[float], taken: Taken) -> tuple[Any, ...]:
    return (
        name,
        way,
        *(f"{x:.4f}" for x in figures),
        f"{taken.processor:.1f}",
        f"{taken.peak_mb:.0f}",
    )


def _below(
    name: str,
    points: dict[int | None, list[float]],
    settings: str,
    peer: list[tuple[str, list[float]]],
) -> list[str]:
    """Where a figure of ours at its own threshold lies below, and at which point of ours none does."""
    lines = []
    for way, theirs in peer:
        short = [n for n, figure in enumerate(theirs) if points[None][n] < figure - NEARLY]
        ahead = [at for at, mine in points.items() if _none_below(mine, theirs)]
        if short:
            figures = ", ".join(
                f"{HEADS[2 + n]} {points[None][n]:.4f} < {theirs[n]:.4f}" for n in short
            )
            where = f"; none is at {ahead[0] / 1000:g} bits" if ahead and ahead[0] else ""
            lines.append(f"  {name}: below Splink ({settings}, {way}): {figures}{where}")
    return lines


def _none_below(mine: list[float], theirs: list[float]) -> bool:
    return all(m >= t - NEARLY for m, t in zip(mine, theirs, strict=True))


if __name__ == "__main__":
    main()
