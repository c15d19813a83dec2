"""*Hide screen*: a cover over whatever is shown, until its person gives their password.

The browser is told by a cookie, so that to load a page anew, or to open another, shows the cover and nothing
behind it. What is open goes on: it stays connected, and what others may read of it is not changed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from server.record.refusals import Incomplete, Reauth, Refused
from server.web.answers import page, safe_next, wanted
from server.web.forms import fields
from server.web.house import House, house
from server.web.viewer import is_act, viewer

UNCOVERED = frozenset({"everyone", "monitoring"})
"""Nothing of anybody's stands there, so a hidden screen need not hide it."""
OWN = frozenset({"own_duty", "own_referral"})
ON_THIS_MACHINE = ("127.0.0.1", "::1")


def is_covered(connection: HTTPConnection) -> bool:
    return cookie(house(connection)) in connection.cookies


def hides(connection: HTTPConnection, rule: str) -> bool:
    """Whether the cover is shown in place of what was asked for: of a page that somebody opens or sends.

    What an open page asks for itself goes on. A referral of one's own is never held up.
    """
    if rule in UNCOVERED or connection.scope["path"].startswith("/session/") or not is_covered(connection):
        return False
    if connection.scope["method"] != "GET":
        return rule not in OWN and wanted(Request(connection.scope)) == "page"
    return is_act(connection)


async def cover(request: Request) -> Response:
    """POST /session/cover"""
    await viewer(request)
    there = RedirectResponse(came_from(request), 303)
    answer = there if wanted(request) == "page" else Response(status_code=204)
    https = house(request).settings.https
    answer.set_cookie(cookie(house(request)), "yes", secure=https, httponly=True, samesite="lax")
    return answer


def came_from(request: Request) -> str:
    """The page on which the button was pressed. No page says so itself: all that are not there are alike."""
    page = urlsplit(request.headers.get("referer", ""))
    return safe_next(f"{page.path}?{page.query}".removesuffix("?"))


async def uncover(request: Request) -> Response:
    """POST /session/uncover: the password of whoever is signed in. In the demonstration, one press."""
    sent = await fields(request)
    there = safe_next(sent.get("next", ["/"])[-1])
    try:
        await prove(request, sent.get("password", [""])[-1], demo="part" in sent)
    except Reauth:
        raise
    except Refused as refused:
        if wanted(request) != "page":
            raise
        return cover_page(request, there, refused)
    answer = RedirectResponse(there, 303) if wanted(request) == "page" else Response(status_code=204)
    return lifted(request, answer)


async def prove(request: Request, password: str, *, demo: bool) -> None:
    """Return if it is whoever is signed in; else refuse in words."""
    home, who = house(request), await viewer(request)
    address = request.client.host if request.client else ""
    if demo and home.settings.demo and address in ON_THIS_MACHINE:
        return
    known = (await home.partnership()).here(who.person)
    await home.entrance.prove(known, password, address, home.clock())


def cover_page(request: Request, there: str, refused: Refused | None = None) -> Response:
    """people/cover.html: after (where to once it is lifted), problems."""
    problems: dict[str, str] = {}
    if refused is not None:
        found = refused.problems if isinstance(refused, Incomplete) else {}
        problems = {"cover-password": found.get("password", refused.message)}
    status = refused.status if refused else 200
    return page(request, "people/cover.html", status=status, after=there, problems=problems)


def covered(request: Request) -> Response:
    """The cover in place of a page that was asked for, which is shown once it is lifted."""
    query = request.scope["query_string"].decode("ascii", "replace")
    return cover_page(request, safe_next(f"{request.scope['path']}?{query}".removesuffix("?")))


def lifted(request: Request, answer: Response) -> Response:
    """The same answer, after which the screen is hidden no longer."""
    if is_covered(request):
        https = house(request).settings.https
        answer.delete_cookie(cookie(house(request)), secure=https, httponly=True, samesite="lax")
    return answer


def cookie(home: House) -> str:
    return f"{home.cookie}-covered"


routes: list[BaseRoute] = [
    Route("/session/cover", cover, methods=["POST"]),
    Route("/session/uncover", uncover, methods=["POST"]),
]
