"""The page on which the chair says that somebody is no longer asked to a huddle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.looking import is_guest
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.huddles.closing import CORRECTIONS
from server.huddles.moving import Uninvite, may_be_uninvited
from server.huddles.pages import at_the_chair, record
from server.huddles.sitting import NotSitting
from server.huddles.state import Huddle
from server.huddles.views import huddle_view
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house
from server.web.viewer import viewer


async def uninvite(request: Request) -> Response:
    """huddles/uninvite.html: huddle, family_name, people (each, and if a guest), reads_for, form."""
    hand, huddle = await at_the_chair(request)
    if request.method == "GET":
        return uninvite_page(request, hand, huddle, {}, {}, house(request).new_id())
    form = await read_form(request, Uninvite, huddle=huddle.id)
    problems = form.problems
    try:
        if await record(request, hand.book, form, await viewer(request)):
            return see(request, f"/huddles/{huddle.id}")
    except Incomplete as refused:
        problems = refused.problems
    except NotSitting as refused:
        return uninvite_page(request, hand, huddle, form.typed, {"": refused.message}, form.key, 409)
    return uninvite_page(request, hand, huddle, form.typed, problems, form.key, 422)


def uninvite_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    key: str,
    status: int = 200,
) -> Response:
    partnership = hand.partnership[PartnershipState]
    return page(
        request,
        "huddles/uninvite.html",
        status=status,
        huddle=huddle_view(huddle, partnership),
        family_name=hand.state[FamilyState].name,
        people=invitees(hand, huddle),
        reads_for=CORRECTIONS,
        form=typed,
        problems=problems,
        key=key,
    )


def invitees(hand: Hand, huddle: Huddle) -> list[tuple[PersonView, bool]]:
    """Who may be uninvited, by agency and name, and whether each reads as a guest."""
    partnership = hand.partnership[PartnershipState]
    found = [(person_view(partnership, p), is_guest(hand, p)) for p in may_be_uninvited(huddle)]
    return sorted(found, key=lambda pair: (pair[0].agency_name, pair[0].name))


routes: list[BaseRoute] = [Route("/huddles/{id}/uninvite", uninvite, methods=["GET", "POST"])]
