"""A wire to a server that can be cut: it passes everything on until a test tells it otherwise."""

import asyncio
import random
from contextlib import suppress
from typing import Self

from tests.lab.machine import LOOPBACK, free_port


class Wire:
    """One connection through the proxy."""

    def __init__(self, proxy: "Proxy", near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.near = near
        self.far = far
        self.cut_next_reply = False
        self.lost = False

    async def forth(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            await self.proxy.open.wait()
            if self.lost:
                continue
            if self.proxy.cuts_reply_to(data):
                self.cut_next_reply = True
            if self.proxy.strips_upgrade:
                data = stripped(data)
            self.far.write(data)
            await self.far.drain()
        self.far.close()

    async def back(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            await self.proxy.open.wait()
            if self.lost:
                continue
            if self.cut_next_reply:
                self.abort()
                return
            self.near.write(data)
            await self.near.drain()
        self.near.close()

    def abort(self) -> None:
        for end in (self.near, self.far):
            end.transport.abort()


def stripped(data: bytes) -> bytes:
    """A request as a proxy that knows no sockets passes it on."""
    head, end, rest = data.partition(b"\r\n\r\n")
    lines = [
        line for line in head.split(b"\r\n") if not line.lower().startswith((b"upgrade:", b"connection: up"))
    ]
    return b"\r\n".join(lines) + end + rest


class Proxy:
    """Listens on `port` and passes on to a server on loopback.

    `reset`: every connection is aborted, and every new one. `blackhole`: they stay, and nothing comes through
    until `pass_on` (then all that waited does) or `lose` (then none of it). `cut_reply_after`: some replies
    to what holds a word are swallowed and the connection aborted: it was done, and nobody hears.
    `strips_upgrade`: no socket comes about.
    """

    def __init__(self, to: int) -> None:
        self.to = to
        self.port = free_port()
        self.open = asyncio.Event()
        self.open.set()
        self.refuses = False
        self.strips_upgrade = False
        self.cuts = 0
        self._word = b""
        self._chance = 0.0
        self._random = random.Random(0)
        self._wires: set[Wire] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def pass_on(self) -> None:
        self._word, self.refuses = b"", False
        self.open.set()

    def reset(self) -> None:
        self.refuses = True
        for wire in list(self._wires):
            wire.abort()

    def blackhole(self) -> None:
        self.open.clear()

    def lose(self) -> None:
        """What is connected now hears nothing any more, ever; what connects from here on is served."""
        for wire in self._wires:
            wire.lost = True
        self.open.set()

    def cut_reply_after(self, word: bytes, chance: float, seed: int) -> None:
        self._word, self._chance, self._random = word, chance, random.Random(seed)

    def cuts_reply_to(self, data: bytes) -> bool:
        cut = bool(self._word) and self._word in data and self._random.random() < self._chance
        self.cuts += cut
        return cut

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, LOOPBACK, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for wire in list(self._wires):
            wire.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._connect(reader, near)
        finally:
            near.transport.abort()
            self._tasks.discard(task)

    async def _connect(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        if self.refuses:
            return
        with suppress(OSError):
            answers, far = await asyncio.open_connection(LOOPBACK, self.to)
            wire = Wire(self, near, far)
            self._wires.add(wire)
            try:
                both = [asyncio.ensure_future(wire.forth(reader)), asyncio.ensure_future(wire.back(answers))]
                await asyncio.gather(*both, return_exceptions=True)
            finally:
                self._wires.discard(wire)
                wire.abort()
                for one in both:
                    one.cancel()
