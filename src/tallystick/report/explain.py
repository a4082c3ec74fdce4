"""One number walked down: headline, roles, kinds, terms, counterparties, promises, documents, file rows.

Worked example of a kind whose card weighs two half-lives, by a half each:

    p180 = (kappa * m + S180) / (kappa + N180) = (3 * 0.0512 + 0.80) / (3 + 11.32) = 6.66 %, pall = 4 %
    logit p = logit m + .5 * (logit p180 - logit m) + .5 * (logit pall - logit m) = -2.909, p = 5.17 %

How N and S come about is told in explain_record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tallystick.promises.kinds import PROMISES
from tallystick.rating.policy import Scorecard
from tallystick.rating.spread import TOGETHER, centre, spread_of
from tallystick.rating.terms import TERMS
from tallystick.report import figures
from tallystick.report.explain_promise import document, used
from tallystick.report.explain_record import odds_of, own_record, share_of
from tallystick.report.explanation import Explanation
from tallystick.report.material import Material, Row
from tallystick.report.outlook import shares
from tallystick.report.phrases import Phrases
from tallystick.report.standing import decides
from tallystick.units import PPM, code_of

RARE = ("standing", "kin")
"""Terms that are told only where they are not nothing."""


def explain_company(material: Material, say: Phrases) -> Explanation:
    """The headline of a company, its roles, and their kinds."""
    code = code_of(material.company["company"], "C")
    title = say("x.titled", name=material.company["name"] or code, code=code)
    row = material.rating("headline")
    facts = tuple(_fact(fact, material, say) for fact in material.facts)
    if row is None:
        decided = say("x.fact_decides" if any(map(decides, material.facts)) else "x.no_record")
        return Explanation(title, decided, say("x.none"), {}, facts)
    share = shares(material.records)
    roles = [r for r in material.ratings if r["scope"] == "role"]
    children = tuple(_role(r, material, share, say) for r in roles)
    return Explanation(
        title,
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        _mix(share, material, say) + _gate(row, material, say),
        {
            "broken_ppm": row["broken_ppm"],
            "low_ppm": row["low_ppm"],
            "high_ppm": row["high_ppm"],
            "evidence_micro": row["evidence_micro"],
            "score_tenths": row["score_tenths"],
        },
        (*facts, *children),
    )


def _gate(row: Row, material: Material, say: Phrases) -> str:
    if row["grade"] == "X" or any(decides(fact) for fact in material.facts):
        return "\n" + say("x.gate")
    return ""


def _mix(share: Mapping[str, float], material: Material, say: Phrases) -> str:
    """The mix of kinds by value: `p = 0.62 * 7.60 % (pay) + ...`."""
    ordered = sorted(share, key=lambda kind: -share[kind])
    terms = [f"{share[k]:.4f} × {material.steps[k][-1] * 100:.4f} % ({k})" for k in ordered]
    total = sum(share[kind] * material.steps[kind][-1] for kind in share)
    return f"{say('x.mix')} = {' + '.join(terms)} = {total * 100:.4f} %"


def _role(row: Row, material: Material, whole: Mapping[str, float], say: Phrases) -> Explanation:
    mine = {k: r for k, r in material.records.items() if PROMISES[k].role == row["role"]}
    share = shares(mine)
    kinds = tuple(_kind_in_role(kind, share[kind], whole[kind], material, say) for kind in mine)
    return Explanation(
        say("x.role", role=say.role(row["role"])),
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        _mix(share, material, say),
        {"broken_ppm": row["broken_ppm"], "evidence_micro": row["evidence_micro"]},
        kinds,
    )


def _kind_in_role(
    kind: str, share: float, whole: float, material: Material, say: Phrases
) -> Explanation:
    row, record = material.rating("kind", kind), material.records[kind]
    assert row is not None
    code = code_of(material.company["company"], "C")
    where = say("x.shares", role=f"{share:.4f}", whole=f"{whole:.4f}", code=code, kind=kind)
    return Explanation(
        say("x.kind", kind=kind, text=say.kind(kind)),
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        f"{_chance(record, material, kind)}\n{where}",
        _kind_numbers(row, record, material, kind) | {"share": whole, "share_in_role": share},
    )


def _chance(record: Row, material: Material, kind: str) -> str:
    """The probability out of the sums."""
    card, terms = material.made.policy.card(kind), material.terms[kind]
    m = share_of(terms["prior"])
    lines = [_shrunk(record, h, m, card.kappa) for h in used(card)]
    parts = [f"{card.intercept:+.4f}"] if card.intercept else []
    counts = [t for t in TERMS if getattr(card, t) and terms[t]]
    parts += [f"{getattr(card, t):g} × ({terms[t]:.6f})" for t in counts]
    odds = odds_of(card, terms)
    lines.append(f"ln(p / (1 − p)) = {' + '.join(parts)} = {odds:.6f}")
    return "\n".join([*lines, f"p = {share_of(odds):.6f}"])


def _shrunk(record: Row, h: str, m: float, kappa: float) -> str:
    s, n = record[f"s{h}"] / PPM, record[f"n{h}"] / PPM
    p = (kappa * m + s) / (kappa + n)
    summed = f"({kappa:g} × {m:.6f} + {s:.6f}) / ({kappa:g} + {n:.6f})"
    return f"p{h} = (κ·m + S{h}) / (κ + N{h}) = {summed} = {p:.6f}"


def _terms(material: Material, kind: str, say: Phrases) -> Explanation:
    """The terms that the card weighs, and their sum."""
    card, terms = material.made.policy.card(kind), material.terms[kind]
    odds = odds_of(card, terms)
    told = [
        Explanation(
            say(f"x.term.{name}"),
            f"{weight * terms[name]:+.6f}",
            f"{weight:g} × {terms[name]:.6f}",
            {"weight": weight, "term": terms[name], "odds": weight * terms[name]},
        )
        for name in TERMS
        if (weight := getattr(card, name)) and (terms[name] or name not in RARE)
    ]
    if card.intercept:
        value = f"{card.intercept:+.6f}"
        told.insert(0, Explanation(say("x.intercept"), value, "", {"odds": card.intercept}))
    return Explanation(
        say("x.terms"),
        f"{odds:.6f}",
        f"p = 1 / (1 + e^{-odds:.6f}) = {share_of(odds):.6f}",
        {"odds": odds, "p": share_of(odds)},
        tuple(told),
    )


def _kind_numbers(
    row: Row, record: Row, material: Material, kind: str
) -> dict[str, int | float | str | None]:
    card = material.made.policy.card(kind)
    halves = dict.fromkeys([*used(card), "730"])
    return {
        "kappa": card.kappa,
        "m": share_of(material.terms[kind]["prior"]),
        "odds": odds_of(card, material.terms[kind]),
        **{f"{name}{h}_micro": record[f"{name}{h}"] for h in halves for name in ("n", "s")},
        "broken_ppm": row["broken_ppm"],
        "low_ppm": row["low_ppm"],
        "high_ppm": row["high_ppm"],
    }


def explain_kind(
    material: Material, kind: str, documents: Sequence[Row], say: Phrases
) -> Explanation:
    """One kind of promise of a company. `documents`: of the deals of its promises that are shown."""
    row, record = material.rating("kind", kind), material.records[kind]
    assert row is not None
    code = code_of(material.company["company"], "C")
    title = say("x.titled", name=material.company["name"] or code, code=code)
    mine = [p for p in material.promises.to_pylist() if p["kind"] == kind]
    return Explanation(
        f"{title} {say.kind(kind)}",
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        _chance(record, material, kind),
        _kind_numbers(row, record, material, kind),
        (
            _expected(material, kind, say),
            own_record(material, record, mine, documents, say),
            _terms(material, kind, say),
            _interval(material, row, record, say),
            _points(row, say),
        ),
    )


def _expected(material: Material, kind: str, say: Phrases) -> Explanation:
    prior, country = material.prior, material.company["country"] or ""
    root, level = prior.root[kind], prior.level[kind]
    group = prior.group.get((kind, country), root)
    m = share_of(material.terms[kind]["prior"])
    numbers = say(
        "x.peers_numbers",
        country=country or "–",
        group=f"{group:.6f}",
        level=f"{level:.6f}",
        root=f"{root:.6f}",
    )
    return Explanation(
        say("x.peers"),
        f"{m * 100:.4f} %",
        f"{say('x.peers_formula')}\n{numbers}",
        {"m": m, "group": group, "level": level, "root": root},
    )


def _interval(material: Material, row: Row, record: Row, say: Phrases) -> Explanation:
    policy = material.made.policy
    card = policy.card(row["kind"])
    p, n = np.array([material.steps[row["kind"]][-1]]), np.array([record["n730"] / PPM])
    beside = sum(other["n730"] for other in material.records.values()) / PPM - n
    spread = spread_of(p, n, card.precision_peers, card.precision_own, beside)
    middle = centre(p, spread)
    return Explanation(
        say("interval", coverage=f"{policy.coverage_ppm / 1e4:g} %"),
        say("x.range", low=figures.percent(row["low_ppm"]), high=figures.percent(row["high_ppm"])),
        say(
            "x.normal",
            middle=f"{middle[0]:.6f}",
            spread=f"{_spread_formula(card, beside[0])} = {spread[0]:.6f}",
            level=row["evidence_level"],
        ),
        {
            "centre": float(middle[0]),
            "spread": float(spread[0]),
            "low_ppm": row["low_ppm"],
            "high_ppm": row["high_ppm"],
        },
    )


def _spread_formula(card: Scorecard, beside: float) -> str:
    """As `spread_of` finds it; `beside`: promises of other kinds."""
    peers, own = f"{card.precision_peers:g}", f"{card.precision_own:g} × p × (1 − p)"
    if beside > 0:
        told = f"{TOGETHER:g} × {beside:.6g} × {own}"
        peers = f"1 / ({1 - TOGETHER:g} / {peers} + {TOGETHER:g} / ({peers} + {told}))"
    return f"1 / √({peers} + N730 × {own})"


def _points(row: Row, say: Phrases) -> Explanation:
    p = row["broken_ppm"] / PPM
    return Explanation(
        say("score"),
        say("x.points", points=f"{row['score_tenths'] / 10:.1f}"),
        say("x.score", formula="600 + 20 / ln 2 × (ln((1 − p) / p) − ln 19)", p=f"{p:.6f}"),
        {"score_tenths": row["score_tenths"]},
    )


def _fact(fact: Row, material: Material, say: Phrases) -> Explanation:
    node = document(
        dict(fact) | {"amount_minor": None, "due_day": None, "reason": None}, material.batches, say
    )
    title = say("x.decides", title=node.title) if decides(fact) else node.title
    return Explanation(title, node.value, node.formula, node.numbers)
