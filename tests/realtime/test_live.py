"""The live socket: what is contributed reaches everybody it is for, once, and nobody else."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets

from server.core import opened
from server.families.knowledge import AlreadyWithdrawn, Contribute, Withdraw
from server.families.team import RemoveFromTeam
from server.huddles.state import HuddlesState
from server.realtime.frames import HTML, JSON
from tests.lab.town import Listener, Town

LATE = {"domain": "education", "basis": "observed_fact", "text": "Isla came at 10.", "bearing": "concern"}


async def last(listener: Listener) -> dict[str, object]:
    return (await listener.next("facts"))["facts"][-1]


async def test_a_contribution_is_saved_and_reaches_the_others(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah, town.socket("priya-nair") as priya:
        await farah.caught_up()
        await priya.caught_up()
        key = await farah.say("contribute", **LATE)
        saved = await farah.next("saved")
        heard = await last(priya)
        assert saved["key"] == key
        assert (heard["stream"], heard["seq"]) == (saved["stream"], saved["seq"])
        assert heard["by"] == {"person": "farah-siddiqui", "agency": "SAP"}


async def test_e1_the_same_key_is_recorded_once(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah:
        await farah.caught_up()
        key = await farah.say("contribute", **LATE)
        first = await farah.next("saved")
        await farah.say("contribute", key, **LATE)
        again = await farah.next("saved")
        assert again == first | {"replayed": True}
        assert [f["body"].get("text") for f in farah.facts].count(LATE["text"]) == 1


async def test_e2_the_same_key_with_another_audience_is_refused(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah:
        await farah.caught_up()
        key = await farah.say("contribute", **LATE)
        await farah.next("saved")
        await farah.say("contribute", key, **LATE, only_for=["priya-nair"])
        refused = await farah.next("refused")
        assert (refused["key"], refused["code"]) == (key, "key_reused")


async def test_a_screen_resumes_from_its_cursor_without_gap_or_repeat(town: Town) -> None:
    async with town.socket("farah-siddiqui") as before:
        await before.caught_up()
        seen = len(before.facts)
        cursor = before.cursor
    for number in range(5):
        await town.do("priya-nair", Contribute(**LATE | {"text": f"Line {number}."}))  # type: ignore[arg-type]
    async with town.socket("farah-siddiqui", after=cursor) as after:
        facts = await after.caught_up()
        assert [f["body"]["text"] for f in facts] == [f"Line {n}." for n in range(5)]
        assert facts[0]["seq"] == seen + 1


async def test_what_a_refused_command_found_out_is_shown_too(town: Town) -> None:
    """Another process withdrew the line first: who is refused here has caught up, and so have the screens."""
    farah, mine = await town.actor("farah-siddiqui"), await town.do("farah-siddiqui", Contribute(**LATE))  # type: ignore[arg-type]
    withdraw = Withdraw(stream=mine.stream, seq=mine.seq, reason="Said twice")
    async with town.socket("priya-nair") as priya:
        await priya.caught_up()
        async with opened(town.settings, clock=town.clock) as elsewhere:
            await elsewhere.ledger.record(town.book, withdraw, farah, key="elsewhere")
        with pytest.raises(AlreadyWithdrawn):
            await town.do("farah-siddiqui", withdraw)
        assert (await last(priya))["kind"] == "FragmentWithdrawn/1"


@pytest.mark.parametrize("cursor", ["", "nonsense", "A" * 60])
async def test_a_cursor_that_is_none_brings_everything_and_says_so(town: Town, cursor: str) -> None:
    async with town.socket("farah-siddiqui", after=cursor) as farah:
        facts = await farah.caught_up()
        assert next(m for m in farah.received if m["type"] == "facts")["whole"]
        assert [f["seq"] for f in facts] == list(range(1, len(facts) + 1))


async def test_who_does_not_read_the_family_is_told_what_is_told_of_none(town: Town) -> None:
    async with town.socket("dawn-tully") as dawn:
        assert await dawn.closed() == 1008
    async with town.socket("dawn-tully", huddle="0" * 32) as none:
        assert await none.closed() == 1008
    assert dawn.raw == none.raw == []


async def test_nobody_comes_in_without_a_session(town: Town) -> None:
    async with town.socket("", headers={"cookie": "", "origin": town.address}) as nobody:
        assert await nobody.closed() == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_h1_no_other_site_opens_a_socket(town: Town, origin: str | None) -> None:
    headers = await town.signed_in("farah-siddiqui")
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with town.socket("", headers=headers | {"origin": origin}):  # type: ignore[dict-item]
            pass
    assert refused.value.response.status_code == 403


async def test_removal_closes_the_socket_within_a_second_and_nothing_later_arrives(town: Town) -> None:
    async with town.socket("sam-whitlock") as sam, town.socket("priya-nair") as priya:
        await sam.caught_up()
        await priya.caught_up()
        before = len(sam.facts)
        await asyncio.gather(
            town.do("priya-nair", RemoveFromTeam(person="sam-whitlock", reason="Moved to another team")),
            town.do("farah-siddiqui", Contribute(**LATE)),  # type: ignore[arg-type]
        )
        assert await sam.closed(within=1.0) == 1008
        removed = next(f for f in await priya.caught_up() if f["kind"] == "TeamMemberRemoved/1")
        assert all(f["seq"] < removed["seq"] for f in sam.facts[before:])
        browser = await town.browser("sam-whitlock")
        for path in ("", "/changes", "/join"):
            assert (await browser.get(f"/huddles/{town.huddle}{path}")).status_code == 404


async def test_who_is_removed_is_no_longer_in_the_huddle(town: Town) -> None:
    await town.do("priya-nair", RemoveFromTeam(person="sam-whitlock", reason="Moved to another team"))
    hand = await town.house.ledger.look(town.book, await town.actor("priya-nair"))
    assert "sam-whitlock" not in hand.state[HuddlesState].by_id[town.huddle].present()


async def test_h3_signing_out_closes_every_socket_of_the_session(town: Town) -> None:
    headers = await town.signed_in("farah-siddiqui")
    async with town.socket("", headers=headers) as one, town.socket("", headers=headers) as two:
        await one.caught_up()
        await two.caught_up()
        browser = await town.browser("farah-siddiqui")
        browser.headers["cookie"] = headers["cookie"]
        await browser.post("/sign-out")
        assert await one.closed(within=2.0) == await two.closed(within=2.0) == 4401
    for thief in (await town.browser(), await town.browser()):
        assert (await thief.get("/", headers=headers)).status_code == 303


async def test_an_idle_session_receives_nothing_and_may_write_nothing(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah:
        await farah.caught_up()
        town.clock.pass_by(minutes=61)
        await town.house.sessions.refresh()
        await farah.say("contribute", **LATE)
        refused_or_closed = await farah.closed(within=3.0)
        assert refused_or_closed == 4401
        assert all(m["type"] != "saved" for m in farah.received)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        "null",
        '{"do":1}',
        '{"do":"contribute"}',
        '{"do":"fly","key":"12345678"}',
        "[" * 10_000,
        '{"do":"contribute","key":"12345678","body":NaN}',
        '{"do":"contribute","key":"12345678","body":{"text":1e400}}',
        '{"do":"contribute","key":"12345678","body":{"text":' + "9" * 400 + "}}",
        '{"do":"contribute","key":"12345678","body":{"text":"\\ud800"}}',
        '{"do":"contribute","do":"fly","key":"12345678"}',
        json.dumps({"do": "contribute", "key": "12345678", "body": LATE | {"author": "priya-nair"}}),
    ],
)
async def test_g2_nonsense_is_refused_and_hurts_nobody(town: Town, message: str) -> None:
    async with town.socket("farah-siddiqui") as farah, town.socket("priya-nair") as priya:
        await farah.caught_up()
        await priya.caught_up()
        await farah.connection.send(message)
        assert (await farah.next("refused"))["code"] == "malformed"
        await farah.say("contribute", **LATE)
        await farah.next("saved")
        await last(priya)


async def test_g1_a_message_over_64_kib_closes_only_its_own_socket(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah, town.socket("priya-nair") as priya:
        await farah.caught_up()
        await priya.caught_up()
        await farah.connection.send("x" * 65_536)
        assert (await farah.next("refused"))["code"] == "malformed"
        await farah.connection.send("x" * 65_537)
        assert await farah.closed() == 1009
        await town.do("grace-lindqvist", Contribute(**LATE))  # type: ignore[arg-type]
        await last(priya)


async def test_g3_bytes_are_not_a_language_here(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah:
        await farah.connection.send(b"{}")
        assert await farah.closed() == 1003


async def test_g2_five_unreadable_messages_end_the_socket(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah:
        for _ in range(5):
            await farah.connection.send("{")
        assert await farah.closed() == 1008


@pytest.mark.parametrize("protocol", [HTML, JSON])
async def test_changes_are_the_frames_of_the_socket(town: Town, protocol: str) -> None:
    browser = await town.browser("farah-siddiqui")
    page = (await browser.get(f"/huddles/{town.huddle}")).text
    cursor = page.split('data-cursor="')[1].split('"')[0]
    async with town.socket("farah-siddiqui", protocol, after=cursor) as farah:
        await town.do("priya-nair", Contribute(**LATE))  # type: ignore[arg-type]
        frame = await farah.next("frame" if protocol == HTML else "facts")
        accept = "text/html" if protocol == HTML else "application/json"
        answer = await browser.get(
            f"/huddles/{town.huddle}/changes?after={cursor}", headers={"accept": accept}
        )
        assert answer.json() == frame


async def test_what_another_process_appends_is_seen_within_the_head_poll(town: Town) -> None:
    from server.core import opened

    async with town.socket("priya-nair") as priya, opened(town.settings, clock=town.clock) as other:
        await priya.caught_up()
        who = await town.actor("farah-siddiqui")
        await other.ledger.record(town.book, Contribute(**LATE), who, key="elsewhere-1")  # type: ignore[arg-type]
        assert (await priya.next("facts", within=2.5))["facts"][-1]["body"]["text"] == LATE["text"]


async def test_typing_is_told_to_the_others_and_ends(town: Town) -> None:
    async with town.socket("farah-siddiqui") as farah, town.socket("priya-nair") as priya:
        await farah.caught_up()
        await priya.caught_up()
        await farah.connection.send('{"do":"typing"}')
        while (await priya.next("presence"))["typing"] != ["farah-siddiqui"]:
            pass
        while (await priya.next("presence", within=8.0))["typing"]:
            pass
