"""What a session is, and the rules by which its row says that it holds, is idle, or has ended."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal

import msgspec

ABSOLUTE = timedelta(hours=12)
"""However busy, a session ends after this."""
IDLE = timedelta(minutes=15)
"""Without an act for this long, a session is idle, for good."""
IDLE_IN_ROOM = timedelta(minutes=60)
"""The same for somebody who has joined a live room and listens."""
ROOM_GRACE = timedelta(minutes=5)
"""For this long after the last sign of being in the room, somebody still counts as there."""

Standing = Literal["alive", "idle", "ended"]


class Session(msgspec.Struct, frozen=True):
    """One sign-in, as its row says. `in_room_at` is the last sign of having joined a live room."""

    sid: str
    person: str
    created_at: datetime
    last_act_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    in_room_at: datetime | None = None

    def in_room(self, now: datetime) -> bool:
        return self.in_room_at is not None and now - self.in_room_at < ROOM_GRACE

    def idle_at(self, now: datetime) -> datetime:
        """The moment from which it is idle, if nobody acts and things stay as they are at `now`."""
        return self.last_act_at + (IDLE_IN_ROOM if self.in_room(now) else IDLE)

    def standing(self, now: datetime) -> Standing:
        if self.ended_at is not None or now >= self.ends_at:
            return "ended"
        return "alive" if now < self.idle_at(now) else "idle"


def new_session(person: str, now: datetime) -> Session:
    """A session that begins with an id that nobody can guess and that was never used before."""
    return Session(secrets.token_urlsafe(24), person, now, now, now + ABSOLUTE)
