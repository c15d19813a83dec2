"""Programs on the live socket that come back by themselves, nodes that can be killed, and what must hold.

A client keeps what it was told and what it still wants: after any fault it connects again (to the next node),
follows from its cursor and sends what was not acknowledged, with the same key.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import websockets

from server.record.reading import every_entry
from server.record.store import Store
from server.record.verify import verify
from tests.lab.town import Headers, socket_at

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://127.0.0.1:8000"
LINE = {"domain": "education", "basis": "observed_fact", "bearing": "concern"}

Place = tuple[str, int]


class Client:
    """One person's program: `facts` by place with the moment of their arrival, `saved` by key."""

    opens_within: ClassVar[float] = 2

    def __init__(self, person: str, headers: Headers, huddle: str, ports: Sequence[int]) -> None:
        self.person = person
        self.ports = list(ports)
        self.facts: dict[Place, dict[str, Any]] = {}
        self.arrived: dict[Place, float] = {}
        self.saved: dict[str, dict[str, Any]] = {}
        self.saved_at: dict[str, float] = {}
        self.said_at: dict[str, float] = {}
        self.refused: list[dict[str, Any]] = []
        self.closes: list[tuple[int | None, float]] = []
        self.may_connect = asyncio.Event()
        self.may_connect.set()
        self.headers = headers
        self._huddle = huddle
        self.cursor = ""
        self.tries = 0
        self._wanted: dict[str, str] = {}
        self._connection: websockets.ClientConnection | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    async def say(self, text: str, key: str, **more: Any) -> None:
        """Contribute a line: sent now if connected, and again after every fault until it is acknowledged."""
        said = {"do": "contribute", "key": key, "body": LINE | {"text": text} | more}
        self._wanted[key] = json.dumps(said)
        self.said_at.setdefault(key, time.monotonic())
        if self._connection:
            with contextlib.suppress(websockets.ConnectionClosed):
                await self._connection.send(self._wanted[key])

    async def told(self, text: str, key: str) -> dict[str, Any]:
        """Contribute a line and wait for what is answered."""
        await self.say(text, key)
        await self.until(lambda: key in self.saved)
        return self.saved[key]

    async def until(self, condition: Callable[[], Any], within: float = 15.0) -> None:
        """Wait for something that this client will have been told."""
        async with asyncio.timeout(within):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def knows(self, text: str) -> bool:
        return self.heard(text) is not None

    def heard(self, text: str) -> float | None:
        """When a line with this text arrived."""
        places = [place for place, fact in self.facts.items() if fact["body"].get("text") == text]
        assert len(places) < 2, f"{self.person} was shown {text!r} twice"
        return self.arrived[places[0]] if places else None

    @property
    def open(self) -> bool:
        return self._connection is not None

    @property
    def waits(self) -> bool:
        """Whether something that was said is not acknowledged yet."""
        return bool(self._wanted)

    def heads(self) -> dict[str, int]:
        return Counter(stream for stream, _ in self.facts)

    async def _run(self) -> None:
        for attempt in range(10_000):
            await self.may_connect.wait()
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                await self._follow(self.ports[attempt % len(self.ports)])
            await asyncio.sleep(self.pause())

    def pause(self) -> float:
        """Seconds until it tries again: at once, nearly."""
        return 0.1

    async def _follow(self, port: int) -> None:
        connecting = socket_at(port, ADDRESS, self._huddle, self.headers, after=self.cursor)
        connecting.open_timeout = self.opens_within
        async with connecting as connection:
            self._connection = connection
            self.tries = 0
            try:
                for message in list(self._wanted.values()):
                    await connection.send(message)
                async for text in connection:
                    await self._take(json.loads(text))
            finally:
                self._connection = None
                self.closes.append((connection.close_code, time.monotonic()))
                self._news.set()

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "facts":
                self._take_facts(message)
            case "saved":
                self._wanted.pop(message["key"], None)
                self.saved.setdefault(message["key"], message)
                self.saved_at.setdefault(message["key"], time.monotonic())
            case "refused":
                self.refused.append(message)
                if message["code"] == "unavailable" and self._connection:
                    await self._connection.send(self._wanted[message["key"]])
                else:
                    self._wanted.pop(message["key"], None)
        self._news.set()

    def _take_facts(self, message: dict[str, Any]) -> None:
        """Every stream comes as 1, 2, 3 …: without a gap, a repeat or another order (INV-3)."""
        if message.get("whole"):
            self.facts.clear()
        heads = self.heads()
        for fact in message["facts"]:
            place = (fact["stream"], fact["seq"])
            assert fact["seq"] == heads.get(fact["stream"], 0) + 1, f"{self.person} was shown {place}"
            heads[fact["stream"]] = fact["seq"]
            self.facts[place] = fact
            self.arrived.setdefault(place, time.monotonic())
        self.cursor = message["cursor"]


