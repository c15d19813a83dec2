"""Once an hour: what is kept about signing in and is too old to matter is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from server.people.credentials import Credentials
from server.people.sessions import Sessions
from server.people.throttle import Throttle

EVERY = 3600.0


def hourly(
    sessions: Sessions, throttle: Throttle, credentials: Credentials, clock: Callable[[], datetime]
) -> Callable[[], Coroutine[Any, Any, None]]:
    """A loop that begins by making ready for the first sign-in."""

    async def work() -> None:
        await credentials.warm()
        while True:
            await throttle.forget(clock())
            await sessions.forget(clock())
            await asyncio.sleep(EVERY)

    return work
