"""One person's way into a room: the page, the socket that follows it, and a resume after an absence."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx2 as httpx

from bench.crowd import SEQ
from bench.district import Place, cookie
from bench.standing import Standing
from bench.wire import Socket

PATIENCE = 20.0


async def page(standing: Standing, place: Place) -> float:
    """Seconds until the whole page of the room is here."""
    headers = {"cookie": cookie(standing.settings, place.seats[0]), "sec-fetch-mode": "navigate"}
    async with httpx.AsyncClient(base_url=standing.settings.base_url, headers=headers) as browser:
        await browser.get("/healthz")
        began = time.perf_counter()
        answer = await browser.get(f"/huddles/{place.huddle}")
        taken = time.perf_counter() - began
    assert answer.status_code == 200, answer.status_code
    return taken


async def follow(standing: Standing, place: Place, cursor: str, entries: int, protocol: str) -> float:
    """Seconds from the first byte of the handshake until this many entries are here."""
    done = asyncio.Event()
    seen = 0

    def told(payload: bytes, _: float) -> None:
        nonlocal seen
        if payload.startswith((b'{"type":"frame"', b'{"type":"facts"')):
            seen += len(SEQ.findall(payload))
        if seen >= entries:
            done.set()

    loop: Any = asyncio.get_running_loop()
    path = f"/huddles/{place.huddle}/live?after={cursor}"
    who = cookie(standing.settings, place.seats[1])
    began = time.perf_counter()
    transport, _ = await loop.create_connection(
        lambda: Socket(path, standing.host, who, protocol, told), "127.0.0.1", standing.webs[0].port
    )
    async with asyncio.timeout(PATIENCE):
        await done.wait()
    taken = time.perf_counter() - began
    transport.abort()
    return taken
