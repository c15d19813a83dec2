"""A screen: a cursor and a flag "there is more". Each time it looks, access is asked again.

While it sends, later news only sets the flag; there is no queue of frames. Who may no longer read gets the
close instead of a frame.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from server.people.sessions import Sessions
from server.realtime.frames import HTML, facts_message
from server.realtime.rooms import Room, WholePage
from server.realtime.wire import Gone, Packet, Wire
from server.record.streams import Audience, Vector

log = structlog.get_logger()

REMOVED = 1008
REAUTH = 4401
PAGE = 4000
"""Close codes: access has ended · sign in again · fetch the page again, then come back with its cursor."""

BROUGHT_UP_TO_DATE = "This page was brought up to date"

BEAT = 25.0
"""Seconds without a message after which a beat is sent."""

Yours = Callable[[Room, str, str, Audience], Awaitable[str]]
"""(room, huddle, person, audience) → the HTML of the region that is that person's own."""


def in_main(audience: Audience, book: str) -> Audience:
    """Of what somebody may read, what the whole team may."""
    return tuple(stream for stream in audience if stream == book)


class Screen:
    """One socket that follows one room."""

    def __init__(
        self,
        room: Room,
        huddle: str,
        person: str,
        sid: str,
        wire: Wire,
        protocol: str,
        since: Vector | None,
        *,
        sessions: Sessions,
        clock: Callable[[], datetime],
        yours: Yours,
        presenting: bool = False,
    ) -> None:
        self.room = room
        self.huddle = huddle
        self.person = person
        self.sid = sid
        self.wire = wire
        self.protocol = protocol
        self.since = since
        self.more = asyncio.Event()
        self.more.set()
        self.sent_at = time.monotonic()
        self.presence: Packet | None = None
        self.reloads = False
        """It was told to fetch the page again: whoever looks at it has not gone."""
        self._shown = b""
        self._waits = False
        self._sessions = sessions
        self._clock = clock
        self._yours = yours
        self._presenting = presenting

    async def run(self, cursor: Callable[[Vector], str]) -> None:
        """Follow until the screen goes or access ends."""
        try:
            while True:
                self._waits = True
                await self.more.wait()
                self._waits = False
                self.more.clear()
                while await self._look(cursor):
                    pass
        except Gone:
            return

    async def say(self, message: Any) -> None:
        """One message to this screen alone."""
        await self.wire.send(Packet(message))
        self.sent_at = time.monotonic()

    def due_a_beat(self) -> bool:
        return time.monotonic() - self.sent_at >= BEAT

    def owe_a_beat(self) -> None:
        """Nothing counts as said: a beat is due."""
        self.sent_at = -math.inf
        self.more.set()

    def give_presence(self, packet: Packet) -> None:
        """Who is here and who writes, to be sent unless that is what the screen shows."""
        self.presence = packet if packet.payload != self._shown else None
        if self.presence:
            self.more.set()

    def take_at_once(self) -> bool:
        """Be sent what is new without a turn of its own. False: there is more to it; its task must look."""
        if not self._waits or self.more.is_set() or self.since is None:
            return False
        now = self._clock()
        audience = self._audience(now)
        if not audience or not self._sessions.alive(self.sid, now):
            return False
        try:
            frame = self.room.at_hand(self.protocol, self.huddle, audience, self.since)
        except WholePage:
            return False
        if frame is None or (self.protocol == HTML and self.person in frame.names):
            return False
        if not self.wire.send_at_once(frame.packet):
            return False
        self.sent_at = time.monotonic()
        self.since = frame.to
        return not frame.more

    async def _look(self, cursor: Callable[[Vector], str]) -> bool:
        """Send what is next. True if there may be more."""
        audience = await self._allowed()
        if self.presence is not None:
            await self._tell_presence()
            return True
        if self.since is None:
            await self._whole(audience, cursor)
            return True
        try:
            frame = await self.room.frame(self.protocol, self.huddle, audience, self.since)
        except WholePage:
            await self._whole(audience, cursor)
            return True
        if frame is None:
            return await self._beat(cursor)
        if await self._allowed() != audience:  # while it was rendered, much may have happened
            return True
        await self.wire.send(frame.packet)
        self.sent_at = time.monotonic()
        self.since = frame.to
        if self.protocol == HTML and self.person in frame.names:
            html = await self._yours(self.room, self.huddle, self.person, audience)
            await self.say({"type": "yours", "html": html})
        return self.since != self.room.book.heads(audience)

    async def _tell_presence(self) -> None:
        packet, self.presence = self.presence, None
        if packet is not None:
            self._shown = packet.payload
            await self.wire.send(packet)
            self.sent_at = time.monotonic()

    async def _allowed(self) -> Audience:
        """What this person may read at this moment; otherwise the screen is closed."""
        now = self._clock()
        if not self._sessions.alive(self.sid, now):
            await self._close(REAUTH, "reauth")
        audience = self._audience(now)
        if not audience:
            await self._close(REMOVED, "removed")
        return audience

    def _audience(self, now: datetime) -> Audience:
        """What this person may read; on a screen that others look at too, main alone."""
        audience = self.room.audience(self.person, now)
        return in_main(audience, self.room.book.id) if self._presenting else audience

    async def _whole(self, audience: Audience, cursor: Callable[[Vector], str]) -> None:
        if self.protocol == HTML:
            self.reloads = True
            await self.say({"type": "page", "reason": BROUGHT_UP_TO_DATE})
            await self._close(PAGE, "page")
        nothing: Vector = tuple((stream, 0) for stream in audience)
        self.since = nothing
        await self.say(facts_message(cursor(nothing), (), whole=True))

    async def _beat(self, cursor: Callable[[Vector], str]) -> bool:
        if self.since is not None and self.due_a_beat():
            await self.say({"type": "beat", "cursor": cursor(self.since), "now": self._clock()})
        return False

    async def _close(self, code: int, reason: str) -> None:
        await self.wire.close(code, reason)
        raise Gone
