"""The pages on which the work with a family is ended, and begun again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.actions.closing import CloseFamily, ReopenFamily, owed
from server.families.pages import address, at_the_family, attempt, may, problems_of
from server.families.state import FamilyState
from server.people.permissions import MAY, NotYours
from server.record.commands import Command, Hand
from server.web.answers import page, see
from server.web.forms import Form, read_form
from server.web.house import house


async def close(request: Request) -> Response:
    """actions/close.html: see `form_page`."""
    return await answer(request, CloseFamily, "close")


async def reopen(request: Request) -> Response:
    """actions/reopen.html: see `form_page`."""
    return await answer(request, ReopenFamily, "reopen")


async def answer(request: Request, kind: type[Command], name: str) -> Response:
    hand = await at_the_family(request)
    if kind.may not in may(hand):
        raise NotYours(MAY[kind.may].otherwise)
    if request.method == "GET":
        return form_page(request, hand, name, {}, {}, house(request).new_id())
    form: Form[Command] = await read_form(request, kind)
    refused = await attempt(request, hand, form)
    if refused is None:
        return see(request, address(hand))
    return form_page(request, hand, name, form.typed, problems_of(refused), form.key, refused.status)


def form_page(
    request: Request,
    hand: Hand,
    name: str,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    key: str,
    status: int = 200,
) -> Response:
    """family (reference, name), owed (Owed: what keeps it open for the viewer), form, problems, key."""
    return page(
        request,
        f"actions/{name}.html",
        status=status,
        family={"ref": hand.state[FamilyState].reference, "name": hand.state[FamilyState].name},
        owed=owed(hand),
        form=typed,
        problems=problems,
        key=key,
    )


routes: list[BaseRoute] = [
    Route("/families/{ref}/close", close, methods=["GET", "POST"]),
    Route("/families/{ref}/reopen", reopen, methods=["GET", "POST"]),
]
