"""For whoever cannot sign in: `/sign-in/link` asks for an email address, and answers everybody alike."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.people import asking
from server.people.throttle import Slower
from server.people.words import email_from
from server.record.refusals import NotFound
from server.web.answers import page, see
from server.web.forms import fields
from server.web.house import house
from server.web.sign_in import address, said

FORMAT = "Enter an email address in the correct format, like name@example.com"


async def form(request: Request) -> Response:
    """people/forgotten.html: mails (whether links can be sent), asked (whether one was), form, problems."""
    return forgotten_page(request, "", "")


async def ask(request: Request) -> Response:
    """Note it, and say the same whether or not the address is known here. The sweep does the rest."""
    home, now = house(request), house(request).clock()
    if not home.settings.mails:
        raise NotFound
    email = said(await fields(request), "email")
    if not email_from(email):
        return forgotten_page(request, email, FORMAT if email.strip() else "Enter your work email", 422)
    try:
        await home.throttle.attempt(email, address(request), now, "link")
    except Slower as refused:
        return forgotten_page(request, email, refused.message, refused.status)
    await home.store.write(lambda connection: asking.ask(connection, email, now))
    return see(request, "/sign-in/link?asked")


def forgotten_page(request: Request, email: str, problem: str, status: int = 200) -> Response:
    return page(
        request,
        "people/forgotten.html",
        status=status,
        mails=house(request).settings.mails,
        asked="asked" in request.query_params,
        form={"email": email},
        problems={"email": problem} if problem else {},
    )


routes: list[BaseRoute] = [
    Route("/sign-in/link", form, methods=["GET"]),
    Route("/sign-in/link", ask, methods=["POST"]),
]
