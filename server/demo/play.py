"""Play: the rest of the cast acts its part in the live huddle, so that one newcomer alone sees a living room.

Everything goes through the product's own commands with keys of its own: pressing Play twice adds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from server.demo import live, rowe
from server.demo.scene import Act
from server.demo.sitting import ensure_live_huddle, huddles
from server.demo.talk import Corrects, Joins, Moves, Tells
from server.demo.telling import attempt, book_of, calendar_for, code_of, told
from server.huddles.labels import PHASES
from server.huddles.state import Huddle
from server.record.chain import micros
from server.record.ledger import Ledger
from server.record.open_book import OpenBook


class Turn(NamedTuple):
    """In which minute who does what. `what` is the code of an act in `live.TOLD`."""

    minute: float
    who: str
    what: str


SCHEDULE = (
    Turn(0.1, "hannah-pike", "joins hannah-pike"),
    Turn(0.6, "hannah-pike", "F-09"),
    Turn(0.8, "hannah-pike", "F-09 signpost"),
    Turn(1.5, "hannah-pike", "F-10"),
    Turn(2.2, "grace-lindqvist", "F-11"),
    Turn(2.4, "grace-lindqvist", "F-11 signpost"),
    Turn(3.1, "sam-whitlock", "N-01 corrected"),
    Turn(3.7, "sam-whitlock", "F-02"),
    Turn(4.5, "sam-whitlock", "F-03"),
    Turn(5.2, "leo-marsh", "F-15"),
    Turn(5.9, "priya-nair", "F-16"),
    Turn(6.8, "sam-whitlock", "F-21"),
    Turn(7.7, "denise-hallam", "phase gaps_and_requests"),
    Turn(8.6, "cal-moss", "F-20"),
    Turn(9.4, "hannah-pike", "confirms F-20"),
    Turn(10.0, "denise-hallam", "phase blind_judgement"),
)

ACTS = {act.code: act for act in live.TOLD}
ORDER = [phase for phase, _ in PHASES]
WRITES_FOR = 4.0
"""Seconds for which somebody is seen writing before they tell something."""

Writing = Callable[[str, str], Awaitable[None]]
"""Shows in a huddle that a person is writing."""


async def unseen(huddle: str, person: str) -> None:
    """From another process nobody can be shown writing."""


async def play(
    ledger: Ledger,
    clock: Callable[[], datetime],
    minutes: float = 10,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    writing: Writing = unseen,
) -> None:
    """Act out what has not been done yet, spread over `minutes`."""
    huddle = await ensure_live_huddle(ledger, ledger.books, clock())
    stage = Stage(ledger, clock, await ledger.books.open(book_of(rowe.REFERENCE)), huddle)
    before = 0.0
    for turn in [t for t in SCHEDULE if not await stage.is_done(ACTS[t.what])]:
        act = ACTS[turn.what]
        pause = (turn.minute - before) * 60 * minutes / SCHEDULE[-1].minute if before else 0.0
        if isinstance(act, Tells | Corrects) and pause > WRITES_FOR:
            await sleep(pause - WRITES_FOR)
            await writing(huddle, turn.who)
            pause = WRITES_FOR
        await sleep(pause)
        await stage.take(act)
        before = turn.minute


class Stage:
    """The live huddle with the cast in it."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime], book: OpenBook, huddle: str) -> None:
        self._ledger = ledger
        self._clock = clock
        self._book = book
        self._huddle = huddle

    async def is_done(self, act: Act) -> bool:
        """Whether it was recorded before, or came about without us."""
        audience = self._book.audience(act.who, self._clock())
        if code_of(act, self._huddle) in await told(self._ledger, self._book, audience):
            return True
        huddle = await self._seen()
        if isinstance(act, Joins):
            return act.who in huddle.present()
        return isinstance(act, Moves) and ORDER.index(huddle.phase) >= ORDER.index(act.phase)

    async def take(self, act: Act) -> None:
        """Do it, in the room. Whoever has left comes in again first."""
        if await self.is_done(act):
            return
        if not isinstance(act, Joins):
            await self._come_in(act.who)
        await self._attempt(act)

    async def _come_in(self, who: str) -> None:
        huddle = await self._seen()
        seat = huddle.participants.get(who)
        if seat is None:
            await self._attempt(Joins(code=f"joins {who}", at="", who=who))
        elif seat.left:
            again = f"joins {who} {micros(seat.left)}"
            await self._attempt(Joins(code=again, at="", who=who, mode=seat.mode))

    async def _attempt(self, act: Act) -> None:
        now = self._clock()
        calendar = await calendar_for(self._ledger, now)
        await attempt(self._ledger, self._book, act, calendar, now, self._huddle)

    async def _seen(self) -> Huddle:
        return (await huddles(self._ledger.books, self._book)).by_id[self._huddle]
