"""Two databases behind the same doors: what each connection is set to, and what counts as an outage."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import structlog.testing
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.record import sqlite
from server.record.sqlite import wal_is_safe
from server.record.store import Store, is_outage


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_log_is_written_ahead_only_where_that_is_safe(version: tuple[int, ...], safe: bool) -> None:
    """C8: versions with the reset fault, and those into which its repair was carried back."""
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize(("version", "mode"), [((3, 40, 1), "truncate"), ((3, 51, 3), "wal")])
async def test_an_unsafe_version_uses_the_rollback_journal_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], mode: str
) -> None:
    monkeypatch.setattr(sqlite.library, "sqlite_version_info", version)
    store = Store(f"sqlite:///{tmp_path / 'file'}")
    with structlog.testing.capture_logs() as log:
        assert await store.write(lambda c: c.scalar(text("PRAGMA journal_mode"))) == mode
    assert [line["event"] for line in log] == (["sqlite.rollback_journal"] if mode == "truncate" else [])
    await store.close()


def pragmas(connection: Any) -> dict[str, int]:
    names = ("foreign_keys", "synchronous", "busy_timeout", "query_only")
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


async def test_every_connection_keeps_its_settings(sqlite_url: str) -> None:
    """C9: on every checkout, also after one was used and given back."""
    store = Store(sqlite_url, readers=3)
    held = {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 5000}
    for _ in range(3):
        assert await store.write(pragmas) == held | {"query_only": 0}
        async with store.writing() as connection:
            assert await connection.run_sync(pragmas) == held | {"query_only": 0}
        for seen in await asyncio.gather(*(store.read(pragmas) for _ in range(6))):
            assert seen == held | {"query_only": 1}
    await store.close()


async def test_an_orphan_is_refused(sqlite_url: str) -> None:
    store = Store(sqlite_url)

    def work(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE child (of TEXT REFERENCES book (id))")
        connection.exec_driver_sql("INSERT INTO child VALUES ('nobody')")

    with pytest.raises(IntegrityError):
        await store.write(work)
    await store.close()


async def test_a_look_cannot_write(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with pytest.raises(DBAPIError, match="readonly"):
        await store.read(lambda c: c.exec_driver_sql("INSERT INTO book VALUES ('a', 'a', 0)"))
    await store.close()


async def test_what_raises_is_rolled_back(store: Store) -> None:
    def work(connection: Any) -> None:
        connection.execute(text("INSERT INTO book VALUES ('a', 'a', 0)"))
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await store.write(work)
    assert await store.read(lambda c: c.scalar(text("SELECT count(*) FROM book"))) == 0


async def test_a_look_is_of_one_moment(url: str) -> None:
    """What is committed while somebody looks is not in that look."""
    store, other = Store(url), Thread(target=lambda: asyncio.run(insert_a_book(url)))

    def looked(connection: Connection) -> tuple[int, int]:
        first = connection.scalar(COUNT)
        other.start()
        other.join(0.3)  # the rollback journal lets it commit when the look is over
        return first, connection.scalar(COUNT)

    assert await store.read(looked) == (0, 0)
    await asyncio.to_thread(other.join)
    assert await store.read(lambda c: c.scalar(COUNT)) == 1
    await store.close()


COUNT = text("SELECT count(*) FROM book")


async def insert_a_book(url: str) -> None:
    store = Store(url)
    await store.write(lambda c: c.execute(text("INSERT INTO book VALUES ('a', 'a', 0)")))
    await store.close()


@pytest.mark.skipif(not wal_is_safe(sqlite.library.sqlite_version_info), reason="this SQLite is an old one")
async def test_with_a_log_written_ahead_nobody_waits_for_a_look(sqlite_url: str) -> None:
    store, looking, seen = Store(sqlite_url), Event(), Event()

    def look(connection: Connection) -> int:
        before = connection.scalar(COUNT)
        looking.set()
        assert seen.wait(5)
        return before + connection.scalar(COUNT)

    look_of_one = asyncio.create_task(store.read(look))
    await asyncio.to_thread(looking.wait)
    await insert_a_book(sqlite_url)
    assert await store.read(lambda c: c.scalar(COUNT)) == 1
    seen.set()
    assert await look_of_one == 0
    await store.close()


async def test_a_transaction_held_open_commits_when_its_block_ends(store: Store) -> None:
    async with store.writing() as held:
        await held.run_sync(lambda c: c.execute(text("INSERT INTO book VALUES ('a', 'a', 0)")))
        assert await held.run_sync(lambda c: c.scalar(COUNT)) == 1
    with pytest.raises(ZeroDivisionError):
        async with store.writing() as held:
            await held.run_sync(lambda c: c.execute(text("INSERT INTO book VALUES ('b', 'b', 0)")))
            raise ZeroDivisionError
    assert await store.read(lambda c: c.scalar(COUNT)) == 1


async def test_a_full_pool_is_an_outage_and_not_a_deadlock(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C3: who finds no connection free is told to try again, and the next finds one."""
    store = Store(postgres_url)
    monkeypatch.setattr(store._server.sync_engine.pool, "_timeout", 0.05)
    async with AsyncExitStack() as held:
        for _ in range(12):
            await held.enter_async_context(store.writing())
        with pytest.raises(Exception) as full:
            await store.epoch()
    assert is_outage(full.value)
    await store.epoch()
    await store.close()


async def test_who_finds_every_reader_busy_waits_for_one(sqlite_url: str) -> None:
    store, held = Store(sqlite_url, readers=1), Event()
    busy = asyncio.create_task(store.read(lambda c: held.wait(5)))
    waiting = asyncio.create_task(store.read(lambda c: "answered"))
    await asyncio.sleep(0)
    assert not waiting.done()
    held.set()
    assert (await busy, await waiting) == (True, "answered")
    await store.close()


def test_what_counts_as_an_outage() -> None:
    def said(words: str) -> DBAPIError:
        return DBAPIError("", {}, sqlite3.OperationalError(words))

    for error in (
        OSError(),
        TimeoutError(),
        ConnectionRefusedError(),
        said("database is locked"),
        said("disk I/O error"),
        said("database or disk is full"),
        said("<class 'asyncpg.exceptions.CannotConnectNowError'>: the database system is starting up"),
        said("<class 'asyncpg.exceptions.DeadlockDetectedError'>: deadlock detected"),
    ):
        assert is_outage(error), error
    for error in (ZeroDivisionError(), said("UNIQUE constraint failed"), said("never changed"), ValueError()):
        assert not is_outage(error), error
