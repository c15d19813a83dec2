"""Where the record is kept: SQLite or PostgreSQL behind the same doors, `write` and `read`.

Both run a function of a connection, so that none is ever held across a wait for anything else. SQLite writers
queue in this process (`BEGIN IMMEDIATE`); the ledger's own connection lives in a thread of its own; a few
more connections can only query. The write-ahead log is used only where the linked SQLite is free of its
reset fault.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from server.record import tables

T = TypeVar("T")

log = structlog.get_logger()

APP_ROLE = "huddle_app"
"""The PostgreSQL role that the product works as: it may append to the record and change no line of it."""


LIMIT = 10.0
"""Seconds for which a server may leave a transaction without an answer."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether the linked SQLite is free of the WAL-reset fault (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3)


class Store:
    """The database, whichever it is. `close` when done."""

    def __init__(self, url: str, *, app_role: bool = True, readers: int = 4) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self._turn = asyncio.Lock()
        if self.sqlite:
            self._write = _sqlite(url, writer=True, size=1)
            self._read = _sqlite(url, writer=False, size=readers)
            self._thread = ThreadPoolExecutor(1, "ledger")
            self._ledger = _sqlite_in_threads(url, writer=True, size=1)
            self._threads = ThreadPoolExecutor(readers, "reader")
            self._looks = _sqlite_in_threads(url, writer=False, size=readers)
        else:
            self._write = self._read = _postgres(url, app_role)

    async def write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        """Run `work` in one transaction: commit if it returns, roll back if it raises.

        A server that does not answer in time is given up (TimeoutError), unless this is `patient`.
        """
        if not self.sqlite:
            async with asyncio.timeout(None if patient else LIMIT), self._write.begin() as connection:
                return await connection.run_sync(work)
        async with self._turn:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, _transaction, self._ledger, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` over one consistent look. A server that does not answer in time is given up.

        With SQLite it runs in a thread: one hop, however many statements it asks.
        """
        if self.sqlite:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, _look, self._looks, work)
        async with asyncio.timeout(LIMIT), self.reading() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that commits when the block ends and rolls back when it raises."""
        if not self.sqlite:
            async with self._write.begin() as connection:
                yield connection
            return
        async with self._turn, self._write.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One consistent look. Never held across a wait for anything but the database."""
        async with self._read.connect() as connection:
            if not self.sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    async def epoch(self) -> str:
        """Which database this is: a cursor of another one brings a whole page (docs/design.md, section 3)."""
        async with self.reading() as connection:
            return str((await connection.execute(select(tables.epoch.c.value))).scalar_one())

    async def close(self) -> None:
        await self._write.dispose()
        if self.sqlite:
            self._thread.submit(self._ledger.dispose).result()
            self._thread.shutdown()
            self._threads.shutdown()
            self._looks.dispose()
        if self._read is not self._write:
            await self._read.dispose()


def is_outage(error: BaseException) -> bool:
    """Whether `error` says that the database went away, rather than that it refused what it was given."""
    if isinstance(error, (OSError, TimeoutError, NoConnectionFree)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    words = f"{type(error.orig).__name__} {error.orig}".lower()
    return any(sign in words for sign in _SIGNS_OF_OUTAGE)


_SIGNS_OF_OUTAGE = (
    "connectiondoesnotexist",
    "connection was closed",
    "connection is closed",
    "cannotconnectnow",
    "adminshutdown",
    "crashshutdown",
    "starting up",
    "accepting connections",  # "is not yet …", while it recovers
    "shutting down",
    "recovery mode",
    "terminating connection",
    "database is locked",
    "disk i/o error",
    "database or disk is full",
    "no space left",
    # Not away, but to be asked again:
    "deadlockdetected",
    "serializationerror",
)


# What a statement carried is hidden from every error: errors are logged, and a log holds nothing of a family.


def _postgres(url: str, app_role: bool) -> AsyncEngine:
    settings = {"idle_in_transaction_session_timeout": "5000", "application_name": "huddle"}
    if app_role:
        settings["role"] = APP_ROLE
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=4,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"server_settings": settings, "timeout": 5},
    )


def _sqlite(url: str, *, writer: bool, size: int) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True, pool_size=size, max_overflow=0, pool_timeout=30)
    event.listen(engine.sync_engine, "connect", _prepare_writer if writer else _prepare_reader)
    event.listen(engine.sync_engine, "begin", _begin_immediate if writer else _begin_deferred)
    return engine


def _sqlite_in_threads(url: str, *, writer: bool, size: int) -> Engine:
    address = make_url(url).set(drivername="sqlite")
    engine = create_engine(address, hide_parameters=True, pool_size=size, max_overflow=0)
    event.listen(engine, "connect", _prepare_writer if writer else _prepare_reader)
    event.listen(engine, "begin", _begin_immediate if writer else _begin_deferred)
    return engine


def _transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _look(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        return work(connection)


def _prepare(connection: Any, *, writer: bool) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    if writer:
        wal = wal_is_safe(sqlite3.sqlite_version_info)
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'TRUNCATE'}")
        if not wal:
            log.info("sqlite.rollback_journal", version=sqlite3.sqlite_version)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    if not writer:
        cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _prepare_writer(connection: Any, _: Any) -> None:
    _prepare(connection, writer=True)


def _prepare_reader(connection: Any, _: Any) -> None:
    _prepare(connection, writer=False)


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
