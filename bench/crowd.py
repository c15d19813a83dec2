"""Everybody in the rooms, as sockets of one process: they contribute at given moments and note what arrives.

Open loop: a contribution carries the moment at which it was due, and lateness is counted from then, however
long it took to be sent. A frame is read once for all sockets of a room that were sent the same bytes.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import random
import re
import secrets
import socket
import time
from collections import Counter, deque
from typing import Any

import msgspec

from bench.wire import Socket

TEXT = 300
SETTLES = 5.0
"""Seconds for which the last deliveries of a step are waited for."""
AT_ONCE = 25
DOMAINS = ("health", "education", "emotional", "home", "parenting", "substance", "housing")
BEARINGS = ("serious", "concern", "no_concern", "protective")

SEQ = re.compile(rb'data-seq=\\"(\d+)\\"|"seq":(\d+)')
MARK = re.compile(rb"\[due (\d+)\]")
NEWS = (b'{"type":"frame"', b'{"type":"facts"')

Read = tuple[list[int], list[int]]
"""(numbers in their stream, moments due in microseconds) of what one frame holds."""


class Screen:
    """One person's socket in one room, and the last number that it was shown."""

    def __init__(self, room: Room, cookie: str, port: int) -> None:
        self.room = room
        self.cookie = cookie
        self.port = port
        self.socket: Socket
        self.last = 0
        self.stalled = False

    async def open(self, host: str, protocol: str, *, small: bool = False) -> None:
        crowd, loop = self.room.crowd, asyncio.get_running_loop()
        link = socket.socket()
        if small:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.setblocking(False)
        await loop.sock_connect(link, ("127.0.0.1", self.port))
        after = f"?after={self.room.cursor}" if self.room.cursor else ""
        path = f"/huddles/{self.room.huddle}/live{after}"
        _, self.socket = await loop.create_connection(
            lambda: Socket(path, host, self.cookie, protocol, self.told), sock=link
        )
        await self.socket.opened
        await self.socket.greeted
        crowd.open += 1
        self.socket.closed.add_done_callback(lambda _: self._gone())

    def _gone(self) -> None:
        self.room.crowd.open -= 1
        self.room.crowd.closed[self.socket.closed.result()] += 1

    def told(self, payload: bytes, now: float) -> None:
        crowd = self.room.crowd
        if not payload.startswith(NEWS):
            crowd.other(payload, now)
            return
        seqs, dues = self.room.read(payload)
        for seq in seqs:
            crowd.disordered += self.last and seq != self.last + 1
            self.last = seq
        for due in dues:
            crowd.arrived(due, now)


class Room:
    """The screens of one huddle, and the frames that they were sent last."""

    def __init__(self, crowd: Crowd, huddle: str, cursor: str) -> None:
        self.crowd = crowd
        self.huddle = huddle
        self.cursor = cursor
        self.screens: list[Screen] = []
        self._recent: deque[tuple[bytes, Read]] = deque(maxlen=4)

    def read(self, payload: bytes) -> Read:
        for known, read in self._recent:
            if known == payload:
                return read
        seqs = [int(a or b) for a, b in SEQ.findall(payload)]
        read = seqs, [int(due) for due in MARK.findall(payload)]
        self._recent.appendleft((payload, read))
        return read


