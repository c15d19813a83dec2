"""The table of addresses, put in force: each route asks its row's question before anything else happens.

What a row further asks about one family or huddle, its page asks when it loads it: it knows which one.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, Iterator
from copy import copy

from starlette.requests import HTTPConnection, Request
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from server.people.addresses import ROUTES, unguarded
from server.people.permissions import PEOPLE, STEWARDS, NotYours
from server.record.refusals import NotFound
from server.record.store import is_outage
from server.web.cover import covered, hides
from server.web.house import house
from server.web.owing import count
from server.web.viewer import SEEN, viewer

Gate = Callable[[HTTPConnection], Awaitable[object]]


async def everyone(_: HTTPConnection) -> None:
    return None


async def administrator(connection: HTTPConnection) -> None:
    if "administrator" not in (await viewer(connection)).roles:
        raise NotYours(PEOPLE)


async def steward(connection: HTTPConnection) -> None:
    if "steward" not in (await viewer(connection)).roles:
        raise NotYours(STEWARDS)


async def own_duty(connection: HTTPConnection) -> None:
    """Whoever is signed in. While that cannot be asked, nobody is kept from the numbers and the form."""
    try:
        await viewer(connection)
    except Exception as error:
        if not is_outage(error):
            raise


async def monitoring(connection: HTTPConnection) -> None:
    """From this machine, or with the token; for everybody else there is no such page."""
    token = house(connection).settings.metrics_token
    if token is None:
        if connection.client is None or connection.client.host not in ("127.0.0.1", "::1"):
            raise NotFound
    elif not hmac.compare_digest(
        connection.headers.get("authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
    ):
        raise NotFound


GATES: dict[str, Gate] = {
    "everyone": everyone,
    "signed_in": viewer,
    "reads_family": viewer,
    "reads_huddle": viewer,
    "own_duty": own_duty,
    "own_referral": viewer,
    "asked_or_team": viewer,
    "administrator": administrator,
    "steward": steward,
    "monitoring": monitoring,
    "calendar_address": everyone,
}


class Unguarded(Exception):
    """An address has no row in the table of who may open it."""


def guarded(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The routes, each behind the gate of its row. A socket asks for itself: it closes with a code."""
    known = list(routes)
    if missing := unguarded(addresses(known)):
        raise Unguarded(", ".join(f"{method} {path}" for method, path in missing))
    return [behind(route) if isinstance(route, Route) else route for route in known]


def behind(route: Route) -> Route:
    """The same route with its gate before it. The one that was given stays as it is."""
    gated = copy(route)
    gated.app = gate(route.path_format, route.app)
    return gated


def addresses(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every (method, path pattern) that the routes answer."""
    for route in routes:
        if isinstance(route, Route):
            yield from (
                (m, prefix + route.path_format) for m in sorted(route.methods or {"GET"}) if m != "HEAD"
            )
        elif isinstance(route, WebSocketRoute):
            yield "WEBSOCKET", prefix + route.path_format
        elif isinstance(route, (Mount, Host)) and route.routes:
            yield from addresses(route.routes, prefix + getattr(route, "path", ""))
        elif isinstance(route, Mount):
            yield "GET", f"{prefix}{route.path}/{{path}}"


def gate(path: str, app: ASGIApp) -> ASGIApp:
    async def gated(scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        request, rule = Request(scope, receive), ROUTES[method, path]
        await GATES[rule](request)
        if SEEN in scope and hides(request, rule):
            await covered(request)(scope, receive, send)
        else:
            if SEEN in scope:
                await count(request)
            await app(scope, receive, send)

    return gated
