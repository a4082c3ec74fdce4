"""Money as banks write it: what a reader of payments checks before it hands a statement on.

Idea: the rules of every document (`evidence.rules`) say what a mapping would have to change. Who sends a
bank's file cannot map anything; the same faults have fixes of their own here, and two that only money has: an
amount of nothing, and one with more decimals than its currency.

>>> fault_of(Said("payment", amount="1.005", currency="EUR"), "payer and payee").rule
'amount-too-precise'
"""

from __future__ import annotations

from tallystick.evidence.formats.numbers import decimal_of
from tallystick.evidence.identifiers import shown_name
from tallystick.evidence.kinds import KINDS
from tallystick.evidence.said import PartySaid, Reject, Said
from tallystick.units import CURRENCIES


def fault_of(said: Said, fix: str) -> Reject | None:
    """Why a statement about money is not one, or None. `fix`: what to do where a party is missing."""
    if said.amount is not None and (fault := _of_amount(said)) is not None:
        rule, message, remedy = fault
        return Reject(said.source, said.row, "amount", rule, message, remedy, said.amount[:80])
    for role in KINDS[said.kind].needs:
        if not _is_named(said.parties.get(role)):
            message = f"the {said.kind} does not say who the {role} is"
            return Reject(said.source, said.row, role, "party-missing", message, fix)
    return None


def _of_amount(said: Said) -> tuple[str, str, str] | None:
    amount, currency = decimal_of(said.amount), said.currency or ""
    if amount is None:
        return (
            "amount-not-a-number",
            f"{(said.amount or '')[:40]!r} is not an amount",
            "write digits with a decimal point and nothing else, as 1234.50",
        )
    if not currency:
        return (
            "amount-without-currency",
            f"the amount {said.amount} has no currency",
            "give its currency (Ccy, the opening balance :60F:, or in MOA) as a code of ISO 4217",
        )
    if amount == 0:
        return (
            "amount-zero",
            "the amount is zero, so no money moved",
            "leave the entry out, or give the amount that was booked",
        )
    if amount < 0:
        return (
            "amount-negative",
            f"the amount {said.amount} is negative",
            "give it without a sign; whether it is a credit or a debit is said beside it",
        )
    decimals = CURRENCIES.get(currency.upper())
    if decimals is not None and -int(amount.normalize().as_tuple().exponent) > decimals:
        return (
            "amount-too-precise",
            f"{said.amount} has more decimals than {currency} has ({decimals})",
            "give the amount that was booked, in whole minor units",
        )
    return None


def _is_named(party: PartySaid | None) -> bool:
    return party is not None and bool(party.ids or shown_name(party.name))
