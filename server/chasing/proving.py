"""Proves every quarter of an hour that what was due was told, and says so where every process reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from server.chasing import pulse
from server.chasing.proof import Proof, prove
from server.people.partnership import partnership
from server.record.books import Books
from server.record.store import Store, is_outage

log = structlog.get_logger()

EVERY = 900.0
AFTER_TROUBLE = 60.0
AFTER_START = 5.0
"""By then the sweep has looked, and what it found has left."""


class Proving:
    """The part of chasing that checks the rest of it."""

    def __init__(self, store: Store, books: Books, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._books = books
        self._clock = clock

    async def watch(self) -> None:
        """Prove, wait, prove again, for ever; sooner where something was wrong."""
        await asyncio.sleep(AFTER_START)
        while True:
            wait = AFTER_TROUBLE
            try:
                wait = AFTER_TROUBLE if (await self.look()).trouble else EVERY
            except Exception as error:
                if not is_outage(error):
                    log.exception("proving.failed")
            await asyncio.sleep(wait)

    async def look(self) -> Proof:
        now = self._clock()
        state = await partnership(self._books)
        proof = await self._store.read(lambda connection: prove(connection, state, now))
        if proof.trouble:
            log.error("chasing.unproved", trouble=proof.trouble)
        else:
            await pulse.beat(self._store, pulse.VERIFIED, now)
        await pulse.beat(self._store, pulse.TROUBLE, now, proof.trouble)
        return proof
