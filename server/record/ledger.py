"""The one door for facts: a command is decided, committed with its neighbours, and answered with a receipt.

On a node one command per book is decided at a time. What was refused by a moved book is decided again; a
database that went away is waited for; the same key is answered with the first receipt.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from server.record.append import Index, Key, answered
from server.record.books import PARTNERSHIP, Books
from server.record.commands import Actor, Command, Hand
from server.record.committer import Committed, Committer, Decide, Hooks, Job, Moved
from server.record.deciding import Decider
from server.record.facts import Entry
from server.record.open_book import OpenBook
from server.record.receipts import Receipt, replay
from server.record.refusals import Malformed, NotFound, Refused, TooMuchFollowed, Unavailable
from server.record.store import Store, is_outage

log = structlog.get_logger()

Outcome = TypeVar("Outcome")

PATIENCE = 20.0
"""Seconds for which a command waits for a database that went away, before its author is told."""

OVERTAKEN = 3
"""How often a command may find that its book moved before it holds the book still for itself."""


class Patience:
    """How long a command still waits for a database that went away."""

    def __init__(self) -> None:
        self._until = time.monotonic() + PATIENCE
        self._pause = 0.05

    @property
    def left(self) -> float:
        return self._until - time.monotonic()

    async def lasts(self, work: Awaitable[Outcome]) -> Outcome:
        """What comes of `work`, which goes on when its caller leaves. `TimeoutError` when patience ends.

        (`asyncio.wait_for` before Python 3.12 forgets a caller's leaving at the moment of the answer.)
        """
        async with asyncio.timeout(self.left):
            return await asyncio.shield(work)

    def check(self) -> None:
        if self.left <= 0:
            raise Unavailable

    async def pause(self) -> None:
        self.check()
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, 1.0)


def utc_now() -> datetime:
    return datetime.now(UTC)


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
        self._store = store
        self._decider = decider
        self._committer = Committer(store, books, indexes, hooks or Hooks())
        self._committer.news = news

    async def record(
        self, book_id: str, command: Command, who: Actor, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """Do what `command` asks, once for each (book, author, key). Refusals are raised, in words."""
        digest = digest_of(command)
        patience = Patience()
        book = await self._open(book_id, patience)

        async def decide() -> Job | Receipt:
            return await self._decide(book, command, who, key, digest, now or self.clock())

        overtaken = 0
        async with book.turn:
            while True:
                patience.check()
                outcome = await self._try(book, decide, patience, alone=overtaken >= OVERTAKEN)
                if isinstance(outcome, Receipt):
                    return outcome
                if outcome is Moved.OUTAGE:
                    await patience.pause()
                overtaken += outcome is Moved.BOOK
                await self._catch_up(book)

    async def run(self) -> None:
        """Commit what gathers, for ever."""
        await self._committer.run()

    def tell(self, news: Callable[[Committed], Awaitable[None]]) -> None:
        """From here on `news` hears of every commit of this process."""
        self._committer.news = news

    @property
    def committed(self) -> int:
        """How many entries of main streams this process has made durable."""
        return self._committer.committed

    async def look(self, book_id: str, who: Actor) -> Hand:
        """What `who` reads of a book at this moment. `NotFound` where that is nothing."""
        hand = await self._decider.hand(await self.books.open(book_id), who, self.clock())
        if not hand.audience:
            raise NotFound
        return hand

    async def try_out(self, book_id: str, command: Command, who: Actor) -> list[Entry]:
        """The entries that `command` would append at this moment. Nothing is recorded."""
        book = await self.books.open(book_id)
        return (await self._decider.decide(book, command, who, self.clock(), "", "")).entries

    async def _open(self, book_id: str, patience: Patience) -> OpenBook:
        while True:
            try:
                return await self.books.open(book_id)
            except Exception as error:
                if not is_outage(error):
                    raise
            await patience.pause()

    async def _try(
        self, book: OpenBook, decide: Decide, patience: Patience, *, alone: bool
    ) -> Receipt | Moved:
        try:
            if alone:
                return await patience.lasts(self._alone(book, decide))
            job = await decide()
            if isinstance(job, Receipt):
                return job
            self._committer.take(job)
            return await patience.lasts(job.done)
        except Exception as error:
            if is_outage(error):
                return Moved.OUTAGE
            raise

    async def _alone(self, book: OpenBook, decide: Decide) -> Receipt | Moved:
        """Nobody else appends to the book meanwhile, so what this node catches up with is all there is."""

        async def decide_over_all() -> Job | Receipt:
            await self._catch_up(book)
            return await decide()

        try:
            return await self._committer.alone(book, decide_over_all)
        except DBAPIError as error:
            if is_outage(error):
                raise
            log.error("ledger.refused", error=type(error).__name__)
            raise Refused from None

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


def digest_of(command: Command) -> str:
    """The command's digest. Text that no encoding can hold (half a character) is refused here."""
    try:
        return command.digest()
    except UnicodeEncodeError:
        raise Malformed from None
