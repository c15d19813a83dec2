"""Coming in, going out and staying in: `/sign-in`, `/sign-out`, `/welcome/…` and `/session`.

These pages are about people, yet stand here and not in `people`: they need forms and templates, and the
stairs lead down from `web` to `people`, never up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server.people.links import LinkEnded
from server.people.practitioners import Practitioner
from server.people.session import Session
from server.people.state import PartnershipState
from server.record.refusals import Incomplete, NotFound, Reauth, Refused
from server.web.answers import page, safe_next, wanted
from server.web.cover import lifted
from server.web.forms import fields
from server.web.house import House, house
from server.web.viewer import session_of, viewer, viewer_or_none

ON_THIS_MACHINE = ("127.0.0.1", "::1")
LEAPS = timedelta(days=36525)
"""Somebody may move the demonstration's clock. The session's row goes with it, which a cookie cannot."""
OTHERS_PAGE = "Somebody else has signed in here. Copy what you wrote, then sign in on the sign-in page."


async def ask(request: Request) -> Response:
    """GET /sign-in"""
    there = safe_next(request.query_params.get("next", "/"))
    if await viewer_or_none(request):
        return RedirectResponse(there, 303)
    return await form_page(request, there)


async def sign_in(request: Request) -> Response:
    """POST /sign-in"""
    home, now = house(request), house(request).clock()
    sent = await fields(request)
    email, password, there = said(sent, "email"), said(sent, "password"), safe_next(said(sent, "next"))
    try:
        session = await home.entrance.sign_in(
            await home.partnership(), email, password, address(request), now
        )
    except Refused as refused:
        return await form_page(request, there, email=email, refused=refused)
    return await come_in(request, session, there, now)


async def sign_in_as(request: Request) -> Response:
    """POST /sign-in/as/{person}: a part in the demonstration, on this machine alone."""
    home, now = house(request), house(request).clock()
    who = (await home.partnership()).here(request.path_params["person"])
    if not home.settings.demo or address(request) not in ON_THIS_MACHINE or who is None:
        raise NotFound
    there = safe_next(said(await fields(request), "next"))
    return await come_in(request, await home.sessions.begin(who.person, now), there, now)


async def again(request: Request) -> Response:
    """POST /sign-in/again: the same person, in a dialog over the page that they were at. 204, or words."""
    home, now = house(request), house(request).clock()
    who = await whose_page(request, home)
    sent = await fields(request)
    session = await home.entrance.again(
        who, said(sent, "password"), address(request), now, named=said(sent, "person")
    )
    if wanted(request) == "page":
        return await come_in(request, session, "/", now)
    await leave_behind(request, home, now)
    return lifted(request, with_cookie(home, session, now, Response(status_code=204)))


async def sign_out(request: Request) -> Response:
    """POST /sign-out"""
    home, now = house(request), house(request).clock()
    await leave_behind(request, home, now)
    answer = RedirectResponse("/sign-in", 303, headers={"Clear-Site-Data": '"cache", "storage"'})
    answer.delete_cookie(home.cookie, secure=home.settings.https, httponly=True, samesite="lax")
    return lifted(request, answer)


async def welcome(request: Request) -> Response:
    """GET and POST /welcome/{token}: choose a password, once; or what to do where the link has ended."""
    try:
        return await choose(request)
    except LinkEnded:
        if wanted(request) != "page":
            raise
        return page(request, "people/link_ended.html", status=LinkEnded.status)


async def choose(request: Request) -> Response:
    home, now, token = house(request), house(request).clock(), request.path_params["token"]
    state = await home.partnership()
    who = state.here(await home.links.look(token, now))
    if who is None:
        raise LinkEnded
    if request.method != "POST":
        return page(request, "people/welcome.html", name=who.name)
    try:
        password = said(await fields(request), "password")
        session = await home.entrance.choose_password(state, token, password, now)
    except Incomplete as problem:
        return page(request, "people/welcome.html", status=422, name=who.name, problems=problem.problems)
    return await come_in(request, session, "/", now)


async def left(request: Request) -> Response:
    """GET /session: the seconds until it ends for want of use, and at the latest. Asking is no act."""
    home = house(request)
    now = home.clock()
    session = await session_of(request, home, now)
    return JSONResponse(
        {
            "idle_in": int((session.idle_at(now) - now).total_seconds()),
            "ends_in": int((session.ends_at - now).total_seconds()),
        }
    )


async def extend(request: Request) -> Response:
    """POST /session/extend: I am still here."""
    await viewer(request)
    return Response(status_code=204)


async def form_page(
    request: Request, there: str, *, email: str = "", refused: Refused | None = None
) -> Response:
    home = house(request)
    state = await home.partnership()
    demo = home.settings.demo
    return page(
        request,
        "people/sign_in.html",
        status=refused.status if refused else 200,
        form={"email": email},
        problems=problems_of(refused),
        cast=cast_of(state) if demo else [],
        next="" if there == "/" else there,
        play=demo,
        playing=demo and "playing" in request.query_params,
    )


def problems_of(refused: Refused | None) -> dict[str, str]:
    if isinstance(refused, Incomplete):
        return refused.problems
    return {"password": refused.message} if refused else {}


def cast_of(state: PartnershipState) -> list[dict[str, Any]]:
    """The people of the demonstration, in the order in which they came."""
    return [part(state, who) for who in state.everyone_here()]


def part(state: PartnershipState, who: Practitioner) -> dict[str, Any]:
    agency = state.agency_of(who.person)
    return {
        "person": who.person,
        "name": who.name,
        "initials": who.initials,
        "job_title": who.job_title,
        "agency": who.agency,
        "agency_name": agency.name if agency else "",
        "sort": agency.sort if agency else "",
    }


async def come_in(request: Request, session: Session, there: str, now: datetime) -> Response:
    """A new session in place of whichever this browser had."""
    home = house(request)
    await leave_behind(request, home, now)
    return lifted(request, with_cookie(home, session, now, RedirectResponse(there, 303)))


async def leave_behind(request: Request, home: House, now: datetime) -> None:
    """End the session that this browser's cookie names, if it names one."""
    try:
        claims = home.tokens.whose(request.cookies.get(home.cookie, ""))
    except Reauth:
        return
    await home.sessions.end(claims.sid, now)


