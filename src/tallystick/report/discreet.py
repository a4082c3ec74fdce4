"""A report as the public may see it: all numbers and reasons, but nobody and nothing that a rival could use.

Counterparties become numbers, contributors their kind; amounts, deals and documents of single promises are left
out, since two public pages with the same deal on them would tell who trades with whom.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tallystick.report import blocks as b
from tallystick.report.curve_blocks import Concentration
from tallystick.report.phrases import Phrases

_PLACE: Final = re.compile(r"\s*[(（][^()（）]*[)）]$")
"""Where in which file a fact stands, at the end of its sentence."""


def discreet(report: b.Report) -> b.Report:
    """The same report without names of others, amounts of single promises, deals and documents."""
    say = Phrases(report.lang)
    return replace(report, blocks=tuple(_discreet(block, say) for block in report.blocks))


def _discreet(block: b.Block, say: Phrases) -> b.Block:
    if isinstance(block, b.Meaning):
        return replace(block, because=tuple(_PLACE.sub("", fact) for fact in block.because))
    if isinstance(block, b.Promises):
        return replace(block, rows=_promises(block.rows, say))
    if isinstance(block, b.Breaks):
        rows = [replace(row, deal="", expected=None, found=None, unit=None) for row in block.rows]
        return replace(block, rows=tuple(rows))
    if isinstance(block, b.Struck):
        rows_of_struck = (
            replace(row, number=None, contributor=None, why=None) for row in block.rows
        )
        return replace(block, rows=tuple(rows_of_struck))
    if isinstance(
        block, Concentration
    ):  # with one deal, a counterparty's value is that deal's amount
        rows_of = tuple(replace(row, value_cents=0) for row in block.rows)
        return replace(block, value_cents=0, rows=rows_of)
    if isinstance(block, b.Related):
        return replace(block, rows=tuple(replace(row, promises=0) for row in block.rows))
    if isinstance(block, b.Outlook):
        return replace(block, plan=tuple(_step(step, say) for step in block.plan))
    if isinstance(block, b.Provenance):
        return replace(block, contributors=_contributors(block.contributors), sources=())
    return block


def _promises(rows: tuple[b.PromiseRow, ...], say: Phrases) -> tuple[b.PromiseRow, ...]:
    numbers: dict[str, int] = {}
    for row in rows:
        numbers.setdefault(row.to, len(numbers) + 1)
    return tuple(
        replace(
            row,
            id="",
            to=say("counterparty_n", n=numbers[row.to]),
            value_minor=None,
            currency=None,
            documents=(),
        )
        for row in rows
    )


def _step(step: b.PlanStep, say: Phrases) -> b.PlanStep:
    """A step of the way up without the names of those with whom to go it."""
    if step.code != "more":
        return step
    kind = say.kind(step.kind) if step.kind else say("plan.kinds")
    return replace(step, text=say("plan.more_discreet", n=step.n, kind=kind))


def _contributors(rows: tuple[b.ContributorRow, ...]) -> tuple[b.ContributorRow, ...]:
    """One row per kind of contributor."""
    found: dict[str, b.ContributorRow] = {}
    for row in rows:
        before = found.get(row.kind)
        documents = row.documents + (before.documents if before else 0)
        found[row.kind] = replace(row, name=row.kind_words, documents=documents, batches=())
    return tuple(found.values())
