"""What somebody's own pages are made from: each family on whose team they are, and what they were asked."""

from __future__ import annotations

from starlette.requests import Request

from server.families import request_state
from server.families.queries import questions_to, streams_of
from server.families.request_state import RequestsState
from server.record.commands import Hand
from server.record.refusals import NotFound
from server.web.house import house
from server.web.viewer import Viewer

Question = tuple[Hand, request_state.Request]
"""What somebody was asked, in the hand by which they read it."""


async def hands_of(request: Request, who: Viewer) -> dict[str, Hand]:
    """What the viewer reads of each family on whose team they are."""
    here = house(request)
    hands: dict[str, Hand] = {}
    for stream in await streams_of(here.store, who.person, here.clock()):
        try:
            hands[stream] = await here.ledger.look(stream, who.actor)
        except NotFound:
            continue
    return hands


async def questions_of(request: Request, who: Viewer) -> list[Question]:
    """What the viewer was asked and nobody has answered, the soonest due first."""
    here = house(request)
    found: list[Question] = []
    for asked, book in await questions_to(here.store, who.person):
        try:
            hand = await here.ledger.look(book, who.actor)
        except NotFound:
            continue
        requests = hand.state[RequestsState]
        known = requests.team.get(asked) or requests.put.get(asked)
        if known and not known.answers:
            found.append((hand, known))
    return sorted(found, key=lambda question: question[1].due)
