"""Fitting a policy to the promises of a book: the examples are drawn and read in the engine.

Idea: an example is a promise that came to an outcome. What was known of its promisor on the day before it was
made is added up by the very texts that make a track record, with the day of each example in the place of
the day of the rating. Giants give few examples each, and each of these stands for many promises.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.state import Progress, register_rates
from tallystick.engine import Engine, fill
from tallystick.rating.fit import Examples, Fitted, fit, fit_sureness, stated
from tallystick.rating.policy import Policy, Provenance, Scorecard
from tallystick.rating.seasons import PERIOD_DAYS, Seasons, seasons
from tallystick.rating.terms import COUNTED, masses_of, others_of
from tallystick.rating.width import at_level, fit_peers, fit_widths, outcomes
from tallystick.record import at_moments, find_medians, find_reach, weigh
from tallystick.units import day_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EXAMPLES: Final = 150_000
"""Drawn at most, over all kinds of promise."""

ROWS_PER_FILE: Final = 100_000
"""Promises that are read for the examples of one promisor and kind, at most about so many."""

MOST_WEIGHT: Final = 50.0
"""Promises that one example stands for, at most."""

BURN_IN_DAYS: Final = 60
"""Promises made in the first days of a book teach nothing: nobody had a past."""

HELD_DAYS: Final = 120
HELD_TIMES: Final = 3
"""What became of promises made in so many days, so many times up to the last, tells how sure a rating is."""

HELD_FILES: Final = 100_000
LEAST_HELD: Final = 200
"""Files without which nothing is learnt of how sure a rating is; one with a single promise tells nothing."""

_PARTIES: Final = """
SELECT w.promisor, w.kind, COALESCE(c.country, '') AS country, w.period,
       CAST(SUM(mass) AS BIGINT) AS v730,
       CAST(SUM(CAST(FLOOR(mass * w.broken_ppm / 1e6) AS BIGINT)) AS BIGINT) AS vb730
FROM (SELECT *, CAST(FLOOR(weight * w730 / 1e6) AS BIGINT) AS mass FROM weighed WHERE counted = 1) w
LEFT JOIN country c ON c.company = w.promisor
GROUP BY w.promisor, w.kind, COALESCE(c.country, ''), w.period
"""

_DAILY: Final = """
SELECT kind, day, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(b) AS BIGINT) AS b, CAST(SUM(en) AS BIGINT) AS en,
       CAST(SUM(eb) AS BIGINT) AS eb
