"""What one serving process does for its rooms: pass on news, hear other nodes, look again by the clock.

Every second it looks at the sessions of its sockets, lets presence run out and sends beats; every two
seconds it asks the store for the heads of its open books, so that a lost ring costs two seconds at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

from server.people.sessions import Sessions
from server.realtime.doorbell import RINGS, SEATS, Doorbell, connect
from server.realtime.limits import Buckets
from server.realtime.presence import Presence, Seat
from server.realtime.rooms import Room, Rooms
from server.realtime.screens import Screen
from server.realtime.wire import Packet
from server.record.committer import Committed
from server.record.open_book import OpenBook
from server.record.store import is_outage

if TYPE_CHECKING:
    from server.realtime.held import Held

log = structlog.get_logger()

TICK = 1.0
HEAD_POLL = 2.0
SESSIONS = "sessions 0"
"""Rung when somebody signed out or lost their account: look at the sessions now."""


class Node:
    """The live side of one process: `tick`, `poll` and the doorbell run beside the application."""

    def __init__(
        self,
        rooms: Rooms,
        sessions: Sessions,
        presence: Presence,
        redis_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.rooms = rooms
        self.presence = presence
        self.clock = clock
        self.redis = connect(redis_url)
        self.doorbell = Doorbell(self.redis, self.hear, within=redis_url.startswith("memory://"))
        self.held: set[Held] = set()
        self._stopping = False
        self.asked = Buckets()
        self._sessions = sessions
        self._stale: set[str] = set()
        self._called = asyncio.Event()
        self._rung: set[OpenBook] = set()
        self._unknown = False
        """A stream was rung that no open book has: it may be a new one of any of them."""

    async def news(self, committed: Committed) -> None:
        """Something became durable here: wake this node's screens, ring for the others."""
        self.rooms.news(committed)
        heads = {entry.stream: entry.seq for entry in committed.entries}
        for stream, seq in heads.items():
            self.doorbell.ring(RINGS, f"{stream} {seq}")

    async def sessions_changed(self) -> None:
        """A session ended here: its sockets close now, on every node."""
        self.doorbell.ring(RINGS, SESSIONS)
        await self.look_at_sessions()

    async def hear(self, channel: str, message: str) -> None:
        """What another node (or this one) rang. Whatever comes of one ring, the next is heard."""
        try:
            await self._hear(channel, message)
        except Exception as error:
            self._survive("hear", error)

    async def _hear(self, channel: str, message: str) -> None:
        if channel == SEATS:
            self._hear_seat(message)
        elif message == SESSIONS:
            await self.look_at_sessions()
        else:
            stream, _, seq = message.rpartition(" ")
            self._hear_ring(stream, int(seq))

    def _hear_seat(self, message: str) -> None:
        seat = msgspec.json.decode(message, type=Seat)
        if seat.stands <= 0 and (screen := self._sitting_in(seat)):
            self.sign(screen)  # left with one device, or came over from another node: still here
        elif self.presence.hear(seat, time.monotonic()):
            self._stale.add(seat.room)

    def _sitting_in(self, seat: Seat) -> Screen | None:
        """A screen of this node whose seat that is."""
        screens = list(self.rooms.screens())
        meant = {h for h in {screen.huddle for screen in screens} if self.presence.room(h) == seat.room}
        sitting = (
            s for s in screens if s.huddle in meant and self.presence.seat(s.huddle, s.person) == seat.seat
        )
        return next(sitting, None)

    def _hear_ring(self, stream: str, seq: int) -> None:
        for book in self.rooms.books.all_open():
            if stream in book.streams:
                if book.streams[stream].seq < seq:
                    self._rung.add(book)
                    self._called.set()
                return
        self._unknown = True
        self._called.set()

    def sign(self, screen: Screen, *, writing: bool = False, gone: bool = False) -> None:
        """Tell everybody that somebody is here, is writing, or has gone."""
        seat = self.presence.sign(screen.huddle, screen.person, writing=writing, gone=gone)
        if self.presence.hear(seat, time.monotonic()):
            self._stale.add(seat.room)
        self.doorbell.ring(SEATS, msgspec.json.encode(seat).decode())

    async def tick(self) -> None:
        """Once a second, for ever."""
        while True:
            await asyncio.sleep(TICK)
            try:
                await self.look_at_sessions()
            except Exception as error:
                self._survive("tick", error)
            self.look_at_seats()

    def look_at_seats(self) -> None:
        """Let presence run out, tell whoever looks what changed of it, and beat where nothing was said."""
        self._stale |= self.presence.expire(time.monotonic())
        self._tell_presence()
        for screen in self.rooms.screens():
            if screen.due_a_beat():
                screen.more.set()

    async def poll(self) -> None:
        """Follow what was rung, all that gathered in one query; and every two seconds ask for the heads."""
        looked_at = time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(looked_at + HEAD_POLL - time.monotonic(), 0)):
                    await self._called.wait()
            self._called.clear()
            rung, self._rung = self._rung, set()
            unknown, self._unknown = self._unknown, False
            try:
                if unknown or time.monotonic() - looked_at >= HEAD_POLL:
                    looked_at = time.monotonic()
                    await self.look_at_heads()
                else:
                    await self.rooms.follow(rung)
            except Exception as error:
                self._survive("poll", error)

    async def look_at_heads(self) -> None:
        await self.rooms.follow(await self.rooms.books.behind())
        self.rooms.wake_late()

    async def look_at_sessions(self) -> None:
        now = self.clock()
        await self._sessions.refresh()
        for screen in self.rooms.screens():
            if not self._sessions.alive(screen.sid, now):
                screen.more.set()

    def _tell_presence(self) -> None:
        for room in self.rooms.occupied():
            for huddle in {screen.huddle for screen in room.screens}:
                if self.presence.room(huddle) in self._stale:
                    self.tell_presence(room, huddle)
        self._stale.clear()

    def tell_presence(self, room: Room, huddle: str) -> None:
        """Give every screen of a huddle the newest presence, in place of any that it has not sent yet.

        What a screen shows already is not sent again: that somebody only came back is nobody's news.
        """
        packet = self.presence_in(room, huddle)
        for screen in room.screens:
            if screen.huddle == huddle:
                screen.give_presence(packet)

    def presence_in(self, room: Room, huddle: str, *, writing: bool = True) -> Packet:
        """Who is here of those who may read, and which of them write."""
        people = room.book.main.readers_at(self.clock())
        here = self.presence.here(huddle, people)
        writers = self.presence.writing(huddle, people) if writing else []
        return Packet({"type": "presence", "here": here, "typing": writers})

    def beat(self) -> None:
        """Say to every screen now what time it is."""
        for screen in self.rooms.screens():
            screen.owe_a_beat()

    def hold(self, held: Held) -> None:
        """Hold a request open, unless this process is about to end."""
        self.held.add(held)
        if self._stopping:
            held.end()

    def stop(self) -> None:
        """This process is about to end: whoever holds a request open, or comes with one, is answered now."""
        self._stopping = True
        for held in list(self.held):
            held.end()

    def _survive(self, what: str, error: Exception) -> None:
        """An outage is waited out; the next turn looks again."""
        if is_outage(error):
            log.warning("node.outage", what=what, error=type(error).__name__)
        else:
            log.exception("node.failed", what=what)
