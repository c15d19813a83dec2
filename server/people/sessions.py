"""Sessions: one row for each sign-in. The row decides, on every request and on every look of a socket.

An act is written at most every 20 seconds. Each node keeps the rows of the sessions that have open sockets,
and looks at all of them again in one query a second, so that a sign-out anywhere closes a socket here within
two.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
import structlog

from server.people import signed_in
from server.people.session import Session, new_session
from server.record.refusals import Reauth
from server.record.store import Store, is_outage

log = structlog.get_logger()

FORGOTTEN = timedelta(days=30)
WRITE_EVERY = timedelta(seconds=20)
SIGN_OF_ROOM_EVERY = timedelta(seconds=60)
STALE = 60.0
"""Seconds after which a row that could not be looked at again counts as no longer known (fails closed)."""


class Sessions:
    """Begins, extends and ends sessions. `ended` is awaited whenever some ended here, to tell other nodes."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        ended: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.ended = ended
        self._store = store
        self._clock = clock
        self._watched: Counter[str] = Counter()
        self._joined: Counter[str] = Counter()
        self._known: dict[str, Session] = {}
        self._seen_at: dict[str, float] = {}
        self._acted: dict[str, datetime] = {}

    async def begin(self, person: str, now: datetime) -> Session:
        """A new session, with a new id."""
        session = new_session(person, now)
        await self._store.write(lambda c: signed_in.begin(c, session))
        return session

    async def look(self, sid: str, now: datetime) -> Session:
        """The session, if it holds at `now`; else `Reauth`. Looking is no act."""
        found = await self._store.read(lambda c: signed_in.rows(c, [sid]))
        session = found.get(sid)
        if session is None or session.standing(now) != "alive":
            raise Reauth
        return session

    async def act(self, sid: str, now: datetime) -> bool:
        """Somebody did something. False, and nothing changed, if the session no longer holds.

        A database that is away is no reason to lose what they did: the act is then simply not noted.
        """
        known = self._known.get(sid)
        if known is not None:
            return self._note(known, now)
        try:
            return bool(await self._store.write(lambda c: c.execute(signed_in.noted([sid], now)).rowcount))
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("sessions.act_not_noted", error=type(error).__name__)
            return True

    def _note(self, known: Session, now: datetime) -> bool:
        """Note the act of a watched session: written with those of others when all are looked at again."""
        if known.standing(now) != "alive":
            return False
        if now - known.last_act_at >= WRITE_EVERY:
            self._acted[known.sid] = now
            self._known[known.sid] = msgspec.structs.replace(known, last_act_at=now)
        return True

    async def end(self, sid: str, now: datetime) -> None:
        """Sign out."""
        await self._store.write(lambda c: signed_in.end(c, sid, now))
        await self._told(sid)

    async def end_all(self, person: str, now: datetime) -> None:
        """Sign somebody out everywhere."""
        await self._store.write(lambda c: signed_in.end_all(c, person, now))
        await self.told_all(person)

    async def told_all(self, person: str) -> None:
        """After a transaction that ended all sessions of `person`: look again and tell other nodes."""
        await self._told(*[s.sid for s in self._known.values() if s.person == person])

    async def _told(self, *sids: str) -> None:
        if watched := [sid for sid in sids if sid in self._watched]:
            await self.refresh(*watched)
        if self.ended:
            await self.ended()

    async def forget(self, now: datetime) -> int:
        """Drop the rows of sessions that ended long ago. How many that were."""
        return await self._store.write(lambda c: signed_in.forget(c, now - FORGOTTEN))

    async def watch(self, sid: str, *, joined: bool = True) -> None:
        """A socket of this session opened; `joined`: in a live room. Call `unwatch` the same way."""
        self._watched[sid] += 1
        self._joined[sid] += joined
        await self.refresh(sid)

    def unwatch(self, sid: str, *, joined: bool = True) -> None:
        """A socket of this session closed."""
        self._joined[sid] -= joined
        self._watched[sid] -= 1
        if self._watched[sid] <= 0:
            del self._watched[sid], self._joined[sid]
            self._known.pop(sid, None)
            self._seen_at.pop(sid, None)

    def alive(self, sid: str, now: datetime) -> bool:
        """Whether a watched session holds. One whose row could not be looked at for a while does not."""
        known = self._known.get(sid)
        if known is None or time.monotonic() - self._seen_at[sid] > STALE:
            return False
        return known.standing(now) == "alive"

    async def refresh(self, *sids: str) -> None:
        """Look at these watched sessions again; without any, at all of them (call it once a second)."""
        if not sids:
            await self._write_down(self._clock())
        asked = list(sids or self._watched)
        found = await self._store.read(lambda c: signed_in.rows(c, asked)) if asked else {}
        for sid in asked:
            if sid in found and sid in self._watched:
                self._known[sid] = found[sid]
                self._seen_at[sid] = time.monotonic()
            else:
                self._known.pop(sid, None)

    async def _write_down(self, now: datetime) -> None:
        """Who acted since the last look, as of the first of these acts; and, once a minute each, who is still
        in a live room."""
        acted, self._acted = self._acted, {}
        if acted:
            first, sids = min(acted.values()), list(acted)
            await self._store.write(lambda c: c.execute(signed_in.noted(sids, first)))
        due = [
            s.sid
            for s in self._known.values()
            if self._joined[s.sid] > 0 and (s.in_room_at is None or now - s.in_room_at >= SIGN_OF_ROOM_EVERY)
        ]
        if due:
            await self._store.write(lambda c: c.execute(signed_in.still_in_room(due, now)))
