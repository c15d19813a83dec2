"""The one door for facts.

On a node one command per book is decided at a time. One committer takes whatever has gathered while the last
commit ran (group commit, no timer): it locks the books in order of id and reads their versions; a command
whose book moved is caught up and decided again; the rest are inserted in bulk and committed. On a data error
the batch is repeated one by one, so that one bad append never fails its neighbours. News leaves only after
the commit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from enum import Enum

import msgspec
import structlog
from sqlalchemy import Connection

from server.record.append import Index, Key, Links, answered, begin_books, lock
from server.record.books import PARTNERSHIP, Books, OpenBook
from server.record.commands import Actor, Command, Hand
from server.record.deciding import Decider
from server.record.facts import Entry, Ref
from server.record.reading import Chained
from server.record.refusals import KeyReused, Malformed, NotFound, Refused, TooMuchFollowed, Unavailable
from server.record.store import Store, is_outage

log = structlog.get_logger()

BATCH = 500
PATIENCE = 20.0
"""Seconds for which a command waits for a database that went away, before its author is told."""


class Receipt(msgspec.Struct, frozen=True):
    """Where the first fact of a command stands. `replayed`: it had been recorded before."""

    stream: str
    seq: int
    replayed: bool = False

    @property
    def ref(self) -> Ref:
        return Ref(self.stream, self.seq)


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


class Patience:
    """How long a command still waits for a database that went away."""

    def __init__(self) -> None:
        self._until = time.monotonic() + PATIENCE
        self._pause = 0.05

    @property
    def left(self) -> float:
        return self._until - time.monotonic()

    def check(self) -> None:
        if self.left <= 0:
            raise Unavailable

    async def pause(self) -> None:
        self.check()
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, 1.0)


def utc_now() -> datetime:
    return datetime.now(UTC)


Settled = tuple[Job, Receipt | Moved | Refused, list[Chained]]
"""A job, what became of it, and its linked entries if it was appended."""


class Ledger:
    """Appends facts for commands. `run` is its committer and must be running."""

    def __init__(
        self,
        store: Store,
        books: Books,
        decider: Decider,
        indexes: Sequence[Index],
        *,
        hooks: Hooks | None = None,
        clock: Callable[[], datetime] = utc_now,
        news: Callable[[Committed], Awaitable[None]] | None = None,
    ) -> None:
        self.books = books
        self.clock = clock
        self.committed = 0
        """How many entries this ledger has made durable."""
        self._store = store
        self._decider = decider
        self._indexes = tuple(indexes)
        self._hooks = hooks or Hooks()
        self.news = news
        self._waiting: list[Job] = []
        self._committing: list[Job] = []
        self._wake = asyncio.Event()

    async def record(
        self, book_id: str, command: Command, who: Actor, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """Do what `command` asks, once for each (book, author, key). Refusals are raised, in words."""
        digest = digest_of(command)
        patience = Patience()
        book = await self._open(book_id, patience)
        async with book.turn:
            while True:
                patience.check()
                outcome = await self._try(book, command, who, key, digest, now or self.clock(), patience)
                if isinstance(outcome, Receipt):
                    return outcome
                if outcome is Moved.OUTAGE:
                    await patience.pause()
                await self._catch_up(book)

    async def look(self, book_id: str, who: Actor) -> Hand:
        """What `who` reads of a book at this moment. `NotFound` where that is nothing."""
        hand = await self._decider.hand(await self.books.open(book_id), who, self.clock())
        if not hand.audience:
            raise NotFound
        return hand

    async def _open(self, book_id: str, patience: Patience) -> OpenBook:
        while True:
            try:
                return await self.books.open(book_id)
            except Exception as error:
                if not is_outage(error):
                    raise
            await patience.pause()

    async def _try(
        self,
        book: OpenBook,
        command: Command,
        who: Actor,
        key: str,
        digest: str,
        now: datetime,
        patience: Patience,
    ) -> Receipt | Moved:
        try:
            job = await self._decide(book, command, who, key, digest, now)
            if isinstance(job, Receipt):
                return job
            self._waiting.append(job)
            self._wake.set()
            return await asyncio.wait_for(asyncio.shield(job.done), patience.left)
        except Exception as error:
            if is_outage(error):
                return Moved.OUTAGE
            raise

    async def _decide(
        self, book: OpenBook, command: Command, who: Actor, key: str, digest: str, now: datetime
    ) -> Job | Receipt:
        """What is to be appended, or where it already stands."""
        try:
            decision = await self._decider.decide(book, command, who, now, digest, key)
        except Refused as refused:
            earlier = await self._earlier((book.id, who.person, key), digest)
            if earlier:
                return earlier
            if isinstance(refused, TooMuchFollowed):
                log.error("ledger.too_much_followed", command=command.verb())
            raise
        if not decision.entries:
            return await self._earlier((book.id, who.person, key), digest) or Receipt(book.id, 0, True)
        return Job(book, decision.entries, who, decision.people)

    async def _earlier(self, key: Key, digest: str) -> Receipt | None:
        known = await self._store.read(lambda connection: answered(connection, [key]))
        return replay(known[key], digest) if key in known else None

    async def _catch_up(self, book: OpenBook) -> None:
        people = self.books.known(PARTNERSHIP)
        try:
            await self.books.catch_up(book)
            if people and people is not book:
                await self.books.catch_up(people)
        except Exception as error:
            if not is_outage(error):
                raise

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
        self._hooks.after_commit()
        for job, outcome, linked in settled:
            await self._take_in(job.book, linked)
            job.settle(outcome)
        self._hooks.before_ring()
        for job, _, linked in settled:
            await self._tell(job.book, linked)

    async def _take_in(self, book: OpenBook, linked: list[Chained]) -> None:
        """This node reads what is durable; if it cannot, it reads the book anew when somebody asks."""
        self.committed += len(linked)
        try:
            if linked and not book.follow(linked):
                await self._catch_up(book)
        except Exception:
            log.exception("ledger.fold_failed")
            self.books.forget(book.id)

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


def digest_of(command: Command) -> str:
    """The command's digest. Text that no encoding can hold (half a character) is refused here."""
    try:
        return command.digest()
    except UnicodeEncodeError:
        raise Malformed from None


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


def replay(known: tuple[str, str, int], digest: str) -> Receipt:
    """The first receipt of a command sent again, or a refusal if it is not the same command."""
    if known[0] != digest:
        raise KeyReused
    return Receipt(known[1], known[2], replayed=True)


def replay_or_refuse(known: tuple[str, str, int], digest: str) -> Receipt | Refused:
    try:
        return replay(known, digest)
    except KeyReused as refused:
        return refused
