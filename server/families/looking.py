"""Before a family is shown: what for, where somebody is not of its team; and the page of who has looked."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.looks import looks
from server.families.queries import book_read_by
from server.families.state import FamilyState
from server.families.views import person_view
from server.families.written import LONGEST_REASON, problem_with
from server.people.permissions import PLAN, NotYours
from server.people.predicates import answers_for_the_plan
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import NotFound, Refused
from server.web.answers import page, safe_next, see
from server.web.forms import fields
from server.web.house import house
from server.web.viewer import Viewer, viewer

NOTED = "huddle.looked"
"""Where it stands in a request's scope that this look was written down."""
MOST = 200

DOORS = {
    "family": "The family’s page",
    "huddle": "A huddle’s page",
    "minutes": "Minutes",
    "live": "A live room",
    "request": "A request for information",
    "opening": "Opening a record",
    "steward": "A data steward’s queue",
}


class PurposeFirst(Refused):
    """Say first what you need to open this record for."""

    code = "purpose_first"
    status = 403

    def __init__(self, reference: str, address: str) -> None:
        super().__init__()
        self.leads_to = f"/families/{reference}/why?{urlencode({'next': address})}"


def is_guest(hand: Hand, person: str) -> bool:
    """Whether the family is outside somebody's own caseload: they read it for a huddle only."""
    member = hand.state[FamilyState].team.get(person)
    return member is None or bool(member.guest_of)


async def noted(request: Request, hand: Hand, door: str, purpose: str = "") -> None:
    """Write this look down: each page; what goes on from it, once in a while. A guest says first what for."""
    if request.scope.get(NOTED) == hand.book:
        return
    who, now = await viewer(request), house(request).clock()
    guest = is_guest(hand, who.person)
    if guest and not purpose:
        purpose = await looks(request).purpose_of(who.person, hand.book, now)
        if not purpose and request.method == "GET":
            raise PurposeFirst(hand.state[FamilyState].reference, str(request.url.path))
    look = ((who.person, who.agency), hand.book, door, purpose if guest else "", now)
    if request.method == "GET" and door != "live":
        await looks(request).note(*look)
    else:
        await looks(request).follow(*look)
    request.scope[NOTED] = hand.book


async def why(request: Request) -> Response:
    """families/why.html: ref, next, form, problems. Nothing of the family stands on it but its reference."""
    who, hand = await at_the_gate(request)
    reference = hand.state[FamilyState].reference
    sent = await fields(request) if request.method == "POST" else {}
    words = sent.get("purpose", [""])[-1].strip()
    asked = sent.get("next", [request.query_params.get("next", "")])[-1]
    back = safe_next(asked) if asked else f"/families/{reference}"
    wrong = problem_with(words, "Enter what you need to open this record for", LONGEST_REASON)
    if request.method == "GET" or wrong:
        problems = {"purpose": wrong} if request.method == "POST" else {}
        context = {"ref": reference, "next": back, "form": {"purpose": words}, "problems": problems}
        return page(request, "families/why.html", status=422 if problems else 200, **context)
    now = house(request).clock()
    await looks(request).note((who.person, who.agency), hand.book, "family", words, now)
    return see(request, back)


async def at_the_gate(request: Request) -> tuple[Viewer, Hand]:
    who, home = await viewer(request), house(request)
    book = await book_read_by(home.store, who.person, request.path_params["ref"], home.clock())
    if book is None:
        raise NotFound
    return who, await home.ledger.look(book, who.actor)


async def looked(request: Request) -> Response:
    """families/looked.html: family_name, ref, looks (person, at, door, purpose), the newest first."""
    _, hand = await at_the_gate(request)
    await noted(request, hand, "family")
    if not answers_for_the_plan(hand, Command()):
        raise NotYours(PLAN)
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    found = await looks(request).newest(hand.book, MOST)
    rows = [(person_view(partnership, x.person), x.at, DOORS.get(x.door, x.door), x.purpose) for x in found]
    return page(request, "families/looked.html", family_name=family.name, ref=family.reference, looks=rows)


routes: list[BaseRoute] = [
    Route("/families/{ref}/why", why, methods=["GET", "POST"]),
    Route("/families/{ref}/looked", looked),
]
