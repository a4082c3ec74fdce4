"""Two or three companies side by side: who is the better risk, how sure that is, and what makes the difference.

Worked example: 1.5 % (0.9 to 2.6) against 6.3 % (0.8 to 15.6): the first looks better, but the intervals
overlap, so the sentence says that the evidence does not part them for sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from tallystick.adapters.store import served
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import figures
from tallystick.report.picture import Picture
from tallystick.report.rating_pictures import Compared, factors_picture, intervals_picture
from tallystick.service import looking
from tallystick.units import UnitError, key_of

FIELDS: Final = ("a", "b", "c")
CHOICES: Final = 6

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for in one place of the form: `text`, and either its company or those that it may mean,
    each with the address of the comparison with it."""

    field: str
    text: str
    body: Body | None
    choices: tuple[tuple[dict[str, Any], str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a name and a cell for each company."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Page):
    """The page. `bodies`: the companies that are compared, empty before two are known."""

    asked: tuple[Asked, ...]
    bodies: tuple[Body, ...]
    sentence: str
    pictures: tuple[Picture, ...]
    facts: tuple[Row, ...]
    kinds: tuple[Row, ...]


def compare(ask: Ask) -> Response:
    """The page for `?a=…&b=…&c=…`: codes, identifiers or names."""
    ask.caller.must("rating.read")
    asked = tuple(_asked(ask, field) for field in FIELDS)
    bodies = list({one.body["company"]["code"]: one.body for one in asked if one.body}.values())
    enough = len(bodies) >= 2 and not any(one.text and one.body is None for one in asked)
    shown: Sequence[Body] = bodies if enough else ()
    ask.shows(*(body["company"]["code"] for body in shown))
    words = sentence(shown, ask) if shown else ""
    told = {"companies": list(shown), "sentence": words}
    page = Comparison(
        ask=ask,
        told=told,
        asked=asked,
        bodies=tuple(shown),
        sentence=words,
        pictures=_pictures(shown, ask),
        facts=_facts(shown, ask),
        kinds=_kinds(shown, ask),
    )
    return answer(page, "compare.html")


def _asked(ask: Ask, field: str) -> Asked:
    text = ask.text(field, 300)
    if not text:
        return Asked(field, "", None, ())
    found = _by_code(ask, text)
    if found is not None:
        return Asked(field, text, found, ())
    rows = looking.search(ask.service, text, CHOICES, ask.lang)
    sure = [row for row in rows if row["match"] != "similar"]
    if len(sure) == 1:
        return Asked(field, text, _by_code(ask, sure[0]["code"]), ())
    texts = {name: ask.text(name, 300) for name in FIELDS}
    ask.shows(*(row["code"] for row in rows))
    choices = [
        (row, ask.url("/compare", **texts | {field: row["code"]})) for row in rows if row["grade"]
    ]
    return Asked(field, text, None, tuple(choices))


def _by_code(ask: Ask, text: str) -> Body | None:
    try:
        key = key_of(text)
    except UnitError:
        return None
    with ask.service.store.read() as db:
        found = served.bodies(db, [key])
    return found.get(key)


def sentence(bodies: Sequence[Body], ask: Ask) -> str:
    """Who is the better risk in one sentence, or why that cannot be said."""
    unknown = [_name(body) for body in bodies if not body["enough_evidence"]]
    if unknown:
        return ask.say("w.x.not", names=ask.say.joined(unknown))
    best, other = sorted(bodies, key=lambda body: body["headline"]["broken_ppm"])[:2]
    first, second = best["headline"], other["headline"]
    apart = first["high_ppm"] < second["low_ppm"]
    return ask.say(
        "w.x.better" if apart else "w.x.overlap",
        best=_name(best),
        other=_name(other),
        low=figures.percent(first["broken_ppm"]),
        high=figures.percent(second["broken_ppm"]),
    )


def _pictures(bodies: Sequence[Body], ask: Ask) -> tuple[Picture, ...]:
    if not bodies or any(body["headline"] is None for body in bodies):
        return ()
    compared = [_compared(body, ask.lang) for body in bodies]
    factors = factors_picture(compared, ask.say)
    return (intervals_picture(compared, ask.say), *([factors] if factors else []))


def _compared(body: Body, lang: str) -> Compared:
    head = body["headline"]
    tenths = tuple(
        (r[lang], round(r["points"] * 10)) for r in head["reasons"] if r["code"] != "base"
    )
    return Compared(
        _name(body), head["grade"], head["broken_ppm"], head["low_ppm"], head["high_ppm"], tenths
    )


def _facts(bodies: Sequence[Body], ask: Ask) -> tuple[Row, ...]:
    """The headlines, line by line."""
    say, heads = ask.say, [body["headline"] for body in bodies]
    if not bodies:
        return ()

    def line(name: str, cell: Any) -> Row:
        return Row(name, tuple("–" if head is None else cell(head) for head in heads))

    coverage = figures.share(looking.cut_of(ask.service).policy.coverage_ppm)
    return (
        line(say("chance_short"), lambda head: figures.percent(head["broken_ppm"])),
        line(say("interval", coverage=coverage), interval),
        line(
            say("evidence"),
            lambda h: f"{h['evidence_level']} {say('level.' + h['evidence_level'])}",
        ),
        line(say("exposure"), lambda h: figures.money_usd(h["exposure_cents"])),
        line(say("w.x.promises"), lambda h: figures.count(h["promises"]["promises"])),
        line(say("kept_rate"), _kept),
        line(say("counterparties"), lambda h: figures.count(h["counterparties"])),
    )


def interval(told: Mapping[str, Any]) -> str:
    """The interval of a rating as words."""
    return f"{figures.percent(told['low_ppm'])} – {figures.percent(told['high_ppm'])}"


def _kept(head: Mapping[str, Any]) -> str:
    counts = head["promises"]
    counted = sum(counts[name] for name in ("kept", "late", "partial", "broken"))
    return figures.percent(counts["kept"] * 1_000_000 // counted) if counted else "–"


def _kinds(bodies: Sequence[Body], ask: Ask) -> tuple[Row, ...]:
    """Kinds of promise that any of them made, those that most of them made first."""
    each = [{row["kind"]: row for row in body["kinds"]} for body in bodies]
    kinds = sorted(
        {kind for rows in each for kind in rows}, key=lambda k: (-sum(k in r for r in each), k)
    )
    return tuple(
        Row(
            ask.say.kind(kind),
            tuple(
                f"{rows[kind]['grade']} · {figures.percent(rows[kind]['broken_ppm'])}"
                if kind in rows
                else "–"
                for rows in each
            ),
        )
        for kind in kinds
    )


def _name(body: Body) -> str:
    return str(body["company"]["name"] or body["company"]["code"])
