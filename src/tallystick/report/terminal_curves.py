"""The curves of a report for a terminal, as small tables with bars."""

from __future__ import annotations

from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tallystick.report import figures
from tallystick.report.curve_blocks import Concentration, Survival
from tallystick.report.phrases import Phrases

DAYS: Final = (0, 3, 7, 14, 30)
"""Days after the due date that have a row."""

SHOWN: Final = 5
CELLS: Final = 24


def survival_lines(survival: Survival, say: Phrases) -> list[RenderableType]:
    """How soon it keeps, beside its peers; empty where no promise with a date fell due."""
    if not survival.steps:
        return []
    table = Table.grid(padding=(0, 2))
    for step in survival.steps:
        if step.days in DAYS:
            peers = f"{say('survival.peers')} {figures.percent(step.peers_ppm)}"
            label = Text(f"≤ {step.days}", "dim")
            told = figures.percent(step.kept_ppm)
            table.add_row(label, _bar(step.kept_ppm), told, Text(peers, "dim"))
    return [Text(survival.sentence), table]


def concentration_lines(found: Concentration, say: Phrases) -> list[RenderableType]:
    """Shares of the largest counterparties, which are not named; empty where there is none."""
    if not found.rows:
        return []
    table = Table.grid(padding=(0, 2))
    for row in found.rows[:SHOWN] if found.counterparties > 1 else ():
        if row.number:
            label = Text(say("concentration.number", n=row.number), "dim")
            table.add_row(label, _bar(row.share_ppm), figures.percent(row.share_ppm))
    return [Text(found.sentence), table]


def _bar(ppm: int) -> Text:
    full = round(ppm / 1e6 * CELLS)
    return Text.assemble(("█" * full, "cyan"), ("░" * (CELLS - full), "dim"))
