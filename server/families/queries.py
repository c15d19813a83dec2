"""Reading across families: only ever those whose main record somebody reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, Select, exists, or_, select

from server.families.family_views import FoundView
from server.families.tables import compared, family_index, family_name, membership, request_index
from server.families.written import reference_from
from server.record.chain import micros
from server.record.store import Store

MOST_FOUND = 50
MOST_WORDS = 8
ESCAPE = "\\"


async def families_of(store: Store, person: str, now: datetime) -> list[FoundView]:
    """The families on whose team `person` is, by name."""
    return await _found(store, readable(person, now))


async def streams_of(store: Store, person: str, now: datetime) -> list[str]:
    """The main streams that `person` reads."""
    query = readable(person, now)
    return [row.stream for row in await store.read(lambda connection: connection.execute(query).all())]


async def teams_of(store: Store, people: Sequence[str]) -> list[tuple[str, str]]:
    """(person, main stream) of each place in a team, or as a guest, that these people have."""
    m = membership.c
    query = select(m.person, m.stream).where(m.person.in_(people), m.stream == m.book)
    if not people:
        return []
    rows = await store.read(lambda connection: connection.execute(query).all())
    return [(row.person, row.stream) for row in rows]


async def search(store: Store, person: str, words: str, now: datetime) -> list[FoundView]:
    """Of the families that `person` reads, those where every word is part of a name or the reference."""
    query = readable(person, now)
    for word in compared(words).split()[:MOST_WORDS]:
        named = family_name.c.name.like(f"%{escaped(word)}%", escape=ESCAPE)
        query = query.where(exists().where(family_name.c.stream == family_index.c.stream, named))
    return await _found(store, query.limit(MOST_FOUND))


async def book_of(store: Store, reference: str) -> str | None:
    """The family's book, or None. Says nothing about who may open it."""
    query = select(family_index.c.stream).where(family_index.c.reference == reference_from(reference))
    found: str | None = await store.read(lambda connection: connection.execute(query).scalar())
    return found


async def book_read_by(store: Store, person: str, reference: str, now: datetime) -> str | None:
    """The book of a family that `person` reads. None, at the same cost, if it is not theirs or not there."""
    query = readable(person, now).where(family_index.c.reference == reference_from(reference))
    row = await store.read(lambda connection: connection.execute(query).first())
    return row.stream if row else None


async def questions_to(store: Store, person: str) -> list[tuple[str, str]]:
    """(request, book) of what `person` was ever asked. What they may still read is for the record to say."""
    r = request_index.c
    query = select(r.request, r.book).where(r.person == person).distinct().order_by(r.request)
    rows = await store.read(lambda connection: connection.execute(query).all())
    return [(row.request, row.book) for row in rows]


async def book_of_request(store: Store, request: str) -> str | None:
    """The book of a request, or None. Says nothing about who may open it."""
    query = select(request_index.c.book).where(request_index.c.request == request)
    found: str | None = await store.read(lambda connection: connection.execute(query).scalar())
    return found


def readable(person: str, now: datetime) -> Select[tuple[str, str, str]]:
    """Stream, reference and name of the families whose main stream `person` reads at `now`, by name."""
    m = membership.c
    return (
        select(family_index.c.stream, family_index.c.reference, family_index.c.name)
        .join(membership, m.stream == family_index.c.stream)
        .where(m.person == person, or_(m.until.is_(None), m.until > micros(now)))
        .order_by(family_index.c.name, family_index.c.reference)
    )


def escaped(word: str) -> str:
    """`word` with nothing in it that LIKE would read as a pattern."""
    return "".join(ESCAPE + c if c in (ESCAPE, "%", "_") else c for c in word)


async def _found(store: Store, query: Select[tuple[str, str, str]]) -> list[FoundView]:
    rows: Sequence[Row[tuple[str, str, str]]] = await store.read(
        lambda connection: connection.execute(query).all()
    )
    return [FoundView(row.reference, row.name) for row in rows]
