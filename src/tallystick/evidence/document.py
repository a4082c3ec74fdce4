"""From what a reader found to rows of the canonical schema, each checked by the rules.

Idea: checking is a pure function of one document. It never raises for bad content: it returns the row,
or the first rule that the document breaks (`evidence.rules`). The identity of a document is the digest of
its contributor and content, not of its file: the same statement in another file is the same document.

Worked example: an invoice with the amount "107.50" and the currency "GBP" becomes a row with
`amount_minor` 10750; with the currency "GPB" it becomes a `Reject` with rule `currency-unknown`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from tallystick.evidence.details import LIMITS, PAYEES, Details, account_key
from tallystick.evidence.identifiers import PartyRow, describe_all
from tallystick.evidence.kinds import ACTIONS, FAULTS, KINDS, NEGATIVE_KINDS, ROLES, TERMS, Kind
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.links import link_columns
from tallystick.evidence.rules import EARLIEST, LATEST, MAX_NOTE, MAX_TEXT, RULES
from tallystick.evidence.said import PartySaid, Reject, Said
from tallystick.evidence.schema import CONTENT_COLUMNS, DOCUMENT, PARTY, REJECT
from tallystick.units import CURRENCIES, MAX_MINOR, SEPARATOR, micros

_TEXTS: Final = (
    "number",
    "namespace",
    "unit",
    "status",
    "reason",
    "fault",
    "terms",
    "incoterm",
)
_DATES: Final = ("issued_on", "due_on", "deliver_on")
_MAX_MILLI: Final = 10**15
_Rows = tuple[PartyRow, ...]


class _Broken(Exception):
    """Carries the rule that a document breaks; never leaves this module."""

    def __init__(self, rule: str, field: str, value: object = None, allowed: object = "") -> None:
        super().__init__(rule)
        self.rule, self.field, self.allowed = rule, field, allowed
        self.value = None if value is None else _whole(str(value)[:80])


def _whole(text: str) -> str:
    """A text with `?` for half characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Canonical:
    """Rows ready for a ledger. `documents`: schema DOCUMENT without repeats; `parties`: schema PARTY, one
    row per description; `rejects`: schema REJECT; `repeated`: documents that stood twice."""

    documents: pa.Table
    parties: pa.Table
    rejects: pa.Table
    document_count: int
    repeated: int


def canonicalise(said: Iterable[Said | Reject], contributor: Contributor) -> Canonical:
    """Check and convert what a reader found. Every item is accounted for: a row, a repeat or a reject."""
    rows: dict[str, dict[str, Any]] = {}
    parties: dict[tuple[object, ...], _Rows] = {}
    rejects: list[Reject] = []
    count = 0
    for item in said:
        count += 1
        if isinstance(item, Reject):
            rejects.append(item)
            continue
        try:
            row = _row(item, contributor, parties)
        except _Broken as broken:
            rejects.append(_reject(item, broken))
        except UnicodeEncodeError as error:  # half a character, as JSON can write it
            half = error.object[error.start : error.end]
            rejects.append(_reject(item, _Broken("text-not-unicode", "document", half)))
        else:
            rows.setdefault(row["doc_id"], row)
    described = {key_of_row(p): p for rows_of_one in parties.values() for p in rows_of_one}
    return Canonical(
        _table([[row.get(name) for row in rows.values()] for name in DOCUMENT.names], DOCUMENT),
        _table([[getattr(p, name) for p in described.values()] for name in PARTY.names], PARTY),
        _table([[getattr(r, name) for r in rejects] for name in REJECT.names], REJECT),
        count,
        count - len(rows) - len(rejects),
    )


