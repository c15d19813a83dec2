"""I21: every way in which somebody may stand to a family, and every door; and I6, the minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.families.knowledge import Contribute
from server.families.team import AddToTeam, RemoveFromTeam
from server.huddles.commands import Invite
from server.realtime.frames import JSON
from server.record.refusals import NotFound
from tests.families.test_requests import MARTIN, asked
from tests.huddles.test_closing import close
from tests.lab.town import ROWE, Town
from tests.realtime.conftest import ONE_AND_TWO

NEW, SAM, LEO = "josie-tran", "sam-whitlock", "leo-marsh"

STANDS = {
    "in the team": (LEO, True),
    "joined late": (NEW, True),
    "invited, not joined": ("alan-frost", True),
    "removed": (LEO, False),
    "removed and back": (LEO, True),
    "only asked something": (MARTIN, False),
    "a guest whose time is over": (SAM, False),
    "excluded": ("dawn-tully", False),
    "nobody": ("bev-crane", False),
}
"""How somebody stands, who it is, and whether they read the family."""


async def stand(town: Town, how: str) -> None:
    if how == "joined late":
        await town.do("priya-nair", AddToTeam(person=NEW, reason="New worker"))
    elif how == "invited, not joined":
        await town.do("denise-hallam", Invite(huddle=town.huddle, person="alan-frost", confirmed=True))
    elif how.startswith("removed"):
        await town.do("priya-nair", RemoveFromTeam(person=LEO, reason="Moved"))
        if how.endswith("back"):
            await town.do("priya-nair", AddToTeam(person=LEO, reason="Back"))
    elif how == "only asked something":
        await asked(town)
    elif how.startswith("a guest"):
        await close(town)
        hand = await town.house.ledger.look(town.book, await town.actor("priya-nair"))
        town.clock.at = (hand.main.readers[SAM] or town.clock()) + timedelta(seconds=1)


@ONE_AND_TWO
@pytest.mark.parametrize("how", STANDS)
async def test_i21_one_answer_at_every_door(town: Town, how: str) -> None:
    person, reads = STANDS[how]
    await stand(town, how)
    browser = await town.browser(person)
    huddle = f"/huddles/{town.huddle}"
    for path in (f"/families/{ROWE}", huddle, f"{huddle}/changes", f"{huddle}/minutes", f"{huddle}/join"):
        status = (await browser.get(path)).status_code
        assert (status != 404) == reads, (path, status)
    line = Contribute(domain="home", basis="observed_fact", bearing="concern", text="x")
    if reads:
        await town.do(person, line)
        told = await browser.get(f"{huddle}/changes", headers={"accept": "application/json"})
        assert told.json()["facts"][0]["kind"] == "FamilyOpened/1", "readers read from the first fact"
    else:
        with pytest.raises(NotFound):
            await town.do(person, line)
        async with town.socket(person, JSON) as socket:
            assert await socket.closed() == 1008


@ONE_AND_TWO
async def test_i6_minutes_hold_what_their_reader_reads_and_no_sign_of_the_rest(town: Town) -> None:
    def line(text: str, **more: object) -> Contribute:
        said = {"domain": "home", "basis": "observed_fact", "bearing": "serious", "text": text}
        return Contribute(**{**said, **more})  # type: ignore[arg-type]

    async def minutes(who: str) -> str:
        answer = await (await town.browser(who)).get(f"/huddles/{town.huddle}/minutes")
        return str(answer.text)

    before = await minutes("farah-siddiqui")
    await town.do("hannah-pike", line("Canary in Quay Street", only_for=("denise-hallam",)))
    assert await minutes("farah-siddiqui") == before
    assert "Canary in Quay Street" in await minutes("denise-hallam")
