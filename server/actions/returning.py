"""Back to the page from which an action was answered, where that page shows the action's forms itself.

A form says so by `back`. Only an address that a room above has named for this is ever taken, letter for
letter: nobody is sent elsewhere by a form.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.web.forms import fields

BACK = frozenset({"back"})
"""The field beside a command's own."""


class Unanswered(msgspec.Struct, frozen=True):
    """A form about an action that was refused: which, everything that was typed, and what is wrong."""

    action: str
    form: str
    typed: Mapping[str, Any]
    problems: Mapping[str, str]
    key: str


Backs = Mapping[str, Callable[[Request, Unanswered], Awaitable[Response]]]
"""Address → the page there, which shows what was refused in its own place."""


async def came_from(request: Request) -> str:
    """The address to go back to; empty where the action's own page answers."""
    asked = (await fields(request)).get("back", [""])[-1]
    return asked if asked in backs(request) else ""


def backs(request: Request) -> Backs:
    known: Backs = getattr(request.app.state, "backs", {})
    return known
