"""Commands about policies: `policy list`, `show`, `draft`, `check`, `try`, `commit`, `rollback`, `card`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
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
    Out,
    emit,
    enter,
    language,
    out,
    say,
)
from tallystick.doors.cli.policy_common import (
    changes,
    changes_table,
    commit_row,
    meant,
    moment,
    name_of,
    named,
    states_of,
    who_commits,
)
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    from tallystick.adapters.policies import Commit
    from tallystick.rating import Policy

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="""The parameters of the rating as dated, signed files: change them, see whom that moves, go back.

\b
The way through it:
  tallystick policy draft spring.toml      the policy in force, as a file with every field explained
  (edit spring.toml)
  tallystick policy check spring.toml      what is wrong with it, and what differs
  tallystick policy try spring.toml        who would move, by how much, and why
  tallystick policy commit spring.toml --note "cap halved after the ring of May"
  tallystick policy rollback default --note "spring did not hold"
""",
)

Which = Annotated[
    str,
    typer.Argument(metavar="POLICY", help="FILE.toml, name, (beginning of a) digest, or default."),
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="The reason; it is kept.")]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who commits it. [default: the login name]")
]


@app.command("list")
def list_(ctx: typer.Context, book: BookDir = None, json: Json = False) -> None:
    """All policies ever put in force, newest last, and which one is in force now.

    \b
    Examples:
      tallystick policy list
      tallystick policy list --json
    """
    door = enter(ctx, book, json)
    with door.open() as opened:
        commits, current = opened.policies(), opened.policy_at()
    states = states_of(commits, current)
    if door.json:
        rows = [
            commit_row(made) | {"state": state} for made, state in zip(commits, states, strict=True)
        ]
        emit({"in_force": named(current), "policies": rows})
        return
    from tallystick.doors.cli.show import table

    cells = [
        [
            str(made.number),
            made.policy.name,
            made.policy.digest(),
            state,
            made.policy.valid_from,
            moment(made)[:16].replace("T", " "),
            made.by,
            made.note,
        ]
        for made, state in zip(commits, states, strict=True)
    ]
    if not cells:
        say(
            f"None was ever committed: {current.name} ({current.digest()}) is in force, as shipped."
        )
        return
    columns = ("no>", "policy|", "digest|", "state|", "from|?", "committed (UTC)|?", "by", "note?")
    out().print(table(columns, cells))
    if current not in [made.policy for made in commits]:
        say(f"In force: {current.name} ({current.digest()}), as shipped.")


@app.command("show")
def show(
    ctx: typer.Context,
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="FILE.toml, name, digest, or default.")
    ] = "",
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Every number of a policy with its meaning; without POLICY, of the one in force.

    \b
    Examples:
      tallystick policy show
      tallystick policy show default --lang zh
      tallystick policy show 458a1b --json
    """
    from tallystick.rating.policy_file import leaves, tree_of
    from tallystick.rating.policy_words import means

    door = enter(ctx, book, json)
    language(lang)
    found = meant(door, policy)
    if door.json:
        emit({**named(found), "parameters": tree_of(found)})
        return
    from tallystick.doors.cli.show import table

    cells = [[path, str(value), means(path, lang)] for path, value in leaves(tree_of(found))]
    heads = ("参数|", "数值>", "含义") if lang == "zh" else ("field|", "value>", "meaning")
    out().print(table(heads, cells, title=f"{found.name}  {found.digest()}"))


