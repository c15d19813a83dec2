"""The demonstration's postbox: what would have left by mail, to be read by whoever tries it out.

It asks nobody who they are: each mail says how much is waiting, and nothing of a family.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.chasing.gathering import Allowed, waiting
from server.chasing.hours import at_work
from server.chasing.postbox import Kept, Postbox
from server.deadlines.tables import deadline
from server.demo.moving import clock_of, next_due, swept_since
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.refusals import NotFound
from server.web.answers import page, safe_next
from server.web.house import House, house
from server.web.templates import clock_words, day_words
from server.web.viewer import viewer_or_none

MOST = 200
LINK = re.compile(r"https?://[^\s<>\"]+")
A = Markup('<a href="{0}">{0}</a>')
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


async def post(request: Request) -> Response:
    """GET /demo/post"""
    return await shown(request, None)


async def opened(request: Request) -> Response:
    """GET /demo/post/{mail}"""
    mail = await Postbox(house(request).store).one(request.path_params["mail"])
    if mail is None:
        raise NotFound
    return await shown(request, mail)


async def shown(request: Request, mail: Kept | None) -> Response:
    await viewer_or_none(request)
    home = house(request)
    state = await home.partnership()
    newest = await Postbox(home.store).newest(MOST + 1, besides=own(home))
    return page(
        request,
        "demo/post.html",
        mails=[row(each, state) for each in newest[:MOST]],
        more=len(newest) > MOST,
        mail=None if mail is None else letter(mail, state, home),
        leaves=home.settings.smtp_url is not None,
        time=await time_view(home, state),
    )


def row(mail: Kept, state: PartnershipState) -> dict[str, Any]:
    """A mail as it stands in the list."""
    who = addressee(mail, state)
    return {
        "name": mail.name,
        "to": mail.to if who is None else who.name,
        "at": mail.at.astimezone(state.zone),
        "subject": mail.subject,
    }


def letter(mail: Kept, state: PartnershipState, home: House) -> dict[str, Any]:
    """A mail as it is read, with who may step into the part of whom it is for."""
    who = addressee(mail, state)
    link = next(iter(links(mail.text, home.settings.base_url)), "")
    there = safe_next(link.removeprefix(base(home.settings.base_url)))
    return row(mail, state) | {
        "address": mail.to,
        "text": with_links(mail.text, home.settings.base_url),
        "person": "" if who is None or there == "/" else who.person,
        "leads_to": there,
    }


def addressee(mail: Kept, state: PartnershipState) -> Practitioner | None:
    return next((who for who in state.everyone_here() if who.email == mail.to), None)


def with_links(text: str, base_url: str) -> Markup:
    """The text as it was written; what leads to this service can be followed, and nothing else."""
    ours = links(text, base_url)
    parts, end = [], 0
    for found in LINK.finditer(text):
        if found[0] in ours:
            parts += [Markup.escape(text[end : found.start()]), A.format(found[0])]
            end = found.end()
    return Markup().join([*parts, Markup.escape(text[end:])])


def links(text: str, base_url: str) -> list[str]:
    return [link for link in LINK.findall(text) if link.startswith(base(base_url) + "/")]


def base(base_url: str) -> str:
    return base_url.rstrip("/")


async def time_view(home: House, state: PartnershipState) -> dict[str, Any]:
    """What the clock shows, how it came there, and what came of that."""
    clock, now = clock_of(home), home.clock()
    local = now.astimezone(state.zone)
    due = await next_due(home)
    return {
        "now": said(local),
        "ahead": span(clock.by),
        "moved": clock.moved_at and said(clock.moved_at.astimezone(state.zone)),
        "swept": await swept_since(home.store, clock.moved_at),
        "sent": await sent_since(home, clock.moved_at) if clock.moved_at else 0,
        "wait": 0 if at_work(local, state.nation) else await waiting_for_morning(home, now),
        "queued": await queued(home),
        "due": due and said(due.astimezone(state.zone)),
    }


async def sent_since(home: House, moved: datetime) -> int:
    return await Postbox(home.store).sent_since(moved, besides=own(home))


def own(home: House) -> str:
    """Where the service's own daily test reminder goes, which tells nobody who tries it out anything."""
    return home.settings.canary_to or home.settings.mail_from


async def waiting_for_morning(home: House, now: datetime) -> int:
    """How many people there are to whom something will be written once they are at work."""
    allowed = Allowed(anything=True, digests=False)
    rows = await home.store.read(lambda connection: waiting(connection, allowed))
    return len({row.person for row in rows})


async def queued(home: House) -> int:
    """How much has climbed to the end of its ladder, and waits for somebody to settle it by name."""
    query = select(func.count()).select_from(deadline).where(deadline.c.queued_at.is_not(None))
    return int(await home.store.read(lambda connection: connection.execute(query).scalar_one()))


def said(local: datetime) -> str:
    """Thursday 19 March 2026, 2:40pm"""
    return f"{local:%A} {day_words(local.date())}, {clock_words(local)}"


def span(by: timedelta) -> str:
    """6 days and 2 hours; empty for less than a minute."""
    left, parts = int(by.total_seconds()), []
    for word, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {word}{'' if count == 1 else 's'}")
    return " and ".join(parts[:2])


routes: list[BaseRoute] = [
    Route("/demo/post", post, methods=["GET"]),
    Route("/demo/post/{mail}", opened, methods=["GET"]),
]
