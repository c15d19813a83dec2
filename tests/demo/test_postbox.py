"""The postbox and the clock of a running demonstration, as whoever tries it out meets them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from httpx2 import AsyncClient, Response
from markupsafe import Markup

from server.demo.moving import morning_after
from server.demo.post import span, with_links
from server.families.requests import RequestInformation
from tests.lab.pace import within
from tests.lab.town import NOW, Clock, Town, browser_at, running

MARTIN, PRIYA, DENISE = "martin-yeo", "priya-nair", "denise-hallam"
LONDON = ZoneInfo("Europe/London")
DUE = datetime(2026, 3, 27, 12, tzinfo=UTC)


@pytest.fixture
async def town(sqlite_town: str) -> AsyncIterator[Town]:
    """A demonstration that chases by itself, on Thursday 19 March 2026 at 2:20pm."""
    async with running(sqlite_town, chase=True) as town:
        yield town


async def ask(town: Town, due: datetime = DUE) -> None:
    question = "When was Remi last weighed?"
    await town.do(PRIYA, RequestInformation(question=question, due=due, person=MARTIN, huddle=town.huddle))


async def move(browser: AsyncClient, to: str) -> str:
    """Press a button; what the page says of it."""
    answer = await browser.post("/demo/clock", data={"to": to})
    assert (answer.status_code, answer.headers["location"]) == (303, "/demo/post")
    return words(await browser.get("/demo/post"), "post-moved")


def words(page: Response, part: str) -> str:
    """The words of the one element of that class."""
    found = re.search(rf'<(\w+)[^>]*class="[^"]*\b{part}\b[^"]*"[^>]*>(.*?)</\1>', page.text, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", "", found[2]).split()) if found else ""


def mails(page: Response) -> list[str]:
    return re.findall(r'To </span>(.*?)</span>.*?mail-subject">(.*?)<', page.text, re.DOTALL)


async def signed_in(town: Town, person: str) -> AsyncClient:
    """A browser in which somebody stepped into a part with one click."""
    browser = browser_at(town.settings.port, town.address, {"origin": town.address})
    town.browsers.append(browser)
    await browser.post(f"/sign-in/as/{person}")
    return browser


async def test_before_anything_came_it_says_what_would(town: Town) -> None:
    page = await (await town.browser()).get("/demo/post")
    assert "No mail yet." in page.text
    assert words(page, "post-now") == "Thursday 19 March 2026, 2:20pm"
    assert "By this machine’s clock · nothing is due" in page.text
    assert 'value="due"' not in page.text, "there is nothing to go to"


async def test_a_question_that_nobody_answers_climbs_as_the_clock_is_moved(town: Town) -> None:
    anybody = await town.browser()
    await ask(town)
    async with asyncio.timeout(within(5.0)):  # what is asked for is told at once
        while "Martin Yeo" not in [to for to, _ in mails(await anybody.get("/demo/post"))]:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
    assert await move(anybody, "due") == "Moved to Thursday 26 March 2026, 9am. 1 mail has been sent since."
    assert (
        await move(anybody, "due") == "Moved to Friday 27 March 2026, midday. 2 mails have been sent since."
    )
    assert (await move(anybody, "due")).startswith("Moved to Monday 30 March 2026, 9am. 3 mails")
    last = await move(anybody, "due")
    assert last.endswith("1 waits in the queue, where somebody must settle it by name.")
    told = [to for to, _ in mails(await anybody.get("/demo/post"))]
    assert {"Martin Yeo", "Tom Okafor", "Priya Nair", "Denise Hallam"} <= set(told)


async def test_what_can_wait_for_working_hours_is_said_to_wait(town: Town) -> None:
    anybody = await town.browser()
    for to in ("day", "day"):
        await move(anybody, to)
    town.clock.pass_by(hours=1)
    await ask(town)
    said = await move(anybody, "hour")
    assert said == (
        "Moved to Saturday 21 March 2026, 4:20pm. No mail has been sent since. "
        "1 person is written to when they are next at work, from 9am."
    )
    assert await move(anybody, "morning") == (
        "Moved to Monday 23 March 2026, 9am. 1 mail has been sent since."
    )


async def test_a_mail_is_opened_and_leads_to_its_reader(town: Town) -> None:
    anybody = await town.browser()
    await ask(town)
    await move(anybody, "due")
    listed = await anybody.get("/demo/post")
    name = re.search(r'href="(/demo/post/[\w.-]+)#mail"', listed.text)
    assert name
    page = await anybody.get(name[1])
    assert f'<a href="{town.address}/work">{town.address}/work</a>' in page.text
    assert 'action="/sign-in/as/martin-yeo"' in page.text
    assert 'name="next" value="/work"' in page.text
    assert "Rowe" not in page.text.partition('id="mail"')[2].partition("</article>")[0]
    assert (await anybody.get("/demo/post/not-a-mail")).status_code == 404
    assert (await anybody.get("/demo/post/%25")).status_code == 404, "a name is no pattern"


async def test_the_test_reminder_of_the_service_is_left_out(town: Town) -> None:
    said = await move(await town.browser(), "day")
    assert said == "Moved to Friday 20 March 2026, 2:20pm. No mail has been sent since."


async def test_nobody_is_signed_out_by_it(town: Town) -> None:
    mover, other = await signed_in(town, DENISE), await signed_in(town, PRIYA)
    for to in ("day", "hour", "morning", "day"):
        await move(mover, to)
    for browser in (mover, other):
        assert (await browser.get("/")).status_code == 200
        left = (await browser.get("/session", headers={"accept": "application/json"})).json()
        assert left["idle_in"] > 800


async def test_an_open_room_stays_open_and_is_told_the_new_time_at_once(town: Town) -> None:
    browser = await town.browser(DENISE)
    async with town.socket(PRIYA) as line:
        await line.next()
        await move(browser, "day")
        beat = await line.next("beat", within=3.0)
        assert beat["now"] == "2026-03-20T14:20:00Z"


async def test_no_page_raises_the_alarm_after_a_leap(town: Town) -> None:
    browser = await town.browser(DENISE)
    await ask(town)
    for to in ("day", "due", "morning"):
        await move(browser, to)
        assert "Reminders may not be reaching people" not in (await browser.get("/demo/post")).text


async def test_without_anybody_who_looks_it_says_so(sqlite_town: str) -> None:
    async with running(sqlite_town, chase=False) as town:
        said = await move(await town.browser(), "day")
        assert "What is due there has not been looked for yet." in said


async def test_what_no_button_says_moves_nothing(town: Town) -> None:
    anybody = await town.browser()
    for form in ({}, {"to": "yesterday"}, {"to": "2099-01-01"}):
        assert (await anybody.post("/demo/clock", data=form)).status_code == 400
    assert await move(anybody, "due") == "", "nothing is due"
    assert town.house.clock() == NOW


async def test_the_banner_of_every_page_leads_there(town: Town) -> None:
    for browser, path in ((await town.browser(), "/sign-in"), (await town.browser(PRIYA), "/")):
        assert '<a href="/demo/post">Postbox and clock</a>' in (await browser.get(path)).text


async def test_nothing_of_it_is_there_outside_the_demonstration(sqlite_town: str) -> None:
    async with running(sqlite_town, demo=False) as town:
        for browser in (await town.browser(), await town.browser(DENISE)):
            assert (await browser.get("/demo/post")).status_code == 404
            assert (await browser.get("/demo/post/x")).status_code == 404
            assert (await browser.post("/demo/clock", data={"to": "day"})).status_code == 404
            assert "/demo/" not in (await browser.get("/sign-in", follow_redirects=True)).text
        assert town.house.clock is town.clock
        assert town.clock() == NOW


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-03-19T14:20", "2026-03-20T09:00"),
        ("2026-03-20T08:59", "2026-03-20T09:00"),
        ("2026-03-20T09:00", "2026-03-23T09:00"),
        ("2026-03-21T03:00", "2026-03-23T09:00"),
        ("2026-04-02T12:00", "2026-04-07T09:00"),  # over Easter
    ],
)
def test_the_next_morning_is_that_of_a_working_day(now: str, morning: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=LONDON)
    assert morning_after(local, "england") == datetime.fromisoformat(morning).replace(tzinfo=LONDON)


def test_only_what_leads_here_can_be_followed() -> None:
    here = "http://127.0.0.1:8000"
    for other in (
        "http://127.0.0.1:80001/work",
        "https://evil.example/http://127.0.0.1:8000/",
        f"{here}@evil",
    ):
        assert "<a" not in with_links(f"See {other} now", here)
    assert with_links(f"<b> {here}/work\n", here) == Markup(
        '&lt;b&gt; <a href="http://127.0.0.1:8000/work">http://127.0.0.1:8000/work</a>\n'
    )


def test_how_far_ahead_is_said_in_the_two_largest_parts() -> None:
    clock = Clock()
    clock.pass_by(days=6, hours=2, minutes=40)
    assert span(clock.at - NOW) == "6 days and 2 hours"
    clock = Clock()
    clock.pass_by(days=1, minutes=1)
    assert span(clock.at - NOW) == "1 day and 1 minute"
    assert span(Clock().at - NOW) == ""
