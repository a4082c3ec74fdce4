"""The track record three times over: Tallystick's SQL, and Polars and pandas written by hand.

All read the same Parquet files of promises and write one Parquet file with the columns of `RECORD`, sorted
by company and kind. Each writes what is quick for it: Polars a lazy plan for its streaming engine, pandas
whole columns in NumPy and one pass of `groupby` per grain.

The peers leave out what goes by counterparty: who was seen dealing with whom and how well each is known by
that, caps, and the pools of what is unproven (columns cap, n, s and proven_cents; `OURS_ALONE`). Tallystick
does that work within its time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tallystick.record import HALF_LIVES, RECORD, RecordPolicy, find_medians, find_reach, summarise
from tallystick.record.texts import decay_table

KEY: Final = ["promisor", "kind"]
MATURED: Final = ["kept", "late", "partial", "broken"]
UNVALUED: Final = RecordPolicy().unvalued_ppm / 1e6
PPM: Final = 1_000_000
WEIGHTS: Final = [f"w{h}" for h in HALF_LIVES]
_BY_COUNTERPARTY = [f"{name}{h}" for h in HALF_LIVES for name in ("cap", "capb", "n", "s")]
OURS_ALONE: Final = {*_BY_COUNTERPARTY, "proven_cents"}
COMPARED: Final = [name for name in RECORD.names if name not in OURS_ALONE]
MASSES: Final = [
    f"{m}{h}" for h in HALF_LIVES for m in ("raw", "rawb", "cor", "corb", "val", "valb")
]
SUMS: Final = (
    "n_promises n_open n_kept n_late n_partial n_broken n_excused n_disputed n_anchored value_cents "
    "value365_cents n_done"
).split() + MASSES
NOUGHT: Final = ["n_counterparties", "median_cents"]


def tallystick(files: list[str], as_of_day: int, first_day: int, promises: int, out: str) -> None:
    """A piece: the product's own stage, with the memory that it is given by default."""
    import pyarrow as pa

    from tallystick.adapters.engines import open_engine
    from tallystick.adapters.rates import usd_rates
    from tallystick.settings import load_settings

    memory = load_settings({}).memory_mb
    engine = open_engine("duckdb", Path(out) / "scratch", memory)
    engine.register_parquet("promise", [Path(file) for file in files])
    engine.register("fx", usd_rates(first_day, as_of_day))
    nobody = pa.schema([("company", pa.int64()), ("credibility_ppm", pa.int64())]).empty_table()
    engine.register("credibility", nobody)
    medians, policy = find_medians(engine, as_of_day), RecordPolicy()
    find_reach(engine, as_of_day, policy, medians)
    summarise(engine, as_of_day, Path(out) / "ours", promises, policy, medians)
    engine.close()


def two_digits(value: float) -> int:
    """The value with all but its two leading digits set to zero: so is a median of the record rounded."""
    unit = int(10 ** max(len(str(int(value))) - 2, 0))
    return int(value) // unit * unit


