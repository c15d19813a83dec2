"""Pages about a huddle beside its room: convene, join, leave, invite, move on, take the chair."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.families.looking import is_guest, noted
from server.families.queries import book_of as family_book_of
from server.families.state import FamilyState
from server.families.team import admission_words
from server.families.views import PersonView, agency_view, person_view
from server.huddles.chair import AssumeChair, TakeBackChair
from server.huddles.commands import (
    NO_PURPOSE,
    STATEMENT,
    ChangePhase,
    Convene,
    Invite,
    Join,
    Leave,
)
from server.huddles.queries import book_of
from server.huddles.state import Huddle, HuddlesState
from server.huddles.views import huddle_view
from server.people.facts import PRACTISING
from server.people.permissions import CHAIR, NotYours
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete, NotFound
from server.web.answers import page, see
from server.web.forms import Form, read_form
from server.web.house import house
from server.web.viewer import viewer


async def convene(request: Request) -> Response:
    """Call a huddle. Context: ref, family_name, people (those who may be invited), statement words, key."""
    who, home = await viewer(request), house(request)
    book = await family_book_of(home.store, request.path_params["ref"])
    hand = await home.ledger.look(book or "", who.actor)
    if request.method == "GET":
        return convene_page(request, hand, {"chair": who.person, "minutes": "20"}, {}, home.new_id())
    form = await read_form(request, Convene)
    try:
        receipt = await record(request, hand.book, form, who)
    except Incomplete as refused:
        return convene_page(request, hand, form.typed, refused.problems, form.key)
    if receipt is None:
        unsaid = {} if str(form.typed.get("purpose", "")).strip() else {"purpose": NO_PURPOSE}
        return convene_page(request, hand, form.typed, unsaid | form.problems, form.key)
    called = (await home.ledger.look(hand.book, who.actor)).state[HuddlesState].called_by_fact(receipt.seq)
    return see(request, f"/huddles/{called.id}/join")


def convene_page(
    request: Request, hand: Hand, typed: dict[str, Any], problems: dict[str, str], key: str
) -> Response:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    people = [person_view(partnership, p.person) for p in who_may_come(hand)]
    readers = hand.main.readers_at(hand.now)
    return page(
        request,
        "huddles/convene.html",
        status=422 if problems else 200,
        ref=family.reference,
        family_name=family.name,
        agencies=working(partnership),
        team=[p for p in people if p.person in readers],
        others=[(p, admission_words(hand, p.name)) for p in people if p.person not in readers],
        form=typed,
        problems=problems,
        key=key,
    )


def working(partnership: PartnershipState) -> tuple[tuple[str, str], ...]:
    """The agencies of which somebody works with families: (code, name)."""
    people = (p for p in partnership.everyone_here() if p.roles & PRACTISING)
    codes = dict.fromkeys(p.agency for p in people)
    return tuple(sorted(((c, agency_view(partnership, c).name) for c in codes), key=lambda pair: pair[1]))


async def join(request: Request) -> Response:
    """The door: the statement is read and accepted. Context: huddle, family_name, statement, chairs, key"""
    hand, huddle = await at_the_door(request)
    if request.method == "GET":
        return join_page(request, hand, huddle, {}, house(request).new_id())
    form = await read_form(request, Join, huddle=huddle.id)
    try:
        await record(request, hand.book, form, await viewer(request))
    except Incomplete as refused:
        return join_page(request, hand, huddle, refused.problems, form.key)
    if form.problems:
        return join_page(request, hand, huddle, form.problems, form.key)
    return see(request, f"/huddles/{huddle.id}")


def join_page(request: Request, hand: Hand, huddle: Huddle, problems: dict[str, str], key: str) -> Response:
    return page(
        request,
        "huddles/join.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, hand.partnership[PartnershipState]),
        family_name=hand.state[FamilyState].name,
        ref=hand.state[FamilyState].reference,
        statement=STATEMENT,
        chairs=hand.main.holds(hand.who.person, "chair", huddle.id),
        may_move=not huddle.begun,
        problems=problems,
        key=key,
    )


async def invite(request: Request) -> Response:
    """Invite one more. Context: huddle, family_name, team, others (with the words of admission), key."""
    hand, huddle = await at_the_door(request)
    if request.method == "GET":
        return invite_page(request, hand, huddle, {}, {}, house(request).new_id())
    form = await read_form(request, Invite, huddle=huddle.id)
    try:
        receipt = await record(request, hand.book, form, await viewer(request))
    except Incomplete as refused:
        return invite_page(request, hand, huddle, form.typed, refused.problems, form.key)
    if receipt is None:
        return invite_page(request, hand, huddle, form.typed, form.problems, form.key)
    return see(request, f"/huddles/{huddle.id}")


def invite_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: dict[str, Any],
    problems: dict[str, str],
    key: str,
) -> Response:
    partnership = hand.partnership[PartnershipState]
    asked = who_may_come(hand)
    people: list[PersonView] = [
        person_view(partnership, p.person) for p in asked if p.person not in huddle.invited
    ]
    readers = hand.main.readers_at(hand.now)
    return page(
        request,
        "huddles/invite.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=hand.state[FamilyState].name,
        ref=hand.state[FamilyState].reference,
        team=[p for p in people if p.person in readers],
        others=[(p, admission_words(hand, p.name)) for p in people if p.person not in readers],
        form=typed,
        problems=problems,
        key=key,
    )


def who_may_come(hand: Hand) -> list[Practitioner]:
    """Who works with families here and is not excluded from this one."""
    here = hand.partnership[PartnershipState].everyone_here()
    return [p for p in here if p.roles & PRACTISING and p.person not in hand.main.barred]


async def leave(request: Request) -> Response:
    """Go out by saying so."""
    hand, huddle = await at_the_door(request)
    form = await read_form(request, Leave, huddle=huddle.id)
    await record(request, hand.book, form, await viewer(request))
    guest = is_guest(hand, hand.who.person)
    return see(request, "/" if guest else f"/families/{hand.state[FamilyState].reference}")


async def phase(request: Request) -> Response:
    """Move to another phase."""
    return await simple(request, ChangePhase)


async def chair(request: Request) -> Response:
    """The deputy takes the chair, or the appointed chair takes it back."""
    hand, huddle = await at_the_door(request)
    back = hand.who.person == huddle.appointed_chair
    kind: type[AssumeChair] | type[TakeBackChair] = TakeBackChair if back else AssumeChair
    return await simple(request, kind)


async def simple(request: Request, kind: type[Command]) -> Response:
    """An act with one small form in the room; back to the room, or a page that says why not."""
    hand, huddle = await at_the_door(request)
    form = await read_form(request, kind, huddle=huddle.id)
    if form.command is None:
        raise Incomplete(**form.problems)
    await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    return see(request, f"/huddles/{huddle.id}")


async def at_the_door(request: Request) -> tuple[Hand, Huddle]:
    """The huddle of the address, as the viewer reads it; `NotFound` for everybody else."""
    who, home = await viewer(request), house(request)
    book = await book_of(home.store, request.path_params["id"])
    if book is None:
        raise NotFound
    hand = await home.ledger.look(book, who.actor)
    huddle = hand.state[HuddlesState].by_id.get(request.path_params["id"])
    if huddle is None:
        raise NotFound
    last = request.url.path.rpartition("/")[2]
    door = {"minutes": "minutes", "changes": "live", "acts": "live"}.get(last, "huddle")
    await noted(request, hand, door, f"Huddle: {huddle.purpose}")
    return hand, huddle


async def at_the_chair(request: Request) -> tuple[Hand, Huddle]:
    """The same, for whoever chairs it now."""
    hand, huddle = await at_the_door(request)
    if not hand.main.holds(hand.who.person, "chair", huddle.id):
        raise NotYours(CHAIR)
    return hand, huddle


async def record(request: Request, book: str, form: Form[Any], who: Any) -> Any:
    """Do what the form asks, or None where it has problems."""
    if form.command is None:
        return None
    return await house(request).ledger.record(book, form.command, who.actor, key=form.key)


routes = [
    Route("/families/{ref}/huddles", convene, methods=["GET", "POST"]),
    Route("/huddles/{id}/join", join, methods=["GET", "POST"]),
    Route("/huddles/{id}/invite", invite, methods=["GET", "POST"]),
    Route("/huddles/{id}/leave", leave, methods=["POST"]),
    Route("/huddles/{id}/phase", phase, methods=["POST"]),
    Route("/huddles/{id}/chair", chair, methods=["POST"]),
]
