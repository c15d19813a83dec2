"""The page on which the chair moves a huddle, adjourns it, goes on with it, or abandons it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.state import FamilyState
from server.huddles.course import Abandon, Adjourn, AdjournedTwice, Resume, last_day
from server.huddles.moving import HasBegun, MoveHuddle
from server.huddles.pages import at_the_door
from server.huddles.quorum_views import quorum_view
from server.huddles.sitting import NotSitting
from server.huddles.state import Huddle
from server.huddles.views import huddle_view
from server.people.permissions import CHAIR, NotYours
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house


async def course(request: Request) -> Response:
    """huddles/course.html: huddle, quorum, last (day on which it may go on), may_move, form, problems."""
    hand, huddle = await at_the_chair(request)
    return course_page(request, hand, huddle, {}, {})


async def move(request: Request) -> Response:
    """Say that it starts at another time."""
    return await turn(request, MoveHuddle)


async def adjourn(request: Request) -> Response:
    """Stop for now."""
    return await turn(request, Adjourn)


async def resume(request: Request) -> Response:
    """Go on."""
    return await turn(request, Resume)


async def abandon(request: Request) -> Response:
    """Give it up."""
    return await turn(request, Abandon)


async def turn(request: Request, kind: type[Command]) -> Response:
    """Do it; back to the room, or to the page with what is wrong and everything that was typed."""
    hand, huddle = await at_the_chair(request)
    form = await read_form(request, kind, huddle=huddle.id)
    typed = form.typed | {"doing": kind.verb()}
    if form.command is None:
        return course_page(request, hand, huddle, typed, form.problems)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return course_page(request, hand, huddle, typed, refused.problems)
    except (AdjournedTwice, HasBegun, NotSitting) as refused:
        hand, huddle = await at_the_chair(request)
        return course_page(request, hand, huddle, typed, {"": refused.message}, refused.status)
    return see(request, f"/huddles/{huddle.id}")


async def at_the_chair(request: Request) -> tuple[Hand, Huddle]:
    hand, huddle = await at_the_door(request)
    if not hand.main.holds(hand.who.person, "chair", huddle.id):
        raise NotYours(CHAIR)
    return hand, huddle


def course_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    status: int = 422,
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    return page(
        request,
        "huddles/course.html",
        status=status if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        quorum=quorum_view(huddle, family, partnership),
        last=last_day(hand.now.astimezone(partnership.zone).date(), partnership),
        twice=huddle.inquorate_before,
        may_move=not huddle.begun,
        form=typed,
        problems=problems,
    )


routes: list[BaseRoute] = [
    Route("/huddles/{id}/course", course),
    Route("/huddles/{id}/course/move", move, methods=["POST"]),
    Route("/huddles/{id}/course/adjourn", adjourn, methods=["POST"]),
    Route("/huddles/{id}/course/resume", resume, methods=["POST"]),
    Route("/huddles/{id}/course/abandon", abandon, methods=["POST"]),
]
