"""The live socket of a huddle: one task sends what is new, one reads acts, one does them in their order."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence

import structlog
from starlette.websockets import WebSocket

from server.families.looks import looks
from server.people.sessions import Sessions
from server.realtime import acts
from server.realtime.acting import no_draft, not_recorded, recorded
from server.realtime.frames import JSON, PROTOCOLS
from server.realtime.limits import WAITING_ACTS, Bucket, Strikes
from server.realtime.live import Live
from server.realtime.presence import RENEW_AFTER
from server.realtime.screens import REAUTH, REMOVED, Screen
from server.realtime.wire import Gone, Wire
from server.record.refusals import Malformed, Reauth, Refused, TooFast
from server.web.viewer import Viewer, viewer_or_none

log = structlog.get_logger()

UNREADABLE = 1003
POLICY = 1008


async def live(websocket: WebSocket) -> None:
    """`/huddles/{id}/live`. Whoever may not come in is told only by the close code."""
    offered = websocket.scope.get("subprotocols") or []
    protocol = next((p for p in PROTOCOLS if p in offered), JSON)
    await websocket.accept(subprotocol=protocol if protocol in offered else None)
    wire = Wire(websocket)
    viewer = await viewer_or_none(websocket)
    if viewer is None:
        await wire.close(REAUTH, "reauth")
        return
    side: Live = websocket.app.state.live
    huddle = websocket.path_params["id"]
    room = await side.room_of(huddle, viewer.person)
    look = (viewer.person, viewer.agency)
    if room and await looks(websocket).follow(look, room.book.id, "live", "Live room", side.clock()):
        # Meanwhile it may have been let go of, since nobody followed it: enter it anew.
        room = await side.room_of(huddle, viewer.person)
    if room is None:
        await wire.close(REMOVED, "removed")
        return
    after = websocket.query_params.get("after", "")
    screen = Screen(
        room,
        huddle,
        viewer.person,
        viewer.sid,
        wire,
        protocol,
        side.cursors.read(after),
        sessions=side.sessions,
        clock=side.clock,
        yours=side.yours,
        presenting="presenting" in websocket.query_params,
    )
    await Conversation(websocket, screen, viewer, side).hold()


class Conversation:
    """One socket from its opening to its end."""

    def __init__(self, websocket: WebSocket, screen: Screen, viewer: Viewer, side: Live) -> None:
        self._websocket = websocket
        self._screen = screen
        self._viewer = viewer
        self._side = side
        self._acts: asyncio.Queue[tuple[str, acts.Said]] = asyncio.Queue(WAITING_ACTS)
        self._bucket = Bucket()
        self._strikes = Strikes()
        self._wrote_at = 0.0
        self._joined = False

    async def hold(self) -> None:
        """Subscribe first, then catch up: nothing falls between the page and the socket."""
        room, sessions = self._screen.room, self._side.sessions
        room.screens.add(self._screen)
        self._joined = await self._side.has_joined(room, self._screen.huddle, self._viewer.person)
        await sessions.watch(self._viewer.sid, joined=self._joined)
        self._side.node.sign(self._screen)
        self._side.node.tell_presence(room, self._screen.huddle)
        tasks = [
            asyncio.create_task(self._screen.run(self._side.cursors.write)),
            asyncio.create_task(self._read()),
            asyncio.create_task(self._act()),
            asyncio.create_task(self._stay()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._leave(sessions)
            for fault in ended:
                if isinstance(fault, Exception) and not isinstance(fault, Gone):
                    log.error("socket.failed", error=type(fault).__name__, exc_info=fault)
            await self._screen.wire.close(1011 if any_fault(ended) else 1000)

    def _leave(self, sessions: Sessions) -> None:
        room, screen = self._screen.room, self._screen
        self._side.node.rooms.leave(room, screen)
        sessions.unwatch(self._viewer.sid, joined=self._joined)
        elsewhere = any(s.person == screen.person and s.huddle == screen.huddle for s in room.screens)
        if not elsewhere and not screen.reloads:
            self._side.node.sign(screen, gone=True)

    async def _read(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await self._screen.wire.close(UNREADABLE, "text only")
                return
            if not await self._take(text):
                return

    async def _take(self, text: str) -> bool:
        """Sort one message. False when this socket has sent too much nonsense."""
        try:
            said = acts.read(text)
        except Malformed as refused:
            await self._refuse("", refused)
            if self._strikes.out():
                await self._screen.wire.close(POLICY, "unreadable")
                return False
            return True
        if not self._bucket.take():
            await self._refuse(said.key, TooFast())
        elif said.do == "typing":
            self._writing()
        else:
            try:
                self._acts.put_nowait((said.do, said))
            except asyncio.QueueFull:
                await self._refuse(said.key, TooFast())
        return True

    def _writing(self) -> None:
        if time.monotonic() - self._wrote_at >= 1.0:
            self._wrote_at = time.monotonic()
            self._side.node.sign(self._screen, writing=True)

    def _stopped_writing(self) -> None:
        if self._wrote_at:
            self._wrote_at = 0.0
            self._side.node.sign(self._screen)

    async def _act(self) -> None:
        while True:
            do, said = await self._acts.get()
            if do == "act":
                await self._side.sessions.act(self._viewer.sid, self._side.clock())
                continue
            try:
                await self._do(said)
            except Refused as refused:
                await self._refuse(said.key, refused)
            except Gone:
                return
            except Exception:
                log.exception("socket.act_failed", do=do)
                await self._refuse(said.key, Refused())

    async def _do(self, said: acts.Said) -> None:
        if not self._side.sessions.alive(self._viewer.sid, self._side.clock()):
            raise Reauth
        room, huddle = self._screen.room, self._screen.huddle
        saved = await recorded(self._side, room, huddle, self._viewer, said)
        if saved["stream"] == room.book.id:
            self._stopped_writing()  # what only some may read ends nobody's sign of writing
        await self._screen.say(saved)
        await no_draft(self._side, room, huddle, self._viewer, said)
        await self._side.sessions.act(self._viewer.sid, self._side.clock())

    async def _refuse(self, key: str, refused: Refused) -> None:
        with contextlib.suppress(Gone):
            await self._screen.say(not_recorded(key, refused))

    async def _stay(self) -> None:
        while True:
            await asyncio.sleep(RENEW_AFTER)
            self._side.node.sign(self._screen)


def any_fault(ended: Sequence[object]) -> bool:
    return any(isinstance(e, Exception) and not isinstance(e, Gone) for e in ended)
