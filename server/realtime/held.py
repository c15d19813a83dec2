"""For who has no socket: a request is held until there is news, and looks as the screen of a socket does.

Networks that break sockets let plain requests through. What such a request is answered comes out of the same
`Screen`: the same frames, the same question before each of them whether this person may read.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.realtime.frames import HTML, JSON
from server.realtime.limits import HELD_AT_ONCE
from server.realtime.live import Live
from server.realtime.screens import REAUTH, REMOVED, Screen
from server.realtime.wire import Gone, Packet, Wire
from server.record.refusals import NotFound, Reauth, TooFast
from server.web.viewer import viewer, wants_json

HOLD = 25.0
"""Seconds for which a request is held at most: proxies give up on what is silent for longer."""


class Gathered(Wire):
    """In place of a wire: what would be sent is gathered for one answer."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.code = 0

    async def send(self, packet: Packet) -> None:
        if self.code:
            raise Gone
        self.packets.append(packet)

    def send_at_once(self, packet: Packet) -> bool:
        return False

    async def close(self, code: int, reason: str = "") -> None:
        self.code = self.code or code

    def abort(self) -> None:
        self.code = self.code or REMOVED


class Held(Screen):
    """A screen that looks until there is something to say, or its time is over."""

    over = False

    def end(self) -> None:
        """Answer with what there is: the asker went, or this process is about to."""
        self.over = True
        self.more.set()

    def give_presence(self, packet: Packet) -> None:
        """Who comes and who writes is no reason to answer; who is here stands in every answer."""

    async def wait(self, side: Live, gathered: Gathered, within: float) -> None:
        until = time.monotonic() + within
        try:
            while not gathered.packets:
                self.more.clear()
                while await self._look(side.cursors.write) and not gathered.packets:
                    pass
                if gathered.packets or self.over or not await self._news(until):
                    break
            await self._allowed()  # once more: the next thing is the answer
        except Gone:
            return

    async def _news(self, until: float) -> bool:
        """Wait until there is more, or no longer: False."""
        try:
            async with asyncio.timeout(until - time.monotonic()):
                await self.more.wait()
        except TimeoutError:
            return False
        return not self.over


async def held(request: Request, seconds: float) -> Response:
    """A list of messages: news if there is any within so many seconds, else a beat; and who is here."""
    who, side = await viewer(request), live_side(request)
    huddle = request.path_params["id"]
    room = await side.room_of(huddle, who.person)
    if room is None:
        raise NotFound
    gathered = Gathered()
    screen = Held(
        room,
        huddle,
        who.person,
        who.sid,
        gathered,
        JSON if wants_json(request) else HTML,
        side.cursors.read(request.query_params.get("after", "")),
        sessions=side.sessions,
        clock=side.clock,
        yours=side.yours,
        presenting="presenting" in request.query_params,
    )
    room.screens.add(screen)
    try:
        admit(side, screen)
        await follow(request, side, screen, gathered, seconds)
    finally:
        side.node.held.discard(screen)
        side.node.rooms.leave(room, screen)
    return answer(side, screen, gathered)


def admit(side: Live, screen: Held) -> None:
    """Nobody may hold many requests, or ask too often."""
    if sum(other.sid == screen.sid for other in side.node.held) >= HELD_AT_ONCE:
        raise TooFast
    if not side.node.asked.take(screen.sid):
        raise TooFast
    side.node.hold(screen)


async def follow(request: Request, side: Live, screen: Held, gathered: Gathered, seconds: float) -> None:
    """Be in the room for as long as the request is held, as somebody with a socket is."""
    joined = await side.has_joined(screen.room, screen.huddle, screen.person)
    await side.sessions.watch(screen.sid, joined=joined)
    left = asyncio.create_task(leaves(request, screen))
    try:
        side.node.sign(screen)
        await screen.wait(side, gathered, min(max(seconds, 0.0), HOLD))
    finally:
        left.cancel()
        side.sessions.unwatch(screen.sid, joined=joined)


async def leaves(request: Request, screen: Held) -> None:
    """Whoever hangs up is not waited for."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    screen.end()


def answer(side: Live, screen: Held, gathered: Gathered) -> Response:
    """The messages, or the refusal that a socket would say by its code."""
    if gathered.code == REMOVED:
        raise NotFound
    if gathered.code == REAUTH:
        raise Reauth
    packets = gathered.packets or [Packet(beat(side, screen))]
    packets = [*packets, side.node.presence_in(screen.room, screen.huddle, writing=False)]
    return Response(b"[" + b",".join(p.payload for p in packets) + b"]", media_type="application/json")


def beat(side: Live, screen: Held) -> dict[str, Any]:
    return {"type": "beat", "cursor": side.cursors.write(screen.since or ()), "now": side.clock()}


def live_side(request: Request) -> Live:
    side: Live = request.app.state.live
    return side
