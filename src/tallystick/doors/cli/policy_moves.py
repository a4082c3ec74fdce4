"""How a dry run of a policy is told: who moves, by how much, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tallystick.doors.cli.common import Door, about, counted, emit, number, out, say

if TYPE_CHECKING:
    import pyarrow as pa

    from tallystick.adapters.cuts import Cut
    from tallystick.rating import Moves, Policy

_COUNTS: Final = ("up", "down", "graded", "ungraded")


def tell(
    door: Door,
    cut: Cut,
    policy: Policy,
    moves: Moves,
    lang: str,
    limit: int,
    output: Path | None,
) -> None:
    """Tell the moves: JSON, or lines for a terminal, and all of them to a file where one is named."""
    from tallystick.adapters.background import with_names

    if output is not None:
        from tallystick.adapters.export import write_table

        write_table(moves_table(with_names(moves.moves, cut)), output)
    if door.json:
        rows = with_names(moves.moves, cut).drop_columns(["company"])
        _emit(cut, policy, moves, rows if output is None else None, output)
        return
    _show(door, cut, policy, moves, lang, limit)
    if output is not None:
        say(f"Wrote {counted(len(moves.moves), 'move')} to {output}.")


def moves_table(rows: pa.Table) -> pa.Table:
    """Moves with their names -> the export: points and probabilities as exact decimals."""
    import pyarrow as pa

    from tallystick.doors.cli.tables import scaled
    from tallystick.rating.moves import CODES

    plain = ("name", "country", "evidence_level", "newcomer", "grade_before", "grade_after")
    columns = {"company": rows["code"], **{name: rows[name] for name in plain}}
    columns["grades"] = rows["grades"]
    columns |= {
        f"probability_{when}": scaled(rows[f"broken_ppm_{when}"], 6) for when in ("before", "after")
    }
    columns["points"] = scaled(rows["tenths"], 1)
    columns |= {f"{code}_points": scaled(rows[f"{code}_tenths"], 1) for code in CODES}
    columns["because"] = rows["because"]
    return pa.table(columns)


def _emit(
    cut: Cut, policy: Policy, moves: Moves, rows: pa.Table | None, output: Path | None
) -> None:
    from tallystick.rating.policy_file import differences

    changed = differences(cut.policy, policy)
    facts: dict[str, Any] = {
        **about(cut),
        "tried": f"{policy.name} {policy.digest()}",
        "differences": [{"field": p, "now": old, "then": new} for p, old, new in changed],
        "companies": moves.companies,
        "moved": len(moves.moves),
        **{name: moves.count(name) for name in _COUNTS},
        "beside": moves.beside,
        "grades": [
            {"before": before, "after": after, "companies": count}
            for before, after, count in moves.table
        ],
        "segments": [asdict(segment) for segment in moves.segments],
        "because": [asdict(reason) for reason in moves.because],
    }
    emit(facts | ({"written": str(output)} if rows is None else {"moves": rows.to_pylist()}))


def _show(door: Door, cut: Cut, policy: Policy, moves: Moves, lang: str, limit: int) -> None:
    from tallystick.doors.cli.policy_common import changes_table
    from tallystick.rating.policy_file import differences

    now = cut.policy
    say(
        f"{policy.name} ({policy.digest()}) against {now.name} ({now.digest()}), "
        f"as of {about(cut)['as_of']}; nothing was changed."
    )
    changed = differences(now, policy)
    if not changed:
        say("They are the same policy: nobody moves.")
        return
    out().print(changes_table(changed, lang))
    counts = {name: moves.count(name) for name in _COUNTS}
    within = len(moves.moves) - sum(counts.values())
    say(
        f"Of {counted(moves.companies, 'company', 'companies')}, {number(counts['up'])} would rise "
        f"a grade or more and {number(counts['down'])} fall; {number(within)} move within their grade; "
        f"{number(counts['graded'])} get a grade, {number(counts['ungraded'])} lose theirs; "
        f"of {number(moves.beside)} only interval, exposure or evidence differ."
    )
    if not len(moves.moves):
        return
    _show_because(moves, lang)
    _show_segments(moves)
    _show_falls(door, cut, moves, limit)


def _points(tenths: int) -> str:
    return f"{tenths / 10:+.1f}"


def _why(code: str, tenths: int, lang: str) -> str:
    """The sentence of a reason, in favour or against."""
    from tallystick.rating import REASONS

    return REASONS[code][(2 if lang == "zh" else 0) + (tenths < 0)]


def _show_because(moves: Moves, lang: str) -> None:
    from tallystick.doors.cli.show import table

    cells = [
        [row.code, number(row.companies), _points(row.tenths), _why(row.code, row.tenths, lang)]
        for row in moves.because
    ]
    columns = ("reason|", "companies>", "points each>", "it is about")
    out().print(table(columns, cells, title="The reason that moves most"))


def _show_segments(moves: Moves) -> None:
    from tallystick.doors.cli.show import percent, table

    names = {"newcomers": {"yes": "newcomers", "no": "all but newcomers"}, "all": {"": "everybody"}}
    cells = [
        [
            names.get(row.by, {}).get(row.name, row.name or "(no country)"),
            number(row.companies),
            number(row.up),
            number(row.down),
            _points(row.tenths),
            percent(row.ppm_before),
            percent(row.ppm_after),
        ]
        for row in sorted(moves.segments, key=lambda row: (row.by, -row.companies))
        if row.companies
    ]
    columns = ("segment|", "companies>", "up>", "down>", "points>", "breaks, now>", "then>")
    out().print(table(columns, cells, title="By segment, on average"))


def _show_falls(door: Door, cut: Cut, moves: Moves, limit: int) -> None:
    """The companies that lose most, with the two reasons that weigh most in it."""
    from tallystick.adapters.background import with_names
    from tallystick.doors.cli.show import percent, table
    from tallystick.rating.moves import CODES

    rows = with_names(moves.moves.slice(0, limit), cut).to_pylist()
    cells = []
    for row in rows:
        largest = sorted(CODES, key=lambda code: -abs(row[f"{code}_tenths"]))[:2]
        told = [f"{c} {_points(row[f'{c}_tenths'])}" for c in largest if row[f"{c}_tenths"]]
        cells.append(
            [
                row["code"],
                row["name"] or "",
                row["country"] or "",
                f"{row['grade_before']} → {row['grade_after']}",
                f"{percent(row['broken_ppm_before'])} → {percent(row['broken_ppm_after'])}",
                _points(row["tenths"]),
                ", ".join(told),
            ]
        )
    columns = ("company|", "name", "country|?", "grade|", "breaks the next|", "points>", "because?")
    out().print(table(columns, cells, title="The largest falls first"))
    if len(moves.moves) > limit:
        say(f"{number(len(moves.moves) - limit)} more move; write all with -o FILE")
