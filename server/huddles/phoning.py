"""The pages of taking part by phone: codes, letting in, vouching, and what was recorded for oneself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.state import FamilyState
from server.families.views import person_view
from server.huddles.behalf import ConfirmWords, DisputeWords
from server.huddles.commands import STATEMENT
from server.huddles.pages import at_the_door, simple
from server.huddles.phone import GivePhoneCode, LetInByPhone, Vouch, may_ring_in
from server.huddles.spoken_views import spoken_views
from server.huddles.state import Huddle
from server.huddles.views import huddle_view, seat
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house


async def phone(request: Request) -> Response:
    """Who is on the phone; for chair and scribe, codes and letting in."""
    hand, huddle = await at_the_door(request)
    if request.method == "GET":
        return phone_page(request, hand, huddle, {}, {})
    return await act(request, hand, huddle, LetInByPhone)


async def code(request: Request) -> Response:
    """A new code for somebody who will ring in. It is shown on the page that follows."""
    hand, huddle = await at_the_door(request)
    return await act(request, hand, huddle, GivePhoneCode)


async def act(request: Request, hand: Hand, huddle: Huddle, kind: type[Command]) -> Response:
    """Do it; back to the same page, which says what is wrong where something is."""
    form = await read_form(request, kind, huddle=huddle.id)
    if form.command is None:
        return phone_page(request, hand, huddle, form.typed, form.problems)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return phone_page(request, hand, huddle, form.typed, refused.problems)
    return see(request, f"/huddles/{huddle.id}/phone")


async def vouch(request: Request) -> Response:
    """Somebody here knows the voice."""
    return await simple(request, Vouch)


def phone_page(
    request: Request, hand: Hand, huddle: Huddle, typed: Mapping[str, Any], problems: dict[str, str]
) -> Response:
    """huddles/phone.html: huddle, callers (seats), codes (person, code), away, table, writes, statement."""
    partnership, me = hand.partnership[PartnershipState], hand.who.person
    chair, scribe = (hand.main.holds(me, role, huddle.id) for role in ("chair", "scribe"))
    away = [person_view(partnership, p) for p in huddle.invited if may_ring_in(huddle, p)]
    return page(
        request,
        "huddles/phone.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=hand.state[FamilyState].name,
        callers=[seat(huddle, person_view(partnership, c.person), partnership) for c in huddle.callers()],
        codes=[(p, huddle.codes[p.person]) for p in away if p.person in huddle.codes],
        away=[(p.person, f"{p.name}, {p.agency_short}") for p in away],
        table=chair or scribe,
        writes=scribe and not chair,
        statement=STATEMENT,
        form=typed,
        problems=problems,
    )


async def words(request: Request) -> Response:
    """huddles/words.html: huddle, spoken (SpokenView): what was recorded for the viewer."""
    hand, huddle = await at_the_door(request)
    return words_page(request, hand, huddle, {}, {})


def words_page(
    request: Request, hand: Hand, huddle: Huddle, typed: Mapping[str, Any], problems: dict[str, str]
) -> Response:
    partnership = hand.partnership[PartnershipState]
    return page(
        request,
        "huddles/words.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=hand.state[FamilyState].name,
        spoken=spoken_views(hand.state, partnership, huddle.id, hand.who.person),
        form=typed,
        problems=problems,
    )


async def confirm(request: Request) -> Response:
    """It is what they said."""
    return await answer(request, ConfirmWords)


async def dispute(request: Request) -> Response:
    """It is not what they said, and what is wrong."""
    return await answer(request, DisputeWords)


async def answer(request: Request, kind: type[Command]) -> Response:
    hand, huddle = await at_the_door(request)
    form = await read_form(request, kind, huddle=huddle.id)
    if form.command is None:
        return words_page(request, hand, huddle, form.typed, form.problems)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return words_page(request, hand, huddle, form.typed, refused.problems)
    return see(request, f"/huddles/{huddle.id}/words")


routes: list[BaseRoute] = [
    Route("/huddles/{id}/phone", phone, methods=["GET", "POST"]),
    Route("/huddles/{id}/phone/code", code, methods=["POST"]),
    Route("/huddles/{id}/phone/vouch", vouch, methods=["POST"]),
    Route("/huddles/{id}/words", words),
    Route("/huddles/{id}/words/confirm", confirm, methods=["POST"]),
    Route("/huddles/{id}/words/dispute", dispute, methods=["POST"]),
]
