"""A small room to try the record with: people say things, openly or to a few, and a fold remembers them."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

import msgspec

from server.families.facts import CompartmentOpened, FragmentContributed, TeamMemberAdded
from server.record.append import Index
from server.record.books import Books
from server.record.commands import Actor, Command, Draft, Hand, Reaction
from server.record.committer import Committed, Hooks
from server.record.deciding import Decider
from server.record.facts import Entry
from server.record.ledger import Ledger
from server.record.reading import every_entry
from server.record.receipts import Receipt
from server.record.refusals import Refused
from server.record.state import Parts
from server.record.store import Store

PRIYA, FARAH, SAM = Actor("priya", "NCS"), Actor("farah", "SAP"), Actor("sam", "NPD")
ROWE = "family:rowe"


class Heard(msgspec.Struct, frozen=True):
    """What one audience heard, in family order."""

    lines: tuple[tuple[str, int, str], ...] = ()

    @property
    def words(self) -> list[str]:
        return [words for _, _, words in self.lines]


def hear(heard: Heard, entry: Entry) -> Heard:
    words = entry.fact.text if isinstance(entry.fact, FragmentContributed) else type(entry.fact).__name__
    return Heard((*heard.lines, (entry.stream, entry.seq, words)))


def fragment(text: str) -> FragmentContributed:
    return FragmentContributed(domain="health", basis="observed_fact", text=text, bearing="concern")


class Gather(Command):
    """A family's record begins with a team."""

    may: ClassVar[str] = "anything"
    people: tuple[str, ...]

    def follows(self, hand: Hand) -> Iterable[Draft]:
        for person in self.people:
            yield Draft(hand.book, TeamMemberAdded(person=person))


class Say(Command):
    """Somebody says something to everybody, or to a few."""

    may: ClassVar[str] = "anything"
    text: str
    to: tuple[str, ...] = ()

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if self.text == "nothing":
            return
        yield from self._compartment(hand) if self.to else [Draft(hand.book, fragment(self.text))]

    def _compartment(self, hand: Hand) -> Iterable[Draft]:
        known = hand.compartment_of(frozenset(self.to))
        stream = known.id if known else f"compartment:{hand.new_id()}"
        if not known:
            yield Draft(stream, CompartmentOpened(people=self.to, named=self.to))
        yield Draft(stream, fragment(self.text))


class Node:
    """One process's ledger. `async with Node(store) as node`: its committer runs meanwhile."""

    def __init__(
        self,
        store: Store,
        *,
        reactions: Sequence[Reaction] = (),
        indexes: Sequence[Index] = (),
        hooks: Hooks | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parts: Parts | None = None,
        may: Callable[[Hand, Command], None] = lambda hand, command: None,
    ) -> None:
        self.store = store
        self.news: list[Committed] = []
        self.books = Books(store, parts or Parts((Heard, hear)))
        decider = Decider(self.books, "partnership", may, reactions, lambda: secrets.token_hex(8))
        self.ledger = Ledger(store, self.books, decider, indexes, hooks=hooks, clock=clock, news=self.told)
        self._running: asyncio.Task[None] | None = None

    async def told(self, news: Committed) -> None:
        self.news.append(news)

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.ledger.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    async def do(self, command: Command, who: Actor = PRIYA, *, book: str = ROWE, key: str = "") -> Receipt:
        return await self.ledger.record(book, command, who, key=key or secrets.token_hex(8))

    async def gather(self, *who: Actor, book: str = ROWE) -> None:
        await self.do(Gather(people=tuple(w.person for w in who or (PRIYA, FARAH, SAM))), book=book)

    async def say(self, text: str, who: Actor = PRIYA, *, to: Sequence[Actor] = (), **where: str) -> Receipt:
        people = tuple(sorted(w.person for w in to))
        return await self.do(Say(text=text, to=people), who, **where)

    async def heard(self, who: Actor = PRIYA, book: str = ROWE) -> Heard:
        """What `who` hears by this node's state."""
        opened = await self.books.open(book)
        return (await self.books.state(opened, opened.audience(who.person, datetime.now(UTC))))[Heard]


async def stored(store: Store) -> list[Entry]:
    """Every entry of the record."""
    return await store.read(lambda connection: list(every_entry(connection)))


async def refused(attempt: Any) -> Refused:
    """The refusal that `attempt` ends in."""
    try:
        await attempt
    except Refused as why:
        return why
    raise AssertionError("this should have been refused")
