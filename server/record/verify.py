"""Whether the record is what was recorded: every number, link, commitment, head and position, named if not.

The walk looks at a page at a time, so that it needs little memory and never keeps a writer waiting; what it
compares (a stream's last link and its head) it has read in one look.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, and_, func, select, tuple_, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from server.record import tables
from server.record.store import Store, is_outage
from server.record.walk import Fault, First, Walk

PAGE = 1000

Progress = Callable[[int, int], None]
"""Called with how many entries were looked at, and of how many."""

T = TypeVar("T")


async def verify(store: Store, progress: Progress | None = None) -> list[Fault]:
    """Look at the whole record. An empty list says that all of it stands as it was recorded."""
    first = First()
    await _links(store, first, progress or (lambda done, total: None))
    await _order(store, first)
    await _strays(store, first)
    return first.faults()


_c, _p, _s, _b = tables.chain.c, tables.payload.c, tables.stream.c, tables.book.c


async def _links(store: Store, first: First, progress: Progress) -> None:
    query = select(
        *_c,
        type_coerce(_p.salt, NullType).label("salt"),
        type_coerce(_p.content, NullType).label("content"),
    ).select_from(tables.chain.outerjoin(tables.payload, and_(_c.stream == _p.stream, _c.seq == _p.seq)))
    total = await store.read(lambda connection: connection.scalar(select(func.count(_c.seq)))) or 0
    walk: Walk | None = None
    done = 0

    def heads_of(connection: Connection, rows: Iterable[Any]) -> dict[str, Any]:
        ids = {row.stream for row in rows} | ({walk.stream} if walk else set())
        return {head.id: head for head in connection.execute(select(*_s).where(_s.id.in_(ids)))}

    async for rows, heads, last in _pages(store, query, (_c.stream, _c.seq), heads_of, first):
        for row in rows:
            if walk is None or walk.stream != row.stream:
                if walk:
                    walk.end(heads.get(walk.stream))
                walk = Walk(row.stream, first)
            walk.step(row, heads.get(row.stream))
        done += len(rows)
        progress(done, max(done, total))
        if walk and last:
            walk.end(heads.get(walk.stream))


async def _order(store: Store, first: First) -> None:
    """Positions run from 1 to the version of each book."""
    query = select(_c.book, _c.position, _c.stream, _c.seq)
    before: Any = None
    place = 0

    def books_of(connection: Connection, rows: Iterable[Any]) -> dict[str, Any]:
        ids = {row.book for row in rows} | ({before.book} if before else set())
        return {book.id: book for book in connection.execute(select(*_b).where(_b.id.in_(ids)))}

    async for rows, books, last in _pages(store, query, (_c.book, _c.position), books_of, first):
        for row in rows:
            if before is not None and before.book != row.book:
                _end_of_book(before, books.get(before.book), first)
                place = 0
            place += 1
            if row.position != place:
                first.add(row.stream, row.seq, f"the place before it in {row.book} is empty")
                place = row.position if isinstance(row.position, int) else place
            before = row
        if before is not None and last:
            _end_of_book(before, books.get(before.book), first)


def _end_of_book(newest: Any, book: Any, first: First) -> None:
    if book is None:
        first.add(newest.stream, newest.seq, f"there is no book {newest.book}")
    elif book.version != newest.position:
        what = f"{book.id} should hold {book.version} entries and holds {newest.position}"
        first.add(newest.stream, newest.seq, what)
    elif book.kind != book.id.partition(":")[0]:
        first.add(newest.stream, newest.seq, f"{book.id} is called a {book.kind}")


async def _strays(store: Store, first: First) -> None:
    """Heads, books and contents to which no entry belongs."""
    heads = select(_s.id).where(~select(_c.seq).where(_c.stream == _s.id).exists())
    for id in await store.read(lambda connection: connection.scalars(heads).all()):
        first.add(id, 1, "is missing, and so is all that followed")
    books = select(_b.id).where(_b.version != 0, ~select(_c.seq).where(_c.book == _b.id).exists())
    for id in await store.read(lambda connection: connection.scalars(books).all()):
        first.add(id, 1, "is missing, and so is all that followed")
    joined = tables.payload.outerjoin(tables.chain, and_(_c.stream == _p.stream, _c.seq == _p.seq))
    contents = select(_p.stream, _p.seq, _c.hash).select_from(joined)
    async for rows, _, _ in _pages(store, contents, (_p.stream, _p.seq), _nothing, first):
        for row in rows:
            if row.hash is None:
                first.add(row.stream, row.seq, "there is a content and no entry that it belongs to")


def _nothing(_: Connection, __: Iterable[Any]) -> None:
    return None


async def _pages(
    store: Store,
    query: Select[*tuple[Any, ...]],
    key: tuple[Column[Any], Column[Any]],
    beside: Callable[[Connection, Iterable[Any]], T],
    first: First,
) -> AsyncIterator[tuple[list[Any], T, bool]]:
    """Page by page in order of `key`: rows, what was read beside them in one look, whether it is the last.

    A row that the database cannot hand out is named by the one before it, and ends the walk.
    """
    page = ordered = query.order_by(*key)
    after: tuple[Any, Any] = ("", 0)
    limit = PAGE
    while limit:
        try:
            rows, seen = await store.read(partial(_look, page=page.limit(limit), beside=beside))
        except DBAPIError as error:
            if is_outage(error):
                raise
            limit //= 2
            continue
        yield rows, seen, len(rows) < limit
        if len(rows) < limit:
            return
        after = (getattr(rows[-1], key[0].name), getattr(rows[-1], key[1].name))
        page = ordered.where(tuple_(*key) > tuple_(*after))
    first.add(after[0], after[1] + 1, "what stands here or next cannot be read")


def _look(
    connection: Connection,
    page: Select[*tuple[Any, ...]],
    beside: Callable[[Connection, Iterable[Any]], T],
) -> tuple[list[Any], T]:
    rows = list(connection.execute(page))
    return rows, beside(connection, rows)
