"""How surely and how soon planted cheats are found, and how many honest firms are suspected.

Markets of the attack lab with look-alikes (alerts_market.py); thresholds were chosen on seeds 1 to 6 and the
figures are of others. Intervals: 95 %, of the mean over seeds. The baseline names sellers with a burst of new
counterparties by a fixed count.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy.stats import t as student

from benchmarks.alerts_market import SHOPS, Plant, Planted, make
from benchmarks.common import apart, say, table
from tallystick.watch import COLUMNS, Alert, find_alerts
from tallystick.watch.trade import each_once

LOOKS: Final = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
FINDS: Final = {
    "ring": ("brushing_ring", "sybil_group", "closed_circle"),
    "slander": ("slander",),
    "exit": ("build_up_and_exit", "collapse"),
    "whitewash": ("whitewash",),
    "on-off": ("on_off",),
    "circle": ("closed_circle", "sybil_group", "brushing_ring"),
}
"""What is planted -> the patterns by which it is found."""

SIZES: Final = ((400, range(11, 31)), (20_000, range(11, 14)))
Find = Callable[[Planted, int], list[Alert]]


def ours(market: Planted, day: int) -> list[Alert]:
    """The alerts of a day."""
    return find_alerts(market.known(day), market.companies, day, kin=market.kin)


def counted(market: Planted, day: int) -> list[Alert]:
    """The baseline: five or more counterparties within 30 days that nobody has dealt with before."""
    known = market.known(day)
    seller, buyer, made = (known[n].to_numpy() for n in ("promisor", "promisee", "made_day"))
    size = int(max(seller.max(), buyer.max())) + 1
    first = np.full(size, day)
    for side in (seller, buyer):
        np.minimum.at(first, side, made)
    fresh = first[buyer] > day - 30
    pair = each_once(seller[fresh] * size + buyer[fresh])
    names, count = np.unique(pair // size, return_counts=True)
    return [
        Alert("brushing_ring", (int(key),), (), day, 0, "", "", "", "")
        for key in names[count >= 5].tolist()
    ]


def judge(market: Planted, find: Find) -> dict[str, Any]:
    """Looks at one market every other day for a month; what was found, when, and who was wrongly named."""
    found: dict[Plant, int] = {}
    named: dict[str, set[int]] = defaultdict(set)
    parts: set[int] = set()
    for look in LOOKS:
        day = market.began + look
        for alert in find(market, day):
            named[alert.pattern].add(alert.companies[0])
            parts |= set(alert.companies)
            for plant in market.plants:
                hit = alert.pattern in FINDS[plant.pattern] and _about(plant, alert)
                if hit and day >= plant.began:
                    found.setdefault(plant, max(day - plant.began, 0))
    return {"found": found, "named": named, "parts": parts}


def _about(plant: Plant, alert: Alert) -> bool:
    if plant.pattern == "circle":
        return alert.companies[0] in plant.members
    return plant.target in alert.companies[:1] or (
        alert.pattern == "sybil_group" and plant.target in alert.companies
    )


def figures(market: Planted, find: Find) -> dict[str, Any]:
    """Precision, recall, days and false alarms of one market."""
    seen = judge(market, find)
    guilty = set().union(*(plant.members | {plant.target} for plant in market.plants))
    honest = set(market.companies["company"].to_pylist()) - guilty
    out: dict[str, Any] = {}
    for pattern, finds in FINDS.items():
        plants = [plant for plant in market.plants if plant.pattern == pattern]
        hits = [plant for plant in plants if plant in seen["found"]]
        named = set().union(*(seen["named"][one] for one in finds))
        out[f"{pattern} recall"] = len(hits) / len(plants)
        out[f"{pattern} precision"] = len(named & guilty) / len(named) if named else 1.0
        out[f"{pattern} days"] = [seen["found"][plant] for plant in hits]
    subjects = set().union(*seen["named"].values()) if seen["named"] else set()
    out["false subjects"] = len(subjects & honest) / len(honest)
    sellers = {key for key in honest if key < 1_000_000 or SHOPS <= key < SHOPS + 1_000_000}
    out["false sellers"] = len(subjects & sellers) / len(sellers)
    out["false"] = len((seen["parts"] | subjects) & honest) / len(honest)
    out["wrong"] = [
        f"{pattern}: {market.sorts.get(key, 'seller' if key < SHOPS else 'buyer')}"
        for pattern, keys in seen["named"].items()
        for key in keys & honest
    ]
    out["missed"] = [
        f"{p.pattern} {p.style} {len(p.members)}" for p in market.plants if p not in seen["found"]
    ]
    return out


def interval(values: Sequence[float], digits: int = 3) -> str:
    """Mean and its 95 % interval."""
    mean, n = float(np.mean(values)), len(values)
    if n < 2:
        return f"{mean:.{digits}f}"
    half = float(student.ppf(0.975, n - 1) * np.std(values, ddof=1) / n**0.5)
    return f"{mean:.{digits}f} [{max(mean - half, 0):.{digits}f}, {mean + half:.{digits}f}]"


def report(title: str, found: list[dict[str, Any]], patterns: Iterable[str]) -> None:
    """The table of one size of market."""
    lines = []
    for pattern in patterns:
        days = sorted(d for one in found for d in one[f"{pattern} days"])
        when = (float(np.median(days)), float(np.quantile(days, 0.9))) if days else ("", "")
        each = [float(np.median(one[f"{pattern} days"])) for one in found if one[f"{pattern} days"]]
        lines.append(
            [
                pattern,
                interval([one[f"{pattern} precision"] for one in found]),
                interval([one[f"{pattern} recall"] for one in found]),
                interval(each, 1) if each else "",
                str(when[1]),
            ]
        )
    table(title, ("planted", "precision", "recall", "days, median", "p90"), lines)
    for name, text in (
        ("false subjects", "honest companies that an alert is about"),
        ("false sellers", "honest sellers that an alert is about"),
        ("false", "honest companies named in any alert"),
    ):
        say(f"  {text}: {interval([100 * one[name] for one in found])} %")


def many(millions: float) -> dict[str, Any]:
    """A piece: all alerts of so many million promises, copies of one market side by side."""
    market = make(1, 4_000)
    day = market.began + 30
    known = market.known(day).select(COLUMNS)
    firms = market.companies.select(["company", "verified_day"])
    copies = max(round(millions * 1_000_000 / len(known)), 1)
    promises = pa.concat_tables(_moved(known, n) for n in range(copies))
    companies = pa.concat_tables(_moved(firms, n) for n in range(copies))
    clock, start = time.process_time(), time.perf_counter()
    found = find_alerts(promises, companies, day)
    return {
        "promises": len(promises),
        "companies": len(companies),
        "alerts": len(found),
        "processor": time.process_time() - clock,
        "clock": time.perf_counter() - start,
    }


def _moved(table_: pa.Table, n: int) -> pa.Table:
    """A copy under keys of its own."""
    for name in {"deal", "promisor", "promisee", "company"} & set(table_.column_names):
        place = table_.schema.get_field_index(name)
        moved = pa.array(table_[name].to_numpy() + n * 100_000_000, pa.int64())
        table_ = table_.set_column(place, table_.schema.field(place), moved)
    return table_


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched."""
    watched: dict[str, float] = {}
    for sellers, seeds in SIZES:
        chosen = list(seeds)[: max(2, round(len(seeds) * min(scale, 1)))]
        found, base = [], []
        for seed in chosen:
            market = make(seed, sellers)
            found.append(figures(market, ours))
            base.append(figures(market, counted))
        name = f"{sellers:,} sellers, 40 rings, seeds {chosen[0]} to {chosen[-1]}"
        report(name, found, FINDS)
        report("baseline: five new counterparties in 30 days", base, ("ring",))
        _tell("wrongly named", found, "wrong")
        _tell("missed", found, "missed")
        watched |= {
            f"{key.replace(' ', '_')}_{sellers}": float(np.mean([one[key] for one in found]))
            for key in ("ring precision", "ring recall", "false")
        }
    taken = apart("benchmarks.alerts:many", 20 * scale)
    rows = [
        [*(taken.found[n] for n in ("promises", "companies", "alerts", "processor")), taken.peak_mb]
    ]
    table("speed", ("promises", "companies", "alerts", "seconds of processor", "peak MB"), rows)
    return watched


def _tell(title: str, found: list[dict[str, Any]], what: str) -> None:
    count: dict[str, int] = defaultdict(int)
    for one in found:
        for name in one[what]:
            count[name] += 1
    most = sorted(count.items(), key=lambda item: (-item[1], item[0]))[:12]
    if most:
        say(f"  {title}: " + "; ".join(f"{name} {n}" for name, n in most))
