"""Slows guessing down without ever locking anybody out. Kept table: this module alone writes `throttle`.

Attempts are counted before the password is looked at, in one statement, so that many at the same moment are
counted one by one. Two buckets: one account from one address, and one address whatever the account (an
office behind one address is many people, so it may do more). Nobody elsewhere can lock an account: another
address has its own bucket.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, Connection, case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from server.people.words import email_from
from server.record.chain import micros
from server.record.refusals import Refused
from server.record.store import Store

WAIT = timedelta(seconds=30)
FORGOTTEN = timedelta(hours=1)


Act = Literal["account", "link"]
"""Signing in to an account; asking for a link to it."""


class Slower(Refused):
    """Wait 30 seconds, then try again"""

    code = "slower"
    status = 429


class Bucket(NamedTuple):
    """Attempts that are counted together, and how many are free before each costs a wait."""

    name: str
    free: int


class ThrottleRow(SQLModel, table=True):
    """How often was tried, last when, and until when to wait. Times are microseconds since 1970."""

    __tablename__ = "throttle"

    bucket: str = Field(primary_key=True)
    attempts: int
    at: int = Field(sa_type=BigInteger)
    wait_until: int = Field(sa_type=BigInteger)


throttle = ThrottleRow.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def buckets(account: str, address: str, act: Act = "account") -> tuple[Bucket, Bucket]:
    """What an attempt counts against. The names are hashes: no address of anybody stands in the table."""
    who = email_from(account) or account.strip().lower()
    return (
        Bucket(hashlib.sha256(f"{act} {who} {address}".encode()).hexdigest(), 5),
        Bucket(hashlib.sha256(f"address {address}".encode()).hexdigest(), 100),
    )


class Throttle:
    """Counts attempts to sign in, and to get a link."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def attempt(self, account: str, address: str, now: datetime, act: Act = "account") -> None:
        """Count one attempt, or raise `Slower` without counting it. To ask for a link slows no sign-in."""
        asked = buckets(account, address, act)
        if not await self._store.write(lambda c: all(take(c, bucket, now) for bucket in asked)):
            raise Slower

    async def succeeded(self, account: str, address: str) -> None:
        """The right password: this account's earlier attempts from here no longer count."""
        mine, _ = buckets(account, address)
        await self._store.write(lambda c: c.execute(delete(throttle).where(throttle.c.bucket == mine.name)))

    async def forget(self, now: datetime) -> int:
        """Drop what is too old to count. How many rows that were."""
        old = delete(throttle).where(throttle.c.at <= micros(now - FORGOTTEN))
        return await self._store.write(lambda c: c.execute(old).rowcount)


def take(connection: Connection, bucket: Bucket, now: datetime) -> bool:
    """Count one attempt against `bucket` unless it must wait: one statement, so no two count as one."""
    at, wait_until = micros(now), micros(now + WAIT)
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = throttle.c
    again = case((row.at <= micros(now - FORGOTTEN), 1), else_=row.attempts + 1)
    statement = dialect.insert(throttle).values(bucket=bucket.name, attempts=1, at=at, wait_until=0)
    counted = statement.on_conflict_do_update(
        index_elements=[row.bucket],
        set_={
            "attempts": again,
            "at": at,
            "wait_until": case((again >= bucket.free, wait_until), else_=0),
        },
        where=row.wait_until <= at,
    ).returning(row.attempts)
    return connection.execute(counted).first() is not None
