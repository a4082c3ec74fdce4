"""Commands about two: `why` shows the evidence, `review` asks what a person should decide."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Door,
    Json,
    KnownAt,
    Language,
    about,
    counted,
    emit,
    enter,
    language,
    out,
    say,
)
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    from tallystick.adapters.asking import Question
    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book
    from tallystick.identity.why import Why


def why(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="Code, identifier, reference or name.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other.")],
    lang: Language = "en",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Why A and B are one company, or are not: the evidence line by line, and what came of it.

    The lines add up to the match weight, in bits: 1 bit more makes "the same company" twice as likely.
    Registers, shared identifiers and people's judgements decide without being weighed.

    \b
    Examples:
      tallystick why "Acme Trading" id:bank.customer:88
      tallystick why C-00HENPCPJ3Q09 C-00HENPCPJ3Q10 --lang zh
      tallystick why "name:acme trading|GB" lei:529900T8BM49AURSDO55 --json
    """
    door = enter(ctx, book, json)
    language(lang)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.why(a, b, cut)
    if door.json:
        from tallystick.identity.why import told

        emit({**about(cut), **told(found)})
    else:
        show_why(found, lang)


def show_why(found: Why, lang: str) -> None:
    """The evidence for people."""
    from tallystick.doors.cli.show import percent, table
    from tallystick.identity.linking.calibration import probability_ppm
    from tallystick.report.phrases import Phrases
    from tallystick.report.who_text import rule_text, verdict
    from tallystick.report.who_words import evidence_text

    words = Phrases(lang)
    for side in (found.a, found.b):
        say(f"{_title(side)}  {side.country or ''}  {side.ref}")
    if found.name_a and found.name_b:
        say(words("who.names", a=found.name_a, b=found.name_b))
    else:
        say(words("who.no_names"))
    rows = [[words("who.decides"), rule_text(rule, words)] for rule in found.rules]
    rows += [[bits(line.weight), evidence_text(line, lang)] for line in found.lines]
    share = percent(probability_ppm(found.weight))
    rows.append([bits(found.weight), words("who.sum", share=share)])
    columns = (words("who.weight") + ">", words("who.evidence"))
    out().print(table(columns, rows, last_is_total=True))
    say(verdict(found, words))


def bits(weight: int) -> str:
    """A match weight as people read it."""
    return f"{weight / 1000:+.3f}"


def _title(side: Any) -> str:
    from tallystick.units import code_of

    name = side.names[0] if side.names else side.ref
    return f"{name}  {code_of(side.company, 'C')}"


