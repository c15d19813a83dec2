"""Which database this is. After a restore or a move it is another, and nobody goes on from where they were.

A cursor of another epoch is answered with a whole page. A process that serves knows things of the database
that it was started over, so it ends when the epoch changes, and whoever looks after it starts it again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from sqlalchemy import Connection, update

from server.record import tables
from server.record.store import Store, is_outage

log = structlog.get_logger()

LOOK_EVERY = 2.0


def renew(connection: Connection) -> str:
    """Give the database a new epoch. The role that the product works as may not."""
    value = secrets.token_hex(16)
    connection.execute(update(tables.epoch).values(value=value))
    return value


Work = Callable[[], Coroutine[Any, Any, None]]


def until_another(store: Store, known: str, then: Callable[[], None]) -> Work:
    """A loop that looks whether this is still the database that was opened. Calls `then` once it is not."""

    async def work() -> None:
        same = True
        while same:
            await asyncio.sleep(LOOK_EVERY)
            same = await _epoch(store, known) == known
        log.warning("epoch.changed")
        then()
        await asyncio.Event().wait()

    return work


async def _epoch(store: Store, known: str) -> str:
    """An outage says nothing of which database this is."""
    try:
        return await store.epoch()
    except Exception as error:
        if is_outage(error):
            return known
        raise
