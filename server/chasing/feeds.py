"""Addresses of calendar feeds. Kept table: this module alone writes `calendar_feed`.

Only the SHA-256 of a token is stored, one for each person: a new one takes the place of the old. It holds for
twelve months, and ends when its person stops it or leaves.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Executable, Row, Update, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from server.people.facts import PractitionerLeft
from server.record.chain import micros, moment
from server.record.facts import Entry
from server.record.store import Store

HOLDS = timedelta(days=365)
NOTED_EVERY = timedelta(hours=1)
"""That a feed was fetched is written down at most this often."""


class CalendarFeed(SQLModel, table=True):
    """The address of somebody's feed. Times are microseconds since 1970."""

    __tablename__ = "calendar_feed"

    person: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    made_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    asked_at: int | None = Field(default=None, sa_type=BigInteger)


calendar_feed = CalendarFeed.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
feed = calendar_feed.c


class Feed(msgspec.Struct, frozen=True):
    """An address that holds: whose it is, from when to when, and when a calendar last asked there."""

    person: str
    made: datetime
    ends: datetime
    asked: datetime | None = None


class Feeds:
    """Makes addresses, ends them, and says whose they are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def make(self, person: str, now: datetime) -> str:
        """The token of a new address; the one before it ends. It is not kept anywhere: hand it over."""
        token = secrets.token_urlsafe(32)
        fresh = {
            "digest": digest(token),
            "made_at": micros(now),
            "ends_at": micros(now + HOLDS),
            "ended_at": None,
            "asked_at": None,
        }
        dialect: Any = sqlite if self._store.sqlite else postgresql
        # One statement: two browsers at the same moment still leave one address.
        put = dialect.insert(calendar_feed).values(person=person, **fresh)
        changed = put.on_conflict_do_update(index_elements=[feed.person], set_=fresh)
        await self._store.write(lambda connection: connection.execute(changed))
        return token

    async def stop(self, person: str, now: datetime) -> None:
        """End the address of `person`, if they have one."""
        await self._store.write(lambda connection: connection.execute(ended(now, person)))

    async def of(self, person: str, now: datetime) -> Feed | None:
        """The address that `person` has, if it holds."""
        return await self._found(holds(now).where(feed.person == person))

    async def look(self, token: str, now: datetime) -> Feed | None:
        """The address that this token is, if it holds. Looking changes nothing."""
        return await self._found(holds(now).where(feed.digest == digest(token)))

    async def asked(self, known: Feed, now: datetime) -> None:
        """A calendar fetched this feed. Written down once an hour at most."""
        if known.asked is not None and now - known.asked < NOTED_EVERY:
            return
        long_ago = or_(feed.asked_at.is_(None), feed.asked_at <= micros(now - NOTED_EVERY))
        noted = update(calendar_feed).where(
            feed.person == known.person, feed.made_at == micros(known.made), long_ago
        )
        await self._store.write(lambda connection: connection.execute(noted.values(asked_at=micros(now))))

    async def end_every(self, now: datetime) -> None:
        """After a restore: what was stopped since the backup would hold again."""
        await self._store.write(lambda connection: connection.execute(ended(now)))

    async def _found(self, query: Any) -> Feed | None:
        row: Row[Any] | None = await self._store.read(lambda connection: connection.execute(query).first())
        if row is None:
            return None
        asked = None if row.asked_at is None else moment(row.asked_at)
        return Feed(row.person, moment(row.made_at), moment(row.ends_at), asked)


def index(entry: Entry) -> Iterable[Executable]:
    """Whoever stops working here has no feed any more, in the very transaction that records it."""
    if isinstance(entry.fact, PractitionerLeft):
        yield ended(entry.at, entry.fact.person)


def ended(now: datetime, person: str = "") -> Update:
    """The end of one person's address, or of everybody's."""
    open_ones = update(calendar_feed).where(feed.ended_at.is_(None), feed.made_at <= micros(now))
    mine = open_ones.where(feed.person == person) if person else open_ones
    return mine.values(ended_at=micros(now))


def holds(now: datetime) -> Any:
    """The addresses that hold at `now`."""
    columns = (feed.person, feed.made_at, feed.ends_at, feed.asked_at)
    return select(*columns).where(feed.ended_at.is_(None), feed.ends_at > micros(now))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
