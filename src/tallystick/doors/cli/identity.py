"""Commands about who is who: `how`, `related`, `judge`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Company,
    Door,
    Json,
    KnownAt,
    Language,
    Limit,
    about,
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
    from tallystick.adapters.cuts import Cut
    from tallystick.identity.why import Why


def how(
    ctx: typer.Context,
    company: Company,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """How a company came to be: every description that means it, why, and what was kept apart.

    Descriptions that share no identifier are joined by name: the two names and their weight are shown, and
    `why` takes them apart. What is held or worth a look follows, with the commands that decide it.
    Each line is a reference that `judge` takes: split one off with `judge apart`, or undo a judgement with
    `judge withdrawn`. With --known-at: who it was then.

    \b
    Examples:
      tallystick how "Acme Trading"
      tallystick how C-00HENPCPJ3Q09 --known-at 2026-01-31
      tallystick how lei:529900T8BM49AURSDO55 --json
    """
    door = enter(ctx, book, json)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        rows = opened.how(" ".join(company), cut)
        pairs = opened.undecided(" ".join(company), cut)
    if door.json:
        from tallystick.identity.why import told

        emit({**about(cut), "members": rows, "undecided": [told(pair) for pair in pairs]})
        return
    from tallystick.doors.cli.show import table

    cells = [[row["ref"], row["name"] or "", row["country"] or "", _reason(row)] for row in rows]
    out().print(table(("reference", "name?", "country|", "why"), cells))
    for pair in pairs:
        _undecided(pair, door)


def _undecided(pair: Why, door: Door) -> None:
    """A pair that a person should look at, with the commands that show and decide it."""
    from tallystick.units import code_of

    kind = "held between several" if pair.outcome == "held" else "worth a look"
    other = f"{pair.name_b} ({code_of(pair.b.company, 'C')})"
    say(f"{kind}: {pair.name_a} is perhaps {other}, {pair.weight / 1000:.1f} bits")
    two = f"{_quoted(pair.a.ref)} {_quoted(pair.b.ref)}{door.flag}"
    say(f"  tallystick why {two}")
    say(f"  tallystick judge same {two} --why TEXT --by NAME     (or: judge apart)")


def _quoted(ref: str) -> str:
    import shlex

    return shlex.quote(ref)


def _reason(row: dict[str, Any]) -> str:
    reason = str(row["reason"])
    if "by" in row:
        told = f"{reason} by {row['by']} on {row['day']}: {row['why']}"
    else:
        told = f"{reason} ({row['detail']})" if row["detail"] else reason
    bad = ", ".join(row["bad_ids"])
    return f"{told}; wrong check digits, so not used: {bad}" if bad else told


def related(
    ctx: typer.Context,
    company: Company,
    limit: Limit = 20,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Who is related to a company: owners and what it owns, its group, and who shares an account, a domain
    or an address with it.

    "Weighs less by" is how much less the promises between the two count in a rating; from a half on, what
    one says for the other is no second word. Relations never make two companies one.

    \b
    Examples:
      tallystick related "Acme Trading"
      tallystick related lei:529900T8BM49AURSDO55 --as-of 2025-06-30
      tallystick related C-00HENPCPJ3Q09 --json
    """
    door = enter(ctx, book, json)
    language(lang)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        rows = opened.related(" ".join(company), cut)
    if door.json:
        emit({**about(cut), "related": [_without_key(row) for row in rows]})
    elif not rows:
        say("Nobody is known to be related to it.")
    else:
        _show_related(rows[:limit], lang)
        if len(rows) > limit:
            note(f"{len(rows) - limit:,} more; see them with --limit {len(rows)}")


def _without_key(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "company"}


def _show_related(rows: list[dict[str, Any]], lang: str) -> None:
    from tallystick.doors.cli.show import percent, table
    from tallystick.report import Phrases, related_words

    words = Phrases(lang)
    cells = [
        [
            row["code"],
            row["name"] or "",
            row["country"] or "",
            related_words(row, words).replace("\N{NO-BREAK SPACE}", " "),
            row["since"] or "",
            _place(row),
            percent(row["related_ppm"]),
        ]
        for row in rows
    ]
    heads = [words(f"related_{head}") for head in ("how", "since", "weight")]
    columns = ("company|", "name", "country|?", heads[0], f"{heads[1]}|", words("source") + "?")
    out().print(table((*columns, f"{heads[2]}>"), cells))


def _place(row: dict[str, Any]) -> str:
    """Who says so, in which document."""
    told = [row["contributor"], row["document"] or row["source"]]
    return " ".join(text for text in told if text)


def judge(
    ctx: typer.Context,
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="same, apart or withdrawn.")],
    a: Annotated[
        str,
        typer.Argument(metavar="A", help="Identifier, reference as `how` shows it, or company."),
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The other.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who judges.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Show whose rating it would move; hand nothing in.")
    ] = False,
    as_of: AsOf = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Judge who is who: A and B are the same company, are kept apart, or what was judged is withdrawn.

    A person's judgement outranks identifiers and names, and survives every run. It is only ever added to: a
    later one about the same two replaces it, `withdrawn` lets the evidence speak again, exactly as before.
    Ratings of earlier moments (--known-at) are as they were.

    \b
    Examples:
      tallystick judge same id:tradeport.member:17 lei:529900T8BM49AURSDO55 --preview
      tallystick judge same "Acme Trading" id:bank.customer:88 --why "same licence" --by Ada
      tallystick judge apart id:shop:17 id:shop:18 --why "two firms, one agent" --by Ada
      tallystick judge withdrawn id:shop:17 id:shop:18 --why "wrong licence" --by Ada
    """
    door = enter(ctx, book, json)
    if not preview and not (why.strip() and by.strip()):
        raise typer.BadParameter("say why and who judges: --why TEXT --by NAME (or --preview)")
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, None)
        if preview:
            _preview(door, opened.preview(a, b, verdict, cut), cut)
            return
        receipt = opened.judge(a, b, verdict, why, by, cut)
    if door.json:
        emit({"batch": receipt.batch.batch_id, "new": receipt.new, "verdict": verdict})
    else:
        undo = "" if verdict == "withdrawn" else ", and judge withdrawn undoes it"
        say(
            f"Judged {verdict}: {a} and {b}. It counts from the next rating; "
            f"tallystick how {_quoted(a)}{door.flag} shows it{undo}."
        )


def _preview(door: Door, rows: list[dict[str, Any]], cut: Cut) -> None:
    from tallystick.adapters.reporting import names_of
    from tallystick.units import code_of

    names = names_of(cut, [row["company"] for row in rows])
    for row in rows:
        row["name"] = names.get(row["company"])
        row["code"] = code_of(row.pop("company"), "C")
    if door.json:
        emit({**about(cut), "moved": rows})
        return
    if not rows:
        say("No headline rating would move.")
        return
    from tallystick.doors.cli.show import table

    say(f"{number(len(rows))} headline ratings would move (chance of breaking the next promise):")
    cells = [
        [row["code"], row["name"] or "", _headline(row, "before"), _headline(row, "after")]
        for row in rows
    ]
    out().print(table(("company|", "name", "now|", "then|"), cells))


def _headline(row: dict[str, Any], when: str) -> str:
    grade = row[f"grade_{when}"]
    return "–" if grade is None else f"{grade} {row[f'broken_ppm_{when}'] / 10_000:.1f} %"
