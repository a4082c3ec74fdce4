"""Who may sign in to the service, and keys for programs: `account` and `key`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tallystick.doors.cli.common import BookDir, Json, emit, enter, say
from tallystick.doors.cli.serving import opened, settings_of

if TYPE_CHECKING:
    from tallystick.adapters.store.accounts import Account
    from tallystick.service import Service

account = typer.Typer(no_args_is_help=True, help="Who may sign in.", rich_markup_mode=None)
key = typer.Typer(no_args_is_help=True, help="Keys for programs.", rich_markup_mode=None)

T = TypeVar("T")
Login = Annotated[str, typer.Argument(metavar="LOGIN")]
Company = Annotated[
    str | None, typer.Option("--company", metavar="CODE", help="The company that it speaks for.")
]
Contributor = Annotated[
    str | None,
    typer.Option(
        "--contributor", metavar="NAME", help="The name under which it hands evidence in."
    ),
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="As others see it.")]
Kind = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="Kind of contributor: firm, bank, carrier ...")
]


@account.command("add")
def account_add(
    ctx: typer.Context,
    login: Login,
    role: Annotated[
        str,
        typer.Option(
            "--role", metavar="ROLE", help="company, contributor, analyst, operator or auditor."
        ),
    ],
    name: Name = None,
    company: Company = None,
    contributor: Contributor = None,
    kind: Kind = "firm",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Make an account. The password is asked for, or read from a pipe.

    \b
    Examples:
      tallystick account add ada --role operator
      tallystick account add port --role contributor --contributor Tradeport --kind marketplace
    """
    from tallystick.adapters.store import StoreError, accounts
    from tallystick.service import ROLES

    door = enter(ctx, book, json)
    if role not in ROLES[1:]:
        raise typer.BadParameter(f"{role!r} is no role: {', '.join(ROLES[1:])}")
    more = _speaks_for(company, contributor, kind)
    password = _password()
    service = opened(settings_of(door))
    try:
        with service.store.write() as db:
            made = accounts.create(
                db, service.clock(), login, name or login, role, password, **more
            )
    except StoreError as error:
        raise typer.BadParameter(str(error)) from None
    finally:
        service.close()
    if door.json:
        emit({"id": made.id, "login": login, "role": role})
    else:
        say(f"{login} may sign in as {role}.")


@account.command("change")
def account_change(
    ctx: typer.Context,
    login: Login,
    name: Name = None,
    company: Company = None,
    contributor: Contributor = None,
    kind: Kind = "firm",
    book: BookDir = None,
) -> None:
    """Say anew for whom an account speaks: what is not named stays as it is.

    What a contributor hands in for its own company counts as that company's word from then on.

    \b
    Example:
      tallystick account change mei --company C-0123456789ABC
    """
    from tallystick.adapters.store import accounts

    told = _speaks_for(company, contributor, kind) | {"name": name}
    values = {key: value for key, value in told.items() if value is not None}
    if not values:
        raise typer.BadParameter("nothing to change: name --name, --company or --contributor")

    def change(service: Service, found: Account) -> None:
        with service.store.write() as db:
            accounts.change(db, found.id, **values)

    _with_account(ctx, book, login, change)
    say(f"{login} is changed.")


@account.command("password")
def account_password(ctx: typer.Context, login: Login, book: BookDir = None) -> None:
    """Give an account another password, where the old one is lost. All its sessions end.

    The password is asked for, or read from a pipe. Whoever knows the old one changes it on their own page.

    \b
    Example:
      tallystick account password mei
    """
    from tallystick.adapters.store import StoreError, accounts

    password = _password()

    def change(service: Service, found: Account) -> None:
        with service.store.write() as db:
            accounts.new_password(db, found.id, password)

    try:
        _with_account(ctx, book, login, change)
    except StoreError as error:
        raise typer.BadParameter(str(error)) from None
    say(f"{login} has another password.")


@account.command("disable")
def account_disable(ctx: typer.Context, login: Login, book: BookDir = None) -> None:
    """Shut an account, its keys and its sessions. What it did stays under its name.

    \b
    Example:
      tallystick account disable mei
    """
    from tallystick.adapters.store import accounts

    def disable(service: Service, found: Account) -> None:
        with service.store.write() as db:
            accounts.disable(db, found.id, service.clock())

    _with_account(ctx, book, login, disable)
    say(f"{login} may sign in no longer.")


@account.command("list")
def account_list(ctx: typer.Context, book: BookDir = None, json: Json = False) -> None:
    """All accounts that may sign in."""
    from tallystick.adapters.store import accounts

    door = enter(ctx, book, json)
    service = opened(settings_of(door))
    try:
        with service.store.read() as db:
            found = accounts.listed(db)
    finally:
        service.close()
    if door.json:
        emit([asdict(one) for one in found])
    else:
        for one in found:
            say(f"{one.login:<20} {one.role:<12} {one.name}")


@key.command("new")
def key_new(
    ctx: typer.Context,
    login: Login,
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What it is for.")] = "key",
    scopes: Annotated[
        str,
        typer.Option(
            "--scopes", metavar="LIST", help="What it may do, e.g. rating,bulk; * for all."
        ),
    ] = "*",
    book: BookDir = None,
) -> None:
    """A key for programs of an account. It is shown once.

    \b
    Example:
      tallystick key new port --label nightly --scopes batch
    """
    from tallystick.adapters.store import accounts

    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]

    def make(service: Service, found: Account) -> str:
        with service.store.write() as db:
            return accounts.new_key(db, found.id, service.clock(), label, wanted)

    say(_with_account(ctx, book, login, make))


def _speaks_for(company: str | None, contributor: str | None, kind: str) -> dict[str, Any]:
    """Columns of an account that say for whom it speaks."""
    from tallystick.evidence.kinds import CONTRIBUTOR_KINDS
    from tallystick.units import key_of

    if kind not in CONTRIBUTOR_KINDS:
        known = ", ".join(CONTRIBUTOR_KINDS)
        raise typer.BadParameter(f"{kind!r} is no kind of contributor: {known}")
    told: dict[str, Any] = {"company": key_of(company) if company else None}
    if contributor:
        told |= {"contributor": contributor, "contributor_kind": kind}
    return told


def _with_account(
    ctx: typer.Context, book: BookDir, login: str, do: Callable[[Service, Account], T]
) -> T:
    """Do something with an account that is there."""
    from tallystick.adapters.store import accounts

    service = opened(settings_of(enter(ctx, book)))
    try:
        with service.store.read() as db:
            found = accounts.by_login(db, login)
        if found is None:
            raise typer.BadParameter(f"there is no account {login!r}")
        return do(service, found)
    finally:
        service.close()


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
