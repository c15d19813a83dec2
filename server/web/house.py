"""Everything that the web application holds, as one value: what a page reaches for stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from starlette.requests import HTTPConnection

from server.people.credentials import Credentials
from server.people.entrance import Entrance
from server.people.links import Links
from server.people.partnership import partnership, partnership_known
from server.people.sessions import Sessions
from server.people.state import PartnershipState
from server.people.throttle import Throttle
from server.people.tokens import Tokens
from server.record.books import Books
from server.record.ledger import Ledger
from server.record.store import Store
from server.settings import Settings
from server.web.templates import Templates


@dataclass(frozen=True)
class House:
    """The parts of one running application. Made once, in the composition root (`furnish`)."""

    settings: Settings
    store: Store
    books: Books
    ledger: Ledger
    sessions: Sessions
    throttle: Throttle
    credentials: Credentials
    links: Links
    tokens: Tokens
    templates: Templates
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    @property
    def entrance(self) -> Entrance:
        return Entrance(self.store, self.throttle, self.credentials, self.links, self.sessions)

    @property
    def cookie(self) -> str:
        """`__Host-` binds the cookie to this host and to https; plain http is for one's own machine only."""
        return "__Host-huddle" if self.settings.https else "huddle"

    async def partnership(self) -> PartnershipState:
        """Agencies, people and roles as they stand."""
        return await partnership(self.books)


def furnish(
    settings: Settings,
    store: Store,
    books: Books,
    ledger: Ledger,
    *,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    templates: Templates | None = None,
) -> House:
    """A house over an open record, with the services about people that stand beside it."""
    return House(
        settings=settings,
        store=store,
        books=books,
        ledger=ledger,
        sessions=Sessions(store, clock),
        throttle=Throttle(store),
        credentials=Credentials(store),
        links=Links(store),
        tokens=Tokens(settings.secret_key.get_secret_value().encode(), settings.base_url),
        templates=templates or Templates(lambda: partnership_known(books).zone),
        clock=clock,
        new_id=new_id,
    )


def house(connection: HTTPConnection) -> House:
    """The house in which a request or a socket is answered."""
    return cast(House, connection.app.state.house)
