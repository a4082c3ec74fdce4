"""The model card of a policy, out of the policy alone, as Markdown and as a page.

Idea: whoever must judge a rating asks the same questions of every model: what it is for, what it learnt from,
how it works, with which numbers, how well that was measured, where it fails, whom it may wrong, and who may
use it. What the policy does not know (nothing fitted, nothing measured) the card says too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick.rating import GRADES, Policy
from tallystick.rating.policy import GRADE_CEILING_PPM
from tallystick.rating.policy_file import FORMAT, leaves, tree_of
from tallystick.rating.policy_words import means
from tallystick.report.card_words import CARD
from tallystick.report.figures import percent


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its heads and its rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the card: its title, then texts and tables in their order."""

    title: str
    blocks: Sequence[str | Grid]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The card in one language."""

    lang: str
    title: str
    subtitle: str
    parts: Sequence[Part]


def model_card(policy: Policy, lang: str = "en") -> ModelCard:
    """The card of a policy; `lang` is "en" or "zh"."""

    def say(key: str, **blanks: object) -> str:
        return CARD[key][1 if lang == "zh" else 0].format(**blanks)

    names = {"name": policy.name, "digest": policy.digest(), "valid_from": policy.valid_from}
    floor = policy.min_evidence_micro / 1_000_000
    parts = [
        Part(say("purpose"), [say("purpose_1"), say("purpose_2")]),
        Part(say("data"), list(_data(policy, say))),
        Part(say("method"), [*(say(f"method_{n}") for n in (1, 2, 3)), _scale(say)]),
        Part(say("parameters"), list(_parameters(policy, say, lang))),
        Part(say("figures"), list(_figures(policy, say))),
        Part(say("limits"), [say(f"limits_{n}") for n in (1, 2, 3)]),
        Part(say("fairness"), [say("fairness_1", floor=f"{floor:g}"), say("fairness_2")]),
        Part(say("use"), [say("use_1"), say("use_2")]),
    ]
    return ModelCard(lang, say("title", **names), say("subtitle", format=FORMAT, **names), parts)


def _data(policy: Policy, say: Any) -> Iterator[str | Grid]:
    yield say("data_1")
    came = policy.fitted
    if came is None:
        yield say("data_cold")
        return
    yield say("data_fitted", version=came.version, state=came.state, as_of=came.as_of)
    rows = [(kind or "others", f"{count:,}") for kind, count in sorted(came.promises.items())]
    if rows:
        yield Grid((say("kind"), say("learnt_from")), rows)


def _scale(say: Any) -> Grid:
    ceilings = [*(percent(ppm) for ppm in GRADE_CEILING_PPM), percent(1_000_000)]
    return Grid((say("grade"), say("upto")), list(zip(GRADES, ceilings, strict=True)))


def _parameters(policy: Policy, say: Any, lang: str) -> Iterator[str | Grid]:
    tree = tree_of(policy)
    cards = tree.pop("cards")
    tree.pop("fitted", None)
    rows = [(path, str(value), means(path, lang)) for path, value in leaves(tree)]
    yield Grid((say("field"), say("value"), say("meaning")), rows)
    yield say("cards_below")
    terms = list(next(iter(cards.values())))
    table = [
        (term, *(str(card[term]) for card in cards.values()), means(f"cards.*.{term}", lang))
        for term in terms
    ]
    yield Grid((say("field"), *cards, say("meaning")), table)


def _figures(policy: Policy, say: Any) -> Iterator[str | Grid]:
    measured = policy.fitted.measured if policy.fitted else {}
    names = sorted({name for figures in measured.values() for name in figures})
    if not names:
        yield say("figures_none")
        return
    yield say("figures_1")
    if not policy.as_measured():
        yield say("figures_edited")
    rows = [
        (kind or "others", *(f"{figures[n]:.4g}" if n in figures else "–" for n in names))
        for kind, figures in sorted(measured.items())
    ]
    heads = (say(f"figure.{name}") if f"figure.{name}" in CARD else name for name in names)
    yield Grid((say("kind"), *heads), rows)


def card_markdown(card: ModelCard) -> str:
    """The card as Markdown."""
    lines = [f"# {card.title}", "", card.subtitle]
    for part in card.parts:
        lines += ["", f"## {part.title}"]
        for block in part.blocks:
            lines += ["", *([block] if isinstance(block, str) else _pipes(block))]
    return "\n".join(lines) + "\n"


def _pipes(grid: Grid) -> Iterator[str]:
    for row in (grid.heads, ["---"] * len(grid.heads), *grid.rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def card_html(card: ModelCard) -> str:
    """The card as one self-contained page without scripts or requests."""
    from tallystick.report.page import language_tag, style, template

    page = template("card.html", {})
    return page.render(card=card, lang=language_tag(card.lang), style=style("card.css")) + "\n"
