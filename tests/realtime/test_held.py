"""Where sockets are broken a request is held for news: the same frames, questions and answers (F6)."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from server.families.knowledge import Contribute
from server.families.team import RemoveFromTeam
from server.huddles.commands import ChangePhase
from server.realtime.frames import HTML, JSON
from server.realtime.limits import BURST, HELD_AT_ONCE, Buckets
from tests.lab.pace import within
from tests.lab.town import Town

LATE = {"domain": "education", "basis": "observed_fact", "text": "Isla came at 10.", "bearing": "concern"}
LINE = Contribute(**LATE)  # type: ignore[arg-type]
FARAH, SAM = "farah-siddiqui", "sam-whitlock"
BY_SCRIPT = {"hx-request": "true"}


async def cursor_of(town: Town, browser: AsyncClient) -> str:
    page = (await browser.get(f"/huddles/{town.huddle}")).text
    return page.split('data-cursor="')[1].split('"')[0]


async def ask(town: Town, browser: AsyncClient, after: str, wait: int = 25, **headers: str) -> Response:
    path = f"/huddles/{town.huddle}/changes?after={after}&wait={wait}"
    return await browser.get(path, headers=BY_SCRIPT | headers, timeout=30)


async def asking(town: Town, browser: AsyncClient, after: str) -> asyncio.Task[Response]:
    """A request that is being held."""
    known = len(town.live.node.held)
    task = asyncio.create_task(ask(town, browser, after))
    async with asyncio.timeout(5):
        while len(town.live.node.held) == known:
            assert not task.done()
            await asyncio.sleep(0.01)
    return task


async def say(town: Town, browser: AsyncClient, key: str, **body: Any) -> Response:
    said = json.dumps({"do": "contribute", "key": key, "body": body})
    headers = {"content-type": "application/json", "accept": "application/json"}
    return await browser.post(f"/huddles/{town.huddle}/acts", content=said, headers=headers)


@pytest.mark.parametrize("protocol", [HTML, JSON])
async def test_f6_it_is_answered_what_a_socket_is_sent(town: Town, protocol: str) -> None:
    browser = await town.browser(FARAH)
    after = await cursor_of(town, browser)
    async with town.socket(FARAH, protocol, after=after) as farah:
        accept = {"accept": "application/json"} if protocol == JSON else {}
        waiting = asyncio.create_task(ask(town, browser, after, **accept))
        await town.do("priya-nair", LINE)
        frame = await farah.next("frame" if protocol == HTML else "facts")
        messages = (await waiting).json()
    assert [m["type"] for m in messages] == [frame["type"], "presence"]
    assert messages[0] == frame
    assert FARAH in messages[1]["here"]


async def test_f6_without_news_it_is_a_beat_and_who_waits_is_here(town: Town) -> None:
    browser = await town.browser(FARAH)
    after = await cursor_of(town, browser)
    beat, presence = (await ask(town, browser, after, wait=0)).json()
    assert (beat["type"], beat["cursor"]) == ("beat", after)
    assert FARAH in presence["here"] and presence["typing"] == []
    async with town.socket("priya-nair") as priya:
        assert FARAH in (await priya.next("presence"))["here"]


async def test_f6_what_is_somebodys_own_comes_with_the_frame(town: Town) -> None:
    browser = await town.browser("denise-hallam")
    waiting = await asking(town, browser, await cursor_of(town, browser))
    await town.do("denise-hallam", ChangePhase(huddle=town.huddle, phase="discussion"))
    types = [message["type"] for message in (await waiting).json()]
    assert types == ["frame", "yours", "presence"]


async def test_f6_a_page_that_cannot_go_on_is_told_to_be_fetched(town: Town) -> None:
    browser = await town.browser(FARAH)
    for cursor in ("", "nonsense"):
        assert (await ask(town, browser, cursor)).json()[0]["type"] == "page"


async def test_f6_who_is_removed_while_waiting_is_told_that_there_is_no_such_page(town: Town) -> None:
    browser = await town.browser(SAM)
    waiting = await asking(town, browser, await cursor_of(town, browser))
    started = time.monotonic()
    removed, told = await asyncio.gather(
        town.do("priya-nair", RemoveFromTeam(person=SAM, reason="Moved")), town.do(FARAH, LINE)
    )
    answer = await waiting
    assert time.monotonic() - started < within(1.0)
    if told.seq < removed.seq:  # as it may be where each is recorded by another node
        answer = await ask(town, browser, answer.json()[0]["cursor"]) if answer.status_code == 200 else answer
    assert answer.status_code == 404
    assert str(LATE["text"]) not in answer.text
    assert (await say(town, browser, "12345678", **LATE)).status_code == 404


async def test_f6_who_signs_out_while_waiting_is_asked_to_sign_in(town: Town) -> None:
    browser = await town.browser(FARAH)
    waiting = await asking(town, browser, await cursor_of(town, browser))
    await (await town.browser(FARAH)).post("/session/extend")
    await town.house.sessions.end_all(FARAH, town.clock())
    assert (await waiting).status_code == 401


async def test_f6_to_wait_is_no_act(town: Town) -> None:
    """A page that only asks for news is idle like any other."""
    browser = await town.browser(FARAH)
    after = await cursor_of(town, browser)
    town.clock.pass_by(minutes=61)
    assert (await ask(town, browser, after, wait=0)).status_code == 401


async def test_f6_an_act_is_acknowledged_as_by_a_socket(town: Town) -> None:
    browser = await town.browser(FARAH)
    saved = (await say(town, browser, "12345678", **LATE)).json()
    assert saved["type"] == "saved" and not saved["replayed"]
    assert (await say(town, browser, "12345678", **LATE)).json() == saved | {"replayed": True}
    async with town.socket(FARAH) as socket:
        await socket.say("contribute", "12345678", **LATE)
        assert await socket.next("saved") == saved | {"replayed": True}
        await socket.say("contribute", "12345678", **LATE | {"text": "Other words."})
        refused = await socket.next("refused")
    other = await say(town, browser, "12345678", **LATE | {"text": "Other words."})
    assert (other.status_code, other.json()) == (409, refused)


@pytest.mark.parametrize(
    ("sent", "status"),
    [("", 400), ("{", 400), ("[]", 400), ('{"do":"fly","key":"12345678"}', 400), ("x" * 65_537, 413)],
)
async def test_g1_g2_what_no_socket_would_take_no_request_takes(town: Town, sent: str, status: int) -> None:
    browser = await town.browser(FARAH)
    headers = {"content-type": "application/json", "accept": "application/json"}
    answer = await browser.post(f"/huddles/{town.huddle}/acts", content=sent, headers=headers)
    assert answer.status_code == status
    assert (await say(town, browser, "12345678", **LATE)).json()["type"] == "saved"


async def test_f6_nobody_holds_more_than_ten_and_who_hangs_up_is_gone(town: Town) -> None:
    browser = await town.browser(FARAH)
    after = await cursor_of(town, browser)
    held = [await asking(town, browser, after) for _ in range(HELD_AT_ONCE)]
    assert (await ask(town, browser, after)).status_code == 429
    for task in held:
        task.cancel()
    async with asyncio.timeout(5):
        while town.live.node.held or list(town.live.node.rooms.screens()):  # noqa: ASYNC110 - by itself
            await asyncio.sleep(0.01)
    assert (await ask(town, browser, after, wait=0)).status_code == 200


async def test_f6_a_process_that_stops_answers_whoever_waits(town: Town) -> None:
    browser = await town.browser(FARAH)
    after = await cursor_of(town, browser)
    waiting = await asking(town, browser, after)
    town.live.node.stop()
    async with asyncio.timeout(5):
        assert (await waiting).json()[0]["type"] == "beat"
        assert (await ask(town, browser, after)).json()[0]["type"] == "beat", "who comes while it stops"


def test_f6_requests_of_one_session_count_together_and_no_list_grows() -> None:
    asked = Buckets(most=2)
    assert all(asked.take("one") for _ in range(int(BURST)))
    assert not asked.take("one") and asked.take("two") and asked.take("three")
    assert asked.take("one"), "who asked longest ago begins anew"
