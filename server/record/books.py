"""The books that are open on this node.

A book that fell behind catches up from the store; a state is folded once per audience and kept. Nothing here
decides anything: `audience` says what a person may read, from the record alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select

from server.record import tables
from server.record.facts import Entry
from server.record.open_book import OpenBook
from server.record.reading import (
    entries_of_books,
    entries_of_streams,
    entries_past,
    entries_up_to,
)
from server.record.state import Parts, State
from server.record.store import Store
from server.record.streams import Audience, OpenStream, Vector

PARTNERSHIP = "partnership"
"""The book of agencies, people and roles; also the id of its only stream."""

MOST_OPEN = 512
"""How many books a node keeps open that nobody follows."""


Admits = Callable[[str, OpenStream, str], bool]
"""(book, the partnership's stream, person) → whether they may read any book of that kind at all."""


def everybody(book: str, standing: OpenStream, person: str) -> bool:
    """Whoever is admitted to a book reads it."""
    return True


class Books:
    """The books that are open on this node; of those that nobody follows, the ones last asked for."""

    def __init__(self, store: Store, parts: Parts, admits: Admits = everybody) -> None:
        self._admits = admits
        self.store = store
        self.parts = parts
        self._open: dict[str, OpenBook] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    def known(self, id: str) -> OpenBook | None:
        return self._open.get(id)

    def all_open(self) -> list[OpenBook]:
        return list(self._open.values())

    def audience(self, book: OpenBook, person: str, now: datetime) -> Audience:
        """The streams of `book` that `person` may read at `now`, by both the book and the partnership."""
        people = self.known(PARTNERSHIP)
        standing = people.main if people else OpenStream(PARTNERSHIP)
        return book.audience(person, now) if self._admits(book.id, standing, person) else ()

    def forget(self, id: str) -> None:
        """Close a book on this node (nothing is lost: it is read again when somebody asks)."""
        self._open.pop(id, None)

    async def open(self, id: str) -> OpenBook:
        """The book, read from the store the first time. One that was never written to is empty."""
        if id in self._open:
            self._open[id] = self._open.pop(id)
            return self._open[id]
        async with self._opening.setdefault(id, asyncio.Lock()):
            if id not in self._open:
                book = OpenBook(id, self.parts)
                book.all = []
                await self.catch_up(book)
                self._let_go()
                self._open[id] = book
        self._opening.pop(id, None)
        return self._open[id]

    def _let_go(self) -> None:
        """Close the book that was asked for longest ago, when there are too many."""
        if len(self._open) < MOST_OPEN:
            return
        for book in self._open.values():
            if not book.followed and not book.turn.locked() and book.id != PARTNERSHIP:
                self.forget(book.id)
                return

    async def catch_up(self, book: OpenBook) -> None:
        """Read what the store holds past what this node knows."""
        await self.catch_up_all([book])

    async def catch_up_all(self, books: Iterable[OpenBook]) -> list[OpenBook]:
        """The same for several books, in one query. Those of which there was more."""
        before = {book: book.version for book in books}
        known = [(book.id, version) for book, version in before.items()]
        news = await self.store.read(lambda c: entries_of_books(c, known)) if known else []
        for book in before:
            book.follow([n for n in news if n.entry.book == book.id])
        return [book for book, version in before.items() if book.version > version]

    async def state(self, book: OpenBook, audience: Audience) -> State:
        """The state over exactly the streams of `audience`, up to the book's version."""
        known = book.known_state(audience)
        if known is not None:
            return known
        entries = book.in_tail(audience, 0)
        while entries is None:
            upto = book.version
            read = await self._all(book.id, audience, upto)
            newer = book.in_tail(audience, upto)
            entries = None if newer is None else read + newer
        return book.keep_state(audience, entries)

    async def _all(self, book: str, audience: Audience, upto: int) -> list[Entry]:
        return await self.store.read(lambda connection: entries_of_streams(connection, book, audience, upto))

    async def since(self, book: OpenBook, audience: Audience, seen: Vector) -> list[Entry]:
        """The audience's entries past a number in each stream, up to the book's version, oldest first."""
        kept = book.recent(audience, seen)
        if kept is not None:
            return kept
        upto = book.version
        return await self.store.read(lambda connection: entries_past(connection, seen, upto))

    async def before(self, book: OpenBook, seen: Vector, most: int) -> list[Entry]:
        """The newest `most` entries up to a number in each stream, oldest first."""
        kept = book.newest(seen, most)
        if kept is not None:
            return kept
        return await self.store.read(lambda connection: entries_up_to(connection, book.id, seen, most))

    async def behind(self) -> list[OpenBook]:
        """The open books of which the store holds more than this node has read (one query)."""
        if not self._open:
            return []
        query = select(tables.book.c.id, tables.book.c.version).where(tables.book.c.id.in_(list(self._open)))
        rows = await self.store.read(lambda connection: connection.execute(query).all())
        return [b for id, version in rows if (b := self._open.get(id)) and b.version < version]
