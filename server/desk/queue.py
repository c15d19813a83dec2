"""What nobody settled: the queue in which a named person must. Each sees what they read; oversight sees that
something is owed, by whom and since when, and nothing of any family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.actions.state import ActionsState
from server.chasing.queries import answered_for, queued
from server.deadlines.owing import Owed
from server.deadlines.state import DeadlinesState
from server.desk.hands import hands_of
from server.desk.owed import FamilyMark, mark_of
from server.families.deadline_sentences import OWED
from server.families.late import late_words
from server.families.request_state import RequestsState
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState
from server.record.chain import moment
from server.record.commands import Hand
from server.web.answers import page
from server.web.house import house
from server.web.viewer import Viewer, viewer

Hands = Mapping[str, Hand]
"""What the viewer reads, by family."""


class Waiting(msgspec.Struct, frozen=True):
    """Something that others owe, for who answers for them. `address` where they may read it."""

    deadline: str
    what: str
    words: str
    """What is owed in its own words, for who reads it; of what is restricted, that it is."""
    owner: PersonView
    due: datetime
    late: str
    """How late it is, in words, from when it was first due."""
    first_due: datetime | None
    """When that was, where another day was named since; for who reads it."""
    since: datetime | None
    family: FamilyMark | None
    address: str
    mine: bool
    """Whether the viewer owes it: of that others decide."""


async def queue(request: Request) -> Response:
    """GET /queue. desk/queue.html: waiting (Waiting)."""
    who = await viewer(request)
    waiting = await in_the_queue(request, who, await hands_of(request, who))
    return page(request, "desk/queue.html", waiting=waiting)


async def in_the_queue(request: Request, who: Viewer, hands: Hands) -> list[Waiting]:
    """What waits, as far as the viewer reads it; for oversight, without a word of it, what is in main.

    `hands` are those of all the families that they read. Of everybody else nothing is asked.
    """
    oversees = "oversight" in who.roles
    if not (hands or oversees):
        return []
    rows = [(row, over(row, hands)) for row in await queued(house(request).store)]
    return [
        await waiting(request, who, row, hand)
        for row, hand in rows
        if hand is not None or (oversees and row.stream == row.book)
    ]


async def told_of(request: Request, who: Viewer, hands: Hands) -> list[Waiting]:
    """What others owe and the viewer was told of."""
    rows = await answered_for(house(request).store, who.person)
    return [await waiting(request, who, row, over(row, hands)) for row in rows if row.owner != who.person]


def over(row: Any, hands: Hands) -> Hand | None:
    """What the viewer reads of the family, if they read what is owed."""
    hand = hands.get(row.book)
    return hand if hand is not None and row.stream in hand.audience else None


def owed(row: Any, hand: Hand | None) -> Owed | None:
    """What the record says of it, for who reads it."""
    known = hand.state[DeadlinesState].by_id.get(row.deadline) if hand else None
    return known.owed if known else None


def words(row: Any, hand: Hand) -> str:
    if row.stream != hand.book:
        return "restricted"
    action = hand.state[ActionsState].by_id.get(row.deadline.partition(":")[0])
    asked = hand.state[RequestsState].team.get(row.deadline)
    return action.terms.words if action else asked.question if asked else ""


async def waiting(request: Request, who: Viewer, row: Any, hand: Hand | None) -> Waiting:
    partnership: PartnershipState = await house(request).partnership()
    zone, nation = partnership.zone, partnership.nation
    due, now = moment(row.due).astimezone(zone), house(request).clock()
    known, family = owed(row, hand), hand.state[FamilyState] if hand else None
    first = known.first_due if known else due
    return Waiting(
        deadline=row.deadline,
        what=OWED.get(row.kind, "something owed"),
        words=words(row, hand) if hand else "",
        mine=who.person in (known.owners if known else (row.owner,)),
        owner=person_view(partnership, row.owner),
        due=due,
        late=late_words(first.astimezone(zone), now.astimezone(zone), nation) if due <= now else "",
        first_due=first if first < due <= now else None,
        since=moment(row.queued_at) if row.queued_at is not None else None,
        family=mark_of(hand) if hand else None,
        address=f"/families/{family.reference}/owed/{row.deadline}" if family else "",
    )


routes: list[BaseRoute] = [Route("/queue", queue)]
