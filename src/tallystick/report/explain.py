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
from tallystick.report.compose import mass_of
from tallystick.report.explain_promise import document, promise
from tallystick.report.explanation import Explanation
from tallystick.report.material import Material, Row
from tallystick.report.outlook import capped, shares
from tallystick.report.standing import decides
from tallystick.units import PPM, code_of

SHOWN_COUNTERPARTIES: Final = 25
SHOWN_PROMISES: Final = 25


def explain_company(material: Material) -> Explanation:
    """The headline of a company, its roles, and their kinds."""
    code = code_of(material.company["company"], "C")
    title = f"{material.company['name'] or code} ({code})"
    row = material.rating("headline")
    facts = tuple(_fact(fact, material) for fact in material.facts)
    if row is None:
        decided = "the fact below decides" if any(map(decides, material.facts)) else "no record"
        return Explanation(title, decided, "No promise of it is in the book.", {}, facts)
    share = shares(material.records)
    roles = [r for r in material.ratings if r["scope"] == "role"]
    children = tuple(_role(r, material, share) for r in roles)
    return Explanation(
        title,
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        _mix(share, material) + _gate(row, material),
        {
            "broken_ppm": row["broken_ppm"],
            "low_ppm": row["low_ppm"],
            "high_ppm": row["high_ppm"],
            "evidence_micro": row["evidence_micro"],
            "score_tenths": row["score_tenths"],
        },
        (*facts, *children),
    )


def _gate(row: Row, material: Material) -> str:
    if row["grade"] == "X" or any(decides(fact) for fact in material.facts):
        return "\nThe grade follows from the fact below, not from this chance."
    return ""


def _mix(share: Mapping[str, float], material: Material) -> str:
    """The mix of kinds by value: `p = 0.62 * 7.60 % (pay) + ...`."""
    ordered = sorted(share, key=lambda kind: -share[kind])
    terms = [f"{share[k]:.4f} × {material.steps[k][-1] * 100:.4f} % ({k})" for k in ordered]
    total = sum(share[kind] * material.steps[kind][-1] for kind in share)
    return f"p = Σ share × p(kind) = {' + '.join(terms)} = {total * 100:.4f} %"


def _role(row: Row, material: Material, whole: Mapping[str, float]) -> Explanation:
    mine = {k: r for k, r in material.records.items() if PROMISES[k].role == row["role"]}
    share = shares(mine)
    kinds = tuple(_kind_in_role(kind, share[kind], whole[kind], material) for kind in mine)
    return Explanation(
        f"role {row['role']}",
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        _mix(share, material),
        {"broken_ppm": row["broken_ppm"], "evidence_micro": row["evidence_micro"]},
        kinds,
    )


