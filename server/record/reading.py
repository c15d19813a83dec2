"""Reading entries back from the store, in family order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, select
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


async def position_of(connection: AsyncConnection, vector: Iterable[tuple[str, int]]) -> int:
    """The position of the newest entry that a vector of (stream, number) covers; 0 for an empty one."""
    newest = 0
    for stream, seq in vector:
        found = await connection.execute(
            select(tables.chain.c.position).where(tables.chain.c.stream == stream, tables.chain.c.seq == seq)
        )
        newest = max(newest, found.scalar() or 0)
    return newest


def chained(row: Row[Any]) -> Chained:
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
