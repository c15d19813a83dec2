"""Who looked at a family, when, by which door and what for. Kept table: this module alone writes `look`.

A look is no fact: nothing follows from it. It is written before anything is shown, and where it cannot be
written nothing is shown (invariant 14). Rows are only ever added: triggers refuse the rest.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import BigInteger, Index, Text, insert, select
from sqlmodel import Field, SQLModel
from starlette.requests import HTTPConnection

from server.record.chain import micros, moment
from server.record.store import Store
from server.web.house import house

FOLLOWS = timedelta(minutes=15)
"""What goes on from an open page (a live line, forms) is one look for this long, however often it comes."""
PURPOSE_HOLDS = timedelta(hours=12)
"""For as long as a session lasts at most, a purpose is not asked again."""
REMEMBERED = 4096


class LookRow(SQLModel, table=True):
    """One look. `at` in microseconds since 1970."""

    __tablename__ = "look"
    __table_args__ = (Index("look_of_book", "book", "at"),)

    id: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    person: str
    agency: str
    book: str
    door: str
    purpose: str = Field(sa_type=Text)


look = LookRow.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Look(msgspec.Struct, frozen=True):
    """Who looked, when, by which door, and what for: in their words, or empty where they are of the team."""

    person: str
    at: datetime
    door: str
    purpose: str


class Looks:
    """Writes looks and reads them back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._followed: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()

    async def note(self, who: tuple[str, str], book: str, door: str, purpose: str, now: datetime) -> None:
        """`who` is a person and their agency. Raises where it cannot be written."""
        values = {"person": who[0], "agency": who[1], "book": book, "door": door, "purpose": purpose}
        row = insert(look).values(id=secrets.token_hex(16), at=micros(now), **values)
        await self._store.write(lambda connection: connection.execute(row))

    async def follow(self, who: tuple[str, str], book: str, door: str, purpose: str, now: datetime) -> bool:
        """The same for what goes on from an open page: noted once in a while. Whether it was, this time."""
        known = (who[0], book, door)
        before = self._followed.get(known)
        if before is not None and now - before < FOLLOWS:
            return False
        await self.note(who, book, door, purpose, now)
        self._followed[known] = now
        self._followed.move_to_end(known)
        while len(self._followed) > REMEMBERED:
            self._followed.popitem(last=False)
        return True

    async def purpose_of(self, person: str, book: str, now: datetime) -> str:
        """What somebody last said that they open a family for, while that holds."""
        c = look.c
        query = (
            select(c.purpose)
            .where(c.person == person, c.book == book, c.purpose != "", c.at > micros(now - PURPOSE_HOLDS))
            .order_by(c.at.desc())
            .limit(1)
        )
        found: str | None = await self._store.read(lambda connection: connection.execute(query).scalar())
        return found or ""

    async def newest(self, book: str, most: int) -> list[Look]:
        """Of one family, the newest first."""
        query = select(look).where(look.c.book == book).order_by(look.c.at.desc()).limit(most)
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return [Look(row.person, moment(row.at), row.door, row.purpose) for row in rows]


def looks(connection: HTTPConnection) -> Looks:
    """This application's, made with the first look."""
    state = connection.app.state
    if not hasattr(state, "looks"):
        state.looks = Looks(house(connection).store)
    found: Looks = state.looks
    return found
