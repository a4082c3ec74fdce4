"""Looking companies up in a cut: by code, by identifier, by name in any script.

The index of names is derived from the companies of a cut and lies in its folder under `find/`: it is made at
the first search by name, can be deleted at any time and comes back the same.

>>> find_companies("shenzhen huaqiang", cut, 20)[0]["why"]                       # doctest: +SKIP
['the same in two languages: shenzhen = 深圳市', 'the same sound in two scripts: huaqiang = 华强']
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.evidence.identifiers import describe, split_ref
from tallystick.identity.search import SearchIndex, best_of, build_index, candidates
from tallystick.units import UnitError, code_of, key_of

FOLDER: Final = "find"
SHORTEST_ID: Final = 5
"""Characters of an identifier from which it is looked for without its scheme."""


def find_companies(text: str, cut: Cut, limit: int) -> list[dict[str, Any]]:
    """Companies that a text may mean, best first: the columns of COMPANY, `code`, `match` (code, identifier,
    name or similar) and `why`, the reasons in words."""
    companies = _companies(cut)
    rows = _by_key(text, companies, cut) or _by_bare_identifier(text, companies)
    rows = rows or _by_name(text, _index(cut), companies)  # only this one needs the index
    for row in rows:
        row["code"] = code_of(row["company"], "C")
    return rows[:limit]


def company_named(text: str, cut: Cut) -> int | None:
    """The company that a code, an identifier or a name that only it bears, letter by letter, means; None
    where it takes a search to say."""
    companies = _companies(cut)
    rows = _by_key(text, companies, cut)
    if rows:
        return int(rows[0]["company"])
    names = companies["names"].combine_chunks()
    hit = pc.equal(pc.list_flatten(names), text)
    places = pc.list_parent_indices(names).filter(hit).unique().to_pylist()
    return companies["company"][places[0]].as_py() if len(places) == 1 else None


def _by_key(text: str, companies: pa.Table, cut: Cut) -> list[dict[str, Any]]:
    wanted, match = None, "identifier"
    try:
        wanted, match = key_of(text), "code"
    except UnitError:
        row = describe(None, None, [split_ref(text)]) if ":" in text else None
        wanted = row.party if row else None
    if wanted is None:
        return []
    merged = cut.read("merged")
    place = pc.index(merged["party"], wanted).as_py()
    key = merged["company"][place].as_py() if place >= 0 else wanted
    place = pc.index(companies["company"], key).as_py()
    if place < 0:
        return []
    return [_row(companies, place) | {"match": match, "why": [f"has the {match} {text}"]}]


def _by_bare_identifier(text: str, companies: pa.Table) -> list[dict[str, Any]]:
    """Companies with an identifier of that value, or that begins so, whatever its scheme."""
    value = text.strip()
    digits = sum(c.isdigit() for c in value)
    if len(value) < SHORTEST_ID or digits < 3 or not value.replace("-", "").isalnum():
        return []
    ids = companies["ids"].combine_chunks()
    hit = pc.match_substring(pc.list_flatten(ids), f":{value}", ignore_case=True)
    places = pc.list_parent_indices(ids).filter(hit).unique().to_pylist()[:1000]
    rows = [_row(companies, place) for place in places]
    for row in rows:
        row["ids_met"] = [ref for ref in row["ids"] if f":{value.lower()}" in ref.lower()]
        whole = any(ref.lower().endswith(f":{value.lower()}") for ref in row["ids_met"])
        row["match"] = "identifier" if whole else "similar"
        row["why"] = [f"has the identifier {ref}" for ref in row.pop("ids_met")]
    return sorted(rows, key=lambda row: (row["match"] != "identifier", row["ref"]))


def _by_name(text: str, index: SearchIndex, companies: pa.Table) -> list[dict[str, Any]]:
    found = []
    for place in candidates(index, text).tolist():
        row = _row(companies, place)
        answer = best_of(text, row["names"])
        if answer:
            row |= {"match": "name" if answer.exact else "similar", "why": list(answer.why)}
            literally = text.casefold() in (name.casefold() for name in row["names"])
            order = (
                not literally,
                not answer.exact,
                -answer.share_ppm,
                -answer.weight,
                row["company"],
            )
            found.append((order, row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _row(companies: pa.Table, place: int) -> dict[str, Any]:
    return dict(companies.slice(place, 1).to_pylist()[0])


def _companies(cut: Cut) -> pa.Table:
    """The companies of a cut, mapped into memory where they lie beside the index."""
    path = cut.folder / FOLDER / "companies.arrow"
    if not path.exists():
        return cut.read("companies")
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _index(cut: Cut) -> SearchIndex:
    """The index of a cut, mapped into memory; made if it is not there."""
    folder = cut.folder / FOLDER
    if not folder.exists():
        _make(cut, folder)
    offsets = np.load(folder / "offsets.npy", mmap_mode="r")
    postings = np.load(folder / "postings.npy", mmap_mode="r")
    return SearchIndex(offsets, postings, len(_companies(cut)))


def _make(cut: Cut, folder: Path) -> None:
    """Write the index beside the cut, whole or not at all."""
    companies = cut.read("companies").combine_chunks()
    index = build_index(companies)
    work = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-", dir=cut.folder))
    try:
        with pa.ipc.new_file(str(work / "companies.arrow"), companies.schema) as sink:
            sink.write_table(companies)
        np.save(work / "offsets.npy", index.offsets)
        np.save(work / "postings.npy", index.postings)
        work.rename(folder)
    except OSError:
        if not folder.exists():  # otherwise another process was quicker, and made the same
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
