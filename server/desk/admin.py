"""The administrator's pages: agencies, people, roles, line managers, cover, leaving, sign-in links.

Nothing of any family stands here, and nothing here depends on one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.desk.admin_forms import ACTS, AGENCY, NEWCOMER, Act
from server.desk.admin_views import agency_rows, person_page, person_row
from server.people.commands import MakeSignInLink
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.commands import Command
from server.record.refusals import Incomplete, NotFound, Reauth, Refused, Unavailable
from server.web.answers import page, see
from server.web.forms import fields, key, read_form
from server.web.house import house
from server.web.viewer import viewer


async def overview(request: Request) -> Response:
    """admin/overview.html: agencies (AgencyRow, each with its people)."""
    state, today = await house(request).partnership(), await day(request)
    return page(request, "admin/overview.html", agencies=agency_rows(state, today))


async def person(request: Request) -> Response:
    """admin/person.html: person (PersonPage)."""
    state, known = await somebody(request)
    return page(request, "admin/person.html", person=person_page(state, known, await day(request)))


async def answer(request: Request, act: Act) -> Response:
    """admin/act.html for each act: act, form, problems, key, person (PersonRow or None) and its choices."""
    state = await house(request).partnership()
    known = (await somebody(request))[1] if act.of_somebody else None
    if request.method == "GET":
        return act_page(request, state, act, known, act.begins(known), {}, house(request).new_id())
    given = {"person": known.person} if known else given_to(request, act)
    form = await read_form(request, act.kind, **given)
    refused = await attempt(request, form.command, form.problems, form.key)
    if refused is not None:
        problems = refused.problems if isinstance(refused, Incomplete) else {"": refused.message}
        return act_page(request, state, act, known, form.typed, problems, form.key, refused.status)
    if act is NEWCOMER:
        return await first_link(request, form.typed, mailed=getattr(form.command, "link_by_mail", False))
    gone = known is None or (await house(request).partnership()).here(known.person) is None
    return see(request, "/admin" if gone else f"/admin/people/{known.person}")  # type: ignore[union-attr]  # gone if None


def act_page(
    request: Request,
    state: PartnershipState,
    act: Act,
    known: Practitioner | None,
    typed: Any,
    problems: dict[str, str],
    own_key: str,
    status: int = 200,
) -> Response:
    return page(
        request,
        f"admin/{act.template}.html",
        status=status,
        person=person_row(state, known) if known else None,
        form=typed,
        problems=problems,
        key=own_key,
        mails=house(request).settings.mails,
        **act.choices(state, known),
    )


async def attempt(
    request: Request, command: Command | None, problems: dict[str, str], own_key: str
) -> Refused | None:
    """Do it, or say why not."""
    who = await viewer(request)
    try:
        if command is None:
            return Incomplete(**problems)
        await house(request).ledger.record(PARTNERSHIP, command, who.actor, key=own_key)
    except (NotFound, Reauth, Unavailable):
        raise
    except Refused as refused:
        return refused
    return None


async def link(request: Request) -> Response:
    """admin/make_link.html, and then admin/link.html, which shows the link this once; or it goes by mail."""
    state, known = await somebody(request)
    home = house(request)
    if request.method == "GET":
        person, key_ = person_row(state, known), home.new_id()
        return page(request, "admin/make_link.html", person=person, key=key_, mails=home.settings.mails)
    sent = await fields(request)
    who, mailed = await viewer(request), home.settings.mails and "mailed" in sent.get("how", [])
    command = MakeSignInLink(person=known.person, how="mailed" if mailed else "shown")
    await home.ledger.record(PARTNERSHIP, command, who.actor, key=key(sent) or home.new_id())
    return see(request, f"/admin/people/{known.person}") if mailed else await show_link(request, known.email)


def given_to(request: Request, act: Act) -> dict[str, Any]:
    """What is not for the form to say. Where no mail leaves, nothing is sent by it."""
    no_mail = act is NEWCOMER and not house(request).settings.mails
    return act.given | ({"link_by_mail": False} if no_mail else {})


async def first_link(request: Request, typed: Any, *, mailed: bool) -> Response:
    """A newcomer's link: on its way by mail, or shown this once."""
    email = str(typed.get("email", ""))
    known = (await house(request).partnership()).by_email(email)
    if known and mailed:
        return see(request, f"/admin/people/{known.person}")
    return await show_link(request, email)


async def show_link(request: Request, email: str) -> Response:
    """The link of whoever signs in with `email`. It is kept nowhere: a newer one ends it."""
    home = house(request)
    state = await home.partnership()
    known = state.by_email(email)
    if known is None:
        raise NotFound
    token = await home.links.make(known.person, home.clock())
    address = f"{home.settings.base_url.rstrip('/')}/welcome/{token}"
    return page(request, "admin/link.html", person=person_row(state, known), link=address)


async def sign_out(request: Request) -> Response:
    """admin/sign_out.html: sign somebody out everywhere, at once."""
    state, known = await somebody(request)
    if request.method == "GET":
        return page(request, "admin/sign_out.html", person=person_row(state, known))
    await house(request).sessions.end_all(known.person, house(request).clock())
    return see(request, f"/admin/people/{known.person}")


async def somebody(request: Request) -> tuple[PartnershipState, Practitioner]:
    """Who works here by the id in the address."""
    await viewer(request)
    state = await house(request).partnership()
    known = state.here(request.path_params["person"])
    if known is None:
        raise NotFound
    return state, known


async def day(request: Request) -> Any:
    await viewer(request)
    home = house(request)
    return home.clock().astimezone((await home.partnership()).zone).date()


BOTH = ["GET", "POST"]

routes: list[BaseRoute] = [
    Route("/admin", overview),
    Route("/admin/agencies/new", partial(answer, act=AGENCY), methods=BOTH),
    Route("/admin/people/new", partial(answer, act=NEWCOMER), methods=BOTH),
    Route("/admin/people/{person}", person),
    *(Route(f"/admin/people/{{person}}/{a.path}", partial(answer, act=a), methods=BOTH) for a in ACTS),
    Route("/admin/people/{person}/link", link, methods=BOTH),
    Route("/admin/people/{person}/sign-out", sign_out, methods=BOTH),
]
