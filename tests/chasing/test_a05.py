"""The locks that were changed eight working days late: every step, to the right people at the right time.

Told on a clock that is moved, over a real relay that refuses the chair's address. The clocks go forward on
29 March; Good Friday is 3 April. What the tolerances of a risk make of it comes with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest

from server.actions.agreeing import AgreeAction
from server.actions.checking import VerifyAction
from server.actions.commands import AcceptAction, SettleAction
from server.actions.extending import ExtendAction
from server.actions.state import Action, ActionsState
from server.chasing.commands import SettleQueue
from server.deadlines.lateness import lateness
from server.deadlines.state import Deadline
from server.families.team import AddToTeam
from tests.chasing.chaser import Chaser, local, people
from tests.chasing.machines import Afar, Chasing, chasing
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.services import Redis
from tests.lab.town import BY_ID, NOW, Town, running

SAM, NADIA, GWEN = "sam-whitlock", "nadia-petrov", "gwen-abbott"
DENISE, PRIYA, RUTH = "denise-hallam", "priya-nair", "ruth-adeyemi"

STORY: tuple[tuple[str, Sequence[str]], ...] = (
    ("2026-03-24T09:00", [SAM]),
    ("2026-03-25T09:00", [SAM]),
    ("2026-03-25T17:00", [NADIA, SAM]),
)
AFTER_EXTENSION: tuple[tuple[str, Sequence[str]], ...] = (
    ("2026-03-27T09:00", [NADIA, SAM]),
    ("2026-03-30T09:00", [NADIA, SAM]),
    ("2026-03-30T17:00", [GWEN, NADIA, SAM]),
)


async def a05(town: Town) -> Action:
    hand = await town.house.ledger.look(town.book, await town.actor(PRIYA))
    return hand.state[ActionsState].all()[-1]


async def promised(town: Town) -> Action:
    """Agreed in the huddle, read back by Sam, and Nadia reads it as his manager."""
    for person in (SAM, NADIA):
        await town.do(PRIYA, AddToTeam(person=person))
    due = local("2026-03-25T17:00")
    command = AgreeAction(
        huddle=town.huddle, words="Change front and rear locks", owner=SAM, due=due, critical=True
    )
    await town.do(DENISE, command)
    known = await a05(town)
    await town.do(SAM, AcceptAction(action=known.id, seen=known.seen))
    return await a05(town)


class Looks(Protocol):
    """Whoever looks for what is due: at a moment of the story, and again."""

    town: Town
    box: Mailbox

    async def at(self, written: str) -> list[Mail]: ...

    async def look(self) -> list[Mail]: ...

    async def stand_at(self, written: str) -> None: ...

    async def deadline(self, id: str) -> Deadline: ...


async def climbs(chaser: Looks, story: Sequence[tuple[str, Sequence[str]]]) -> int:
    """Go through the story; nothing leaves half an hour before, nothing twice. How many mails left."""
    count = 0
    for at, who in story:
        before = local(at).astimezone(ZoneInfo("UTC"))
        assert people(await chaser.at(half_an_hour_before(at))) == [], at
        sent = people(await chaser.at(at))
        assert sent == list(who), before
        assert people(await chaser.look()) == []
        count += len(sent)
    return count


def half_an_hour_before(at: str) -> str:
    return f"{datetime.fromisoformat(at) - timedelta(minutes=30):%Y-%m-%dT%H:%M}"


async def test_a_promise_is_chased_until_it_is_settled(chaser: Chaser) -> None:
    await told(chaser)
    assert (await chaser.prove()).trouble == ""


@pytest.mark.fault
@pytest.mark.slow
async def test_the_same_through_real_processes(postgres_town: str, redis_server: Redis) -> None:
    """Two processes that chase, the server, PostgreSQL, Redis and a relay, by the demonstration's clock."""
    with Mailbox() as box:
        async with running(postgres_town, redis_url=redis_server.url, smtp_url=box.url) as town:
            processes = [Chasing(postgres_town, redis_server.url, box.url, NOW, "demo") for _ in range(2)]
            with chasing(*processes):
                await told(Afar(town, box))


async def told(chaser: Looks) -> None:
    """The whole story."""
    town = chaser.town
    known = await promised(town)
    mails = await climbs(chaser, STORY)
    await chaser.stand_at("2026-03-25T19:00")
    longer = ExtendAction(
        action=known.id,
        seen=(await a05(town)).seen,
        due=local("2026-03-30T17:00"),
        reason="No contractor came. Another one is named, and told that a baby sleeps there.",
    )
    await town.do(NADIA, longer)
    mails += await climbs(chaser, AFTER_EXTENSION)

    chaser.box.modes[BY_ID[DENISE].email] = "never"
    tried = len(chaser.box.asked)
    sent = await chaser.at("2026-03-31T09:00") + await chaser.look()
    assert people(sent) == [PRIYA, RUTH], "the chair's address is refused: her deputy is told at once"
    assert BY_ID[DENISE].email in chaser.box.asked[tried:]
    mails += 2
    assert mails == 13, "one of them failed; and one more went to Ruth"

    assert people(await chaser.at("2026-03-31T14:00")) == []
    owed = await chaser.deadline(known.id)
    assert owed.queued_at is not None
    assert owed.chased[-1].queued and owed.chased[-1].planned == local("2026-03-31T14:00")
    assert len(owed.chased) == 8
    await chaser.stand_at("2026-03-31T14:40")
    settled = SettleQueue(
        deadline=known.id,
        disposition="still_required",
        words="Still required though the flat is empty: he kept a key.",
        again=local("2026-04-09T09:00"),
    )
    await town.do(RUTH, settled)
    for day in ("2026-04-01", "2026-04-02", "2026-04-07"):
        assert people(await chaser.at(f"{day}T15:00")) == []

    await chaser.stand_at("2026-04-08T11:15")
    done = SettleAction(
        action=known.id,
        seen=(await a05(town)).seen,
        outcome="done",
        words="Front and rear locks changed. The locksmith's sheet is in the job.",
    )
    await town.do(SAM, done)
    seen = (await a05(town)).seen
    await town.do(PRIYA, VerifyAction(action=known.id, seen=seen, words="I saw the new keys."))
    ended = await a05(town)
    assert ended.stage == "done"
    assert ended.first_due is not None and ended.finished is not None
    zone = ZoneInfo("Europe/London")
    late = lateness(ended.first_due.astimezone(zone), ended.finished.astimezone(zone), "england")
    assert late.working_days == 8
    assert late.elapsed.total_seconds() == (329 * 60 + 15) * 60
    assert people(await chaser.at("2026-04-09T09:00")) == [], "nothing comes back to the queue"
    assert (await chaser.deadline(known.id)).over
