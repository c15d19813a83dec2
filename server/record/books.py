"""The books that are open on this node: heads, standing, a bounded tail, and the state of each audience.

A book that fell behind catches up from the store; a state is folded once per audience and kept. Nothing here
decides anything: `audience` says what a person may read, from the record alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select

from server.record import tables
from server.record.facts import Entry
from server.record.reading import (
    Chained,
    entries_of_books,
    entries_of_streams,
    entries_past,
    entries_up_to,
)
from server.record.state import Parts, State
from server.record.store import Store
from server.record.streams import Audience, OpenStream, Vector, follow

log = structlog.get_logger()

PARTNERSHIP = "partnership"
"""The book of agencies, people and roles; also the id of its only stream."""

TAIL = 2000
"""How many of a book's newest entries a node keeps in memory."""

MOST_OPEN = 512
"""How many books a node keeps open that nobody follows."""

VIEWS = 16
"""How many audiences' states a node keeps for one book."""


Admits = Callable[[str, OpenStream, str], bool]
"""(book, the partnership's stream, person) → whether they may read any book of that kind at all."""


def everybody(book: str, standing: OpenStream, person: str) -> bool:
    """Whoever is admitted to a book reads it."""
    return True


class OpenBook:
    """One book as far as this node has read it."""

    def __init__(self, id: str, parts: Parts) -> None:
        self.id = id
        self.version = 0
        self.streams: dict[str, OpenStream] = {}
        self.tail: deque[Entry] = deque(maxlen=TAIL)
        self.all: list[Entry] | None = None
        """Everything, from when it was opened until the first state is folded from it."""
        self.turn = asyncio.Lock()
        self.followed = 0
        """How many rooms of this node follow it: while any does, it stays open."""
        self._parts = parts
        self._views: dict[Audience, State] = {}
        self._audiences: dict[str, Audience] = {}
        """Of those whose reading has no end set, for as long as no stream's readers change."""

    @property
    def main(self) -> OpenStream:
        return self.streams.get(self.id) or OpenStream(self.id)

    def audience(self, person: str, now: datetime) -> Audience:
        """The streams that `person` may read at `now`. Who may not read main reads nothing."""
        known = self._audiences.get(person)
        if known is not None:
            return known
        audience: Audience = ()
        if self.main.may_read(person, now):
            audience = tuple(sorted(s.id for s in self.streams.values() if s.may_read(person, now)))
        if not any(s.readers.get(person) for s in self.streams.values()):
            self._audiences[person] = audience
        return audience

    def heads(self, audience: Audience) -> Vector:
        return tuple((id, self.streams[id].seq if id in self.streams else 0) for id in audience)

    def follow(self, chained: Sequence[Chained]) -> bool:
        """Take in entries that follow on. False, and nothing taken, if there is a hole before them."""
        news = [c for c in chained if c.entry.position > self.version]
        if news and news[0].entry.position != self.version + 1:
            return False
        for entry, hash in news:
            known = self.streams.get(entry.stream) or OpenStream(entry.stream)
            after = self.streams[entry.stream] = follow(known, entry, hash)
            if after.readers is not known.readers:
                self._audiences.clear()
            self.tail.append(entry)
            if self.all is not None:
                self.all.append(entry)
            self.version = entry.position
        for audience in list(self._views):
            own = [c.entry for c in news if c.entry.stream in audience]
            if own:
                self._fold(audience, own)
        return True

    def _fold(self, audience: Audience, own: Sequence[Entry]) -> None:
        """A view that cannot be folded further is dropped: it must not go on without a fact."""
        try:
            self._views[audience] = self._views[audience].after(own)
        except Exception:
            log.exception("book.fold_failed", book=self.id.partition(":")[0])
            del self._views[audience]

    def in_tail(self, audience: Audience, after: int) -> list[Entry] | None:
        """The audience's entries past position `after`, or None if the tail does not reach back so far."""
        if self.all is not None:
            return [e for e in self.all if e.position > after and e.stream in audience]
        oldest = self.tail[0].position if self.tail else self.version + 1
        if after + 1 < oldest:
            return None
        return [e for e in self.tail if e.position > after and e.stream in audience]

    def recent(self, audience: Audience, seen: Vector) -> list[Entry] | None:
        """The entries past a number in each stream out of the tail, or None if it is too short.

        Costs what is missing, not what is kept.
        """
        reached = dict(seen)
        missing = sum(self.streams[id].seq - reached[id] for id in audience)
        found: list[Entry] = []
        for entry in reversed(self.tail):
            if len(found) == missing:
                break
            if entry.stream in reached and entry.seq > reached[entry.stream]:
                found.append(entry)
        return found[::-1] if len(found) == missing else None

    def newest(self, seen: Vector, most: int) -> list[Entry] | None:
        """The newest `most` entries up to a number in each stream out of the tail, or None where it is short."""
        reached = dict(seen)
        found: list[Entry] = []
        for entry in reversed(self.tail):
            if len(found) == most:
                break
            if entry.seq <= reached.get(entry.stream, 0):
                found.append(entry)
        whole = not self.tail or self.tail[0].position == 1
        return found[::-1] if len(found) == most or whole else None

    def known_state(self, audience: Audience) -> State | None:
        """The state of an audience, if it is kept; the ones last asked for are."""
        if audience not in self._views:
            return None
        self._views[audience] = self._views.pop(audience)
        return self._views[audience]

    def keep_state(self, audience: Audience, entries: Sequence[Entry]) -> State:
        """Fold the state of an audience from all of its entries, and keep it."""
        while len(self._views) >= VIEWS:
            self._views.pop(next(iter(self._views)))
        state = self._parts.empty().after(entries)
        self.all = None
        self._views[audience] = state
        return state


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
