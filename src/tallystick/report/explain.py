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

from tallystick.evidence.ledger import Batch
from tallystick.promises.kinds import PROMISES
from tallystick.rating.score import LEAST_ALPHA
from tallystick.report import figures
from tallystick.report.compose import mass_of, reading, source_of
from tallystick.report.explanation import Explanation
from tallystick.report.material import Made, Material, Row
from tallystick.report.outlook import capped, shares
from tallystick.report.standing import decides, where
from tallystick.units import PPM, code_of

SHOWN_COUNTERPARTIES: Final = 25
SHOWN_PROMISES: Final = 25

SOURCES: Final = {
    1: "the seller",
    2: "the buyer",
    4: "a marketplace",
    8: "a bank or payment service",
    16: "a carrier",
    32: "an insurer",
    64: "customs",
    128: "a court",
    256: "a registry",
    512: "an inspector",
    1024: "a warehouse",
    2048: "another firm",
}
"""Bit of a mask -> who spoke (deals.link.SOURCE_BIT)."""


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


def promise(
    p: Row,
    names: Mapping[int, str],
    made: Made,
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
) -> Explanation:
    """One promise: its outcome, what it weighs and why, its documents."""
    return Explanation(
        figures.promise_id(p["deal"], p["kind"], p["item"]),
        _outcome(p),
        "\n".join((_dates(p), _strength(p), _weight(p, made))),
        {
            "strength_ppm": p["strength_ppm"],
            "weight_micro": p["weight"],
            "decay_ppm": p["w180"],
            "mass_micro": mass_of(p),
            "broken_micro": mass_of(p) * p["broken_ppm"] // PPM,
            "value_cents": p["value_cents"],
        },
        tuple(document(row, batches) for row in behind(p, documents)),
    )


def _outcome(p: Row) -> str:
    late = f" by {p['late_days']} days" if p["outcome"] == "late" else ""
    part = f", {p['kept_ppm'] / 1e4:.1f} % of it kept" if p["outcome"] == "partial" else ""
    return f"{p['outcome']}{late}{part}"


def _dates(p: Row) -> str:
    moved, worth = "", figures.money(p["value_minor"], p["currency"])
    if p["first_due_day"] not in (None, p["due_day"]):
        moved = f" (first {figures.iso(p['first_due_day'])})"
    fault = f"; at fault: {p['fault']}" if p["fault"] else ""
    return (
        f"made {figures.iso(p['made_day'])}, due {figures.iso(p['due_day']) or '–'}{moved}, "
        f"done {figures.iso(p['done_day']) or '–'}; worth {worth}{fault}"
    )


def _strength(p: Row) -> str:
    spoke = [who for bit, who in SOURCES.items() if p["mask"] & bit] or ["one side"]
    link = ""
    if p["link_ppm"] != PPM:
        link = f" × {p['link_ppm'] / PPM:.2f} for a link that was inferred"
    return f"confirmed by {', '.join(spoke)}{link}: strength {p['strength_ppm'] / PPM:.4f}"


def _weight(p: Row, made: Made) -> str:
    if not p["counted"]:
        return "does not count: it is open, excused, disputed or not yet due"
    factor = p["weight"] / p["strength_ppm"] if p["strength_ppm"] else 0.0
    age = made.as_of_day - p["matured_day"]
    share = p["broken_ppm"] / PPM
    worth = "unknown" if p["value_cents"] is None else figures.money_usd(p["value_cents"])
    return (
        f"weighs {p['strength_ppm'] / PPM:.4f} × {factor:.4f} (value {worth}) × {p['w180'] / PPM:.4f} "
        f"({age} days old) = {mass_of(p) / PPM:.6f}, {share:.2f} of it broken"
    )


def behind(p: Row, documents: Sequence[Row]) -> list[Row]:
    """The documents that made or settled a promise: of its deal and kinds, and of its item if it has one."""
    kind = PROMISES[p["kind"]]
    wanted = {*kind.made_by, *kind.settled_by}
    mine = [d for d in documents if d["deal"] == p["deal"] and d["kind"] in wanted]
    if p["item"]:
        return [d for d in mine if d["item"] in (None, p["item"])]
    return mine


def document(row: Row, batches: Mapping[int, Batch]) -> Explanation:
    """One document with its batch and the place in a file that it was read from."""
    source = source_of(row, batches)
    said = [figures.iso(row["day"]) or "–"]
    if row["amount_minor"] is not None:
        said.append(figures.money(row["amount_minor"], row["currency"]))
    if row["due_day"] is not None:
        said.append(f"due {figures.iso(row['due_day'])}")
    said += [str(row[name]) for name in ("status", "reason") if row[name]]
    return Explanation(
        f"{source.kind} {source.document or ''}".strip(),
        ", ".join(said),
        f"{where(source.source, source.row)}, batch {source.batch} of {source.contributor} "
        f"({source.contributor_kind})",
        {
            "doc_id": row["doc_id"],
            "source": source.source,
            "row": source.row,
            "batch": source.batch,
            "contributor": source.contributor,
        },
    )


def explain_promises(
    promises: Sequence[Row],
    names: Mapping[int, str],
    made: Made,
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
) -> Explanation:
    """The promises of one id: as a rule one, or one for each company that made it."""
    nodes = []
    for p in promises:
        node = promise(p, names, made, batches, documents)
        who = f"{_name(p['promisor'], names)} to {_name(p['promisee'], names)}"
        nodes.append(
            Explanation(
                node.title, f"{who}: {node.value}", node.formula, node.numbers, node.children
            )
        )
    if len(nodes) == 1:
        return nodes[0]
    return Explanation(nodes[0].title, f"{len(nodes)} promises", children=tuple(nodes))


def explain_deal(
    deal: int,
    promises: Sequence[Row],
    breaks: Sequence[Row],
    names: Mapping[int, str],
    batches: Mapping[int, Batch],
    documents: Sequence[Row],
) -> Explanation:
    """The promises of a deal, where its documents disagree, and the documents."""
    told = [
        Explanation(
            figures.promise_id(p["deal"], p["kind"], p["item"]),
            _outcome(p),
            f"{_name(p['promisor'], names)} to {_name(p['promisee'], names)}; {_dates(p)}",
        )
        for p in promises
    ]
    disagree = [
        Explanation(
            f"{row['kind']}: {row['between_kinds']}",
            f"{reading(row['kind'], row['expected'], row['unit']) or row['unit']} against "
            f"{reading(row['kind'], row['found'], row['unit']) or '–'}",
        )
        for row in breaks
    ]
    papers = [document(row, batches) for row in documents]
    groups = (("promises", told), ("documents disagree", disagree), ("documents", papers))
    return Explanation(
        f"deal {code_of(deal, 'D')}",
        f"{len(papers)} documents, {len(told)} promises, {len(disagree)} disagreements",
        children=tuple(
            Explanation(title, str(len(nodes)), children=tuple(nodes))
            for title, nodes in groups
            if nodes
        ),
    )


def _name(company: int, names: Mapping[int, str]) -> str:
    return names.get(company) or (code_of(company, "C") if company else "an unknown party")


def _fact(fact: Row, material: Material) -> Explanation:
    node = document(
        dict(fact) | {"amount_minor": None, "due_day": None, "reason": None}, material.batches
    )
    deciding = " decides the grade" if decides(fact) else ""
    return Explanation(node.title + deciding, node.value, node.formula, node.numbers)
