"""A first draft of a mapping, from the header and a sample of a table nobody has described.

Idea: a header says what a column is called, the values say what it can be. A column becomes the due
date only where both agree; each guess carries its confidence as a comment, so that a person checks the
weak ones first. The draft always loads: what was not found stands there as a comment to fill in.

Worked example: `Rechnungsnummer;Rechnungsdatum;Fällig;Betrag` with `7;05.01.2024;04.02.2024;1.234,50`
becomes an invoice whose dates are read as `%d.%m.%Y` and whose amounts have decimal commas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tallystick.evidence.formats.sniff_numbers import currency_of, number_form
from tallystick.evidence.formats.suggest_details import comment, quoted
from tallystick.evidence.formats.suggest_fields import Guess, Sample, guess_fields, guess_kind
from tallystick.evidence.formats.suggest_parties import Own, party_lines
from tallystick.evidence.formats.suggest_read import read_lines, without_nulls
from tallystick.evidence.formats.suggest_steps import step_lines, steps_of, where_told
from tallystick.evidence.formats.suggest_words import (
    ARRIVED,
    KIND_WORDS,
    NUMBERS,
    PAID,
    PAY_BY,
    SHIP_BY,
    WORDS,
    says,
)
from tallystick.evidence.kinds import KINDS
from tallystick.units import CURRENCIES


def draft(
    samples: Sequence[Sample], source: str, read: Sequence[str] = (), own: Own | None = None
) -> str:
    """A mapping file as TOML text. `read`: lines of `[read]` that the opener of the file found out; `own`:
    whose export it is, the side that no column names."""
    cleaned = without_nulls(samples)
    kind, sure = guess_kind(source, [s.name for s in samples])
    steps = steps_of({s.name: s.values for s in cleaned}) if kind == "order" else {}
    guesses = guess_fields([s for s in cleaned if s.name not in steps.values()], kind)
    if not {"number", "issued_on"} <= guesses.keys():
        steps, guesses = {}, guess_fields(cleaned, kind)
    if _owed(guesses, kind, sure) and not steps:
        kind, sure = "invoice", "low; it says when money is due, which is an invoice's"
        guesses = guess_fields(cleaned, kind)
    if kind == "order" and "issued_on" in guesses and _says_paid(guesses):
        del guesses["happened_at"]  # the day on which an order was paid is not that of the order
    parties = party_lines(cleaned, guesses, kind, own)
    lines = [
        f"# Draft of a mapping for {comment(source)}. Check each line; `tallystick mapping check` "
        "shows what rows become.",
        *(own.as_contributor() if own else ()),
        *_read_lines(samples, cleaned, guesses, steps, read),
        "",
        "[[document]]",
        f'kind = "{kind}"  # confidence: {sure}; {KINDS[kind].meaning}',
        *_field_lines(cleaned, guesses, kind),
        *parties.values(),
        *_reference_lines(cleaned, guesses, kind),
        *_payment_lines(cleaned, guesses, kind, parties),
        *_step_lines(cleaned, guesses, steps, parties),
    ]
    lines += left_over(cleaned, "\n".join(lines))
    return "\n".join(lines) + "\n"


def _read_lines(
    raw: Sequence[Sample],
    samples: Sequence[Sample],
    guesses: Mapping[str, Guess],
    steps: Mapping[str, str],
    told: Sequence[str],
) -> list[str]:
    days = {g.column for f, g in guesses.items() if f.endswith(("_on", "_at"))} | {*steps.values()}
    numbers = {g.column for f, g in guesses.items() if f in NUMBERS}
    dated = [s for s in samples if s.name in days]
    return read_lines(told, raw, dated, [s for s in samples if s.name in numbers])


def _field_lines(samples: Sequence[Sample], guesses: dict[str, Guess], kind: str) -> list[str]:
    lines = []
    by_name = {sample.name: sample for sample in samples}
    fields = ["number", "issued_on", "due_on", "deliver_on", "happened_at", "quantity", "unit"]
    if _paid_later(guesses, kind):
        fields.remove("happened_at")
    for field in fields:
        if field in guesses:
            lines.append(_line(field, guesses[field]))
    if "amount" in guesses:
        lines += _money_lines(samples, guesses)
    if "score" in guesses and kind == "review":
        top = max(5, _largest(by_name[guesses["score"].column]))
        column = quoted(guesses["score"].column)
        lines.append(
            f"score = {{ column = {column}, lowest = 1, highest = {top} }}  # confidence: medium"
        )
    if "status" in guesses and KINDS[kind].statuses:
        seen = sorted(set(by_name[guesses["status"].column].values))[:8]
        lines.append(
            f"# status = {{ column = {quoted(guesses['status'].column)}, map = {{ ... }} }}  # TODO: "
            f"seen {comment(', '.join(seen))}; allowed {', '.join(KINDS[kind].statuses)}"
        )
    if not {"issued_on", "happened_at"} & guesses.keys():
        lines.append('# issued_on = "..."  # TODO: no date was found, and every document needs one')
    return lines


def _money_lines(samples: Sequence[Sample], guesses: dict[str, Guess]) -> list[str]:
    """The amount, and its currency."""
    amounts = next(s for s in samples if s.name == guesses["amount"].column)
    told = guesses.get("currency")
    currency = _told_currency(samples, told) if told else currency_line(amounts)
    return [_line("amount", guesses["amount"]), currency]


def _told_currency(samples: Sequence[Sample], told: Guess) -> str:
    """The column of the currency; where it gives names, with the codes that these mean."""
    values = next(s.values for s in samples if s.name == told.column)
    named = {v: currency_of(v) for v in dict.fromkeys(values) if v.upper() not in CURRENCIES}
    known = [f"{quoted(name)} = {quoted(code)}" for name, code in named.items() if code]
    if not known:
        return _line("currency", told)
    listed = f"{{ column = {quoted(told.column)}, map = {{ {', '.join(known)} }}, keep = true }}"
    return f"currency = {listed}  # confidence: medium"


def currency_line(amounts: Sample) -> str:
    """The currency of amounts that have no column of it beside them."""
    form = number_form(amounts.values)
    if form is None or not form.beside:
        return 'currency = { const = "EUR" }  # TODO: no currency column; say which it is'
    seen = comment(", ".join(form.beside))
    if not form.currency:
        return (
            f'currency = {{ const = "EUR" }}  # TODO: amounts have {seen}; say which currency it is'
        )
    return f'currency = {{ const = "{form.currency}" }}  # confidence: medium; amounts have {seen}'


def _largest(scores: Sample) -> int:
    form = number_form(scores.values)
    found = [form.value(text) for text in scores.values] if form else []
    return max((int(n) for n in found if n is not None), default=0)


def _line(field: str, guess: Guess) -> str:
    return f"{field} = {quoted(guess.column)}  # confidence: {guess.confidence}"


def _reference_lines(samples: Sequence[Sample], guesses: dict[str, Guess], kind: str) -> list[str]:
    taken = {guess.column for guess in guesses.values()}
    references = []
    for other in ("order", "invoice", "quotation", "shipment"):
        for sample in samples:
            named = says(sample.name, KIND_WORDS[other]) and says(sample.name, WORDS["number"])
            if other != kind and sample.name not in taken and named and sample.values:
                references.append(f'{{ kind = "{other}", number = {quoted(sample.name)} }}')
                break
    return [f"references = [{', '.join(references)}]  # confidence: medium"] if references else []


def _owed(guesses: dict[str, Guess], kind: str, sure: str) -> bool:
    """Whether what looks like a table of orders says when their money was due, and when it was paid or nothing
    of orders: only an invoice promises payment, so as orders they would rate no payer."""
    if kind != "order" or not {"due_on", "amount"} <= guesses.keys():
        return False
    due = guesses["due_on"].column
    of_money = says(due, PAY_BY) and not says(due, SHIP_BY)
    return bool(of_money) and (_says_paid(guesses) or sure == "low")


def _says_paid(guesses: dict[str, Guess]) -> bool:
    """Whether what happened, by the table, is that it was paid."""
    return "happened_at" in guesses and bool(says(guesses["happened_at"].column, PAID))


def _paid_later(guesses: dict[str, Guess], kind: str) -> bool:
    """Whether a table of invoices also says when each was paid: that is a document of its own."""
    return kind == "invoice" and {"happened_at", "issued_on", "amount"} <= guesses.keys()


def _payment_lines(
    samples: Sequence[Sample], guesses: dict[str, Guess], kind: str, parties: Mapping[str, str]
) -> list[str]:
    if not _paid_later(guesses, kind):
        return _unpaid_warning(guesses, kind)
    paid = guesses["happened_at"]
    fields = {f: g for f, g in guesses.items() if f in {"happened_at", "amount", "currency"}}
    fields |= _amount_paid(samples, guesses)
    lines = [
        "",
        "[[document]]",
        f'kind = "payment"  # confidence: {paid.confidence}; the table also says when it was paid',
        where_told(paid.column),
        *_field_lines(samples, fields, "payment"),
    ]
    # a bill is numbered by its seller: without it the payment would find none
    lines += [parties[role] for role in ("seller", "buyer") if role in parties]
    if "number" in guesses:
        number = quoted(guesses["number"].column)
        lines.append(f'references = [{{ kind = "invoice", number = {number} }}]')
    return lines


def _amount_paid(samples: Sequence[Sample], guesses: dict[str, Guess]) -> dict[str, Guess]:
    """The column of the amount that was paid, where it is another than that of the bill."""
    told = [s for s in samples if says(s.name, PAID) and says(s.name, WORDS["amount"])]
    columns = [s.name for s in told if number_form(s.values) and s.name != guesses["amount"].column]
    return {"amount": Guess(columns[0], "medium")} if columns else {}


def _unpaid_warning(guesses: dict[str, Guess], kind: str) -> list[str]:
    """Bills of which nobody says that they were paid would all rate their buyers as not paying."""
    if kind != "invoice" or "due_on" not in guesses:
        return []
    return [
        "# TODO: no column says when these were paid. Hand in the payments too (your bank statement): "
        "without them each counts as unpaid once it is due"
    ]


def _step_lines(
    samples: Sequence[Sample],
    guesses: dict[str, Guess],
    steps: dict[str, str],
    parties: Mapping[str, str],
) -> list[str]:
    if not steps:
        return []
    money = {f: g for f, g in guesses.items() if f in {"amount", "currency"}}
    lines = _money_lines(samples, money) if "amount" in money else []
    number, issued_on = guesses["number"].column, guesses["issued_on"].column
    received = _quantity_received(samples) if "arrived" in steps else None
    return step_lines(steps, number, issued_on, lines, parties, received)


def _quantity_received(samples: Sequence[Sample]) -> str | None:
    told = (s for s in samples if says(s.name, ARRIVED) and says(s.name, WORDS["quantity"]))
    return next((s.name for s in told if number_form(s.values)), None)


def left_over(samples: Sequence[Sample], drafted: str) -> list[str]:
    """The columns that no line of the draft names."""
    lines = [
        f"#   {comment(sample.name)}: {comment(', '.join(sample.values[:3]))[:80]}"
        for sample in samples
        if quoted(sample.name) not in drafted
    ]
    return (
        ["", "# Columns that are not used so far, with their first values:", *lines]
        if lines
        else []
    )
