"""The pages on which the scribe writes for somebody on the phone: a line, a position, a duty, a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.labels import BASES, BEARINGS, DOMAINS
from server.families.state import FamilyState
from server.families.views import person_view
from server.huddles.behalf import JudgeFor, LineFor, StateDutyFor, TakePositionFor
from server.huddles.decision_state import DecisionsState
from server.huddles.judgement_state import JudgementsState
from server.huddles.judging import read as read_judgement
from server.huddles.labels import OWN_DUTIES, OWN_POSITIONS
from server.huddles.pages import at_the_door
from server.huddles.phone import on_the_phone
from server.huddles.state import Huddle
from server.huddles.views import huddle_view, seat
from server.people.permissions import SCRIBE, NotYours
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import fields, key, read_form
from server.web.house import house


async def writing(request: Request) -> Response:
    """huddles/writing.html: huddle, caller (seat), domains, bases, bearings, decisions, children, turn."""
    hand, huddle = await at_the_desk(request)
    return writing_page(request, hand, huddle, {}, {})


async def at_the_desk(request: Request) -> tuple[Hand, Huddle]:
    """The huddle, for its scribe, with somebody on the phone."""
    hand, huddle = await at_the_door(request)
    me = hand.who.person
    if not hand.main.holds(me, "scribe", huddle.id) or hand.main.holds(me, "chair", huddle.id):
        raise NotYours(SCRIBE)
    on_the_phone(huddle, request.path_params["person"])
    return hand, huddle


async def line(request: Request) -> Response:
    """What their agency knows."""
    return await write(request, LineFor)


async def position(request: Request) -> Response:
    """Where they stand."""
    return await write(request, TakePositionFor)


async def duty(request: Request) -> Response:
    """What they answer for their own duty."""
    return await write(request, StateDutyFor)


async def write(request: Request, kind: type[Command]) -> Response:
    hand, huddle = await at_the_desk(request)
    form = await read_form(request, kind, huddle=huddle.id, person=request.path_params["person"])
    if form.command is None:
        return writing_page(request, hand, huddle, form.typed, form.problems)
    return await record(request, hand, huddle, form.command, form.typed, form.key)


async def judgement(request: Request) -> Response:
    """How worried they are about each child."""
    hand, huddle = await at_the_desk(request)
    sent = await fields(request)
    own = read_judgement(sent, huddle, hand)
    command = JudgeFor(
        huddle=huddle.id,
        person=request.path_params["person"],
        turn=own.turn,
        scores=own.scores,
        words=own.words,
    )
    typed = {name: values[-1] for name, values in sent.items()}
    return await record(request, hand, huddle, command, typed, key(sent) or house(request).new_id())


async def record(
    request: Request, hand: Hand, huddle: Huddle, command: Command, typed: Mapping[str, Any], own_key: str
) -> Response:
    try:
        await house(request).ledger.record(hand.book, command, hand.who, key=own_key)
    except Incomplete as refused:
        return writing_page(request, hand, huddle, typed, refused.problems)
    return see(request, f"/huddles/{huddle.id}/phone/{request.path_params['person']}")


def writing_page(
    request: Request, hand: Hand, huddle: Huddle, typed: Mapping[str, Any], problems: dict[str, str]
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    judged = hand.state[JudgementsState].of(huddle.id)
    decided = hand.state[DecisionsState].of(huddle.id)
    caller = person_view(partnership, request.path_params["person"])
    return page(
        request,
        "huddles/writing.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        caller=seat(huddle, caller, partnership),
        domains=tuple(DOMAINS.items()),
        bases=tuple(BASES.items()),
        bearings=tuple(BEARINGS.items()),
        decisions=[(d.said.decision, d.said.number, d.said.words) for d in decided if d.open],
        positions=tuple(OWN_POSITIONS.items()),
        duties=tuple(OWN_DUTIES.items()),
        children=family.children(),
        turn=0 if judged.over else judged.turn,
        form=typed,
        problems=problems,
    )


FOR = "/huddles/{id}/phone/{person}"

routes: list[BaseRoute] = [
    Route(FOR, writing),
    Route(f"{FOR}/line", line, methods=["POST"]),
    Route(f"{FOR}/position", position, methods=["POST"]),
    Route(f"{FOR}/duty", duty, methods=["POST"]),
    Route(f"{FOR}/judgement", judgement, methods=["POST"]),
]