def with_cookie(home: House, session: Session, now: datetime, answer: Response) -> Response:
    ends = session.ends_at + LEAPS if home.settings.demo else session.ends_at
    token = home.tokens.mint(session.person, session.sid, now, ends)
    answer.set_cookie(home.cookie, token, path="/", secure=home.settings.https, httponly=True, samesite="lax")
    return answer


async def whose_page(request: Request, home: House) -> Practitioner | None:
    """Whose page it is: the person of the cookie, even where its session has ended.

    Signing out in another tab took the cookie: then it is whom the page names, or None for nobody.
    """
    state, expected = await home.partnership(), said(await fields(request), "person")
    cookie = request.cookies.get(home.cookie, "")
    if expected and not cookie:
        return state.here(expected)
    who = state.here(home.tokens.whose(cookie).sub)
    if who is None or (expected and expected != who.person):
        raise Reauth(OTHERS_PAGE)
    return who


def said(sent: dict[str, list[str]], name: str) -> str:
    return sent.get(name, [""])[-1]


def address(request: Request) -> str:
    """Where the request came from, as the server in front of us says."""
    return request.client.host if request.client else ""


routes: list[BaseRoute] = [
    Route("/sign-in", ask, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-in/as/{person}", sign_in_as, methods=["POST"]),
    Route("/sign-in/again", again, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/welcome/{token}", welcome, methods=["GET", "POST"]),
    Route("/session", left, methods=["GET"]),
    Route("/session/extend", extend, methods=["POST"]),
]
