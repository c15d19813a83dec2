"""What a web node knows of how chasing is: asked every few seconds, said on every page when it is bad."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from server.chasing.pulse import Health, health
from server.record.store import Store, is_outage

LOOK_EVERY = 10.0


class Watching:
    """The newest health. `unreliable_since` is what the banner of every page says."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.health = Health()
        self._store = store
        self._clock = clock

    async def watch(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:
                if not is_outage(error):
                    raise
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> Health:
        self.health = await health(self._store)
        return self.health

    def unreliable_since(self) -> datetime | None:
        return self.health.unreliable_since(self._clock())

    def verified(self) -> datetime | None:
        return self.health.verified
