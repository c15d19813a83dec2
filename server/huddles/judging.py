"""The pages of judging for oneself: the form, the reveal, and what was said about a spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.state import FamilyState
from server.huddles.judgement_facts import Judged
from server.huddles.judgement_state import JudgementsState
from server.huddles.judgement_views import judgements_view
from server.huddles.judgements import DiscussSpread, Judge, JudgedMeanwhile, RevealJudgements
from server.huddles.pages import at_the_door, simple
from server.huddles.spoken import SpokenState
from server.huddles.state import Huddle
from server.huddles.views import huddle_view
from server.people.permissions import CHAIR, NotYours
from server.people.state import PartnershipState
from server.record.commands import THE_SYSTEM, Actor, Hand
from server.record.refusals import Incomplete, NotFound
from server.web.answers import page, see
from server.web.forms import fields, key
from server.web.house import house

TRIES = 5
"""How often a reveal looks again because somebody judged meanwhile."""

Sent = Mapping[str, list[str]]


async def judge(request: Request) -> Response:
    """huddles/judge.html: huddle, children, judgements (JudgementsView), turn, form, problems, key."""
    hand, huddle = await at_the_door(request)
    known = hand.state[JudgementsState].of(huddle.id)
    if request.method == "GET":
        own = known.own.get((known.turn, hand.who.person))
        typed = {f"child-{j.child}-score": str(j.score) for j in own.judged} if own else {}
        typed |= {f"child-{j.child}-words": j.words for j in own.judged} if own else {}
        return judge_page(request, hand, huddle, typed, {}, house(request).new_id())
    sent = await fields(request)
    own_key = key(sent) or house(request).new_id()
    try:
        await house(request).ledger.record(hand.book, read(sent, huddle, hand), hand.who, key=own_key)
    except Incomplete as refused:
        typed = {name: values[-1] for name, values in sent.items()}
        return judge_page(request, hand, huddle, typed, refused.problems, own_key)
    return see(request, f"/huddles/{huddle.id}")


def read(sent: Sent, huddle: Huddle, hand: Hand) -> Judge:
    """The command that the form asks for. What is no number counts as none."""
    children = [child.member for child in hand.state[FamilyState].children()]
    scores = {c: sent.get(f"child-{c}-score", [""])[-1].strip() for c in children}
    return Judge(
        huddle=huddle.id,
        turn=number(sent.get("turn", [""])[-1]),
        scores={c: number(score) for c, score in scores.items()},
        words={c: sent.get(f"child-{c}-words", [""])[-1].strip() for c in children},
    )


def number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1


def judge_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    own_key: str,
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    known = hand.state[JudgementsState].of(huddle.id)
    return page(
        request,
        "huddles/judge.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        ref=family.reference,
        children=family.children(),
        judgements=judgements_view(huddle, known, family, partnership, hand.state[SpokenState]),
        chair=hand.main.holds(hand.who.person, "chair", huddle.id),
        form=typed,
        problems=problems,
        key=own_key,
    )


async def reveal(request: Request) -> Response:
    """Everybody's judgements of this turn, all at once. The chair asks; the service reads and records."""
    for _ in range(TRIES):
        hand, huddle = await at_the_door(request)
        if not hand.main.holds(hand.who.person, "chair", huddle.id):
            raise NotYours(CHAIR)
        try:
            await reveal_now(request, hand, huddle)
        except JudgedMeanwhile:
            continue
        return see(request, f"/huddles/{huddle.id}")
    raise JudgedMeanwhile


async def reveal_now(request: Request, hand: Hand, huddle: Huddle) -> None:
    known = hand.state[JudgementsState].of(huddle.id)
    command = RevealJudgements(
        huddle=huddle.id,
        turn=known.turn,
        by=hand.who.person,
        judged=await gathered(request, hand, huddle),
        times=known.times.get(known.turn, 0),
    )
    own_key = f"reveal {huddle.id} {known.turn}"
    await house(request).ledger.record(hand.book, command, THE_SYSTEM, key=own_key)


async def gathered(request: Request, hand: Hand, huddle: Huddle) -> tuple[Judged, ...]:
    """What each judged, out of what they themselves may read. Who may read nothing any more is left out."""
    known = hand.state[JudgementsState].of(huddle.id)
    found: list[Judged] = []
    for person in sorted(known.who(known.turn)):
        try:
            theirs = await house(request).ledger.look(hand.book, Actor(person))
        except NotFound:
            continue
        own = theirs.state[JudgementsState].of(huddle.id).own.get((known.turn, person))
        found += own.judged if own else ()
    return tuple(found)


async def spread(request: Request) -> Response:
    """What was said about judgements that lay far apart."""
    return await simple(request, DiscussSpread)


routes: list[BaseRoute] = [
    Route("/huddles/{id}/judge", judge, methods=["GET", "POST"]),
    Route("/huddles/{id}/judge/reveal", reveal, methods=["POST"]),
    Route("/huddles/{id}/judge/spread", spread, methods=["POST"]),
]