class Node:
    """A process of the product that dies where it is told to, once it is armed (tests.faults.live_node)."""

    def __init__(self, url: str, redis_url: str, where: str = "never") -> None:
        self.listening = socket.socket(proto=socket.IPPROTO_TCP)  # named, or asyncio would leave Nagle on
        self.listening.bind(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self._arguments = [url, redis_url, str(self.listening.fileno())]
        self.process = self._start(where)

    def _start(self, where: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.lab.start", "tests.faults.live_node", *self._arguments, where],
            cwd=ROOT,
            pass_fds=[self.listening.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if "HUDDLE_SHOW" not in os.environ else None,
            text=True,
        )

    async def answers(self) -> None:
        await self._says("ready")

    async def arm(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        await self._says("armed")

    async def died(self) -> int:
        return await asyncio.to_thread(self.process.wait, 15)

    async def start_again(self) -> None:
        """The same service on the same port, over what was kept."""
        self._end()
        self.process = self._start("never")
        await self.answers()

    def stop(self) -> None:
        self._end()
        self.listening.close()

    def _end(self) -> None:
        self.process.kill()
        self.process.communicate()

    async def _says(self, word: str) -> None:
        assert self.process.stdout
        line = await asyncio.to_thread(self.process.stdout.readline)
        while line and line.strip() != word:
            line = await asyncio.to_thread(self.process.stdout.readline)
        assert line, "the node ended before it answered"


@contextlib.asynccontextmanager
async def everybody(*clients: Client, within: float = 5.0) -> AsyncIterator[None]:
    """These clients connected, and caught up with each other within so many seconds of that."""
    async with contextlib.AsyncExitStack() as stack:
        for client in clients:
            await stack.enter_async_context(client)
        for client in clients:
            await client.until(lambda client=client: client.open and client.facts, 10 + within)
        await agree(*clients, within=within)
        yield


async def agree(*clients: Client, within: float = 5.0) -> None:
    """INV-4: within five seconds every screen of one audience shows the same facts in the same places."""
    first = clients[0]
    async with asyncio.timeout(within):
        while any(client.facts != first.facts for client in clients):  # noqa: ASYNC110 - sockets, no event
            await asyncio.sleep(0.02)


async def kept(url: str) -> list[tuple[str, str, str, Place]]:
    """Book, author, key and place of every command that the record holds; and the record verifies."""
    store = Store(url)
    try:
        assert await verify(store) == []
        entries = await store.read(lambda connection: list(every_entry(connection)))
        return [(e.book, e.author, e.key, (e.stream, e.seq)) for e in entries if e.key]
    finally:
        await store.close()


async def check(url: str, *writers: Client) -> int:
    """INV-1: what was acknowledged stands once, where it was said to. How many there were."""
    stored = await kept(url)
    assert max(Counter(command[:3] for command in stored).values()) == 1, "nothing doubled"
    places = {(author, key): place for _, author, key, place in stored}
    for writer in writers:
        for key, saved in writer.saved.items():
            assert places[writer.person, key] == (saved["stream"], saved["seq"]), "nothing lost or moved"
            assert (saved["stream"], saved["seq"]) in writer.facts, "its author sees it"
    return sum(len(writer.saved) for writer in writers)
