"""A law of ledgers, tried on random histories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from ledger_language import ADAPTERS, Open, each, live, staged


class LedgerLaw(RuleBasedStateMachine):
    """Whatever is done in whatever order: at each known time the book shows each document of the batches
    live then exactly once, and what it once showed for a past time it shows for ever."""

    opener: Open
    folders: Iterator[Path]

    @initialize()
    def start(self) -> None:
        self.path = next(self.folders)
        self.ledger = self.opener(self.path)
        self.clock = 0
        self.batches: dict[str, tuple[int, frozenset[str]]] = {}
        self.retracted: dict[str, int] = {}

    @rule(words=st.frozensets(st.sampled_from("abcdefg"), max_size=4), wait=st.integers(0, 2))
    def commit(self, words: frozenset[str], wait: int) -> None:
        self.clock += wait
        name = f"batch-{len(self.batches)}"
        receipt = self.ledger.commit(staged(name, sorted(words)), self.clock)
        assert receipt.batch.accepted + receipt.batch.duplicate == len(words)
        self.batches[name] = (self.clock, words)

    @rule(data=st.data(), wait=st.integers(0, 2), early=st.booleans())
    def retract(self, data: st.DataObject, wait: int, early: bool) -> None:
        if self.batches:
            name = data.draw(st.sampled_from(sorted(self.batches)))
            self.clock += 0 if early else wait
            # `early` retractions are dated ahead: later batches may be recorded before them.
            at = self.clock + (5 if early else 0)
            self.ledger.retract(name, "law", at)
            self.retracted.setdefault(name, at)

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        if self.batches:
            name = data.draw(st.sampled_from(sorted(self.batches)))
            assert not self.ledger.commit(staged(name, self.batches[name][1]), self.clock).new

    @rule()
    def seal(self) -> None:
        self.ledger.seal()

    @rule()
    def reopen(self) -> None:
        self.ledger = self.opener(self.path)

    @invariant()
    def shows_what_was_known(self) -> None:
        for at in {0, self.clock // 2, self.clock, self.clock + 9}:
            known = {
                word
                for name, (recorded, words) in self.batches.items()
                if recorded <= at < self.retracted.get(name, at + 1)
                for word in words
            }
            assert live(self.ledger.snapshot(at)) == each(*known)


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_law(adapter: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    def folders() -> Iterator[Path]:
        while True:
            yield tmp_path_factory.mktemp("law") / "book"

    machine = type(
        "Law", (LedgerLaw,), {"opener": staticmethod(ADAPTERS[adapter]), "folders": folders()}
    )
    case = machine.TestCase
    case.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
    case().runTest()
