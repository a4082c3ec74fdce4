"""Amazon's selling partner interfaces: orders of sellers, their money, and procurement from vendors.

Idea: who sells on a marketplace can fetch what happened as JSON. The answers are read as they were stored: a
table of JSON pointers says for each version of an interface where what matters stands.

Worked example: an order is an `order` of a pseudonymous consumer, its package a `dispatch`, the transaction
that pays the seller an `escrow_release` of the platform.

Sources: models of the interfaces (Apache-2.0): orders 2026-01-01 and 0, finances 2024-06-19, vendor orders,
shipments and invoices 1. `docs/reference/formats/amazon.md` has the tables in full.
"""

from tallystick.evidence.formats.amazon.reader import looks_like_amazon, read_amazon

__all__ = ["looks_like_amazon", "read_amazon"]
