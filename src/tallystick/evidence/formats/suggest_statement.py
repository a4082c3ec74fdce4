"""Drafts of mappings for bank statements as tables: what came in and what went out, each a payment.

Idea: a statement is told by its text, whatever its columns are called: amounts of both signs (or a column for
each), somebody on the other side, and words about what was paid. The firm whose statement it is stands on one
side of every line, so a line in is a payment by the other side, and a line out one to it. The words of the line
lead to the bill (its number stands in them).

Worked example: `Buchungstag;Betrag;Auftraggeber/Empfänger;Verwendungszweck` with -120,00 for "Rechnung 4711"
becomes a payment of 120.00 from the owner, with that as its note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.details import account_of
from tallystick.evidence.formats.sniff import date_format
from tallystick.evidence.formats.sniff_numbers import MOST, number_form
from tallystick.evidence.formats.suggest import currency_line, left_over
from tallystick.evidence.formats.suggest_details import NOT_IN_FILTERS, comment, quoted
from tallystick.evidence.formats.suggest_fields import Sample, are_currencies, guess_kind
from tallystick.evidence.formats.suggest_parties import Own, own_side
from tallystick.evidence.formats.suggest_read import read_lines, without_nulls
from tallystick.evidence.formats.suggest_words import PAY_BY, WORDS, says

_SAID: Final = (
    "purpose verwendungszweck remittance description details narrative memo reference concepto libellé "
    "descrição causale omschrijving buchungstext 附言 用途 摘要"
)
_OTHER: Final = (
    "counterparty payee payer beneficiary begünstigter beguenstigter zahlungspflichtiger auftraggeber "
    "empfänger zahlungsempfänger partner ordenante beneficiario contrepartie tegenpartij name "
    "对方户名 对方名称 对方单位 对方"
)
_ACCOUNT: Final = "iban account konto kontonummer cuenta compte rekening 对方账号 账号 帐号"
"""Words of columns, the likelier first."""
_DAY: Final = (
    "buchungstag booking booked posted valuta value date datum fecha data 交易日期 记账日期 日期"
)
_IN: Final = (
    "credit haben eingang paid_in money_in deposit deposits crédit abono entrada 贷方 收入 存入"
)
_OUT: Final = (
    "debit soll ausgang paid_out money_out withdrawal withdrawals débit cargo salida 借方 支出 支取"
)
_BALANCE: Final = "balance saldo solde kontostand 余额"


@dataclass(frozen=True, slots=True)
class _Statement:
    """Columns of a statement. `came`, `went`: of amounts, the same where their sign says which it is."""

    day: Sample
    came: Sample
    went: Sample
    other: Sample
    said: Sample


def draft_statement(
    samples: Sequence[Sample], source: str, read: Sequence[str] = (), own: Own | None = None
) -> str | None:
    """The mapping of a bank statement as TOML text, None where a table is none; parameters as for
    `suggest.draft`."""
    cleaned = without_nulls(samples)
    kind, sure = guess_kind(source, [s.name for s in samples])
    found = _statement(cleaned) if kind == "payment" or sure == "low" else None
    if found is None:
        return None
    lines = [
        f"# Draft of a mapping for {comment(source)}: a bank statement. Check each line; `tallystick mapping "
        "check` shows what rows become.",
        *(own.as_contributor() if own else ()),
        *read_lines(read, samples, [found.day], [found.came, found.went]),
        *_documents(cleaned, found, own),
    ]
    lines += left_over(cleaned, "\n".join(lines))
    return "\n".join(lines) + "\n"


def _statement(samples: Sequence[Sample]) -> _Statement | None:
    dated = [s for s in samples if s.values and date_format(s.values)]
    numbers = [s for s in samples if s.values and number_form(s.values) and s not in dated]
    texts = [s for s in samples if s.values and s not in dated and s not in numbers]
    if any(says(s.name, PAY_BY) for s in dated):
        return None
    day, said = _best(dated, _DAY), _best(texts, _SAID)
    other = _best([s for s in texts if s is not said and not _accounts(s)], _OTHER)
    numbers = [
        s for s in numbers if not says(s.name, _BALANCE) and not set(s.name) & NOT_IN_FILTERS
    ]
    came, went = _amounts(numbers)
    if not (day and said and other and came and went):
        return None
    return _Statement(day, came, went, other, said)


def _best(samples: Sequence[Sample], words: str) -> Sample | None:
    """The column with the likeliest of some words in its name."""
    told = ((says(s.name, word), s) for word in words.split() for s in samples)
    found = [(sure, s) for sure, s in told if sure]
    return max(found, key=lambda one: one[0])[1] if found else None


def _amounts(numbers: Sequence[Sample]) -> tuple[Sample | None, Sample | None]:
    """The column of what came in and that of what went out; the same where amounts have both signs."""
    signed = [s for s in numbers if says(s.name, WORDS["amount"]) and _signs(s) == {True, False}]
    if signed:
        return signed[0], signed[0]
    return _best(numbers, _IN), _best(numbers, _OUT)


def _signs(sample: Sample) -> set[bool]:
    form = number_form(sample.values)
    found = [form.value(text) for text in sample.values] if form else []
    return {value > 0 for value in found if value}


def _accounts(sample: Sample) -> bool:
    return sum(bool(account_of(v)) for v in sample.values) >= MOST * len(sample.values)


def _documents(samples: Sequence[Sample], found: _Statement, own: Own | None) -> list[str]:
    mine = {role: own_side(role, own, "payment") for role in ("seller", "buyer")}
    other = _other(samples, found)
    way_in = {"seller": mine["seller"], "buyer": f"buyer = {other}"}
    way_out = {"buyer": mine["buyer"], "seller": f"seller = {other}"}
    signed = found.came is found.went
    return [
        *_payment(samples, found, found.came, ">" if signed else "", way_in),
        *_payment(samples, found, found.went, "<" if signed else "", way_out),
    ]


def _other(samples: Sequence[Sample], found: _Statement) -> str:
    """The other side, with the account that stands beside its name."""
    accounts = [s for s in samples if len(set(s.values)) > 1 and _accounts(s)]
    account = _best(accounts, _ACCOUNT)
    beside = f", account = {quoted(account.name)}" if account else ""
    return f"{{ name = {quoted(found.other.name)}{beside} }}"


def _payment(
    samples: Sequence[Sample],
    found: _Statement,
    amount: Sample,
    sign: str,
    sides: Mapping[str, str],
) -> list[str]:
    """The document of one way. `sign`: how amounts compare with nothing, "" where a column has one way only."""
    name = f'"{amount.name}"'
    when = f"number({name}) {sign} 0" if sign else f"{name} is not null and number({name}) != 0"
    value = quoted(amount.name)
    return [
        "",
        "[[document]]",
        'kind = "payment"  # confidence: medium; money moved from buyer to seller',
        f"when = '{when}'",
        f"happened_at = {quoted(found.day.name)}",
        f'amount = {{ column = {value}, negative = "abs" }}',
        _currency(samples, amount),
        f"note = {quoted(found.said.name)}  # the number of the bill in it leads to the bill",
        *sides.values(),
    ]


def _currency(samples: Sequence[Sample], amount: Sample) -> str:
    column = next((s for s in samples if are_currencies(s.values)), None)
    return f"currency = {quoted(column.name)}" if column else currency_line(amount)
