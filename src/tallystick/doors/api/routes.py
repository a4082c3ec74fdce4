"""The routers of the API, in the order in which they are asked."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from tallystick.doors.api import (
    accounts,
    batches,
    claims,
    companies,
    deals,
    disputes,
    exports,
    identities,
    model,
    searching,
    system,
    watches,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    companies.router,
    searching.router,
    deals.router,
    disputes.router,
    claims.router,
    batches.router,
    exports.router,
    identities.router,
    model.router,
    accounts.router,
    watches.router,
    system.router,
)
