"""The store on SQLite and on PostgreSQL: the same behaviour on both."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tallystick.adapters.store import (
    Store,
    StoreError,
    accounts,
    jobs,
    migrate,
    open_store,
    revision_of,
)
from tallystick.adapters.store.tables import JOB, METADATA, STATE
from tallystick.units import DAY_US, SECOND_US

NOW = 1_790_000_000_000_000


def test_migrations_make_the_tables_and_take_them_away(store: Store) -> None:
    with store.engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []
        assert revision_of(db) is not None
    migrate(store.engine, "base")
    with store.engine.connect() as db:
        assert set(sa.inspect(db).get_table_names()) <= {"alembic_version"}
    migrate(store.engine)
    with store.engine.connect() as db:
        assert set(METADATA.tables) <= set(sa.inspect(db).get_table_names())


def test_a_store_of_a_newer_program_is_not_touched(store: Store, store_url: str) -> None:
    with store.write() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Tallystick"):
        open_store(store_url)


@pytest.mark.parametrize("url", ["mysql://a:secret@b/c", "nonsense", "sqlite://"])
def test_another_database_is_refused_without_telling_its_password(url: str) -> None:
    with pytest.raises(StoreError) as told:
        open_store(url)
    assert "TALLYSTICK_DATABASE_URL" in str(told.value) and "secret" not in str(told.value)


def test_a_transaction_happens_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as db:
        db.execute(sa.insert(STATE).values(name="a", value="1"))
        raise ZeroDivisionError
    with store.read() as db:
        assert db.execute(sa.select(STATE)).all() == []


def test_passwords_and_keys_open_what_they_should(store: Store) -> None:
    with store.write() as db:
        ada = accounts.create(db, NOW, "ada", "Ada", "operator", "correct horse", company=7)
        key = accounts.new_key(db, ada.id, NOW, "nightly", ["batch", "rating"])
        soon = accounts.new_key(db, ada.id, NOW, "short", ["*"], expires_us=NOW + SECOND_US)
        token = accounts.begin_session(db, ada.id, NOW)
    with store.read() as db:
        assert accounts.signed_in(db, "ada", "correct horse") == ada
        assert accounts.signed_in(db, "ada", "wrong horse!") is None
        assert accounts.signed_in(db, "eve", "correct horse") is None
        assert accounts.of_session(db, token, NOW + 1) == ada
        assert accounts.of_session(db, token, NOW + 15 * DAY_US) is None
        kept = str(db.execute(sa.text("SELECT * FROM account, api_key, session")).all())
        assert not any(secret in kept for secret in ("correct horse", key.split("_", 2)[2], token))
    assert accounts.of_key(store, key, NOW) == (ada, frozenset({"batch", "rating"}))
    assert accounts.of_key(store, soon, NOW) and not accounts.of_key(store, soon, NOW + SECOND_US)
    for wrong in (
        key[:-1],
        key + "x",
        "ts_0000000000_" + key.split("_", 2)[2],
        "",
        "ts__",
        "xx" + key[2:],
    ):
        assert accounts.of_key(store, wrong, NOW) is None
    with store.write() as db:
        assert accounts.revoke_key(db, ada.id, key.split("_")[1], NOW)
        assert not accounts.revoke_key(db, ada.id + 1, soon.split("_")[1], NOW)
    assert accounts.of_key(store, key, NOW) is None


def test_a_disabled_account_opens_nothing(store: Store) -> None:
    with store.write() as db:
        ada = accounts.create(db, NOW, "ada", "Ada", "operator", "correct horse")
        key = accounts.new_key(db, ada.id, NOW, "k", ["*"])
        token = accounts.begin_session(db, ada.id, NOW)
        accounts.disable(db, ada.id, NOW)
        assert accounts.signed_in(db, "ada", "correct horse") is None
        assert accounts.of_session(db, token, NOW) is None
    assert accounts.of_key(store, key, NOW) is None


def test_short_passwords_and_taken_logins_are_refused(store: Store) -> None:
    with store.write() as db:
        accounts.create(db, NOW, "ada", "Ada", "operator", "correct horse")
    for login, password in (("ada", "correct horse"), ("bob", "short")):
        with pytest.raises(StoreError), store.write() as db:
            accounts.create(db, NOW, login, login, "analyst", password)


def test_of_jobs_with_a_key_one_waits_and_one_runs(store: Store) -> None:
    with store.write() as db:
        for _ in range(3):
            jobs.put(db, NOW, "rate", key="rate")
    first = jobs.take(store, "w1", NOW)
    assert first is not None and jobs.take(store, "w2", NOW) is None
    with store.write() as db:
        jobs.put(db, NOW, "rate", key="rate")
    assert jobs.take(store, "w2", NOW) is None, "the first is still at work"
    jobs.finish(store, first, "w1", NOW)
    assert jobs.take(store, "w2", NOW) is not None


def test_a_job_of_a_killed_worker_is_taken_up_again(store: Store) -> None:
    with store.write() as db:
        jobs.put(db, NOW, "take", {"upload": "up_1"})
    first = jobs.take(store, "w1", NOW)
    assert first is not None and first.args == {"upload": "up_1"}
    assert jobs.renew(store, first, "w1", NOW + 50 * SECOND_US)
    assert jobs.take(store, "w2", NOW + 100 * SECOND_US) is None
    second = jobs.take(store, "w2", NOW + 200 * SECOND_US)
    assert second is not None and second.attempts == 2
    jobs.finish(store, first, "w1", NOW)  # the first comes back too late: it changes nothing
    assert not jobs.renew(store, first, "w1", NOW)
    with store.read() as db:
        assert jobs.counts(db) == {("take", "running"): 1}


def test_a_job_that_fails_is_tried_later_and_then_given_up(store: Store) -> None:
    with store.write() as db:
        jobs.put(db, NOW, "take")
    now, tries = NOW, 0
    while (job := jobs.take(store, "w", now)) is not None:
        tries += 1
        jobs.fail(store, job, "w", now, "no")
        assert jobs.take(store, "w", now) is None, "at once is too soon"
        now += 10_000 * SECOND_US
    with store.read() as db:
        assert db.execute(sa.select(JOB.c.state, JOB.c.error)).all() == [("failed", "no")]
    assert tries == jobs.MOST_ATTEMPTS


def test_no_job_is_done_by_two(store: Store) -> None:
    with store.write() as db:
        for n in range(40):
            jobs.put(db, NOW, "count", {"n": n})
    done: list[int] = []

    def work(name: str) -> None:
        while (job := jobs.take(store, name, NOW)) is not None:
            done.append(job.args["n"])
            jobs.finish(store, job, name, NOW)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == list(range(40))
