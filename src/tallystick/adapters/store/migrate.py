"""Bringing the tables of a store up to date, and back.

The steps lie in `migrations/versions`, one file each; Alembic walks them in one transaction. A store that a
newer Tallystick made is not touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 7_461_120_006
"""Number of the lock on PostgreSQL that lets one process at a time migrate."""


class StoreError(Exception):
    """A store that cannot be used. `str()` is one sentence with the fix."""


def migrate(engine: Engine, to: str = "head") -> None:
    """Walk to a revision (forward to "head", back to an earlier one or "base"). Raises `StoreError` for a
    store of a newer Tallystick. Several processes may call it at once."""
    with engine.connect() as db:
        if engine.dialect.name == "sqlite":
            if to == "head" and revision_of(db) == _scripts().get_current_head():
                return
            db.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _walk(db, to)
        db.commit()


def revision_of(db: Connection) -> str | None:
    """The revision that a store is at, None where it is empty."""
    return MigrationContext.configure(db).get_current_revision()


def _walk(db: Connection, to: str) -> None:
    config, scripts = _config(), _scripts()
    now = revision_of(db)
    known = {script.revision for script in scripts.walk_revisions()}
    if now is not None and now not in known:
        raise StoreError(
            f"the store is at revision {now}, which a newer Tallystick made: update Tallystick"
        )
    if to != "head" and to != "base" and to not in known:
        raise StoreError(f"there is no revision {to!r}; there are {', '.join(sorted(known))}")
    config.attributes["connection"] = db
    order = [script.revision for script in scripts.walk_revisions()][::-1]
    back = to == "base" or (to != "head" and now is not None and order.index(to) < order.index(now))
    (command.downgrade if back else command.upgrade)(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
