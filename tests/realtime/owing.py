"""What is done in an open room to see that the screen law holds for what chases."""

from __future__ import annotations

from datetime import timedelta

from server.actions.put_right import PutRight
from server.chasing.commands import Chase, NoteFailure, SettleQueue
from server.deadlines.state import DeadlinesState
from server.record.commands import THE_SYSTEM, Command
from tests.actions.promises import PRIYA, accepted
from tests.chasing.before import agreed_before
from tests.lab.town import Town


async def late(town: Town) -> tuple[str, Chase]:
    """An action whose time has passed, and the step that falls then."""
    known = await accepted(town, "Share attendance @farah by 5pm")
    town.clock.pass_by(hours=3)
    return known.id, Chase(stream=town.book, deadlines=(known.id,))


async def climbed(town: Town, *, hours: float = 0) -> str:
    """The same, chased, until so many hours later."""
    id, chase = await late(town)
    town.clock.pass_by(hours=hours)
    await town.house.ledger.record(town.book, chase, THE_SYSTEM, key="climbed")
    return id


async def put_right(town: Town) -> tuple[str, Command]:
    await agreed_before(town, "farah-siddiqui", "2026-03-23T17:00")
    return "system", PutRight(stream=town.book)


async def chase(town: Town) -> tuple[str, Command]:
    return "system", (await late(town))[1]


async def note_failure(town: Town) -> tuple[str, Command]:
    id = await climbed(town)
    hand = await town.house.ledger.look(town.book, await town.actor(PRIYA))
    fact = hand.state[DeadlinesState].by_id[id].chased[-1]
    told = fact.told[0].person
    return "system", NoteFailure(
        deadline=id, stream=town.book, version=fact.ladder, step=fact.step, person=told, how="bounced"
    )


async def settle_queue(town: Town) -> tuple[str, Command]:
    id = await climbed(town, hours=24 * 14)
    later = town.clock() + timedelta(days=3)
    return PRIYA, SettleQueue(deadline=id, disposition="still_required", words="She is ill", again=later)
