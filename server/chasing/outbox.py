"""Mails on their way: which notices each carries, who has it in hand, when it is tried again.

Kept tables: this module alone writes them. They hold no address and no word; what became of a mail is a fact
(`facts.py`), and with it the mail leaves these tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, Executable, delete, insert, or_, select, update
from sqlmodel import Field, SQLModel

from server.record.chain import micros

HELD_FOR = timedelta(seconds=45)
"""For as long a mail is in one hand: longer than sending may take. Then another may take it up."""
QUEUED_FOR = timedelta(seconds=15)
"""A job that was not begun by then counts as lost."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""So far the clocks of two machines may be apart without a mail waiting for it."""


class Outgoing(SQLModel, table=True):
    """One mail to one person. Moments in microseconds since 1970."""

    __tablename__ = "outgoing"

    mail: str = Field(primary_key=True)
    person: str = Field(index=True)
    next_try_at: int = Field(sa_type=BigInteger, index=True)
    held_until: int | None = Field(default=None, sa_type=BigInteger)
    tries: int = 0
    unsure: bool = False


class OutgoingNotice(SQLModel, table=True):
    """A notice that a mail carries. Each is carried by one mail."""

    __tablename__ = "outgoing_notice"

    subject: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    rung: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    mail: str = Field(index=True)


outgoing = Outgoing.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
outgoing_notice = OutgoingNotice.__table__  # type: ignore[attr-defined]  # as above


class Waiting(NamedTuple):
    """A mail in nobody's hand, and how often somebody had it."""

    mail: str
    tries: int


class Held(msgspec.Struct, frozen=True):
    """A mail in hand. `repeat`: somebody had it in hand before and said nothing more, or was not sure."""

    mail: str
    person: str
    tries: int
    repeat: bool


Carried = tuple[str, int, str]
"""Subject, version and rung of a notice."""


class Enclosed(NamedTuple):
    """A notice, by subject, version, rung and person, and the mail that carries it."""

    subject: str
    version: int
    rung: str
    person: str
    mail: str


def begin(connection: Connection, mails: Mapping[str, str], now: datetime) -> None:
    """Mails, and to whom each goes."""
    rows = [{"mail": mail, "person": person, "next_try_at": micros(now)} for mail, person in mails.items()]
    if rows:
        connection.execute(insert(outgoing), rows)


def carry(connection: Connection, notices: Sequence[Enclosed]) -> None:
    connection.execute(insert(outgoing_notice), [each._asdict() for each in notices])


def due(connection: Connection, now: datetime, most: int) -> list[Waiting]:
    """Mails that may be sent now and are in nobody's hand, whoever has heard of them already."""
    o = outgoing.c
    query = select(o.mail, o.tries).where(*free(now)).order_by(o.next_try_at).limit(most)
    return [Waiting(row.mail, row.tries) for row in connection.execute(query)]


def queued(connection: Connection, mails: Sequence[Waiting], now: datetime) -> None:
    """They were handed to workers. Who is not heard of is handed over again."""
    these = outgoing.c.mail.in_([each.mail for each in mails])
    later = micros(now + QUEUED_FOR)
    connection.execute(update(outgoing).where(these, *free(now)).values(next_try_at=later))


def take(connection: Connection, mail: str, now: datetime, *, queued: bool = False) -> Held | None:
    """Take a mail in hand, unless somebody else has it or it is not its time."""
    o = outgoing.c
    until = soon(now) if queued else now
    query = select(outgoing).where(o.mail == mail, *free(until)).with_for_update(skip_locked=True)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(outgoing).where(o.mail == mail).values(held_until=micros(now + HELD_FOR), tries=row.tries + 1)
    )
    return Held(row.mail, row.person, row.tries + 1, row.unsure or row.held_until is not None)


def soon(now: datetime) -> datetime:
    """Up to when something handed to workers is due: by the clock here, or by theirs who handed it over."""
    return now + QUEUED_FOR + CLOCKS_DIFFER


def early(connection: Connection, mail: str, now: datetime) -> bool:
    """Whether it was handed over by a process whose clock is far ahead of this one's (the demonstration's
    leaps, and each process sees it a little later)."""
    o = outgoing.c
    query = select(o.mail).where(o.mail == mail, o.tries == 0, o.next_try_at > micros(soon(now)))
    return connection.execute(query).one_or_none() is not None


def put_back(connection: Connection, mail: str, at: datetime, *, unsure: bool) -> None:
    """It is to be tried again at `at`."""
    values = {"next_try_at": micros(at), "held_until": None, "unsure": unsure}
    connection.execute(update(outgoing).where(outgoing.c.mail == mail).values(**values))


def done(mail: str) -> Iterator[Executable]:
    """What is known to have become of a mail is not kept here."""
    yield delete(outgoing_notice).where(outgoing_notice.c.mail == mail)
    yield delete(outgoing).where(outgoing.c.mail == mail)


def free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    o = outgoing.c
    return (o.next_try_at <= micros(now), or_(o.held_until.is_(None), o.held_until <= micros(now)))
