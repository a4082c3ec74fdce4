"""Evidence: what was said, by whom, when it was so and when it was learnt.

Readers (`evidence.formats`) turn files into `Said`; `evidence.document.canonicalise` checks and converts them;
a `Ledger` keeps them in batches that are taken whole, once, and can be retracted.
"""

from tallystick.evidence.details import Details
from tallystick.evidence.ledger import (
    Batch,
    Contributor,
    EvidenceError,
    Ledger,
    Receipt,
    Snapshot,
    Staged,
)
from tallystick.evidence.said import PartySaid, Reject, Said

__all__ = [
    "Batch",
    "Contributor",
    "Details",
    "EvidenceError",
    "Ledger",
    "PartySaid",
    "Receipt",
    "Reject",
    "Said",
    "Snapshot",
    "Staged",
]
