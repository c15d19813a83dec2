"""The demonstration's postbox: what would have left by mail stands here to be opened. A kept table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Row, Text, delete, func, insert, select
from sqlmodel import Field, SQLModel

from server.chasing.post import Outcome
from server.record.chain import micros, moment
from server.record.store import Store


class DemoMail(SQLModel, table=True):
    """A mail of the demonstration. `at` in microseconds since 1970."""

    __tablename__ = "demo_mail"

    mail: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger, index=True)
    to: str
    subject: str
    text: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)


demo_mail = DemoMail.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Kept(msgspec.Struct, frozen=True):
    """A mail as it is shown."""

    mail: str
    at: datetime
    to: str
    subject: str
    text: str

    @property
    def name(self) -> str:
        """What it is called in an address: the first half of its Message-ID."""
        return self.mail.removeprefix("<").partition("@")[0]


class Postbox:
    """Takes every mail."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def send(self, message: EmailMessage, to: str) -> Outcome:
        values = {
            "mail": str(message["Message-ID"]),
            "at": micros(parsedate_to_datetime(str(message["Date"]))),
            "to": to,
            "subject": str(message["Subject"]),
            "text": part(message, "plain"),
            "html": part(message, "html"),
        }
        again = delete(demo_mail).where(demo_mail.c.mail == values["mail"])
        await self._store.write(lambda c: (c.execute(again), c.execute(insert(demo_mail).values(**values))))
        return Outcome("accepted", 250)

    async def newest(self, most: int, *, besides: str = "") -> Sequence[Kept]:
        """The newest first, without those to one address."""
        newest = demo_mail.c.at.desc(), demo_mail.c.mail
        query = select(demo_mail).where(demo_mail.c.to != besides).order_by(*newest).limit(most)
        rows = await self._store.read(lambda c: c.execute(query).all())
        return [kept(row) for row in rows]

    async def one(self, name: str) -> Kept | None:
        """The mail of that name, if there is one."""
        query = select(demo_mail).where(demo_mail.c.mail.startswith(f"<{name}@", autoescape=True)).limit(1)
        row = await self._store.read(lambda c: c.execute(query).one_or_none())
        return None if row is None else kept(row)

    async def sent_since(self, at: datetime, *, besides: str = "") -> int:
        """How many came at that moment or later, without those to one address."""
        since = demo_mail.c.at >= micros(at), demo_mail.c.to != besides
        query = select(func.count()).select_from(demo_mail).where(*since)
        return int(await self._store.read(lambda c: c.execute(query).scalar_one()))


def kept(row: Row[Any]) -> Kept:
    return Kept(row.mail, moment(row.at), row.to, row.subject, row.text)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())
