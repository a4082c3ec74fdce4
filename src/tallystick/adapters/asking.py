"""Asking who is who: the evidence on two firms, and the queue of what a person should decide.

Worked example: a "Huaqiang Electronics" that fits the firm in Shenzhen and the one in Dongguan about as well is
held; it comes first in the queue, with both as candidates. Once judged, it is not asked again.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.firms import Firms, common_traits, companies_of
from tallystick.adapters.judging import judged_by
from tallystick.engine import Engine
from tallystick.evidence.identifiers import describe, split_ref
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say
from tallystick.identity.linking import JOINED, OUTCOMES
from tallystick.identity.linking.settle import ASK, HELD
from tallystick.identity.why import Firm, Other, Rule, Why, explain_pair, told, two_numbers
from tallystick.units import UnitError, hash64, key_of

MOST_OTHERS: Final = 20
MOST_CANDIDATES: Final = 9
"""Companies that one question offers; a person looks at no more."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person should decide: whether the first firm of each of `pairs` is the second. `kind`: held (it is
    one of several at most) or ask; `documents` and `grades` by company."""

    kind: str
    pairs: tuple[Why, ...]
    documents: dict[int, int]
    grades: dict[int, str]

    def told(self) -> Row:
        """As JSON: the evidence on each pair, with documents and grade of either side."""
        pairs = []
        for pair in self.pairs:
            row = told(pair)
            for name, side in (("a", pair.a), ("b", pair.b)):
                row[name]["documents"] = self.documents.get(side.company, 0)
                row[name]["grade"] = self.grades.get(side.company)
            pairs.append(row)
        return {"kind": self.kind, "pairs": pairs}


def why(a: str, b: str, cut: Cut, company_key: Callable[[str], int]) -> Why:
    """The evidence on what two texts mean: codes, identifiers, references as `how` shows them, names."""
    meant = [_meant(text, cut, company_key) for text in (a, b)]
    firms = Firms(cut, [company for company, _ in meant])
    parties = [
        party if party is not None else next(iter(firms.named(company, text)), None)
        for (company, party), text in zip(meant, (a, b), strict=True)
    ]
    sides = [
        firms.keys(company) if party is None else [firms.key_of(party)]
        for (company, _), party in zip(meant, parties, strict=True)
    ]
    if meant[0][0] == meant[1][0]:
        sides = _two_of_one(sides, parties, a, b)
    one, other = _heaviest(cut, *sides)
    if one == other:
        return _within(cut, firms, one, parties, a)
    return _Weighing(cut, [one, other]).between(one, other)


def _meant(text: str, cut: Cut, company_key: Callable[[str], int]) -> tuple[int, int | None]:
    """The company that a text means, and which description or identifier of it (None: all of it)."""
    party = hash64(text) if text.startswith("name:") else None
    row = describe(None, None, [split_ref(text)]) if ":" in text and party is None else None
    party = row.party if row else party
    try:
        party = key_of(text) if party is None else party
    except UnitError:
        return company_key(text), None
    company = companies_of(cut, [party])[party]
    if not len(cut.rows("companies", "company", pa.array([company], pa.int64()), ["company"])):
        raise EvidenceError(say("nobody", text=text))
    is_code = row is None and not text.startswith("name:")
    return company, None if is_code and party == company else party


def _two_of_one(
    sides: list[list[int]], parties: list[int | None], a: str, b: str
) -> list[list[int]]:
    """The firms of two texts that mean one company: what one of them names is not what the other means."""
    if (parties[0] is None and parties[1] is None) or parties[0] == parties[1]:
        raise EvidenceError(say("one-company", a=a, b=b))
    for n in (0, 1):
        if parties[n] is None:
            sides[n] = [key for key in sides[n] if key not in sides[1 - n]] or sides[n]
    return sides


def _heaviest(cut: Cut, mine: list[int], yours: list[int]) -> tuple[int, int]:
    """Of the firms on either side the two whose link weighs most; the strongest where none is linked."""
    links = _links(cut, mine)
    best = [
        (-row["weight"], row["a"], row["b"])
        for row in links
        if (row["a"] in mine and row["b"] in yours) or (row["b"] in mine and row["a"] in yours)
    ]
    if not best:
        return mine[0], yours[0]
    _, a, b = min(best)
    return (a, b) if a in mine and b in yours else (b, a)


def _within(cut: Cut, firms: Firms, key: int, parties: list[int | None], text: str) -> Why:
    """Two descriptions of one firm: the identifiers or judgements that make them one."""
    left, right = (key if party is None else party for party in parties)
    if left == right:
        raise EvidenceError(say("one-description", text=text))
    sides = [firms.firm(key, party=party) for party in (left, right)]
    common = common_traits(cut, _traits(sides))
    a, b = (firms.firm(key, common, party) for party in (left, right))
    judged = judged_by(cut.snapshot)
    return explain_pair(a, b, None, [_rule(ref, judged) for ref in firms.way(left, right)])


def _rule(ref: str, judged: dict[str, Row]) -> Rule:
    kind, _, doc = ref.partition(":")
    if kind != "judged":
        return Rule("shared-id", ref)
    return _judgement("judged-same", judged.get(doc, {}))


def _judgement(code: str, told: Row) -> Rule:
    return Rule(code, by=told.get("by") or "", day=told.get("day") or "", why=told.get("why") or "")


def _traits(sides: Iterable[Firm]) -> set[str]:
    return {f"{sort}:{v}" for s in sides for sort, vs in s.side.traits.items() for v in vs}


class _Weighing:
    """What is weighed of some firms, gathered at once for all of them."""

    def __init__(self, cut: Cut, keys: Iterable[int]) -> None:
        wanted = sorted(set(keys))
        self._cut = cut
        self._links = _links(cut, wanted)
        ends = {row[side] for row in self._links for side in "ab"}
        self._companies = companies_of(cut, ends | set(wanted))
        self._firms = Firms(cut, self._companies.values())
        self._common = common_traits(cut, _traits(self._firms.firm(key) for key in wanted))
        self._judged = judged_by(cut.snapshot)
        self._apart = self._judged_apart()
        self._ids = _numbers(cut, self._companies.values())
        self._beside: dict[int, list[Row]] = defaultdict(list)
        for row in self._links:
            self._beside[row["a"]].append(row)
            self._beside[row["b"]].append(row)

    def _judged_apart(self) -> dict[frozenset[int], Rule]:
        """The firms that people keep apart."""
        rows = self._cut.read("judged").to_pylist()
        return {
            frozenset(self._firms.key_of(row[side]) for side in "ab"): _judgement(
                "judged-apart", self._judged.get(row["doc_id"], {})
            )
            for row in rows
            if row["verdict"] == "apart" and all(self._firms.knows(row[side]) for side in "ab")
        }

    def between(self, one: int, other: int) -> Why:
        """The evidence on two firms, in one company or in two."""
        a, b = (self._firms.firm(key, self._common) for key in (one, other))
        two = {one, other}
        own = next((r for r in self._beside[one] if {r["a"], r["b"]} == two), None)
        link = _turned(own, one) if own else None
        if a.company == b.company and not (link and link["outcome"] == JOINED):
            return explain_pair(a, b, link, (), _chain(self._cut, self._firms, a, b))
        rest = [row for key in (one, other) for row in self._beside[key]]
        rest = [row for row in rest if row is not own and row["outcome"] != ASK]
        return explain_pair(a, b, link, self._rules(a, b), self._others(rest, two))

    def _rules(self, a: Firm, b: Firm) -> list[Rule]:
        """What keeps two firms, or the companies that they are of, apart."""
        if a.company == b.company:
            return []
        judged = self._apart.get(frozenset((a.key, b.key)))
        rules = [*([judged] if judged else []), *two_numbers(a.ids, b.ids)]
        ids = (self._ids.get(firm.company, []) for firm in (a, b))
        return rules or two_numbers(*ids)

    def _others(self, links: list[Row], two: set[int]) -> list[Other]:
        """The third firms of links, heaviest first."""
        found: dict[int, Other] = {}
        links = sorted(links, key=lambda row: (-row["weight"], row["a"], row["b"]))
        for row in links[:MOST_OTHERS]:
            row = _turned(row, row["a"] if row["a"] in two else row["b"])
            key, outcome = row["b"], OUTCOMES[row["outcome"]]
            ref, company = self._firms.firm(key).ref, self._companies[key]
            found.setdefault(key, Other(ref, row["name_b"], company, row["weight"], outcome))
        return list(found.values())


def _links(cut: Cut, keys: list[int]) -> list[Row]:
    wanted = pa.array(keys, pa.int64())
    rows = [
        *cut.rows("links", "a", wanted).to_pylist(),
        *cut.rows("links", "b", wanted).to_pylist(),
    ]
    return list({(row["a"], row["b"]): row for row in rows}.values())


def _turned(row: Row, first: int) -> Row:
    """A link seen from one of its two firms."""
    if row["a"] == first:
        return row
    return row | {"a": row["b"], "b": row["a"], "name_a": row["name_b"], "name_b": row["name_a"]}


def _chain(cut: Cut, firms: Firms, a: Firm, b: Firm) -> list[Other]:
    """The firms by way of which two are one company, with the weight of the link to each."""
    steps: dict[int, list[Row]] = defaultdict(list)
    for row in _links(cut, firms.keys(a.company)):
        if row["outcome"] == JOINED:
            steps[row["a"]].append(row)
            steps[row["b"]].append(_turned(row, row["b"]))
    came: dict[int, Row] = {a.key: {}}
    ahead = deque([a.key])
    while ahead and b.key not in came:
        for row in steps[ahead.popleft()]:
            if row["b"] not in came:
                came[row["b"]] = row
                ahead.append(row["b"])
    out, here = [], b.key
    while here in came and here != a.key:
        row = came[here]
        ref = firms.firm(here).ref
        out.append(Other(ref, row["name_b"], b.company, row["weight"], OUTCOMES[JOINED]))
        here = row["a"]
    return out[::-1]


# what a person should decide


def review(cut: Cut, engine: Engine, limit: int) -> list[Question]:
    """The questions that are worth most: held firms first, then pairs worth a look, by weight and by how many
    documents hang on it. `engine` reads the linked evidence of the cut."""
    links, companies = _open_links(cut)
    documents = _documents(engine, companies.values())
    found = _grouped(links, companies, documents)[:limit]
    weighing = _Weighing(cut, [row[side] for rows in found for row in rows for side in "ab"])
    return [_question(cut, rows, companies, documents, weighing) for rows in found]


def open_pairs(cut: Cut, company: int) -> list[Why]:
    """The pairs of one company that a person should look at, heaviest first."""
    firms = Firms(cut, [company])
    keys = set(firms.keys(company))
    links, _ = _open_links(cut, keys)
    pairs = [_turned(row, row["a"] if row["a"] in keys else row["b"]) for row in links]
    pairs.sort(key=lambda row: (-row["weight"], row["a"], row["b"]))
    pairs = pairs[:MOST_OTHERS]
    weighing = _Weighing(cut, [row[side] for row in pairs for side in "ab"])
    return [weighing.between(row["a"], row["b"]) for row in pairs]


def _open_links(cut: Cut, keys: set[int] | None = None) -> tuple[list[Row], dict[int, int]]:
    """The links that are held or worth a look, between two companies that nothing keeps apart; and the company
    of each firm in them. `keys`: only those of these firms."""
    links = cut.read("links")
    mine = pc.is_in(links["outcome"], value_set=pa.array([HELD, ASK], pa.int8()))
    if keys is not None:
        wanted = pa.array(sorted(keys), pa.int64())
        touched = [pc.is_in(links[side], value_set=wanted) for side in "ab"]
        mine = pc.and_(mine, pc.or_(*touched))
    links = links.filter(mine)
    companies = companies_of(cut, np.unique(np.concatenate([links["a"], links["b"]])).tolist())
    rows = [row for row in links.to_pylist() if companies[row["a"]] != companies[row["b"]]]
    ids, apart = _numbers(cut, companies.values()), _judged_apart(cut)
    kept = []
    for row in rows:
        two = [companies[row[side]] for side in "ab"]
        if frozenset(two) not in apart and not two_numbers(*(ids.get(key, ()) for key in two)):
            kept.append(row)
    kept.sort(key=lambda row: (row["outcome"] == HELD, row["weight"], -row["a"], -row["b"]))
    asked = {frozenset(companies[row[side]] for side in "ab"): row for row in kept}
    return list(asked.values()), companies  # of two companies one question, the heaviest


def _judged_apart(cut: Cut) -> set[frozenset[int]]:
    """The pairs of companies that people keep apart."""
    judged = cut.read("judged")
    rows = judged.filter(pc.equal(judged["verdict"], "apart")).to_pylist()
    companies = companies_of(cut, [row[side] for row in rows for side in "ab"])
    return {frozenset(companies[row[side]] for side in "ab") for row in rows}


def _numbers(cut: Cut, companies: Iterable[int]) -> dict[int, list[str]]:
    """The identifiers of some companies."""
    wanted = pa.array(sorted(set(companies)), pa.int64())
    found = cut.rows("companies", "company", wanted, ["company", "ids"])
    return dict(zip(found["company"].to_pylist(), found["ids"].to_pylist(), strict=True))


def _documents(engine: Engine, companies: Iterable[int]) -> dict[int, int]:
    """How many documents name each of some companies; judgements are not counted."""
    engine.register(
        "asked_company", pa.table({"company": pa.array(sorted(set(companies)), pa.int64())})
    )
    named = " UNION ALL ".join(
        f"SELECT l.doc_id, l.{role} AS company FROM doc_linked l "
        f"JOIN asked_company a ON a.company = l.{role} WHERE l.kind <> 'identity'"
        for role in ROLES
    )
    rows = engine.fetch(
        f"SELECT company, COUNT(DISTINCT doc_id) AS documents FROM ({named}) t GROUP BY company"
    )
    return dict(zip(rows["company"].to_pylist(), rows["documents"].to_pylist(), strict=True))


def _grouped(
    links: list[Row], companies: dict[int, int], documents: dict[int, int]
) -> list[list[Row]]:
    """Links as questions, each seen from the firm that is in question: held ones by that firm."""
    held: dict[int, int] = defaultdict(int)
    for row in links:
        if row["outcome"] == HELD:
            held[row["a"]] += 1
            held[row["b"]] += 1
    groups: dict[tuple[int, int, int], list[Row]] = defaultdict(list)
    for row in links:
        asked = min(
            "ab", key=lambda s: (-held[row[s]], documents.get(companies[row[s]], 0), row[s])
        )
        row = _turned(row, row[asked])
        is_held = row["outcome"] == HELD
        groups[row["outcome"], row["a"], 0 if is_held else row["b"]].append(row)
    questions = [
        sorted(rows, key=lambda row: (-row["weight"], row["b"]))[:MOST_CANDIDATES]
        for rows in groups.values()
    ]
    return sorted(questions, key=lambda rows: _place(rows, companies, documents))


def _place(
    rows: list[Row], companies: dict[int, int], documents: dict[int, int]
) -> tuple[int, int, int, int]:
    """Where a question stands: held first; then weight, and a bit for each doubling of the documents."""
    stake = min(documents.get(companies[rows[0][side]], 0) for side in "ab")
    worth = rows[0]["weight"] + 1000 * stake.bit_length()
    return (rows[0]["outcome"] != HELD, -worth, rows[0]["a"], rows[0]["b"])


def _question(
    cut: Cut,
    rows: list[Row],
    companies: dict[int, int],
    documents: dict[int, int],
    weighing: _Weighing,
) -> Question:
    keys = sorted({companies[row[side]] for row in rows for side in "ab"})
    rated = cut.rows(
        "ratings", "company", pa.array(keys, pa.int64()), ["company", "scope", "grade"]
    )
    heads = rated.filter(pc.equal(rated["scope"], "headline"))
    return Question(
        OUTCOMES[rows[0]["outcome"]],
        tuple(weighing.between(row["a"], row["b"]) for row in rows),
        {key: documents.get(key, 0) for key in keys},
        dict(zip(heads["company"].to_pylist(), heads["grade"].to_pylist(), strict=True)),
    )
