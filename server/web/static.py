"""Style sheets and scripts: named in pages by their content, so that a browser keeps them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.web.scripts import joined

FOR_EVER = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"
"""Kept, and asked each time whether it is still the same."""


class Static(StaticFiles):
    """The files of a folder, and how long each may be kept: for ever under the name of its content alone.

    While two nodes are of different versions, one is asked for the file of the other: what it has itself is
    then not kept under that name.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self._folder = folder

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        file = self._folder / path
        if answer.status_code == 200 and is_script(file):
            answer = Response(joined(file), media_type="text/javascript")
        if answer.status_code < 400:
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("v")
            answer.headers["Cache-Control"] = FOR_EVER if asked == [name_of(file)] else ASKED_AGAIN
        return answer


def address(folder: Path, path: str) -> str:
    """The address of a file, which changes when its content does."""
    return f"/static/{path}?v={name_of(folder / path)}"


def is_script(file: Path) -> bool:
    """Whether it is a module of ours, not one of those that others wrote."""
    return file.suffix == ".js" and file.parent.name != "vendor"


@cache
def name_of(file: Path) -> str:
    """Twelve hexadecimal digits for what a browser gets under this name."""
    content = joined(file).encode() if is_script(file) else file.read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]
