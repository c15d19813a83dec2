"""Where the record is kept: SQLite or PostgreSQL behind the same doors, `write` and `read`.

Both run a function of a connection, so that none is ever held across a wait for anything else. SQLite writers
queue in this process, for a connection that lives in a thread of its own; a few more connections can only
query.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.record import sqlite, tables

T = TypeVar("T")

APP_ROLE = "huddle_app"
"""The PostgreSQL role that the product works as: it may append to the record and change no line of it."""


LIMIT = 10.0
"""Seconds for which a server may leave a transaction without an answer."""


class Held(Protocol):
    """A transaction that is open between two pieces of work."""

    async def run_sync(self, work: Callable[[Connection], T]) -> T: ...


class Store:
    """The database, whichever it is. `close` when done."""

    def __init__(self, url: str, *, app_role: bool = True, readers: int = 4) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self._turn = asyncio.Lock()
        self._server: AsyncEngine
        self._writer: Threads
        self._readers: Threads
        if self.sqlite:
            self._writer = Threads(sqlite.writer(url), 1, "ledger")
            self._readers = Threads(sqlite.readers(url, readers), readers, "reader")
        else:
            self._server = _postgres(url, app_role)

    async def write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        """Run `work` in one transaction: commit if it returns, roll back if it raises.

        A server that does not answer in time is given up (TimeoutError), unless this is `patient`.
        """
        if not self.sqlite:
            async with asyncio.timeout(None if patient else LIMIT), self._server.begin() as connection:
                return await connection.run_sync(work)
        async with self._turn:
            return await self._writer.do(_transaction, self._writer.engine, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` over one consistent look. A server that does not answer in time is given up.

        With SQLite it runs in a thread: one hop, however many statements it asks.
        """
        if self.sqlite:
            return await self._readers.do(_look, self._readers.engine, work)
        async with asyncio.timeout(LIMIT), self._server.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            return await connection.run_sync(work)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Held]:
        """One transaction that commits when the block ends and rolls back when it raises."""
        if not self.sqlite:
            async with self._server.begin() as connection:
                yield connection
            return
        async with self._turn, self._writer.transaction() as held:
            yield held

    async def epoch(self) -> str:
        """Which database this is: a cursor of another one brings a whole page (docs/design.md, section 3)."""
        return str(await self.read(lambda c: c.execute(select(tables.epoch.c.value)).scalar_one()))

    async def close(self) -> None:
        if self.sqlite:
            self._readers.close()
            self._writer.close()
        else:
            await self._server.dispose()


class Threads:
    """An engine of SQLite and the threads that alone use it."""

    def __init__(self, engine: Engine, size: int, name: str) -> None:
        self.engine = engine
        self._pool = ThreadPoolExecutor(size, name)

    async def do(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Held]:
        connection = await self.do(self.engine.connect)
        try:
            begun = await self.do(connection.begin)
            try:
                yield InThread(self, connection)
            except BaseException:
                await self.do(begun.rollback)
                raise
            await self.do(begun.commit)
        finally:
            await self.do(connection.close)

    def close(self) -> None:
        self._pool.submit(self.engine.dispose).result()
        self._pool.shutdown()


class InThread:
    """A connection that only its own thread may touch."""

    def __init__(self, threads: Threads, connection: Connection) -> None:
        self._threads = threads
        self._connection = connection

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        return await self._threads.do(work, self._connection)


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


def _transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _look(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        return work(connection)
