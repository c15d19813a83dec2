"""The number in the head of every page: how much whoever looks owes that is late or due today.

What is owed is known in a room above: the composition root says how it is counted (`app.state.owing`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta

from starlette.requests import Request

from server.record.store import is_outage
from server.web.answers import BADGE, wanted
from server.web.house import house
from server.web.viewer import SEEN

Owing = Callable[[str, datetime, datetime], Awaitable[int]]
"""(person, until, now) → how much they owe that is due before `until`."""


async def count(request: Request) -> None:
    """Count it for a page that somebody opens or sends. No page waits for it while the record is away."""
    count_owed: Owing | None = getattr(request.app.state, "owing", None)
    if count_owed is None or wanted(request) != "page":
        return
    home = house(request)
    now, zone = home.clock(), (await home.partnership()).zone
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    try:
        request.scope[BADGE] = await count_owed(request.scope[SEEN].person, midnight, now)
    except Exception as error:
        if not is_outage(error):
            raise
