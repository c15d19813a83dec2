"""The pages of a huddle's end: close it, read its minutes, correct them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.state import FamilyState
from server.families.unsent import Sheet, begun, keeping, recorded, sheet
from server.huddles.closing import CloseHuddle, CorrectionsOver, CorrectMinutes
from server.huddles.commands import STATEMENT
from server.huddles.decision_facts import Answer
from server.huddles.minutes import minutes_view
from server.huddles.pages import at_the_chair, at_the_door
from server.huddles.state import Huddle
from server.huddles.unfinished import left_open
from server.huddles.views import huddle_view
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.facts import Entry, Ref
from server.record.refusals import Incomplete
from server.record.state import State
from server.web.answers import page, see
from server.web.forms import fields, key, read_form
from server.web.house import house
from server.web.viewer import viewer


async def close(request: Request) -> Response:
    """huddles/close.html: huddle, family_name, ref, items (Open), form, problems, key."""
    hand, huddle = await at_the_chair(request)
    form = closing_form(hand, huddle)
    if request.method == "GET":
        before = await begun(request, form)
        return close_page(request, hand, huddle, before.typed, {}, before.key or house(request).new_id())
    sent = await fields(request)
    typed = {name: values[-1].strip() for name, values in sent.items()}
    answers = [Answer(n.removeprefix("answer-"), w) for n, w in typed.items() if n.startswith("answer-")]
    own_key = key(sent) or house(request).new_id()
    command = CloseHuddle(huddle=huddle.id, answers=tuple(answers))
    try:
        await house(request).ledger.record(hand.book, command, hand.who, key=own_key)
    except Incomplete as refused:
        hand, huddle = await at_the_door(request)
        return close_page(request, hand, huddle, typed, refused.problems, own_key)
    await recorded(request, form, own_key)
    return see(request, f"/huddles/{huddle.id}/minutes")


async def to_close(request: Request) -> Sheet:
    return closing_form(*await at_the_chair(request))


def closing_form(hand: Hand, huddle: Huddle) -> Sheet:
    return sheet(hand, f"/huddles/{huddle.id}/close")


def close_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    own_key: str,
) -> Response:
    family = hand.state[FamilyState]
    return page(
        request,
        "huddles/close.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, hand.partnership[PartnershipState]),
        family_name=family.name,
        ref=family.reference,
        items=left_open(hand, huddle),
        form=typed,
        problems=problems,
        key=own_key,
    )


async def minutes(request: Request) -> Response:
    """See `minutes_page`."""
    hand, huddle = await at_the_door(request)
    before = await begun(request, correction_form(hand, huddle))
    return await minutes_page(request, hand, huddle, before.typed, {}, before.key)


async def to_correct(request: Request) -> Sheet:
    return correction_form(*await at_the_door(request))


def correction_form(hand: Hand, huddle: Huddle) -> Sheet:
    return sheet(hand, f"/huddles/{huddle.id}/minutes")


async def minutes_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    own_key: str,
) -> Response:
    """huddles/minutes.html: huddle, family_name, ref, minutes, statement, copy_for, may_correct, now, …"""
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    then, entries = await as_it_closed(request, hand, huddle)
    view = minutes_view(huddle.id, then, hand.state, entries, partnership)
    return page(
        request,
        "huddles/minutes.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        ref=family.reference,
        minutes=view,
        statement=STATEMENT,
        copy_for=await viewer(request),
        may_correct=view.corrections_until is not None and hand.now <= view.corrections_until,
        now=hand.now,
        form=typed,
        problems=problems,
        key=own_key or house(request).new_id(),
    )


async def as_it_closed(request: Request, hand: Hand, huddle: Huddle) -> tuple[State, list[Entry]]:
    """The reader's state when the huddle was closed, and what they read since it began."""
    books = house(request).books
    book = await books.open(hand.book)
    everything = await books.since(book, hand.audience, tuple((stream, 0) for stream in hand.audience))
    began = next((n for n, e in enumerate(everything) if e.ref == Ref(hand.book, huddle.began)), 0)
    if not huddle.closing:
        return hand.state, everything[began:]
    then = books.parts.empty().after(e for e in everything if e.position <= huddle.closing)
    return then, everything[began:]


async def correct(request: Request) -> Response:
    """Add a correction to the minutes."""
    hand, huddle = await at_the_door(request)
    form = await read_form(request, CorrectMinutes, huddle=huddle.id)
    try:
        if form.command is None:
            return await minutes_page(request, hand, huddle, form.typed, form.problems, form.key)
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return await minutes_page(request, hand, huddle, form.typed, refused.problems, form.key)
    except CorrectionsOver as refused:
        return await minutes_page(request, hand, huddle, form.typed, {"": refused.message}, form.key)
    await recorded(request, correction_form(hand, huddle), form.key)
    return see(request, f"/huddles/{huddle.id}/minutes#corrections")


routes: list[BaseRoute] = [
    Route("/huddles/{id}/close", close, methods=["GET", "POST"]),
    keeping("/huddles/{id}/close", to_close),
    Route("/huddles/{id}/minutes", minutes, methods=["GET"]),
    Route("/huddles/{id}/minutes", correct, methods=["POST"]),
    keeping("/huddles/{id}/minutes", to_correct),
]
