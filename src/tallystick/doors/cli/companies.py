"""Commands that look companies up: `find`, `rate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Door,
    Exit,
    Json,
    KnownAt,
    Language,
    Limit,
    Out,
    about,
    counted,
    emit,
    enter,
    language,
    note,
    number,
    out,
    say,
)
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table

    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book


def find(
    ctx: typer.Context,
    text: Annotated[
        list[str],
        typer.Argument(metavar="TEXT", help="Code, identifier (scheme:value) or part of a name."),
    ],
    limit: Limit = 20,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Find companies by code, identifier or name, best match first, with the reason.

    A name may be in another script or language, misspelled, or only the beginning of one; an identifier may
    come without its scheme. Ends with 1 when there is none.

    \b
    Examples:
      tallystick find acme trading
      tallystick find lei:529900T8BM49AURSDO55
      tallystick find 深圳
      tallystick find shenzhen huaqiang elec
      tallystick find C-00HENPCPJ3Q09 --json
    """
    door = enter(ctx, book, json)
    language(lang)
    wanted = " ".join(text)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.find(wanted, cut, limit, lang)
        grades = _grades(cut, [row["company"] for row in found])
    if door.json:
        keys = ("code", "name", "country", "ref", "ids", "names", "match", "why")
        rows = [{k: row[k] for k in keys} | {"grade": grades.get(row["company"])} for row in found]
        emit({**about(cut), "companies": rows})
    elif found:
        _show_found(found, grades)
    else:
        note(
            f"No company matches {wanted!r}. Try a part of its name, or an identifier scheme:value."
        )
    if not found:
        raise typer.Exit(int(Exit.NOT_DONE))


def _grades(cut: Cut, companies: Sequence[int]) -> dict[int, str]:
    """Headline grades of some companies."""
    import pyarrow as pa
    import pyarrow.compute as pc

    asked = pa.array(companies, pa.int64())
    rows = cut.rows("ratings", "company", asked, ["company", "scope", "grade"])
    rows = rows.filter(pc.equal(rows["scope"], "headline"))
    return dict(zip(rows["company"].to_pylist(), rows["grade"].to_pylist(), strict=True))


def _show_found(found: Sequence[Mapping[str, Any]], grades: Mapping[int, str]) -> None:
    from tallystick.doors.cli.show import grade, table

    rows = [
        [
            row["code"],
            row["name"] or "",
            row["country"] or "",
            grade(grades.get(row["company"], "")),
            row["ref"] if not row["ref"].startswith("name:") else "",
            row["match"],
            "; ".join(row["why"]),
        ]
        for row in found
    ]
    columns = ("company|", "name", "country|", "grade|", "identifier?", "match|", "why")
    out().print(table(columns, rows))


