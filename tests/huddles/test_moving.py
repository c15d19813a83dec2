"""A huddle is moved before it has begun; and somebody is no longer asked to it, until it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.families.state import FamilyState
from server.huddles.commands import Convene, Invite, Join
from server.huddles.course import Abandon
from server.huddles.invitations import AcceptInvitation, SendApologies
from server.huddles.moving import HasBegun, MoveHuddle, Uninvite
from server.huddles.sitting import NotSitting
from server.huddles.state import Huddle, HuddlesState
from server.people.permissions import NotYours
from server.record.commands import Hand
from server.record.refusals import Incomplete, NotFound
from server.web.templates import clock_words
from tests.lab.town import ROWE, Town

PRIYA, FARAH, GRACE, PIKE, SAM = (
    "priya-nair",
    "farah-siddiqui",
    "grace-lindqvist",
    "hannah-pike",
    "sam-whitlock",
)
MARTIN, DAWN = "martin-yeo", "dawn-tully"
WHY = "The police cannot come"


async def look(town: Town) -> Hand:
    return await town.house.ledger.look(town.book, await town.actor(PRIYA))


async def known(town: Town, huddle: str) -> Huddle:
    return (await look(town)).state[HuddlesState].by_id[huddle]


async def convened(town: Town, *invited: str, **more: Any) -> str:
    asked: dict[str, Any] = {"purpose": "Plan", "chair": PRIYA, "invited": invited, "confirmed": invited}
    starts = town.clock() + timedelta(days=7)
    receipt = await town.do(PRIYA, Convene(starts=starts, **(asked | more)))
    return (await look(town)).state[HuddlesState].called_by_fact(receipt.seq).id


def move(town: Town, huddle: str, **more: Any) -> MoveHuddle:
    asked: dict[str, Any] = {"starts": town.clock() + timedelta(days=9), "minutes": 30}
    return MoveHuddle(huddle=huddle, **(asked | more))


def uninvite(huddle: str, person: str, reason: str = WHY) -> Uninvite:
    return Uninvite(huddle=huddle, person=person, reason=reason)


async def test_it_starts_when_the_chair_says_and_everybody_is_asked_again(town: Town) -> None:
    huddle = await convened(town, FARAH, GRACE, PIKE)
    await town.do(FARAH, AcceptInvitation(huddle=huddle))
    await town.do(PIKE, SendApologies(huddle=huddle, reason="In court that day"))
    await town.do(PRIYA, AcceptInvitation(huddle=huddle))
    await town.do(PRIYA, move(town, huddle, reason=WHY))
    moved = await known(town, huddle)
    assert (moved.starts, moved.minutes) == (town.clock() + timedelta(days=9), 30)
    assert (moved.answers.coming, dict(moved.answers.apologies)) == ({PRIYA}, {}), "answers were for that day"
    home = (await (await town.browser(PIKE)).get("/")).text
    assert "You are invited" in home


async def test_to_move_it_to_where_it_is_records_nothing(town: Town) -> None:
    huddle = await convened(town, FARAH)
    await town.do(PRIYA, move(town, huddle))
    before = (await town.house.books.open(town.book)).version
    await town.do(PRIYA, move(town, huddle))
    assert (await town.house.books.open(town.book)).version == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"days": -1}, "starts"), ({"minutes": 4}, "minutes"), ({"reason": "x" * 1001}, "reason")],
)
async def test_it_needs_a_moment_to_come_and_a_length(town: Town, wrong: dict[str, Any], field: str) -> None:
    huddle = await convened(town, FARAH)
    if "days" in wrong:
        wrong = {"starts": town.clock() + timedelta(**wrong)}
    with pytest.raises(Incomplete) as refused:
        await town.do(PRIYA, move(town, huddle, **wrong))
    assert list(refused.value.problems) == [field]


async def test_what_has_begun_or_is_over_is_not_moved(town: Town) -> None:
    huddle = await convened(town, FARAH)
    await town.do(FARAH, Join(huddle=huddle, accepted=True))
    with pytest.raises(HasBegun):
        await town.do(PRIYA, move(town, huddle))
    await town.do(PRIYA, Abandon(huddle=huddle, reason="Another was called"))
    for command in (move(town, huddle), uninvite(huddle, FARAH)):
        with pytest.raises(NotSitting):
            await town.do(PRIYA, command)


async def test_only_the_chair_does_either(town: Town) -> None:
    huddle = await convened(town, FARAH, GRACE)
    for command in (move(town, huddle), uninvite(huddle, GRACE)):
        for who, refusal in ((FARAH, NotYours), (DAWN, NotFound)):
            with pytest.raises(refusal):
                await town.do(who, command)


async def test_who_is_no_longer_asked_is_awaited_by_nobody_and_holds_no_role(town: Town) -> None:
    huddle = await convened(town, FARAH, GRACE, scribe=GRACE)
    await town.do(GRACE, AcceptInvitation(huddle=huddle))
    await town.do(PRIYA, uninvite(huddle, GRACE))
    after = await known(town, huddle)
    assert (after.invited, after.scribe, after.answers.coming) == ((PRIYA, FARAH), "", frozenset())
    assert not (await look(town)).main.holds(GRACE, "scribe", huddle)
    assert (await look(town)).main.may_read(GRACE, town.clock()), "of the team, and stays so"


@pytest.mark.parametrize(
    ("who", "words"), [(PRIYA, "chairs this huddle"), (FARAH, "has been in this huddle")]
)
async def test_who_chairs_it_or_came_in_stays(town: Town, who: str, words: str) -> None:
    huddle = await convened(town, FARAH)
    await town.do(FARAH, Join(huddle=huddle, accepted=True))
    with pytest.raises(Incomplete) as refused:
        await town.do(PRIYA, uninvite(huddle, who))
    assert words in refused.value.problems["person"]


async def test_it_says_who_and_why(town: Town) -> None:
    huddle = await convened(town, FARAH)
    with pytest.raises(Incomplete) as refused:
        await town.do(PRIYA, uninvite(huddle, GRACE, " "))
    assert set(refused.value.problems) == {"person", "reason"}


async def test_a_guest_who_is_asked_no_longer_reads_until_a_day(town: Town) -> None:
    huddle = await convened(town, MARTIN)
    await town.do(PRIYA, uninvite(huddle, MARTIN))
    until = (await look(town)).main.readers[MARTIN]
    assert until is not None and timedelta(days=13) < until - town.clock() < timedelta(days=15)
    town.clock.pass_by(days=15)
    assert not (await look(town)).main.may_read(MARTIN, town.clock())


async def test_a_guest_whom_another_huddle_expects_reads_on_and_so_do_all_others(town: Town) -> None:
    """Sam is a guest of the huddle that is on."""
    hand = await look(town)
    assert hand.state[FamilyState].team[SAM].guest_of
    huddle = await convened(town, SAM, MARTIN)
    await town.do(PRIYA, uninvite(huddle, SAM))
    readers = (await look(town)).main.readers
    assert (readers[SAM], readers[MARTIN]) == (None, None)


async def test_a_guest_who_is_uninvited_no_longer_finds_it_and_the_team_still_does(town: Town) -> None:
    huddle = await convened(town, MARTIN, FARAH, purpose="Plan the summer")
    assert "Plan the summer" in (await (await town.browser(MARTIN)).get("/")).text
    for person in (MARTIN, FARAH):
        await town.do(PRIYA, uninvite(huddle, person))
    assert "Plan the summer" not in (await (await town.browser(MARTIN)).get("/")).text
    assert "Plan the summer" in (await (await town.browser(FARAH)).get("/")).text


async def test_its_moment_stands_at_the_door_of_every_reader(town: Town) -> None:
    huddle = await convened(town, MARTIN)
    await town.do(PRIYA, move(town, huddle))
    at = (town.clock() + timedelta(days=9)).astimezone(ZoneInfo("Europe/London"))
    for person in (PRIYA, FARAH, MARTIN):
        door = (await (await town.browser(person)).get(f"/huddles/{huddle}/join")).text
        assert f"{at:%A} {at.day} {at:%B %Y} at {clock_words(at)}</time>, for 30 minutes" in door
    await town.do(PRIYA, Join(huddle=huddle, accepted=True))
    door = (await (await town.browser(FARAH)).get(f"/huddles/{huddle}/join")).text
    assert "It is planned for" not in door


async def test_who_was_uninvited_may_be_invited_again(town: Town) -> None:
    huddle = await convened(town, MARTIN)
    await town.do(PRIYA, uninvite(huddle, MARTIN))
    await town.do(PRIYA, Invite(huddle=huddle, person=MARTIN, confirmed=True))
    assert MARTIN in (await known(town, huddle)).invited
    assert (await look(town)).main.readers[MARTIN] is None


async def test_the_chair_finds_both_at_the_door_and_what_was_typed_stays(town: Town) -> None:
    huddle = await convened(town, FARAH, MARTIN)
    chair = await town.browser(PRIYA)
    room = (await chair.get(f"/huddles/{huddle}/join")).text
    assert f'href="/huddles/{huddle}/course"' in room and f'href="/huddles/{huddle}/uninvite"' in room
    others = (await (await town.browser(FARAH)).get(f"/huddles/{huddle}/join")).text
    assert "/uninvite" not in others and "/course" not in others
    moved = await chair.post(f"/huddles/{huddle}/course/move", data={"reason": WHY, "minutes": "30"})
    assert moved.status_code == 422 and WHY in moved.text and "Enter the day and the time" in moved.text
    page = await chair.get(f"/huddles/{huddle}/uninvite")
    assert "Martin Yeo was let in for a huddle" in page.text and "Priya Nair</strong>" not in page.text
    form = {"person": MARTIN, "reason": ""}
    wrong = await chair.post(f"/huddles/{huddle}/uninvite", data=form)
    assert wrong.status_code == 422 and "Enter why they are no longer asked" in wrong.text
    assert f'value="{MARTIN}" checked' in wrong.text
    done = await chair.post(f"/huddles/{huddle}/uninvite", data=form | {"reason": WHY})
    assert (done.status_code, done.headers["location"]) == (303, f"/huddles/{huddle}")
    lines = (await chair.get(f"/families/{ROWE}")).text
    assert "no longer asks Martin Yeo to the huddle: The police cannot come" in lines


async def test_the_page_of_its_course_moves_only_what_has_not_begun(town: Town) -> None:
    huddle = await convened(town, FARAH)
    chair = await town.browser(PRIYA)
    at = f"/huddles/{huddle}/course"
    page = (await chair.get(at)).text
    assert "Move the huddle" in page and "Adjourn the huddle" not in page
    when = town.clock() + timedelta(days=8)
    form = {"starts-day": f"{when.day}", "starts-month": f"{when.month}", "starts-year": f"{when.year}"}
    done = await chair.post(f"{at}/move", data=form | {"starts-time": "10am", "minutes": "45", "reason": ""})
    assert done.status_code == 303
    assert (await known(town, huddle)).minutes == 45
    await town.do(PRIYA, Join(huddle=huddle, accepted=True))
    page = (await chair.get(at)).text
    assert "Move the huddle" not in page and "Adjourn the huddle" in page
    late = await chair.post(f"{at}/move", data=form | {"starts-time": "11am", "minutes": "45"})
    assert late.status_code == 409 and "This huddle has begun" in late.text
