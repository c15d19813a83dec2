"""Every look at a family is written down before anything is shown; who is not of its team says what for."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from server.families.looks import Look, Looks, look
from server.realtime.frames import JSON
from tests.lab.town import ROWE, Town, running
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
town = towns.one_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url

FARAH, PRIYA, SAM = "farah-siddiqui", "priya-nair", "sam-whitlock"
FAMILY = f"/families/{ROWE}"


async def seen(town: Town, person: str) -> list[Look]:
    found = await Looks(town.house.store).newest(town.book, 500)
    return [each for each in found if each.person == person]


async def test_a_page_is_one_look_with_its_door(town: Town) -> None:
    browser = await town.browser(FARAH)
    for path, door in ((FAMILY, "family"), (f"/huddles/{town.huddle}", "huddle")):
        await browser.get(path)
        newest = (await seen(town, FARAH))[0]
        assert (newest.door, newest.purpose) == (door, "")
    await browser.get(f"/huddles/{town.huddle}/minutes")
    assert sorted(each.door for each in await seen(town, FARAH)) == ["family", "huddle", "minutes"]


async def test_a_room_that_is_followed_is_one_look_however_often_its_line_breaks(town: Town) -> None:
    for _ in range(3):
        async with town.socket(FARAH, JSON) as socket:
            await socket.caught_up()
    assert [each.door for each in await seen(town, FARAH)] == ["live"]
    town.clock.pass_by(minutes=16)
    async with town.socket(FARAH, JSON) as socket:
        await socket.caught_up()
    assert len(await seen(town, FARAH)) == 2


async def test_what_goes_on_from_an_open_page_is_one_look(town: Town) -> None:
    """The chips of a line are asked for at every pause in typing: that is no new look each time."""
    browser = await town.browser(FARAH)
    for line in ("Ring", "Ring the GP", "Ring the GP @farah"):
        assert (await browser.post(f"/huddles/{town.huddle}/act/read", data={"line": line})).is_success
    assert len(await seen(town, FARAH)) == 1


async def test_who_is_not_of_the_team_says_first_what_for_and_is_asked_once(town: Town) -> None:
    sam = await town.browser(SAM)
    first = await sam.get(FAMILY)
    assert first.status_code == 303 and first.headers["location"].startswith(f"{FAMILY}/why")
    asked = await sam.get(first.headers["location"])
    assert "What do you need to open this record for?" in asked.text and "Tamsin" not in asked.text
    empty = await sam.post(f"{FAMILY}/why", data={"purpose": " ", "next": FAMILY})
    assert empty.status_code == 422 and await seen(town, SAM) == []
    said = await sam.post(f"{FAMILY}/why", data={"purpose": "The locks", "next": FAMILY})
    assert said.headers["location"] == FAMILY
    assert (await sam.get(FAMILY)).status_code == 200
    assert {each.purpose for each in await seen(town, SAM)} == {"The locks"}


async def test_the_huddle_to_which_somebody_was_asked_is_what_for(town: Town) -> None:
    sam = await town.browser(SAM)
    assert (await sam.get(f"/huddles/{town.huddle}")).status_code == 200
    assert (await seen(town, SAM))[0].purpose.startswith("Huddle: ")


async def test_the_team_is_not_asked(town: Town) -> None:
    assert (await (await town.browser(FARAH)).get(FAMILY)).status_code == 200


async def test_nobody_is_sent_elsewhere_by_the_question(town: Town) -> None:
    sam = await town.browser(SAM)
    data = {"purpose": "The locks", "next": "https://example.org/"}
    assert (await sam.post(f"{FAMILY}/why", data=data)).headers["location"] == "/"


async def test_where_a_look_cannot_be_written_nothing_is_shown(town: Town) -> None:
    browser = await town.browser(FARAH)
    broken = "CREATE TRIGGER broken BEFORE INSERT ON look BEGIN SELECT RAISE(ABORT, 'full'); END"
    await town.house.store.write(lambda connection: connection.exec_driver_sql(broken))
    for path in (FAMILY, f"/huddles/{town.huddle}", f"/huddles/{town.huddle}/minutes"):
        answer = await browser.get(path)
        assert answer.status_code >= 500 and "Tamsin" not in answer.text, path
        assert "999" in answer.text, "the numbers stand there all the same"


async def test_a_look_is_never_changed_nor_taken_away(town_url: str) -> None:
    async with running(town_url) as town:
        await (await town.browser(FARAH)).get(FAMILY)
        for change in (delete(look), update(look).values(person="nobody")):
            with pytest.raises(DBAPIError):
                await town.house.store.write(lambda connection, change=change: connection.execute(change))
        assert len(await seen(town, FARAH)) == 1


async def test_who_answers_for_the_plan_reads_who_has_looked(town: Town) -> None:
    sam, priya, farah = [await town.browser(who) for who in (SAM, PRIYA, FARAH)]
    await sam.post(f"{FAMILY}/why", data={"purpose": "The locks of the flat", "next": FAMILY})
    told = (await priya.get(f"{FAMILY}/looked")).text
    assert "The locks of the flat" in told and "Sam Whitlock" in told
    assert (await farah.get(f"{FAMILY}/looked")).status_code == 403
