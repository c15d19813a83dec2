"""One town that two nodes serve at one address, over one PostgreSQL and one Redis."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from httpx2 import AsyncClient, Response

from server.record.commands import Command
from server.record.receipts import Receipt
from tests.lab.town import Listener, Town, running

LOOKS = ("GET", "HEAD", "OPTIONS")


@dataclass(kw_only=True)
class Spread(Town):
    """Each act, browser and socket goes to the next node in turn; what has no address is the first one's.

    Once an act is answered both nodes know of it, so that a look at either sees it; those at once still race.
    """

    nodes: tuple[Town, ...]
    acts: Iterator[Town]
    browsing: Iterator[Town]
    listening: Iterator[Town]

    async def do(self, person: str, command: Command, key: str = "") -> Receipt:
        try:
            return await next(self.acts).do(person, command, key)
        finally:
            await self.agree()

    async def browser(self, person: str = "") -> AsyncClient:
        async def acted(answer: Response) -> None:
            if answer.request.method not in LOOKS:
                await self.agree()

        browser = await next(self.browsing).browser(person)
        browser.event_hooks["response"].append(acted)
        return browser

    def socket(self, person: str, *which: Any, **more: Any) -> AbstractAsyncContextManager[Listener]:
        return next(self.listening).socket(person, *which, **more)

    async def agree(self) -> None:
        """Both nodes have read what either has recorded."""
        await asyncio.gather(*map(catch_up, self.nodes))


async def catch_up(node: Town) -> None:
    books = node.house.books
    await books.open(node.book)
    await books.catch_up_all(books.all_open())


@contextlib.asynccontextmanager
async def spread(url: str, redis_url: str, **more: Any) -> AsyncIterator[Spread]:
    """Two nodes of the product over a told PostgreSQL; `more` are settings."""
    async with (
        running(url, redis_url=redis_url, **more) as one,
        running(url, redis_url=redis_url, clock=one.clock, base_url=one.address, **more) as other,
    ):
        yield Spread(
            **vars(one),
            nodes=(one, other),
            acts=itertools.cycle((other, one)),
            browsing=itertools.cycle((one, other)),
            listening=itertools.cycle((other, one)),
        )
