"""A screen that stops reading holds up nobody, is cut off, and comes back to everything (X9)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import secrets
import socket
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from server.realtime.screens import Screen
from tests.faults.live import ADDRESS, Client, agree, everybody
from tests.faults.test_live_outage import two_nodes
from tests.lab.pace import within
from tests.lab.town import Headers, Town, running, sign_in_everybody

pytestmark = pytest.mark.fault

LIMIT = 2.0
STALLED = 10
PACE = 0.06
"""Seconds between two lines: the same person may send no faster for long."""
LONG = "Isla came at 10 and was tired. " * 120
LARGEST_FRAME = 3 * len(LONG)


@pytest.fixture(autouse=True)
def shorter_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.realtime.wire.SEND_LIMIT", LIMIT)


@contextlib.asynccontextmanager
async def stalled(town: Town, headers: Headers) -> AsyncIterator[socket.socket]:
    """A browser's socket that was opened properly and is never read again."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(raw, ("127.0.0.1", town.settings.port))
        ask = {
            "Host": ADDRESS.removeprefix("http://"),
            "Origin": ADDRESS,
            "Cookie": headers["cookie"],
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
            "Sec-WebSocket-Protocol": "huddle.json.v1",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in ask.items())
        await loop.sock_sendall(raw, f"GET /huddles/{town.huddle}/live HTTP/1.1\r\n{head}\r\n".encode())
        assert b" 101 " in await loop.sock_recv(raw, 64)
        yield raw
    finally:
        raw.close()


def screens_of(town: Town, person: str) -> list[Screen]:
    return [screen for screen in town.live.node.rooms.screens() if screen.person == person]


def buffered(screen: Screen) -> int:
    """Bytes that wait in this process for a screen; the kernel is told to keep few of its own."""
    assert screen.wire._protocol
    transport = screen.wire._protocol.transport
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    size: int = transport.get_write_buffer_size()
    return size


async def until_there_are(town: Town, count: int, person: str, within: float) -> None:
    async with asyncio.timeout(within):
        while len(screens_of(town, person)) != count:  # noqa: ASYNC110 - it happens by itself
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def one_or_two(url: str, redis_url: str) -> AsyncIterator[tuple[Town, Town]]:
    """The node at which some stop reading, and the one at which a colleague goes on: the same, or another."""
    if redis_url:
        async with two_nodes(url, redis_url) as nodes:
            yield nodes
    else:
        async with running(url, base_url=ADDRESS, demo=False) as town:
            yield town, town


@pytest.mark.parametrize("nodes", ["one node", "two nodes"])
async def test_f1_screens_that_stop_reading_hold_up_nobody(
    nodes: str, request: pytest.FixtureRequest
) -> None:
    on_two = nodes == "two nodes"
    url = str(request.getfixturevalue("postgres_town" if on_two else "sqlite_town"))
    seats = await sign_in_everybody(url, ADDRESS)
    memory = psutil.Process()
    redis_url = request.getfixturevalue("redis_server").url if on_two else ""
    async with one_or_two(url, redis_url) as (town, elsewhere):
        port = [town.settings.port]
        farah = Client("farah-siddiqui", seats["farah-siddiqui"], town.huddle, port)
        priya = Client("priya-nair", seats["priya-nair"], town.huddle, [elsewhere.settings.port])
        async with everybody(farah, priya), contextlib.AsyncExitStack() as stack:
            for _ in range(STALLED):
                await stack.enter_async_context(stalled(town, seats["leo-marsh"]))
            await until_there_are(town, STALLED, "leo-marsh", within=5)
            before, most, latest, said = memory.memory_info().rss, 0, 0.0, 0
            started = time.monotonic()
            while screens_of(town, "leo-marsh"):
                text = f"{said} {LONG}"
                await farah.told(text, f"slow-key-{said}")
                await priya.until(lambda text=text: priya.knows(text))
                latest = max(latest, (priya.heard(text) or 0) - farah.said_at[f"slow-key-{said}"])
                most = max([most, *map(buffered, screens_of(town, "leo-marsh"))])
                said += 1
                await asyncio.sleep(PACE)
                assert time.monotonic() - started < 30, "a screen that does not read is cut off"
            grown = memory.memory_info().rss - before
            assert not priya.closes and not farah.closes
            leo = Client("leo-marsh", seats["leo-marsh"], town.huddle, port)
            async with everybody(farah, priya, leo):
                await agree(farah, priya, leo)
    assert said > 5 and most > 65_536, "they must have been stalled, or this means nothing"
    assert most < 65_536 + 2 * LARGEST_FRAME, "no more than one frame past the mark is kept for anybody"
    assert latest < within(1.0)
    assert grown < 64 * 2**20
    print(
        f"X9: {STALLED} stalled, {said} lines, latest {latest * 1000:.0f} ms, at most {most} bytes each, "
        f"cut off after {time.monotonic() - started:.1f} s, grown {grown / 2**20:.1f} MiB"
    )
