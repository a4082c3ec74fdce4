"""Looking companies up in a cut: by code, by identifier, by name in any script.

What names and identifiers are looked up in is derived from the companies of a cut and lies in its folder under
`find/` (see `find_index`): it is made at the first search that needs it, can be deleted at any time and comes
back the same.

>>> find_companies("shenzhen huaqiang", cut, 20)[0]["why"]                       # doctest: +SKIP
['the same in two languages: shenzhen = 深圳市', 'the same sound in two scripts: huaqiang = 华强']
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.find_index import FindIndex, made, open_index
from tallystick.evidence.identifiers import describe, split_ref
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say
from tallystick.identity.names import read_name
from tallystick.identity.search import Found, Reason, best_of, candidates, likeness
from tallystick.report.phrases import Phrases
from tallystick.units import UnitError, code_of, key_of

MOST_NEAREST: Final = 5
"""Companies that are named where a text does not mean one."""

SHORTEST_ID: Final = 5
"""Characters of an identifier from which it is looked for without its scheme."""

MOST_IDS: Final = 1000
"""Companies that are looked at where many have an identifier that begins so."""

MOST_BEGUN: Final = 20
"""Companies that are looked at because a name of theirs begins with what is asked, letter by letter."""

MOST_NAMES: Final = 50
"""Names of one company that are compared with what is asked."""


def find_companies(text: str, cut: Cut, limit: int, lang: str = "en") -> list[dict[str, Any]]:
    """Companies that a text may mean, best first: the columns of COMPANY, `code`, `match` (code, identifier,
    name or similar) and `why`, the reasons in words of a language."""
    phrase = Phrases(lang)
    rows = _by_key(text, cut) or _by_bare_identifier(text, cut, limit)
    rows = rows or _by_name(text, open_index(cut), limit)
    for row in rows:
        row["code"] = code_of(row["company"], "C")
        row["why"] = [phrase(f"found.{r.code}", left=r.left, right=r.right) for r in row["why"]]
    return rows


def company_meant(text: str, cut: Cut) -> int:
    """The company that a code, an identifier `scheme:value` or a unique name means.

    Raises `EvidenceError` with the nearest answers where it is none or several.
    """
    named = _company_named(text, cut)
    if named is not None:
        return named
    found = find_companies(text, cut, MOST_NEAREST + 1)
    exact = [row for row in found if row["match"] != "similar"]
    if len(exact) == 1 or (exact and exact[0]["match"] in ("code", "identifier")):
        return int(exact[0]["company"])
    if not found:
        raise EvidenceError(say("no-company", text=text))
    nearest = (exact or found)[:MOST_NEAREST]
    listed = "; ".join(f"{row['code']} {row['name']} ({row['country']})" for row in nearest)
    raise EvidenceError(
        say("several-companies" if exact else "no-whole-name", text=text, listed=listed)
    )


def _company_named(text: str, cut: Cut) -> int | None:
    """The company that a code, an identifier or a name that only it bears, letter by letter, means; None
    where it takes a search to say."""
    rows = _by_key(text, cut)
    if rows:
        return int(rows[0]["company"])
    index = made(cut)
    companies = index.companies if index else cut.read("companies", ["company", "names"])
    names = companies["names"].combine_chunks()
    hit = pc.equal(pc.list_flatten(names), text)
    places = pc.list_parent_indices(names).filter(hit).unique().to_pylist()
    return companies["company"][places[0]].as_py() if len(places) == 1 else None


def _by_key(text: str, cut: Cut) -> list[dict[str, Any]]:
    wanted, match = None, "identifier"
    try:
        wanted, match = key_of(text), "code"
    except UnitError:
        row = describe(None, None, [split_ref(text)]) if ":" in text else None
        wanted = row.party if row else None
    if wanted is None:
        return []
    index = made(cut)
    rows = _row_of(wanted, index) if index else _stored_row_of(wanted, cut)
    return [row | {"match": match, "why": [Reason(match, text)]} for row in rows]


def _row_of(party: int, index: FindIndex) -> list[dict[str, Any]]:
    """The company that a party is, out of the index."""
    place = _place(index.merged["party"], party)
    key = party if place is None else index.merged["company"][place].as_py()
    place = _place(index.companies["company"], key)
    return [] if place is None else _rows(index.companies, [place])


def _place(keys: pa.ChunkedArray, key: int) -> int | None:
    """Where a key stands among ascending ones."""
    known = keys.chunk(0).to_numpy() if keys.num_chunks else np.zeros(0, np.int64)
    place = int(np.searchsorted(known, key))
    return place if place < len(known) and known[place] == key else None


def _stored_row_of(party: int, cut: Cut) -> list[dict[str, Any]]:
    """The company that a party is, out of the files of the cut."""
    merged = cut.rows("merged", "party", pa.array([party], pa.int64()))
    keys = merged["company"].combine_chunks() if len(merged) else pa.array([party], pa.int64())
    rows: list[dict[str, Any]] = cut.rows("companies", "company", keys).to_pylist()
    return rows


def _by_bare_identifier(text: str, cut: Cut, limit: int) -> list[dict[str, Any]]:
    """Companies with an identifier of that value, or that begins so, whatever its scheme."""
    value = text.strip()
    digits = sum(c.isdigit() for c in value)
    if len(value) < SHORTEST_ID or digits < 3 or not value.replace("-", "").isalnum():
        return []
    index = open_index(cut)
    found = []
    for row in _rows(index.companies, index.ids.from_text(value, MOST_IDS)):
        met = [ref for ref in row["ids"] if f":{value.lower()}" in ref.lower()]
        whole = any(ref.lower().endswith(f":{value.lower()}") for ref in met)
        if met:
            row["match"] = "identifier" if whole else "similar"
            row["why"] = [Reason("identifier", ref) for ref in met]
            found.append(row)
    return sorted(found, key=lambda row: (row["match"] != "identifier", row["ref"]))[:limit]


Ranked = tuple[tuple[float, ...], int, Found]
"""What comes first of companies, the place of one, and how it answers."""


@lru_cache(maxsize=1)
def _settle() -> None:
    """Load what reads names, once, and let the collector of garbage pass it over from now on: it is hundreds of
    thousands of lists that stay, and to walk through them takes as long as twenty searches."""
    read_name("华强 trading")
    gc.collect()
    gc.freeze()
    atexit.register(
        gc.unfreeze
    )  # or libraries that count what they handed out tell of leaks at the end


def _by_name(text: str, index: FindIndex, limit: int) -> list[dict[str, Any]]:
    _settle()
    begun = index.names.from_text(text, MOST_BEGUN) if text.strip() else []
    drawn, reached = candidates(index.words, text)
    least = dict(zip(drawn.tolist(), reached.tolist(), strict=True))
    places = list(dict.fromkeys([*begun, *least]))
    found: list[Ranked] = []
    for place, names in zip(places, _names(index.companies, places), strict=True):
        if len(found) >= limit and least.get(place, 0) < reached[0] and place not in begun:
            break  # those that come later have less of what is asked
        answer = best_of(text, names[:MOST_NAMES])
        if answer:
            found.append((_rank(text.casefold(), names[:MOST_NAMES], answer), place, answer))
    best = _first(found, limit)
    rows = _rows(index.companies, [place for _, place, _ in best])
    for row, (_, _, answer) in zip(rows, best, strict=True):
        row |= {"match": "name" if answer.exact else "similar", "why": list(answer.why)}
    return rows


def _first(found: list[Ranked], limit: int) -> list[Ranked]:
    """The first so many. Only those that are as good in all else are weighed, which takes as long as all
    before it."""
    found.sort(key=lambda one: one[:2])
    best: list[Ranked] = []
    for _, alike in groupby(found, key=lambda one: one[0]):
        if len(best) >= limit:
            break
        tied = list(alike)
        best += sorted(tied, key=lambda one: (-one[2].weight, one[1])) if len(tied) > 1 else tied
    return best[:limit]


def _rank(asked: str, names: Sequence[str], answer: Found) -> tuple[float, ...]:
    """What comes first: the name letter by letter, the same name, most of what is asked, a name that begins
    so, the most alike by its letters."""
    said = [name.casefold() for name in names]
    begun = any(name.startswith(asked) for name in said)
    alike = max(int(likeness(asked, name)) for name in said)
    return asked not in said, not answer.exact, -answer.share_ppm, not begun, -alike


def _rows(companies: pa.Table, places: Sequence[int]) -> list[dict[str, Any]]:
    return _taken(companies, companies.column_names, np.array(places, np.int64))


def _names(companies: pa.Table, places: Sequence[int]) -> list[list[str]]:
    names: list[list[str]] = companies["names"].take(pa.array(places, pa.int64())).to_pylist()
    return names


def _taken(companies: pa.Table, columns: list[str], places: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = companies.select(columns).take(pa.array(places)).to_pylist()
    return rows
