"""From a command to the entries that it would append: may I, what follows, what follows from that.

Reactions run inside the same decision until nothing more follows. Each sees the state over the stream that
its fact stands in and main, never more: what rests on a compartment stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from server.record.books import Books
from server.record.chain import NOTHING
from server.record.commands import THE_SYSTEM, Actor, Command, Draft, Hand, May, Reaction
from server.record.facts import SYSTEM, Admits, Entry
from server.record.open_book import OpenBook
from server.record.refusals import Barred, TooMuchFollowed
from server.record.state import State
from server.record.streams import Audience, OpenStream, follow

ROUNDS = 5


class Decision(NamedTuple):
    """What a command would append, decided over version `people` of the partnership's book."""

    entries: list[Entry]
    people: int


class Decider:
    """Decides commands over what this node knows."""

    def __init__(
        self,
        books: Books,
        partnership: str,
        may: May,
        reactions: Sequence[Reaction],
        new_id: Callable[[], str],
    ) -> None:
        self._books = books
        self._partnership = partnership
        self._may = may
        self._reactions = reactions
        self._new_id = new_id

    async def hand(self, book: OpenBook, who: Actor, now: datetime) -> Hand:
        """What `who` may look at, at this moment. Its audience is empty where that is nothing."""
        people = await self._books.open(self._partnership)
        partnership = await self._books.state(people, (people.id,))
        audience, state = await self._view(book, who, now)
        streams = {id: book.streams[id] for id in audience}
        return Hand(who, now, book.id, audience, streams, state, partnership, people.main, self._new_id)

    async def _view(
        self, book: OpenBook, who: Actor, now: datetime, beside: str = ""
    ) -> tuple[Audience, State]:
        """The audience and its state, both at the book's version. While a state was read, `who` may have
        been removed: then it is not for them."""
        while True:
            audience = self._reads(book, who, now, beside)
            state = await self._books.state(book, audience)
            if audience == self._reads(book, who, now, beside):
                return audience, state

    def _reads(self, book: OpenBook, who: Actor, now: datetime, beside: str) -> Audience:
        """The streams that an author decides over: their own audience; for the service itself, main, and the
        one stream that its command is about."""
        if who.person == SYSTEM:
            return tuple(sorted(id for id in {book.id, beside} if id in book.streams))
        return self._books.audience(book, who.person, now)

    async def decide(
        self, book: OpenBook, command: Command, who: Actor, now: datetime, digest: str, key: str
    ) -> Decision:
        """The entries that follow on `book`'s version. The first carries the command's key and digest."""
        people = await self._books.open(self._partnership)
        partnership = await self._books.state(people, (people.id,))
        standing, version = people.main, people.version
        audience, state = await self._view(book, who, now, command.beside_main())
        tentative = Tentative(book, now, key, digest)
        states: dict[Audience, State] = {audience: state}
        hand = self._hand(book, audience, tentative, state, who, now, partnership, standing)
        self._may(hand, command)
        fresh = [tentative.append(draft, who) for draft in command.follows(hand)]
        for _ in range(ROUNDS):
            if not fresh:
                return Decision(tentative.entries, version)
            drafts: list[Draft] = []
            hands: dict[Audience, Hand] = {}
            for entry in fresh:
                seen = tuple(sorted({book.id, entry.stream}))
                if seen not in states:
                    states[seen] = await self._books.state(book, seen)
                if seen not in hands:
                    state = states[seen].after(e for e in tentative.entries if e.stream in seen)
                    hands[seen] = self._hand(
                        book, seen, tentative, state, THE_SYSTEM, now, partnership, standing
                    )
                hand = hands[seen]
                for react in self._reactions:
                    drafts += [Draft(d.stream, d.fact, d.cause or entry.ref) for d in react(hand, entry)]
            fresh = [tentative.append(draft, THE_SYSTEM) for draft in drafts]
        if fresh:
            raise TooMuchFollowed
        return Decision(tentative.entries, version)

    def _hand(
        self,
        book: OpenBook,
        audience: Audience,
        tentative: Tentative,
        state: State,
        who: Actor,
        now: datetime,
        partnership: State,
        standing: OpenStream,
    ) -> Hand:
        streams = {id: tentative.streams[id] for id in audience if id in tentative.streams}
        return Hand(
            who,
            now,
            book.id,
            audience,
            streams,
            state,
            partnership,
            standing,
            self._new_id,
            begun=book.version > 0,
        )


class Tentative:
    """The entries of one decision as they would stand, were it committed now."""

    def __init__(self, book: OpenBook, now: datetime, key: str, digest: str) -> None:
        self.entries: list[Entry] = []
        self.streams: dict[str, OpenStream] = dict(book.streams)
        self._book = book.id
        self._version = book.version
        self._now = now
        self._key = key
        self._digest = digest

    def append(self, draft: Draft, who: Actor) -> Entry:
        self._check_not_barred(draft)
        stream = self.streams.get(draft.stream) or OpenStream(draft.stream)
        first = not self.entries
        self._version += 1
        entry = Entry(
            book=self._book,
            stream=draft.stream,
            seq=stream.seq + 1,
            position=self._version,
            kind=draft.fact.kind(),
            author=who.person,
            agency=who.agency,
            at=self._now if stream.at is None else max(stream.at, self._now),
            fact=draft.fact,
            key=self._key if first else "",
            digest=self._digest if first else "",
            cause=draft.cause,
        )
        self.streams[draft.stream] = follow(stream, entry, NOTHING)
        self.entries.append(entry)
        return entry

    def _check_not_barred(self, draft: Draft) -> None:
        """Nobody is let in by any act while they are excluded: this is the only door."""
        main = self.streams.get(self._book)
        for change in draft.fact.standing() if main and main.barred else ():
            if isinstance(change, Admits) and change.person in main.barred:  # type: ignore[union-attr]  # asked above
                raise Barred
