"""The commands around the service: `serve`, `worker` and `store`.

`serve` is a small supervisor: the web server's processes and the workers are its children, and end with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tallystick.doors.cli.common import BookDir, Door, enter, note, say

if TYPE_CHECKING:
    from tallystick.service import Service
    from tallystick.settings import Settings

TARGET: Final = "tallystick.doors.api:create_app"
Port = Annotated[
    int, typer.Option("--port", min=1, max=65535, metavar="N", help="Port to listen on.")
]
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")]


def serve(
    ctx: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    processes: Annotated[
        int, typer.Option("--processes", min=1, metavar="N", help="Processes of the web server.")
    ] = 1,
    workers: Annotated[
        int,
        typer.Option(
            "--workers", min=0, metavar="N", help="Workers for jobs; 0 where they run elsewhere."
        ),
    ] = 1,
    book: BookDir = None,
) -> None:
    """Serve the book: pages for people, an API under /v1, a door for agents under /mcp.

    Needs nothing else on one machine: the store is a SQLite file in the book's folder. With
    TALLYSTICK_DATABASE_URL=postgresql://... several hosts may serve one store. Ctrl-C ends it when the
    requests and the job at hand are done.

    \b
    Examples:
      tallystick serve
      tallystick serve --port 80 --host 0.0.0.0 --processes 2 --workers 2
      tallystick account add ada --role operator     who may sign in at /sign-in
    """
    door = enter(ctx, book)
    settings = settings_of(door)
    _ready(settings)
    with tempfile.TemporaryDirectory(prefix="tallystick-metrics-") as counters:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = (
            counters  # where the processes add up what they count
        )
        with Workers(settings, workers):
            _web(host, port, processes)


def worker(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is due and end.")] = False,
    book: BookDir = None,
) -> None:
    """Do the jobs of a service: take uploads in, rate, tell who watches. `serve` starts one by itself.

    \b
    Examples:
      tallystick worker
      tallystick worker --once      rate now, e.g. from cron
    """
    from tallystick.service import tracing
    from tallystick.service import worker as jobs
    from tallystick.service.logs import configure

    configure()
    tracing.configure()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    service = opened(settings_of(enter(ctx, book)))
    try:
        if once:
            note(f"{jobs.drain(service)} jobs done")
        else:
            jobs.run(service, stop)
    finally:
        service.close()
        tracing.flush()


def agent(ctx: typer.Context, book: BookDir = None) -> None:
    """Answer an agent over standard input and output (MCP): six tools that find, rate and explain.

    The book must have been rated by the service: `tallystick worker --once` does it.

    \b
    Examples:
      tallystick agent --book shop.book
      {"mcpServers": {"tallystick": {"command": "tallystick", "args": ["agent", "--book", "shop.book"]}}}
    """
    from tallystick.doors.agent import agent_server
    from tallystick.service import worker as jobs

    settings = settings_of(enter(ctx, book))
    service = opened(settings)
    try:
        if service.cut() is None:
            jobs.drain(service)
        agent_server(lambda: service, settings.public_url).run("stdio")
    finally:
        service.close()


store = typer.Typer(
    no_args_is_help=True, help="The store behind the service.", rich_markup_mode=None
)


@store.command("migrate")
def store_migrate(
    ctx: typer.Context,
    to: Annotated[str, typer.Argument(metavar="[REVISION]")] = "head",
    book: BookDir = None,
) -> None:
    """Bring the store's tables to a revision: forward to `head`, or back to an earlier one."""
    from tallystick.adapters.store import migrate, revision_of
    from tallystick.adapters.store.connect import engine_of

    engine = engine_of(settings_of(enter(ctx, book)).store_url())
    migrate(engine, to)
    with engine.connect() as db:
        say(f"the store is at revision {revision_of(db) or 'base'}")
    engine.dispose()


@store.command("backup")
def store_backup(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A new .tar or .tar.gz file.")],
    book: BookDir = None,
) -> None:
    """Back up the book and the store into one file, while the service runs.

    \b
    Example:
      tallystick store backup /backups/2026-11-28.tar.gz
    """
    from tallystick.service.backup import backup

    service = opened(settings_of(enter(ctx, book)))
    try:
        rows = sum(backup(service, path).values())
    finally:
        service.close()
    say(f"{path} holds the evidence, the policies and {rows:,} rows of the store.")


@store.command("restore")
def store_restore(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    book: BookDir = None,
) -> None:
    """Make a new book and store out of a backup, on either database: the way from one to the other, too.

    \b
    Example:
      TALLYSTICK_DATABASE_URL=postgresql://... tallystick store restore FILE --book new.book
    """
    from tallystick.service.backup import restore

    settings = settings_of(enter(ctx, book))
    rows = sum(restore(path, settings).values())
    say(
        f"{settings.book} is restored, with {rows:,} rows of the store; `tallystick worker --once` rates it."
    )


def settings_of(door: Door) -> Settings:
    """The settings of the environment, with the book that the command line names; children see the same."""
    from dataclasses import replace

    from tallystick.settings import load_settings

    settings = load_settings()
    folder = Path(door.book or settings.book).absolute()
    os.environ["TALLYSTICK_BOOK"] = str(folder)
    return replace(settings, book=folder)


def opened(settings: Settings) -> Service:
    """The service over a book, to be closed."""
    from tallystick.service import open_service

    return open_service(settings)


def _ready(settings: Settings) -> None:
    """Fail before anything is started where the book or the store cannot be used."""
    opened(settings).close()


class Workers:
    """The workers of a service as processes of its own: one that ends before its time is started again."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._command = [sys.executable, "-m", "tallystick", "worker", "--book", str(settings.book)]
        self._count = count
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> None:
        self._children = [self._start() for _ in range(self._count)]
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        """Let each finish its job; what does not end in half a minute is killed, and its job taken up later."""
        self._done.set()
        self._watch.join()
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()

    def _keep(self) -> None:
        while not self._done.wait(1):
            for n, child in enumerate(self._children):
                if child.poll() is not None:
                    self._children[n] = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdin=subprocess.DEVNULL)


def _web(host: str, port: int, processes: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    from tallystick.service.logs import configure

    configure()
    say(f"Tallystick serves at http://{host}:{port} (Ctrl-C ends it)")
    Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        factory=True,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    ).serve()
