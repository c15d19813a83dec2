"""Chasing is audited by something else than the chaser, and whoever must act is told when it stops."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import update
from structlog.testing import capture_logs

from server.chasing.canary import EVERY
from server.chasing.commands import Chase
from server.chasing.proof import GRACE
from server.chasing.pulse import SILENT, UNVERIFIED
from server.deadlines.tables import deadline
from server.record.commands import THE_SYSTEM
from tests.chasing.chaser import Chaser
from tests.chasing.test_chase import DENISE, MARTIN, asked
from tests.lab.mailbox import Mailbox
from tests.lab.town import Town, running

BANNER = "Reminders may not be reaching people"
MOMENT = timedelta(microseconds=1)


async def ready(town: Town) -> Response:
    return await (await town.browser()).get("/readyz?chasing")


async def problem(town: Town) -> str:
    """What is wrong by `/readyz?chasing`; its status says the same."""
    answer = await ready(town)
    said = answer.json()
    assert (answer.status_code, said["status"]) in {(200, "proved"), (503, "failing")}
    assert (answer.status_code == 200) == (said["problem"] == "")
    return str(said["problem"])


async def alarmed(town: Town, path: str = "/work") -> bool:
    await town.app.state.watching.look()
    return BANNER in (await (await town.browser(DENISE)).get(path)).text


async def gauges(town: Town) -> dict[str, float]:
    await town.app.state.watching.look()
    text = (await (await town.browser()).get("/metrics")).text
    return {name: float(value) for name, value in re.findall(r"^huddle_chasing_(\w+) (\S+)$", text, re.M)}


async def blinded(town: Town) -> None:
    """From now on whatever looks for what is due finds nothing, as with a look into the wrong column."""
    await town.house.store.write(lambda c: c.execute(update(deadline).values(next_chase_at=None)))


async def test_it_counts_as_failing_until_it_was_looked_and_proved(sqlite_town: str, box: Mailbox) -> None:
    async with running(sqlite_town) as town:
        chaser = Chaser(town, box)
        assert "does not run" in await problem(town)
        assert await gauges(town) == {"swept_age_seconds": -1, "verified_age_seconds": -1, "proved": 0}
        await chaser.look()
        assert "not proved" in await problem(town)
        assert (await chaser.prove()).trouble == ""
        assert await problem(town) == ""
        assert await gauges(town) == {"swept_age_seconds": 0, "verified_age_seconds": 0, "proved": 1}


async def test_a_sweep_that_stopped_is_known_after_three_minutes(chaser: Chaser) -> None:
    town = chaser.town
    await chaser.look()
    await chaser.prove()
    town.clock.at += SILENT
    assert await problem(town) == ""
    town.clock.at += MOMENT
    assert "does not run" in await problem(town)
    assert (await gauges(town))["swept_age_seconds"] == 180
    assert (await gauges(town))["proved"] == 0
    await chaser.look()
    assert await problem(town) == ""


async def test_a_sweep_without_a_proof_holds_for_two_hours(chaser: Chaser) -> None:
    town = chaser.town
    await chaser.look()
    await chaser.prove()
    town.clock.at += UNVERIFIED
    await chaser.look()
    assert await problem(town) == "" and not await alarmed(town)
    town.clock.at += MOMENT
    assert "not proved" in await problem(town)
    assert await alarmed(town) and await alarmed(town, "/")
    assert (await gauges(town))["verified_age_seconds"] == 7200
    await chaser.prove()
    assert await problem(town) == "" and not await alarmed(town)


async def test_the_banner_does_not_come_and_go_with_every_stop(chaser: Chaser) -> None:
    await chaser.look()
    await chaser.prove()
    chaser.town.clock.pass_by(minutes=10)
    assert await problem(chaser.town) and not await alarmed(chaser.town)


async def test_a_relay_that_is_away_is_known_within_the_day(chaser: Chaser) -> None:
    """Nothing is owed to anybody: it is the test reminder alone that does not leave."""
    town = chaser.town
    await chaser.look()
    assert (await chaser.prove()).trouble == ""
    chaser.box.mode = "later"
    town.clock.pass_by(days=1)
    await chaser.look()
    town.clock.pass_by(seconds=GRACE.total_seconds() + 1)
    await chaser.look()
    assert (await chaser.prove()).trouble == "The daily test reminder did not leave"
    assert "did not leave" in await problem(town)
    chaser.box.mode = "accept"
    town.clock.pass_by(hours=6)
    await chaser.look()
    assert (await chaser.prove()).canary == ""
    assert "test reminder" not in await problem(town)


async def test_a_relay_that_refuses_is_known_at_once(chaser: Chaser) -> None:
    chaser.box.mode = "never"
    chaser.town.clock.pass_by(days=1)
    await chaser.look()
    assert (await chaser.prove()).trouble == "The daily test reminder did not leave"
    assert await problem(chaser.town)


async def test_a_sweep_that_makes_no_test_reminder_is_known_within_the_day(chaser: Chaser) -> None:
    await chaser.look()
    chaser.town.clock.at += EVERY + GRACE + MOMENT
    assert (await chaser.prove()).canary == "The daily test reminder was not made"


@pytest.mark.parametrize("where", ["sqlite_town", "postgres_town"])
async def test_a_sweep_that_looks_into_the_wrong_column_is_found_out(
    where: str, box: Mailbox, request: pytest.FixtureRequest
) -> None:
    async with running(request.getfixturevalue(where)) as town:
        chaser = Chaser(town, box)
        await chaser.look()
        owed = await asked(town)
        await chaser.look()
        known = await chaser.deadline(owed)
        await blinded(town)
        town.clock.at = known.owed.due + GRACE
        await chaser.look()
        assert "request" not in {notice.kind for notice in await chaser.notices()}
        with capture_logs() as logs:
            proof = await chaser.prove()
        missing = [(step.version, step.step, step.due) for step in proof.missing if step.deadline == owed]
        assert missing == [(1, climb.step, climb.at) for climb in known.owed.climbs[:2]]
        assert "were not made" in proof.trouble
        assert "were not made" in await problem(town)
        assert any(line["event"] == "chasing.unproved" for line in logs)


async def test_what_is_climbed_by_hand_counts_and_what_stands_still_again_does_not(chaser: Chaser) -> None:
    """The proof holds the record against itself, whoever climbed."""
    owed = await asked(chaser.town)
    await chaser.look()
    known = await chaser.deadline(owed)
    await blinded(chaser.town)
    chaser.town.clock.at = known.owed.due + GRACE
    command = Chase(stream=known.stream, deadlines=(owed,))
    await chaser.town.house.ledger.record(chaser.town.book, command, THE_SYSTEM, key="by-hand-1")
    assert owed not in {step.deadline for step in (await chaser.prove()).missing}
    await blinded(chaser.town)
    third = known.owed.climbs[2]
    chaser.town.clock.at = third.at + GRACE
    missing = [step.step for step in (await chaser.prove()).missing if step.deadline == owed]
    assert missing == [third.step]


async def test_nothing_that_is_said_of_it_names_anybody(chaser: Chaser) -> None:
    owed = await asked(chaser.town)
    await chaser.look()
    await blinded(chaser.town)
    chaser.town.clock.at = (await chaser.deadline(owed)).owed.due + GRACE
    with capture_logs() as logs:
        await chaser.prove()
    said = f"{(await ready(chaser.town)).text} {logs} {await gauges(chaser.town)}"
    for word in (owed, MARTIN, "Martin", chaser.town.book, "NCH", "Rowe", "NMR"):
        assert word not in said
