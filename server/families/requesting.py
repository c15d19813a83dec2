"""The pages of a request for information: ask, read it with its answers, and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.contributing import huddle
from server.families.labels import BASES, BEARINGS, DOMAINS
from server.families.looking import noted
from server.families.pages import at_the_family
from server.families.queries import book_of_request
from server.families.request_state import RequestsState
from server.families.request_views import OWN_ANSWERS, request_view
from server.families.requests import AnswerRequest, RequestInformation, asked_of
from server.families.state import FamilyState
from server.families.unsent import Sheet, begun, keeping, recorded, sheet
from server.families.views import person_view
from server.people.facts import PRACTISING
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import Incomplete, NotFound
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house
from server.web.viewer import viewer


async def ask(request: Asked) -> Response:
    """families/ask.html: family_name, ref, agencies, people, domains, back, form, problems, key."""
    hand = await at_the_family(request)
    if request.method == "GET":
        known = {name: request.query_params.get(name, "") for name in ("agency", "domain")}
        return ask_page(request, hand, known | {"huddle": huddle(request)}, {}, house(request).new_id())
    form = await read_form(request, RequestInformation)
    if form.command is None:
        return ask_page(request, hand, form.typed, form.problems, form.key)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return ask_page(request, hand, form.typed, refused.problems, form.key)
    return see(request, back(hand, form.command.huddle))


def ask_page(
    request: Asked, hand: Hand, typed: Mapping[str, Any], problems: dict[str, str], key: str
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    nobody = hand.main.barred | {hand.who.person}
    everyone = [p for p in partnership.everyone_here() if p.roles & PRACTISING and p.person not in nobody]
    agencies = []
    for code, agency in sorted(partnership.agencies.items(), key=lambda pair: pair[1].name):
        meant = asked_of(code, "", hand)
        if meant:
            agencies.append((code, f"{agency.name} ({', '.join(p.name for p in meant)})"))
    return page(
        request,
        "families/ask.html",
        status=422 if problems else 200,
        family_name=family.name,
        ref=family.reference,
        agencies=agencies,
        people=[person_view(partnership, p.person) for p in everyone],
        domains=tuple(DOMAINS.items()),
        back=back(hand, str(typed.get("huddle", ""))),
        form=typed,
        problems=problems,
        key=key,
    )


def back(hand: Hand, huddle_id: str) -> str:
    """The room from which was asked, or the family."""
    if huddle_id and hand.main.holders("chair", huddle_id):
        return f"/huddles/{huddle_id}"
    return f"/families/{hand.state[FamilyState].reference}"


async def one(request: Asked) -> Response:
    """One request with its answers, and the form for whoever was asked. Context: see `request_page`."""
    hand = await at_the_request(request)
    if request.method == "GET":
        before = await begun(request, answer_form(request, hand))
        return request_page(request, hand, before.typed, {}, before.key or house(request).new_id())
    form = await read_form(request, AnswerRequest, request=request.path_params["id"])
    if form.command is None:
        return request_page(request, hand, form.typed, form.problems, form.key)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return request_page(request, hand, form.typed, refused.problems, form.key)
    await recorded(request, answer_form(request, hand), form.key)
    return see(request, f"/requests/{form.command.request}")


async def to_answer(request: Asked) -> Sheet:
    return answer_form(request, await at_the_request(request))


def answer_form(request: Asked, hand: Hand) -> Sheet:
    return sheet(hand, f"/requests/{request.path_params['id']}")


async def at_the_request(request: Asked) -> Hand:
    """What the viewer reads where this request stands; `NotFound` for who neither asked nor was asked."""
    who, home = await viewer(request), house(request)
    book = await book_of_request(home.store, request.path_params["id"])
    if book is None:
        raise NotFound
    hand = await home.ledger.look(book, who.actor)
    known = hand.state[RequestsState]
    if request.path_params["id"] not in {*known.team, *known.put}:
        raise NotFound
    await noted(request, hand, "request", "Asked for information")
    return hand


def request_page(
    request: Asked, hand: Hand, typed: Mapping[str, Any], problems: dict[str, str], key: str
) -> Response:
    """families/request.html: request (RequestView), owed, mine, answers, bearings, bases, back, back_words, …

    `owed` is the address of how it was chased, for who reads the family.
    """
    requests, partnership = hand.state[RequestsState], hand.partnership[PartnershipState]
    known = requests.team.get(request.path_params["id"]) or requests.put[request.path_params["id"]]
    team = known.id in requests.team
    return page(
        request,
        "families/request.html",
        status=422 if problems else 200,
        request=request_view(known, partnership),
        owed=f"/families/{hand.state[FamilyState].reference}/owed/{known.id}" if team else "",
        mine=hand.who.person in known.asked,
        answers=[(code, *words) for code, words in OWN_ANSWERS.items()],
        bearings=tuple(BEARINGS.items()),
        bases=tuple(BASES.items()),
        back=back(hand, known.huddle) if team else "/",
        back_words=hand.state[FamilyState].name if team else "Home",
        form={"basis": "record_extract"} | dict(typed),
        problems=problems,
        key=key,
    )


routes: list[BaseRoute] = [
    Route("/families/{ref}/ask", ask, methods=["GET", "POST"]),
    Route("/requests/{id}", one, methods=["GET", "POST"]),
    keeping("/requests/{id}", to_answer),
]
