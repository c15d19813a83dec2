"""Agreeing an action in the room: one line or its fields, and the list of who will see a restricted one."""

from __future__ import annotations

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.actions import quick
from server.actions.agreeing import AgreeAction
from server.actions.reading import setting
from server.families.audience import AudienceGrew, readers, team
from server.families.composer import audiences, who_reads
from server.families.facts import Domain
from server.families.labels import DOMAINS
from server.families.state import FamilyState
from server.families.views import PersonView
from server.huddles.pages import at_the_door
from server.huddles.sitting import check_on
from server.huddles.state import Huddle
from server.huddles.views import huddle_view
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import Form, Typed, fields, read_form
from server.web.house import house

LONGEST_LINE = 10_000


async def act(request: Request) -> Response:
    """Agree an action. Context: see `act_page`."""
    hand, huddle = await at_the_door(request)
    check_on(huddle, hand.partnership[PartnershipState])
    if request.method == "GET":
        return act_page(request, hand, huddle, {}, {}, house(request).new_id())
    form, typed = await read_act(request, huddle)
    if form.command is None:
        return act_page(request, hand, huddle, typed, form.problems, form.key)
    try:
        if restricted(form.command, hand) and not form.command.expected_readers:
            list(form.command.follows(hand))
            check = seen_by(form.command, hand)
            return act_page(request, hand, huddle, typed, {}, form.key, check=check)
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return act_page(request, hand, huddle, typed, refused.problems, form.key)
    except AudienceGrew as grew:
        check = seen_by(form.command, hand)
        return act_page(request, hand, huddle, typed, {"named": grew.message}, form.key, check=check)
    return see(request, f"/huddles/{huddle.id}")


async def read_act(request: Request, huddle: Huddle) -> tuple[Form[AgreeAction], Typed]:
    """The form as a command. To choose everybody takes every name away."""
    sent = await fields(request)
    chosen = sent.pop("audience", ["everyone"])[-1]
    if chosen != "named":
        sent.pop("named", None)
    form = await read_form(request, AgreeAction, huddle=huddle.id)
    return form, form.typed | {"audience": chosen}


def restricted(command: AgreeAction, hand: Hand) -> bool:
    return bool(names(command, hand))


def names(command: AgreeAction, hand: Hand) -> tuple[str, ...]:
    return (*command.named, *quick.read(command.line, setting(hand, command.huddle)).named)


def seen_by(command: AgreeAction, hand: Hand) -> tuple[PersonView, ...]:
    """Who would read it beside its author, at this moment."""
    return who_reads(readers(names(command, hand), hand) - {hand.who.person}, hand)


def act_page(
    request: Request,
    hand: Hand,
    huddle: Huddle,
    typed: Typed,
    problems: dict[str, str],
    key: str,
    check: tuple[PersonView, ...] = (),
) -> Response:
    """huddles/act.html: huddle, family_name, ref, people, audiences, domains, read (Quick), form, problems,
    key, check.

    `check` is not empty where the author must be shown who will see it before it is recorded.
    """
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    return page(
        request,
        "huddles/act.html",
        status=422 if problems else 200,
        huddle=huddle_view(huddle, partnership),
        family_name=family.name,
        ref=family.reference,
        people=who_reads(team(hand), hand),
        audiences=audiences(hand, huddle.id),
        domains=tuple((code, DOMAINS[code]) for code in get_args(Domain)),
        read=read(hand, huddle, str(typed.get("line", ""))),
        form=typed,
        problems=problems,
        key=key,
        check=check,
    )


def read(hand: Hand, huddle: Huddle, line: str) -> quick.Quick:
    return quick.read(line[:LONGEST_LINE], setting(hand, huddle.id))


async def read_line(request: Request) -> Response:
    """How a line would be understood, and nothing recorded. huddles/_chips.html: read (Quick)."""
    hand, huddle = await at_the_door(request)
    line = (await fields(request)).get("line", [""])[-1]
    context: dict[str, Any] = {"read": read(hand, huddle, line)}
    return page(request, "huddles/_chips.html", **context)


routes: list[BaseRoute] = [
    Route("/huddles/{id}/act", act, methods=["GET", "POST"]),
    Route("/huddles/{id}/act/read", read_line, methods=["POST"]),
]
