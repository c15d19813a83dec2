"""Reading entries back from the store, in family order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, false, or_, select, tuple_

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


_every = select(*_columns).select_from(_joined)


def entries_of_books(connection: Connection, known: Iterable[tuple[str, int]]) -> list[Chained]:
    """Every entry of some books past a position in each, oldest first in each of them."""
    c = tables.chain.c
    past = or_(false(), *(and_(c.book == book, c.position > after) for book, after in known))
    return [chained(row) for row in _rows(connection, past)]


def entries_of_streams(connection: Connection, book: str, streams: Sequence[str], upto: int) -> list[Entry]:
    """The entries of some streams of `book` up to position `upto`, oldest first."""
    c = tables.chain.c
    rows = _rows(connection, c.book == book, c.stream.in_(streams), c.position <= upto)
    return [chained(row).entry for row in rows]


def entries_past(connection: Connection, seen: Iterable[tuple[str, int]], upto: int) -> list[Entry]:
    """What streams of one book hold past a number in each, up to position `upto`, oldest first.

    Costs what is missing, not what exists.
    """
    c = tables.chain.c
    missing = or_(false(), *(and_(c.stream == stream, c.seq > seq) for stream, seq in seen))
    return [chained(row).entry for row in _rows(connection, missing, c.position <= upto)]


def entries_up_to(
    connection: Connection, book: str, seen: Iterable[tuple[str, int]], most: int
) -> list[Entry]:
    """The newest `most` entries that streams of `book` hold up to a number in each, oldest first."""
    c = tables.chain.c
    within = or_(false(), *(and_(c.stream == stream, c.seq <= seq) for stream, seq in seen))
    query = _every.where(c.book == book, within).order_by(c.position.desc()).limit(most)
    return [chained(row).entry for row in connection.execute(query)][::-1]


def _rows(connection: Connection, *where: ColumnElement[bool]) -> Iterable[Row[*tuple[Any, ...]]]:
    return connection.execute(_every.where(*where).order_by(tables.chain.c.position))


def chained(row: Row[*tuple[Any, ...]]) -> Chained:
    book, stream, seq, position, kind, author, agency, at, content, hash = row
    fact, said = decode(kind, content)
    entry = Entry(
        book, stream, seq, position, kind, author, agency, moment(at), fact, said.key, said.digest, said.cause
    )
    return Chained(entry, hash)


def every_entry(
    connection: Connection, page: int = 1000, kinds: Sequence[str] | None = None
) -> Iterator[Entry]:
    """The whole record (or its entries of some kinds), book after book, in order, a page at a time."""
    c = tables.chain.c
    query = _every.order_by(c.book, c.position).limit(page)
    query = query if kinds is None else query.where(c.kind.in_(kinds))
    rows = connection.execute(query).all()
    while rows:
        for row in rows:
            yield chained(row).entry
        after = tuple_(rows[-1].book, rows[-1].position)
        rows = connection.execute(query.where(tuple_(c.book, c.position) > after)).all()
