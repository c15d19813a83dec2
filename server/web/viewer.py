"""Who looks: the person behind a cookie, as their session's row and the partnership's record say."""

from __future__ import annotations

from datetime import datetime

import msgspec
from starlette.requests import HTTPConnection

from server.people.session import Session
from server.people.sessions import WRITE_EVERY
from server.people.state import PartnershipState
from server.record.commands import Actor
from server.record.refusals import Reauth
from server.web.house import House, house

SEEN = "huddle.viewer"
"""Where the answer stands in a request's scope, so that it is asked once for each request."""


class Viewer(msgspec.Struct, frozen=True):
    """Somebody who is signed in and works here."""

    person: str
    agency: str
    sid: str
    name: str
    initials: str
    job_title: str
    agency_name: str
    agency_short: str
    roles: frozenset[str] = frozenset()

    @property
    def actor(self) -> Actor:
        return Actor(self.person, self.agency)


async def viewer(connection: HTTPConnection) -> Viewer:
    """Who looks, or `Reauth`. To open a page or send a form is an act; what a page asks for itself is not."""
    if SEEN not in connection.scope:
        home = house(connection)
        now = home.clock()
        session = await session_of(connection, home, now)
        seen = viewer_in(await home.partnership(), session)
        if is_act(connection) and now - session.last_act_at >= WRITE_EVERY:
            await home.sessions.act(session.sid, now)
        connection.scope[SEEN] = seen
    found: Viewer = connection.scope[SEEN]
    return found


async def viewer_or_none(connection: HTTPConnection) -> Viewer | None:
    """Who looks, or None where that is nobody."""
    try:
        return await viewer(connection)
    except Reauth:
        return None


async def session_of(connection: HTTPConnection, home: House, now: datetime) -> Session:
    """The session that the cookie names, if its row says that it holds."""
    claims = home.tokens.read(connection.cookies.get(home.cookie, ""), now)
    session = await home.sessions.look(claims.sid, now)
    if session.person != claims.sub:
        raise Reauth
    return session


def viewer_in(state: PartnershipState, session: Session) -> Viewer:
    """The person of a session, as the record knows them. Who no longer works here is nobody."""
    who = state.here(session.person)
    agency = state.agency_of(session.person)
    if who is None or agency is None:
        raise Reauth
    return Viewer(
        who.person,
        who.agency,
        session.sid,
        who.name,
        who.initials,
        who.job_title,
        agency.name,
        agency.short,
        frozenset(who.roles),
    )


def is_act(connection: HTTPConnection) -> bool:
    """Whether somebody did this, rather than their open page for itself."""
    if connection.scope["type"] != "http":
        return False
    if connection.scope["method"] not in ("GET", "HEAD"):
        return True
    return connection.headers.get("sec-fetch-mode", "navigate") == "navigate" and not behind(connection)


def behind(connection: HTTPConnection) -> bool:
    """Whether a script asks: for a part of a page, or for JSON."""
    return "hx-request" in connection.headers or wants_json(connection)


def wants_json(connection: HTTPConnection) -> bool:
    accepted = connection.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted
