"""Reading across families: where a huddle stands, and which huddles are on today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from server.huddles.tables import huddle_index
from server.record.chain import micros
from server.record.store import Store


async def book_of(store: Store, huddle: str) -> str | None:
    """The family's book, or None. Says nothing about who may open it."""
    query = select(huddle_index.c.stream).where(huddle_index.c.huddle == huddle)
    found: str | None = await store.read(lambda connection: connection.execute(query).scalar())
    return found


async def starting_between(
    store: Store, streams: Sequence[str], first: datetime, last: datetime
) -> list[tuple[str, str]]:
    """The huddles (id, stream) of these main streams that start in [first, last], soonest first."""
    query = (
        select(huddle_index.c.huddle, huddle_index.c.stream)
        .where(
            huddle_index.c.stream.in_(streams),
            huddle_index.c.starts >= micros(first),
            huddle_index.c.starts <= micros(last),
        )
        .order_by(huddle_index.c.starts)
    )
    rows = await store.read(lambda connection: connection.execute(query).all())
    return [(row.huddle, row.stream) for row in rows]
