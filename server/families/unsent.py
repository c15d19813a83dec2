"""Forms that keep drafts: what stands in one is saved after a pause, and offered when it is opened again.

Each page that is opened begins a form of its own, known by the key under which it will be recorded. So
nothing that was begun before is written over, what goes on in another browser is still the same form, and
once it is recorded it is a draft nowhere. No form waits long for its drafts, or fails with them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TypeVar

import msgspec
import structlog
from sqlalchemy import and_, or_, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.families.drafting import device_of, filled, keep_as
from server.families.drafts import Drafts, Kept, Place
from server.families.written import can_be_stored
from server.record.commands import Hand
from server.record.refusals import Malformed
from server.record.store import Store
from server.record.tables import command_key
from server.web.answers import UNSENT, see
from server.web.cover import came_from
from server.web.forms import Typed, fields
from server.web.house import house
from server.web.viewer import is_act

log = structlog.get_logger()

NAME = re.compile(r"[a-z][A-Za-z0-9_:.-]{0,99}")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
PATIENCE = 1.0
"""Seconds for which a form waits for its drafts."""

T = TypeVar("T")


class Sheet(msgspec.Struct, frozen=True):
    """A form that keeps drafts: whose, and in which book what has a key of it is recorded."""

    place: Place
    recorded_in: Callable[[str], str]


class Offer(msgspec.Struct, frozen=True):
    """Something that was begun. `device` names the draft; `elsewhere`: in another browser."""

    device: str
    at: datetime
    elsewhere: bool


class Unsent(msgspec.Struct, frozen=True):
    """What a form begins with: what it goes on with (`typed`, under `key`, saved `at`), or what it offers."""

    typed: Typed = {}
    key: str = ""
    at: datetime | None = None
    offers: tuple[Offer, ...] = ()


NOTHING = Unsent()


def sheet(hand: Hand, address: str) -> Sheet:
    """The form at this address, about the family of this hand."""
    return Sheet(Place(hand.who.person, hand.book, address), lambda _: hand.book)


def keeping(path: str, at: Callable[[Request], Awaitable[Sheet]]) -> Route:
    """The address at which the form at `path` is kept. `at` asks what its page asks."""

    async def draft(request: Request) -> Response:
        return await keep(request, await at(request))

    return Route(f"{path}/draft", draft, methods=["POST"])


async def keep(request: Request, form: Sheet) -> Response:
    """POST: the form as it stands. With nothing in it, or where its key was recorded: there is no draft.

    With `draft` alone, the name of one, that one is deleted: a button does it, without a script too.
    """
    sent = dict(await fields(request))
    if not all(NAME.fullmatch(name) and all(map(can_be_stored, sent[name])) for name in sent):
        raise Malformed
    key, device = (sent.pop(name, [""])[-1] for name in ("key", "draft"))
    store = house(request).store
    if device:
        await Drafts(store).let_go(form.place, device)
        return see(request, came_from(request))
    written = any(value.strip() for values in sent.values() for value in values)
    if written and not KEY.fullmatch(key):
        raise Malformed
    over = written and await recorded_of(store, form, {key})
    return await keep_as(request, form.place, f".{key}", sent if written and not over else {})


async def begun(request: Request, form: Sheet) -> Unsent:
    """What whoever opens the page began before: gone on with (`?draft=`), or offered beside the form."""
    if request.method != "GET" or not is_act(request):
        return NOTHING
    found = await in_time(not_recorded(house(request).store, form)) or []
    asked, known = request.query_params.get("draft", ""), device_of(request)
    mine = next((draft for draft in found if draft.device == asked), None)
    if mine is not None:
        unsent = Unsent(filled(mine), key_of(mine), mine.at)
    else:
        offers = (Offer(d.device, d.at, d.device.partition(".")[0] != known) for d in found)
        unsent = Unsent(offers=tuple(offers))
    request.scope[UNSENT] = unsent
    return unsent


async def recorded(request: Request, form: Sheet, key: str) -> None:
    """After the form was recorded under this key."""
    await in_time(Drafts(house(request).store).recorded(form.place, key))


async def not_recorded(store: Store, form: Sheet) -> list[Kept]:
    """The drafts of a form, the newest first, without one that was on its way as its form was recorded."""
    kept = await Drafts(store).of(form.place)
    over = await recorded_of(store, form, {key_of(draft) for draft in kept})
    return [draft for draft in kept if key_of(draft) not in over]


async def recorded_of(store: Store, form: Sheet, keys: Collection[str]) -> set[str]:
    """Which of these keys were recorded."""
    if not keys:
        return set()
    c = command_key.c
    same = (and_(c.book == form.recorded_in(k), c.author == form.place.person, c.key == k) for k in keys)
    asked = select(c.key).where(or_(*same))
    return await store.read(lambda connection: set(connection.scalars(asked)))


async def in_time(work: Awaitable[T]) -> T | None:
    """No draft is worth its form: what goes wrong with one, or takes too long, is passed over."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await work
    except Exception as error:
        log.warning("drafts.passed_over", error=type(error).__name__)
        return None


def key_of(draft: Kept) -> str:
    return draft.device.partition(".")[2]
