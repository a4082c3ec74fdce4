"""The truth of `world-1` as tables: promises, state at `as_of`, companies, identities, rings.

Companies are named as documents name them (`id:tradeport.member:00000012`). What each column means stands in
`docs/reference/simulator.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.world.bargain import Agreement, Opening
from tallystick.world.columns import Day, Party, digit_text
from tallystick.world.companies import (
    BANK_KINDS,
    BUYER_KINDS,
    CARRIER_KINDS,
    INSURER_KINDS,
    PROMISES,
    SELLER_KINDS,
    Bools,
    Ints,
)
from tallystick.world.config import WorldConfig
from tallystick.world.course import REASONS, Goods, Money, Trouble
from tallystick.world.fortune import Fortune
from tallystick.world.members import Register
from tallystick.world.places import SECTORS, SIZES
from tallystick.world.planted import COLLUSION, SCHEMES
from tallystick.world.society import Society

WORD: Final = pa.dictionary(pa.int32(), pa.string())

MADE: Final = pa.schema(
    [
        ("deal", pa.int64()),
        ("kind", WORD),
        ("promisor", pa.string()),
        ("promisee", pa.string()),
        ("made_on", pa.date32()),
        ("due_on", pa.date32()),
        ("p_true", pa.float64()),
        ("broken", pa.bool_()),
        ("fault", WORD),
        ("planted", WORD),
    ]
)

STATE: Final = pa.schema([("company", pa.string()), ("kind", WORD), ("p", pa.float64())])

_SIDES: Final = {
    **dict.fromkeys(SELLER_KINDS, "seller"),
    **dict.fromkeys(BUYER_KINDS, "buyer"),
    **dict.fromkeys(CARRIER_KINDS, "carrier"),
    **dict.fromkeys(INSURER_KINDS, "insurer"),
    **dict.fromkeys(BANK_KINDS, "bank"),
}
_FAULTS: Final = ("seller", "buyer", "carrier", "insurer", "bank", "customs")

_TERM: Final = {"respond": 3, "confirm": 3, "dispatch": 3, "deposit": 4, "pay": 15, "refund": 5}
"""Days until a promise of these kinds is kept, most often: a firm may close before."""


def promises(fate: Fortune, o: Opening, a: Agreement, g: Goods, m: Money, x: Trouble) -> pa.Table:
    """The promises of a chunk that were made before the end, kind by kind, by deal."""
    due = _due_days(a, g, m, x)
    tables = [_kind(fate, o, kind, due[kind], _third(kind, g, m, x)) for kind in PROMISES]
    return pa.concat_tables(tables)


def _due_days(a: Agreement, g: Goods, m: Money, x: Trouble) -> dict[str, Ints]:
    due = {
        "respond": a.answer_by,
        "quote": a.valid_until,
        "declare": g.collected_on,
        "refund": x.refund_by,
        "deposit": a.deposit_due,
        "pay": m.pay_by,
        "declare_import": g.arrived_on,
        "collect": g.collect_by,
        "arrive": g.eta,
        "settle": x.settle_by,
        "cover": x.settle_by,
        "remit": m.instructed_on + 1,
    }
    due |= dict.fromkeys(("confirm", "dispatch", "order"), a.dispatch_due)
    due |= dict.fromkeys(("deliver", "conform", "receive"), np.maximum(a.deliver_on, g.eta))
    return due


def _third(kind: str, g: Goods, m: Money, x: Trouble) -> dict[str, Bools]:
    """Whose fault it was where the promisee got less than it was promised, and the promisor kept its word."""
    if kind == "arrive":
        return {"customs": g.held_on < g.eta + 30}
    if kind == "pay":
        return {"bank": m.by_bank}
    if kind == "conform":
        return {"buyer": (x.disputed_on < 10**7) & (x.reason == len(REASONS) - 1)}
    return {}


def _kind(
    fate: Fortune,
    o: Opening,
    kind: str,
    due: Ints,
    third: dict[str, Bools],
) -> pa.Table:
    made = fate.made[kind]
    promised, broken = fate.outcomes[kind]
    rows = np.flatnonzero(promised & (made.made_on < fate.config.horizon))
    side = _SIDES[kind]
    fault = np.where(broken, _FAULTS.index(side), -1)
    for who, blamed in third.items():
        fault = np.where(~broken & blamed, _FAULTS.index(who), fault)
    promisee = o.seller if side == "buyer" else o.buyer
    arrays = [
        pa.array(o.deal[rows]),
        words((kind,), rows * 0),
        Party(made.promisor).build(rows),
        Party(promisee).build(rows),
        Day(made.made_on).build(rows),
        Day(due).build(rows),
        pa.array(made.p[rows]),
        pa.array(broken[rows]),
        words(_FAULTS, fault[rows]),
        words(SCHEMES, fate.scheme[rows]),
    ]
    return pa.Table.from_arrays(arrays, schema=MADE)


def words(known: tuple[str, ...], index: Ints) -> pa.Array:
    """Words by position; a position below 0 is null."""
    codes = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(known, pa.string()))


def state(config: WorldConfig, society: Society) -> Iterator[pa.Table]:
    """For each kind, the probability that each company that is there at `as_of` breaks the next promise."""
    day = config.as_of_day
    everyone = np.arange(society.count)
    there = society.active(everyone, everyone * 0 + day)
    for kind in PROMISES:
        who = everyone[there & society.holds(kind)]
        on = np.full(len(who), day)
        p = society.break_probability(kind, who, on)
        if kind == "dispatch":
            # An order that the seller goes back on breaks its dispatch date too.
            reneges = society.break_probability("confirm", who, on)
            p = 1 - (1 - p) * (1 - reneges * config.confirmed_share)
        gone = society.closing(who, on, on + _TERM[kind]) if kind in _TERM else 0.0
        arrays = [Party(who).build(who * 0 + np.arange(len(who))), words((kind,), who * 0)]
        yield pa.Table.from_arrays([*arrays, pa.array(1 - (1 - p) * (1 - gone))], schema=STATE)


def companies(society: Society, register: Register) -> pa.Table:
    """One row per company."""
    everyone = np.arange(society.count)
    trading = society.trading
    rest = np.full(society.count - trading, -1)
    label = np.concatenate([society.rings.label, rest])
    ring = np.concatenate([society.rings.ring, rest])
    latent = society.latent
    columns: dict[str, pa.Array] = {
        "company": Party(everyone).build(everyone),
        "name": register.names,
        "country": register.countries,
        "size": pa.array(SIZES).take(pa.array(society.size)),
        "sector": pa.array([s.name for s in SECTORS]).take(pa.array(society.sector)),
        "trading": pa.array(everyone < trading),
        "sells": pa.array(society.sells),
        "buys": pa.array(society.buys),
        "joined_on": Day(society.joined_on).build(everyone),
        "left_on": Day(society.left_on).build(everyone),
        "account": digit_text("90", society.account, 3),
        "supplier": Party(latent.supplier, latent.supplier >= 0).build(everyone),
        "first_state": pa.array(latent.state[0].astype(np.float32)),
        "last_state": pa.array(latent.state[-1].astype(np.float32)),
        "fraud": words(SCHEMES, label),
        "ring": pa.array(ring, mask=ring < 0),
        "gains": pa.array((label >= 0) & ~society.rings.sham(society.count)),
    }
    return pa.table(columns)


def identities(society: Society) -> pa.Table:
    """Identities that were re-used: `company` is `former` again, `fraud` where to hide a bad record."""
    rows = np.arange(len(society.again))
    return pa.table(
        {
            "company": Party(society.again).build(rows),
            "former": Party(society.former).build(rows),
            "since": Day(society.joined_on[society.again]).build(rows),
            "fraud": pa.array(society.rings.label[society.again] >= 0),
        }
    )


def rings(config: WorldConfig, society: Society) -> pa.Table:
    """One row per ring: who gains (or the victim), its sham firms, when it acts, and which carrier lies."""
    r = society.rings
    rows = np.arange(len(r.scheme))
    names = Party(r.firms).build(np.arange(len(r.firms))).to_pylist()
    firms = [names[f : f + n] for f, n in zip(r.first.tolist(), r.hands.tolist(), strict=True)]
    liar = society.first["carrier"] + config.carriers - 1
    return pa.table(
        {
            "ring": pa.array(rows),
            "scheme": words(SCHEMES, r.scheme),
            "seller": Party(r.seller, r.seller >= 0).build(rows),
            "firms": pa.array(firms, pa.list_(pa.string())),
            "since": Day(r.since).build(rows),
            "until": Day(r.until).build(rows),
            "contributor": Party(rows * 0 + liar, r.scheme == COLLUSION).build(rows),
        }
    )
