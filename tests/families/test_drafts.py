"""A draft is its author's alone, keeps its audience, and is gone when it was sent, or after seven days."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import AsyncClient
from lxml import html
from sqlalchemy import select

from server.families.drafts import BROWSERS, Drafts, draft
from server.families.knowledge import Contribute
from server.families.team import AddToTeam, RemoveFromTeam
from server.people.roles import RecordLeaving
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from tests.lab.town import ROWE, Town
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town = towns.town

FARAH, PRIYA, SAM = "farah-siddiqui", "priya-nair", "sam-whitlock"
BEGUN = {"text": "Isla came at", "domain": "education", "bearing": "concern", "happened-year": "2026"}
LINE = {"domain": "education", "basis": "observed_fact", "bearing": "concern"}


async def keeps(town: Town, browser: AsyncClient, huddle: bool = True, **fields: Any) -> int:
    """A browser keeps its box as a draft, and the name that it is given for that."""
    where = f"?huddle={town.huddle}" if huddle else ""
    answer = await browser.post(f"/families/{ROWE}/draft{where}", data=BEGUN | fields)
    for name, value in answer.cookies.items():
        browser.headers["cookie"] += f"; {name}={value}"
    return answer.status_code


async def box(town: Town, browser: AsyncClient, path: str = "", **headers: str) -> Any:
    """The box of the room as this browser opens it."""
    page = await browser.get(f"/huddles/{town.huddle}{path}", headers=headers)
    return html.document_fromstring(page.text).get_element_by_id("composer")


def text_in(box: Any) -> str:
    return str(box.get_element_by_id("text").text or "")


async def rows(town: Town) -> list[Any]:
    return await town.house.store.read(lambda c: list(c.execute(select(draft))))


async def test_it_is_there_when_the_page_is_opened_again(town: Town) -> None:
    browser = await town.browser(FARAH)
    assert await keeps(town, browser) == 200
    found = await box(town, browser)
    assert text_in(found) == BEGUN["text"]
    assert found.xpath("//*[@id='domain']/option[@selected]/@value") == ["education"]
    assert found.xpath("//input[@name='happened-year']/@value") == ["2026"]
    assert "Draft saved" in found.get_element_by_id("draft-state").text_content()
    elsewhere = html.document_fromstring((await browser.get(f"/families/{ROWE}/contribute")).text)
    assert text_in(elsewhere) == "", "what was begun in a huddle waits in that huddle"


async def test_what_was_begun_for_named_people_stays_for_them(town: Town) -> None:
    browser = await town.browser(FARAH)
    await keeps(town, browser, audience="named", named=[f"person:{PRIYA}", "agency:NPC"])
    found = await box(town, browser)
    assert found.xpath("//*[@name='audience'][@checked]/@value") == ["named"]
    assert sorted(found.xpath("//*[@name='named'][@checked]/@value")) == ["agency:NPC", f"person:{PRIYA}"]


async def test_nobody_else_gets_a_byte_of_it(town: Town) -> None:
    pages = [f"/huddles/{town.huddle}", f"/families/{ROWE}", f"/huddles/{town.huddle}/changes", "/"]
    priya, browser = await town.browser(PRIYA), await town.browser(FARAH)
    before = [keyless((await priya.get(path)).text) for path in pages]
    async with town.socket(PRIYA) as socket:
        await socket.caught_up()
        await socket.quiet()
        await keeps(town, browser)
        assert await socket.quiet() == []
    assert [keyless((await priya.get(path)).text) for path in pages] == before
    assert len(await rows(town)) == 1, "a draft must have been kept, or this means nothing"


def keyless(page: str) -> str:
    tree = html.document_fromstring(page)
    for key in tree.xpath("//input[@name='key']"):
        key.set("value", "")
    return html.tostring(tree, encoding="unicode")


async def test_e9_two_browsers_do_not_write_over_each_other(town: Town) -> None:
    phone, laptop = await town.browser(FARAH), await town.browser(FARAH)
    await keeps(town, laptop, text="On the laptop")
    town.clock.pass_by(minutes=1)
    await keeps(town, phone, text="On the phone")
    assert text_in(await box(town, phone)) == "On the phone"
    found = await box(town, laptop)
    assert text_in(found) == "On the laptop"
    (link,) = found.xpath("//p[@class='draft-elsewhere']/a/@href")
    assert text_in(await box(town, laptop, link)) == "On the phone"
    await keeps(town, laptop, text="On the phone, and on")
    assert text_in(await box(town, phone)) == "On the phone"


async def test_a_script_that_fetches_the_page_again_is_not_given_it(town: Town) -> None:
    browser = await town.browser(FARAH)
    await keeps(town, browser)
    assert text_in(await box(town, browser, **{"sec-fetch-mode": "cors"})) == ""


async def test_emptied_it_is_none(town: Town) -> None:
    browser = await town.browser(FARAH)
    await keeps(town, browser)
    assert await keeps(town, browser, text=" ") == 204
    assert await rows(town) == []


@pytest.mark.parametrize("way", ["socket", "request", "form"])
async def test_sent_it_is_none(town: Town, way: str) -> None:
    browser = await town.browser(FARAH)
    await keeps(town, browser, text="Isla came")
    body = LINE | {"text": "Isla came at 10."}
    said = {"do": "contribute", "key": "12345678", "body": body, "draft": True}
    if way == "socket":
        async with town.socket(FARAH) as socket:
            await socket.connection.send(json.dumps(said))
            await socket.next("saved")
            await socket.say("contribute", "87654321", **LINE, text="The next.")
            await socket.next("saved")
    elif way == "request":
        headers = {"content-type": "application/json"}
        path = f"/huddles/{town.huddle}/acts"
        assert (await browser.post(path, content=json.dumps(said), headers=headers)).status_code == 200
    else:
        path = f"/families/{ROWE}/contribute?huddle={town.huddle}"
        assert (await browser.post(path, data=body)).status_code == 303
    assert await rows(town) == []


async def test_one_that_was_kept_as_its_line_was_recorded_is_not_offered_again(town: Town) -> None:
    """A save that was on its way when the line was sent comes after it."""
    browser = await town.browser(FARAH)
    await town.do(FARAH, Contribute(**LINE, text="Isla came at 10."))  # type: ignore[arg-type]
    town.clock.pass_by(seconds=2)
    await keeps(town, browser, text="Isla came at")
    assert text_in(await box(town, browser)) == ""
    await keeps(town, browser, text="Isla came by bus")
    assert text_in(await box(town, browser)) == "Isla came by bus"


async def test_what_was_begun_meanwhile_stays_when_the_line_before_it_is_recorded(town: Town) -> None:
    browser = await town.browser(FARAH)
    await keeps(town, browser, text="The next line")
    path = f"/families/{ROWE}/contribute?huddle={town.huddle}"
    assert (await browser.post(path, data=LINE | {"text": "Isla came at 10."})).status_code == 303
    assert text_in(await box(town, browser)) == "The next line"


async def test_after_seven_days_it_is_wiped(town: Town) -> None:
    browser = await town.browser(FARAH)
    await keeps(town, browser)
    drafts = Drafts(town.house.store)
    town.clock.pass_by(days=6, hours=23)
    assert await drafts.sweep(town.clock()) == 0
    town.clock.pass_by(hours=1)
    assert await drafts.sweep(town.clock()) == 1
    assert await rows(town) == []


async def test_who_is_removed_loses_it_and_does_not_find_it_when_they_come_back(town: Town) -> None:
    browser = await town.browser(SAM)
    await keeps(town, browser)
    await town.do(PRIYA, RemoveFromTeam(person=SAM, reason="Moved"))
    assert await rows(town) == []
    assert await keeps(town, browser) == 404
    await town.do(PRIYA, AddToTeam(person=SAM))
    assert await rows(town) == []
    await town.do(FARAH, Contribute(**LINE, text="Something else."))  # type: ignore[arg-type]


async def test_who_leaves_loses_all_of_theirs(town: Town) -> None:
    sam, farah = await town.browser(SAM), await town.browser(FARAH)
    await keeps(town, sam)
    await keeps(town, sam, huddle=False)
    await keeps(town, farah)
    leaving = RecordLeaving(person=SAM, reason="Left the council")
    await town.house.ledger.record(PARTNERSHIP, leaving, THE_SYSTEM, key="leaves")
    assert [row.person for row in await rows(town)] == [FARAH]


async def test_nobody_keeps_more_than_a_few_and_nothing_but_a_box(town: Town) -> None:
    for number in range(BROWSERS + 3):
        town.clock.pass_by(minutes=1)
        await keeps(town, await town.browser(FARAH), text=f"Number {number}")
    assert len(await rows(town)) == BROWSERS
    browser = await town.browser(FARAH)
    assert await keeps(town, browser, author="priya-nair") == 400
    assert await keeps(town, browser, text="x" * 65_536) == 413
    assert await keeps(town, browser, text="\x00") == 400
