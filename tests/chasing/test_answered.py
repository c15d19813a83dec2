"""What others owe, for who answers for them; the queue; the number on every page; "chased", live."""

from __future__ import annotations

from datetime import timedelta

from server.actions.state import Action
from server.chasing.queries import owed_before
from server.families.team import RemoveFromTeam
from server.realtime.frames import HTML
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, accepted, agreed, settle
from tests.chasing.chaser import Chaser
from tests.chasing.test_chase import MARTIN, asked
from tests.desk.test_work import Shown, unkeyed, work
from tests.lab.town import ROWE, Listener, Town

JUDITH, LEO = "judith-okonjo", "leo-marsh"
BOTH = tuple(sorted((FARAH, PRIYA)))
ONLY = {"named": tuple(f"person:{person}" for person in BOTH), "expected_readers": BOTH}


async def late(chaser: Chaser, *mornings: int) -> Action:
    """Due on Friday 20 March at 3pm, and chased on these mornings of March."""
    known = await accepted(chaser.town, "Share attendance @farah by fri 3pm")
    await chaser.at("2026-03-20T15:00")
    for day in mornings:
        await chaser.at(f"2026-03-{day}T09:00")
    return known


async def test_who_was_told_sees_who_owes_it_and_since_when(chaser: Chaser) -> None:
    await late(chaser, 23, 24, 25)
    for who in (DENISE, PRIYA):
        (row,) = (await work(chaser.town, who)).part("people")
        assert "Farah Siddiqui" in row and "3 working days late" in row and "Share attendance" in row
    for other in (FARAH, GRACE, "dawn-tully"):
        assert (await work(chaser.town, other)).part("people") == [], other


async def test_who_answers_for_somebody_and_does_not_read_it_sees_no_family_and_no_word(
    chaser: Chaser,
) -> None:
    await asked(chaser.town)
    await chaser.at("2026-03-27T12:00")
    chaser.town.clock.pass_by(minutes=1)
    hand = await chaser.town.house.ledger.look(chaser.town.book, await chaser.town.actor(DENISE))
    assert not hand.main.may_read("alan-frost", chaser.town.clock()), "he must not read it to mean anything"
    await late_of_denise(chaser)
    shown = await work(chaser.town, "alan-frost")
    rows = shown.part("people")
    assert rows and "Denise Hallam" in rows[0] and "You do not see what it is about" in rows[0]
    assert "R—e" not in shown.text and ROWE not in shown.text and "Ring the court" not in shown.text


async def late_of_denise(chaser: Chaser) -> None:
    await accepted(chaser.town, "Ring the court @denise by mon 3pm", DENISE)
    await chaser.at("2026-03-30T15:00")
    await chaser.at("2026-03-31T09:00")


async def test_what_is_settled_leaves_who_answers_for_it(chaser: Chaser) -> None:
    known = await late(chaser, 23, 24, 25)
    await chaser.town.do(DENISE, settle(known, "It was sent", "done"))
    assert (await work(chaser.town, PRIYA)).part("people") == []


async def test_the_queue_is_for_who_reads_it_and_oversight_sees_that_something_waits(chaser: Chaser) -> None:
    known = await late(chaser, 23, 24, 25, 26, 27)
    town = chaser.town
    for who in (PRIYA, GRACE):
        shown = await work(town, who)
        (row,) = shown.part("queue")
        assert "In the queue since" in row and "Share attendance" in row
        assert shown.document.xpath(
            f"//a[@href='/families/{ROWE}/owed/{known.id}' and contains(., 'Settle')]"
        )
        assert shown.part("people") == [], "each thing stands once"
    assert (await work(town, FARAH)).part("queue") == [], "who owes it does not settle it"
    shown = await work(town, JUDITH)
    (row,) = shown.part("queue")
    assert "Farah Siddiqui" in row and "Share attendance" not in row and "R—e" not in row
    assert ROWE not in shown.text
    assert (await work(town, "dawn-tully")).part("queue") == []


async def test_i13_what_is_restricted_is_in_no_queue_of_who_does_not_read_it(chaser: Chaser) -> None:
    town = chaser.town
    who = (GRACE, JUDITH, DENISE, "dawn-tully")
    await late(chaser)
    for day in (23, 24, 25, 26, 27):
        await chaser.at(f"2026-03-{day}T09:00")
    before = [unkeyed(await work(town, person)) for person in who]
    at = town.clock()
    await agreed(town, "Ring Marcus @farah by mon 3pm", who=PRIYA, **ONLY)
    for day in (30, 31):
        await chaser.at(f"2026-03-{day}T15:00")
    await chaser.at("2026-04-10T09:00")
    assert "restricted" in " ".join((await work(town, PRIYA)).part("queue"))
    town.clock.at = at
    assert [unkeyed(await work(town, person)) for person in who] == before


