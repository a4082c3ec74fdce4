"""What came of comparing two companies, in sentences of a language."""

from __future__ import annotations

from tallystick.identity.why import Rule, Why
from tallystick.report.phrases import Phrases


def rule_text(rule: Rule, say: Phrases) -> str:
    """What decides without being weighed."""
    blanks = {key: getattr(rule, key) or "–" for key in ("left", "right", "by", "day", "why")}
    return say(f"who.{rule.code}", **blanks)


def verdict(found: Why, say: Phrases) -> str:
    """What came of it."""
    others = "; ".join(f"{o.name} ({o.ref}, {o.weight / 1000:.1f})" for o in found.others)
    key = found.outcome
    if key == "forbidden" and not found.rules:
        key = "forbidden_chain"
    return say(
        f"who.{key}",
        join=found.join_from // 1000,
        ask=found.ask_from // 1000,
        others=others or say("who.nobody"),
    )
