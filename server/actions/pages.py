"""The pages of a family's actions: all of them, and one with what can be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.actions.agreeing import ChangeAction
from server.actions.commands import AcceptAction, AskForChange, SettleAction
from server.actions.finding import ActionMoved, ActionOver, audience_of, find
from server.actions.rules import answers_for
from server.actions.state import Action, ActionsState
from server.actions.views import OUTCOMES, action_view, views
from server.families.composer import who_reads
from server.families.facts import Domain
from server.families.labels import DOMAINS
from server.families.pages import at_the_family
from server.families.state import FamilyState
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house


async def actions(request: Request) -> Response:
    """actions/list.html: family_name, ref, open and settled (ActionView)."""
    hand = await at_the_family(request)
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    shown = views(hand.state[ActionsState].all(), partnership, family.book)
    return page(
        request,
        "actions/list.html",
        family_name=family.name,
        ref=family.reference,
        open=sorted((a for a in shown if a.open), key=lambda a: (a.due is None, str(a.due), a.label)),
        settled=[a for a in reversed(shown) if not a.open],
    )


async def one(request: Request) -> Response:
    """See `action_page`."""
    hand = await at_the_family(request)
    known = find(hand, request.path_params["action"])
    return action_page(request, hand, known, {}, {})


def action_page(
    request: Request,
    hand: Hand,
    known: Action,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    form_name: str = "",
    key: str = "",
) -> Response:
    """actions/action.html: action, mine, answers, outcomes, people, domains, form, which, problems, key.

    `which` is the form that was sent: accept, ask, change or settle; what was typed fills it again.
    """
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    mine = known.terms.owner == hand.who.person
    outcomes = [(code, *words) for code, words in OUTCOMES.items() if not (mine and code == "not_needed")]
    return page(
        request,
        "actions/action.html",
        status=422 if problems else 200,
        family_name=family.name,
        ref=family.reference,
        action=action_view(known, partnership, family.book),
        mine=mine,
        answers=answers_for(known, hand),
        outcomes=outcomes,
        people=who_reads(audience_of(known, hand), hand),
        domains=tuple((code, DOMAINS[code]) for code in get_args(Domain)),
        form=typed if form_name == "change" else terms_typed(known, partnership) | dict(typed),
        which=form_name,
        problems=problems,
        key=key or house(request).new_id(),
    )


def terms_typed(known: Action, partnership: PartnershipState) -> dict[str, Any]:
    """The terms as the form shows them."""
    terms = known.terms
    typed: dict[str, Any] = {"owner": terms.owner, "domain": terms.domain}
    typed["critical"] = "yes" if terms.critical else ""
    if terms.due is not None:
        due = terms.due.astimezone(partnership.zone)
        typed |= {"due-day": due.day, "due-month": due.month, "due-year": due.year}
        typed["due-time"] = f"{due:%H:%M}"
    return typed


async def accept(request: Request) -> Response:
    """Read back and accepted."""
    return await answer(request, AcceptAction, "accept")


async def ask(request: Request) -> Response:
    """Its owner asks for a change."""
    return await answer(request, AskForChange, "ask")


async def change(request: Request) -> Response:
    """Other terms."""
    return await answer(request, ChangeAction, "change")


async def settle(request: Request) -> Response:
    """What became of it."""
    return await answer(request, SettleAction, "settle")


async def answer(request: Request, kind: type[Command], name: str) -> Response:
    """Do it and show the action; or say what is wrong beside everything that was typed."""
    hand = await at_the_family(request)
    known = find(hand, request.path_params["action"])
    form = await read_form(request, kind, action=known.id)
    if form.command is None:
        return action_page(request, hand, known, form.typed, form.problems, name, form.key)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except (Incomplete, ActionMoved, ActionOver) as refused:
        hand = await at_the_family(request)
        problems = refused.problems if isinstance(refused, Incomplete) else {"": refused.message}
        return action_page(request, hand, find(hand, known.id), form.typed, problems, name, form.key)
    return see(request, f"/families/{hand.state[FamilyState].reference}/actions/{known.id}")


ONE = "/families/{ref}/actions/{action}"

routes: list[BaseRoute] = [
    Route("/families/{ref}/actions", actions),
    Route(ONE, one),
    Route(f"{ONE}/accept", accept, methods=["POST"]),
    Route(f"{ONE}/ask", ask, methods=["POST"]),
    Route(f"{ONE}/change", change, methods=["POST"]),
    Route(f"{ONE}/settle", settle, methods=["POST"]),
]
