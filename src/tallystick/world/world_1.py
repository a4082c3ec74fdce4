"""Write `world-1`: live through its months and deals, tell it in two editions, keep the whole truth.

The folder holds `known/` and `later/` (`world/editions.py`), each with one folder per contributor, and
`truth/`. Memory is bounded by one chunk of deals and the arrays over the companies.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.world import truths
from tallystick.world.bargain import Opening, agree, open_deals
from tallystick.world.columns import Day, Party, digit_text, invented_names
from tallystick.world.companies import Ints
from tallystick.world.config import CHUNK_DEALS, WorldConfig, WorldSummary
from tallystick.world.course import move_goods, move_money, quarrel
from tallystick.world.editions import ERRORS, KNOWN, LATER, Editions, LateTeller
from tallystick.world.fortune import Fortune
from tallystick.world.introduce import TRUTH, introduce
from tallystick.world.members import Register, enrol, tell_closings, tell_members
from tallystick.world.parts import Parts, write_parquet
from tallystick.world.places import FORMS
from tallystick.world.planted import COLLUSION, SCHEMES
from tallystick.world.society import Society, found
from tallystick.world.teller import count_on, folders
from tallystick.world.telling import tell_agreement, tell_money, tell_trouble
from tallystick.world.telling_goods import tell_goods

DEALS: Final = pa.schema(
    [
        ("deal", pa.int64()),
        ("opened_on", pa.date32()),
        ("trade", pa.bool_()),
        ("seller", pa.string()),
        ("buyer", pa.string()),
        ("planted", truths.WORD),
        ("ring", pa.int64()),
    ]
)

CARRIERS_SEE: Final = (0.95, 0.5)
BANKS_SEE: Final = (0.95, 0.7)
"""Of what carriers and banks could hand in, the share that the first and the last of them do."""


def write_world_1(
    config: WorldConfig, out: Path, progress: Callable[[int, int], None]
) -> WorldSummary:
    """Write the world to the folder `out`, which is there and empty."""
    society = found(config)
    register = _told_apart(society, enrol(config, society))
    own = folders(config)
    columns = {f"{edition}/{name}": own[name] for edition in (KNOWN, LATER) for name in own}
    for folder in [*columns, TRUTH]:
        (out / folder).mkdir(parents=True)
    truth = out / TRUTH
    with Parts(out, columns) as parts, ExitStack() as files:
        introduce(out, columns, society, register, parts)
        editions = Editions(config, parts)
        tell_members(config, society, register, editions)
        tell_closings(config, register, society.left_on, editions)
        tables = {
            name: files.enter_context(_writer(truth / f"{name}.parquet", schema))
            for name, schema in _GROWING.items()
        }
        counters = np.zeros((2, society.count), dtype=np.int64)
        for chunk in range(config.chunks):
            deal = np.arange(chunk * CHUNK_DEALS, min(config.deals, (chunk + 1) * CHUNK_DEALS))
            for name, table in _chunk(config, society, chunk, deal, counters, parts).items():
                tables[name].write_table(table)
            parts.flush()
            progress(int(deal[-1]) + 1, config.deals)
        parts.flush()
    _write_truth(config, society, register, truth, parts)
    parts.summary.companies, parts.summary.deals = society.count, config.deals
    return parts.summary


def _told_apart(society: Society, register: Register) -> Register:
    """The register with names that are not mistaken for each other, and the bank accounts as the marketplace
    knows them: `world-1` measures ratings, not who is who."""
    trading = society.trading
    forms = pa.array(FORMS).take(pa.array(society.country[:trading]))
    invented = pc.binary_join_element_wise(invented_names(np.arange(trading)), forms, " ")
    names = pa.concat_arrays([invented, register.names.slice(trading)])
    account = digit_text("90", society.account, 3)
    return replace(register, names=names, details=pa.table({"account": account}))


_GROWING: Final = {"deals": DEALS, "promises": truths.MADE, "errors": ERRORS}
"""Tables of the truth that grow chunk by chunk."""


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=words,
        store_schema=False,
    )


def _chunk(
    config: WorldConfig,
    society: Society,
    chunk: int,
    deal: Ints,
    counters: Ints,
    parts: Parts,
) -> dict[str, pa.Table]:
    """Draw and tell one chunk; returns its truth. `counters`: papers so far of each buyer and seller."""
    fate = Fortune(config, society, chunk, len(deal))
    opening = _seen(fate, open_deals(fate, deal))
    agreement = agree(fate, opening)
    goods = move_goods(fate, opening, agreement)
    money = move_money(fate, opening, agreement, goods)
    trouble = quarrel(fate, opening, agreement, goods, money)
    buyer, seller = (
        np.where(opening.trade, count_on(counter, party, opening.trade), deal)
        for counter, party in zip(counters, (opening.buyer, opening.seller), strict=True)
    )
    teller = LateTeller(config, society, parts, opening, (buyer, seller), chunk)
    tell_agreement(teller, agreement)
    tell_goods(teller, agreement, goods, money)
    tell_money(teller, money)
    tell_trouble(teller, trouble, goods)
    return {
        "deals": _truth_of_deals(fate, opening),
        "promises": truths.promises(fate, opening, agreement, goods, money, trouble),
        "errors": teller.errors,
    }


def _seen(fate: Fortune, o: Opening) -> Opening:
    """Who sees what: carriers and banks hand in unequal shares, and of sham goods only the one that lies."""
    config = fate.config
    lies = fate.scheme == COLLUSION
    carrier = np.where(lies, config.carriers - 1, o.carrier)
    shown = fate.chance(np.linspace(*CARRIERS_SEE, config.carriers)[carrier])
    paid = fate.chance(np.linspace(*BANKS_SEE, config.banks)[o.bank])
    return replace(
        o,
        carrier=carrier,
        goods_seen=(o.goods_seen & shown & ~fate.sham) | lies,
        money_seen=(o.money_seen & (paid | ~o.trade)) | fate.sham,
    )


def _truth_of_deals(fate: Fortune, o: Opening) -> pa.Table:
    rows = np.arange(len(o.deal))
    arrays = [
        pa.array(o.deal),
        Day(o.opened_on).build(rows),
        pa.array(o.trade),
        Party(o.seller).build(rows),
        Party(o.buyer).build(rows),
        truths.words(SCHEMES, fate.scheme),
        pa.array(fate.ring, mask=fate.ring < 0),
    ]
    return pa.Table.from_arrays(arrays, schema=DEALS)


def _write_truth(
    config: WorldConfig, society: Society, register: Register, truth: Path, parts: Parts
) -> None:
    """The truth that is known at the end; counts all of its files."""
    with _writer(truth / "state.parquet", truths.STATE) as state:
        for table in truths.state(config, society):
            state.write_table(table)
    parts.count_file(
        write_parquet(truths.companies(society, register), truth / "companies.parquet")
    )
    parts.count_file(write_parquet(truths.identities(society), truth / "identities.parquet"))
    parts.count_file(write_parquet(truths.rings(config, society), truth / "rings.parquet"))
    for name in (*_GROWING, "state"):
        parts.count_file((truth / f"{name}.parquet").stat().st_size)