def _kind_in_role(kind: str, share: float, whole: float, material: Material) -> Explanation:
    row, record = material.rating("kind", kind), material.records[kind]
    assert row is not None
    code = code_of(material.company["company"], "C")
    return Explanation(
        f"{kind}: {PROMISES[kind].english}",
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        f"{_shrunk(record, material, kind)}\nshare {share:.4f} in the role, {whole:.4f} in the headline; "
        f"more: explain {code}/{kind}",
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


def explain_kind(material: Material, kind: str, documents: Sequence[Row]) -> Explanation:
    """One kind of promise of a company. `documents`: of the deals of its promises that are shown."""
    row, record = material.rating("kind", kind), material.records[kind]
    assert row is not None
    code = code_of(material.company["company"], "C")
    mine = [p for p in material.promises.to_pylist() if p["kind"] == kind]
    return Explanation(
        f"{material.company['name'] or code} ({code}) {PROMISES[kind].english}",
        f"{row['grade']} {figures.percent(row['broken_ppm'])}",
        _shrunk(record, material, kind),
        _kind_numbers(row, record, material, kind),
        (
            _expected(material, kind),
            _own_record(material, record, mine, documents),
            _interval(material, row, record),
            _points(row),
        ),
    )


def _expected(material: Material, kind: str) -> Explanation:
    prior, country = material.prior, material.company["country"] or ""
    root, level = prior.root[kind], prior.level[kind]
    group = prior.group.get((kind, country), root)
    m = material.steps[kind][2]
    return Explanation(
        "m: what is expected of its peers now",
        f"{m * 100:.4f} %",
        "logit m = logit(own country) + logit(market lately) − logit(all companies)\n"
        f"own country {country or '–'} {group:.6f}, market lately {level:.6f}, all companies {root:.6f}",
        {"m": m, "group": group, "level": level, "root": root},
    )


def _interval(material: Material, row: Row, record: Row) -> Explanation:
    policy = material.made.policy
    n = policy.kappa + record["n730"] / PPM
    p = material.steps[row["kind"]][-1]
    return Explanation(
        f"{policy.coverage_ppm / 1e4:g} % interval",
        f"{figures.percent(row['low_ppm'])} to {figures.percent(row['high_ppm'])}",
        f"Beta(max(p·n, {LEAST_ALPHA:g}), (1 − p)·n) with n = κ + N730 = {policy.kappa:g} + "
        f"{record['n730'] / PPM:.6f} = {n:.6f}; evidence {row['evidence_level']}",
        {
            "alpha": max(p * n, LEAST_ALPHA),
            "beta": (1 - p) * n,
            "low_ppm": row["low_ppm"],
            "high_ppm": row["high_ppm"],
        },
    )


def _points(row: Row) -> Explanation:
    p = row["broken_ppm"] / PPM
    return Explanation(
        "score",
        f"{row['score_tenths'] / 10:.1f} points",
        f"600 + 20 / ln 2 × (ln((1 − p) / p) − ln 19) with p = {p:.6f}",
        {"score_tenths": row["score_tenths"]},
    )


def _own_record(
    material: Material, record: Row, mine: Sequence[Row], documents: Sequence[Row]
) -> Explanation:
    by_promisee: dict[int, list[Row]] = {}
    for p in mine:
        by_promisee.setdefault(p["promisee"], []).append(p)
    cap = material.made.policy.record.cap_micro
    pairs = [(*_pair(rows, cap), who) for who, rows in by_promisee.items()]
    pairs.sort(key=lambda pair: (-pair[1], -pair[0], pair[2]))
    shown, rest = pairs[:SHOWN_COUNTERPARTIES], pairs[SHOWN_COUNTERPARTIES:]
    children = [
        _counterparty(who, by_promisee[who], material, documents, cap) for _, _, who in shown
    ]
    if rest:
        n, s = sum(pair[0] for pair in rest), sum(pair[1] for pair in rest)
        children.append(
            Explanation(
                f"{len(rest)} more counterparties",
                f"N {n / PPM:.6f}, S {s / PPM:.6f}",
                numbers={"n180_micro": n, "s180_micro": s},
            )
        )
    counts = ", ".join(
        f"{record[f'n_{o}']} {o}"
        for o in ("kept", "late", "partial", "broken", "excused", "disputed", "open")
        if record[f"n_{o}"]
    )
    return Explanation(
        "its own record",
        f"S {record['s180'] / PPM:.6f} of N {record['n180'] / PPM:.6f}",
        f"sums over counterparties; {record['n_promises']} promises: {counts}",
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
    who: int, rows: Sequence[Row], material: Material, documents: Sequence[Row], cap: int
) -> Explanation:
    e, b = _masses(rows)
    n, s = _pair(rows, cap)
    formula = (
        f"E {e / PPM:.6f}, of which broken B {b / PPM:.6f}; "
        f"N = E × {cap / PPM:g} / (E + {cap / PPM:g}) = {n / PPM:.6f}, S = N × B / E = {s / PPM:.6f}"
    )
    ordered = sorted(rows, key=lambda p: (-mass_of(p) * p["broken_ppm"], -mass_of(p), p["deal"]))
    shown, rest = ordered[:SHOWN_PROMISES], ordered[SHOWN_PROMISES:]
    children = [
        promise(p, material.names, material.made, material.batches, documents) for p in shown
    ]
    if rest:
        total, broken = _masses(rest)
        children.append(
            Explanation(
                f"{len(rest)} more promises",
                f"E {total / PPM:.6f}, B {broken / PPM:.6f}",
                numbers={"mass_micro": total, "broken_micro": broken},
            )
        )
    return Explanation(
        f"towards {material.names.get(who) or 'an unknown party'}",
        f"N {n / PPM:.6f}, S {s / PPM:.6f}",
        formula,
        {"e180_micro": e, "b180_micro": b, "n180_micro": n, "s180_micro": s},
        tuple(children),
    )


def _fact(fact: Row, material: Material) -> Explanation:
    node = document(
        dict(fact) | {"amount_minor": None, "due_day": None, "reason": None}, material.batches
    )
    deciding = " decides the grade" if decides(fact) else ""
    return Explanation(node.title + deciding, node.value, node.formula, node.numbers)
