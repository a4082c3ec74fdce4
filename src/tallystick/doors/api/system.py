"""Health, readiness, metrics, and the description of the API itself."""

from __future__ import annotations

import os
from typing import Annotated, Any

from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)

from tallystick.adapters.store import jobs, served
from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.problems import Problem, documented
from tallystick.doors.api.times import moment_text

router = APIRouter(tags=["operation"])


@router.get("/healthz", response_class=Response)
async def health() -> Response:
    """The process answers."""
    return Response("ok", media_type="text/plain")


@router.get("/readyz", responses=documented(503), response_model=shapes.Ready)
def ready(service: Live) -> dict[str, Any]:
    """The store answers and the book is rated; 503 until then."""
    with service.store.read() as db:
        state = served.state(db, "cut")
    if state is None:
        raise Problem(
            503, "not-rated-yet", "The book has not been rated yet.", "Is a worker running?"
        )
    return {"ready": True, "known_at": moment_text(state["known_at_us"])}


@router.get("/metrics", response_class=Response)
def metrics(service: Live) -> Response:
    """Counters of all processes for Prometheus, and the jobs by state. Keep this path inside: the proxy of
    docs/operations.md does."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    with service.store.read() as db:
        found = jobs.counts(db)
    lines = [
        "# HELP tallystick_jobs Jobs in the store",
        "# TYPE tallystick_jobs gauge",
        *(f'tallystick_jobs{{kind="{k}",state="{s}"}} {n}' for (k, s), n in sorted(found.items())),
    ]
    text = generate_latest(registry).decode() + "\n".join(lines) + "\n"
    return Response(text, media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/jobs", response_model=list[shapes.Work])
def work(service: Live, _: Annotated[Caller, needs("operation.read")]) -> list[dict[str, Any]]:
    """How much work is waiting, running, done and failed, by kind."""
    with service.store.read() as db:
        found = jobs.counts(db)
    return [{"kind": kind, "state": state, "jobs": n} for (kind, state), n in sorted(found.items())]