# The number on every page


async def count(town: Town, who: str) -> int:
    return await owed_before(town.house.store, who, town.clock() + timedelta(days=1), town.clock())


async def test_an_action_that_waits_to_be_read_back_counts_once(town: Town) -> None:
    await agreed(town, "Ring the GP @farah by 5pm")
    assert await count(town, FARAH) == 1


async def test_a_question_counts_for_who_was_asked(town: Town) -> None:
    await asked(town, "2026-03-20T09:00")
    assert (await count(town, MARTIN), await count(town, GRACE)) == (1, 0)


async def test_i13_what_goes_on_where_somebody_no_longer_reads_changes_no_number(town: Town) -> None:
    both = tuple(sorted((LEO, PRIYA)))
    only = {"named": tuple(f"person:{person}" for person in both), "expected_readers": both}
    await agreed(town, "Ring Marcus @leo by 5pm", who=PRIYA, **only)
    assert await count(town, LEO) == 1
    await town.do(PRIYA, RemoveFromTeam(person=LEO, reason="Moved"))
    assert await count(town, LEO) == 0


# Chased, live


async def actions_part(listener: Listener) -> str:
    """The list of actions in the next frame that holds it."""
    while True:
        message = await listener.next("frame")
        for part in message["parts"]:
            if 'id="actions"' in part:
                return str(part)


async def test_an_action_turns_chased_on_every_open_screen_at_once(chaser: Chaser) -> None:
    town = chaser.town
    await late(chaser)
    await chaser.at("2026-03-23T08:59")
    async with (
        town.socket(GRACE, HTML, town.head(GRACE)) as one,
        town.socket(PRIYA, HTML, town.head(PRIYA)) as two,
    ):
        await chaser.at("2026-03-23T09:00")
        first, second = await actions_part(one), await actions_part(two)
    assert "Chased" in first and "2026-03-23T09:00:00Z" in first
    assert first == second, "nothing in it says who looks"
    page = Shown(await (await town.browser(GRACE)).get(f"/huddles/{town.huddle}"))
    assert "Chased" in page.words("//*[@id='actions']")[0]


async def test_a_reminder_before_it_is_due_is_not_chasing(chaser: Chaser) -> None:
    await accepted(chaser.town, "Share attendance @farah by mon 3pm")
    await chaser.at("2026-03-20T09:00")
    page = Shown(await (await chaser.town.browser(GRACE)).get(f"/huddles/{chaser.town.huddle}"))
    assert "Share attendance" in page.words("//*[@id='actions']")[0]
    assert "Chased" not in page.words("//*[@id='actions']")[0]


async def test_i13_nobody_is_sent_anything_when_what_they_do_not_read_is_chased(chaser: Chaser) -> None:
    town = chaser.town
    await agreed(town, "Ring Marcus @farah by fri 3pm", who=PRIYA, **ONLY)
    await chaser.at("2026-03-20T14:59")
    async with (
        town.socket(PRIYA, HTML, town.head(PRIYA)) as priya,
        town.socket(GRACE, HTML, town.head(GRACE)) as grace,
    ):
        await chaser.at("2026-03-20T15:00")
        assert "Chased" in await actions_part(priya)
        assert [m for m in await grace.quiet() if m["type"] == "frame"] == []


async def test_how_it_was_chased_is_one_press_from_the_action_and_the_question(chaser: Chaser) -> None:
    town = chaser.town
    known = await late(chaser, 23)
    there = f"/families/{ROWE}/owed/{known.id}"
    for who, path in ((PRIYA, f"/families/{ROWE}/actions/{known.id}"), (FARAH, "/work")):
        shown = await work(town, who, path)
        assert shown.document.xpath(f"//main//a[@href='{there}']"), path
    request = await asked(town)
    for who, seen in ((PRIYA, True), (MARTIN, False)):
        shown = await work(town, who, f"/requests/{request}")
        assert shown.status == 200
        assert bool(shown.document.xpath("//a[contains(@href, '/owed/')]")) is seen, who
