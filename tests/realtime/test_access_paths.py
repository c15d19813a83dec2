"""Revoked is revoked: after a removal at number r nobody removed receives anything later, by any path.

INV-6; cases I1, I3, I19, I20. Two nodes in the test's own loop over one database, with writers at work.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from server.families.knowledge import Contribute
from server.families.team import AddToTeam, RemoveFromTeam
from server.huddles.commands import Join
from server.people.roles import EndRole, RecordLeaving
from server.realtime.doorbell import Doorbell
from server.realtime.frames import HTML, JSON
from server.realtime.live import Live
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from server.record.refusals import NotFound
from tests.lab.pace import within
from tests.lab.town import ROWE, Listener, Town, running, sign_in_everybody

ADDRESS = "http://127.0.0.1:8000"
SAM = "sam-whitlock"
LINE = {"domain": "home", "basis": "observed_fact", "bearing": "concern"}
REMOVE = RemoveFromTeam(person=SAM, reason="Moved to another team")
ROUNDS = 20


def line(text: str) -> Contribute:
    return Contribute(**LINE, text=text)  # type: ignore[arg-type]


@pytest.fixture
async def nodes(postgres_town: str) -> AsyncIterator[tuple[Town, Town]]:
    seats = await sign_in_everybody(postgres_town, ADDRESS)
    more = {"base_url": ADDRESS, "demo": False, "seats": seats}
    async with running(postgres_town, **more) as one, running(postgres_town, **more) as other:
        async with asyncio.timeout(5):
            while not (one.live.node.doorbell.healthy and other.live.node.doorbell.healthy):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        yield one, other


class Writers:
    """People who keep saying numbered lines; where each of them stands."""

    def __init__(self, *towns: Town) -> None:
        self.said: dict[str, int] = {}
        self._towns = towns

    async def write(self, person: str, town: Town) -> None:
        while True:
            text = f"Line {len(self.said)} of {person}."
            self.said[text] = (await town.do(person, line(text))).seq
            await asyncio.sleep(0.02)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        people = ("farah-siddiqui", "leo-marsh", "grace-lindqvist")
        tasks = [asyncio.create_task(self.write(p, self._towns[n % 2])) for n, p in enumerate(people)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def later_than(self, seq: int) -> list[str]:
        return [text for text, at in self.said.items() if at > seq]


async def listen(stack: contextlib.AsyncExitStack, town: Town, protocol: str) -> Listener:
    """A socket of Sam from the page that he opened, read by nobody yet."""
    page = await (await town.browser(SAM)).get(f"/huddles/{town.huddle}")
    found = re.search('data-cursor="([^"]+)"', page.text)
    after = found.group(1) if found and protocol == HTML else ""
    return await stack.enter_async_context(town.socket(SAM, protocol, after))


@pytest.mark.slow
async def test_i19_removed_at_any_moment_under_load(nodes: tuple[Town, Town]) -> None:
    """Twenty times: nothing past the removal over any socket, all closed within a second, all paths shut."""
    chance, slowest, heard = random.Random(19), 0.0, 0
    one, other = nodes
    writers = Writers(one, other)
    await one.do(SAM, Join(huddle=one.huddle, accepted=True))
    async with writers.at_work():
        for number in range(ROUNDS):
            async with contextlib.AsyncExitStack() as stack:
                sockets = [await listen(stack, t, p) for t in nodes for p in (HTML, JSON)]
                ends = [asyncio.create_task(read_to_the_end(s)) for s in sockets]
                await asyncio.sleep(chance.uniform(0.0, 0.2))
                removed = await nodes[number % 2].do("priya-nair", REMOVE)
                at = time.monotonic()
                closed = await asyncio.wait_for(asyncio.gather(*ends), 5)
                slowest = max(slowest, *(moment - at for moment in closed))
                for listener in sockets:
                    everything = "\n".join(listener.raw)
                    late = [text for text in writers.later_than(removed.seq) if text in everything]
                    assert not late, "received past the removal"
                    places = [f["seq"] for f in listener.facts if f["stream"] == one.book]
                    assert all(seq < removed.seq for seq in places)
                    heard += len(listener.raw)
                if number % 5 == 0:
                    await every_path_is_shut(nodes, cursor_of(sockets))
            await nodes[(number + 1) % 2].do("priya-nair", AddToTeam(person=SAM))
    assert heard > 4 * ROUNDS and len(writers.said) > 3 * ROUNDS, "nobody spoke, nobody listened"
    assert slowest < within(1.0)
    print(f"I19: {ROUNDS} removals, {len(writers.said)} lines, slowest close {slowest * 1000:.0f} ms")


async def read_to_the_end(listener: Listener) -> float:
    code = await listener.closed()
    assert code in (1008, 4000), code
    return time.monotonic()


def cursor_of(sockets: list[Listener]) -> str:
    return [m["cursor"] for s in sockets for m in s.received if "cursor" in m][-1]


async def every_path_is_shut(nodes: tuple[Town, Town], cursor: str) -> None:
    """Sockets, cursors, pages and frames: to Sam they are what they are to somebody who asks for nothing."""
    for town in nodes:
        for protocol in (HTML, JSON):
            async with town.socket(SAM, protocol, cursor) as again:
                assert await again.closed() == 1008
                assert again.raw == []
        browser = await town.browser(SAM)
        absent = await browser.get("/huddles/" + "0" * 32)
        huddle = f"/huddles/{town.huddle}"
        held = f"/changes?after={cursor}&wait=5"
        for path in ("", "/join", "/changes", f"/changes?after={cursor}", held, f"?from={cursor}"):
            answer = await browser.get(huddle + path)
            assert (answer.status_code, answer.text) == (404, absent.text), path
        answer = await browser.get(f"{huddle}/changes?after={cursor}", headers={"accept": "application/json"})
        assert answer.status_code == 404
        for path in ("", "/contribute", "/team"):
            assert (await browser.get(f"/families/{ROWE}{path}")).text == absent.text
        for page in (await browser.get("/"), await browser.get("/families")):
            assert "Rowe" not in page.text


@pytest.mark.parametrize("rung", [True, False], ids=["rung", "not-rung"])
async def test_removal_and_lines_that_come_together(
    nodes: tuple[Town, Town], monkeypatch: pytest.MonkeyPatch, rung: bool
) -> None:
    """The other node reads the removal and what follows it at once; without a ring, only at its next look."""
    if not rung:
        monkeypatch.setattr(Doorbell, "ring", lambda *_: None)
    one, other = nodes
    async with other.socket(SAM, JSON) as there, one.socket(SAM, JSON) as here:
        before = len(await there.caught_up())
        await here.caught_up()
        said = [one.do("farah-siddiqui", line(f"Together {n}.")) for n in range(3)]
        removal = one.do("priya-nair", REMOVE)
        more = [one.do("leo-marsh", line(f"Afterwards {n}.")) for n in range(3)]
        *_, removed, _, _, _ = await asyncio.gather(*said, removal, *more)
        started = time.monotonic()
        assert await here.closed() == await there.closed() == 1008
        assert time.monotonic() - started < within(1.0 if rung else 2.5)
        for listener in (here, there):
            assert all(fact["seq"] < removed.seq for fact in listener.facts)
            assert "Afterwards" not in "".join(listener.raw)
    assert before


async def test_a_frame_on_its_way_when_its_reader_is_removed_is_not_answered(
    nodes: tuple[Town, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for changes while still a reader, removed before they are put together."""
    one, _ = nodes
    async with one.socket(SAM, JSON) as sam:
        await sam.caught_up()
        cursor = cursor_of([sam])
    room_of = Live.room_of

    async def and_is_removed(self: Live, huddle: str, person: str) -> object:
        found = await room_of(self, huddle, person)
        if person == SAM:
            await one.do("priya-nair", REMOVE)
            await one.do("farah-siddiqui", line("Said behind his back."))
        return found

    monkeypatch.setattr(Live, "room_of", and_is_removed)
    answer = await (await one.browser(SAM)).get(f"/huddles/{one.huddle}/changes?after={cursor}")
    assert answer.status_code == 404
    assert "behind his back" not in answer.text


