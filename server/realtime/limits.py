"""How much one socket may ask, so that none of them can take the room from the others."""

from __future__ import annotations

import time
from collections import OrderedDict, deque

BURST = 60.0
A_SECOND = 10.0
MALFORMED = 5
MALFORMED_WITHIN = 60.0
WAITING_ACTS = 32
HELD_AT_ONCE = 10
"""Requests of one session that may wait for news at the same time."""
SESSIONS = 4096
"""How many sessions without a socket are counted; the one that asked longest ago begins anew."""


class Bucket:
    """A token bucket: `take` is False when too much came too quickly."""

    def __init__(self, burst: float = BURST, a_second: float = A_SECOND) -> None:
        self._burst = burst
        self._rate = a_second
        self._tokens = burst
        self._at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Strikes:
    """Counts unreadable messages: `out` once there were five within a minute."""

    def __init__(self) -> None:
        self._at: deque[float] = deque(maxlen=MALFORMED)

    def out(self) -> bool:
        self._at.append(time.monotonic())
        return len(self._at) == MALFORMED and self._at[-1] - self._at[0] < MALFORMED_WITHIN


class Buckets:
    """One bucket for each session that has no socket: what it asks and does counts together."""

    def __init__(self, most: int = SESSIONS) -> None:
        self._most = most
        self._of: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, sid: str) -> bool:
        bucket = self._of.setdefault(sid, Bucket())
        self._of.move_to_end(sid)
        if len(self._of) > self._most:
            self._of.popitem(last=False)
        return bucket.take()
