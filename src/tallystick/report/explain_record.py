"""How the sums of a track record come about: counterparties, what is known of them, and the pools.

Worked example at one half-life, a counterparty that an independent witness saw keep company with others:

    F = sum over promises of strength * value factor * decay = 1.7, of which broken FB = 0.85
    g = F * 3 / (F + 3) = 1.085; how well it is known: q = credibility * u^2 / (u^2 + 3^2) = 0.2
    proven N = q * g = 0.217, S = q * FB * 3 / (F + 3) = 0.1085
    pool: P = sum over the promises of all counterparties, N = P * 2 / (P + 2), S = N times the share broken
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tallystick.rating.policy import Scorecard
from tallystick.rating.terms import TERMS
from tallystick.record import RecordPolicy
from tallystick.report.compose import OUTCOMES
from tallystick.report.explain_promise import broken_of, mass_at, promise, used
from tallystick.report.explanation import Explanation
from tallystick.report.material import Material, Row
from tallystick.report.phrases import Phrases
from tallystick.units import PPM

SHOWN_COUNTERPARTIES: Final = 25
SHOWN_PROMISES: Final = 25

POOLS: Final[dict[str, tuple[tuple[int, ...], Callable[[RecordPolicy], int]]]] = {
    "seen": ((3,), lambda policy: policy.seen_micro),
    "told": ((1, 2, 3), lambda policy: policy.told_micro),
    "word": ((0, 1, 2, 3, 4), lambda policy: policy.word_micro),
}
"""Pool -> the witnesses (promises/80_outcome.sql) of its promises, and the mass that it never reaches."""

Numbers = dict[str, int | float | str | None]


def odds_of(card: Scorecard, terms: Mapping[str, float]) -> float:
    """The sum of a card: log-odds."""
    return card.intercept + sum(float(getattr(card, name)) * terms[name] for name in TERMS)


def share_of(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-odds))


def own_record(
    material: Material,
    record: Row,
    mine: Sequence[Row],
    documents: Sequence[Row],
    say: Phrases,
) -> Explanation:
    """N and S of one kind of promise: what each counterparty gives, and each pool."""
    kind = record["kind"]
    halves, pairs = used(material.made.policy.card(kind)), material.counterparties.get(kind, ())
    counted = [p for p in mine if p["counted"]]
    ordered = sorted(pairs, key=lambda row: _weightiest(row, halves[0]))
    children = [
        _counterparty(
            row, [p for p in counted if p["promisee"] == row["promisee"]], material, documents, say
        )
        for row in ordered[:SHOWN_COUNTERPARTIES]
    ]
    children += _more_parties(ordered[SHOWN_COUNTERPARTIES:], halves, say)
    children += [
        _pool(pool, counted, material.made.policy.record, halves, say)
        for pool, (witnesses, _) in POOLS.items()
        if any(p["witness"] in witnesses for p in counted)
    ]
    children += _not_counted([p for p in mine if not p["counted"]], material, documents, say)
    counts = [
        say("x.count", n=record[f"n_{o}"], what=say(f"outcome.{o}"))
        for o in OUTCOMES
        if record[f"n_{o}"]
    ]
    return Explanation(
        say("x.own"),
        _sums({name: record[f"{name}{h}"] for h in halves[:1] for name in ("n", "s")}),
        say("x.own_formula", n=record["n_promises"], counts=say.joined(counts)),
        {f"{name}{h}_micro": record[f"{name}{h}"] for h in halves for name in ("n", "s")},
        tuple(children),
    )


def _weightiest(row: Row, h: str) -> tuple[int, ...]:
    return -row[f"b{h}"], -row[f"e{h}"], row["promisee"]


def _sums(sums: Mapping[str, int]) -> str:
    return ", ".join(f"{name.upper()} {value / PPM:.6f}" for name, value in sums.items())


def _more_parties(rest: Sequence[Row], halves: Sequence[str], say: Phrases) -> list[Explanation]:
    """What the counterparties that are not shown prove."""
    if not rest:
        return []
    numbers: Numbers = {
        f"{name}{h}_micro": sum(row[f"{name}{h}"] for row in rest)
        for h in halves
        for name in ("n", "s")
    }
    first = {name: sum(row[f"{name}{halves[0]}"] for row in rest) for name in ("n", "s")}
    title = say("x.more_parties", n=len(rest))
    return [Explanation(title, _sums(first), numbers={**numbers, "proven": True})]


def _counterparty(
    row: Row, promises: Sequence[Row], material: Material, documents: Sequence[Row], say: Phrases
) -> Explanation:
    """Promises to one counterparty, and what they prove."""
    policy = material.made.policy
    halves = used(policy.card(row["kind"]))
    numbers: Numbers = {
        f"{name}{h}_micro": row[f"{name}{h}"]
        for h in halves
        for name in ("e", "b", "f", "fb", "n", "s")
    }
    known = {f"{name}_micro": row[name] for name in ("reach", "tie", "within")}
    known |= {f"{name}_ppm": row[f"{name}_ppm"] for name in ("q", "credibility")}
    lines = [_known(row, policy.record, say)]
    lines += [_at_half_life(row, h, policy.record, len(halves) > 1, say) for h in halves]
    return Explanation(
        say("x.towards", name=material.names.get(row["promisee"]) or say("x.unknown")),
        _sums({"n": row[f"n{halves[0]}"], "s": row[f"s{halves[0]}"]}),
        "\n".join(lines),
        {**numbers, **known, "proven": True},
        _promises(promises, material, documents, halves, say),
    )


def _known(row: Row, policy: RecordPolicy, say: Phrases) -> str:
    """How well a counterparty is known, and by what."""
    return say(
        "x.known",
        credibility=f"{row['credibility_ppm'] / PPM:g}",
        half=f"{policy.known_micro / PPM:g}",
        reach=f"{row['reach'] / PPM:.6f}",
        tie=f"{row['tie'] / PPM:.6f}",
        within=f"{row['within'] / PPM:.6f}",
        u=f"{row['u'] / PPM:.6f}",
        q=f"{row['q_ppm'] / PPM:.6f}",
    )


def _at_half_life(row: Row, h: str, policy: RecordPolicy, several: bool, say: Phrases) -> str:
    e, b, f, fb, n, s = (f"{row[f'{x}{h}'] / PPM:.6f}" for x in ("e", "b", "f", "fb", "n", "s"))
    cap = f"{policy.cap_micro / PPM:g}"
    formula = f"N = q × F × {cap} / (F + {cap}) = {n}, S = q × FB × {cap} / (F + {cap}) = {s}"
    told = say("x.pair", e=e, b=b, f=f, fb=fb, formula=formula)
    return f"{say(f'x.half.{h}')}: {told}" if several else told


def _pool(
    pool: str, promises: Sequence[Row], policy: RecordPolicy, halves: Sequence[str], say: Phrases
) -> Explanation:
    """All promises with at least such a witness, which count together as those to one counterparty would."""
    witnesses, bound_of = POOLS[pool]
    rows, bound = [p for p in promises if p["witness"] in witnesses], bound_of(policy)
    numbers: dict[str, int] = {}
    lines = []
    for h in halves:
        mass, broken = (sum(of(p, h) for p in rows) for of in (mass_at, broken_of))
        n, s = (math.floor(float(x) * bound / (mass + bound)) for x in (mass, broken))
        numbers |= {f"p{h}_micro": mass, f"pb{h}_micro": broken}
        numbers |= {f"n{h}_micro": n, f"s{h}_micro": s}
        limit = f"{bound / PPM:g}"
        line = f"P {mass / PPM:.6f}, B {broken / PPM:.6f}; N = P × {limit} / (P + {limit}) = {n / PPM:.6f}"
        line += f", S = B × {limit} / (P + {limit}) = {s / PPM:.6f}"
        lines.append(f"{say(f'x.half.{h}')}: {line}" if len(halves) > 1 else line)
    return Explanation(
        say("x.pool", pool=say(f"x.pool.{pool}")),
        _sums({name: numbers[f"{name}{halves[0]}_micro"] for name in ("n", "s")}),
        "\n".join(lines),
        {**numbers, "of": pool},
    )


def _not_counted(
    promises: Sequence[Row], material: Material, documents: Sequence[Row], say: Phrases
) -> list[Explanation]:
    """Promises that are open, excused or under dispute."""
    if not promises:
        return []
    ordered = sorted(promises, key=lambda p: (-p["made_day"], p["deal"], p["item"]))
    made, batches = material.made, material.batches
    shown = [promise(p, made, batches, documents, say) for p in ordered[:SHOWN_PROMISES]]
    if len(ordered) > SHOWN_PROMISES:
        shown.append(Explanation(say("x.more_promises", n=len(ordered) - SHOWN_PROMISES)))
    return [Explanation(say("x.waiting"), str(len(promises)), children=tuple(shown))]


def _promises(
    promises: Sequence[Row],
    material: Material,
    documents: Sequence[Row],
    halves: Sequence[str],
    say: Phrases,
) -> tuple[Explanation, ...]:
    """The promises behind a counterparty, those that weigh most against the company first."""
    h = halves[0]
    ordered = sorted(promises, key=lambda p: (-broken_of(p, h), -mass_at(p, h), p["deal"]))
    shown, rest = ordered[:SHOWN_PROMISES], ordered[SHOWN_PROMISES:]
    made, batches = material.made, material.batches
    children = [promise(p, made, batches, documents, say) for p in shown]
    if rest:
        numbers: Numbers = {}
        for h in halves:
            numbers[f"e{h}_micro"] = sum(mass_at(p, h) for p in rest)
            numbers[f"b{h}_micro"] = sum(broken_of(p, h) for p in rest)
        e, b = (sum(of(p, halves[0]) for p in rest) for of in (mass_at, broken_of))
        title = say("x.more_promises", n=len(rest))
        children.append(Explanation(title, _sums({"e": e, "b": b}), numbers=numbers))
    return tuple(children)
