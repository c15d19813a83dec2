"""How a request is answered: a whole page, a part of one, JSON, or the address to look at next."""

from __future__ import annotations

from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from server.people.partnership import partnership_known
from server.people.state import PartnershipState
from server.web.house import house
from server.web.viewer import SEEN, wants_json

UNSENT = "huddle.unsent"
"""Where it stands in a request's scope what somebody began in this form before."""

BADGE = "huddle.badge"
"""Where it stands in a request's scope how much whoever looks owes that is late or due today."""

Wanted = Literal["page", "partial", "json"]


def wanted(request: Request) -> Wanted:
    """What the asker can use. A browser that opens a page or sends a form without a script gets pages."""
    if wants_json(request):
        return "json"
    if "hx-request" in request.headers:
        return "partial"
    navigates = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    return "page" if navigates or "text/html" in request.headers.get("accept", "") else "partial"


def render(request: Request, name: str, /, **context: Any) -> str:
    """A template, with what every page may name beside its own: who looks, where we are, the clock."""
    home = house(request)
    given: dict[str, Any] = {
        "viewer": request.scope.get(SEEN),
        "partnership_name": partnership_known(home.books).name,
        "demo": home.settings.demo,
        "here": request.scope["path"],
        "server_time": home.clock(),
        "ring": numbers(partnership_known(home.books)),
        "begun": None,
        "unsent": request.scope.get(UNSENT),
        "badge": request.scope.get(BADGE, 0),
        "form": {},
        "problems": {},
    }
    return home.templates.render(name, **(given | context))


RINGS = ("childrens_services", "police", "domestic_abuse", "community_health", "mental_health", "hospital")
"""The kinds of agency that are rung when somebody is in danger."""


def numbers(partnership: PartnershipState) -> tuple[tuple[str, str], ...]:
    """Whom to ring besides the emergency number: (agency, its number out of hours), social care first."""
    known = (a for a in partnership.agencies.values() if a.out_of_hours and a.sort in RINGS)
    ordered = sorted(known, key=lambda a: (RINGS.index(a.sort), a.name))
    return tuple((agency.name, agency.out_of_hours) for agency in ordered)


def page(request: Request, name: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page. Ask `viewer(request)` first where somebody must be signed in."""
    return HTMLResponse(render(request, name, **context), status)


def page_or_partial(
    request: Request, whole: str, part: str, /, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """The part alone for a script that asks for it, else the page that it stands in."""
    return page(request, whole if wanted(request) == "page" else part, status=status, **context)


def see(request: Request, address: str) -> Response:
    """After something was done: look there. A script is told so without a body."""
    if wanted(request) == "page":
        return RedirectResponse(address, 303)
    return Response(status_code=204, headers={"HX-Location": address})


def safe_next(address: str) -> str:
    """`address` if it is a path of ours, else the home page: nobody is sent elsewhere by a link to us."""
    plain = address.isprintable() and " " not in address and "\\" not in address
    local = address.startswith("/") and not address.startswith("//")
    elsewhere = address.startswith(("/sign-in", "/sign-out", "/welcome"))
    return address if plain and local and not elsewhere else "/"
