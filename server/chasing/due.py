"""Finds what is due to be climbed, and who begins a working day with something owed. Costs what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import BigInteger, Connection, Integer, bindparam, literal_column, select

from server.deadlines.tables import deadline, deadline_owner
from server.record.chain import micros
from server.record.prepared import Prepared

AT_ONCE = 200


class Due(Protocol):
    """A deadline whose ladder is to be climbed: a row as the database gave it, for this is asked for ever."""

    @property
    def deadline(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def stream(self) -> str: ...

    @property
    def book(self) -> str: ...

    @property
    def at(self) -> int: ...


_DUE = Prepared(
    select(
        deadline.c.deadline,
        deadline.c.version,
        deadline.c.stream,
        deadline.c.book,
        deadline.c.next_chase_at.label("at"),
    )
    .where(deadline.c.next_chase_at <= bindparam("now", type_=BigInteger))
    .order_by(deadline.c.next_chase_at)
    .limit(bindparam("most", type_=Integer))
    .offset(literal_column("0"))  # SQLAlchemy writes one for SQLite anyway, as a value without a name
)
"""Every process asks this once a second, for ever."""


def due(connection: Connection, now: datetime, most: int = AT_ONCE) -> Sequence[Due]:
    """The longest overdue first. One look into an index: what is not due costs nothing."""
    return cast(Sequence[Due], _DUE(connection, {"now": micros(now), "most": most}).fetchall())


def owing_until(connection: Connection, until: datetime) -> Sequence[str]:
    """Whoever owes something that is due before a moment, once each."""
    query = (
        select(deadline_owner.c.person)
        .distinct()
        .join(deadline, deadline.c.deadline == deadline_owner.c.deadline)
        .where(deadline.c.due < micros(until))
    )
    return connection.execute(query).scalars().all()
