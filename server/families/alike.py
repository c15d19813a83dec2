"""The people of families, read to be compared: those somebody may read, and those near to given ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from server.families.matching import SIX_WEEKS, Match, Somebody, matches, name_words, telling
from server.families.tables import family_person, membership
from server.record.chain import micros
from server.record.store import Store


async def alike_among_own(
    store: Store, person: str, mine: Sequence[Somebody], now: datetime, besides: str
) -> tuple[Match, ...]:
    """Of the families that `person` reads, those that may be the same; `besides` is left out.

    It begins at the person's own families and asks for all of their people, whoever was named: no row of
    another family is asked for, so what is answered and when depends on none.
    """
    m, p = membership.c, family_person.c
    query = (
        select(family_person)
        .join(membership, m.stream == p.stream)
        .where(m.person == person, or_(m.until.is_(None), m.until > micros(now)), p.stream != besides)
        .order_by(p.stream, p.seq)
    )

    def look(connection: Connection) -> tuple[Match, ...]:
        return matches(mine, everybody(connection.execute(query)))

    return await store.read(look) if mine else ()


async def people_of(store: Store, family: str) -> list[Somebody]:
    """The people of one family."""
    query = select(family_person).where(family_person.c.stream == family).order_by(family_person.c.seq)
    return list(everybody(await store.read(lambda connection: connection.execute(query).all())))


async def alike_anywhere(store: Store, family: str, mine: Sequence[Somebody]) -> tuple[Match, ...]:
    """Of all other families, those that may be the same: for the service itself, which shows it to nobody."""
    conditions = [condition for somebody in mine for condition in near(somebody)]
    if not conditions:
        return ()
    query = select(family_person).where(family_person.c.stream != family, or_(*conditions))
    rows = await store.read(lambda connection: connection.execute(query).all())
    return matches(mine, everybody(rows))


def near(somebody: Somebody) -> Iterator[ColumnElement[bool]]:
    """Where those stand who could be alike, each by a column with an index."""
    p = family_person.c
    if not telling(somebody.name):
        return
    yield p.words == " ".join(name_words(somebody.name))
    if somebody.born:
        yield p.born == somebody.born.isoformat()
        yield _within(p.due, somebody.born)
    if somebody.due:
        yield _within(p.born, somebody.due)
        yield _within(p.due, somebody.due)


def _within(column: ColumnElement[str | None], on: date) -> ColumnElement[bool]:
    first, last = on - SIX_WEEKS, on + SIX_WEEKS
    return and_(column >= first.isoformat(), column <= last.isoformat())


def everybody(rows: Iterable[Row[tuple[object, ...]]]) -> Iterator[Somebody]:
    for row in rows:
        yield Somebody(row.stream, row.member, row.name, row.child, _day(row.born), _day(row.due))


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
