"""What is said when something was refused or went wrong: words of the domain, mapped to a status once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import structlog
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from server.record.refusals import (
    Incomplete,
    Malformed,
    NotFound,
    Reauth,
    Refused,
    TooFast,
    TooLarge,
    Unavailable,
)
from server.record.store import is_outage
from server.web.answers import page, wanted
from server.web.forms import fields
from server.web.viewer import viewer_or_none

log = structlog.get_logger()

SERVICE = (
    "Try again later. Lines marked Saved are safe.",
    "In an emergency call 999 or use your agency's out-of-hours number.",
)
SERVICE_TITLE = "Sorry, there is a problem with the service"
BARE = (
    f"<!doctype html><html lang=en-GB><meta charset=utf-8><title>{SERVICE_TITLE}</title>"
    f"<h1>{SERVICE_TITLE}</h1><p>{SERVICE[0]}</p><p>{SERVICE[1]}</p>"
)
"""What is left to say when not even a template can be rendered."""

TITLES = {
    400: "This could not be read",
    401: "Sign in again",
    403: "This is for somebody else to do",
    404: "Page not found",
    405: "Page not found",
    409: "This was not recorded",
    413: "This is too long",
    422: "There is a problem",
    429: "Wait a moment",
    503: SERVICE_TITLE,
}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


async def refused(request: Request, error: Exception) -> Response:
    """A refusal in words. What was typed comes back; whoever is signed out is sent to sign in."""
    refusal = error if isinstance(error, Refused) else Refused()
    kind = wanted(request)
    if kind == "json":
        return JSONResponse(in_json(refusal), refusal.status)
    if kind == "partial":
        words = Markup('<p class="problem" role="alert">{}</p>').format(said(refusal))
        return HTMLResponse(words, refusal.status)
    if isinstance(refusal, Reauth) and request.method == "GET":
        return RedirectResponse(f"/sign-in?{urlencode({'next': address_of(request)})}", 303)
    if refusal.leads_to and request.method == "GET":
        return RedirectResponse(refusal.leads_to, 303)
    return await error_page(request, refusal)


async def not_served(request: Request, error: Exception) -> Response:
    """What the router itself refuses, in the same words as we do."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {404: NotFound, 405: NotFound, 413: TooLarge, 429: TooFast, 503: Unavailable}
    return await refused(request, known.get(status, Malformed)())


async def failed(request: Request, error: Exception) -> Response:
    """Nobody foresaw this: the numbers to ring, and nothing of what went wrong."""
    log.error("web.failed", error=type(error).__name__, outage=is_outage(error), exc_info=error)
    status = 503 if is_outage(error) else 500
    if wanted(request) == "json":
        return JSONResponse({"code": "unavailable", "message": f"{SERVICE_TITLE}. {SERVICE[0]}"}, status)
    try:
        context = {"title": SERVICE_TITLE, "words": SERVICE, "typed": await typed(request)}
        return page(request, "web/error.html", status=status, **context)
    except Exception:
        log.exception("web.error_page_failed")
        return HTMLResponse(BARE, status)


async def error_page(request: Request, refusal: Refused) -> Response:
    title = TITLES.get(refusal.status, SERVICE_TITLE)
    words = said(refusal).removeprefix(f"{title}. ")
    try:
        await viewer_or_none(request)
        context = {"title": title, "words": words, "typed": await typed(request)}
        return page(request, "web/error.html", status=refusal.status, **context)
    except Exception as error:
        return await failed(request, error)


async def typed(request: Request) -> Mapping[str, str]:
    """What was sent with the form that was refused, so that it is not lost. Never a password."""
    if request.method not in UNSAFE:
        return {}
    try:
        sent = await fields(request)
    except Exception:
        return {}
    return {name: "\n".join(values) for name, values in sent.items() if name not in ("password", "key")}


def said(refusal: Refused) -> str:
    """The words on one line, as they are read."""
    return " ".join(refusal.message.split())


def in_json(refusal: Refused) -> dict[str, Any]:
    problems = {"problems": refusal.problems} if isinstance(refusal, Incomplete) else {}
    return {"code": refusal.code, "message": said(refusal), **problems}


def address_of(request: Request) -> str:
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"{request.scope['path']}?{query}".removesuffix("?")


HANDLERS: dict[Any, Any] = {
    Refused: refused,
    HTTPException: not_served,
    Exception: failed,
}
"""For `Starlette(exception_handlers=…)`."""
