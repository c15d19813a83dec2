"""A caller who leaves: the door stays open for the others, and what was taken is still saved."""

import asyncio

from server.record.committer import Job
from server.record.store import Store
from server.record.verify import verify
from tests.record.world import Node


async def test_a_caller_who_goes_away_leaves_the_door_open(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        impatient = asyncio.create_task(node.say("I left while this was saved", key="left"))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
        assert await asyncio.wait_for(node.say("Next"), 10)
        assert await verify(store) == []


async def test_a_caller_who_leaves_at_the_moment_of_the_answer_has_left(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        take = node.ledger._committer.take

        def leave_with_the_answer(job: Job) -> None:
            take(job)
            job.done.add_done_callback(lambda _: leaving.cancel())

        node.ledger._committer.take = leave_with_the_answer  # type: ignore[method-assign]
        leaving = asyncio.create_task(node.say("Saved as I left", key="left"))
        await asyncio.wait([leaving], timeout=10)
        assert leaving.cancelled()
        assert (await node.say("Saved as I left", key="left")).replayed
