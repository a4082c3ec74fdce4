"""What it costs to fake a rating: ours and those in use elsewhere, attacked as hard.

    python -m benchmarks attack --scale 0.25

Full size averages over four markets; a quarter is one. Under the lab's prices all is measured, under those of
the brushing market what it costs to lift a rating. Seconds play no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchmarks.common import say, table
from tallystick.adapters.attacking import OurRating
from tallystick.world.attack import PEERS, SCHEMES, Assessed, Settings, assess, chosen_schemes
from tallystick.world.attack.costs import LAB, MARKET, Costs
from tallystick.world.attack.measures import FACTORS

SEEDS: Final = 4
BUDGETS: Final = tuple(
    usd * 100 for usd in (100, 300, 1_000, 2_500, 3_000, 10_000, 30_000, 100_000)
)
BRIBED: Final = BUDGETS.index(250_000)
ONE_THOUSAND: Final = BUDGETS.index(100_000)
FACTOR: Final = 0.5


def measure(costs: Costs, schemes: Sequence[str], seeds: int) -> list[Assessed]:
    """Ours, ours without its defences, and those in use elsewhere, at one table of prices."""
    settings = Settings(costs, tuple(range(1, seeds + 1)), chosen_schemes(schemes), BUDGETS)
    ratings = (OurRating(), OurRating(defended=False), *PEERS)
    found = []
    for rating in ratings:
        say(f"  attacking {rating.name} at {costs.name} prices")
        found.append(assess(rating, settings))
    return found


def lifted(found: Sequence[Assessed], start: str, costs: Costs) -> None:
    """Print what is reached by the best of all schemes without an accomplice, and the cost of forgery."""
    rows = []
    for one in found:
        made = one.forgery[start]
        best = made.marks["80"]
        reached = [made.before.percentile, *made.reached["any"]]
        cost = "never" if best is None else f"${best.cost_cents / 100:,.0f}"
        grade = made.marks.get("grade")
        step = "" if grade is None else f"${grade.cost_cents / 100:,.0f}"
        rows.append((one.name, *(f"{p:.0f}" for p in reached), cost, step))
    heads = ("rating", "$0", *(f"${b // 100:,}" for b in BUDGETS), "80th", "one grade")
    table(f"Percentile reached from a {start} record, {costs.name} prices", heads, rows)
    for one in found[:1]:
        for name, mark in one.forgery[start].marks.items():
            text = (
                "not found"
                if mark is None
                else f"${mark.cost_cents / 100:,.0f}  {mark.strategy.text()}"
            )
            say(f"    {one.name}, {name}: {text}")


def rest(found: Sequence[Assessed]) -> None:
    """Print slander, accomplices, whitewashing, exit scams and accuracy."""
    heads = ("rating", "scheme", "$0", *(f"${b // 100:,}" for b in BUDGETS))
    slandered = [
        (one.name, name, *(f"{p:.0f}" for p in line))
        for one in found
        for name, line in one.slander.items()
    ]
    table("Slander: percentile of an honest firm", heads, slandered)
    bribed = [
        (one.name, name, *(f"{made.reached[name][BRIBED]:.0f}" for made in one.forgery.values()))
        for one in found
        for name in ("platform", "contributor")
    ]
    table("Bribed accomplice: percentile at $2,500", ("rating", "who", "bad", "fresh"), bribed)
    washed = [(one.name, *(f"{p:.0f}" for p in one.wash.values())) for one in found]
    table("Whitewashing: percentile", ("rating", *found[0].wash), washed)
    gained = [
        (one.name, name, f"{factor:g}" if one.limited else "no limit", *(f"{g:.1f}" for g in line))
        for one in found
        for (name, factor), line in one.gain.items()
    ]
    table("Loot over money spent", ("rating", "scheme", "factor", *heads[3:]), gained)
    ranked = [(one.name, f"{one.accuracy:.3f}", f"{one.ringed:.3f}") for one in found]
    table("Accuracy: AUC", ("rating", "no attack", "40 rings"), ranked)


def targets(ours: Assessed, open_rating: Assessed, market: Assessed) -> dict[str, float]:
    """Print where the targets stand; returns the figures."""
    slander = ours.slander["slander"]
    made = {name: forged.marks["80"] for name, forged in ours.forgery.items()}
    figures = {
        f"cof80_{name}_usd": float("inf") if mark is None else mark.cost_cents / 100
        for name, mark in made.items()
    }
    figures |= {
        f"cof80_{name}_market_usd": float("inf")
        if forged.marks["80"] is None
        else forged.marks["80"].cost_cents / 100
        for name, forged in market.forgery.items()
    }
    figures |= {
        "slander_points_1k": slander[0] - slander[1 + ONE_THOUSAND],
        "platform_percentile": ours.forgery["bad"].reached["platform"][BRIBED],
        "gain_ratio": max(ours.gain["exit", FACTOR][ONE_THOUSAND:]),
        "linked_percentile": ours.wash["linked"],
        "auc_rings": ours.ringed or 0.0,
        "auc_paid": (open_rating.accuracy or 0.0) - (ours.accuracy or 0.0),
    }
    wanted = {
        "cof80_bad_usd": ("at least", 25_000),
        "cof80_fresh_usd": ("at least", 5_000),
        "slander_points_1k": ("at most", 12),
        "platform_percentile": ("at most", 7),
        "gain_ratio": ("at most", 2),
        "linked_percentile": ("at most", 15),
        "auc_rings": ("at least", 0.77),
        "auc_paid": ("at most", 0.01),
    }
    rows = []
    for name, value in figures.items():
        sense, bound = wanted.get(name, ("", 0))
        held = value >= bound if sense == "at least" else value <= bound
        met = "" if not sense else "yes" if held else "no"
        rows.append((name, f"{value:,.3f}", f"{sense} {bound:,}" if sense else "", met))
    table("Targets", ("figure", "measured", "wanted", "met"), rows)
    return figures


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched."""
    seeds = max(1, round(SEEDS * scale))
    found = measure(LAB, SCHEMES, seeds)
    for start in ("bad", "fresh"):
        lifted(found, start, LAB)
    rest(found)
    cheap = measure(MARKET, ("any",), seeds)
    for start in ("bad", "fresh"):
        lifted(cheap, start, MARKET)
    say(f"  {seeds} market(s); exposure factors {', '.join(f'{f:g}' for f in FACTORS)}")
    return targets(found[0], found[1], cheap[0])
