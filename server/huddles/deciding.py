"""The pages of a decision: write it, read it, take a position, answer for one's own duty, make it final."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.lines import fragment_view
from server.families.state import FamilyState
from server.families.unsent import Sheet, begun, keeping, recorded, sheet
from server.families.views import LineView
from server.huddles import defensible
from server.huddles.decision_state import DecisionsState
from server.huddles.decision_views import decision_view, own_view
from server.huddles.decisions import DecidedMeanwhile, RecordDecision
from server.huddles.labels import OWN_DUTIES, OWN_POSITIONS, RUNGS
from server.huddles.pages import at_the_chair, at_the_door
from server.huddles.positions import FinaliseDecision, StateDuty, TakePosition, decision_of
from server.huddles.sitting import NotSitting, check_on
from server.huddles.spoken import SpokenState
from server.huddles.state import Huddle
from server.huddles.views import huddle_view
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete, Malformed
from server.web.answers import page, see
from server.web.forms import fields, key, read_form
from server.web.house import house

OPTIONS = 4
"""How many options the form has room for."""

CHOOSE = {"chosen": "Choose how far this is taken, or that it is not decided yet"}

PLAIN = ("words", "chosen", "rationale", "last", "replaces", "why_replaced")

Sent = Mapping[str, list[str]]


async def decide(request: Request) -> Response:
    """huddles/decide.html: huddle, children, here and before (lines), rungs, options, items, theirs."""
    hand, huddle = await at_the_chair(request)
    form = decision_form(hand, huddle)
    if request.method == "GET":
        check_on(huddle, hand.partnership[PartnershipState])
        before = await begun(request, form)
        typed = {"last": hand.state[DecisionsState].newest(huddle.id)} | before.typed
        return decide_page(request, hand, huddle, typed, {}, before.key or house(request).new_id())
    sent = await fields(request)
    own_key = key(sent) or house(request).new_id()
    typed = {name: values if name == "rests_on" else values[-1] for name, values in sent.items()}
    if not typed.get("chosen"):
        undecided = read({**sent, "chosen": ["none_yet"]}, huddle, hand)
        return decide_page(request, hand, huddle, typed, CHOOSE | undecided.problems(hand, huddle), own_key)
    try:
        command = read(sent, huddle, hand)
        await house(request).ledger.record(hand.book, command, hand.who, key=own_key)
    except Incomplete as refused:
        return decide_page(request, hand, huddle, typed, refused.problems, own_key)
    except NotSitting as refused:
        return decide_page(request, hand, huddle, typed, {"": refused.message}, own_key)
    except DecidedMeanwhile as refused:
        hand, huddle = await at_the_door(request)
        typed |= {"last": hand.state[DecisionsState].newest(huddle.id)}
        return decide_page(request, hand, huddle, typed, {"": refused.message}, own_key, theirs=True)
    await recorded(request, form, own_key)
    return see(request, f"/huddles/{huddle.id}")


async def to_decide(request: Request) -> Sheet:
    return decision_form(*await at_the_chair(request))


def decision_form(hand: Hand, huddle: Huddle) -> Sheet:
    return sheet(hand, f"/huddles/{huddle.id}/decide")


def read(sent: Sent, huddle: Huddle, hand: Hand) -> RecordDecision:
    """The command that the form asks for; `Malformed` where it holds what no form of ours sends."""
    options = [
        {part: one(sent, f"option-{n}-{part}") for part in ("rung", "words", "pro", "contra")}
        for n in range(1, OPTIONS + 1)
    ]
    children = [
        {"child": child.member}
        | {part: one(sent, f"child-{child.member}-{part}") for part in ("statement", "voice", "no_voice")}
        for child in hand.state[FamilyState].children()
    ]
    said = {name: one(sent, name) for name in PLAIN} | {
        "huddle": huddle.id,
        "options": [option for option in options if option["rung"] and option["words"]],
        "rests_on": sent.get("rests_on", []),
        "children": children,
        "answers": [{"item": code, "words": one(sent, f"answer-{code}")} for code, _ in defensible.CHECKS],
    }
    try:
        return msgspec.convert(said, RecordDecision, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed from error


def one(sent: Sent, name: str) -> str:
    return sent.get(name, [""])[-1].replace("\r\n", "\n").strip()


def decide_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    own_key: str,
    *,
    theirs: bool = False,
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    decided = hand.state[DecisionsState].of(huddle.id)
    lines = citable(hand)
    return page(
        request,
        "huddles/decide.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        ref=family.reference,
        children=family.children(),
        here=[line for line in lines if line.seq > huddle.began],
        before=[line for line in lines if line.seq < huddle.began],
        rungs=tuple(RUNGS.items()),
        options=range(1, OPTIONS + 1),
        items=[(field, words) for field, words in problems.items() if field.startswith("answer-")],
        theirs=decision_view(decided[-1], family, partnership, hand.state[SpokenState])
        if theirs and decided
        else None,
        form=typed,
        problems=problems,
        key=own_key,
    )


def citable(hand: Hand) -> list[LineView]:
    """What stands in main and was not withdrawn, newest first: only that can be cited in main."""
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    found = (f for f in family.fragments.by_ref.values() if f.stream == hand.book and f.withdrawn is None)
    newest = sorted(found, key=lambda f: f.seq, reverse=True)
    return [fragment_view(f, family, partnership) for f in newest]


async def decision(request: Request) -> Response:
    """huddles/decision.html: huddle, decision, own (OwnView or None), chair, positions, duties."""
    hand, huddle = await at_the_door(request)
    before = await begun(request, position_form(hand, huddle, request.path_params["decision"]))
    return decision_page(request, hand, huddle, before.typed, {}, before.key)


def decision_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    own_key: str,
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    known = decision_of(hand, huddle.id, request.path_params["decision"])
    asked = hand.who.person in known.said.asked or hand.who.person in huddle.participants
    return page(
        request,
        "huddles/decision.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        ref=family.reference,
        decision=decision_view(known, family, partnership, hand.state[SpokenState]),
        own=own_view(known, hand.who.person) if asked else None,
        chair=hand.main.holds(hand.who.person, "chair", huddle.id),
        positions=tuple(OWN_POSITIONS.items()),
        duties=tuple(OWN_DUTIES.items()),
        form=typed,
        problems=problems,
        key=own_key or house(request).new_id(),
    )


async def to_answer(request: Request) -> Sheet:
    hand, huddle = await at_the_door(request)
    return position_form(hand, huddle, request.path_params["decision"])


def position_form(hand: Hand, huddle: Huddle, decision: str) -> Sheet:
    asked = decision_of(hand, huddle.id, decision)
    return sheet(hand, f"/huddles/{huddle.id}/decisions/{asked.said.decision}/position")


async def position(request: Request) -> Response:
    """Where the viewer stands."""
    return await answer(request, TakePosition)


async def duty(request: Request) -> Response:
    """What the viewer will do about their own duty."""
    return await answer(request, StateDuty)


async def final(request: Request) -> Response:
    """The chair closes the round."""
    return await answer(request, FinaliseDecision)


async def answer(request: Request, kind: type[Command]) -> Response:
    """A short answer to a decision; back to the room, or to the decision with what is missing."""
    hand, huddle = await at_the_door(request)
    asked = decision_of(hand, huddle.id, request.path_params["decision"])
    form = await read_form(request, kind, huddle=huddle.id, decision=asked.said.decision)
    if form.command is None:
        return decision_page(request, hand, huddle, form.typed, form.problems, form.key)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return decision_page(request, hand, huddle, form.typed, refused.problems, form.key)
    await recorded(request, position_form(hand, huddle, asked.said.decision), form.key)
    return see(request, f"/huddles/{huddle.id}")


ONE = "/huddles/{id}/decisions/{decision}"

routes: list[BaseRoute] = [
    Route("/huddles/{id}/decide", decide, methods=["GET", "POST"]),
    keeping("/huddles/{id}/decide", to_decide),
    Route(ONE, decision),
    Route(f"{ONE}/position", position, methods=["POST"]),
    keeping(f"{ONE}/position", to_answer),
    Route(f"{ONE}/duty", duty, methods=["POST"]),
    Route(f"{ONE}/final", final, methods=["POST"]),
]