def by_polars(files: list[str], as_of_day: int, first_day: int, promises: int, out: str) -> None:
    """A piece: a lazy plan, run by the streaming engine."""
    import polars as pl

    from tallystick.adapters.rates import usd_rates

    col, whole, real = pl.col, pl.Int64, pl.Float64
    fx = pl.LazyFrame(usd_rates(first_day, as_of_day))
    decay = pl.LazyFrame(decay_table())
    valued = _polars_valued(pl, files, fx, as_of_day)
    medians = (
        valued.filter(col("counted") & (col("value") > 0))
        .group_by("kind")
        .agg(median_cents=col("value").quantile(0.5, "lower"))
        .collect(engine="streaming")
        .with_columns(col("median_cents").map_elements(two_digits, return_dtype=whole))
        .lazy()
    )
    share = (
        pl.when(col("median_cents").is_null() | (col("median_cents") <= 0))
        .then(1.0)
        .when(col("value").is_null())
        .then(UNVALUED)
        .when(col("value") >= col("median_cents"))
        .then(1.0)
        .otherwise(col("value").cast(real) / col("median_cents"))
    )
    weighed = (
        valued.join(medians, on="kind", how="left")
        .join(decay, on="age", how="left")
        .with_columns([pl.when("counted").then(col(w)).otherwise(0).alias(w) for w in WEIGHTS])
        .with_columns(weight=(col("strength_ppm") * share).floor().cast(whole))
        .with_columns(
            [(col("weight") * col(f"w{h}") // PPM).alias(f"e{h}") for h in HALF_LIVES]
            + [(col("strength_ppm") * col(f"w{h}") // PPM).alias(f"c{h}") for h in HALF_LIVES]
        )
    )
    counted = weighed.filter("counted")
    record = (
        weighed.group_by(KEY)
        .agg(*_polars_sums(pl, as_of_day))
        .join(_polars_late(pl, counted), on=KEY, how="left")
        .join(_polars_counterparties(pl, counted), on=KEY, how="left")
        .with_columns(col(NOUGHT).fill_null(0))
        .with_columns(
            [
                pl.when(col("n_done") > 0).then(col(name).fill_null(0)).alias(name)
                for name in ("late_days_p50", "late_days_p90")
            ]
        )
        .rename({"promisor": "company"})
        .select(COMPARED)
        .sort("company", "kind")
    )
    record.sink_parquet(Path(out) / "polars.parquet", engine="streaming")


def _polars_valued(pl: Any, files: list[str], fx: Any, as_of_day: int) -> Any:
    """Promises with their value in US cents, their age, and whether they count."""
    col, whole, real = pl.col, pl.Int64, pl.Float64
    kept_in_part = col("outcome").is_in(["kept", "partial"])
    return (
        pl.scan_parquet(files)
        .join(fx, left_on=["currency", "made_day"], right_on=["currency", "day"], how="left")
        .with_columns(
            value=(col("value_minor").cast(real) * col("nano_cents") / 1e9).floor().cast(whole),
            counted=(col("matured_day") <= as_of_day) & col("outcome").is_in(MATURED),
            age=as_of_day - col("matured_day"),
            broken=pl.when(kept_in_part).then(PPM - col("kept_ppm")).otherwise(PPM),
        )
        .with_columns(counted=col("counted").fill_null(False))
    )


def _polars_sums(pl: Any, as_of_day: int) -> list[Any]:
    col, counted, value = pl.col, pl.col("counted"), pl.col("value")
    outcome = col("outcome")
    fresh, broken = col("made_day") > as_of_day - 365, col("broken")
    day_and_break = (col("matured_day") * 2 + (broken > 0)).filter(counted)
    waiting = ~counted & outcome.is_in(["kept", "late", "partial"])
    named = {f"n_{name}": (counted & (outcome == name)).sum() for name in MATURED}
    named |= {f"n_{name}": (outcome == name).sum() for name in ("excused", "disputed")}
    named |= {
        "n_promises": pl.len(),
        "n_open": ((outcome == "open") | waiting).sum(),
        "n_anchored": col("anchored").filter(counted).sum(),
        "value_cents": value.filter(counted).sum(),
        "value365_cents": value.filter(fresh & (outcome != "excused")).sum(),
        "n_done": (counted & col("late_days").is_not_null()).sum(),
        "first_day": col("made_day").min(),
        "last_day": col("matured_day").filter(counted).max(),
        "last_broken_day": col("matured_day").filter(counted & (broken > 0)).max(),
        "last_broke": day_and_break.max() % 2,
        "entry_day": day_and_break.min() // 2,
        "entry_broke": day_and_break.min() % 2,
        "median_cents": col("median_cents").max(),
    }
    for h in HALF_LIVES:
        for name, mass in (("raw", f"w{h}"), ("cor", f"c{h}"), ("val", f"e{h}")):
            named[f"{name}{h}"] = col(mass).sum()
            named[f"{name}b{h}"] = (col(mass) * broken // PPM).sum()
    return [expression.cast(pl.Int64).alias(name) for name, expression in named.items()]


def _polars_late(pl: Any, counted: Any) -> Any:
    """Days late at the middle and at nine tenths, by cumulative counts of the late alone."""
    col = pl.col
    done = counted.filter(col("late_days").is_not_null())
    n_done = done.group_by(KEY).agg(of=pl.len().cast(pl.Int64))
    late = (
        done.filter(col("late_days") > 0)
        .group_by([*KEY, "late_days"])
        .agg(n=pl.len().cast(pl.Int64))
        .join(n_done, on=KEY)
        .sort("late_days")
        .with_columns(running=col("n").cum_sum().over(KEY), late=col("n").sum().over(KEY))
    )
    in_time = col("of") - col("late")
    wanted = {"late_days_p50": (2, 1), "late_days_p90": (10, 9)}
    return late.group_by(KEY).agg(
        col("late_days")
        .filter(((in_time + col("running")) * k >= col("of") * m) & (in_time * k < col("of") * m))
        .min()
        .cast(pl.Int64)
        .alias(name)
        for name, (k, m) in wanted.items()
    )


def _polars_counterparties(pl: Any, counted: Any) -> Any:
    return counted.group_by(KEY).agg(n_counterparties=pl.col("promisee").n_unique().cast(pl.Int64))


def by_pandas(files: list[str], as_of_day: int, first_day: int, promises: int, out: str) -> None:
    """A piece: whole columns in memory."""
    import numpy as np
    import pandas as pd  # type: ignore[import-untyped]

    from tallystick.adapters.rates import usd_rates

    columns = [
        *KEY,
        *("promisee made_day matured_day outcome late_days kept_ppm value_minor currency".split()),
        *("anchored", "strength_ppm"),
    ]
    p = pd.concat([pd.read_parquet(file, columns=columns) for file in files], ignore_index=True)
    for name in ("kind", "outcome", "currency"):
        p[name] = p[name].astype("category")
    fx = usd_rates(first_day, as_of_day).to_pandas()
    fx = fx[fx["currency"].isin(p["currency"].cat.categories)]
    fx["currency"] = fx["currency"].astype(p["currency"].dtype)
    p = p.merge(
        fx, how="left", left_on=["currency", "made_day"], right_on=["currency", "day"], copy=False
    )
    value = np.floor(p["value_minor"] * p["nano_cents"] / 1e9)
    matured = (p["matured_day"] <= as_of_day).to_numpy()
    counted = matured & p["outcome"].isin(MATURED).to_numpy()
    p["counted"], p["value"] = counted, value
    medians = p.loc[counted & (value > 0)].groupby("kind", observed=True)["value"]
    usual = medians.quantile(0.5, interpolation="lower").map(two_digits)
    median = p["kind"].map(usual).astype("float64")
    share = np.where(value.isna(), UNVALUED, np.minimum(value / median, 1.0))
    share = np.where(median.isna(), 1.0, share)
    strength = p["strength_ppm"].to_numpy()
    weight = np.floor(strength * share).astype(np.int64)
    age = np.where(counted, as_of_day - p["matured_day"].fillna(as_of_day), 0).astype(np.int64)
    weights = decay_table()
    part = p["outcome"].isin(["kept", "partial"])
    broken = np.where(part, PPM - p["kept_ppm"], PPM)
    p["broken"], p["median_cents"] = broken, median
    for h in HALF_LIVES:
        decayed = np.where(counted, weights[f"w{h}"].to_numpy()[age], 0)
        masses = {"raw": decayed, "cor": strength * decayed // PPM, "val": weight * decayed // PPM}
        for name, mass in masses.items():
            p[f"{name}{h}"], p[f"{name}b{h}"] = mass, mass * broken // PPM
    _pandas_marks(p, as_of_day)
    by = {"observed": True, "sort": False}
    record = p.groupby(KEY, **by)[SUMS].sum()
    record["first_day"] = p.groupby(KEY, **by)["made_day"].min()
    record["median_cents"] = p.groupby(KEY, **by)["median_cents"].max()
    mine = p[counted]
    record["last_day"] = mine.groupby(KEY, **by)["matured_day"].max()
    guilty = mine[mine["broken"] > 0]
    record["last_broken_day"] = guilty.groupby(KEY, **by)["matured_day"].max()
    marked = mine["matured_day"].astype(np.int64) * 2 + (mine["broken"] > 0)
    marked = marked.groupby([mine[name] for name in KEY], **by)
    record["last_broke"] = marked.max() % 2
    record["entry_day"], record["entry_broke"] = marked.min() // 2, marked.min() % 2
    promisees = mine.drop_duplicates([*KEY, "promisee"]).groupby(KEY, **by).size()
    record = record.join(_pandas_late(mine)).join(promisees.rename("n_counterparties"))
    record[NOUGHT] = record[NOUGHT].fillna(0)
    for name in ("late_days_p50", "late_days_p90"):
        record[name] = record[name].fillna(0).where(record["n_done"] > 0)
    record = record.reset_index().rename(columns={"promisor": "company"})
    record["kind"] = record["kind"].astype(str)
    whole = [name for name in COMPARED if name != "kind"]
    record = record[COMPARED].astype(dict.fromkeys(whole, "Int64"))
    record.sort_values(["company", "kind"]).to_parquet(Path(out) / "pandas.parquet", index=False)


def _pandas_marks(p: Any, as_of_day: int) -> None:
    """Columns of 0 and 1, and of values, that the record adds up."""
    import numpy as np

    counted, outcome = p["counted"].to_numpy(), p["outcome"]
    p["n_promises"] = 1
    for name in MATURED:
        p[f"n_{name}"] = (counted & (outcome == name)).astype(np.int64)
    for name in ("excused", "disputed"):
        p[f"n_{name}"] = (outcome == name).astype(np.int64)
    waiting = ~counted & outcome.isin(["kept", "late", "partial"])
    p["n_open"] = ((outcome == "open") | waiting).astype(np.int64)
    p["n_anchored"] = np.where(counted, p["anchored"], 0)
    p["n_done"] = (counted & p["late_days"].notna()).astype(np.int64)
    money = np.where(counted, p["value"].fillna(0), 0.0)
    p["value_cents"] = money.astype(np.int64)
    recent = (p["made_day"] > as_of_day - 365) & (outcome != "excused")
    p["value365_cents"] = np.where(recent, p["value"].fillna(0), 0.0).astype(np.int64)


def _pandas_late(mine: Any) -> Any:
    """Days late at the middle and at nine tenths, by cumulative counts of the late alone."""
    by = {"observed": True, "sort": False}
    done = mine[mine["late_days"].notna()]
    n_done = done.groupby(KEY, **by).size().rename("of")
    late = done[done["late_days"] > 0].groupby([*KEY, "late_days"], observed=True).size()
    table = late.rename("n").reset_index().merge(n_done.reset_index(), on=KEY)
    groups = table.groupby(KEY, **by)["n"]
    table["running"], table["late"] = groups.cumsum(), groups.transform("sum")
    in_time = table["of"] - table["late"]
    found = {}
    for name, (k, m) in {"late_days_p50": (2, 1), "late_days_p90": (10, 9)}.items():
        hit = ((in_time + table["running"]) * k >= table["of"] * m) & (
            in_time * k < table["of"] * m
        )
        found[name] = table[hit].groupby(KEY, **by)["late_days"].min()
    return n_done.to_frame()[[]].assign(**found)


def compare(name: str, out: str) -> str:
    """A piece: how many columns of a peer's result equal those of Tallystick, row by row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    by_key = [("company", "ascending"), ("kind", "ascending")]
    parts = sorted((Path(out) / "ours").rglob("*.parquet"))
    ours = pa.concat_tables(pq.read_table(p, partitioning=None) for p in parts).sort_by(by_key)
    if name == "tallystick":
        return f"{len(COMPARED)} of {len(COMPARED)}"
    theirs = pq.read_table(Path(out) / f"{name.lower()}.parquet")
    if len(theirs) != len(ours):
        return f"{len(theirs):,} rows for {len(ours):,}"
    types = {field.name: field.type for field in RECORD}
    same = [
        theirs[name].cast(types[name]).combine_chunks()
        == ours[name].cast(types[name]).combine_chunks()
        for name in COMPARED
    ]
    return f"{sum(same)} of {len(COMPARED)}"
