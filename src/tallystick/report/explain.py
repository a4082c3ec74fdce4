"""One number walked down: headline, roles, kinds, counterparties, promises, documents, file rows.

Worked example of a kind, with the arithmetic as it is shown:

    p = (kappa * m + S) / (kappa + N) = (3 * 0.0512 + 0.80) / (3 + 11.32) = 6.66 %
    N = sum over counterparties of E * 3 / (E + 3); S = the same times the share broken
    E = sum over promises of strength * value factor * decay
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from tallystick.promises.kinds import PROMISES
from tallystick.rating.score import LEAST_ALPHA
from tallystick.report import figures
from tallystick.report.compose import OUTCOMES, mass_of
from tallystick.report.explain_promise import document, promise
from tallystick.report.explanation import Explanation
from tallystick.report.material import Material, Row
from tallystick.report.outlook import capped, shares
from tallystick.report.phrases import Phrases
from tallystick.report.standing import decides
from tallystick.units import PPM, code_of

SHOWN_COUNTERPARTIES: Final = 25
SHOWN_PROMISES: Final = 25


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
        f"{_shrunk(record, material, kind)}\n{where}",
        _kind_numbers(row, record, material, kind) | {"share": whole, "share_in_role": share},
    )


def _shrunk(record: Row, material: Material, kind: str) -> str:
    kappa, m = material.made.policy.kappa, material.steps[kind][2]
    s, n = record["s180"] / PPM, record["n180"] / PPM
    p = (kappa * m + s) / (kappa + n)
    return f"p = (κ·m + S) / (κ + N) = ({kappa:g} × {m:.6f} + {s:.6f}) / ({kappa:g} + {n:.6f}) = {p:.6f}"


def _kind_numbers(
    row: Row, record: Row, material: Material, kind: str
) -> dict[str, int | float | str | None]:
    return {
        "kappa": material.made.policy.kappa,
        "m": material.steps[kind][2],
        "n180_micro": record["n180"],
        "s180_micro": record["s180"],
        "n730_micro": record["n730"],
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
        _shrunk(record, material, kind),
        _kind_numbers(row, record, material, kind),
        (
            _expected(material, kind, say),
            _own_record(material, record, mine, documents, say),
            _interval(material, row, record, say),
            _points(row, say),
        ),
    )


def _expected(material: Material, kind: str, say: Phrases) -> Explanation:
    prior, country = material.prior, material.company["country"] or ""
    root, level = prior.root[kind], prior.level[kind]
    group = prior.group.get((kind, country), root)
    m = material.steps[kind][2]
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
    n = policy.kappa + record["n730"] / PPM
    p = material.steps[row["kind"]][-1]
    return Explanation(
        say("interval", coverage=f"{policy.coverage_ppm / 1e4:g} %"),
        say("x.range", low=figures.percent(row["low_ppm"]), high=figures.percent(row["high_ppm"])),
        say(
            "x.beta",
            beta=f"Beta(max(p·n, {LEAST_ALPHA:g}), (1 − p)·n)",
            n=f"κ + N730 = {policy.kappa:g} + {record['n730'] / PPM:.6f} = {n:.6f}",
            level=row["evidence_level"],
        ),
        {
            "alpha": max(p * n, LEAST_ALPHA),
            "beta": (1 - p) * n,
            "low_ppm": row["low_ppm"],
            "high_ppm": row["high_ppm"],
        },
    )


def _points(row: Row, say: Phrases) -> Explanation:
    p = row["broken_ppm"] / PPM
    return Explanation(
        say("score"),
        say("x.points", points=f"{row['score_tenths'] / 10:.1f}"),
        say("x.score", formula="600 + 20 / ln 2 × (ln((1 − p) / p) − ln 19)", p=f"{p:.6f}"),
        {"score_tenths": row["score_tenths"]},
    )


def _own_record(
    material: Material,
    record: Row,
    mine: Sequence[Row],
    documents: Sequence[Row],
    say: Phrases,
) -> Explanation:
    by_promisee: dict[int, list[Row]] = {}
    for p in mine:
        by_promisee.setdefault(p["promisee"], []).append(p)
    cap = material.made.policy.record.cap_micro
    pairs = [(*_pair(rows, cap), who) for who, rows in by_promisee.items()]
    pairs.sort(key=lambda pair: (-pair[1], -pair[0], pair[2]))
    shown, rest = pairs[:SHOWN_COUNTERPARTIES], pairs[SHOWN_COUNTERPARTIES:]
    children = [
        _counterparty(who, by_promisee[who], material, documents, say) for _, _, who in shown
    ]
    if rest:
        n, s = sum(pair[0] for pair in rest), sum(pair[1] for pair in rest)
        children.append(
            Explanation(
                say("x.more_parties", n=len(rest)),
                f"N {n / PPM:.6f}, S {s / PPM:.6f}",
                numbers={"n180_micro": n, "s180_micro": s},
            )
        )
    counts = say.joined(
        [
            say("x.count", n=record[f"n_{o}"], what=say(f"outcome.{o}"))
            for o in OUTCOMES
            if record[f"n_{o}"]
        ]
    )
    return Explanation(
        say("x.own"),
        say("x.own_value", s=f"{record['s180'] / PPM:.6f}", n=f"{record['n180'] / PPM:.6f}"),
        say("x.own_formula", n=record["n_promises"], counts=counts),
        {"n180_micro": record["n180"], "s180_micro": record["s180"]},
        tuple(children),
    )


def _masses(rows: Sequence[Row]) -> tuple[int, int]:
    """Decayed mass of promises to one counterparty, and how much of it is broken, in micro-units."""
    masses = [mass_of(p) for p in rows]
    broken = [mass * p["broken_ppm"] // PPM for mass, p in zip(masses, rows, strict=True)]
    return sum(masses), sum(broken)


def _pair(rows: Sequence[Row], cap: int) -> tuple[int, int]:
    """N and S of one counterparty: its mass after the cap."""
    e, b = _masses(rows)
    g = capped(e, cap)
    return g, math.floor(float(g) * b / e) if e else 0


def _counterparty(
    who: int, rows: Sequence[Row], material: Material, documents: Sequence[Row], say: Phrases
) -> Explanation:
    cap = material.made.policy.record.cap_micro
    e, b = _masses(rows)
    n, s = _pair(rows, cap)
    formula = f"N = E × {cap / PPM:g} / (E + {cap / PPM:g}) = {n / PPM:.6f}, S = N × B / E = {s / PPM:.6f}"
    ordered = sorted(rows, key=lambda p: (-mass_of(p) * p["broken_ppm"], -mass_of(p), p["deal"]))
    shown, rest = ordered[:SHOWN_PROMISES], ordered[SHOWN_PROMISES:]
    children = [
        promise(p, material.names, material.made, material.batches, documents, say) for p in shown
    ]
    if rest:
        total, broken = _masses(rest)
        children.append(
            Explanation(
                say("x.more_promises", n=len(rest)),
                f"E {total / PPM:.6f}, B {broken / PPM:.6f}",
                numbers={"mass_micro": total, "broken_micro": broken},
            )
        )
    return Explanation(
        say("x.towards", name=material.names.get(who) or say("x.unknown")),
        f"N {n / PPM:.6f}, S {s / PPM:.6f}",
        say("x.pair", e=f"{e / PPM:.6f}", b=f"{b / PPM:.6f}", formula=formula),
        {"e180_micro": e, "b180_micro": b, "n180_micro": n, "s180_micro": s},
        tuple(children),
    )


def _fact(fact: Row, material: Material, say: Phrases) -> Explanation:
    node = document(
        dict(fact) | {"amount_minor": None, "due_day": None, "reason": None}, material.batches, say
    )
    title = say("x.decides", title=node.title) if decides(fact) else node.title
    return Explanation(title, node.value, node.formula, node.numbers)
