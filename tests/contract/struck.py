"""What was struck and what says the same again, to be left out alike on every engine: see `add_struck`.

Six bills of 1,000 dollars of one market and who their seller is. Two bills are struck, a third is struck and
restored, and who the seller is is struck, too. Then the market hands in the first bill again and a correction
of the second, and the bank says the first and another: five bills are to be paid, one of them at 900.
"""

from __future__ import annotations

from tallystick.book import Book
from tallystick.evidence.ledger import Contributor

BUYER = "Nairobi Imports"
PAYS_MINOR = [90000, *[100000] * 4]
"""What `BUYER` promises to pay, in cents, once all that is done."""


def bill(number: int, **changed: object) -> dict[str, object]:
    parties = {
        "seller": {"name": "Bluewhale", "country": "CN", "ids": {"id:shop": "17"}},
        "buyer": {"name": BUYER, "country": "KE", "ids": {"id:shop": "b1"}},
    }
    return {
        "kind": "invoice",
        "number": f"I{number}",
        "issued_on": "2024-02-01",
        "due_on": "2024-03-01",
        "terms": "open_account",
        "amount": "1000",
        "currency": "USD",
        "parties": parties,
    } | changed


def add_struck(book: Book) -> None:
    """Hand all that in to an empty book."""
    market, bank = Contributor("the market", "marketplace"), Contributor("the bank", "bank")
    joint = {"name": "Bluewhale", "country": "CN", "ids": {"id:shop": "17", "id:bank": "88"}}
    profile = {"kind": "profile", "issued_on": "2024-01-01", "parties": {"subject": joint}}
    book.add([*(bill(n) for n in range(6)), profile], market)
    rows = {r["number"]: r["doc_id"] for r in book.ledger.snapshot().inbox_documents.to_pylist()}
    book.strike([rows["I1"], rows[None]], "dispute 1", "Ada")
    book.strike([rows["I2"]], "dispute 2", "Ada", "wrong_amount")
    book.strike([rows["I3"]], "dispute 3", "Ada")
    book.restore([rows["I3"]], "a mistake", "Ada")
    book.add([bill(1, note="again"), bill(2, due_on="2024-03-09")], market)
    book.add([bill(2, amount="900", action="correct")], market)
    book.add([bill(1), bill(4)], bank)
