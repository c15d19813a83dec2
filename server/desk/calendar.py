"""Somebody's own calendar feed: the page where they make, reset and stop its address, and the feed itself."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from server.chasing.feeds import Feeds
from server.chasing.ics import calendar
from server.chasing.state import Owed, OwedState
from server.families.queries import questions_to, streams_of
from server.people.state import PartnershipState
from server.record.commands import Actor
from server.record.refusals import NotFound
from server.web.answers import page, see
from server.web.house import house
from server.web.viewer import viewer

HEADERS = {"Cache-Control": "private, no-cache"}


async def own(request: Request) -> Response:
    """GET /work/calendar. desk/calendar.html: feed (Feed or None), address (empty)."""
    who = await viewer(request)
    home = house(request)
    known = await Feeds(home.store).of(who.person, home.clock())
    return page(request, "desk/calendar.html", feed=known, address="")


async def make(request: Request) -> Response:
    """POST /work/calendar: a new address in place of any before it, shown this once."""
    who = await viewer(request)
    home, now = house(request), house(request).clock()
    feeds = Feeds(home.store)
    token = await feeds.make(who.person, now)
    address = f"{home.settings.base_url.rstrip('/')}/calendar/{token}.ics"
    known = await feeds.of(who.person, now)
    return page(request, "desk/calendar.html", feed=known, address=address)


async def stop(request: Request) -> Response:
    """POST /work/calendar/stop"""
    who = await viewer(request)
    home = house(request)
    await Feeds(home.store).stop(who.person, home.clock())
    return see(request, "/work/calendar")


async def feed(request: Request) -> Response:
    """GET /calendar/{token}.ics, for a calendar program. What it may read is asked of the record each time.

    Unknown, stopped, too old, or of somebody who left: one answer, after the same work.
    """
    home, now = house(request), house(request).clock()
    feeds = Feeds(home.store)
    known = await feeds.look(request.path_params["token"], now)
    people = await home.partnership()
    who = people.here(known.person if known else "")
    if known is None or who is None:
        return PlainTextResponse("There is no calendar at this address.", 404)
    things = await owed_by(request, Actor(who.person, who.agency))
    answer = answered(request, written(request, things, people))
    await feeds.asked(known, now)
    return answer


async def owed_by(request: Request, who: Actor) -> list[Owed]:
    """What somebody owes or owed, out of every record that they read at this moment."""
    home = house(request)
    books = await streams_of(home.store, who.person, home.clock())
    asked = [book for _, book in await questions_to(home.store, who.person)]
    found: list[Owed] = []
    for book in dict.fromkeys((*books, *asked)):
        try:
            hand = await home.ledger.look(book, who)
        except NotFound:
            continue
        found += hand.state[OwedState].of(who.person)
    return found


def written(request: Request, things: list[Owed], people: PartnershipState) -> bytes:
    home = house(request)
    secret = home.settings.secret_key.get_secret_value().encode()
    return calendar(things, home.settings.base_url, secret, people.zone, home.clock())


def answered(request: Request, content: bytes) -> Response:
    """The calendar, or that it is as it was."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar", headers=headers)


routes: list[BaseRoute] = [
    Route("/work/calendar", own, methods=["GET"]),
    Route("/work/calendar", make, methods=["POST"]),
    Route("/work/calendar/stop", stop, methods=["POST"]),
    Route("/calendar/{token}.ics", feed, methods=["GET"]),
]
