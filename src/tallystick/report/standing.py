"""The headline and what it means: the grade in words, its state, and the terms that fit it.

A grade is one doubling of the chance that the next promise is broken; advice on terms changes at every
second grade or so. Not enough evidence, sanctions and formal default are states of their own, with their
own words: they are no points on the scale.
"""

from __future__ import annotations

from typing import Final

from tallystick.rating.policy import GRADE_CEILING_PPM
from tallystick.report import figures
from tallystick.report.blocks import Headline, Meaning
from tallystick.report.material import Material, Row
from tallystick.report.phrases import WORDS, Phrases
from tallystick.units import code_of, day_of

ADVICE: Final = {
    "AAA": "top",
    "AA": "top",
    "A": "top",
    "BBB": "fair",
    "BB": "fair",
    "B": "mixed",
    "CCC": "weak",
    "CC": "poor",
    "C": "poor",
    "D": "poor",
}
WIDE_FACTOR: Final = 4
"""An interval whose ends differ by two grades or more deserves a sentence."""


def headline(material: Material, say: Phrases) -> Headline:
    """Who, how good, how sure."""
    company, row, made = material.company, material.rating("headline"), material.made
    state = state_of(material)
    grade = row["grade"] if row else {"sanctioned": "X", "default": "D"}.get(state, "NR")
    level = row["evidence_level"] if row else "E0"
    code = code_of(company["company"], "C")
    return Headline(
        name=company["name"] or code,
        code=code,
        country=company["country"],
        ids=tuple(company["ids"]),
        other_names=tuple(n for n in company["names"] if n != company["name"]),
        state=state,
        grade=grade,
        grade_words=say("grade.D.default" if state == "default" else f"grade.{grade}"),
        sentence=_sentence(state, row, say),
        broken_ppm=row["broken_ppm"] if row else None,
        low_ppm=row["low_ppm"] if row else None,
        high_ppm=row["high_ppm"] if row else None,
        coverage_ppm=made.policy.coverage_ppm,
        evidence_level=level,
        evidence_words=say(f"level.{level}"),
        evidence_micro=row["evidence_micro"] if row else 0,
        exposure_cents=row["exposure_cents"] if row else 0,
        as_of=day_of(made.as_of_day).isoformat(),
        known_at=figures.iso_moment(made.known_at_us),
        country_by=company["country_by"],
    )


def chance_label(head: Headline, say: Phrases) -> str:
    """What the chance is called: without enough evidence it is that of the peers."""
    return say("chance.not_enough_evidence" if head.state == "not_enough_evidence" else "chance")


def state_of(material: Material) -> str:
    """One of `blocks.STATES`."""
    row = material.rating("headline")
    if row is None:
        facts = {fact["kind"] for fact in material.facts if decides(fact)}
        if facts:
            return "sanctioned" if "sanction" in facts else "default"
        return "no_record"
    if row["grade"] == "X":
        return "sanctioned"
    if row["grade"] == "D" and any(decides(fact) for fact in material.facts):
        return "default"
    return "not_enough_evidence" if row["grade"] == "NR" else "rated"


def decides(fact: Row) -> bool:
    """Whether the newest document of its kind sets the grade whatever the record says."""
    status = fact["status"]
    return bool(
        (fact["kind"] == "sanction" and (status or "listed") == "listed")
        or (fact["kind"] == "insolvency" and (status or "opened") == "opened")
        or (fact["kind"] == "registration" and status == "dissolved")
    )


def _sentence(state: str, row: Row | None, say: Phrases) -> str:
    if state != "rated" or row is None:
        return say(f"sentence.{state}")
    if row["broken_ppm"] < 15_000:
        return say("sentence.few", n=round(row["broken_ppm"] / 1_000))
    return say("sentence.rated", n=round(row["broken_ppm"] / 10_000))


def meaning(material: Material, head: Headline, say: Phrases) -> Meaning:
    """What to make of it when agreeing on terms."""
    because = tuple(_fact(fact, material, say) for fact in material.facts if decides(fact))
    title = say(f"meaning.{head.state}")
    return Meaning(head.state, title, tuple(_advice(material, head, say)), because)


def _advice(material: Material, head: Headline, say: Phrases) -> list[str]:
    if head.state == "sanctioned":
        return [say("advice.sanction")]
    if head.state == "default":
        return [say("advice.default")]
    if head.state == "rated":
        exposure = figures.money_usd(head.exposure_cents)
        advice = f"terms.{ADVICE[head.grade]}"
        if not head.exposure_cents and f"{advice}.unproven" in WORDS:
            advice = f"{advice}.unproven"
        told = [say(advice, exposure=exposure)]
        low, high = head.low_ppm or 0, head.high_ppm or 0
        if high > WIDE_FACTOR * max(low, GRADE_CEILING_PPM[0]):
            ends = {"low": figures.percent(low), "high": figures.percent(high)}
            told.append(say("terms.wide", evidence=head.evidence_words, **ends))
        return told
    told = [say("advice.start")]
    if head.broken_ppm is not None:
        more = material.made.policy.min_evidence_micro - head.evidence_micro
        told.insert(0, say("advice.peers", peers=figures.percent(head.broken_ppm)))
        told.append(say("advice.enough", more=figures.weight(more)))
    return told


def _fact(fact: Row, material: Material, say: Phrases) -> str:
    batch = material.batches[fact["version"]]
    return say(
        "fact",
        what=say(f"fact.{fact['kind']}"),
        status=fact["status"] or "–",
        day=figures.iso(fact["day"]) or "–",
        who=batch.contributor.name,
        where=where(fact["source"] or batch.source, fact["row"]),
    )


def where(source: str, row: int | None) -> str:
    """A place in a file: `payments.csv:17`."""
    return source if row is None else f"{source}:{row}"
