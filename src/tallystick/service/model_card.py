"""The model card: by what rules everybody is rated just now, and what is known of how well they do.

Everything in it comes from where it is used: the parameters from the policy in force, the sentences of the
reasons from the table that reports read, the figures from the fit that the policy carries or from what
`validate` and `attack` left with the service (`service.measured`). So it cannot tell another story than the
ratings.
"""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from tallystick.adapters.policies import Commit
from tallystick.promises.kinds import PROMISES
from tallystick.rating import GRADES, REASONS, Policy
from tallystick.rating.policy import GRADE_CEILING_PPM, LEVEL_FLOOR_MICRO
from tallystick.rating.policy_words import FIELDS
from tallystick.service import measured
from tallystick.service.body import FORMAT as RATING_FORMAT
from tallystick.service.live import Service
from tallystick.service.looking import cut_of
from tallystick.units import day_of, moment_of

FORMAT = "tallystick.model/1"


def model_card(service: Service) -> dict[str, Any]:
    """The card, as JSON. Raises `EvidenceError` before the first rating."""
    cut = cut_of(service)
    policy = cut.policy
    return {
        "format": FORMAT,
        "as_of": day_of(cut.as_of_day).isoformat(),
        "policy": _policy(policy),
        "history": [_commit(one) for one in reversed(service.book.policies())],
        "measured": {
            "by_fit": _fitted(policy),
            "by_validation": measured.kept(service),
            "by_attack": measured.attacked(service),
        },
        "grades": _grades(),
        "evidence_levels": _levels(),
        "kinds": [
            {"kind": one.name, "role": one.role, "en": one.english, "zh": one.chinese}
            for one in PROMISES.values()
        ],
        "reasons": [_reason(code) for code in REASONS],
        "fields": {name: {"en": en, "zh": zh} for name, (en, zh) in FIELDS.items() if name},
        "versions": {"tallystick": version("tallystick"), "rating": RATING_FORMAT},
    }


def _policy(policy: Policy) -> dict[str, Any]:
    numbers = {k: v for k, v in asdict(policy).items() if k not in ("name", "valid_from", "fitted")}
    return {
        "name": policy.name,
        "digest": policy.digest()[:16],
        "valid_from": policy.valid_from,
        "fitted": policy.fitted is not None,
        "parameters": numbers,
    }


def _commit(one: Commit) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": one.policy.name,
        "digest": one.policy.digest()[:16],
        "valid_from": one.valid_from.isoformat(),
        "at": moment_of(one.at_us).isoformat(timespec="milliseconds"),
        "by": one.by,
        "note": one.note,
        "key": one.key,
        "signature": one.signature,
    }


def _fitted(policy: Policy) -> dict[str, Any] | None:
    """What the fit measured on promises that it had not seen; only where the numbers are still those."""
    if policy.fitted is None or not policy.as_measured():
        return None
    return asdict(policy.fitted)


def _grades() -> list[dict[str, Any]]:
    """Each grade with the probabilities that it stands for: above `over_ppm`, up to `up_to_ppm`."""
    ends = [0, *GRADE_CEILING_PPM, 1_000_000]
    told: list[dict[str, Any]] = [
        {"grade": grade, "over_ppm": low, "up_to_ppm": high}
        for grade, low, high in zip(GRADES, ends, ends[1:], strict=False)
    ]
    others = {
        "X": ("sanctioned", "受制裁"),
        "NR": ("not enough evidence", "证据不足"),
    }
    return told + [{"grade": grade, "en": en, "zh": zh} for grade, (en, zh) in others.items()]


def _levels() -> list[dict[str, Any]]:
    floors = (0, *LEVEL_FLOOR_MICRO)
    return [{"level": f"E{n}", "from_micro": floor} for n, floor in enumerate(floors)]


def _reason(code: str) -> dict[str, Any]:
    en_for, en_against, zh_for, zh_against = REASONS[code]
    return {
        "code": code,
        "en": {"for": en_for, "against": en_against},
        "zh": {"for": zh_for, "against": zh_against},
    }
