"""The command `alerts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
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
    out,
    say,
)
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    from tallystick.watch import Alert

SHOWN: Final = 3
"""So many firms and deals of an alert stand in the table; --json has all."""

HEADS: Final = {
    "en": ("pattern|", "since|", "strength>", "about|", "what was found, and what to look at next"),
    "zh": ("模式|", "起始|", "强度>", "涉及|", "发现与下一步"),
}


def alerts(
    ctx: typer.Context,
    pattern: Annotated[
        list[str] | None,
        typer.Option("--pattern", metavar="NAME", help="Only these; may be given several times."),
    ] = None,
    limit: Limit = 20,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Patterns in who deals with whom that somebody should look at, the strongest first.

    Each names the firms, since when, the deals behind it, and what to look at next. An alert is a question, not
    a verdict: it changes no rating. The first company is the one it is about; "strength" says how far it is
    above the threshold, from 50 % on.

    \b
    Patterns:
      brushing_ring       new counterparties that come to one seller together and trade with next to nobody else
      sybil_group         new identities that buy from and sell to each other
      closed_circle       firms whose money goes round among them
      slander             complaints by accounts that only complain
      retaliation         complaints that answer complaints
      build_up_and_exit   open orders far above anything that was ever kept
      collapse            promises kept for long, and all at once most of them broken
      on_off              small promises kept, large ones broken
      whitewash           a new name with the customers of one that fell
      lone_contributor    who hands in deals of which nobody else speaks
      odd_contributor     whom the others contradict

    \b
    Examples:
      tallystick alerts
      tallystick alerts --as-of 2025-06-30 --pattern brushing_ring --pattern slander
      tallystick alerts --lang zh
      tallystick alerts --json
    """
    from tallystick.watch import PATTERNS

    door = enter(ctx, book, json)
    language(lang)
    wanted = set(pattern or PATTERNS)
    if unknown := wanted - set(PATTERNS):
        raise typer.BadParameter(
            f"no pattern is called {', '.join(sorted(unknown))}; there are {', '.join(PATTERNS)}"
        )
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = [alert for alert in opened.alerts(cut) if alert.pattern in wanted]
    if door.json:
        emit({**about(cut), "alerts": [_plain(alert, lang) for alert in found]})
    elif not found:
        say(f"Nothing to look at as of {about(cut)['as_of']}.")
    else:
        names = _names(cut, found[:limit])
        _show(door, found[:limit], names, lang)
        if len(found) > limit:
            note(f"{len(found) - limit:,} more; see them with --limit {len(found)}")


def _plain(alert: Alert, lang: str) -> dict[str, Any]:
    """An alert for JSON, with codes in place of keys."""
    from tallystick.units import code_of, day_of

    chinese = lang == "zh"
    return {
        "pattern": alert.pattern,
        "since": day_of(alert.since_day).isoformat(),
        "strength_ppm": alert.strength_ppm,
        "contributors": list(alert.contributors),
        "companies": [code_of(key, "C") for key in alert.companies],
        "deals": [code_of(key, "D") for key in alert.deals],
        "text": alert.chinese if chinese else alert.english,
        "next": alert.next_chinese if chinese else alert.next_english,
    }


def _names(cut: Any, found: Sequence[Alert]) -> dict[int, str]:
    import pyarrow as pa

    keys = sorted({key for alert in found for key in alert.companies[:SHOWN]})
    rows = cut.rows("companies", "company", pa.array(keys, pa.int64()), ["company", "name"])
    return dict(zip(rows["company"].to_pylist(), rows["name"].to_pylist(), strict=True))


def _show(door: Door, found: Sequence[Alert], names: Mapping[int, str], lang: str) -> None:
    from tallystick.doors.cli.show import percent, table
    from tallystick.units import day_of

    rows = [
        [
            alert.pattern,
            day_of(alert.since_day).isoformat(),
            percent(alert.strength_ppm),
            _listed("C", alert.companies) or ", ".join(alert.contributors),
            _told(alert, names, lang),
        ]
        for alert in found
    ]
    out().print(table(HEADS[lang], rows))
    say(
        f"Alerts change no rating. All firms and deals: tallystick alerts --json{door.flag}. "
        f"One deal: tallystick deals DEAL{door.flag}"
    )


def _told(alert: Alert, names: Mapping[int, str], lang: str) -> str:
    subject = names.get(alert.companies[0]) if alert.companies else ""
    text = (
        (alert.chinese, alert.next_chinese) if lang == "zh" else (alert.english, alert.next_english)
    )
    deals = _listed("D", alert.deals).replace("\n", ", ")
    return "\n".join([*([f"{subject}:"] if subject else []), *text, deals])


def _listed(prefix: str, keys: Sequence[int]) -> str:
    """The first codes, one a line, and how many more there are."""
    from tallystick.units import code_of

    shown = [code_of(key, prefix) for key in keys[:SHOWN]]
    more = len(keys) - len(shown)
    return "\n".join([*shown, *([f"+ {more}"] if more else [])])
