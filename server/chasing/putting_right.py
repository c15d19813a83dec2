"""Looks through families in which what is owed is to be put right, before anything is climbed.

So what was promised before anything was chased is taken over, all of it in one look: its steps fall together,
and whoever owes it hears once.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta

import structlog

from server.actions.put_right import PutRight
from server.chasing import to_put_right
from server.chasing.to_put_right import Waits
from server.record.commands import THE_SYSTEM
from server.record.ledger import Ledger
from server.record.store import Store, is_outage

log = structlog.get_logger()

LONGEST = 20.0
"""Seconds of one look after which what is due is climbed first."""
AGAIN = timedelta(minutes=10)
"""What could not be looked through stands in nobody's way for so long."""


class PuttingRight:
    """Puts right what waits for it. Any number of processes may, and each may be killed at any moment."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger

    async def look(self, now: datetime) -> int:
        """Look through whatever waits at `now`. How many families that was."""
        looked, until = 0, time.monotonic() + LONGEST
        while time.monotonic() < until:
            found = await self._store.read(lambda c: to_put_right.waiting(c, now))
            if not found:
                break
            for waits in found:
                await self._look(waits, now)
                looked += 1
        return looked

    async def _look(self, waits: Waits, now: datetime) -> None:
        try:
            for stream, head in await self._store.read(lambda c: to_put_right.streams_of(c, waits.book)):
                await self._put_right(waits, stream, head, now)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("sweep.not_put_right")
            await self._store.write(lambda c: to_put_right.later(c, waits, now + AGAIN))
            return
        await self._store.write(lambda c: to_put_right.looked(c, waits))

    async def _put_right(self, waits: Waits, stream: str, head: int, now: datetime) -> None:
        """Under a key that whoever looks at the same moment has too, and who looks later has not."""
        command = PutRight(stream=stream)
        named = f"{command.digest()} {waits.at} {head}"
        key = f"right {hashlib.sha256(named.encode()).hexdigest()[:32]}"
        await self._ledger.record(waits.book, command, THE_SYSTEM, key=key, now=now)
