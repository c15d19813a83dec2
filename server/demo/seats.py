"""The cast has no screens of its own: while the demonstration runs, somebody must say that they are here.

Without it whoever joined would be noted as absent after five minutes, and the newcomer would sit alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from server.demo import rowe
from server.demo.cast import BY_ID
from server.demo.sitting import huddles, live
from server.demo.telling import book_of
from server.realtime.doorbell import SEATS
from server.realtime.node import Node
from server.realtime.presence import RENEW_AFTER
from server.record.books import Books


class Seats:
    """The places of the cast in the live huddle, on the node that shows the demonstration."""

    def __init__(self, node: Node, books: Books, clock: Callable[[], datetime]) -> None:
        self._node = node
        self._books = books
        self._clock = clock

    async def keep(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Say who is here, for ever, before anybody could count as gone."""
        while True:
            await self.take()
            await sleep(RENEW_AFTER)

    async def take(self) -> None:
        """Say once that everybody of the cast who joined the live huddle and has not left is here."""
        book = await self._books.open(book_of(rowe.REFERENCE))
        huddle = live(await huddles(self._books, book), self._clock())
        if huddle is None:
            return
        for person in huddle.present() & BY_ID.keys():
            await self.sign(huddle.id, person)

    async def writing(self, huddle: str, person: str) -> None:
        """Say that somebody of the cast is writing."""
        await self.sign(huddle, person, writing=True)

    async def sign(self, huddle: str, person: str, *, writing: bool = False) -> None:
        seat = self._node.presence.sign(huddle, person, writing=writing)
        await self._node.hear(SEATS, msgspec.json.encode(seat).decode())
