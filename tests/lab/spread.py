"""One town that two nodes serve, over one PostgreSQL and one Redis."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from server.record.commands import Command
from server.record.receipts import Receipt
from tests.lab.town import Town, running


@dataclass(kw_only=True)
class Spread(Town):
    """Each act goes to the next node in turn. Pages, sockets and looks are the first node's."""

    nodes: tuple[Town, ...]
    turns: Iterator[Town]

    async def do(self, person: str, command: Command, key: str = "") -> Receipt:
        """Once it is answered each node knows of it, so that a look sees it; those at once still race."""
        node = next(self.turns)
        try:
            return await node.do(person, command, key)
        finally:
            await asyncio.gather(*(catch_up(each) for each in self.nodes))


async def catch_up(node: Town) -> None:
    book = await node.house.books.open(node.book)
    await node.house.books.catch_up(book)


@contextlib.asynccontextmanager
async def spread(url: str, redis_url: str, **more: Any) -> AsyncIterator[Spread]:
    """Two nodes of the product over a told PostgreSQL; `more` are settings."""
    async with (
        running(url, redis_url=redis_url, **more) as one,
        running(url, redis_url=redis_url, clock=one.clock, **more) as other,
    ):
        yield Spread(**vars(one), nodes=(one, other), turns=itertools.cycle((other, one)))
