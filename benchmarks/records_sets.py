"""The record sets with known truth, read as the demos of Splink read them: trimmed, empty is null.

Every table has `unique_id`, the columns of its file, and `cluster`: which entity a record is of.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from benchmarks.common import ROOT

DATA: Final = Path(os.environ.get("TALLYSTICK_DATA", ROOT.parent / "shared" / "data"))
PERSONS: Final = DATA / "er_splink_febrl"
PARTIES: Final = DATA / "er_senzing_truth_sets"
FIELDS: Final[dict[str, dict[str, str]]] = {"historical": {"postcode": "postcode_fake"}}
"""Columns that the model does not know by name."""


def present() -> bool:
    """Whether the files are there; they are not ours to hand out."""
    return PERSONS.is_dir() and PARTIES.is_dir()


def read_set(name: str) -> list[pa.Table]:
    """One table to be deduplicated, or two to be linked."""
    if name == "historical":
        return [_arrow(f"select * from '{PERSONS}/historical_figures_with_errors_50k.parquet'")]
    if name == "fake_1000":
        return [_arrow(f"select * from read_csv('{PERSONS}/fake_1000.csv', all_varchar=true)")]
    if name == "febrl3":
        return [_febrl("3")]
    if name == "febrl4":
        return [_febrl("4a"), _febrl("4b")]
    if name == "transactions":
        query = "select *, ground_truth as cluster from '{}/transactions_{}.parquet'"
        return [_arrow(query.format(PERSONS, side)) for side in ("origin", "destination")]
    return [_senzing(name.removeprefix("senzing "))]


def _arrow(query: str) -> pa.Table:
    return duckdb.sql(query).to_arrow_table()


def _febrl(part: str) -> pa.Table:
    rows = _arrow(f"select * from read_csv('{PERSONS}/febrl/dataset{part}.csv', all_varchar=true)")
    rows = rows.rename_columns([column.strip() for column in rows.column_names])
    cells = ", ".join(f"nullif(trim({c}), '') as {c}" for c in rows.column_names)
    query = f"{cells}, rec_id as unique_id, regexp_extract(rec_id, '^([^-]+-[^-]+)', 1) as cluster"
    return duckdb.from_arrow(rows).project(query).to_arrow_table()


def _senzing(folder: str) -> pa.Table:
    """Customers, references and watch list as one table, its many columns folded into few by what is filled."""
    base = PARTIES / folder
    key = next(
        n for n in ("actual_truthset_key.csv", "truthset-load3-key.csv") if (base / n).exists()
    )
    files = [str(base / f"{n}.csv") for n in ("customers", "reference", "watchlist")]
    full = "coalesce(PRIMARY_NAME_FULL, NATIVE_NAME_FULL)"
    comma = f"contains({full}, ',')"
    query = f"""
        select DATA_SOURCE || '-' || RECORD_ID as unique_id, k.CLUSTER_ID as cluster,
          coalesce(PRIMARY_NAME_FIRST, case when {comma} then trim(split_part({full}, ',', 2))
            else regexp_extract({full}, '^(\\S+)', 1) end) as given,
          coalesce(PRIMARY_NAME_LAST, case when {comma} then trim(split_part({full}, ',', 1))
            else regexp_extract({full}, '(\\S+)$', 1) end) as surname,
          PRIMARY_NAME_ORG as company, {_senzing_date()} as born, SSN_NUMBER as ssn,
          DRIVERS_LICENSE_NUMBER as licence, PASSPORT_NUMBER as passport,
          regexp_extract(EMAIL_ADDRESS, '[^<>\\s]+@[^<>\\s]+') as email,
          right(regexp_replace(PHONE_NUMBER, '\\D', '', 'g'), 9) as phone,
          lower(coalesce(ADDR_FULL, concat_ws(' ', ADDR_LINE1, ADDR_CITY, ADDR_STATE))) as address,
          coalesce(ADDR_POSTAL_CODE, regexp_extract(ADDR_FULL, '\\d{{5}}')) as postcode
        from read_csv({files}, union_by_name=true, all_varchar=true) r
        join read_csv('{base / key}', all_varchar=true) k using (DATA_SOURCE, RECORD_ID)
        order by unique_id"""
    rows = _arrow(query)
    cells = ", ".join(f"nullif(trim({c}), '') as {c}" for c in rows.column_names)
    return duckdb.from_arrow(rows).project(cells).to_arrow_table()


def _senzing_date() -> str:
    short = "regexp_matches(DATE_OF_BIRTH, '/\\d\\d$')"
    long_forms = ["%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d", "%b %d %Y"]
    parsed = (
        f"case when {short} then try_strptime(DATE_OF_BIRTH, '%m/%d/%y') "
        f"else try_strptime(DATE_OF_BIRTH, {long_forms}) end"
    )
    return f"strftime({parsed}, '%Y-%m-%d')"


def truth_of(tables: list[pa.Table]) -> list[Any]:
    """The entity of every record, in the order of the tables and their rows."""
    return [entity for table in tables for entity in table["cluster"].to_pylist()]
