"""Who is in the room and who is writing: told between nodes under random names, gone by itself.

Redis sees a random room, a random seat and an expiry. Both are keyed hashes that only the nodes of this
installation can make, so no person and no family is in them. No command depends on any of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import msgspec

HERE_FOR = 60.0
"""Seconds for which a seat stays taken without a sign of life."""
RENEW_AFTER = 25.0
WRITING_FOR = 5.0

NAME_BYTES = 12


class Seat(msgspec.Struct, frozen=True):
    """What travels: a room, a seat, how many seconds it stands, and whether its holder is writing."""

    room: str
    seat: str
    stands: float
    writing: bool = False


class Presence:
    """The seats that this node has heard of. Times are seconds of one steady clock, given as `now`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.new(secret, b"huddle-presence-v1", hashlib.sha256).digest()
        self._here: dict[str, dict[str, float]] = {}
        self._writing: dict[str, dict[str, float]] = {}

    def room(self, huddle: str) -> str:
        return self._name("room", huddle)

    def seat(self, huddle: str, person: str) -> str:
        return self._name("seat", huddle, person)

    def sign(self, huddle: str, person: str, *, writing: bool = False, gone: bool = False) -> Seat:
        """What to tell the other nodes about one person."""
        return Seat(self.room(huddle), self.seat(huddle, person), 0.0 if gone else HERE_FOR, writing)

    def hear(self, seat: Seat, now: float) -> bool:
        """Take in a sign. True if what a screen shows has changed."""
        here = self._here.setdefault(seat.room, {})
        writing = self._writing.setdefault(seat.room, {})
        before = (seat.seat in here, seat.seat in writing)
        if seat.stands <= 0:
            here.pop(seat.seat, None)
            writing.pop(seat.seat, None)
        else:
            here[seat.seat] = now + seat.stands
            writing.pop(seat.seat, None)
            if seat.writing:
                writing[seat.seat] = now + WRITING_FOR
        return before != (seat.seat in here, seat.seat in writing)

    def expire(self, now: float) -> set[str]:
        """Let go of what has run out. The rooms in which something changed."""
        changed = set()
        for kept in (self._here, self._writing):
            for room, seats in list(kept.items()):
                over = [seat for seat, until in seats.items() if until <= now]
                for seat in over:
                    del seats[seat]
                    changed.add(room)
                if not seats:
                    del kept[room]
        return changed

    def here(self, huddle: str, people: Iterable[str]) -> list[str]:
        return self._among(self._here, huddle, people)

    def writing(self, huddle: str, people: Iterable[str]) -> list[str]:
        return self._among(self._writing, huddle, people)

    def _among(self, kept: dict[str, dict[str, float]], huddle: str, people: Iterable[str]) -> list[str]:
        seats = kept.get(self.room(huddle), {})
        return sorted(p for p in people if self.seat(huddle, p) in seats)

    def _name(self, *parts: str) -> str:
        spelled = msgspec.json.encode(parts)
        return hashlib.blake2b(spelled, digest_size=NAME_BYTES, key=self._key).hexdigest()
