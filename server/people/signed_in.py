"""The rows of sessions. Kept table: this module alone writes `signed_in`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Row,
    Update,
    and_,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from server.people.facts import PractitionerLeft
from server.people.session import IDLE, IDLE_IN_ROOM, ROOM_GRACE, Session
from server.record.chain import micros, moment
from server.record.facts import Entry


class SessionRow(SQLModel, table=True):
    """One sign-in. Times are microseconds since 1970."""

    __tablename__ = "signed_in"

    sid: str = Field(primary_key=True)
    person: str = Field(index=True)
    created_at: int = Field(sa_type=BigInteger)
    last_act_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    in_room_at: int | None = Field(default=None, sa_type=BigInteger)


signed_in = SessionRow.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def begin(connection: Connection, session: Session) -> None:
    connection.execute(
        insert(signed_in).values(
            sid=session.sid,
            person=session.person,
            created_at=micros(session.created_at),
            last_act_at=micros(session.last_act_at),
            ends_at=micros(session.ends_at),
        )
    )


def end(connection: Connection, sid: str, now: datetime) -> None:
    connection.execute(ended(now).where(signed_in.c.sid == sid))


def end_all(connection: Connection, person: str, now: datetime) -> None:
    """For a transaction that changes a password: nothing signed in before it holds after it."""
    connection.execute(ended(now).where(signed_in.c.person == person))


def end_everybody(connection: Connection, now: datetime) -> None:
    """After a restore: what was ended since the backup would be alive again."""
    connection.execute(ended(now))


def leaving(entry: Entry) -> Iterable[Executable]:
    """Whoever stops working here is signed out in the very transaction that records it."""
    if isinstance(entry.fact, PractitionerLeft):
        yield ended(entry.at).where(signed_in.c.person == entry.fact.person)


def carry_along(connection: Connection, by: int) -> None:
    """The clock leaps by so many microseconds, and nobody has been signed in for longer than before."""
    times = ("created_at", "last_act_at", "ends_at", "in_room_at")
    later = {name: signed_in.c[name] + by for name in times}
    connection.execute(update(signed_in).where(signed_in.c.ended_at.is_(None)).values(**later))


def ended(now: datetime) -> Update:
    return update(signed_in).where(signed_in.c.ended_at.is_(None)).values(ended_at=micros(now))


def noted(sids: Sequence[str], now: datetime) -> Update:
    """They acted at `now`, unless they are known to have acted later."""
    known, at = signed_in.c.last_act_at, micros(now)
    latest = case((known < at, at), else_=known)
    return update(signed_in).where(signed_in.c.sid.in_(sids), alive(now)).values(last_act_at=latest)


def still_in_room(sids: Sequence[str], now: datetime) -> Update:
    return update(signed_in).where(signed_in.c.sid.in_(sids), alive(now)).values(in_room_at=micros(now))


def alive(now: datetime) -> ColumnElement[bool]:
    """`Session.standing` as the database reads it: nothing revives a session that is idle or ended."""
    c = signed_in.c
    in_room = and_(
        c.in_room_at > micros(now - ROOM_GRACE),
        c.last_act_at > micros(now - IDLE_IN_ROOM),
    )
    return and_(
        c.ended_at.is_(None),
        c.ends_at > micros(now),
        or_(c.last_act_at > micros(now - IDLE), in_room),
    )


def rows(connection: Connection, sids: Sequence[str]) -> dict[str, Session]:
    found = connection.execute(select(signed_in).where(signed_in.c.sid.in_(sids)))
    return {row.sid: session(row) for row in found}


def session(row: Row[Any]) -> Session:
    return Session(
        row.sid,
        row.person,
        moment(row.created_at),
        moment(row.last_act_at),
        moment(row.ends_at),
        None if row.ended_at is None else moment(row.ended_at),
        None if row.in_room_at is None else moment(row.in_room_at),
    )


def forget(connection: Connection, before: datetime) -> int:
    """Drop the rows of sessions that could hold until `before` at the latest."""
    return connection.execute(delete(signed_in).where(signed_in.c.ends_at < micros(before))).rowcount
