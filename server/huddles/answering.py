"""The pages by which somebody answers an invitation: one button on the first page, one small form."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.state import FamilyState
from server.huddles.invitations import AcceptInvitation, SendApologies
from server.huddles.pages import at_the_door, record
from server.huddles.state import Huddle
from server.huddles.views import huddle_view
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house
from server.web.viewer import viewer


async def accept(request: Request) -> Response:
    """Say that one will come; back to where one's invitations stand."""
    hand, huddle = await at_the_door(request)
    form = await read_form(request, AcceptInvitation, huddle=huddle.id)
    await record(request, hand.book, form, await viewer(request))
    return see(request, "/")


async def apologies(request: Request) -> Response:
    """huddles/apologies.html: huddle, family_name, form, problems, key."""
    hand, huddle = await at_the_door(request)
    if request.method == "GET":
        begins = {"reason": huddle.answers.apologies.get(hand.who.person, "")}
        return apologies_page(request, hand, huddle, begins, {}, house(request).new_id())
    form = await read_form(request, SendApologies, huddle=huddle.id)
    try:
        await record(request, hand.book, form, await viewer(request))
    except Incomplete as refused:
        return apologies_page(request, hand, huddle, form.typed, refused.problems, form.key)
    return see(request, "/")


def apologies_page(
    request: Request, hand: Hand, huddle: Huddle, typed: Any, problems: dict[str, str], key: str
) -> Response:
    return page(
        request,
        "huddles/apologies.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, hand.partnership[PartnershipState]),
        family_name=hand.state[FamilyState].name,
        form=typed,
        problems=problems,
        key=key,
    )


routes: list[BaseRoute] = [
    Route("/huddles/{id}/accept", accept, methods=["POST"]),
    Route("/huddles/{id}/apologies", apologies, methods=["GET", "POST"]),
]
