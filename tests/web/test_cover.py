"""Hide screen: no page is shown until its person gives their password; what is open goes on."""

from __future__ import annotations

import pytest
from httpx2 import AsyncClient

from tests.lab.town import ROWE, Town, running
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
town = towns.one_town
FARAH = "farah-siddiqui"
COVER = "<title>Screen hidden"
PASSWORD = "correct horse staple"


async def covered(town: Town, password: bool = False) -> AsyncClient:
    """Farah's browser, with the cover over it."""
    browser = await town.browser(FARAH)
    if password:
        await choose_password(town)
        browser = await town.browser(FARAH)
    answer = await browser.post("/session/cover", headers={"referer": f"{town.address}/families/{ROWE}"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/families/{ROWE}")
    browser.headers["cookie"] += "; huddle-covered=yes"
    return browser


async def choose_password(town: Town) -> None:
    from server.people import credentials

    hash = await town.house.credentials.hash(PASSWORD)
    await town.house.store.write(lambda c: credentials.put(c, FARAH, hash, town.clock()))


@pytest.mark.parametrize("path", ["/", "/families", f"/families/{ROWE}", "/refer", "/huddles/{id}"])
async def test_every_page_is_the_cover(town: Town, path: str) -> None:
    page = await (await covered(town)).get(path.format(id=town.huddle))
    assert page.status_code == 200 and COVER in page.text
    assert "Rowe" not in page.text and "Isla" not in page.text
    assert f'value="{path.format(id=town.huddle)}"' in page.text, "it leads back to what was asked for"
    assert "999" in page.text


async def test_what_is_open_goes_on(town: Town) -> None:
    browser = await covered(town)
    for path in ("/session", f"/huddles/{town.huddle}/changes?wait=0"):
        answer = await browser.get(path, headers={"sec-fetch-mode": "cors", "accept": "*/*"})
        assert answer.status_code == 200 and COVER not in answer.text


async def test_a_form_shows_nothing_either(town: Town) -> None:
    found = await (await covered(town)).post("/families", data={"words": "rowe"})
    assert COVER in found.text and "Rowe" not in found.text


async def test_a_referral_of_ones_own_is_never_held_up(town: Town) -> None:
    sent = await (await covered(town)).post("/refer", data={})
    assert sent.status_code == 422 and COVER not in sent.text


async def test_the_password_lifts_it(town: Town) -> None:
    browser = await covered(town, password=True)
    for wrong, words in (("", "Enter your password"), ("not mine", "That is not your password")):
        refused = await browser.post("/session/uncover", data={"password": wrong, "next": "/families"})
        assert refused.status_code == 422 and words in refused.text and "set-cookie" not in refused.headers
    answer = await browser.post("/session/uncover", data={"password": PASSWORD, "next": "/families"})
    assert answer.headers["location"] == "/families"
    assert 'huddle-covered=""' in answer.headers["set-cookie"] and "Max-Age=0" in answer.headers["set-cookie"]
    assert (await browser.get("/session", headers={"accept": "application/json"})).status_code == 200


async def test_guessing_costs_a_wait(town: Town) -> None:
    browser = await covered(town, password=True)
    answers = [
        (await browser.post("/session/uncover", data={"password": f"guess {n}"})).status_code
        for n in range(6)
    ]
    assert answers == [422] * 5 + [429]


async def test_signing_in_or_out_takes_it_away(town: Town) -> None:
    for path in (f"/sign-in/as/{FARAH}", "/sign-out"):
        answer = await (await covered(town)).post(path)
        assert any("huddle-covered=" in c and "Max-Age=0" in c for c in answer.headers.get_list("set-cookie"))


async def test_one_press_is_for_the_demonstration_alone(sqlite_town: str) -> None:
    for demo, status in ((True, 303), (False, 422)):
        async with running(sqlite_town, demo=demo) as town:
            answer = await (await covered(town)).post("/session/uncover", data={"part": "yes"})
            assert answer.status_code == status


async def test_it_leads_nowhere_else(town: Town) -> None:
    browser = await covered(town)
    answer = await browser.post("/session/cover", headers={"referer": "https://evil.example//evil.example"})
    assert answer.headers["location"] == "/"
    answer = await browser.post("/session/uncover", data={"part": "yes", "next": "https://evil.example/"})
    assert answer.headers["location"] == "/"
