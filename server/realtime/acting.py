"""A message becomes what was recorded, or why not: the same by a socket and by a request."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.families.drafting import form_of, sent
from server.families.drafts import Place
from server.realtime import acts
from server.realtime.live import Live
from server.realtime.rooms import Room
from server.record.refusals import Malformed, NotFound, Refused, TooFast
from server.web.forms import body
from server.web.viewer import Viewer, viewer


async def acted(request: Request) -> Response:
    """POST /huddles/{id}/acts: one message, as it would go up the socket, answered as there."""
    side: Live = request.app.state.live
    who, huddle = await viewer(request), request.path_params["id"]
    room = await side.room_of(huddle, who.person)
    if room is None:
        raise NotFound
    said = acts.Said("")
    try:
        if not side.node.asked.take(who.sid):
            raise TooFast
        said = acts.read((await body(request, "application/json")).decode())
        saved = await recorded(side, room, huddle, who, said)
        await no_draft(side, room, huddle, who, said)
        return JSONResponse(saved)
    except UnicodeError:
        raise Malformed from None
    except Refused as refused:
        if not said.key:
            raise
        return JSONResponse(not_recorded(said.key, refused), refused.status)
    finally:
        side.node.rooms.forget_empty(room)


async def recorded(side: Live, room: Room, huddle: str, who: Viewer, said: acts.Said) -> dict[str, Any]:
    """Do it, and say where it stands. The caller has asked whether the session holds."""
    command = acts.command(said, huddle)
    receipt = await side.ledger.record(room.book.id, command, who.actor, key=said.key)
    return {
        "type": "saved",
        "key": said.key,
        "stream": receipt.stream,
        "seq": receipt.seq,
        "replayed": receipt.replayed,
    }


async def no_draft(side: Live, room: Room, huddle: str, who: Viewer, said: acts.Said) -> None:
    """What was recorded is no draft any more."""
    if said.draft:
        await sent(side.store, Place(who.person, room.book.id, form_of(huddle)), str(said.body["text"]))


def not_recorded(key: str, refused: Refused) -> dict[str, Any]:
    return {"type": "refused", "key": key, "code": refused.code, "message": refused.message}
