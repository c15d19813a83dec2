"""Faults of the way between: idle for long, far behind, rung wrongly, told twice, flooded."""

from __future__ import annotations

import asyncio
import random
import re

import pytest
import websockets

from server.families.knowledge import Contribute
from server.realtime.doorbell import Doorbell
from server.realtime.frames import FACTS_A_FRAME, HTML, JSON, PAGE_AFTER
from server.realtime.screens import BEAT, PAGE
from tests.lab.pace import within
from tests.lab.spread import Spread
from tests.lab.town import Town, running
from tests.realtime.test_access_paths import nodes

__all__ = ["nodes"]

FARAH, PRIYA = "farah-siddiqui", "priya-nair"
LINE = {"domain": "education", "basis": "observed_fact", "bearing": "concern"}


def line(text: str) -> Contribute:
    return Contribute(**LINE, text=text)  # type: ignore[arg-type]


async def test_f5_an_idle_line_is_never_silent_for_long(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Middle boxes cut what is silent for a minute. Everything here is fifty times as quick."""
    assert BEAT < 30, "with a second look for what was missed, still within a minute"
    monkeypatch.setattr("server.realtime.screens.BEAT", BEAT / 50)
    monkeypatch.setattr("server.realtime.node.TICK", 1 / 50)
    async with running(town.settings.database_url) as quick, quick.socket(FARAH) as farah:
        await farah.caught_up()
        for _ in range(3):
            beat = await farah.next("beat", within=within(60 / 50))
            assert beat["cursor"] == farah.cursor


async def test_f7_somebody_far_behind_is_given_pieces_or_the_page(town: Town) -> None:
    async with town.socket(FARAH) as before:
        await before.caught_up()
        cursor, seen = before.cursor, len(before.facts)
    missed = FACTS_A_FRAME + 20
    await at_one_node(town, *(line(f"Line {n}.") for n in range(missed)))
    async with town.socket(FARAH, JSON, after=cursor) as program:
        facts = await program.caught_up()
        sizes = [len(m["facts"]) for m in program.received if m["type"] == "facts"]
    assert [fact["seq"] for fact in facts] == list(range(seen + 1, seen + missed + 1))
    assert max(sizes) <= FACTS_A_FRAME and len(sizes) > 1
    assert missed > PAGE_AFTER
    async with town.socket(FARAH, HTML, after=cursor) as browser:
        assert await browser.closed() == PAGE
        assert "page" in [m["type"] for m in browser.received]


async def at_one_node(town: Town, *lines: Contribute) -> None:
    """All recorded together by one node, and known to each: hundreds at once from two only collide."""
    one = town.nodes[0] if isinstance(town, Spread) else town
    await asyncio.gather(*(one.do(PRIYA, said) for said in lines))
    if isinstance(town, Spread):
        await town.agree()


async def test_f10_rings_that_are_lost_late_or_out_of_order_change_no_order(
    nodes: tuple[Town, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of ten rings are dropped, the others come in any order: every line, in its place, soon."""
    chance, ring, lost = random.Random(10), Doorbell.ring, []

    def badly(self: Doorbell, channel: str, message: str) -> None:
        if chance.random() < 0.3:
            lost.append(message)
        else:
            asyncio.get_running_loop().call_later(chance.uniform(0, 0.3), ring, self, channel, message)

    monkeypatch.setattr(Doorbell, "ring", badly)
    one, other = nodes
    async with other.socket(FARAH) as farah:
        before = len(await farah.caught_up())
        for number in range(60):
            await (one, other)[number % 2].do(PRIYA, line(f"Line {number}."))
        async with asyncio.timeout(within(2.5)):
            while len(farah.facts) < before + 60:
                await farah.next("facts")
    texts = [fact["body"].get("text") for fact in farah.facts[before:]]
    assert texts == [f"Line {number}." for number in range(60)]
    assert lost, "some must have been lost, or this means nothing"


async def test_g3_pieces_are_one_message_and_too_much_in_pieces_is_too_much(town: Town) -> None:
    async with town.socket(FARAH) as farah:
        await farah.caught_up()
        await farah.connection.send(['{"do":"contribute",', '"key":"12345678"}'])
        assert (await farah.next("refused"))["key"] == "12345678"
        await farah.connection.send("x" * 1000 for _ in range(70))
        assert await farah.closed() == 1009


async def test_g3_pings_and_what_claims_to_be_compressed_hurt_nobody(town: Town) -> None:
    async with town.socket(FARAH) as farah, town.socket(PRIYA) as priya:
        await priya.caught_up()
        for _ in range(2000):
            await farah.connection.ping()
        await town.do("grace-lindqvist", line("Said during a flood."))
        assert (await priya.next("facts", within=within(1.0)))["facts"][-1]["body"]["text"] == (
            "Said during a flood."
        )
        frame = bytearray(websockets.frames.Frame(websockets.frames.Opcode.TEXT, b"{}").serialize(mask=True))
        frame[0] |= 0x40  # the bit that says so
        farah.connection.transport.write(frame)
        assert await farah.closed() == 1002


async def test_g2_nothing_that_is_unreadable_is_written_down(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    async with town.socket(FARAH) as farah:
        await farah.connection.send('{"do":"contribute","body":"zq7-secret"')
        await farah.next("refused")
    said = capsys.readouterr()
    assert not re.search("zq7-secret|Traceback", said.out + said.err)
