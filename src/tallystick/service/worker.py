"""The worker: takes jobs, does them, and sees that each day is rated.

Any number of workers may run, each a process or a thread. One that is killed leaves its job behind; the lease
runs out and another does it. `run` ends after the job at hand when its event is set."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import contextmanager
from typing import Any, Final

import structlog
from prometheus_client import Histogram
from sqlalchemy.exc import OperationalError

from tallystick.adapters.store import accounts, jobs, notices, served
from tallystick.adapters.store.jobs import LEASE_S, Job
from tallystick.service import ahead, quota, tracing, uploads
from tallystick.service.live import RATE, Service
from tallystick.units import DAY_US

CLOCK: Final = "clock"
"""The daily job that lets time decide what is due."""
IDLE_S: Final = 0.1
"""How long a worker sleeps when there is nothing to do."""
AWAY_S: Final = 10.0
"""How long it waits at most before it asks again for a database that was away."""
KEEP_DONE_DAYS: Final = 7
KEEP_SENT_DAYS: Final = 30
_LOG: Final = structlog.get_logger("worker")
DONE: Final = Histogram(
    "tallystick_job_seconds",
    "Time to do a job",
    ["kind", "outcome"],
    buckets=(0.05, 0.25, 1, 2.5, 5, 15, 60, 300, 1800),
)

SEND: Final = "send"
"""The job that waits for other people's servers."""
APART: Final = (SEND, ahead.REPORTS)
"""Kinds of jobs that have a thread of their own each, so that ratings never wait for them."""

Work = Callable[[Service, Mapping[str, Any]], None]
KINDS: Final[dict[str, Work]] = {
    RATE: lambda service, _: _rate(service),
    uploads.TAKE: lambda service, args: _take(service, args["upload"]),
    ahead.REPORTS: ahead.make,
}
"""Kind of job -> what does it. Other modules add theirs with `work`."""


def work(kind: str) -> Callable[[Work], Work]:
    """Register what does a kind of job."""

    def register(do: Work) -> Work:
        KINDS[kind] = do
        return do

    return register


def run(service: Service, stop: threading.Event) -> None:
    """Do jobs until `stop` is set."""
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    _LOG.info("worker.started", worker=name)
    apart = [
        threading.Thread(target=_loop, args=(service, stop, f"{name}:{kind}", {kind}))
        for kind in APART
    ]
    for thread in apart:
        thread.start()
    _loop(service, stop, name, set(KINDS) - set(APART))
    for thread in apart:
        thread.join()
    _LOG.info("worker.stopped", worker=name)


def _loop(service: Service, stop: threading.Event, name: str, kinds: Collection[str]) -> None:
    away_s = IDLE_S
    while not stop.is_set():
        try:
            wait_s, away_s = (0.0 if once(service, name, kinds) else IDLE_S), IDLE_S
        except OperationalError:
            _LOG.exception("worker.database-away", again_in_s=away_s)
            wait_s, away_s = away_s, min(2 * away_s, AWAY_S)
        stop.wait(wait_s)


def once(service: Service, name: str = "once", kinds: Collection[str] | None = None) -> bool:
    """Do the next job that is due, of some kinds or of any; False where there is none."""
    daily(service)
    job = jobs.take(service.store, name, service.clock(), kinds)
    if job is None:
        return False
    began = time.perf_counter()
    try:
        with _leased(service, job, name), tracing.job(job.kind, job.id):
            KINDS[job.kind](service, job.args)
    except Exception as error:
        DONE.labels(job.kind, "failed").observe(time.perf_counter() - began)
        _LOG.exception("job.failed", kind=job.kind, job=job.id, attempts=job.attempts)
        jobs.fail(service.store, job, name, service.clock(), f"{type(error).__name__}: {error}")
    else:
        DONE.labels(job.kind, "done").observe(time.perf_counter() - began)
        _LOG.info("job.done", kind=job.kind, job=job.id)
        jobs.finish(service.store, job, name, service.clock())
    return True


def drain(service: Service, most: int = 1000) -> int:
    """Do all that is due and say how many jobs that was; for tests and for `--once`."""
    done = 0
    while done < most and once(service):
        done += 1
    return done


def daily(service: Service) -> None:
    """Once a day: rate as of the new day, forget old sessions, finished jobs and what was sent."""
    day = service.clock() // DAY_US
    if service.day_seen == day:
        return
    with service.store.write() as db:
        if served.state(db, "day") != day:
            service.ask_to_rate(db)
            jobs.put(db, service.clock(), CLOCK, key=CLOCK)
            accounts.end_old_sessions(db, service.clock())
            jobs.forget_done(db, service.clock() - KEEP_DONE_DAYS * DAY_US)
            notices.forget_delivered(db, service.clock() - KEEP_SENT_DAYS * DAY_US)
            quota.forget_old(db, day)
            served.set_state(db, "day", day)
    service.day_seen = day


def _rate(service: Service) -> None:
    changed = service.rate()
    ahead.ask(service)
    _LOG.info("rated", companies=changed)


def _take(service: Service, upload: str) -> None:
    told = uploads.take(service, upload)
    _LOG.info("upload.taken", upload=upload, state=told.get("state"))


@contextmanager
def _leased(service: Service, job: Job, name: str) -> Any:
    """Renew the lease of a job while it is done."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE_S / 3):
            try:
                jobs.renew(service.store, job, name, service.clock())
            except OperationalError:
                _LOG.exception("worker.not-renewed", job=job.id)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
