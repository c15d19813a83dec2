"""What somebody is told of, what waits in the queue, what they owe today: out of the indexes alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.chasing.notices import LADDERS, OWNERS
from server.chasing.tables import notice
from server.deadlines.tables import deadline, deadline_owner
from server.record.chain import micros
from server.record.store import Store


async def owed_before(store: Store, person: str, until: datetime) -> int:
    """How much somebody owes that is due before a moment."""
    query = (
        select(func.count())
        .select_from(deadline_owner)
        .join(deadline, deadline.c.deadline == deadline_owner.c.deadline)
        .where(deadline_owner.c.person == person, deadline.c.due < micros(until))
    )
    found = await store.read(lambda c: c.execute(query).scalar())
    return int(found or 0)


async def answered_for(store: Store, person: str) -> list[Any]:
    """What others owe and somebody was told of, because they answer for them: the longest overdue first."""
    n, d = notice.c, deadline.c
    query = (
        select(d.deadline, d.kind, d.owner, d.due, d.book, d.stream, d.queued_at)
        .distinct()
        .join_from(notice, deadline, d.deadline == n.subject)
        .where(n.person == person, n.version == d.version, n.kind.in_(LADDERS), n.part.not_in(OWNERS))
        .order_by(d.due, d.deadline)
    )
    return list(await store.read(lambda c: c.execute(query).all()))


async def queued(store: Store) -> list[Any]:
    """What has climbed to the queue and waits for a named person, the longest first."""
    d = deadline.c
    query = (
        select(d.deadline, d.kind, d.owner, d.due, d.book, d.stream, d.queued_at)
        .where(d.queued_at.is_not(None))
        .order_by(d.queued_at, d.deadline)
    )
    return list(await store.read(lambda c: c.execute(query).all()))


async def outcomes(store: Store, subject: str) -> dict[tuple[int, str, str], str]:
    """What became of each notice about one deadline: by ladder, rung and person."""
    n = notice.c
    query = select(n.version, n.rung, n.person, n.outcome).where(n.subject == subject)
    rows = await store.read(lambda c: c.execute(query).all())
    return {(row.version, row.rung, row.person): row.outcome or "waiting" for row in rows}
