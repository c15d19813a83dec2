"""The hourly checkpoint: all heads signed into a file outside the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from server.record import checkpoint, checkpoint_file
from server.record.store import Store
from server.settings import Settings

log = structlog.get_logger()

EVERY = timedelta(hours=1)
LOOK_EVERY = 60.0


def age(settings: Settings, now: datetime) -> timedelta | None:
    """How old the newest checkpoint is, or None where there is none."""
    if settings.checkpoint_file is None or not settings.checkpoint_file.exists():
        return None
    newest = checkpoint_file.last(settings.checkpoint_file)
    return None if newest is None else now - newest.at


def checkpoints(
    settings: Settings, store: Store, clock: Callable[[], datetime]
) -> Callable[[], Coroutine[Any, Any, None]]:
    """A loop that writes a checkpoint whenever the newest is an hour old."""

    async def work() -> None:
        while True:
            await write_if_due(settings, store, clock())
            await asyncio.sleep(LOOK_EVERY)

    return work


async def write_if_due(settings: Settings, store: Store, now: datetime) -> None:
    key, file = settings.checkpoint_key_file, settings.checkpoint_file
    if key is None or file is None or not key.exists():
        return
    old = age(settings, now)
    if old is None or old >= EVERY:
        written = await checkpoint.write(store, checkpoint.read_key(key), file, now)
        log.info("checkpoint.written", streams=len(written.heads))
