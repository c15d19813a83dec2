"""Who may read a stream and who holds which role in it: a fold over that one stream, and nothing else."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.record.chain import NOTHING
from server.record.facts import Admits, Bars, Ends, Entry, Grants, Lifts, Removes

EVERYONE = "*"
"""Admitted to a stream that every signed-in person reads (the partnership's)."""

ASKED = "asked"
"""The role of somebody who reads one stream of a book without reading its main: a question put to them."""

Audience = tuple[str, ...]
"""The ids of exactly the streams that somebody reads, in order of id."""

Vector = tuple[tuple[str, int], ...]
"""(stream, number of the last fact seen), in order of stream id."""

Roles = immutables.Map[tuple[str, str], frozenset[str]]


class OpenStream(msgspec.Struct, frozen=True):
    """A stream as far as it has been read: its head, its readers and the roles held in it."""

    id: str
    seq: int = 0
    hash: str = NOTHING
    at: datetime | None = None
    readers: immutables.Map[str, datetime | None] = immutables.Map()
    roles: Roles = immutables.Map()
    barred: frozenset[str] = frozenset()
    """Who reads nothing of this book, whoever admits them. Stands in its main stream."""

    def may_read(self, person: str, now: datetime) -> bool:
        if EVERYONE in self.readers:
            return True
        if person not in self.readers or person in self.barred:
            return False
        until = self.readers[person]
        return until is None or now < until

    def readers_at(self, now: datetime) -> frozenset[str]:
        return frozenset(p for p in self.readers if self.may_read(p, now))

    def holders(self, role: str, scope: str = "") -> frozenset[str]:
        return self.roles.get((role, scope), frozenset())

    def holds(self, person: str, role: str, scope: str = "") -> bool:
        return person in self.holders(role, scope)


def follow(stream: OpenStream, entry: Entry, chained: str) -> OpenStream:
    """The stream after one more entry, whose chain hash is `chained`."""
    readers, roles, barred = stream.readers, stream.roles, stream.barred
    for change in entry.fact.standing():
        match change:
            case Admits(person, until):
                readers = readers.set(person, until)
            case Removes(person):
                readers = readers.delete(person) if person in readers else readers
            case Grants(person, role, scope):
                roles = roles.set((role, scope), stream_holders(roles, role, scope) | {person})
            case Ends(person, role, scope):
                roles = roles.set((role, scope), stream_holders(roles, role, scope) - {person})
            case Bars(person):
                barred |= {person}
                readers = readers.delete(person) if person in readers else readers
            case Lifts(person):
                barred -= {person}
    return OpenStream(stream.id, entry.seq, chained, entry.at, readers, roles, barred)


def stream_holders(roles: Roles, role: str, scope: str) -> frozenset[str]:
    return roles.get((role, scope), frozenset())