def rate(
    ctx: typer.Context,
    companies: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMPANY", help="Companies to show; none: rate everybody."),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    output: Out = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Rate everybody, or show the rating of one company or of several.

    Without COMPANY: how the grades are spread. With one: its headline, roles and kinds of promise, with the
    reasons and their points. With several: one line each. The probability is that of breaking the next
    promise; NR means not enough evidence, which is not the same as bad.

    \b
    Examples:
      tallystick rate
      tallystick rate "Acme Trading"
      tallystick rate lei:529900T8BM49AURSDO55 --as-of 2025-06-30
      tallystick rate C-00HENPCPJ3Q09 --known-at 2026-01-31 --json
      tallystick rate acme borealis -o two.csv
    """
    door = enter(ctx, book, json)
    language(lang)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        keys = [opened.company_key(text, cut) for text in companies or []]
        ratings = _ratings_of(opened, cut, keys)
    if output is not None:
        from tallystick.doors.cli.exports import write

        write(door, cut, "ratings", ratings, output)
    elif not keys:
        _tell_everybody(door, cut, ratings)
    elif door.json:
        _tell_json(cut, ratings, lang)
    elif len(keys) == 1:
        _tell_one(door, cut, ratings.to_pylist(), lang)
    else:
        from tallystick.doors.cli.headlines import headlines, ratings_view

        out().print(ratings_view(headlines(ratings)))


def _ratings_of(book: Book, cut: Cut, keys: Sequence[int]) -> pa.Table:
    """Ratings of the companies, all where none is named. One without a rating is an error."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from tallystick.evidence.ledger import EvidenceError
    from tallystick.units import code_of

    ratings = book.ratings(cut=cut)
    if not keys:
        return ratings
    rows = ratings.filter(pc.is_in(ratings["company"], pa.array(keys, pa.int64())))
    for key in keys:
        if pc.index(rows["company"], key).as_py() < 0:
            raise EvidenceError(
                f"{code_of(key, 'C')} has made no promise that the book knows of by then, "
                "so there is nothing to rate"
            )
    return rows


def _tell_everybody(door: Door, cut: Cut, ratings: pa.Table) -> None:
    from tallystick.doors.cli.headlines import grade_bars, grade_counts, headlines

    counts = grade_counts(headlines(ratings))
    if door.json:
        emit({**about(cut), "companies": sum(counts.values()), "grades": counts})
        return
    if not sum(counts.values()):
        say(f"Nothing had been promised by {about(cut)['as_of']}, as far as was known then.")
        return
    out().print(grade_bars(counts))
    named = about(cut)
    say(
        f"{counted(sum(counts.values()), 'company', 'companies')} rated as of {named['as_of']} from "
        f"{counted(named['batches'], 'batch', 'batches')}; policy {named['policy']}."
    )
    say(
        f"One company: tallystick rate COMPANY{door.flag}. "
        f"All of them: tallystick ratings -o ratings.csv{door.flag}"
    )


def _tell_json(cut: Cut, ratings: pa.Table, lang: str) -> None:
    from tallystick.doors.cli.tables import ratings_table
    from tallystick.rating import reasons_of

    told = ratings_table(ratings, integers=True).to_pylist()
    for row, raw in zip(told, ratings.to_pylist(), strict=True):
        row["reasons"] = [
            {"code": r.code, "points": r.points, "text": r.chinese if lang == "zh" else r.english}
            for r in reasons_of(raw)
        ]
    emit({**about(cut), "ratings": told})


def _tell_one(door: Door, cut: Cut, rows: Sequence[Mapping[str, Any]], lang: str) -> None:
    """One company: the headline as a sentence, its reasons, then roles and kinds."""
    from rich.text import Text

    from tallystick.doors.cli.show import grade, table
    from tallystick.rating import reasons_of

    head = next(row for row in rows if row["scope"] == "headline")
    console = out()
    title = Text.assemble(
        (head["name"] or head["code"], "bold"),
        f"  {head['country'] or ''}  {head['code']}\n",
        "Grade ",
        grade(head["grade"]),
    )
    console.print(title.append(f"   {sentence(head)}   as of {about(cut)['as_of']}\n"))
    points = [
        [
            f"{r.points:+.1f}" if r.code != "base" else f"{r.points:.1f}",
            r.chinese if lang == "zh" else r.english,
        ]
        for r in reasons_of(head)
    ]
    points.append([f"{head['score_tenths'] / 10:.1f}", "总分" if lang == "zh" else "score"])
    console.print(table(("points>", "reason"), points, last_is_total=True))
    console.print(_parts_table(rows))
    say(
        f"In full: tallystick report {head['code']}{door.flag}. "
        f"Down to the documents: tallystick explain {head['code']}{door.flag}"
    )


def _parts_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Each role, and under it its kinds of promise."""
    from tallystick.doors.cli.show import grade, percent, table

    parts = [row for row in rows if row["scope"] != "headline"]
    parts.sort(key=lambda row: (row["role"], row["scope"] != "role", row["kind"]))
    lines = [
        [
            row["role"] if row["scope"] == "role" else f"  {row['kind']}",
            grade(row["grade"]),
            percent(row["broken_ppm"]),
            f"{percent(row['low_ppm'])} to {percent(row['high_ppm'])}",
            row["evidence_level"],
            number(row["n_promises"]),
            number(row["n_kept"]),
            number(row["n_late"] + row["n_partial"] + row["n_broken"]),
        ]
        for row in parts
    ]
    columns = ("role and kind|", "grade|", "breaks the next>", "interval|", "evidence|?")
    return table((*columns, "promises>", "kept>", "late or broken>"), lines)


def sentence(row: Mapping[str, Any]) -> str:
    """A rating in a sentence; the numbers of a grade that there is no evidence for are not told."""
    from tallystick.doors.cli.show import percent

    if row["grade"] == "NR":
        return f"not enough evidence for a grade ({number(row['n_promises'])} promises known)"
    span = f"{percent(row['low_ppm'])} to {percent(row['high_ppm'])}"
    return (
        f"breaks the next promise with {percent(row['broken_ppm'])} ({span}), "
        f"evidence {row['evidence_level']}, {number(row['n_promises'])} promises"
    )
