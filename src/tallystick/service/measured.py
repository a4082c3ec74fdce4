"""What a validation found of the ratings that are served, kept for the model page and the model card.

Validating takes minutes and is no business of a request: the operator runs `tallystick validate --publish`.
"""

from __future__ import annotations

from typing import Any, Final

from tallystick.adapters.cuts import Cut
from tallystick.adapters.store import served
from tallystick.service.live import Service
from tallystick.units import DAY_US, day_of

NAME: Final = "measured"


def publish(service: Service, cut: Cut, report: dict[str, Any]) -> None:
    """Keep a validation (as `report.validation.validation_json` tells it) in place of the one before."""
    kept = {
        "on": day_of(service.clock() // DAY_US).isoformat(),
        "as_of": day_of(cut.as_of_day).isoformat(),
        "policy": cut.policy.digest(),
        "report": report,
    }
    with service.store.write() as db:
        served.set_state(db, NAME, kept)


def kept(service: Service) -> dict[str, Any] | None:
    """The newest validation that was published, None without one."""
    with service.store.read() as db:
        found: dict[str, Any] | None = served.state(db, NAME)
    return found
