"""The block on related parties: who they are, and how much less the promises between them count."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tallystick.report import figures
from tallystick.report.blocks import Related, RelatedRow
from tallystick.report.material import Material, Row
from tallystick.report.phrases import Phrases
from tallystick.report.standing import where

SHOWN_RELATED: Final = 12


def related(material: Material, say: Phrases) -> Related:
    """The nearest relations of a company."""
    promised = Counter(material.promises["promisee"].to_pylist())
    rows = [_row(row, promised, say) for row in material.related[:SHOWN_RELATED]]
    return Related(len(material.related), tuple(rows))


def _row(row: Row, promised: Counter[int], say: Phrases) -> RelatedRow:
    return RelatedRow(
        name=row["name"] or row["code"],
        code=row["code"],
        country=row["country"],
        how=row["how"],
        text=related_words(row, say),
        related_ppm=row["related_ppm"],
        promises=promised[row["company"]],
        since=row["since"],
        source=_source(row, say),
    )


def related_words(row: Row, say: Phrases) -> str:
    """What the other is, with its share: `owner, 60 %`; `row`: of `relating.relations`."""
    words = say(f"related.{row['how']}")
    return words if row["share_ppm"] is None else f"{words} {figures.percent(row['share_ppm'])}"


def _source(row: Row, say: Phrases) -> str:
    if row["contributor"] is None:
        return ""
    place = where(row["source"], row["row"]) if row["source"] else row["document"] or ""
    return say.joined([row["contributor"], place]) if place else str(row["contributor"])