def review(
    ctx: typer.Context,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who judges.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Questions.")] = 20,
    listed: Annotated[bool, typer.Option("--list", help="Show the queue, ask nothing.")] = False,
    lang: Language = "en",
    as_of: AsOf = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Go through what a person should decide: who is held between whom, and pairs worth a look.

    The most valuable first. Each answer is a judgement at once, and can be undone with `judge withdrawn`:
    y the same, n two companies, s skip, w the evidence, r type the reason, q stop. Reads answers line by line,
    also from a pipe. What was judged is not asked again.

    \b
    Examples:
      tallystick review --by Ada
      tallystick review --list --limit 50
      tallystick review --json
    """
    door = enter(ctx, book, json)
    language(lang)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, None)
        found = opened.review(cut, limit)
        if door.json:
            emit({**about(cut), "questions": [question.told() for question in found]})
        elif not found:
            say("Nothing is held or worth a person's look.")
        elif listed:
            _list(found, door)
        else:
            _Session(opened, cut, door, by, lang).run(found)


def _list(found: list[Question], door: Door) -> None:
    from tallystick.doors.cli.show import table

    rows = [
        [
            question.kind if n == 0 else "",
            _title(pair.a) if n == 0 else "",
            _title(pair.b),
            f"{pair.weight / 1000:.1f}",
            str(min(question.documents.get(side.company, 0) for side in (pair.a, pair.b))),
        ]
        for question in found
        for n, pair in enumerate(question.pairs)
    ]
    columns = ("kind|", "who is this", "perhaps", "bits>", "documents at stake>")
    out().print(table(columns, rows))
    say(f"Decide them: tallystick review --by NAME{door.flag}")


class _Session:
    """One sitting: asks, judges, counts."""

    def __init__(self, book: Book, cut: Cut, door: Door, by: str, lang: str) -> None:
        self._book, self._cut, self._door, self._by, self._lang = book, cut, door, by, lang
        self._done = {"same": 0, "apart": 0, "skipped": 0}

    def run(self, found: list[Question]) -> None:
        """Ask the questions until they are answered or nobody answers any more."""
        while not self._by.strip():
            answer = _read("Who judges? ")
            if answer is None:
                say("Nobody judges: say --by NAME.")
                return
            self._by = answer
        for n, question in enumerate(found, start=1):
            say(f"\nQuestion {n} of {len(found)} ({question.kind})")
            if not self._ask(question):
                break
        self._sum_up()

    def _ask(self, question: Question) -> bool:
        """Ask about each candidate until one is the same; False to stop."""
        from tallystick.report.phrases import Phrases
        from tallystick.report.who_text import verdict

        for n, pair in enumerate(question.pairs, start=1):
            if len(question.pairs) > 1:
                say(f"Candidate {n} of {len(question.pairs)}")
            _side_by_side(pair, question)
            say(verdict(pair, Phrases(self._lang)))
            answer = self._answer(pair)
            if answer in ("q", "y"):
                return answer == "y"
        return True

    def _answer(self, pair: Why) -> str:
        """One of y, n, s, q; a y or n has been handed in."""
        reason = _reason(pair)
        while True:
            said = _read("The same company? y n s(kip) w(hy) r(eason) q(uit): ")
            answer = "q" if said is None else said.lower()[:1]
            if answer == "w":
                show_why(pair, self._lang)
            elif answer == "r":
                reason = _read("Reason: ") or reason
            elif answer in ("y", "n"):
                self._judge(pair, "same" if answer == "y" else "apart", reason)
                return answer
            elif answer == "s":
                self._done["skipped"] += 1
                return answer
            elif answer == "q":
                return answer

    def _judge(self, pair: Why, meant: str, reason: str) -> None:
        self._book.judge(pair.a.ref, pair.b.ref, meant, reason, self._by, self._cut)
        self._done[meant] += 1
        say(f"Judged {meant}: {pair.a.ref} and {pair.b.ref} ({reason})")

    def _sum_up(self) -> None:
        same, apart, skipped = (self._done[key] for key in ("same", "apart", "skipped"))
        say(f"\nJudged the same: {same}; kept apart: {apart}; skipped: {skipped}.")
        if same or apart:
            say(
                f"{counted(same + apart, 'judgement')} of {self._by} for the next rating: "
                f"tallystick rate{self._door.flag}. Undo one: tallystick judge withdrawn A B"
            )


def _read(prompt: str) -> str | None:
    """A line of standard input; None at its end."""
    typer.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        typer.echo("")
    return line.strip() if line else None


def _reason(pair: Why) -> str:
    """The reason out of the evidence: what weighs most either way."""
    from tallystick.identity.linking.weigh import text_of

    lines = sorted(pair.lines, key=lambda line: -abs(line.weight))[:3]
    return f"reviewed at {bits(pair.weight)} bits: " + "; ".join(text_of(line) for line in lines)


def _side_by_side(pair: Why, question: Question) -> None:
    from tallystick.doors.cli.show import table

    sides = (pair.a, pair.b)
    rows = [
        ["names", *("; ".join(side.names[:4]) for side in sides)],
        ["country", *(side.country or "" for side in sides)],
        ["identifiers", *("; ".join(side.ids[:6]) for side in sides)],
        ["address", *("; ".join(_trait(side, "address")) for side in sides)],
        *(_agreeing(pair, sort) for sort in ("account", "domain")),
        ["founded", *("; ".join(_trait(side, "founded")) for side in sides)],
        ["documents", *(str(question.documents.get(side.company, 0)) for side in sides)],
        ["grade", *(question.grades.get(side.company, "") for side in sides)],
    ]
    shown = [row for row in rows if any(row[1:])]
    out().print(table(("", _title(pair.a), _title(pair.b)), shown))


def _trait(side: Any, sort: str) -> list[str]:
    return sorted(side.side.traits.get(sort, ()))[:3]


def _agreeing(pair: Why, sort: str) -> list[str]:
    """Accounts and domains are kept as hashes: whether they agree is all there is to show."""
    mine, yours = (side.side.traits.get(sort, frozenset()) for side in (pair.a, pair.b))
    if not mine or not yours:
        return [sort, *("known" if values else "" for values in (mine, yours))]
    return [sort, "the same", "the same"] if mine & yours else [sort, "differs", "differs"]
