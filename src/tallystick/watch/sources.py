"""Contributors whose evidence stands alone: nobody else sees what they see, or others say otherwise.

Idea: who forges records must invent deals that nobody else takes part in, or contradict those who did. Both are
counted per contributor against what is usual among the contributors of the same book: where every shop hands in
its own books, standing alone is usual and no sign of anything.

Worked example: a marketplace is the only one to speak of 95 of its 100 deals, where the one in
the middle is alone in one of ten: 288 bits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.units import PPM
from tallystick.watch.alert import MOST_DEALS, Alert
from tallystick.watch.chance import Floats, bits_of, strength
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.trade import Bools, Ints

LONE: Final = "lone_contributor"
ODD: Final = "odd_contributor"

TOLD: Final = pa.schema(
    [
        pa.field("deal", pa.int64(), nullable=False),
        pa.field("contributor", pa.string(), nullable=False),
        pa.field("day", pa.int32()),
        pa.field("odd", pa.bool_(), nullable=False),
    ]
)
"""Who spoke of a deal, once each: since when, and whether another contradicts it."""

WORDS: Final = {
    LONE: (
        "{name} is the only one to speak of {k} of its {n} deals; others are usually joined by somebody.",
        "{name} 的 {n} 笔交易中有 {k} 笔只有其一方提供证据，而其他数据提供方通常有旁证。",
        "Ask two buyers of such deals whether they know of them; ask a carrier or a bank for any trace.",
        "抽查其中两笔交易的买方是否知情，并向承运人或银行查找任何痕迹。",
    ),
    ODD: (
        "What {name} says is contradicted by others in {k} of the {n} deals that they share.",
        "在与其他方共有的 {n} 笔交易中，{name} 的说法有 {k} 笔与他方相矛盾。",
        "Compare its documents with those of carrier and bank, deal by deal, and ask it for the originals.",
        "逐笔与承运人和银行的单据核对，并要求其提供原件。",
    ),
}


def find_sources(told: pa.Table, as_of_day: int, policy: WatchPolicy) -> list[Alert]:
    """Alerts on contributors, out of a table of schema TOLD."""
    if not len(told):
        return []
    code = pc.dictionary_encode(told["contributor"].combine_chunks())
    who = code.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    names = code.dictionary.to_pylist()
    _, deal, count = np.unique(told["deal"].to_numpy(), return_inverse=True, return_counts=True)
    alone = count[deal] == 1
    odd = told["odd"].to_numpy(zero_copy_only=False) & ~alone
    whole, shared = (np.bincount(who[r], minlength=len(names)) for r in (alone | ~alone, ~alone))
    alerts = []

    def tell(pattern: str, n: int, rows: Bools, among: Ints, bits: Floats) -> None:
        mine = told.filter(pa.array(rows & (who == n)))
        weight = strength(bits[n], policy.bits)
        alerts.append(_alert(pattern, names[n], mine, int(among[n]), weight, as_of_day))

    found = np.bincount(who[alone], minlength=len(names))
    bits = _bits(found, whole, policy)
    lone = (bits >= policy.bits) & (found * PPM >= policy.sole_ppm * whole)
    for n in np.flatnonzero(lone).tolist():
        tell(LONE, n, alone, whole, bits)
    while True:  # the oddest first: who is contradicted by it alone is not odd
        found = np.bincount(who[odd], minlength=len(names))
        bits = np.where(found >= policy.odd_least, _bits(found, shared, policy), 0)
        n = int(np.argmax(bits))
        if bits[n] < policy.bits:
            return alerts
        tell(ODD, n, odd, shared, bits)
        odd &= ~np.isin(deal, deal[odd & (who == n)])


def _bits(found: Ints, among: Ints, policy: WatchPolicy) -> Floats:
    """Bits of each contributor's count against what is usual: the share in the middle of them all, since they
    are few."""
    known = among > 0
    share = np.median(found[known] / among[known]) if known.any() else 0
    usual = np.clip(share, policy.usual_floor_ppm / PPM, 1 - 1e-6)
    bits = bits_of(found, among, np.full(len(found), usual))
    return np.where(among >= policy.sole_deals, bits, 0)


def _alert(
    pattern: str, name: str, rows: pa.Table, among: int, weight: int, as_of_day: int
) -> Alert:
    rows = rows.sort_by([("day", "descending"), ("deal", "ascending")])
    first = pc.min(rows["day"]).as_py()
    english, chinese, look, look_chinese = (
        text.format(name=name, k=len(rows), n=among) for text in WORDS[pattern]
    )
    return Alert(
        pattern,
        (),
        tuple(sorted(rows["deal"].to_pylist()[:MOST_DEALS])),
        as_of_day if first is None else first,
        weight,
        english,
        chinese,
        look,
        look_chinese,
        (name,),
    )
