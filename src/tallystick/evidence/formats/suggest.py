"""A first draft of a mapping, from the header and a sample of a table nobody has described.

Idea: a header says what a column is called, the values say what it can be. A column becomes the due
date only where both agree; each guess carries its confidence as a comment, so that a person checks the
weak ones first. The draft always loads: what was not found stands there as a comment to fill in.

Worked example: `Rechnungsnummer;Rechnungsdatum;Fällig;Betrag` with `7;05.01.2024;04.02.2024;1.234,50`
becomes an invoice whose dates are read as `%d.%m.%Y` and whose amounts have decimal commas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.formats.sniff import ISO, date_format, is_dated
from tallystick.evidence.formats.sniff_numbers import NumberForm, number_form
from tallystick.evidence.formats.suggest_details import (
    comment,
    detail_of,
    details_beside,
    quoted,
)
from tallystick.evidence.formats.suggest_steps import step_lines, steps_of, where_told
from tallystick.evidence.formats.suggest_words import (
    COUNTRY,
    KIND_WORDS,
    NAME,
    NUMBERED,
    NUMBERS,
    PAID,
    PAY_BY,
    PLANNED,
    ROLES,
    SHIP_BY,
    WORDS,
    says,
)
from tallystick.evidence.kinds import KINDS
from tallystick.units import CURRENCIES

_NULLS: Final = ("NA", "N/A", "NULL", "null", "None", "-", "nan")


@dataclass(frozen=True, slots=True)
class Sample:
    """A column of a sample. `values`: its cells that are not empty."""

    name: str
    values: tuple[str, ...]

    @property
    def distinct(self) -> float:
        """Share of the values that are different."""
        return len(set(self.values)) / len(self.values) if self.values else 0.0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a field is taken from, and how sure that is (`high`, `medium` or `low`)."""

    column: str
    confidence: str


def draft(samples: Sequence[Sample], source: str, read: Sequence[str] = ()) -> str:
    """A mapping file as TOML text. `read`: lines of `[read]` that the opener of the file found out."""
    cleaned = [Sample(s.name, tuple(v for v in s.values if v not in _NULLS)) for s in samples]
    kind, sure = guess_kind(source, [s.name for s in samples])
    steps = steps_of({s.name: s.values for s in cleaned}) if kind == "order" else {}
    guesses = guess_fields([s for s in cleaned if s.name not in steps.values()], kind)
    if not {"number", "issued_on"} <= guesses.keys():
        steps, guesses = {}, guess_fields(cleaned, kind)
    if _owed(guesses, kind):
        kind, sure = "invoice", "low; it says when money was due and paid, which is an invoice's"
        guesses = guess_fields(cleaned, kind)
    if kind == "order" and "issued_on" in guesses and _says_paid(guesses):
        del guesses["happened_at"]  # the day on which an order was paid is not that of the order
    lines = [
        f"# Draft of a mapping for {comment(source)}. Check each line; `tallystick mapping check` "
        "shows what rows become.",
        *_read_lines(samples, cleaned, guesses | _days(steps), read),
        "",
        "[[document]]",
        f'kind = "{kind}"  # confidence: {sure}; {KINDS[kind].meaning}',
        *_field_lines(cleaned, guesses, kind),
        *_party_lines(cleaned, guesses, kind),
        *_reference_lines(cleaned, guesses, kind),
        *_payment_lines(cleaned, guesses, kind),
        *_step_lines(cleaned, guesses, steps),
    ]
    lines += _left_over(cleaned, "\n".join(lines))
    return "\n".join(lines) + "\n"


def guess_kind(source: str, header: Sequence[str]) -> tuple[str, str]:
    """Kind of document by the words of the file's name, else of its header."""
    for text, sure in ((source, "high"), (" ".join(header), "medium")):
        folded = text.casefold()
        for kind, words in KIND_WORDS.items():
            if any(word in folded for word in words.split()):
                return kind, sure
    return "order", "low"


