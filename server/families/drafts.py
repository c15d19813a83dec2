"""What somebody has begun to write and not sent. Kept table: this module alone writes `draft`.

A draft is its author's and nobody else's: it is no fact, stands in no record, and is asked for only by them,
after it was asked whether they may open the page on which they write. One for each browser, so that a phone
and a laptop do not write over each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Executable, Text, and_, delete, exists, insert, or_, select
from sqlalchemy.engine import Row
from sqlmodel import Field, SQLModel

from server.families.facts import PersonExcluded, TeamMemberRemoved
from server.families.tables import membership
from server.people.facts import PractitionerLeft
from server.record.chain import micros, moment
from server.record.facts import Entry
from server.record.store import Store

KEPT_FOR = timedelta(days=7)
BROWSERS = 5
"""Of how many browsers one form's drafts are kept."""
EVERY = 3600.0
ALONE = ""
"""In place of a book: what somebody writes for themselves, whatever they may read."""

Fields = Mapping[str, Sequence[str]]
"""A form as it was filled in: each field with all of its values."""


class DraftRow(SQLModel, table=True):
    """One form that one person began in one browser. `at` is microseconds since 1970."""

    __tablename__ = "draft"

    person: str = Field(primary_key=True)
    book: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    device: str = Field(primary_key=True)
    fields: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger, index=True)


draft = DraftRow.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Place(msgspec.Struct, frozen=True):
    """Whose draft, of which family's record (or `ALONE`), of which form.

    The box is "contribute", and the huddle where in one; any other form is called by its address.
    """

    person: str
    book: str
    form: str


class Kept(msgspec.Struct, frozen=True):
    """A draft as it was kept last."""

    device: str
    fields: dict[str, list[str]]
    at: datetime

    @property
    def text(self) -> str:
        return self.fields.get("text", [""])[-1]


class Drafts:
    """Keeps, finds and lets go of drafts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, place: Place, device: str, fields: Fields, now: datetime) -> None:
        def change(connection: Connection) -> None:
            connection.execute(delete(draft).where(of(place), draft.c.device == device))
            values = {"device": device, "fields": msgspec.json.encode(fields).decode(), "at": micros(now)}
            connection.execute(insert(draft).values(**msgspec.structs.asdict(place), **values))
            newest = select(draft.c.device).where(of(place)).order_by(draft.c.at.desc()).limit(BROWSERS)
            few = [row.device for row in connection.execute(newest)]
            connection.execute(delete(draft).where(of(place), draft.c.device.not_in(few)))

        await self._store.write(change)

    async def let_go(self, place: Place, device: str) -> None:
        """Its author emptied the form."""
        gone = delete(draft).where(of(place), draft.c.device == device)
        await self._store.write(lambda connection: connection.execute(gone))

    async def of(self, place: Place) -> list[Kept]:
        """The drafts of every browser, the newest first."""
        asked = select(draft).where(of(place)).order_by(draft.c.at.desc())
        return await self._store.read(lambda connection: [kept(row) for row in connection.execute(asked)])

    async def sent(self, place: Place, text: str) -> None:
        """The text was recorded: what was kept of it on the way there is no draft any more.

        What its author has begun since stays: it does not begin like what was sent.
        """
        over = [d.device for d in await self.of(place) if text.startswith(d.text)]
        if over:
            gone = delete(draft).where(of(place), draft.c.device.in_(over))
            await self._store.write(lambda connection: connection.execute(gone))

    async def recorded(self, place: Place, key: str) -> None:
        """The form with this key was recorded: in no browser is it a draft any more."""
        gone = delete(draft).where(of(place), draft.c.device.endswith(f".{key}", autoescape=True))
        await self._store.write(lambda connection: connection.execute(gone))

    async def sweep(self, now: datetime) -> int:
        """Wipe what is seven days old, or whose author's time in the record is over. How many that were."""
        old = draft.c.at <= micros(now - KEPT_FOR)
        over = and_(draft.c.book != ALONE, ~reads_still(now))
        gone = delete(draft).where(or_(old, over))
        return await self._store.write(lambda connection: connection.execute(gone).rowcount)


def of(place: Place) -> Any:
    c = draft.c
    return and_(c.person == place.person, c.book == place.book, c.form == place.form)


def reads_still(now: datetime) -> Any:
    """Whether a draft's author reads anything of its book: a guest's access ends by itself."""
    m = membership.c
    theirs = and_(m.person == draft.c.person, m.book == draft.c.book)
    return exists().where(theirs, or_(m.until.is_(None), m.until > micros(now)))


def kept(row: Row[Any]) -> Kept:
    fields = msgspec.json.decode(row.fields, type=dict[str, list[str]])
    return Kept(row.device, fields, moment(row.at))


def index(entry: Entry) -> Iterable[Executable]:
    """Who is removed or excluded from a family, or leaves, loses their drafts as that is recorded."""
    before = draft.c.at <= micros(entry.at)
    match entry.fact:
        case TeamMemberRemoved(person=person) | PersonExcluded(person=person):
            yield delete(draft).where(draft.c.person == person, draft.c.book == entry.book, before)
        case PractitionerLeft(person=person):
            yield delete(draft).where(draft.c.person == person, before)


def hourly(store: Store, clock: Callable[[], datetime]) -> Callable[[], Coroutine[Any, Any, None]]:
    """A loop that wipes what is too old."""

    async def work() -> None:
        while True:
            await Drafts(store).sweep(clock())
            await asyncio.sleep(EVERY)

    return work
