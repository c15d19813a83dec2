"""What somebody is told of, what waits in the queue, what they owe today: out of the indexes alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, distinct, exists, func, or_, select

from server.chasing.notices import LADDERS, OWNERS
from server.chasing.tables import notice
from server.deadlines.tables import deadline, deadline_owner
from server.families.tables import membership
from server.record.chain import micros
from server.record.store import Store


async def owed_before(store: Store, person: str, until: datetime, now: datetime) -> int:
    """How much somebody owes that is due before a moment. An action that is to be read back too is one thing.

    What stands where they no longer read does not count: nobody learns from a number what goes on there.
    """
    given = {"person": person, "until": micros(until), "now": micros(now)}
    return await store.read(lambda c: c.execute(OWED_BEFORE, given).scalar_one())


def read_by_them(stream: Any) -> Any:
    m = membership.c
    holds = or_(m.until.is_(None), m.until > bindparam("now"))
    return exists().where(m.person == bindparam("person"), m.stream == stream, holds)


def counted() -> Select[int]:
    d = deadline.c
    return (
        select(func.count(distinct(case((d.about == "", d.deadline), else_=d.about))))
        .select_from(deadline_owner)
        .join(deadline, d.deadline == deadline_owner.c.deadline)
        .where(deadline_owner.c.person == bindparam("person"), d.due < bindparam("until"))
        .where(or_(d.kind == "request", and_(read_by_them(d.book), read_by_them(d.stream))))
    )


OWED_BEFORE = counted()
"""Put together once: every page asks it."""


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
