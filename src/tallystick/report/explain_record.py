"""How the sums of a track record come about: counterparties, what is known of them, and the pools.

Worked example at one half-life, a counterparty that an independent witness saw keep company with others:

    E = sum over promises of strength * value factor * decay = 1.7, of which broken B = 0.85
    g = E * 3 / (E + 3) = 1.085; how well it is known: q = credibility * u^2 / (u^2 + 3^2) = 0.2
    proven N = q * g = 0.217, S = N * B / E = 0.1085; the rest, (1 - q) * E = 1.36, goes into a pool
    pool: P = sum of such rests, N = P * 2 / (P + 2), S = N times the share of P that is broken
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tallystick.deals import ATTESTER_BITS
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

POOL_OF: Final = ("word", "told", "told", "seen", "accused")
"""Witness of a promise (promises/80_outcome.sql) -> the pool of what is unproven (record/40_pools.sql)."""

SEEN, ACCUSED = 3, 4

POOLS: Final[dict[str, Callable[[RecordPolicy], int]]] = {
    "seen": lambda policy: policy.seen_micro,
    "told": lambda policy: policy.told_micro,
    "word": lambda policy: policy.word_micro,
    "accused": lambda policy: policy.accused_micro,
}
"""Pool -> the mass that it never reaches."""

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
    by_pair: dict[tuple[int, int, int], list[Row]] = {}
    for p in mine:
        if p["counted"]:
            by_pair.setdefault((p["promisee"], p["witness"], attester(p)), []).append(p)
    ordered = sorted(pairs, key=lambda row: _weightiest(row, halves[0]))
    children = [
        _counterparty(row, by_pair[_pair(row)], material, documents, say)
        for row in ordered[:SHOWN_COUNTERPARTIES]
    ]
    rest = ordered[SHOWN_COUNTERPARTIES:]
    children += _more_parties(rest, halves, say)
    children += [
        _pool(pool, pairs, material.made.policy.record, halves, say)
        for pool in POOLS
        if any(POOL_OF[row["witness"]] == pool for row in pairs)
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


def attester(promise: Row) -> int:
    """The bit of the only independent contributor that saw a promise; 0 if there are several, or none."""
    seen = promise["mask"] & ATTESTER_BITS if promise["witness"] == SEEN else 0
    return seen if seen.bit_count() == 1 else 0


def _pair(row: Row) -> tuple[int, int, int]:
    return row["promisee"], row["witness"], row["attester"]


def _weightiest(row: Row, h: str) -> tuple[int, ...]:
    return -row[f"b{h}"], -row[f"e{h}"], *_pair(row)


def _sums(sums: Mapping[str, int]) -> str:
    return ", ".join(f"{name.upper()} {value / PPM:.6f}" for name, value in sums.items())


def _more_parties(rest: Sequence[Row], halves: Sequence[str], say: Phrases) -> list[Explanation]:
    """What the counterparties that are not shown give, by the pool that their rests go into."""
    told = []
    for pool in POOLS:
        rows = [row for row in rest if POOL_OF[row["witness"]] == pool]
        if rows:
            numbers = {
                f"{name}{h}_micro": sum(row[f"{name}{h}"] for row in rows)
                for h in halves
                for name in ("n", "s", "r", "rb")
            }
            told.append(
                Explanation(
                    say("x.more_parties", n=len(rows), pool=say(f"x.pool.{pool}")),
                    _sums(
                        {"n": numbers[f"n{halves[0]}_micro"], "s": numbers[f"s{halves[0]}_micro"]}
                    ),
                    numbers={**numbers, "pool": pool},
                )
            )
    return told


def _counterparty(
    row: Row, promises: Sequence[Row], material: Material, documents: Sequence[Row], say: Phrases
) -> Explanation:
    """Promises to one counterparty with one sort of witness."""
    policy = material.made.policy
    halves = used(policy.card(row["kind"]))
    numbers: Numbers = {
        f"{name}{h}_micro": row[f"{name}{h}"]
        for h in halves
        for name in ("e", "b", "m", "n", "s", "r", "rb")
    }
    known = {"q_ppm": row["q_ppm"], "reach_micro": row["reach"], "tie_micro": row["tie"]}
    known |= {"attester": row["attester"]}
    known |= {f"{name}_ppm": row[f"{name}_ppm"] for name in ("credibility", "kept", "broken")}
    name = material.names.get(row["promisee"]) or say("x.unknown")
    lines = [_known(row, policy.record, say), *_attested(row, policy.record, say)]
    lines += [_at_half_life(row, h, policy.record, len(halves) > 1, say) for h in halves]
    return Explanation(
        say("x.towards", name=name, witness=say(f"x.witness.{row['witness']}")),
        _sums({"n": row[f"n{halves[0]}"], "s": row[f"s{halves[0]}"]}),
        "\n".join(lines),
        {**numbers, **known, "pool": POOL_OF[row["witness"]]},
        _promises(promises, material, documents, halves, say),
    )


def _known(row: Row, policy: RecordPolicy, say: Phrases) -> str:
    """How well a counterparty is known, and by what."""
    if row["witness"] < 2:
        return say("x.known_not")
    return say(
        "x.known",
        credibility=f"{row['credibility_ppm'] / PPM:g}",
        half=f"{policy.known_micro / PPM:g}",
        reach=f"{row['reach'] / PPM:.6f}",
        tie=f"{row['tie'] / PPM:.6f}",
        u=f"{row['u'] / PPM:.6f}",
        q=f"{row['q_ppm'] / PPM:.6f}",
    )


def _attested(row: Row, policy: RecordPolicy, say: Phrases) -> list[str]:
    """What is left where one contributor alone saw more than all others, if that is not all."""
    if row["kept_ppm"] == row["broken_ppm"] == PPM:
        return []
    kept, broken = (f"{row[f'{name}_ppm'] / PPM:.6f}" for name in ("kept", "broken"))
    bound = f"{policy.attested_micro / PPM:g}"
    return [say("x.attested", kept=kept, broken=broken, bound=bound)]


def _left(row: Row, h: str) -> tuple[int, int]:
    """E and B of a counterparty after that, as 35_proven.sql has them."""
    if not row["attester"]:
        return row[f"e{h}"], row[f"b{h}"]
    broken = math.floor(float(row[f"b{h}"]) * row["broken_ppm"] / 1e6)
    kept = math.floor(float(row[f"e{h}"] - row[f"b{h}"]) * row["kept_ppm"] / 1e6)
    return broken + kept, broken


def _at_half_life(row: Row, h: str, policy: RecordPolicy, several: bool, say: Phrases) -> str:
    e, b = (f"{value / PPM:.6f}" for value in _left(row, h))
    m, n, s, r, rb = (f"{row[f'{name}{h}'] / PPM:.6f}" for name in ("m", "n", "s", "r", "rb"))
    cap = f"{_cap(row, policy) / PPM:g}"
    told = say(
        "x.pair",
        e=e,
        b=b,
        formula=f"g = E × {cap} / (E + {cap}) = {m}, N = q × g = {n}, S = N × B / E = {s}",
        rest=f"(1 − q) × E = {r}",
        broken=f"(1 − q) × B = {rb}",
        pool=say(f"x.pool.{POOL_OF[row['witness']]}"),
    )
    return f"{say(f'x.half.{h}')}: {told}" if several else told


def _cap(row: Row, policy: RecordPolicy) -> int:
    """What the mass of one counterparty never reaches: little where it accuses and nobody else was there."""
    return policy.accused_micro if row["witness"] == ACCUSED else policy.cap_micro


def _pool(
    pool: str, pairs: Sequence[Row], policy: RecordPolicy, halves: Sequence[str], say: Phrases
) -> Explanation:
    """All that is unproven and has one sort of witness, which counts together as one counterparty would."""
    rows = [row for row in pairs if POOL_OF[row["witness"]] == pool]
    bound = POOLS[pool](policy)
    numbers: Numbers = {}
    lines = []
    for h in halves:
        mass, broken = (sum(row[f"{name}{h}"] for row in rows) for name in ("r", "rb"))
        n, s = _drawn(mass, broken, bound)
        numbers |= {f"p{h}_micro": mass, f"pb{h}_micro": broken}
        numbers |= {f"n{h}_micro": n, f"s{h}_micro": s}
        limit = f"{bound / PPM:g}"
        line = f"P {mass / PPM:.6f}, B {broken / PPM:.6f}; N = P × {limit} / (P + {limit}) = {n / PPM:.6f}"
        line += f", S = N × B / P = {s / PPM:.6f}"
        lines.append(f"{say(f'x.half.{h}')}: {line}" if len(halves) > 1 else line)
    first = halves[0]
    return Explanation(
        say("x.pool", pool=say(f"x.pool.{pool}")),
        f"N {numbers[f'n{first}_micro'] / PPM:.6f}, S {numbers[f's{first}_micro'] / PPM:.6f}",  # type: ignore[operator]
        "\n".join(lines),
        {**numbers, "of": pool},
    )


def _drawn(mass: int, broken: int, bound: int) -> tuple[int, int]:
    """The mass of a pool, drawn towards its bound, and its broken part, as 40_pools.sql has them."""
    if not mass:
        return 0, 0
    g = float(mass) * bound / (mass + bound)
    return math.floor(g), math.floor(g * broken / mass)


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
