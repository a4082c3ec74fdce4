"""How a document is told: what all papers of a deal share, and who hands in which columns.

Idea: a `Teller` holds the numbers, parties and units of a chunk's deals, so that telling one kind of
document names only what is its own. Platform deals are numbered by the marketplace (namespace
`tradeport`); in trade deals every firm numbers its own papers, so that many buyers have an order 7, and
bank and carrier refer to those papers by number and party, as they do in truth.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tallystick.world.bargain import TERM_NAMES, Opening
from tallystick.world.columns import NAMESPACE, Code, Column, Day, Moment, Party, Whole, Word
from tallystick.world.companies import FAR, Bools, Companies, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.parts import FLAT, Parts
from tallystick.world.places import CURRENCY_CODES, UNITS

Columns = dict[str, Column]

_MARKET = """kind number namespace issued_on due_on deliver_on happened_at amount_minor currency
quantity_milli unit status reason fault terms incoterm score_ppm issuer_id recipient_id seller_id buyer_id
platform_id subject_id subject_name subject_country ref_rfq ref_quotation ref_order ref_proforma
ref_invoice ref_dispute"""
_BANK = """kind number namespace issued_on due_on happened_at amount_minor currency status fault terms
seller_id buyer_id bank_id ref_order ref_proforma ref_invoice"""
_CARRIER = """kind number namespace issued_on due_on happened_at status fault seller_id buyer_id
carrier_id ref_order ref_shipment"""
_CUSTOMS = """kind number namespace issued_on happened_at amount_minor currency quantity_milli unit
status issuer_id seller_id buyer_id ref_order ref_invoice"""
_INSURER = """kind number namespace issued_on due_on happened_at amount_minor currency status issuer_id
seller_id buyer_id insurer_id ref_order ref_policy ref_claim"""
_INSPECTOR = """kind number namespace issued_on happened_at status issuer_id seller_id buyer_id
ref_order"""
_DESCRIPTION = """subject_id subject_name subject_country subject_address subject_account subject_domain
subject_other_names subject_founded"""
_REGISTRY = "kind number issued_on due_on status subject_id subject_name subject_country"


class Teller:
    """The documents of one chunk. `buyer_number`, `seller_number`: what the firms number a deal's papers
    with (the deal's own number on the platform)."""

    def __init__(
        self,
        config: WorldConfig,
        companies: Companies,
        parts: Parts,
        opening: Opening,
        buyer_number: Ints,
        seller_number: Ints,
    ) -> None:
        self.o = opening
        self.config = config
        self.companies = companies
        self.parts = parts
        o = opening
        on_platform = np.where(o.trade, -1, 0)
        self.namespace = Word((NAMESPACE,), on_platform)
        self.order = Code("PO", buyer_number)
        self.rfq = Code("RQ", buyer_number)
        self.quotation = Code("QU", seller_number)
        self.invoice = Code("IN", seller_number)
        self.shipment = Code("WB", o.deal)
        self.currency = Word(CURRENCY_CODES, o.currency)
        self.unit = Word(UNITS, o.unit)
        self.terms = Word(TERM_NAMES, o.terms)
        self.seller, self.buyer = Party(o.seller), Party(o.buyer)
        self.carrier = Party(companies.first["carrier"] + o.carrier)
        self.bank = Party(companies.first["bank"] + o.bank)
        self.insurer = Party(companies.first["insurer"] + o.insurer)
        self.platform = self.service("platform")
        self.payment_service = self.service("payment_service")

    def service(self, role: str) -> Party:
        """The one company of a role, in every deal."""
        return Party(np.full_like(self.o.deal, self.companies.first[role]))

    def amount(self, minor: Ints) -> Columns:
        """Columns of an amount in the deal's currency."""
        return {"amount_minor": Whole(minor), "currency": self.currency}

    def quantity(self, units: Ints) -> Columns:
        """Columns of a quantity in whole units."""
        return {"quantity_milli": Whole(units * 1000), "unit": self.unit}

    def shared(self) -> Columns:
        """Columns of every document of a deal."""
        return {"namespace": self.namespace, "seller_id": self.seller, "buyer_id": self.buyer}

    def market(self, kind: str, day: Ints, step: int, columns: Mapping[str, Column]) -> None:
        """Told by the marketplace."""
        self.tell(("marketplace",), self.o.deal * 0, kind, day, step, columns)

    def carried(self, kind: str, day: Ints, step: int, columns: Mapping[str, Column]) -> None:
        """Told by the carrier of each deal."""
        self.tell(carriers(self.config), self.o.carrier, kind, day, step, columns)

    def tell(
        self,
        folders: tuple[str, ...],
        teller: Ints,
        kind: str,
        day: Ints,
        step: int,
        columns: Mapping[str, Column],
    ) -> None:
        """One kind of document of every deal whose `day` comes before the horizon."""
        rows = np.flatnonzero(day < self.config.horizon)
        common: Columns = {
            **self.shared(),
            "issued_on": Day(day),
            "happened_at": Moment(day, self.o.opened_us, step),
        }
        self.parts.say_each(folders, teller, kind, rows, {**common, **columns})


def told(seen: Bools, day: Ints) -> Ints:
    """`day` where somebody hands it in, `FAR` elsewhere."""
    return np.where(seen, day, FAR)


def banks(config: WorldConfig) -> tuple[str, ...]:
    """Folders of the banks."""
    return tuple(f"bank-{n + 1:02d}" for n in range(config.banks))


def carriers(config: WorldConfig) -> tuple[str, ...]:
    """Folders of the carriers."""
    return tuple(f"carrier-{n + 1:02d}" for n in range(config.carriers))


def folders(config: WorldConfig) -> dict[str, tuple[str, ...]]:
    """Folder of each contributor -> the columns of its files, in the order of `FLAT`."""
    texts = {
        "marketplace": _MARKET,
        "payment-service": _BANK,
        **dict.fromkeys(banks(config), _BANK),
        **dict.fromkeys(carriers(config), _CARRIER),
        "customs": _CUSTOMS,
        "insurer": _INSURER,
        "inspector": _INSPECTOR,
        "registry": _REGISTRY,
    }
    asked = _DESCRIPTION.split() if config.names == "varied" else []
    if config.world == "world-1":
        texts["marketplace"] += " subject_account"
    columns = {folder: {*text.split(), *asked} for folder, text in texts.items()}
    return {folder: tuple(n for n in FLAT.names if n in told) for folder, told in columns.items()}


def count_on(counter: Ints, party: Ints, counted: Bools) -> Ints:
    """The running number, from 1, of each counted row among the rows of its party; advances `counter`."""
    rows = np.flatnonzero(counted)
    order = rows[np.argsort(party[rows], kind="stable")]
    sorted_party = party[order]
    starts = np.searchsorted(sorted_party, sorted_party, side="left")
    number = np.zeros(len(party), dtype=np.int64)
    number[order] = counter[sorted_party] + np.arange(len(order)) - starts + 1
    np.add.at(counter, sorted_party, 1)
    return number
