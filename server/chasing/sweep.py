"""The sweep: once a second, a plain loop over the database that needs nothing else.

It climbs what is due, gathers what waits into mails, and hands those to the workers, or sends them itself.
Whatever any process forgot, the next look finds again: the database is the truth.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import structlog

from server.chasing import outbox, pulse
from server.chasing.canary import begin_if_due
from server.chasing.commands import Chase
from server.chasing.due import Due, due, owing_until
from server.chasing.facts import post_of
from server.chasing.gathering import Allowed, gather, waiting
from server.chasing.hours import at_work, digest_is_due
from server.chasing.outbox import Waiting
from server.chasing.putting_right import PuttingRight
from server.chasing.recording import MakeDigest
from server.chasing.sending import Sending
from server.people import asking
from server.people.commands import MakeLinkAskedFor
from server.people.partnership import partnership
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from server.record.ledger import Ledger
from server.record.store import Store, is_outage

log = structlog.get_logger()

LOOK_EVERY = 1.0
ROUNDS = 50
"""How often one look climbs on before it goes over to sending."""
TOGETHER = 4
"""Mails that one process sends at the same time where no worker takes them."""
AT_ONCE = 500

HandOver = Callable[[list[Waiting]], Awaitable[bool]]
"""Tells workers of mails that wait. Whether they were told."""


async def no_workers(_: list[Waiting]) -> bool:
    return False


class Sweep:
    """Looks for what is due. `hand_over` tells workers; where it cannot, this sends by itself."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        sending: Sending,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        hand_over: HandOver = no_workers,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sending = sending
        self._clock = clock
        self._new_id = new_id
        self._hand_over = hand_over
        self._right = PuttingRight(store, ledger)
        self._digest_of: date | None = None
        self._canary_of: date | None = None
        self._beaten: datetime | None = None

    async def watch(self) -> None:
        """Look every second, for ever. A database that went away is waited for."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if not is_outage(error):
                    log.exception("sweep.failed")
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Everything that is due at this moment: one and the same for all of it, so that nobody hears of
        what fell due together in two mails."""
        began = self._clock()
        await self.canary()
        await self._right.look(began)
        await self.climb(began)
        await self.digest(began)
        await self.links()
        await self.gather(began)
        await self.send()
        await self.beat(began)

    async def canary(self) -> None:
        """The first look of each day begins its synthetic deadline."""
        today = self._clock().date()
        if self._canary_of != today:
            await begin_if_due(self._ledger, self._clock())
            self._canary_of = today

    async def beat(self, now: datetime) -> None:
        """Say that this looked at what was due by `now`, where every process can read it."""
        if self._beaten is None or not timedelta() <= now - self._beaten < pulse.BEAT_EVERY:
            await pulse.beat(self._store, pulse.SWEPT, now)
            self._beaten = now

    async def climb(self, now: datetime | None = None) -> int:
        """Climb every ladder that is due, to where it should be now. How many deadlines that was."""
        climbed, until = 0, now or self._clock()
        stalled: set[str] = set()
        for _ in range(ROUNDS):
            found = await self._store.read(lambda c: due(c, until))
            found = [each for each in found if each.deadline not in stalled]
            if not found:
                break
            of_stream: dict[tuple[str, str], list[Due]] = {}
            for each in found:
                of_stream.setdefault((each.book, each.stream), []).append(each)
            for together in of_stream.values():
                if await self._climb(together):
                    climbed += len(together)
                else:
                    stalled |= {each.deadline for each in together}
        return climbed

    async def _climb(self, together: list[Due]) -> bool:
        """What is due in one stream, at once. What cannot be climbed is told, and stands in nobody's way."""
        first = together[0]
        command = Chase(stream=first.stream, deadlines=tuple(each.deadline for each in together))
        moments = " ".join(f"{each.version}.{each.at}" for each in together)
        key = f"chase {hashlib.sha256(f'{command.digest()} {moments}'.encode()).hexdigest()[:32]}"
        try:
            receipt = await self._ledger.record(first.book, command, THE_SYSTEM, key=key)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("sweep.stalled", deadlines=len(together))
            return False
        if receipt.seq == 0 and not await self._moved(together):
            log.error("sweep.stalled", deadlines=len(together))
            return False
        return True

    async def _moved(self, together: list[Due]) -> bool:
        """Whether somebody else has climbed them meanwhile."""
        now = await self._store.read(lambda c: due(c, self._clock()))
        return not {(each.deadline, each.at) for each in together} <= {(e.deadline, e.at) for e in now}

    async def digest(self, now: datetime | None = None) -> None:
        """Once, when a working day begins: a note for everybody who owes something within the week."""
        state = await partnership(self._ledger.books)
        now = now or self._clock()
        local = now.astimezone(state.zone)
        if not digest_is_due(local, state.nation) or self._digest_of == local.date():
            return
        for person in await self._store.read(lambda c: owing_until(c, now + timedelta(days=7))):
            if state.here(person) is not None:
                command = MakeDigest(person=person, day=local.date())
                await self._ledger.record(post_of(person), command, THE_SYSTEM, key=f"digest {local.date()}")
        self._digest_of = local.date()

    async def links(self) -> None:
        """For everybody who works here and cannot sign in: a link, by mail."""
        asked = await self._store.read(asking.waiting)
        if not asked:
            return
        for person, each in asking.whose(await partnership(self._ledger.books), asked):
            key = f"link {each.digest} {each.at}"
            await self._ledger.record(PARTNERSHIP, MakeLinkAskedFor(person=person), THE_SYSTEM, key=key)
        await self._store.write(lambda c: asking.seen(c, asked))

    async def gather(self, now: datetime | None = None) -> int:
        """Put what waits into mails."""
        state = await partnership(self._ledger.books)
        now = now or self._clock()
        local = now.astimezone(state.zone)
        allowed = Allowed(at_work(local, state.nation), digest_is_due(local, state.nation))
        if not await self._store.read(lambda c: waiting(c, allowed, 1)):
            return 0
        return await self._store.write(lambda c: gather(c, now, allowed, self._new_id))

    async def send(self) -> None:
        """Hand over what may leave, or send it."""
        now = self._clock()
        mails = await self._store.read(lambda c: outbox.due(c, now, AT_ONCE))
        if not mails:
            return
        if await self._hand_over(mails):
            await self._store.write(lambda c: outbox.queued(c, mails, now))
            return
        for at in range(0, len(mails), TOGETHER):
            await asyncio.gather(*(self._sending.deliver(each.mail) for each in mails[at : at + TOGETHER]))
