"""Is it alive, is it ready, what does it count: nothing of any family, person or agency."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.realtime.live import Live
from server.record import hourly
from server.web.house import house


async def alive(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """Whether this process can serve: 503 without its database; `degraded` without the doorbell."""
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


async def reachable(request: Request) -> bool:
    try:
        await house(request).store.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
    except Exception:
        return False
    return True


async def metrics(request: Request) -> Response:
    """Counts of this process, for a scraper."""
    registry = CollectorRegistry()
    registry.register(Counts(live_side(request)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class Counts:
    """What this process holds at the moment of asking."""

    def __init__(self, live: Live) -> None:
        self._live = live

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
            "huddle_committed_total",
            "Entries of main records committed by this process",
            self._live.ledger.committed,
        )


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
