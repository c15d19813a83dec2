"""The committer: one transaction after another, each of what gathered while the last one ran.

It locks the books in order of id and reads their versions; a command whose book moved is sent back to be
decided again; the rest are inserted in bulk and committed. On a data error the batch is repeated one by one,
so that one bad append never fails its neighbours. News leaves only after the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum

import msgspec
import structlog
from sqlalchemy import Connection

from server.record.append import Index, Key, Links, answered, begin_books, lock
from server.record.books import PARTNERSHIP, Books
from server.record.commands import Actor
from server.record.facts import Entry
from server.record.open_book import OpenBook
from server.record.reading import Chained
from server.record.receipts import Receipt, replay_or_refuse
from server.record.refusals import Refused, Unavailable
from server.record.store import Store, is_outage

log = structlog.get_logger()

BATCH = 500
"""How many commands one transaction takes at most."""


class Committed(msgspec.Struct, frozen=True):
    """News: entries of one book that are now durable."""

    book: OpenBook
    entries: tuple[Entry, ...]


class Hooks:
    """Places at which a test stops the world. The product does nothing there."""

    def before_commit(self) -> None:
        """The rows stand in an open transaction."""

    def after_commit(self) -> None:
        """The rows are durable; nobody has heard of them."""

    def before_ring(self) -> None:
        """Their author has been told; no screen has."""


class Moved(Enum):
    """The book moved, or the database went away: decide again."""

    BOOK = "book"
    OUTAGE = "outage"


class Job:
    """One decided command on its way into a commit."""

    def __init__(self, book: OpenBook, entries: list[Entry], who: Actor, people: int) -> None:
        first = entries[0]
        self.book = book
        self.entries = entries
        self.key: Key = (book.id, who.person, first.key)
        self.digest = first.digest
        self.base = first.position - 1
        self.people = people
        self.done: asyncio.Future[Receipt | Moved] = asyncio.get_running_loop().create_future()

    def settle(self, outcome: Receipt | Moved | Refused) -> None:
        if self.done.done():
            return
        if isinstance(outcome, Refused):
            self.done.set_exception(outcome)
            self.done.exception()  # its author may have gone away: then nobody else asks for it
        else:
            self.done.set_result(outcome)


Settled = tuple[Job, Receipt | Moved | Refused, list[Chained]]
"""A job, what became of it, and its linked entries if it was appended."""


Decide = Callable[[], Awaitable[Job | Receipt]]
"""Decides a command over what this node knows: what is to be appended, or where it already stands."""


class Committer:
    """Makes decided commands durable. `run` must be running; `news` hears of every commit."""

    def __init__(self, store: Store, books: Books, indexes: Sequence[Index], hooks: Hooks) -> None:
        self.committed = 0
        """How many entries of main streams this committer has made durable. What only some may read is not
        counted: who may see a count is not who may read that."""
        self.news: Callable[[Committed], Awaitable[None]] | None = None
        self._store = store
        self._books = books
        self._indexes = tuple(indexes)
        self._hooks = hooks
        self._waiting: list[Job] = []
        self._committing: list[Job] = []
        self._wake = asyncio.Event()
        self._turn_alone = asyncio.Lock()

    def take(self, job: Job) -> None:
        """Put a job into the next commit; `job.done` says what became of it."""
        self._waiting.append(job)
        self._wake.set()

    async def run(self) -> None:
        """Commit what gathers, for ever. Who still waits when this ends is told that nothing is saved yet."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    self._committing, self._waiting = next_batch(self._waiting)
                    await self._commit(self._committing)
                    await asyncio.sleep(0)
        finally:
            for job in self._committing + self._waiting:
                job.settle(Unavailable())

    async def _commit(self, batch: list[Job]) -> None:
        try:
            settled = await self._store.write(lambda connection: self._transact(connection, batch))
        except Exception as error:
            await self._recover(batch, error)
            return
        await self._announce(settled)

    async def alone(self, book: OpenBook, decide: Decide) -> Receipt | Moved:
        """Decide and append while the book is held still, for a command that others kept overtaking.

        Whoever waits for a row's lock gets it in turn, so no busy node keeps another from a family. One
        command at a time, for it holds one connection while it reads over another.
        """
        async with self._turn_alone:
            async with self._store.writing() as connection:
                await connection.run_sync(lambda c: lock(c, [book.id], PARTNERSHIP, self._store.sqlite))
                job = await decide()
                if isinstance(job, Receipt):
                    return job
                settled = await connection.run_sync(lambda c: self._transact(c, [job]))
            await self._announce(settled)
        return await job.done

    async def _announce(self, settled: list[Settled]) -> None:
        """It is durable: take it in, tell the authors, then everybody else."""
        self._hooks.after_commit()
        for job, outcome, linked in settled:
            await self._take_in(job.book, linked)
            job.settle(outcome)
        self._hooks.before_ring()
        for job, _, linked in settled:
            await self._tell(job.book, linked)

    async def _take_in(self, book: OpenBook, linked: list[Chained]) -> None:
        """This node takes in what is durable; if it cannot now, the next look at the heads will."""
        self.committed += sum(c.entry.stream == book.id for c in linked)
        if not linked or book.follow(linked):
            return
        try:
            await self._books.catch_up(book)
        except Exception as error:
            log.warning("ledger.behind", error=type(error).__name__)

    async def _tell(self, book: OpenBook, linked: list[Chained]) -> None:
        """A lost word costs at most the next look at the heads: nobody else is to wait for it."""
        if not linked or not self.news:
            return
        try:
            await self.news(Committed(book, tuple(c.entry for c in linked)))
        except Exception:
            log.exception("ledger.news_failed")

    async def _recover(self, batch: list[Job], error: Exception) -> None:
        if is_outage(error):
            log.warning("ledger.outage", waiting=len(batch), error=type(error).__name__)
            for job in batch:
                job.settle(Moved.OUTAGE)
        elif len(batch) > 1:
            for job in batch:
                await self._commit([job])
        else:
            log.error("ledger.refused", error=type(error).__name__)
            batch[0].settle(Refused())

    def _transact(self, connection: Connection, batch: list[Job]) -> list[Settled]:
        sqlite = self._store.sqlite
        begun = [job.book.id for job in batch if job.base == 0]
        if begun:
            begin_books(connection, begun, sqlite)
        versions = lock(connection, [job.book.id for job in batch], PARTNERSHIP, sqlite)
        known = answered(connection, [job.key for job in batch])
        links = Links()
        settled = [self._settle(job, versions, known, links) for job in batch]
        links.store(connection)
        for _, _, linked in settled:
            for entry, _ in linked:
                for index in self._indexes:
                    for statement in index(entry):
                        connection.execute(statement)
        self._hooks.before_commit()
        return settled

    def _settle(
        self, job: Job, versions: dict[str, int], known: dict[Key, tuple[str, str, int]], links: Links
    ) -> Settled:
        if job.key in known:
            return job, replay_or_refuse(known[job.key], job.digest), []
        if versions.get(job.book.id) != job.base or versions.get(PARTNERSHIP, 0) != job.people:
            return job, Moved.BOOK, []
        heads = {stream.id: stream.hash for stream in job.book.streams.values()}
        first = job.entries[0]
        return job, Receipt(first.stream, first.seq), links.add(job.entries, heads)


def next_batch(waiting: list[Job]) -> tuple[list[Job], list[Job]]:
    """The next commit's jobs and the rest: one a book; the partnership's commands go alone."""
    batch: dict[str, Job] = {}
    rest: list[Job] = []
    for job in waiting:
        alone = job.book.id == PARTNERSHIP or PARTNERSHIP in batch
        if job.book.id in batch or len(batch) >= BATCH or (alone and batch):
            rest.append(job)
        else:
            batch[job.book.id] = job
    return list(batch.values()), rest