async def leaves(town: Town) -> None:
    command = RecordLeaving(person=SAM, reason="Left the council")
    await town.house.ledger.record(PARTNERSHIP, command, THE_SYSTEM, key="leaves")


async def loses_role(town: Town) -> None:
    command = EndRole(person=SAM, role="practitioner")
    await town.house.ledger.record(PARTNERSHIP, command, THE_SYSTEM, key="loses-role")


async def signs_out(town: Town) -> None:
    await (await town.browser(SAM)).post("/sign-out")


async def is_signed_out_everywhere(town: Town) -> None:
    await town.house.sessions.end_all(SAM, town.clock())


@pytest.mark.parametrize(
    ("ends", "codes"),
    [
        (leaves, (1008, 4401)),
        (loses_role, (1008,)),
        (signs_out, (4401,)),
        (is_signed_out_everywhere, (4401,)),
    ],
)
async def test_i20_who_leaves_or_signs_out_is_heard_of_on_every_node(
    nodes: tuple[Town, Town], ends: Callable[[Town], Awaitable[None]], codes: tuple[int, ...]
) -> None:
    """Sockets on the other node close too, within two seconds; what is said after that reaches nobody."""
    one, other = nodes
    async with one.socket(SAM) as here, other.socket(SAM) as there:
        await here.caught_up()
        await there.caught_up()
        started = time.monotonic()
        await ends(one)
        await one.do("farah-siddiqui", line("After the end."))
        assert await here.closed() in codes
        assert await there.closed() in codes
        assert time.monotonic() - started < within(2.0)
        if ends in (leaves, loses_role):
            assert "After the end" not in "".join(here.raw), "the node on which it happened knows at once"
    browser = await other.browser(SAM)
    for path in (f"/huddles/{one.huddle}", f"/families/{ROWE}", f"/huddles/{one.huddle}/changes"):
        assert (await browser.get(path)).status_code in (303, 401, 404)
    assert "Rowe" not in (await browser.get("/families")).text + (await browser.get("/")).text
    async with other.socket(SAM) as again:
        assert await again.closed() in codes
        assert again.raw == []


async def test_what_was_read_for_a_refused_command_is_shown_too(
    nodes: tuple[Town, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that caught up only to refuse has no commit to tell of: its screens see it all the same."""
    monkeypatch.setattr(Doorbell, "ring", lambda *_: None)
    one, other = nodes
    async with other.socket("farah-siddiqui", JSON) as farah:
        await farah.caught_up()
        await one.do("priya-nair", REMOVE)
        with pytest.raises(NotFound):
            await other.do(SAM, line("Too late."))
        heard = await farah.next("facts", within=3.0)
        assert "TeamMemberRemoved/1" in [fact["kind"] for fact in heard["facts"]]