def guess_fields(samples: Sequence[Sample], kind: str) -> dict[str, Guess]:
    """Field -> the column that it is most likely taken from. No column serves two fields."""
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for field in WORDS:
        best = max(
            (s for s in samples if s.name not in taken),
            key=lambda sample, field=field: _fit(field, sample, kind),  # type: ignore[misc]
            default=None,
        )
        points = _fit(field, best, kind) if best is not None else 0.0
        if best is not None and points >= 1:
            found[field] = Guess(best.name, _sure(points))
            taken.add(best.name)
    return found


def _sure(points: float) -> str:
    return "high" if points >= 2 else "medium" if points >= 1.5 else "low"


def _fit(field: str, sample: Sample, kind: str) -> float:
    """How well a column fits a field: words in its name, and values that the field may hold."""
    if detail_of(sample.name, sample.values) not in (None, "place"):
        return 0.0
    word = says(sample.name, WORDS[field])
    dated, numeric = date_format(sample.values) is not None, number_form(sample.values) is not None
    if field in {"due_on", "deliver_on", "issued_on", "happened_at"}:
        if field == "due_on" and says(sample.name, SHIP_BY) and says(sample.name, PLANNED):
            word = 1.0
        own = says(sample.name, KIND_WORDS.get(kind, kind)) if field == "issued_on" else 0.0
        spare = 1.1 if field == "issued_on" else 0.6
        return ((1.0 + word + own / 2) if word else spare) if dated else 0.0
    if field == "currency":
        coded = bool(sample.values) and all(v.upper() in CURRENCIES for v in sample.values)
        return word + coded * 1.5
    if field in NUMBERS:
        coded = says(sample.name, WORDS["number"]) > 0 and field != "quantity"
        return (1.0 + word) if word and numeric and not dated and not coded else 0.0
    if field == "number":
        own = says(sample.name, KIND_WORDS.get(kind, kind))
        return (word + own + sample.distinct * 0.8) if word and not dated else 0.0
    if field in {"seller", "buyer", "carrier"}:
        return 1.0 + word * 0.9 - says(sample.name, COUNTRY) * 2 if word and not dated else 0.0
    return 1.0 + word * 0.6 if word and not dated else 0.0


def _read_lines(
    raw: Sequence[Sample],
    samples: Sequence[Sample],
    guesses: dict[str, Guess],
    read: Sequence[str],
) -> list[str]:
    lines = list(read)
    nulls = sorted({v for s in raw for v in s.values if v in _NULLS})
    if nulls:
        listed = ", ".join(quoted(text) for text in ["", *nulls])
        lines.append(f"null = [{listed}]  # confidence: medium")
    by_name = {sample.name: sample for sample in samples}
    lines += _number_lines(_number_forms(by_name, guesses))
    formats = _formats(by_name, guesses)
    if formats and not set(formats) <= set(ISO):
        listed = ", ".join(quoted(text) for text in formats)
        lines.append(f"dates = [{listed}]  # confidence: {_date_sure(by_name, guesses)}")
    return ["", "[read]", *lines] if lines else []


def _number_forms(by_name: dict[str, Sample], guesses: dict[str, Guess]) -> list[NumberForm]:
    forms = (number_form(by_name[g.column].values) for f, g in guesses.items() if f in NUMBERS)
    return [form for form in forms if form is not None]


def _number_lines(forms: Sequence[NumberForm]) -> list[str]:
    """What the columns of numbers say of marks; the most widely grouped of them says it for all."""
    lines = []
    if any(form.decimal == "," for form in forms):
        lines.append('decimal = ","  # confidence: high')
    grouped = [form.thousands for form in forms if form.thousands]
    if grouped:
        sure = "medium" if grouped[0] == "." else "high"
        lines.append(f"thousands = {quoted(grouped[0])}  # confidence: {sure}")
    beside = sorted({sign for form in forms for sign in form.beside})
    if beside:
        lines.append(f"beside = [{', '.join(map(quoted, beside))}]  # confidence: high")
    return lines


