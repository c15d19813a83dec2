"""Is it alive, is it ready, what does it count: nothing of any family, person or agency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.chasing.pulse import Health
from server.chasing.watching import Watching
from server.realtime.live import Live
from server.record import hourly
from server.web.house import house


async def alive(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """Whether this process can serve: 503 without its database; `degraded` without the doorbell.

    Asked with `?chasing`, whether people are reminded.
    """
    if "chasing" in request.query_params:
        return await chasing(request)
    home, live = house(request), live_side(request)
    database = await reachable(request)
    old = hourly.age(home.settings, home.clock())
    seconds = None if old is None else int(old.total_seconds())
    doorbell = live.node.doorbell.healthy
    report = {
        "status": "ready" if database and doorbell else "degraded" if database else "unavailable",
        "database": database,
        "doorbell": doorbell,
        "checkpoint_age_seconds": seconds,
    }
    return JSONResponse(report, 200 if database else 503)


async def chasing(request: Request) -> Response:
    """Whether it is proved that everybody who owes something is reminded: 503 where it is not."""
    home = house(request)
    if not await reachable(request):
        return JSONResponse({"status": "unavailable", "database": False}, 503)
    watching: Watching = request.app.state.watching
    known, now = await watching.look(), home.clock()
    problem = known.problem(now)
    report = {
        "status": "failing" if problem else "proved",
        "problem": problem,
        "swept_seconds_ago": seconds_since(known.swept, now),
        "verified_seconds_ago": seconds_since(known.verified, now),
    }
    return JSONResponse(report, 503 if problem else 200)


def seconds_since(then: datetime | None, now: datetime) -> int | None:
    return None if then is None else int((now - then).total_seconds())


async def reachable(request: Request) -> bool:
    try:
        await house(request).store.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
    except Exception:
        return False
    return True


async def metrics(request: Request) -> Response:
    """Counts of this process, for a scraper."""
    registry = CollectorRegistry()
    known = request.app.state.watching.health
    registry.register(Counts(live_side(request), known, house(request).clock()))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class Counts:
    """What this process holds at the moment of asking."""

    def __init__(self, live: Live, chasing: Health, now: datetime) -> None:
        self._live = live
        self._chasing = chasing
        self._now = now

    def collect(self) -> Iterator[Metric]:
        rooms = self._live.node.rooms
        screens = list(rooms.screens())
        yield gauge("huddle_rooms", "Rooms with a screen in this process", len(rooms.occupied()))
        yield gauge("huddle_screens", "Open sockets in this process", len(screens))
        yield gauge("huddle_books", "Books open in this process", len(rooms.books.all_open()))
        yield gauge(
            "huddle_doorbell_up", "Whether this process hears the others", self._live.node.doorbell.healthy
        )
        yield gauge(
            "huddle_chasing_swept_age_seconds",
            "Seconds since what is due was last looked for; -1 where it never was",
            age(self._chasing.swept, self._now),
        )
        yield gauge(
            "huddle_chasing_verified_age_seconds",
            "Seconds since it was last proved that everybody was told; -1 where it never was",
            age(self._chasing.verified, self._now),
        )
        yield gauge(
            "huddle_chasing_proved",
            "Whether it is proved that people are reminded: for a heartbeat from outside",
            not self._chasing.problem(self._now),
        )
        yield gauge(
            "huddle_committed_total",
            "Entries of main records committed by this process",
            self._live.ledger.committed,
        )


def age(then: datetime | None, now: datetime) -> float:
    since = seconds_since(then, now)
    return -1 if since is None else since


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))


def live_side(request: Request) -> Live:
    live: Live = request.app.state.live
    return live


routes = [
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/metrics", metrics),
]
