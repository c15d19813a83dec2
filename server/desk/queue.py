"""What nobody settled: the queue in which a named person must. Each sees what they read; oversight sees that
something is owed, by whom and since when, and nothing of any family."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.chasing.queries import answered_for, queued
from server.deadlines.lateness import lateness
from server.families.deadline_sentences import OWED
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState
from server.record.chain import moment
from server.record.commands import Hand
from server.record.refusals import NotFound
from server.web.answers import page
from server.web.house import house
from server.web.viewer import Viewer, viewer


class Waiting(msgspec.Struct, frozen=True):
    """Something that others owe, for who answers for them. `address` where they may read it."""

    what: str
    owner: PersonView
    due: datetime
    days_late: int
    since: datetime | None
    family_name: str
    address: str


async def queue(request: Request) -> Response:
    """GET /queue. desk/queue.html: waiting (Waiting)."""
    who = await viewer(request)
    return page(request, "desk/queue.html", waiting=await in_the_queue(request, who))


async def in_the_queue(request: Request, who: Viewer) -> list[Waiting]:
    """What waits, as far as the viewer reads it; for oversight, without a word of it, what is in main."""
    found = []
    for row in await queued(house(request).store):
        hand = await hand_over(request, who, row)
        if hand is not None or ("oversight" in who.roles and row.stream == row.book):
            found.append(await waiting(request, row, hand))
    return found


async def told_of(request: Request, who: Viewer) -> list[Waiting]:
    """What others owe and the viewer was told of."""
    rows = await answered_for(house(request).store, who.person)
    return [await waiting(request, row, await hand_over(request, who, row)) for row in rows]


async def hand_over(request: Request, who: Viewer, row: Any) -> Hand | None:
    """What the viewer reads of the family, if they read what is owed."""
    try:
        hand = await house(request).ledger.look(row.book, who.actor)
    except NotFound:
        return None
    return hand if row.stream in hand.audience else None


async def waiting(request: Request, row: Any, hand: Hand | None) -> Waiting:
    partnership: PartnershipState = await house(request).partnership()
    due, now = moment(row.due), house(request).clock()
    zone = partnership.zone
    late = lateness(due.astimezone(zone), now.astimezone(zone), partnership.nation)
    family = hand.state[FamilyState] if hand else None
    return Waiting(
        what=OWED.get(row.kind, "something owed"),
        owner=person_view(partnership, row.owner),
        due=due,
        days_late=late.working_days,
        since=moment(row.queued_at) if row.queued_at is not None else None,
        family_name=family.name if family else "",
        address=f"/families/{family.reference}/owed/{row.deadline}" if family else "",
    )


routes: list[BaseRoute] = [Route("/queue", queue)]