def _formats(by_name: dict[str, Sample], guesses: dict[str, Guess]) -> list[str]:
    found = [
        date_format(by_name[guess.column].values)
        for field, guess in guesses.items()
        if field.endswith(("_on", "_at"))
    ]
    return list(dict.fromkeys(f for f in found if f is not None))


def _date_sure(by_name: dict[str, Sample], guesses: dict[str, Guess]) -> str:
    """Low where day and month could be swapped and every value would still be a date."""
    for field, guess in guesses.items():
        values = by_name[guess.column].values
        ways = [{f for f in ("%d/%m/%Y", "%m/%d/%Y") if is_dated(v, f)} for v in values[:200]]
        if field.endswith("_on") and any(ways) and all(len(w) != 1 for w in ways):
            return "low; day and month may be swapped"
    return "high"


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
    currency = _line("currency", told) if told else _currency_line(amounts)
    return [_line("amount", guesses["amount"]), currency]


def _currency_line(amounts: Sample) -> str:
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


def _party_lines(samples: Sequence[Sample], guesses: dict[str, Guess], kind: str) -> list[str]:
    lines = []
    for role in ROLES:
        if role in guesses:
            lines.append(_party(role, samples, guesses))
        elif role in KINDS[kind].needs:
            lines.append(_to_fill_in(role, kind))
    return lines


def _to_fill_in(role: str, kind: str) -> str:
    return (
        f'# {role} = {{ name = "..." }}  # TODO: {kind} needs a {role}; if it is always the same: '
        '{ name = { const = "..." }, country = { const = ".." } }'
    )


def _party(role: str, samples: Sequence[Sample], guesses: dict[str, Guess]) -> str:
    """A party by name where the column holds names, with the column of its ids where there is one beside
    it; else by an identifier of the table's owner. What relates companies stands beside."""
    guess = guesses[role]
    values = next(s.values for s in samples if s.name == guess.column)
    wordy = sum(" " in value or not value.isascii() for value in values)
    named = says(guess.column, NAME) or wordy * 2 > len(values)
    column = quoted(guess.column)
    country = _country(role, samples)
    more = f", country = {quoted(country)}" if country else ""
    ids = _ids_beside(role, samples, guess.column) if named else guess.column
    told = [f'{{ scheme = "id:TODO.{role}", column = {quoted(ids)} }}'] if ids else []
    told += _registered(role, samples)
    parts = [f"id = {told[0] if len(told) == 1 else '[' + ', '.join(told) + ']'}"] if told else []
    source = ", ".join([*parts, *([f"name = {column}"] if named else [])])
    details, unsure = _details(role, samples, guesses)
    note = "; put the name of the system that gives these ids for TODO" if ids else ""
    note += f"; check whose {comment(', '.join(unsure))} are" if unsure else ""
    inner = "".join(f", {key} = {value}" for key, value in details.items())
    return f"{role} = {{ {source}{more}{inner} }}  # confidence: {guess.confidence}{note}"


def _details(
    role: str, samples: Sequence[Sample], guesses: dict[str, Guess]
) -> tuple[dict[str, str], list[str]]:
    """What relates companies, by key of the mapping, and the columns of it that do not say whose they are."""
    roles = [name for name in ("seller", "buyer", "carrier") if name in guesses]
    taken = {guess.column for guess in guesses.values()}
    columns = {s.name: s.values for s in samples if s.name not in taken}
    found, unsure = details_beside(
        role, roles, columns, lambda name: [r for r in roles if says(name, WORDS[r])]
    )
    told = {}
    for key, names in found.items():
        listed = ", ".join(quoted(name) for name in names)
        told[key] = listed if len(names) == 1 else f"[{listed}]"
        if key == "founded":
            form = quoted(date_format(columns[names[0]]) or "")
            told[key] = f"{{ column = {quoted(names[0])}, dates = [{form}] }}"
    return told, unsure


