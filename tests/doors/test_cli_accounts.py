"""Accounts of the service from the command line: made, changed, given another password, shut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.doors.conftest import Run

from tallystick.adapters.store import accounts, open_store
from tallystick.settings import Settings
from tallystick.units import key_of

CODE = "C-0000000000001"


@pytest.fixture
def served(run: Run, tmp_path: Path) -> Path:
    """An empty book with an account of a firm."""
    book = tmp_path / "book"
    run("init", book)
    told = ("--role", "contributor", "--contributor", "Huaqiang", "--book", book)
    assert run("account", "add", "mei", *told, typed="first-password\n").code == 0
    return book


def found(book: Path, login: str = "mei") -> accounts.Account | None:
    store = open_store(Settings(book, "duckdb", 256, 1, None, "http://testserver").store_url())
    with store.read() as db:
        account = accounts.by_login(db, login)
    store.close()
    return account


def opens(book: Path, password: str) -> bool:
    store = open_store(Settings(book, "duckdb", 256, 1, None, "http://testserver").store_url())
    with store.read() as db:
        account = accounts.signed_in(db, "mei", password)
    store.close()
    return account is not None


def test_an_account_is_changed_and_what_is_not_named_stays(run: Run, served: Path) -> None:
    assert run("account", "change", "mei", "--company", CODE, "--book", served).code == 0
    account = found(served)
    assert account is not None
    assert (account.company, account.contributor, account.name) == (key_of(CODE), "Huaqiang", "mei")
    assert "nothing to change" in run("account", "change", "mei", "--book", served).err
    assert (
        "no account 'lin'" in run("account", "change", "lin", "--name", "L", "--book", served).err
    )


def test_a_lost_password_is_replaced(run: Run, served: Path) -> None:
    ask = ("account", "password", "mei", "--book", served)
    assert "at least 10" in run(*ask, typed="short\n").err and opens(served, "first-password")
    assert run(*ask, typed="second-password\n").code == 0
    assert opens(served, "second-password") and not opens(served, "first-password")


def test_an_account_is_shut(run: Run, served: Path) -> None:
    made = run("key", "new", "mei", "--label", "nightly", "--book", served).out
    assert made.startswith("ts_")
    assert run("account", "disable", "mei", "--book", served).code == 0
    assert found(served) is None and not opens(served, "first-password")
    assert json.loads(run("account", "list", "--json", "--book", served).out) == []
    assert "no account" in run("key", "new", "mei", "--book", served).err
