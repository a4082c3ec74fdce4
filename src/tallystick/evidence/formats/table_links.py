"""Link keys of the rows of a table, as SQL: the same keys as `links.link_columns` gives.

Idea: the key of each reference is made once per row (`x_<n>`, its scope `s_<n>`), then put in the order
in which link keys are kept; references that a row does not give leave no gap.
"""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.evidence.formats.mapping import DocumentMap
from tallystick.evidence.formats.table_rules import KindSql, reference_scope
from tallystick.evidence.formats.table_values import literal
from tallystick.evidence.links import BILL_KINDS, REFERENCE_ORDER, item_kinds
from tallystick.evidence.schema import MAX_REFS
from tallystick.units import KEY_MASK, SEPARATOR


class LinkSql:
    """The link columns of one `[[document]]`."""

    def __init__(self, document: DocumentMap, kind: KindSql) -> None:
        self.document, self.kind = document, kind

    def keys(self) -> list[str]:
        """Link keys of the document itself and of each reference."""
        namespace = "t_namespace" if self.document.namespace is not None else None
        if self.document.number is not None:
            fixed = self.kind.fixed
            kind = "t_kind" if fixed is None else literal(fixed.name)
            own = [_key_sql(kind, namespace, "t_number")]
            scope = f"CASE WHEN {namespace} IS NULL THEN {self.kind.scope} ELSE 0 END"
            scope = (scope if namespace else self.kind.scope).replace("g.", "")
            own.append(f"CASE WHEN t_number IS NOT NULL THEN {scope} END")
        else:
            own = ["CAST(NULL AS BIGINT)", "NULL"]
        keys = [f"{own[0]} AS x_own", f"CAST({own[1]} AS TINYINT) AS s_own"]
        for n, reference in enumerate(self.document.references):
            space = f"r{n}_namespace" if reference.namespace or namespace else None
            code = str(reference_scope(reference.kind))
            scope = f"CASE WHEN {space} IS NULL THEN {code} ELSE 0 END" if space else code
            keys.append(f"{_key_sql(literal(reference.kind), space, f'r{n}_number')} AS x_{n}")
            keys.append(f"CAST({scope} AS TINYINT) AS s_{n}")
        return keys

    def columns(self) -> dict[str, str]:
        """The link columns as SQL (see `links.link_columns`)."""
        given = self.document.references
        rank = {kind: n for n, kind in enumerate(REFERENCE_ORDER)}
        order = sorted(range(len(given)), key=lambda n: rank.get(given[n].kind, len(rank)))
        links = {"own_key": "x_own", "own_scope": "s_own"}
        if len(order) > 1:
            structs = [(f"x_{n}", f"{{'x': x_{n}, 's': s_{n}}}") for n in order]
            some = some_sql(structs, "STRUCT(x BIGINT, s TINYINT)[]")
            pairs = [(f"({some})[{n}].x", f"({some})[{n}].s") for n in range(1, MAX_REFS + 1)]
        elif order:
            pairs = [("x_0", "CASE WHEN x_0 IS NOT NULL THEN s_0 END")]
        else:
            pairs = []
        pairs += [("CAST(NULL AS BIGINT)", "CAST(NULL AS TINYINT)")] * (MAX_REFS - len(pairs))
        for n, (key, scope) in enumerate(pairs, start=1):
            links[f"ref{n}_key"], links[f"ref{n}_scope"] = key, scope
        links["item_key"], links["item_scope"] = self._item()
        return links

    def _item(self) -> tuple[str, str]:
        """Key and scope of the bill or claim that the document hangs on."""
        arms_key, arms_scope = [], []
        for hangs_on in (BILL_KINDS, ("claim",)):
            applies = f"hangs_on = {literal(','.join(hangs_on))}"
            if self.kind.fixed is not None:
                if item_kinds(self.kind.fixed.name) != tuple(hangs_on):
                    continue
                applies = "true"
            kinds = ", ".join(literal(kind) for kind in hangs_on)
            own = f"CASE WHEN t_kind IN ({kinds}) THEN x_own END"
            found = [
                n
                for kind in hangs_on
                for n, reference in enumerate(self.document.references)
                if reference.kind == kind
            ]
            arms_key.append(
                f"WHEN {applies} THEN coalesce({', '.join([own, *_each('x_', found)])})"
            )
            scopes = [f"CASE WHEN {own} IS NOT NULL THEN s_own END"]
            scopes += [f"CASE WHEN x_{n} IS NOT NULL THEN s_{n} END" for n in found]
            arms_scope.append(f"WHEN {applies} THEN coalesce({', '.join(scopes)})")
        if not arms_key:
            return "CAST(NULL AS BIGINT)", "CAST(NULL AS TINYINT)"
        return f"CASE {' '.join(arms_key)} END", f"CASE {' '.join(arms_scope)} END"


def _each(prefix: str, numbers: Sequence[int]) -> list[str]:
    return [f"{prefix}{n}" for n in numbers]


def some_sql(structs: Sequence[tuple[str, str]], kind: str) -> str:
    """A list of structs, each (what must not be NULL for it to be there, the struct)."""
    if not structs:
        return f"CAST([] AS {kind})"
    if len(structs) == 1:
        given, struct = structs[0]
        return f"CASE WHEN {given} IS NULL THEN CAST([] AS {kind}) ELSE [{struct}] END"
    arms = ", ".join(
        f"CASE WHEN {given} IS NOT NULL THEN {struct} END" for given, struct in structs
    )
    return f"CAST(list_filter([{arms}], lambda x: x IS NOT NULL) AS {kind})"


def _key_sql(kind: str, namespace: str | None, number: str) -> str:
    """`links.link_key` as SQL. `kind`: a literal or a column."""
    space = f"coalesce({namespace}, '')" if namespace else "''"
    if namespace is None and kind.startswith("'"):
        text = f"{literal(kind[1:-1] + SEPARATOR * 2)} || {number}"
    else:
        text = f"{kind} || chr(31) || {space} || chr(31) || {number}"
    return hash64_sql(text)


def hash64_sql(text: str) -> str:
    """`units.hash64` as SQL; `md5_number` is four times as fast as `md5_number_lower`."""
    return f"CAST((md5_number({text}) >> 64) & {KEY_MASK} AS BIGINT)"
