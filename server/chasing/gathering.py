"""Makes mails out of notices that wait: one for each person with all that is due, and no second one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, or_, select, text, true

from server.chasing import outbox, to_put_right
from server.chasing.outbox import Enclosed, outgoing, outgoing_notice
from server.chasing.tables import notice
from server.deadlines.tables import deadline
from server.record.chain import micros

AT_ONCE = 2000
"""Notices of one look. Who has more to hear hears of the rest in the next."""
ALONE = ("link", "canary")
WAIT_FOR_CHASES = timedelta(minutes=1)
"""After an outage all that is owed is climbed first, so that each person hears once; but not for ever."""

LOCK = 0x48756464
"""One process gathers at a time (PostgreSQL); with SQLite writers queue anyway."""


class Allowed(NamedTuple):
    """What may leave now, besides what is urgent: anything, within working hours; digests, within theirs."""

    anything: bool
    digests: bool


def gather(connection: Connection, now: datetime, allowed: Allowed, new_id: Callable[[], str]) -> int:
    """Put every notice that may leave now into a mail. How many notices. What goes alone has a mail of its
    own, and waits for nothing; the rest goes with what waits for that person already."""
    if connection.dialect.name == "postgresql":
        mine = connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK}).scalar()
        if not mine:
            return 0
    rows = waiting(connection, allowed)
    if rows and behind(connection, now) and not too_long(rows, now):
        rows = [row for row in rows if row.kind in ALONE]
    if not rows:
        return 0
    mails = waiting_mails(connection, {row.person for row in rows})
    begun: dict[str, str] = {}
    enclosed: list[Enclosed] = []
    for row in rows:
        alone = row.kind in ALONE
        mail = None if alone else mails.get(row.person)
        if mail is None:
            mail = new_id()
            begun[mail] = row.person
            if not alone:
                mails[row.person] = mail
        enclosed.append(Enclosed(row.subject, row.version, row.rung, row.person, mail))
    outbox.begin(connection, begun, now)
    outbox.carry(connection, enclosed)
    return len(rows)


def waiting_mails(connection: Connection, people: Collection[str]) -> dict[str, str]:
    """By person, a mail to them that nobody has begun to send: what is new goes with it, not in a second."""
    n, o, c = notice.c, outgoing.c, outgoing_notice.c
    of_notice = and_(c.subject == n.subject, c.version == n.version, c.rung == n.rung, c.person == n.person)
    alone = select(c.mail).join(notice, of_notice).where(n.kind.in_(ALONE), n.person.in_(people))
    query = select(o.person, o.mail).where(
        o.person.in_(people), o.held_until.is_(None), o.unsure.is_(False), o.mail.not_in(alone)
    )
    return {row.person: row.mail for row in connection.execute(query)}


def waiting(connection: Connection, allowed: Allowed, most: int = AT_ONCE) -> list[Row[Any]]:
    """Notices that nobody has put into a mail yet, by person, in the order in which they were due."""
    n, o = notice.c, outgoing_notice.c
    carried = and_(o.subject == n.subject, o.version == n.version, o.rung == n.rung, o.person == n.person)
    digest = n.kind == "digest"
    others = and_(n.kind != "digest", true() if allowed.anything else n.urgent)
    leaves = or_(others, digest) if allowed.digests else others
    query = (
        select(n.subject, n.version, n.rung, n.person, n.kind, n.at)
        .outerjoin_from(notice, outgoing_notice, carried)
        .where(n.outcome.is_(None), o.mail.is_(None), leaves)
        .order_by(n.person, n.at)
        .limit(most)
    )
    return list(connection.execute(query))


def behind(connection: Connection, now: datetime) -> bool:
    """Whether anything that is owed waits to be put right, or to be climbed."""
    query = select(func.count()).select_from(
        select(deadline.c.deadline).where(deadline.c.next_chase_at <= micros(now)).limit(1).subquery()
    )
    return bool(to_put_right.waiting(connection, now, 1) or connection.execute(query).scalar())


def too_long(rows: list[Row[Any]], now: datetime) -> bool:
    return any(row.at <= micros(now - WAIT_FOR_CHASES) for row in rows)
