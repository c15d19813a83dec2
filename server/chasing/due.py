"""Finds what is due to be climbed, and who begins a working day with something owed. Costs what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from server.deadlines.tables import deadline, deadline_owner
from server.record.chain import micros

AT_ONCE = 200


class Due(NamedTuple):
    """A deadline whose ladder is to be climbed."""

    deadline: str
    version: int
    stream: str
    book: str
    at: int


def due(connection: Connection, now: datetime, most: int = AT_ONCE) -> list[Due]:
    """The longest overdue first. One look into an index: what is not due costs nothing."""
    d = deadline.c
    query = (
        select(d.deadline, d.version, d.stream, d.book, d.next_chase_at)
        .where(d.next_chase_at <= micros(now))
        .order_by(d.next_chase_at)
        .limit(most)
    )
    return [Due(*row) for row in connection.execute(query)]


def owing_until(connection: Connection, until: datetime) -> Sequence[str]:
    """Whoever owes something that is due before a moment, once each."""
    query = (
        select(deadline_owner.c.person)
        .distinct()
        .join(deadline, deadline.c.deadline == deadline_owner.c.deadline)
        .where(deadline.c.due < micros(until))
    )
    return connection.execute(query).scalars().all()
