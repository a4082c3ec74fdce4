"""A book to try in: it says what handing in would, and takes nothing.

Batches are judged as the real book would judge them (what it holds already, what they correct, what was
struck), and kept in a book beside it, so that a second file of the same upload finds what the first one said.
What others hand in meanwhile is not foreseen, and neither is what the batch would do to ratings.
"""

from __future__ import annotations

from pathlib import Path

from tallystick.adapters.holding import with_held
from tallystick.adapters.striking import with_struck
from tallystick.book import Book
from tallystick.evidence.ledger import Receipt, Staged


class Trial(Book):
    """Tries batches for `book`; what it needs to remember lies in `folder`, which is thrown away afterwards."""

    def __init__(self, book: Book, folder: Path) -> None:
        super().__init__(folder, create=True, settings=book.settings)
        self._real = book.ledger

    def _commit(self, staged: Staged, at_us: int | None) -> Receipt:
        staged = with_struck(with_held(staged, self._real, self.ledger), self._real)
        receipt = self._real.foresee(staged, self.ledger)
        self.ledger.commit(staged, at_us)
        return receipt
