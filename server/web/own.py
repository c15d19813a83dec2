"""`/me.css`: what shows a person their own controls in markup that is the same for everybody.

The server refuses what is not theirs whether it is shown or not.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.web.viewer import viewer

PLAIN = re.compile(r"[A-Za-z0-9_-]+")


async def own(request: Request) -> Response:
    """The sheet of whoever looks."""
    person = (await viewer(request)).person
    rule = f'.own[data-author="{person}"] {{ display: revert; }}\n' if PLAIN.fullmatch(person) else ""
    return Response(rule, media_type="text/css")


routes: list[BaseRoute] = [Route("/me.css", own, methods=["GET"])]
