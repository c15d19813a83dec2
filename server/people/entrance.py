"""Coming in and choosing a password: the whole way, the same for every page, program and test."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.people import credentials, links, signed_in
from server.people.credentials import Credentials, password_problem
from server.people.links import Links
from server.people.practitioners import Practitioner
from server.people.session import Session, new_session
from server.people.sessions import Sessions
from server.people.state import PartnershipState
from server.people.throttle import Throttle
from server.record.refusals import Incomplete, NotFound
from server.record.store import Store

NO_MATCH = "The email address and password do not match. Check both, then try again"
"""Said of a wrong password, an unknown address and somebody who left alike."""


class Entrance:
    """Lets people in. `sessions` and the rest stand in the same database, `store`."""

    def __init__(
        self, store: Store, throttle: Throttle, known: Credentials, handed_out: Links, begun: Sessions
    ) -> None:
        self._store = store
        self._throttle = throttle
        self._credentials = known
        self._links = handed_out
        self._sessions = begun

    async def sign_in(
        self, state: PartnershipState, email: str, password: str, address: str, now: datetime
    ) -> Session:
        """A session for whoever gives the right password. Whoever doesn't learns nothing about accounts."""
        if problems := missing(email=email, password=password):
            raise Incomplete(**problems)
        await self._throttle.attempt(email, address, now)
        found = state.by_email(email)
        if not await self._credentials.check(found.person if found else None, password, now) or not found:
            raise Incomplete(password=NO_MATCH)
        await self._throttle.succeeded(email, address)
        return await self._sessions.begin(found.person, now)

    async def again(
        self, who: Practitioner | None, password: str, address: str, now: datetime, *, named: str = ""
    ) -> Session:
        """A new session for somebody who was here a moment ago and whose page is still open.

        `who` is None where a page named (`named`) nobody who works here: like a wrong password.
        """
        await self.prove(who, password, address, now, named=named)
        if who is None:
            raise NotFound
        return await self._sessions.begin(who.person, now)

    async def prove(
        self, who: Practitioner | None, password: str, address: str, now: datetime, *, named: str = ""
    ) -> None:
        """Return if this is their password; else refuse in words. Every attempt counts."""
        if not password:
            raise Incomplete(password="Enter your password")  # noqa: S106  # words, no password
        account = who.email if who else named
        await self._throttle.attempt(account, address, now)
        if not await self._credentials.check(who.person if who else None, password, now) or who is None:
            raise Incomplete(password="That is not your password. Check it, then try again")  # noqa: S106  # words
        await self._throttle.succeeded(account, address)

    async def choose_password(
        self, state: PartnershipState, token: str, password: str, now: datetime
    ) -> Session:
        """Use a one-time link: its person has this password, is signed out everywhere, and comes in."""
        who = state.here(await self._links.look(token, now))
        if who is None:
            raise NotFound
        if words := password_problem(password):
            raise Incomplete(password=words)
        hash = await self._credentials.hash(password)
        session = new_session(who.person, now)

        def change(connection: Connection) -> None:
            links.use(connection, token, now)
            credentials.put(connection, who.person, hash, now)
            signed_in.end_all(connection, who.person, now)
            signed_in.begin(connection, session)

        await self._store.write(change)
        await self._sessions.told_all(who.person)
        return session


def missing(email: str, password: str) -> dict[str, str]:
    asked = {
        "email": not email.strip() and "Enter your email address",
        "password": not password and "Enter your password",
    }
    return {field: words for field, words in asked.items() if words}
