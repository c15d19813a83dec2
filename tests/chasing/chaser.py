"""Everything that chases, in the test's own hand: one look at a time, over a real relay."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import select

from server.chasing.post import Smtp
from server.chasing.proof import Proof
from server.chasing.proving import Proving
from server.chasing.sending import Sending
from server.chasing.sweep import Sweep
from server.chasing.tables import notice
from server.core import new_id
from server.deadlines.state import Deadline, DeadlinesState
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.town import Town

LONDON = ZoneInfo("Europe/London")


def local(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


class Chaser:
    """A sweep over a town, and the mailbox that it writes to."""

    def __init__(self, town: Town, box: Mailbox, **more: Any) -> None:
        self.town, self.box = town, box
        house = town.house
        settings = town.settings.model_copy(update={"smtp_url": SecretStr(box.url)})
        self.sending = Sending(settings, house.store, house.ledger, Smtp(box.url), town.clock, **more)
        self.sweep = Sweep(house.store, house.ledger, self.sending, town.clock, new_id)

    def quick(self) -> Smtp:
        """The same relay, given up after a moment."""
        return Smtp(self.box.url, limit=0.3)

    async def stand_at(self, written: str) -> None:
        """It is that time, and nobody has looked yet."""
        self.town.clock.at = local(written)

    async def at(self, written: str) -> list[Mail]:
        """What is sent when it is this time in London. The counts of half past seven have left by then."""
        moment = local(written)
        morning = moment.replace(hour=7, minute=30)
        if self.town.clock.at < morning < moment:
            self.town.clock.at = morning
            await self.look()
        self.town.clock.at = moment
        return await self.look()

    async def look(self) -> list[Mail]:
        before = len(self.box.mails)
        await self.sweep.look()
        return self.box.mails[before:]

    async def prove(self) -> Proof:
        house = self.town.house
        return await Proving(house.store, house.books, self.town.clock).look()

    async def deadline(self, id: str, who: str = "denise-hallam") -> Deadline:
        hand = await self.town.house.ledger.look(self.town.book, await self.town.actor(who))
        return hand.state[DeadlinesState].by_id[id]

    async def notices(self) -> list[Any]:
        query = select(notice).where(notice.c.person != "canary").order_by(notice.c.at, notice.c.person)
        return list(await self.town.house.store.read(lambda c: c.execute(query).all()))


def people(mails: list[Mail]) -> list[str]:
    """Who was written to, without the service's own test reminder."""
    names = [mail.to.partition("@")[0].replace(".", "-") for mail in mails]
    return sorted(name for name in names if name != "huddle")


def subjects(mails: list[Mail]) -> list[str]:
    return [str(mail.message["Subject"]) for mail in mails if not mail.to.startswith("huddle@")]
