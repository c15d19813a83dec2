"""The families that screens of this node are looking at: what is new since a cursor, rendered once.

A frame is cached by the cursor it starts from for as long as nothing newer is known, so that fifteen screens
at the same place share its bytes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from server.realtime.cursor import Cursors
from server.realtime.frames import (
    FACTS_A_FRAME,
    HTML,
    PAGE_AFTER,
    Render,
    advance,
    facts_message,
)
from server.realtime.wire import Packet
from server.record.books import PARTNERSHIP, Books
from server.record.committer import Committed
from server.record.facts import Entry
from server.record.open_book import OpenBook
from server.record.state import State
from server.record.streams import Audience, Vector

if TYPE_CHECKING:
    from server.realtime.screens import Screen

log = structlog.get_logger()

FRAMES = 64
"""How many frames a room keeps until something newer happens."""


class Frame:
    """Bytes to send, the cursor they lead to, whose own region they touch, and whether more is to come."""

    def __init__(self, packet: Packet, to: Vector, names: frozenset[str] = frozenset()) -> None:
        self.packet = packet
        self.to = to
        self.names = names
        self.more = False


class WholePage(Exception):
    """The cursor cannot be continued: another audience, a number beyond the head, or too much in between."""


class Room:
    """One family's open book on this node and the screens that follow it."""

    def __init__(self, book: OpenBook, books: Books, cursors: Cursors, render: Render) -> None:
        self.book = book
        self.screens: set[Screen] = set()
        self.woken_at = book.version
        self._books = books
        self._cursors = cursors
        self._render_parts = render
        self._frames: OrderedDict[tuple[str, str, Vector], Frame] = OrderedDict()
        self._frames_at = -1
        self._telling = False

    def wake(self) -> None:
        """Tell the screens in the next turn of the loop, so that the next commit need not wait for them."""
        self.woken_at = self.book.version
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        """Screens that wait for news are given it at once; the others look when they can."""
        self._telling = False
        for screen in list(self.screens):
            try:
                told = screen.take_at_once()
            except Exception:
                log.exception("room.tell_failed")
                told = False
            if not told:
                screen.more.set()

    def audience(self, person: str, now: datetime) -> Audience:
        """What a screen of `person` shows. A room is for who reads main: a question opens none."""
        audience = self._books.audience(self.book, person, now)
        return audience if self.book.id in audience else ()

    def at_hand(self, protocol: str, huddle: str, audience: Audience, since: Vector) -> Frame | None:
        """The frame from `since` to the head, if it can be had out of what this node holds in memory."""
        if tuple(stream for stream, _ in since) != audience:
            return None
        cached = self._cached(protocol, huddle, since)
        if cached is not None:
            return cached
        known = self._known(audience, since)
        return self._made(protocol, huddle, since, *known) if known else None

    def _known(self, audience: Audience, since: Vector) -> tuple[State, State, list[Entry]] | None:
        entries = self.book.recent(audience, since)
        state = self.book.known_state(audience)
        partnership = self._books.known(PARTNERSHIP)
        people = partnership.known_state((PARTNERSHIP,)) if partnership else None
        return (state, people, entries) if entries and state and people else None

    async def frame(self, protocol: str, huddle: str, audience: Audience, since: Vector) -> Frame | None:
        """What the audience has not seen since `since`, or None. Raises `WholePage`."""
        if tuple(stream for stream, _ in since) != audience:
            raise WholePage
        heads = self.book.heads(audience)
        if heads == since:
            return None
        if any(seen > head for (_, seen), (_, head) in zip(since, heads, strict=True)):
            raise WholePage
        return self.at_hand(protocol, huddle, audience, since) or await self._read(
            protocol, huddle, audience, since
        )

    def _cached(self, protocol: str, huddle: str, since: Vector) -> Frame | None:
        if self._frames_at != self.book.version:
            self._frames.clear()
            self._frames_at = self.book.version
        return self._frames.get((protocol, huddle, since))

    async def _read(self, protocol: str, huddle: str, audience: Audience, since: Vector) -> Frame:
        entries = await self._books.since(self.book, audience, since)
        if protocol == HTML and len(entries) > PAGE_AFTER:
            raise WholePage
        state = await self._books.state(self.book, audience)
        people = await self._books.state(await self._books.open(PARTNERSHIP), (PARTNERSHIP,))
        return self._made(protocol, huddle, since, state, people, entries)

    def _made(
        self, protocol: str, huddle: str, since: Vector, state: State, people: State, entries: list[Entry]
    ) -> Frame:
        if protocol == HTML:
            if len(entries) > PAGE_AFTER:
                raise WholePage
            frame = self._html(state, people, huddle, entries, since)
        else:
            frame = self._json(entries[:FACTS_A_FRAME], since)
            frame.more = len(entries) > FACTS_A_FRAME
        self._keep((protocol, huddle, since), frame)
        return frame

    def _html(self, state: State, people: State, huddle: str, entries: list[Entry], since: Vector) -> Frame:
        to = advance(since, entries)
        changed = self._render_parts(state, people, huddle, entries)
        if changed is None:
            raise WholePage
        names = frozenset(name for entry in entries for name in self._concerned(entry))
        message = {"type": "frame", "cursor": self._cursors.write(to), "parts": changed.parts}
        if changed.touched:
            message["touched"] = changed.touched
        return Frame(Packet(message), to, names)

    def _concerned(self, entry: Entry) -> Iterable[str]:
        """Whose own region an entry changes: the people and the holders of the roles that it names."""
        yield from entry.fact.names()
        for role, scope in entry.fact.concerns():
            yield from self.book.main.holders(role, scope)

    def _json(self, entries: list[Entry], since: Vector) -> Frame:
        to = advance(since, entries)
        return Frame(Packet(facts_message(self._cursors.write(to), entries)), to)

    def _keep(self, key: tuple[str, str, Vector], frame: Frame) -> None:
        if self._frames_at == self.book.version:
            self._frames[key] = frame
            while len(self._frames) > FRAMES:
                self._frames.popitem(last=False)


