"""What a document must satisfy to be taken, as one table in its order of precedence.

Idea: a rule is a row with a name, the sentence a person reads and the fix. The vectorised reader of
tables and the reader of single documents apply the same rows; `tests/contract/test_table_rules.py` holds
them together. A document is judged by the first rule that it breaks.

Worked example: amount "12,50" without a decimal setting breaks `amount-not-a-number`:
"'12,50' is not an amount" / "write 12.50, or say `decimal = ","` in the mapping".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2150, 12, 31)
"""Dates outside are slips: nothing that is rated was promised before or falls due after."""

MAX_TEXT: Final = 200
MAX_NOTE: Final = 4_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`message` and `fix` may hold {value}, {field}, {kind} and {allowed}."""

    name: str
    message: str
    fix: str


_TABLE: Final = (
    Rule(
        "kind-missing",
        "the document has no kind",
        "give the column `kind` or name it in the mapping",
    ),
    Rule(
        "kind-unknown",
        "{value!r} is not a kind of document",
        "use a kind of docs/reference/documents.md, or map it with `map = {{...}}`",
    ),
    Rule("action-unknown", "{value!r} is not an action", "use state, correct or retract"),
    Rule(
        "text-too-long",
        "{field} is longer than the {allowed} characters that it may hold",
        "shorten {field}, or map another column to it",
    ),
    Rule(
        "text-not-unicode",
        "a text of the {kind} holds half a character (a lone surrogate), which is no text",
        "write the file anew from its source, in UTF-8",
    ),
    Rule(
        "target-missing",
        "the {kind} corrects or retracts a document, but its number does not say which",
        "give the number of the document that it corrects or retracts",
    ),
    Rule(
        "date-impossible",
        "{value!r} in {field} is not a date",
        "write YYYY-MM-DD; of a table, give the format in `dates` of its mapping",
    ),
    Rule(
        "date-out-of-range",
        "{field} {value} lies outside 1950 to 2150",
        "correct the year at the source",
    ),
    Rule(
        "date-missing",
        "the {kind} has neither issued_on nor happened_at",
        "give the day on which it was issued or happened; of a table, map its column",
    ),
    Rule(
        "due-before-made",
        "{field} {value} lies before the date of issue",
        "check whether the two dates are swapped, or day and month",
    ),
    Rule(
        "amount-not-a-number",
        "{value!r} is not an amount",
        'write 1234.50; of a table with decimal commas, say `decimal = ","` in its mapping, and of "€ 12" say '
        '`beside = ["€"]`',
    ),
    Rule(
        "amount-without-currency",
        "the amount has no currency",
        'give its currency (ISO 4217); of a table, map a column or `currency = {{ const = "EUR" }}`',
    ),
    Rule(
        "currency-unknown",
        "{value!r} is not a currency",
        "use the ISO 4217 code, e.g. CNY, EUR, USD",
    ),
    Rule(
        "amount-absurd",
        "the amount {value} is beyond ten trillion",
        "check for a missing decimal point or digits run together",
    ),
    Rule(
        "amount-negative",
        "no {kind} has a negative amount, and this one has {value}",
        'send it as a credit_note or refund; of a table, say `negative = "abs"` in its mapping',
    ),
    Rule("quantity-not-a-number", "{value!r} is not a quantity", "write a number such as 12.5"),
    Rule(
        "quantity-negative",
        "the quantity {value} is negative",
        "send goods that come back as a return",
    ),
    Rule(
        "score-out-of-range",
        "{value!r} is not a score from 0 to 1",
        "divide the score by its maximum",
    ),
    Rule("status-unknown", "{value!r} is no status of {kind}", "use one of: {allowed}"),
    Rule("terms-unknown", "{value!r} are not known payment terms", "use one of: {allowed}"),
    Rule("fault-unknown", "{value!r} is not a party at fault", "use one of: {allowed}"),
    Rule(
        "party-missing",
        "the {kind} names no {field}",
        "name the {field}, by an identifier or a name (with country); of a table, map its column",
    ),
    Rule(
        "party-without-identity",
        "the {field} has neither a name (a placeholder such as N/A, test, 同上 is none) nor an identifier that"
        " holds (one with wrong check digits, or a VAT number without its country, does not)",
        "name the {field}, by an identifier or a name (with country); of a table, map its column",
    ),
)

RULES: Final[dict[str, Rule]] = {rule.name: rule for rule in _TABLE}

HELD_RULE: Final = Rule(
    "target-not-yet-seen",
    "this {kind} corrects or retracts a document that is not in the book",
    "send the document itself; the correction is kept and takes effect when it arrives",
)