@app.command("draft")
def draft(
    ctx: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.toml", help="The file to write.")],
    origin: Annotated[
        str,
        typer.Option(
            "--from", metavar="POLICY", help="Name, digest, default or file. [default: in force]"
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Write a policy as a file to be edited: every field with its meaning and range.

    It is the policy in force (or --from) under the name of the file, valid from today.

    \b
    Examples:
      tallystick policy draft spring.toml
      tallystick policy draft spring.toml --from default
      tallystick policy draft chunji.toml --lang zh
    """
    from dataclasses import replace

    from tallystick.rating.policy_file import write_policy

    door = enter(ctx, book, json)
    language(lang)
    name = name_of(output, force)
    today = datetime.now(UTC).date().isoformat()
    made = replace(meant(door, origin), name=name, valid_from=today)
    output.write_text(write_policy(made, lang), encoding="utf-8", newline="\n")
    if door.json:
        emit({"written": str(output), **named(made)})
    else:
        say(f"Wrote {output}. Edit it, then: tallystick policy try {output}{door.flag}")


@app.command("check")
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The policy file.")],
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Whether a file can be used as a policy, who signed it if anybody, and what differs from the one in force.

    Ends with 1 when something is wrong, and says all that is.

    \b
    Examples:
      tallystick policy check spring.toml
      tallystick policy check shop.book/policies/0001-spring.toml
      tallystick policy check spring.toml --json
    """
    from dataclasses import asdict

    from tallystick.adapters.policies import read_file, signed_by
    from tallystick.rating.policy_file import PolicyError, differences

    door = enter(ctx, book, json)
    language(lang)
    try:
        found = read_file(file)
    except PolicyError as error:
        if door.json:
            emit({"file": str(file), "problems": [asdict(problem) for problem in error.problems]})
        else:
            for problem in error.problems:
                say(f"{file}: {problem}")
        raise typer.Exit(int(Exit.NOT_DONE)) from None
    current, made = meant(door, ""), signed_by(found)
    changed = differences(current, found.policy)
    if door.json:
        facts = {"file": str(file), "problems": [], **named(found.policy)}
        told = {"against": named(current), "differences": changes(changed)}
        emit({**facts, "signed": commit_row(made) if made else None, **told})
    else:
        _show_check(found.policy, current, changed, lang)
        _show_signature(door, found.signed is not None, made)
    if found.signed is not None and made is None:
        raise typer.Exit(int(Exit.NOT_DONE))


def _show_check(
    policy: Policy, current: Policy, changed: list[tuple[str, Any, Any]], lang: str
) -> None:
    say(f"{policy.name} ({policy.digest()}) can be used.")
    if policy.fitted is not None and not policy.as_measured():
        say("It was changed by hand after the fit: the figures in `fitted` are not its own.")
    if not changed:
        say(f"It is {current.name}, the policy in force.")
        return
    say(f"It differs from {current.name} ({current.digest()}), which is in force, in:")
    out().print(changes_table(changed, lang))


def _show_signature(door: Door, bears_one: bool, made: Commit | None) -> None:
    from tallystick.adapters.keys import published

    if not bears_one:
        say("It bears no signature: it is a draft.")
    elif made is None:
        say("Its signature does NOT verify: the file is not what was signed.")
    else:
        mine = made.key in published(door.folder)
        whose = "a key of this book" if mine else "a key that this book does not know"
        say(
            f"Signed by {made.by} on {moment(made)[:10]} ({made.note}) with {whose}: {made.key[:16]}"
        )


@app.command("try")
def try_(
    ctx: typer.Context,
    policy: Which,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Falls to show.")] = 15,
    output: Out = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Dry run: rate everybody under another policy, and show who moves, by how much, and why. Nothing changes.

    What is shown is what a commit brings, value for value. Counts by direction, by country, by depth of
    evidence, and of newcomers (fewer than three outcomes); the largest falls first. -o writes all moves.

    \b
    Examples:
      tallystick policy try spring.toml
      tallystick policy try spring.toml -o moves.csv
      tallystick policy try default --as-of 2025-06-30 --json
    """
    from tallystick.doors.cli.exports import check_out
    from tallystick.doors.cli.policy_moves import tell
    from tallystick.doors.cli.progress import steps

    door = enter(ctx, book, json)
    language(lang)
    check_out(output)
    with door.open() as opened:
        other = meant(door, policy)
        cut = cut_of(opened, door, as_of, known_at)
        with steps(door) as step:
            found = opened.try_policy(other, cut, step)
    tell(door, cut, other, found, lang, limit, output)


@app.command("commit")
def commit(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The policy file.")],
    note: Note = "",
    by: By = "",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Put the policy of a file in force: signed, dated, and kept for ever beside all earlier ones.

    Ratings are made with it from its `valid_from` on, those of earlier moments (--known-at) as before.

    \b
    Examples:
      tallystick policy commit spring.toml --note "refitted on the first quarter"
      tallystick policy commit spring.toml --note "cap halved" --by Ada
    """
    from tallystick.adapters.policies import read_file

    door = enter(ctx, book, json)
    who = who_commits(note, by)
    _commit(door, read_file(file).policy, note, who)


@app.command("rollback")
def rollback(
    ctx: typer.Context,
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="Name, (beginning of a) digest, or default.")
    ],
    note: Note = "",
    by: By = "",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Go back to an earlier policy, or to the shipped one (default): it is committed again as the newest.

    \b
    Examples:
      tallystick policy rollback winter --note "spring pushed newcomers down"
      tallystick policy rollback default --note "start over" --by Ada
    """
    door = enter(ctx, book, json)
    who = who_commits(note, by)
    with door.open() as opened:
        earlier = opened.policy_named(policy)
    _commit(door, earlier, note, who)


def _commit(door: Door, policy: Policy, note: str, by: str) -> None:
    with door.open() as opened:
        before, earlier = opened.policies(), opened.policy_at()
        made = opened.commit_policy(policy, note, by)
        now = opened.policy_at()
    if door.json:
        emit({**commit_row(made), "in_force": named(now), "before": named(earlier)})
        return
    starts = "It is in force." if now == policy else f"It comes into force on {policy.valid_from}."
    say(f"Committed {policy.name} ({policy.digest()}) as number {made.number}. {starts}")
    for other, state in zip(before, states_of(before, earlier), strict=True):
        if state == "waits" and policy.valid_from <= other.policy.valid_from:
            say(f"{other.policy.name} was to begin on {other.valid_from}; it no longer will.")
    say(f"Back: tallystick policy rollback {earlier.digest()} --note TEXT{door.flag}")


@app.command("card")
def card(
    ctx: typer.Context,
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="FILE.toml, name, digest, or default.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Where to write it: .md or .html."),
    ] = None,
    lang: Language = "en",
    book: BookDir = None,
) -> None:
    """The model card of a policy: purpose, data, method, parameters, figures, limits, fairness, who may use it.

    \b
    Examples:
      tallystick policy card
      tallystick policy card spring.toml -o spring.html
      tallystick policy card default --lang zh -o card.md
    """
    from tallystick.report.card import card_html, card_markdown, model_card

    door = enter(ctx, book)
    language(lang)
    if output is not None and output.suffix.lower() not in (".md", ".html"):
        raise typer.BadParameter(
            f"{output.name} has no ending that says a format: use .md or .html"
        )
    found = meant(door, policy)
    made = model_card(found, lang)
    html = output is not None and output.suffix.lower() == ".html"
    text = card_html(made) if html else card_markdown(made)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
        say(f"Wrote {output}")
