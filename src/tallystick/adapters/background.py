"""What is known of a company beside its record: name and country, standing, and relatives that began earlier.

Worked example: a registration of 2015 by a registry and an ISO certificate by an inspector that is still valid:
`standing_ppm` is -350,000, ten points for the company.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.codes import codes_of
from tallystick.deals.link import SOURCE_BIT
from tallystick.engine import Engine, fill
from tallystick.rating import Prior
from tallystick.rating.background import (
    COLUMNS,
    FORGOTTEN_DAYS,
    KIN,
    LONG_DAYS,
    STANDING,
    find_kin,
)

STANDING_HEARD: Final = ("registry", "court", "customs", "inspector")
"""Contributors whose word on the standing of a company counts; its own does not."""

STANDING_KINDS: Final = ("sanction", "insolvency", "registration", "certificate")
"""Documents that say something of the standing of a company."""

STANDING_SQL: Final = """
SELECT company, CAST(standing_ppm AS BIGINT) AS standing_ppm FROM (
  SELECT subject AS company,
         CASE WHEN MAX(lapsed) = 1 THEN {lapsed}
              WHEN MIN(registered_day) <= {long} THEN {registered_long} ELSE 0 END
         + CASE WHEN MAX(certified) = 1 THEN {certified} ELSE 0 END
         + CASE WHEN MAX(insolvent_day) > {forgotten} THEN {was_insolvent} ELSE 0 END AS standing_ppm
  FROM (
    SELECT subject,
           CASE WHEN kind = 'registration' AND place = 1 AND status = 'lapsed' THEN 1 ELSE 0 END AS lapsed,
           CASE WHEN kind = 'registration' AND COALESCE(status, 'active') = 'active' THEN issued_day END
             AS registered_day,
           CASE WHEN kind = 'certificate' AND COALESCE(due_day, {as_of}) >= {as_of} THEN 1 ELSE 0 END
             AS certified,
           CASE WHEN kind = 'insolvency' AND place = 1 AND status = 'closed' THEN day END AS insolvent_day
    FROM (
      SELECT subject, kind, status, day, issued_day, due_day,
             ROW_NUMBER() OVER (PARTITION BY subject, kind ORDER BY day DESC, doc_id DESC) AS place
      FROM standing_paper
      WHERE kind IN ('registration', 'certificate', 'insolvency') AND (mask & {heard}) <> 0
    ) told
  ) facts
  GROUP BY subject
) summed
WHERE standing_ppm <> 0
"""


def keep_standing_papers(engine: Engine) -> None:
    """Keep the documents of `STANDING_KINDS` as `standing_paper`, for all that is found out of them."""
    listed = ", ".join(f"'{kind}'" for kind in STANDING_KINDS)
    columns = "doc_id, subject, kind, status, day, issued_day, due_day, mask"
    papers = f"SELECT {columns} FROM doc_linked WHERE kind IN ({listed}) AND subject IS NOT NULL"
    engine.keep("standing_paper", papers)


def find_standing(engine: Engine, as_of_day: int) -> pa.Table:
    """(company, standing_ppm) of the companies whose standing counts for or against them, by company.
    Reads `standing_paper`."""
    heard = sum(SOURCE_BIT[kind] for kind in STANDING_HEARD)
    days = {"long": as_of_day - LONG_DAYS, "forgotten": as_of_day - FORGOTTEN_DAYS}
    values = STANDING | days | {"as_of": as_of_day, "heard": heard}
    return engine.fetch(fill(STANDING_SQL, values)).sort_by("company")


def put_kin(cut: Cut, prior: Prior) -> None:
    """Find who starts lower for the sake of related companies, and write it."""
    related = cut.read("related")
    ends = pa.concat_arrays([related[end].combine_chunks() for end in "ab"])
    records = cut.rows("records", "company", pc.unique(ends), list(COLUMNS)) if len(ends) else None
    found = KIN.empty_table() if records is None else find_kin(related, records, prior)
    cut.put("kin", found)


def with_country(cut: Cut, records: pa.Table) -> pa.Table:
    """Track records with the country of each company."""
    known = _named(cut, records, ["company", "country"])
    return records.append_column("country", _told(known, records, "country"))


def with_background(cut: Cut, records: pa.Table, kin: pa.Table | None = None) -> pa.Table:
    """Track records with what is known of each company beside them: `standing_ppm` and `kin_ppm`. `kin`: who
    starts lower for relatives (schema KIN), where the cut has not got that yet."""
    companies = pc.unique(records["company"].combine_chunks())
    for name, given in (("standing", None), ("kin", kin)):
        table = cut.rows(name, "company", companies) if given is None else given
        told = _told(table, records, f"{name}_ppm")
        records = records.append_column(f"{name}_ppm", pc.fill_null(told, 0))
    return records


def _named(cut: Cut, rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Columns of the companies of some rows: of a few among many, the names of all others need not be kept."""
    return cut.rows("companies", "company", pc.unique(rows["company"].combine_chunks()), columns)


def _told(known: pa.Table, rows: pa.Table, column: str) -> pa.Array:
    """A column of `known` (a row per company) for the company of each row; null where it has none."""
    place = pc.index_in(
        rows["company"].combine_chunks(), value_set=known["company"].combine_chunks()
    )
    return known[column].combine_chunks().take(place)


def with_names(table: pa.Table, cut: Cut) -> pa.Table:
    """The table with `code`, `name` and `country` of its column `company` in front, in its order."""
    companies = _named(cut, table, ["company", "name", "country"])
    columns = {
        "code": codes_of(table["company"], "C"),
        "name": _told(companies, table, "name"),
        "country": _told(companies, table, "country"),
    }
    columns |= {name: table[name] for name in table.column_names}
    return pa.table(columns)
