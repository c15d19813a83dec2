"""The composition root: builds the web application out of the rooms, and runs what stands beside it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from server import serving, worker
from server.actions import closing_pages
from server.actions import pages as action_pages
from server.chasing.posts import post_for
from server.chasing.queries import owed_before
from server.chasing.watching import Watching
from server.core import Core, new_id, opened
from server.demo import moving as demo_moving
from server.demo import pages as demo_pages
from server.demo import post as demo_post
from server.demo.ahead import Ahead
from server.demo.seats import Seats
from server.desk import admin, calendar, chased, health, home, queue, reminders, work
from server.duty import pages as duty_pages
from server.families import drafts, looking, requesting
from server.families import pages as family_pages
from server.families.succession import Succession
from server.huddles import (
    acting,
    answering,
    deciding,
    ending,
    judging,
    phoning,
    turning,
    uninviting,
    writing_for,
)
from server.huddles import pages as huddle_pages
from server.huddles.sentences import ALL_SENTENCES
from server.huddles.views import sittings
from server.people import housekeeping
from server.realtime import pages as room_pages
from server.realtime.absence import Absences
from server.realtime.cursor import Cursors
from server.realtime.live import Live
from server.realtime.node import Node
from server.realtime.partials import Renderer
from server.realtime.presence import Presence
from server.realtime.rooms import Rooms
from server.record import epoch as epochs
from server.record import hourly
from server.record.committer import Hooks
from server.record.ledger import utc_now
from server.settings import Settings
from server.stewards import pages as steward_pages
from server.stewards import report_pages
from server.stewards.watching import Matching
from server.web import cover, forgotten, own, sign_in
from server.web.errors import HANDLERS
from server.web.gates import guarded
from server.web.guard import Guard
from server.web.house import House, furnish
from server.web.static import Static
from server.web.templates import ROOT

log = structlog.get_logger()


def routes(settings: Settings) -> list[BaseRoute]:
    """Every address. Each has a row in `people.permissions.ROUTES`."""
    return [
        *health.routes,
        *sign_in.routes,
        *forgotten.routes,
        *own.routes,
        *cover.routes,
        *home.routes,
        *queue.routes,
        *chased.routes,
        *calendar.routes,
        *reminders.routes,
        *work.routes,
        *admin.routes,
        *family_pages.routes,
        *requesting.routes,
        *looking.routes,
        *duty_pages.routes,
        *steward_pages.routes,
        *report_pages.routes,
        *action_pages.routes,
        *closing_pages.routes,
        *huddle_pages.routes,
        *answering.routes,
        *acting.routes,
        *deciding.routes,
        *judging.routes,
        *ending.routes,
        *phoning.routes,
        *turning.routes,
        *uninviting.routes,
        *writing_for.routes,
        *room_pages.routes,
        *((*demo_pages.routes, *demo_post.routes, *demo_moving.routes) if settings.demo else ()),
        Mount("/static", Static(ROOT / "static"), name="static"),
    ]


def build(
    settings: Settings,
    *,
    hooks: Hooks | None = None,
    clock: Callable[[], datetime] = utc_now,
    new_id: Callable[[], str] = new_id,
) -> Starlette:
    """The application. It opens its record when it starts and closes it when it stops."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened(settings, hooks=hooks, clock=clock, new_id=new_id) as core:
            house = furnish(
                settings, core.store, core.books, core.ledger, clock=core.ledger.clock, new_id=new_id
            )
            await house.partnership()
            live = await go_live(core, house)
            warming = asyncio.create_task(asyncio.to_thread(house.templates.warm))
            app.state.house, app.state.live, app.state.sentences = house, live, ALL_SENTENCES
            app.state.owing = partial(owed_before, core.store)
            app.state.watching = watching = Watching(core.store, house.clock)
            house.templates.chasing(watching.unreliable_since, watching.verified)
            app.state.sittings, app.state.backs = sittings, {work.ADDRESS: work.again}
            look_again_after_a_leap(house, live, watching)
            tasks = [asyncio.create_task(survive(name, work)) for name, work in beside(core, house, live)]
            tasks.append(asyncio.create_task(survive("watching", watching.watch)))
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(warming, *tasks, return_exceptions=True)
                await live.node.redis.aclose()

    return Starlette(
        routes=guarded(routes(settings)),
        middleware=[Middleware(Guard, base_url=settings.base_url)],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )


async def go_live(core: Core, house: House) -> Live:
    """The live side over an open record: its news reaches this node's screens and the doorbell."""
    secret = core.settings.secret_key.get_secret_value().encode()
    cursors = Cursors(await core.store.epoch(), secret)
    rooms = Rooms(core.books, cursors, Renderer(house.templates.environment).parts)
    node = Node(rooms, house.sessions, Presence(secret), core.settings.redis_url, house.clock)
    core.ledger.tell(node.news)
    house.sessions.ended = node.sessions_changed
    return Live(
        store=core.store,
        ledger=core.ledger,
        sessions=house.sessions,
        cursors=cursors,
        node=node,
        yours=room_pages.yours_html(house),
        clock=house.clock,
    )


def look_again_after_a_leap(house: House, live: Live, watching: Watching) -> None:
    """Where somebody may move the clock: what goes by it here is looked at again, and open pages are told."""
    if isinstance(house.clock, Ahead):
        house.clock.before += [house.sessions.refresh, watching.look]
        house.clock.after.append(live.node.beat)


Work = Callable[[], Coroutine[Any, Any, None]]


def beside(core: Core, house: House, live: Live) -> list[tuple[str, Work]]:
    """What runs beside the requests."""
    node = live.node
    cast = [("seats", Seats(node, core.books, live.clock).keep)] if core.settings.demo else []
    return [
        *cast,
        *(chasing_beside(core, house) if core.settings.embedded and core.settings.chase else ()),
        ("tick", node.tick),
        ("poll", node.poll),
        ("doorbell.send", node.doorbell.send),
        ("doorbell.listen", node.doorbell.listen),
        ("succession", Succession(core.store, core.ledger).watch),
        ("matching", Matching(core.store, core.ledger).watch),
        ("absences", Absences(node, core.books, core.ledger).watch),
        ("epoch", epochs.until_another(core.store, live.cursors.epoch, serving.end)),
        ("checkpoints", hourly.checkpoints(core.settings, core.store, live.clock)),
        ("cycles", serving.collect_hourly),
        ("drafts", drafts.hourly(core.store, live.clock)),
        ("sign-in", housekeeping.hourly(house.sessions, house.throttle, house.credentials, live.clock)),
    ]


def chasing_beside(core: Core, house: House) -> list[tuple[str, Work]]:
    """Where all of it is one process, what chases runs beside the requests."""
    post = post_for(core.settings, core.store)
    return worker.chasing(core, post, house.clock, house.new_id)


async def survive(name: str, work: Work) -> None:
    """Run a loop for ever: one that fails is told and begun again."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("beside.failed", work=name)
        await asyncio.sleep(1.0)