def _table(columns: list[list[Any]], schema: pa.Schema) -> pa.Table:
    """A table of values column by column. Most columns of most batches are empty: making those from
    their length alone halves the time."""
    arrays = [
        pa.nulls(len(values), field.type)
        if field.nullable and values.count(None) == len(values)
        else pa.array(values, field.type)
        for field, values in zip(schema, columns, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def key_of_row(row: PartyRow) -> tuple[object, ...]:
    """What makes two party descriptions the same row."""
    lists = (row.ids, row.bad_ids, row.traits)
    return (row.ref, row.name, row.country, *map(tuple, lists))


def doc_id(contributor: str, content: dict[str, Any]) -> str:
    """32 hex digits that name a statement: MD5 over contributor and content columns as text.

    Rendering: columns of `CONTENT_COLUMNS` in order joined by U+001F; absent as nothing (no text is
    ever empty); dates ISO; moments as microseconds; references as `kind=number@namespace` joined by
    U+001E. The vectorised reader renders the same text in SQL.
    """
    parts = [contributor]
    for value in map(content.get, CONTENT_COLUMNS):  # most are absent or text
        if value is None:
            parts.append("")
        else:
            parts.append(value if type(value) is str else _RENDER.get(type(value), str)(value))
    return hashlib.md5(SEPARATOR.join(parts).encode(), usedforsecurity=False).hexdigest()


def _render_references(references: list[dict[str, Any]]) -> str:
    return "\x1e".join([f"{r['kind']}={r['number']}@{r['namespace'] or ''}" for r in references])


_RENDER: Final[dict[type, Callable[[Any], str]]] = {
    date: date.isoformat,
    datetime: lambda moment: str(micros(moment)),
    list: _render_references,
}


def _row(
    said: Said, contributor: Contributor, parties: dict[tuple[object, ...], _Rows]
) -> dict[str, Any]:
    """The columns that the document gives; one that is not there is null."""
    kind = _kind(said)
    row: dict[str, Any] = {"kind": kind.name, "action": _action(said), "note": _note(said)}
    for name in _TEXTS:
        text = getattr(said, name)
        if text is not None:
            row[name] = _short(name, text)
    number, namespace = row.get("number"), row.get("namespace")
    if number is None and row["action"] != "state":
        raise _Broken("target-missing", "number")
    _check_references(said)
    _put_dates(row, said, kind)
    _put_amount(row, said, kind)
    row["quantity_milli"] = _quantity(said.quantity)
    row["score_ppm"] = _score(said.score)
    _check_codes(row, kind)
    _put_parties(row, said, kind, parties)
    refs = [(k, n, ns or said.namespace) for k, n, ns in said.references]
    row["references"] = [{"kind": k, "number": n, "namespace": ns} for k, n, ns in refs]
    row["account_key"] = _account(said, parties)
    row["doc_id"] = doc_id(contributor.name, row)
    row.update(link_columns(kind.name, namespace, number, refs))
    row["source"], row["row"] = said.source, said.row
    if said.places:
        row["places"] = "\x1e".join([f"{name}={place}" for name, place in said.places.items()])
    return row


def _kind(said: Said) -> Kind:
    name = (said.kind or "").strip()
    if not name:
        raise _Broken("kind-missing", "kind")
    kind = KINDS.get(name)
    if kind is None:
        raise _Broken("kind-unknown", "kind", name)
    return kind


def _action(said: Said) -> str:
    action = said.action or "state"
    if action not in ACTIONS:
        raise _Broken("action-unknown", "action", action)
    return action


def _short(name: str, value: str | None, limit: int = MAX_TEXT) -> str | None:
    if value is None:
        return None
    text = value.strip()
    if len(text) > limit:
        raise _Broken("text-too-long", name, text, limit)
    return text or None


def _note(said: Said) -> str | None:
    return _short("note", said.note, MAX_NOTE)


def _check_references(said: Said) -> None:
    for kind, number, namespace in said.references:
        _short(f"ref_{kind}", number)
        _short("namespace", namespace)


@lru_cache(maxsize=50_000)
def _date(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise _Broken("date-impossible", name, text) from None
    if not EARLIEST <= day <= LATEST:
        raise _Broken("date-out-of-range", name, text)
    return day


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Broken("date-impossible", "happened_at", text) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if not EARLIEST <= moment.date() <= LATEST:
        raise _Broken("date-out-of-range", "happened_at", text)
    return moment


def _put_dates(row: dict[str, Any], said: Said, kind: Kind) -> None:
    for name in _DATES:
        text = _short(name, getattr(said, name))
        if text:
            row[name] = _date(name, text)
    moment = _short("happened_at", said.happened_at)
    if moment:
        row["happened_at"] = _moment(moment)
    if "issued_on" not in row and "happened_at" not in row:
        raise _Broken("date-missing", "issued_on")
    made = row.get("issued_on") or row["happened_at"].date()
    for name in ("due_on", "deliver_on"):
        if name in row and row[name] < made:
            raise _Broken("due-before-made", name, row[name])


def _number(text: str, rule: str, field: str, decimals: int) -> int:
    try:
        value = Decimal(text)
        if not value.is_finite() or value.adjusted() > 30:
            raise InvalidOperation
        return int(value.scaleb(decimals).to_integral_value())
    except (InvalidOperation, ValueError):
        raise _Broken(rule, field, text) from None


def _put_amount(row: dict[str, Any], said: Said, kind: Kind) -> None:
    text, currency = _short("amount", said.amount), _short("currency", said.currency)
    currency = currency.upper() if currency else None
    if text is None:
        return
    if currency is not None and currency not in CURRENCIES:
        raise _Broken("currency-unknown", "currency", currency)
    minor = _number(text, "amount-not-a-number", "amount", CURRENCIES.get(currency or "", 2))
    if currency is None:
        raise _Broken("amount-without-currency", "currency")
    if abs(minor) > MAX_MINOR:
        raise _Broken("amount-absurd", "amount", text)
    if minor < 0 and kind.name not in NEGATIVE_KINDS:
        raise _Broken("amount-negative", "amount", text)
    row["amount_minor"], row["currency"] = minor, currency


def _quantity(text: str | None) -> int | None:
    text = _short("quantity", text)
    if text is None:
        return None
    milli = _number(text, "quantity-not-a-number", "quantity", 3)
    if milli < 0:
        raise _Broken("quantity-negative", "quantity", text)
    if milli > _MAX_MILLI:
        raise _Broken("quantity-not-a-number", "quantity", text)
    return milli


def _score(text: str | None) -> int | None:
    text = _short("score", text)
    if text is None:
        return None
    ppm = _number(text, "score-out-of-range", "score", 6)
    if not 0 <= ppm <= 1_000_000:
        raise _Broken("score-out-of-range", "score", text)
    return ppm


def _check_codes(row: dict[str, Any], kind: Kind) -> None:
    for field, rule, allowed in (
        ("status", "status-unknown", kind.statuses),
        ("terms", "terms-unknown", TERMS),
        ("fault", "fault-unknown", FAULTS),
    ):
        given = row.get(field)
        if given and allowed and given not in allowed:
            raise _Broken(rule, field, given, ", ".join(allowed))


def _put_parties(
    row: dict[str, Any], said: Said, kind: Kind, known: dict[tuple[object, ...], _Rows]
) -> None:
    for role in ROLES:
        party = said.parties.get(role)
        if party is None:
            continue
        key = _party_key(party)
        described = _described(*key)
        if described:
            known[key] = described
            row[role] = described[0].party
        elif role in kind.needs:
            raise _Broken("party-without-identity", role)
    for role in kind.needs:
        if role not in row:
            raise _Broken("party-missing", role)


def _party_key(party: PartySaid) -> tuple[Any, ...]:
    return party.name, party.country, tuple(party.ids), party.details


def _account(said: Said, known: dict[tuple[object, ...], _Rows]) -> int | None:
    """Key of the account that is to be paid: the seller's, or else the carrier's."""
    for role in PAYEES:
        party = said.parties.get(role)
        if party is not None and party.details is not None and party.details.accounts:
            rows = known.get(_party_key(party))
            key = account_key(rows[0].traits) if rows else None
            if key is not None:
                return key
    return None


@lru_cache(maxsize=50_000)  # the same firms come again, within a batch and from batch to batch
def _described(
    name: str | None,
    country: str | None,
    ids: tuple[tuple[str, str], ...],
    details: Details | None,
) -> _Rows:
    name = _short("name", name)
    for scheme, value in ids:
        _short("id", f"{scheme}:{value}")
    said = [text for _, text in details.texts()] if details else []
    for text in (name or "", *said):
        text.encode()  # raises for half a character, which no file can hold
    field = details.too_long() if details is not None else None
    if field is not None:  # its text is not shown: it may be an account's number
        raise _Broken("text-too-long", field, allowed=LIMITS[field])
    return describe_all(name, country, ids, details)


def _reject(said: Said, broken: _Broken) -> Reject:
    rule = RULES[broken.rule]
    words = {
        "value": broken.value,
        "field": broken.field,
        "kind": said.kind,
        "allowed": broken.allowed,
    }
    return Reject(
        said.source,
        said.row,
        broken.field,
        rule.name,
        rule.message.format(**words),
        rule.fix.format(**words),
        broken.value,
    )
