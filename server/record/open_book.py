"""One book as far as a node has read it: heads, standing, a bounded tail, and the state of each audience."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime

import structlog

from server.record.facts import Entry
from server.record.reading import Chained
from server.record.state import Parts, State
from server.record.streams import ASKED, Audience, OpenStream, Vector, follow

log = structlog.get_logger()

TAIL = 2000
"""How many of a book's newest entries a node keeps in memory."""

VIEWS = 16
"""How many audiences' states a node keeps for one book."""


class OpenBook:
    """One book as far as this node has read it."""

    def __init__(self, id: str, parts: Parts) -> None:
        self.id = id
        self.version = 0
        self.streams: dict[str, OpenStream] = {}
        self.tail: deque[Entry] = deque(maxlen=TAIL)
        self.all: list[Entry] | None = None
        """Everything, from when it was opened until the first state is folded from it."""
        self.turn = asyncio.Lock()
        self.followed = 0
        """How many rooms of this node follow it: while any does, it stays open."""
        self._parts = parts
        self._views: dict[Audience, State] = {}
        self._audiences: dict[str, Audience] = {}
        """Of those whose reading has no end set, for as long as no stream's readers change."""

    @property
    def main(self) -> OpenStream:
        return self.streams.get(self.id) or OpenStream(self.id)

    def audience(self, person: str, now: datetime) -> Audience:
        """The streams that `person` may read at `now`: without main, only the questions put to them."""
        known = self._audiences.get(person)
        if known is not None:
            return known
        if person in self.main.barred:
            return ()
        team = self.main.may_read(person, now)
        audience: Audience = tuple(
            sorted(
                s.id
                for s in self.streams.values()
                if s.may_read(person, now) and (team or s.holds(person, ASKED))
            )
        )
        if not any(s.readers.get(person) for s in self.streams.values()):
            self._audiences[person] = audience
        return audience

    def heads(self, audience: Audience) -> Vector:
        return tuple((id, self.streams[id].seq if id in self.streams else 0) for id in audience)

    def follow(self, chained: Sequence[Chained]) -> bool:
        """Take in entries that follow on. False, and nothing taken, if there is a hole before them."""
        news = [c for c in chained if c.entry.position > self.version]
        if news and news[0].entry.position != self.version + 1:
            return False
        for entry, hash in news:
            known = self.streams.get(entry.stream) or OpenStream(entry.stream)
            after = self.streams[entry.stream] = follow(known, entry, hash)
            if after.readers is not known.readers or after.barred is not known.barred:
                self._audiences.clear()
            self.tail.append(entry)
            if self.all is not None:
                self.all.append(entry)
            self.version = entry.position
        for audience in list(self._views):
            own = [c.entry for c in news if c.entry.stream in audience]
            if own:
                self._fold(audience, own)
        return True

    def _fold(self, audience: Audience, own: Sequence[Entry]) -> None:
        """A view that cannot be folded further is dropped: it must not go on without a fact."""
        try:
            self._views[audience] = self._views[audience].after(own)
        except Exception:
            log.exception("book.fold_failed", book=self.id.partition(":")[0])
            del self._views[audience]

    def in_tail(self, audience: Audience, after: int) -> list[Entry] | None:
        """The audience's entries past position `after`, or None if the tail does not reach back so far."""
        if self.all is not None:
            return [e for e in self.all if e.position > after and e.stream in audience]
        oldest = self.tail[0].position if self.tail else self.version + 1
        if after + 1 < oldest:
            return None
        return [e for e in self.tail if e.position > after and e.stream in audience]

    def recent(self, audience: Audience, seen: Vector) -> list[Entry] | None:
        """The entries past a number in each stream out of the tail, or None if it is too short.

        Costs what is missing, not what is kept.
        """
        reached = dict(seen)
        missing = sum(self.streams[id].seq - reached[id] for id in audience)
        found: list[Entry] = []
        for entry in reversed(self.tail):
            if len(found) == missing:
                break
            if entry.stream in reached and entry.seq > reached[entry.stream]:
                found.append(entry)
        return found[::-1] if len(found) == missing else None

    def newest(self, seen: Vector, most: int) -> list[Entry] | None:
        """The newest `most` entries up to a number in each stream out of the tail, or None."""
        reached = dict(seen)
        found: list[Entry] = []
        for entry in reversed(self.tail):
            if len(found) == most:
                break
            if entry.seq <= reached.get(entry.stream, 0):
                found.append(entry)
        whole = not self.tail or self.tail[0].position == 1
        return found[::-1] if len(found) == most or whole else None

    def known_state(self, audience: Audience) -> State | None:
        """The state of an audience, if it is kept; the ones last asked for are."""
        if audience not in self._views:
            return None
        self._views[audience] = self._views.pop(audience)
        return self._views[audience]

    def keep_state(self, audience: Audience, entries: Sequence[Entry]) -> State:
        """Fold the state of an audience from all of its entries, and keep it."""
        while len(self._views) >= VIEWS:
            self._views.pop(next(iter(self._views)))
        state = self._parts.empty().after(entries)
        self.all = None
        self._views[audience] = state
        return state
