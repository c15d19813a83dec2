"""One person at two nodes: with two devices, and moving from one to the other with lines in hand."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json

import pytest

from server.realtime.frames import JSON
from tests.faults.live import Client, agree, everybody
from tests.lab.pace import within
from tests.lab.town import Listener, Town
from tests.realtime.test_access_paths import nodes

__all__ = ["nodes"]

FARAH, PRIYA = "farah-siddiqui", "priya-nair"


async def test_e4_f4_f9_a_queue_goes_up_at_the_other_node_in_its_order_each_once(
    nodes: tuple[Town, Town],
) -> None:
    """The line is cut as soon as a line was sent, five are written meanwhile, and all go up elsewhere."""
    one, other = nodes
    farah, here, there = (
        Client(person, at[0].seats[person], at[0].huddle, [town.settings.port for town in at])
        for person, at in ((FARAH, (one, other)), (PRIYA, (one,)), ("leo-marsh", (other,)))
    )
    said = []
    async with everybody(farah, here, there):
        for turn in range(6):
            said += [f"{turn} {n}" for n in range(6)]
            await farah.say(said[-6], f"turn-{turn}-0")
            farah.may_connect.clear()
            await cut(farah)
            for n in range(1, 6):
                await farah.say(said[n - 6], f"turn-{turn}-{n}")
            farah.may_connect.set()
            await farah.until(lambda: not farah.waits)
        await agree(farah, here, there, within=within(5))
    assert not farah.refused and len(farah.closes) > 6
    for client in (farah, here, there):
        heard = [fact["body"]["text"] for fact in client.facts.values() if "text" in fact["body"]]
        assert [text for text in heard if text in said] == said


async def cut(client: Client) -> None:
    """End its connection without a word, as a tunnel does."""
    if connection := client._connection:
        connection.transport.abort()
    await client.until(lambda: not client.open)


async def test_e9_with_two_devices_somebody_is_one_person_and_here_until_both_are_gone(
    nodes: tuple[Town, Town],
) -> None:
    one, other = nodes
    async with (
        other.socket(PRIYA, JSON) as priya,
        contextlib.AsyncExitStack() as phone,
        contextlib.AsyncExitStack() as laptop,
    ):
        for town, device in ((one, phone), (other, laptop)):
            await (await device.enter_async_context(town.socket(FARAH, JSON))).caught_up()
        await seen(priya, times=1)
        await phone.aclose()
        told = [m["here"] for m in await priya.quiet(1.5) if m["type"] == "presence"]
        assert all(here.count(FARAH) == 1 for here in told), "the laptop is still there"
        await laptop.aclose()
        await seen(priya, times=0)


async def seen(listener: Listener, times: int) -> None:
    """How often somebody shows Farah among those who are here."""
    async with asyncio.timeout(within(5)):
        while (await listener.next("presence"))["here"].count(FARAH) != times:
            pass


async def test_h2_a_sign_in_at_one_node_ends_the_session_that_it_replaces_at_both(town: Town) -> None:
    old = await town.signed_in(FARAH)
    answer = await (await town.browser()).post(f"/sign-in/as/{FARAH}", headers=old)
    (new,) = [f"{name}={value}" for name, value in answer.cookies.items() if value]
    assert new != old["cookie"]
    for browser in (await town.browser(), await town.browser()):
        assert (await browser.get("/", headers=old)).status_code == 303
        assert (await browser.get("/", headers=old | {"cookie": new})).status_code == 200


@pytest.mark.parametrize("alg", ["none", "HS256", "RS256"])
async def test_h4_h5_no_cookie_that_was_made_elsewhere_opens_a_page_or_a_socket(town: Town, alg: str) -> None:
    name, _, token = (await town.signed_in(FARAH))["cookie"].partition("=")
    header = base64.urlsafe_b64encode(json.dumps({"alg": alg, "typ": "JWT"}).encode()).rstrip(b"=").decode()
    _, claims, signature = token.split(".")
    wrong = "" if alg == "none" else f"A{signature[1:]}" if signature[0] != "A" else f"B{signature[1:]}"
    forged = {"cookie": f"{name}={header}.{claims}.{wrong}", "origin": town.address}
    for _ in range(2):
        assert (await (await town.browser()).get("/", headers=forged)).status_code == 303
        async with town.socket("", headers=forged) as socket:
            assert await socket.closed() in (1008, 4401)
            assert socket.received == []
