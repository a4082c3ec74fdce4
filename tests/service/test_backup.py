"""Backups: everything that cannot be made anew, on either database and from one to the other."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tallystick.adapters.store import StoreError, accounts
from tallystick.service import Service, open_service, uploads, worker
from tallystick.service.backup import backup, restore

from .conftest import database, settings_of
from .test_live import BILL, PAID, all_served, bank_of, hand_in


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_what_is_restored_serves_the_same(
    service: Service, to: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    who = bank_of(service)
    with service.store.write() as db:
        key = accounts.new_key(db, who.id, service.clock(), "k", ["*"])
    hand_in(service, who, [BILL])
    worker.drain(service)
    waiting = hand_in(service, who, [PAID])  # received, and not taken in when the backup is made
    backup(service, tmp_path / "b.tar.gz")
    worker.drain(service)
    url = None if to == "sqlite" else database(request, tmp_path, to)
    settings = settings_of(tmp_path / "again", url)
    restore(tmp_path / "b.tar.gz", settings)
    again = open_service(settings)
    try:
        assert accounts.of_key(again.store, key, again.clock()) is not None
        worker.drain(again)
        with again.store.write() as db:
            row = uploads.get(db, waiting)
            assert row is not None and row["state"] == "taken"
            accounts.create(db, 1, "new", "New", "analyst", None)  # numbers go on where they were
        assert all_served(again) == all_served(service)
    finally:
        again.close()


def test_nothing_is_overwritten(service: Service, tmp_path: Path) -> None:
    backup(service, tmp_path / "b.tar")
    with pytest.raises(StoreError, match="there already"):
        backup(service, tmp_path / "b.tar")
    with pytest.raises(StoreError, match="there already"):
        restore(tmp_path / "b.tar", service.settings)


def test_what_is_no_backup_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"no archive")
    with tarfile.open(tmp_path / "y.tar", "w") as archive:
        archive.add(tmp_path / "x.tar", "x")
    for name in ("x.tar", "y.tar"):
        with pytest.raises(StoreError, match="no backup"):
            restore(tmp_path / name, settings_of(tmp_path / "made"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.tar", "y.tar"]
