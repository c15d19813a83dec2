"""A screen that others look at too is made from what the whole team may read: page, frames and all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.families.knowledge import Contribute
from server.families.team import RemoveFromTeam
from server.realtime.frames import HTML
from tests.lab.canary import CANARY, sightings
from tests.lab.screen import Screen
from tests.lab.town import ROWE, Town, socket_at
from tests.realtime.test_twin_worlds import Guess, Worlds, everybody_joins, open_acts, restricted_now, worlds

__all__ = ["worlds"]

HANNAH, FARAH = "hannah-pike", "farah-siddiqui"
LINE = {"domain": "home", "basis": "third_party", "bearing": "serious"}


async def open_page(town: Town, person: str, path: str = "/presenting") -> Screen:
    browser = await town.browser(person)
    answer = await browser.get(f"/huddles/{town.huddle}{path}")
    assert answer.status_code == 200
    return Screen(answer.text)


async def told_in_confidence(town: Town, text: str) -> None:
    await town.do(HANNAH, Contribute(**LINE, text=text, only_for=("denise-hallam",)))  # type: ignore[arg-type]


async def test_nothing_restricted_is_on_the_page_or_comes_later(town: Town) -> None:
    await told_in_confidence(town, f"{CANARY} at the address.")
    shown = await open_page(town, "denise-hallam")
    assert sightings([(await open_page(town, "denise-hallam", "")).tree()]), "she may read it elsewhere"
    headers = await town.signed_in("denise-hallam")
    address = socket_at(
        town.settings.port, town.address, town.huddle, headers, HTML, f"{shown.cursor}&presenting=yes"
    )
    async with address as socket:
        await told_in_confidence(town, f"{CANARY} again.")
        await town.do(FARAH, Contribute(**LINE, text="Said to everybody."))  # type: ignore[arg-type]
        heard: list[dict[str, Any]] = []
        while "Said to everybody." not in json.dumps(heard):
            heard.append(json.loads(await socket.recv()))
            shown.take(heard[-1])
    assert not sightings([shown.tree(), json.dumps(heard)])
    assert shown.tree() == (await open_page(town, "denise-hallam")).tree()


async def test_other_pages_of_the_family_are_not_led_to(town: Town) -> None:
    page = await open_page(town, "denise-hallam")
    nav = page.document.xpath("//nav[@aria-label='Main']")
    assert nav == [] and page.main.xpath(f".//h1//a[contains(@href, '{ROWE}')]") == []


async def test_who_may_not_read_presents_nothing(town: Town) -> None:
    sam = await town.browser("sam-whitlock")
    assert (await sam.get(f"/huddles/{town.huddle}/presenting")).status_code == 200
    await town.do("priya-nair", RemoveFromTeam(person="sam-whitlock", reason="Moved"))
    assert (await sam.get(f"/huddles/{town.huddle}/presenting")).status_code == 404


async def test_what_was_begun_for_named_people_is_neither_shown_nor_written_over(town: Town) -> None:
    browser = await town.browser(FARAH)
    path = f"/families/{ROWE}/draft?huddle={town.huddle}"
    named = {"text": "Only for Priya", "audience": "named", "named": "person:priya-nair"}
    kept = await browser.post(path, data=named)
    browser.headers["cookie"] += "".join(f"; {name}={value}" for name, value in kept.cookies.items())
    shown = await browser.get(f"/huddles/{town.huddle}/presenting")
    assert "Only for Priya" not in shown.text
    await browser.post(f"{path}&presenting=yes", data={"text": "For the whole room"})
    assert "For the whole room" in (await browser.get(f"/huddles/{town.huddle}/presenting")).text
    assert "Only for Priya" in (await browser.get(f"/huddles/{town.huddle}")).text


async def test_no_byte_of_it_depends_on_what_its_presenter_may_read_beside(worlds: Worlds) -> None:
    """Of somebody who reads restricted information, in a world with it and in one without."""
    pages = []
    for restricted in (True, False):
        async with worlds.another() as world, world.open:
            await everybody_joins(world)
            await world.enter(
                (HANNAH, "grace-lindqvist", "farah-siddiqui", "denise-hallam", "priya-nair", "leo-marsh")
            )
            if restricted:
                await restricted_now(world, Guess())
            await open_acts(world)
            path = f"/huddles/{world.huddle}"
            page = await world.get("owen-blake", f"{path}/presenting")
            cursor = Screen(page).cursor
            more = await world.get("owen-blake", f"{path}/changes?presenting=yes&wait=0&after={cursor}")
            pages.append([page, more])
            assert bool(sightings([await world.get("owen-blake", path)])) is restricted
    assert pages[0] == pages[1]


@pytest.mark.parametrize("person", ["denise-hallam", FARAH])
async def test_a_request_follows_it_too(town: Town, person: str) -> None:
    shown = await open_page(town, person)
    browser = await town.browser(person)
    await told_in_confidence(town, f"{CANARY} at the address.")
    path = f"/huddles/{town.huddle}/changes?presenting=yes&wait=0&after={shown.cursor}"
    answer = await browser.get(path, headers={"hx-request": "true"})
    assert [m["type"] for m in answer.json()] == ["beat", "presence"]