class Rooms:
    """Every room with a screen on this node."""

    def __init__(self, books: Books, cursors: Cursors, render: Render) -> None:
        self.books = books
        self.cursors = cursors
        self._render_parts = render
        self._rooms: dict[str, Room] = {}

    async def enter(self, book_id: str) -> Room:
        book = await self.books.open(book_id)
        if book_id not in self._rooms:
            book.followed += 1
            self._rooms[book_id] = Room(book, self.books, self.cursors, self._render_parts)
        return self._rooms[book_id]

    def leave(self, room: Room, screen: Screen) -> None:
        room.screens.discard(screen)
        self.forget_empty(room)

    def forget_empty(self, room: Room) -> None:
        """Let go of a room in which nobody is."""
        if not room.screens and self._rooms.get(room.book.id) is room:
            del self._rooms[room.book.id]
            room.book.followed -= 1

    def occupied(self) -> list[Room]:
        return list(self._rooms.values())

    def screens(self) -> Iterable[Screen]:
        return [screen for room in self._rooms.values() for screen in room.screens]

    def news(self, committed: Committed) -> None:
        """Wake the screens of a book to which something was appended."""
        if committed.book.id == PARTNERSHIP:
            for room in self.occupied():
                room.wake()
        elif committed.book.id in self._rooms:
            self._rooms[committed.book.id].wake()

    async def follow(self, books: Iterable[OpenBook]) -> None:
        """Read what other nodes appended, and wake who looks."""
        for book in await self.books.catch_up_all(books):
            self.news(Committed(book, ()))

    def wake_late(self) -> None:
        """Wake rooms whose book moved on without news: a command that came to nothing caught up with it."""
        for room in self.occupied():
            if room.woken_at < room.book.version:
                room.wake()
