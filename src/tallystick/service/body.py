"""What is served of a company: its ratings as finished JSON.

Integers as the rating has them (`broken_ppm` is the probability that the next promise is broken, in parts per
million), points as decimals, reasons with their sentences; the points of `reasons` add up to `score`.

>>> body["headline"]["grade"], body["headline"]["broken_ppm"]                     # doctest: +SKIP
('BBB', 15320)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pyarrow as pa

from tallystick.adapters.cuts import Cut
from tallystick.adapters.store.served import Served
from tallystick.rating import reasons_of
from tallystick.rating.score import STEPS
from tallystick.units import code_of, day_of

FORMAT: Final = "tallystick.rating/1"
"""Goes up when a key changes its meaning or goes away; new keys may come at any time."""

COUNTS: Final = ("promises", "open", "kept", "late", "partial", "broken", "excused", "disputed")
_MEASURES: Final = (
    "grade",
    "broken_ppm",
    "low_ppm",
    "high_ppm",
    "evidence_level",
    "exposure_cents",
)
NOT_RATED: Final = "NR"


def columns() -> list[str]:
    """The columns of ratings that `served_rows` reads."""
    counts = [f"n_{name}" for name in (*COUNTS, "counterparties")]
    steps = [f"{code}_tenths" for code in STEPS]
    keys = ["company", "code", "name", "country", "scope", "role", "kind"]
    more = [
        "evidence_micro",
        "score_tenths",
        "base_tenths",
        "value_cents",
        "last_day",
        "last_broken_day",
    ]
    return [*keys, *_MEASURES, *more, *steps, *counts]


def served_rows(
    ratings: pa.Table,
    made: Mapping[str, Any],
    open_disputes: Mapping[int, int],
    struck: Mapping[int, int],
) -> Iterator[Served]:
    """What is to be served of the companies of a table (columns of `Book.ratings`, by company). `made`: what
    every body carries (see `made_of`); `open_disputes`: company -> disputes that are open; `struck`: company ->
    documents about it that were struck."""
    batches = ratings.select(columns()).to_batches(max_chunksize=50_000)
    rows = (row for batch in batches for row in batch.to_pylist())
    for company, own in groupby(rows, key=itemgetter("company")):
        yield served_of(list(own), made, open_disputes.get(company, 0), struck.get(company, 0))


def served_of(
    rows: list[dict[str, Any]], made: Mapping[str, Any], disputes: int, struck: int
) -> Served:
    """What is to be served of one company, out of its ratings."""
    first = rows[0]
    headline = next((row for row in rows if row["scope"] == "headline"), None)
    told = {
        "format": FORMAT,
        "company": {name: first[name] for name in ("code", "name", "country")},
        **made,
        "enough_evidence": headline is not None and headline["grade"] != NOT_RATED,
        "disputed": disputes,
        "struck": struck,
        "headline": _told(headline, True) if headline else None,
        "roles": [{"role": row["role"], **_told(row)} for row in rows if row["scope"] == "role"],
        "kinds": [
            {"kind": row["kind"], "role": row["role"], **_told(row)}
            for row in rows
            if row["scope"] == "kind"
        ],
    }
    return packed(first["company"], told)


def unrated(company: Mapping[str, Any], made: Mapping[str, Any], struck: int) -> Served:
    """What is to be served of a company that is known and never promised anything (a row of COMPANY)."""
    name = {
        "code": code_of(company["company"], "C"),
        "name": company["name"],
        "country": company["country"],
    }
    told = {"format": FORMAT, "company": name, **made, "enough_evidence": False, "disputed": 0}
    told |= {"struck": struck, "headline": None, "roles": [], "kinds": []}
    return packed(company["company"], told)


def packed(company: int, told: dict[str, Any]) -> Served:
    """The row of what is told of a company."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    etag = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
    head, who = told["headline"] or {}, told["company"]
    score = round(head["score"] * 10) if head else None
    return Served(
        company, who["code"], who["name"], who["country"], head.get("grade"), score, etag, text
    )


def _told(row: Mapping[str, Any], with_reasons: bool = False) -> dict[str, Any]:
    told = {name: row[name] for name in _MEASURES}
    told["score"] = row["score_tenths"] / 10
    told["promises"] = {name: row[f"n_{name}"] for name in COUNTS}
    told["counterparties"] = row["n_counterparties"]
    told["last_on"] = _day(row["last_day"])
    told["last_broken_on"] = _day(row["last_broken_day"])
    if with_reasons:
        told["reasons"] = [
            {"code": r.code, "points": r.points, "en": r.english, "zh": r.chinese}
            for r in reasons_of(row)
        ]
    return told


def _day(number: int | None) -> str | None:
    return None if number is None else day_of(number).isoformat()


def made_of(cut: Cut) -> dict[str, Any]:
    """What all ratings of a cut share: the day and the policy."""
    policy = {"name": cut.policy.name, "digest": cut.policy.digest()[:16]}
    return {"as_of": day_of(cut.as_of_day).isoformat(), "policy": policy}


def headline_of(body: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a change tells of a body: grade, probability, interval, score, level, and the day."""
    if body is None or body["headline"] is None:
        return None
    names = ("grade", "broken_ppm", "low_ppm", "high_ppm", "score", "evidence_level")
    return {"as_of": body["as_of"]} | {name: body["headline"][name] for name in names}
