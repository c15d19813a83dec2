"""Drafts as pages know them: the box is saved after a pause, and filled again when it is opened."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.families.drafts import Drafts, Fields, Kept, Place
from server.families.knowledge import Contribute
from server.families.state import FamilyState
from server.families.written import can_be_stored
from server.record.commands import Hand
from server.record.refusals import Malformed
from server.record.store import Store, is_outage
from server.web.fields import PARTS
from server.web.forms import Typed, fields
from server.web.house import House, house
from server.web.templates import iso
from server.web.viewer import is_act

log = structlog.get_logger()

DEVICE = re.compile(r"[A-Za-z0-9_-]{16,32}")
PRESENTING = ".presenting"
"""What is begun while presenting is kept beside what was begun before, which may be for named people."""
ON_ITS_WAY = timedelta(minutes=1)
DEVICE_LASTS = 400 * 24 * 3600

OF_THE_BOX = frozenset(Contribute.__struct_fields__) | {"audience"}
SEVERAL = frozenset({"named", "about", "rests_on"})
"""Fields that may have several values."""


class Begun(msgspec.Struct, frozen=True):
    """What the box begins with. `device` is another browser's whose newer draft is offered."""

    typed: Typed
    at: datetime | None = None
    device: str = ""
    device_at: datetime | None = None


NOTHING = Begun({})


async def keep(request: Request, hand: Hand, huddle: str) -> Response:
    """POST: the box as it stands. Empty: there is no draft. Answers when it was saved."""
    sent = await fields(request)
    sent.pop("key", None)
    for name, values in sent.items():
        base, _, part = name.partition("-")
        if not (name in OF_THE_BOX or (base in OF_THE_BOX and part in PARTS)):
            raise Malformed
        if not all(can_be_stored(value) for value in values):
            raise Malformed
    written = sent if sent.get("text", [""])[-1].strip() else {}
    beside = PRESENTING if "presenting" in request.query_params else ""
    return await keep_as(request, place_of(hand, huddle), beside, written)


async def keep_as(request: Request, place: Place, beside: str, sent: Fields) -> Response:
    """Keep what was `sent` as this browser's own, `beside` what else it keeps there. Nothing: no draft."""
    home = house(request)
    drafts, now = Drafts(home.store), home.clock()
    known = device_of(request) or secrets.token_urlsafe(16)
    device = known + beside
    if not sent:
        await drafts.let_go(place, device)
        return Response(status_code=204)
    await drafts.keep(place, device, sent, now)
    answer = JSONResponse({"saved_at": iso(now)})
    if device_of(request) != known:
        cookie, https = device_cookie(home), home.settings.https
        answer.set_cookie(cookie, known, DEVICE_LASTS, secure=https, httponly=True, samesite="lax")
    return answer


async def begun(request: Request, hand: Hand, huddle: str, *, presenting: bool = False) -> Begun:
    """What the box begins with when somebody opens the page; nothing when a script fetches it again.

    While they present: not what was written for named people.
    """
    if request.method != "GET" or not is_act(request):
        return NOTHING
    kept = await Drafts(house(request).store).of(place_of(hand, huddle))
    found = [draft for draft in kept if not was_sent(draft, hand)]
    if presenting:
        found = [d for d in found if d.fields.get("audience") != ["named"]]
    asked, known = request.query_params.get("draft", ""), device_of(request)
    own = (known, known + PRESENTING) if presenting else (known,)
    mine = next((d for d in found if (d.device == asked if asked else d.device in own)), None)
    other = next((d for d in found if d is not mine and d.device not in own), None)
    if other is not None and mine is not None and other.at < mine.at:
        other = None
    box = Begun(filled(mine), mine.at) if mine else NOTHING
    return msgspec.structs.replace(box, device=other.device, device_at=other.at) if other else box


def was_sent(draft: Kept, hand: Hand) -> bool:
    """Whether its author's own line stands in the record already: the draft was on its way at that moment."""
    return any(
        hand.who.person in (fragment.author, fragment.recorded_by)
        and fragment.at >= draft.at - ON_ITS_WAY
        and fragment.said.text.startswith(draft.text)
        for fragment in hand.state[FamilyState].fragments.by_ref.values()
    )


async def sent(store: Store, place: Place, text: str) -> None:
    """After what somebody wrote was recorded. That a draft stays is no reason to say that it was not."""
    try:
        await Drafts(store).sent(place, text)
    except Exception as error:
        if not is_outage(error):
            raise
        log.warning("drafts.not_let_go", error=type(error).__name__)


def filled(draft: Kept) -> Typed:
    return {name: list(v) if name in SEVERAL else v[-1] for name, v in draft.fields.items() if v}


def place_of(hand: Hand, huddle: str) -> Place:
    return Place(hand.who.person, hand.book, form_of(huddle))


def form_of(huddle: str) -> str:
    return f"contribute {huddle}".strip()


def device_of(request: Request) -> str:
    """The browser that asks, by a random name that it was given with its first draft."""
    known = request.cookies.get(device_cookie(house(request)), "")
    return known if DEVICE.fullmatch(known) else ""


def device_cookie(home: House) -> str:
    return f"{home.cookie}-device"
