"""The demo's own button: let the others act their parts."""

from __future__ import annotations

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.demo.play import play
from server.web.answers import see
from server.web.forms import fields
from server.web.house import house

log = structlog.get_logger()

_playing: set[asyncio.Task[None]] = set()


async def begin(request: Request) -> Response:
    """Start the play, unless it is running. Only in the demo, where everybody is invented."""
    await fields(request)
    if not _playing:
        home = house(request)
        task = asyncio.create_task(play(home.ledger, home.clock))
        _playing.add(task)
        task.add_done_callback(ended)
    return see(request, "/sign-in?playing=1")


def ended(task: asyncio.Task[None]) -> None:
    _playing.discard(task)
    if not task.cancelled() and task.exception():
        log.error("demo.play_failed", exc_info=task.exception())


routes: list[BaseRoute] = [Route("/demo/play", begin, methods=["POST"])]
