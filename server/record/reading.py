"""Reading entries back from the store, in family order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from server.record import tables
from server.record.chain import moment
from server.record.facts import Entry, decode


class Chained(NamedTuple):
    """An entry and the hash of its link."""

    entry: Entry
    hash: str


_columns = (
    tables.chain.c.book,
    tables.chain.c.stream,
    tables.chain.c.seq,
    tables.chain.c.position,
    tables.chain.c.kind,
    tables.chain.c.author,
    tables.chain.c.agency,
    tables.chain.c.at,
    tables.payload.c.content,
    tables.chain.c.hash,
)
_joined = tables.chain.outerjoin(
    tables.payload,
    and_(tables.chain.c.stream == tables.payload.c.stream, tables.chain.c.seq == tables.payload.c.seq),
)


async def entries_of(connection: AsyncConnection, book: str, after: int = 0) -> list[Chained]:
    """Every entry of `book` past position `after`, oldest first."""
    rows = await connection.execute(
        select(*_columns)
        .select_from(_joined)
        .where(tables.chain.c.book == book, tables.chain.c.position > after)
        .order_by(tables.chain.c.position)
    )
    return [chained(row) for row in rows]


async def entries_between(
    connection: AsyncConnection, book: str, streams: Sequence[str], after: int, upto: int
) -> list[Entry]:
    """The entries of some streams of `book` at positions in (after, upto], oldest first."""
    rows = await connection.execute(
        select(*_columns)
        .select_from(_joined)
        .where(
            tables.chain.c.book == book,
            tables.chain.c.stream.in_(streams),
            tables.chain.c.position > after,
            tables.chain.c.position <= upto,
        )
        .order_by(tables.chain.c.position)
    )
    return [chained(row).entry for row in rows]


async def entries_past(
    connection: AsyncConnection, seen: Iterable[tuple[str, int]], upto: int
) -> list[Entry]:
    """What some streams of one book hold past a number in each, up to position `upto`, oldest first.

    Costs what is missing, not what exists.
    """
    missing = or_(*(and_(tables.chain.c.stream == stream, tables.chain.c.seq > seq) for stream, seq in seen))
    rows = await connection.execute(
        select(*_columns)
        .select_from(_joined)
        .where(missing, tables.chain.c.position <= upto)
        .order_by(tables.chain.c.position)
    )
    return [chained(row).entry for row in rows]


def chained(row: Row[*tuple[Any, ...]]) -> Chained:
    fact, payload = decode(row.kind, row.content)
    entry = Entry(
        book=row.book,
        stream=row.stream,
        seq=row.seq,
        position=row.position,
        kind=row.kind,
        author=row.author,
        agency=row.agency,
        at=moment(row.at),
        fact=fact,
        key=payload.key,
        digest=payload.digest,
        cause=payload.cause,
    )
    return Chained(entry, row.hash)


def every_entry(connection: Connection, page: int = 1000) -> Iterator[Entry]:
    """The whole record, book after book, in the order of each, a page at a time."""
    c = tables.chain.c
    query = select(*_columns).select_from(_joined).order_by(c.book, c.position).limit(page)
    rows = connection.execute(query).all()
    while rows:
        for row in rows:
            yield chained(row).entry
        after = tuple_(rows[-1].book, rows[-1].position)
        rows = connection.execute(query.where(tuple_(c.book, c.position) > after)).all()
