"""Strategies put to the test: where each leaves its target among the honest sellers of a market.

Idea: if a company's score depends only on its counterparties and on theirs, many strategies can be scored in
one go, each in a neighbourhood of its own: the target and all that the attacker made under keys of their own,
the honest buyers whom it deals with as copies with their records, and the sellers of those records as
stand-ins whom nobody reads. So two hundred strategies cost little more than one, and none sees another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.world.attack.market import FIRST_BUYER, OWN, Market, companies
from tallystick.world.attack.rows import Ints, Rows, joined, promises
from tallystick.world.attack.schemes import Attack
from tallystick.world.attack.scorer import Floats, Rater, Scorer, percentiles

STRIDE: Final = 100_000
COPIES: Final = 50_000
"""In the neighbourhood of attack n keys begin at OWN + n * STRIDE; copies of buyers at COPIES of those."""

STAND_INS: Final = 5_000_000
ROWS_AT_ONCE: Final = 400_000


@dataclass(frozen=True, slots=True)
class Reached:
    """Where attacks led, one element for each: percentile among honest sellers, grade ("" for none), money
    proven (infinite where the rating knows no limit), risk as the rating says it."""

    percentile: Floats
    grade: list[str]
    proven_cents: Floats
    risk: Floats


class Trial:
    """A rating that has learnt from one market, to be attacked."""

    def __init__(self, scorer: Scorer, market: Market) -> None:
        self.market, self.together = market, scorer.together
        self.rate: Rater = scorer.learn(market)
        scores = self.rate(market.promises, market.companies)
        place = np.searchsorted(scores["company"].to_numpy(), market.sellers)
        self.honest = scores.take(place)
        self.honest_risk: Floats = self.honest["risk"].to_numpy()
        self._by_buyer = np.argsort(market.record.promisee, kind="stable")
        self._buyers = market.record.promisee[self._by_buyer]

    def reached(self, attacks: Sequence[Attack]) -> Reached:
        """Where each attack leads."""
        tables = self._apart(attacks) if not self.together else self._in_one_go(attacks)
        scores = pa.concat_tables(tables)
        risk = scores["risk"].to_numpy()
        return Reached(
            percentiles(risk, self.honest_risk),
            [grade or "" for grade in scores["grade"].to_pylist()],
            scores["proven_cents"].cast(pa.float64()).fill_null(np.inf).to_numpy(),
            risk,
        )

    def _apart(self, attacks: Sequence[Attack]) -> list[pa.Table]:
        """Each attack in the whole market."""
        out = []
        for attack in attacks:
            told = promises(joined([self.market.record, attack.added]))
            known = pa.concat_tables([self.market.companies, attack.companies])
            out.append(_of(self.rate(told, known), np.array([attack.target])))
        return out

    def _in_one_go(self, attacks: Sequence[Attack]) -> list[pa.Table]:
        """Attacks in neighbourhoods beside one another, so many at once that memory stays small."""
        out: list[pa.Table] = []
        waiting: list[tuple[Rows, pa.Table, int]] = []
        for n, attack in enumerate(attacks):
            waiting.append(self._neighbourhood(attack, n))
            if sum(len(found) for found, _, _ in waiting) > ROWS_AT_ONCE or n + 1 == len(attacks):
                told = promises(joined([found for found, _, _ in waiting]))
                known = pa.concat_tables([self._stand_ins(), *(known for _, known, _ in waiting)])
                targets = np.array([target for _, _, target in waiting])
                out.append(_of(self.rate(told, known), targets))
                waiting = []
        return out

    def _neighbourhood(self, attack: Attack, n: int) -> tuple[Rows, pa.Table, int]:
        """Promises, companies and target of one attack, under keys that no other has."""
        record, base = self.market.record, OWN + n * STRIDE
        own = joined([record.take(record.promisor == attack.target), attack.added])
        buyers = np.unique(own.promisee[own.promisee < OWN])
        histories = record.take(self._rows_of(buyers))
        histories = histories.take(histories.promisor != attack.target)
        both = joined([own, histories])
        target = base + COPIES - 1 if attack.target < OWN else base + attack.target - OWN

        def moved(keys: Ints) -> Ints:
            copies = np.where(
                keys >= FIRST_BUYER, base + COPIES + keys - FIRST_BUYER, STAND_INS + keys
            )
            found: Ints = np.where(keys >= OWN, base + keys - OWN, copies)
            return np.where(keys == attack.target, target, found)

        told = Rows(
            moved(both.promisor), moved(both.promisee), both.day, both.cents, both.broken, both.told
        )
        known = [attack.companies, self._known(buyers)]
        if attack.target < OWN:
            known.append(companies(np.array([attack.target]), "target", 0))
        table = pa.concat_tables(known)
        keys = pa.array(moved(table["company"].to_numpy()))
        return told, table.set_column(0, table.schema.field(0), keys), target

    def _rows_of(self, buyers: Ints) -> Ints:
        """Places in the record of all promises to these buyers."""
        first = np.searchsorted(self._buyers, buyers, side="left")
        last = np.searchsorted(self._buyers, buyers, side="right")
        count = last - first
        start = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
        return self._by_buyer[start + np.arange(count.sum())] if len(buyers) else self._by_buyer[:0]

    def _stand_ins(self) -> pa.Table:
        """What is known of honest sellers, of their stand-ins."""
        known = self.market.companies[: len(self.market.sellers)]
        keys = pa.array(known["company"].to_numpy() + STAND_INS)
        return known.set_column(0, known.schema.field(0), keys)

    def _known(self, buyers: Ints) -> pa.Table:
        """What is known of honest buyers."""
        return self.market.companies.take(len(self.market.sellers) + buyers - FIRST_BUYER)


def _of(scores: pa.Table, targets: Ints) -> pa.Table:
    return scores.take(np.searchsorted(scores["company"].to_numpy(), targets))
