"""The pages of a family's actions: all of them, and one with what can be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.actions.action import Action
from server.actions.agreeing import ChangeAction
from server.actions.answerable import audience_of, checkers
from server.actions.checking import ReopenAction, VerifyAction
from server.actions.commands import AcceptAction, AskForChange, SettleAction, StartAction
from server.actions.declining import DeclineAction
from server.actions.extending import ExtendAction
from server.actions.finding import ActionClaimed, ActionMoved, ActionOver, find
from server.actions.offers import offers
from server.actions.owing import of_action
from server.actions.returning import BACK, Unanswered, backs, came_from
from server.actions.state import ActionsState
from server.actions.views import OUTCOMES, action_view, lateness, views
from server.deadlines.state import DeadlinesState
from server.families.audience import names_of
from server.families.composer import who_reads
from server.families.facts import Domain
from server.families.labels import DOMAINS
from server.families.pages import at_the_family
from server.families.state import FamilyState
from server.families.views import person_view
from server.people.permissions import NotYours
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.refusals import Incomplete
from server.web.answers import page, see
from server.web.forms import Form, read_form
from server.web.house import house


async def actions(request: Request) -> Response:
    """actions/list.html: family_name, ref, open and settled (ActionView), late (words, by action)."""
    hand = await at_the_family(request)
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    known = hand.state[ActionsState].all()
    shown = views(known, partnership, family.book, hand.state[DeadlinesState])
    return page(
        request,
        "actions/list.html",
        family_name=family.name,
        ref=family.reference,
        open=sorted((a for a in shown if a.open), key=lambda a: (a.due is None, str(a.due), a.label)),
        settled=[a for a in reversed(shown) if not a.open],
        late={a.id: lateness(a, a.finished or hand.now, partnership) for a in known},
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
    which: str = "",
    key: str = "",
) -> Response:
    """actions/action.html: action, late, offered, checkers, outcomes, people, domains, forms, wrong, key, …

    `offered` are the forms that the viewer may use. `forms` and `wrong` are by form: what stands in its
    fields, and what is wrong with them. `which` is the one that was sent.
    """
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    mine = known.terms.owner == hand.who.person
    outcomes = [(code, *words) for code, words in OUTCOMES.items() if not (mine and code == "not_needed")]
    filled = {"change": terms_typed(known, partnership), "extend": asked_typed(known, partnership)}
    return page(
        request,
        "actions/action.html",
        status=422 if problems else 200,
        family_name=family.name,
        ref=family.reference,
        action=action_view(known, partnership, family.book, hand.state[DeadlinesState]),
        late=lateness(known, known.finished or hand.now, partnership),
        offered=offers(known, hand),
        chases=chases(known, hand),
        checkers=names_of(checkers(known, hand), hand) if known.claim else "",
        outcomes=outcomes,
        people=who_reads(audience_of(known, hand), hand),
        domains=tuple((code, DOMAINS[code]) for code in get_args(Domain)),
        forms=filled | {which: dict(typed)},
        wrong={which: problems},
        which=which,
        problems={f"{which}-{field}" if field else "": words for field, words in problems.items()},
        key=key or house(request).new_id(),
    )


PARTS = {"": "", "accept": "that it is read back", "owner": "a new owner", "check": "that it is checked"}
"""What is owed of an action besides itself, by the end of the deadline's id."""


def chases(known: Action, hand: Hand) -> list[tuple[str, str]]:
    """(deadline, of what) of everything of it that was ever chased."""
    found = of_action(known.id, hand.state[DeadlinesState])
    ids = [each.owed.deadline for each in found if each.chased or not each.owed.about]
    return [(id, PARTS[id.removeprefix(known.id).lstrip(":")]) for id in ids]


def terms_typed(known: Action, partnership: PartnershipState) -> dict[str, Any]:
    """The terms as the form shows them."""
    terms = known.terms
    typed: dict[str, Any] = {"words": terms.words, "owner": terms.owner, "domain": terms.domain}
    typed["critical"] = "yes" if terms.critical else ""
    return typed | moment_typed(terms.due, partnership)


def asked_typed(known: Action, partnership: PartnershipState) -> dict[str, Any]:
    """More time as its owner asked for it, so that it only has to be granted."""
    if known.asked_due is None:
        return {}
    asked = f"{person_view(partnership, known.terms.owner).name} asked: {known.asked}"
    return {"reason": asked} | moment_typed(known.asked_due, partnership)


def moment_typed(moment: datetime | None, partnership: PartnershipState) -> dict[str, Any]:
    if moment is None:
        return {}
    due = moment.astimezone(partnership.zone)
    day = {"due-day": due.day, "due-month": due.month, "due-year": due.year}
    return {**day, "due-time": f"{due:%H:%M}"}


async def answer(request: Request, kind: type[Command], name: str) -> Response:
    """Do it and show the action, or the page from which it was answered; or say what is wrong beside
    everything that was typed."""
    hand = await at_the_family(request)
    known = find(hand, request.path_params["action"])
    back = await came_from(request)
    form: Form[Command] = await read_form(request, kind, BACK, action=known.id)
    if form.command is None:
        return await again(request, hand, Unanswered(known.id, name, form.typed, form.problems, form.key))
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except (Incomplete, ActionMoved, ActionOver, ActionClaimed, NotYours) as refused:
        if isinstance(refused, NotYours) and not back:
            raise
        problems = refused.problems if isinstance(refused, Incomplete) else {"": refused.message}
        hand = await at_the_family(request)
        return await again(request, hand, Unanswered(known.id, name, form.typed, problems, form.key))
    if back:
        return see(request, f"{back}?did={known.id}")
    return see(request, f"/families/{hand.state[FamilyState].reference}/actions/{known.id}")


FORMS: dict[str, type[Command]] = {
    "accept": AcceptAction,
    "start": StartAction,
    "ask": AskForChange,
    "decline": DeclineAction,
    "extend": ExtendAction,
    "change": ChangeAction,
    "settle": SettleAction,
    "verify": VerifyAction,
    "reopen": ReopenAction,
}
"""The forms of an action's page, by the last word of their address."""


async def again(request: Request, hand: Hand, refused: Unanswered) -> Response:
    """The form that was refused, on the page on which it stood."""
    back = await came_from(request)
    if back:
        return await backs(request)[back](request, refused)
    known, problems = find(hand, refused.action), dict(refused.problems)
    return action_page(request, hand, known, refused.typed, problems, refused.form, refused.key)


ONE = "/families/{ref}/actions/{action}"

routes: list[BaseRoute] = [
    Route("/families/{ref}/actions", actions),
    Route(ONE, one),
    *(
        Route(f"{ONE}/{name}", partial(answer, kind=kind, name=name), methods=["POST"])
        for name, kind in FORMS.items()
    ),
]
