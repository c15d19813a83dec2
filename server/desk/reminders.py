"""How somebody is reminded: what they choose, what always comes by mail, and what was sent to them lately."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.chasing.facts import post_of
from server.chasing.mailed import MailedState
from server.people.commands import ChooseChannel
from server.record.books import PARTNERSHIP
from server.record.refusals import NotFound
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house
from server.web.viewer import Viewer, viewer

ADDRESS = "/work/reminders"
CHANNELS = (
    ("email", "By mail", "As many things as possible in one mail"),
    ("page", "Here", "On My work and by the number beside it"),
    ("calendar", "In my calendar", "By the calendar address that you make here"),
)
OUTCOMES = {"sent": "Sent by mail", "shown": "Shown here", "failed": "Did not arrive"}


async def reminders(request: Request) -> Response:
    """GET /work/reminders. See `reminders_page`."""
    return await reminders_page(request, await viewer(request), {})


async def choose(request: Request) -> Response:
    """POST /work/reminders"""
    who = await viewer(request)
    form = await read_form(request, ChooseChannel)
    if form.command is None:
        return await reminders_page(request, who, form.problems, form.key)
    await house(request).ledger.record(PARTNERSHIP, form.command, who.actor, key=form.key)
    return see(request, f"{ADDRESS}?chosen")


async def reminders_page(request: Request, who: Viewer, problems: dict[str, str], key: str = "") -> Response:
    """desk/reminders.html: channels, form, problems, chosen, address, mails (Mailed), outcomes, came_back."""
    home = house(request)
    people, post = await home.partnership(), await post_to(request, who)
    known = people.here(who.person)
    form: dict[str, Any] = {} if problems else {"channel": people.channels.get(who.person, "email")}
    return page(
        request,
        "desk/reminders.html",
        status=422 if problems else 200,
        channels=CHANNELS,
        form=form,
        problems=problems,
        chosen="chosen" in request.query_params,
        address=known.email if known else "",
        mails=post.mails,
        outcomes=OUTCOMES,
        came_back=post.came_back,
        key=key or home.new_id(),
    )


async def post_to(request: Request, who: Viewer) -> MailedState:
    """What was sent to the viewer, out of their own stream."""
    try:
        hand = await house(request).ledger.look(post_of(who.person), who.actor)
    except NotFound:  # nothing was ever sent
        return MailedState()
    return hand.state[MailedState]


routes: list[BaseRoute] = [
    Route(ADDRESS, reminders, methods=["GET"]),
    Route(ADDRESS, choose, methods=["POST"]),
]
