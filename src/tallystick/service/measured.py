"""What was measured of the ratings, kept for the model page and the model card: a validation of those that are
served, and what it costs to fake one.

Both take minutes and are no business of a request: the operator runs `tallystick validate --publish` and
`tallystick attack --publish`. Each is kept with the day on which it was made and the command that made it.
"""

from __future__ import annotations

from typing import Any, Final

from tallystick.adapters.cuts import Cut
from tallystick.adapters.store import served
from tallystick.service.live import Service
from tallystick.units import DAY_US, day_of

NAME: Final = "measured"
ATTACKED: Final = "attacked"


def publish(service: Service, cut: Cut, report: dict[str, Any], command: str = "") -> None:
    """Keep a validation (as `report.validation.validation_json` tells it) in place of the one before."""
    kept = {
        "on": _today(service),
        "as_of": day_of(cut.as_of_day).isoformat(),
        "policy": cut.policy.digest(),
        "command": command,
        "report": report,
    }
    with service.store.write() as db:
        served.set_state(db, NAME, kept)


def publish_attack(service: Service, policy: str, told: dict[str, Any], command: str) -> None:
    """Keep what an attack found (as `tallystick attack --json` tells it) in place of what was found before.
    `policy`: digest of the policy that was attacked."""
    kept = {"on": _today(service), "policy": policy, "command": command, "found": told}
    with service.store.write() as db:
        served.set_state(db, ATTACKED, kept)


def kept(service: Service) -> dict[str, Any] | None:
    """The newest validation that was published, None without one."""
    return _state(service, NAME)


def attacked(service: Service) -> dict[str, Any] | None:
    """The newest attack that was published, None without one."""
    return _state(service, ATTACKED)


def _state(service: Service, name: str) -> dict[str, Any] | None:
    with service.store.read() as db:
        found: dict[str, Any] | None = served.state(db, name)
    return found


def _today(service: Service) -> str:
    return day_of(service.clock() // DAY_US).isoformat()
