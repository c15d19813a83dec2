"""What is settled in the queue as done elsewhere is over with all that belongs to it, by one decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.actions.commands import AcceptAction
from server.actions.declining import DeclineAction
from server.chasing.commands import NotInTheQueue, SettleQueue
from server.chasing.queries import queued
from server.core import INDEX_TABLES, INDEXES
from server.people.permissions import NotYours
from server.record.reindex import reindex
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, agreed, change, claimed, newest
from tests.chasing.chaser import Chaser

RUTH = "ruth-adeyemi"
WORDS = "The new school does this. It stands in their plan."


def elsewhere(deadline: str) -> SettleQueue:
    return SettleQueue(deadline=deadline, disposition="taken_elsewhere", words=WORDS)


async def weeks_on(chaser: Chaser, weeks: int = 3) -> list[str]:
    """Who hears of anything late while nobody does anything for so long."""
    heard: list[str] = []
    for _ in range(weeks * 2):
        chaser.town.clock.pass_by(days=3.5)
        await chaser.look()
        heard += [n.person for n in await chaser.notices() if n.at >= now(chaser) and n.kind != "digest"]
    return heard


def now(chaser: Chaser) -> float:
    return chaser.town.clock().timestamp() * 1_000_000


async def in_the_queue(chaser: Chaser) -> set[str]:
    return {row.deadline for row in await queued(chaser.town.house.store)}


async def test_that_others_do_an_action_ends_its_reading_back_with_it(late: Chaser) -> None:
    town = late.town
    known = await agreed(town)
    await weeks_on(late)
    both = {known.id, f"{known.id}:accept"}
    assert await in_the_queue(late) == both
    await town.do(PRIYA, elsewhere(known.id))
    assert await in_the_queue(late) == set()
    for id in both:
        owed = await late.deadline(id)
        assert owed.over and owed.elsewhere and [each.said.words for each in owed.settled] == [WORDS]
    assert await weeks_on(late) == []
    with pytest.raises(NotInTheQueue):
        await town.do(PRIYA, elsewhere(f"{known.id}:accept"))
    assert (await late.prove()).missing == ()
    assert await reindex(town.house.store, INDEXES, INDEX_TABLES, apply=True) == []
    assert await weeks_on(late, 1) == [], "and so it stays, whatever is looked through again"
    room = await (await town.browser(DENISE)).get(f"/huddles/{town.huddle}")
    assert f"No longer chased with it: reading back action {known.number}" in room.text


async def test_who_reads_it_back_after_that_begins_nothing_anew(late: Chaser) -> None:
    town = late.town
    known = await agreed(town)
    await weeks_on(late)
    await town.do(PRIYA, elsewhere(known.id))
    seen = (await newest(town, known)).seen
    await town.do(FARAH, AcceptAction(action=known.id, seen=seen))
    assert await weeks_on(late) == []
    due = town.clock() + timedelta(days=2)
    again = change(await newest(town, known), due=due, reason="They do not do it after all")
    await town.do(DENISE, again)
    assert not (await late.deadline(known.id)).over, "who agrees it anew owes it anew"


async def test_that_it_was_read_back_elsewhere_ends_nothing_but_that(late: Chaser) -> None:
    town = late.town
    known = await agreed(town, "Share attendance @farah in 60 days")
    await weeks_on(late, 2)
    assert await in_the_queue(late) == {f"{known.id}:accept"}
    await town.do(PRIYA, elsewhere(f"{known.id}:accept"))
    assert not (await late.deadline(known.id)).over
    assert FARAH in await weeks_on(late, 8), "she is reminded of the action itself"


async def test_an_action_that_others_do_needs_no_other_owner_here(late: Chaser) -> None:
    town = late.town
    known = await agreed(town)
    await town.do(FARAH, DeclineAction(action=known.id, seen=known.seen, words="Not my pupil"))
    await weeks_on(late)
    assert await in_the_queue(late) == {known.id, f"{known.id}:owner"}
    with pytest.raises(NotYours):
        await town.do(DENISE, elsewhere(f"{known.id}:owner"))
    await town.do(PRIYA, elsewhere(f"{known.id}:owner"))
    assert await in_the_queue(late) == set() and await weeks_on(late) == []


async def test_that_a_check_was_made_elsewhere_ends_the_check(late: Chaser) -> None:
    town = late.town
    known = await claimed(town)
    await weeks_on(late)
    assert await in_the_queue(late) == {f"{known.id}:check"}
    owner = (await late.deadline(f"{known.id}:check")).owed.owners[0]
    other = next(person for person in (PRIYA, RUTH, GRACE) if person != owner)
    await town.do(other, elsewhere(f"{known.id}:check"))
    assert await in_the_queue(late) == set() and await weeks_on(late) == []


async def test_still_required_is_proved_on_every_ladder_anew(late: Chaser) -> None:
    """How often something came back is counted for the terms on which it is owed."""
    town = late.town
    known = await agreed(town)
    for _ in range(2):
        await weeks_on(late)
        for id in sorted(await in_the_queue(late)):
            back = town.clock() + timedelta(days=2)
            still = SettleQueue(
                deadline=id, disposition="still_required", words="She is back then", again=back
            )
            await town.do(PRIYA, still)
        await weeks_on(late, 1)
        assert (await late.prove()).missing == ()
        due = town.clock() + timedelta(days=2)
        await town.do(DENISE, change(await newest(town, known), due=due, reason="She is back"))
    assert (await late.deadline(known.id)).owed.version == 3
