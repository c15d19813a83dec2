"""Whoever has not been in the room for five minutes is noted as away, once, by a fact of the system."""

from __future__ import annotations

import asyncio
import time

import structlog

from server.huddles.commands import NoteAbsence
from server.huddles.state import Huddle, HuddlesState
from server.realtime.node import Node
from server.realtime.rooms import Room
from server.record.books import Books
from server.record.commands import THE_SYSTEM
from server.record.ledger import Ledger
from server.record.store import is_outage

log = structlog.get_logger()

LOOK_EVERY = 20.0
AWAY_AFTER = 300.0


class Absences:
    """Watches the rooms of this node. Only those that joined live can be away."""

    def __init__(self, node: Node, books: Books, ledger: Ledger) -> None:
        self._node = node
        self._books = books
        self._ledger = ledger
        self._missing: dict[tuple[str, str], float] = {}

    async def watch(self) -> None:
        """Look every twenty seconds, for ever. Without word from other nodes nobody counts as away."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not self._node.doorbell.healthy:
                self._missing.clear()
                continue
            try:
                await self.look(time.monotonic())
            except Exception as error:
                if not is_outage(error):
                    log.exception("absences.failed")

    async def look(self, now: float) -> None:
        """Note who has been missing for long enough at `now`, seconds of a steady clock."""
        missing: dict[tuple[str, str], float] = {}
        for room in self._node.rooms.occupied():
            state = await self._books.state(room.book, (room.book.id,))
            for huddle in state[HuddlesState].by_id.values():
                for person in self._away(room, huddle):
                    since = self._missing.get((huddle.id, person), now)
                    missing[huddle.id, person] = since
                    if now - since >= AWAY_AFTER:
                        await self._note(room, huddle, person)
        self._missing = missing

    def _away(self, room: Room, huddle: Huddle) -> list[str]:
        live = [p.person for p in huddle.participants.values() if p.left is None and p.mode == "live"]
        here = self._node.presence.here(huddle.id, live)
        return [person for person in live if person not in here]

    async def _note(self, room: Room, huddle: Huddle, person: str) -> None:
        joined = huddle.participants[person].joined
        key = f"away:{huddle.id}:{person}:{joined.isoformat()}"
        command = NoteAbsence(huddle=huddle.id, person=person)
        await self._ledger.record(room.book.id, command, THE_SYSTEM, key=key)