class Crowd:
    """All rooms, and the tally of one step."""

    def __init__(self) -> None:
        self.rooms: list[Room] = []
        self.open = 0
        self.closed: Counter[int] = Counter()
        self.disordered = 0
        self._now = time.monotonic
        self._awaited = 0
        self._enough = asyncio.Event()
        self._clear(0.0, 0.0)

    def _clear(self, since: float, until: float) -> None:
        self._since, self._until = since * 1e6 - 1, until * 1e6 - 1
        self._late = array.array("d")
        self._saved = 0
        self._refused: Counter[str] = Counter()
        self._arrived = 0
        self.disordered = 0

    def arrived(self, due: int, now: float) -> None:
        """`due` in microseconds of the clock that `now` reads in seconds."""
        self._arrived += 1
        if self._arrived == self._awaited:
            self._enough.set()
        if self._since <= due < self._until:
            self._late.append(now - due / 1e6)

    def other(self, payload: bytes, now: float) -> None:
        if payload.startswith(b'{"type":"saved"'):
            self._saved += 1
        elif payload.startswith(b'{"type":"refused"'):
            self._refused[msgspec.json.decode(payload)["code"]] += 1

    async def enter(self, told: dict[str, Any]) -> dict[str, Any]:
        """Open every socket. `rooms` are (huddle, cursor, cookies); `ports` are taken in turn."""
        began, ports = self._now(), told["ports"]
        self.rooms = []
        for huddle, cursor, cookies in told["rooms"]:
            room = Room(self, huddle, cursor)
            room.screens = [Screen(room, c, ports[n % len(ports)]) for n, c in enumerate(cookies)]
            self.rooms.append(room)
        screens = iter([screen for room in self.rooms for screen in room.screens])

        async def some() -> None:
            for screen in screens:
                await screen.open(told["host"], told["protocol"])

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        return {"open": self.open, "seconds": self._now() - began}

    async def leave(self, _: dict[str, Any]) -> dict[str, Any]:
        screens = [screen for room in self.rooms for screen in room.screens]
        for screen in screens:
            screen.socket.transport.abort()
        await asyncio.gather(*(screen.socket.closed for screen in screens))
        self.rooms = []
        return {"closed": dict(self.closed)}

    async def load(self, told: dict[str, Any]) -> dict[str, Any]:
        """Contribute `rate` a second for `warm` + `seconds`, evenly, by anybody in any of the rooms."""
        rate, warm, seconds = told["rate"], told["warm"], told["seconds"]
        rooms = self.rooms[: told.get("rooms", len(self.rooms))]
        size = told.get("text", TEXT)
        began = self._now() + 0.1
        self._clear(began + warm, began + warm + seconds)
        busy = time.process_time()
        expected = awaited = 0
        behind = array.array("d")
        for n in range(round(rate * (warm + seconds))):
            due = began + n / rate
            if (wait := due - self._now()) > 0:
                await asyncio.sleep(wait)
            screens = [s for s in random.choice(rooms).screens if not s.stalled]
            say(random.choice(screens), due, size)
            awaited += len(screens)
            if due >= began + warm:
                expected += len(screens)
                behind.append(self._now() - due)
        busy = (time.process_time() - busy) / (self._now() - began)
        await self._settle(awaited)
        return self._tally(expected) | {"rate": rate, "own_cpu": busy, "sent_late_p99": at(behind, 0.99)}

    async def singly(self, told: dict[str, Any]) -> dict[str, Any]:
        """Contribute one at a time in the first room, each when all have seen the one before it."""
        screens = self.rooms[0].screens
        self._clear(0.0, float("inf"))
        for n in range(told["times"]):
            say(screens[n % len(screens)], self._now(), TEXT)
            await self._settle((n + 1) * len(screens))
            await asyncio.sleep(0.02)
        return self._tally(told["times"] * len(screens))

    async def stall(self, told: dict[str, Any]) -> dict[str, Any]:
        """The first screen of each room comes back with small buffers and reads no more."""
        for room in self.rooms[: told["rooms"]]:
            screen = room.screens[0]
            screen.socket.transport.abort()
            await screen.socket.closed
            await screen.open(told["host"], told["protocol"], small=True)
            screen.socket.transport.pause_reading()
            screen.stalled = True
        return {"stalled": told["rooms"]}

    async def _settle(self, awaited: int) -> None:
        """Wait until so many deliveries have arrived, but not for ever."""
        self._awaited = awaited
        self._enough.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLES):
                while self._arrived < awaited:
                    await self._enough.wait()

    def _tally(self, expected: int) -> dict[str, Any]:
        return {
            "expected": expected,
            "delivered": len(self._late),
            "p50": at(self._late, 0.5),
            "p99": at(self._late, 0.99),
            "worst": max(self._late, default=0.0),
            "disordered": self.disordered,
            "saved": self._saved,
            "refused": dict(self._refused),
            "closed": dict(self.closed),
        }


def say(screen: Screen, due: float, size: int) -> None:
    mark = f"[due {due * 1e6:.0f}] "
    body = {
        "domain": random.choice(DOMAINS),
        "basis": "observed_fact",
        "text": mark + ("What an agency knows stands here, as it was seen. " * 80)[: size - len(mark)],
        "bearing": random.choice(BEARINGS),
    }
    said = {"do": "contribute", "key": secrets.token_hex(16), "body": body}
    screen.socket.say(msgspec.json.encode(said))


def at(values: array.array[float], share: float) -> float:
    """The value below which `share` of them lie; 0 if there are none."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0.0
