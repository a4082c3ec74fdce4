"""What the demo tells: the spread of grades, the best and the worst, which promises are kept, and how near
the ratings come to the truth that the simulator hid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tallystick.doors.cli.common import number, out, program, say

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table

    from tallystick.world.check import Check

Row = Mapping[str, Any]

WORTH_TELLING: Final = 3
"""Points below which a second reason is left out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a demo made, for the story that is told of it. `ratings`: as `Book.ratings`; `reports`: company
    name -> file; `seconds`: from the first deal to the last report."""

    folder: Path
    ratings: pa.Table
    promises: pa.Table
    check: Check
    deals: int
    documents: int
    contributors: int
    as_of: str
    reports: dict[str, Path]
    seconds: float


def graded(ratings: pa.Table, role: str) -> list[dict[str, Any]]:
    """Ratings in a role that have much evidence behind them; with little of it where none has."""
    rows: list[dict[str, Any]] = [
        row
        for row in ratings.to_pylist()
        if row["scope"] == "role" and row["role"] == role and row["grade"] != "NR"
    ]
    from tallystick.world.check import SURE

    return [row for row in rows if row["evidence_level"] in SURE] or rows


def best_first(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """By probability, then by evidence."""
    return sorted(rows, key=lambda r: (r["broken_ppm"], -r["evidence_micro"], r["company"]))


def tell(shown: Shown) -> None:
    """Print the whole story."""
    from tallystick.doors.cli.headlines import grade_bars, grade_counts, headlines

    console = out()
    say(
        f"\n{number(shown.documents)} documents of {number(shown.deals)} deals, handed in by "
        f"{shown.contributors} contributors, became {number(len(shown.promises))} promises; "
        f"everybody is rated as of {shown.as_of}."
    )
    _title("How reliable is everybody?")
    console.print(grade_bars(grade_counts(headlines(shown.ratings))))
    sellers = best_first(graded(shown.ratings, "selling"))
    _title("The best sellers")
    console.print(_sellers(sellers[:5], good=True))
    _title("And the worst")
    console.print(_sellers(sellers[-5:][::-1], good=False))
    _title("Which promises are kept?")
    console.print(_league(shown.promises))
    _title("Is it true?")
    _tell_truth(shown.check)
    _tell_files(shown)


def _title(text: str) -> None:
    from rich.text import Text

    out().print(Text(f"\n{text}", style="bold"))


def _sellers(rows: Sequence[Row], good: bool) -> Table:
    from tallystick.doors.cli.show import grade, percent, table

    lines = [
        [
            row["name"] or row["code"],
            row["country"] or "",
            grade(row["grade"]),
            percent(row["broken_ppm"]),
            number(row["n_promises"]),
            _why(row, good),
        ]
        for row in rows
    ]
    return table(("seller", "|", "grade|", "breaks the next>", "promises>", "why (points)"), lines)


def _why(row: Row, good: bool) -> str:
    """The two reasons that weigh most in the direction that put it there."""
    from tallystick.rating import reasons_of

    reasons = [r for r in reasons_of(row) if r.code != "base" and (r.points > 0) == good]
    told = reasons[:1] + [r for r in reasons[1:2] if abs(r.points) >= WORTH_TELLING]
    return "; ".join(f"{reason.english} ({reason.points:+.0f})" for reason in told)


def league(promises: pa.Table) -> list[dict[str, Any]]:
    """Per kind: promises that are settled, how many were kept in time and whole, and the mean days late of
    the late ones; most reliably kept first. Excused and open ones do not count."""
    import pyarrow as pa
    import pyarrow.compute as pc

    settled = promises.filter(
        pc.is_in(promises["outcome"], pa.array(["kept", "late", "partial", "broken"]))
    )
    late = pc.equal(settled["outcome"], "late")
    table = pa.table(
        {
            "kind": settled["kind"],
            "settled": pa.array([1] * len(settled), pa.int64()),
            "kept": pc.cast(pc.equal(settled["outcome"], "kept"), pa.int64()),
            "late": pc.cast(late, pa.int64()),
            "days": pc.if_else(late, pc.cast(settled["late_days"], pa.int64()), 0),
        }
    )
    names = ("settled", "kept", "late", "days")
    rows: list[dict[str, Any]] = (
        table.group_by("kind").aggregate([(name, "sum") for name in names]).to_pylist()
    )
    found = [{"kind": row["kind"], **{name: row[f"{name}_sum"] for name in names}} for row in rows]
    return sorted(found, key=lambda row: (-row["kept"] / row["settled"], row["kind"]))


def _league(promises: pa.Table) -> Table:
    from rich.text import Text

    from tallystick.doors.cli.show import bar, percent, table
    from tallystick.promises import PROMISES

    lines: list[list[str | Text]] = []
    for row in league(promises):
        share = row["kept"] * 1_000_000 // row["settled"]
        days = f"{row['days'] / row['late']:.0f} days" if row["late"] else ""
        kind = PROMISES[row["kind"]]
        shade = Text(bar(share, 1_000_000, 24), style="green" if share >= 900_000 else "yellow")
        lines.append(
            [f"{kind.side} {kind.english}", percent(share), shade, number(row["settled"]), days]
        )
    return table(("", "kept>", "|?", "settled>", "mean delay when late>"), lines)


def _tell_truth(check: Check) -> None:
    from tallystick.doors.cli.show import table

    if check.spearman is None:
        say("Too few companies have a grade to compare with the truth; make a larger world.")
        return
    say(
        "The simulator knows how reliable each company really is; the ratings saw only the documents.\n"
        f"Rank correlation with the truth (Spearman): {check.spearman:.2f} over all kinds of promise; 1 is "
        "perfect, 0 is guessing."
    )
    if check.sure_spearman is not None:
        say(f"Where there is much evidence (E3 and E4): {check.sure_spearman:.2f}.")
    console = out()
    kinds = [
        [
            row.kind,
            f"{row.spearman:.2f}",
            number(row.companies),
            "" if row.sure_spearman is None else f"{row.sure_spearman:.2f}",
            number(row.sure) if row.sure else "",
        ]
        for row in check.kinds
    ]
    columns = ("kind of promise", "Spearman>", "companies>", "much evidence>", "companies>")
    console.print(table(columns, kinds))
    say("And of those rated alike, this many really break their next promise:")
    console.print(_calibration(check))


def _calibration(check: Check) -> Table:
    from tallystick.doors.cli.show import percent, table

    lines = [
        [
            f"{row.low_ppm // 10_000} to {row.high_ppm // 10_000} %",
            number(row.ratings),
            percent(round(row.rated * 1_000_000)),
            percent(round(row.true * 1_000_000)),
        ]
        for row in check.calibration
    ]
    return table(("rated>", "ratings>", "mean rated>", "mean true>"), lines)


def _tell_files(shown: Shown) -> None:
    from rich.text import Text

    folder = shown.folder
    _title(f"Done in {shown.seconds:.0f} seconds. Look at")
    console = out()
    for name, path in shown.reports.items():
        console.print(Text(f"  {path}   {name}"), soft_wrap=True)
    say(f"  {folder / 'ratings.csv'}   every rating, for a spreadsheet")
    book = folder / "book"
    first = next(iter(shown.reports.values()), None)
    code = first.stem if first else "COMPANY"
    _title("And try")
    call = program()
    say(f"  {call} find --book {book} trading")
    say(f"  {call} report --book {book} {code}")
    say(f"  {call} explain --book {book} {code}")
    say(f"  {call} mapping suggest YOUR-EXPORT.csv      to begin with your own data")


def as_json(shown: Shown) -> dict[str, Any]:
    """The same story for machines."""
    from tallystick.doors.cli.headlines import grade_counts, headlines

    return {
        "as_of": shown.as_of,
        "deals": shown.deals,
        "documents": shown.documents,
        "contributors": shown.contributors,
        "promises": len(shown.promises),
        "grades": grade_counts(headlines(shown.ratings)),
        "kept": league(shown.promises),
        "check": asdict(shown.check),
        "files": {
            "book": shown.folder / "book",
            "world": shown.folder / "world",
            "ratings": shown.folder / "ratings.csv",
            "reports": list(shown.reports.values()),
        },
        "seconds": round(shown.seconds, 1),
    }
