"""Make a synthetic trade world: what its contributors would hand in, and beside it the truth.

>>> summary = simulate(WorldConfig(companies=50, deals=100, seed=7), Path("world"))  # doctest: +SKIP
>>> summary.deals  # doctest: +SKIP
100

The folder holds one folder per contributor (Parquet tables as in `docs/reference/documents.md`, and a
`contributor.toml`) and `truth/`, which no reader of evidence may open: `truth/companies.parquet` with
the true probability of breaking the next promise of each kind, `truth/deals.parquet` with the outcomes
drawn; where names are varied also `truth/descriptions.parquet` (whom each description of a customer is
about) and `truth/firms.parquet` (who the companies are, and who was made to look like whom). Memory is
bounded by one chunk of deals and the companies, whatever the number of deals. What `world-1` writes stands
in `world/world_1.py`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.world.bargain import Opening, agree, open_deals
from tallystick.world.columns import Day, Party
from tallystick.world.companies import PROMISES, Companies, Ints, populate
from tallystick.world.config import CHUNK_DEALS, WorldConfig, WorldError, WorldSummary
from tallystick.world.course import move_goods, move_money, quarrel
from tallystick.world.customers import tell_customers, with_described_names
from tallystick.world.fate import Fate
from tallystick.world.introduce import TRUTH, introduce
from tallystick.world.members import enrol, tell_members, truth_of_companies
from tallystick.world.parts import Parts, write_parquet
from tallystick.world.teller import Teller, count_on, folders
from tallystick.world.telling import tell_agreement, tell_money, tell_trouble
from tallystick.world.telling_goods import tell_goods
from tallystick.world.world_1 import write_world_1

_TRUTH_DEALS: Final = pa.schema(
    [
        ("deal", pa.int64()),
        ("opened_on", pa.date32()),
        ("trade", pa.bool_()),
        ("seller", pa.string()),
        ("buyer", pa.string()),
        ("buyer_number", pa.int64()),
        ("seller_number", pa.int64()),
        *((f"broke_{kind}", pa.bool_()) for kind in PROMISES),
    ]
)
"""`buyer_number`, `seller_number`: what stands in the numbers of the papers that these firms number (orders and
requests; offers and bills); `broke_<kind>`: whether that promise was broken, null where none was made."""


def simulate(
    config: WorldConfig, out: Path, progress: Callable[[int, int], None] | None = None
) -> WorldSummary:
    """Write the world to the folder `out`, which must be new or empty.

    `progress` is called with (deals done, deals) after each chunk. Raises `WorldError` if `out` holds
    anything; what was written so far is removed when writing fails.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WorldError(f"{out} is not an empty folder; name a new one")
    out.mkdir(parents=True, exist_ok=True)
    try:
        return _write(config, out, progress or (lambda done, total: None))
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise


def _write(config: WorldConfig, out: Path, progress: Callable[[int, int], None]) -> WorldSummary:
    if config.world == "world-1":
        return write_world_1(config, out, progress)
    companies = populate(config)
    register = enrol(config, companies)
    if config.names == "varied":
        register = with_described_names(config, companies, register)
    columns = folders(config)
    for folder in [*columns, TRUTH]:
        (out / folder).mkdir()
    deals_path = out / TRUTH / "deals.parquet"
    with (
        Parts(out, columns) as parts,
        pq.ParquetWriter(
            deals_path, _TRUTH_DEALS, compression="zstd", compression_level=1, store_schema=False
        ) as truth,
    ):
        introduce(out, columns, companies, register, parts)
        tell_members(config, companies, register, parts)
        if config.names == "varied":
            tell_customers(config, companies, parts, out / TRUTH)
        counters = np.zeros((2, companies.count), dtype=np.int64)
        for chunk in range(config.chunks):
            deal = np.arange(chunk * CHUNK_DEALS, min(config.deals, (chunk + 1) * CHUNK_DEALS))
            truth.write_table(_chunk(config, companies, chunk, deal, counters, parts))
            parts.flush()
            progress(int(deal[-1]) + 1, config.deals)
        parts.flush()
    table = truth_of_companies(config, companies, register)
    parts.count_file(write_parquet(table, out / TRUTH / "companies.parquet"))
    parts.count_file(deals_path.stat().st_size)
    parts.summary.companies, parts.summary.deals = companies.count, config.deals
    return parts.summary


def _chunk(
    config: WorldConfig,
    companies: Companies,
    chunk: int,
    deal: Ints,
    counters: Ints,
    parts: Parts,
) -> pa.Table:
    """Draw and tell one chunk; returns its truth. `counters`: papers so far of each buyer and seller."""
    fate = Fate(config, companies, chunk, len(deal))
    opening = open_deals(fate, deal)
    agreement = agree(fate, opening)
    goods = move_goods(fate, opening, agreement)
    money = move_money(fate, opening, agreement, goods)
    trouble = quarrel(fate, opening, agreement, goods, money)
    numbers = [
        np.where(opening.trade, count_on(counter, party, opening.trade), deal)
        for counter, party in zip(counters, (opening.buyer, opening.seller), strict=True)
    ]
    teller = Teller(config, companies, parts, opening, numbers[0], numbers[1])
    tell_agreement(teller, agreement)
    tell_goods(teller, agreement, goods, money)
    tell_money(teller, money)
    tell_trouble(teller, trouble, goods)
    return _truth_of_deals(fate, opening, numbers)


def _truth_of_deals(fate: Fate, o: Opening, numbers: list[Ints]) -> pa.Table:
    rows = np.arange(len(o.deal))
    columns = [
        pa.array(o.deal),
        Day(o.opened_on).build(rows),
        pa.array(o.trade),
        Party(o.seller).build(rows),
        Party(o.buyer).build(rows),
        *map(pa.array, numbers),
    ]
    for kind in PROMISES:
        promised, broken = fate.outcomes[kind]
        columns.append(pa.array(broken, mask=~promised))
    return pa.Table.from_arrays(columns, schema=_TRUTH_DEALS)