FROM (
  SELECT kind, matured_day AS day, COUNT(*) * 1000000 AS n, SUM(broken_ppm) AS b, 0 AS en, 0 AS eb
  FROM valued WHERE counted = 1 GROUP BY kind, matured_day
  UNION ALL
  SELECT kind, CAST(FLOOR(entry / 2) AS INT) AS day, 0 AS n, 0 AS b, COUNT(*) * 1000000 AS en,
         SUM(entry % 2) * 1000000 AS eb
  FROM (
    SELECT promisor, kind, MIN(matured_day * 2 + CASE WHEN broken_ppm > 0 THEN 1 ELSE 0 END) AS entry
    FROM valued WHERE counted = 1 GROUP BY promisor, kind
  ) first_outcome
  GROUP BY kind, CAST(FLOOR(entry / 2) AS INT)
) both_counts
GROUP BY kind, day
"""

_DRAWN: Final = """
SELECT promisor, kind, made_day, broken_ppm, n, place, quota FROM (
  SELECT c.*,
         ROW_NUMBER() OVER (PARTITION BY promisor, kind ORDER BY lot, deal, item) AS place,
         CASE WHEN n * n <= {rows} THEN n
              ELSE CAST(FLOOR({rows} / n) AS BIGINT) + 1 END AS quota
  FROM (
    SELECT promisor, kind, made_day, deal, item,
           (deal % 999983) * 7919 % 999983 AS lot,
           broken_ppm,
           COUNT(*) OVER (PARTITION BY promisor, kind) AS n
    FROM valued WHERE counted = 1 AND made_day >= {first}
  ) c
) drawn
WHERE place <= quota
"""

_HELD: Final = """
SELECT promisor, kind, ago, COUNT(*) AS made, COUNT(CASE WHEN broken_ppm > 0 THEN 1 END) AS broken
FROM (
  SELECT promisor, kind, broken_ppm, CAST(FLOOR(({day} - made_day) / {days}) AS INT) AS ago
  FROM valued WHERE counted = 1 AND made_day > {first}
) made_since
GROUP BY promisor, kind, ago
HAVING COUNT(*) > 1
"""


_FILES: Final = "SELECT DISTINCT promisor, kind FROM valued WHERE counted = 1"

_OTHER_KINDS: Final = """
SELECT e.example, e.promisor, f.kind, e.as_of, CASE WHEN f.kind = e.kind THEN 1 ELSE 0 END AS own
FROM example e JOIN file f ON f.promisor = e.promisor
ORDER BY e.example, f.kind
"""


def learn(
    engine: Engine,
    as_of_day: int,
    country: pa.Table,
    policy: Policy,
    progress: Progress = lambda what, done, total: None,
    fairness: float = 0.0,
) -> Fitted:
    """A policy fitted to the table `promise` as it stood on `as_of_day`. Reads `fx` and `credibility` too.
    `country`: (company, country); `fairness`: as in `rating.fit.fit`."""
    progress("what was expected, month by month", 0, 1)
    read = reader_of(engine, as_of_day, country, policy)
    if read is None:
        return Fitted(policy, {}, {})
    progress("drawing examples", 0, 1)
    fitted = fit(
        read.examples(_drawn(engine, read.first_day + BURN_IN_DAYS)),
        policy,
        lambda done, total: progress("fitting", done, total),
        fairness,
    )
    progress("how sure it is", 0, 1)
    return _with_sureness(fitted, read)


def reader_of(engine: Engine, as_of_day: int, country: pa.Table, policy: Policy) -> Reader | None:
    """A reader of the table `promise` as it stood on `as_of_day`; None where nothing came to an outcome. Reads
    `fx` and `credibility` too; leaves `valued` to be read. `country`: (company, country)."""
    medians = find_medians(engine, as_of_day)
    find_reach(engine, as_of_day, policy.record, medians)
    engine.register("country", country)
    then = seasons_of(engine, as_of_day, policy, medians)
    return Reader(engine, as_of_day, country, policy, medians, then) if then else None


def seasons_of(engine: Engine, as_of_day: int, policy: Policy, medians: pa.Table) -> Seasons | None:
    """What was expected day by day, up to `as_of_day`; None where nothing came to an outcome. Reads `promise`,
    `fx` and `country`."""
    found = engine.fetch("SELECT MIN(matured_day) AS day FROM valued WHERE counted = 1")
    first = found["day"][0].as_py()
    if first is None:
        return None
    since = f"(v.matured_day - {first}) / {PERIOD_DAYS}"
    end = f"(CAST(FLOOR({since}) AS INT) * {PERIOD_DAYS} + {first + PERIOD_DAYS - 1})"
    columns = (
        f"v.promisor, v.kind, v.counted, v.broken_ppm, CAST(FLOOR({since}) AS BIGINT) AS period"
    )
    weigh(engine, as_of_day, policy.record, medians, columns, at=end)
    daily = engine.fetch(_DAILY)
    return seasons(engine.fetch(_PARTIES), daily, first, policy)


def _drawn(engine: Engine, first: int) -> pa.Table:
    rows = engine.fetch(fill(_DRAWN, {"rows": ROWS_PER_FILE, "first": first}))
    weight = rows["n"].to_numpy() / np.minimum(rows["quota"].to_numpy(), rows["n"].to_numpy())
    rows = rows.append_column("weight", pa.array(np.minimum(weight, MOST_WEIGHT)))
    keys = [(name, "ascending") for name in ("promisor", "kind", "place")]
    rows = rows.sort_by(keys)
    if len(rows) > EXAMPLES:  # every n-th of them, so that no kind or promisor is favoured
        rows = rows.take(np.linspace(0, len(rows) - 1, EXAMPLES).astype(np.int64))
    return rows


class Reader:
    """Reads examples: what was known of promisors at their moments."""

    def __init__(
        self,
        engine: Engine,
        as_of_day: int,
        country: pa.Table,
        policy: Policy,
        medians: pa.Table,
        then: Seasons,
    ) -> None:
        self.engine, self.as_of_day, self.policy = engine, as_of_day, policy
        self._country, self._medians, self._seasons = country, medians, then
        self.first_day = then.first_day
        engine.keep("file", _FILES)

    def examples(self, rows: pa.Table) -> Examples:
        """Examples of promises (promisor, kind, made_day, broken_ppm, weight)."""
        return self._read(
            rows, rows["made_day"].to_numpy() - 1, (rows["broken_ppm"].to_numpy() > 0).astype(float)
        )

    def held(self, rows: pa.Table, day: Ints) -> Examples:
        """Files (promisor, kind) as they were known on a day each."""
        return self._read(rows, day, np.zeros(len(rows)))

    def _read(self, rows: pa.Table, day: Ints, broken: Floats) -> Examples:
        every = self._with_other_kinds(rows, day)
        moments = every.append_column("point", pa.array(np.arange(len(every))))
        known = at_moments(self.engine, self.as_of_day, moments, self.policy.record, self._medians)
        kind, country = every["kind"].combine_chunks(), self._country_of(every["promisor"])
        days = every["as_of"].to_numpy().astype(float)
        market = self._seasons.expected(kind, country, days).market
        others = others_of(known, every["example"].to_numpy(), market)
        own = every["own"].to_numpy() == 1
        mask = pa.array(own)
        weight = rows["weight"].to_numpy() if "weight" in rows.column_names else np.ones(len(rows))
        return Examples(
            known.filter(mask),
            kind.filter(mask),
            country.filter(mask),
            days[own],
            broken,
            weight,
            self._seasons,
            others[own],
        )

    def _with_other_kinds(self, rows: pa.Table, day: Ints) -> pa.Table:
        """(example, promisor, kind, as_of, own) for each row and each kind of promise of its promisor."""
        asked = pa.table(
            {
                "example": np.arange(len(rows)),
                "promisor": rows["promisor"],
                "kind": rows["kind"],
                "as_of": day.astype(np.int32),
            }
        )
        self.engine.register("example", asked)
        return self.engine.fetch(_OTHER_KINDS)

    def _country_of(self, companies: pa.ChunkedArray) -> pa.Array:
        known = self._country["company"].combine_chunks()
        place = pc.index_in(companies.combine_chunks(), known)
        return pc.fill_null(self._country["country"].combine_chunks().take(place), "")


def _with_sureness(fitted: Fitted, read: Reader) -> Fitted:
    """The fitted cards with how sure they are, by what became of the last promises: of all kinds together, then
    of each, drawn towards what all tell."""
    rows = _held(read)
    if len(rows) < LEAST_HELD:
        return fitted
    ago = rows["ago"].to_numpy().astype(np.int64)
    held = read.held(rows, read.as_of_day - HELD_DAYS * (ago + 1))
    made, broken = (rows[name].to_numpy().astype(float) for name in ("made", "broken"))
    cards = dict(fitted.policy.cards)
    kinds = {kind: pc.equal(held.kind, kind).to_numpy(False) for kind in cards.keys() - {""}}
    p = stated(cards[""], held)
    for kind, mine in kinds.items():
        p[mine] = stated(cards[kind], held.take(mine))
    months = held.kind.dictionary_encode().indices.to_numpy() * HELD_TIMES + ago
    for some in (months == month for month in np.unique(months)):
        p[some] = at_level(p[some], made[some], broken[some])
    evidence, beside = masses_of(held.known, *COUNTED)("730")[0], held.others[:, 2]
    found = outcomes(p, evidence, beside, made, broken)
    widths = fit_widths(found)
    sure = fit_sureness(cards[""], held, made, broken)
    near = sure.sure_peers, sure.sure_own
    cards[""] = replace(sure, precision_peers=widths.peers, precision_own=widths.own)
    for kind, mine in kinds.items():
        card, part = cards[kind], (held.take(mine), made[mine], broken[mine])
        if mine.any():
            card = fit_sureness(card, *part, near)
            peers = fit_peers(found.take(mine), widths)
        else:
            card, peers = replace(card, sure_peers=near[0], sure_own=near[1]), widths.peers
        cards[kind] = replace(card, precision_peers=peers, precision_own=widths.own)
    return replace(fitted, policy=replace(fitted.policy, cards=cards))


def _held(read: Reader) -> pa.Table:
    """Files that made several promises within `HELD_DAYS`: (promisor, kind, ago, made, broken), `ago` counting
    back from the last days, as far as there is a past before them."""
    room = (read.as_of_day - read.first_day - BURN_IN_DAYS) // HELD_DAYS
    first = read.as_of_day - min(max(room, 1), HELD_TIMES) * HELD_DAYS
    asked = {"day": read.as_of_day, "days": HELD_DAYS, "first": first}
    rows = read.engine.fetch(fill(_HELD, asked))
    rows = rows.sort_by([(name, "ascending") for name in ("promisor", "kind", "ago")])
    if len(rows) > HELD_FILES:
        rows = rows.take(np.linspace(0, len(rows) - 1, HELD_FILES).astype(np.int64))
    return rows


def register_learnt(cut: Cut, engine: Engine) -> pa.Table:
    """Make readable what a reader reads of a cut; (company, country) of its companies."""
    cut.register(engine, "promise", "promises")
    register_rates(engine, cut.as_of_day)
    engine.register("credibility", cut.read("credibility"))
    return cut.read("companies", ["company", "country"])


def fit_cut(cut: Cut, engine: Engine, name: str, progress: Progress, fairness: float) -> Fitted:
    """A policy fitted to the promises of a cut, under a name and valid from the day after it, that says where
    it comes from. With too little to learn from, its cards are those of the cold start."""
    country = register_learnt(cut, engine)
    policy = replace(
        cut.policy,
        name=name,
        valid_from=day_of(cut.as_of_day + 1).isoformat(),
        cards={"": Scorecard()},
        fitted=None,
    )
    fitted = learn(engine, cut.as_of_day, country, policy, progress, fairness)
    measured = {
        kind or "all": {"cold": cold, "fitted": loss}
        for kind, (cold, loss) in fitted.surprise.items()
    }
    if not measured:
        return fitted
    told = Provenance(
        state=cut.folder.name,
        as_of=day_of(cut.as_of_day).isoformat(),
        version=version("tallystick"),
        promises={kind or "all": count for kind, count in fitted.examples.items()},
        measured=measured,
        numbers=fitted.policy.numbers(),
    )
    return replace(fitted, policy=replace(fitted.policy, fitted=told))
