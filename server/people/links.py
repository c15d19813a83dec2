"""One-time links, by which somebody chooses a password. Kept table: this module alone writes `one_time_link`.

Only the SHA-256 of the token is stored. A link holds for 72 hours and once; a newer one ends the older.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, Update, insert, select, update
from sqlmodel import Field, SQLModel

from server.record.chain import micros
from server.record.refusals import Refused
from server.record.store import Store

HOLDS = timedelta(hours=72)


class LinkEnded(Refused):
    """This link has been used or is more than 3 days old. Ask your administrator for another one."""

    code = "link_ended"
    status = 404


class OneTimeLink(SQLModel, table=True):
    """A link that was handed out. Times are microseconds since 1970."""

    __tablename__ = "one_time_link"

    digest: str = Field(primary_key=True)
    person: str = Field(index=True)
    made_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)
    used_at: int | None = Field(default=None, sa_type=BigInteger)


one_time_link = OneTimeLink.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Links:
    """Makes links and says whose they are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def make(self, person: str, now: datetime) -> str:
        """The token of a new link. It is not kept anywhere: hand it over."""
        token = secrets.token_urlsafe(32)
        await self._store.write(lambda c: make(c, person, token, now))
        return token

    async def look(self, token: str, now: datetime) -> str:
        """Whose link this is, or `LinkEnded`. Looking does not use it."""
        link = one_time_link.c
        whose = select(link.person).where(
            link.digest == digest(token), link.used_at.is_(None), link.ends_at > micros(now)
        )
        person = await self._store.read(lambda c: c.execute(whose).scalar())
        if person is None:
            raise LinkEnded
        return str(person)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(connection: Connection, person: str, token: str, now: datetime) -> None:
    connection.execute(used(now).where(one_time_link.c.person == person))
    connection.execute(
        insert(one_time_link).values(
            digest=digest(token), person=person, made_at=micros(now), ends_at=micros(now + HOLDS)
        )
    )


def use(connection: Connection, token: str, now: datetime) -> None:
    """Use a link up, inside the transaction that does what it is for. `LinkEnded` for all but the first."""
    this = used(now).where(one_time_link.c.digest == digest(token), one_time_link.c.ends_at > micros(now))
    if connection.execute(this).rowcount != 1:
        raise LinkEnded


def end_every_link(connection: Connection, now: datetime) -> None:
    """After a restore: what was used since the backup could be used again."""
    connection.execute(used(now))


def used(now: datetime) -> Update:
    return update(one_time_link).where(one_time_link.c.used_at.is_(None)).values(used_at=micros(now))
