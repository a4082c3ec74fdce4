"""The service: a live book, who may see what of it, and the work in the background.

Doors (API, pages, agents) talk to `Service` and ask `allowed` before they show anything.
"""

from tallystick.service import identifying, redress  # their jobs are known with them
from tallystick.service.access import RIGHTS, ROLES, allowed
from tallystick.service.live import Service, open_service
from tallystick.service.watches import tell  # with it the worker knows its jobs

__all__ = [
    "RIGHTS",
    "ROLES",
    "Service",
    "allowed",
    "identifying",
    "open_service",
    "redress",
    "tell",
]