def _registered(role: str, samples: Sequence[Sample]) -> list[str]:
    """The numbers of a party that registers gave, where columns say both whose and which: `Supplier VAT`."""
    mine = [s for s in samples if s.values and says(s.name, WORDS[role])]
    return [
        f'{{ scheme = "{scheme}", column = {quoted(sample.name)} }}'
        for scheme, words in NUMBERED.items()
        for sample in mine
        if says(sample.name, words) == 1
    ]


def _ids_beside(role: str, samples: Sequence[Sample], name_column: str) -> str | None:
    """The column that gives the ids of a party which another column names: `Supplier ID` beside `Supplier`."""
    for sample in samples:
        mine = says(sample.name, WORDS[role]) and says(sample.name, WORDS["number"]) == 1
        mine = mine and detail_of(sample.name, sample.values) is None
        if mine and sample.name != name_column and sample.values:
            return sample.name
    return None


def _country(role: str, samples: Sequence[Sample]) -> str | None:
    """The column of a party's country: one that says whose it is, else one that speaks of nobody."""
    told = [s.name for s in samples if says(s.name, COUNTRY) and _codes(s.values)]
    whose = {name: [other for other in ROLES if says(name, WORDS[other])] for name in told}
    return next(
        (n for n in told if role in whose[n]), next((n for n in told if not whose[n]), None)
    )


def _codes(values: Sequence[str]) -> bool:
    return bool(values) and all(len(v) == 2 and v.isascii() and v.isalpha() for v in values)


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


def _owed(guesses: dict[str, Guess], kind: str) -> bool:
    """Whether what looks like a table of orders says when their money was due and when it was paid: only an
    invoice promises payment, so as orders they would rate no payer."""
    if kind != "order" or not {"due_on", "happened_at", "amount"} <= guesses.keys():
        return False
    due = guesses["due_on"].column
    return bool(says(due, PAY_BY) and not says(due, SHIP_BY) and _says_paid(guesses))


def _says_paid(guesses: dict[str, Guess]) -> bool:
    """Whether what happened, by the table, is that it was paid."""
    return "happened_at" in guesses and bool(says(guesses["happened_at"].column, PAID))


def _paid_later(guesses: dict[str, Guess], kind: str) -> bool:
    """Whether a table of invoices also says when each was paid: that is a document of its own."""
    return kind == "invoice" and {"happened_at", "issued_on", "amount"} <= guesses.keys()


def _payment_lines(samples: Sequence[Sample], guesses: dict[str, Guess], kind: str) -> list[str]:
    if not _paid_later(guesses, kind):
        return []
    paid = guesses["happened_at"]
    fields = {f: g for f, g in guesses.items() if f in {"happened_at", "amount", "currency"}}
    lines = [
        "",
        "[[document]]",
        f'kind = "payment"  # confidence: {paid.confidence}; the table also says when it was paid',
        where_told(paid.column),
        *_field_lines(samples, fields, "payment"),
    ]
    # a bill is numbered by its seller: without it the payment would find none
    lines += [_party(role, samples, guesses) for role in ("seller", "buyer") if role in guesses]
    if "number" in guesses:
        number = quoted(guesses["number"].column)
        lines.append(f'references = [{{ kind = "invoice", number = {number} }}]')
    return lines


def _days(steps: dict[str, str]) -> dict[str, Guess]:
    return {f"{step}_on": Guess(column, "medium") for step, column in steps.items()}


def _step_lines(
    samples: Sequence[Sample], guesses: dict[str, Guess], steps: dict[str, str]
) -> list[str]:
    if not steps:
        return []
    money = {f: g for f, g in guesses.items() if f in {"amount", "currency"}}
    lines = _money_lines(samples, money) if "amount" in money else []
    parties = {role: _to_fill_in(role, "each") for role in KINDS["order"].needs}
    parties |= {role: _party(role, samples, guesses) for role in ROLES if role in guesses}
    number, issued_on = guesses["number"].column, guesses["issued_on"].column
    return step_lines(steps, number, issued_on, lines, parties)


def _left_over(samples: Sequence[Sample], drafted: str) -> list[str]:
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
