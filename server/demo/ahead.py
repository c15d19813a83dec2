"""The demonstration's clock: ahead of another one by as much as somebody moved it, in every process alike.

Kept table: this module alone writes `demo_clock`. It only ever goes forward, as the times of the record do.
Whatever is measured by it and has nothing to do with the story (how long somebody has been signed in, when
chasing was last proved) is carried along in the same transaction: nobody is signed out by a leap.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import BigInteger, Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from server.chasing import pulse
from server.people import signed_in
from server.record.chain import micros, moment
from server.record.store import Store, is_outage
from server.settings import Settings

log = structlog.get_logger()

Clock = Callable[[], datetime]

LOOK_EVERY = 1.0
ONLY = "demonstration"
MICROSECOND = timedelta(microseconds=1)


class DemoClock(SQLModel, table=True):
    """By how many microseconds the clock is ahead, and what it showed when it was last moved. One row."""

    __tablename__ = "demo_clock"

    clock: str = Field(primary_key=True)
    ahead: int = Field(sa_type=BigInteger)
    moved_at: int | None = Field(default=None, sa_type=BigInteger)


demo_clock = DemoClock.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Ahead:
    """`base`, and by how much this is ahead of it. `before` is awaited each time before a new time holds
    here, to look again at what was carried along; `after` is called once it does."""

    def __init__(self, store: Store, base: Clock) -> None:
        self.by = timedelta()
        self.moved_at: datetime | None = None
        self.before: list[Callable[[], Awaitable[Any]]] = []
        self.after: list[Callable[[], None]] = []
        self._store = store
        self._base = base

    def __call__(self) -> datetime:
        return self._base() + self.by

    async def move(self, to: datetime) -> bool:
        """Go forward to a moment. Whether it was one: an earlier one changes nothing."""
        ahead = (to - self._base()) // MICROSECOND
        moved = await self._store.write(lambda c: go(c, ahead, micros(to)))
        await self.look()
        return moved

    async def look(self) -> None:
        """Show the time that the row says."""
        row = await self._store.read(lambda c: c.execute(select(demo_clock)).one_or_none())
        if row is None or (by := row.ahead * MICROSECOND) <= self.by:
            return
        for look_again in self.before:
            await look_again()
        self.by = max(by, self.by)
        self.moved_at = None if row.moved_at is None else moment(row.moved_at)
        for tell in self.after:
            tell()

    async def follow(self) -> None:
        """Look every second, for ever: another process may have moved it."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except Exception as error:
                if not is_outage(error):
                    log.exception("demo.clock_failed")


def go(connection: Connection, ahead: int, moved_at: int) -> bool:
    """Be ahead by so much, if that is more than before."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    first = dialect.insert(demo_clock).values(clock=ONLY, ahead=0)
    connection.execute(first.on_conflict_do_nothing())
    before = connection.execute(select(demo_clock.c.ahead).with_for_update()).scalar_one()
    if ahead <= before:
        return False
    connection.execute(update(demo_clock).values(ahead=ahead, moved_at=moved_at))
    signed_in.carry_along(connection, ahead - before)
    pulse.carry_along(connection, ahead - before)
    return True


@asynccontextmanager
async def clock_over(settings: Settings, store: Store, base: Clock) -> AsyncIterator[Clock]:
    """The clock by which this installation goes: `base`, which only the demonstration may be ahead of."""
    if not settings.demo:
        yield base
        return
    ahead = Ahead(store, base)
    try:
        await ahead.look()
    except Exception as error:
        if not is_outage(error):
            raise
    following = asyncio.create_task(ahead.follow())
    try:
        yield ahead
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
