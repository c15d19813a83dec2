"""The demonstration's clock, moved by a button: what is due comes nearer, and whoever owes it hears.

Going forward is all that there is: the times of a record never run backwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import cast

from sqlalchemy import Connection, func, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.chasing import outbox, pulse
from server.chasing.facts import CANARY
from server.deadlines.calendar import working_days_after
from server.deadlines.tables import deadline
from server.demo.ahead import Ahead
from server.record.chain import micros, moment
from server.record.refusals import Malformed
from server.record.store import Store
from server.web.answers import see
from server.web.forms import fields
from server.web.house import House, house
from server.web.viewer import viewer_or_none

MORNING = time(9)
PATIENCE = 4.0
"""Seconds for which whoever moves the clock waits for what is due to be looked for and sent."""
PAUSE = 0.1


async def move(request: Request) -> Response:
    """POST /demo/clock: to the moment that the button names; then wait until what is due there was sent."""
    await viewer_or_none(request)  # to have moved it is an act, as everything that somebody signed in does
    home = house(request)
    where = TO.get((await fields(request)).get("to", [""])[-1])
    if where is None:
        raise Malformed
    to = await where(home)
    if to is not None and await clock_of(home).move(whole(to)):
        await looked_for(home)
        await request.app.state.watching.look()
    return see(request, "/demo/post")


async def an_hour_on(home: House) -> datetime:
    return home.clock() + timedelta(hours=1)


async def a_day_on(home: House) -> datetime:
    """The same time of the next day, whatever the clocks did in between."""
    zone = (await home.partnership()).zone
    local = home.clock().astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=1), local.time(), zone)


async def the_next_morning(home: House) -> datetime:
    """The next time that somebody at work is told what could wait."""
    partnership = await home.partnership()
    return morning_after(home.clock().astimezone(partnership.zone), partnership.nation)


def morning_after(local: datetime, nation: str) -> datetime:
    before = local.date() - timedelta(days=local.time() < MORNING)
    return datetime.combine(working_days_after(before, 1, nation), MORNING, local.tzinfo)


async def next_due(home: House) -> datetime | None:
    """When the next ladder climbs on, if one does."""
    now = micros(home.clock())
    d = deadline.c
    query = select(func.min(d.next_chase_at)).where(d.next_chase_at > now, d.deadline != CANARY)
    at = await home.store.read(lambda connection: connection.execute(query).scalar())
    return None if at is None else moment(at)


TO: dict[str, Callable[[House], Awaitable[datetime | None]]] = {
    "hour": an_hour_on,
    "day": a_day_on,
    "morning": the_next_morning,
    "due": next_due,
}
"""What each button means."""


def clock_of(home: House) -> Ahead:
    """In the demonstration every house goes by a clock that can be moved."""
    return cast(Ahead, home.clock)


def whole(to: datetime) -> datetime:
    """The first whole second that is not before: mail says no less."""
    return to if to.microsecond == 0 else to.replace(microsecond=0) + timedelta(seconds=1)


async def looked_for(home: House) -> None:
    """Wait until what is due was looked for and has left, where anybody looks; but not for ever."""
    if home.settings.embedded and not home.settings.chase:
        return
    for _ in range(round(PATIENCE / PAUSE)):
        if await is_quiet(home):
            return
        await asyncio.sleep(PAUSE)


async def is_quiet(home: House) -> bool:
    moved, now = clock_of(home).moved_at, home.clock()
    swept = await swept_since(home.store, moved)
    return swept and not await home.store.read(lambda connection: on_their_way(connection, now))


async def swept_since(store: Store, moved: datetime | None) -> bool:
    """Whether a look for what is due has begun and ended since the clock was moved."""
    health = await pulse.health(store)
    return health.swept is not None and (moved is None or health.swept >= moved)


def on_their_way(connection: Connection, now: datetime) -> bool:
    """Whether there are mails that may leave at this moment."""
    o = outbox.outgoing.c
    query = select(o.mail).where(o.next_try_at <= micros(now + outbox.QUEUED_FOR)).limit(1)
    return connection.execute(query).scalar() is not None


routes: list[BaseRoute] = [Route("/demo/clock", move, methods=["POST"])]
