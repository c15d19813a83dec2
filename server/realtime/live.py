"""The live side as the pages and sockets use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.huddles.queries import book_of
from server.huddles.state import HuddlesState
from server.people.sessions import Sessions
from server.realtime.cursor import Cursors
from server.realtime.node import Node
from server.realtime.rooms import Room
from server.realtime.screens import Yours
from server.record.ledger import Ledger
from server.record.store import Store


@dataclass(frozen=True)
class Live:
    """What a socket needs of the process that it came to."""

    store: Store
    ledger: Ledger
    sessions: Sessions
    cursors: Cursors
    node: Node
    yours: Yours
    clock: Callable[[], datetime]

    async def room_of(self, huddle: str, person: str) -> Room | None:
        """The room of a huddle that `person` may read; None alike for absent and not allowed."""
        book_id = await book_of(self.store, huddle)
        if book_id is None:
            return None
        room = await self.node.rooms.enter(book_id)
        if not room.audience(person, self.clock()):
            self.node.rooms.forget_empty(room)
            return None
        return room

    async def has_joined(self, room: Room, huddle: str, person: str) -> bool:
        """Whether this person joined the huddle: only then may they listen for an hour without an act."""
        state = await self.ledger.books.state(room.book, (room.book.id,))
        found = state[HuddlesState].by_id.get(huddle)
        return found is not None and person in found.present()
