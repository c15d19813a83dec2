"""The room as a page, and what changed since a cursor for whoever has no socket."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from server.actions.state import ActionsState
from server.actions.views import views as action_views
from server.deadlines.state import DeadlinesState
from server.families.composer import composer_view
from server.families.drafting import Begun, begun
from server.families.lines import line_view
from server.families.picture import picture_view
from server.families.request_state import RequestsState
from server.families.request_views import requests_view
from server.families.state import FamilyState
from server.huddles.decision_state import DecisionsState
from server.huddles.decision_views import decision_view
from server.huddles.judgement_state import JudgementsState
from server.huddles.judgement_views import judgements_view
from server.huddles.pages import at_the_door
from server.huddles.quorum_views import quorum_view
from server.huddles.sentences import ALL_SENTENCES
from server.huddles.since import since_view
from server.huddles.sitting import is_on
from server.huddles.spoken import SpokenState
from server.huddles.state import Huddle, HuddlesState
from server.huddles.views import huddle_view, yours_view
from server.people.state import PartnershipState
from server.realtime.acting import acted
from server.realtime.frames import FACTS_A_FRAME, HTML, JSON, advance, facts_message
from server.realtime.held import held
from server.realtime.live import Live
from server.realtime.opening import Opening, at_anchor, at_sitting
from server.realtime.rooms import Room, WholePage
from server.realtime.screens import BROUGHT_UP_TO_DATE, Yours, in_main
from server.realtime.socket import live
from server.realtime.wire import Packet
from server.record.books import PARTNERSHIP
from server.record.commands import Hand
from server.record.refusals import NotFound
from server.record.streams import Audience, Vector
from server.web.answers import page
from server.web.house import House, house
from server.web.viewer import wants_json


async def room(request: Request) -> Response:
    """The live room of a huddle, whole without a script; then its minutes. `?from=` is an earlier anchor."""
    hand, huddle = await at_the_door(request)
    if huddle.closed:
        return RedirectResponse(f"/huddles/{huddle.id}/minutes", 303)
    if hand.who.person not in huddle.participants and is_on(huddle):
        return RedirectResponse(f"/huddles/{huddle.id}/join", 303)
    opening = await open_at(request, hand, huddle)
    hand, huddle = await at_the_door(request)
    return room_page(request, hand, huddle, opening, await begun(request, hand, huddle.id))


async def presenting(request: Request) -> Response:
    """The room for a screen that others look at too: what the whole team may read, and nothing restricted.

    It is not hidden on the way to the screen: the page and its frames are made from main alone.
    """
    hand, huddle = await in_public(request)
    if hand.who.person not in huddle.participants:
        return RedirectResponse(f"/huddles/{huddle.id}/join", 303)
    opening = await open_at(request, hand, huddle)
    hand, huddle = await in_public(request)
    box = await begun(request, hand, huddle.id, presenting=True)
    return room_page(request, hand, huddle, opening, box, presenting="?presenting=yes")


async def in_public(request: Request) -> tuple[Hand, Huddle]:
    """As `at_the_door`, with what the whole team may read."""
    hand, huddle = await at_the_door(request)
    books = house(request).books
    main = in_main(hand.audience, hand.book)
    state = await books.state(await books.open(hand.book), main)
    streams = {hand.book: hand.streams[hand.book]}
    narrow = msgspec.structs.replace(hand, audience=main, state=state, streams=streams)
    return narrow, state[HuddlesState].by_id[huddle.id]


async def open_at(request: Request, hand: Hand, huddle: Huddle) -> Opening:
    """Where the page begins: at the anchor that was asked for, if it is one of this audience."""
    books = house(request).books
    book = await books.open(hand.book)
    anchor = side(request).cursors.read(request.query_params.get("from", ""))
    if anchor is not None and reaches(anchor, book.heads(hand.audience)):
        return await at_anchor(books, book, hand.audience, anchor)
    return await at_sitting(books, book, hand.audience, huddle)


def reaches(anchor: Vector, heads: Vector) -> bool:
    """Whether an anchor belongs to this audience and lies before its heads."""
    same = [stream for stream, _ in anchor] == [stream for stream, _ in heads]
    return same and all(seq <= head for (_, seq), (_, head) in zip(anchor, heads, strict=True))


def room_page(
    request: Request, hand: Hand, huddle: Huddle, opening: Opening, box: Begun, presenting: str = ""
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    home, cursors = house(request), side(request).cursors
    decided = hand.state[DecisionsState].of(huddle.id)
    judged = hand.state[JudgementsState].of(huddle.id)
    spoken = hand.state[SpokenState]
    earlier = f"?from={cursors.write(opening.earlier)}" if opening.earlier else ""
    return page(
        request,
        "huddles/room.html",
        family_name=family.name,
        ref=family.reference,
        huddle=huddle_view(huddle, partnership),
        picture=picture_view(family, partnership),
        lines=[line_view(entry, family, partnership, ALL_SENTENCES) for entry in opening.entries],
        earlier=earlier,
        cursor=cursors.write(opening.heads),
        live_url=f"/huddles/{huddle.id}/live{presenting}",
        changes_url=f"/huddles/{huddle.id}/changes{presenting}",
        presenting=bool(presenting),
        acts_url=f"/huddles/{huddle.id}/acts",
        quorum=quorum_view(huddle, family, partnership),
        decisions=[decision_view(d, family, partnership, spoken) for d in decided],
        judgements=judgements_view(huddle, judged, family, partnership, spoken),
        requests=requests_view(hand.state[RequestsState].in_order(), partnership),
        actions=action_views(
            hand.state[ActionsState].of(huddle.id), partnership, family.book, hand.state[DeadlinesState]
        ),
        since=since_view(hand.state, huddle, partnership),
        yours=yours_view(hand.state, huddle, partnership, hand.who.person),
        begun=box,
        composer=composer_view(
            hand,
            f"/families/{family.reference}/contribute?huddle={huddle.id}",
            home.new_id(),
            huddle.id,
            presenting=bool(presenting),
        ),
    )


async def changes(request: Request) -> Response:
    """What happened past `?after=`: a frame of partials, or facts for a program that accepts JSON.

    Asked again before it is answered: who was removed meanwhile is told that there is no such page. With
    `?wait=` the request is held until there is news, for so many seconds at most.
    """
    if (wait := request.query_params.get("wait", "")).isdecimal():
        return await held(request, float(wait[:3]))
    hand, huddle = await at_the_door(request)
    answer = await changed(request, hand, huddle)
    await at_the_door(request)
    return answer


async def changed(request: Request, hand: Hand, huddle: Huddle) -> Response:
    since = side(request).cursors.read(request.query_params.get("after", ""))
    try:
        found = await next_frame(request, huddle.id, hand, since)
    except WholePage:
        found = await whole(request, hand)
    again, _ = await at_the_door(request)
    if again.audience != hand.audience:
        return await changes(request)
    if found is None:
        return Response(status_code=204)
    return Response(found.payload, media_type="application/json")


async def next_frame(request: Request, huddle: str, hand: Hand, since: Vector | None) -> Packet | None:
    room = await side(request).room_of(huddle, hand.who.person)
    if room is None:
        raise NotFound
    try:
        if since is None:
            raise WholePage
        frame = await room.frame(JSON if wants_json(request) else HTML, huddle, hand.audience, since)
        return frame.packet if frame else None
    finally:
        side(request).node.rooms.forget_empty(room)


async def whole(request: Request, hand: Hand) -> Packet:
    """For a browser: fetch the page. For a program: everything, from the first fact on."""
    if not wants_json(request):
        return Packet({"type": "page", "reason": BROUGHT_UP_TO_DATE})
    books = house(request).books
    nothing: Vector = tuple((stream, 0) for stream in hand.audience)
    entries = (await books.since(await books.open(hand.book), hand.audience, nothing))[:FACTS_A_FRAME]
    return Packet(facts_message(side(request).cursors.write(advance(nothing, entries)), entries, whole=True))


def yours_html(home: House) -> Yours:
    """The region that is one person's own, rendered for a socket."""

    async def yours(found: Room, huddle_id: str, person: str, audience: Audience) -> str:
        state = await home.books.state(found.book, audience)
        people = await home.books.state(await home.books.open(PARTNERSHIP), (PARTNERSHIP,))
        huddle = state[HuddlesState].by_id[huddle_id]
        partnership = people[PartnershipState]
        view = huddle_view(huddle, partnership)
        return home.templates.render(
            "huddles/_yours.html",
            yours=yours_view(state, huddle, partnership, person),
            huddle=view,
            phases=view.phases,
            ref=state[FamilyState].reference,
        )

    return yours


def side(request: Request) -> Live:
    found: Live = request.app.state.live
    return found


routes = [
    Route("/huddles/{id}", room),
    Route("/huddles/{id}/presenting", presenting),
    Route("/huddles/{id}/changes", changes),
    Route("/huddles/{id}/acts", acted, methods=["POST"]),
    WebSocketRoute("/huddles/{id}/live", live),
]
